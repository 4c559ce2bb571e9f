//! The changes on their way: a few objects at a time, one change of an object after the other.

use crate::core::change::Change;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::ids::Ids;
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::trouble::Trouble;

/// How many objects are changed at the same time.
const AT_ONCE: usize = 4;

/// How far one object is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It has not begun.
    Waiting,
    /// This change of it is under way.
    Running(TaskId, usize),
    /// All was done.
    Done,
    /// There was nothing to do.
    Nothing,
    /// It failed.
    Failed(Box<Trouble>),
}

/// All objects with their changes, in the order of the dialog's items.
pub struct Run {
    objects: Vec<(Vec<Change>, State)>,
    at_once: usize,
}

impl Run {
    /// A run of these changes, object by object.
    pub fn new(changes: Vec<Vec<Change>>) -> Self {
        let state = |changes: &Vec<Change>| {
            if changes.is_empty() {
                State::Nothing
            } else {
                State::Waiting
            }
        };
        Self {
            objects: changes
                .into_iter()
                .map(|changes| {
                    let state = state(&changes);
                    (changes, state)
                })
                .collect(),
            at_once: AT_ONCE,
        }
    }

    /// A run that takes one object after the other.
    pub fn in_order(changes: Vec<Vec<Change>>) -> Self {
        Self {
            at_once: 1,
            ..Self::new(changes)
        }
    }

    /// How far each object is.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.objects.iter().map(|(_, state)| state)
    }

    /// Begins what may begin.
    pub fn go_on(&mut self, ids: &Ids) -> Vec<Effect> {
        let mut running = self.tasks().len();
        let mut effects = Vec::new();
        for (changes, state) in &mut self.objects {
            if running >= self.at_once {
                break;
            }
            if *state == State::Waiting
                && let Some(change) = changes.first()
            {
                let task = ids.task();
                *state = State::Running(task, 0);
                effects.push(Effect::Call(task, Request::Change(Box::new(change.clone()))));
                running += 1;
            }
        }
        effects
    }

    /// A call came to its end. Answers what follows, where it was one of these.
    pub fn done(&mut self, task: TaskId, outcome: &Outcome, ids: &Ids) -> Option<Vec<Effect>> {
        let is = |state: &State| matches!(state, State::Running(running, _) if *running == task);
        let (changes, state) = self.objects.iter_mut().find(|(_, state)| is(state))?;
        let State::Running(_, at) = *state else { return None };
        let mut effects = Vec::new();
        match (outcome, changes.get(at + 1)) {
            (Outcome::Failed(trouble), _) => *state = State::Failed(Box::new(trouble.clone())),
            (_, Some(next)) => {
                let task = ids.task();
                *state = State::Running(task, at + 1);
                effects.push(Effect::Call(task, Request::Change(Box::new(next.clone()))));
            }
            (_, None) => *state = State::Done,
        }
        effects.extend(self.go_on(ids));
        Some(effects)
    }

    /// Which object a call changes.
    pub fn place_of(&self, task: TaskId) -> Option<usize> {
        let is = |state: &State| matches!(state, State::Running(running, _) if *running == task);
        self.states().position(is)
    }

    /// The calls that are under way.
    pub fn tasks(&self) -> Vec<TaskId> {
        let running = self.states().filter_map(|state| match state {
            State::Running(task, _) => Some(*task),
            _ => None,
        });
        running.collect()
    }

    /// Whether nothing more comes.
    pub fn is_over(&self) -> bool {
        !self
            .states()
            .any(|state| matches!(state, State::Waiting | State::Running(..)))
    }

    /// Whether something failed.
    pub fn has_failed(&self) -> bool {
        self.states().any(|state| matches!(state, State::Failed(_)))
    }

    /// Whether an object needs nothing more done.
    pub fn is_done(&self, at: usize) -> bool {
        matches!(self.objects.get(at), Some((_, State::Done | State::Nothing)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::change::Edit;
    use crate::core::resource::Resource;
    use crate::core::trouble::TroubleKind;

    const PODS: Resource = Resource::known("", "v1", "Pod", "pods", &[], true);

    fn change(name: &str) -> Change {
        Change::of(&PODS, Some("shop"), name, Edit::Merge(serde_json::json!({})), "")
    }

    fn calls(effects: &[Effect]) -> Vec<(TaskId, String)> {
        let call = |effect: &Effect| match effect {
            Effect::Call(task, Request::Change(change)) => Some((*task, change.name.clone())),
            _ => None,
        };
        effects.iter().filter_map(call).collect()
    }

    #[test]
    fn objects_go_side_by_side_and_the_changes_of_one_after_each_other() {
        let ids = Ids::default();
        let mut run = Run::new(vec![vec![change("a1"), change("a2")], vec![], vec![change("b")]]);
        let first = calls(&run.go_on(&ids));
        assert_eq!(
            first.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(),
            ["a1", "b"]
        );
        let trouble = Outcome::Failed(Trouble::new(TroubleKind::Conflict, "trouble.conflict"));
        assert!(calls(&run.done(first[1].0, &trouble, &ids).unwrap()).is_empty());
        let next = calls(&run.done(first[0].0, &Outcome::Rested, &ids).unwrap());
        assert_eq!(next[0].1, "a2");
        assert!(!run.is_over() && run.done(TaskId(99), &Outcome::Rested, &ids).is_none());
        run.done(next[0].0, &Outcome::Rested, &ids);
        assert!(run.is_over() && run.has_failed() && run.is_done(0) && run.is_done(1) && !run.is_done(2));
    }

    #[test]
    fn only_a_few_go_at_once() {
        let ids = Ids::default();
        let mut run = Run::new((0..9).map(|at| vec![change(&at.to_string())]).collect());
        let begun = calls(&run.go_on(&ids));
        assert_eq!(begun.len(), AT_ONCE);
        assert_eq!(calls(&run.done(begun[0].0, &Outcome::Rested, &ids).unwrap()).len(), 1);
    }
}
