//! Runs commands.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use super::expand;
use super::io::{Input, Io, Output};
use super::lex::lex;
use super::machine::Machine;
use super::parse::{Command, Redirect, Word, parse};
use super::programs;
use crate::mock::files::{Files, Trouble, absolute};

/// Why a command does not simply end with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// `exit`.
    Exit(i32),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// Nobody reads what it writes: SIGPIPE.
    Ended,
}

/// A running command.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<i32, Flow>> + Send + 'a>>;

/// A shell's state. A clone is a subshell: it sees the same files and goes its own way.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Variables; all are handed to programs.
    pub variables: BTreeMap<String, String>,
    /// Where it is.
    pub cwd: String,
    /// `$0` and what follows.
    pub args: Vec<String>,
    /// `$?`.
    pub status: i32,
    /// The container's files.
    pub files: Files,
    /// What it runs on.
    pub machine: Arc<Machine>,
    /// What it reads and writes.
    pub io: Io,
    /// `set -e`.
    pub strict: bool,
    /// Whether somebody types at it: then it names no line in what it says.
    pub interactive: bool,
}

impl Shell {
    /// The value of a variable, special ones and `NAME:-other` included; empty if there is none.
    #[must_use]
    pub fn variable(&self, name: &str) -> String {
        if let Some((name, other)) = name.split_once(":-") {
            let value = self.variable(name);
            return if value.is_empty() { other.to_owned() } else { value };
        }
        let arguments = || self.args.get(1..).unwrap_or_default();
        match name {
            "?" => self.status.to_string(),
            "$" => "7".to_owned(),
            "#" => arguments().len().to_string(),
            "@" | "*" => arguments().join(" "),
            "PWD" => self.cwd.clone(),
            "COLUMNS" | "LINES" if !self.variables.contains_key(name) => self.size(name),
            name => match name.parse::<usize>() {
                Ok(at) => self.args.get(at).cloned().unwrap_or_default(),
                Err(_) => self.variables.get(name).cloned().unwrap_or_default(),
            },
        }
    }

    fn size(&self, name: &str) -> String {
        let size = self.machine.terminal.as_ref().map(|terminal| terminal.size());
        size.map_or_else(String::new, |(columns, rows)| {
            if name == "COLUMNS" { columns } else { rows }.to_string()
        })
    }

    /// Says something about itself on standard error, as the image's shell does.
    ///
    /// # Errors
    /// [`Flow::Ended`].
    pub async fn complain(&self, what: &str) -> Result<(), Flow> {
        let name = self.args.first().map_or("sh", String::as_str);
        let line = match (self.machine.image.debian(), self.interactive, name.ends_with("bash")) {
            (_, false, true) => "line 1: ",
            (true, _, false) => "1: ",
            _ => "",
        };
        self.io.err.write(format!("{name}: {line}{what}\n")).await
    }

    /// Runs a script; its exit code.
    ///
    /// # Errors
    /// As [`Flow`].
    pub async fn script(&mut self, script: &str) -> Result<i32, Flow> {
        let read = lex(script).map_err(str::to_owned).and_then(|tokens| parse(&tokens));
        let code = match read {
            Ok(command) => self.run(&command).await?,
            Err(fault) => {
                self.complain(&fault).await?;
                2
            }
        };
        self.status = code;
        Ok(code)
    }

    /// Runs a script for what it prints, without the line ends behind it.
    ///
    /// # Errors
    /// [`Flow::Ended`].
    pub async fn captured(&mut self, script: &str) -> Result<String, Flow> {
        let held = Arc::new(Mutex::new(Vec::new()));
        let mut sub = self.clone();
        sub.io.out = Output::Held(Arc::clone(&held));
        let ended: Running<'_> = Box::pin(sub.script(script));
        self.status = whole(ended.await)?;
        let bytes = std::mem::take(&mut *held.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned())
    }

