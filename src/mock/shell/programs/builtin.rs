//! What the shell does itself, because a program could not.

use super::super::run::{Flow, Shell, whole};
use super::test::holds;
use crate::mock::files::absolute;

/// Runs a builtin; none if the name is no builtin.
pub async fn call(shell: &mut Shell, name: &str, args: &[String]) -> Option<Result<i32, Flow>> {
    let first = args.first().map(String::as_str);
    Some(match name {
        ":" => Ok(0),
        "cd" => cd(shell, first).await,
        "exit" | "return" => {
            let code = first.and_then(|code| code.parse::<i32>().ok()).unwrap_or(shell.status);
            Err(Flow::Exit(code & 0xFF))
        }
        "break" => Err(Flow::Break),
        "continue" => Err(Flow::Continue),
        "export" | "local" => {
            for (name, value) in args.iter().filter_map(|arg| arg.split_once('=')) {
                shell.variables.insert(name.to_owned(), value.to_owned());
            }
            Ok(0)
        }
        "unset" => {
            args.iter().for_each(|name| {
                shell.variables.remove(name);
            });
            Ok(0)
        }
        "set" => {
            args.iter().for_each(|flag| match flag.as_str() {
                flag if flag.starts_with('-') && flag.contains('e') => shell.strict = true,
                "+e" => shell.strict = false,
                _ => {}
            });
            Ok(0)
        }
        "trap" | "wait" | "umask" | "hash" => Ok(0),
        "shift" => {
            if shell.args.len() > 1 {
                shell.args.remove(1);
            }
            Ok(0)
        }
        "read" => read(shell, args).await,
        "eval" => Box::pin(shell.script(&args.join(" "))).await,
        "exec" if !args.is_empty() => {
            let ended = whole(super::call(shell, args.to_vec()).await);
            ended.and_then(|code| Err(Flow::Exit(code)))
        }
        "exec" => Ok(0),
        "." | "source" => source(shell, first.unwrap_or_default()).await,
        "type" | "command" | "which" => which(shell, name, args).await,
        "test" | "[" => judge(shell, name, args).await,
        _ => return None,
    })
}

async fn cd(shell: &mut Shell, to: Option<&str>) -> Result<i32, Flow> {
    let to = match to {
        None => shell.variable("HOME"),
        Some("-") => shell.variable("OLDPWD"),
        Some(to) => to.to_owned(),
    };
    let path = absolute(&shell.cwd, &to);
    match shell.files.stat(&path, true) {
        Ok(entry) if entry.kind == 'd' => {
            let old = std::mem::replace(&mut shell.cwd, path);
            shell.variables.insert("OLDPWD".to_owned(), old);
            Ok(0)
        }
        found => {
            let why = match found {
                Ok(_) => "Not a directory".to_owned(),
                Err(trouble) => trouble.to_string(),
            };
            let bash = shell.args.first().is_some_and(|name| name == "bash");
            let told = match (bash, shell.machine.image.debian()) {
                (true, _) => format!("cd: {to}: {why}"),
                (_, true) => format!("cd: can't cd to {to}"),
                _ => format!("cd: can't cd to {to}: {why}"),
            };
            shell.complain(&told).await?;
            Ok(if bash { 1 } else { 2 })
        }
    }
}

async fn read(shell: &mut Shell, args: &[String]) -> Result<i32, Flow> {
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let Some(line) = shell.io.input.line().await else {
        return Ok(1);
    };
    let line = String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned();
    let mut rest = line.as_str();
    for (at, name) in names.iter().enumerate() {
        let (word, behind) = if at + 1 == names.len() {
            (rest.trim(), "")
        } else {
            rest.trim_start()
                .split_once(char::is_whitespace)
                .unwrap_or((rest.trim(), ""))
        };
        shell.variables.insert((*name).clone(), word.to_owned());
        rest = behind;
    }
    Ok(0)
}

async fn source(shell: &mut Shell, file: &str) -> Result<i32, Flow> {
    match shell.files.read(&absolute(&shell.cwd, file)) {
        Ok(script) => Box::pin(shell.script(&String::from_utf8_lossy(&script))).await,
        Err(trouble) => {
            shell.complain(&format!("can't open '{file}': {trouble}")).await?;
            Ok(2)
        }
    }
}

/// Where programs are: `which`, `command -v`, `type`.
async fn which(shell: &mut Shell, name: &str, args: &[String]) -> Result<i32, Flow> {
    let flagged = args.first().is_some_and(|flag| flag == "-v");
    let names = if flagged {
        args.get(1..).unwrap_or_default()
    } else {
        args
    };
    if name == "command" && !flagged {
        return super::call(shell, names.to_vec()).await;
    }
    let mut code = 0;
    for wanted in names {
        let path = format!("/bin/{wanted}");
        if shell.files.stat(&path, true).is_ok() {
            let told = if name == "type" {
                format!("{wanted} is {path}\n")
            } else {
                format!("{path}\n")
            };
            shell.io.out.write(told).await?;
            continue;
        }
        code = if name == "which" { 1 } else { 127 };
        if name == "type" {
            shell.io.out.write(format!("{wanted}: not found\n")).await?;
        }
    }
    Ok(code)
}

async fn judge(shell: &mut Shell, name: &str, args: &[String]) -> Result<i32, Flow> {
    let args = match (name, args.split_last()) {
        ("[", Some((last, rest))) if last == "]" => rest,
        ("[", _) => {
            shell.complain("[: missing ]").await?;
            return Ok(2);
        }
        _ => args,
    };
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    Ok(i32::from(!holds(shell, &words)))
}
