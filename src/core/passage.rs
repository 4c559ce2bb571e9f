//! What of a program's output may reach the person's own terminal, while the whole of it is lent to the program: text,
//! colours, the cursor, the alternate screen, the mouse. Titles, clipboards, queries, pictures, printing and modes that
//! change what keys send stay out; what was switched on is known, so that all of it can be switched off again.

use vte::{Params, Parser, Perform};

/// Private modes that a program may switch (DECSET): cursor keys, reversed screen, origin, wrapping, blinking, the cursor,
/// alternate screens, the mouse, bracketed paste, synchronized updates.
const MODES: [u16; 18] = [
    1, 5, 6, 7, 9, 12, 25, 47, 1000, 1002, 1003, 1006, 1015, 1047, 1048, 1049, 2004, 2026,
];

/// The modes that are on where nobody has switched them.
const ON: [u16; 2] = [7, 25];

/// The modes that show another screen.
const SCREENS: [u16; 3] = [47, 1047, 1049];

/// The modes that do what they do at once, and are no state.
const MOMENTARY: u16 = 1048;

/// The way of a program's output to the terminal.
#[derive(Default)]
pub struct Passage {
    parser: Parser,
    filter: Filter,
}

#[derive(Default)]
struct Filter {
    out: Vec<u8>,
    /// The modes that are not as they were.
    changed: Vec<u16>,
}

impl Passage {
    /// What of these bytes goes on. A sequence that is not whole waits for its end.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.parser.advance(&mut self.filter, bytes);
        std::mem::take(&mut self.filter.out)
    }

    /// Whether the program has put another screen over the person's own.
    pub fn is_alternate(&self) -> bool {
        self.filter.changed.iter().any(|mode| SCREENS.contains(mode))
    }
}

/// What gives a terminal back as it was, whatever a program did to it by way of a [`Passage`]: first the screen that it put
/// over the other one, where it did, else an end of its line.
pub fn restored(alternate: bool) -> String {
    let screen = if alternate {
        "\x1b[?1049l\x1b[?1047l\x1b[?47l"
    } else {
        "\r\n"
    };
    // No DECSTR alone: not every terminal knows it, and none resets the mouse by it.
    let modes = "\x1b[?2026l\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?2004l\x1b[?1l\x1b[?5l\x1b[?6l\x1b[?12l";
    // The scrolling region's end moves the cursor: it is put back where it was.
    format!("{screen}{modes}\x1b[?7h\x1b[?25h\x1b[4l\x1b>\x1b(B\x1b)B\x0f\x1b7\x1b[r\x1b8\x1b[0 q\x1b[0m")
}

impl Filter {
    fn switch(&mut self, mode: u16, on: bool) {
        self.changed.retain(|known| *known != mode);
        if mode != MOMENTARY && on != ON.contains(&mode) {
            self.changed.push(mode);
        }
    }

    /// Private modes, each by itself: what may not pass takes no other with it.
    fn modes(&mut self, params: &Params, on: bool) {
        for mode in params.iter().filter_map(|param| param.first().copied()) {
            if MODES.contains(&mode) {
                self.switch(mode, on);
                let end = if on { 'h' } else { 'l' };
                self.out.extend(format!("\x1b[?{mode}{end}").bytes());
            }
        }
    }

    fn csi(&mut self, params: &Params, intermediates: &[u8], action: char) {
        let mut text = String::from("\x1b[");
        let (private, between): (Vec<u8>, Vec<u8>) =
            intermediates.iter().partition(|byte| (0x3c..0x40).contains(*byte));
        text.extend(private.into_iter().map(char::from));
        // One that is left out reads as 0.
        let given = params.iter().any(|param| param != [0]);
        for (at, param) in params.iter().enumerate().filter(|_| given) {
            text.push_str(if at > 0 { ";" } else { "" });
            let parts: Vec<String> = param.iter().map(u16::to_string).collect();
            text.push_str(&parts.join(":"));
        }
        text.extend(between.into_iter().map(char::from));
        text.push(action);
        self.out.extend(text.bytes());
    }
}

/// Whether a sequence only draws or moves. What asks the terminal for something, resizes or moves its window, prints, or
/// clears what has scrolled away does not.
fn draws(params: &Params, intermediates: &[u8], action: char) -> bool {
    let first = params
        .iter()
        .next()
        .and_then(|param| param.first().copied())
        .unwrap_or(0);
    match (intermediates, action) {
        ([], 'J') => first != 3,
        ([], 'h' | 'l') => params.iter().all(|param| param == [4]),
        (
            [],
            'A'..='I'
            | 'K'..='M'
            | 'P'
            | 'S'
            | 'T'
            | 'X'
            | 'Z'
            | '`'
            | 'a'
            | 'b'
            | 'd'
            | 'e'
            | 'f'
            | 'g'
            | 'm'
            | 'r'
            | 's',
        ) => true,
        ([], '@' | 'u') => true,
        ([b'?'], 'J' | 'K') => first != 3,
        ([b' '], 'q') | ([b'!'], 'p') => true,
        _ => false,
    }
}

impl Perform for Filter {
    fn print(&mut self, ch: char) {
        // Colours and places are the program's; text that reads backwards is too.
        if !ch.is_control() {
            self.out.extend(ch.encode_utf8(&mut [0; 4]).bytes());
        }
    }

