//! Keys and the mouse, free of any terminal library.

use std::fmt;

/// Which key, without modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A character, as typed: shift is in the character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key.
    F(u8),
}

/// A key with its modifiers. Shift counts only with keys that are no characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// With control.
    pub ctrl: bool,
    /// With alt.
    pub alt: bool,
    /// With shift.
    pub shift: bool,
}

const NAMED: &[(&str, Code)] = &[
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backtab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("space", Code::Char(' ')),
    ("minus", Code::Char('-')),
];

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    /// A key by its name in keymaps and `--keys`: `j`, `G`, `ctrl-d`, `alt-enter`, `space`, `f5`.
    pub fn parse(name: &str) -> Option<Self> {
        let mut key = Self::plain(Code::Esc);
        let mut rest = name;
        while let Some((head, tail)) = rest
            .split_once('-')
            .filter(|(head, tail)| !head.is_empty() && !tail.is_empty())
        {
            match head {
                "ctrl" => key.ctrl = true,
                "alt" => key.alt = true,
                "shift" => key.shift = true,
                _ => return None,
            }
            rest = tail;
        }
        key.code = code(rest)?;
        if key.shift {
            // Shift is in the character: "shift-a" is "A".
            match key.code {
                Code::Char(ch) if ch.is_ascii_lowercase() => {
                    (key.code, key.shift) = (Code::Char(ch.to_ascii_uppercase()), false)
                }
                Code::Char(_) => return None,
                Code::Tab => (key.code, key.shift) = (Code::BackTab, false),
                _ => {}
            }
        }
        Some(key)
    }
}

fn code(name: &str) -> Option<Code> {
    let mut chars = name.chars();
    if let (Some(ch), None) = (chars.next(), chars.next()) {
        return (!ch.is_control()).then_some(Code::Char(ch));
    }
    if let Some(number) = name.strip_prefix('f').and_then(|number| number.parse::<u8>().ok()) {
        return (1..=24).contains(&number).then_some(Code::F(number));
    }
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
}

impl fmt::Display for Key {
    /// As a person reads it on the screen: `^D`, `⏎`, `Esc`, `j`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            out.write_str("^")?;
        }
        if self.alt {
            out.write_str("M-")?;
        }
        if self.shift {
            out.write_str("S-")?;
        }
        match self.code {
            Code::Char(' ') => out.write_str("Space"),
            Code::Char(ch) if self.ctrl => write!(out, "{}", ch.to_ascii_uppercase()),
            Code::Char(ch) => write!(out, "{ch}"),
            Code::Enter => out.write_str("⏎"),
            Code::Esc => out.write_str("Esc"),
            Code::Tab => out.write_str("Tab"),
            Code::BackTab => out.write_str("S-Tab"),
            Code::Backspace => out.write_str("⌫"),
            Code::Delete => out.write_str("Del"),
            Code::Insert => out.write_str("Ins"),
            Code::Up => out.write_str("↑"),
            Code::Down => out.write_str("↓"),
            Code::Left => out.write_str("←"),
            Code::Right => out.write_str("→"),
            Code::Home => out.write_str("Home"),
            Code::End => out.write_str("End"),
            Code::PageUp => out.write_str("PgUp"),
            Code::PageDown => out.write_str("PgDn"),
            Code::F(number) => write!(out, "F{number}"),
        }
    }
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseAct {
    /// The left button went down.
    Click,
    /// The wheel turned up.
    WheelUp,
    /// The wheel turned down.
    WheelDown,
}

/// The mouse, and where: cells from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub act: MouseAct,
    /// Column.
    pub x: u16,
    /// Row.
    pub y: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_keys() {
        let ctrl_d = Key {
            ctrl: true,
            ..Key::plain(Code::Char('d'))
        };
        for (name, key) in [
            ("j", Some(Key::plain(Code::Char('j')))),
            ("G", Some(Key::plain(Code::Char('G')))),
            ("shift-g", Some(Key::plain(Code::Char('G')))),
            ("-", Some(Key::plain(Code::Char('-')))),
            ("ctrl-d", Some(ctrl_d)),
            ("shift-tab", Some(Key::plain(Code::BackTab))),
            ("space", Some(Key::plain(Code::Char(' ')))),
            ("f12", Some(Key::plain(Code::F(12)))),
            ("f99", None),
            ("hyper-x", None),
            ("", None),
            ("nokey", None),
        ] {
            assert_eq!(Key::parse(name), key, "{name}");
        }
        assert_eq!(ctrl_d.to_string(), "^D");
    }
}
