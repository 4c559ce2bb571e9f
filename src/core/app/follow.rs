//! Carries out what came of an input.

use super::App;
use super::discover::Sought;
use super::sessions::endings;
use crate::core::action::{ActionRef, Target};
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::jump::{Jump, Scope};
use crate::core::layer::{Layer, Leaving, Next};
use crate::core::line::{self, Meaning};
use crate::core::manifest::Act;
use crate::core::notice::Notice;
use crate::core::outcome::Outcome;
use crate::core::reference::Reference;
use crate::core::trouble::Trouble;

impl App {
    pub(super) fn follow(&mut self, next: Next) {
        match next {
            Next::Done | Next::Ignored => {}
            Next::Close => self.close_layer(),
            Next::Push(layer) => self.push(layer),
            Next::Go(jump) => self.go(jump),
            Next::Line(line) => self.line(&line),
            Next::Start(action) => self.start(action, None),
            Next::StartOn(action, target) => self.start(action, Some(*target)),
            Next::Command(command) => self.command(command),
            Next::Filter(filter) => self.filter(filter),
            Next::Notice(notice) => self.say(notice),
            Next::Aside => self.lay_aside(),
            Next::Resume(session) => self.resume(session),
            Next::Drop(session) => self.drop_aside(session),
            Next::Effects(effects) => self.carry_out(effects),
            Next::Many(nexts) => nexts.into_iter().for_each(|next| self.follow(next)),
        }
    }

