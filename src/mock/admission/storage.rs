//! Volumes and claims: their defaults, and what plugins give a new one and ask of a growing one.

use serde_json::Value;

use super::Attempt;
use super::classes::default_class;
use super::defaults::{canonical, drop_all_nulls, put};
use super::limits::refused;
use super::quantity::Quantity;
use crate::mock::clock::rfc3339;
use crate::mock::server::ApiError;

/// The defaults of a claim.
pub fn claim(object: &mut Value) {
    canonical(&mut object["spec"]["resources"]);
    put(&mut object["spec"], "volumeMode", "Filesystem".into());
    put(&mut object["status"], "phase", "Pending".into());
    data_sources(&mut object["spec"]);
}

/// Where a claim's data comes from is told in two fields. Anything but a claim or a snapshot is forgotten in the older one:
/// `EnforceDataSourceBackwardsCompatibility` and `NormalizeDataSources` of Kubernetes' `pkg/api/persistentvolumeclaim`.
fn data_sources(spec: &mut Value) {
    let old = &spec["dataSource"];
    let known = matches!(
        (old["kind"].as_str(), old["apiGroup"].as_str().unwrap_or_default()),
        (Some("PersistentVolumeClaim"), "") | (Some("VolumeSnapshot"), "snapshot.storage.k8s.io")
    );
    if !known && spec["dataSourceRef"].is_null() {
        spec["dataSource"] = Value::Null;
    }
    let far = !spec["dataSourceRef"]["namespace"].is_null();
    match (spec["dataSource"].is_object(), spec["dataSourceRef"].is_object()) {
        (true, false) => spec["dataSourceRef"] = spec["dataSource"].clone(),
        (false, true) if !far => spec["dataSource"] = spec["dataSourceRef"].clone(),
        _ => {}
    }
    for name in ["dataSource", "dataSourceRef"] {
        if spec[name].is_object() && spec[name]["apiGroup"].is_null() {
            spec[name]["apiGroup"] = Value::Null;
        }
    }
    drop_all_nulls(spec);
}

/// The defaults of a volume.
pub fn volume(object: &mut Value) {
    let spec = &mut object["spec"];
    put(spec, "persistentVolumeReclaimPolicy", "Retain".into());
    put(spec, "volumeMode", "Filesystem".into());
    if spec["hostPath"].is_object() {
        put(&mut spec["hostPath"], "type", "".into());
    }
    if spec["iscsi"].is_object() {
        put(&mut spec["iscsi"], "iscsiInterface", "default".into());
    }
    drop_all_nulls(spec);
    put(&mut object["status"], "phase", "Pending".into());
}

/// A new object keeps its finalizer while it is used: the StorageObjectInUseProtection plugin.
fn protect(object: &mut Value, finalizer: &str) {
    let mut finalizers = object["metadata"]["finalizers"].as_array().cloned().unwrap_or_default();
    if !finalizers.iter().any(|known| known == finalizer) {
        finalizers.push(finalizer.into());
        object["metadata"]["finalizers"] = finalizers.into();
    }
}

/// What a new volume gets.
pub fn admit_volume(attempt: &Attempt<'_>, object: &mut Value) {
    protect(object, "kubernetes.io/pv-protection");
    put(
        &mut object["status"],
        "lastPhaseTransitionTime",
        rfc3339(attempt.api.clock.now()).into(),
    );
}

/// What a new claim gets: the default class, and its finalizer.
pub fn admit_claim(attempt: &Attempt<'_>, object: &mut Value) {
    protect(object, "kubernetes.io/pvc-protection");
    let named = object["spec"]["storageClassName"].is_string();
    if named || object["metadata"]["annotations"]["volume.beta.kubernetes.io/storage-class"].is_string() {
        return;
    }
    let marks = [
        "storageclass.kubernetes.io/is-default-class",
        "storageclass.beta.kubernetes.io/is-default-class",
    ];
    match default_class(attempt, "storageclasses.storage.k8s.io", &marks) {
        Some(name) => object["spec"]["storageClassName"] = name.into(),
        None => drop_all_nulls(&mut object["spec"]),
    }
}

/// A claim grows only if it is bound and its class says that its volumes can: the PersistentVolumeClaimResize plugin.
///
/// # Errors
/// 403 that says which of them it is.
pub fn check_growth(attempt: &Attempt<'_>, old: &Value, new: &Value) -> Result<(), ApiError> {
    let size = |claim: &Value| {
        let size = &claim["spec"]["resources"]["requests"]["storage"];
        Quantity::from_value(size).unwrap_or_default()
    };
    if size(new) <= size(old) {
        return Ok(());
    }
    let class = new["spec"]["storageClassName"].as_str().unwrap_or_default();
    let found = attempt.api.store.get("storageclasses.storage.k8s.io", "", class);
    let grows = found.is_some_and(|class| class.decode()["allowVolumeExpansion"] == true);
    let why = if old["status"]["phase"] != "Bound" {
        "Only bound persistent volume claims can be expanded"
    } else if grows {
        return Ok(());
    } else {
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
    };
    Err(refused(attempt, new, why))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn data_comes_from_claims_and_snapshots() {
        let of = |mut spec: Value| {
            data_sources(&mut spec);
            spec
        };
        assert_eq!(of(json!({"dataSource": {"kind": "Foo", "name": "x"}})), json!({}));
        let claim = json!({"kind": "PersistentVolumeClaim", "name": "x", "apiGroup": null});
        assert_eq!(
            of(json!({"dataSource": {"kind": "PersistentVolumeClaim", "name": "x"}})),
            json!({"dataSource": claim, "dataSourceRef": claim})
        );
        let other = json!({"kind": "Foo", "name": "x", "apiGroup": "a.b"});
        assert_eq!(
            of(json!({"dataSourceRef": other})),
            json!({"dataSource": other, "dataSourceRef": other})
        );
    }
}
