//! The changes that follow a list.

use std::time::{Duration, Instant};

use bytes::BytesMut;
use http_body_util::BodyExt;
use kube::client::Body;
use kube::core::Status;
use kube::runtime::watcher::DefaultBackoff;
use serde_json::Value;

use super::decode::Change;
use super::framing::Lines;
use super::identity::Server;
use super::{Closed, Watch, table};
use crate::core::store::{Delta, Part};
use crate::core::trouble::{Trouble, TroubleKind};
use crate::core::watch::Decoder;
use crate::runtime::answer;

/// How long the server is asked to keep a watch, in seconds. Short, so that a connection that died in silence is
/// missed soon; a watch is begun again where it ended, without a list.
const SECONDS: u64 = 60;

/// How much longer than that is waited for its end.
const GRACE: Duration = Duration::from_secs(15);

/// Servers and clients do not count alike to the second.
const TICK: Duration = Duration::from_secs(2);

/// How a watch ended.
pub enum Ended {
    /// By its time; it goes on from this version.
    Whole(String),
    /// The version is too old: a list is needed.
    TooOld,
    /// It broke.
    Broken(Trouble),
}

impl Watch {
    /// Watches a part from a version on, until that ends.
    pub(super) async fn stream(
        &self,
        part: &Part,
        namespace: Option<&str>,
        mut version: String,
        backoff: &mut DefaultBackoff,
        server: &mut Server,
    ) -> Result<Ended, Closed> {
        let path = format!(
            "{}?watch=true&allowWatchBookmarks=true&timeoutSeconds={SECONDS}&resourceVersion={version}{}",
            self.path(namespace),
            self.query()
        );
        let opened = match self.request(&path) {
            Ok(request) => answer::open_whole(&self.connected, request).await,
            Err(trouble) => Err(trouble),
        };
        let opened = match opened {
            Ok(opened) if server.is_another(&opened) => return Ok(Ended::TooOld),
            Ok(opened) => opened,
            Err(trouble) if trouble.kind == TroubleKind::Gone => return Ok(Ended::TooOld),
            Err(trouble) => return Ok(Ended::Broken(trouble)),
        };
        self.resets(backoff);
        self.send(vec![Delta::Live(part.clone())]).await?;
        let (begun, agreed, from) = (Instant::now(), Duration::from_secs(SECONDS), version.clone());
        let ended = tokio::time::timeout(agreed + GRACE, self.changes(opened.into_body(), &mut version)).await;
        // An end before the agreed time is that of a server or of what stands before it. One that told nothing, not even
        // how far it is, may be waiting for a version of another cluster.
        if begun.elapsed() + TICK < agreed || ended.is_err() || version == from {
            server.lose();
        }
        // Silence beyond the agreed time: the connection is dead, the version is not.
        ended.unwrap_or(Ok(Ended::Whole(version)))
    }

    async fn changes(&self, body: Body, version: &mut String) -> Result<Ended, Closed> {
        let mut body = std::pin::pin!(body);
        let mut lines = Lines::default();
        loop {
            let frame = match body.frame().await {
                None => return Ok(Ended::Whole(version.clone())),
                Some(Err(error)) => return Ok(Ended::Broken(self.connected.trouble(&error))),
                Some(Ok(frame)) => frame,
            };
            let Ok(data) = frame.into_data() else { continue };
            if lines.push(&data).is_err() {
                return Ok(Ended::Broken(Trouble::new(TroubleKind::Other, "trouble.too_large")));
            }
            let mut deltas = Vec::new();
            let mut ended = None;
            while let Some(line) = lines.next_line() {
                match self.change(&line, version) {
                    Ok(changed) => deltas.extend(changed),
                    Err(end) => {
                        ended = Some(end);
                        break;
                    }
                }
            }
            self.send(deltas).await?;
            if let Some(ended) = ended {
                return Ok(ended);
            }
        }
    }

    /// What a line says. A line that is no change of an object costs itself only.
    fn change(&self, line: &BytesMut, version: &mut String) -> Result<Vec<Delta>, Ended> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(Vec::new());
        }
        let change: Change = match serde_json::from_slice(line) {
            Ok(change) => change,
            Err(error) => return Ok(vec![Delta::Broken(error.to_string())]),
        };
        match change.what.as_str() {
            "ERROR" => Err(self.error(change.object.get())),
            "BOOKMARK" => {
                let object: Value = serde_json::from_str(change.object.get()).unwrap_or_default();
                if let Some(at) = table::bookmark(&object) {
                    *version = at.to_string();
                }
                Ok(Vec::new())
            }
            _ => {
                let deltas = self.reader.change(&change);
                if matches!(self.spec.decoder, Decoder::Parts(_)) {
                    // Parts have versions of their own.
                    if let Some(at) = change.version() {
                        *version = at;
                    }
                    return Ok(deltas);
                }
                for delta in &deltas {
                    if let Delta::Apply(object) | Delta::Delete(object) = delta {
                        let at = &object.meta().resource_version;
                        if !at.is_empty() {
                            *version = at.to_string();
                        }
                    }
                }
                Ok(deltas)
            }
        }
    }

    fn error(&self, status: &str) -> Ended {
        match serde_json::from_str::<Status>(status) {
            Ok(status) if status.code == 410 => Ended::TooOld,
            Ok(status) => Ended::Broken(self.connected.trouble(&kube::Error::Api(Box::new(status)))),
            Err(_) => Ended::TooOld,
        }
    }
}
