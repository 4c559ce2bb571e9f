//! What is read before a drain: the nodes, their pods, the budgets that guard them, and the DaemonSets of theirs.

use std::collections::HashMap;

use serde_json::Value;

use super::pods::{Budget, Keeper, Pod, Switches, Verdict, errors};
use super::rights::Rights;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::ids::Ids;
use crate::core::lang::Lang;
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::text::clean;
use crate::core::trouble::{Trouble, TroubleKind};
use crate::layers::dialog::members;
use crate::relations::kinds;

/// A node that is drained.
pub struct Node {
    /// Its name.
    pub name: String,
    /// Whether it is cordoned.
    pub cordoned: bool,
    /// Its pods.
    pub pods: Vec<Pod>,
}

/// What is being read.
enum Asked {
    Node(usize),
    Pods(usize),
    Budgets,
    DaemonSet(String, String),
}

/// What is known before anything is done.
pub struct Plan {
    /// The nodes, in the order in which they are drained.
    pub nodes: Vec<Node>,
    /// The budgets; none where they may not be listed.
    pub budgets: Option<Vec<Budget>>,
    /// Why the nodes or their pods could not be read.
    pub failed: Option<Box<Trouble>>,
    keepers: HashMap<(String, String), Keeper>,
    rights: Rights,
    asked: Vec<(TaskId, Asked)>,
    read: bool,
}

impl Plan {
    /// A plan for the nodes of these names.
    pub fn new(names: Vec<String>) -> Self {
        let node = |name| Node {
            name,
            cordoned: false,
            pods: Vec::new(),
        };
        Self {
            nodes: names.into_iter().map(node).collect(),
            budgets: None,
            failed: None,
            keepers: HashMap::new(),
            rights: Rights::default(),
            asked: Vec::new(),
            read: false,
        }
    }

    /// `node/minikube-m02`, or how many objects.
    pub fn what(&self, lang: &Lang) -> String {
        match &self.nodes[..] {
            [node] => format!("node/{}", clean(&node.name)),
            nodes => lang.f("dialog.objects", &[("count", &nodes.len().to_string())]),
        }
    }

    /// Reads everything.
    pub fn read(&mut self, ids: &Ids) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut ask = |asked: Asked, request: Request| {
            let task = ids.task();
            self.asked.push((task, asked));
            effects.push(Effect::Call(task, request));
        };
        for (at, node) in self.nodes.iter().enumerate() {
            let get = Request::Get {
                resource: kinds::NODE.clone(),
                namespace: None,
                name: node.name.clone(),
            };
            ask(Asked::Node(at), get);
            ask(Asked::Pods(at), pods_of(&node.name));
        }
        let budgets = Request::List {
            resource: kinds::DISRUPTION_BUDGET.clone(),
            namespace: None,
            labels: None,
            fields: None,
        };
        ask(Asked::Budgets, budgets);
        effects
    }

    /// A call came to its end. Answers what follows, where it was one of these.
    pub fn done(&mut self, task: TaskId, outcome: &Outcome, ids: &Ids) -> Option<Vec<Effect>> {
        if self.rights.answered(task, outcome) {
            return Some(Vec::new());
        }
        let at = self.asked.iter().position(|(asked, _)| *asked == task)?;
        let (_, asked) = self.asked.swap_remove(at);
        let mut effects = Vec::new();
        match (asked, outcome) {
            (Asked::Node(at), Outcome::Object(object)) => {
                if let Some(node) = self.nodes.get_mut(at) {
                    node.cordoned = object.pointer("/spec/unschedulable") == Some(&Value::Bool(true));
                }
            }
            (Asked::Pods(at), Outcome::Object(list)) => {
                let pods: Vec<Pod> = members(list).map(Pod::read).collect();
                effects = self.ask_keepers(&pods, ids);
                effects.extend(self.rights.ask(&pods, ids));
                if let Some(node) = self.nodes.get_mut(at) {
                    node.pods = pods;
                }
            }
            (Asked::Node(_) | Asked::Pods(_), Outcome::Failed(trouble)) => {
                self.failed = Some(Box::new(trouble.clone()));
            }
            (Asked::Budgets, Outcome::Object(list)) => self.budgets = Some(members(list).map(Budget::read).collect()),
            (Asked::DaemonSet(namespace, name), Outcome::Failed(trouble)) => {
                let said = trouble.said.clone().unwrap_or_default();
                let keeper = match trouble.kind {
                    TroubleKind::NotFound => Keeper::Missing(said),
                    _ => Keeper::Unknown(said),
                };
                self.keepers.insert((namespace, name), keeper);
            }
            _ => {}
        }
        self.read = self.asked.is_empty() && self.failed.is_none();
        Some(effects)
    }

    /// Looks whether the DaemonSets of pods are there: a pod whose DaemonSet is gone is nobody's.
    fn ask_keepers(&mut self, pods: &[Pod], ids: &Ids) -> Vec<Effect> {
        let mut effects = Vec::new();
        for pod in pods {
            let Some(name) = pod.daemonset() else { continue };
            let key = (pod.namespace.clone(), name.to_string());
            if self.keepers.contains_key(&key) {
                continue;
            }
            let task = ids.task();
            let get = Request::Get {
                resource: kinds::DAEMON_SET.clone(),
                namespace: Some(pod.namespace.clone()),
                name: name.to_string(),
            };
            effects.push(Effect::Call(task, get));
            self.asked.push((task, Asked::DaemonSet(key.0.clone(), key.1.clone())));
            self.keepers.insert(key, Keeper::There);
        }
        effects
    }

    /// Whether everything was read.
    pub fn is_read(&self) -> bool {
        self.read
    }

    /// The calls that are under way.
    pub fn tasks(&self) -> impl Iterator<Item = TaskId> {
        self.asked.iter().map(|(task, _)| *task).chain(self.rights.tasks())
    }

    /// What keeps the pods that go from being evicted: the namespaces where the person may not.
    pub fn refusals(&self, switches: Switches, lang: &Lang) -> Vec<String> {
        let pods = self.nodes.iter().flat_map(|node| &node.pods);
        let goes = |pod: &&Pod| matches!(self.verdict(pod, switches), Verdict::Goes(_));
        self.rights.refusals(pods.filter(goes), lang)
    }

    /// What becomes of a pod.
    pub fn verdict(&self, pod: &Pod, switches: Switches) -> Verdict {
        let key = pod.daemonset().map(|name| (pod.namespace.clone(), name.to_string()));
        let keeper = key.and_then(|key| self.keepers.get(&key));
        pod.verdict(keeper.unwrap_or(&Keeper::There), switches)
    }

    /// What forbids the drain of a node, in kubectl's words.
    pub fn errors_of(&self, pods: &[Pod], switches: Switches) -> Vec<String> {
        errors(pods.iter().map(|pod| (pod, self.verdict(pod, switches))))
    }

    /// What forbids the drain, in kubectl's words.
    pub fn errors(&self, switches: Switches) -> Vec<String> {
        let pods = self.nodes.iter().flat_map(|node| &node.pods);
        errors(pods.map(|pod| (pod, self.verdict(pod, switches))))
    }

    /// The budgets that guard a pod.
    pub fn guards<'a>(&'a self, pod: &'a Pod) -> impl Iterator<Item = &'a Budget> {
        let budgets = self.budgets.iter().flatten();
        budgets.filter(move |budget| budget.guards(pod))
    }
}

/// The list of a node's pods.
pub fn pods_of(node: &str) -> Request {
    Request::List {
        resource: kinds::POD.clone(),
        namespace: None,
        labels: None,
        fields: Some(format!("spec.nodeName={node}")),
    }
}
