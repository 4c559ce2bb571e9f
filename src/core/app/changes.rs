//! What stands between a verb and the cluster: read-only mode, rights, stale rows; and the history of what was changed.

use super::App;
use super::targets::target;
use crate::core::access::{self, Need, Verdict};
use crate::core::action::{ActionRef, Cx, Danger, Target};
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::history::Entry;
use crate::core::layer::Acts;
use crate::core::notice::Notice;
use crate::core::outcome::Outcome;
use crate::core::registry::Refusals;
use crate::core::request::Request;
use crate::core::session::{Chunk, SessionId};
use crate::core::store::Sync;

/// How long the cursor rests before rights are asked for, in milliseconds.
pub const REST: u64 = 200;

/// What rights are asked for: a kind in a namespace.
pub(super) type Subject = (String, Option<String>);

/// Why a verb does not act now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// Its own reason: a key below `reason` in `locales/`.
    Reason(&'static str),
    /// The person may not: the right, and the server's reason, which may be empty.
    Denied(Need, String),
}

impl App {
    /// Whether nothing may be changed in the cluster that is open.
    pub fn is_read_only(&self) -> bool {
        self.policy.is_read_only(&self.link.identity.context)
    }

    /// Whether what destroys asks for the object's name in the cluster that is open.
    pub fn is_protected(&self) -> bool {
        self.policy.is_protected(&self.link.identity.context)
    }

    /// Why a verb does not act on the rows of `cx` now; nothing where it does.
    pub fn barrier(&self, action: ActionRef, cx: &Cx) -> Option<Barrier> {
        if self.switching.is_some() {
            return Some(Barrier::Reason("switching"));
        }
        if let Err(reason) = action.0.enabled(cx) {
            return Some(Barrier::Reason(reason.0));
        }
        if action.0.meta().danger == Danger::None {
            return None;
        }
        if cx.read_only {
            return Some(Barrier::Reason("read_only"));
        }
        if self.is_stale() {
            return Some(Barrier::Reason("stale"));
        }
        if !cx.access.denies_any() {
            return None;
        }
        let denied = |target: &Target| {
            let namespace = target.row.meta().namespace.as_deref();
            action
                .0
                .needs(target)
                .into_iter()
                .find_map(|need| match cx.access.verdict(&need, namespace) {
                    Verdict::Denied(why) => Some(Barrier::Denied(need, why)),
                    Verdict::Open => None,
                })
        };
        cx.targets().iter().find_map(denied)
    }

