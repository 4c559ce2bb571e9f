//! What this session changed: when, where, what, what came of it, and the command that does the same.

use super::copy_files::size;
use super::open::{open as to_object, view};
use super::text::{Content, Refreshed, TextLayer};
use crate::core::action::Target;
use crate::core::command::Command;
use crate::core::history::{Ending, Entry};
use crate::core::layer::{Layer, LayerCx, Next};
use crate::core::notice::Notice;
use crate::core::text::{Line, Span, Tone, clean};

/// How many lines an entry has.
const LINES: usize = 2;

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

/// How a session ended, as far as it says so: by which code, after how many bytes.
fn facts(entry: &Entry, cx: &LayerCx) -> String {
    let exit = entry
        .exit
        .map(|code| cx.lang.f("history.exit", &[("code", &code.to_string())]));
    let bytes = entry.bytes.map(size);
    let facts: Vec<String> = exit.into_iter().chain(bytes).map(|fact| format!(" · {fact}")).collect();
    facts.concat()
}

fn lines(entry: &Entry, cx: &LayerCx) -> [Line; LINES] {
    let (mark, word, tone) = match &entry.ending {
        Ending::Pending => ("…", cx.lang.t("history.pending"), Tone::Busy),
        Ending::Done => ("✓", cx.lang.t("history.done"), Tone::Good),
        Ending::Failed(why) => ("✗", why.clone(), Tone::Error),
        Ending::Unknown => ("?", cx.lang.t("history.unknown"), Tone::Warn),
        Ending::Open => ("…", cx.lang.t("history.open"), Tone::Busy),
        Ending::Closed => ("–", cx.lang.t("history.closed"), Tone::Muted),
    };
    let undo = if can_undo(entry, cx) {
        cx.lang.t("history.undo")
    } else {
        String::new()
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
        Span::new(format!("  {}{}", clean(&word), facts(entry, cx)), tone),
        Span::new(format!("   {undo}"), Tone::Accent),
    ]);
    [
        head,
        Line::of([Span::new(format!("    $ {}", clean(&entry.kubectl)), Tone::Label)]),
    ]
}

/// Whether the rollout that an entry began can be undone from here.
fn can_undo(entry: &Entry, cx: &LayerCx) -> bool {
    entry.rolls_out && entry.ending == Ending::Done && entry.context == cx.link.identity.context
}

/// To the object of an entry; where it began a rollout, to its undoing.
fn follow(entry: &Entry, cx: &LayerCx) -> Option<Next> {
    let of = entry.of.as_ref()?;
    if entry.context != cx.link.identity.context {
        let text = cx.lang.f("history.elsewhere", &[("context", &clean(&entry.context))]);
        return Some(Next::Notice(Notice::warn(text)));
    }
    let mut nexts = vec![Next::Close, to_object(of, cx.catalog)];
    let undo = cx.registry.action("rollout_undo").filter(|_| can_undo(entry, cx));
    if let (Some(undo), Some(view)) = (undo, view(cx.catalog, of)) {
        nexts.push(Next::StartOn(undo, Box::new(Target::named(view, of))));
    }
    Some(Next::Many(nexts))
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

    fn command(&mut self, command: Command, line: usize, cx: &LayerCx) -> Option<Next> {
        let entry = cx.history.entries().rev().nth(line / LINES);
        entry
            .filter(|_| command == Command::Enter)
            .and_then(|entry| follow(entry, cx))
    }

    fn title(&self, cx: &LayerCx) -> Line {
        Line::of([Span::new(cx.lang.t("history.title"), Tone::Title)])
    }

    fn lines(&self) -> &[Line] {
        &self.lines
    }
}
