//! From a watch that was asked for to rows: list in pages, then watch, for ever.
//!
//! Not `kube::runtime::watcher`: that one reads whole pages into typed objects, so that one malformed object fails a
//! page for ever, shows nothing of a page before all of it is read, and loops on a 410 at the start of a watch. Its
//! backoff is used.

mod decode;
mod framing;
mod identity;
mod list;
mod narrow;
mod stream;
mod table;

use std::sync::Arc;
use std::time::Duration;

use kube::runtime::utils::Backoff;
use kube::runtime::watcher::DefaultBackoff;
use tokio::sync::mpsc;

pub use self::decode::Reader;
pub(super) use self::framing::Lines;
use self::identity::Server;
use super::client::Connected;
use super::machine::Message;
use crate::core::event::{Event, WatchId};
use crate::core::jump::Scope;
use crate::core::resource::segment;
use crate::core::store::{Delta, Part};
use crate::core::trouble::{Trouble, TroubleKind};
use crate::core::watch::{Decoder, Source, WatchSpec};

/// How long is waited before a resource that is not there, or may not be read, is asked for again.
const PATIENCE: Duration = Duration::from_secs(30);

/// One watch: whom to ask, what for, and where the rows go.
#[derive(Clone)]
pub struct Watch {
    /// The open context.
    pub connected: Arc<Connected>,
    /// The namespaces that are tried where not all may be listed.
    pub candidates: Arc<[String]>,
    /// The name of the watch.
    pub id: WatchId,
    /// What to watch.
    pub spec: Arc<WatchSpec>,
    /// Reads them.
    pub reader: Arc<Reader>,
    /// Where the rows go. Bounded: a server that is faster than the screen waits.
    pub messages: mpsc::Sender<Message>,
}

/// How long is waited before what cannot be watched is listed again.
const POLL: Duration = Duration::from_secs(15);

/// Nobody takes the rows any more.
pub struct Closed;

impl Watch {
    /// Watches until nobody takes the rows any more.
    pub async fn run(self) {
        let _ = match &self.spec.scope {
            _ if self.spec.name.is_some() => self.part(None, self.single_namespace()).await,
            Scope::All => self.part(None, None).await,
            Scope::Namespaces(names) if names.len() == 1 => self.part(None, self.single_namespace()).await,
            Scope::Namespaces(names) => self.parts(names).await,
        };
    }

    /// Whether the server watches the resource; metrics, for one, can only be listed.
    fn may_watch(&self) -> bool {
        matches!(&self.spec.source, Source::Cluster(resource) if resource.allows("watch"))
    }

    fn single_namespace(&self) -> Option<&str> {
        self.spec.scope.single()
    }

    /// Several namespaces, each listed and watched by itself.
    async fn parts(&self, names: &[String]) -> Result<(), Closed> {
        self.send(vec![Delta::Parts(names.len())]).await?;
        let parts = names
            .iter()
            .map(|name| self.part(Some(name.as_str().into()), Some(name)));
        futures::future::join_all(parts).await;
        Ok(())
    }

    /// Lists and watches one part for ever.
    async fn part(&self, part: Part, namespace: Option<&str>) -> Result<(), Closed> {
        let mut backoff = DefaultBackoff::default();
        let mut version: Option<String> = None;
        let mut server = Server::default();
        loop {
            if let Some(known) = version.as_ref().filter(|_| server.is_lost()) {
                match self.holds(namespace, known).await {
                    Ok(true) => {}
                    Ok(false) => version = None,
                    Err(trouble) => {
                        self.wait(&part, trouble, &mut backoff).await?;
                        continue;
                    }
                }
            }
            let begun = match &version {
                Some(version) => Ok(version.clone()),
                None => {
                    server = Server::default();
                    self.list(&part, namespace).await?
                }
            };
            let ended = match begun {
                Ok(_) if !self.may_watch() => {
                    tokio::time::sleep(POLL).await;
                    continue;
                }
                Ok(from) => {
                    version = Some(from.clone());
                    self.stream(&part, namespace, from, &mut backoff, &mut server).await?
                }
                Err(trouble) => stream::Ended::Broken(trouble),
            };
            match ended {
                stream::Ended::Whole(at) => version = Some(at),
                stream::Ended::TooOld => version = None,
                stream::Ended::Broken(trouble) => {
                    server.lose();
                    if self.may_narrow(&trouble, &part, namespace, version.is_some()) {
                        return Box::pin(self.narrow(trouble)).await;
                    }
                    self.wait(&part, trouble, &mut backoff).await?;
                }
            }
        }
    }

    /// Whether a watch may go on from a version after the connection was lost. One whole object is got again: it costs
    /// no more than to ask.
    async fn holds(&self, namespace: Option<&str>, version: &str) -> Result<bool, Trouble> {
        let is_one = self.spec.name.is_some() && matches!(self.spec.decoder, Decoder::Whole);
        Ok(!is_one && !self.is_behind(namespace, version).await?)
    }

    /// Says what is wrong, and waits before the next try.
    async fn wait(&self, part: &Part, trouble: Trouble, backoff: &mut DefaultBackoff) -> Result<(), Closed> {
        let settled = matches!(trouble.kind, TroubleKind::Forbidden | TroubleKind::NotFound);
        self.send(vec![Delta::Stale(part.clone(), trouble)]).await?;
        let pause = if settled {
            PATIENCE
        } else {
            backoff.next().unwrap_or(PATIENCE)
        };
        tokio::time::sleep(pause).await;
        Ok(())
    }

    /// Hands rows on.
    async fn send(&self, deltas: Vec<Delta>) -> Result<(), Closed> {
        if deltas.is_empty() {
            return Ok(());
        }
        self.messages
            .send(Event::Watch(self.id, deltas).into())
            .await
            .map_err(|_| Closed)
    }

    /// The path of the collection.
    fn path(&self, namespace: Option<&str>) -> String {
        match &self.spec.source {
            Source::Cluster(resource) => resource.path(namespace, None),
            Source::Contexts | Source::Resources | Source::Joined => String::new(),
        }
    }

    /// The query that every list and watch of this spec has.
    fn query(&self) -> String {
        let mut query = String::new();
        if matches!(self.spec.decoder, Decoder::Table) {
            let include = if self.spec.readings.is_some() {
                "Object"
            } else {
                "Metadata"
            };
            query.push_str(&format!("&includeObject={include}"));
        }
        if let Some(labels) = &self.spec.labels {
            query.push_str(&format!("&labelSelector={}", segment(labels)));
        }
        let fields: Vec<String> = self
            .spec
            .name
            .iter()
            .map(|name| format!("metadata.name={name}"))
            .chain(self.spec.fields.clone())
            .collect();
        if !fields.is_empty() {
            query.push_str(&format!("&fieldSelector={}", segment(&fields.join(","))));
        }
        query
    }

    fn resets(&self, backoff: &mut DefaultBackoff) {
        Backoff::reset(backoff);
    }
}
