//! How far a rollout is, in kubectl's words. As kubectl's `rollout_status.go`.

use serde_json::Value;

/// How far a rollout is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It goes on.
    Waiting,
    /// It is over.
    Done,
    /// kubectl gives up here.
    Failed,
}

/// How far a rollout is, and the line that `kubectl rollout status` prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The line.
    pub text: String,
    /// What it means.
    pub stage: Stage,
}

/// Reasons of a container that keep a rollout from going on.
const STUCK: [&str; 6] = [
    "ImagePullBackOff",
    "ErrImagePull",
    "InvalidImageName",
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "CreateContainerError",
];

/// How far the rollout of a Deployment, DaemonSet or StatefulSet is.
pub fn status(kind: &str, object: &Value) -> Progress {
    let progress = match kind {
        "DaemonSet" => daemon_set(object),
        "StatefulSet" => stateful_set(object),
        _ => deployment(object),
    };
    let (text, stage) = progress;
    Progress { text, stage }
}

/// Whether a Deployment made no progress for longer than it may.
pub fn deadline_exceeded(deployment: &Value) -> bool {
    condition(deployment, "Progressing")
        .is_some_and(|condition| text(condition, "/reason") == "ProgressDeadlineExceeded")
}

fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array);
    conditions
        .into_iter()
        .flatten()
        .find(|condition| text(condition, "/type") == kind)
}

/// What pods say of why they do not run: the pod's name and the message, the first of each pod.
pub fn troubles<'a>(pods: impl IntoIterator<Item = &'a Value>) -> Vec<(String, String)> {
    let trouble = |pod: &Value| {
        let why = unschedulable(pod).or_else(|| stuck(pod))?;
        Some((text(pod, "/metadata/name").to_string(), why))
    };
    pods.into_iter().filter_map(trouble).collect()
}

fn unschedulable(pod: &Value) -> Option<String> {
    let condition = condition(pod, "PodScheduled")?;
    let is_so = text(condition, "/status") == "False" && text(condition, "/reason") == "Unschedulable";
    is_so.then(|| format!("Unschedulable - {}", text(condition, "/message")))
}

fn stuck(pod: &Value) -> Option<String> {
    let statuses = ["/status/initContainerStatuses", "/status/containerStatuses"];
    let all = statuses
        .into_iter()
        .filter_map(|at| pod.pointer(at)?.as_array())
        .flatten();
    let mut waiting = all.filter_map(|status| status.pointer("/state/waiting"));
    let waiting = waiting.find(|waiting| STUCK.contains(&text(waiting, "/reason")))?;
    Some(format!("{} - {}", text(waiting, "/reason"), text(waiting, "/message")))
}

fn deployment(object: &Value) -> (String, Stage) {
    let name = text(object, "/metadata/name");
    let begin = format!("Waiting for deployment \"{name}\" rollout to finish");
    let [updated, total, available] =
        ["updatedReplicas", "replicas", "availableReplicas"].map(|field| count(object, &format!("/status/{field}")));
    let wanted = object.pointer("/spec/replicas").and_then(Value::as_i64);
    if !is_observed(object) {
        return waiting("Waiting for deployment spec update to be observed...");
    }
    if deadline_exceeded(object) {
        return (
            format!("deployment \"{name}\" exceeded its progress deadline"),
            Stage::Failed,
        );
    }
    if let Some(wanted) = wanted.filter(|wanted| updated < *wanted) {
        return waiting(format!(
            "{begin}: {updated} out of {wanted} new replicas have been updated..."
        ));
    }
    if total > updated {
        return waiting(format!(
            "{begin}: {} old replicas are pending termination...",
            total - updated
        ));
    }
    if available < updated {
        return waiting(format!(
            "{begin}: {available} of {updated} updated replicas are available..."
        ));
    }
    (format!("deployment \"{name}\" successfully rolled out"), Stage::Done)
}

