//! Claims of volumes: `ValidatePersistentVolumeClaim` of Kubernetes' `pkg/apis/core/validation/validation.go`.

use serde_json::{Value, json};

use super::{go_diff, list, metadata, rules, text};
use crate::mock::admission::quantity::Quantity;
use crate::mock::server::FieldError;

const CLAIM: &str = "PersistentVolumeClaim";
/// How a volume can be used.
pub const ACCESS_MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
/// What a volume is to its user.
pub const VOLUME_MODES: [&str; 2] = ["Block", "Filesystem"];

/// Faults of a claim.
#[must_use]
pub fn check(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let mut faults = spec(&object["spec"], "spec");
    if let Some(old) = old {
        faults.extend(update(old, object));
    }
    faults
}

/// Faults of a claim's spec, of its own or in a template.
#[must_use]
pub fn spec(spec: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if list(&spec["accessModes"]).next().is_none() {
        faults.push(FieldError::required(
            format!("{at}.accessModes"),
            "at least 1 access mode is required",
        ));
    }
    faults.extend(rules::selector(&spec["selector"], &format!("{at}.selector")));
    faults.extend(access_modes(&spec["accessModes"], at));
    faults.extend(size(spec, at));
    faults.extend(class(spec, "storageClassName", at));
    let field = format!("{at}.volumeMode");
    faults.extend(rules::one_of(&spec["volumeMode"], field, &VOLUME_MODES));
    for name in ["dataSource", "dataSourceRef"] {
        faults.extend(source(&spec[name], &format!("{at}.{name}")));
    }
    let (first, second) = (&spec["dataSource"], &spec["dataSourceRef"]);
    if first.is_object() && second.is_object() {
        let differ = ["apiGroup", "kind", "name"]
            .iter()
            .any(|name| first[name] != second[name]);
        let why = match text(&second["namespace"]) {
            "" if differ => Some("must match dataSourceRef"),
            "" => None,
            _ => Some("may not be specified when dataSourceRef.namespace is specified"),
        };
        let shown = Value::from(format!("{at}.dataSource"));
        faults.extend(why.map(|why| FieldError::invalid(at, &shown, why)));
    }
    faults.extend(class(spec, "volumeAttributesClassName", at));
    faults
}

/// Faults of how a volume is to be used, of a claim or of a volume.
#[must_use]
pub fn access_modes(modes: &Value, at: &str) -> Vec<FieldError> {
    let field = format!("{at}.accessModes");
    let known = || list(modes).map(text).filter(|mode| ACCESS_MODES.contains(mode));
    let mut faults: Vec<FieldError> = list(modes)
        .filter_map(|mode| rules::one_of(mode, field.clone(), &ACCESS_MODES))
        .collect();
    if known().any(|mode| mode == "ReadWriteOncePod") && known().any(|mode| mode != "ReadWriteOncePod") {
        let why = "may not use ReadWriteOncePod with other access modes";
        faults.push(FieldError::forbidden(field, why));
    }
    faults
}

/// Faults of the name of a class; an empty one is none.
#[must_use]
pub fn class(spec: &Value, name: &str, at: &str) -> Vec<FieldError> {
    match text(&spec[name]) {
        "" => Vec::new(),
        class => rules::each(&format!("{at}.{name}"), &spec[name], metadata::subdomain(class)),
    }
}

fn size(spec: &Value, at: &str) -> Option<FieldError> {
    let field = format!("{at}.resources[storage]");
    let size = &spec["resources"]["requests"]["storage"];
    if size.is_null() {
        return Some(FieldError::required(field, ""));
    }
    let none = Quantity::from_value(size).is_none_or(|size| size <= Quantity::default());
    none.then(|| FieldError::invalid(field, size, "must be greater than zero"))
}

