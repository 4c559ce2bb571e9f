//! The objects of manifests: what would change is shown object by object, then it is done, object by object. Server-side
//! apply with konn as field manager; what other managers own is taken over only when a person says so.

pub mod documents;
mod lines;
mod object;

use std::collections::VecDeque;

use self::object::{Broken, Live, Object};
use crate::core::change::MANAGER;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::key::{Code, Key};
use crate::core::layer::{Acts, Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::manifest::Act;
use crate::core::notice::Notice;
use crate::core::outcome::{Loaded, Outcome};
use crate::core::request::{Request, shell};
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::trouble::{Trouble, TroubleKind};
use crate::layers::dialog::confirm::{self, Answer};
use crate::layers::dialog::{Control, Form, Run, State, Window, diff};

/// How many objects are asked for at the same time.
const AT_ONCE: usize = 4;

/// The control that takes over what other managers own.
const FORCE: &str = "force";

/// What is asked about an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Live,
    Trial,
}

/// The manifests of a file or a folder.
pub struct Manifest {
    act: Act,
    path: String,
    namespace: String,
    loading: Option<TaskId>,
    loaded: Vec<Loaded>,
    is_resolved: bool,
    failed: Option<Box<Trouble>>,
    unread: Vec<(String, Trouble)>,
    broken: Vec<Broken>,
    objects: Vec<Object>,
    queue: VecDeque<(usize, Question)>,
    asked: Vec<(TaskId, usize, Question)>,
    form: Option<Form>,
    wrong: Option<String>,
    run: Option<Run>,
    window: Window,
}

/// The layer of a file or folder; `namespace` is for objects that name none.
pub fn open(act: Act, path: &str, namespace: &str) -> Box<dyn Layer> {
    Box::new(Manifest {
        act,
        path: path.to_string(),
        namespace: namespace.to_string(),
        loading: None,
        loaded: Vec::new(),
        is_resolved: false,
        failed: None,
        unread: Vec::new(),
        broken: Vec::new(),
        objects: Vec::new(),
        queue: VecDeque::new(),
        asked: Vec::new(),
        form: None,
        wrong: None,
        run: None,
        window: Window::default(),
    })
}

impl Manifest {
    /// The kubectl command that does the same.
    fn command(&self) -> String {
        let path = shell(&self.path);
        // kubectl refuses objects of another namespace than the one that it is told.
        let namespace = if self.objects.iter().any(|object| object.names_another(&self.namespace)) {
            String::new()
        } else {
            format!(" -n {}", shell(&self.namespace))
        };
        let flags = format!("--server-side --field-manager={MANAGER}");
        let force = if self.is_forced() { " --force-conflicts" } else { "" };
        match self.act {
            Act::Apply => format!("kubectl apply {flags}{force} -f {path}{namespace}"),
            Act::Diff => format!("kubectl diff {flags}{force} -f {path}{namespace}"),
            Act::Delete => format!("kubectl delete -f {path}{namespace}"),
        }
    }

    fn is_forced(&self) -> bool {
        self.form.as_ref().is_some_and(|form| form.is_on(FORCE))
    }

    fn is_asking(&self) -> bool {
        !self.queue.is_empty() || !self.asked.is_empty()
    }

    /// Whether nothing would be sent.
    fn nothing_to_do(&self) -> bool {
        !self.objects.iter().any(|object| self.is_sent(object))
    }

    /// Whether something is to be sent for an object: not where it is the same, nor where it is known to be refused.
    fn is_sent(&self, object: &Object) -> bool {
        match (self.act, &object.live) {
            (Act::Diff, _) | (_, Live::Unasked | Live::Failed(_)) => false,
            (Act::Delete, live) => matches!(live, Live::There(_)),
            (Act::Apply, _) => !matches!(&object.trial, Some(Err(trouble)) if trouble.kind == TroubleKind::Conflict),
        }
    }

    /// The files are there: once it is known what the server serves, the objects are looked for.
    fn resolve(&mut self, cx: &LayerCx) -> Vec<Effect> {
        if self.is_resolved || self.loading.is_some() || self.failed.is_some() || !cx.catalog.is_discovered() {
            return Vec::new();
        }
        self.is_resolved = true;
        for file in std::mem::take(&mut self.loaded) {
            let text = match file.text {
                Ok(text) => text,
                Err(trouble) => {
                    self.unread.push((file.path, trouble));
                    continue;
                }
            };
            for found in documents::objects(&file.path, &text) {
                match Object::of(found, cx.catalog, &self.namespace) {
                    Ok(object) => self.objects.push(object),
                    Err(broken) => self.broken.push(broken),
                }
            }
        }
        self.queue = (0..self.objects.len()).map(|at| (at, Question::Live)).collect();
        self.go_on(cx)
    }

