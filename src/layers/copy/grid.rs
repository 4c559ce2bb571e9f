//! A table as it stands on the screen, for a file: CSV, JSON or YAML.

use serde_json::{Map, Value};

use crate::core::clock::Clock;
use crate::core::screen::{Screen, Section};
use crate::core::store::Store;
use crate::core::view::{Shared, Tier, ViewRef};
use crate::layers::yaml_text;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Values with commas between them (RFC 4180).
    Csv,
    /// A list of objects.
    Json,
    /// The same as YAML.
    Yaml,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Yaml];

    /// How files of it end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }
}

/// The rows that are seen, in their order, and the columns.
#[derive(Clone)]
pub struct Grid {
    view: ViewRef,
    rows: Vec<Shared>,
    wide: bool,
    namespaces: bool,
}

impl Grid {
    /// The section of the screen that the cursor is in.
    pub fn of(screen: &Screen, section: &Section, store: &Store) -> Self {
        let table = section.table(store);
        let visible = section.order.visible().iter();
        let rows = visible.filter_map(|at| table?.rows().get(*at as usize));
        Self {
            rows: rows
                .filter(|row| !row.is_gone())
                .map(|row| row.object.clone())
                .collect(),
            wide: screen.wide,
            namespaces: section.view.resource().namespaced && screen.scope.single().is_none(),
            view: section.view.clone(),
        }
    }

    /// The plural of what it shows.
    pub fn name(&self) -> String {
        self.view.resource().plural.to_string()
    }

    /// The columns that are seen, by place and title.
    pub fn columns(&self) -> Vec<(usize, String)> {
        let column = |at: usize| {
            let column = self.view.column(at)?;
            (self.wide || column.tier == Tier::Always).then(|| (at, column.title.to_string()))
        };
        (0..self.view.width()).filter_map(column).collect()
    }

    /// A row's cells, the namespace first where it is seen.
    pub fn cells(&self, row: &Shared, clock: &Clock) -> Vec<String> {
        let namespace = row.meta().namespace.as_deref().unwrap_or_default().to_string();
        let cells = self.columns().into_iter();
        let cells = cells.map(|(at, _)| self.view.cell(&**row, at, clock).text.to_string());
        self.namespaces.then_some(namespace).into_iter().chain(cells).collect()
    }

    fn titles(&self) -> Vec<String> {
        let namespace = self.namespaces.then(|| "NAMESPACE".to_string());
        namespace
            .into_iter()
            .chain(self.columns().into_iter().map(|(_, title)| title))
            .collect()
    }

    /// The whole table.
    pub fn write(&self, format: Format, clock: &Clock) -> String {
        let rows = self.rows.iter().map(|row| self.cells(row, clock)).collect::<Vec<_>>();
        write(&self.titles(), &rows, format)
    }
}

fn write(titles: &[String], rows: &[Vec<String>], format: Format) -> String {
    if format == Format::Csv {
        return std::iter::once(csv(titles))
            .chain(rows.iter().map(|row| csv(row)))
            .collect();
    }
    let object = |row: &Vec<String>| -> Value {
        let pairs = titles
            .iter()
            .cloned()
            .zip(row.iter().map(|cell| Value::from(cell.as_str())));
        Value::Object(pairs.collect::<Map<_, _>>())
    };
    let value = Value::Array(rows.iter().map(object).collect());
    match format {
        Format::Json => serde_json::to_string_pretty(&value).unwrap_or_default() + "\n",
        _ => yaml_text::write(&value).unwrap_or_default(),
    }
}

/// A line of CSV as RFC 4180 has it. What a spreadsheet would take for a formula begins with an apostrophe, so that a
/// name in the cluster cannot run anything on the desk of who opens the file.
pub fn csv(cells: &[String]) -> String {
    let cell = |text: &String| {
        let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
        let text = if formula { format!("'{text}") } else { text.clone() };
        if text.contains([',', '"', '\n', '\r', '\'', ' ']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| word.to_string()).collect()
    }

    #[test]
    fn csv_is_quoted_and_runs_nothing() {
        for (cell, written) in [
            ("web", "web"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-1", "\"'-1\""),
            ("+x", "\"'+x\""),
            ("\t=x", "\"'\t=x\""),
            ("1/1", "1/1"),
            ("", ""),
        ] {
            assert_eq!(csv(&words(&[cell])), format!("{written}\r\n"), "{cell}");
        }
        assert_eq!(csv(&words(&["a", "", "c"])), "a,,c\r\n");
    }

    #[test]
    fn every_format_has_every_cell() {
        let titles = words(&["NAME", "READY"]);
        let rows = [words(&["web", "1/1"]), words(&["=x", "0/1"])];
        assert_eq!(
            write(&titles, &rows, Format::Csv),
            "NAME,READY\r\nweb,1/1\r\n\"'=x\",0/1\r\n"
        );
        let json: Value = serde_json::from_str(&write(&titles, &rows, Format::Json)).unwrap();
        assert_eq!(
            json,
            serde_json::json!([{"NAME": "web", "READY": "1/1"}, {"NAME": "=x", "READY": "0/1"}])
        );
        let yaml = write(&titles, &rows, Format::Yaml);
        assert_eq!(yaml, "- NAME: web\n  READY: 1/1\n- NAME: =x\n  READY: 0/1\n");
    }
}
