//! From a line of the log to the rows of the screen that show it.

use regex::Regex;

use super::super::text::{cut, highlight, pieces};
use super::name;
use super::source::Source;
use super::switches::{Fold, Names, Stamps, Switches};
use crate::core::clock::Clock;
use crate::core::ink::Ink;
use crate::core::log::sieve::ESC;
use crate::core::log::{Entry, Level, MARK, fields, stamp, template};
use crate::core::store::text_width;
use crate::core::text::{Line, SERIES, Span, Tone, clean};
use crate::model::age;

/// How far apart tabulators stand, in cells.
const TAB: usize = 8;

/// The widest a name before a line gets, in cells.
const NAME: u16 = 32;

/// What lines are drawn with.
pub struct Pen<'a> {
    /// What is switched.
    pub switches: &'a Switches,
    /// Whose lines they are.
    pub sources: &'a [Source],
    /// Their short names.
    pub short: &'a [String],
    /// What is searched.
    pub search: Option<&'a Regex>,
    /// The time.
    pub clock: Clock,
    /// The width of the screen, in cells.
    pub width: usize,
    /// How many cells of the text are left out, at its left.
    pub left: usize,
}

impl Pen<'_> {
    /// The rows of a line. `now`: it is where the search stands.
    pub fn rows(&self, entry: &Entry, text: &str, now: bool) -> Vec<Line> {
        if entry.source == MARK {
            return vec![self.mark(entry, text)];
        }
        let head = self.head(entry);
        let taken = usize::from(width(&head));
        let room = self.width.saturating_sub(taken).max(1);
        let mut rows = Vec::new();
        for line in self.texts(entry, text, room) {
            let line = match self.search {
                Some(search) => highlight(&line, search, now),
                None => line,
            };
            if self.switches.wrap {
                let lines = [line];
                let pieces = pieces(&lines, Some(room));
                rows.extend(
                    pieces
                        .iter()
                        .flat_map(|piece| lines.first().map(|line| cut(line, piece.from, piece.width))),
                );
            } else {
                rows.push(cut(&line, self.left, usize::MAX));
            }
        }
        let indent = Line::plain(" ".repeat(taken));
        let under = |(at, row): (usize, Line)| {
            let head = if at == 0 { &head } else { &indent };
            Line::of(head.spans.iter().cloned().chain(row.spans))
        };
        rows.into_iter().enumerate().map(under).collect()
    }

    fn mark(&self, entry: &Entry, text: &str) -> Line {
        let tone = match entry.level {
            Level::Error => Tone::Error,
            _ => Tone::Muted,
        };
        let time = stamp::time(entry.key.time).strftime("%H:%M:%S");
        let text = format!("── {time} {text} ");
        let rest = self.width.saturating_sub(usize::from(text_width(&text)));
        Line::of([Span::new(format!("{text}{}", "─".repeat(rest)), tone)])
    }

    /// Whether every line takes one row.
    pub fn is_single(&self) -> bool {
        !self.switches.wrap && self.switches.fold != Fold::Unfolded
    }

    /// What stands before the text: its level's mark, its time, its name.
    fn head(&self, entry: &Entry) -> Line {
        let tone = template::tone(entry.level);
        let mut spans = vec![Span::new(format!("{:<2}", tone.mark()), tone)];
        match self.switches.stamps {
            Stamps::Off => {}
            Stamps::Server => {
                let time = stamp::time(entry.key.time).strftime("%Y-%m-%d %H:%M:%S%.3f ");
                spans.push(Span::new(time.to_string(), Tone::Muted));
            }
            Stamps::Relative => {
                let age = age::since(Some(stamp::time(entry.key.time)), self.clock.now);
                spans.push(Span::new(format!("{age:>6} "), Tone::Muted));
            }
        }
        let source = self.sources.get(usize::from(entry.source));
        if let Some((name, source)) = self.name(entry).zip(source) {
            let tone = SERIES.get(source.place % SERIES.len()).copied().unwrap_or_default();
            spans.push(Span::new(name, tone));
            spans.push(Span::plain(" "));
        }
        Line::of(spans)
    }

    /// The name, as wide as all others are.
    fn name(&self, entry: &Entry) -> Option<String> {
        let at = usize::from(entry.source);
        let whole: Vec<String>;
        let names = match self.switches.names {
            Names::Off => return None,
            Names::Short if !name::is_needed(self.sources) => return None,
            Names::Short => self.short,
            Names::Whole => {
                whole = self.sources.iter().map(Source::name).collect();
                &whole
            }
        };
        let widest = names.iter().map(|name| text_width(name)).max().unwrap_or(0).min(NAME);
        let name = clean(names.get(at)?).into_owned();
        // The end of a name tells more than its beginning.
        let mut cut: String = name.chars().rev().take(usize::from(widest)).collect();
        cut = cut.chars().rev().collect();
        let gap = usize::from(widest.saturating_sub(text_width(&cut)));
        Some(cut + &" ".repeat(gap))
    }

    /// The text, or its fields: at least one line.
    fn texts(&self, entry: &Entry, text: &str, room: usize) -> Vec<Line> {
        if self.switches.fold != Fold::Raw
            && !entry.coloured
            && let Some(fields) = fields::of(text)
        {
            return match self.switches.fold {
                Fold::Unfolded => unfolded(&fields),
                _ => vec![Line::of(template::tell(&self.switches.template, &fields))],
            };
        }
        // What lies far outside of the screen costs nothing.
        let far = self.left.saturating_add(room).saturating_mul(2).saturating_add(64);
        let most = if self.switches.wrap { usize::MAX } else { far };
        let mut line = inked(text, template::tone(entry.level), entry.coloured, most);
        if entry.cut > 0 {
            line.spans.push(Span::new(format!("… +{} B", entry.cut), Tone::Warn));
        }
        vec![line]
    }
}

