//! What can be copied of the rows, and how the table is saved.

mod facts;
mod file_name;
mod grid;
mod save;

use serde_json::Value;

pub use grid::{Format, Grid};

use self::save::Save;
use super::yaml_text;
use crate::core::action::Target;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{Size, TaskId};
use crate::core::key::{Code, Key};
use crate::core::layer::{Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::store::{Store, text_width};
use crate::core::text::{Line, Span, Tone, clean};
use crate::model::mask;

/// How wide it is at most.
const WIDTH: u16 = 80;

/// The most objects that are read for what rows do not hold.
const READ: usize = 20;

/// The longest text that is shown of what would be copied, in characters.
const SHOWN: usize = 60;

/// What comes of a choice.
#[derive(Clone, Debug, PartialEq)]
enum Does {
    Copy(String),
    Save(Format),
}

/// A choice, by its name.
#[derive(Clone, Debug)]
struct Choice {
    name: String,
    does: Does,
}

/// The menu of what can be copied.
pub struct CopyMenu {
    targets: Vec<Target>,
    grid: Grid,
    namespace: String,
    kubectl: String,
    reading: Vec<(TaskId, usize)>,
    objects: Vec<Option<Value>>,
    choices: Vec<Choice>,
    chosen: usize,
}

impl CopyMenu {
    /// A menu for these rows of a table; `kubectl` is the command that shows the same table.
    pub fn new(targets: Vec<Target>, grid: Grid, namespace: &str, kubectl: String) -> Self {
        Self {
            objects: vec![None; targets.len().min(READ)],
            targets,
            grid,
            namespace: namespace.to_string(),
            kubectl,
            reading: Vec::new(),
            choices: Vec::new(),
            chosen: 0,
        }
    }

    /// Reads what the rows do not hold.
    fn read(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (at, target) in self.targets.iter().take(READ).enumerate() {
            let Some(resource) = &target.resource else { continue };
            let task = cx.ids.task();
            self.reading.push((task, at));
            let get = Request::Get {
                resource: resource.clone(),
                namespace: target.row.meta().namespace.as_deref().map(str::to_string),
                name: target.row.meta().name.to_string(),
            };
            effects.push(Effect::Call(task, get));
        }
        effects
    }

    fn collect(&mut self, cx: &LayerCx) {
        let mut choices = Vec::new();
        self.push_rows(&mut choices, cx);
        if self.reading.is_empty() {
            self.push_objects(&mut choices, cx);
        }
        choices.push(Choice {
            name: cx.lang.t("copy.kubectl"),
            does: Does::Copy(self.kubectl.clone()),
        });
        for format in Format::ALL {
            let name = format.extension().to_uppercase();
            choices.push(Choice {
                name: cx.lang.f("copy.save_as", &[("format", &name)]),
                does: Does::Save(format),
            });
        }
        self.choices = choices;
    }

    fn push_rows(&self, choices: &mut Vec<Choice>, cx: &LayerCx) {
        let mut each = |name: String, text: &dyn Fn(&Target) -> String| {
            let texts: Vec<String> = self.targets.iter().map(text).collect();
            if texts.iter().any(|text| !text.is_empty()) {
                choices.push(Choice {
                    name,
                    does: Does::Copy(texts.join("\n")),
                });
            }
        };
        each(cx.lang.t("copy.name"), &|target| target.row.meta().name.to_string());
        if self.targets.iter().all(|target| target.row.meta().namespace.is_some()) {
            each(cx.lang.t("copy.full_name"), &|target| {
                let meta = target.row.meta();
                format!("{}/{}", meta.namespace.as_deref().unwrap_or_default(), meta.name)
            });
        }
        // Parts of an object are copied as the object's own row has them.
        let view = |target: &Target| target.view.resource().plural == self.grid.name();
        if self.targets.iter().all(view) {
            each(cx.lang.t("copy.row"), &|target| {
                self.grid.cells(&target.row, &cx.clock).join("\t")
            });
            for (at, title) in self.grid.columns().into_iter().skip(1) {
                each(title, &|target| {
                    target.view.cell(&*target.row, at, &cx.clock).text.to_string()
                });
            }
        }
    }

    fn push_objects(&self, choices: &mut Vec<Choice>, cx: &LayerCx) {
        let objects = || self.objects.iter().flatten();
        for (key, texts) in [
            ("images", objects().flat_map(facts::images).collect::<Vec<_>>()),
            ("addresses", objects().flat_map(facts::addresses).collect()),
        ] {
            if !texts.is_empty() {
                choices.push(Choice {
                    name: cx.lang.t(&format!("copy.{key}")),
                    does: Does::Copy(texts.join("\n")),
                });
            }
        }
        let yaml: Vec<String> = objects()
            .filter_map(|object| yaml_text::write(&mask::hidden(&unmanaged(object), &Default::default())).ok())
            .collect();
        if !yaml.is_empty() && self.targets.len() <= READ {
            choices.push(Choice {
                name: cx.lang.t("copy.yaml"),
                does: Does::Copy(yaml.join("---\n")),
            });
        }
    }

    fn accept(&self, cx: &LayerCx) -> Next {
        match self.choices.get(self.chosen).map(|choice| choice.does.clone()) {
            Some(Does::Copy(text)) => Next::Many(vec![
                Next::Close,
                Next::Effects(vec![Effect::Copy(cx.ids.task(), text)]),
            ]),
            Some(Does::Save(format)) => {
                let stamp = cx.clock.now.strftime("%Y%m%d-%H%M%S").to_string();
                let parts = [self.grid.name(), self.namespace.clone(), stamp];
                let parts = parts.each_ref().map(String::as_str);
                let name = file_name::legal(&parts, format.extension());
                let save = Save::new(&name, self.grid.write(format, &cx.clock));
                Next::Many(vec![Next::Close, Next::Push(Box::new(save))])
            }
            None => Next::Done,
        }
    }

    fn walk(&mut self, to: usize) -> Next {
        self.chosen = to.min(self.choices.len().saturating_sub(1));
        Next::Done
    }

    fn top(&self, cx: &LayerCx) -> usize {
        (self.chosen + 1).saturating_sub(usize::from(cx.space.height))
    }
}

fn unmanaged(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(meta) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        meta.remove("managedFields");
    }
    object
}

