//! The evictions of one node's pods, all at the same time: as `evictPods` in kubectl's pkg/drain/drain.go.

use serde_json::json;

use super::pods::Pod;
use crate::core::change::{Change, Edit};
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::ids::Ids;
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::text::clean;
use crate::core::trouble::{Trouble, TroubleKind};
use crate::relations::kinds;

/// How long a refused eviction rests before it is tried again, in milliseconds.
const AGAIN: u64 = 5_000;

/// How often a pod that ends is looked at, in milliseconds.
const LOOK: u64 = 1_000;

/// How far a pod is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// The server is asked to evict it.
    Evicting(TaskId),
    /// A budget forbids it for now: the server's words.
    Held(TaskId, String),
    /// It was evicted and ends: whether the task is a rest or a look.
    Ending(TaskId),
    /// It has gone.
    Gone,
    /// It has gone, and another of its name has come.
    Replaced,
    /// It could not be evicted, or its end could not be seen.
    Failed(Failure),
    /// Nobody waits any more: whether it had been evicted already.
    Left(bool),
}

/// Why a pod did not go.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// What the server, or the way to it, said.
    Trouble(Box<Trouble>),
    /// The time was over.
    Timeout,
}

/// The evictions of a node.
#[derive(Debug)]
pub struct Evictions {
    pods: Vec<(Pod, State)>,
    grace: Option<u32>,
    command: String,
    limit: Option<TaskId>,
}

impl Evictions {
    /// Begins them. A limit is in seconds.
    pub fn begin(
        pods: Vec<Pod>,
        grace: Option<u32>,
        limit: Option<u32>,
        command: &str,
        ids: &Ids,
    ) -> (Self, Vec<Effect>) {
        let mut evictions = Self {
            pods: Vec::new(),
            grace,
            command: command.to_string(),
            limit: None,
        };
        let mut effects = Vec::new();
        for pod in pods {
            let task = ids.task();
            effects.push(evictions.evict(&pod, task));
            evictions.pods.push((pod, State::Evicting(task)));
        }
        if let Some(seconds) = limit.filter(|_| !effects.is_empty()) {
            let task = ids.task();
            evictions.limit = Some(task);
            effects.push(Effect::Wake(task, u64::from(seconds) * 1000));
        }
        (evictions, effects)
    }

    /// The pods, and how far each is.
    pub fn pods(&self) -> &[(Pod, State)] {
        &self.pods
    }

    fn evict(&self, pod: &Pod, task: TaskId) -> Effect {
        let mut options = json!({});
        if let Some(seconds) = self.grace {
            options["gracePeriodSeconds"] = seconds.into();
        }
        let eviction = json!({"apiVersion": "policy/v1", "kind": "Eviction",
            "metadata": {"name": pod.name, "namespace": pod.namespace}, "deleteOptions": options});
        let (space, edit) = (Some(pod.namespace.as_str()), Edit::Create(eviction));
        let change = Change::of(&kinds::POD, space, &pod.name, edit, self.command.as_str()).on("eviction");
        Effect::Call(task, Request::Change(Box::new(change)))
    }

