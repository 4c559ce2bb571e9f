//! Aligns what the writer collected. Two cells at the left of every line hold the mark of what is wrong in it.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use crate::core::text::{Line, Span, Tone, clean};

use super::words::{Words, gravest, width};
use super::writer::{Entry, Field, Table};

/// A label that ends beyond this cell does not push the values of its neighbours.
const WIDEST: usize = 60;
/// Between a label and its value, and between two columns.
const GAP: usize = 2;

/// The entries as lines.
pub(super) fn lines(entries: &[Entry]) -> Vec<Line> {
    let columns = columns(entries);
    let mut out = Vec::new();
    for entry in entries {
        match entry {
            Entry::Field(field) => {
                let column = columns.get(&field.group).copied().unwrap_or_default();
                // Values of several lines fold to their first.
                let deep = |(nth, line): (usize, Line)| line.at(field.level + usize::from(nth > 0));
                out.extend(of_field(field, column).into_iter().enumerate().map(deep));
            }
            Entry::Lines { level, value } => {
                let marked = value.lines.iter().zip(marks(value));
                out.extend(marked.map(|(line, mark)| indented(mark, level * 2, line.iter().cloned()).at(*level)));
            }
            Entry::Table { level, table } => {
                let first = out.len();
                rows(&mut out, level * 2, table);
                let own = out.iter_mut().skip(first);
                own.for_each(|line| *line = std::mem::take(line).at(*level));
            }
        }
    }
    out
}

/// Where the values of each group begin, counted from the end of the marks.
fn columns(entries: &[Entry]) -> BTreeMap<usize, usize> {
    let mut columns = BTreeMap::new();
    for entry in entries {
        if let Entry::Field(field) = entry
            && !field.value.is_empty()
        {
            let end = field.level * 2 + clean(&field.label).width() + 1;
            let column = columns.entry(field.group).or_default();
            if end <= WIDEST {
                *column = end.max(*column);
            }
        }
    }
    columns
}

fn of_field(field: &Field, column: usize) -> Vec<Line> {
    let dash = if field.bullet { "- " } else { "" };
    let label = Span::new(format!("{dash}{}:", clean(&field.label)), field.tone);
    let indent = (field.level * 2).saturating_sub(dash.len());
    let end = indent + label.text.width();
    let column = column.max(end) + GAP;
    let mut marks = marks(&field.value);
    let first = gravest([field.tone].into_iter().chain(marks.next()));
    let mut below = field.value.lines.iter();
    let value = below.next().filter(|line| !line.is_empty());
    let value = value
        .into_iter()
        .flat_map(|line| [blank(column - end)].into_iter().chain(line.iter().cloned()));
    let mut lines = vec![indented(first, indent, [label].into_iter().chain(value))];
    lines.extend(
        below
            .zip(marks)
            .map(|(line, mark)| indented(mark, column, line.iter().cloned())),
    );
    lines
}

/// The mark of each line; lines of one tone below each other share the first one's.
fn marks(value: &Words) -> impl Iterator<Item = Tone> {
    let tones: Vec<_> = value
        .lines
        .iter()
        .map(|line| gravest(line.iter().map(|span| span.tone)))
        .collect();
    let before: Vec<_> = [Tone::Plain].into_iter().chain(tones.iter().copied()).collect();
    tones
        .into_iter()
        .zip(before)
        .map(|(tone, before)| if tone == before { Tone::Plain } else { tone })
}

fn rows(out: &mut Vec<Line>, indent: usize, table: &Table) {
    let widths = widths(table);
    let titles = table
        .titles
        .iter()
        .map(|title| vec![Span::new(*title, Tone::Title)])
        .collect();
    out.push(indented(Tone::Plain, indent, row(titles, &widths)));
    for cells in &table.rows {
        let mark = gravest(cells.iter().map(Words::gravest));
        let (last, rest) = match cells.split_last() {
            Some((last, rest)) => (last.clone(), rest),
            None => (Words::default(), &[][..]),
        };
        let mut below = last.lines.into_iter();
        let mut first: Vec<_> = rest.iter().map(|cell| cell.clone().flat()).collect();
        first.push(below.next().unwrap_or_default());
        out.push(indented(mark, indent, row(first, &widths)));
        let offset: usize = widths.iter().take(rest.len()).map(|width| width + GAP).sum();
        out.extend(below.map(|line| indented(Tone::Plain, indent + offset, line)));
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

fn indented(mark: Tone, indent: usize, spans: impl IntoIterator<Item = Span>) -> Line {
    let spans: Vec<_> = spans.into_iter().collect();
    let margin = match mark.mark() {
        _ if spans.is_empty() => return Line::default(),
        "" => blank(2 + indent),
        sign => Span::new(format!("{sign}{}", " ".repeat(1 + indent)), mark),
    };
    Line::of([margin].into_iter().chain(spans))
}

fn blank(cells: usize) -> Span {
    Span::plain(" ".repeat(cells))
}