    fn run<'a>(&'a mut self, command: &'a Command) -> Running<'a> {
        Box::pin(async move {
            let code = self.step(command).await?;
            self.status = code;
            // So that a loop that never waits can be ended.
            tokio::task::yield_now().await;
            Ok(code)
        })
    }

    async fn step(&mut self, command: &Command) -> Result<i32, Flow> {
        match command {
            Command::Simple(assignments, words, redirects) => self.simple(assignments, words, redirects).await,
            Command::Pipe(commands) => self.pipe(commands).await,
            Command::And(left, right) => match self.run(left).await? {
                0 => self.run(right).await,
                code => Ok(code),
            },
            Command::Or(left, right) => match self.run(left).await? {
                0 => Ok(0),
                _ => self.run(right).await,
            },
            Command::Not(inner) => Ok(i32::from(self.run(inner).await? == 0)),
            Command::List(commands) => self.list(commands).await,
            Command::Subshell(inner, redirects) => {
                let mut sub = self.clone();
                match sub.redirect(redirects).await? {
                    Ok(()) => whole(sub.run(inner).await),
                    Err(()) => Ok(1),
                }
            }
            Command::Group(inner, redirects) => {
                let before = self.io.clone();
                let ended = match self.redirect(redirects).await? {
                    Ok(()) => self.run(inner).await,
                    Err(()) => Ok(1),
                };
                self.io = before;
                ended
            }
            Command::If(condition, then, other) => match (self.run(condition).await?, other) {
                (0, _) => self.run(then).await,
                (_, Some(other)) => self.run(other).await,
                _ => Ok(0),
            },
            Command::While(condition, until, body) => self.repeat(condition, *until, body).await,
            Command::For(name, words, body) => self.each(name, words, body).await,
            Command::Background(inner) => {
                let (mut sub, inner) = (self.clone(), inner.clone());
                tokio::spawn(async move { sub.run(&inner).await });
                Ok(0)
            }
        }
    }

    async fn list(&mut self, commands: &[Command]) -> Result<i32, Flow> {
        let mut code = if commands.is_empty() { self.status } else { 0 };
        for command in commands {
            code = self.run(command).await?;
            // `set -e` minds only what nobody asks about.
            let asked = matches!(command, Command::And(..) | Command::Or(..) | Command::Not(_));
            if self.strict && code != 0 && !asked {
                return Err(Flow::Exit(code));
            }
        }
        Ok(code)
    }

    async fn repeat(&mut self, condition: &Command, until: bool, body: &Command) -> Result<i32, Flow> {
        let strict = std::mem::take(&mut self.strict);
        let mut code = 0;
        loop {
            let holds = self.run(condition).await? == 0;
            if holds == until {
                break;
            }
            self.strict = strict;
            match self.run(body).await {
                Ok(ended) => code = ended,
                Err(Flow::Break) => break,
                Err(Flow::Continue) => {}
                Err(other) => return Err(other),
            }
            self.strict = false;
        }
        self.strict = strict;
        Ok(code)
    }

