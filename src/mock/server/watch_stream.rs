//! The stream of a watch: what there is, then what happens, then the end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderValue, header};
use serde_json::{Value, json};
use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use super::accept::Shape;
use super::answer::{encode, shape, value_of};
use super::call::Call;
use super::error::ApiError;
use super::list::Selection;
use crate::mock::kinds::convert;
use crate::mock::storage::{Change, ChangeKind, Object};

/// How often a quiet watch tells how far it has seen.
const BOOKMARK_EVERY: Duration = Duration::from_secs(60);
/// How many changes are taken from the store at once.
const BATCH: usize = 256;

/// A watch under way.
pub struct Watch {
    call: Call,
    selection: Selection,
    /// The version up to which changes were seen.
    seen: u64,
    /// What there was at the start and is still to be told.
    present: VecDeque<Arc<Object>>,
    waiting: VecDeque<Bytes>,
    bell: Receiver<u64>,
    bookmarks: bool,
    /// Whether a table has named its columns yet.
    columns_sent: bool,
    done: bool,
}

impl Watch {
    /// A watch from a version on. `listed`: what there is comes first. `marked`: a bookmark says where that ends.
    #[must_use]
    pub fn new(call: Call, selection: Selection, seen: u64, listed: bool, marked: bool, bookmarks: bool) -> Self {
        let bell = call.api.store.bell(&call.kind.table);
        let (present, waiting) = (VecDeque::new(), VecDeque::new());
        let mut watch = Self {
            call,
            selection,
            seen,
            present,
            waiting,
            bell,
            bookmarks,
            columns_sent: false,
            done: false,
        };
        if listed {
            watch.queue_present();
            if marked && bookmarks {
                let mark = watch.bookmark(true);
                watch.waiting.push_back(mark);
            }
        }
        watch
    }

    fn queue_present(&mut self) {
        let listing = self
            .call
            .api
            .store
            .list(&self.call.kind.table, self.call.namespace.as_deref());
        self.seen = listing.version;
        self.present = listing
            .objects
            .into_iter()
            .filter(|object| self.selection.matches(object))
            .collect();
    }

    /// Takes what has happened from the store; a version that is gone ends the watch with an error.
    fn queue_changes(&mut self) {
        let changes = match self.call.api.store.changes(&self.call.kind.table, self.seen, BATCH) {
            Ok(changes) => changes,
            Err(expired) => {
                let status = ApiError::expired(expired).status();
                self.waiting.push_back(event("ERROR", status.to_string().as_bytes()));
                self.done = true;
                return;
            }
        };
        for change in changes {
            self.seen = change.object.version;
            if let Some(line) = self.line_of(&change) {
                self.waiting.push_back(line);
            }
        }
    }

    /// The event that a change is for this watch: an object that leaves the selection is deleted for it.
    fn line_of(&mut self, change: &Arc<Change>) -> Option<Bytes> {
        if self
            .call
            .namespace
            .as_deref()
            .is_some_and(|namespace| change.object.namespace() != namespace)
        {
            return None;
        }
        let before = change
            .previous
            .as_ref()
            .is_some_and(|object| self.selection.matches(object));
        let after = change.kind != ChangeKind::Deleted && self.selection.matches(&change.object);
        let kind = match (before, after) {
            (false, false) => return None,
            (false, true) => ChangeKind::Added,
            (true, true) => ChangeKind::Modified,
            (true, false) => ChangeKind::Deleted,
        };
        if kind == change.kind && self.call.accept.shape == Shape::Object && !convert::converts(&self.call.kind) {
            let encoded = || event(kind.event_type(), &encode(&self.call.kind, &change.object));
            return Some(change.line.get_or_init(encoded).clone());
        }
        if kind == ChangeKind::Deleted && change.kind != ChangeKind::Deleted {
            // What leaves the selection is shown as it was inside it, under the version of the change.
            let previous = change.previous.as_ref()?;
            let last = Object::encode(previous.decode(), change.object.version, &[]);
            return Some(self.line(kind, &last));
        }
        Some(self.line(kind, &change.object))
    }

    fn line(&mut self, kind: ChangeKind, object: &Object) -> Bytes {
        if self.call.accept.shape == Shape::Object {
            return event(kind.event_type(), &encode(&self.call.kind, object));
        }
        let shaped = shape(&self.call, value_of(&self.call.kind, object), !self.columns_sent);
        self.columns_sent = true;
        event(kind.event_type(), shaped.to_string().as_bytes())
    }

    /// An event that only tells the version seen; `end` marks the end of the initial events.
    fn bookmark(&mut self, end: bool) -> Bytes {
        let mut metadata = json!({"resourceVersion": self.seen.to_string()});
        if end {
            metadata["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        let kind = &self.call.kind;
        let object = json!({"kind": kind.kind, "apiVersion": kind.api_version(), "metadata": metadata});
        let shaped = match self.call.accept.shape {
            Shape::Table => self.table_bookmark(&object),
            _ => shape(&self.call, object, false),
        };
        event("BOOKMARK", shaped.to_string().as_bytes())
    }

    /// In a table the end of the initial events is told by the row's object.
    fn table_bookmark(&self, object: &Value) -> Value {
        let mut table = shape(&self.call, object.clone(), !self.columns_sent);
        table["rows"][0]["cells"] = json!([]);
        table["rows"][0]["object"] = super::answer::partial(self.call.accept, object);
        table
    }

    /// The next line; none when the watch is over.
    async fn next(&mut self, deadline: Instant) -> Option<Bytes> {
        loop {
            if let Some(object) = self.present.pop_front() {
                return Some(self.line(ChangeKind::Added, &object));
            }
            if let Some(line) = self.waiting.pop_front() {
                return Some(line);
            }
            if self.done {
                return None;
            }
            self.bell.mark_unchanged();
            self.queue_changes();
            if !self.waiting.is_empty() || self.done {
                continue;
            }
            if self.call.api.store.version_of(&self.call.kind.table) > self.seen {
                continue;
            }
            tokio::select! {
                changed = self.bell.changed() => self.done = changed.is_err(),
                () = tokio::time::sleep_until(deadline) => self.done = true,
                () = tokio::time::sleep(BOOKMARK_EVERY), if self.bookmarks => {
                    self.seen = self.seen.max(self.call.api.store.version_of(&self.call.kind.table));
                    let mark = self.bookmark(false);
                    self.waiting.push_back(mark);
                }
            }
        }
    }
}

/// A watch event as a line.
fn event(kind: &str, object: &[u8]) -> Bytes {
    let mut line = BytesMut::with_capacity(object.len() + 40);
    line.put_slice(b"{\"type\":\"");
    line.put_slice(kind.as_bytes());
    line.put_slice(b"\",\"object\":");
    line.put_slice(object);
    line.put_slice(b"}\n");
    line.freeze()
}

/// The answer that streams a watch until its time is over.
#[must_use]
pub fn respond(watch: Watch, patience: Duration) -> Response {
    let deadline = Instant::now() + patience;
    let lines = futures::stream::unfold(watch, move |mut watch| async move {
        let line = watch.next(deadline).await?;
        Some((Ok::<_, std::convert::Infallible>(line), watch))
    });
    let mut response = Response::new(Body::from_stream(lines));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
