//! From a key to what it does.

use super::App;
use crate::core::key::{Code, Key};
use crate::core::keymap::{Binding, Lookup};
use crate::core::layer::{Input, Next};
use crate::core::notice::Notice;

impl App {
    pub(super) fn key(&mut self, key: Key) {
        self.dirty = true;
        self.notice = None;
        if self.layers.last().is_some_and(|layer| layer.takes_text()) && is_typed(key) {
            self.pending.clear();
            self.input(Input::Key(key));
            return;
        }
        if self.layers.last().is_some_and(|layer| layer.takes_all()) {
            return self.raw_key(key);
        }
        self.pending.push(key);
        match self.keymap.look_up(self.place(), &self.pending) {
            Lookup::Pending => {}
            Lookup::Bound(binding) => {
                self.pending.clear();
                self.bound(binding);
            }
            Lookup::Unbound if self.pending.len() > 1 && key.code == Code::Esc => self.pending.clear(),
            // What it does not continue, it begins anew.
            Lookup::Unbound if self.pending.len() > 1 => {
                self.pending.clear();
                self.key(key);
            }
            Lookup::Unbound => {
                self.pending.clear();
                self.input(Input::Key(key));
            }
        }
    }

    /// A key of a layer that takes all keys: only what its own place binds is not for what runs in it.
    fn raw_key(&mut self, key: Key) {
        self.pending.push(key);
        match self.keymap.look_up_only(self.place(), &self.pending) {
            Lookup::Pending => {}
            Lookup::Bound(binding) => {
                self.pending.clear();
                self.bound(binding);
                // What is bound there may give the layer more room, or less.
                self.refresh();
            }
            // What was begun with a key of the keymap was not meant for the program.
            Lookup::Unbound if self.pending.len() > 1 => self.pending.clear(),
            Lookup::Unbound => {
                self.pending.clear();
                self.input(Input::Key(key));
            }
        }
    }

    pub(super) fn paste(&mut self, text: String) {
        self.dirty = true;
        self.input(Input::Paste(text));
    }

    fn bound(&mut self, binding: Binding) {
        match binding {
            Binding::Command(command) => self.input(Input::Command(command)),
            Binding::Action(action) => self.follow(Next::Start(action)),
            Binding::Line(line) => self.follow(Next::Line(line.to_string())),
        }
    }

    /// Hands an input to the topmost layer, and what that does not want to the table.
    pub(super) fn input(&mut self, input: Input) {
        let Some(mut layer) = self.layers.pop() else {
            self.table_input(&input);
            return;
        };
        if let Some(reason) = self.held_back(layer.acts(&input)) {
            self.layers.push(layer);
            let text = self.lang.t(&format!("reason.{reason}"));
            return self.say(Notice::warn(text));
        }
        let next = layer.input(&input, &self.layer_cx(&*layer));
        self.layers.push(layer);
        match (next, input) {
            (Next::Ignored, Input::Command(command)) => self.frame_command(command),
            (next, _) => self.follow(next),
        }
    }

    fn table_input(&mut self, input: &Input) {
        if let Input::Command(command) = input {
            self.command(*command);
        }
    }
}

/// Whether a key types a character, or edits what was typed.
fn is_typed(key: Key) -> bool {
    match key.code {
        Code::Char(_) => !key.ctrl && !key.alt,
        Code::Backspace | Code::Delete | Code::Left | Code::Right | Code::Home | Code::End => true,
        _ => false,
    }
}