    fn execute(&mut self, byte: u8) {
        // Bell, backspace, tab, line ends, shifts. Not ENQ, which is answered.
        if matches!(byte, 0x07..=0x0f) {
            self.out.push(byte);
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        match (intermediates, action) {
            _ if ignore => {}
            ([b'?'], 'h') => self.modes(params, true),
            ([b'?'], 'l') => self.modes(params, false),
            _ if draws(params, intermediates, action) => self.csi(params, intermediates, action),
            _ => {}
        }
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], ignore: bool, byte: u8) {
        let passes = match intermediates {
            [] => b"78DEHM".contains(&byte),
            [b'(' | b')' | b'*' | b'+'] => true,
            [b'#'] => (b'3'..=b'8').contains(&byte),
            _ => false,
        };
        if passes && !ignore {
            self.out.push(0x1b);
            self.out.extend_from_slice(intermediates);
            self.out.push(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn through(bytes: &str) -> String {
        String::from_utf8(Passage::default().take(bytes.as_bytes())).unwrap()
    }

    #[test]
    fn what_draws_passes_and_what_asks_or_stays_does_not() {
        for same in [
            "plain é日🚀\r\n\t\u{7}\u{8}",
            "\u{1b}[1;31mred\u{1b}[m\u{1b}[38:2:1:2:3m",
            "\u{1b}[2J\u{1b}[H\u{1b}[10;20H\u{1b}[K\u{1b}[3;10r\u{1b}[2L",
            "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?1000h\u{1b}[?1006h\u{1b}[?2004h\u{1b}[?1h",
            "\u{1b}7\u{1b}8\u{1b}(0lqk\u{1b}(B\u{1b}M\u{1b}#8",
            "\u{1b}[4h\u{1b}[4l\u{1b}[2 q",
        ] {
            assert_eq!(through(same), same, "{same:?}");
        }
        for out in [
            "\u{1b}]0;title\u{7}",
            "\u{1b}]52;c;b3duZWQ=\u{1b}\\",
            "\u{1b}]8;;http://x\u{1b}\\",
            "\u{1b}[6n\u{1b}[c\u{1b}[>c\u{1b}[?1$p\u{1b}[>0q\u{1b}[x\u{5}\u{1b}Z",
            "\u{1b}P+q544e\u{1b}\\\u{1b}Pq#0;2;0;0;0~~\u{1b}\\\u{1b}_Gx\u{1b}\\\u{1b}^x\u{1b}\\\u{1b}Xx\u{1b}\\",
            "\u{1b}[8;500;500t\u{1b}[21t\u{1b}[22;0t\u{1b}[5i\u{1b}[?5i",
            "\u{1b}c\u{1b}=\u{1b}>\u{1b}%G\u{1b} G\u{1b}[>1u\u{1b}[=5u\u{1b}[>4;2m\u{1b}[3J\u{1b}[?3J\u{1b}[20h\u{1b}[?1004h\u{1b}[?66h\u{1b}[?3h\u{1b}[201~",
            "\u{9b}31m\u{9d}0;x\u{9c}\u{90}x\u{9c}",
        ] {
            let passed = through(out);
            assert!(
                !passed.contains('\u{1b}') && !passed.chars().any(char::is_control),
                "{out:?}: {passed:?}"
            );
        }
        assert_eq!(through("\u{1b}[?1004;25l"), "\u{1b}[?25l", "each by itself");
    }

    #[test]
    fn a_sequence_that_is_cut_passes_whole() {
        let mut passage = Passage::default();
        assert_eq!(passage.take(b"a\x1b[?10"), b"a");
        assert!(!passage.is_alternate());
        assert_eq!(passage.take(b"49h\xe6\x97"), b"\x1b[?1049h");
        assert!(passage.is_alternate());
        assert_eq!(passage.take(b"\xa5\x1b[?1049l"), "日\u{1b}[?1049l".as_bytes());
        assert!(!passage.is_alternate());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
        /// Whatever passes, and however it is cut, the terminal is as it was in the end.
        #[test]
        fn a_terminal_is_given_back_as_it_was(parts in prop::collection::vec(prop_oneof![
            prop::collection::vec(any::<u8>(), 0..40),
            "(\u{1b}[\\[\\]()#P ]?[0-9;?:>]{0,8}[!-~]|[a-z日\r\n]){0,20}".prop_map(String::into_bytes),
        ], 0..20)) {
            let size = |count: u16| std::num::NonZeroU16::new(count).unwrap();
            let mut terminal = vt100::Parser::new(size(10), size(20), 0);
            let mut passage = Passage::default();
            for part in parts {
                let passed = passage.take(&part);
                prop_assert!(!passed.windows(2).any(|two| matches!(two, b"\x1b]" | b"\x1bP" | b"\x1b_" | b"\x1bc")));
                terminal.process(&passed);
            }
            prop_assert_eq!(terminal.screen().alternate_screen(), passage.is_alternate());
            terminal.process(restored(passage.is_alternate()).as_bytes());
            let screen = terminal.screen();
            prop_assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
            prop_assert!(!screen.application_cursor() && !screen.application_keypad());
            prop_assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
            prop_assert_eq!((screen.fgcolor(), screen.bold(), screen.inverse()), (vt100::Color::Default, false, false));
        }
    }
}
