//! The application and its effects, without a terminal: the console and the snapshot both run it.

use bytes::Bytes;
use tokio::sync::mpsc;

use super::audit::Audit;
use super::client::ContextEntry;
use super::connection::{Connection, Opened, Opener};
use super::debug_pods::Records;
use super::files::Files;
use super::{kubeconfig, ports, save};
use crate::core::app::{App, Setup};
use crate::core::debug::DebugPod;
use crate::core::effect::{Document, Effect};
use crate::core::event::{Event, TaskId};
use crate::core::kubeconfig::KubeconfigEdit;
use crate::core::link::LinkEvent;
use crate::core::notice::Notice;
use crate::core::outcome::Outcome;
use crate::core::trouble::{Trouble, TroubleKind};

/// How many messages may wait before those who send them do.
const WAITING: usize = 64;

/// What comes in from outside.
pub enum Message {
    /// An event for the application.
    Event(Event),
    /// The kubeconfig was changed: the contexts that it has now.
    Contexts(Vec<ContextEntry>),
    /// A context was opened, or could not be.
    Opened(Result<Box<Opened>, Trouble>),
}

impl From<Event> for Message {
    fn from(event: Event) -> Self {
        Self::Event(event)
    }
}

/// What only a terminal can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Have a text edited.
    Edit(TaskId, Document),
    /// Put text on the clipboard.
    Copy(TaskId, String),
    /// Show a text in the person's pager.
    Page(TaskId, Bytes),
    /// Show a page in the person's browser.
    Browse(TaskId, String),
    /// Take or leave the mouse.
    Mouse(bool),
    /// Draw the whole screen anew.
    Redraw,
    /// Leave.
    Quit,
}

/// The application with the connection that carries its effects out.
pub struct Machine {
    /// The application.
    pub app: App,
    opener: Opener,
    audit: Audit,
    records: Records,
    cleans: bool,
    connection: Connection,
    messages: mpsc::Sender<Message>,
}

impl Machine {
    /// Opens the first context and starts the application on it. Fails where that cannot even be tried: no
    /// kubeconfig, an unknown context, a certificate that cannot be read.
    pub fn start(setup: Setup, opener: Opener) -> Result<(Self, mpsc::Receiver<Message>, Vec<Ask>), Trouble> {
        let (messages, inbox) = mpsc::channel(WAITING);
        let opened = opener.open(None)?;
        let read_only = setup.policy.is_read_only(opened.context());
        let (connection, events) = Connection::begin(opened, messages.clone(), read_only);
        let mut machine = Self {
            app: App::new(setup),
            audit: Audit::new(opener.audit.clone()),
            records: Records::of(&opener.environment),
            cleans: false,
            opener,
            connection,
            messages,
        };
        let asks = machine.begin(events);
        Ok((machine, inbox, asks))
    }

    /// Where messages go.
    pub fn sender(&self) -> mpsc::Sender<Message> {
        self.messages.clone()
    }

    /// Takes a message in, and answers what only a terminal can do.
    pub fn message(&mut self, message: Message) -> Vec<Ask> {
        match message {
            Message::Event(event) => self.event(event),
            Message::Contexts(contexts) => {
                self.connection.show_contexts(contexts);
                Vec::new()
            }
            Message::Opened(Ok(opened)) => {
                let read_only = self.app.policy.is_read_only(opened.context());
                // The old connection ends before the first watch of the new one begins.
                let (connection, events) = Connection::begin(*opened, self.messages.clone(), read_only);
                self.connection = connection;
                self.begin(events)
            }
            Message::Opened(Err(trouble)) => self.event(Event::Link(LinkEvent::Refused(trouble))),
        }
    }

    /// Looks for debug pods that an earlier konn left in the cluster that is open, and from now on in every one that is
    /// opened. Not where only a picture of konn is wanted: that changes nothing by itself.
    pub fn clean_up(&mut self) -> Vec<Ask> {
        self.cleans = true;
        self.begin(Vec::new())
    }

    /// A connection began: the application is told, and what an earlier konn left in this cluster.
    fn begin(&mut self, events: Vec<Event>) -> Vec<Ask> {
        let mut asks: Vec<Ask> = events.into_iter().flat_map(|event| self.event(event)).collect();
        if self.cleans {
            let left = self.records.left(&self.app.link.identity, self.app.is_read_only());
            if !left.is_empty() {
                asks.extend(self.event(Event::DebugPodsLeft(left)));
            }
        }
        asks
    }

