//! Themes: which style a tone has. Read from `themes/`, checked when read.

mod depth;
mod ink;
mod parse;

use std::collections::BTreeMap;

use ratatui::style::Style;
use serde::Deserialize;
use serde_yaml::Spanned;

use crate::core::ink::Ink;
use crate::core::text::Tone;

pub use depth::{ColorDepth, number, rgb};

/// The themes that konn brings along: name and text.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../themes/dark.yaml")),
    ("light", include_str!("../../themes/light.yaml")),
    ("high-contrast", include_str!("../../themes/high-contrast.yaml")),
    ("colour-blind-safe", include_str!("../../themes/colour-blind-safe.yaml")),
    ("monochrome", include_str!("../../themes/monochrome.yaml")),
];

/// Every tone with its name in themes, in the order of the declaration.
const TONES: &[(&str, Tone)] = &[
    ("plain", Tone::Plain),
    ("muted", Tone::Muted),
    ("good", Tone::Good),
    ("busy", Tone::Busy),
    ("warn", Tone::Warn),
    ("error", Tone::Error),
    ("accent", Tone::Accent),
    ("title", Tone::Title),
    ("label", Tone::Label),
    ("text", Tone::Text),
    ("number", Tone::Number),
    ("link", Tone::Link),
    ("link_now", Tone::LinkNow),
    ("key", Tone::Key),
    ("series1", Tone::Series1),
    ("series2", Tone::Series2),
    ("series3", Tone::Series3),
    ("series4", Tone::Series4),
    ("series5", Tone::Series5),
    ("series6", Tone::Series6),
    ("match", Tone::Match),
    ("match_now", Tone::MatchNow),
];

/// A part of the screen with a style of its own, besides the tones of what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The whole screen, below everything.
    Screen,
    /// The first line: which cluster, as whom.
    Header,
    /// The last line: the keys.
    Footer,
    /// The titles of columns.
    Columns,
    /// The row under the cursor, and the line of a layer that is chosen.
    Cursor,
    /// A marked row's name and mark.
    Marked,
    /// The frame around a layer.
    Border,
    /// The table behind a layer.
    Behind,
    /// The mark of a row that appeared.
    Added,
    /// The mark of a row that changed.
    Changed,
    /// A row that is gone.
    Gone,
}

/// Every role with its name in themes, in the order of the declaration.
const ROLES: &[(&str, Role)] = &[
    ("screen", Role::Screen),
    ("header", Role::Header),
    ("footer", Role::Footer),
    ("columns", Role::Columns),
    ("cursor", Role::Cursor),
    ("marked", Role::Marked),
    ("border", Role::Border),
    ("behind", Role::Behind),
    ("added", Role::Added),
    ("changed", Role::Changed),
    ("gone", Role::Gone),
];

/// Why a theme cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// No theme has this name.
    #[error("there is no theme named \"{name}\"; there are: {known}")]
    NoTheme {
        /// The name.
        name: String,
        /// Those that konn brings along.
        known: String,
    },
    /// The text is no such YAML.
    #[error("{file}: {why}")]
    Yaml {
        /// The file, with the line where it is known.
        file: String,
        /// What the parser says.
        why: String,
    },
    /// A tone, role, colour or other word that konn does not know.
    #[error("{file}:{line}: there is no {what} named \"{name}\"")]
    Unknown {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// `tone`, `role` or `colour`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A tone or role that the theme says nothing of.
    #[error("{file}:{line}: the {what} \"{name}\" is missing")]
    Missing {
        /// The file.
        file: String,
        /// The line where the tones or roles begin, from 1.
        line: u64,
        /// `tone` or `role`.
        what: &'static str,
        /// The name.
        name: &'static str,
    },
}

/// Where the terminal's own colours are not there to be seen: in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What `default` means for text: red, green, blue.
    pub fg: (u8, u8, u8),
    /// What `default` means for the background: red, green, blue.
    pub bg: (u8, u8, u8),
}

type Styles = BTreeMap<String, Spanned<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    paper: Spanned<String>,
    tones: Spanned<Styles>,
    roles: Spanned<Styles>,
}

