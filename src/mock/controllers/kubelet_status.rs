//! A pod's status, told from what its containers do.

use serde_json::{Value, json};

use super::context::Context;
use super::kubelet::name_of;
use super::runtime::{Container, End, Memory, Run};
use super::scheduler::put_condition;
use crate::mock::clock::rfc3339;

/// Seconds of a moment as objects write it.
#[must_use]
pub fn seconds(moment: &str) -> i64 {
    moment
        .parse::<jiff::Timestamp>()
        .map(jiff::Timestamp::as_second)
        .unwrap_or_default()
}

/// A moment of the runtime as objects write it.
fn stamp(millis: i64) -> String {
    rfc3339(jiff::Timestamp::from_millisecond(millis).unwrap_or_default())
}

/// How far the init containers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    /// One is still to end.
    Running,
    /// One failed for good.
    Failed,
    /// All have ended well.
    Done,
}

/// Containers that were added to a pod to look into it.
pub const EPHEMERAL: &str = "ephemeralContainers";

/// The containers of a pod's list.
pub fn specs<'a>(pod: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    pod["spec"][list].as_array().into_iter().flatten()
}

/// Whether an init container goes on beside the others.
#[must_use]
pub fn sidecar(spec: &Value) -> bool {
    spec["restartPolicy"] == "Always"
}

/// How far the init containers are.
#[must_use]
pub fn init(pod: &Value, memory: &Memory) -> Init {
    for spec in specs(pod, "initContainers") {
        let known = memory.containers.get(name_of(spec));
        match known.map(|container| &container.run) {
            Some(Run::Running(_)) if sidecar(spec) => {}
            Some(Run::Ended(end)) if end.code == 0 && !sidecar(spec) => {}
            Some(Run::Ended(_)) if pod["spec"]["restartPolicy"] == "Never" && !sidecar(spec) => return Init::Failed,
            _ => return Init::Running,
        }
    }
    Init::Done
}

/// The status of a pod as its containers are now.
#[must_use]
pub fn status(context: &Context, pod: &Value, memory: &Memory) -> Value {
    let mut status = pod["status"].clone();
    let init = init(pod, memory);
    let creating = if specs(pod, "initContainers").next().is_some() {
        "PodInitializing"
    } else {
        "ContainerCreating"
    };
    let tell = |list: &str, reason: &str| -> Value {
        specs(pod, list)
            .map(|spec| container(pod, spec, memory.containers.get(name_of(spec)), reason))
            .collect()
    };
    if creating == "PodInitializing" {
        status["initContainerStatuses"] = tell("initContainers", creating);
    }
    status["containerStatuses"] = tell("containers", creating);
    if specs(pod, EPHEMERAL).next().is_some() {
        status["ephemeralContainerStatuses"] = tell(EPHEMERAL, "ContainerCreating");
    }
    if let Some(ip) = memory.ip.as_ref().filter(|_| status["podIP"].is_null()) {
        status["podIP"] = ip.clone().into();
        status["podIPs"] = json!([{"ip": ip}]);
    }
    let phase = phase(pod, memory, init);
    conclude(context, pod, &mut status, (init, phase, memory.sandbox));
    status
}

/// One container's status.
fn container(pod: &Value, spec: &Value, known: Option<&Container>, creating: &str) -> Value {
    let nothing = Container::default();
    let known = known.unwrap_or(&nothing);
    let waits = |reason: &str, message: &str| match message {
        "" => json!({"waiting": {"reason": reason}}),
        message => json!({"waiting": {"reason": reason, "message": message}}),
    };
    let mut last = known.last.clone();
    let state = match (&known.run, &known.error) {
        (Run::Running(since), _) => json!({"running": {"startedAt": stamp(*since)}}),
        (Run::Ended(end), Some((reason, message))) if restarts(pod, spec, end) => {
            last = Some(end.clone());
            waits(reason, message)
        }
        (Run::Ended(end), _) => json!({"terminated": ended(end)}),
        (Run::Never, Some((reason, message))) => waits(reason, message),
        (Run::Never, None) => waits(creating, ""),
    };
    let initializes = specs(pod, "initContainers").any(|init| init["name"] == spec["name"]);
    let done = initializes && known.end().is_some_and(|end| end.code == 0);
    let image = if known.image.is_empty() {
        spec["image"].clone()
    } else {
        known.image.clone().into()
    };
    let mut status = json!({"name": spec["name"], "state": state, "lastState": {},
        "ready": known.runs() && known.probes.ready || done, "restartCount": known.restarts, "image": image,
        "imageID": image_id(known), "started": known.runs() && known.probes.started});
    if let Some(last) = last {
        status["lastState"] = json!({"terminated": ended(&last)});
    }
    if !known.id.is_empty() {
        status["containerID"] = known.id.clone().into();
    }
    status
}