    /// Takes an event in.
    pub fn event(&mut self, event: Event) -> Vec<Ask> {
        if let Event::Done(id, _) = &event {
            self.connection.forget(*id);
        }
        let effects = self.app.update(event);
        effects
            .into_iter()
            .filter_map(|effect| self.carry_out(effect))
            .collect()
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Ask> {
        match effect {
            Effect::Watch(id, spec) => self.connection.watch(id, spec),
            Effect::Unwatch(id) => self.connection.unwatch(id),
            Effect::Call(id, request) => self.connection.call(id, request),
            Effect::Wake(id, milliseconds) => self.connection.wake(id, milliseconds),
            Effect::Cancel(id) => self.connection.cancel(id),
            Effect::Open(id, session) => self.connection.open(id, session),
            Effect::Send(id, feed) => self.connection.send(id, feed),
            Effect::Close(id) => self.connection.close(id),
            Effect::Discover => self.connection.discover(),
            Effect::Connect(context) => self.open(context),
            Effect::Kubeconfig(id, edit) => self.kubeconfig(id, edit),
            Effect::Record(line) => self.record(&line),
            Effect::Remember(pod) => self.remember(&pod),
            Effect::Forget(pod) => self.records.forget(&pod),
            Effect::Edit(id, document) => return Some(Ask::Edit(id, document)),
            Effect::Load(id, path) => self.apart(id, move |files| files.load(&path)),
            Effect::Keep(id, document) => {
                // At once: konn may be told to leave right behind it.
                let outcome = self.keep(&document);
                self.apart(id, move |_| outcome);
            }
            Effect::Copy(id, text) => return Some(Ask::Copy(id, text)),
            Effect::Save(id, name, text) => self.save(id, name, text),
            Effect::Page(id, text) => return Some(Ask::Page(id, text)),
            Effect::Browse(id, url) => return Some(Ask::Browse(id, url)),
            Effect::FreePorts(id, ports) => self.free_ports(id, ports),
            Effect::Mouse(taken) => return Some(Ask::Mouse(taken)),
            Effect::Redraw => return Some(Ask::Redraw),
            Effect::Quit => return Some(Ask::Quit),
        }
        None
    }

    /// Writes a file. That does not end with the connection: half a file helps nobody.
    fn save(&self, id: TaskId, name: String, text: Bytes) {
        let messages = self.messages.clone();
        tokio::task::spawn_blocking(move || {
            let outcome = save::save(&name, &text);
            let _ = messages.blocking_send(Event::Done(id, outcome).into());
        });
    }

    /// Changes the kubeconfig, unless the context that is open, or the one that is changed, is read-only. Nobody can stop
    /// it half way: a file is written whole or not at all.
    fn kubeconfig(&self, id: TaskId, edit: KubeconfigEdit) {
        let (opener, messages) = (self.opener.clone(), self.messages.clone());
        let refused = self.app.is_read_only() || self.app.policy.is_read_only(edit.context());
        tokio::spawn(async move {
            let done = tokio::task::spawn_blocking(move || {
                if refused {
                    let trouble = Trouble::new(TroubleKind::ReadOnly, "trouble.readonly");
                    return (Outcome::Failed(trouble), None);
                }
                match opener.kubeconfig_files() {
                    Some(paths) => (kubeconfig::apply(&paths, &edit), opener.contexts()),
                    None => {
                        let trouble = Trouble::new(TroubleKind::Kubeconfig, "kubeconfig.nofile");
                        (Outcome::Failed(trouble), None)
                    }
                }
            });
            let failed = |_| (Outcome::Failed(Trouble::new(TroubleKind::Other, "trouble.other")), None);
            let (outcome, contexts) = done.await.unwrap_or_else(failed);
            if let Some(contexts) = contexts {
                let _ = messages.send(Message::Contexts(contexts)).await;
            }
            let _ = messages.send(Event::Done(id, outcome).into()).await;
        });
    }

    fn free_ports(&self, id: TaskId, wanted: Vec<u16>) {
        let messages = self.messages.clone();
        tokio::task::spawn_blocking(move || {
            let outcome = Outcome::Ports(ports::free(&wanted));
            let _ = messages.blocking_send(Event::Done(id, outcome).into());
        });
    }

    fn record(&mut self, line: &str) {
        if let Err(error) = self.audit.record(line) {
            let args = [("path", self.audit.name()), ("why", error.to_string())];
            let text = self.app.lang.f(
                "notice.audit",
                &args.each_ref().map(|(name, value)| (*name, value.as_str())),
            );
            self.app.say(Notice::error(text));
        }
    }

    /// A pod that is not recorded would outlive a crash: that is worth a word.
    fn remember(&mut self, pod: &DebugPod) {
        if let Err(error) = self.records.remember(pod) {
            let args = [("name", pod.full_name()), ("why", error.to_string())];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
            let text = self.app.lang.f("notice.debug_unrecorded", &args);
            self.app.say(Notice::warn(text));
        }
    }

    /// Keeps a text in the state folder.
    pub fn keep(&self, document: &Document) -> Outcome {
        Files::of(&self.opener.environment).keep(document)
    }

    /// Does something with files beside the loop, and tells how it ended.
    fn apart(&self, id: TaskId, act: impl FnOnce(Files) -> Outcome + Send + 'static) {
        let (files, messages) = (Files::of(&self.opener.environment), self.messages.clone());
        tokio::spawn(async move {
            let done = tokio::task::spawn_blocking(move || act(files)).await;
            let failed = |_| Outcome::Failed(Trouble::new(TroubleKind::Other, "trouble.files"));
            let event = Event::Done(id, done.unwrap_or_else(failed));
            let _ = messages.send(event.into()).await;
        });
    }

    fn open(&self, context: String) {
        let (opener, messages) = (self.opener.clone(), self.messages.clone());
        tokio::spawn(async move {
            let opened = opener.switch(context).await.map(Box::new);
            let _ = messages.send(Message::Opened(opened)).await;
        });
    }
}