/// A theme, in the colours that the terminal has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Its name.
    pub name: String,
    /// Its colours in a picture.
    pub paper: Paper,
    depth: ColorDepth,
    tones: Vec<Style>,
    roles: Vec<Style>,
}

impl Theme {
    /// The theme of a name. `own` is the person's file of that name, path and text: it comes before konn's own.
    /// Fails where neither has the name, and at the first mistake in the file.
    pub fn load(name: &str, own: Option<(&str, &str)>, depth: ColorDepth) -> Result<Self, ThemeError> {
        let built_in = BUILT_IN.iter().find(|(known, _)| *known == name);
        let path = format!("themes/{name}.yaml");
        match own.or(built_in.map(|(_, text)| (path.as_str(), *text))) {
            Some((file, text)) => Self::parse(text, file, depth),
            None => Err(ThemeError::NoTheme {
                name: name.to_string(),
                known: super::names(BUILT_IN),
            }),
        }
    }

    /// Reads a theme. `file` names it in errors.
    fn parse(text: &str, file: &str, depth: ColorDepth) -> Result<Self, ThemeError> {
        let parsed: File = serde_yaml::from_str(text).map_err(|error| ThemeError::Yaml {
            file: match error.location() {
                Some(at) => format!("{file}:{}", at.line()),
                None => file.to_string(),
            },
            why: error.without_snippet().to_string(),
        })?;
        let paper = style(&parsed.paper, file)?;
        let colour = |colour: Option<ratatui::style::Color>, default| colour.and_then(rgb).unwrap_or(default);
        Ok(Self {
            name: parsed.name,
            paper: Paper {
                fg: colour(paper.fg, (0, 0, 0)),
                bg: colour(paper.bg, (255, 255, 255)),
            },
            depth,
            tones: styles(&parsed.tones, TONES, "tone", file, depth)?,
            roles: styles(&parsed.roles, ROLES, "role", file, depth)?,
        })
    }

    /// The style of a tone.
    pub fn tone(&self, tone: Tone) -> Style {
        self.tones.get(tone as usize).copied().unwrap_or_default()
    }

    /// The style of a tone with what a program itself wants its text to look like.
    pub fn inked(&self, tone: Tone, ink: Ink) -> Style {
        let style = self.tone(tone);
        if ink.is_plain() {
            return style;
        }
        style.patch(self.depth.style(ink::style(ink)))
    }

    /// The style of a part of the screen.
    pub fn role(&self, role: Role) -> Style {
        self.roles.get(role as usize).copied().unwrap_or_default()
    }
}

fn style(text: &Spanned<String>, file: &str) -> Result<Style, ThemeError> {
    parse::style(&text.value).map_err(|word| ThemeError::Unknown {
        file: file.to_string(),
        line: text.defined.line(),
        what: "colour",
        name: word,
    })
}

