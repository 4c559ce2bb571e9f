//! Volumes of the cluster: `ValidatePersistentVolume` of Kubernetes' `pkg/apis/core/validation/validation.go`.

use serde_json::{Map, Value};

use super::claims::{VOLUME_MODES, access_modes, class};
use super::{go_diff, list, metadata, placement, rules, text, volumes};
use crate::mock::admission::quantity::Quantity;
use crate::mock::server::FieldError;

/// Where volumes are: the field, and its name in Go; in the order of `PersistentVolumeSource`.
const SOURCES: [(&str, &str); 22] = [
    ("gcePersistentDisk", "GCEPersistentDisk"),
    ("awsElasticBlockStore", "AWSElasticBlockStore"),
    ("hostPath", "HostPath"),
    ("glusterfs", "Glusterfs"),
    ("nfs", "NFS"),
    ("rbd", "RBD"),
    ("quobyte", "Quobyte"),
    ("iscsi", "ISCSI"),
    ("flexVolume", "FlexVolume"),
    ("cinder", "Cinder"),
    ("cephfs", "CephFS"),
    ("fc", "FC"),
    ("flocker", "Flocker"),
    ("azureFile", "AzureFile"),
    ("vsphereVolume", "VsphereVolume"),
    ("azureDisk", "AzureDisk"),
    ("photonPersistentDisk", "PhotonPersistentDisk"),
    ("portworxVolume", "PortworxVolume"),
    ("scaleIO", "ScaleIO"),
    ("local", "Local"),
    ("storageos", "StorageOS"),
    ("csi", "CSI"),
];

/// The order in which a server looks for them.
const LOOKED_FOR: [&str; 22] = [
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
];

/// Faults of a volume. An update tells them twice, for it checks the volume as a new one and as a changed one.
#[must_use]
pub fn check(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    let mut faults = self::spec(spec);
    let Some(old) = old else { return faults };
    faults.extend(faults.clone());
    let (before, after) = (go_source(&old["spec"]), go_source(spec));
    if before != after {
        let shown = go_diff::unified(&before, &after);
        let why = format!("spec.persistentvolumesource is immutable after creation\n{shown}");
        faults.push(FieldError::forbidden("spec.persistentvolumesource", &why));
    }
    let (was, is) = (&old["spec"]["volumeMode"], &spec["volumeMode"]);
    faults.extend(rules::immutable(was, is, "volumeMode"));
    if old["spec"]["nodeAffinity"].is_object() && old["spec"]["nodeAffinity"] != spec["nodeAffinity"] {
        let why = "field is immutable, except for updating from beta label to GA";
        faults.push(FieldError::invalid(
            "nodeAffinity",
            &go_affinity(&spec["nodeAffinity"]),
            why,
        ));
    }
    faults
}

fn spec(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if list(&spec["accessModes"]).next().is_none() {
        faults.push(FieldError::required("spec.accessModes", ""));
    }
    faults.extend(access_modes(&spec["accessModes"], "spec"));
    faults.extend(capacity(&spec["capacity"]));
    let policies = ["Delete", "Recycle", "Retain"];
    let (field, policy) = (
        "spec.persistentVolumeReclaimPolicy",
        &spec["persistentVolumeReclaimPolicy"],
    );
    faults.extend(rules::one_of(policy, field, &policies));
    faults.extend(affinity(&spec["nodeAffinity"]));
    faults.extend(sources(spec));
    let root = text(&spec["hostPath"]["path"]).trim_end_matches('/').is_empty();
    if root && !text(&spec["hostPath"]["path"]).is_empty() && *policy == "Recycle" {
        let why = "may not be 'recycle' for a hostPath mount of '/'";
        faults.push(FieldError::forbidden(field, why));
    }
    faults.extend(class(spec, "storageClassName", "spec"));
    faults.extend(rules::one_of(&spec["volumeMode"], "spec.volumeMode", &VOLUME_MODES));
    if spec["volumeAttributesClassName"].is_string() {
        faults.extend(class(spec, "volumeAttributesClassName", "spec"));
        if !spec["csi"].is_object() {
            let why = "has to be specified when using volumeAttributesClassName";
            faults.push(FieldError::required("spec.csi", why));
        }
    }
    faults
}

