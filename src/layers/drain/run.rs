//! A drain on its way: all nodes are cordoned, then one after the other is emptied.

use serde_json::json;

use super::evictions::{Evictions, State};
use super::plan::{Plan, pods_of};
use super::pods::{Pod, Switches, Verdict};
use crate::core::change::{Change, Edit};
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::ids::Ids;
use crate::core::outcome::Outcome;
use crate::core::request::{Request, shell};
use crate::core::trouble::Trouble;
use crate::layers::dialog::members;
use crate::relations::kinds;

/// How a drain ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every node is empty.
    Done,
    /// Something failed.
    Failed,
    /// The person stopped it.
    Stopped,
}

/// How far a drain is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The nodes are being cordoned.
    Cordoning(Vec<(TaskId, usize)>),
    /// The pods of a node are listed once more: others may have come since the plan was made.
    Listing(TaskId, usize),
    /// The pods of a node are evicted.
    Evicting(usize),
    /// Nothing more comes.
    Over(Ending),
}

/// Why a node was not drained.
#[derive(Clone, Debug, PartialEq)]
pub enum Obstacle {
    /// What the server, or the way to it, said.
    Trouble(Box<Trouble>),
    /// Pods forbid it: in kubectl's words.
    Forbidden(Vec<String>),
}

/// A drain on its way.
pub struct Run {
    /// How far it is.
    pub stage: Stage,
    /// The nodes with the evictions that have begun there.
    pub evictions: Vec<(usize, Evictions)>,
    /// The nodes that could not be drained, and why.
    pub obstacles: Vec<(usize, Obstacle)>,
    /// The command that does the same.
    pub command: String,
    switches: Switches,
    grace: Option<u32>,
    limit: Option<u32>,
}

impl Run {
    /// A drain with these switches, in seconds the grace period of the pods and the limit for each node.
    pub fn new(switches: Switches, grace: Option<u32>, limit: Option<u32>, command: String) -> Self {
        Self {
            stage: Stage::Cordoning(Vec::new()),
            evictions: Vec::new(),
            obstacles: Vec::new(),
            command,
            switches,
            grace,
            limit,
        }
    }

    /// Begins: cordons what is not cordoned.
    pub fn cordon(&mut self, plan: &Plan, ids: &Ids) -> Vec<Effect> {
        let mut tasks = Vec::new();
        let mut effects = Vec::new();
        for (at, node) in plan.nodes.iter().enumerate().filter(|(_, node)| !node.cordoned) {
            let task = ids.task();
            let edit = Edit::Strategic(json!({"spec": {"unschedulable": true}}));
            let command = format!("kubectl cordon {}", shell(&node.name));
            let change = Change::of(&kinds::NODE, None, &node.name, edit, command);
            tasks.push((task, at));
            effects.push(Effect::Call(task, Request::Change(Box::new(change))));
        }
        self.stage = Stage::Cordoning(tasks);
        if effects.is_empty() {
            effects = self.list(0, plan, ids);
        }
        effects
    }

    /// A call came to its end, or a rest. Answers what follows, where it was one of these.
    pub fn done(&mut self, task: TaskId, outcome: &Outcome, plan: &mut Plan, ids: &Ids) -> Option<Vec<Effect>> {
        match &mut self.stage {
            Stage::Cordoning(tasks) => {
                let place = tasks.iter().position(|(own, _)| *own == task)?;
                let (_, at) = tasks.swap_remove(place);
                let rest = tasks.len();
                self.cordoned(at, outcome, plan);
                Some(match (rest, self.obstacles.is_empty()) {
                    (0, true) => self.list(0, plan, ids),
                    (0, false) => self.end(Ending::Failed),
                    _ => Vec::new(),
                })
            }
            Stage::Listing(own, at) if *own == task => {
                let at = *at;
                Some(self.listed(at, outcome, plan, ids))
            }
            Stage::Evicting(at) => {
                let at = *at;
                let (_, evictions) = self.evictions.last_mut()?;
                let mut effects = evictions.done(task, outcome, ids)?;
                if evictions.is_over() {
                    effects.extend(self.list(at + 1, plan, ids));
                }
                Some(effects)
            }
            _ => None,
        }
    }

