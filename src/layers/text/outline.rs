//! Which lines belong to which, and what is hidden where some are folded.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::core::text::{Line, Tone};

/// The lines of a text by what belongs to what.
#[derive(Debug, Default)]
pub struct Outline {
    /// What tells each line apart as long as the text is open, whatever the values in it.
    ids: Vec<u64>,
    /// The first line after those that belong to each line.
    ends: Vec<usize>,
    top: u8,
}

impl Outline {
    /// The outline of these lines: what stands deeper belongs to what stands above it.
    pub fn of(lines: &[Line]) -> Self {
        let mut outline = Self {
            ids: Vec::with_capacity(lines.len()),
            ends: vec![lines.len(); lines.len()],
            top: lines.iter().map(|line| line.depth).min().unwrap_or_default(),
        };
        let mut around: Vec<usize> = Vec::new();
        let mut seen: HashMap<u64, u32> = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            let is_around = |above: &usize| lines.get(*above).is_some_and(|above| above.depth < line.depth);
            while around.last().is_some_and(|above| !is_around(above)) {
                let closed = around.pop().and_then(|above| outline.ends.get_mut(above));
                closed.into_iter().for_each(|end| *end = at);
            }
            let parent = around.last().and_then(|above| outline.ids.get(*above));
            let plain = hash(&(parent, label(line)));
            let count = seen.entry(plain).or_default();
            *count += 1;
            outline.ids.push(hash(&(plain, *count)));
            around.push(at);
        }
        outline.close_blanks(lines);
        outline
    }

    /// A blank line belongs to what is above it, but is nothing to fold for.
    fn close_blanks(&mut self, lines: &[Line]) {
        for (at, end) in self.ends.iter_mut().enumerate() {
            let below = lines.get(at + 1..*end).unwrap_or_default();
            if below.iter().all(|line| line.spans.is_empty()) {
                *end = at + 1;
            }
        }
    }

    /// What tells a line apart.
    pub fn id(&self, line: usize) -> Option<u64> {
        self.ids.get(line).copied()
    }

    /// The line of this id.
    pub fn line_of(&self, id: u64) -> Option<usize> {
        self.ids.iter().position(|known| *known == id)
    }

    /// The lines that belong to a line.
    pub fn below(&self, line: usize) -> std::ops::Range<usize> {
        line + 1..self.ends.get(line).copied().unwrap_or_default().max(line + 1)
    }

    /// Whether anything belongs to the line.
    pub fn is_head(&self, line: usize) -> bool {
        !self.below(line).is_empty()
    }

    /// Whether any line can be folded.
    pub fn has_heads(&self) -> bool {
        (0..self.ends.len()).any(|line| self.is_head(line))
    }

    /// The line itself where something belongs to it, else the nearest one that it belongs to.
    pub fn head_of(&self, line: usize) -> Option<usize> {
        if self.is_head(line) {
            return Some(line);
        }
        (0..line).rev().find(|above| self.below(*above).contains(&line))
    }

    /// The outermost lines that can be folded; where some of them are titles, only those.
    pub fn outermost(&self, lines: &[Line]) -> Vec<u64> {
        let is_outer = |at: &usize| self.is_head(*at) && lines.get(*at).is_some_and(|line| line.depth == self.top);
        let is_title = |at: &&usize| lines.get(**at).is_some_and(is_title);
        let outer: Vec<usize> = (0..lines.len()).filter(is_outer).collect();
        let mut titles: Vec<usize> = outer.iter().filter(is_title).copied().collect();
        if titles.is_empty() {
            titles = outer;
        }
        titles.into_iter().filter_map(|at| self.id(at)).collect()
    }

    /// Which lines are hidden where these are folded.
    pub fn hidden(&self, folded: &HashSet<u64>) -> Vec<bool> {
        let mut hidden = vec![false; self.ids.len()];
        if folded.is_empty() {
            return hidden;
        }
        for (at, id) in self.ids.iter().enumerate().filter(|(_, id)| folded.contains(id)) {
            debug_assert_eq!(self.id(at), Some(*id));
            let below = hidden.get_mut(self.below(at));
            below.into_iter().flatten().for_each(|line| *line = true);
        }
        hidden
    }

    /// The lines around a line that hide it where they are folded.
    pub fn around(&self, line: usize) -> Vec<u64> {
        let around = (0..line).filter(|above| self.below(*above).contains(&line));
        around.filter_map(|above| self.id(above)).collect()
    }
}

/// Whether the line is the title of a section.
pub fn is_title(line: &Line) -> bool {
    line.spans.first().is_some_and(|span| span.tone == Tone::Title)
}

/// The gravest tone with a mark in these lines.
pub fn gravest(lines: &[Line]) -> Tone {
    let has = |tone: &Tone| {
        lines
            .iter()
            .any(|line| line.spans.iter().any(|span| span.tone == *tone))
    };
    [Tone::Error, Tone::Warn, Tone::Busy]
        .into_iter()
        .find(has)
        .unwrap_or_default()
}

/// The first word or words of a line: what it is, whatever its value.
fn label(line: &Line) -> &str {
    let texts = line.spans.iter().map(|span| span.text.trim());
    let is_mark = |text: &str| text.is_empty() || matches!(text, "✗" | "!" | "…");
    let mut texts = texts.filter(|text| !is_mark(text));
    let first = texts.next().unwrap_or_default();
    first.split_once(": ").map_or(first, |(label, _)| label)
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[(&'static str, usize)]) -> Vec<Line> {
        texts
            .iter()
            .map(|(text, depth)| Line::plain(*text).at(*depth))
            .collect()
    }

    #[test]
    fn what_stands_deeper_folds_away() {
        let lines = lines(&[
            ("Name: a", 0),
            ("Conditions", 0),
            ("Ready", 1),
            ("Why", 2),
            ("Events", 0),
            ("x", 1),
        ]);
        let outline = Outline::of(&lines);
        let heads: Vec<usize> = (0..6).filter(|at| outline.is_head(*at)).collect();
        assert_eq!(heads, [1, 2, 4]);
        assert_eq!(outline.head_of(3), Some(2));
        assert_eq!(outline.head_of(0), None);
        let folded = outline.id(1).into_iter().collect();
        assert_eq!(outline.hidden(&folded), [false, false, true, true, false, false]);
        assert_eq!(outline.outermost(&lines).len(), 2);
        assert_eq!(outline.around(3), [outline.id(1).unwrap(), outline.id(2).unwrap()]);
    }

    #[test]
    fn lines_are_known_by_what_they_are_not_by_their_values() {
        let before = Outline::of(&lines(&[("A", 0), ("State: Waiting", 1), ("B", 0), ("State: x", 1)]));
        let after = Outline::of(&lines(&[
            ("New: 1", 0),
            ("A", 0),
            ("State: Running", 1),
            ("B", 0),
            ("State: x", 1),
        ]));
        assert_eq!(after.line_of(before.id(1).unwrap()), Some(2));
        assert_ne!(before.id(1), before.id(3));
    }

    #[test]
    fn a_blank_line_is_nothing_to_fold() {
        let mut lines = lines(&[("Events: none", 0), ("", 1), ("Rules", 0), ("a", 1)]);
        lines[1] = Line::default().at(1);
        let outline = Outline::of(&lines);
        assert!(!outline.is_head(0) && outline.is_head(2));
    }
}
