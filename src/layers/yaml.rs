//! An object as YAML, live.

use std::collections::BTreeSet;

use serde_json::Value;

use super::explain::Explain;
use super::text::{Content, Refreshed, TextLayer};
use super::{yaml_path, yaml_text};
use crate::core::action::Target;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{TaskId, WatchId};
use crate::core::layer::{LayerCx, Next};
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::resource::Resource;
use crate::core::store::{Store, Sync};
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::watch::WatchSpec;
use crate::core::whole::Whole;
use crate::model::mask;

/// An object as YAML. It is watched alone, so that what is seen is what is.
pub struct Yaml {
    title: String,
    resource: Resource,
    namespace: Option<String>,
    name: String,
    watch: Option<WatchId>,
    generation: u64,
    version: Option<String>,
    managed: bool,
    /// The values of a secret that a person asked to see.
    revealed: BTreeSet<String>,
    task: Option<TaskId>,
    lines: Vec<Line>,
    gone: bool,
}

impl Yaml {
    /// The YAML of a row of the cluster.
    pub fn new(target: &Target, resource: Resource) -> Self {
        let meta = target.row.meta();
        Self {
            title: target.name(),
            resource,
            namespace: meta.namespace.as_ref().map(|namespace| namespace.to_string()),
            name: meta.name.to_string(),
            watch: None,
            generation: 0,
            version: None,
            managed: false,
            revealed: BTreeSet::new(),
            task: None,
            lines: Vec::new(),
            gone: false,
        }
    }

    fn show(&mut self, value: &Value) {
        let hidden = mask::hidden(value, &self.revealed);
        let text = yaml_text::write(&hidden).unwrap_or_else(|why| format!("# {why}"));
        self.lines = text.lines().map(line).collect();
    }

    /// Shows the value under the cursor or hides it; else the first one below it, else the first of all.
    fn reveal(&mut self, line: usize) {
        let value = |line| mask::value_at(&yaml_path::path(&self.lines, line));
        let below = (line..self.lines.len()).find_map(value);
        if let Some(key) = below.or_else(|| (0..line).find_map(value))
            && !self.revealed.remove(&key)
        {
            self.revealed.insert(key);
        }
    }

    /// Explains the field under the cursor.
    fn explain(&self, line: usize) -> Next {
        let path = yaml_path::path(&self.lines, line);
        Next::Push(Box::new(TextLayer::new(Explain::new(
            self.resource.clone(),
            path,
            false,
        ))))
    }

    /// Managed fields are never watched: they are read once for each version of the object.
    fn ask(&mut self, cx: &LayerCx) -> Effect {
        let task = cx.ids.task();
        self.task = Some(task);
        let (namespace, name) = (self.namespace.clone(), self.name.clone());
        Effect::Call(
            task,
            Request::Get {
                resource: self.resource.clone(),
                namespace,
                name,
            },
        )
    }
}

/// A line with its depth; elements of a list stand below their field, though in its column.
fn line(text: &str) -> Line {
    let rest = text.trim_start_matches(' ');
    let depth = text.len() - rest.len() + usize::from(rest.starts_with("- ") || rest == "-");
    Line::plain(clean(text).into_owned()).at(depth)
}

impl Content for Yaml {
    fn open(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let id = cx.ids.watch();
        self.watch = Some(id);
        vec![Effect::Watch(
            id,
            WatchSpec::object(self.resource.clone(), self.namespace.as_deref(), &self.name),
        )]
    }

    fn refresh(&mut self, cx: &LayerCx) -> Refreshed {
        let Some(table) = self.watch.and_then(|watch| cx.store.get(watch)) else {
            return Refreshed::default();
        };
        if table.generation() == self.generation {
            return Refreshed::default();
        }
        self.generation = table.generation();
        let row = table.rows().first();
        self.gone = table.is_complete() && row.is_none_or(|row| row.is_gone());
        if let (None, Sync::Stale { why, .. }) = (row, table.sync()) {
            self.lines = vec![Line::of([Span::new(
                format!("✗ {}", cx.lang.trouble(why)),
                Tone::Error,
            )])];
            return Refreshed {
                changed: true,
                effects: Vec::new(),
            };
        }
        let Some(whole) = row.and_then(|row| (&*row.object as &dyn std::any::Any).downcast_ref::<Whole>()) else {
            return Refreshed {
                changed: true,
                effects: Vec::new(),
            };
        };
        let version = Some(whole.version().to_string());
        if version == self.version {
            return Refreshed {
                changed: true,
                effects: Vec::new(),
            };
        }
        self.version = version;
        if self.managed {
            return Refreshed {
                changed: false,
                effects: vec![self.ask(cx)],
            };
        }
        self.show(&whole.value);
        Refreshed {
            changed: true,
            effects: Vec::new(),
        }
    }

    fn title(&self, cx: &LayerCx) -> Line {
        let mut spans = vec![
            Span::new("YAML ", Tone::Title),
            Span::new(clean(&self.title).into_owned(), Tone::Accent),
        ];
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

    fn tone(&mut self, from: usize, count: usize) -> Option<Vec<Line>> {
        (!self
            .lines
            .iter()
            .any(|line| line.spans.len() > 1 || line.spans.iter().any(|span| span.tone == Tone::Error)))
        .then(|| yaml_text::tone(&self.lines, from, count))
    }

    fn knows(&self, command: Command) -> bool {
        match command {
            Command::ManagedFields | Command::Explain => true,
            Command::Reveal => self.resource.kind == "Secret",
            _ => false,
        }
    }

    fn command(&mut self, command: Command, line: usize, cx: &LayerCx) -> Option<Next> {
        match command {
            Command::Reveal if self.knows(command) => self.reveal(line),
            Command::ManagedFields => self.managed = !self.managed,
            Command::Explain => return Some(self.explain(line)),
            _ => return None,
        }
        if self.managed {
            return Some(Next::Effects(vec![self.ask(cx)]));
        }
        let abandoned = self.task.take().map(Effect::Cancel);
        (self.version, self.generation) = (None, 0);
        let refreshed = self.refresh(cx);
        Some(Next::Effects(abandoned.into_iter().chain(refreshed.effects).collect()))
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, _cx: &LayerCx) -> bool {
        if self.task != Some(task) {
            return false;
        }
        self.task = None;
        if let Outcome::Object(value) = outcome {
            self.show(value);
        }
        true
    }

    fn tasks(&self) -> Vec<TaskId> {
        self.task.into_iter().collect()
    }

    fn watches(&self) -> Vec<WatchId> {
        self.watch.into_iter().collect()
    }

    fn is_ready(&self, store: &Store) -> bool {
        self.task.is_none()
            && self
                .watch
                .and_then(|watch| store.get(watch))
                .is_some_and(|table| table.is_complete())
    }
}
