//! One container's life in a pod's status: waiting, running, ended, backing off, running again.

use serde_json::{Value, json};

use super::context::{Context, namespace, uid};
use super::image::{Course, course, exists, port, spoken};
use super::kubelet::{about, name_of, pod_address};

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

/// How long an image takes to come, in seconds.
const PULL: i64 = 2;
/// Delays between restarts: ten seconds, doubled each time, at most five minutes.
const BACK_OFF: [i64; 6] = [10, 20, 40, 80, 160, 300];

/// How often a back-off is told while it lasts, in seconds.
const TOLD_EVERY: i64 = 12;

/// Seconds of a moment as objects write it.
#[must_use]
pub fn seconds(moment: &str) -> i64 {
    moment
        .parse::<jiff::Timestamp>()
        .map(jiff::Timestamp::as_second)
        .unwrap_or_default()
}

/// The status of a container that has not begun.
#[must_use]
pub fn waiting(container: &Value, reason: &str) -> Value {
    json!({"name": container["name"], "state": {"waiting": {"reason": reason}}, "lastState": {}, "ready": false,
        "restartCount": 0, "image": container["image"], "imageID": "", "started": false})
}

/// One step of the init containers, in order.
pub fn init_containers(context: &mut Context, pod: &Value, status: &mut Value) -> Init {
    let specs: Vec<Value> = pod["spec"]["initContainers"].as_array().cloned().unwrap_or_default();
    for (index, spec) in specs.iter().enumerate() {
        let mut state = status["initContainerStatuses"][index].take();
        step(context, pod, spec, &mut state, status);
        let ended = state["state"]["terminated"]["exitCode"].as_i64();
        let sidecar = spec["restartPolicy"] == "Always" && state["state"]["running"].is_object();
        if ended == Some(0) || sidecar {
            state["ready"] = true.into();
        }
        status["initContainerStatuses"][index] = state;
        match ended {
            Some(0) => {}
            _ if sidecar => {}
            Some(_) if pod["spec"]["restartPolicy"] == "Never" => return Init::Failed,
            _ => return Init::Running,
        }
    }
    Init::Done
}

/// One step of every container.
pub fn containers(context: &mut Context, pod: &Value, status: &mut Value) {
    let specs: Vec<Value> = pod["spec"]["containers"].as_array().cloned().unwrap_or_default();
    for (index, spec) in specs.iter().enumerate() {
        let mut state = status["containerStatuses"][index].take();
        if state.is_null() {
            state = waiting(spec, "ContainerCreating");
        }
        step(context, pod, spec, &mut state, status);
        status["containerStatuses"][index] = state;
    }
}

