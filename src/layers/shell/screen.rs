//! The terminal of a program: its bytes become cells, and cells become lines. Nothing of what it writes goes anywhere else.

use std::num::NonZeroU16;

use vt100::{Color, MouseProtocolEncoding, MouseProtocolMode};

use super::keys::MouseBytes;
use crate::core::event::Size;
use crate::core::ink::{Hue, Ink};
use crate::core::text::{Line, Span, Tone, clean};

/// How many lines are kept of what has left the screen: with 200 columns about 13 MB.
const SCROLLBACK: usize = 2_000;

/// The smallest terminal: emulators make nonsense of less.
const LEAST: Size = Size { width: 4, height: 2 };

/// The largest: what takes part in the memory's bound.
const MOST: Size = Size {
    width: 500,
    height: 300,
};

/// The emulator.
pub struct Screen {
    parser: vt100::Parser,
    size: Size,
    /// Whether line ends are made whole: nobody does that for a program without a terminal.
    whole: bool,
    last: u8,
}

impl Screen {
    /// One of this size. `tty` is whether the program has a terminal of its own.
    pub fn new(size: Size, tty: bool) -> Self {
        let size = bounded(size);
        Self {
            parser: vt100::Parser::new(cells(size.height), cells(size.width), SCROLLBACK),
            size,
            whole: !tty,
            last: 0,
        }
    }

    /// Its size.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Takes what the program wrote.
    pub fn take(&mut self, bytes: &[u8]) {
        if !self.whole {
            return self.parser.process(bytes);
        }
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ends) = match line.split_last() {
                Some((b'\n', text)) => (text, true),
                _ => (line, false),
            };
            self.parser.process(text);
            let before = text.last().copied().unwrap_or(self.last);
            if ends {
                self.parser.process(if before == b'\r' { b"\n" } else { b"\r\n" });
            }
            self.last = line.last().copied().unwrap_or_default();
        }
    }

    /// Gives it another size. Answers whether it had another.
    pub fn resize(&mut self, size: Size) -> bool {
        let size = bounded(size);
        if size == self.size {
            return false;
        }
        self.size = size;
        self.parser.screen_mut().set_size(cells(size.height), cells(size.width));
        true
    }

    /// Scrolls so many lines back, or forward.
    pub fn scroll(&mut self, by: isize) {
        let screen = self.parser.screen_mut();
        let at = screen.scrollback().saturating_add_signed(by);
        screen.set_scrollback(at);
    }

    /// To the end.
    pub fn follow(&mut self) {
        self.parser.screen_mut().set_scrollback(0);
    }

    /// How many lines above the end is looked at.
    pub fn scrolled(&self) -> usize {
        self.parser.screen().scrollback()
    }

    /// Whether the cursor keys are wanted in their other form.
    pub fn application_cursor(&self) -> bool {
        self.parser.screen().application_cursor()
    }

    /// Whether pasted text is wanted in brackets.
    pub fn bracketed_paste(&self) -> bool {
        self.parser.screen().bracketed_paste()
    }

    /// Whether a program has the whole screen, such as an editor.
    pub fn alternate(&self) -> bool {
        self.parser.screen().alternate_screen()
    }

    /// How the program wants to be told of the mouse, if at all.
    pub fn mouse(&self) -> Option<MouseBytes> {
        let screen = self.parser.screen();
        match screen.mouse_protocol_mode() {
            MouseProtocolMode::None => None,
            _ if screen.mouse_protocol_encoding() == MouseProtocolEncoding::Sgr => Some(MouseBytes::Sgr),
            _ => Some(MouseBytes::Old),
        }
    }

    /// Where the cursor stands: column and line; nowhere while it is hidden or out of sight.
    pub fn cursor(&self) -> Option<(u16, u16)> {
        let screen = self.parser.screen();
        let (row, column) = screen.cursor_position();
        (!screen.hide_cursor() && screen.scrollback() == 0).then_some((column, row))
    }

    /// What is seen, line by line.
    pub fn lines(&self) -> Vec<Line> {
        (0..self.size.height).map(|row| self.line(row)).collect()
    }

    fn line(&self, row: u16) -> Line {
        let mut line = Line::default();
        let mut now = Ink::default();
        let mut text = String::new();
        for column in 0..self.size.width {
            let Some(cell) = self.parser.screen().cell(row, column) else {
                break;
            };
            if cell.is_wide_continuation() {
                continue;
            }
            let ink = ink(cell);
            if ink != now {
                push(&mut line, &mut text, now);
                now = ink;
            }
            let shown = clean(cell.contents());
            text.push_str(if shown.is_empty() { " " } else { &shown });
        }
        if now.is_plain() {
            text.truncate(text.trim_end().len());
        }
        push(&mut line, &mut text, now);
        line
    }

    /// What another terminal has to be told to show the same.
    pub fn replay(&self) -> String {
        let screen = self.parser.screen();
        let other = if screen.alternate_screen() { "\x1b[?1049h" } else { "" };
        format!("{other}{}", screen.state_formatted())
    }

    /// All of the screen as text, for copying.
    pub fn text(&self) -> String {
        self.parser.screen().contents()
    }
}

