//! Volumes of a pod.

use std::collections::HashSet;

use serde_json::Value;

use super::{list, metadata, rules, text};
use crate::mock::server::FieldError;

/// What a path on a node may be.
const PATH_TYPES: [&str; 8] = [
    "",
    "BlockDevice",
    "CharDevice",
    "Directory",
    "DirectoryOrCreate",
    "File",
    "FileOrCreate",
    "Socket",
];

/// Faults of a pod's volumes.
pub fn check(spec: &Value, path: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut names = HashSet::new();
    for (index, volume) in list(&spec["volumes"]).enumerate() {
        let at = format!("{path}.volumes[{index}]");
        faults.extend(sources(volume, &at));
        let (field, name) = (format!("{at}.name"), text(&volume["name"]));
        if name.is_empty() {
            faults.push(FieldError::required(field, ""));
        } else {
            let wrong = rules::each(&field, &volume["name"], metadata::label(name));
            if wrong.is_empty() && !names.insert(name) {
                faults.push(FieldError::duplicate(field, &volume["name"]));
            }
            faults.extend(wrong);
        }
    }
    faults
}

/// A volume has one source.
fn sources(volume: &Value, at: &str) -> Vec<FieldError> {
    let kinds = [
        "emptyDir",
        "hostPath",
        "nfs",
        "secret",
        "persistentVolumeClaim",
        "downwardAPI",
        "configMap",
        "projected",
        "csi",
    ];
    let mut faults = Vec::new();
    let given = kinds.iter().filter(|kind| volume[**kind].is_object());
    for (index, kind) in given.enumerate() {
        let field = format!("{at}.{kind}");
        if index > 0 {
            faults.push(FieldError::forbidden(field, "may not specify more than 1 volume type"));
        } else {
            faults.extend(source(kind, &volume[*kind], &field));
        }
    }
    faults
}

fn source(kind: &str, source: &Value, at: &str) -> Vec<FieldError> {
    let needed = |name: &str| rules::required(&source[name], format!("{at}.{name}"));
    match kind {
        "emptyDir" => {
            let negative = text(&source["sizeLimit"]).starts_with('-');
            let fault = FieldError::forbidden(
                format!("{at}.sizeLimit"),
                "SizeLimit field must be a valid resource quantity",
            );
            negative.then_some(fault).into_iter().collect()
        }
        "hostPath" => host_path(source, at),
        "nfs" => nfs(source, at),
        "configMap" => files(source, at, needed("name")),
        "secret" => files(source, at, needed("secretName")),
        "persistentVolumeClaim" => needed("claimName").into_iter().collect(),
        "csi" => needed("driver").into_iter().collect(),
        "downwardAPI" => downward(source, at),
        _ => Vec::new(),
    }
}

/// Faults of a path on a node, as `validateHostPathVolumeSource`.
pub fn host_path(source: &Value, at: &str) -> Vec<FieldError> {
    let (field, path) = (format!("{at}.path"), &source["path"]);
    if text(path).is_empty() {
        return vec![FieldError::required(field, "")];
    }
    let mut faults: Vec<FieldError> = rules::no_backsteps(path, &field).into_iter().collect();
    faults.extend(rules::one_of(&source["type"], format!("{at}.type"), &PATH_TYPES));
    faults
}

/// Faults of a share that a server has, as `validateNFSVolumeSource`.
pub fn nfs(source: &Value, at: &str) -> Vec<FieldError> {
    let (field, path) = (format!("{at}.path"), text(&source["path"]));
    let mut faults = Vec::new();
    for name in ["server", "path"] {
        faults.extend(rules::required(&source[name], format!("{at}.{name}")));
    }
    if !path.starts_with('/') {
        faults.push(FieldError::invalid(field, &path.into(), "must be an absolute path"));
    }
    faults
}

/// Keys that become files.
fn files(source: &Value, at: &str, nameless: Option<FieldError>) -> Vec<FieldError> {
    let mut faults: Vec<FieldError> = nameless.into_iter().collect();
    let mode = &source["defaultMode"];
    if mode.as_i64().is_some_and(|mode| !(0..=0o777).contains(&mode)) {
        let why = "must be a number between 0 and 0777 (octal), both inclusive";
        faults.push(FieldError::invalid(format!("{at}.defaultMode"), mode, why));
    }
    for (index, item) in list(&source["items"]).enumerate() {
        for name in ["key", "path"] {
            faults.extend(rules::required(&item[name], format!("{at}.items[{index}].{name}")));
        }
        faults.extend(rules::local_path(&item["path"], &format!("{at}.items[{index}].path")));
    }
    faults
}

fn downward(source: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for item in list(&source["items"]) {
        faults.extend(rules::required(&item["path"], format!("{at}.path")));
        faults.extend(rules::local_path(&item["path"], &format!("{at}.path")));
        if !item["fieldRef"].is_object() && !item["resourceFieldRef"].is_object() {
            faults.push(FieldError::required(
                at,
                "one of fieldRef and resourceFieldRef is required",
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn volumes_have_a_name_and_one_source() {
        for (volumes, said) in [
            (
                json!([{"name": "", "emptyDir": {}}]),
                "s.volumes[0].name: Required value",
            ),
            (
                json!([{"name": "v", "emptyDir": {}}, {"name": "v", "emptyDir": {}}]),
                "s.volumes[1].name: Duplicate value: \"v\"",
            ),
            (
                json!([{"name": "v", "emptyDir": {}, "hostPath": {"path": "/x"}}]),
                "s.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
            ),
            (
                json!([{"name": "v", "configMap": {}}]),
                "s.volumes[0].configMap.name: Required value",
            ),
            (
                json!([{"name": "v", "configMap": {"name": "c", "items": [{"key": "a", "path": "../a"}]}}]),
                "s.volumes[0].configMap.items[0].path: Invalid value: \"../a\": must not contain '..'",
            ),
            (
                json!([{"name": "v", "persistentVolumeClaim": {}}]),
                "s.volumes[0].persistentVolumeClaim.claimName: Required value",
            ),
        ] {
            let told = told(check(&json!({"volumes": volumes}), "s"));
            assert_eq!(told, [said]);
        }
    }
}
