//! What a terminal does with keys before a program sees them: shows them, lets them be taken back, and knows Ctrl-C and Ctrl-D.

use bytes::Bytes;

use super::machine::Terminal;

/// What a key leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Shown at the client.
    Echo(Bytes),
    /// Handed to the program; nothing in it is the end of input for once.
    Input(Bytes),
    /// Ctrl-C.
    Interrupt,
}

/// The line that is being typed.
#[derive(Clone, Debug, Default)]
pub struct Discipline {
    line: Vec<u8>,
    escape: Escape,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Escape {
    #[default]
    None,
    Begun,
    Sequence,
}

impl Discipline {
    /// Takes in what was typed.
    pub fn feed(&mut self, bytes: &[u8], terminal: &Terminal) -> Vec<Act> {
        if terminal.is_raw() {
            return vec![Act::Input(Bytes::copy_from_slice(bytes))];
        }
        let mut acts = Acts {
            acts: Vec::new(),
            echo: terminal.echoes(),
        };
        bytes.iter().for_each(|byte| self.key(*byte, &mut acts));
        acts.acts
    }

    fn key(&mut self, byte: u8, acts: &mut Acts) {
        if self.escaped(byte) {
            return;
        }
        match byte {
            3 => {
                self.line.clear();
                acts.echo(b"^C\r\n");
                acts.acts.push(Act::Interrupt);
            }
            4 if self.line.is_empty() => acts.acts.push(Act::Input(Bytes::new())),
            4 => acts.acts.push(Act::Input(std::mem::take(&mut self.line).into())),
            b'\r' | b'\n' => {
                acts.echo(b"\r\n");
                self.line.push(b'\n');
                acts.acts.push(Act::Input(std::mem::take(&mut self.line).into()));
            }
            8 | 127 => self.back(acts),
            // Ctrl-U takes the line back, Ctrl-W its last word.
            21 => {
                while !self.line.is_empty() {
                    self.back(acts);
                }
            }
            23 => {
                while self.line.last() == Some(&b' ') {
                    self.back(acts);
                }
                while self.line.last().is_some_and(|last| *last != b' ') {
                    self.back(acts);
                }
            }
            byte if byte >= 32 || byte == b'\t' => {
                self.line.push(byte);
                acts.echo(&[byte]);
            }
            _ => {}
        }
    }

    /// Arrows and the like are swallowed: this line has no cursor.
    fn escaped(&mut self, byte: u8) -> bool {
        self.escape = match (self.escape, byte) {
            (Escape::None, 27) => Escape::Begun,
            (Escape::None, _) => return false,
            (Escape::Begun, b'[' | b'O') => Escape::Sequence,
            (Escape::Sequence, b'0'..=b'?') => Escape::Sequence,
            _ => Escape::None,
        };
        true
    }

    fn back(&mut self, acts: &mut Acts) {
        // A letter may be several bytes.
        while self.line.last().is_some_and(|last| last & 0xC0 == 0x80) {
            self.line.pop();
        }
        if self.line.pop().is_some() {
            acts.echo(b"\x08 \x08");
        }
    }
}

struct Acts {
    acts: Vec<Act>,
    echo: bool,
}

impl Acts {
    fn echo(&mut self, bytes: &[u8]) {
        if !self.echo {
            return;
        }
        match self.acts.last_mut() {
            Some(Act::Echo(shown)) => *shown = [shown, bytes].concat().into(),
            _ => self.acts.push(Act::Echo(Bytes::copy_from_slice(bytes))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_make_lines() {
        let terminal = Terminal::default();
        let feed = |keys: &[u8]| Discipline::default().feed(keys, &terminal);
        let echo = |text: &'static str| Act::Echo(Bytes::from_static(text.as_bytes()));
        let input = |text: &'static str| Act::Input(Bytes::from_static(text.as_bytes()));
        assert_eq!(feed(b"ls\r"), [echo("ls\r\n"), input("ls\n")]);
        assert_eq!(feed(b"lx\x7fs\n"), [echo("lx\x08 \x08s\r\n"), input("ls\n")]);
        assert_eq!(feed(b"ab\x03"), [echo("ab^C\r\n"), Act::Interrupt]);
        assert_eq!(feed(b"\x04"), [input("")]);
        assert_eq!(feed(b"a\x1b[1;5Cb\r"), [echo("ab\r\n"), input("ab\n")]);
        assert_eq!(
            feed(b"a b\x17\x15\r"),
            [echo("a b\x08 \x08\x08 \x08\x08 \x08\r\n"), input("\n")]
        );
        terminal.set_echo(false);
        assert_eq!(feed(b"x\r"), [input("x\n")]);
        terminal.set_raw(true);
        assert_eq!(feed(b"\x03"), [input("\x03")]);
    }
}
