//! How many colours the terminal has, and the nearest of them.

use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorDepth {
    /// All of them, 24 bits.
    TrueColor,
    /// The 256 of xterm.
    Ansi256,
    /// The sixteen that the terminal's own theme defines.
    Ansi16,
    /// None: bold, dim, underlined and reversed only.
    None,
}

/// xterm's sixteen colours in the order of their numbers, as a picture shows them and as distances are measured.
const SIXTEEN: [(Color, (u8, u8, u8)); 16] = [
    (Color::Black, (0, 0, 0)),
    (Color::Red, (205, 49, 49)),
    (Color::Green, (13, 148, 80)),
    (Color::Yellow, (190, 140, 20)),
    (Color::Blue, (36, 114, 200)),
    (Color::Magenta, (188, 63, 188)),
    (Color::Cyan, (17, 150, 170)),
    (Color::Gray, (204, 204, 204)),
    (Color::DarkGray, (118, 118, 118)),
    (Color::LightRed, (241, 96, 96)),
    (Color::LightGreen, (80, 210, 130)),
    (Color::LightYellow, (230, 190, 70)),
    (Color::LightBlue, (90, 150, 240)),
    (Color::LightMagenta, (214, 112, 214)),
    (Color::LightCyan, (60, 190, 215)),
    (Color::White, (255, 255, 255)),
];

/// The brightness of the steps of xterm's colour cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl ColorDepth {
    /// What the environment says of the terminal: `NO_COLOR` (no-color.org), `COLORTERM`, `TERM` and the variables
    /// of well-known terminals.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        let term = variable("TERM").unwrap_or_default();
        if is("NO_COLOR") || term == "dumb" {
            return Self::None;
        }
        let said = variable("COLORTERM").unwrap_or_default();
        let own = ["WT_SESSION", "KITTY_WINDOW_ID", "ALACRITTY_WINDOW_ID"];
        let program = variable("TERM_PROGRAM").unwrap_or_default();
        if matches!(said.as_str(), "truecolor" | "24bit")
            || term.ends_with("-direct")
            || own.iter().any(|name| is(name))
            || matches!(program.as_str(), "iTerm.app" | "vscode" | "WezTerm" | "ghostty")
            || (cfg!(windows) && term.is_empty())
        {
            return Self::TrueColor;
        }
        if term.contains("256color") {
            Self::Ansi256
        } else {
            Self::Ansi16
        }
    }

    /// The style in colours that the terminal has. A background that has no colour near it turns the cell around.
    pub fn style(self, style: Style) -> Style {
        let plain = self.ground(style);
        let lost = match (style.bg, plain.bg) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(_), Some(bg)) => self == Self::Ansi16 && is_grey(bg),
        };
        if lost {
            // Without the tones of what it is laid over: they would turn around too, each to a block of its colour.
            let own = (self != Self::None).then_some(Color::Reset);
            let bare = Style {
                fg: own,
                bg: own,
                ..style
            };
            return bare.add_modifier(Modifier::REVERSED);
        }
        plain
    }

    /// The style of the ground that everything stands on, in colours that the terminal has.
    pub fn ground(self, style: Style) -> Style {
        let near = |colour: Color| match self {
            Self::TrueColor => Some(colour),
            Self::Ansi256 => Some(nearest_256(colour)),
            Self::Ansi16 => Some(nearest_16(colour)),
            Self::None => None,
        };
        Style {
            fg: style.fg.and_then(near),
            bg: style.bg.and_then(near),
            ..style
        }
    }
}

fn is_grey(colour: Color) -> bool {
    matches!(colour, Color::Black | Color::DarkGray | Color::Gray | Color::White)
}

/// Red, green and blue of a colour; none for the terminal's own.
pub fn rgb(colour: Color) -> Option<(u8, u8, u8)> {
    match colour {
        Color::Rgb(red, green, blue) => Some((red, green, blue)),
        Color::Indexed(index) => Some(indexed(index)),
        other => SIXTEEN.iter().find(|(known, _)| *known == other).map(|(_, rgb)| *rgb),
    }
}

/// The number of one of the sixteen colours, from 0.
pub fn number(colour: Color) -> Option<usize> {
    SIXTEEN.iter().position(|(known, _)| *known == colour)
}

fn indexed(index: u8) -> (u8, u8, u8) {
    let step = |at: u8| STEPS.get(usize::from(at)).copied().unwrap_or(255);
    match index {
        0..16 => SIXTEEN.get(usize::from(index)).map_or((0, 0, 0), |(_, rgb)| *rgb),
        16..232 => (
            step((index - 16) / 36),
            step((index - 16) / 6 % 6),
            step((index - 16) % 6),
        ),
        232.. => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}

fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    // The eye weighs green most and blue least.
    3 * square(a.0, b.0) + 6 * square(a.1, b.1) + square(a.2, b.2)
}

fn nearest_256(colour: Color) -> Color {
    let Color::Rgb(red, green, blue) = colour else {
        return colour;
    };
    let nearest = (16..=255).min_by_key(|index| distance(indexed(*index), (red, green, blue)));
    nearest.map_or(colour, Color::Indexed)
}

fn nearest_16(colour: Color) -> Color {
    let Some(wanted) = rgb(colour) else { return colour };
    let nearest = SIXTEEN.iter().min_by_key(|(_, known)| distance(*known, wanted));
    nearest.map_or(colour, |(nearest, _)| *nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_colour() {
        assert_eq!(nearest_256(Color::Rgb(255, 135, 0)), Color::Indexed(208));
        assert_eq!(nearest_256(Color::Rgb(48, 48, 48)), Color::Indexed(236));
        assert_eq!(nearest_16(Color::Rgb(240, 90, 90)), Color::LightRed);
        assert_eq!(indexed(255), (238, 238, 238));
    }

    #[test]
    fn what_the_environment_says() {
        for (variables, depth) in [
            (
                &[("COLORTERM", "truecolor"), ("TERM", "xterm-256color")][..],
                ColorDepth::TrueColor,
            ),
            (&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")], ColorDepth::None),
            (&[("NO_COLOR", ""), ("TERM", "screen-256color")], ColorDepth::Ansi256),
            (&[("TERM", "linux")], ColorDepth::Ansi16),
            (&[("TERM", "dumb")], ColorDepth::None),
            (&[("TERM", "xterm"), ("TERM_PROGRAM", "WezTerm")], ColorDepth::TrueColor),
        ] {
            let get = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| v.to_string());
            assert_eq!(ColorDepth::of(get), depth, "{variables:?}");
        }
    }
}
