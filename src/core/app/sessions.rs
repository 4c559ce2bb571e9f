//! What sessions bring goes to the layer that opened them, and ends with it.

use super::App;
use crate::core::effect::Effect;
use crate::core::layer::{Layer, Next};
use crate::core::session::{Chunk, SessionId};

impl App {
    /// A session brought something. What comes late, for a session that nobody has any more, is dropped here. The other
    /// layers and the table are not looked at: a session may bring thousands of chunks a second.
    pub(super) fn streamed(&mut self, session: SessionId, chunk: Chunk) {
        self.note_chunk(session, &chunk);
        if self.forwarded(session, &chunk) {
            return;
        }
        let Some(at) = self.layers.iter().position(|layer| layer.owns(session)) else {
            return self.streamed_aside(session, chunk);
        };
        let mut layer = self.layers.remove(at);
        let next = layer.stream(session, chunk, &self.layer_cx(&*layer));
        self.layers.insert(at, layer);
        self.dirty = true;
        if !matches!(next, Next::Done | Next::Ignored) {
            self.follow(next);
        }
    }
}

/// What ends with a layer.
pub(super) fn endings(layer: &dyn Layer) -> Vec<Effect> {
    let watches = layer.watches().into_iter().map(Effect::Unwatch);
    let tasks = layer.tasks().into_iter().map(Effect::Cancel);
    let sessions = layer.sessions().into_iter().map(Effect::Close);
    watches.chain(tasks).chain(sessions).collect()
}
