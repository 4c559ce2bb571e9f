//! From keys, the mouse and pasted text to the bytes that a terminal of xterm's kind sends for them.

use crate::core::key::{Code, Key, Mouse, MouseAct};

/// How a program wants to be told of the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseBytes {
    /// Three bytes, places up to 223.
    Old,
    /// Numbers (SGR).
    Sgr,
}

/// The bytes of a key. `application` is whether the program asked for the cursor keys' other form (DECCKM).
pub fn key(key: Key, application: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let modifier = 1 + u8::from(key.shift) + 2 * u8::from(key.alt) + 4 * u8::from(key.ctrl);
    match key.code {
        Code::Char(ch) => {
            bytes.extend(key.alt.then_some(0x1b));
            match control(ch).filter(|_| key.ctrl) {
                Some(byte) => bytes.push(byte),
                None => bytes.extend(ch.to_string().bytes()),
            }
        }
        Code::Enter => plain(&mut bytes, key, b"\r"),
        Code::Esc => plain(&mut bytes, key, b"\x1b"),
        Code::Tab => plain(&mut bytes, key, b"\t"),
        Code::Backspace => plain(&mut bytes, key, if key.ctrl { b"\x08" } else { b"\x7f" }),
        Code::BackTab => bytes.extend(b"\x1b[Z"),
        Code::Up => cursor(&mut bytes, b'A', modifier, application),
        Code::Down => cursor(&mut bytes, b'B', modifier, application),
        Code::Right => cursor(&mut bytes, b'C', modifier, application),
        Code::Left => cursor(&mut bytes, b'D', modifier, application),
        Code::Home => cursor(&mut bytes, b'H', modifier, application),
        Code::End => cursor(&mut bytes, b'F', modifier, application),
        Code::Insert => tilde(&mut bytes, 2, modifier),
        Code::Delete => tilde(&mut bytes, 3, modifier),
        Code::PageUp => tilde(&mut bytes, 5, modifier),
        Code::PageDown => tilde(&mut bytes, 6, modifier),
        Code::F(number @ 1..=4) => cursor(&mut bytes, b'P' + number - 1, modifier, true),
        Code::F(number) => {
            const NUMBERS: [u8; 8] = [15, 17, 18, 19, 20, 21, 23, 24];
            if let Some(number) = NUMBERS.get(usize::from(number).wrapping_sub(5)) {
                tilde(&mut bytes, *number, modifier);
            }
        }
    }
    bytes
}

/// The control character of a key, where it makes one.
fn control(ch: char) -> Option<u8> {
    match ch {
        ' ' | '@' => Some(0),
        'a'..='z' | 'A'..='Z' | '[' | '\\' | ']' | '^' | '_' => u8::try_from(ch).ok().map(|byte| byte & 0x1f),
        '?' => Some(0x7f),
        _ => None,
    }
}

fn plain(bytes: &mut Vec<u8>, key: Key, of: &[u8]) {
    bytes.extend(key.alt.then_some(0x1b));
    bytes.extend(of);
}

fn cursor(bytes: &mut Vec<u8>, last: u8, modifier: u8, application: bool) {
    match (modifier, application) {
        (1, true) => bytes.extend([0x1b, b'O', last]),
        (1, false) => bytes.extend([0x1b, b'[', last]),
        _ => bytes.extend(format!("\x1b[1;{modifier}{}", char::from(last)).bytes()),
    }
}

fn tilde(bytes: &mut Vec<u8>, number: u8, modifier: u8) {
    let text = if modifier == 1 {
        format!("\x1b[{number}~")
    } else {
        format!("\x1b[{number};{modifier}~")
    };
    bytes.extend(text.bytes());
}

/// The bytes of what the mouse did: a click is pressed and released.
pub fn mouse(mouse: Mouse, form: MouseBytes) -> Vec<u8> {
    let (button, release) = match mouse.act {
        MouseAct::Click => (0, true),
        MouseAct::WheelUp => (64, false),
        MouseAct::WheelDown => (65, false),
    };
    let (x, y) = (u32::from(mouse.x) + 1, u32::from(mouse.y) + 1);
    match form {
        MouseBytes::Sgr => {
            let mut text = format!("\x1b[<{button};{x};{y}M");
            if release {
                text.push_str(&format!("\x1b[<{button};{x};{y}m"));
            }
            text.into_bytes()
        }
        MouseBytes::Old => {
            let place = |at: u32| u8::try_from(at + 32).unwrap_or(u8::MAX);
            let mut bytes = vec![0x1b, b'[', b'M', 32 + button, place(x), place(y)];
            if release {
                bytes.extend([0x1b, b'[', b'M', 32 + 3, place(x), place(y)]);
            }
            bytes
        }
    }
}

/// The bytes of pasted text: what steers a terminal is left out, so that no paste ends before its end.
pub fn paste(text: &str, bracketed: bool) -> Vec<u8> {
    let text = text.replace("\r\n", "\r").replace('\n', "\r");
    let harmless = |ch: &char| !ch.is_control() || matches!(ch, '\r' | '\t');
    let text: String = text.chars().filter(harmless).collect();
    if bracketed {
        format!("\x1b[200~{text}\x1b[201~").into_bytes()
    } else {
        text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_xterms() {
        for (name, application, wanted) in [
            ("a", false, &b"a"[..]),
            ("alt-a", false, b"\x1ba"),
            ("ctrl-c", false, b"\x03"),
            ("ctrl-]", false, b"\x1d"),
            ("ctrl-space", false, b"\0"),
            ("enter", false, b"\r"),
            ("backspace", false, b"\x7f"),
            ("tab", false, b"\t"),
            ("shift-tab", false, b"\x1b[Z"),
            ("up", false, b"\x1b[A"),
            ("up", true, b"\x1bOA"),
            ("ctrl-left", true, b"\x1b[1;5D"),
            ("delete", false, b"\x1b[3~"),
            ("shift-pageup", false, b"\x1b[5;2~"),
            ("f1", false, b"\x1bOP"),
            ("f5", false, b"\x1b[15~"),
            ("f12", false, b"\x1b[24~"),
            ("f20", false, b""),
        ] {
            assert_eq!(key(Key::parse(name).unwrap(), application), wanted, "{name}");
        }
        assert_eq!(key(Key::plain(Code::Char('é')), false), "é".as_bytes());
    }

    #[test]
    fn the_mouse_is_told_in_both_forms() {
        let at = |act| Mouse { act, x: 2, y: 300 };
        assert_eq!(
            mouse(at(MouseAct::Click), MouseBytes::Sgr),
            b"\x1b[<0;3;301M\x1b[<0;3;301m"
        );
        assert_eq!(mouse(at(MouseAct::WheelUp), MouseBytes::Old), b"\x1b[M\x60\x23\xff");
    }

    #[test]
    fn a_paste_cannot_end_itself() {
        assert_eq!(paste("a\r\nb\nc", false), b"a\rb\rc");
        assert_eq!(
            paste("x\x1b[201~rm -rf /\n", true),
            b"\x1b[200~x[201~rm -rf /\r\x1b[201~"
        );
    }
}