fn daemon_set(object: &Value) -> (String, Stage) {
    if let Some(other) = other_strategy(object) {
        return other;
    }
    let name = text(object, "/metadata/name");
    let begin = format!("Waiting for daemon set \"{name}\" rollout to finish");
    let [updated, wanted, available] = ["updatedNumberScheduled", "desiredNumberScheduled", "numberAvailable"]
        .map(|field| count(object, &format!("/status/{field}")));
    if !is_observed(object) {
        return waiting("Waiting for daemon set spec update to be observed...");
    }
    if updated < wanted {
        return waiting(format!(
            "{begin}: {updated} out of {wanted} new pods have been updated..."
        ));
    }
    if available < wanted {
        return waiting(format!(
            "{begin}: {available} of {wanted} updated pods are available..."
        ));
    }
    (format!("daemon set \"{name}\" successfully rolled out"), Stage::Done)
}

fn stateful_set(object: &Value) -> (String, Stage) {
    if let Some(other) = other_strategy(object) {
        return other;
    }
    let [updated, ready, current] =
        ["updatedReplicas", "readyReplicas", "currentReplicas"].map(|field| count(object, &format!("/status/{field}")));
    if count(object, "/status/observedGeneration") == 0 || !is_observed(object) {
        return waiting("Waiting for statefulset spec update to be observed...");
    }
    let wanted = object.pointer("/spec/replicas").and_then(Value::as_i64);
    if let Some(wanted) = wanted.filter(|wanted| ready < *wanted) {
        return waiting(format!("Waiting for {} pods to be ready...", wanted - ready));
    }
    let rolling = object
        .pointer("/spec/updateStrategy/rollingUpdate")
        .filter(|rolling| !rolling.is_null());
    if let Some(rolling) = rolling {
        let partition = rolling.get("partition").and_then(Value::as_i64);
        let wanted = wanted.zip(partition).map(|(wanted, partition)| wanted - partition);
        if let Some(wanted) = wanted.filter(|wanted| updated < *wanted) {
            return waiting(format!(
                "Waiting for partitioned roll out to finish: {updated} out of {wanted} new pods have been updated..."
            ));
        }
        return (
            format!("partitioned roll out complete: {updated} new pods have been updated..."),
            Stage::Done,
        );
    }
    let [new, old] = ["/status/updateRevision", "/status/currentRevision"].map(|at| text(object, at));
    if new != old {
        return waiting(format!(
            "waiting for statefulset rolling update to complete {updated} pods at revision {new}..."
        ));
    }
    (
        format!("statefulset rolling update complete {current} pods at revision {old}..."),
        Stage::Done,
    )
}

fn other_strategy(object: &Value) -> Option<(String, Stage)> {
    let rolls = text(object, "/spec/updateStrategy/type") == "RollingUpdate";
    let text = "rollout status is only available for RollingUpdate strategy type";
    (!rolls).then(|| (text.to_string(), Stage::Failed))
}

fn waiting(text: impl Into<String>) -> (String, Stage) {
    (text.into(), Stage::Waiting)
}

fn is_observed(object: &Value) -> bool {
    count(object, "/metadata/generation") <= count(object, "/status/observedGeneration")
}

