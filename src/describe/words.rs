//! A value as the writer takes it: lines of toned runs, already clean.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use crate::core::text::{Span, Tone, clean};

/// What stands in for a value that is not there; drawn muted.
const PLACEHOLDERS: [&str; 8] = [
    "<none>",
    "<unset>",
    "<unknown>",
    "<default>",
    "<nil>",
    "<auto>",
    "<invalid>",
    "…",
];

/// One or more lines of toned text. A plain text that stands in for a missing value (`<none>`) becomes muted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The lines, top to bottom.
    pub lines: Vec<Vec<Span>>,
}

impl Words {
    /// `text` in `tone`; its line breaks are kept, anything else that could steer a terminal is not.
    pub fn toned(text: impl AsRef<str>, tone: Tone) -> Self {
        let text = text.as_ref();
        let text = text.strip_suffix('\n').unwrap_or(text);
        Self {
            lines: text
                .split('\n')
                .map(|line| spans(line.trim_end_matches('\r'), tone))
                .collect(),
        }
    }

    /// The muted `<none>`.
    pub fn none() -> Self {
        Self::toned("<none>", Tone::Muted)
    }

    /// `text`, or the muted `<none>` where it is empty.
    pub fn or_none(text: impl AsRef<str>) -> Self {
        if text.as_ref().is_empty() {
            Self::none()
        } else {
            Self::from(text.as_ref())
        }
    }

    /// The values one below the other; `<none>` if there are none.
    pub fn stack(values: impl IntoIterator<Item = Words>) -> Self {
        let lines: Vec<_> = values.into_iter().flat_map(|value| value.lines).collect();
        if lines.is_empty() { Self::none() } else { Self { lines } }
    }

    /// This with `text` in `tone` appended to its last line.
    pub fn then(mut self, text: impl AsRef<str>, tone: Tone) -> Self {
        let added = spans(text.as_ref(), tone);
        match self.lines.last_mut() {
            Some(line) => line.extend(added),
            None => self.lines.push(added),
        }
        self
    }

    /// All lines as one, for a cell that cannot be taller than its row.
    pub fn flat(self) -> Vec<Span> {
        let mut lines = self.lines.into_iter();
        let mut flat = lines.next().unwrap_or_default();
        for line in lines {
            flat.push(Span::plain(" "));
            flat.extend(line);
        }
        flat
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.is_empty())
    }

    /// The gravest tone in it, for the mark at the line's head.
    pub fn gravest(&self) -> Tone {
        gravest(self.lines.iter().flatten().map(|span| span.tone))
    }
}

/// The gravest of the tones that carry a mark; [`Tone::Plain`] if there is none.
pub fn gravest(tones: impl IntoIterator<Item = Tone>) -> Tone {
    let rank = |tone: &Tone| match tone {
        Tone::Error => 3,
        Tone::Warn => 2,
        Tone::Busy => 1,
        _ => 0,
    };
    tones
        .into_iter()
        .max_by_key(rank)
        .filter(|tone| rank(tone) > 0)
        .unwrap_or_default()
}

/// How many cells wide the runs are.
pub fn width(spans: &[Span]) -> usize {
    spans.iter().map(|span| span.text.width()).sum()
}

fn spans(text: &str, tone: Tone) -> Vec<Span> {
    match clean(text) {
        text if text.is_empty() => Vec::new(),
        text => vec![Span::new(Cow::Owned(text.into_owned()), tone)],
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::toned(
            text,
            if PLACEHOLDERS.contains(&text) {
                Tone::Muted
            } else {
                Tone::Plain
            },
        )
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<i64> for Words {
    fn from(number: i64) -> Self {
        Self::from(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_muted_and_lines_are_kept() {
        assert_eq!(Words::from("<none>").lines[0][0].tone, Tone::Muted);
        assert_eq!(Words::from("<b>").lines[0][0].tone, Tone::Plain);
        assert_eq!(Words::from("a\r\nb\u{1b}[2J\n").lines.len(), 2);
        assert_eq!(Words::from("a\nb\u{1b}[2J").lines[1][0].text, "b[2J");
        assert_eq!(Words::stack([]), Words::none());
        assert!(Words::from("").is_empty());
    }

    #[test]
    fn the_gravest_tone_wins() {
        let words = Words::from("a")
            .then("b", Tone::Warn)
            .then("c", Tone::Error)
            .then("d", Tone::Good);
        assert_eq!(words.gravest(), Tone::Error);
        assert_eq!(Words::from("a").then("b", Tone::Good).gravest(), Tone::Plain);
    }
}
