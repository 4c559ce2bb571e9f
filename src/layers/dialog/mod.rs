//! The dialog of a verb: what it works on and where, what to fill in, the kubectl command that does the same, what the
//! server says would come of it, and how it went, object by object.

pub(super) mod confirm;
pub mod diff;
mod form;
pub(super) mod lines;
mod plan;
mod run;

use serde_json::Value;

use confirm::{Answer, NAME, SURE};
pub use form::{Control, Form, Wrong};
pub(super) use lines::{control_lines, push_words};
pub use plan::{Draft, Item, Opening, Plan};
pub use run::{Run, State};

use crate::core::action::{Danger, Target};
use crate::core::change::Change;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{Size, TaskId};
use crate::core::key::{Code, Key};
use crate::core::layer::{Acts, Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::notice::Notice;
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::store::Store;
use crate::core::text::Line;
use crate::core::trouble::{Trouble, TroubleKind};

/// How wide it is at most.
const WIDTH: u16 = 110;

/// How long nothing is typed before the server is asked what would come of it, in milliseconds.
const REST: u64 = 300;

/// What is read before anything can be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Item(usize),
    Answer(usize),
    /// Somebody else changed the object: as it is now.
    Again(usize),
}

/// What the server says would come of it.
#[derive(Default)]
struct Trial {
    /// The change that was tried, as its command.
    of: String,
    rest: Option<TaskId>,
    call: Option<TaskId>,
    said: Option<Result<Vec<Line>, Box<Trouble>>>,
}

/// The dialog of a verb.
pub struct Dialog {
    plan: Box<dyn Plan>,
    items: Vec<Item>,
    answers: Vec<Option<Value>>,
    reading: Vec<(TaskId, Reading)>,
    asked: bool,
    failed: Option<Box<Trouble>>,
    form: Option<Form>,
    wrong: Option<Wrong>,
    tried: Trial,
    run: Option<Run>,
    top: usize,
    lines: Vec<Line>,
    cursor: Option<(u16, u16)>,
}

impl Dialog {
    /// The dialog of a plan for these rows. Rows that are no objects of the cluster are left out.
    pub fn new(plan: impl Plan + 'static, targets: Vec<Target>) -> Self {
        let item = |target: Target| {
            let resource = target.resource.clone()?;
            Some(Item {
                target,
                resource,
                object: Value::Null,
            })
        };
        Self {
            plan: Box::new(plan),
            items: targets.into_iter().filter_map(item).collect(),
            answers: Vec::new(),
            reading: Vec::new(),
            asked: false,
            failed: None,
            form: None,
            wrong: None,
            tried: Trial::default(),
            run: None,
            top: 0,
            lines: Vec::new(),
            cursor: None,
        }
    }

    fn draft<'a>(&'a self, form: &'a Form) -> Draft<'a> {
        Draft {
            items: &self.items,
            answers: &self.answers,
            form,
        }
    }