    async fn each(&mut self, name: &str, words: &[Word], body: &Command) -> Result<i32, Flow> {
        let mut code = 0;
        for word in expand::words(self, words).await? {
            self.variables.insert(name.to_owned(), word);
            match self.run(body).await {
                Ok(ended) => code = ended,
                Err(Flow::Break) => break,
                Err(Flow::Continue) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(code)
    }

    async fn pipe(&mut self, commands: &[Command]) -> Result<i32, Flow> {
        let mut input = self.io.input.clone();
        let mut running = Vec::new();
        for (at, command) in commands.iter().enumerate() {
            let mut sub = self.clone();
            sub.io.input = input;
            input = Input::of([]);
            if at + 1 < commands.len() {
                let (sender, receiver) = Input::pipe();
                sub.io.out = Output::Pipe(sender);
                input = receiver;
            }
            running.push(async move {
                let code = sub.run(command).await;
                // The next one sees the end only when this one's output is let go.
                drop(sub);
                code
            });
        }
        let codes = futures::future::join_all(running).await;
        codes.last().copied().map_or(Ok(0), whole)
    }

    async fn simple(
        &mut self,
        assignments: &[(String, Word)],
        words: &[Word],
        redirects: &[Redirect],
    ) -> Result<i32, Flow> {
        let mut own = Vec::new();
        let before = self.status;
        for (name, value) in assignments {
            own.push((name.clone(), expand::one(self, value).await?));
        }
        let words = expand::words(self, words).await?;
        if words.is_empty() {
            // `A=$(false)` ends as what stands in it does.
            let code = if self.status == before { 0 } else { self.status };
            self.variables.extend(own);
            let io = self.io.clone();
            let opened = self.redirect(redirects).await?;
            self.io = io;
            return Ok(if opened.is_ok() { code } else { 1 });
        }
        let mut saved = Vec::new();
        for (name, value) in own {
            let old = self.variables.insert(name.clone(), value);
            saved.push((name, old));
        }
        let io = self.io.clone();
        let ended = match self.redirect(redirects).await? {
            Ok(()) => programs::call(self, words).await,
            Err(()) => Ok(1),
        };
        self.io = io;
        for (name, old) in saved {
            match old {
                Some(old) => self.variables.insert(name, old),
                None => self.variables.remove(&name),
            };
        }
        ended
    }

    /// Opens what redirections name; what cannot be opened is told, and the command does not run.
    async fn redirect(&mut self, redirects: &[Redirect]) -> Result<Result<(), ()>, Flow> {
        for redirect in redirects {
            let to = expand::one(self, &redirect.to).await?;
            if let Err(trouble) = self.open(redirect, &to) {
                let opening = redirect.sign == "<";
                let doing = if opening { "open" } else { "create" };
                let debian = self.machine.image.debian();
                let verb = if debian { "cannot" } else { "can't" };
                let why = worded(trouble, debian, opening);
                self.complain(&format!("{verb} {doing} {to}: {why}")).await?;
                return Ok(Err(()));
            }
        }
        Ok(Ok(()))
    }

    fn open(&mut self, redirect: &Redirect, to: &str) -> Result<(), Trouble> {
        let path = absolute(&self.cwd, to);
        if redirect.sign == "<" {
            let read = match path.as_str() {
                "/dev/null" => Ok(Vec::new()),
                path => self.files.read(path),
            };
            self.io.input = Input::of(read?);
            return Ok(());
        }
        let out = match (redirect.sign, to, path.as_str()) {
            (">&", "1", _) | (_, _, "/dev/stdout" | "/proc/1/fd/1") => self.io.out.clone(),
            (">&", "2", _) | (_, _, "/dev/stderr" | "/proc/1/fd/2") => self.io.err.clone(),
            (_, _, "/dev/null") => Output::Null,
            (sign, ..) => {
                let clock = self.machine.clock.clone();
                self.files.write(&path, &[], sign == ">>", clock.now())?;
                Output::File(self.files.clone(), path, clock)
            }
        };
        match redirect.number {
            2 => self.io.err = out,
            _ => self.io.out = out,
        }
        Ok(())
    }
}

/// How shells word a file that cannot be opened or made.
fn worded(trouble: Trouble, debian: bool, opening: bool) -> String {
    match (trouble, debian, opening) {
        (Trouble::Missing, true, true) => "No such file".to_owned(),
        (Trouble::Missing, false, true) => "no such file".to_owned(),
        (Trouble::Missing, true, false) => "Directory nonexistent".to_owned(),
        (Trouble::Missing, false, false) => "nonexistent directory".to_owned(),
        (other, ..) => other.to_string(),
    }
}

/// A whole command's end: what leaves a loop or a shell ends there.
///
/// # Errors
/// [`Flow::Ended`].
pub fn whole(ended: Result<i32, Flow>) -> Result<i32, Flow> {
    match ended {
        Ok(code) | Err(Flow::Exit(code)) => Ok(code),
        Err(Flow::Break | Flow::Continue) => Ok(0),
        Err(Flow::Ended) => Ok(141),
    }
}
