//! The application and its effects, without a terminal: the console and the snapshot both run it.

use bytes::Bytes;
use tokio::sync::mpsc;

use super::audit::Audit;
use super::connection::{Connection, Opened, Opener};
use super::save;
use crate::core::app::{App, Setup};
use crate::core::effect::Effect;
use crate::core::event::{Event, TaskId};
use crate::core::link::LinkEvent;
use crate::core::notice::Notice;
use crate::core::trouble::Trouble;

/// How many messages may wait before those who send them do.
const WAITING: usize = 64;

/// What comes in from outside.
pub enum Message {
    /// An event for the application.
    Event(Event),
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
    /// Put text on the clipboard.
    Copy(TaskId, String),
    /// Show a text in the person's pager.
    Page(TaskId, Bytes),
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
            opener,
            connection,
            messages,
        };
        let asks = events.into_iter().flat_map(|event| machine.event(event)).collect();
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
            Message::Opened(Ok(opened)) => {
                let read_only = self.app.policy.is_read_only(opened.context());
                // The old connection ends before the first watch of the new one begins.
                let (connection, events) = Connection::begin(*opened, self.messages.clone(), read_only);
                self.connection = connection;
                events.into_iter().flat_map(|event| self.event(event)).collect()
            }
            Message::Opened(Err(trouble)) => self.event(Event::Link(LinkEvent::Refused(trouble))),
        }
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
            Effect::Record(line) => self.record(&line),
            Effect::Copy(id, text) => return Some(Ask::Copy(id, text)),
            Effect::Save(id, name, text) => self.save(id, name, text),
            Effect::Page(id, text) => return Some(Ask::Page(id, text)),
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

    fn open(&self, context: String) {
        let (opener, messages) = (self.opener.clone(), self.messages.clone());
        tokio::spawn(async move {
            let opened = opener.switch(context).await.map(Box::new);
            let _ = messages.send(Message::Opened(opened)).await;
        });
    }
}