    /// Reads the objects.
    fn read(&mut self, cx: &LayerCx) -> Vec<Effect> {
        if !self.plan.reads() {
            return self.ask(cx);
        }
        let mut effects = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            let task = cx.ids.task();
            self.reading.push((task, Reading::Item(at)));
            let get = Request::Get {
                resource: item.resource.clone(),
                namespace: item.namespace().map(str::to_string),
                name: item.name().to_string(),
            };
            effects.push(Effect::Call(task, get));
        }
        effects
    }

    /// Reads what else the plan wants to know.
    fn ask(&mut self, cx: &LayerCx) -> Vec<Effect> {
        self.asked = true;
        let requests = self.plan.asks(&self.items);
        self.answers = vec![None; requests.len()];
        let mut effects = Vec::new();
        for (at, request) in requests.into_iter().enumerate() {
            let task = cx.ids.task();
            self.reading.push((task, Reading::Answer(at)));
            effects.push(Effect::Call(task, request));
        }
        let ports = self.plan.ports(&self.items);
        if !ports.is_empty() {
            let task = cx.ids.task();
            self.reading.push((task, Reading::Answer(self.answers.len())));
            self.answers.push(None);
            effects.push(Effect::FreePorts(task, ports));
        }
        if effects.is_empty() {
            effects = self.begin(cx);
        }
        effects
    }

    /// Everything was read: there is something to fill in.
    fn begin(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let mut controls = self.plan.controls(&self.items, &self.answers, cx);
        if self.plan.danger() == Danger::Destroy {
            let word = self.word_to_type(cx);
            controls.push(confirm::control(self.plan.id(), cx.protected, &word, cx.lang));
        }
        let mut form = Form::new(controls);
        // The question comes first: what else can be filled in is the exception.
        form.go_to(NAME);
        form.go_to(SURE);
        self.form = Some(form);
        self.edited(cx)
    }

    /// What has to be typed where the context is protected: the name of the one object, or how many there are.
    fn word_to_type(&self, _cx: &LayerCx) -> String {
        match &self.items[..] {
            [item] => item.name().to_string(),
            items => items.len().to_string(),
        }
    }

    /// All changes, object by object.
    fn changes(&self, cx: &LayerCx) -> Result<Vec<Vec<Change>>, Wrong> {
        let Some(form) = &self.form else { return Ok(Vec::new()) };
        let draft = self.draft(form);
        self.items
            .iter()
            .map(|item| self.plan.changes(item, &draft, cx))
            .collect()
    }

    /// What was filled in has changed: it is looked at, and tried once nothing more is typed.
    fn edited(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let changes = self.changes(cx);
        self.wrong = changes.as_ref().err().cloned();
        if let Some(opening) = self.opening(cx) {
            self.wrong = opening.err();
        }
        let first = changes.ok().and_then(|changes| changes.into_iter().flatten().next());
        let of = first.as_ref().map(|change| change.kubectl.clone()).unwrap_or_default();
        if of == self.tried.of {
            return Vec::new();
        }
        let before = std::mem::take(&mut self.tried);
        let mut effects: Vec<Effect> = before.rest.into_iter().chain(before.call).map(Effect::Cancel).collect();
        self.tried.of = of;
        if first.is_some_and(|change| can_be_tried(&change)) && self.plan.is_tried() && self.plan.reads() {
            let task = cx.ids.task();
            self.tried.rest = Some(task);
            effects.push(Effect::Wake(task, REST));
        }
        effects
    }

    /// What is opened, for a verb that opens sessions.
    fn opening(&self, cx: &LayerCx) -> Option<Result<Opening, Wrong>> {
        let draft = self.draft(self.form.as_ref()?);
        self.plan.opens(&draft, cx)
    }

    /// Opens what the verb opens, and leaves it to whoever owns that.
    fn open_all(&mut self, opening: Result<Opening, Wrong>, cx: &LayerCx) -> Next {
        match opening {
            Err(wrong) => {
                self.wrong = Some(wrong);
                self.go_to_wrong();
                Next::Done
            }
            Ok(opening) => {
                let open = |session| Effect::Open(cx.ids.session(), session);
                let effects = opening.sessions.into_iter().map(open).collect();
                Next::Many(vec![Next::Close, Next::Effects(effects)])
            }
        }
    }

    /// Asks the server what would come of it.
    fn ask_trial(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let changes = self.changes(cx).unwrap_or_default();
        let Some(change) = changes.into_iter().flatten().next() else {
            return Vec::new();
        };
        let task = cx.ids.task();
        self.tried.call = Some(task);
        vec![Effect::Call(task, Request::Change(Box::new(change.dry())))]
    }

    fn tried(&mut self, outcome: &Outcome) {
        self.tried.call = None;
        self.tried.said = match outcome {
            Outcome::Object(after) => {
                let first = self.items.iter().find(|item| !item.object.is_null());
                first.map(|item| Ok(diff::lines(&item.object, after)))
            }
            Outcome::Failed(trouble) => Some(Err(Box::new(trouble.clone()))),
            _ => None,
        };
    }

    /// Does it, or does again what failed.
    fn accept(&mut self, cx: &LayerCx) -> Next {
        let Some(form) = &self.form else { return Next::Done };
        if self.run.as_ref().is_some_and(|run| !run.is_over()) {
            return Next::Done;
        }
        if form.has(SURE) && form.focused().is_none_or(|control| control.id != SURE) {
            self.focus(SURE);
            return Next::Done;
        }
        match confirm::answer(form, &self.word_to_type(cx)) {
            Answer::Yes => {}
            Answer::No => return Next::Close,
            Answer::Differs => {
                self.wrong = Some(Wrong::at(NAME, cx.lang.t("dialog.name_differs")));
                self.go_to_wrong();
                return Next::Done;
            }
        }
        if let Some(opening) = self.opening(cx) {
            return self.open_all(opening, cx);
        }
        match self.changes(cx) {
            Err(wrong) => {
                self.wrong = Some(wrong);
                self.go_to_wrong();
                Next::Done
            }
            Ok(mut changes) => {
                // What was done before is not done again.
                for (at, changes) in changes.iter_mut().enumerate() {
                    if self.run.as_ref().is_some_and(|run| run.is_done(at)) {
                        changes.clear();
                    }
                }
                let mut run = Run::new(changes);
                let effects = run.go_on(cx.ids);
                self.run = Some(run);
                let next = self.ended(cx);
                Next::Many(vec![Next::Effects(effects), next])
            }
        }
    }

    fn focus(&mut self, id: &str) {
        if let Some(form) = &mut self.form {
            form.go_to(id);
        }
    }

    fn go_to_wrong(&mut self) {
        if let (Some(form), Some(id)) = (&mut self.form, self.wrong.as_ref().and_then(|wrong| wrong.id.clone())) {
            form.go_to(&id);
        }
    }

    /// Closes where all went well.
    fn ended(&mut self, cx: &LayerCx) -> Next {
        let (Some(run), Some(form)) = (&self.run, &self.form) else {
            return Next::Done;
        };
        if !run.is_over() || run.has_failed() {
            return Next::Done;
        }
        let nothing = run.states().all(|state| *state == run::State::Nothing);
        let key = if nothing {
            "dialog.nothing".to_string()
        } else {
            format!("dialog.done.{}", self.plan.id())
        };
        let text = cx.lang.f(&key, &[("what", &self.what(cx))]);
        let after = self.plan.after(&self.draft(form), cx);
        Next::Many(vec![Next::Close, Next::Notice(Notice::good(text)), after])
    }

    /// `deployment/web`, or how many objects.
    fn what(&self, cx: &LayerCx) -> String {
        match &self.items[..] {
            [item] => item.full_name(),
            items => cx.lang.f("dialog.objects", &[("count", &items.len().to_string())]),
        }
    }

    fn read_done(&mut self, reading: Reading, outcome: &Outcome, cx: &LayerCx) -> Vec<Effect> {
        match (reading, outcome) {
            (Reading::Item(at), Outcome::Object(object)) => {
                if let Some(item) = self.items.get_mut(at) {
                    item.object = (**object).clone();
                }
            }
            (Reading::Again(at), Outcome::Object(object)) => {
                if let Some(item) = self.items.get_mut(at) {
                    item.object = (**object).clone();
                }
                self.wrong = self.changes(cx).err();
            }
            (Reading::Item(_), Outcome::Failed(trouble)) => self.failed = Some(Box::new(trouble.clone())),
            (Reading::Answer(at), Outcome::Object(answer)) => {
                if let Some(place) = self.answers.get_mut(at) {
                    *place = Some((**answer).clone());
                }
            }
            (Reading::Answer(at), Outcome::Ports(ports)) => {
                if let Some(place) = self.answers.get_mut(at) {
                    *place = Some(Value::from(ports.clone()));
                }
            }
            _ => {}
        }
        match (self.reading.is_empty() && self.failed.is_none(), self.asked) {
            (true, false) => self.ask(cx),
            (true, true) if self.form.is_none() => self.begin(cx),
            _ => Vec::new(),
        }
    }

    /// After a conflict, and where it may have been done, the object is read again, so that the next try is one with its
    /// present version.
    fn read_again(&mut self, at: usize, outcome: &Outcome, cx: &LayerCx) -> Vec<Effect> {
        let other =
            matches!(outcome, Outcome::Failed(trouble) if trouble.kind == TroubleKind::Conflict || trouble.unsure);
        let item = self.items.get(at).filter(|_| other && self.plan.reads());
        let Some(item) = item else { return Vec::new() };
        let task = cx.ids.task();
        let get = Request::Get {
            resource: item.resource.clone(),
            namespace: item.namespace().map(str::to_string),
            name: item.name().to_string(),
        };
        self.reading.push((task, Reading::Again(at)));
        vec![Effect::Call(task, get)]
    }

    fn take(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let page = usize::from(cx.space.height).max(2) - 1;
        match input {
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => return self.accept(cx),
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => return Next::Close,
            Input::Command(Command::PageUp) => self.top = self.top.saturating_sub(page),
            Input::Command(Command::PageDown) => self.top += page,
            Input::Command(Command::Copy) => {
                if let Some(Ok(opening)) = self.opening(cx) {
                    return Next::Effects(vec![Effect::Copy(cx.ids.task(), opening.kubectl)]);
                }
                let commands: Vec<String> = self
                    .changes(cx)
                    .unwrap_or_default()
                    .iter()
                    .flatten()
                    .map(|change| change.kubectl.clone())
                    .collect();
                return Next::Effects(vec![Effect::Copy(cx.ids.task(), commands.join("\n"))]);
            }
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => return Next::Ignored,
            input => {
                // What runs is what was filled in: it can be changed again once it is over.
                if self.run.as_ref().is_some_and(|run| !run.is_over()) {
                    return Next::Done;
                }
                let Some(form) = &mut self.form else { return Next::Done };
                let (_, changed) = form.input(input);
                self.top = 0;
                if changed {
                    return Next::Effects(self.edited(cx));
                }
            }
        }
        Next::Done
    }
}

