//! Drain: the plan first, then what happens to each pod, which can be stopped at any moment. Nodes are cordoned all at
//! once and emptied one after the other, as `RunDrain` of kubectl does.

mod evictions;
mod lines;
mod plan;
mod pods;
mod run;

use serde_json::Value;

use plan::Plan;
use run::{Run, Stage};

use super::dialog::confirm::{self, Answer, NAME};
use super::dialog::{Control, Form, Wrong};
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{Size, TaskId};
use crate::core::key::{Code, Key};
use crate::core::layer::{Acts, Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::outcome::Outcome;
use crate::core::request::shell;
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone};
use pods::Switches;

/// How wide it is at most.
const WIDTH: u16 = 118;

/// The longest time that can be given, in seconds: a week.
const LONGEST: u32 = 7 * 24 * 3600;

/// What was filled in.
#[derive(Clone, Copy, Debug, Default)]
struct Choice {
    switches: Switches,
    grace: Option<u32>,
    limit: Option<u32>,
}

/// The drain of some nodes.
pub struct Drain {
    plan: Plan,
    form: Option<Form>,
    wrong: Option<Wrong>,
    run: Option<Run>,
    top: usize,
    lines: Vec<Line>,
    cursor: Option<(u16, u16)>,
}

impl Drain {
    /// The drain of the nodes of these names.
    pub fn new(nodes: Vec<String>) -> Self {
        Self {
            plan: Plan::new(nodes),
            form: None,
            wrong: None,
            run: None,
            top: 0,
            lines: Vec::new(),
            cursor: None,
        }
    }

    /// Everything was read: there is something to fill in.
    fn begin(&mut self, cx: &LayerCx) {
        let switch = |id: &str| {
            let (label, note) = (format!("drain.{id}"), format!("drain.{id}_note"));
            Control::switch(id, cx.lang.t(&label), false).noted(cx.lang.t(&note))
        };
        let text = |id: &str| {
            let (label, note) = (format!("drain.{id}"), format!("drain.{id}_note"));
            Control::text(id, cx.lang.t(&label), "").noted(cx.lang.t(&note))
        };
        let confirm = confirm::control("drain", cx.protected, &self.word(), cx.lang);
        self.form = Some(Form::new(vec![
            switch("daemonsets"),
            switch("emptydir"),
            switch("force"),
            text("grace"),
            text("limit"),
            confirm,
        ]));
    }

    /// What has to be typed where the context is protected: the node's name, or how many there are.
    fn word(&self) -> String {
        match &self.plan.nodes[..] {
            [node] => node.name.clone(),
            nodes => nodes.len().to_string(),
        }
    }

    fn choice(&self, cx: &LayerCx) -> Result<Choice, Wrong> {
        let Some(form) = &self.form else {
            return Ok(Choice::default());
        };
        let seconds = |id: &str| match form.text(id) {
            "" => Ok(None),
            text => {
                let number = text.parse::<u32>().ok().filter(|number| *number <= LONGEST);
                number
                    .map(Some)
                    .ok_or_else(|| Wrong::at(id, cx.lang.t("drain.seconds")))
            }
        };
        Ok(Choice {
            switches: self.switches(),
            grace: seconds("grace")?,
            // As kubectl: zero is no limit.
            limit: seconds("limit")?.filter(|seconds| *seconds > 0),
        })
    }

    fn switches(&self) -> Switches {
        let is_on = |id: &str| self.form.as_ref().is_some_and(|form| form.is_on(id));
        Switches {
            daemonsets: is_on("daemonsets"),
            emptydir: is_on("emptydir"),
            force: is_on("force"),
        }
    }

    /// The kubectl command that does the same.
    fn command(&self, choice: &Choice) -> String {
        let mut words = vec!["kubectl drain".to_string()];
        words.extend(self.plan.nodes.iter().map(|node| shell(&node.name)));
        let flags = [
            (choice.switches.daemonsets, "--ignore-daemonsets"),
            (choice.switches.emptydir, "--delete-emptydir-data"),
            (choice.switches.force, "--force"),
        ];
        words.extend(flags.iter().filter(|(on, _)| *on).map(|(_, flag)| flag.to_string()));
        words.extend(choice.grace.map(|seconds| format!("--grace-period={seconds}")));
        words.extend(choice.limit.map(|seconds| format!("--timeout={seconds}s")));
        words.join(" ")
    }

