//! The kubelet: takes pods through starting, running, failing, backing off and stopping.
//!
//! It works as the real one does: it looks at a pod when something about it has changed or when its next look is due;
//! it tells the status as it finds it, then does what is missing, and what comes of that is told at the next look.

use serde_json::{Value, json};

use super::context::{Context, dying, name, namespace, uid};
use super::image::course;
use super::image_data::refusal;
use super::kubelet_start as start;
use super::kubelet_status::{self as told, EPHEMERAL, specs};
use super::pods::finished;
use super::probes;
use super::recorder::About;
use super::runtime::{self, Memory, Run, Stop};

/// How long it takes until a pod's sandbox stands, in milliseconds.
const SANDBOX: i64 = 400;
/// How long it takes until the end of a container is noticed, in milliseconds.
const NOTICE: i64 = 500;
/// The least time that a container is given to stop, in milliseconds.
const LEAST_GRACE: i64 = 2000;

/// One look at every pod that has a node. `react` lets the others see what has changed at once.
pub fn tick(context: &mut Context, react: fn(&mut Context)) {
    let pods = context.list("pods");
    for pod in pods.iter() {
        let node = pod["spec"]["nodeName"].as_str().filter(|node| !node.is_empty());
        if node.is_some_and(|node| !context.silent.contains_key(node)) && look(context, pod) {
            react(context);
        }
    }
    if context.pods.len() > 2 * pods.len() + 64 {
        let alive: std::collections::HashSet<&str> = pods.iter().map(|pod| uid(pod)).collect();
        context.pods.retain(|uid, _| alive.contains(uid.as_str()));
    }
}

