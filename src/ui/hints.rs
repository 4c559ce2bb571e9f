//! The keys that do something where you are, made from the keymap and the registries.

use super::paint::line_width;
use crate::core::app::App;
use crate::core::command::Command;
use crate::core::keymap::Binding;
use crate::core::text::{Line, Span, Tone};

/// The space between two keys.
const GAP: &str = "   ";

/// Commands worth a reminder in a place, in order of their worth. Verbs come after the first.
fn worth(place: &str) -> &'static [&'static str] {
    match place {
        "table" => &[
            "enter",
            "filter",
            "mark",
            "all_namespaces",
            "preview",
            "sort_next",
            "wide",
        ],
        "text" => &["back", "search", "wrap", "copy", "managed_fields", "reveal"],
        "list" => &["enter", "back", "copy"],
        "logs" => &[
            "back",
            "filter",
            "context",
            "search",
            "follow",
            "since",
            "previous",
            "timestamps",
            "wrap",
            "fold",
            "full_screen",
            "save",
            "pager",
            "copy",
        ],
        "input" => &["enter", "back"],
        "palette" => &["enter", "complete", "back"],
        _ => &[],
    }
}

/// What always has its place at the right.
fn always(place: &str) -> &'static [&'static str] {
    match place {
        "table" | "list" | "text" | "logs" => &["palette", "help"],
        _ => &[],
    }
}

/// The keys from the left, as many as fit in `width` cells, and those at the right.
pub fn lines(app: &App, width: u16) -> (Line, Line) {
    let place = app.place();
    let right = join(always(place).iter().filter_map(|id| hint(app, place, id)), width);
    let room = width.saturating_sub(line_width(&right) + 3);
    (
        join(ids(app, place).iter().filter_map(|id| hint(app, place, id)), room),
        right,
    )
}

fn ids(app: &App, place: &str) -> Vec<&'static str> {
    let mut ids: Vec<&str> = worth(place).to_vec();
    if let Some(layer) = app.layers.last() {
        ids.retain(|id| Command::named(id).is_none_or(|command| layer.uses(command)));
        return ids;
    }
    let Some(screen) = app.screen() else {
        return vec!["quit"];
    };
    let cx = app.action_cx();
    let usable = app
        .registry
        .actions
        .iter()
        .filter(|action| action.0.enabled(&cx).is_ok());
    ids.splice(1..1, usable.map(|action| action.0.meta().id));
    if !screen.marks.is_empty() || !screen.filter.text().is_empty() {
        ids.insert(0, "back");
    }
    if cx.selected.is_none() {
        ids.retain(|id| !matches!(*id, "enter" | "mark" | "sort_next" | "wide"));
    }
    ids
}

/// A key and what it does, in a word or two.
fn hint(app: &App, place: &str, id: &str) -> Option<Line> {
    let key = app.keymap.key_of(place, id)?;
    let near = format!("hint.{place}_{id}");
    let text = [near, format!("hint.{id}"), format!("action.{id}")];
    let text = text.iter().find_map(|key| app.lang.get(key))?.to_string();
    Some(Line::of([
        Span::new(key, Tone::Key),
        Span::new(format!(" {text}"), Tone::Muted),
    ]))
}

fn join(hints: impl Iterator<Item = Line>, width: u16) -> Line {
    let mut line = Line::default();
    for hint in hints {
        let gap = if line.spans.is_empty() { "" } else { GAP };
        if line_width(&line) + line_width(&hint) + 3 > width {
            continue;
        }
        line.spans.push(Span::plain(gap));
        line.spans.extend(hint.spans);
    }
    line
}

/// What the keys that were pressed can still become.
pub fn pending(app: &App) -> Line {
    let begun: String = app.pending.iter().map(|key| format!("{key} ")).collect();
    let mut line = Line::of([Span::new(format!("{}…", begun), Tone::Accent)]);
    let places = [app.place(), "everywhere"];
    for (keys, binding) in places.iter().flat_map(|place| app.keymap.bindings(place)) {
        if keys.starts_with(&begun) {
            line.spans.push(Span::new(format!("{GAP}{keys}"), Tone::Key));
            line.spans
                .push(Span::new(format!(" {}", words(app, &binding)), Tone::Muted));
        }
    }
    line
}

fn words(app: &App, binding: &Binding) -> String {
    match binding {
        Binding::Command(command) => app.lang.t(&format!("command.{}", command.name())),
        Binding::Action(action) => app.lang.t(&format!("action.{}", action.0.meta().id)),
        Binding::Line(line) => line.to_string(),
    }
}
