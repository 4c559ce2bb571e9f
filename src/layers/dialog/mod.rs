//! The dialog of a verb: what it works on and where, what to fill in, the kubectl command that does the same, what the
//! server says would come of it, and how it went, object by object.

pub(super) mod confirm;
mod controls;
pub mod diff;
mod form;
mod lines;
mod plan;
mod run;
mod trial;
mod window;

use serde_json::Value;

use confirm::{Answer, NAME, SURE};
pub(super) use controls::control_lines;
pub use form::{Control, Form, Wrong};
pub(super) use lines::push_words;
pub use plan::{Draft, Item, Opening, Plan, listed, members};
pub use run::{Run, State};
use trial::{First, Trial};
pub(super) use window::Window;

use crate::core::action::{Danger, Target};
use crate::core::change::Change;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::key::{Code, Key};
use crate::core::layer::{Acts, Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::notice::Notice;
use crate::core::outcome::Outcome;
use crate::core::store::Store;
use crate::core::trouble::{Trouble, TroubleKind};

/// How wide it is at most.
const WIDTH: u16 = 110;

/// What is read before anything can be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Item(usize),
    Answer(usize),
    /// Somebody else changed the object: as it is now.
    Again(usize),
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
    trial: Trial,
    run: Option<Run>,
    window: Window,
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
            trial: Trial::default(),
            run: None,
            window: Window::default(),
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
            effects.push(Effect::Call(task, item.get()));
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
            let word = self.word_to_type();
            controls.push(confirm::control(self.plan.id(), cx.protected, &word, cx.lang));
        }
        self.form = Some(confirm::form(controls));
        self.edited(cx)
    }

    /// What has to be typed where the context is protected: the name of the one object, or how many there are.
    fn word_to_type(&self) -> String {
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
        let is_tried = self.plan.is_tried() && self.plan.reads();
        self.trial.edited(first(changes.unwrap_or_default()), is_tried, cx.ids)
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

    /// Does it, or does again what failed.
    fn accept(&mut self, cx: &LayerCx) -> Next {
        if self.run.as_ref().is_some_and(|run| !run.is_over()) {
            return Next::Done;
        }
        let word = self.word_to_type();
        let Some(form) = &mut self.form else { return Next::Done };
        match confirm::answer(form, &word) {
            Answer::Yes => {}
            Answer::No => return Next::Close,
            Answer::Asked => return Next::Done,
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
        let get = Effect::Call(task, item.get());
        self.reading.push((task, Reading::Again(at)));
        vec![get]
    }

    fn take(&mut self, input: &Input, cx: &LayerCx) -> Next {
        match input {
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => return self.accept(cx),
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => return Next::Close,
            Input::Command(command) if self.window.page(*command, cx.space.height) => {}
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
                self.window.follow();
                if changed {
                    return Next::Effects(self.edited(cx));
                }
            }
        }
        Next::Done
    }
}

/// The first change of all, and which item it belongs to: earlier ones may have nothing to do.
fn first(changes: Vec<Vec<Change>>) -> First {
    let of_item = |(at, changes): (usize, Vec<Change>)| Some((at, changes.into_iter().next()?));
    changes.into_iter().enumerate().find_map(of_item)
}

impl Layer for Dialog {
    fn keys(&self) -> &'static str {
        "dialog"
    }

    fn place(&self) -> Place {
        self.window.place(WIDTH, 5)
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
        } else if self.trial.is_rested(task) {
            let first = first(self.changes(cx).unwrap_or_default());
            Next::Effects(self.trial.ask(first, cx.ids))
        } else if self.trial.done(task, outcome, &self.items, &self.answers) {
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
        reading.chain(self.trial.tasks()).chain(running).collect()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        self.tasks().is_empty()
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        self.window.sheet(self.title(cx), cx.space.height)
    }
}
