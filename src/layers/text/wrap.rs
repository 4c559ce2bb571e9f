//! Long lines: wrapped to the width, or cut out of at a column. All by the width of grapheme clusters.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::core::text::Line;

/// A row of the screen: a part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The line.
    pub line: usize,
    /// Its first column, in cells.
    pub from: usize,
    /// How many cells at most.
    pub width: usize,
}

/// The rows of these lines: one each, or as many as the width asks for.
pub fn pieces(lines: &[Line], width: Option<usize>) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        match width.filter(|width| *width > 1) {
            None => pieces.push(Piece {
                line: at,
                from: 0,
                width: usize::MAX,
            }),
            Some(width) => wrap(at, &line.text(), width, &mut pieces),
        }
    }
    pieces
}

fn wrap(line: usize, text: &str, width: usize, out: &mut Vec<Piece>) {
    let (mut from, mut column) = (0, 0);
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        if column + wide > from + width {
            out.push(Piece {
                line,
                from,
                width: column - from,
            });
            from = column;
        }
        column += wide;
    }
    out.push(Piece {
        line,
        from,
        width: (column - from).max(1),
    });
}

/// The part of a line from a column on, at most so wide. A wide character that is cut in two becomes a space.
pub fn cut(line: &Line, from: usize, width: usize) -> Line {
    if from == 0 && width == usize::MAX {
        return line.clone();
    }
    let until = from.saturating_add(width);
    let mut column = 0;
    let mut spans = Vec::new();
    for span in &line.spans {
        let mut text = String::new();
        for grapheme in span.text.graphemes(true) {
            let (start, end) = (column, column + grapheme.width());
            column = end;
            if start >= from && end <= until {
                text.push_str(grapheme);
            } else if start < from && end > from {
                text.push(' ');
            }
        }
        if !text.is_empty() {
            spans.push(span.with(text));
        }
    }
    Line::of(spans).at(line.depth.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_are_never_torn() {
        let lines = [Line::plain("あいうえお")];
        let rows: Vec<String> = pieces(&lines, Some(5))
            .iter()
            .map(|p| cut(&lines[0], p.from, p.width).text())
            .collect();
        assert_eq!(rows, ["あい", "うえ", "お"]);
        assert_eq!(cut(&lines[0], 1, 5).text(), " いう");
    }
}
