//! How an object fares, in the cells that its view marks.

use std::collections::HashMap;

use serde_json::Value;

use crate::core::clock::Clock;
use crate::core::text::{Span, Tone, clean};
use crate::core::view::{ViewRef, Width};
use crate::model::Health;
use crate::relations::read::text;

/// How many objects' states are kept.
const MOST: usize = 2000;

/// What objects' states were, so that only those that changed are read again.
#[derive(Default)]
pub struct States {
    known: HashMap<String, (String, Vec<Span>)>,
}

impl States {
    /// The state of an object, as spans with marks; nothing where its view marks nothing.
    pub fn of(&mut self, view: Option<ViewRef>, object: &Value, clock: &Clock) -> Vec<Span> {
        let Some(view) = view else { return Vec::new() };
        let uid = text(object, "/metadata/uid").to_string();
        let version = text(object, "/metadata/resourceVersion").to_string();
        if let Some((known, spans)) = self.known.get(&uid)
            && *known == version
            && !version.is_empty()
        {
            return spans.clone();
        }
        let spans = spans(view, object, clock);
        if self.known.len() >= MOST {
            self.known.clear();
        }
        self.known.insert(uid, (version, spans.clone()));
        spans
    }
}

/// The texts of the columns that keep room for a mark: STATUS of pods, READY of deployments.
fn spans(view: ViewRef, object: &Value, clock: &Clock) -> Vec<Span> {
    let Ok(row) = view.decode(&object.to_string()) else {
        return Vec::new();
    };
    let mut spans = Vec::new();
    for at in 0..view.width() {
        let is_marked = view
            .column(at)
            .is_some_and(|column| matches!(column.width, Width::Marked(_)));
        if !is_marked {
            continue;
        }
        let cell = view.cell(&*row, at, clock);
        spans.push(Span::plain("  "));
        spans.push(Span::new(marked(&clean(&cell.text), cell.tone), cell.tone));
    }
    let tone = match row.health() {
        Health::Bad => Tone::Error,
        Health::Warn => Tone::Warn,
        _ => Tone::Plain,
    };
    if spans.is_empty() && tone != Tone::Plain {
        spans.push(Span::new(format!("  {}", tone.mark()), tone));
    }
    spans
}

/// A text with the mark of its tone.
pub fn marked(text: &str, tone: Tone) -> String {
    match tone.mark() {
        "" => text.to_string(),
        mark => format!("{mark} {text}"),
    }
}
