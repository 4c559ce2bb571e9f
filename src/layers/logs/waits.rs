//! Containers that have written nothing, because they have not started: what they wait for.

use serde_json::Value;

use super::super::logs::Logs;
use super::source::containers;
use crate::core::layer::LayerCx;
use crate::core::text::clean;
use crate::describe::Read;

/// What waits in the ordinary course of things.
const PASSING: [&str; 2] = ["ContainerCreating", "PodInitializing"];

/// A container that has not started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// `web-0/app`.
    pub name: String,
    /// Why, such as `ImagePullBackOff`; empty where nothing is said.
    pub reason: String,
    /// The kubelet's or the scheduler's words.
    pub message: String,
}

impl Waits {
    /// Whether it does not pass by itself in a moment.
    pub fn is_stuck(&self) -> bool {
        !self.reason.is_empty() && !PASSING.contains(&self.reason.as_str())
    }
}

impl Logs {
    /// The containers of the view that have not started.
    pub(super) fn waits(&self, cx: &LayerCx) -> Vec<Waits> {
        let mut found = Vec::new();
        for finder in &self.finders {
            for pod in finder.pods(cx.store) {
                let all = waits(pod);
                let wanted = finder.containers();
                let wanted = |waits: &Waits| {
                    wanted.is_empty() || wanted.iter().any(|name| waits.name.ends_with(&format!("/{name}")))
                };
                found.extend(all.into_iter().filter(wanted));
            }
        }
        found
    }

    /// Whether there are pods at all.
    pub(super) fn has_pods(&self, cx: &LayerCx) -> bool {
        self.finders.iter().any(|finder| !finder.pods(cx.store).is_empty())
    }
}

fn waits(pod: &Value) -> Vec<Waits> {
    let (pod_name, status) = (pod.at("metadata.name").text(), pod.key("status"));
    let statuses = [
        "initContainerStatuses",
        "containerStatuses",
        "ephemeralContainerStatuses",
    ];
    let unscheduled =
        status.key("conditions").list().iter().find(|condition| {
            condition.key("type").text() == "PodScheduled" && condition.key("status").text() == "False"
        });
    let waits = |name: &str| {
        let own = statuses.iter().flat_map(|list| status.key(list).list());
        let mut own = own.filter(|status| status.key("name").text() == name);
        let waiting = own.next().map(|status| status.at("state.waiting")).or(unscheduled);
        Waits {
            name: clean(&format!("{pod_name}/{name}")).into_owned(),
            reason: waiting
                .map(|why| clean(why.key("reason").text()).into_owned())
                .unwrap_or_default(),
            message: waiting
                .map(|why| clean(why.key("message").text()).into_owned())
                .unwrap_or_default(),
        }
    };
    let known = containers(pod);
    known
        .iter()
        .filter(|known| !known.has_log)
        .map(|known| waits(&known.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_not_started_says_what_it_waits_for() {
        let mut pod = json!({"metadata": {"name": "web-0"}, "spec": {"containers": [{"name": "app"}, {"name": "side"}]},
            "status": {"containerStatuses": [{"name": "side", "state": {"running": {"startedAt": "2026-11-21T02:00:00Z"}}},
                {"name": "app", "state": {"waiting": {"reason": "ErrImagePull", "message": "no such tag"}}}]}});
        let found = waits(&pod);
        assert_eq!(
            found,
            [Waits {
                name: "web-0/app".into(),
                reason: "ErrImagePull".into(),
                message: "no such tag".into()
            }]
        );
        assert!(found[0].is_stuck());
        pod["status"] = json!({"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}]});
        let found = waits(&pod);
        assert_eq!(
            (found.len(), found[1].reason.as_str(), found[1].message.as_str()),
            (2, "Unschedulable", "0/3 nodes")
        );
        pod["status"] = json!("x");
        assert!(!waits(&pod)[0].is_stuck());
    }
}
