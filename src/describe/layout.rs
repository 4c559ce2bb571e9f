//! Aligns what the writer collected. Two cells at the left of every line hold the mark of what is wrong in it.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use crate::core::text::{Line, Span, Tone, clean};

use super::words::{Words, gravest, width};
use super::writer::{Entry, Table};

/// A label that ends beyond this cell does not push the values of its neighbours.
const WIDEST: usize = 40;
/// Between a label and its value, and between two columns.
const GAP: usize = 2;

/// The entries as lines.
pub(super) fn lines(entries: &[Entry]) -> Vec<Line> {
    let columns = columns(entries);
    let mut out = Vec::new();
    for entry in entries {
        match entry {
            Entry::Field {
                level,
                group,
                label,
                tone,
                value,
            } => {
                let column = columns.get(group).copied().unwrap_or_default();
                field(&mut out, *level, &label_spans(label, *tone), value, column);
            }
            Entry::Lines { level, value } => {
                let mark = value.gravest();
                out.extend(
                    value
                        .lines
                        .iter()
                        .map(|line| indented(mark, *level, line.iter().cloned())),
                );
            }
            Entry::Table { level, table } => rows(&mut out, *level, table),
        }
    }
    out
}

/// Where the values of each group begin, counted from the end of the marks.
fn columns(entries: &[Entry]) -> BTreeMap<usize, usize> {
    let mut columns = BTreeMap::new();
    for entry in entries {
        if let Entry::Field {
            level,
            group,
            label,
            value,
            ..
        } = entry
            && !value.is_empty()
        {
            let end = level * 2 + clean(label).width() + 1;
            let column = columns.entry(*group).or_default();
            if end <= WIDEST {
                *column = end.max(*column);
            }
        }
    }
    columns
}

fn label_spans(label: &str, tone: Tone) -> Vec<Span> {
    vec![Span::new(format!("{}:", clean(label)), tone)]
}

fn field(out: &mut Vec<Line>, level: usize, label: &[Span], value: &Words, column: usize) {
    let mark = gravest([value.gravest(), gravest(label.iter().map(|span| span.tone))]);
    let end = level * 2 + width(label);
    let column = column.max(end) + GAP;
    if value.is_empty() {
        out.push(indented(mark, level, label.iter().cloned()));
        return;
    }
    for (index, line) in value.lines.iter().enumerate() {
        if index == 0 {
            let spans = label
                .iter()
                .cloned()
                .chain([blank(column - end)])
                .chain(line.iter().cloned());
            out.push(indented(mark, level, spans));
        } else {
            out.push(indented(
                Tone::Plain,
                0,
                [blank(column)].into_iter().chain(line.iter().cloned()),
            ));
        }
    }
}

fn rows(out: &mut Vec<Line>, level: usize, table: &Table) {
    let widths = widths(table);
    let titles = table
        .titles
        .iter()
        .map(|title| vec![Span::new(*title, Tone::Title)])
        .collect();
    out.push(indented(Tone::Plain, level, row(titles, &widths)));
    for cells in &table.rows {
        let mark = gravest(cells.iter().map(Words::gravest));
        let (last, rest) = match cells.split_last() {
            Some((last, rest)) => (last.clone(), rest),
            None => (Words::default(), &[][..]),
        };
        let mut below = last.lines.into_iter();
        let mut first: Vec<_> = rest.iter().map(|cell| cell.clone().flat()).collect();
        first.push(below.next().unwrap_or_default());
        out.push(indented(mark, level, row(first, &widths)));
        let offset = widths.iter().take(rest.len()).map(|width| width + GAP).sum();
        out.extend(below.map(|line| indented(Tone::Plain, level, [blank(offset)].into_iter().chain(line))));
    }
}

fn widths(table: &Table) -> Vec<usize> {
    let mut widths: Vec<_> = table.titles.iter().map(|title| title.width()).collect();
    for cells in &table.rows {
        for (cell, widest) in cells.iter().zip(&mut widths) {
            *widest = width(&cell.clone().flat()).max(*widest);
        }
    }
    widths
}

/// The cells of a row, each padded to its column but for what ends the line.
fn row(cells: Vec<Vec<Span>>, widths: &[usize]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut owed = 0;
    for (cell, column) in cells.into_iter().zip(widths) {
        let cell_width = width(&cell);
        if cell_width > 0 {
            if owed > 0 {
                spans.push(blank(owed));
            }
            spans.extend(cell);
            owed = 0;
        }
        owed += column.saturating_sub(cell_width) + GAP;
    }
    spans
}

fn indented(mark: Tone, level: usize, spans: impl IntoIterator<Item = Span>) -> Line {
    let spans: Vec<_> = spans.into_iter().collect();
    let margin = match mark.mark() {
        _ if spans.is_empty() => return Line::default(),
        "" => blank(2 + level * 2),
        sign => Span::new(format!("{sign}{}", " ".repeat(1 + level * 2)), mark),
    };
    Line::of([margin].into_iter().chain(spans))
}

fn blank(cells: usize) -> Span {
    Span::plain(" ".repeat(cells))
}
