//! Sessions: each is a task of its own that sends what it brings into the one bounded channel, so that a burst waits at
//! its source. Dropped, all of them end.

pub mod archive;
mod channels;
mod copy;
mod exec;
mod forward;
mod log;

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::client::Connected;
use super::machine::Message;
use crate::core::event::Event;
use crate::core::session::{Chunk, Feed, Session, SessionId};
use crate::core::trouble::Trouble;

/// How much may wait to be taken by the other end.
const FEEDS: usize = 1024;

/// Nobody takes what the session brings any more.
struct Closed;

/// The sessions that are open.
#[derive(Default)]
pub struct Sessions(HashMap<SessionId, Running>);

struct Running {
    task: AbortHandle,
    feeds: mpsc::Sender<Feed>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Sessions {
    /// Opens a session.
    pub fn open(
        &mut self,
        id: SessionId,
        session: Session,
        connected: &Arc<Connected>,
        messages: &mpsc::Sender<Message>,
    ) {
        let (feeds, fed) = mpsc::channel(FEEDS);
        let line = Line {
            id,
            connected: connected.clone(),
            messages: messages.clone(),
            fed,
        };
        let task = match session {
            Session::Log(log) => tokio::spawn(log::run(log, line)),
            Session::Forward(forward) => tokio::spawn(forward::run(*forward, line)),
            Session::Copy(copy) => tokio::spawn(copy::run(copy, line)),
            Session::Exec(exec) => tokio::spawn(exec::run(exec, line)),
        };
        self.0.retain(|_, running| !running.task.is_finished());
        let task = task.abort_handle();
        self.0.insert(id, Running { task, feeds });
    }

    /// Says of a session that it is refused: it was never opened.
    pub fn refuse(id: SessionId, why: Trouble, messages: &mpsc::Sender<Message>) {
        let messages = messages.clone();
        tokio::spawn(async move {
            let event = Event::Stream(id, Chunk::Ended(Some(why)));
            let _ = messages.send(event.into()).await;
        });
    }

    /// Sends something into a session. What does not fit, because the other end has stopped taking anything, is dropped.
    pub fn send(&mut self, id: SessionId, feed: Feed) {
        if let Some(running) = self.0.get(&id) {
            let _ = running.feeds.try_send(feed);
        }
    }

    /// Closes a session.
    pub fn close(&mut self, id: SessionId) {
        self.0.remove(&id);
    }
}

/// What a session talks through: to the cluster, to the application, and back.
struct Line {
    id: SessionId,
    connected: Arc<Connected>,
    messages: mpsc::Sender<Message>,
    fed: mpsc::Receiver<Feed>,
}

impl Line {
    /// Hands a chunk to the application. Waits where the application is behind.
    async fn send(&self, chunk: Chunk) -> Result<(), Closed> {
        let event = Event::Stream(self.id, chunk);
        self.messages.send(event.into()).await.map_err(|_| Closed)
    }
}
