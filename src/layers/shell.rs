//! A program in a container with a terminal of its own: a shell, any command, or the main process.

mod attached;
pub mod choice;
mod debug;
mod input;
mod keys;
mod page;
pub mod screen;

use self::choice::{Choice, choices, pod_of};
use self::debug::Wait;
use self::screen::Screen;
use crate::core::action::Target;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{Size, TaskId, WatchId};
use crate::core::key::Mouse;
use crate::core::layer::{Acts, Input, Layer, LayerCx, Next, Place, Running, Sheet};
use crate::core::notice::Notice;
use crate::core::outcome::Outcome;
use crate::core::reference::Reference;
use crate::core::request::Request;
use crate::core::session::{Chunk, ExecSession, Feed, Program, Session, SessionId};
use crate::core::store::Store;
use crate::core::trouble::{Trouble, TroubleKind};

/// What runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A shell: bash, where the image has it, else sh.
    Shell,
    /// This command.
    Command(Vec<String>),
    /// The main process of the container.
    Main,
    /// The main process of a container that was made to look into others.
    Debug {
        /// Whether it is the host of a node that is looked into, by a pod of its own.
        node: bool,
    },
}

impl What {
    fn program(&self) -> Program {
        match self {
            Self::Shell => Program::Run(vec![vec!["bash".to_string()], vec!["sh".to_string()]]),
            Self::Command(words) => Program::Run(vec![words.clone()]),
            Self::Main | Self::Debug { .. } => Program::Main,
        }
    }
}

/// A command in the container of a row; nothing where the row is no pod.
pub fn open(target: &Target, command: Vec<String>) -> Next {
    let shell = Shell::of(target, What::Command(command));
    shell.map_or(Next::Done, |shell| Next::Push(Box::new(shell)))
}

/// How far it is.
enum Phase {
    /// The pod is asked for.
    Asked(TaskId),
    /// The container that was made for it is waited for.
    Waiting(WatchId, Wait),
    /// The person chooses a container.
    Choosing(Vec<Choice>, usize),
    /// The program runs, or is being started.
    Running(SessionId),
    /// Its stream is over, and the pod is asked how it ended.
    Over(WatchId),
    /// It ended.
    Ended(End),
}

/// How it ended.
enum End {
    /// With this code, and for this reason where the code does not say it all: `OOMKilled`.
    Code(i32, Option<String>),
    /// Somehow: nobody tells.
    Untold,
    /// With this trouble.
    Trouble(Trouble),
}

/// A program with its terminal.
pub struct Shell {
    pod: Reference,
    /// The container, once it is known.
    container: Option<String>,
    /// The `containerID` of what was attached to.
    ran: Option<String>,
    what: What,
    phase: Phase,
    session: Option<SessionId>,
    screen: Screen,
    /// Whether it has the whole screen of konn.
    whole: bool,
    /// Whether the whole terminal is lent to it.
    lent: bool,
    /// Whether it has answered.
    open: bool,
    /// Whether the program has written anything.
    heard: bool,
    /// Whether it can be typed at.
    stdin: bool,
    /// The first line that is seen of the containers to choose from.
    top: usize,
}

impl Shell {
    /// What is meant in the pod of a row, or in the one container of it that is seen; nothing where the row is no pod.
    pub fn of(target: &Target, what: What) -> Option<Self> {
        let (pod, container) = pod_of(target)?;
        Some(Self::new(pod, container, what, Phase::Asked(TaskId(0))))
    }

    /// One that has not been opened.
    fn new(pod: Reference, container: Option<String>, what: What, phase: Phase) -> Self {
        Self {
            pod,
            container,
            ran: None,
            what,
            phase,
            session: None,
            screen: Screen::new(Size { width: 80, height: 24 }, true),
            whole: false,
            lent: false,
            open: false,
            heard: false,
            stdin: true,
            top: 0,
        }
    }

    /// The session of a program that runs.
    fn live(&self) -> Option<SessionId> {
        match self.phase {
            Phase::Running(session) => Some(session),
            _ => None,
        }
    }

    /// The pod came: its container is known, or chosen by the person.
    fn found(&mut self, pod: &serde_json::Value, cx: &LayerCx) -> Next {
        let (found, meant) = choices(pod);
        let named = self.container.as_ref();
        let own = named.and_then(|name| found.iter().find(|choice| choice.name == *name));
        match (own.cloned(), found.as_slice()) {
            (Some(choice), _) => self.start(&choice, cx),
            (None, [only]) => self.start(&only.clone(), cx),
            (None, []) => self.fail(Trouble::new(TroubleKind::NotFound, "trouble.no_container")),
            (None, _) => {
                self.phase = Phase::Choosing(found, meant);
                Next::Done
            }
        }
    }

    fn fail(&mut self, trouble: Trouble) -> Next {
        self.phase = Phase::Ended(End::Trouble(trouble));
        Next::Done
    }

    /// Starts the program in a container. What is attached to has a terminal and takes input as its container says.
    fn start(&mut self, choice: &Choice, cx: &LayerCx) -> Next {
        let (stdin, tty) = match self.what {
            What::Main | What::Debug { .. } => (choice.stdin, choice.tty),
            What::Shell | What::Command(_) => (true, true),
        };
        self.screen = Screen::new(cx.space, tty);
        self.stdin = stdin;
        self.container = Some(choice.name.clone());
        self.ran = choice.id.clone();
        let session = cx.ids.session();
        (self.phase, self.session) = (Phase::Running(session), Some(session));
        let exec = ExecSession {
            namespace: self.pod.namespace.clone().unwrap_or_default(),
            pod: self.pod.name.clone(),
            container: choice.name.clone(),
            program: self.what.program(),
            stdin,
            tty,
            size: self.screen.size(),
        };
        Next::Effects(vec![Effect::Open(session, Session::Exec(exec))])
    }

