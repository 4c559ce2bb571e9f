//! Cells in rows as lines: every column is as wide as its widest cell.

use crate::core::store::text_width;
use crate::core::text::{Line, Span, clean};

/// What stands in a cell.
pub type Cell = Vec<Span>;

/// The space between columns.
const GAP: usize = 2;

/// The lines of these rows.
pub fn lines(rows: Vec<Vec<Cell>>) -> Vec<Line> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(width).max().unwrap_or(0))
        .collect();
    rows.into_iter().map(|row| line(row, &widths)).collect()
}

fn line(row: Vec<Cell>, widths: &[usize]) -> Line {
    let mut spans = Vec::new();
    let last = row.iter().rposition(|cell| !cell.is_empty());
    for (at, (cell, wide)) in row.into_iter().zip(widths).enumerate() {
        // A column in which nothing stands takes no room.
        if *wide == 0 || last.is_none_or(|last| at > last) {
            continue;
        }
        let rest = wide.saturating_sub(width(&cell)) + GAP;
        spans.extend(cell);
        if last != Some(at) {
            spans.push(Span::plain(" ".repeat(rest)));
        }
    }
    Line::of(spans)
}

fn width(cell: &Cell) -> usize {
    cell.iter()
        .map(|span| usize::from(text_width(&clean(&span.text))))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them() {
        let cell = |text: &'static str| -> Cell {
            if text.is_empty() {
                vec![]
            } else {
                vec![Span::plain(text)]
            }
        };
        let rows = vec![
            vec![cell("ノード"), cell(""), cell("1"), cell("x")],
            vec![cell("n"), cell(""), cell("100"), cell("")],
            vec![cell(""), cell(""), cell("7")],
        ];
        let drawn: Vec<String> = lines(rows).iter().map(Line::text).collect();
        assert_eq!(drawn, ["ノード  1    x", "n       100", "        7"]);
    }
}
