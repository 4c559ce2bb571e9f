//! What a program wants its text to look like, as a style.

use ratatui::style::{Color, Modifier, Style};

use crate::core::ink::{Hue, Ink};

/// The style.
pub fn style(ink: Ink) -> Style {
    let mut style = Style::new();
    style.fg = ink.fg.map(colour);
    style.bg = ink.bg.map(colour);
    for (on, modifier) in [
        (ink.bold, Modifier::BOLD),
        (ink.dim, Modifier::DIM),
        (ink.italic, Modifier::ITALIC),
        (ink.underlined, Modifier::UNDERLINED),
        (ink.reversed, Modifier::REVERSED),
        (ink.crossed, Modifier::CROSSED_OUT),
    ] {
        if on {
            style = style.add_modifier(modifier);
        }
    }
    style
}

/// The first sixteen are the terminal's own, so that they fit its background.
fn colour(hue: Hue) -> Color {
    const OWN: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    match hue {
        Hue::Indexed(index) => OWN.get(usize::from(index)).copied().unwrap_or(Color::Indexed(index)),
        Hue::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
    }
}