/// Looks at one pod. Returns whether its status changed or it went.
fn look(context: &mut Context, pod: &Value) -> bool {
    let now = context.millis();
    let generation = pod["metadata"]["generation"].as_i64().unwrap_or_default();
    if let Some(memory) = context.pods.get(uid(pod)) {
        let added = specs(pod, EPHEMERAL).any(|spec| !memory.containers.contains_key(name_of(spec)));
        // Only what has an input can end because a person ended it.
        let left = all(pod).filter(|spec| spec["stdin"] == true).any(|spec| {
            let known = memory.containers.get(name_of(spec)).map(|known| &known.run);
            matches!(known, Some(Run::Running(since)) if runtime::told_end(pod, name_of(spec), *since).is_some())
        });
        let changed = memory.generation != generation || added || left || dying(pod) && memory.stop.is_none();
        if !changed && memory.due > now {
            return false;
        }
    } else if finished(pod) && !dying(pod) {
        return false;
    }
    // Others may have changed it since the list was taken.
    let Some(pod) = context.find("pods", namespace(pod), name(pod)) else {
        return false;
    };
    let Some(mut memory) = context.pods.remove(uid(&pod)) else {
        return take(context, &pod);
    };
    memory.generation = generation;
    let changed = match () {
        () if dying(&pod) => return stop(context, &pod, memory),
        () if finished(&pod) => {
            memory.due = i64::MAX;
            false
        }
        () => sync(context, &pod, &mut memory),
    };
    context.pods.insert(uid(&pod).to_owned(), memory);
    changed
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

/// Says something about a container.
pub fn tell(context: &mut Context, pod: &Value, spec: &Value, kind: &str, reason: &str, message: &str) {
    let within = |list: &str| specs(pod, list).any(|known| known["name"] == spec["name"]);
    let list = match () {
        () if within("initContainers") => "spec.initContainers",
        () if within(EPHEMERAL) => "spec.ephemeralContainers",
        () => "spec.containers",
    };
    let field = format!("{list}{{{}}}", name_of(spec));
    let api = context.api.clone();
    context.recorder.record(&api, about(pod, &field), kind, reason, message);
}

/// The pod has come to its node: start time, addresses, containers that wait.
fn take(context: &mut Context, pod: &Value) -> bool {
    let now = context.millis();
    if pod["status"]["startTime"].is_string() {
        let memory = Memory::adopt(pod);
        context.pods.insert(uid(pod).to_owned(), memory);
        return false;
    }
    let generation = pod["metadata"]["generation"].as_i64().unwrap_or_default();
    let mut memory = Memory {
        began: now,
        due: now + SANDBOX,
        generation,
        ..Memory::default()
    };
    let node = pod["spec"]["nodeName"].as_str().unwrap_or_default().to_owned();
    let address = start::node_address(context, &node);
    let mut begun = pod.clone();
    begun["status"]["startTime"] = context.stamp().into();
    begun["status"]["hostIP"] = address.clone().into();
    begun["status"]["hostIPs"] = json!([{"ip": address}]);
    write(context, &begun, &mut memory);
    context.pods.insert(uid(pod).to_owned(), memory);
    true
}

/// Tells a pod's status as it is now, if it is another than what was told last.
fn write(context: &Context, pod: &Value, memory: &mut Memory) {
    let print = memory.print(pod);
    if memory.told == print {
        return;
    }
    memory.told = print;
    let status = told::status(context, pod, memory);
    context.touch("pods", pod, |pod| pod["status"] = status.clone());
}

/// One step of a pod that shall run.
fn sync(context: &mut Context, pod: &Value, memory: &mut Memory) -> bool {
    let before = context.api.store.version_of("pods");
    let now = context.millis();
    notice_ends(pod, memory, now);
    for spec in specs(pod, "containers") {
        if probes::ask(context, pod, spec, memory) {
            let grace = grace(pod, spec);
            if let Some(known) = memory.containers.get_mut(name_of(spec)) {
                known.killing = Some(now + grace);
            }
        }
    }
    replace_changed(context, pod, memory, now);
    // What is killed to be started again is told when it runs again.
    if memory.sandbox && !start::killed_now(memory, now) {
        write(context, pod, memory);
    }
    let again = start::start(context, pod, memory);
    if again.started {
        let fresh = context.find("pods", namespace(pod), name(pod));
        write(context, fresh.as_deref().unwrap_or(pod), memory);
    }
    memory.due = due(pod, memory, now).min(again.due.unwrap_or(i64::MAX));
    context.api.store.version_of("pods") != before
}

/// Notes what has ended since the last look.
fn notice_ends(pod: &Value, memory: &mut Memory, now: i64) {
    for spec in all(pod) {
        let Some(known) = memory.containers.get_mut(name_of(spec)) else {
            continue;
        };
        let Run::Running(since) = known.run else { continue };
        // A program that a person was attached to ended by itself, and the status says so already.
        if let Some(end) = runtime::told_end(pod, name_of(spec), since) {
            known.run = Run::Ended(end);
            continue;
        }
        let course = course(pod, spec);
        if let Some(ends) = course
            .ends
            .map(|ends| since + ends * 1000)
            .filter(|ends| *ends + NOTICE / 2 <= now)
        {
            known.finish(ends.max(since + 100), course.code, course.reason);
        }
    }
}

/// A container whose image was changed in place is stopped, and started from the new one.
fn replace_changed(context: &mut Context, pod: &Value, memory: &mut Memory, now: i64) {
    for spec in specs(pod, "containers") {
        let Some(known) = memory.containers.get_mut(name_of(spec)) else {
            continue;
        };
        if !known.runs() || known.killing.is_some() || spec["image"] == known.image || known.image.is_empty() {
            continue;
        }
        known.killing = Some(now + grace(pod, spec));
        let message = format!("Container {} definition changed, will be restarted", name_of(spec));
        tell(context, pod, spec, "Normal", "Killing", &message);
    }
}

/// How long a container takes to stop, in milliseconds.
fn grace(pod: &Value, spec: &Value) -> i64 {
    let given = pod["metadata"]["deletionGracePeriodSeconds"].as_i64();
    let given = given
        .or_else(|| pod["spec"]["terminationGracePeriodSeconds"].as_i64())
        .unwrap_or(30);
    let given = (given * 1000).max(LEAST_GRACE);
    let course = course(pod, spec);
    if course.polite {
        given.min((course.stops * 1000).max(500))
    } else {
        given
    }
}

/// Whether a container is gone before its grace is over, and so by its own will.
fn leaves(pod: &Value, spec: &Value) -> bool {
    let course = course(pod, spec);
    let given = pod["metadata"]["deletionGracePeriodSeconds"].as_i64().unwrap_or(30);
    course.polite && course.stops * 1000 <= (given * 1000).max(LEAST_GRACE)
}

/// When something about the pod happens by itself: an end, a probe, the end of a killing.
fn due(pod: &Value, memory: &Memory, now: i64) -> i64 {
    let mut due = i64::MAX;
    for spec in all(pod) {
        let Some(known) = memory.containers.get(name_of(spec)) else {
            continue;
        };
        if let Some(killed) = known.killing {
            due = due.min(killed);
            continue;
        }
        let Run::Running(since) = known.run else { continue };
        if let Some(ends) = course(pod, spec).ends {
            due = due.min((since + ends * 1000 + NOTICE).max(now + NOTICE));
        }
        due = due.min(probes::due(spec, known, memory.began).unwrap_or(i64::MAX));
    }
    due
}

/// One step of a pod that shall stop: its containers are asked, they end, that is told, then it is gone.
fn stop(context: &mut Context, pod: &Value, mut memory: Memory) -> bool {
    let now = context.millis();
    let running: Vec<&Value> = all(pod)
        .filter(|spec| {
            memory
                .containers
                .get(name_of(spec))
                .is_some_and(super::runtime::Container::runs)
        })
        .collect();
    let Some(stop) = memory.stop else {
        begin_stop(context, pod, &running, memory);
        return false;
    };
    let end = pod["metadata"]["deletionTimestamp"]
        .as_str()
        .map_or(now, |end| told::seconds(end) * 1000);
    // A grace that was cut short.
    let forced = pod["metadata"]["deletionGracePeriodSeconds"] == 0 || end + LEAST_GRACE + 1000 < now;
    if now < stop.due && !forced {
        memory.due = stop.due;
        context.pods.insert(uid(pod).to_owned(), memory);
        return false;
    }
    if !stop.told {
        end_containers(context, pod, &running, memory);
        return true;
    }
    let held = pod["metadata"]["finalizers"]
        .as_array()
        .is_some_and(|finalizers| !finalizers.is_empty());
    if held {
        memory.stop = Some(Stop { told: true, due: 0 });
        // Whoever takes the finalizer off changes the object: that is looked for at every tick.
        memory.due = now + NOTICE;
        context.pods.insert(uid(pod).to_owned(), memory);
        return false;
    }
    crate::mock::server::remove_at_once(&context.api, "pods", namespace(pod), name(pod));
    true
}

/// Every container of a pod.
fn all(pod: &Value) -> impl Iterator<Item = &Value> {
    specs(pod, "initContainers")
        .chain(specs(pod, "containers"))
        .chain(specs(pod, EPHEMERAL))
}

/// The containers are asked to stop.
fn begin_stop(context: &mut Context, pod: &Value, running: &[&Value], mut memory: Memory) {
    for spec in running {
        let message = format!("Stopping container {}", name_of(spec));
        tell(context, pod, spec, "Normal", "Killing", &message);
    }
    let grace = running.iter().map(|spec| grace(pod, spec)).max().unwrap_or_default();
    let due = context.millis() + grace + 100;
    memory.stop = Some(Stop { told: false, due });
    memory.due = due;
    context.pods.insert(uid(pod).to_owned(), memory);
}

/// The containers have ended, by themselves or killed, and that is told.
fn end_containers(context: &mut Context, pod: &Value, running: &[&Value], mut memory: Memory) {
    let now = context.millis();
    for spec in specs(pod, "containers") {
        let known = memory.containers.entry(name_of(spec).to_owned()).or_default();
        if !known.runs() {
            lose(known, now);
        }
    }
    for spec in running {
        let (code, reason) = if leaves(pod, spec) {
            (0, "Completed")
        } else {
            (137, "Error")
        };
        if let Some(known) = memory.containers.get_mut(name_of(spec)) {
            known.finish(now, code, reason);
        }
    }
    let due = now + NOTICE;
    memory.stop = Some(Stop { told: true, due });
    memory.due = due;
    write(context, pod, &mut memory);
    context.pods.insert(uid(pod).to_owned(), memory);
}

/// What never ran, or waits to run again, cannot be found when its pod stops.
fn lose(known: &mut super::runtime::Container, now: i64) {
    if known.end().is_some() && known.error.is_none() {
        return;
    }
    known.error = None;
    known.run = Run::Ended(super::runtime::End {
        started: 0,
        finished: now,
        code: 137,
        reason: "ContainerStatusUnknown".to_owned(),
        message: "The container could not be located when the pod was terminated".to_owned(),
        id: String::new(),
    });
}

/// A container's name.
#[must_use]
pub fn name_of(container: &Value) -> &str {
    container["name"].as_str().unwrap_or_default()
}

/// Whether an image can be had on a node that shall not pull it: those of the exercises are there already.
#[must_use]
pub fn present(image: &str) -> bool {
    refusal(image).is_none()
}
