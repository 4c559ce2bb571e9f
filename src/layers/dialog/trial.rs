//! What the server says would come of a change: it is asked once nothing more is typed, and nothing is stored.

use serde_json::Value;

use super::diff;
use super::plan::{Item, listed};
use crate::core::change::{Change, Edit};
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::ids::Ids;
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::text::Line;
use crate::core::trouble::Trouble;

/// How long nothing is typed before the server is asked, in milliseconds.
const REST: u64 = 300;

/// The first change of all: which item it belongs to, and what it is.
pub(super) type First = Option<(usize, Change)>;

/// What the server says would come of it.
#[derive(Default)]
pub(super) struct Trial {
    /// The change that is tried, as its command.
    of: String,
    /// Which item it belongs to.
    item: usize,
    rest: Option<TaskId>,
    call: Option<TaskId>,
    /// How the object would differ, or why it would fail.
    pub said: Option<Result<Vec<Line>, Box<Trouble>>>,
}

impl Trial {
    /// What was filled in has changed. What was said of another change holds no more.
    pub fn edited(&mut self, first: First, is_tried: bool, ids: &Ids) -> Vec<Effect> {
        let of = first
            .as_ref()
            .map(|(_, change)| change.kubectl.clone())
            .unwrap_or_default();
        if of == self.of {
            return Vec::new();
        }
        let before = std::mem::take(self);
        let mut effects: Vec<Effect> = before.tasks().map(Effect::Cancel).collect();
        self.of = of;
        if is_tried && first.is_some_and(|(_, change)| can_be_tried(&change)) {
            let task = ids.task();
            self.rest = Some(task);
            effects.push(Effect::Wake(task, REST));
        }
        effects
    }

    /// Whether a task was the rest before the server is asked.
    pub fn is_rested(&mut self, task: TaskId) -> bool {
        let rested = self.rest == Some(task);
        if rested {
            self.rest = None;
        }
        rested
    }

    /// Asks the server.
    pub fn ask(&mut self, first: First, ids: &Ids) -> Vec<Effect> {
        let Some((item, change)) = first else { return Vec::new() };
        let task = ids.task();
        (self.item, self.call) = (item, Some(task));
        vec![Effect::Call(task, Request::Change(Box::new(change.dry())))]
    }

    /// Takes the server's answer in. Answers whether it was one.
    pub fn done(&mut self, task: TaskId, outcome: &Outcome, items: &[Item], answers: &[Option<Value>]) -> bool {
        if self.call != Some(task) {
            return false;
        }
        self.call = None;
        self.said = match outcome {
            Outcome::Object(after) => {
                let own = items.get(self.item).map(|item| &item.object);
                let before = own.into_iter().chain(listed(answers)).find(|one| is_same(one, after));
                before.map(|before| Ok(diff::lines(before, after)))
            }
            Outcome::Failed(trouble) => Some(Err(Box::new(trouble.clone()))),
            _ => None,
        };
        true
    }

    /// Whether the answer is still to come.
    pub fn is_under_way(&self) -> bool {
        self.tasks().next().is_some()
    }

    /// What is under way.
    pub fn tasks(&self) -> impl Iterator<Item = TaskId> + use<> {
        self.rest.into_iter().chain(self.call)
    }
}

/// Whether both are the same object at two moments. A verb may change another object than the one of its row.
fn is_same(before: &Value, after: &Value) -> bool {
    ["/metadata/uid", "/metadata/namespace", "/metadata/name"]
        .iter()
        .all(|at| before.pointer(at) == after.pointer(at))
        && !before.is_null()
}

/// Whether the server's answer to a trial is the object itself.
fn can_be_tried(change: &Change) -> bool {
    change.subresource.is_empty() && !matches!(change.edit, Edit::Delete { .. } | Edit::Create(_))
}