    /// Asks what is to be asked, a few at a time.
    fn go_on(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let mut effects = Vec::new();
        while self.asked.len() < AT_ONCE
            && let Some((at, question)) = self.queue.pop_front()
        {
            let Some(object) = self.objects.get(at) else { continue };
            let request = match question {
                Question::Live => Some(object.get()),
                Question::Trial => object
                    .change(self.act, self.is_forced(), &self.command())
                    .map(|change| Request::Change(Box::new(change.dry()))),
            };
            let Some(request) = request else { continue };
            let task = cx.ids.task();
            self.asked.push((task, at, question));
            effects.push(Effect::Call(task, request));
        }
        if !self.is_asking() && self.form.is_none() {
            self.form = Some(self.controls(cx));
        }
        effects
    }

    fn answered(&mut self, at: usize, question: Question, outcome: &Outcome) {
        let tries = self.act != Act::Delete;
        let Some(object) = self.objects.get_mut(at) else { return };
        match (question, outcome) {
            (Question::Live, Outcome::Object(live)) => object.live = Live::There(live.clone()),
            (Question::Live, Outcome::Failed(trouble)) if trouble.kind == TroubleKind::NotFound => {
                object.live = Live::Missing;
            }
            (Question::Live, Outcome::Failed(trouble)) => {
                object.live = Live::Failed(Box::new(trouble.clone()));
                return;
            }
            (Question::Trial, Outcome::Object(after)) => {
                let before = match &object.live {
                    Live::There(live) => (**live).clone(),
                    _ => serde_json::Value::Null,
                };
                object.trial = Some(Ok(diff::lines(&before, after)));
            }
            (Question::Trial, Outcome::Failed(trouble)) => object.trial = Some(Err(Box::new(trouble.clone()))),
            _ => {}
        }
        if question == Question::Live && tries {
            self.queue.push_back((at, Question::Trial));
        }
    }

    fn has_conflicts(&self) -> bool {
        let conflicts =
            |object: &Object| matches!(&object.trial, Some(Err(trouble)) if trouble.kind == TroubleKind::Conflict);
        self.objects.iter().any(conflicts)
    }

    /// What a person decides once all is known.
    fn controls(&self, cx: &LayerCx) -> Form {
        let mut controls = Vec::new();
        if self.act != Act::Delete && self.has_conflicts() {
            let take = Control::switch(FORCE, cx.lang.t("manifest.force"), false);
            controls.push(take.noted(cx.lang.t("manifest.force_note")));
        }
        if self.act == Act::Delete && !self.nothing_to_do() {
            let count = self.to_delete().to_string();
            controls.push(confirm::control("delete", cx.protected, &count, cx.lang));
        }
        confirm::form(controls)
    }

    fn to_delete(&self) -> usize {
        self.objects.iter().filter(|object| self.is_sent(object)).count()
    }

    fn accept(&mut self, cx: &LayerCx) -> Next {
        let over = self.run.as_ref().is_some_and(Run::is_over);
        if self.failed.is_some() || self.act == Act::Diff && !self.is_asking() || over {
            return Next::Close;
        }
        if self.is_asking() || self.run.is_some() {
            return Next::Done;
        }
        if self.nothing_to_do() {
            return Next::Close;
        }
        let count = self.to_delete().to_string();
        let Some(form) = &mut self.form else { return Next::Done };
        match confirm::answer(form, &count) {
            Answer::Yes => {}
            Answer::No => return Next::Close,
            Answer::Asked => return Next::Done,
            Answer::Differs => {
                self.wrong = Some(cx.lang.t("dialog.name_differs"));
                return Next::Done;
            }
        }
        let (force, command) = (self.is_forced(), self.command());
        let change = |object: &Object| {
            let change = object
                .change(self.act, force, &command)
                .filter(|_| self.is_sent(object));
            change.into_iter().collect()
        };
        // In their order: a namespace comes before what lives in it.
        let mut run = Run::in_order(self.objects.iter().map(change).collect());
        let effects = run.go_on(cx.ids);
        self.run = Some(run);
        Next::Effects(effects)
    }