impl Layer for CopyMenu {
    fn keys(&self) -> &'static str {
        "list"
    }

    fn place(&self) -> Place {
        Place::Over(Size {
            width: WIDTH,
            height: u16::try_from(self.choices.len()).unwrap_or(u16::MAX).max(3),
        })
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        let effects = self.read(cx);
        self.collect(cx);
        Next::Effects(effects)
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        match input {
            Input::Command(Command::Up) => self.walk(self.chosen.saturating_sub(1)),
            Input::Command(Command::Down) => self.walk(self.chosen + 1),
            Input::Command(Command::Top | Command::PageUp | Command::HalfUp) => self.walk(0),
            Input::Command(Command::Bottom | Command::PageDown | Command::HalfDown) => self.walk(usize::MAX),
            // The key that opened the menu takes what is chosen: twice, it copies the name.
            Input::Command(Command::Enter | Command::Copy) | Input::Key(Key { code: Code::Enter, .. }) => {
                self.accept(cx)
            }
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => Next::Close,
            Input::Click(line) if *line + self.top(cx) == self.chosen => self.accept(cx),
            Input::Click(line) => self.walk(line + self.top(cx)),
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => Next::Ignored,
            _ => Next::Done,
        }
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> Next {
        let Some(found) = self.reading.iter().position(|(reading, _)| *reading == task) else {
            return Next::Ignored;
        };
        let (_, at) = self.reading.swap_remove(found);
        if let (Outcome::Object(object), Some(place)) = (outcome, self.objects.get_mut(at)) {
            *place = Some((**object).clone());
        }
        // What is chosen stays chosen when more comes between.
        let chosen = self.choices.get(self.chosen).map(|choice| choice.name.clone());
        self.collect(cx);
        let same = self
            .choices
            .iter()
            .position(|choice| Some(&choice.name) == chosen.as_ref());
        self.chosen = same.unwrap_or(self.chosen);
        Next::Done
    }

    fn uses(&self, command: Command) -> bool {
        matches!(command, Command::Enter | Command::Back | Command::Copy)
    }

    fn tasks(&self) -> Vec<TaskId> {
        self.reading.iter().map(|(task, _)| *task).collect()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        self.reading.is_empty()
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let widest = self
            .choices
            .iter()
            .map(|choice| text_width(&choice.name))
            .max()
            .unwrap_or(0);
        let line = |choice: &Choice| {
            let gap = usize::from(widest.saturating_sub(text_width(&choice.name))) + 2;
            let text = match &choice.does {
                Does::Copy(text) => {
                    let first = text.lines().next().unwrap_or_default();
                    let more = if text.lines().nth(1).is_some() { " …" } else { "" };
                    let short: String = clean(&first.replace('\t', "  ")).chars().take(SHOWN).collect();
                    format!("{short}{more}")
                }
                Does::Save(_) => String::new(),
            };
            Line::of([
                Span::plain(format!("{}{}", clean(&choice.name), " ".repeat(gap))),
                Span::new(text, Tone::Muted),
            ])
        };
        let top = self.top(cx);
        Sheet {
            title: Line::of([Span::new(cx.lang.t("copy.title"), Tone::Title)]),
            lines: self
                .choices
                .iter()
                .skip(top)
                .take(usize::from(cx.space.height))
                .map(line)
                .collect(),
            chosen: Some(self.chosen - top.min(self.chosen)),
            ..Sheet::default()
        }
    }
}
