//! What this session changed: when, where, what, what came of it, and the command that does the same.

use super::text::{Content, Refreshed, TextLayer};
use crate::core::history::{Ending, Entry};
use crate::core::layer::{Layer, LayerCx};
use crate::core::text::{Line, Span, Tone, clean};

/// The history, the newest first.
#[derive(Default)]
struct Changes {
    lines: Vec<Line>,
    seen: Option<u64>,
}

/// The history.
pub fn open() -> Box<dyn Layer> {
    Box::new(TextLayer::new(Changes::default()))
}

fn lines(entry: &Entry, cx: &LayerCx) -> [Line; 2] {
    let (mark, word, tone) = match &entry.ending {
        Ending::Pending => ("…", cx.lang.t("history.pending"), Tone::Busy),
        Ending::Done => ("✓", cx.lang.t("history.done"), Tone::Good),
        Ending::Failed(why) => ("✗", why.clone(), Tone::Error),
        Ending::Unknown => ("?", cx.lang.t("history.unknown"), Tone::Warn),
    };
    let place = match &entry.namespace {
        Some(namespace) => format!("{} · {}", entry.context, namespace),
        None => entry.context.clone(),
    };
    let head = Line::of([
        Span::new(format!("{mark} "), tone),
        Span::new(entry.at.strftime("%H:%M:%S ").to_string(), Tone::Muted),
        Span::plain(format!("{:<7}", entry.verb)),
        Span::new(clean(&entry.object).into_owned(), Tone::Accent),
        Span::new(format!("  {}", clean(&place)), Tone::Muted),
        Span::new(format!("  {}", clean(&word)), tone),
    ]);
    [
        head,
        Line::of([Span::new(format!("    $ {}", clean(&entry.kubectl)), Tone::Label)]),
    ]
}

impl Content for Changes {
    fn refresh(&mut self, cx: &LayerCx) -> Refreshed {
        let now = cx.history.generation();
        let changed = self.seen != Some(now);
        if changed {
            self.seen = Some(now);
            self.lines = cx.history.entries().rev().flat_map(|entry| lines(entry, cx)).collect();
            if self.lines.is_empty() {
                self.lines
                    .push(Line::of([Span::new(cx.lang.t("history.empty"), Tone::Muted)]));
            }
        }
        Refreshed {
            changed,
            effects: Vec::new(),
        }
    }

    fn title(&self, cx: &LayerCx) -> Line {
        Line::of([Span::new(cx.lang.t("history.title"), Tone::Title)])
    }

    fn lines(&self) -> &[Line] {
        &self.lines
    }
}