    fn ended(&mut self, end: End, cx: &LayerCx) -> Next {
        let text = self.end_text(&end, cx);
        let good = matches!(end, End::Code(0, _));
        self.lent = false;
        self.phase = Phase::Ended(end);
        let args = [("name", &*self.name()), ("how", &*text)];
        let text = cx.lang.f("shell.ended", &args);
        Next::Notice(if good { Notice::good(text) } else { Notice::warn(text) })
    }

    /// Brings the terminal to the size that there is.
    fn fit(&mut self, cx: &LayerCx) -> Next {
        let Some(session) = self.live() else {
            return Next::Ignored;
        };
        if !self.screen.resize(cx.space) {
            return Next::Ignored;
        }
        Next::Effects(vec![Effect::Send(session, Feed::Resize(self.screen.size()))])
    }
}

impl Layer for Shell {
    fn keys(&self) -> &'static str {
        match self.phase {
            Phase::Running(_) => "shell",
            _ => "list",
        }
    }

    fn place(&self) -> Place {
        if self.whole || self.lent {
            Place::Whole
        } else {
            Place::Full
        }
    }

    fn takes_all(&self) -> bool {
        self.live().is_some()
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        if matches!(self.what, What::Debug { .. }) {
            return self.wait(cx);
        }
        let task = cx.ids.task();
        self.phase = Phase::Asked(task);
        Next::Effects(vec![Effect::Call(task, Request::get(&self.pod))])
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        match &self.phase {
            Phase::Choosing(..) => self.choose(input, cx),
            Phase::Running(session) => self.typed(*session, input, cx),
            Phase::Asked(_) | Phase::Waiting(..) | Phase::Over(_) | Phase::Ended(_) => self.at_rest(input, cx),
        }
    }

    fn acts(&self, input: &Input) -> Acts {
        if input.is_enter() && matches!(self.phase, Phase::Choosing(..)) {
            Acts::OnRows
        } else {
            Acts::Not
        }
    }

    fn mouse(&mut self, mouse: Mouse, cx: &LayerCx) -> Next {
        match self.live() {
            Some(session) => self.moused(session, mouse, cx),
            None => Next::Ignored,
        }
    }

    fn refresh(&mut self, cx: &LayerCx) -> Next {
        match self.phase {
            Phase::Waiting(watch, _) => self.look(watch, cx),
            Phase::Over(watch) => self.told(watch, cx),
            _ => self.fit(cx),
        }
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> Next {
        if !matches!(self.phase, Phase::Asked(asked) if asked == task) {
            return Next::Ignored;
        }
        match outcome {
            Outcome::Object(pod) => self.found(pod, cx),
            Outcome::Failed(trouble) => self.fail(trouble.clone()),
            _ => Next::Done,
        }
    }

    fn stream(&mut self, session: SessionId, chunk: Chunk, cx: &LayerCx) -> Next {
        if self.live() != Some(session) {
            return Next::Ignored;
        }
        match chunk {
            Chunk::Open => self.open = true,
            Chunk::Out(bytes) => {
                self.screen.take(&bytes);
                (self.open, self.heard) = (true, true);
            }
            Chunk::Exited(code) => return self.ended(End::Code(code, None), cx),
            Chunk::Ended(None) => return self.ask(cx),
            Chunk::Ended(Some(trouble)) => return self.ended(End::Trouble(trouble), cx),
            Chunk::Log(_) | Chunk::Copied(_) | Chunk::Forward(_) | Chunk::Paused | Chunk::Broken(_) => {}
        }
        Next::Done
    }

    fn uses(&self, command: Command) -> bool {
        match self.phase {
            Phase::Running(_) => true,
            Phase::Choosing(..) => !matches!(command, Command::Search | Command::Copy),
            Phase::Asked(_) | Phase::Waiting(..) => {
                !matches!(command, Command::Search | Command::Copy | Command::Enter)
            }
            Phase::Over(_) | Phase::Ended(_) => !matches!(command, Command::Search | Command::Enter),
        }
    }

    fn running(&self, cx: &LayerCx) -> Option<Running> {
        Some(Running {
            session: self.session?,
            line: self.label(cx),
            is_over: self.live().is_none(),
        })
    }

    fn tasks(&self) -> Vec<TaskId> {
        match self.phase {
            Phase::Asked(task) => vec![task],
            _ => Vec::new(),
        }
    }

    fn watches(&self) -> Vec<WatchId> {
        match self.phase {
            Phase::Waiting(watch, _) | Phase::Over(watch) => vec![watch],
            _ => Vec::new(),
        }
    }

    fn holds(&self) -> Option<(&str, &str)> {
        let node = matches!(self.what, What::Debug { node: true });
        let ended = matches!(self.phase, Phase::Ended(_));
        (node && !ended).then(|| {
            (
                self.pod.namespace.as_deref().unwrap_or_default(),
                self.pod.name.as_str(),
            )
        })
    }

    fn lends(&self) -> Option<SessionId> {
        self.live().filter(|_| self.lent)
    }

    fn replay(&self) -> String {
        self.screen.replay()
    }

    fn sessions(&self) -> Vec<SessionId> {
        self.session.into_iter().collect()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        match self.phase {
            Phase::Asked(_) => false,
            Phase::Running(_) => self.open,
            Phase::Choosing(..) | Phase::Waiting(..) | Phase::Over(_) | Phase::Ended(_) => true,
        }
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        self.page(cx)
    }
}
