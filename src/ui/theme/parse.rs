//! A style in words, as git's configuration has them: `COLOUR [on COLOUR] [bold dim italic underlined reversed]`.

use ratatui::style::{Color, Modifier, Style};

const MODIFIERS: &[(&str, Modifier)] = &[
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];

/// The sixteen colours of a terminal, by the names of ECMA-48; `bright-black` is a grey.
const NAMED: &[(&str, Color)] = &[
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

/// The style that the words say. Fails with the word that is no colour and no modifier.
pub fn style(text: &str) -> Result<Style, String> {
    let mut style = Style::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if let Some((_, modifier)) = MODIFIERS.iter().find(|(name, _)| *name == word) {
            style = style.add_modifier(*modifier);
        } else if word == "on" {
            let word = words.next().unwrap_or("on");
            style.bg = colour(word).ok_or_else(|| word.to_string())?;
        } else {
            style.fg = colour(word).ok_or_else(|| word.to_string())?;
        }
    }
    Ok(style)
}

/// A colour; `Some(None)` for the terminal's own.
fn colour(word: &str) -> Option<Option<Color>> {
    if word == "default" {
        return Some(None);
    }
    if let Some(digits) = word.strip_prefix('#') {
        let hex = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| hex)?;
        return Some(Some(Color::from_u32(number)));
    }
    NAMED
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, colour)| Some(*colour))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_in_words() {
        for (text, wanted) in [
            ("default", Ok(Style::new())),
            ("", Ok(Style::new())),
            ("#ff8000 bold", Ok(Style::new().fg(Color::Rgb(255, 128, 0)).bold())),
            (
                "black on bright-yellow",
                Ok(Style::new().fg(Color::Black).bg(Color::LightYellow)),
            ),
            (
                "on #000001 underlined",
                Ok(Style::new().bg(Color::Rgb(0, 0, 1)).underlined()),
            ),
            ("#ff80", Err("#ff80".to_string())),
            ("#+12345", Err("#+12345".to_string())),
            ("red on", Err("on".to_string())),
            ("bald", Err("bald".to_string())),
        ] {
            assert_eq!(style(text), wanted, "{text}");
        }
    }
}