    /// Effects of layers and verbs: their watches get a table before the first row can come.
    pub(super) fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match &effect {
                Effect::Watch(id, _) => self.store.open(*id),
                Effect::Unwatch(id) => self.store.close(*id),
                _ => {}
            }
            self.note_change(&effect);
            self.note_debug_pod(&effect);
            self.follow_deletion(&effect);
            self.note_forward(&effect);
            self.effects.push(effect);
        }
    }

    pub(super) fn push(&mut self, mut layer: Box<dyn Layer>) {
        let next = layer.open(&self.layer_cx(&*layer));
        self.layers.push(layer);
        self.follow(next);
    }

    pub(super) fn close_layer(&mut self) {
        if let Some(layer) = self.layers.pop() {
            self.carry_out(endings(&*layer));
        }
    }

    pub(super) fn line(&mut self, text: &str) {
        match line::read(text, &self.catalog) {
            Ok(Meaning::Open(jump)) => self.go(*jump),
            Ok(Meaning::Context(name)) => self.leave(Leaving::Context(name)),
            Ok(Meaning::ContextNow(name)) => self.depart(Leaving::Context(name)),
            Ok(Meaning::Exec(command)) => self.exec(command),
            Ok(Meaning::Verb(id)) => {
                if let Some(action) = self.registry.action(id) {
                    self.start(action, None);
                }
            }
            Ok(Meaning::Shells) => {
                let shells = (self.registry.makers.shells)();
                self.over_a_table(shells);
            }
            Ok(Meaning::Namespaces(scope)) => self.rescope(scope),
            Ok(Meaning::Overview(scope)) => self.overview(scope),
            Ok(Meaning::Tree(reference)) => self.tree(*reference),
            Ok(Meaning::Logs(scope, labels)) => {
                let scope = scope.unwrap_or_else(|| self.scope.clone());
                let logs = (self.registry.makers.logs)(&scope, &labels);
                self.over_a_table(logs);
            }
            Ok(Meaning::Explain(resource, fields)) => {
                let explain = (self.registry.makers.explain)(&resource, fields);
                self.over_a_table(explain);
            }
            Ok(Meaning::Create(kind)) => self.create(&kind),
            Ok(Meaning::Manifest(act, path)) => self.manifest(act, &path),
            Ok(Meaning::Quit) => self.leave(Leaving::Konn),
            Ok(Meaning::Forwards(name)) => self.forwards_line(&name),
            Ok(Meaning::QuitNow) => self.depart(Leaving::Konn),
            Ok(Meaning::Help) => self.frame_command(Command::Help),
            Err(nonsense) if nonsense.id == "unknown_view" => {
                self.look_for(Sought::Line(text.to_string(), nonsense.word))
            }
            Err(nonsense) => {
                let text = self
                    .lang
                    .f(&format!("line.{}", nonsense.id), &[("word", &nonsense.word)]);
                self.say(Notice::error(text));
            }
        }
    }

    /// Shows the overview over a table, so that there is one to return to.
    fn overview(&mut self, scope: Option<Scope>) {
        let scope = scope.unwrap_or_else(|| self.scope.clone());
        let overview = (self.registry.makers.overview)(&scope);
        self.over_a_table(overview);
    }

    /// Shows an object's tree over a table.
    fn tree(&mut self, mut reference: Reference) {
        // The table says which namespace is the present one.
        if self.screens.is_empty() {
            self.go(Jump::to("pods"));
        }
        if reference.resource.namespaced && reference.namespace.is_none() {
            reference.namespace = Some(self.own_namespace());
        }
        let tree = (self.registry.makers.tree)(&reference);
        self.over_a_table(tree);
    }

    pub(super) fn over_a_table(&mut self, layer: Box<dyn Layer>) {
        if self.screens.is_empty() {
            self.go(Jump::to("pods"));
        }
        self.push(layer);
    }

    /// Opens the form of a kind, over a table.
    fn create(&mut self, kind: &str) {
        if self.screens.is_empty() {
            self.go(Jump::to("pods"));
        }
        let singular = self.catalog.view(kind).map(|view| view.resource().singular());
        let id = format!("create_{}", singular.as_deref().unwrap_or(kind));
        match self.registry.action(&id) {
            Some(action) => self.start(action, None),
            None => {
                let text = self.lang.f("line.no_form", &[("word", kind)]);
                self.say(Notice::warn(text));
            }
        }
    }

    /// Opens manifests over a table, so that there is one to return to.
    fn manifest(&mut self, act: Act, path: &str) {
        // To say what would change changes nothing.
        let only_reads = |reason: &&str| act != Act::Diff || *reason != "read_only";
        if let Some(reason) = self.hindrance().filter(only_reads) {
            let text = self.lang.t(&format!("reason.{reason}"));
            return self.say(Notice::warn(text));
        }
        let namespace = self.own_namespace();
        let manifest = (self.registry.makers.manifest)(act, path, &namespace);
        self.over_a_table(manifest);
    }

    /// Shows other namespaces: in the table that is open where it was opened for all of a scope, else in a new one.
    pub(super) fn rescope(&mut self, scope: Scope) {
        let Some((mut jump, usage)) = self.screen().map(|screen| (screen.jump.clone(), screen.usage)) else {
            return;
        };
        jump.usage = usage;
        jump.scope = Some(scope);
        jump.adopt = true;
        // What is told apart by a namespace's own objects makes no sense in another.
        (jump.labels, jump.fields) = (None, None);
        jump.of.clear();
        jump.on = None;
        self.go(jump);
    }

    /// Starts a verb on an object, or on the rows where none is meant, unless something keeps it from acting.
    fn start(&mut self, action: ActionRef, on: Option<Target>) {
        let mut cx = self.action_cx();
        if on.is_some() {
            (cx.selected, cx.marked) = (on, Vec::new());
        }
        let next = match self.barrier(action, &cx) {
            None => action.0.start(&cx),
            Some(barrier) => Next::Notice(Notice::warn(self.barrier_text(&barrier))),
        };
        self.follow(next);
    }

    pub(super) fn done(&mut self, task: TaskId, outcome: &Outcome) {
        self.note_end(task, outcome);
        if self.deletion_done(task, outcome)
            || self.debug_pod_done(task, outcome)
            || self.filtered_on(task)
            || self.preview_done(task, outcome)
            || self.right_done(task, outcome)
        {
            return;
        }
        // A layer that waits for the call says itself how it ended.
        let awaited = self.layers.iter().any(|layer| layer.tasks().contains(&task));
        self.layers_do(|layer, cx| layer.done(task, outcome, cx));
        if awaited {
            return;
        }
        let notice = match outcome {
            Outcome::Copied => Notice::good(self.lang.t("notice.copied")),
            Outcome::Saved(path) => Notice::good(self.lang.f("notice.saved", &[("path", path)])),
            Outcome::Failed(trouble) => Notice::error(self.trouble(trouble)),
            Outcome::Browsed { shown: true } => Notice::good(self.lang.t("notice.browsed")),
            Outcome::Browsed { shown: false } => Notice::good(self.lang.t("notice.browse_copied")),
            Outcome::Object(_) | Outcome::Explained(_) | Outcome::Text(_) => return,
            Outcome::Rested | Outcome::Paged | Outcome::Ports(_) => return,
            Outcome::Edited(_) | Outcome::Unedited(_) | Outcome::Loaded(_) => return,
        };
        self.say(notice);
    }

    /// Both sentences of a failure: what happened, and what to do.
    pub fn trouble(&self, trouble: &Trouble) -> String {
        self.lang.trouble(trouble)
    }
}
