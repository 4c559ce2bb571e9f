//! The lines that are seen, as they are drawn: cut to the window, with what a search found, folds and the link that
//! Enter follows.

use super::{Content, TextLayer, outline, search, wrap};
use crate::core::text::{Line, Span, Tone};

/// From how many hidden lines on it is cheaper to tone what is seen in two runs.
const GAP: usize = 200;

impl TextLayer {
    /// Makes the lines that are seen.
    pub(super) fn draw(&mut self) {
        let seen: Vec<wrap::Piece> = self.rows.iter().skip(self.top).take(self.page()).copied().collect();
        let toned = toned(&mut *self.content, &seen);
        let now = self.hits.get(self.hit).copied();
        let here = self.line();
        let lines = self.content.lines();
        let draw = |(piece, toned): (&wrap::Piece, Option<Line>)| {
            let mut line = match toned {
                Some(line) => line,
                None => lines.get(piece.line)?.clone(),
            };
            if Some(piece.line) == here {
                point(&mut line, self.link);
            }
            if let Some(search) = &self.search {
                line = search::highlight(&line, search, now == Some(piece.line));
            }
            let mut line = wrap::cut(&line, piece.from + self.left, piece.width);
            if piece.from == 0 {
                self.fold_marks(piece.line, &mut line);
            }
            Some(line)
        };
        self.window = seen.iter().zip(toned).filter_map(draw).collect();
    }

    /// Says of a line that others belong to whether they are shown, and how many they are.
    fn fold_marks(&self, at: usize, line: &mut Line) {
        let Some(id) = self.outline.id(at).filter(|_| self.outline.is_head(at)) else {
            return;
        };
        let lines = self.content.lines();
        let folded = self.folded.contains(&id);
        let is_title = lines.get(at).is_some_and(outline::is_title);
        if is_title && self.left == 0 {
            line.spans
                .insert(0, Span::new(if folded { "▸ " } else { "▾ " }, Tone::Muted));
        }
        if !folded {
            return;
        }
        let below = lines.get(self.outline.below(at)).unwrap_or_default();
        let count = below.iter().filter(|line| !line.spans.is_empty()).count();
        let sign = if is_title { "" } else { "▸ " };
        line.spans.push(Span::new(format!("  {sign}+{count}"), Tone::Muted));
        let worst = outline::gravest(below);
        if !worst.mark().is_empty() {
            line.spans.push(Span::new(format!(" {}", worst.mark()), worst));
        }
    }
}

/// What is seen, toned by the content where it does that itself, run by run.
fn toned(content: &mut dyn Content, seen: &[wrap::Piece]) -> Vec<Option<Line>> {
    let mut out: Vec<Option<Line>> = Vec::with_capacity(seen.len());
    for run in seen.chunk_by(|one, next| next.line - one.line < GAP) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            continue;
        };
        let toned = content.tone(first.line, last.line + 1 - first.line);
        let own = |piece: &wrap::Piece| toned.as_ref()?.get(piece.line - first.line).cloned();
        out.extend(run.iter().map(own));
    }
    out
}

/// Tones the link that Enter follows.
fn point(line: &mut Line, link: usize) {
    let last = line.links().count().saturating_sub(1);
    let mut links = line.spans.iter_mut().filter(|span| span.link.is_some());
    if let Some(span) = links.nth(link.min(last)) {
        span.tone = Tone::LinkNow;
    }
}
