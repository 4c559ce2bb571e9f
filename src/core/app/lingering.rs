//! Deletions that hang: some seconds after one, it is looked whether the object still stands, and what it waits for.

use serde_json::Value;

use super::App;
use crate::core::change::Edit;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::notice::Notice;
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::text::clean;

/// How long an object has to go before it is looked for, in milliseconds.
const PATIENCE: u64 = 10_000;

/// The most deletions that are followed at the same time.
const MOST: usize = 20;

/// A deletion that is followed.
pub(super) struct Deletion {
    /// The call that is waited for: the deletion, the rest, the look.
    task: TaskId,
    step: Step,
    name: String,
    uid: Option<String>,
    get: Request,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Deleting,
    Resting,
    Looking,
}

impl App {
    /// A deletion goes out: it is followed. One that is given up is not.
    pub(super) fn follow_deletion(&mut self, effect: &Effect) {
        if let Effect::Cancel(task) = effect {
            self.lingering.retain(|deletion| deletion.task != *task);
        }
        let Effect::Call(task, Request::Change(change)) = effect else {
            return;
        };
        let Edit::Delete { uid, .. } = &change.edit else { return };
        if change.dry_run || self.lingering.len() >= MOST {
            return;
        }
        self.lingering.push(Deletion {
            task: *task,
            step: Step::Deleting,
            name: change.object(),
            uid: uid.clone(),
            get: Request::Get {
                resource: change.resource.clone(),
                namespace: change.namespace.clone(),
                name: change.name.clone(),
            },
        });
    }

    /// A call came to its end. Answers whether it was one that nobody else waits for.
    pub(super) fn deletion_done(&mut self, task: TaskId, outcome: &Outcome) -> bool {
        let Some(at) = self.lingering.iter().position(|deletion| deletion.task == task) else {
            return false;
        };
        let mut deletion = self.lingering.swap_remove(at);
        match (deletion.step, outcome) {
            (Step::Deleting, Outcome::Failed(_)) => false,
            (Step::Deleting, _) => {
                (deletion.task, deletion.step) = (self.ids.task(), Step::Resting);
                self.effects.push(Effect::Wake(deletion.task, PATIENCE));
                self.lingering.push(deletion);
                // The dialog waits for this one too.
                false
            }
            (Step::Resting, _) => {
                (deletion.task, deletion.step) = (self.ids.task(), Step::Looking);
                self.effects.push(Effect::Call(deletion.task, deletion.get.clone()));
                self.lingering.push(deletion);
                true
            }
            (Step::Looking, Outcome::Object(object)) => {
                self.tell_finalizers(&deletion, object);
                true
            }
            (Step::Looking, _) => true,
        }
    }

    fn tell_finalizers(&mut self, deletion: &Deletion, object: &Value) {
        let uid = object.pointer("/metadata/uid").and_then(Value::as_str);
        let same = deletion.uid.is_none() || deletion.uid.as_deref() == uid;
        let listed = object.pointer("/metadata/finalizers").and_then(Value::as_array);
        let mut names: Vec<&str> = listed.into_iter().flatten().filter_map(Value::as_str).collect();
        // A namespace's own finalizer stands elsewhere.
        let own = object.pointer("/spec/finalizers").and_then(Value::as_array);
        names.extend(own.into_iter().flatten().filter_map(Value::as_str));
        let deleting = object.pointer("/metadata/deletionTimestamp").is_some();
        if !same || !deleting || names.is_empty() {
            return;
        }
        let names = names.join(", ");
        let args = [("what", clean(&deletion.name)), ("names", clean(&names))];
        let args = args.each_ref().map(|(name, value)| (*name, value.as_ref()));
        let text = self.lang.f("notice.lingers", &args);
        self.say(Notice::warn(text));
    }
}
