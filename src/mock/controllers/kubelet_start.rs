//! How a pod's containers are started, or why they are not: volumes, images, settings, back-off.

use serde_json::Value;

use super::context::{Context, name, namespace, uid};
use super::image::start_error;
use super::image_data::refusal;
use super::kubelet::{about, name_of, present, tell};
use super::kubelet_status::{EPHEMERAL, Init, init, restarts, sidecar, specs};
use super::probes::Probes;
use super::runtime::{Container, End, Memory, Run};

/// How long a failed start waits until it is tried again, in milliseconds.
const AGAIN: i64 = 12_000;
/// How long it takes until what a start has done is noticed, in milliseconds.
const NOTICE: i64 = 500;
/// The first delay between restarts and between pulls, and the longest, in seconds.
const DELAYS: (i64, i64) = (10, 300);

/// What came of starting a pod's containers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Again {
    /// Whether one was started.
    pub started: bool,
    /// When the next look is due, in milliseconds.
    pub due: Option<i64>,
}

impl Again {
    fn at(&mut self, due: i64) {
        self.due = Some(self.due.map_or(due, |known| known.min(due)));
    }
}

/// Whether a container is being killed at this look.
#[must_use]
pub fn killed_now(memory: &Memory, now: i64) -> bool {
    memory
        .containers
        .values()
        .any(|known| known.killing.is_some_and(|due| due <= now))
}

/// Starts what shall run and does not.
pub fn start(context: &mut Context, pod: &Value, memory: &mut Memory) -> Again {
    let mut again = Again::default();
    if !memory.sandbox && !mounts(context, pod, memory, &mut again) {
        return again;
    }
    let fresh = !memory.sandbox;
    if fresh {
        sandbox(context, pod, memory);
    }
    if init(pod, memory) == Init::Running {
        for spec in specs(pod, "initContainers") {
            step(context, pod, spec, memory, &mut again);
            let known = memory.containers.get(name_of(spec));
            let passed = known.is_some_and(|known| known.end().is_some_and(|end| end.code == 0))
                || known.is_some_and(Container::runs) && sidecar(spec);
            if !passed {
                break;
            }
        }
    }
    if init(pod, memory) == Init::Done {
        for spec in specs(pod, "containers").chain(specs(pod, EPHEMERAL)) {
            step(context, pod, spec, memory, &mut again);
        }
    }
    if fresh && memory.containers.values().any(|known| known.error.is_some()) {
        // The new sandbox is noticed, and so the pod looked at again.
        again.at(context.millis() + NOTICE);
    }
    again
}

/// Gives the pod its address.
fn sandbox(context: &mut Context, pod: &Value, memory: &mut Memory) {
    memory.sandbox = true;
    memory.ip = Some(pod_address(context, pod, memory));
}

/// One container: nothing if it runs or has done its work.
fn step(context: &mut Context, pod: &Value, spec: &Value, memory: &mut Memory, again: &mut Again) {
    let now = context.millis();
    let mut known = memory.containers.remove(name_of(spec)).unwrap_or_default();
    let before = match &known.run {
        // What is killed only now has no end yet that would count: its end before does.
        Run::Running(_) if known.killing.is_some_and(|due| due <= now) => {
            let before = known.last.clone();
            known.finish(now, 137, "Error");
            Some(before)
        }
        Run::Running(_) => None,
        Run::Ended(end) if !restarts(pod, spec, end) => None,
        Run::Ended(end) => Some(Some(end.clone())),
        Run::Never => Some(None),
    };
    if let Some(before) = before {
        attempt(context, pod, spec, &mut known, before.as_ref(), again);
    }
    memory.containers.insert(name_of(spec).to_owned(), known);
}

/// Tries to start a container that has ended as `before`.
fn attempt(
    context: &mut Context,
    pod: &Value,
    spec: &Value,
    known: &mut Container,
    before: Option<&End>,
    again: &mut Again,
) {
    let now = context.millis();
    if let Some(before) = before {
        let due = before.finished + known.delay * 1000;
        if known.delay > 0 && now < due {
            let (pod_name, container) = (spoken(pod), name_of(spec));
            let message = format!("Back-off restarting failed container {container} in pod {pod_name}");
            tell(context, pod, spec, "Warning", "BackOff", &message);
            let delay = delay_text(known.delay);
            let message = format!("back-off {delay} restarting failed container={container} pod={pod_name}");
            known.error = Some(("CrashLoopBackOff".to_owned(), message));
            // The kubelet looks again somewhat later than it could, to spread its work.
            again.at(if known.end() == Some(before) {
                now + (due - now) * 12 / 10
            } else {
                now + NOTICE
            });
            return;
        }
        let longest = DELAYS.1;
        let calm = known.delay > 0 && now - before.finished > 2 * longest * 1000;
        known.delay = if known.delay == 0 || calm {
            DELAYS.0
        } else {
            (known.delay * 2).min(longest)
        };
    }
    if let Err(error) = ready_to_start(context, pod, spec, known) {
        known.error = Some(error);
        again.at(now + AGAIN);
        return;
    }
    run(context, pod, spec, known, again);
}