/// The first field stands beside the name, the others below.
fn unfolded(fields: &[(String, String)]) -> Vec<Line> {
    let widest = fields
        .iter()
        .map(|(key, _)| text_width(&clean(key)))
        .max()
        .unwrap_or(0)
        .min(NAME);
    let line = |(key, value): &(String, String)| {
        let key = clean(key).into_owned();
        let gap = usize::from(widest.saturating_sub(text_width(&key)));
        Line::of([
            Span::new(format!("{key}{} ", " ".repeat(gap)), Tone::Label),
            Span::plain(clean(value).into_owned()),
        ])
    };
    let lines: Vec<Line> = fields.iter().map(line).collect();
    if lines.is_empty() {
        vec![Line::plain("{}")]
    } else {
        lines
    }
}

/// The text with the program's own colours; in the level's tone where it has none. At most so many characters.
fn inked(text: &str, tone: Tone, coloured: bool, most: usize) -> Line {
    let tone = if coloured { Tone::Plain } else { tone };
    let mut spans = Vec::new();
    let (mut ink, mut left, mut column) = (Ink::default(), most, 0);
    for (at, part) in text.split(ESC).enumerate() {
        let part = match part
            .strip_prefix('[')
            .and_then(|rest| rest.split_once('m'))
            .filter(|_| at > 0)
        {
            Some((parameters, rest)) => {
                ink.apply(parameters);
                rest
            }
            None => part,
        };
        let part = part
            .char_indices()
            .nth(left)
            .map_or(part, |(end, _)| part.get(..end).unwrap_or(part));
        left -= part.chars().count().min(left);
        if !part.is_empty() {
            let mut span = Span::new(tabbed(part, &mut column), tone);
            span.ink = ink;
            spans.push(span);
        }
    }
    Line::of(spans)
}

/// The text with blanks for tabulators.
fn tabbed(text: &str, column: &mut usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, part) in text.split('\t').enumerate() {
        if at > 0 {
            let blank = TAB - *column % TAB;
            out.extend(std::iter::repeat_n(' ', blank));
            *column += blank;
        }
        out.push_str(part);
        *column += usize::from(text_width(part));
    }
    out
}

fn width(line: &Line) -> u16 {
    line.spans
        .iter()
        .map(|span| text_width(&span.text))
        .fold(0, u16::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ink::Hue;

    #[test]
    fn programs_keep_their_colours() {
        let line = inked("a\u{1b}[31mred\u{1b}[0m\tb", Tone::Plain, true, 100);
        let spans: Vec<(&str, Option<Hue>)> = line.spans.iter().map(|span| (&*span.text, span.ink.fg)).collect();
        assert_eq!(spans, [("a", None), ("red", Some(Hue::Indexed(1))), ("    b", None)]);
        assert_eq!(inked("abcdef", Tone::Plain, false, 3).text(), "abc");
        assert_eq!(inked("\tx", Tone::Plain, false, 99).text(), "        x");
    }
}
