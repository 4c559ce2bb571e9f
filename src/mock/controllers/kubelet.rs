//! The kubelet: takes pods through starting, running, failing, backing off and stopping.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::context::{Context, dying, name, namespace, uid};
use super::image::course;
use super::kubelet_run::{self as run, seconds};
use super::pods::finished;
use super::recorder::About;
use super::scheduler::put_condition;

/// What the kubelet remembers of a pod besides its status.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Last number of the address, once it has one.
    pub address: Option<u64>,
    /// Since when the pod is stopping, in seconds of the clock.
    pub stopping: Option<i64>,
    /// The version at which all its containers ran for good and nothing was left to do.
    pub settled: Option<String>,
    /// Failed pulls of each container, and when the next one is due.
    pub pulls: HashMap<String, (usize, i64)>,
    /// When each container's back-off is told again.
    pub told: HashMap<String, i64>,
}

/// One look at every pod that has a node.
pub fn tick(context: &mut Context) {
    let pods = context.list("pods");
    for pod in &pods {
        let bound = pod["spec"]["nodeName"].as_str().is_some_and(|node| !node.is_empty());
        match () {
            () if !bound => {}
            () if dying(pod) => stop(context, pod),
            () if finished(pod) => {}
            () => sync(context, pod),
        }
    }
    if context.pods.len() > 2 * pods.len() + 64 {
        let alive: std::collections::HashSet<&str> = pods.iter().map(|pod| uid(pod)).collect();
        context.pods.retain(|uid, _| alive.contains(uid.as_str()));
    }
}

/// What an event of the kubelet names.
#[must_use]
pub fn about<'a>(pod: &'a Value, field: &'a str) -> About<'a> {
    let host = pod["spec"]["nodeName"].as_str().unwrap_or_default();
    About {
        api_version: "v1",
        kind: "Pod",
        object: pod,
        field,
        component: "kubelet",
        host,
    }
}

/// One step of a pod that shall run.
fn sync(context: &mut Context, pod: &Value) {
    let version = pod["metadata"]["resourceVersion"].as_str();
    let known = context.pods.get(uid(pod)).and_then(|memory| memory.settled.as_deref());
    if known.is_some() && known == version {
        return;
    }
    let mut status = pod["status"].clone();
    if !status["startTime"].is_string() {
        begin(context, pod, &mut status);
    }
    let init = run::init_containers(context, pod, &mut status);
    if init == run::Init::Done {
        run::containers(context, pod, &mut status);
        run::ephemeral_containers(context, pod, &mut status);
    }
    conclude(context, pod, &mut status, init);
    if status != pod["status"] {
        context.touch("pods", pod, |pod| pod["status"] = status.clone());
    } else if settled(pod) {
        let version = version.map(str::to_owned);
        context.pods.entry(uid(pod).to_owned()).or_default().settled = version;
    }
}

/// Whether every container runs, is ready and will not end by itself.
fn settled(pod: &Value) -> bool {
    let statuses = pod["status"]["containerStatuses"].as_array().into_iter().flatten();
    let running = |status: &Value| status["ready"] == true && status["state"]["running"].is_object();
    let specs = pod["spec"]["containers"].as_array().into_iter().flatten();
    statuses.into_iter().all(running) && specs.into_iter().all(|spec| course(pod, spec).ends.is_none())
}

/// The pod has come to its node: start time, addresses, containers that wait.
fn begin(context: &mut Context, pod: &Value, status: &mut Value) {
    let node = pod["spec"]["nodeName"].as_str().unwrap_or_default().to_owned();
    let address = node_address(context, &node);
    status["startTime"] = context.stamp().into();
    status["phase"] = "Pending".into();
    status["hostIP"] = address.clone().into();
    status["hostIPs"] = json!([{"ip": address}]);
    let waiting = |reason: &str, list: &str| -> Value {
        let containers = pod["spec"][list].as_array().into_iter().flatten();
        containers.map(|container| run::waiting(container, reason)).collect()
    };
    let init = pod["spec"]["initContainers"]
        .as_array()
        .is_some_and(|list| !list.is_empty());
    if init {
        status["initContainerStatuses"] = waiting("PodInitializing", "initContainers");
    }
    status["containerStatuses"] = waiting(if init { "PodInitializing" } else { "ContainerCreating" }, "containers");
}

fn node_address(context: &mut Context, node: &str) -> String {
    let nodes = context.list("nodes");
    let found = nodes.iter().find(|known| name(known) == node);
    let addresses = found
        .and_then(|node| node["status"]["addresses"].as_array().cloned())
        .unwrap_or_default();
    let internal = addresses.iter().find(|address| address["type"] == "InternalIP");
    internal
        .and_then(|address| address["address"].as_str())
        .unwrap_or("192.168.49.2")
        .to_owned()
}

/// The next free address of a node's range.
pub fn pod_address(context: &mut Context, pod: &Value) -> String {
    if pod["spec"]["hostNetwork"] == true {
        return pod["status"]["hostIP"].as_str().unwrap_or("192.168.49.2").to_owned();
    }
    let node = pod["spec"]["nodeName"].as_str().unwrap_or_default().to_owned();
    let index = context
        .list("nodes")
        .iter()
        .position(|known| name(known) == node)
        .unwrap_or_default();
    let taken: std::collections::HashSet<u64> = context.pods.values().filter_map(|memory| memory.address).collect();
    let next = (2..)
        .find(|address| !taken.contains(&(index as u64 * 65_536 + address)))
        .unwrap_or(2);
    context.pods.entry(uid(pod).to_owned()).or_default().address = Some(index as u64 * 65_536 + next);
    format!("10.244.{}.{}", index as u64 + next / 250 * 8, next % 250)
}

