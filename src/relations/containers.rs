//! The containers of a pod and how they fare.

use serde_json::Value;

use super::read::{at, list, text};
use crate::core::text::Tone;

/// Where a container stands in its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerType {
    /// Runs before the others.
    Init,
    /// Begins before the others and runs beside them: an init container that is restarted always.
    Sidecar,
    /// Runs as long as the pod.
    Regular,
    /// Was put into the running pod.
    Ephemeral,
}

impl ContainerType {
    /// Its key below `container` in `locales/`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Sidecar => "sidecar",
            Self::Regular => "regular",
            Self::Ephemeral => "ephemeral",
        }
    }
}

/// A container.
#[derive(Clone, Debug, PartialEq)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Where it stands in its pod.
    pub r#type: ContainerType,
    /// Its image.
    pub image: String,
    /// Its state as the STATUS column of pods tells states: `Running`, `CrashLoopBackOff`, `Completed`, `Error (1)`;
    /// empty where nothing is known yet.
    pub state: String,
    /// What the state means.
    pub tone: Tone,
    /// How often it was restarted.
    pub restarts: i64,
}

/// The containers of a pod: init containers, the pod's own, ephemeral ones.
pub fn of(pod: &Value) -> Vec<Container> {
    let mut out = Vec::new();
    for (specs, statuses, r#type) in [
        (
            "/spec/initContainers",
            "/status/initContainerStatuses",
            ContainerType::Init,
        ),
        ("/spec/containers", "/status/containerStatuses", ContainerType::Regular),
        (
            "/spec/ephemeralContainers",
            "/status/ephemeralContainerStatuses",
            ContainerType::Ephemeral,
        ),
    ] {
        for spec in list(pod, specs) {
            let is_sidecar = r#type == ContainerType::Init && text(spec, "/restartPolicy") == "Always";
            let r#type = if is_sidecar { ContainerType::Sidecar } else { r#type };
            let name = text(spec, "/name");
            let status = list(pod, statuses).iter().find(|status| text(status, "/name") == name);
            out.push(container(spec, status, r#type));
        }
    }
    out
}

fn container(spec: &Value, status: Option<&Value>, r#type: ContainerType) -> Container {
    let (state, tone) = status.map_or((String::new(), Tone::Muted), |status| state(status, r#type));
    Container {
        name: text(spec, "/name").to_string(),
        r#type,
        image: text(spec, "/image").to_string(),
        state,
        tone,
        restarts: status
            .and_then(|status| at(status, "/restartCount").as_i64())
            .unwrap_or(0),
    }
}

fn state(status: &Value, r#type: ContainerType) -> (String, Tone) {
    let waiting = at(status, "/state/waiting");
    let ended = at(status, "/state/terminated");
    if waiting.is_object() {
        let reason = text(waiting, "/reason");
        let tone = match reason {
            "" | "ContainerCreating" | "PodInitializing" => Tone::Busy,
            _ => Tone::Error,
        };
        return (or(reason, "Waiting").to_string(), tone);
    }
    if ended.is_object() {
        let code = at(ended, "/exitCode").as_i64().unwrap_or(0);
        let reason = or(text(ended, "/reason"), if code == 0 { "Completed" } else { "Error" });
        return match code {
            0 => (reason.to_string(), Tone::Muted),
            code => (format!("{reason} ({code})"), Tone::Error),
        };
    }
    if at(status, "/state/running").is_object() {
        let settled = at(status, "/ready").as_bool() == Some(true)
            || matches!(r#type, ContainerType::Init | ContainerType::Ephemeral);
        return ("Running".to_string(), if settled { Tone::Good } else { Tone::Warn });
    }
    (String::new(), Tone::Muted)
}

fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn states_are_told_as_pods_tell_theirs() {
        for (state, ready, text, tone) in [
            (json!({"running": {}}), true, "Running", Tone::Good),
            (json!({"running": {}}), false, "Running", Tone::Warn),
            (
                json!({"waiting": {"reason": "CrashLoopBackOff"}}),
                false,
                "CrashLoopBackOff",
                Tone::Error,
            ),
            (
                json!({"waiting": {"reason": "ContainerCreating"}}),
                false,
                "ContainerCreating",
                Tone::Busy,
            ),
            (json!({"waiting": {}}), false, "Waiting", Tone::Busy),
            (
                json!({"terminated": {"exitCode": 0, "reason": "Completed"}}),
                false,
                "Completed",
                Tone::Muted,
            ),
            (
                json!({"terminated": {"exitCode": 137, "reason": "OOMKilled"}}),
                false,
                "OOMKilled (137)",
                Tone::Error,
            ),
            (json!({"terminated": {"exitCode": 2}}), false, "Error (2)", Tone::Error),
            (json!({}), false, "", Tone::Muted),
            (json!("what"), false, "", Tone::Muted),
        ] {
            let pod = json!({"spec": {"containers": [{"name": "a", "image": "i"}]},
                "status": {"containerStatuses": [{"name": "a", "ready": ready, "restartCount": 2, "state": state}]}});
            let found = of(&pod);
            assert_eq!((found[0].state.as_str(), found[0].tone), (text, tone), "{state}");
            assert_eq!(found[0].restarts, 2);
        }
    }

    #[test]
    fn all_kinds_of_containers_are_there() {
        let pod = json!({"spec": {"initContainers": [{"name": "i"}, {"name": "s", "restartPolicy": "Always"}],
            "containers": [{"name": "c"}], "ephemeralContainers": [{"name": "e"}]}});
        let ids: Vec<_> = of(&pod).iter().map(|one| (one.name.clone(), one.r#type.id())).collect();
        let wanted = [("i", "init"), ("s", "sidecar"), ("c", "regular"), ("e", "ephemeral")];
        assert_eq!(ids, wanted.map(|(name, id)| (name.to_string(), id)));
        assert!(of(&json!({"spec": {"containers": "none"}})).is_empty());
    }
}
