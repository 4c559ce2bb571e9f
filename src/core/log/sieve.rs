//! What of a line may reach a terminal: its text and its colours (SGR), nothing else. Titles, clipboards, queries,
//! pictures and whatever else steers a terminal are taken out, each with all that belongs to it.

use vte::{Params, Parser, Perform};

/// The character that begins a sequence. In sieved text nothing but a colour follows it: `ESC [ 1;31 m`.
pub const ESC: char = '\u{1b}';

/// Puts what may be seen of a line behind `out`. Answers whether colours are among it. Bytes that are no UTF-8 become
/// U+FFFD. Of a line that was written over itself, as progress bars are, the last state is taken.
pub fn sieve(line: &[u8], out: &mut String) -> bool {
    if line.iter().all(|byte| (0x20..0x7f).contains(byte)) {
        // Bytes in that range are characters: nothing is lost.
        out.push_str(&String::from_utf8_lossy(line));
        return false;
    }
    let mut taker = Taker { out, coloured: false };
    let mut parser = Parser::new();
    parser.advance(&mut taker, last_state(line));
    if parser_is_waiting(line) {
        // A character that was cut in two at the end is none.
        taker.print(char::REPLACEMENT_CHARACTER);
    }
    taker.coloured
}

/// What stands there when a line has been written over itself.
fn last_state(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match memchr::memrchr(b'\r', line) {
        Some(at) => line.get(at + 1..).unwrap_or_default(),
        None => line,
    }
}

/// Whether the last character of the line is not whole.
fn parser_is_waiting(line: &[u8]) -> bool {
    let line = last_state(line);
    let tail = line.get(line.len().saturating_sub(4)..).unwrap_or_default();
    // The tail may begin inside of a character; from its first one on it counts.
    let start = tail.iter().position(|byte| byte & 0xc0 != 0x80).unwrap_or(tail.len());
    match std::str::from_utf8(tail.get(start..).unwrap_or_default()) {
        Ok(_) => false,
        Err(error) => error.error_len().is_none(),
    }
}

struct Taker<'a> {
    out: &'a mut String,
    coloured: bool,
}

impl Perform for Taker<'_> {
    fn print(&mut self, ch: char) {
        if crate::core::text::is_harmless(ch) {
            self.out.push(ch);
        }
    }

    fn execute(&mut self, byte: u8) {
        if byte == b'\t' {
            self.out.push('\t');
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        if action != 'm' || ignore || !intermediates.is_empty() {
            return;
        }
        self.coloured = true;
        self.out.push(ESC);
        self.out.push('[');
        for (at, param) in params.iter().enumerate() {
            for (part, number) in param.iter().enumerate() {
                match (at, part) {
                    (0, 0) => {}
                    (_, 0) => self.out.push(';'),
                    _ => self.out.push(':'),
                }
                self.out.push_str(&number.to_string());
            }
        }
        self.out.push('m');
    }
}

/// The text without its colours.
pub fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(ESC) {
        out.push_str(before);
        rest = after.split_once('m').map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sieved(line: &[u8]) -> String {
        let mut out = String::new();
        sieve(line, &mut out);
        out
    }

    #[test]
    fn colours_stay_and_what_steers_goes() {
        for (line, wanted) in [
            (&b"hello"[..], "hello"),
            (b"\x1b[1;31mred\x1b[0m", "\u{1b}[1;31mred\u{1b}[0m"),
            (b"\x1b[38:2::1:2:3mx", "\u{1b}[38:2:0:1:2:3mx"),
            (b"a\x1b]0;title\x07b", "ab"),
            (b"a\x1b]52;c;ZXZpbA==\x1b\\b", "ab"),
            (b"a\x1b[6nb\x1b[cc\x1b[>0qd", "abcd"),
            (b"a\x1bPq#0;2;0;0;0#0~~@@vv\x1b\\b", "ab"),
            (b"a\x1b[201~b\x1b[?1049hc\x1b[2Jd", "abcd"),
            (b"a\x1b_Gf=24;AAAA\x1b\\b\x1b^pm\x1b\\c", "abc"),
            (b"a\x1b[>4;1mb", "ab"),
            (b"a\x1b]0;never ends", "a"),
            (b"10%\r20%\r100%\r", "100%"),
            (b"crlf\r", "crlf"),
            (b"a\tb\x08\x00\x7fc", "a\tbc"),
            ("日本語\u{202e}x\u{9b}31m".as_bytes(), "日本語x31m"),
            (b"\xff\xfea", "\u{fffd}\u{fffd}a"),
            (b"cut \xe3\x81", "cut \u{fffd}"),
        ] {
            assert_eq!(sieved(line), wanted, "{}", String::from_utf8_lossy(line));
        }
        assert_eq!(bare("\u{1b}[1;31mred\u{1b}[0m!"), "red!");
    }

    proptest! {
        #[test]
        fn nothing_but_colours_is_left(bytes in prop::collection::vec(prop_oneof![
            any::<u8>(), Just(0x1b), Just(b'['), Just(b']'), Just(b';'), Just(b'm'), Just(b'P'), Just(0x9b), Just(0xc2)
        ], 0..80)) {
            let text = sieved(&bytes);
            for after in text.split(ESC).skip(1) {
                let (parameters, _) = after.strip_prefix('[').unwrap().split_once('m').unwrap();
                prop_assert!(parameters.chars().all(|ch| ch.is_ascii_digit() || ch == ';' || ch == ':'));
            }
            prop_assert!(!bare(&text).chars().any(|ch| ch.is_control() && ch != '\t'));
        }
    }
}
