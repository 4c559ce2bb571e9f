//! Collects what a description says; [`Writer::finish`] aligns it into a document.

use crate::core::lang::Lang;
use crate::core::reference::Reference;
use crate::core::resource::Resource;
use crate::core::text::{Doc, Section, Tone, clean};
use crate::relations::kinds;

use super::layout;
use super::words::Words;

/// Collects sections of fields, nested blocks, lines and tables.
#[derive(Debug)]
pub struct Writer<'a> {
    lang: &'a Lang,
    parts: Vec<Part>,
    level: usize,
    group: usize,
    groups: usize,
    bullet: bool,
    namespace: String,
}

/// A section in the making.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) title: String,
    pub(super) entries: Vec<Entry>,
}

/// What a section is made of, each at its depth.
#[derive(Debug)]
pub(super) enum Entry {
    /// A label with its value.
    Field(Field),
    /// Text without a label.
    Lines { level: usize, value: Words },
    /// Aligned columns.
    Table { level: usize, table: Table },
}

/// A label with its value; values of one group begin in one column.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) level: usize,
    pub(super) group: usize,
    pub(super) label: String,
    pub(super) tone: Tone,
    pub(super) value: Words,
    /// Whether it begins an element of a list, which a dash before it says.
    pub(super) bullet: bool,
}

/// Rows under column titles.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The column titles.
    pub titles: Vec<&'static str>,
    /// The cells, row by row.
    pub rows: Vec<Vec<Words>>,
}

impl Table {
    /// A table without rows.
    pub fn new<const N: usize>(titles: [&'static str; N]) -> Self {
        Self {
            titles: titles.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [Words; N]) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Takes out the columns in which no row says anything, but for the first `always`.
    pub fn drop_empty(&mut self, always: usize) {
        for column in (always..self.titles.len()).rev() {
            let said = self
                .rows
                .iter()
                .filter_map(|cells| cells.get(column))
                .any(|cell| !cell.is_empty());
            if !said {
                self.titles.remove(column);
                for cells in self.rows.iter_mut().filter(|cells| cells.len() > column) {
                    cells.remove(column);
                }
            }
        }
    }
}

impl<'a> Writer<'a> {
    /// For the description of an object in this namespace: what it names without one is there too. Labels are kubectl's; what
    /// konn adds to them is said in `lang`.
    pub fn of(namespace: &str, lang: &'a Lang) -> Self {
        Self {
            lang,
            parts: Vec::new(),
            level: 0,
            group: 0,
            groups: 0,
            bullet: false,
            namespace: namespace.to_owned(),
        }
    }

    /// The texts of what konn itself adds.
    pub fn lang(&self) -> &'a Lang {
        self.lang
    }

    /// `words`, of which `name` is a link to the object of that name, in the namespace of the object that is described.
    pub fn naming(&self, words: impl Into<Words>, resource: &Resource, name: &str) -> Words {
        words.into().naming(&Reference::to(resource, &self.namespace, name))
    }

    /// As [`Writer::naming`], for an object that is named by version and kind.
    pub fn naming_kind(&self, words: impl Into<Words>, version: &str, kind: &str, name: &str) -> Words {
        let resource = kinds::named(version, kind, !self.namespace.is_empty());
        self.naming(words, &resource, name)
    }

    /// Begins a section; an empty title continues without a heading.
    pub fn section(&mut self, title: &str) {
        self.level = 0;
        self.new_group();
        self.parts.push(Part {
            title: title.to_owned(),
            entries: Vec::new(),
        });
    }

    /// `label: value`, in one column with its neighbours.
    pub fn field(&mut self, label: &str, value: impl Into<Words>) {
        self.labelled(label, Tone::Label, value.into());
    }

    /// A label that what is nested below it explains.
    pub fn heading(&mut self, label: &str) {
        self.labelled(label, Tone::Label, Words::default());
    }

    /// The name of something that has fields of its own, such as a container.
    pub fn item(&mut self, name: &str, tone: Tone) {
        self.labelled(name, tone, Words::default());
    }

    /// Text without a label.
    pub fn lines(&mut self, value: impl Into<Words>) {
        let entry = Entry::Lines {
            level: self.level,
            value: value.into(),
        };
        self.push(entry);
    }

    /// Aligned columns.
    pub fn table(&mut self, table: Table) {
        let entry = Entry::Table {
            level: self.level,
            table,
        };
        self.push(entry);
    }

    /// What `write` says stands one level deeper, its values in the same column as those around it.
    pub fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.level += 1;
        write(self);
        self.level = self.level.saturating_sub(1);
    }

    /// What `write` says stands one level deeper, its values in a column of their own.
    pub fn block(&mut self, write: impl FnOnce(&mut Self)) {
        self.apart(|out| out.nested(write));
    }

