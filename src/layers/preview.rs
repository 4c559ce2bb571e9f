//! What matters of the row under the cursor, live: the object, its events and what its kind wants besides are watched.

use serde_json::Value;

use super::watched::{self, Want};
use crate::core::action::Target;
use crate::core::effect::Effect;
use crate::core::event::{TaskId, WatchId};
use crate::core::layer::{Input as Typed, Layer, LayerCx, Next, Place, Sheet};
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::resource::Resource;
use crate::core::store::{Store, Sync, Table};
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::watch::WatchSpec;
use crate::describe::Related;
use crate::preview::{self, Log, Seen, wrap};

/// What matters of one row.
pub struct Preview {
    title: String,
    resource: Resource,
    namespace: Option<String>,
    name: String,
    object: Option<WatchId>,
    uid: String,
    wants: Vec<Want>,
    log: Option<(preview::LogNeed, TaskId)>,
    said: Log,
    lines: Vec<Line>,
}

/// The pane for a row of the cluster.
pub fn open(target: &Target) -> Option<Box<dyn Layer>> {
    let meta = target.row.meta();
    Some(Box::new(Preview {
        title: target.name(),
        resource: target.resource.clone()?,
        namespace: meta.namespace.as_ref().map(ToString::to_string),
        name: meta.name.to_string(),
        object: None,
        uid: String::new(),
        wants: Vec::new(),
        log: None,
        said: Log::default(),
        lines: Vec::new(),
    }))
}

impl Preview {
    /// Asks for what the object wants besides it, once for each object of this name.
    fn want(&mut self, object: &Value, cx: &LayerCx) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.wants.drain(..).map(|want| Effect::Unwatch(want.watch)).collect();
        for need in preview::needs(&self.resource.group, &self.resource.kind, object) {
            let watch = cx.ids.watch();
            effects.push(Effect::Watch(watch, watched::spec(&need)));
            self.wants.push(Want { need, watch });
        }
        effects
    }

    /// Asks for the last words of a container that fails: once for each of its runs.
    fn ask_log(&mut self, object: &Value, cx: &LayerCx) -> Vec<Effect> {
        let need = preview::log(&self.resource.group, &self.resource.kind, object);
        if self.log.as_ref().map(|(known, _)| known) == need.as_ref() {
            return Vec::new();
        }
        let mut effects: Vec<Effect> = self.tasks().into_iter().map(Effect::Cancel).collect();
        self.said = Log::default();
        self.log = need.map(|need| {
            let task = cx.ids.task();
            let request = Request::Log {
                namespace: self.namespace.clone().unwrap_or_default(),
                pod: self.name.clone(),
                container: need.container.clone(),
                previous: need.previous,
                tail: preview::LOG_LINES,
            };
            effects.push(Effect::Call(task, request));
            (need, task)
        });
        effects
    }

    fn make(&self, object: &Value, cx: &LayerCx) -> Vec<Line> {
        let mut related = Related::new();
        for want in &self.wants {
            related.set(&want.need.tag, watched::answer(cx.store.get(want.watch), cx));
        }
        let seen = Seen {
            object,
            related: &related,
            log: &self.said,
            clock: &cx.clock,
            lang: cx.lang,
        };
        preview::preview(&self.resource, &seen)
    }

    /// What is known before the object has come, or that it does not.
    fn unread(&self, table: Option<&Table>, cx: &LayerCx) -> Vec<Line> {
        let text = match table.map(Table::sync) {
            Some(Sync::Stale { why, .. }) => Span::new(format!("✗ {}", cx.lang.trouble(why)), Tone::Error),
            _ if table.is_some_and(Table::is_complete) => Span::new(cx.lang.t("text.gone"), Tone::Muted),
            _ => Span::new("…", Tone::Busy),
        };
        vec![Line::of([text])]
    }
}

impl Layer for Preview {
    fn keys(&self) -> &'static str {
        "text"
    }

    fn place(&self) -> Place {
        Place::Full
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        let id = cx.ids.watch();
        self.object = Some(id);
        let spec = WatchSpec::object(self.resource.clone(), self.namespace.as_deref(), &self.name);
        Next::Effects(vec![Effect::Watch(id, spec)])
    }

    fn input(&mut self, _input: &Typed, _cx: &LayerCx) -> Next {
        Next::Ignored
    }

    fn refresh(&mut self, cx: &LayerCx) -> Next {
        let table = self.object.and_then(|watch| cx.store.get(watch));
        let row = table
            .and_then(|table| table.rows().first())
            .filter(|row| !row.is_gone());
        let object = row.and_then(watched::value);
        let mut effects = Vec::new();
        let mut lines = vec![Line::of([Span::new(clean(&self.title).into_owned(), Tone::Title)])];
        match (row, object) {
            (Some(row), Some(object)) => {
                let uid = row.object.meta().uid.to_string();
                if uid != self.uid {
                    self.uid = uid;
                    effects = self.want(object, cx);
                }
                effects.extend(self.ask_log(object, cx));
                lines.extend(self.make(object, cx));
            }
            _ => lines.extend(self.unread(table, cx)),
        }
        let lines = wrap::lines(&lines, cx.space.width);
        if lines == self.lines && effects.is_empty() {
            return Next::Ignored;
        }
        self.lines = lines;
        Next::Effects(effects)
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> Next {
        if self.log.as_ref().is_none_or(|(_, known)| *known != task) {
            return Next::Ignored;
        }
        self.said = match outcome {
            Outcome::Text(text) => Log::Text(text.clone()),
            Outcome::Failed(trouble) => Log::Refused(cx.lang.what(trouble)),
            _ => Log::None,
        };
        self.refresh(cx)
    }

    fn watches(&self) -> Vec<WatchId> {
        let wants = self.wants.iter().map(|want| want.watch);
        self.object.into_iter().chain(wants).collect()
    }

    fn tasks(&self) -> Vec<TaskId> {
        let waits = matches!(self.said, Log::None);
        self.log.iter().filter(|_| waits).map(|(_, task)| *task).collect()
    }

    fn is_ready(&self, store: &Store) -> bool {
        let settled = |watch: &WatchId| {
            let table = store.get(*watch);
            table.is_some_and(|table| table.is_complete() || table.has_failed())
        };
        self.tasks().is_empty() && self.object.is_some() && self.watches().iter().all(settled)
    }

    fn sheet(&self, _cx: &LayerCx) -> Sheet {
        Sheet {
            lines: self.lines.clone(),
            ..Sheet::default()
        }
    }
}
