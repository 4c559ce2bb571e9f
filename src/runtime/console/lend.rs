//! The whole terminal in the hands of a program in a container: what it writes goes there as far as it may, and keys go to
//! it by way of the shell that has lent it, so that the same key leads back.

use std::io;

use super::Console;
use crate::core::event::{Event, Size};
use crate::core::passage::Passage;
use crate::core::session::{Chunk, SessionId};
use crate::core::store::text_width;
use crate::core::text::clean;
use crate::runtime::machine::{Machine, Message};
use crate::runtime::terminal::Terminal;

/// Who has the terminal.
pub(super) struct Lent {
    session: SessionId,
    passage: Passage,
}

impl Console {
    /// Lends the terminal, or takes it back, as the application wants it now. Answers whether it was taken back.
    pub(super) fn lend(&mut self, machine: &mut Machine) -> io::Result<bool> {
        let wanted = machine.app.lent();
        if wanted == self.lent.as_ref().map(|lent| lent.session) {
            return Ok(false);
        }
        let back = self.lent.take().is_some();
        if back {
            self.terminal.take_back(machine.app.mouse)?;
        }
        if let Some(session) = wanted {
            self.begin(session, machine)?;
        }
        Ok(back)
    }

    fn begin(&mut self, session: SessionId, machine: &Machine) -> io::Result<()> {
        let (app, size) = (&machine.app, Terminal::size()?);
        let Some(layer) = app.layers.last() else { return Ok(()) };
        self.terminal.hand_over(size)?;
        let mut passage = Passage::default();
        let replay = passage.take(layer.replay().as_bytes());
        self.terminal.pass(&replay, passage.is_alternate())?;
        if !passage.is_alternate() {
            let cursor = layer.sheet(&app.layer_cx(&**layer)).cursor;
            let key = app.keymap.key_of("shell", "detach").unwrap_or_else(|| "^]".to_string());
            let hint = app.lang.f("shell.lent", &[("key", &key)]);
            self.terminal.pass(reminder(&hint, cursor, size).as_bytes(), false)?;
        }
        self.lent = Some(Lent { session, passage });
        Ok(())
    }

    /// Hands on what the program that has the terminal wrote.
    pub(super) fn pass(&mut self, message: &Message) -> io::Result<()> {
        let (Some(lent), Message::Event(Event::Stream(session, Chunk::Out(bytes)))) = (&mut self.lent, message) else {
            return Ok(());
        };
        if *session != lent.session {
            return Ok(());
        }
        let passed = lent.passage.take(bytes);
        self.terminal.pass(&passed, lent.passage.is_alternate())
    }
}

/// Which key leads back, in the last line, or in the first where the program writes in the last. It is written over, as
/// anything else is.
fn reminder(hint: &str, cursor: Option<(u16, u16)>, size: Size) -> String {
    let is_last = cursor.is_some_and(|(_, line)| line + 1 >= size.height);
    let line = if is_last { 1 } else { size.height };
    let mut text = clean(hint).into_owned();
    while text_width(&text) >= size.width && text.pop().is_some() {}
    format!("\x1b7\x1b[{line};1H\x1b[2m{text}\x1b[0m\x1b[K\x1b8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reminder_stands_where_nobody_writes_and_leaves_the_cursor() {
        let size = Size { width: 12, height: 5 };
        for (cursor, wanted) in [(Some((3, 1)), 4), (Some((3, 4)), 0), (None, 4)] {
            let cells = |count: u16| std::num::NonZeroU16::new(count).unwrap();
            let mut terminal = vt100::Parser::new(cells(5), cells(12), 0);
            let (x, y) = cursor.unwrap_or((0, 0));
            terminal.process(format!("\x1b[{};{}H", y + 1, x + 1).as_bytes());
            terminal.process(reminder("the key is ^] d", cursor, size).as_bytes());
            let rows: Vec<String> = terminal.screen().rows(0, 12).collect();
            assert_eq!(rows[wanted], "the key is ");
            assert_eq!(terminal.screen().cursor_position(), (y, x));
        }
    }
}