fn capacity(capacity: &Value) -> Vec<FieldError> {
    let field = "spec.capacity";
    let empty = Map::new();
    let map = capacity.as_object().unwrap_or(&empty);
    let mut faults = Vec::new();
    if map.is_empty() {
        faults.push(FieldError::required(field, ""));
    }
    if !map.contains_key("storage") || map.len() > 1 {
        faults.push(FieldError::unsupported(field, capacity, &["storage"]));
    }
    for (resource, size) in map {
        let read = Quantity::from_value(size).unwrap_or_default();
        let field = format!("{field}[{resource}]");
        if read < Quantity::default() {
            let (why, shown) = ("must be a valid resource quantity", read.value().ceil() as i64);
            faults.push(FieldError::invalid(field.clone(), &shown.into(), why));
        }
        if read <= Quantity::default() {
            faults.push(FieldError::invalid(field, size, "must be greater than zero"));
        }
    }
    faults
}

fn affinity(affinity: &Value) -> Vec<FieldError> {
    if !affinity.is_object() {
        return Vec::new();
    }
    let field = "spec.nodeAffinity.required";
    if !affinity["required"].is_object() {
        return vec![FieldError::required(field, "must specify required node constraints")];
    }
    let terms = &affinity["required"]["nodeSelectorTerms"];
    let field = format!("{field}.nodeSelectorTerms");
    if list(terms).next().is_none() {
        let why = "must have at least one node selector term";
        return vec![FieldError::required(field, why)];
    }
    let terms = list(terms).enumerate();
    terms
        .flat_map(|(index, term)| placement::node_term(term, &format!("{field}[{index}]")))
        .collect()
}

fn sources(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let given = LOOKED_FOR.iter().filter(|name| spec[**name].is_object());
    for (index, name) in given.clone().enumerate() {
        let field = format!("spec.{name}");
        if index > 0 {
            faults.push(FieldError::forbidden(field, "may not specify more than 1 volume type"));
            continue;
        }
        faults.extend(source(name, &spec[*name], &field));
        if *name == "local" && !spec["nodeAffinity"].is_object() {
            let why = "Local volume requires node affinity";
            faults.push(FieldError::required("spec.nodeAffinity", why));
        }
    }
    if given.count() == 0 {
        faults.push(FieldError::required("spec", "must specify a volume type"));
    }
    faults
}

fn source(kind: &str, source: &Value, at: &str) -> Vec<FieldError> {
    let needed = |name: &str| rules::required(&source[name], format!("{at}.{name}"));
    let mut faults = Vec::new();
    match kind {
        "hostPath" => faults.extend(volumes::host_path(source, at)),
        "local" => {
            let back = || rules::no_backsteps(&source["path"], &format!("{at}.path"));
            faults.extend(needed("path").or_else(back));
        }
        "nfs" => faults.extend(volumes::nfs(source, at)),
        "csi" => {
            let driver = text(&source["driver"]);
            let missing = needed("driver");
            if missing.is_none() {
                let wrong = metadata::subdomain(&driver.to_lowercase());
                faults.extend(rules::each(&format!("{at}.driver"), &source["driver"], wrong));
            }
            faults.extend(missing.into_iter().chain(needed("volumeHandle")));
        }
        "iscsi" => faults.extend([needed("targetPortal"), needed("iqn")].into_iter().flatten()),
        _ => {}
    }
    faults
}

/// Where a volume is, as Go shows its internal type.
fn go_source(spec: &Value) -> Value {
    let of = |(name, shown): &(&str, &str)| ((*shown).to_owned(), go_fields(name, &spec[*name]));
    Value::Object(SOURCES.iter().map(of).collect())
}

