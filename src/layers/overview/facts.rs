//! What the rows amount to: room and requests by node, how many fare how.

use std::any::Any;
use std::collections::HashMap;

use crate::core::store::{Row, Table};
use crate::model::{Health, Istr, Node, Pod, Projection};

/// The rows of a kind that are there.
pub fn rows<K: Projection>(table: Option<&Table>) -> impl Iterator<Item = &K> {
    let rows = table.map(Table::rows).unwrap_or_default();
    let own = |row: &'_ Row| !row.is_gone();
    rows.iter()
        .filter(move |row| own(row))
        .filter_map(|row| (&*row.object as &dyn Any).downcast_ref::<K>())
}

/// How much of a node is taken, or of all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Room {
    /// Thousandths of CPUs requested, and allocatable.
    pub cpu: (f64, f64),
    /// Bytes of memory requested, and allocatable.
    pub memory: (f64, f64),
    /// Pods there, and how many there may be.
    pub pods: (f64, f64),
}

impl Room {
    /// The room of a node.
    pub fn of(node: &Node) -> Self {
        let can = node.allocatable();
        let pods = can.get("pods").map_or(0, |pods| pods.value());
        Self {
            cpu: (0.0, can.cpu_milli() as f64),
            memory: (0.0, can.memory_bytes() as f64),
            pods: (0.0, pods as f64),
        }
    }

    /// This with what a pod takes.
    pub fn take(&mut self, pod: &Pod) {
        self.cpu.0 += pod.requests().cpu_milli as f64;
        self.memory.0 += pod.requests().memory as f64;
        self.pods.0 += 1.0;
    }

    /// This and another together.
    pub fn plus(self, other: Self) -> Self {
        let sum = |a: (f64, f64), b: (f64, f64)| (a.0 + b.0, a.1 + b.1);
        Self {
            cpu: sum(self.cpu, other.cpu),
            memory: sum(self.memory, other.memory),
            pods: sum(self.pods, other.pods),
        }
    }
}

/// What the pods take of each node. Pods that are done take nothing, as the scheduler counts.
pub fn taken(pods: Option<&Table>) -> HashMap<Istr, Room> {
    let mut nodes: HashMap<Istr, Room> = HashMap::new();
    for pod in rows::<Pod>(pods) {
        let done = matches!(pod.phase(), "Succeeded" | "Failed");
        if let Some(node) = pod.node().filter(|_| !done) {
            nodes.entry(node.clone()).or_default().take(pod);
        }
    }
    nodes
}

/// How many rows fare how: good, busy, worth a look, broken, neither.
pub fn health(table: Option<&Table>) -> [usize; 5] {
    let mut counts = [0; 5];
    let rows = table.map(Table::rows).unwrap_or_default();
    for row in rows.iter().filter(|row| !row.is_gone()) {
        let at = match row.object.health() {
            Health::Good => 0,
            Health::Busy => 1,
            Health::Warn => 2,
            Health::Bad => 3,
            Health::Neutral => 4,
        };
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    counts
}
