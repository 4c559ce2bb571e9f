//! Volumes, claims and classes.

use jiff::Timestamp;
use serde_json::Value;

use super::Printer;
use super::column::{AGE, Column, NAME};
use super::text::{age, name, number, or};
use crate::mock::values::list;

/// Access modes in short, each once, in the API's order.
fn modes(modes: &Value) -> String {
    let short = [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ];
    let has = |mode: &str| list(modes).any(|given| given == mode);
    short
        .iter()
        .filter(|(mode, _)| has(mode))
        .map(|(_, short)| *short)
        .collect::<Vec<_>>()
        .join(",")
}

fn phase(object: &Value) -> Value {
    let dying = object["metadata"]["deletionTimestamp"].is_string();
    if dying {
        "Terminating".into()
    } else {
        or(&object["status"]["phase"], "").into()
    }
}

/// The class: the old annotation wins over the field.
fn class(object: &Value) -> Value {
    let old = &object["metadata"]["annotations"]["volume.beta.kubernetes.io/storage-class"];
    or(old, or(&object["spec"]["storageClassName"], "")).into()
}

const CLASS: Column = Column::text("StorageClass");
const ATTRIBUTES: Column = Column::text("VolumeAttributesClass");
const MODES: Column = Column::text("Access Modes");
const VOLUME_MODE: Column = Column::wide("VolumeMode");

/// The printer of volumes.
pub const VOLUMES: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Capacity"),
        MODES,
        Column::text("Reclaim Policy"),
        Column::text("Status"),
        Column::text("Claim"),
        CLASS,
        ATTRIBUTES,
        Column::text("Reason"),
        AGE,
        VOLUME_MODE,
    ],
    cells: volume,
};

fn volume(object: &Value, now: Timestamp) -> Vec<Value> {
    let (spec, claim) = (&object["spec"], &object["spec"]["claimRef"]);
    let claim = if claim.is_object() {
        format!("{}/{}", or(&claim["namespace"], ""), or(&claim["name"], ""))
    } else {
        String::new()
    };
    vec![
        name(object),
        or(&spec["capacity"]["storage"], "0").into(),
        modes(&spec["accessModes"]).into(),
        or(&spec["persistentVolumeReclaimPolicy"], "").into(),
        phase(object),
        claim.into(),
        class(object),
        or(&spec["volumeAttributesClassName"], "<unset>").into(),
        or(&object["status"]["reason"], "").into(),
        age(object, now),
        or(&spec["volumeMode"], "<unset>").into(),
    ]
}

/// The printer of claims.
pub const CLAIMS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Status"),
        Column::text("Volume"),
        Column::text("Capacity"),
        MODES,
        CLASS,
        ATTRIBUTES,
        AGE,
        VOLUME_MODE,
    ],
    cells: claim,
};

fn claim(object: &Value, now: Timestamp) -> Vec<Value> {
    let (spec, status) = (&object["spec"], &object["status"]);
    let volume = or(&spec["volumeName"], "");
    let bound = |text: String| if volume.is_empty() { String::new() } else { text };
    vec![
        name(object),
        phase(object),
        volume.into(),
        bound(or(&status["capacity"]["storage"], "0").to_owned()).into(),
        bound(modes(&status["accessModes"])).into(),
        class(object),
        or(&spec["volumeAttributesClassName"], "<unset>").into(),
        age(object, now),
        or(&spec["volumeMode"], "<unset>").into(),
    ]
}

/// The printer of storage classes.
pub const CLASSES: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Provisioner"),
        Column::text("ReclaimPolicy"),
        Column::text("VolumeBindingMode"),
        Column::text("AllowVolumeExpansion"),
        AGE,
    ],
    cells: storage_class,
};

fn storage_class(object: &Value, now: Timestamp) -> Vec<Value> {
    let annotations = &object["metadata"]["annotations"];
    let marked =
        |domain: &str| annotations[format!("storageclass.{domain}.kubernetes.io/is-default-class").as_str()] == "true";
    let default = annotations["storageclass.kubernetes.io/is-default-class"] == "true" || marked("beta");
    let name = or(&object["metadata"]["name"], "");
    vec![
        if default {
            format!("{name} (default)").into()
        } else {
            name.into()
        },
        or(&object["provisioner"], "").into(),
        or(&object["reclaimPolicy"], "Delete").into(),
        or(&object["volumeBindingMode"], "<unset>").into(),
        object["allowVolumeExpansion"].as_bool().unwrap_or_default().into(),
        age(object, now),
    ]
}

/// The printer of CSI drivers.
pub const DRIVERS: Printer = Printer {
    columns: &[
        NAME,
        Column::typed("AttachRequired", "boolean"),
        Column::typed("PodInfoOnMount", "boolean"),
        Column::typed("StorageCapacity", "boolean"),
        Column::text("TokenRequests"),
        Column::typed("RequiresRepublish", "boolean"),
        Column::text("Modes"),
        AGE,
    ],
    cells: driver,
};

fn driver(object: &Value, now: Timestamp) -> Vec<Value> {
    let spec = &object["spec"];
    let flag = |name: &str, missing: bool| Value::from(spec[name].as_bool().unwrap_or(missing));
    let texts = |list: Vec<&str>, missing: &str| {
        if list.is_empty() {
            missing.to_owned()
        } else {
            list.join(",")
        }
    };
    let audiences = list(&spec["tokenRequests"])
        .filter_map(|request| request["audience"].as_str())
        .collect();
    let lifecycle = list(&spec["volumeLifecycleModes"]).filter_map(Value::as_str).collect();
    vec![
        name(object),
        flag("attachRequired", true),
        flag("podInfoOnMount", false),
        flag("storageCapacity", false),
        texts(audiences, "<unset>").into(),
        flag("requiresRepublish", false),
        texts(lifecycle, "<none>").into(),
        age(object, now),
    ]
}

/// The printer of CSI nodes.
pub const CSI_NODES: Printer = Printer {
    columns: &[NAME, Column::number("Drivers"), AGE],
    cells: |object, now| {
        vec![
            name(object),
            list(&object["spec"]["drivers"]).count().into(),
            age(object, now),
        ]
    },
};

/// The printer of volume attachments.
pub const ATTACHMENTS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Attacher").named(),
        Column::text("PV"),
        Column::text("Node"),
        Column::typed("Attached", "boolean"),
        AGE,
    ],
    cells: |object, now| {
        let spec = &object["spec"];
        let volume = or(&spec["source"]["persistentVolumeName"], "");
        let attached = object["status"]["attached"].as_bool().unwrap_or_default();
        let (attacher, node) = (or(&spec["attacher"], ""), or(&spec["nodeName"], ""));
        vec![
            name(object),
            attacher.into(),
            volume.into(),
            node.into(),
            attached.into(),
            age(object, now),
        ]
    },
};

/// The printer of priority classes.
pub const PRIORITIES: Printer = Printer {
    columns: &[
        NAME,
        Column::number("Value"),
        Column::typed("Global-Default", "boolean"),
        AGE,
        Column::text("PreemptionPolicy"),
    ],
    cells: |object, now| {
        let default = object["globalDefault"].as_bool().unwrap_or_default();
        let policy = or(&object["preemptionPolicy"], "PreemptLowerPriority");
        vec![
            name(object),
            number(&object["value"]),
            default.into(),
            age(object, now),
            policy.into(),
        ]
    },
};