fn count(object: &Value, pointer: &str) -> i64 {
    object.pointer(pointer).and_then(Value::as_i64).unwrap_or_default()
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(generation: i64, spec: Value, status: Value) -> Value {
        let mut status = status;
        status["observedGeneration"] = 2.into();
        json!({"metadata": {"name": "web", "generation": generation}, "spec": spec, "status": status})
    }

    #[test]
    fn a_deployment_waits_for_one_thing_after_the_other() {
        let wait = "Waiting for deployment \"web\" rollout to finish: ";
        let late = json!([{"type": "Progressing", "reason": "ProgressDeadlineExceeded"}]);
        for (generation, status, text, stage) in [
            (
                3,
                json!({}),
                "Waiting for deployment spec update to be observed...".to_string(),
                Stage::Waiting,
            ),
            (
                2,
                json!({"conditions": late}),
                "deployment \"web\" exceeded its progress deadline".to_string(),
                Stage::Failed,
            ),
            (
                2,
                json!({"updatedReplicas": 1}),
                format!("{wait}1 out of 3 new replicas have been updated..."),
                Stage::Waiting,
            ),
            (
                2,
                json!({"updatedReplicas": 3, "replicas": 5}),
                format!("{wait}2 old replicas are pending termination..."),
                Stage::Waiting,
            ),
            (
                2,
                json!({"updatedReplicas": 3, "replicas": 3, "availableReplicas": 2}),
                format!("{wait}2 of 3 updated replicas are available..."),
                Stage::Waiting,
            ),
            (
                2,
                json!({"updatedReplicas": 3, "replicas": 3, "availableReplicas": 3}),
                "deployment \"web\" successfully rolled out".to_string(),
                Stage::Done,
            ),
        ] {
            let told = status_of("Deployment", generation, json!({"replicas": 3}), status);
            assert_eq!(told, (text, stage));
        }
    }

    fn status_of(kind: &str, generation: i64, spec: Value, status: Value) -> (String, Stage) {
        let progress = super::status(kind, &object(generation, spec, status));
        (progress.text, progress.stage)
    }

    #[test]
    fn a_daemon_set_waits_under_rolling_update_only() {
        let wait = "Waiting for daemon set \"web\" rollout to finish: ";
        let rolling = json!({"updateStrategy": {"type": "RollingUpdate"}});
        let on_delete = json!({"updateStrategy": {"type": "OnDelete"}});
        for (generation, spec, status, text, stage) in [
            (
                2,
                &on_delete,
                json!({}),
                "rollout status is only available for RollingUpdate strategy type".to_string(),
                Stage::Failed,
            ),
            (
                3,
                &rolling,
                json!({}),
                "Waiting for daemon set spec update to be observed...".to_string(),
                Stage::Waiting,
            ),
            (
                2,
                &rolling,
                json!({"desiredNumberScheduled": 3, "updatedNumberScheduled": 1}),
                format!("{wait}1 out of 3 new pods have been updated..."),
                Stage::Waiting,
            ),
            (
                2,
                &rolling,
                json!({"desiredNumberScheduled": 3, "updatedNumberScheduled": 3, "numberAvailable": 2}),
                format!("{wait}2 of 3 updated pods are available..."),
                Stage::Waiting,
            ),
            (
                2,
                &rolling,
                json!({}),
                "daemon set \"web\" successfully rolled out".to_string(),
                Stage::Done,
            ),
        ] {
            assert_eq!(status_of("DaemonSet", generation, spec.clone(), status), (text, stage));
        }
    }

    #[test]
    fn a_stateful_set_honours_its_partition() {
        let spec = |rolling: Value| json!({"replicas": 3, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": rolling}});
        let ready = |updated: i64| {
            json!({"readyReplicas": 3, "updatedReplicas": updated, "currentReplicas": 3,
            "updateRevision": "web-2", "currentRevision": if updated == 3 { "web-2" } else { "web-1" }})
        };
        for (spec, status, text, stage) in [
            (
                spec(json!(null)),
                json!({"readyReplicas": 1}),
                "Waiting for 2 pods to be ready...",
                Stage::Waiting,
            ),
            (
                spec(json!({"partition": 1})),
                ready(1),
                "Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...",
                Stage::Waiting,
            ),
            (
                spec(json!({"partition": 1})),
                ready(2),
                "partitioned roll out complete: 2 new pods have been updated...",
                Stage::Done,
            ),
            (
                spec(json!(null)),
                ready(1),
                "waiting for statefulset rolling update to complete 1 pods at revision web-2...",
                Stage::Waiting,
            ),
            (
                spec(json!(null)),
                ready(3),
                "statefulset rolling update complete 3 pods at revision web-2...",
                Stage::Done,
            ),
        ] {
            assert_eq!(status_of("StatefulSet", 2, spec, status), (text.to_string(), stage));
        }
        let unseen = json!({"spec": {"updateStrategy": {"type": "RollingUpdate"}}});
        assert_eq!(super::status("StatefulSet", &unseen).stage, Stage::Waiting);
    }

    #[test]
    fn pods_say_why_they_do_not_run() {
        let pods = [
            json!({"metadata": {"name": "a"}, "status": {"containerStatuses": [{"state": {"waiting": {"reason": "ErrImagePull", "message": "no such image"}}}]}}),
            json!({"metadata": {"name": "b"}, "status": {"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}]}}),
            json!({"metadata": {"name": "c"}, "status": {"containerStatuses": [{"state": {"running": {}}}, null]}}),
            json!(null),
        ];
        let told = troubles(&pods);
        assert_eq!(told.len(), 2);
        assert_eq!(told[0], ("a".to_string(), "ErrImagePull - no such image".to_string()));
        assert_eq!(told[1].1, "Unschedulable - 0/3 nodes");
    }
}