/// The styles of all `known` names, in their order: no more and no fewer.
fn styles<T>(
    found: &Spanned<Styles>,
    known: &'static [(&'static str, T)],
    what: &'static str,
    file: &str,
    depth: ColorDepth,
) -> Result<Vec<Style>, ThemeError> {
    let unknown = |name: &&String| !known.iter().any(|(known, _)| known == name);
    if let Some((name, text)) = found.value.iter().find(|(name, _)| unknown(name)) {
        return Err(ThemeError::Unknown {
            file: file.to_string(),
            line: text.defined.line(),
            what,
            name: name.clone(),
        });
    }
    let one = |(name, _): &(&'static str, T)| {
        let text = found.value.get(*name).ok_or_else(|| ThemeError::Missing {
            file: file.to_string(),
            line: found.defined.line(),
            what,
            name,
        })?;
        let style = style(text, file)?;
        let ground = ROLES.first().is_some_and(|(ground, _)| ground == name);
        Ok(if ground {
            depth.ground(style)
        } else {
            depth.style(style)
        })
    };
    known.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier};

    use super::*;

    #[test]
    fn names_stand_in_the_order_of_the_declarations() {
        assert!(TONES.iter().enumerate().all(|(at, (_, tone))| *tone as usize == at));
        assert!(ROLES.iter().enumerate().all(|(at, (_, role))| *role as usize == at));
        assert_eq!(TONES.last().map(|(_, tone)| *tone), Some(Tone::MatchNow));
    }

    #[test]
    fn every_theme_is_whole_in_every_depth() {
        for (name, _) in BUILT_IN {
            for depth in [
                ColorDepth::TrueColor,
                ColorDepth::Ansi256,
                ColorDepth::Ansi16,
                ColorDepth::None,
            ] {
                let theme = Theme::load(name, None, depth).unwrap();
                assert_eq!(theme.name, *name);
                // The cursor can be told from other rows, whatever the terminal can show.
                assert_ne!(theme.role(Role::Cursor), theme.role(Role::Screen), "{name} {depth:?}");
                assert_ne!(theme.tone(Tone::Match), theme.tone(Tone::Plain), "{name} {depth:?}");
                if depth == ColorDepth::None {
                    let coloured = |style: &Style| style.fg.is_some() || style.bg.is_some();
                    assert!(!theme.tones.iter().chain(&theme.roles).any(coloured), "{name}");
                }
            }
        }
    }

    #[test]
    fn mistakes_are_named_with_file_and_line() {
        let (_, dark) = BUILT_IN[0];
        let line = |needle: &str| dark.lines().position(|line| line.contains(needle)).unwrap() + 1;
        for (from, to, error) in [
            (
                "  muted:",
                "  mutad:",
                format!("my.yaml:{}: there is no tone named \"mutad\"", line("  muted:")),
            ),
            (
                "  gone: ",
                "  gone: pinkish ",
                format!("my.yaml:{}: there is no colour named \"pinkish\"", line("  gone:")),
            ),
            (
                "  cursor: ",
                "  cursor: '#12345' #",
                format!("my.yaml:{}: there is no colour named \"#12345\"", line("  cursor:")),
            ),
        ] {
            let text = dark.replacen(from, to, 1);
            assert_ne!(text, dark);
            let found = Theme::load("dark", Some(("my.yaml", &text)), ColorDepth::TrueColor);
            assert_eq!(found.err().map(|error| error.to_string()), Some(error));
        }
        let lacking: String = dark
            .lines()
            .filter(|line| !line.starts_with("  link:"))
            .map(|line| format!("{line}\n"))
            .collect();
        let found = Theme::load("dark", Some(("my.yaml", &lacking)), ColorDepth::TrueColor)
            .err()
            .unwrap()
            .to_string();
        assert_eq!(
            found,
            format!("my.yaml:{}: the tone \"link\" is missing", line("  plain:"))
        );
        let unknown = Theme::load("neon", None, ColorDepth::None).err().unwrap().to_string();
        assert!(
            unknown.ends_with("there are: dark, light, high-contrast, colour-blind-safe, monochrome"),
            "{unknown}"
        );
    }

    /// The relative luminance of a colour, as WCAG 2 defines it.
    fn luminance((red, green, blue): (u8, u8, u8)) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.03928 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn everything_can_be_read() {
        for (name, least) in [
            ("dark", 4.5),
            ("light", 4.5),
            ("colour-blind-safe", 4.5),
            ("high-contrast", 7.0),
        ] {
            let theme = Theme::load(name, None, ColorDepth::TrueColor).unwrap();
            let cursor = theme.role(Role::Cursor).bg.and_then(rgb).unwrap();
            for (tone, style) in TONES.iter().map(|(tone, _)| tone).zip(&theme.tones) {
                let fg = style.fg.and_then(rgb).unwrap_or(theme.paper.fg);
                let grounds = style
                    .bg
                    .and_then(rgb)
                    .map_or(vec![theme.paper.bg, cursor], |bg| vec![bg]);
                for ground in grounds {
                    let found = contrast(fg, ground);
                    assert!(found >= least, "{name}: {tone} on {ground:?} has {found:.2}");
                }
            }
        }
    }

    #[test]
    fn no_colour_leaves_modifiers() {
        let theme = Theme::load("dark", None, ColorDepth::None).unwrap();
        assert_eq!(theme.role(Role::Cursor).add_modifier, Modifier::REVERSED);
        let theme = Theme::load("dark", None, ColorDepth::Ansi16).unwrap();
        assert_eq!(theme.tone(Tone::Error).fg, Some(Color::LightRed));
    }
}
