//! PersistentVolumes.

use serde_json::Value;

use crate::core::reference::Reference;
use crate::core::text::Tone;
use crate::relations::kinds::CLAIM;

use super::value::{Read, joined};
use super::words::Words;
use super::{Describer, Input, Writer, amounts, meta, time, volume_claim, volumes};

/// Describes a PersistentVolume, as `describePersistentVolume` in kubectl.
pub struct PersistentVolumes;

impl Describer for PersistentVolumes {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "PersistentVolume")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let (volume, spec) = (input.object, input.object.key("spec"));
        meta::all(volume, out);
        out.field("Finalizers", finalizers(volume));
        volume_claim::class_field(volume, out);
        out.field("Status", status(input));
        let [namespace, name] = ["namespace", "name"].map(|field| spec.key("claimRef").key(field).text());
        out.field(
            "Claim",
            Words::from(claim(spec.key("claimRef"))).naming(&Reference::to(&CLAIM, namespace, name)),
        );
        out.field("Reclaim Policy", spec.key("persistentVolumeReclaimPolicy").show());
        out.field("Access Modes", volume_claim::access_modes(spec.key("accessModes")));
        if spec.key("volumeMode").is_set() {
            out.field("VolumeMode", spec.key("volumeMode").show());
        }
        out.field("Capacity", amounts::text(spec.at("capacity.storage")));
        node_affinity(spec.at("nodeAffinity.required"), out);
        if !volume.at("status.reason").text().is_empty() {
            out.field("Reason", Words::toned(volume.at("status.reason").text(), Tone::Error));
        }
        out.field("Message", volume.at("status.message").show());
        out.section("Source");
        volumes::source(spec, true, out);
    }
}

/// Finalizers as kubectl prints them: `[a b]`.
pub fn finalizers(object: &Value) -> String {
    format!("[{}]", joined(object.at("metadata.finalizers"), " "))
}

/// The phase of a volume or claim, or for how long it is being deleted.
pub fn status(input: &Input) -> Words {
    let deleted = input.object.at("metadata.deletionTimestamp");
    if deleted.is_set() {
        return Words::toned(
            format!("Terminating (lasts {})", time::since(deleted, input.clock)),
            Tone::Busy,
        );
    }
    let phase = input.object.at("status.phase").show();
    let tone = match phase.as_str() {
        "Bound" | "Available" => Tone::Good,
        "Pending" | "Released" => Tone::Warn,
        "Failed" | "Lost" => Tone::Error,
        _ => Tone::Plain,
    };
    Words::toned(phase, tone)
}

fn claim(reference: &Value) -> String {
    match reference {
        Value::Null => String::new(),
        claim => format!("{}/{}", claim.key("namespace").show(), claim.key("name").show()),
    }
}

fn node_affinity(required: &Value, out: &mut Writer) {
    if !required.is_set() {
        return out.field("Node Affinity", Words::none());
    }
    out.heading("Node Affinity");
    let terms = required.key("nodeSelectorTerms").list();
    out.nested(|out| {
        if terms.is_empty() {
            return out.field("Required Terms", Words::none());
        }
        out.heading("Required Terms");
        out.nested(|out| {
            for (index, term) in terms.iter().enumerate() {
                let requirements = term.key("matchExpressions").list().iter();
                let lines = requirements.map(|one| requirement(one, &one.key("operator").text().to_lowercase()).into());
                out.field(&format!("Term {index}"), Words::stack(lines));
            }
        });
    });
}

/// `key in [a, b]`, without brackets where there are no values.
pub fn requirement(requirement: &Value, operator: &str) -> String {
    let key = requirement.key("key").show();
    match requirement.key("values").list() {
        [] => format!("{key} {operator}"),
        _ => format!("{key} {operator} [{}]", joined(requirement.key("values"), ", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn affinity_reads_as_kubectl_writes_it() {
        let expressions = json!([{"key": "kubernetes.io/hostname", "operator": "In", "values": ["n1", "n2"]}, {"key": "ssd", "operator": "Exists"}]);
        let mut out = Writer::default();
        node_affinity(
            &json!({"nodeSelectorTerms": [{"matchExpressions": expressions}, {}]}),
            &mut out,
        );
        let expected = "  Node Affinity:
    Required Terms:
      Term 0:  kubernetes.io/hostname in [n1, n2]
               ssd exists
      Term 1:  <none>
";
        assert_eq!(out.finish().text(), expected);
    }
}
