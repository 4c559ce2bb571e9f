//! Keys, mouse and size, read on a thread of their own.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crossterm::event::{
    self, Event as Read, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};
use tokio::sync::mpsc;

use super::machine::Message;
use crate::core::event::{Event, Size};
use crate::core::key::{Code, Key, Mouse, MouseAct};

/// How long the thread waits for input before it looks whether anybody still wants it.
const WAIT: Duration = Duration::from_millis(200);

/// How long it takes to see whether there is input.
const LOOK: Duration = Duration::from_millis(1);

/// The thread that reads the terminal. It can be told to leave the terminal's input to another program.
#[derive(Clone, Default)]
pub struct Keys(Arc<(Mutex<Turn>, Condvar)>);

/// Whose the terminal's input is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Turn {
    /// Ours.
    #[default]
    Ours,
    /// Another program wants it.
    Wanted,
    /// Another program's.
    Theirs,
    /// Ours again, as soon as what was typed for the other program is dropped.
    Back,
}

impl Keys {
    /// Leaves the input to another program: when this returns, nothing is read any more.
    pub fn pause(&self) {
        let mut turn = self.turn();
        *turn = Turn::Wanted;
        let end = Instant::now() + WAIT * 4;
        while *turn == Turn::Wanted && Instant::now() < end {
            // A thread that has ended reads nothing either.
            let waited = self.0.1.wait_timeout(turn, WAIT);
            turn = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Reads again. What was typed for the other program is dropped, and nothing that is typed after this returns: only
    /// then may anything be drawn that a person could answer.
    pub fn resume(&self) {
        let mut turn = self.turn();
        if *turn != Turn::Theirs {
            *turn = Turn::Ours;
            return;
        }
        *turn = Turn::Back;
        self.0.1.notify_all();
        let end = Instant::now() + WAIT;
        while *turn == Turn::Back && Instant::now() < end {
            let waited = self.0.1.wait_timeout(turn, WAIT);
            turn = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while the input is another program's.
    fn give_way(&self) {
        let mut turn = self.turn();
        if *turn == Turn::Ours {
            return;
        }
        *turn = Turn::Theirs;
        self.0.1.notify_all();
        while *turn == Turn::Theirs {
            turn = self.0.1.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        drop(turn);
        // Not for no time at all: then crossterm does not even look.
        while event::poll(LOOK).unwrap_or(false) && event::read().is_ok() {}
        *self.turn() = Turn::Ours;
        self.0.1.notify_all();
    }
}

/// Reads until nobody wants the input any more, or the terminal is gone.
pub fn read(messages: mpsc::Sender<Message>) -> Keys {
    let keys = Keys::default();
    let own = keys.clone();
    std::thread::spawn(move || {
        while !messages.is_closed() {
            own.give_way();
            let read = match event::poll(WAIT) {
                Ok(false) => continue,
                Ok(true) => event::read(),
                Err(error) => Err(error),
            };
            let Ok(read) = read else { return };
            if let Some(event) = translate(read)
                && messages.blocking_send(event.into()).is_err()
            {
                return;
            }
        }
    });
    keys
}

fn translate(read: Read) -> Option<Event> {
    match read {
        Read::Key(key) if key.kind != KeyEventKind::Release => self::key(key).map(Event::Key),
        Read::Paste(text) => Some(Event::Paste(text)),
        Read::Resize(width, height) => Some(Event::Resize(Size { width, height })),
        Read::Mouse(mouse) => {
            let act = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => MouseAct::Click,
                MouseEventKind::ScrollUp => MouseAct::WheelUp,
                MouseEventKind::ScrollDown => MouseAct::WheelDown,
                _ => return None,
            };
            Some(Event::Mouse(Mouse {
                act,
                x: mouse.column,
                y: mouse.row,
            }))
        }
        _ => None,
    }
}

fn key(key: KeyEvent) -> Option<Key> {
    let code = match key.code {
        KeyCode::Char(ch) if !cfg!(windows) && key.modifiers == KeyModifiers::CONTROL => Code::Char(meant(ch)),
        KeyCode::Char(ch) => Code::Char(ch),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::F(number),
        _ => return None,
    };
    let has = |modifier| key.modifiers.contains(modifier);
    // Shift is in the character, and in BackTab.
    let shift = has(KeyModifiers::SHIFT) && !matches!(code, Code::Char(_) | Code::BackTab);
    // AltGr arrives as control and alt on Windows, with the character that it makes.
    let alt_gr = cfg!(windows) && has(KeyModifiers::CONTROL) && has(KeyModifiers::ALT) && matches!(code, Code::Char(_));
    Some(Key {
        code,
        ctrl: has(KeyModifiers::CONTROL) && !alt_gr,
        alt: has(KeyModifiers::ALT) && !alt_gr,
        shift,
    })
}

/// The key that makes a control character which crossterm names after a digit: a terminal sends 0x1d for Ctrl-].
fn meant(ch: char) -> char {
    match ch {
        '4' => '\\',
        '5' => ']',
        '6' => '^',
        '7' => '_',
        _ => ch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_keys_are_ours() {
        let event = |code, modifiers| key(KeyEvent::new(code, modifiers));
        assert_eq!(event(KeyCode::Char('G'), KeyModifiers::SHIFT), Key::parse("G"));
        assert_eq!(event(KeyCode::Char('d'), KeyModifiers::CONTROL), Key::parse("ctrl-d"));
        assert_eq!(event(KeyCode::BackTab, KeyModifiers::SHIFT), Key::parse("shift-tab"));
        if !cfg!(windows) {
            assert_eq!(event(KeyCode::Char('5'), KeyModifiers::CONTROL), Key::parse("ctrl-]"));
        }
        assert_eq!(event(KeyCode::CapsLock, KeyModifiers::NONE), None);
    }
}