    /// What `write` says stands at this level, its values in a column of their own.
    pub fn apart(&mut self, write: impl FnOnce(&mut Self)) {
        let outer = self.group;
        self.new_group();
        write(self);
        self.group = outer;
    }

    /// What `write` says is one element of a list: it stands one level deeper, and a dash before its first field.
    pub fn element(&mut self, write: impl FnOnce(&mut Self)) {
        self.bullet = true;
        self.nested(write);
        self.bullet = false;
    }

    /// The document, aligned.
    pub fn finish(self) -> Doc {
        let sections = self
            .parts
            .into_iter()
            .filter(|part| !(part.title.is_empty() && part.entries.is_empty()));
        Doc {
            sections: sections
                .map(|part| Section {
                    lines: layout::lines(&part.entries),
                    title: clean(&part.title).into_owned().into(),
                })
                .collect(),
        }
    }

    fn labelled(&mut self, label: &str, tone: Tone, value: Words) {
        let entry = Field {
            level: self.level,
            group: self.group,
            label: label.to_owned(),
            tone,
            value,
            bullet: std::mem::take(&mut self.bullet),
        };
        self.push(Entry::Field(entry));
    }

    fn push(&mut self, entry: Entry) {
        match self.parts.last_mut() {
            Some(part) => part.entries.push(entry),
            None => self.parts.push(Part {
                title: String::new(),
                entries: vec![entry],
            }),
        }
    }

    fn new_group(&mut self) {
        self.groups += 1;
        self.group = self.groups;
    }
}

#[cfg(test)]
impl Default for Writer<'_> {
    fn default() -> Self {
        use crate::core::lang::Tongue;
        use std::sync::LazyLock;
        static ENGLISH: LazyLock<Lang> = LazyLock::new(|| Lang::load(Tongue::En));
        Self::of("", &ENGLISH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Writer)) -> String {
        let mut out = Writer::default();
        write(&mut out);
        out.finish().text()
    }

    #[test]
    fn values_of_one_group_begin_in_one_column() {
        let text = text(|out| {
            out.field("Name", "web");
            out.field("Labels", Words::stack(["a=b".into(), "c=d".into()]));
            out.heading("Limits");
            out.block(|out| out.field("cpu", "1"));
            out.field("State", "Waiting");
            out.nested(|out| out.field("Reason", Words::toned("CrashLoopBackOff", Tone::Error)));
        });
        let expected = "  Name:      web\n  Labels:    a=b\n             c=d\n  Limits:\n    cpu:  1\n  State:     Waiting\n✗   Reason:  CrashLoopBackOff\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn elements_of_a_list_begin_with_a_dash() {
        let text = text(|out| {
            out.heading("Ports");
            out.block(|out| {
                for name in ["http", "dns"] {
                    out.element(|out| {
                        out.field("Name", name);
                        out.field("Number", "80");
                    });
                }
            });
        });
        assert_eq!(
            text,
            "  Ports:\n    - Name:    http\n      Number:  80\n    - Name:    dns\n      Number:  80\n"
        );
    }

    #[test]
    fn lines_of_one_tone_share_a_mark() {
        let text = text(|out| {
            let warn = |text| Words::toned(text, Tone::Warn);
            out.field(
                "A",
                Words::stack(["fine".into(), warn("b"), warn("c"), "d".into(), warn("e")]),
            );
        });
        assert_eq!(text, "  A:  fine\n!     b\n      c\n      d\n!     e\n");
    }

    #[test]
    fn a_very_long_label_does_not_push_the_column() {
        let long = "resource cpu of container \"nginx\" on pods  (as a percentage of request)";
        let text = text(|out| {
            out.field(long, "12m");
            out.field("Min", "1");
        });
        assert_eq!(text, format!("  {long}:  12m\n  Min:  1\n"));
    }

    #[test]
    fn tables_align_by_what_a_terminal_draws() {
        let text = text(|out| {
            out.section("Events");
            let mut table = Table::new(["Type", "Message"]);
            table.row([Words::from("日本"), "first\nsecond".into()]);
            table.row([Words::toned("Warning", Tone::Warn), "b".into()]);
            table.row([Words::default(), Words::default()]);
            out.table(table);
        });
        assert_eq!(
            text,
            "Events\n  Type     Message\n  日本     first\n           second\n! Warning  b\n\n"
        );
    }

    #[test]
    fn what_steers_a_terminal_never_gets_through() {
        let text = text(|out| {
            out.section("\u{1b}]0;t\u{7}");
            out.field("a\u{1b}[2J", "b\u{202e}\tc");
            out.item("d\n\u{9b}e", Tone::Accent);
        });
        assert!(text.chars().all(|ch| ch == '\n' || !ch.is_control()), "{text:?}");
        assert!(text.contains("b c"));
    }
}