fn source(source: &Value, at: &str) -> Vec<FieldError> {
    if !source.is_object() {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for name in ["name", "kind"] {
        faults.extend(rules::required(&source[name], format!("{at}.{name}")));
    }
    let group = text(&source["apiGroup"]);
    if group.is_empty() && source["kind"] != CLAIM {
        let why = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
        faults.push(FieldError::invalid(at, &text(&source["kind"]).into(), why));
    }
    if !group.is_empty() {
        let field = format!("{at}.apiGroup");
        faults.extend(rules::each(&field, &source["apiGroup"], metadata::subdomain(group)));
    }
    faults
}

/// A claim's spec is fixed, but for the size of a bound one, which may grow, and its volume, which the binder sets.
fn update(old: &Value, new: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let bound = old["status"]["phase"] == "Bound";
    let (before, mut after) = (go_spec(&old["spec"], &new["spec"]), go_spec(&new["spec"], &new["spec"]));
    if bound {
        after["Resources"]["Requests"]["storage"] = before["Resources"]["Requests"]["storage"].clone();
        after["VolumeAttributesClassName"] = before["VolumeAttributesClassName"].clone();
    }
    // A class may be named later.
    if before["StorageClassName"].is_null() {
        after["StorageClassName"] = Value::Null;
    }
    if before != after {
        let why = format!(
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n{}",
            go_diff::unified(&before, &after)
        );
        faults.push(FieldError::forbidden("spec", &why));
    }
    let read = |value: &Value| Quantity::from_value(value).unwrap_or_default();
    let size = |claim: &Value| read(&claim["spec"]["resources"]["requests"]["storage"]);
    if size(new) < size(old) && size(new) <= read(&old["status"]["capacity"]["storage"]) {
        let field = "spec.resources.requests.storage";
        faults.push(FieldError::forbidden(
            field,
            "field can not be less than status.capacity",
        ));
    }
    let (was, is) = (&old["spec"]["volumeMode"], &new["spec"]["volumeMode"]);
    faults.extend(rules::immutable(was, is, "volumeMode"));
    faults
}

/// A claim's spec as Go shows its internal type. A volume that is named later is no change.
fn go_spec(spec: &Value, new: &Value) -> Value {
    let volume = match text(&spec["volumeName"]) {
        "" => text(&new["volumeName"]),
        named => named,
    };
    let source = |source: &Value, wide: bool| {
        if !source.is_object() {
            return Value::Null;
        }
        let mut shown =
            json!({"APIGroup": source["apiGroup"], "Kind": text(&source["kind"]), "Name": text(&source["name"])});
        if wide {
            shown["Namespace"] = source["namespace"].clone();
        }
        shown
    };
    json!({
        "AccessModes": spec["accessModes"],
        "Selector": spec["selector"],
        "Resources": {"Limits": spec["resources"]["limits"], "Requests": spec["resources"]["requests"]},
        "VolumeName": volume,
        "StorageClassName": spec["storageClassName"],
        "VolumeMode": spec["volumeMode"],
        "DataSource": source(&spec["dataSource"], false),
        "DataSourceRef": source(&spec["dataSourceRef"], true),
        "VolumeAttributesClassName": spec["volumeAttributesClassName"],
    })
}

#[cfg(test)]
mod tests {
    use super::super::joined;
    use super::*;

    fn claim(size: &str) -> Value {
        json!({"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}, "volumeMode": "Filesystem"}})
    }

    #[test]
    fn claims_say_how_much_and_how() {
        for (name, value, said) in [
            ("volumeMode", json!("Filesystem"), ""),
            (
                "accessModes",
                json!(["ReadWriteOncePod", "ReadWriteOnce"]),
                "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes",
            ),
            (
                "resources",
                json!({"requests": {"storage": "0"}}),
                "spec.resources[storage]: Invalid value: \"0\": must be greater than zero",
            ),
            (
                "volumeMode",
                json!("Foo"),
                "spec.volumeMode: Unsupported value: \"Foo\": supported values: \"Block\", \"Filesystem\"",
            ),
            (
                "dataSourceRef",
                json!({"kind": "Foo", "name": "x"}),
                "spec.dataSourceRef: Invalid value: \"Foo\": must be 'PersistentVolumeClaim' when referencing the default apiGroup",
            ),
        ] {
            let mut claim = claim("1Gi");
            claim["spec"][name] = value;
            assert_eq!(joined(check(None, &claim)), said);
        }
    }

    #[test]
    fn only_a_bound_claim_grows() {
        let fixed = "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -6,7 +6,7 @@\n  \"Resources\": {\n   \"Limits\": null,\n   \"Requests\": {\n-   \"storage\": \"1Gi\"\n+   \"storage\": \"2Gi\"\n   }\n  },\n  \"VolumeName\": \"\",\n";
        assert_eq!(joined(check(Some(&claim("1Gi")), &claim("2Gi"))), fixed);
        let mut bound = claim("1Gi");
        bound["status"] = json!({"phase": "Bound", "capacity": {"storage": "1Gi"}});
        assert_eq!(joined(check(Some(&bound), &claim("2Gi"))), "");
        assert_eq!(
            joined(check(Some(&bound), &claim("1Mi"))),
            "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"
        );
    }
}
