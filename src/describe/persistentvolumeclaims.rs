//! PersistentVolumeClaims.

use serde_json::Value;

use crate::core::text::Tone;
use crate::relations::kinds::POD;

use super::need::{Answer, Need};
use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, conditions, meta, persistentvolumes, volume_claim};

/// Describes a PersistentVolumeClaim, as `describePersistentVolumeClaim` in kubectl.
pub struct PersistentVolumeClaims;

const PODS: &str = "pods";

impl Describer for PersistentVolumeClaims {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "PersistentVolumeClaim")]
    }

    fn needs(&self, claim: &Value) -> Vec<Need> {
        vec![Need::list(
            PODS,
            ("", "v1", "pods"),
            claim.at("metadata.namespace").text(),
        )]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let claim = input.object;
        meta::name(claim, out);
        volume_claim::class_field(claim, out);
        out.field("Status", persistentvolumes::status(input));
        volume_claim::volume_and_labels(claim, out);
        out.field("Finalizers", persistentvolumes::finalizers(claim));
        volume_claim::capacity_and_modes(claim, out);
        out.field("Used By", used_by(input, out));
        conditions::with_times(
            claim.at("status.conditions"),
            Some(("LastProbeTime", "lastProbeTime")),
            out,
        );
    }
}

fn used_by(input: &Input, out: &Writer) -> Words {
    match input.related.get(PODS) {
        Answer::Loading => "…".into(),
        Answer::Refused(message) => Words::toned(message, Tone::Warn),
        Answer::Items(pods) => {
            let users = users(pods, input.object).into_iter();
            Words::stack(users.map(|name| out.naming(name, &POD, name)))
        }
    }
}

/// The names of the pods that mount the claim or own it, sorted.
fn users<'a>(pods: &'a [Value], claim: &Value) -> Vec<&'a str> {
    let name = claim.at("metadata.name").text();
    let mounts = |pod: &Value| {
        let volumes = pod.at("spec.volumes").list();
        volumes
            .iter()
            .any(|volume| volume.at("persistentVolumeClaim.claimName").as_str() == Some(name))
    };
    let owners = claim.at("metadata.ownerReferences").list();
    let owns = |pod: &Value| {
        let uid = pod.at("metadata.uid").text();
        owners
            .iter()
            .any(|owner| owner.key("kind").text() == "Pod" && owner.key("uid").text() == uid && !uid.is_empty())
    };
    let users = pods.iter().filter(|pod| mounts(pod) || owns(pod));
    let mut names: Vec<_> = users.map(|pod| pod.at("metadata.name").text()).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn users_mount_the_claim_or_own_it() {
        let volume =
            json!([{"persistentVolumeClaim": {"claimName": "c"}}, {"persistentVolumeClaim": {"claimName": "c"}}]);
        let pods = [
            json!({"metadata": {"name": "b", "uid": "1"}, "spec": {"volumes": volume}}),
            json!({"metadata": {"name": "a", "uid": "2"}}),
            json!({"metadata": {"name": "other"}, "spec": {"volumes": [{"persistentVolumeClaim": {"claimName": "d"}}, {"emptyDir": {}}]}}),
        ];
        let claim = json!({"metadata": {"name": "c", "ownerReferences": [{"kind": "Pod", "uid": "2"}]}});
        assert_eq!(users(&pods, &claim), ["a", "b"]);
    }
}
