//! An object described, live: the object and all that its description wants are watched.

use std::collections::BTreeSet;

use serde_json::Value;

use super::text::{Content, Refreshed, TextLayer, is_due};
use super::watched::{Want, answer, spec, value};
use crate::core::action::Target;
use crate::core::catalog::Catalog;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::layer::{Layer, LayerCx, Next};
use crate::core::reference::Reference;
use crate::core::resource::Resource;
use crate::core::store::{Row, Store, Sync, Table};
use crate::core::text::{Doc, Line, Span, Tone, clean};
use crate::core::watch::WatchSpec;
use crate::describe::{self, DATA, Input, Related, VALUES};

/// The description of an object that something names.
pub fn open(reference: &Reference, catalog: &Catalog) -> Box<dyn Layer> {
    let reference = super::open::served(reference, catalog);
    let namespace = reference.namespace.as_deref();
    Box::new(TextLayer::new(Describe::named(
        reference.resource,
        namespace,
        &reference.name,
    )))
}

/// An object described.
pub struct Describe {
    title: String,
    resource: Resource,
    namespace: Option<String>,
    name: String,
    object: Option<WatchId>,
    wants: Vec<Want>,
    uid: String,
    seen: u64,
    drawn: i64,
    lines: Vec<Line>,
    /// The values of a secret that a person asked to see.
    revealed: BTreeSet<String>,
    gone: bool,
}

impl Describe {
    /// The description of a row of the cluster.
    pub fn new(target: &Target, resource: Resource) -> Self {
        let meta = target.row.meta();
        Self::named(resource, meta.namespace.as_deref(), &meta.name)
    }

    /// The description of an object that something names.
    pub fn named(resource: Resource, namespace: Option<&str>, name: &str) -> Self {
        Self {
            title: format!("{}/{name}", resource.singular()),
            resource,
            namespace: namespace.map(str::to_string),
            name: name.to_string(),
            object: None,
            wants: Vec::new(),
            uid: String::new(),
            seen: 0,
            drawn: 0,
            lines: Vec::new(),
            revealed: BTreeSet::new(),
            gone: false,
        }
    }

    /// Asks for what the description of this object wants besides it.
    fn want(&mut self, object: &Value, cx: &LayerCx) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.wants.drain(..).map(|want| Effect::Unwatch(want.watch)).collect();
        for need in describe::needs(&self.resource.group, &self.resource.kind, object) {
            let watch = cx.ids.watch();
            effects.push(Effect::Watch(watch, spec(&need)));
            self.wants.push(Want { need, watch });
        }
        effects
    }

    fn make(&mut self, object: &Value, cx: &LayerCx) -> bool {
        let mut related = Related::new();
        for want in &self.wants {
            related.set(&want.need.tag, answer(cx.store.get(want.watch), cx));
        }
        related.reveal(self.revealed.iter().cloned());
        let input = Input {
            object,
            related: &related,
            clock: &cx.clock,
        };
        let doc = describe::describe(&self.resource.group, &self.resource.kind, &input, cx.lang);
        let lines = lines(doc);
        let changed = lines != self.lines;
        self.lines = lines;
        changed
    }

    fn generations(&self, store: &Store) -> u64 {
        let all = self.object.into_iter().chain(self.wants.iter().map(|want| want.watch));
        all.filter_map(|watch| store.get(watch))
            .map(Table::generation)
            .fold(0, u64::wrapping_add)
    }
}

/// The document as lines: a title above each section, to which the section belongs; an empty line between them.
fn lines(doc: Doc) -> Vec<Line> {
    let mut lines = Vec::new();
    for section in doc.sections {
        if !lines.is_empty() {
            lines.push(Line::default().at(1));
        }
        let below = usize::from(!section.title.is_empty());
        if below > 0 {
            lines.push(Line::of([Span::new(section.title, Tone::Title)]));
        }
        let deeper = |line: Line| {
            let depth = usize::from(line.depth) + below;
            line.at(depth)
        };
        lines.extend(section.lines.into_iter().map(deeper));
    }
    lines
}

