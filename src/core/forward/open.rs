//! The forwards that were started, and how they fare. They belong to no table and no layer: they end with the context.

use super::{ForwardNews, ForwardSession, Traffic};
use crate::core::clock::Time;
use crate::core::session::{Chunk, SessionId};
use crate::core::trouble::Trouble;

/// How a forward fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It was asked for.
    Starting,
    /// It leads to a pod.
    Live,
    /// Its pod is gone: another one is looked for.
    Lost(Option<Trouble>),
    /// It is over.
    Failed(Trouble),
}

/// A forward.
#[derive(Clone, Debug)]
pub struct Forward {
    /// Its session.
    pub id: SessionId,
    /// What was asked for.
    pub spec: ForwardSession,
    /// The port that it listens on, once it does.
    pub bound: Option<u16>,
    /// The pod that it leads to, or led to last, and the port there.
    pub pod: Option<(String, u16)>,
    /// How it fares.
    pub state: State,
    /// Since when.
    pub since: Time,
    /// What went through it.
    pub traffic: Traffic,
    /// Why a connection came to nothing, the last time one did.
    pub refused: Option<Trouble>,
}

impl Forward {
    /// `127.0.0.1:8080`.
    pub fn local(&self) -> String {
        let port = self.bound.unwrap_or(self.spec.local);
        let host = &self.spec.address;
        if host.contains(':') {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        }
    }

    /// Where a browser finds it: by TLS where port or name say so.
    pub fn url(&self) -> Option<String> {
        let port = self.bound?;
        let host = match self.spec.address.as_str() {
            "0.0.0.0" | "::" | "::1" | "localhost" => "localhost".to_string(),
            host if host.contains(':') => format!("[{host}]"),
            host => host.to_string(),
        };
        let there = self.pod.as_ref().map_or(0, |(_, port)| *port);
        let named = self.spec.remote.contains("https");
        let secure = named || [443, 8443, 6443].contains(&there) || self.spec.remote == "443";
        Some(format!("{}://{host}:{port}/", if secure { "https" } else { "http" }))
    }

    /// Whether it is still of use.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::Failed(_))
    }
}

/// The forwards that were started, in the order in which they were.
#[derive(Default)]
pub struct Forwards(Vec<Forward>);

impl Forwards {
    /// All of them.
    pub fn all(&self) -> &[Forward] {
        &self.0
    }

    /// Those that are of use.
    pub fn open(&self) -> impl Iterator<Item = &Forward> {
        self.0.iter().filter(|forward| forward.is_open())
    }

    /// The forward of a session.
    pub fn find(&self, id: SessionId) -> Option<&Forward> {
        self.0.iter().find(|forward| forward.id == id)
    }

    /// One was asked for. It takes the place of a failed one that was to do the same.
    pub fn begin(&mut self, id: SessionId, spec: ForwardSession, now: Time) {
        let forward = Forward {
            id,
            spec,
            bound: None,
            pod: None,
            state: State::Starting,
            since: now,
            traffic: Traffic::default(),
            refused: None,
        };
        let same = |known: &&mut Forward| !known.is_open() && known.spec == forward.spec;
        match self.0.iter_mut().find(same) {
            Some(known) => *known = forward,
            None => self.0.push(forward),
        }
    }

    /// One is wanted no more.
    pub fn end(&mut self, id: SessionId) {
        self.0.retain(|forward| forward.id != id);
    }

    /// A session brought something. Answers the forward as it was before, where it is one of these.
    pub fn take(&mut self, id: SessionId, chunk: &Chunk) -> Option<Forward> {
        let forward = self.0.iter_mut().find(|forward| forward.id == id)?;
        let before = forward.clone();
        match chunk {
            Chunk::Forward(ForwardNews::Listening(port)) => forward.bound = Some(*port),
            Chunk::Forward(ForwardNews::Pod(pod, port)) => {
                forward.pod = Some((pod.clone(), *port));
                (forward.state, forward.refused) = (State::Live, None);
            }
            Chunk::Forward(ForwardNews::Lost(why)) => forward.state = State::Lost(why.clone()),
            Chunk::Forward(ForwardNews::Traffic(traffic)) => forward.traffic = *traffic,
            Chunk::Forward(ForwardNews::Refused(why)) => forward.refused = Some(why.clone()),
            Chunk::Ended(Some(why)) => {
                forward.state = State::Failed(why.clone());
                forward.traffic.open = 0;
            }
            _ => {}
        }
        Some(before)
    }
}
