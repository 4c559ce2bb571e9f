//! The help of where you are, made from the keymap and the registries.

use std::collections::BTreeMap;

use super::text::{Content, TextLayer};
use crate::core::command::COMMANDS;
use crate::core::effect::Effect;
use crate::core::keymap::{Binding, Keymap};
use crate::core::lang::Lang;
use crate::core::layer::{Layer, LayerCx};
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone};

/// The help of a place in the keymap.
struct Help {
    place: &'static str,
    lines: Vec<Line>,
}

/// The help of a place in the keymap.
pub fn open(place: &'static str) -> Box<dyn Layer> {
    Box::new(TextLayer::new(Help {
        place,
        lines: Vec::new(),
    }))
}

/// What a binding does, in words.
pub fn title(binding: &Binding, lang: &Lang) -> String {
    match binding {
        Binding::Command(command) => lang.t(&format!("command.{}", command.name())),
        Binding::Action(action) => lang.t(&format!("action.{}", action.0.meta().id)),
        Binding::Line(line) => lang.f("help.opens", &[("line", line)]),
    }
}

fn push_place(place: &str, cx: &LayerCx, out: &mut Vec<Line>) {
    let rows = rows(cx.keymap, place, cx.lang);
    if rows.is_empty() {
        return;
    }
    out.push(Line::of([Span::new(cx.lang.t(&format!("place.{place}")), Tone::Title)]));
    let widest = rows.iter().map(|(_, keys, _)| text_width(keys)).max().unwrap_or(0);
    for (_, keys, title) in rows {
        let gap = " ".repeat(usize::from(widest - text_width(&keys)) + 3);
        out.push(Line::of([
            Span::plain("  "),
            Span::new(keys, Tone::Key),
            Span::plain(gap),
            Span::plain(title),
        ]));
    }
    out.push(Line::default());
}

/// One row for each thing that can be done, with all of its keys, in the order of the registries.
fn rows(keymap: &Keymap, place: &str, lang: &Lang) -> Vec<(usize, String, String)> {
    let mut by_name: BTreeMap<String, (usize, Vec<String>, String)> = BTreeMap::new();
    for (keys, binding) in keymap.bindings(place) {
        let rank = match binding {
            Binding::Action(_) => 0,
            Binding::Command(command) => COMMANDS.iter().position(|(_, known)| *known == command).unwrap_or(0) + 1,
            Binding::Line(_) => usize::MAX,
        };
        let entry = by_name
            .entry(binding.name().to_string())
            .or_insert_with(|| (rank, Vec::new(), title(&binding, lang)));
        entry.1.push(keys);
    }
    let mut rows: Vec<(usize, String, String)> = by_name
        .into_values()
        .map(|(rank, mut keys, title)| {
            keys.sort_by_key(|keys| (keys.chars().count(), keys.clone()));
            (rank, keys.join("  "), title)
        })
        .collect();
    rows.sort();
    rows
}

fn push_views(cx: &LayerCx, out: &mut Vec<Line>) {
    out.push(Line::of([Span::new(cx.lang.t("help.views"), Tone::Title)]));
    let mut taken = std::collections::HashSet::new();
    for view in cx.catalog.views() {
        let resource = view.resource();
        let short: Vec<&str> = resource
            .short
            .iter()
            .map(AsRef::as_ref)
            .chain(view.aliases().iter().copied())
            .collect();
        let full = resource.full_name();
        let plural = if taken.insert(&resource.plural) {
            resource.plural.as_ref()
        } else {
            full.as_str()
        };
        let name = format!("  {:<28}", format!(":{plural}"));
        out.push(Line::of([
            Span::new(name, Tone::Key),
            Span::new(short.join(" "), Tone::Muted),
        ]));
    }
    for group in cx.registry.groups {
        let name = format!("  {:<28}", format!(":{}", group.names.join(" :")));
        out.push(Line::of([
            Span::new(name, Tone::Key),
            Span::new(group.views.join(" + "), Tone::Muted),
        ]));
    }
}

impl Content for Help {
    fn open(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let mut lines = Vec::new();
        push_place(self.place, cx, &mut lines);
        if self.place != "everywhere" {
            push_place("everywhere", cx, &mut lines);
        }
        for (at, line) in cx.lang.t("help.filters").lines().enumerate() {
            let tone = if at == 0 { Tone::Title } else { Tone::Plain };
            lines.push(Line::of([Span::new(line.to_string(), tone)]));
        }
        lines.push(Line::default());
        push_views(cx, &mut lines);
        self.lines = lines;
        Vec::new()
    }

    fn title(&self, cx: &LayerCx) -> Line {
        let place = cx.lang.t(&format!("place.{}", self.place));
        Line::of([Span::new(
            cx.lang
                .f("help.title", &[("place", &place), ("keymap", &cx.keymap.name)]),
            Tone::Title,
        )])
    }

    fn points(&self) -> bool {
        false
    }

    fn lines(&self) -> &[Line] {
        &self.lines
    }
}