/// Image and settings, before a container can be made.
fn ready_to_start(
    context: &mut Context,
    pod: &Value,
    spec: &Value,
    known: &mut Container,
) -> Result<(), (String, String)> {
    let image = spec["image"].as_str().unwrap_or_default().to_owned();
    pull(context, pod, spec, known, &image)?;
    if let Some(missing) = missing_reference(context, pod, spec) {
        tell(context, pod, spec, "Warning", "Failed", &format!("Error: {missing}"));
        return Err(("CreateContainerConfigError".to_owned(), missing));
    }
    Ok(())
}

/// The image: there already, pulled, or not to be had.
fn pull(
    context: &mut Context,
    pod: &Value,
    spec: &Value,
    known: &mut Container,
    image: &str,
) -> Result<(), (String, String)> {
    let now = context.millis();
    let policy = spec["imagePullPolicy"].as_str().unwrap_or("IfNotPresent");
    if policy == "Never" && !present(image) {
        let message = format!("Container image {image:?} is not present with pull policy of Never");
        tell(context, pod, spec, "Warning", "ErrImageNeverPull", &message);
        tell(context, pod, spec, "Warning", "Failed", "Error: ErrImageNeverPull");
        return Err(("ErrImageNeverPull".to_owned(), message));
    }
    let again = known.restarts > 0 || known.end().is_some();
    if present(image) && (policy != "Always" || again && known.image == image) {
        let message = format!("Container image {image:?} already present on machine and can be accessed by the pod");
        tell(context, pod, spec, "Normal", "Pulled", &message);
        return Ok(());
    }
    if now < known.pull.1 {
        let message = format!("Back-off pulling image {image:?}");
        tell(context, pod, spec, "Normal", "BackOff", &message);
        tell(context, pod, spec, "Warning", "Failed", "Error: ImagePullBackOff");
        let why = refusal(image).unwrap_or_default();
        return Err(("ImagePullBackOff".to_owned(), format!("{message}: ErrImagePull: {why}")));
    }
    tell(
        context,
        pod,
        spec,
        "Normal",
        "Pulling",
        &format!("Pulling image {image:?}"),
    );
    if let Some(why) = refusal(image) {
        tell(
            context,
            pod,
            spec,
            "Warning",
            "Failed",
            &format!("Failed to pull image {image:?}: {why}"),
        );
        tell(context, pod, spec, "Warning", "Failed", "Error: ErrImagePull");
        let delay = if known.pull.0 == 0 {
            DELAYS.0
        } else {
            (known.pull.0 * 2).min(DELAYS.1)
        };
        known.pull = (delay, now + delay * 1000);
        return Err(("ErrImagePull".to_owned(), why));
    }
    let pulled = format!(
        "Successfully pulled image {image:?} in 1.482s (1.482s including waiting). Image size: 72404038 bytes."
    );
    tell(context, pod, spec, "Normal", "Pulled", &pulled);
    Ok(())
}

/// Makes and starts the container.
fn run(context: &mut Context, pod: &Value, spec: &Value, known: &mut Container, again: &mut Again) {
    let now = context.millis();
    let digest = context.api.ids.uid().replace('-', "");
    if let Some(end) = known.end() {
        known.last = Some(end.clone());
        known.restarts += 1;
    }
    known.id = format!("containerd://{digest}{digest}");
    known.image = spec["image"].as_str().unwrap_or_default().to_owned();
    tell(context, pod, spec, "Normal", "Created", "Container created");
    if let Some(error) = start_error(spec) {
        tell(context, pod, spec, "Warning", "Failed", &format!("Error: {error}"));
        let (reason, id) = ("StartError".to_owned(), known.id.clone());
        known.run = Run::Ended(End {
            started: now,
            finished: now,
            code: 128,
            reason,
            message: error.clone(),
            id,
        });
        known.error = Some(("RunContainerError".to_owned(), error));
        again.at(now + NOTICE);
        return;
    }
    tell(context, pod, spec, "Normal", "Started", "Container started");
    crate::mock::files::note_start(&context.api, pod, spec, &known.id);
    known.run = Run::Running(now);
    known.error = None;
    known.probes = Probes::of(spec);
    again.started = true;
}

