//! A value as the writer takes it: lines of toned runs, already clean.

use std::borrow::Cow;
use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use crate::core::bar;
use crate::core::reference::Reference;
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

    /// A bar of so many cells, which says how full something is; what it means stands beside it.
    pub fn bar(share: f64, width: usize) -> Self {
        let tone = |span: Span| match span.tone {
            Tone::Muted => span,
            // The mark is for the number beside it to give.
            tone => Span::new(span.text, if tone == Tone::Good { Tone::Good } else { Tone::Accent }),
        };
        Self {
            lines: vec![
                bar::spans(share, width)
                    .into_iter()
                    .map(tone)
                    .filter(|span| !span.text.is_empty())
                    .collect(),
            ],
        }
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

    /// This with the name of an object as a link to it, where it stands by itself for the first time.
    pub fn naming(mut self, reference: &Reference) -> Self {
        let name = clean(&reference.name);
        if name.is_empty() || reference.resource.kind.is_empty() {
            return self;
        }
        for line in &mut self.lines {
            let place = line.iter().enumerate().filter(|(_, span)| span.link.is_none());
            let place = place
                .filter_map(|(at, span)| Some((at, alone(&span.text, &name)?)))
                .next();
            let Some((at, from)) = place else { continue };
            let span = line.remove(at);
            let (before, rest) = span.text.split_at(from);
            let (own, after) = rest.split_at(name.len());
            let tone = if span.tone.mark().is_empty() {
                Tone::Link
            } else {
                span.tone
            };
            let link = Span::new(own.to_owned(), tone).linked(Arc::new(reference.clone()));
            let parts = [before, after].map(|text| Span::new(text.to_owned(), span.tone));
            let [before, after] = parts;
            let parts = [before, link, after].into_iter().filter(|part| !part.text.is_empty());
            line.splice(at..at, parts);
            break;
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

/// Where `name` begins in `text` without being part of a longer name.
fn alone(text: &str, name: &str) -> Option<usize> {
    let is_part = |ch: char| ch.is_alphanumeric() || matches!(ch, '-' | '.' | '_');
    let mut places = text.match_indices(name).map(|(at, _)| at);
    places.find(|at| {
        let (before, rest) = text.split_at(*at);
        let after = rest.get(name.len()..).unwrap_or_default();
        !before.ends_with(is_part) && !after.starts_with(is_part)
    })
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
    fn a_name_becomes_a_link_where_it_stands_by_itself() {
        let to = |name: &str| Reference::to(&crate::relations::kinds::NODE, "", name);
        for (text, name, before) in [
            ("web-1/10.0.0.1", "web-1", ""),
            ("a-web, web (1/1)", "web", "a-web, "),
            (
                "<set to the key 'k' in secret 'k2'>",
                "k2",
                "<set to the key 'k' in secret '",
            ),
        ] {
            let words = Words::from(text).naming(&to(name));
            let link = words.lines[0].iter().position(|span| span.link.is_some()).unwrap();
            assert_eq!(words.lines[0][link].text, name);
            let ahead: String = words.lines[0][..link].iter().map(|span| span.text.as_ref()).collect();
            assert_eq!(ahead, before);
            assert_eq!(
                words.flat().iter().map(|span| span.text.as_ref()).collect::<String>(),
                text
            );
        }
        for (text, name) in [("webs", "web"), ("", "web"), ("web", "")] {
            assert!(
                Words::from(text)
                    .naming(&to(name))
                    .flat()
                    .iter()
                    .all(|span| span.link.is_none())
            );
        }
        let broken = Words::toned("gone (not found)", Tone::Warn).naming(&to("gone"));
        assert_eq!(broken.gravest(), Tone::Warn);
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