    /// A call came to its end, or a rest. Answers what follows, where it was one of these.
    pub fn done(&mut self, task: TaskId, outcome: &Outcome, ids: &Ids) -> Option<Vec<Effect>> {
        if self.limit == Some(task) {
            self.limit = None;
            return Some(self.run_out());
        }
        let at = self.pods.iter().position(|(_, state)| task_of(state) == Some(task))?;
        let (pod, state) = self.pods.get(at)?;
        let next = ids.task();
        let (state, effect) = match (state, outcome) {
            (State::Evicting(_), Outcome::Failed(trouble)) => match refused(trouble) {
                Refused::Gone => (State::Gone, None),
                Refused::Ends => (State::Ending(next), Some(look(pod, next))),
                Refused::Held => {
                    let said = trouble.said.as_deref().unwrap_or_default();
                    (
                        State::Held(next, clean(said).into_owned()),
                        Some(Effect::Wake(next, AGAIN)),
                    )
                }
                Refused::Not => (State::Failed(Failure::Trouble(Box::new(trouble.clone()))), None),
            },
            (State::Evicting(_), _) => (State::Ending(next), Some(look(pod, next))),
            (State::Held(..), _) => (State::Evicting(next), Some(self.evict(pod, next))),
            (State::Ending(_), Outcome::Rested) => (State::Ending(next), Some(look(pod, next))),
            (State::Ending(_), Outcome::Failed(trouble)) if trouble.kind == TroubleKind::NotFound => {
                (State::Gone, None)
            }
            // What is evicted ends whether it is seen or not: the connection may come back.
            (State::Ending(_), Outcome::Failed(trouble)) if is_passing(trouble) => {
                (State::Ending(next), Some(Effect::Wake(next, LOOK)))
            }
            (State::Ending(_), Outcome::Failed(trouble)) => {
                (State::Failed(Failure::Trouble(Box::new(trouble.clone()))), None)
            }
            (State::Ending(_), Outcome::Object(found)) => {
                let uid = found.pointer("/metadata/uid").and_then(serde_json::Value::as_str);
                if uid == Some(pod.uid.as_str()) {
                    (State::Ending(next), Some(Effect::Wake(next, LOOK)))
                } else {
                    (State::Replaced, None)
                }
            }
            _ => return Some(Vec::new()),
        };
        if let Some((_, place)) = self.pods.get_mut(at) {
            *place = state;
        }
        let mut effects: Vec<Effect> = effect.into_iter().collect();
        if self.is_over() {
            effects.extend(self.limit.take().map(Effect::Cancel));
        }
        Some(effects)
    }

    /// The time is over: what has not gone has failed.
    fn run_out(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (_, state) in &mut self.pods {
            if let Some(task) = task_of(state) {
                effects.push(Effect::Cancel(task));
                *state = State::Failed(Failure::Timeout);
            }
        }
        effects
    }

    /// Nobody waits any more. An eviction whose answer has not come may have happened.
    pub fn cancel(&mut self) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.limit.take().map(Effect::Cancel).into_iter().collect();
        for (_, state) in &mut self.pods {
            if let Some(task) = task_of(state) {
                effects.push(Effect::Cancel(task));
                *state = State::Left(!matches!(state, State::Held(..)));
            }
        }
        effects
    }

    /// The calls and rests that are under way.
    pub fn tasks(&self) -> impl Iterator<Item = TaskId> {
        let tasks = self.pods.iter().filter_map(|(_, state)| task_of(state));
        tasks.chain(self.limit)
    }

    /// Whether nothing more comes.
    pub fn is_over(&self) -> bool {
        self.pods.iter().all(|(_, state)| task_of(state).is_none())
    }

    /// Whether every pod has gone.
    pub fn is_done(&self) -> bool {
        self.pods
            .iter()
            .all(|(_, state)| matches!(state, State::Gone | State::Replaced))
    }
}

fn task_of(state: &State) -> Option<TaskId> {
    match state {
        State::Evicting(task) | State::Held(task, _) | State::Ending(task) => Some(*task),
        State::Gone | State::Replaced | State::Failed(_) | State::Left(_) => None,
    }
}

fn look(pod: &Pod, task: TaskId) -> Effect {
    let get = Request::Get {
        resource: kinds::POD.clone(),
        namespace: Some(pod.namespace.clone()),
        name: pod.name.clone(),
    };
    Effect::Call(task, get)
}

/// What a refused eviction means.
enum Refused {
    Gone,
    Ends,
    Held,
    Not,
}

fn refused(trouble: &Trouble) -> Refused {
    // In a namespace that is being deleted nothing can be made, no eviction either, but the pod goes with it.
    let said = trouble.said.as_deref().unwrap_or_default();
    match trouble.kind {
        TroubleKind::NotFound => Refused::Gone,
        TroubleKind::TooMany => Refused::Held,
        TroubleKind::Forbidden if said.contains("because it is being terminated") => Refused::Ends,
        _ => Refused::Not,
    }
}

