//! Keys, mouse and size, read on a thread of their own.

use std::time::Duration;

use crossterm::event::{
    self, Event as Read, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};
use tokio::sync::{mpsc, watch};

use super::machine::Message;
use crate::core::event::{Event, Size};
use crate::core::key::{Code, Key, Mouse, MouseAct};

/// How long the thread waits for input before it looks whether anybody still wants it: so long, at most, an editor waits
/// for its terminal.
const WAIT: Duration = Duration::from_millis(200);

/// Who reads: konn, or a program that it left the terminal to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// konn.
    Konn,
    /// konn does not begin to read any more.
    Pausing,
    /// konn does not read.
    Another,
}

/// Reads until nobody wants the input any more, or the terminal is gone; and not while another does.
pub fn read(messages: mpsc::Sender<Message>, reader: watch::Sender<Reader>) {
    std::thread::spawn(move || {
        while !messages.is_closed() {
            reader.send_if_modified(|now| {
                let then = rested(*now);
                std::mem::replace(now, then) != then
            });
            if *reader.borrow() != Reader::Konn {
                std::thread::sleep(PAUSE);
                continue;
            }
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
}

/// How often the thread looks whether konn reads again.
const PAUSE: Duration = Duration::from_millis(20);

/// What follows once the thread has seen it: that it does not read.
fn rested(reader: Reader) -> Reader {
    match reader {
        Reader::Pausing => Reader::Another,
        other => other,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_keys_are_ours() {
        let event = |code, modifiers| key(KeyEvent::new(code, modifiers));
        assert_eq!(event(KeyCode::Char('G'), KeyModifiers::SHIFT), Key::parse("G"));
        assert_eq!(event(KeyCode::Char('d'), KeyModifiers::CONTROL), Key::parse("ctrl-d"));
        assert_eq!(event(KeyCode::BackTab, KeyModifiers::SHIFT), Key::parse("shift-tab"));
        assert_eq!(event(KeyCode::CapsLock, KeyModifiers::NONE), None);
    }
}