/// Phase and conditions from what the containers are.
fn conclude(context: &mut Context, pod: &Value, status: &mut Value, init: run::Init) {
    let now = context.stamp();
    let mut shell = json!({"status": status.clone()});
    let containers = status["containerStatuses"].as_array().cloned().unwrap_or_default();
    let all_ready = !containers.is_empty() && containers.iter().all(|container| container["ready"] == true);
    let phase = phase(pod, &containers, init);
    let done = phase == "Succeeded";
    let reason = |ok: bool, why: &'static str| match (ok, done) {
        (true, _) => None,
        (false, true) => Some("PodCompleted"),
        (false, false) => Some(why),
    };
    let unready: Vec<&str> = containers
        .iter()
        .filter(|container| container["ready"] != true)
        .filter_map(|container| container["name"].as_str())
        .collect();
    let message = format!("containers with unready status: [{}]", unready.join(" "));
    let started = containers
        .iter()
        .any(|container| !container["state"]["waiting"].is_object() || container["restartCount"] != 0);
    let initialized = init == run::Init::Done;
    let conditions = [
        (
            "PodReadyToStartContainers",
            started || initialized && phase != "Pending",
            None,
        ),
        (
            "Initialized",
            initialized,
            reason(initialized, "ContainersNotInitialized"),
        ),
        ("Ready", all_ready, reason(all_ready, "ContainersNotReady")),
        ("ContainersReady", all_ready, reason(all_ready, "ContainersNotReady")),
        ("PodScheduled", true, None),
    ];
    for (kind, holds, reason) in conditions {
        let state = if holds { "True" } else { "False" };
        let mut condition = json!({"type": kind, "status": state, "observedGeneration": pod["metadata"]["generation"],
            "lastProbeTime": null, "lastTransitionTime": now});
        if let Some(reason) = reason {
            condition["reason"] = reason.into();
            if reason == "ContainersNotReady" {
                condition["message"] = message.clone().into();
            }
        }
        put_condition(&mut shell, condition);
    }
    *status = shell["status"].take();
    status["phase"] = phase.into();
    status["observedGeneration"] = pod["metadata"]["generation"].clone();
}

/// The phase: `getPhase` of the kubelet.
fn phase(pod: &Value, containers: &[Value], init: run::Init) -> &'static str {
    match init {
        run::Init::Failed => return "Failed",
        run::Init::Running => return "Pending",
        run::Init::Done => {}
    }
    let again = pod["spec"]["restartPolicy"].as_str().unwrap_or("Always");
    let ended = |container: &&Value| container["state"]["terminated"].is_object();
    let failed = |container: &&Value| {
        container["state"]["terminated"]["exitCode"]
            .as_i64()
            .unwrap_or_default()
            != 0
    };
    let never = |container: &&Value| {
        container["state"]["waiting"].is_object()
            && container["lastState"].as_object().is_none_or(serde_json::Map::is_empty)
    };
    match () {
        () if containers.iter().any(|container| never(&container)) => "Pending",
        () if again != "Always" && containers.iter().all(|container| ended(&container)) => {
            let broken = containers.iter().any(|container| failed(&container));
            match (broken, again) {
                (true, "Never") => "Failed",
                (true, _) => "Running",
                (false, _) => "Succeeded",
            }
        }
        () => "Running",
    }
}

/// One step of a pod that shall stop: its containers are asked, then it is gone.
fn stop(context: &mut Context, pod: &Value) {
    let now = context.now().as_second();
    let memory = context.pods.entry(uid(pod).to_owned()).or_default();
    let since = *memory.stopping.get_or_insert(now);
    let api = context.api.clone();
    if since == now {
        for container in pod["spec"]["containers"].as_array().into_iter().flatten() {
            let field = format!("spec.containers{{{}}}", name_of(container));
            let message = format!("Stopping container {}", name_of(container));
            context
                .recorder
                .record(&api, about(pod, &field), "Normal", "Killing", &message);
        }
        return;
    }
    let polite = pod["spec"]["containers"]
        .as_array()
        .into_iter()
        .flatten()
        .all(|container| course(pod, container).polite);
    let grace = pod["metadata"]["deletionGracePeriodSeconds"].as_i64().unwrap_or(30);
    let end = pod["metadata"]["deletionTimestamp"].as_str().map_or(now, seconds);
    if now - since >= if polite { 1 } else { grace } || now >= end || finished(pod) {
        let held = pod["metadata"]["finalizers"]
            .as_array()
            .is_some_and(|finalizers| !finalizers.is_empty());
        if !held {
            crate::mock::server::remove_at_once(&api, "pods", namespace(pod), name(pod));
            context.pods.remove(uid(pod));
        }
    }
}

/// A container's name.
#[must_use]
pub fn name_of(container: &Value) -> &str {
    container["name"].as_str().unwrap_or_default()
}
