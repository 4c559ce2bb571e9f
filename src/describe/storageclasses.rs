//! StorageClasses and VolumeAttributesClasses.

use serde_json::Value;

use super::value::{Read, bool_or_unset, or};
use super::words::Words;
use super::{Describer, Input, Writer, meta, persistentvolumes};

/// Describes a StorageClass, as `describeStorageClass` in kubectl.
pub struct StorageClasses;

/// Describes a VolumeAttributesClass, as `describeVolumeAttributesClass` in kubectl.
pub struct VolumeAttributesClasses;

const DEFAULT: [&str; 2] = [
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
];

impl Describer for StorageClasses {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("storage.k8s.io", "StorageClass")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let class = input.object;
        meta::name(class, out);
        out.field("IsDefaultClass", if is_default(class) { "Yes" } else { "No" });
        out.field("Labels", meta::labels(class.at("metadata.labels")));
        out.field("Annotations", meta::format_labels(class.at("metadata.annotations")));
        out.field("Provisioner", class.key("provisioner").show());
        out.field("Parameters", meta::format_labels(class.key("parameters")));
        out.field("AllowVolumeExpansion", bool_or_unset(class.key("allowVolumeExpansion")));
        let options = class.key("mountOptions").list();
        if options.is_empty() {
            out.field("MountOptions", Words::none());
        } else {
            out.heading("MountOptions");
            out.nested(|out| options.iter().for_each(|option| out.lines(option.show())));
        }
        for (label, field) in [
            ("ReclaimPolicy", "reclaimPolicy"),
            ("VolumeBindingMode", "volumeBindingMode"),
        ] {
            if class.key(field).is_set() {
                out.field(label, class.key(field).show());
            }
        }
        topologies(class.key("allowedTopologies"), out);
    }
}

fn is_default(class: &Value) -> bool {
    DEFAULT
        .iter()
        .any(|key| class.at("metadata.annotations").key(key).text() == "true")
}

fn topologies(topologies: &Value, out: &mut Writer) {
    if !topologies.is_set() {
        return;
    }
    if topologies.list().is_empty() {
        return out.field("AllowedTopologies", Words::none());
    }
    out.heading("AllowedTopologies");
    out.nested(|out| {
        for (index, term) in topologies.list().iter().enumerate() {
            let requirements = term.key("matchLabelExpressions").list().iter();
            let lines = requirements.map(|one| persistentvolumes::requirement(one, "in").into());
            out.field(&format!("Term {index}"), Words::stack(lines));
        }
    });
}

impl Describer for VolumeAttributesClasses {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("storage.k8s.io", "VolumeAttributesClass")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let class = input.object;
        meta::name(class, out);
        out.field("Annotations", meta::format_labels(class.at("metadata.annotations")));
        out.field("DriverName", or(class.key("driverName").text(), "<unset>"));
        out.field("Parameters", meta::format_labels(class.key("parameters")));
    }
}