fn go_fields(kind: &str, source: &Value) -> Value {
    // Texts and falsehoods that are not pointers are shown even if they are empty.
    let fields: &[(&str, &str, Value)] = &match kind {
        "hostPath" => vec![("path", "Path", "".into()), ("type", "Type", Value::Null)],
        "nfs" => vec![
            ("server", "Server", "".into()),
            ("path", "Path", "".into()),
            ("readOnly", "ReadOnly", false.into()),
        ],
        "local" => vec![("path", "Path", "".into()), ("fsType", "FSType", Value::Null)],
        "csi" => vec![
            ("driver", "Driver", "".into()),
            ("volumeHandle", "VolumeHandle", "".into()),
            ("readOnly", "ReadOnly", false.into()),
            ("fsType", "FSType", "".into()),
            ("volumeAttributes", "VolumeAttributes", Value::Null),
            ("controllerPublishSecretRef", "ControllerPublishSecretRef", Value::Null),
            ("nodeStageSecretRef", "NodeStageSecretRef", Value::Null),
            ("nodePublishSecretRef", "NodePublishSecretRef", Value::Null),
            ("controllerExpandSecretRef", "ControllerExpandSecretRef", Value::Null),
            ("nodeExpandSecretRef", "NodeExpandSecretRef", Value::Null),
        ],
        _ => return source.clone(),
    };
    if !source.is_object() {
        return Value::Null;
    }
    let shown = |(name, shown, empty): &(&str, &str, Value)| {
        let value = if source[*name].is_null() { empty } else { &source[*name] };
        ((*shown).to_owned(), value.clone())
    };
    Value::Object(fields.iter().map(shown).collect())
}

/// The nodes that reach a volume, as Go shows its internal type.
fn go_affinity(affinity: &Value) -> Value {
    let expression =
        |one: &Value| serde_json::json!({"Key": one["key"], "Operator": one["operator"], "Values": one["values"]});
    let list_of = |list: &Value| match list.as_array() {
        Some(list) => list.iter().map(expression).collect(),
        None => Value::Null,
    };
    let term = |term: &Value| serde_json::json!({"MatchExpressions": list_of(&term["matchExpressions"]), "MatchFields": list_of(&term["matchFields"])});
    if !affinity["required"].is_object() {
        return Value::Null;
    }
    let terms: Value = list(&affinity["required"]["nodeSelectorTerms"]).map(term).collect();
    serde_json::json!({"Required": {"NodeSelectorTerms": terms}})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::joined;
    use super::*;

    fn volume(name: &str, value: Value) -> Value {
        let mut spec = json!({"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/x", "type": ""}});
        spec[name] = value;
        json!({"spec": spec})
    }

    #[test]
    fn volumes_are_somewhere_and_of_a_size() {
        for (name, value, said) in [
            ("volumeMode", json!("Block"), ""),
            (
                "capacity",
                json!({"cpu": "1", "storage": "1Gi"}),
                "spec.capacity: Unsupported value: {\"cpu\":\"1\",\"storage\":\"1Gi\"}: supported values: \"storage\"",
            ),
            (
                "capacity",
                json!({"storage": "0"}),
                "spec.capacity[storage]: Invalid value: \"0\": must be greater than zero",
            ),
            ("hostPath", json!({}), "spec.hostPath.path: Required value"),
            (
                "hostPath",
                Value::Null,
                "spec: Required value: must specify a volume type",
            ),
            (
                "nfs",
                json!({"server": "s", "path": "/"}),
                "spec.nfs: Forbidden: may not specify more than 1 volume type",
            ),
            (
                "persistentVolumeReclaimPolicy",
                json!("Foo"),
                "spec.persistentVolumeReclaimPolicy: Unsupported value: \"Foo\": supported values: \"Delete\", \"Recycle\", \"Retain\"",
            ),
        ] {
            assert_eq!(joined(check(None, &volume(name, value))), said);
        }
        let local = json!({"spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "local": {"path": "/x"}}});
        assert_eq!(
            joined(check(None, &local)),
            "spec.nodeAffinity: Required value: Local volume requires node affinity"
        );
    }

    #[test]
    fn a_volume_stays_where_it_is() {
        let (old, new) = (
            volume("volumeMode", json!("Block")),
            volume("hostPath", json!({"path": "/y", "type": ""})),
        );
        let said = joined(check(Some(&old), &new));
        assert!(
            said.starts_with(
                "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -2,7 +2,7 @@\n"
            ) && said.contains("-  \"Path\": \"/x\",\n+  \"Path\": \"/y\",\n"),
            "{said}"
        );
    }
}
