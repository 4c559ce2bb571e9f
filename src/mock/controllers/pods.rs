//! Pods as the workload controllers make and count them.

use serde_json::{Value, json};

use super::context::{Context, MANAGER, condition, dying, name, namespace, owner_reference};
use super::recorder::About;
use crate::mock::server::{ApiError, admit_by};
use crate::mock::values::has_condition;

/// A workload that makes pods.
#[derive(Clone, Copy, Debug)]
pub struct Workload<'a> {
    /// Its API version.
    pub api_version: &'a str,
    /// Its kind.
    pub kind: &'a str,
    /// The component that speaks for it in events.
    pub component: &'a str,
    /// The object.
    pub object: &'a Value,
}

impl<'a> Workload<'a> {
    /// What an event about it names.
    #[must_use]
    pub fn about(self) -> About<'a> {
        let Self {
            api_version,
            kind,
            component,
            object,
        } = self;
        About {
            api_version,
            kind,
            object,
            field: "",
            component,
            host: "",
        }
    }
}

/// A pod from a template, controlled by the workload and not yet named.
#[must_use]
pub fn from_template(workload: Workload<'_>, template: &Value) -> Value {
    let owner = owner_reference(workload.api_version, workload.kind, workload.object);
    let mut metadata = json!({"generateName": format!("{}-", name(workload.object)), "namespace": namespace(workload.object),
        "ownerReferences": [owner]});
    for field in ["labels", "annotations", "finalizers"] {
        if template["metadata"][field].is_object() || template["metadata"][field].is_array() {
            metadata[field] = template["metadata"][field].clone();
        }
    }
    json!({"kind": "Pod", "apiVersion": "v1", "metadata": metadata, "spec": template["spec"]})
}

/// Creates a pod and says so; a refusal is said too. Returns whether it was created.
pub fn create(context: &mut Context, workload: Workload<'_>, pod: Value) -> bool {
    attempt(context, workload, pod).is_ok()
}

/// Creates a pod and says so, or why not.
fn attempt(context: &mut Context, workload: Workload<'_>, pod: Value) -> Result<(), String> {
    let api = context.api.clone();
    let outcome: Result<_, ApiError> = admit_by(&api, MANAGER, "pods", pod);
    let (kind, reason, message) = match &outcome {
        Ok(made) => ("Normal", "SuccessfulCreate", format!("Created pod: {}", made.name())),
        Err(error) => ("Warning", "FailedCreate", format!("Error creating: {}", error.message)),
    };
    context.recorder.record(&api, workload.about(), kind, reason, &message);
    outcome.map(|_| ()).map_err(|error| error.message)
}

/// Creates pods in batches that grow as long as all goes well: 1, 2, 4 and so on. After a refusal it is tried again ever
/// later. Returns when, in milliseconds, and why.
pub fn create_slowly(context: &mut Context, workload: Workload<'_>, missing: usize) -> (Option<i64>, Option<String>) {
    let owner = super::context::uid(workload.object).to_owned();
    let now = context.millis();
    let mut why = None;
    // Between two looks several attempts may have been due.
    loop {
        let (tries, due) = context.refused.get(&owner).copied().unwrap_or((0, now));
        if due > now {
            return (Some(due), why);
        }
        match batches(context, workload, missing) {
            Ok(()) => {
                context.refused.remove(&owner);
                return (None, None);
            }
            Err(message) => why = Some(message),
        }
        let pause = (5_i64 << tries.min(18)).min(1_000_000);
        context.refused.insert(owner.clone(), (tries + 1, due + pause));
    }
}

fn batches(context: &mut Context, workload: Workload<'_>, missing: usize) -> Result<(), String> {
    let template = &workload.object["spec"]["template"];
    let owned = context
        .controlled("pods", workload.object)
        .iter()
        .filter(|pod| active(pod))
        .count();
    let wanted = usize::try_from(workload.object["spec"]["replicas"].as_i64().unwrap_or(1)).unwrap_or_default();
    let (mut left, mut batch) = (missing.min(wanted.saturating_sub(owned)), 1);
    while left > 0 {
        let size = batch.min(left);
        let mut failure = None;
        for _ in 0..size {
            failure = attempt(context, workload, from_template(workload, template))
                .err()
                .or(failure);
        }
        if let Some(failure) = failure {
            return Err(failure);
        }
        left -= size;
        batch *= 2;
    }
    Ok(())
}

/// Deletes a pod and says so.
pub fn delete(context: &mut Context, workload: Workload<'_>, pod: &Value) {
    context.delete("pods", pod);
    let api = context.api.clone();
    let message = format!("Deleted pod: {}", name(pod));
    context
        .recorder
        .record(&api, workload.about(), "Normal", "SuccessfulDelete", &message);
}

/// Whether a pod still counts: neither finished nor on its way out.
#[must_use]
pub fn active(pod: &Value) -> bool {
    !finished(pod) && !dying(pod)
}

/// Whether all its containers have ended for good.
#[must_use]
pub fn finished(pod: &Value) -> bool {
    matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"))
}

/// Whether it is ready.
#[must_use]
pub fn ready(pod: &Value) -> bool {
    has_condition(pod, "Ready")
}

/// Whether it has been ready for so many seconds.
#[must_use]
pub fn available(pod: &Value, seconds: i64, now: jiff::Timestamp) -> bool {
    let since = condition(pod, "Ready").filter(|condition| condition["status"] == "True");
    let since = since.and_then(|condition| {
        condition["lastTransitionTime"]
            .as_str()?
            .parse::<jiff::Timestamp>()
            .ok()
    });
    since.is_some_and(|at| (now - at).total(jiff::Unit::Second).unwrap_or_default() as i64 >= seconds)
}

/// In which order pods are given up: unscheduled before scheduled, unready before ready, younger before older.
#[must_use]
pub fn worth(pod: &Value) -> (bool, bool, std::cmp::Reverse<String>) {
    let scheduled = pod["spec"]["nodeName"].as_str().is_some_and(|node| !node.is_empty());
    let created = pod["metadata"]["creationTimestamp"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (scheduled, ready(pod), std::cmp::Reverse(created))
}