/// How long a container backs off, as the kubelet writes it.
fn delay_text(delay: i64) -> String {
    if delay < 60 {
        format!("{delay}s")
    } else {
        format!("{}m{}s", delay / 60, delay % 60)
    }
}

/// The name by which the kubelet speaks of a pod in messages.
fn spoken(pod: &Value) -> String {
    format!("{}_{}({})", name(pod), namespace(pod), uid(pod))
}

/// Whether all volumes can be mounted; what is missing is told ever more seldom.
fn mounts(context: &mut Context, pod: &Value, memory: &mut Memory, again: &mut Again) -> bool {
    let Some(missing) = missing_volume(context, pod) else {
        return true;
    };
    let api = context.api.clone();
    context
        .recorder
        .record(&api, about(pod, ""), "Warning", "FailedMount", &missing);
    let pause = (500_i64 << memory.mounts.min(8)).min(122_000);
    memory.mounts += 1;
    again.at(context.millis() + pause);
    false
}

fn missing_volume(context: &Context, pod: &Value) -> Option<String> {
    let volumes = pod["spec"]["volumes"].as_array().into_iter().flatten();
    volumes
        .filter_map(|volume| {
            let map = (
                &volume["configMap"],
                "configmaps",
                "configmap",
                &volume["configMap"]["name"],
            );
            let secret = (&volume["secret"], "secrets", "secret", &volume["secret"]["secretName"]);
            let (source, table, word, wanted) = [map, secret].into_iter().find(|(source, ..)| source.is_object())?;
            let wanted = wanted.as_str().filter(|_| source["optional"] != true)?;
            let there = context.api.store.get(table, namespace(pod), wanted).is_some();
            let volume = name_of(volume);
            (!there).then(|| format!("MountVolume.SetUp failed for volume {volume:?} : {word} {wanted:?} not found"))
        })
        .next()
}

/// A config map or secret, or a key of one, that the container's environment needs and that is not there.
fn missing_reference(context: &Context, pod: &Value, spec: &Value) -> Option<String> {
    let find = |table: &str, wanted: &Value, word: &str| {
        let wanted_name = wanted["name"].as_str().filter(|_| wanted["optional"] != true)?;
        let Some(found) = context.api.store.get(table, namespace(pod), wanted_name) else {
            return Some(format!("{word} {wanted_name:?} not found"));
        };
        let key = wanted["key"].as_str()?;
        let found = found.decode();
        let there = !found["data"][key].is_null() || !found["binaryData"][key].is_null();
        let (place, title) = (namespace(pod), if word == "secret" { "Secret" } else { "ConfigMap" });
        (!there).then(|| format!("couldn't find key {key} in {title} {place}/{wanted_name}"))
    };
    let lack = |reference: &Value, map: &str, secret: &str| {
        find("configmaps", &reference[map], "configmap").or_else(|| find("secrets", &reference[secret], "secret"))
    };
    let env = spec["env"].as_array().into_iter().flatten();
    let from = spec["envFrom"].as_array().into_iter().flatten();
    let one = env
        .filter_map(|env| lack(&env["valueFrom"], "configMapKeyRef", "secretKeyRef"))
        .next();
    one.or_else(|| from.filter_map(|from| lack(from, "configMapRef", "secretRef")).next())
}

/// A node's own address.
pub fn node_address(context: &mut Context, node: &str) -> String {
    let found = context.find("nodes", "", node);
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
fn pod_address(context: &mut Context, pod: &Value, memory: &mut Memory) -> String {
    if pod["spec"]["hostNetwork"] == true {
        return pod["status"]["hostIP"].as_str().unwrap_or("192.168.49.2").to_owned();
    }
    let node = pod["spec"]["nodeName"].as_str().unwrap_or_default();
    let index = context
        .list("nodes")
        .iter()
        .position(|known| name(known) == node)
        .unwrap_or_default() as u64;
    let taken: std::collections::HashSet<u64> = context.pods.values().filter_map(|memory| memory.address).collect();
    let next = (2..)
        .find(|address| !taken.contains(&(index * 65_536 + address)))
        .unwrap_or(2);
    memory.address = Some(index * 65_536 + next);
    format!("10.244.{}.{}", index + next / 250 * 8, next % 250)
}
