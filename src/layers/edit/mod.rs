//! Editing an object: read it, have it edited, send what changed, and open it again where that is refused. As
//! `kubectl edit`. What was typed is never lost: where it is not sent, it is kept in a file that the message names.

mod buffer;
mod text;

use serde_json::{Value, json};

use self::buffer::Buffer;
use crate::core::action::Target;
use crate::core::change::{Change, Edit};
use crate::core::command::Command;
use crate::core::effect::{Document, Effect};
use crate::core::event::{Size, TaskId};
use crate::core::key::{Code, Key};
use crate::core::layer::{Acts, Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::notice::Notice;
use crate::core::outcome::Outcome;
use crate::core::patch;
use crate::core::request::{Request, shell};
use crate::core::resource::Resource;
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::trouble::{Trouble, TroubleKind};
use crate::relations::kinds;

/// How large the frame is while something is waited for.
const SIZE: Size = Size { width: 60, height: 1 };

/// What is waited for.
#[derive(Clone, Debug)]
enum Phase {
    /// The object.
    Reading,
    /// The person.
    Editing,
    /// The server's answer to this text.
    Sending(String),
    /// The object as somebody else left it; this text is to be edited again.
    Rereading(String),
    /// The file in which the text is kept, and what is said then.
    Keeping(String),
}

/// Edits one object.
pub struct EditLayer {
    target: Target,
    resource: Resource,
    /// What the text was made of.
    object: Value,
    /// The version that is changed.
    version: Value,
    /// The text that was refused last, without its header.
    refused: Option<String>,
    phase: Phase,
    task: Option<TaskId>,
    buffer: Option<Buffer>,
}

impl EditLayer {
    /// Edits the object of a row.
    pub fn new(target: &Target, resource: Resource) -> Self {
        Self {
            target: target.clone(),
            resource,
            object: Value::Null,
            version: Value::Null,
            refused: None,
            phase: Phase::Reading,
            task: None,
            buffer: None,
        }
    }

    fn name(&self) -> String {
        clean(&self.target.name()).into_owned()
    }

    fn namespace(&self) -> Option<&str> {
        self.target.row.meta().namespace.as_deref()
    }

    fn begin(&mut self, phase: Phase, effect: impl FnOnce(TaskId) -> Effect, cx: &LayerCx) -> Next {
        let task = cx.ids.task();
        (self.task, self.phase) = (Some(task), phase);
        Next::Effects(vec![effect(task)])
    }

    fn get(&mut self, phase: Phase, cx: &LayerCx) -> Next {
        let request = Request::Get {
            resource: self.resource.clone(),
            namespace: self.namespace().map(str::to_string),
            name: self.target.row.meta().name.to_string(),
        };
        self.begin(phase, |task| Effect::Call(task, request), cx)
    }

    fn file_name(&self) -> String {
        let meta = self.target.row.meta();
        let parts = [self.resource.singular(), meta.name.to_string()];
        let safe = |ch: char| ch.is_ascii_alphanumeric() || ch == '-' || ch == '.';
        let name = parts.join("-").replace(|ch| !safe(ch), "_");
        format!("{}.yaml", name.trim_matches('.'))
    }

    /// Hands the text to the person.
    fn edit(&mut self, why: &[String], body: &str, cx: &LayerCx) -> Next {
        let text = text::with_header(&cx.lang.t("dialog.edit.header"), why, body);
        let document = Document {
            name: self.file_name(),
            text,
        };
        self.begin(Phase::Editing, |task| Effect::Edit(task, document), cx)
    }

    /// The text comes back.
    fn edited(&mut self, edited: &str, cx: &LayerCx) -> Next {
        let body = text::body(edited).to_string();
        let original = text::write(&self.object).unwrap_or_default();
        if text::is_empty(&body) {
            return closed(Notice::warn(cx.lang.t("dialog.edit.empty")));
        }
        if text::same(&body, &original) {
            return closed(Notice::good(cx.lang.t("dialog.edit.unchanged")));
        }
        if self.refused.as_ref().is_some_and(|refused| text::same(refused, &body)) {
            return self.keep(body, cx.lang.t("dialog.edit.no_valid"), cx);
        }
        match text::read(&body) {
            Err(why) => self.again(cx.lang.f("dialog.edit.syntax", &[("why", &why)]), body, cx),
            Ok(after) if text::is_other(&self.object, &after) => self.again(cx.lang.t("dialog.edit.other"), body, cx),
            Ok(after) => match self.change(&after) {
                Some(change) => self.begin(
                    Phase::Sending(body),
                    |task| Effect::Call(task, Request::Change(Box::new(change))),
                    cx,
                ),
                None => closed(Notice::good(cx.lang.t("dialog.edit.unchanged"))),
            },
        }
    }

    /// The text is opened again, with what is wrong at its top.
    fn again(&mut self, why: String, body: String, cx: &LayerCx) -> Next {
        let next = self.edit(&[why], &body, cx);
        self.refused = Some(body);
        next
    }

    /// What is sent: what differs, on top of the version that was read.
    fn change(&self, after: &Value) -> Option<Change> {
        let mut before = self.object.clone();
        let mut after = after.clone();
        for object in [&mut before, &mut after] {
            if let Some(meta) = object.get_mut("metadata").and_then(Value::as_object_mut) {
                meta.remove("managedFields");
                meta.remove("resourceVersion");
            }
        }
        let built_in = kinds::known(&self.resource.group, &self.resource.kind).is_some();
        let mut patch = if built_in {
            patch::strategic(&self.resource.kind, &before, &after)
        } else {
            patch::merge(&before, &after)
        }?;
        if patch.get("metadata").is_none_or(|meta| !meta.is_object()) {
            patch["metadata"] = json!({});
        }
        patch["metadata"]["resourceVersion"] = self.version.clone();
        let edit = if built_in {
            Edit::Strategic(patch)
        } else {
            Edit::Merge(patch)
        };
        let meta = self.target.row.meta();
        let namespace = self.namespace().map(|name| format!(" -n {}", shell(name)));
        let command = format!(
            "kubectl edit {}/{}{}",
            self.resource.full_name(),
            shell(&meta.name),
            namespace.unwrap_or_default()
        );
        Some(Change::of(&self.resource, self.namespace(), &meta.name, edit, command))
    }

    /// Keeps a text in a file before the layer closes.
    fn keep(&mut self, body: String, said: String, cx: &LayerCx) -> Next {
        let stamp = cx.clock.now.strftime("%Y%m%d-%H%M%S");
        let document = Document {
            name: format!("{stamp}-{}", self.file_name()),
            text: body,
        };
        self.buffer = None;
        self.begin(Phase::Keeping(said), |task| Effect::Keep(task, document), cx)
    }

    fn arrived(&mut self, outcome: &Outcome, cx: &LayerCx) -> Next {
        match (std::mem::replace(&mut self.phase, Phase::Editing), outcome) {
            (Phase::Reading, Outcome::Object(object)) => {
                self.take_in(object);
                match text::write(&self.object) {
                    Ok(body) => self.edit(&[], &body, cx),
                    Err(why) => closed(Notice::error(why)),
                }
            }
            (Phase::Editing, Outcome::Edited(text)) => self.edited(&text.clone(), cx),
            (Phase::Sending(body), Outcome::Object(_)) => {
                drop(body);
                closed(Notice::good(cx.lang.f("dialog.edit.done", &[("what", &self.name())])))
            }
            (Phase::Sending(body), Outcome::Failed(trouble)) => self.failed(trouble, body, cx),
            (Phase::Rereading(body), Outcome::Object(object)) => {
                self.version = version(object);
                self.again(cx.lang.t("dialog.edit.conflict"), body, cx)
            }
            (Phase::Rereading(body), Outcome::Failed(trouble)) => self.keep(body, cx.lang.trouble(trouble), cx),
            (Phase::Keeping(said), outcome) => closed(Notice::error(match outcome {
                Outcome::Saved(path) => cx.lang.f("dialog.edit.kept", &[("said", &said), ("path", path)]),
                Outcome::Failed(trouble) => format!("{said} {}", cx.lang.trouble(trouble)),
                _ => said,
            })),
            (_, Outcome::Failed(trouble)) => closed(Notice::error(cx.lang.trouble(trouble))),
            (phase, _) => {
                self.phase = phase;
                Next::Done
            }
        }
    }

    fn take_in(&mut self, object: &Value) {
        self.object = object.clone();
        if let Some(meta) = self.object.get_mut("metadata").and_then(Value::as_object_mut) {
            meta.remove("managedFields");
        }
        self.version = version(object);
    }

    /// The server refused: what can be mended is opened again, anything else is kept.
    fn failed(&mut self, trouble: &Trouble, body: String, cx: &LayerCx) -> Next {
        match trouble.kind {
            TroubleKind::Conflict => self.get(Phase::Rereading(body), cx),
            TroubleKind::Invalid => {
                let said = trouble.said.clone().unwrap_or_else(|| cx.lang.what(trouble));
                let why = cx
                    .lang
                    .f("dialog.edit.invalid", &[("what", &self.name()), ("why", &said)]);
                self.again(why, body, cx)
            }
            _ => self.keep(body, cx.lang.trouble(trouble), cx),
        }
    }

    /// Keys while konn's own editor is open.
    fn typed(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let Some(buffer) = &mut self.buffer else {
            return Next::Ignored;
        };
        match input {
            Input::Command(Command::Save) => {
                let text = buffer.text();
                self.buffer = None;
                self.edited(&text, cx)
            }
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => self.put_away(cx),
            Input::Command(Command::Redraw | Command::Mouse | Command::Help) => Next::Ignored,
            Input::Command(Command::Quit) => Next::Done,
            input => {
                buffer.input(input, usize::from(cx.space.height));
                Next::Done
            }
        }
    }

    /// The editor is closed without saving: what was typed is kept all the same.
    fn put_away(&mut self, cx: &LayerCx) -> Next {
        let text = self.buffer.take().map(|buffer| buffer.text()).unwrap_or_default();
        let body = text::body(&text).to_string();
        let original = text::write(&self.object).unwrap_or_default();
        if text::is_empty(&body) || text::same(&body, &original) {
            return closed(Notice::good(cx.lang.t("dialog.edit.unchanged")));
        }
        self.keep(body, cx.lang.t("dialog.edit.cancelled"), cx)
    }

    /// The text that is on its way, where there is one.
    fn on_the_way(&self) -> Option<String> {
        match &self.phase {
            Phase::Sending(body) | Phase::Rereading(body) => Some(body.clone()),
            _ => None,
        }
    }
}

fn version(object: &Value) -> Value {
    object.pointer("/metadata/resourceVersion").cloned().unwrap_or_default()
}

fn closed(notice: Notice) -> Next {
    Next::Many(vec![Next::Close, Next::Notice(notice)])
}

impl Layer for EditLayer {
    fn keys(&self) -> &'static str {
        if self.buffer.is_some() { "editor" } else { "dialog" }
    }

    fn place(&self) -> Place {
        if self.buffer.is_some() {
            Place::Full
        } else {
            Place::Over(SIZE)
        }
    }

    fn takes_text(&self) -> bool {
        self.buffer.is_some()
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        self.get(Phase::Reading, cx)
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        if self.buffer.is_some() {
            return self.typed(input, cx);
        }
        match (input, self.on_the_way()) {
            (Input::Command(Command::Back | Command::Quit), Some(body)) => {
                self.keep(body, cx.lang.t("dialog.edit.not_waited"), cx)
            }
            (Input::Command(Command::Back), None) if matches!(self.phase, Phase::Reading) => Next::Close,
            (Input::Command(Command::Quit), None) if matches!(self.phase, Phase::Reading) => Next::Ignored,
            _ => Next::Done,
        }
    }

    fn holds_text(&self) -> bool {
        self.buffer.is_some()
    }

    fn acts(&self, input: &Input) -> Acts {
        match input {
            Input::Command(Command::Save) => Acts::OnRows,
            _ => Acts::Not,
        }
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> Next {
        if self.task != Some(task) {
            return Next::Ignored;
        }
        self.task = None;
        // Nobody to ask: konn's own editor.
        if let (Phase::Editing, Outcome::Unedited(text)) = (&self.phase, outcome) {
            self.buffer = Some(Buffer::new(text));
            return Next::Done;
        }
        self.arrived(outcome, cx)
    }

    fn tasks(&self) -> Vec<TaskId> {
        self.task.into_iter().collect()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        self.task.is_none()
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let title = Line::of([Span::new(
            cx.lang.f("dialog.title.edit", &[("what", &self.name())]),
            Tone::Title,
        )]);
        match &self.buffer {
            Some(buffer) => buffer.sheet(title, cx),
            None => {
                let key = match self.phase {
                    Phase::Editing => "dialog.edit.editing",
                    Phase::Sending(_) => "dialog.edit.sending",
                    _ => "dialog.reading",
                };
                Sheet {
                    title,
                    lines: vec![Line::of([Span::new(format!("… {}", cx.lang.t(key)), Tone::Busy)])],
                    ..Sheet::default()
                }
            }
        }
    }
}
