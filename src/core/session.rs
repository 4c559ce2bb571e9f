//! Sessions: streams between konn and a container that live as long as the layer that opened them.

use bytes::Bytes;

use super::clock::Time;
use super::event::Size;
use super::forward::{ForwardNews, ForwardSession};
use super::log::Batch;
use super::request::{push_namespace, shell};
use super::trouble::Trouble;

/// Names a session that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// A session to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Session {
    /// What a container writes.
    Log(LogSession),
    /// A port here that leads to a port of a pod.
    Forward(Box<ForwardSession>),
    /// A program in a container.
    Exec(ExecSession),
    /// Files to or from a container.
    Copy(CopySession),
}

/// What is sent into a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feed {
    /// Bytes for the other end.
    Data(Bytes),
    /// The other end's screen has a new size.
    Resize(Size),
    /// Look again at once: there may be more now.
    Again,
    /// Nothing new begins at the other end: when what is there has been read, the session ends.
    Last,
}

/// What a session brought.
#[derive(Clone, Debug)]
pub enum Chunk {
    /// The other end answers.
    Open,
    /// Lines of a log.
    Log(Batch),
    /// What became of a forward.
    Forward(ForwardNews),
    /// What a program wrote: steering sequences and all.
    Out(Bytes),
    /// So much was copied so far.
    Copied(Copied),
    /// The program ended with this code. Nothing follows.
    Exited(i32),
    /// The other end has nothing more for now, such as a container that ended and may start again.
    Paused,
    /// It broke, and is tried again.
    Broken(Trouble),
    /// It is over: of itself, or because of this. Nothing follows.
    Ended(Option<Trouble>),
}

/// How much of a log is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    #[default]
    All,
    /// So many lines of its end, and what follows.
    Tail(u32),
    /// So many lines of its beginning, and no more.
    Head(u32),
}

/// The log of one container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSession {
    /// The pod's namespace.
    pub namespace: String,
    /// The pod's name.
    pub pod: String,
    /// The container.
    pub container: String,
    /// Whether the run before the present one is meant. Such a log ends.
    pub previous: bool,
    /// Whether to go on with what is written later, restarts included.
    pub follow: bool,
    /// What was written before is not wanted.
    pub since: Option<Time>,
    /// How much of it.
    pub extent: Extent,
}

/// What runs in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// The first of these commands that the image has.
    Run(Vec<Vec<String>>),
    /// The container's main process.
    Main,
}

/// A program in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecSession {
    /// The pod's namespace.
    pub namespace: String,
    /// The pod's name.
    pub pod: String,
    /// The container.
    pub container: String,
    /// What runs.
    pub program: Program,
    /// Whether it can be typed at.
    pub stdin: bool,
    /// Whether it has a terminal.
    pub tty: bool,
    /// The size of that terminal.
    pub size: Size,
}

/// Files to or from a container, by `tar` in it, as `kubectl cp` does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopySession {
    /// The pod's namespace.
    pub namespace: String,
    /// The pod's name.
    pub pod: String,
    /// The container.
    pub container: String,
    /// Whether files go into the container.
    pub up: bool,
    /// The file or folder here.
    pub local: String,
    /// The file or folder there.
    pub remote: String,
}

/// How much was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Bytes of the archive.
    pub bytes: u64,
    /// Files written here.
    pub files: u64,
    /// Links and devices that were passed over.
    pub skipped: u64,
}

impl CopySession {
    fn kubectl(&self) -> String {
        let far = format!("{}/{}:{}", self.namespace, self.pod, self.remote);
        let (from, to) = if self.up {
            (&self.local, &far)
        } else {
            (&far, &self.local)
        };
        format!("kubectl cp {} {} -c {}", shell(from), shell(to), shell(&self.container))
    }
}

