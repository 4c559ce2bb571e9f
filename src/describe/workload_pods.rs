//! The pods that a workload controls, counted by phase.

use serde_json::Value;

use crate::core::text::Tone;

use super::need::{Answer, Need};
use super::value::Read;
use super::words::Words;
use super::{Input, Writer, meta, selector};

/// The tag of the workload's pods.
const PODS: &str = "pods";

/// The pods that the workload's label selector picks; nothing where it picks nothing.
pub fn needs(workload: &Value) -> Vec<Need> {
    selector::query(workload.at("spec.selector"))
        .map(|labels| of(workload, labels))
        .into_iter()
        .collect()
}

/// The pods that a plain map of labels picks, as a ReplicationController's.
pub fn needs_of_map(workload: &Value) -> Vec<Need> {
    let labels = workload.at("spec.selector").members();
    let labels = labels.into_iter().map(|(key, value)| format!("{key}={}", value.show()));
    vec![of(workload, super::value::join(labels, ","))]
}

fn of(workload: &Value, labels: String) -> Need {
    Need::list(PODS, ("", "v1", "pods"), workload.at("metadata.namespace").text()).with_labels(labels)
}

/// `Pods Status: 1 Running / 0 Waiting / 0 Succeeded / 0 Failed`, of the pods that the workload controls.
pub fn describe(input: &Input, out: &mut Writer) {
    let value = match input.related.get(PODS) {
        Answer::Loading if needs(input.object).is_empty() && !input.object.at("spec.selector").is_object() => {
            counted(input.object, &[])
        }
        Answer::Loading => "…".into(),
        Answer::Refused(message) => Words::toned(format!("error in fetching pods: {message}"), Tone::Warn),
        Answer::Items(pods) => counted(input.object, pods),
    };
    out.field("Pods Status", value);
}

fn counted(workload: &Value, pods: &[Value]) -> Words {
    let uid = workload.at("metadata.uid").text();
    let own = || {
        pods.iter()
            .filter(|pod| !uid.is_empty() && meta::controller_uid(pod) == uid)
    };
    let [running, waiting, succeeded, failed] = ["Running", "Pending", "Succeeded", "Failed"]
        .map(|phase| own().filter(|pod| pod.at("status.phase").text() == phase).count());
    let text = format!("{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed");
    let tone = if failed > 0 {
        Tone::Error
    } else if waiting > 0 {
        Tone::Busy
    } else {
        Tone::Plain
    };
    Words::toned(text, tone)
}
