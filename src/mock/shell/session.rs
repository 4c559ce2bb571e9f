//! One command that somebody starts in a container: a shell that is typed at, a script, or a program.

use std::sync::Arc;

use super::io::{Input, Io};
use super::machine::Machine;
use super::programs;
use super::run::{Flow, Shell, whole};
use crate::mock::files::{Files, absolute};

/// Why a command cannot be started: the runtime's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

/// Runs a command to its end; its exit code.
///
/// # Errors
/// [`Refused`]: there is no such program in the image.
pub async fn start(
    machine: Arc<Machine>,
    files: Files,
    environment: Vec<(String, String)>,
    io: Io,
    command: &[String],
) -> Result<i32, Refused> {
    let first = command.first().map(String::as_str).unwrap_or_default();
    let name = first.rsplit('/').next().unwrap_or_default();
    let cwd = [
        machine.container["workingDir"].as_str().unwrap_or_default(),
        &machine.image.workdir,
    ]
    .into_iter()
    .find(|path| !path.is_empty())
    .unwrap_or("/")
    .to_owned();
    let mut variables: std::collections::BTreeMap<String, String> = environment.into_iter().collect();
    if machine.terminal.is_some() {
        variables.insert("TERM".to_owned(), "xterm".to_owned());
    }
    let mut shell = Shell {
        variables,
        cwd,
        args: vec![name.to_owned()],
        status: 0,
        files,
        machine,
        io,
        strict: false,
        interactive: false,
    };
    check(&shell, first)?;
    let ended = if programs::is_shell(&shell, name) {
        sh(&mut shell, command.get(1..).unwrap_or_default()).await
    } else {
        interruptible(&mut shell, Work::Program(command)).await
    };
    Ok(whole(ended).unwrap_or(141))
}

fn check(shell: &Shell, program: &str) -> Result<(), Refused> {
    let path = if program.contains('/') {
        absolute(&shell.cwd, program)
    } else {
        format!("/bin/{program}")
    };
    let why = match shell.files.stat(&path, true) {
        Ok(entry) if entry.kind == 'd' => "permission denied".to_owned(),
        Ok(entry) if entry.mode & 0o111 == 0 => "permission denied".to_owned(),
        Ok(_) => return Ok(()),
        Err(_) if program.contains('/') => format!("stat {program}: no such file or directory"),
        Err(_) => "executable file not found in $PATH".to_owned(),
    };
    Err(Refused(format!(
        "OCI runtime exec failed: exec failed: unable to start container process: exec: {program:?}: {why}: unknown"
    )))
}

/// `sh`, `sh -c SCRIPT`, `sh FILE`.
///
/// # Errors
/// As [`Flow`].
pub async fn sh(shell: &mut Shell, args: &[String]) -> Result<i32, Flow> {
    let mut rest = args;
    while let Some((flag, behind)) = rest.split_first().filter(|(flag, _)| flag.starts_with('-')) {
        rest = behind;
        shell.strict |= flag.contains('e') && !flag.starts_with("--");
        if flag.contains('c') && !flag.starts_with("--") {
            let Some((script, names)) = rest.split_first() else {
                shell.complain("-c requires an argument").await?;
                return Ok(2);
            };
            if !names.is_empty() {
                shell.args = names.to_vec();
            }
            return interruptible(shell, Work::Script(script)).await;
        }
    }
    let Some((file, _)) = rest.split_first() else {
        return typed(shell).await;
    };
    match shell.files.read(&absolute(&shell.cwd, file)) {
        Ok(script) => {
            shell.args = rest.to_vec();
            let script = String::from_utf8_lossy(&script).into_owned();
            interruptible(shell, Work::Script(&script)).await
        }
        Err(_) if shell.machine.image.debian() => {
            shell.complain(&format!("cannot open {file}: No such file")).await?;
            Ok(2)
        }
        Err(trouble) => {
            shell.complain(&format!("can't open '{file}': {trouble}")).await?;
            Ok(2)
        }
    }
}

/// A shell that reads its script line by line, and prompts at a terminal.
async fn typed(shell: &mut Shell) -> Result<i32, Flow> {
    shell.interactive = shell.machine.terminal.is_some();
    let mut script = String::new();
    loop {
        if shell.interactive {
            let prompt = if script.is_empty() {
                prompt(shell)
            } else {
                "> ".to_owned()
            };
            shell.io.err.write(prompt).await?;
        }
        let input: Input = shell.io.input.clone();
        let line = match &shell.machine.terminal {
            None => input.line().await,
            Some(terminal) => tokio::select! {
                line = input.line() => line,
                () = terminal.interrupt.notified() => {
                    script.clear();
                    shell.status = 130;
                    continue;
                }
            },
        };
        let Some(line) = line else {
            if shell.interactive {
                shell.io.err.write("\n").await?;
            }
            return if script.is_empty() {
                Ok(shell.status)
            } else {
                shell.script(&script).await
            };
        };
        script.push_str(&String::from_utf8_lossy(&line));
        if open(&script) {
            continue;
        }
        let whole = std::mem::take(&mut script);
        match interruptible(shell, Work::Script(&whole)).await {
            Ok(code) => shell.status = code,
            Err(Flow::Break | Flow::Continue) => {}
            Err(Flow::Exit(code)) => return Ok(code),
            Err(Flow::Ended) => return Err(Flow::Ended),
        }
    }
}

/// Whether a script wants another line: a quote, a loop or a backslash is open.
fn open(script: &str) -> bool {
    if script.ends_with("\\\n") {
        return true;
    }
    match super::lex::lex(script) {
        Err(_) => true,
        Ok(tokens) => super::parse::parse(&tokens).is_err_and(|fault| fault.ends_with("end of file")),
    }
}

fn prompt(shell: &Shell) -> String {
    let home = shell.variable("HOME");
    let place = match shell.cwd.strip_prefix(&home) {
        Some(rest) if !home.is_empty() => format!("~{rest}"),
        _ => shell.cwd.clone(),
    };
    let bash = shell.args.first().is_some_and(|name| name == "bash");
    match (bash, shell.machine.image.debian()) {
        (true, true) => format!("root@{}:{place}# ", shell.machine.host()),
        (true, false) => "bash-5.2# ".to_owned(),
        (false, true) => "# ".to_owned(),
        (false, false) => format!("{place} # "),
    }
}

enum Work<'a> {
    Script(&'a str),
    Program(&'a [String]),
}

/// Runs something until it ends or Ctrl-C ends it.
async fn interruptible(shell: &mut Shell, work: Work<'_>) -> Result<i32, Flow> {
    let terminal = shell.machine.terminal.clone();
    let running = async {
        match work {
            Work::Script(script) => shell.script(script).await,
            Work::Program(words) => programs::call(shell, words.to_vec()).await,
        }
    };
    let Some(terminal) = terminal else { return running.await };
    tokio::select! {
        ended = running => ended,
        () = terminal.interrupt.notified() => Ok(130),
    }
}
