//! The metrics server: what pods and nodes use, made up calmly from what they ask for. Served while its own pod is ready.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, name, namespace};
use super::pods;
use super::quotas::quantity;
use super::rollout::short_hash;

const NODES: &str = "nodes.metrics.k8s.io";
const PODS: &str = "pods.metrics.k8s.io";
/// Seconds between two scrapes.
const EVERY: i64 = 15;

/// One look: a scrape each quarter of a minute, nothing without a metrics server.
pub fn tick(context: &mut Context) {
    let all = context.list("pods");
    let serving = all
        .iter()
        .any(|pod| name(pod).starts_with("metrics-server-") && namespace(pod) == "kube-system" && pods::ready(pod));
    context.api.kinds.serve_metrics(serving);
    let turn = context.now().as_second() / EVERY;
    if !serving || context.scraped == turn {
        return;
    }
    context.scraped = turn;
    let running: Vec<_> = all
        .iter()
        .filter(|pod| pods::active(pod) && pod["status"]["phase"] == "Running")
        .cloned()
        .collect();
    let spaces = context.list("namespaces");
    let busy = spaces
        .iter()
        .filter(|space| space["metadata"]["annotations"][TRAFFIC].is_string());
    let busy: HashSet<&str> = busy.map(|space| name(space)).collect();
    let kept: Vec<Value> = running
        .iter()
        .map(|pod| pod_metrics(context, pod, turn, &busy))
        .collect();
    let nodes = context.list("nodes");
    let mut here: HashMap<&str, Vec<&Arc<Value>>> = HashMap::new();
    for pod in &running {
        here.entry(pod["spec"]["nodeName"].as_str().unwrap_or_default())
            .or_default()
            .push(pod);
    }
    let none = Vec::new();
    let of_nodes: Vec<Value> = nodes
        .iter()
        .map(|node| node_metrics(context, node, here.get(name(node)).unwrap_or(&none), turn, &busy))
        .collect();
    put(context, PODS, kept);
    put(context, NODES, of_nodes);
}

/// Puts the new measurements in place of the old ones.
fn put(context: &mut Context, table: &str, objects: Vec<Value>) {
    let key = |object: &Value| (namespace(object).to_owned(), name(object).to_owned());
    let fresh: HashSet<_> = objects.iter().map(key).collect();
    for old in context.list(table).iter().filter(|old| !fresh.contains(&key(old))) {
        crate::mock::server::remove_at_once(&context.api, table, namespace(old), name(old));
    }
    for object in objects {
        let store = &context.api.store;
        match store.get(table, namespace(&object), name(&object)) {
            Some(old) => drop(store.update(table, object, old.version)),
            None => drop(store.create(table, object)),
        }
    }
}

/// How busy something is at a turn, from 0 to 1: different for each name, and slowly moving.
fn busy(name: &str, turn: i64) -> f64 {
    let seed = short_hash(name).bytes().map(f64::from).sum::<f64>();
    let slow = (turn as f64 / 9.0 + seed).sin();
    let quick = (turn as f64 / 2.0 + seed * 3.0).sin();
    0.45 + 0.25 * slow + 0.1 * quick
}

/// Namespaces with this annotation have visitors, so that their servers have something to do.
const TRAFFIC: &str = "konn.dev/traffic";
/// What a server uses of which nobody wants anything: cores and bytes.
const IDLE: (f64, f64) = (0.0001, 6.0 * 1_048_576.0);

/// Cores and bytes that a container uses: next to nothing for a well-known image that nobody visits, else a part of what
/// it asks for, or a little where it asks for nothing.
fn usage(pod: &Value, container: &Value, turn: i64, visited: bool) -> (f64, f64) {
    if !visited && super::image_data::image(container["image"].as_str().unwrap_or_default()).is_some() {
        return IDLE;
    }
    let of = |resource: &str, little: f64| {
        let asked = quantity(container["resources"]["requests"][resource].as_str().unwrap_or("0"));
        let most = if asked > 0.0 { asked } else { little };
        most * busy(&format!("{}{}{resource}", name(pod), container["name"]), turn)
    };
    (of("cpu", 0.02), of("memory", 48.0 * 1_048_576.0))
}

fn measured(context: &Context, of: &Value, used: (f64, f64)) -> (Value, Value) {
    let metadata = json!({"name": name(of), "namespace": of["metadata"]["namespace"], "creationTimestamp": context.stamp(),
        "labels": of["metadata"]["labels"]});
    (metadata, written(used))
}

fn written((cpu, memory): (f64, f64)) -> Value {
    json!({"cpu": format!("{}n", (cpu * 1e9) as i64), "memory": format!("{}Ki", (memory / 1024.0) as i64)})
}

fn pod_metrics(context: &Context, pod: &Arc<Value>, turn: i64, busy: &HashSet<&str>) -> Value {
    let (metadata, _) = measured(context, pod, (0.0, 0.0));
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    let containers: Vec<Value> = containers
        .map(|container| json!({"name": container["name"], "usage": written(usage(pod, container, turn, busy.contains(namespace(pod))))}))
        .collect();
    json!({"metadata": metadata, "timestamp": context.stamp(), "window": "15.0s", "containers": containers})
}

fn node_metrics(context: &Context, node: &Value, here: &[&Arc<Value>], turn: i64, visited: &HashSet<&str>) -> Value {
    let sum = |(cpu, memory): (f64, f64), (more_cpu, more_memory): (f64, f64)| (cpu + more_cpu, memory + more_memory);
    let containers = here.iter().flat_map(|pod| {
        pod["spec"]["containers"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|container| usage(pod, container, turn, visited.contains(namespace(pod))))
    });
    // The node itself needs something too.
    let used = containers.fold((0.12 * (0.5 + busy(name(node), turn)), 620.0 * 1_048_576.0), sum);
    let (metadata, usage) = measured(context, node, used);
    json!({"metadata": metadata, "timestamp": context.stamp(), "window": "15.0s", "usage": usage})
}