/// One step of every ephemeral container; what has ended never starts again.
pub fn ephemeral_containers(context: &mut Context, pod: &Value, status: &mut Value) {
    let specs = pod["spec"]["ephemeralContainers"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    for (index, spec) in specs.iter().enumerate() {
        let mut state = status["ephemeralContainerStatuses"]
            .get_mut(index)
            .map(Value::take)
            .unwrap_or_default();
        if state.is_null() {
            state = waiting(spec, "ContainerCreating");
        }
        if !state["state"]["terminated"].is_object() {
            step(context, pod, spec, &mut state, status);
        }
        if !status["ephemeralContainerStatuses"].is_array() {
            status["ephemeralContainerStatuses"] = Value::Array(Vec::new());
        }
        if let Some(list) = status["ephemeralContainerStatuses"].as_array_mut() {
            list.resize(list.len().max(index + 1), Value::Null);
        }
        status["ephemeralContainerStatuses"][index] = state;
    }
}

fn step(context: &mut Context, pod: &Value, spec: &Value, state: &mut Value, status: &mut Value) {
    let now = context.now().as_second();
    if let Some(since) = state["state"]["running"]["startedAt"].as_str().map(seconds) {
        if changed_image(spec, state) {
            end(
                context,
                pod,
                spec,
                state,
                &Course {
                    code: 0,
                    ..course(pod, spec)
                },
            );
            return start(context, pod, spec, state);
        }
        return running(context, pod, spec, state, now - since);
    }
    if state["state"]["terminated"].is_object() {
        return ended(context, pod, spec, state, now);
    }
    let began = status["startTime"].as_str().map_or(now, seconds);
    match state["state"]["waiting"]["reason"].as_str() {
        Some("CrashLoopBackOff") => crash_loop(context, pod, spec, state, now),
        Some("ImagePullBackOff" | "ErrImagePull") => pull_again(context, pod, spec, state, now),
        _ if now - began < PULL => {}
        _ => first_start(context, pod, spec, state, status),
    }
}

fn changed_image(spec: &Value, state: &Value) -> bool {
    state["image"].as_str().is_some_and(|image| *image != spec["image"])
}

fn tell(context: &mut Context, pod: &Value, spec: &Value, kind: &str, reason: &str, message: &str) {
    let field = format!("spec.containers{{{}}}", name_of(spec));
    let api = context.api.clone();
    context.recorder.record(&api, about(pod, &field), kind, reason, message);
}

fn first_start(context: &mut Context, pod: &Value, spec: &Value, state: &mut Value, status: &mut Value) {
    let image = spec["image"].as_str().unwrap_or_default().to_owned();
    if let Some(missing) = missing_reference(context, pod, spec) {
        if state["state"]["waiting"]["reason"] != "CreateContainerConfigError" {
            tell(context, pod, spec, "Warning", "Failed", &format!("Error: {missing}"));
        }
        state["state"] = json!({"waiting": {"reason": "CreateContainerConfigError", "message": missing}});
        return;
    }
    if !exists(&image) {
        return pull_failed(context, pod, spec, state);
    }
    if status["podIP"].is_null() {
        let address = pod_address(context, pod);
        status["podIP"] = address.clone().into();
        status["podIPs"] = json!([{"ip": address}]);
    }
    let present = format!("Container image {image:?} already present on machine and can be accessed by the pod");
    if spec["imagePullPolicy"] == "Always" {
        tell(
            context,
            pod,
            spec,
            "Normal",
            "Pulling",
            &format!("Pulling image {image:?}"),
        );
        let pulled = format!(
            "Successfully pulled image {image:?} in 1.482s (1.482s including waiting). Image size: 72404038 bytes."
        );
        tell(context, pod, spec, "Normal", "Pulled", &pulled);
    } else {
        tell(context, pod, spec, "Normal", "Pulled", &present);
    }
    start(context, pod, spec, state);
}

/// A config map or secret that the container's environment needs and that is not there.
fn missing_reference(context: &Context, pod: &Value, spec: &Value) -> Option<String> {
    let there = |table: &str, name: &str| context.api.store.get(table, namespace(pod), name).is_some();
    let lack = |reference: &Value, map: &str, secret: &str| {
        let of = |field: &str, table: &str, word: &str| {
            let wanted = &reference[field];
            let name = wanted["name"].as_str().filter(|_| wanted["optional"] != true)?;
            (!there(table, name)).then(|| format!("{word} {name:?} not found"))
        };
        of(map, "configmaps", "configmap").or_else(|| of(secret, "secrets", "secret"))
    };
    let env = spec["env"].as_array().into_iter().flatten();
    let from = spec["envFrom"].as_array().into_iter().flatten();
    let one = env
        .filter_map(|env| lack(&env["valueFrom"], "configMapKeyRef", "secretKeyRef"))
        .next();
    one.or_else(|| from.filter_map(|from| lack(from, "configMapRef", "secretRef")).next())
}

fn pull_failed(context: &mut Context, pod: &Value, spec: &Value, state: &mut Value) {
    let image = spec["image"].as_str().unwrap_or_default();
    let why =
        format!("failed to pull and unpack image {image:?}: failed to resolve reference {image:?}: {image}: not found");
    tell(
        context,
        pod,
        spec,
        "Normal",
        "Pulling",
        &format!("Pulling image {image:?}"),
    );
    tell(
        context,
        pod,
        spec,
        "Warning",
        "Failed",
        &format!("Failed to pull image {image:?}: {why}"),
    );
    tell(context, pod, spec, "Warning", "Failed", "Error: ErrImagePull");
    state["state"] = json!({"waiting": {"reason": "ErrImagePull", "message": why}});
}

/// A pull that failed is tried again ever more seldom; in between the container backs off.
fn pull_again(context: &mut Context, pod: &Value, spec: &Value, state: &mut Value, now: i64) {
    let image = spec["image"].as_str().unwrap_or_default().to_owned();
    if exists(&image) {
        return start(context, pod, spec, state);
    }
    let pulls = &mut context.pods.entry(uid(pod).to_owned()).or_default().pulls;
    let (tries, due) = pulls.entry(name_of(spec).to_owned()).or_insert((0, now + BACK_OFF[0]));
    if now >= *due {
        *tries += 1;
        *due = now + BACK_OFF.get(*tries).copied().unwrap_or(300);
        return pull_failed(context, pod, spec, state);
    }
    if state["state"]["waiting"]["reason"] == "ErrImagePull" {
        let message = format!("Back-off pulling image {image:?}");
        tell(context, pod, spec, "Normal", "BackOff", &message);
        tell(context, pod, spec, "Warning", "Failed", "Error: ImagePullBackOff");
        state["state"] = json!({"waiting": {"reason": "ImagePullBackOff", "message": message}});
    }
}

fn start(context: &mut Context, pod: &Value, spec: &Value, state: &mut Value) {
    tell(context, pod, spec, "Normal", "Created", "Container created");
    tell(context, pod, spec, "Normal", "Started", "Container started");
    let image = spec["image"].as_str().unwrap_or_default();
    let digest = context.api.ids.uid().replace('-', "");
    state["image"] = image.into();
    let repository = image.split(':').next().unwrap_or(image);
    state["imageID"] = format!("docker.io/{repository}@sha256:{}", super::rollout::short_hash(image)).into();
    state["containerID"] = format!("containerd://{digest}{digest}").into();
    state["state"] = json!({"running": {"startedAt": context.stamp()}});
    state["started"] = true.into();
    state["ready"] = (spec["readinessProbe"].is_null()).into();
}

fn running(context: &mut Context, pod: &Value, spec: &Value, state: &mut Value, age: i64) {
    let course = course(pod, spec);
    if course.ends.is_some_and(|ends| age >= ends) {
        return end(context, pod, spec, state, &course);
    }
    if state["ready"] == true {
        return;
    }
    let probe = &spec["readinessProbe"];
    let delay = probe["initialDelaySeconds"].as_i64().unwrap_or_default();
    if probe.is_null() || age >= delay.max(1) && probe_succeeds(spec) {
        state["ready"] = true.into();
    } else if age > delay && age % probe["periodSeconds"].as_i64().unwrap_or(10).max(1) == 0 {
        let port = probe["httpGet"]["port"].as_i64().unwrap_or_default();
        let address = pod["status"]["podIP"].as_str().unwrap_or_default();
        let why = format!("dial tcp {address}:{port}: connect: connection refused");
        let message = format!("Readiness probe failed: Get \"http://{address}:{port}/\": {why}");
        tell(context, pod, spec, "Warning", "Unhealthy", &message);
    }
}

/// A probe of the port at which the image listens succeeds; of images that nobody knows every port is believed.
fn probe_succeeds(spec: &Value) -> bool {
    let probe = &spec["readinessProbe"];
    let asked = probe["httpGet"]["port"]
        .as_i64()
        .or_else(|| probe["tcpSocket"]["port"].as_i64());
    let listens = port(spec["image"].as_str().unwrap_or_default()).map(i64::from);
    asked.is_none() || listens.is_none() || asked == listens
}

fn end(context: &Context, _pod: &Value, _spec: &Value, state: &mut Value, course: &Course) {
    let id = state["containerID"].clone();
    let started = state["state"]["running"]["startedAt"].clone();
    let terminated = json!({"exitCode": course.code, "reason": course.reason, "startedAt": started,
        "finishedAt": context.stamp(), "containerID": id});
    state["state"] = json!({"terminated": terminated});
    state["ready"] = false.into();
    state["started"] = false.into();
}

/// What has ended starts again if it shall: the first time at once, then after ever longer delays.
fn ended(context: &mut Context, pod: &Value, spec: &Value, state: &mut Value, now: i64) {
    let failed = state["state"]["terminated"]["exitCode"] != 0;
    let init = pod["spec"]["initContainers"]
        .as_array()
        .is_some_and(|list| list.iter().any(|init| init["name"] == spec["name"]));
    let again = match pod["spec"]["restartPolicy"].as_str() {
        Some("Never") => false,
        Some("OnFailure") => failed,
        _ => failed || !init,
    };
    if !again {
        return;
    }
    let finished = state["state"]["terminated"]["finishedAt"].as_str().map_or(now, seconds);
    let started = state["state"]["terminated"]["startedAt"].as_str().map_or(now, seconds);
    let steady = finished - started > 600;
    if state["restartCount"] == 0 || steady {
        if now > finished {
            restart(context, pod, spec, state);
        }
        return;
    }
    let message = format!(
        "back-off {} restarting failed container={} pod={}",
        delay_text(state),
        name_of(spec),
        spoken(pod)
    );
    let told = format!(
        "Back-off restarting failed container {} in pod {}",
        name_of(spec),
        spoken(pod)
    );
    tell(context, pod, spec, "Warning", "BackOff", &told);
    state["lastState"] = json!({"terminated": state["state"]["terminated"]});
    state["state"] = json!({"waiting": {"reason": "CrashLoopBackOff", "message": message}});
}

fn delay(state: &Value) -> i64 {
    let count = usize::try_from(state["restartCount"].as_i64().unwrap_or_default() - 1).unwrap_or_default();
    BACK_OFF.get(count).copied().unwrap_or(300)
}

fn delay_text(state: &Value) -> String {
    let delay = delay(state);
    if delay < 60 {
        format!("{delay}s")
    } else {
        format!("{}m{}s", delay / 60, delay % 60)
    }
}

fn crash_loop(context: &mut Context, pod: &Value, spec: &Value, state: &mut Value, now: i64) {
    let finished = state["lastState"]["terminated"]["finishedAt"]
        .as_str()
        .map_or(now, seconds);
    if now - finished >= delay(state) {
        return restart(context, pod, spec, state);
    }
    let told = &mut context.pods.entry(uid(pod).to_owned()).or_default().told;
    let due = told.entry(name_of(spec).to_owned()).or_insert(now + TOLD_EVERY);
    if now >= *due {
        *due = now + TOLD_EVERY;
        let message = format!(
            "Back-off restarting failed container {} in pod {}",
            name_of(spec),
            spoken(pod)
        );
        tell(context, pod, spec, "Warning", "BackOff", &message);
    }
}

fn restart(context: &mut Context, pod: &Value, spec: &Value, state: &mut Value) {
    if state["state"]["terminated"].is_object() {
        state["lastState"] = json!({"terminated": state["state"]["terminated"]});
    }
    let count = state["restartCount"].as_i64().unwrap_or_default();
    let image = spec["image"].as_str().unwrap_or_default();
    let present = format!("Container image {image:?} already present on machine and can be accessed by the pod");
    tell(context, pod, spec, "Normal", "Pulled", &present);
    start(context, pod, spec, state);
    state["restartCount"] = (count + 1).into();
}