fn is_passing(trouble: &Trouble) -> bool {
    let refused = matches!(trouble.kind, TroubleKind::Unauthorized | TroubleKind::NotKubernetes);
    !refused && (trouble.kind.is_connection() || matches!(trouble.kind, TroubleKind::TooMany | TroubleKind::Server))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(name: &str) -> Pod {
        Pod::read(&json!({"metadata": {"namespace": "shop", "name": name, "uid": format!("uid-{name}")}}))
    }

    fn failed(kind: TroubleKind) -> Outcome {
        Outcome::Failed(Trouble::new(kind, "trouble.other").answered("no"))
    }

    fn found(uid: &str) -> Outcome {
        Outcome::Object(Box::new(json!({"metadata": {"uid": uid}})))
    }

    /// Lets outcomes come to the one pod, and answers in which state it is.
    fn play(outcomes: &[Outcome]) -> State {
        let ids = Ids::default();
        let (mut evictions, _) = Evictions::begin(vec![pod("a")], Some(3), None, "kubectl drain n", &ids);
        for outcome in outcomes {
            let task = task_of(&evictions.pods[0].1).unwrap();
            evictions.done(task, outcome, &ids).unwrap();
        }
        evictions.pods[0].1.clone()
    }

    #[test]
    fn a_pod_is_evicted_waited_for_and_tried_again() {
        let ok = || Outcome::Object(Box::new(json!({"kind": "Status"})));
        let is = |state: State, word: &str| assert!(format!("{state:?}").starts_with(word), "{state:?} {word}");
        is(play(&[]), "Evicting");
        is(play(&[failed(TroubleKind::NotFound)]), "Gone");
        is(play(&[failed(TroubleKind::TooMany)]), "Held");
        is(play(&[failed(TroubleKind::TooMany), Outcome::Rested]), "Evicting");
        is(play(&[failed(TroubleKind::Forbidden)]), "Failed");
        is(play(&[failed(TroubleKind::Server)]), "Failed");
        is(play(&[ok()]), "Ending");
        is(play(&[ok(), found("uid-a")]), "Ending");
        is(
            play(&[ok(), found("uid-a"), Outcome::Rested, failed(TroubleKind::NotFound)]),
            "Gone",
        );
        is(play(&[ok(), found("another")]), "Replaced");
        is(play(&[ok(), failed(TroubleKind::Network)]), "Ending");
        is(play(&[ok(), failed(TroubleKind::Forbidden)]), "Failed");
        let ends = Trouble::new(TroubleKind::Forbidden, "x").answered("in shop because it is being terminated");
        is(play(&[Outcome::Failed(ends)]), "Ending");
    }

    #[test]
    fn time_that_is_over_ends_what_has_not_gone() {
        let ids = Ids::default();
        let (mut evictions, effects) = Evictions::begin(vec![pod("a"), pod("b")], None, Some(12), "", &ids);
        let Some(Effect::Wake(limit, 12_000)) = effects.last() else {
            panic!("{effects:?}")
        };
        let first = task_of(&evictions.pods[0].1).unwrap();
        evictions.done(first, &failed(TroubleKind::NotFound), &ids);
        evictions.done(*limit, &Outcome::Rested, &ids);
        assert_eq!(evictions.pods[0].1, State::Gone);
        assert_eq!(evictions.pods[1].1, State::Failed(Failure::Timeout));
        assert!(evictions.is_over() && !evictions.is_done());
    }

    #[test]
    fn what_is_given_up_says_what_had_begun() {
        let ids = Ids::default();
        let (mut evictions, _) = Evictions::begin(vec![pod("a"), pod("b")], None, Some(9), "", &ids);
        let first = task_of(&evictions.pods[0].1).unwrap();
        evictions.done(first, &failed(TroubleKind::TooMany), &ids);
        assert_eq!(evictions.cancel().len(), 3);
        assert_eq!(
            (&evictions.pods[0].1, &evictions.pods[1].1),
            (&State::Left(false), &State::Left(true))
        );
        assert!(evictions.is_over() && evictions.tasks().next().is_none());
    }
}
