//! Text with escape sequences (ECMA-48 SGR), as `cat` shows it in a terminal.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use crate::ui::theme::number;

/// Modifiers and what switches them on.
const MODIFIERS: &[(Modifier, &str)] = &[
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::REVERSED, "7"),
];

/// The cells as text with escape sequences; each line ends with all styles off.
pub fn ansi(buffer: &Buffer) -> String {
    let mut out = String::new();
    for row in super::rows(buffer) {
        let mut last = String::new();
        for (_, cell) in row {
            let now = sequence(cell.fg, cell.bg, cell.modifier);
            if now != last {
                out.push_str("\u{1b}[0");
                out.push_str(&now);
                out.push('m');
                last = now;
            }
            out.push_str(cell.symbol());
        }
        if !last.is_empty() {
            out.push_str("\u{1b}[0m");
        }
        out.push('\n');
    }
    out
}

/// The parameters that switch a style on, each with a semicolon before it.
fn sequence(fg: Color, bg: Color, modifier: Modifier) -> String {
    let mut parts = String::new();
    for (known, code) in MODIFIERS {
        if modifier.contains(*known) {
            parts.push_str(&format!(";{code}"));
        }
    }
    parts + &colour(fg, 30) + &colour(bg, 40)
}

fn colour(colour: Color, base: u8) -> String {
    match colour {
        Color::Reset => String::new(),
        Color::Rgb(red, green, blue) => format!(";{};2;{red};{green};{blue}", base + 8),
        Color::Indexed(index) => format!(";{};5;{index}", base + 8),
        named => match number(named) {
            Some(at @ 0..8) => format!(";{}", usize::from(base) + at),
            Some(at) => format!(";{}", usize::from(base) + 52 + at),
            None => String::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn styles_are_switched_on_and_off() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        let style = Style::new().fg(Color::Rgb(1, 2, 3)).bg(Color::LightBlue).bold();
        buffer.set_string(1, 0, "日", style);
        assert_eq!(ansi(&buffer), " \u{1b}[0;1;38;2;1;2;3;104m日\u{1b}[0m \n");
    }
}
