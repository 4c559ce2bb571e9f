//! What the scheduler looks at: nodes, the pods on them, and what those ask for.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde_json::Value;

use super::context::{name, namespace};
use super::pods::finished;
use crate::mock::admission::quantity::Quantity;
use crate::mock::admission::usage::pod_needs;
use crate::mock::select::LabelSelector;

/// The cluster at one moment, with the pods that were placed since.
#[derive(Clone, Debug)]
pub struct View {
    /// The nodes, in the order of their names.
    pub nodes: Vec<Arc<Value>>,
    /// The pods of each node.
    pub pods: HashMap<String, Vec<Arc<Value>>>,
    /// What the pods of each node ask for.
    loads: HashMap<String, Load>,
}

/// What pods ask for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Load {
    /// Cores.
    pub cpu: f64,
    /// Bytes.
    pub memory: f64,
    /// How many pods.
    pub pods: f64,
}

impl View {
    /// The cluster as it is.
    #[must_use]
    pub fn new(nodes: &[Arc<Value>], pods: &[Arc<Value>]) -> Self {
        let mut view = Self {
            nodes: nodes.to_vec(),
            pods: HashMap::new(),
            loads: HashMap::new(),
        };
        for pod in pods.iter().filter(|pod| !finished(pod)) {
            if let Some(node) = pod["spec"]["nodeName"].as_str().filter(|node| !node.is_empty()) {
                view.place(pod, node);
            }
        }
        view
    }

    /// A number that changes when pods come or go, or when nodes change in what they take: labels alone wake no pod.
    #[must_use]
    pub fn print(&self) -> u64 {
        let mut hasher = std::collections::hash_map::DefaultHasher::new();
        for node in &self.nodes {
            for part in [&node["metadata"]["name"], &node["spec"], &node["status"]["allocatable"]] {
                part.to_string().hash(&mut hasher);
            }
            let mut placed: Vec<&str> = self.on(node).iter().map(|pod| super::context::uid(pod)).collect();
            placed.sort_unstable();
            placed.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Counts a pod on a node.
    pub fn place(&mut self, pod: &Arc<Value>, node: &str) {
        let (cpu, memory) = requests(pod);
        let load = self.loads.entry(node.to_owned()).or_default();
        load.cpu += cpu;
        load.memory += memory;
        load.pods += 1.0;
        self.pods.entry(node.to_owned()).or_default().push(Arc::clone(pod));
    }

    /// Takes a pod off a node.
    pub fn take(&mut self, pod: &Value, node: &str) {
        let Some(pods) = self.pods.get_mut(node) else { return };
        let before = pods.len();
        pods.retain(|other| super::context::uid(other) != super::context::uid(pod));
        if pods.len() == before {
            return;
        }
        let (cpu, memory) = requests(pod);
        let load = self.loads.entry(node.to_owned()).or_default();
        load.cpu -= cpu;
        load.memory -= memory;
        load.pods -= 1.0;
    }

    /// What the pods of a node ask for.
    #[must_use]
    pub fn load(&self, node: &Value) -> Load {
        self.loads.get(name(node)).copied().unwrap_or_default()
    }

    /// The pods of a node.
    #[must_use]
    pub fn on(&self, node: &Value) -> &[Arc<Value>] {
        self.pods.get(name(node)).map_or(&[], Vec::as_slice)
    }

    /// The pods of all nodes that lie in the same part of the topology as this one.
    pub fn beside<'a>(&'a self, node: &'a Value, key: &'a str) -> impl Iterator<Item = &'a Arc<Value>> + use<'a> {
        let part = &node["metadata"]["labels"][key];
        let same = self
            .nodes
            .iter()
            .filter(move |other| part.is_string() && other["metadata"]["labels"][key] == *part);
        same.flat_map(|other| self.on(other))
    }
}

/// Cores and bytes that a pod asks for.
#[must_use]
pub fn requests(pod: &Value) -> (f64, f64) {
    let sum = |resource| pod_needs(pod, "requests", resource).map_or(0.0, Quantity::value);
    (sum("cpu"), sum("memory"))
}

/// A term of pod affinity or anti-affinity.
#[derive(Debug)]
pub struct Term<'a> {
    /// The node label whose values part the nodes.
    pub key: &'a str,
    term: &'a Value,
    home: &'a str,
}

impl<'a> Term<'a> {
    /// A term of a pod's own.
    #[must_use]
    pub fn of(pod: &'a Value, term: &'a Value) -> Self {
        Self {
            key: term["topologyKey"].as_str().unwrap_or_default(),
            term,
            home: namespace(pod),
        }
    }

    /// Whether a pod is one of those that the term speaks of.
    #[must_use]
    pub fn means(&self, pod: &Value) -> bool {
        let named = self.term["namespaces"].as_array().filter(|list| !list.is_empty());
        let everywhere = self.term["namespaceSelector"]
            .as_object()
            .is_some_and(serde_json::Map::is_empty);
        let place = match named {
            Some(list) => list.iter().any(|known| known == namespace(pod)),
            None => everywhere || namespace(pod) == self.home,
        };
        place && self.term["labelSelector"].is_object() && chosen(&self.term["labelSelector"], pod)
    }
}

/// Whether a selector matches a pod's labels; an empty one matches all.
#[must_use]
pub fn chosen(selector: &Value, pod: &Value) -> bool {
    LabelSelector::of_object(selector).matches_labels(&pod["metadata"]["labels"])
}

/// The required terms of a pod's affinity or anti-affinity.
pub fn required<'a>(pod: &'a Value, kind: &str) -> impl Iterator<Item = Term<'a>> + use<'a> {
    let terms = &pod["spec"]["affinity"][kind]["requiredDuringSchedulingIgnoredDuringExecution"];
    terms
        .as_array()
        .into_iter()
        .flatten()
        .map(move |term| Term::of(pod, term))
}

/// The preferred terms of a pod's affinity or anti-affinity, with their weights.
pub fn preferred<'a>(pod: &'a Value, kind: &str) -> impl Iterator<Item = (f64, Term<'a>)> + use<'a> {
    let terms = &pod["spec"]["affinity"][kind]["preferredDuringSchedulingIgnoredDuringExecution"];
    let terms = terms.as_array().into_iter().flatten();
    terms.map(move |term| {
        (
            term["weight"].as_f64().unwrap_or_default(),
            Term::of(pod, &term["podAffinityTerm"]),
        )
    })
}
