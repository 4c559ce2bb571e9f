//! Drain: the plan first, then what happens to each pod, which can be stopped at any moment. Nodes are cordoned all at
//! once and emptied one after the other, as `RunDrain` of kubectl does.

mod evictions;
mod lines;
mod plan;
mod pods;
mod rights;
mod run;

use plan::Plan;
use run::{Run, Stage};

use super::dialog::confirm::{self, Answer, NAME};
use super::dialog::{Control, Form, Window, Wrong};
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
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
    window: Window,
}

impl Drain {
    /// The drain of the nodes of these names.
    pub fn new(nodes: Vec<String>) -> Self {
        Self {
            plan: Plan::new(nodes),
            form: None,
            wrong: None,
            run: None,
            window: Window::default(),
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
        self.form = Some(confirm::form(vec![
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
        let word = self.word();
        let Some(form) = &mut self.form else { return Next::Done };
        match confirm::answer(form, &word) {
            Answer::Yes => {}
            Answer::No => return Next::Close,
            Answer::Asked => return Next::Done,
            Answer::Differs => return self.refuse(Wrong::at(NAME, cx.lang.t("dialog.name_differs"))),
        }
        let choice = match self.choice(cx) {
            Ok(choice) => choice,
            Err(wrong) => return self.refuse(wrong),
        };
        if !self.plan.errors(choice.switches).is_empty() {
            return self.refuse(Wrong::whole(cx.lang.t("drain.forbidden")));
        }
        if !self.plan.refusals(choice.switches, cx.lang).is_empty() {
            return self.refuse(Wrong::whole(cx.lang.t("drain.no_right")));
        }
        let mut run = Run::new(choice.switches, choice.grace, choice.limit, self.command(&choice));
        let effects = run.cordon(&self.plan, cx.ids);
        self.run = Some(run);
        self.window.go_to_start();
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
        let height = cx.space.height;
        match input {
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => return self.accept(cx),
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => return self.back(),
            Input::Command(command) if self.window.page(*command, height) => {}
            Input::Command(Command::Copy) => {
                let command = self.command(&self.choice(cx).unwrap_or_default());
                return Next::Effects(vec![Effect::Copy(cx.ids.task(), command)]);
            }
            Input::Command(Command::Up) if self.run.is_some() => self.window.scroll(-1, height),
            Input::Command(Command::Down) if self.run.is_some() => self.window.scroll(1, height),
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => return Next::Ignored,
            input => {
                if let (Some(form), None) = (&mut self.form, &self.run) {
                    form.input(input);
                    self.window.follow();
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
        self.window.place(WIDTH, 8)
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
        let key = match self.run.as_ref().map(|run| &run.stage) {
            None => "drain.title",
            Some(Stage::Over(_)) => "drain.title_over",
            Some(_) => "drain.title_running",
        };
        let title = cx.lang.f(key, &[("what", &self.plan.what(cx.lang))]);
        let title = Line::of([Span::new(title, Tone::Error)]);
        self.window.sheet(title, cx.space.height)
    }
}