fn bounded(size: Size) -> Size {
    Size {
        width: size.width.clamp(LEAST.width, MOST.width),
        height: size.height.clamp(LEAST.height, MOST.height),
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap_or(NonZeroU16::MIN)
}

fn push(line: &mut Line, text: &mut String, ink: Ink) {
    if !text.is_empty() {
        let mut span = Span::new(std::mem::take(text), Tone::Plain);
        span.ink = ink;
        line.spans.push(span);
    }
}

fn ink(cell: &vt100::Cell) -> Ink {
    Ink {
        fg: hue(cell.fgcolor()),
        bg: hue(cell.bgcolor()),
        bold: cell.bold(),
        dim: cell.dim(),
        italic: cell.italic(),
        underlined: cell.underline(),
        reversed: cell.inverse(),
        crossed: false,
    }
}

fn hue(colour: Color) -> Option<Hue> {
    match colour {
        Color::Default => None,
        Color::Idx(index) => Some(Hue::Indexed(index)),
        Color::Rgb(red, green, blue) => Some(Hue::Rgb(red, green, blue)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn screen(tty: bool) -> Screen {
        Screen::new(Size { width: 20, height: 4 }, tty)
    }

    fn texts(screen: &Screen) -> Vec<String> {
        screen.lines().iter().map(Line::text).collect()
    }

    #[test]
    fn what_is_written_becomes_cells_with_their_colours() {
        let mut screen = screen(true);
        screen.take(b"a\x1b[1;31mred\x1b[0m \xe6\x97\xa5\r\n\x1b[7m x \x1b[0m");
        assert_eq!(texts(&screen), ["ared 日", " x ", "", ""]);
        let first = screen.lines().remove(0);
        let span = &first.spans[1];
        assert_eq!(&*span.text, "red");
        assert_eq!((span.ink.bold, span.ink.fg), (true, Some(Hue::Indexed(1))));
        assert_eq!(screen.cursor(), Some((3, 1)));
        screen.take(b"\x1b[?25l");
        assert_eq!(screen.cursor(), None);
    }

    #[test]
    fn a_program_without_a_terminal_has_whole_line_ends() {
        let mut screen = screen(false);
        screen.take(b"one\ntwo\r");
        screen.take(b"\nthree");
        assert_eq!(texts(&screen), ["one", "two", "three", ""]);
    }

    #[test]
    fn hostile_output_is_only_text() {
        let mut screen = screen(true);
        screen.take(b"\x1b]0;owned\x07a\x1b]52;c;b3duZWQ=\x07b\x1b[6n\x1b[c\x1bP+q544e\x1b\\c\x1bPq#0;2;0;0;0~~\x1b\\d\x1b[201~e");
        screen.take("\u{9b}31m\u{202e}\u{200f}\x1b[8;500;500t".as_bytes());
        let text = texts(&screen).join("");
        assert!(text.starts_with("abcde"), "{text:?}");
        assert!(!text.contains("owned"), "{text:?}");
        assert!(text.chars().all(crate::core::text::is_harmless), "{text:?}");
        assert_eq!(screen.size(), Size { width: 20, height: 4 });
    }

    #[test]
    fn what_has_left_the_screen_is_kept_up_to_a_bound() {
        let mut screen = screen(true);
        for line in 0..SCROLLBACK + 100 {
            screen.take(format!("line {line}\r\n").as_bytes());
        }
        screen.scroll(isize::MAX);
        assert_eq!(screen.scrolled(), SCROLLBACK);
        assert_eq!(texts(&screen)[0], "line 97");
        assert_eq!(screen.cursor(), None);
        screen.scroll(-3);
        assert_eq!(texts(&screen)[0], "line 100");
        screen.follow();
        assert_eq!(texts(&screen)[2], format!("line {}", SCROLLBACK + 99));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
        /// Whatever a program writes, in whatever sizes: the emulator takes it.
        #[test]
        fn no_output_breaks_it(parts in prop::collection::vec((
            prop_oneof![
                prop::collection::vec(any::<u8>(), 0..40),
                "(\u{1b}\\[[0-9;?]{0,8}[@-~]|[a-z日é\u{300}🚀\r\n\t\u{8}]){0,20}".prop_map(String::into_bytes),
            ],
            prop::option::of((0u16..30, 0u16..12)),
            -5isize..5,
        ), 0..30)) {
            let mut screen = screen(true);
            for (bytes, size, scroll) in parts {
                screen.take(&bytes);
                if let Some((width, height)) = size {
                    screen.resize(Size { width, height });
                }
                screen.scroll(scroll);
                let lines = screen.lines();
                prop_assert_eq!(lines.len(), usize::from(screen.size().height));
                for line in lines {
                    prop_assert!(line.text().chars().all(crate::core::text::is_harmless));
                }
            }
        }
    }
}