/// The value of a secret that a line belongs to: the label above it in the section of data.
fn value_at(lines: &[Line], line: usize) -> Option<String> {
    let above = lines.get(..=line)?;
    let title = above.iter().rposition(|line| line.depth == 0)?;
    if line == title || lines.get(title)?.text() != DATA {
        return None;
    }
    let own = above
        .iter()
        .rev()
        .find(|line| line.depth == 1 && !line.spans.is_empty())?;
    let text = own.text();
    text.trim_start().split_once(':').map(|(key, _)| key.to_string())
}

/// The value that a key press means: that of the line, else the first one below it, else the first of all.
fn nearest(lines: &[Line], line: usize) -> Option<String> {
    let all = || (line..lines.len()).chain(0..line);
    all().find_map(|line| value_at(lines, line))
}

impl Content for Describe {
    fn open(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let id = cx.ids.watch();
        self.object = Some(id);
        vec![Effect::Watch(
            id,
            WatchSpec::object(self.resource.clone(), self.namespace.as_deref(), &self.name),
        )]
    }

    fn refresh(&mut self, cx: &LayerCx) -> Refreshed {
        let seen = self.generations(cx.store);
        if seen == self.seen && !is_due(self.drawn, &cx.clock) {
            return Refreshed::default();
        }
        (self.seen, self.drawn) = (seen, cx.clock.now.as_second());
        let Some(table) = self.object.and_then(|watch| cx.store.get(watch)) else {
            return Refreshed::default();
        };
        let row = table.rows().first();
        let gone = table.is_complete() && row.is_none_or(Row::is_gone);
        let turned = gone != std::mem::replace(&mut self.gone, gone);
        let Some(object) = row.and_then(value) else {
            let Sync::Stale { why, .. } = table.sync() else {
                return Refreshed {
                    changed: turned,
                    effects: Vec::new(),
                };
            };
            let lines = vec![Line::of([Span::new(
                format!("✗ {}", cx.lang.trouble(why)),
                Tone::Error,
            )])];
            let changed = lines != std::mem::replace(&mut self.lines, lines.clone());
            return Refreshed {
                changed,
                effects: Vec::new(),
            };
        };
        let uid = row.map(|row| row.object.meta().uid.to_string()).unwrap_or_default();
        let effects = if uid == self.uid {
            Vec::new()
        } else {
            self.want(object, cx)
        };
        self.uid = uid;
        let changed = self.make(object, cx) || turned;
        Refreshed { changed, effects }
    }

    fn title(&self, cx: &LayerCx) -> Line {
        let mut spans = vec![Span::new(cx.lang.t("text.describe"), Tone::Title), Span::plain(" ")];
        spans.push(Span::new(clean(&self.title).into_owned(), Tone::Accent));
        if let Some(namespace) = &self.namespace {
            spans.push(Span::new(format!("  {namespace}"), Tone::Muted));
        }
        if self.gone {
            spans.push(Span::new(format!("  ✗ {}", cx.lang.t("text.gone")), Tone::Error));
        }
        Line::of(spans)
    }

    fn lines(&self) -> &[Line] {
        &self.lines
    }

    fn knows(&self, command: Command) -> bool {
        let hides = match &*self.resource.kind {
            "Secret" => self.resource.group.is_empty(),
            kind => kind == "HelmRelease",
        };
        command == Command::Reveal && hides
    }

    fn command(&mut self, command: Command, line: usize, cx: &LayerCx) -> Option<Next> {
        if !self.knows(command) {
            return None;
        }
        let key = match &*self.resource.kind {
            "Secret" => nearest(&self.lines, line),
            _ => Some(VALUES.to_string()),
        };
        if let Some(key) = key
            && !self.revealed.remove(&key)
        {
            self.revealed.insert(key);
        }
        self.seen = u64::MAX;
        Some(Next::Effects(self.refresh(cx).effects))
    }

    fn watches(&self) -> Vec<WatchId> {
        self.object
            .into_iter()
            .chain(self.wants.iter().map(|want| want.watch))
            .collect()
    }

    fn is_ready(&self, store: &Store) -> bool {
        let settled = |watch: WatchId| {
            store
                .get(watch)
                .is_some_and(|table| table.is_complete() || table.has_failed())
        };
        self.object.is_some_and(settled)
            && (self.gone || !self.uid.is_empty())
            && self.wants.iter().all(|want| settled(want.watch))
    }
}