    /// Why nothing may be changed now, whatever it is: a key below `reason` in `locales/`.
    pub(super) fn hindrance(&self) -> Option<&'static str> {
        if self.switching.is_some() {
            Some("switching")
        } else {
            self.is_read_only().then_some("read_only")
        }
    }

    /// Why an input to a layer does not act now: a key below `reason` in `locales/`. What was filled in stays for later.
    pub(super) fn held_back(&self, acts: Acts) -> Option<&'static str> {
        match acts {
            Acts::Not => None,
            Acts::Somewhere | Acts::OnRows if self.switching.is_some() => Some("switching"),
            Acts::OnRows if self.is_stale() => Some("stale"),
            Acts::Somewhere | Acts::OnRows => None,
        }
    }

    /// Whether a text would be lost if all layers were closed now: says so, and nothing is closed.
    pub(super) fn keeps_text(&mut self) -> bool {
        let keeps = self.layers.iter().any(|layer| layer.holds_text());
        if keeps {
            let text = self.lang.t("notice.unsaved");
            self.say(Notice::warn(text));
        }
        keeps
    }

    /// The namespace of objects that name none: the one on the screen, else the context's.
    pub(super) fn own_namespace(&self) -> String {
        let scope = self.screen().map_or(&self.scope, |screen| &screen.scope);
        let own = scope.single().or(self.link.identity.namespace.as_deref());
        own.unwrap_or("default").to_string()
    }

    /// A barrier in words.
    pub fn barrier_text(&self, barrier: &Barrier) -> String {
        match barrier {
            Barrier::Reason(key) => self.lang.t(&format!("reason.{key}")),
            Barrier::Denied(need, why) => access::refusal(need, why, &self.lang),
        }
    }

    /// The verbs that do not act on the rows on the screen now, each with the reason in words.
    pub fn refusals(&self) -> Refusals {
        let cx = self.glance();
        let refusal = |action: &ActionRef| {
            let barrier = self.barrier(*action, &cx)?;
            Some((action.0.meta().id, self.barrier_text(&barrier)))
        };
        self.registry.actions.iter().filter_map(refusal).collect()
    }

    /// Whether the rows on the screen may be others by now.
    fn is_stale(&self) -> bool {
        let section = self.selected().map(|(section, _)| section);
        let table = section.and_then(|section| section.table(&self.store));
        table.is_some_and(|table| matches!(table.sync(), Sync::Stale { .. }))
    }

    /// Asks for the rights that the verbs need on the row under the cursor, once it rests on a kind and namespace
    /// that were not asked for.
    pub(super) fn ask_rights(&mut self) {
        let of = self.selected().and_then(|(section, row)| {
            let namespace = row.object.meta().namespace.as_deref().map(str::to_string);
            let resource = target(section, row, self.registry).resource?;
            Some((resource.full_name(), namespace))
        });
        if of == self.asked_for {
            return;
        }
        self.asked_for = of;
        // One that is still to come back is nobody's any more.
        self.resting = self.asked_for.as_ref().map(|_| self.ids.task());
        self.effects.extend(self.resting.map(|task| Effect::Wake(task, REST)));
    }

    /// The cursor rested, or a right was answered. Answers whether the call was for that.
    pub(super) fn right_done(&mut self, task: TaskId, outcome: &Outcome) -> bool {
        if self.resting == Some(task) {
            self.resting = None;
            self.ask_for_selected();
            return true;
        }
        let answered = self.access.answered(task, outcome, self.clock.now);
        self.dirty |= answered;
        answered
    }

    /// Whether no right is still asked for.
    pub fn are_rights_settled(&self) -> bool {
        self.resting.is_none() && self.access.waiting() == 0
    }

    fn ask_for_selected(&mut self) {
        let cx = self.glance();
        let Some(target) = cx.selected.clone() else { return };
        let namespace = target.row.meta().namespace.as_deref().map(str::to_string);
        let usable = self
            .registry
            .actions
            .iter()
            .filter(|action| action.0.enabled(&cx).is_ok());
        let mut needs: Vec<Need> = usable.flat_map(|action| action.0.needs(&target)).collect();
        needs.retain(|need| self.access.is_due(need, namespace.as_deref(), self.clock.now));
        for need in needs {
            // Two verbs may need the same right.
            if !self.access.is_due(&need, namespace.as_deref(), self.clock.now) {
                continue;
            }
            let task = self.ids.task();
            self.access.asked(task, need.clone(), namespace.clone());
            let namespace = namespace.clone();
            self.effects
                .push(Effect::Call(task, Request::Review { need, namespace }));
        }
    }

    /// A change goes out, or is given up: the history says so.
    pub(super) fn note_change(&mut self, effect: &Effect) {
        match effect {
            Effect::Call(task, Request::Change(change)) => {
                let context = self.link.identity.context.clone();
                self.history.begin(*task, change, &context, self.clock.now);
            }
            Effect::Kubeconfig(task, edit) => {
                let context = self.link.identity.context.clone();
                self.history.begin_kubeconfig(*task, edit, &context, self.clock.now);
            }
            Effect::Cancel(task) => {
                let line = self.history.abandon(*task).map(Entry::line);
                self.record(line);
            }
            Effect::Open(id, session) => {
                let context = self.link.identity.context.clone();
                let line = self.history.open(*id, session, &context, self.clock.now);
                let line = line.map(Entry::line);
                self.record(line);
            }
            Effect::Close(id) => {
                let line = self.history.close(*id).map(Entry::line);
                self.record(line);
            }
            _ => {}
        }
    }

    /// A session brought something: the history says how it ended.
    pub(super) fn note_chunk(&mut self, id: SessionId, chunk: &Chunk) {
        let lang = &self.lang;
        let line = self.history.chunk(id, chunk, |trouble| lang.what(trouble));
        let line = line.map(Entry::line);
        self.record(line);
    }

    /// A call came to its end: if it was a change, the history says how.
    pub(super) fn note_end(&mut self, task: TaskId, outcome: &Outcome) {
        let lang = &self.lang;
        let why = || match outcome {
            Outcome::Failed(trouble) => lang.what(trouble),
            _ => String::new(),
        };
        let line = self.history.end(task, outcome, why).map(Entry::line);
        self.record(line);
    }

    /// The cluster is left, or konn: nobody waits for what is still on its way there, and its rights are not those of the next.
    pub(super) fn forget_changes(&mut self) {
        for task in self.history.pending() {
            let line = self.history.abandon(task).map(Entry::line);
            self.record(line);
        }
        for id in self.history.open_sessions() {
            let line = self.history.close(id).map(Entry::line);
            self.record(line);
        }
        self.access = Default::default();
        self.lingering.clear();
        (self.resting, self.asked_for) = (None, None);
    }

    fn record(&mut self, line: Option<String>) {
        if let Some(line) = line.filter(|_| self.policy.audit) {
            self.effects.push(Effect::Record(line));
        }
    }
}