fn image_id(known: &Container) -> String {
    if known.id.is_empty() {
        return String::new();
    }
    let repository = known.image.split(':').next().unwrap_or_default();
    format!(
        "docker.io/{repository}@sha256:{}",
        super::rollout::short_hash(&known.image)
    )
}

fn ended(end: &End) -> Value {
    let mut ended = json!({"exitCode": end.code, "reason": end.reason});
    if !end.message.is_empty() {
        ended["message"] = end.message.clone().into();
    }
    // What never ran began at the beginning of time.
    if end.id.is_empty() {
        // Of what could not be found nothing else is known.
        (ended["startedAt"], ended["finishedAt"]) = (Value::Null, Value::Null);
        return ended;
    }
    ended["startedAt"] = stamp(if end.reason == "StartError" { 0 } else { end.started }).into();
    ended["finishedAt"] = stamp(end.finished).into();
    ended["containerID"] = end.id.clone().into();
    ended
}

/// Whether a container that has ended shall be started again.
#[must_use]
pub fn restarts(pod: &Value, spec: &Value, end: &End) -> bool {
    let initializes = specs(pod, "initContainers").any(|init| init["name"] == spec["name"]);
    if sidecar(spec) {
        return true;
    }
    if specs(pod, EPHEMERAL).any(|known| known["name"] == spec["name"]) {
        return false;
    }
    match pod["spec"]["restartPolicy"].as_str() {
        Some("Never") => false,
        Some("OnFailure") => end.code != 0,
        _ => !initializes || end.code != 0,
    }
}

/// The phase: `getPhase` of the kubelet.
fn phase(pod: &Value, memory: &Memory, init: Init) -> &'static str {
    match init {
        Init::Failed => return "Failed",
        Init::Running => return "Pending",
        Init::Done => {}
    }
    let known: Vec<_> = specs(pod, "containers")
        .map(|spec| memory.containers.get(name_of(spec)))
        .collect();
    let ends: Vec<&End> = known.iter().filter_map(|known| known.as_ref()?.end()).collect();
    let never = known
        .iter()
        .any(|known| known.is_none_or(|known| known.run == Run::Never));
    let policy = pod["spec"]["restartPolicy"].as_str().unwrap_or("Always");
    let stopping = memory.stop.is_some();
    match () {
        () if never && !stopping => "Pending",
        () if ends.len() == known.len() && (policy != "Always" || stopping) => {
            match (ends.iter().any(|end| end.code != 0), policy) {
                (true, "OnFailure") if !stopping => "Running",
                (true, _) => "Failed",
                (false, _) => "Succeeded",
            }
        }
        () => "Running",
    }
}

/// Phase and conditions.
fn conclude(context: &Context, pod: &Value, status: &mut Value, (init, phase, sandbox): (Init, &str, bool)) {
    let mut shell = json!({"status": status.take()});
    let containers = shell["status"]["containerStatuses"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let unready: Vec<&str> = containers
        .iter()
        .filter(|container| container["ready"] != true)
        .filter_map(|container| container["name"].as_str())
        .collect();
    let all_ready = unready.is_empty() && !containers.is_empty();
    let (done, failed) = (phase == "Succeeded", phase == "Failed");
    let reason = |ok: bool, why: &'static str| match ok {
        true => None,
        false if done => Some("PodCompleted"),
        false if failed && why == "ContainersNotReady" => Some("PodFailed"),
        false => Some(why),
    };
    let uninitialized: Vec<&str> = specs(pod, "initContainers").map(name_of).collect();
    let initialized = init == Init::Done;
    let conditions = [
        ("PodReadyToStartContainers", sandbox && !done && !failed, None),
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
            "lastProbeTime": null, "lastTransitionTime": context.stamp()});
        if let Some(reason) = reason {
            condition["reason"] = reason.into();
        }
        match reason {
            Some("ContainersNotReady") => {
                condition["message"] = format!("containers with unready status: [{}]", unready.join(" ")).into();
            }
            Some("ContainersNotInitialized") => {
                let names = uninitialized.join(" ");
                condition["message"] = format!("containers with incomplete status: [{names}]").into();
            }
            _ => {}
        }
        put_condition(&mut shell, condition);
    }
    *status = shell["status"].take();
    status["phase"] = phase.into();
    status["observedGeneration"] = pod["metadata"]["generation"].clone();
}
