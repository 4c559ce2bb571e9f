//! What claims and templates of claims have in common.

use serde_json::Value;

use crate::relations::kinds::{STORAGE_CLASS, VOLUME};

use super::value::{Read, join};
use super::{Writer, amounts, meta};

/// The annotation that named the class before the field did; kubectl still reads it first.
const CLASS: &str = "volume.beta.kubernetes.io/storage-class";

/// The name of the storage class of a claim or a volume; empty for none.
pub fn class(object: &Value) -> String {
    match object.at("metadata.annotations").key(CLASS) {
        Value::Null => object.at("spec.storageClassName").show(),
        class => class.show(),
    }
}

/// The storage class, as a link.
pub fn class_field(object: &Value, out: &mut Writer) {
    let class = class(object);
    let words = out.naming(&*class, &STORAGE_CLASS, &class);
    out.field("StorageClass", words);
}

/// Access modes as `RWO,ROX,RWX,RWOP`, always in this order.
pub fn access_modes(modes: &Value) -> String {
    let known = [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ];
    let has = |name: &str| modes.list().iter().any(|mode| mode.text() == name);
    join(
        known.into_iter().filter(|(name, _)| has(name)).map(|(_, short)| short),
        ",",
    )
}

/// Volume, labels and annotations.
pub fn volume_and_labels(claim: &Value, out: &mut Writer) {
    let volume = claim.at("spec.volumeName");
    out.field("Volume", out.naming(volume.show(), &VOLUME, volume.text()));
    meta::labels_and_annotations(claim, out);
}

/// Capacity, modes and data source. A claim without a volume has neither capacity nor access modes yet.
pub fn capacity_and_modes(claim: &Value, out: &mut Writer) {
    let spec = claim.key("spec");
    let bound = !spec.key("volumeName").text().is_empty();
    let status = if bound { claim.key("status") } else { &Value::Null };
    let capacity = if bound {
        amounts::text(status.at("capacity.storage"))
    } else {
        String::new()
    };
    out.field("Capacity", capacity);
    out.field("Access Modes", access_modes(status.key("accessModes")));
    if spec.key("volumeMode").is_set() {
        out.field("VolumeMode", spec.key("volumeMode").show());
    }
    let source = spec.key("dataSource");
    if source.is_set() {
        out.heading("DataSource");
        out.nested(|out| {
            for (label, field) in [("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")] {
                if field != "apiGroup" || source.key(field).is_set() {
                    out.field(label, source.key(field).show());
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn modes_stand_in_a_fixed_order_and_once() {
        assert_eq!(
            access_modes(&json!(["ReadWriteMany", "ReadWriteOnce", "ReadWriteMany"])),
            "RWO,RWX"
        );
        assert_eq!(access_modes(&json!(null)), "");
    }

    #[test]
    fn the_annotation_names_the_class_before_the_field() {
        assert_eq!(
            class(&json!({"metadata": {"annotations": {CLASS: "old"}}, "spec": {"storageClassName": "new"}})),
            "old"
        );
        assert_eq!(class(&json!({"spec": {"storageClassName": "new"}})), "new");
        assert_eq!(class(&json!({})), "");
    }
}