    fn cordoned(&mut self, at: usize, outcome: &Outcome, plan: &mut Plan) {
        match (outcome, plan.nodes.get_mut(at)) {
            (Outcome::Failed(trouble), _) => {
                self.obstacles.push((at, Obstacle::Trouble(Box::new(trouble.clone()))));
            }
            (_, Some(node)) => node.cordoned = true,
            _ => {}
        }
    }

    /// Goes on with a node, or ends behind the last one.
    fn list(&mut self, at: usize, plan: &Plan, ids: &Ids) -> Vec<Effect> {
        let Some(node) = plan.nodes.get(at) else {
            let all = self.obstacles.is_empty() && self.evictions.iter().all(|(_, evictions)| evictions.is_done());
            return self.end(if all { Ending::Done } else { Ending::Failed });
        };
        let task = ids.task();
        self.stage = Stage::Listing(task, at);
        vec![Effect::Call(task, pods_of(&node.name))]
    }

    /// The pods as they are now: those that may be evicted are, unless one of them forbids it.
    fn listed(&mut self, at: usize, outcome: &Outcome, plan: &mut Plan, ids: &Ids) -> Vec<Effect> {
        let pods: Vec<Pod> = match outcome {
            Outcome::Object(list) => members(list).map(Pod::read).collect(),
            Outcome::Failed(trouble) => {
                self.obstacles.push((at, Obstacle::Trouble(Box::new(trouble.clone()))));
                return self.list(at + 1, plan, ids);
            }
            _ => Vec::new(),
        };
        let errors = plan.errors_of(&pods, self.switches);
        if !errors.is_empty() {
            self.obstacles.push((at, Obstacle::Forbidden(errors)));
            return self.list(at + 1, plan, ids);
        }
        let goes = |pod: &Pod| matches!(plan.verdict(pod, self.switches), Verdict::Goes(_));
        let leaving: Vec<Pod> = pods.iter().filter(|pod| goes(pod)).cloned().collect();
        if let Some(node) = plan.nodes.get_mut(at) {
            node.pods = pods;
        }
        let (evictions, effects) = Evictions::begin(leaving, self.grace, self.limit, &self.command, ids);
        let nothing = evictions.is_over();
        self.evictions.push((at, evictions));
        self.stage = Stage::Evicting(at);
        if nothing { self.list(at + 1, plan, ids) } else { effects }
    }

    fn end(&mut self, ending: Ending) -> Vec<Effect> {
        self.stage = Stage::Over(ending);
        Vec::new()
    }

    /// Stops at once. What was sent may still happen.
    pub fn stop(&mut self) -> Vec<Effect> {
        let mut effects: Vec<Effect> = match &self.stage {
            Stage::Cordoning(tasks) => tasks.iter().map(|(task, _)| Effect::Cancel(*task)).collect(),
            Stage::Listing(task, _) => vec![Effect::Cancel(*task)],
            Stage::Evicting(_) | Stage::Over(_) => Vec::new(),
        };
        if let Some((_, evictions)) = self.evictions.last_mut() {
            effects.extend(evictions.cancel());
        }
        self.stage = Stage::Over(Ending::Stopped);
        effects
    }

    /// Whether nothing more comes.
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over(_))
    }

    /// The calls and rests that are under way.
    pub fn tasks(&self) -> Vec<TaskId> {
        let own = match &self.stage {
            Stage::Cordoning(tasks) => tasks.iter().map(|(task, _)| *task).collect(),
            Stage::Listing(task, _) => vec![*task],
            Stage::Evicting(_) | Stage::Over(_) => Vec::new(),
        };
        let evictions = self.evictions.iter().flat_map(|(_, evictions)| evictions.tasks());
        own.into_iter().chain(evictions).collect()
    }

    /// How many pods have gone, how many end, and how many remain.
    pub fn counts(&self) -> (usize, usize, usize) {
        let (mut gone, mut ending, mut left) = (0, 0, 0);
        for (_, state) in self.evictions.iter().flat_map(|(_, evictions)| evictions.pods()) {
            match state {
                State::Gone | State::Replaced => gone += 1,
                State::Ending(_) | State::Left(true) => ending += 1,
                _ => left += 1,
            }
        }
        (gone, ending, left)
    }
}
