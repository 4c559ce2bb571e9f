//! Fields explained by the server's own OpenAPI: from a kind down to a field and up again.

use super::text::{Content, Refreshed};
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{TaskId, WatchId};
use crate::core::layer::{Layer, LayerCx, Next};
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::resource::Resource;
use crate::core::schema::Explanation;
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone};

mod lines;

/// A field, or a kind, explained.
pub struct Explain {
    resource: Resource,
    /// The fields from the kind down to what is asked for.
    path: Vec<String>,
    /// How deep it was opened: from here on, Esc closes.
    opened: usize,
    /// Whether a field that does not exist is worth a word.
    strict: bool,
    shown: Option<Explanation>,
    /// The field that one came up from.
    from: Option<String>,
    task: Option<TaskId>,
    lines: Vec<Line>,
    /// Where the lines of each field begin.
    fields: Vec<(usize, String)>,
    width: u16,
    cursor: Option<usize>,
}

/// What was asked for by name: a field that does not exist is told.
pub fn open(resource: &Resource, path: Vec<String>) -> Box<dyn Layer> {
    Box::new(super::TextLayer::new(Explain::new(resource.clone(), path, true)))
}

impl Explain {
    /// The explanation of the fields at `path` below a kind.
    pub fn new(resource: Resource, path: Vec<String>, strict: bool) -> Self {
        Self {
            resource,
            opened: path.len(),
            path,
            strict,
            shown: None,
            from: None,
            task: None,
            lines: Vec::new(),
            fields: Vec::new(),
            width: 0,
            cursor: None,
        }
    }

    fn ask(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let task = cx.ids.task();
        let request = Request::Explain {
            resource: self.resource.clone(),
            fields: self.path.clone(),
        };
        let earlier = self.task.replace(task).map(Effect::Cancel);
        earlier.into_iter().chain([Effect::Call(task, request)]).collect()
    }

    fn field_at(&self, line: usize) -> Option<&str> {
        let fields = self.fields.iter().rev();
        let mut above = fields.filter(|(first, _)| *first <= line);
        above.next().map(|(_, name)| name.as_str())
    }

    fn down(&mut self, line: usize, cx: &LayerCx) -> Option<Vec<Effect>> {
        let field = self.field_at(line)?.to_string();
        self.path.push(field);
        self.from = None;
        Some(self.ask(cx))
    }

    fn up(&mut self, cx: &LayerCx) -> Option<Vec<Effect>> {
        self.from = Some(self.path.pop()?);
        self.opened = self.opened.min(self.path.len());
        Some(self.ask(cx))
    }

    fn show(&mut self, explanation: Explanation, cx: &LayerCx) {
        // What does not exist was not walked to.
        self.path.clone_from(&explanation.path);
        self.opened = self.opened.min(self.path.len());
        self.shown = Some(explanation);
        self.make(cx);
        let from = self.from.take();
        let came = self.fields.iter().find(|(_, name)| Some(name) == from.as_ref());
        self.cursor = Some(came.map_or(0, |(line, _)| *line));
    }

    fn make(&mut self, cx: &LayerCx) {
        self.width = cx.space.width;
        if let Some(shown) = &self.shown {
            (self.lines, self.fields) = lines::of(shown, self.width, self.strict, cx.lang);
        }
    }
}

impl Content for Explain {
    fn open(&mut self, cx: &LayerCx) -> Vec<Effect> {
        self.ask(cx)
    }

    fn refresh(&mut self, cx: &LayerCx) -> Refreshed {
        let changed = self.width != cx.space.width;
        if changed {
            self.make(cx);
        }
        Refreshed {
            changed,
            effects: Vec::new(),
        }
    }

    fn title(&self, cx: &LayerCx) -> Line {
        let mut name = self.resource.plural.to_string();
        for field in &self.path {
            name.push('.');
            name.push_str(field);
        }
        let name = crate::core::text::clean(&name).into_owned();
        Line::of([
            Span::new(format!("{} ", cx.lang.t("text.explain")), Tone::Title),
            Span::new(name, Tone::Accent),
        ])
    }

    fn lines(&self) -> &[Line] {
        &self.lines
    }

    fn cursor(&mut self) -> Option<usize> {
        self.cursor.take()
    }

    fn knows(&self, command: Command) -> bool {
        matches!(
            command,
            Command::Enter | Command::Parent | Command::Left | Command::Right
        )
    }

    fn command(&mut self, command: Command, line: usize, cx: &LayerCx) -> Option<Next> {
        let effects = match command {
            Command::Enter | Command::Right => self.down(line, cx).unwrap_or_default(),
            Command::Parent | Command::Left => self.up(cx).unwrap_or_default(),
            Command::Back if self.path.len() > self.opened => self.up(cx)?,
            _ => return None,
        };
        Some(Next::Effects(effects))
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> bool {
        if self.task != Some(task) {
            return false;
        }
        self.task = None;
        match outcome {
            Outcome::Explained(explanation) => self.show((**explanation).clone(), cx),
            Outcome::Failed(trouble) => {
                let text = format!("✗ {}", cx.lang.trouble(trouble));
                self.lines = vec![Line::of([Span::new(text, Tone::Error)])];
                self.fields.clear();
            }
            _ => {}
        }
        true
    }

    fn tasks(&self) -> Vec<TaskId> {
        self.task.into_iter().collect()
    }

    fn watches(&self) -> Vec<WatchId> {
        Vec::new()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        self.task.is_none()
    }
}
