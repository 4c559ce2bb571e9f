//! How a main process ended that was attached to. Its stream does not tell: the kubelet tells of no code there, and the pod's
//! status is looked at, as `kubectl run -it` does.

use serde_json::Value;

use super::{End, Phase, Shell};
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::layer::{LayerCx, Next};
use crate::core::store::Sync;
use crate::core::watch::WatchSpec;
use crate::layers::watched;

impl Shell {
    /// The stream is over: the pod is watched until it says how its container ended.
    pub(super) fn ask(&mut self, cx: &LayerCx) -> Next {
        let watch = cx.ids.watch();
        self.lent = false;
        self.phase = Phase::Over(watch);
        Next::Effects(vec![Effect::Watch(watch, self.pod_alone())])
    }

    /// The watch of the pod.
    pub(super) fn pod_alone(&self) -> WatchSpec {
        WatchSpec::object(self.pod.resource.clone(), self.pod.namespace.as_deref(), &self.pod.name)
    }

    /// The pod may have changed. One that is gone, or may not be watched, tells nothing.
    pub(super) fn told(&mut self, watch: WatchId, cx: &LayerCx) -> Next {
        let Some(table) = cx.store.get(watch) else {
            return Next::Ignored;
        };
        let row = table.rows().iter().find(|row| !row.is_gone());
        let container = self.container.as_deref().unwrap_or_default();
        let end = match row.and_then(watched::value) {
            Some(pod) => end(pod, container, self.ran.as_deref()),
            None if table.is_complete() || matches!(table.sync(), Sync::Stale { .. }) => Some(End::Untold),
            None => None,
        };
        match end {
            Some(end) => {
                let ended = self.ended(end, cx);
                Next::Many(vec![Next::Effects(vec![Effect::Unwatch(watch)]), ended])
            }
            None => Next::Ignored,
        }
    }
}

/// How a container ended by the words of its pod, nothing as long as it has not. `ran` is the `containerID` of the one that
/// is meant: another may have been started in its place.
fn end(pod: &Value, container: &str, ran: Option<&str>) -> Option<End> {
    let lists = [
        "containerStatuses",
        "initContainerStatuses",
        "ephemeralContainerStatuses",
    ];
    let of = |list: &&str| pod.get("status")?.get(*list)?.as_array();
    let mut statuses = lists.iter().filter_map(of).flatten();
    let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).map(str::to_string);
    let status = statuses.find(|status| text(status, "name").as_deref() == Some(container))?;
    let meant = |ended: &&Value| ran.is_none() || text(ended, "containerID").as_deref() == ran;
    let now = status.pointer("/state/terminated").filter(meant);
    let before = || status.pointer("/lastState/terminated").filter(|_| ran.is_some());
    let ended = now.or_else(|| before().filter(meant))?;
    let code = ended.get("exitCode").and_then(Value::as_i64)?;
    let reason = text(ended, "reason").filter(|reason| !matches!(&**reason, "Completed" | "Error"));
    Some(End::Code(i32::try_from(code).ok()?, reason))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_status_of_the_very_container_tells() {
        let ended = |code: i64, reason: &str, id: &str| json!({"terminated": {"exitCode": code, "reason": reason, "containerID": id}});
        let running = json!({"running": {"startedAt": "2026-11-21T00:00:00Z"}});
        let none = json!({});
        for (state, last, ran, wanted) in [
            (ended(0, "Completed", "a"), &none, Some("a"), Some((0, None))),
            (ended(3, "Error", "a"), &none, Some("a"), Some((3, None))),
            (
                ended(137, "OOMKilled", "a"),
                &none,
                Some("a"),
                Some((137, Some("OOMKilled"))),
            ),
            (running.clone(), &ended(7, "Error", "a"), Some("a"), Some((7, None))),
            (running.clone(), &ended(7, "Error", "b"), Some("a"), None),
            (running.clone(), &ended(7, "Error", "b"), None, None),
            (
                ended(9, "Error", "b"),
                &ended(7, "Error", "a"),
                Some("a"),
                Some((7, None)),
            ),
            (ended(9, "Error", "b"), &none, None, Some((9, None))),
            (json!({"terminated": 7}), &none, None, None),
            (running, &none, Some("a"), None),
        ] {
            let pod = json!({"status": {"containerStatuses": [7, {"name": "c", "state": state, "lastState": last}]}});
            let found = match end(&pod, "c", ran) {
                Some(End::Code(code, reason)) => Some((code, reason)),
                _ => None,
            };
            assert_eq!(
                found,
                wanted.map(|(code, reason)| (code, reason.map(str::to_string))),
                "{pod} {ran:?}"
            );
        }
        assert!(end(&json!({"status": {"containerStatuses": 7}}), "c", None).is_none());
    }
}
