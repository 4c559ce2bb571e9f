//! The log as text: for a file, the clipboard, a pager.

use bytes::Bytes;

use super::super::logs::Logs;
use super::name;
use super::switches::{Names, Stamps};
use crate::core::effect::Effect;
use crate::core::layer::{LayerCx, Next};
use crate::core::log::{Entry, MARK, sieve, stamp};

impl Logs {
    /// Writes the log to a file.
    pub(super) fn save(&mut self, name: String, all: bool, cx: &LayerCx) -> Next {
        let text = Bytes::from(self.text(all, false));
        Next::Effects(vec![Effect::Save(cx.ids.task(), name, text)])
    }

    /// Shows the log in a pager, in the program's colours.
    pub(super) fn page(&mut self, cx: &LayerCx) -> Next {
        let text = Bytes::from(self.text(false, true));
        Next::Effects(vec![Effect::Page(cx.ids.task(), text)])
    }

    /// Copies what is shown.
    pub(super) fn copy(&mut self, cx: &LayerCx) -> Next {
        Next::Effects(vec![Effect::Copy(cx.ids.task(), self.text(false, false))])
    }

    /// A name for a file: legal on every system, and new each second.
    pub(super) fn file_name(&self, cx: &LayerCx) -> String {
        let of = self.finders.first().map(|finder| finder.of.name()).unwrap_or_default();
        let name: String = of
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .trim_start_matches("-l")
            .trim()
            .to_string();
        let legal = |ch: char| {
            if ch.is_ascii_alphanumeric() || ch == '.' || ch == '_' {
                ch
            } else {
                '-'
            }
        };
        let name: String = name.chars().take(80).map(legal).collect();
        format!("{name}-{}.log", cx.clock.now.strftime("%Y%m%d-%H%M%S"))
    }

    /// What is shown, or all, with times and names as they are switched.
    fn text(&self, all: bool, coloured: bool) -> String {
        let mut out = String::with_capacity(self.journal.memory());
        if all {
            for (entry, text) in self.journal.iter() {
                self.write(entry, text, coloured, &mut out);
            }
            return out;
        }
        let shown = std::iter::successors(self.journal.first(), |spot| self.journal.after(*spot));
        for (entry, text) in shown.filter_map(|spot| self.journal.line(spot)) {
            self.write(entry, text, coloured, &mut out);
        }
        out
    }

    fn write(&self, entry: &Entry, text: &str, coloured: bool, out: &mut String) {
        if entry.source == MARK {
            out.push_str("── ");
        }
        if self.switches.stamps != Stamps::Off {
            out.push_str(&stamp::time(entry.key.time).to_string());
            out.push(' ');
        }
        let source = self.sources.all.get(usize::from(entry.source));
        let named = self.switches.names != Names::Off && name::is_needed(&self.sources.all);
        if let Some(source) = source.filter(|_| named) {
            out.push_str(&source.pod);
            out.push('/');
            out.push_str(&source.container);
            out.push(' ');
        }
        if entry.coloured && !coloured {
            out.push_str(&sieve::bare(text));
        } else {
            out.push_str(text);
            if entry.coloured {
                out.push_str("\u{1b}[0m");
            }
        }
        out.push('\n');
    }
}
