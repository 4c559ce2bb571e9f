//! Layers in which something runs: laid aside and put on top again, and asked for before everything is left.

use super::App;
use super::sessions::endings;
use crate::core::layer::Next;
use crate::core::notice::Notice;
use crate::core::session::{Chunk, SessionId};

impl App {
    /// How many layers have something running in them.
    pub(super) fn running(&self) -> usize {
        let layers = self.layers.iter().chain(&self.aside);
        let running = layers.filter_map(|layer| layer.running(&self.layer_cx(&**layer)));
        running.filter(|running| !running.is_over).count()
    }

    /// Runs a command in the container of the row under the cursor: with all that keeps a shell from being opened.
    pub(super) fn exec(&mut self, command: Vec<String>) {
        let Some(shell) = self.registry.action("exec") else {
            return;
        };
        let cx = self.action_cx();
        let next = match self.barrier(shell, &cx) {
            Some(barrier) => Next::Notice(Notice::warn(self.barrier_text(&barrier))),
            None => cx
                .targets()
                .first()
                .map_or(Next::Done, |target| (self.registry.makers.exec)(target, command)),
        };
        self.follow(next);
    }

    pub(super) fn lay_aside(&mut self) {
        self.aside.extend(self.layers.pop());
    }

    /// Puts a layer on top again. One that ended meanwhile has nothing to show any more.
    pub(super) fn resume(&mut self, session: SessionId) {
        let Some(at) = self.aside.iter().position(|layer| layer.owns(session)) else {
            return;
        };
        let mut layer = self.aside.remove(at);
        let next = layer.refresh(&self.layer_cx(&*layer));
        self.layers.push(layer);
        self.follow(next);
    }

    pub(super) fn drop_aside(&mut self, session: SessionId) {
        if let Some(at) = self.aside.iter().position(|layer| layer.owns(session)) {
            let layer = self.aside.remove(at);
            self.carry_out(endings(&*layer));
        }
    }

    /// A session of a layer that was laid aside brought something.
    pub(super) fn streamed_aside(&mut self, session: SessionId, chunk: Chunk) {
        let Some(at) = self.aside.iter().position(|layer| layer.owns(session)) else {
            return;
        };
        let mut layer = self.aside.remove(at);
        let next = layer.stream(session, chunk, &self.layer_cx(&*layer));
        self.aside.insert(at, layer);
        // Only what concerns nobody else: another layer is on top.
        if matches!(next, Next::Effects(_) | Next::Notice(_)) {
            self.dirty = true;
            self.follow(next);
        }
    }
}