impl Session {
    /// Whether it may change something in the cluster: read-only mode refuses it.
    pub fn mutates(&self) -> bool {
        match self {
            Self::Log(_) => false,
            Self::Exec(_) | Self::Copy(_) | Self::Forward(_) => true,
        }
    }

    /// The kubectl command that does the same.
    pub fn kubectl(&self) -> String {
        match self {
            Self::Log(log) => log.kubectl(),
            Self::Forward(forward) => forward.kubectl(),
            Self::Exec(exec) => exec.kubectl(),
            Self::Copy(copy) => copy.kubectl(),
        }
    }
}

impl ExecSession {
    fn kubectl(&self) -> String {
        let verb = match self.program {
            Program::Run(_) => "exec",
            Program::Main => "attach",
        };
        let flags = match (self.stdin, self.tty) {
            (true, true) => " -it",
            (true, false) => " -i",
            (false, true) => " -t",
            (false, false) => "",
        };
        let mut command = vec![format!(
            "kubectl {verb}{flags} {} -c {}",
            shell(&self.pod),
            shell(&self.container)
        )];
        push_namespace(&mut command, Some(&self.namespace));
        if let Program::Run(commands) = &self.program {
            command.push("--".to_string());
            command.extend(commands.iter().take(1).flatten().map(|word| shell(word)));
        }
        command.join(" ")
    }
}

impl LogSession {
    fn kubectl(&self) -> String {
        let mut command = vec![format!(
            "kubectl logs {} -c {}",
            shell(&self.pod),
            shell(&self.container)
        )];
        push_namespace(&mut command, Some(&self.namespace));
        command.extend(log_flags(self.previous, self.follow, self.since, self.extent));
        command.join(" ")
    }
}

/// The flags of `kubectl logs` for how much of a log is wanted.
pub fn log_flags(previous: bool, follow: bool, since: Option<Time>, extent: Extent) -> Vec<String> {
    let mut flags = Vec::new();
    flags.extend(previous.then(|| "--previous".to_string()));
    flags.extend((follow && !previous).then(|| "-f".to_string()));
    flags.extend(since.map(|since| format!("--since-time={since:.0}")));
    match extent {
        Extent::All => {}
        Extent::Tail(lines) => flags.push(format!("--tail={lines}")),
        Extent::Head(lines) => flags.push(format!("| head -n {lines}")),
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_kubectls() {
        let mut log = LogSession {
            namespace: "shop".into(),
            pod: "web-0".into(),
            container: "app".into(),
            previous: false,
            follow: true,
            since: None,
            extent: Extent::Tail(500),
        };
        let kubectl = |log: &LogSession| Session::Log(log.clone()).kubectl();
        assert_eq!(kubectl(&log), "kubectl logs web-0 -c app -n shop -f --tail=500");
        log.since = "2026-11-21T02:03:04.5Z".parse().ok();
        (log.follow, log.extent) = (false, Extent::Head(3));
        assert_eq!(
            kubectl(&log),
            "kubectl logs web-0 -c app -n shop --since-time=2026-11-21T02:03:04Z | head -n 3"
        );
        let mut exec = ExecSession {
            namespace: "shop".into(),
            pod: "web-0".into(),
            container: "app".into(),
            program: Program::Run(vec![
                vec!["sh".into(), "-c".into(), "ls /a b".into()],
                vec!["never shown".into()],
            ]),
            stdin: true,
            tty: true,
            size: Size { width: 80, height: 24 },
        };
        assert_eq!(
            Session::Exec(exec.clone()).kubectl(),
            "kubectl exec -it web-0 -c app -n shop -- sh -c 'ls /a b'"
        );
        (exec.program, exec.stdin, exec.tty) = (Program::Main, false, false);
        assert_eq!(Session::Exec(exec).kubectl(), "kubectl attach web-0 -c app -n shop");
        (log.previous, log.since, log.extent) = (true, None, Extent::All);
        assert_eq!(kubectl(&log), "kubectl logs web-0 -c app -n shop --previous");
    }
}
