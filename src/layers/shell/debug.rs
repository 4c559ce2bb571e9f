//! A debug container: it is waited for before anything can be attached to, and what keeps it from running is said.

use serde_json::Value;

use super::choice::{Choice, choices};
use super::{Phase, Shell, What};
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::layer::{LayerCx, Next};
use crate::core::reference::Reference;
use crate::core::store::Sync;
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::trouble::{Trouble, TroubleKind};
use crate::core::wrap;
use crate::layers::watched;

/// What a container waits for that comes by itself in a moment.
const PASSING: [&str; 2] = ["ContainerCreating", "PodInitializing"];

/// How far a container is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wait {
    /// Not there yet, for this reason, in the kubelet's words.
    Coming(String, String),
    /// It runs.
    Runs(Choice),
    /// It never will.
    Over(Trouble),
}

impl Shell {
    /// The shell of a container that was made for it, in a pod that is there. `node` is whether the pod was made too: it
    /// is deleted when the shell ends.
    pub fn debugging(pod: Reference, container: &str, node: bool) -> Self {
        let phase = Phase::Waiting(WatchId(0), Wait::Coming(String::new(), String::new()));
        Self::new(pod, Some(container.to_string()), What::Debug { node }, phase)
    }

    /// Watches the pod until its container runs.
    pub(super) fn wait(&mut self, cx: &LayerCx) -> Next {
        let watch = cx.ids.watch();
        self.phase = Phase::Waiting(watch, Wait::Coming(String::new(), String::new()));
        Next::Effects(vec![Effect::Watch(watch, self.pod_alone())])
    }

    /// The pod may have changed.
    pub(super) fn look(&mut self, watch: WatchId, cx: &LayerCx) -> Next {
        let Some(table) = cx.store.get(watch) else {
            return Next::Ignored;
        };
        if let (Sync::Stale { why, .. }, false) = (table.sync(), table.is_complete()) {
            let why = why.clone();
            return self.over(watch, why);
        }
        let container = self.container.clone().unwrap_or_default();
        let row = table.rows().iter().find(|row| !row.is_gone());
        let wait = match row.and_then(watched::value) {
            Some(pod) => look(pod, &container),
            None if table.is_complete() => Wait::Over(trouble("trouble.debug_gone", &container, "", "")),
            None => return Next::Ignored,
        };
        match wait {
            Wait::Runs(choice) => {
                let started = self.start(&choice, cx);
                Next::Many(vec![Next::Effects(vec![Effect::Unwatch(watch)]), started])
            }
            Wait::Over(why) => self.over(watch, why),
            coming => {
                self.phase = Phase::Waiting(watch, coming);
                Next::Ignored
            }
        }
    }

    fn over(&mut self, watch: WatchId, why: Trouble) -> Next {
        let failed = self.fail(why);
        Next::Many(vec![Next::Effects(vec![Effect::Unwatch(watch)]), failed])
    }
}

/// What a pod says of its container. An ephemeral container has no state until the kubelet has seen it.
fn look(pod: &Value, container: &str) -> Wait {
    let (found, _) = choices(pod);
    if let Some(choice) = found.into_iter().find(|choice| choice.name == container && choice.runs) {
        return Wait::Runs(choice);
    }
    let lists = ["containerStatuses", "ephemeralContainerStatuses"];
    let mut statuses = lists
        .iter()
        .filter_map(|list| pod.get("status")?.get(list)?.as_array())
        .flatten();
    let status = statuses.find(|status| text(status, "/name") == container);
    if let Some(ended) = status.and_then(|status| status.pointer("/state/terminated")) {
        let code = ended.get("exitCode").and_then(Value::as_i64).unwrap_or_default();
        let mut why = trouble(
            "trouble.debug_ended",
            container,
            &text(ended, "/reason"),
            &text(ended, "/message"),
        );
        why.args.push(("code", code.to_string()));
        return Wait::Over(why);
    }
    if matches!(&*text(pod, "/status/phase"), "Failed" | "Succeeded") {
        let (reason, message) = (text(pod, "/status/reason"), text(pod, "/status/message"));
        return Wait::Over(trouble("trouble.debug_failed", container, &reason, &message));
    }
    let waiting = status.and_then(|status| status.pointer("/state/waiting"));
    let part = |field| waiting.map(|waiting| text(waiting, field)).unwrap_or_default();
    Wait::Coming(part("/reason"), part("/message"))
}

fn text(value: &Value, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_string()
}

fn trouble(id: &'static str, container: &str, reason: &str, message: &str) -> Trouble {
    let trouble = Trouble::new(TroubleKind::Other, id).with("container", container);
    trouble.with("reason", reason).saying(message)
}

/// What is waited for, in words.
pub(super) fn lines(container: &str, wait: &Wait, cx: &LayerCx) -> Vec<Line> {
    let Wait::Coming(reason, message) = wait else {
        return Vec::new();
    };
    let head = cx.lang.f("shell.waiting", &[("container", &clean(container))]);
    let mut lines = vec![Line::of([Span::new(format!("… {head}"), Tone::Busy)])];
    let tone = if PASSING.contains(&reason.as_str()) {
        Tone::Muted
    } else {
        Tone::Error
    };
    for text in [reason, message].into_iter().filter(|text| !text.is_empty()) {
        let words = wrap::words(&clean(text), cx.space.width.saturating_sub(2));
        lines.extend(
            words
                .into_iter()
                .map(|words| Line::of([Span::new(format!("  {words}"), tone)])),
        );
    }
    if tone == Tone::Error && !reason.is_empty() {
        lines.push(Line::default());
        lines.push(Line::of([Span::plain(cx.lang.t("shell.waiting_todo"))]));
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(state: Value) -> Value {
        json!({"spec": {"containers": [{"name": "app"}], "ephemeralContainers": [{"name": "d", "stdin": true, "tty": true}]},
            "status": {"phase": "Running", "ephemeralContainerStatuses": [{"name": "d", "state": state}, 7]}})
    }

    #[test]
    fn a_container_comes_runs_or_never_will() {
        let coming = |reason: &str, message: &str| Wait::Coming(reason.into(), message.into());
        let waits = json!({"waiting": {"reason": "ErrImagePull", "message": "no such tag"}});
        for (pod, wanted) in [
            (json!(null), coming("", "")),
            (json!({"status": {"ephemeralContainerStatuses": "x"}}), coming("", "")),
            (pod(json!({})), coming("", "")),
            (pod(waits), coming("ErrImagePull", "no such tag")),
        ] {
            assert_eq!(look(&pod, "d"), wanted);
        }
        let Wait::Runs(choice) = look(&pod(json!({"running": {}})), "d") else {
            panic!()
        };
        assert!(choice.stdin && choice.tty);
        let ended = json!({"terminated": {"exitCode": 127, "reason": "StartError", "message": "no sh"}});
        let mut failed = pod(json!({}));
        failed["status"]["phase"] = json!("Failed");
        failed["status"]["reason"] = json!("OutOfpods");
        for (pod, id, arg) in [
            (pod(ended), "trouble.debug_ended", "127"),
            (failed, "trouble.debug_failed", "OutOfpods"),
        ] {
            let Wait::Over(why) = look(&pod, "d") else {
                panic!("{id}")
            };
            assert_eq!(why.id, id);
            assert!(why.args.iter().any(|(_, value)| value == arg), "{why:?}");
        }
    }
}
