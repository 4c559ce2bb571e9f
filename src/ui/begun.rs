//! Keys that were begun: what they can still become, in the last line where there is room, and in columns above it.

use ratatui::layout::Rect;

use super::paint::{Paint, line_width};
use super::theme::Role;
use crate::core::action::Cx;
use crate::core::app::App;
use crate::core::keymap::Binding;
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone};

/// The space between two of them.
const GAP: u16 = 3;

/// The least that a column takes, in cells.
const NARROWEST: u16 = 36;

/// What can follow.
struct Follower {
    keys: String,
    words: String,
}

/// Draws what can follow over the last line, and over as many above it as it takes.
pub fn draw(app: &App, paint: &mut Paint) {
    let (footer, width) = (app.lines().footer, app.size.width);
    let begun: String = app.pending.iter().map(|key| format!("{key} ")).collect();
    let title = Line::of([Span::new(format!("{begun}…"), Tone::Accent)]);
    let all = followers(app, &begun);
    let room = width.saturating_sub(2);
    let mut line = title.clone();
    for follower in &all {
        line.spans.push(Span::plain(" ".repeat(usize::from(GAP))));
        line.spans.extend(follower.line(0, u16::MAX).spans);
    }
    if line_width(&line) <= room {
        paint.line(1, footer, room, &line);
    } else {
        panel(&title, &all, Rect::new(0, 1, width, footer), paint);
    }
}

/// In columns at the bottom of some cells, under a rule that says what was begun.
fn panel(title: &Line, all: &[Follower], within: Rect, paint: &mut Paint) {
    let room = within.width.saturating_sub(2);
    let columns = (room / (NARROWEST + GAP)).max(1);
    let count = u16::try_from(all.len()).unwrap_or(u16::MAX);
    let rows = count.div_ceil(columns).clamp(1, within.height.saturating_sub(1).max(1));
    let top = within.bottom().saturating_sub(rows + 1);
    paint.blank(Rect::new(0, top, within.width, rows + 1));
    let rule = "─".repeat(usize::from(within.width));
    paint.text(0, top, within.width, &rule, paint.role(Role::Border));
    let framed = Line::of([&[Span::plain(" ")], &*title.spans, &[Span::plain(" ")]].concat());
    paint.line(1, top, room, &framed);
    let widest = all.iter().map(|follower| text_width(&follower.keys)).max();
    let each = room / columns;
    for (follower, at) in all.iter().zip(0u16..) {
        let line = follower.line(widest.unwrap_or_default(), each.saturating_sub(GAP));
        paint.line(
            1 + at / rows * each,
            top + 1 + at % rows,
            each.saturating_sub(GAP),
            &line,
        );
    }
}

impl Follower {
    /// Its keys in so many cells, then what they do: what follows a colon only where there is room.
    fn line(&self, keys: u16, width: u16) -> Line {
        let gap = keys.saturating_sub(text_width(&self.keys)) + 1;
        let taken = text_width(&self.keys) + gap + text_width(&self.words);
        let short = self.words.split(": ").next().filter(|_| taken > width);
        Line::of([
            Span::new(self.keys.clone(), Tone::Key),
            Span::new(" ".repeat(usize::from(gap)) + short.unwrap_or(&self.words), Tone::Muted),
        ])
    }
}

/// Each of the keys that can follow, with what it does; of the verbs only those that can be used now.
fn followers(app: &App, begun: &str) -> Vec<Follower> {
    let place = app.place();
    let here = app.keymap.bindings(place);
    let mut found: Vec<(String, Binding)> = here.chain(app.keymap.bindings("everywhere")).collect();
    let cx = app.glance();
    found.retain(|(keys, binding)| keys.starts_with(begun) && is_usable(app, binding, &cx));
    found.sort_by_cached_key(|(keys, _)| (keys.to_lowercase(), keys.clone()));
    let follower = |(keys, binding): (String, Binding)| Follower {
        keys: keys.strip_prefix(begun).unwrap_or(&keys).to_string(),
        words: binding.title(&app.lang),
    };
    found.into_iter().map(follower).collect()
}

fn is_usable(app: &App, binding: &Binding, cx: &Cx) -> bool {
    match binding {
        Binding::Action(action) if app.layers.is_empty() => app.barrier(*action, cx).is_none(),
        _ => true,
    }
}
