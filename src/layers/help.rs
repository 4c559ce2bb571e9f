//! The help of where you are, made from the keymap and the registries.

use std::collections::BTreeMap;

use super::text::{Content, TextLayer};
use crate::core::command::COMMANDS;
use crate::core::effect::Effect;
use crate::core::keymap::{Binding, Keymap};
use crate::core::lang::Lang;
use crate::core::layer::{Layer, LayerCx};
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone, clean};

/// The help of a place in the keymap.
struct Help {
    place: &'static str,
    /// The verbs that are refused now, each with the reason.
    refused: Vec<(&'static str, String)>,
    lines: Vec<Line>,
}

/// The help of a place in the keymap, with the verbs that are refused now and why.
pub fn open(place: &'static str, refused: Vec<(&'static str, String)>) -> Box<dyn Layer> {
    Box::new(TextLayer::new(Help {
        place,
        refused,
        lines: Vec::new(),
    }))
}

fn push_place(place: &str, refused: &[(&str, String)], cx: &LayerCx, out: &mut Vec<Line>) {
    let rows = rows(cx.keymap, place, cx.lang);
    if rows.is_empty() {
        return;
    }
    out.push(Line::of([Span::new(cx.lang.t(&format!("place.{place}")), Tone::Title)]));
    let widest = rows.iter().map(|row| text_width(&row.keys)).max().unwrap_or(0);
    for row in rows {
        let gap = " ".repeat(usize::from(widest - text_width(&row.keys)) + 3);
        let refusal = refused.iter().find(|(id, _)| *id == row.name);
        let (key, text) = match refusal {
            Some(_) => (Tone::Muted, Tone::Muted),
            None => (Tone::Key, Tone::Plain),
        };
        let mut spans = vec![
            Span::plain("  "),
            Span::new(row.keys, key),
            Span::plain(gap),
            Span::new(row.title, text),
        ];
        spans.extend(refusal.map(|(_, why)| Span::new(format!("  – {}", clean(why)), Tone::Muted)));
        out.push(Line::of(spans));
    }
    out.push(Line::default());
}

/// What can be done, with all of its keys.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    rank: usize,
    keys: String,
    title: String,
    name: String,
}

/// One row for each thing that can be done, in the order of the registries.
fn rows(keymap: &Keymap, place: &str, lang: &Lang) -> Vec<Row> {
    let mut by_name: BTreeMap<String, (usize, Vec<String>, String)> = BTreeMap::new();
    for (keys, binding) in keymap.bindings(place) {
        let rank = match binding {
            Binding::Action(_) => 0,
            Binding::Command(command) => COMMANDS.iter().position(|(_, known)| *known == command).unwrap_or(0) + 1,
            Binding::Line(_) => usize::MAX,
        };
        let entry = by_name
            .entry(binding.name().to_string())
            .or_insert_with(|| (rank, Vec::new(), binding.title(lang)));
        entry.1.push(keys);
    }
    let mut rows: Vec<Row> = by_name
        .into_iter()
        .map(|(name, (rank, mut keys, title))| {
            keys.sort_by_key(|keys| (keys.chars().count(), keys.clone()));
            let keys = keys.join("  ");
            Row {
                rank,
                keys,
                title,
                name,
            }
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
        push_place(self.place, &self.refused, cx, &mut lines);
        if self.place != "everywhere" {
            push_place("everywhere", &self.refused, cx, &mut lines);
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