    fn take(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let height = cx.space.height;
        match input {
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => return self.accept(cx),
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => return Next::Close,
            Input::Command(Command::Up) => self.window.scroll(-1, height),
            Input::Command(Command::Down) => self.window.scroll(1, height),
            Input::Command(command) if self.window.page(*command, height) => {}
            Input::Command(Command::Copy) => {
                return Next::Effects(vec![Effect::Copy(cx.ids.task(), self.command())]);
            }
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => return Next::Ignored,
            input if self.run.is_none() => return self.filled_in(input, cx),
            _ => {}
        }
        Next::Done
    }

    fn filled_in(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let before = self.is_forced();
        let (_, changed) = self.form.as_mut().map_or((false, false), |form| form.input(input));
        if changed {
            self.wrong = None;
            // What is asked stands at the end.
            self.window.go_to_end();
        }
        if before == self.is_forced() {
            return Next::Done;
        }
        // With or without taking over, the server says something else.
        for (at, object) in self.objects.iter_mut().enumerate() {
            if object.trial.take().is_some() {
                self.queue.push_back((at, Question::Trial));
            }
        }
        Next::Effects(self.go_on(cx))
    }

    /// Says how it went once all is done; what failed stays on the screen.
    fn ended(&self, cx: &LayerCx) -> Next {
        let Some(run) = self.run.as_ref().filter(|run| run.is_over()) else {
            return Next::Done;
        };
        let done = run.states().filter(|state| **state == State::Done).count();
        let failed = run.states().filter(|state| matches!(state, State::Failed(_))).count();
        let bad = failed + self.broken.len() + self.unread.len();
        let (done, bad_text) = (done.to_string(), bad.to_string());
        let args = [("count", done.as_str()), ("bad", &bad_text)];
        let key = format!("manifest.ended.{}", self.act.id());
        let text = cx.lang.f(&key, &args);
        Next::Notice(if bad > 0 {
            Notice::warn(format!("{text} {}", cx.lang.f("manifest.ended.bad", &args)))
        } else {
            Notice::good(text)
        })
    }
}

impl Layer for Manifest {
    fn keys(&self) -> &'static str {
        "dialog"
    }

    fn place(&self) -> Place {
        Place::Full
    }

    fn takes_text(&self) -> bool {
        let focused = self.form.as_ref().and_then(Form::focused);
        focused.is_some_and(Control::takes_text) && self.run.is_none()
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        let task = cx.ids.task();
        self.loading = Some(task);
        self.window.go_to_start();
        self.lay_out(cx);
        Next::Effects(vec![Effect::Load(task, self.path.clone())])
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let next = self.take(input, cx);
        self.lay_out(cx);
        next
    }

    fn acts(&self, input: &Input) -> Acts {
        if input.is_enter() && self.act != Act::Diff && self.run.is_none() {
            Acts::Somewhere
        } else {
            Acts::Not
        }
    }

    fn refresh(&mut self, cx: &LayerCx) -> Next {
        let effects = self.resolve(cx);
        self.lay_out(cx);
        if effects.is_empty() {
            Next::Ignored
        } else {
            Next::Effects(effects)
        }
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> Next {
        let next = if self.loading == Some(task) {
            self.loading = None;
            match outcome {
                Outcome::Loaded(files) => self.loaded = files.clone(),
                Outcome::Failed(trouble) => self.failed = Some(Box::new(trouble.clone())),
                _ => {}
            }
            Next::Effects(self.resolve(cx))
        } else if let Some(at) = self.asked.iter().position(|(asked, ..)| *asked == task) {
            let (_, at, question) = self.asked.swap_remove(at);
            self.answered(at, question, outcome);
            Next::Effects(self.go_on(cx))
        } else if let Some(effects) = self.run.as_mut().and_then(|run| run.done(task, outcome, cx.ids)) {
            Next::Many(vec![Next::Effects(effects), self.ended(cx)])
        } else {
            return Next::Ignored;
        };
        self.lay_out(cx);
        next
    }

    fn tasks(&self) -> Vec<TaskId> {
        let running = self.run.as_ref().map(Run::tasks).unwrap_or_default();
        let asked = self.asked.iter().map(|(task, ..)| *task);
        asked.chain(self.loading).chain(running).collect()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        self.tasks().is_empty() && (self.is_resolved || self.failed.is_some())
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let key = format!("manifest.title.{}", self.act.id());
        let title = cx.lang.f(&key, &[("path", &clean(&self.path))]);
        let (last, all) = self.window.seen(cx.space.height);
        Sheet {
            info: Line::of([Span::new(format!("{last}/{all}"), Tone::Muted)]),
            ..self
                .window
                .sheet(Line::of([Span::new(title, Tone::Title)]), cx.space.height)
        }
    }
}
