//! The programs of the small shell: each group of them in one file.

mod builtin;
mod files;
mod filters;
mod list;
mod system;
mod tar;
mod test;
mod text;

use super::run::{Flow, Running, Shell};
use crate::mock::files::absolute;

/// The programs that images with a shell have.
pub const PROGRAMS: [&str; 45] = [
    "[", "arch", "basename", "cat", "chmod", "clear", "cp", "cut", "date", "dirname", "du", "echo", "env", "false",
    "grep", "head", "hostname", "id", "kill", "ln", "ls", "mkdir", "mv", "nproc", "printenv", "printf", "ps", "pwd",
    "readlink", "rm", "rmdir", "seq", "sleep", "sort", "stat", "stty", "tail", "tar", "test", "touch", "true", "uname",
    "wc", "whoami", "yes",
];

/// Whether a name is one of the image's shells.
#[must_use]
pub fn is_shell(shell: &Shell, name: &str) -> bool {
    shell.machine.image.shells.iter().any(|known| known == name) || name == "ash"
}

/// Runs a command: what the shell does itself, a program, another shell, or a script in a file.
pub fn call(shell: &mut Shell, words: Vec<String>) -> Running<'_> {
    Box::pin(async move {
        let name = words.first().cloned().unwrap_or_default();
        if let Some(ended) = builtin::call(shell, &name, words.get(1..).unwrap_or_default()).await {
            return ended;
        }
        let path = if name.contains('/') {
            absolute(&shell.cwd, &name)
        } else {
            format!("/bin/{name}")
        };
        let program = match shell.files.stat(&path, true) {
            Ok(entry) if entry.kind == 'd' || entry.mode & 0o111 == 0 => {
                shell.complain(&format!("{name}: Permission denied")).await?;
                return Ok(126);
            }
            Ok(_) => path.rsplit('/').next().unwrap_or_default().to_owned(),
            Err(_) => {
                let bash = shell.args.first().is_some_and(|shell| shell == "bash");
                let why = match (bash, name.contains('/')) {
                    (true, true) => "No such file or directory",
                    (true, false) => "command not found",
                    _ => "not found",
                };
                shell.complain(&format!("{name}: {why}")).await?;
                return Ok(127);
            }
        };
        let mut process = Process {
            args: words.get(1..).unwrap_or_default().to_vec(),
            name: program.clone(),
            shell: shell.clone(),
        };
        if is_shell(shell, &program) {
            let mut sub = process.shell;
            sub.args = vec![program];
            sub.strict = false;
            return super::run::whole(super::session::sh(&mut sub, &process.args).await);
        }
        match run(&mut process).await {
            Some(ended) => ended,
            None => {
                let script = shell.files.read(&path).unwrap_or_default();
                let mut sub = process.shell;
                sub.args = words;
                super::run::whole(sub.script(&String::from_utf8_lossy(&script)).await)
            }
        }
    })
}

async fn run(process: &mut Process) -> Option<Result<i32, Flow>> {
    let name = process.name.clone();
    Some(match name.as_str() {
        "cat" => files::cat(process).await,
        "chmod" => files::chmod(process).await,
        "cp" => files::copy(process).await,
        "ln" => files::link(process).await,
        "mkdir" => files::mkdir(process).await,
        "mv" => files::rename(process).await,
        "rm" | "rmdir" => files::remove(process).await,
        "touch" => files::touch(process).await,
        "readlink" => files::readlink(process).await,
        "ls" => list::ls(process).await,
        "du" | "stat" => list::measure(process).await,
        "cut" => filters::cut(process).await,
        "grep" => filters::grep(process).await,
        "head" => filters::head(process).await,
        "sort" => filters::sort(process).await,
        "tail" => filters::tail(process).await,
        "wc" => filters::count(process).await,
        "basename" | "dirname" => text::path(process).await,
        "seq" => text::seq(process).await,
        "yes" => text::yes(process).await,
        "tar" => tar::tar(process).await,
        name => return system::run(process, name).await,
    })
}

/// A program that runs.
#[derive(Debug)]
pub struct Process {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// The shell that it was started from, as a copy.
    pub shell: Shell,
}

impl Process {
    /// Writes to standard output.
    ///
    /// # Errors
    /// [`Flow::Ended`].
    pub async fn out(&self, text: impl Into<bytes::Bytes>) -> Result<(), Flow> {
        self.shell.io.out.write(text).await
    }

    /// Writes `name: what` to standard error, and says that it failed.
    ///
    /// # Errors
    /// [`Flow::Ended`].
    pub async fn fail(&self, what: &str) -> Result<i32, Flow> {
        let line = format!("{}: {what}\n", self.name);
        self.shell.io.err.write(line).await?;
        Ok(1)
    }

    /// Whether the image's programs speak as GNU's do, else as busybox's.
    #[must_use]
    pub fn gnu(&self) -> bool {
        self.shell.machine.image.debian()
    }

    /// A path from where the program runs.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        absolute(&self.shell.cwd, path)
    }

    /// The letters of the flags, and the words that are no flags.
    #[must_use]
    pub fn options(&self) -> (String, Vec<String>) {
        let mut flags = String::new();
        let mut words = Vec::new();
        let mut over = false;
        for arg in &self.args {
            match arg.as_str() {
                "--" if !over => over = true,
                flag if !over && flag.len() > 1 && flag.starts_with('-') => {
                    flags.push_str(long(flag).unwrap_or_else(|| flag.trim_start_matches('-')));
                }
                word => words.push(word.to_owned()),
            }
        }
        (flags, words)
    }

    /// What the named files hold one after the other, or standard input without any; those that cannot be read are told.
    ///
    /// # Errors
    /// [`Flow::Ended`].
    pub async fn inputs(&self, names: &[String]) -> Result<(Vec<(String, Vec<u8>)>, i32), Flow> {
        if names.is_empty() {
            return Ok((vec![(String::new(), self.shell.io.input.all().await)], 0));
        }
        let mut read = Vec::new();
        let mut code = 0;
        for name in names {
            if name == "-" {
                read.push((name.clone(), self.shell.io.input.all().await));
                continue;
            }
            match self.shell.files.read(&self.path(name)) {
                Ok(bytes) => read.push((name.clone(), bytes)),
                Err(trouble) => {
                    let gnu = match self.name.as_str() {
                        "head" | "tail" => format!("cannot open '{name}' for reading: {trouble}"),
                        _ => format!("{name}: {trouble}"),
                    };
                    let busy = match (self.name.as_str(), trouble) {
                        ("cat", crate::mock::files::Trouble::Folder) => "read error: Is a directory".to_owned(),
                        ("cat", _) => format!("can't open '{name}': {trouble}"),
                        _ => format!("{name}: {trouble}"),
                    };
                    code = self.fail(if self.gnu() { &gnu } else { &busy }).await?;
                }
            }
        }
        Ok((read, code))
    }
}

fn long(flag: &str) -> Option<&'static str> {
    let known = [
        ("--all", "a"),
        ("--recursive", "r"),
        ("--force", "f"),
        ("--parents", "p"),
        ("--lines", "l"),
    ];
    known
        .into_iter()
        .find(|(name, _)| *name == flag)
        .map(|(_, letter)| letter)
}
