//! The keys that do something where you are, made from the keymap and the registries.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::paint::line_width;
use crate::core::action::Cx;
use crate::core::app::App;
use crate::core::command::Command;
use crate::core::registry::Hint;
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone};

/// The space between two keys.
const GAP: &str = "   ";

/// The keys from the left, as many as fit in `width` cells, and those at the right.
pub fn lines(app: &App, width: u16) -> (Line, Line) {
    let place = app.place();
    let hints = app.registry.hints.iter().find(|hints| hints.place == place);
    let right = hints.map(|hints| hints.right).unwrap_or_default();
    let right = join(right.iter().filter_map(|id| hint(app, place, id)));
    let room = width.saturating_sub(line_width(&right) + 3);
    let left = ids(app, hints.map(|hints| hints.left).unwrap_or_default());
    let left = left
        .into_iter()
        .filter_map(|(id, worth)| Some((hint(app, place, id)?, worth)));
    (join(fitting(left.collect(), room).into_iter()), right)
}

/// What there is room for, in its order: the least worth goes first, and among equals the last.
fn fitting(hints: Vec<(Line, u8)>, room: u16) -> Vec<Line> {
    let mut by_worth: Vec<usize> = (0..hints.len()).collect();
    by_worth.sort_by_key(|at| Reverse(hints.get(*at).map(|(_, worth)| *worth)));
    let gap = text_width(GAP);
    let mut taken = 0;
    let fits = |at: &usize| {
        let wide = hints.get(*at).map_or(0, |(hint, _)| line_width(hint));
        taken += wide + if taken > 0 { gap } else { 0 };
        taken <= room
    };
    let kept: HashSet<usize> = by_worth.into_iter().take_while(fits).collect();
    let kept = |at: &usize| kept.contains(at);
    hints
        .into_iter()
        .enumerate()
        .filter(|(at, _)| kept(at))
        .map(|(_, (hint, _))| hint)
        .collect()
}

/// What can be done here, each with its worth.
fn ids(app: &App, hints: &[Hint]) -> Vec<(&'static str, u8)> {
    let mut ids: Vec<(&str, u8)> = hints.iter().map(|hint| (hint.id, hint.worth)).collect();
    if let Some(layer) = app.layers.last() {
        ids.retain(|(id, _)| Command::named(id).is_none_or(|command| layer.uses(command)));
        return ids;
    }
    let Some(screen) = app.screen() else {
        return vec![("quit", 1)];
    };
    let cx = app.glance();
    if cx.selected.is_none() {
        ids.retain(|(id, _)| !matches!(*id, "enter" | "mark" | "sort_next" | "wide"));
    }
    if !app.has_usage() {
        ids.retain(|(id, _)| *id != "usage");
    }
    verbs(app, &cx, &mut ids);
    if !screen.marks.is_empty() || !screen.filter.text().is_empty() {
        ids.insert(0, ("back", u8::MAX));
    }
    ids
}

/// Leaves out the verbs that cannot be used now, and adds those that can and have no hint.
fn verbs(app: &App, cx: &Cx, ids: &mut Vec<(&'static str, u8)>) {
    for action in app.registry.actions {
        let own = action.0.meta().id;
        let usable = app.barrier(*action, cx).is_none();
        if !usable {
            ids.retain(|(id, _)| *id != own);
        } else if !ids.iter().any(|(id, _)| *id == own) {
            ids.push((own, 0));
        }
    }
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

fn join(hints: impl Iterator<Item = Line>) -> Line {
    let mut line = Line::default();
    for hint in hints {
        if !line.spans.is_empty() {
            line.spans.push(Span::plain(GAP));
        }
        line.spans.extend(hint.spans);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::REGISTRY;

    #[test]
    fn the_least_worth_goes_first_and_none_is_cut() {
        let hints = || -> Vec<(Line, u8)> {
            [("aaaa", 9), ("bb", 1), ("cccc", 5), ("d", 1)]
                .map(|(text, worth)| (Line::plain(text), worth))
                .into()
        };
        for (room, left) in [
            (20, "aaaa   bb   cccc   d"),
            (19, "aaaa   bb   cccc"),
            (15, "aaaa   cccc"),
            (10, "aaaa"),
            (3, ""),
        ] {
            assert_eq!(join(fitting(hints(), room).into_iter()).text(), left, "{room}");
        }
    }

    #[test]
    fn every_hint_is_a_command_or_a_verb() {
        for hint in REGISTRY.hints.iter().flat_map(|hints| hints.left) {
            let known = Command::named(hint.id).is_some() || REGISTRY.action(hint.id).is_some();
            assert!(known, "{}", hint.id);
        }
    }
}