    /// Begins, unless something forbids it.
    fn accept(&mut self, cx: &LayerCx) -> Next {
        if let Some(run) = &self.run {
            return if run.is_over() { Next::Close } else { Next::Done };
        }
        let Some(form) = &self.form else { return Next::Done };
        match confirm::answer(form, &self.word()) {
            Answer::Yes => {}
            Answer::No => return Next::Close,
            Answer::Differs => return self.refuse(Wrong::at(NAME, cx.lang.t("dialog.name_differs"))),
        }
        let choice = match self.choice(cx) {
            Ok(choice) => choice,
            Err(wrong) => return self.refuse(wrong),
        };
        if !self.plan.errors(choice.switches).is_empty() {
            return self.refuse(Wrong::whole(cx.lang.t("drain.forbidden")));
        }
        let mut run = Run::new(choice.switches, choice.grace, choice.limit, self.command(&choice));
        let effects = run.cordon(&self.plan, cx.ids);
        self.run = Some(run);
        self.top = 0;
        Next::Effects(effects)
    }

    fn refuse(&mut self, wrong: Wrong) -> Next {
        if let (Some(form), Some(id)) = (&mut self.form, &wrong.id) {
            form.go_to(id);
        }
        self.wrong = Some(wrong);
        Next::Done
    }

    /// One step back: stops what runs, and leaves what does not.
    fn back(&mut self) -> Next {
        match &mut self.run {
            Some(run) if !run.is_over() => Next::Effects(run.stop()),
            _ => Next::Close,
        }
    }

    fn take(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let page = usize::from(cx.space.height).max(2) - 1;
        match input {
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => return self.accept(cx),
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => return self.back(),
            Input::Command(Command::PageUp) => self.top = self.top.saturating_sub(page),
            Input::Command(Command::PageDown) => self.top = (self.top + page).min(self.lines.len()),
            Input::Command(Command::Copy) => {
                let command = self.command(&self.choice(cx).unwrap_or_default());
                return Next::Effects(vec![Effect::Copy(cx.ids.task(), command)]);
            }
            Input::Command(Command::Up) if self.run.is_some() => self.top = self.top.saturating_sub(1),
            Input::Command(Command::Down) if self.run.is_some() => self.top = (self.top + 1).min(self.lines.len()),
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => return Next::Ignored,
            input => {
                if let (Some(form), None) = (&mut self.form, &self.run) {
                    form.input(input);
                    self.top = 0;
                    self.wrong = self.choice(cx).err();
                }
            }
        }
        Next::Done
    }
}

impl Layer for Drain {
    fn keys(&self) -> &'static str {
        "dialog"
    }

    fn place(&self) -> Place {
        let height = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        Place::Over(Size {
            width: WIDTH,
            height: height.max(8),
        })
    }

    fn takes_text(&self) -> bool {
        let focused = self.form.as_ref().and_then(Form::focused);
        focused.is_some_and(Control::takes_text) && self.run.is_none()
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        let effects = self.plan.read(cx.ids);
        self.lay_out(cx);
        Next::Effects(effects)
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let next = self.take(input, cx);
        self.lay_out(cx);
        next
    }

    fn acts(&self, input: &Input) -> Acts {
        if input.is_enter() && self.run.is_none() {
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
        let effects = if let Some(effects) = self.plan.done(task, outcome, cx.ids) {
            if self.plan.is_read() && self.form.is_none() {
                self.begin(cx);
            }
            effects
        } else if let Some(effects) = self
            .run
            .as_mut()
            .and_then(|run| run.done(task, outcome, &mut self.plan, cx.ids))
        {
            effects
        } else {
            return Next::Ignored;
        };
        self.lay_out(cx);
        Next::Effects(effects)
    }

    fn tasks(&self) -> Vec<TaskId> {
        let running = self.run.iter().flat_map(Run::tasks);
        self.plan.tasks().chain(running).collect()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        self.plan.tasks().next().is_none() && self.run.as_ref().is_none_or(Run::is_over)
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let height = usize::from(cx.space.height);
        let typed = self.cursor.map_or(0, |(_, y)| usize::from(y));
        let most = self.lines.len().saturating_sub(height);
        let top = self.top.min(most).max((typed + 1).saturating_sub(height));
        let cursor = self
            .cursor
            .and_then(|(x, y)| Some((x, y.checked_sub(u16::try_from(top).ok()?)?)));
        let key = match self.run.as_ref().map(|run| &run.stage) {
            None => "drain.title",
            Some(Stage::Over(_)) => "drain.title_over",
            Some(_) => "drain.title_running",
        };
        let title = cx.lang.f(key, &[("what", &self.plan.what(cx.lang))]);
        Sheet {
            title: Line::of([Span::new(title, Tone::Error)]),
            lines: self.lines.iter().skip(top).take(height).cloned().collect(),
            cursor,
            ..Sheet::default()
        }
    }
}

/// The objects of a list.
fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.get("items").and_then(Value::as_array).into_iter().flatten()
}