/// Whether the server's answer to a trial is the object itself.
fn can_be_tried(change: &Change) -> bool {
    use crate::core::change::Edit;
    change.subresource.is_empty() && !matches!(change.edit, Edit::Delete { .. } | Edit::Create(_))
}

impl Layer for Dialog {
    fn keys(&self) -> &'static str {
        "dialog"
    }

    fn place(&self) -> Place {
        let height = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        Place::Over(Size {
            width: WIDTH,
            height: height.max(5),
        })
    }

    fn takes_text(&self) -> bool {
        let focused = self.form.as_ref().and_then(Form::focused);
        focused.is_some_and(Control::takes_text) && self.run.as_ref().is_none_or(Run::is_over)
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        let effects = self.read(cx);
        self.lay_out(cx);
        Next::Effects(effects)
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let next = self.take(input, cx);
        self.lay_out(cx);
        next
    }

    fn acts(&self, input: &Input) -> Acts {
        let leaves = self.form.as_ref().is_some_and(|form| form.text(SURE) == "no");
        if input.is_enter() && !leaves {
            Acts::OnRows
        } else {
            Acts::Not
        }
    }

    fn refresh(&mut self, cx: &LayerCx) -> Next {
        self.lay_out(cx);
        Next::Ignored
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> Next {
        let next = if let Some(at) = self.reading.iter().position(|(reading, _)| *reading == task) {
            let (_, reading) = self.reading.swap_remove(at);
            Next::Effects(self.read_done(reading, outcome, cx))
        } else if self.tried.rest == Some(task) {
            self.tried.rest = None;
            Next::Effects(self.ask_trial(cx))
        } else if self.tried.call == Some(task) {
            self.tried(outcome);
            Next::Done
        } else if let Some(at) = self.run.as_ref().and_then(|run| run.place_of(task)) {
            let mut effects = self.read_again(at, outcome, cx);
            effects.extend(
                self.run
                    .as_mut()
                    .and_then(|run| run.done(task, outcome, cx.ids))
                    .unwrap_or_default(),
            );
            Next::Many(vec![Next::Effects(effects), self.ended(cx)])
        } else {
            return Next::Ignored;
        };
        self.lay_out(cx);
        next
    }

    fn tasks(&self) -> Vec<TaskId> {
        let reading = self.reading.iter().map(|(task, _)| *task);
        let running = self.run.as_ref().map(Run::tasks).unwrap_or_default();
        reading
            .chain(self.tried.rest)
            .chain(self.tried.call)
            .chain(running)
            .collect()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        self.tasks().is_empty()
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let height = usize::from(cx.space.height);
        // Where a person types stays in sight.
        let typed = self.cursor.map_or(0, |(_, y)| usize::from(y));
        let most = self.lines.len().saturating_sub(height);
        let top = self
            .top
            .min(most)
            .max((typed + 1).saturating_sub(height))
            .min(self.lines.len());
        let cursor = self
            .cursor
            .and_then(|(x, y)| Some((x, y.checked_sub(u16::try_from(top).ok()?)?)));
        Sheet {
            title: self.title(cx),
            lines: self.lines.iter().skip(top).take(height).cloned().collect(),
            cursor,
            ..Sheet::default()
        }
    }
}
