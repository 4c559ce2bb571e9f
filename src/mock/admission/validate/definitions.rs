//! CustomResourceDefinitions, as `pkg/apis/apiextensions/validation/validation.go` of apiextensions-apiserver.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{list, metadata, rules, schemas, text};
use crate::mock::server::FieldError;
use crate::mock::values::has_condition;

/// What is wrong with a definition's name.
#[must_use]
pub fn name(definition: &Value) -> Vec<String> {
    let (name, spec) = (text(&definition["metadata"]["name"]), &definition["spec"]);
    let mut faults = metadata::subdomain(name);
    if name != format!("{}.{}", text(&spec["names"]["plural"]), text(&spec["group"])) {
        faults.push("must be spec.names.plural+\".\"+spec.group".to_owned());
    }
    faults
}

/// Faults of a definition.
#[must_use]
pub fn check(old: Option<&Value>, definition: &Value) -> Vec<FieldError> {
    let spec = &definition["spec"];
    let mut faults = self::spec(spec);
    if let Some(old) = old {
        let established = has_condition(old, "Established");
        let kept = ["/scope", "/names/kind", "/group", "/names/plural"];
        for path in kept.iter().skip(if established { 0 } else { 2 }) {
            let at = |spec: &Value| spec.pointer(path).cloned().unwrap_or_default();
            let field = format!("spec{}", path.replace('/', "."));
            faults.extend(rules::immutable(&at(&old["spec"]), &at(spec), &field));
        }
    }
    faults.extend(stored(&definition["status"]["storedVersions"], &spec["versions"]));
    faults.extend(approved(old, definition));
    if spec["preserveUnknownFields"] == true && old.is_none_or(|old| old["spec"]["preserveUnknownFields"] != true) {
        let why =
            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
        faults.push(FieldError::invalid("spec.preserveUnknownFields", &true.into(), why));
    }
    faults
}

/// What all versions have in common, which the server keeps once.
fn common<'a>(spec: &'a Value, name: &str) -> Option<&'a Value> {
    let mut versions = list(&spec["versions"]).map(|version| &version[name]);
    let first = versions.next()?;
    versions.all(|other| other == first).then_some(first)
}

fn spec(spec: &Value) -> Vec<FieldError> {
    let mut faults = group(text(&spec["group"]));
    let scopes = ["Cluster", "Namespaced"];
    faults.extend(rules::required_one_of(&spec["scope"], "spec.scope", &scopes, ""));
    let schema = common(spec, "schema");
    if schema.is_none_or(|schema| schema["openAPIV3Schema"].is_null()) {
        for (index, version) in list(&spec["versions"]).enumerate() {
            if version["schema"]["openAPIV3Schema"].is_null() {
                let field = format!("spec.versions[{index}].schema.openAPIV3Schema");
                faults.push(FieldError::required(field, ""));
            }
        }
    }
    faults.extend(versions(spec));
    for name in ["plural", "singular", "kind", "listKind"] {
        faults.extend(rules::required(&spec["names"][name], format!("spec.names.{name}")));
    }
    faults.extend(names(&spec["names"]));
    let (subresources, columns) = (common(spec, "subresources"), common(spec, "additionalPrinterColumns"));
    if let Some(schema) = schema {
        let status = list(&spec["versions"]).any(|version| version["subresources"]["status"].is_object());
        faults.extend(schemas::check(schema, status, "spec.validation"));
    }
    if let Some(subresources) = subresources {
        faults.extend(scale(&subresources["scale"], "spec.subresources.scale"));
    }
    faults.extend(
        columns
            .map(|columns| self::columns(columns, "spec.additionalPrinterColumns"))
            .unwrap_or_default(),
    );
    faults.extend(conversion(&spec["conversion"]));
    faults
}

fn group(group: &str) -> Vec<FieldError> {
    let field = "spec.group";
    let wrong = metadata::subdomain(group);
    let why = if group.is_empty() {
        return vec![FieldError::required(field, "")];
    } else if !wrong.is_empty() {
        wrong.join(",")
    } else if !group.contains('.') {
        "should be a domain with at least one dot".to_owned()
    } else {
        return Vec::new();
    };
    vec![FieldError::invalid(field, &group.into(), why)]
}

fn versions(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut names = HashSet::new();
    let mut unique = true;
    let own = |name: &str| common(spec, name).is_none();
    let (schema, subresources, columns) = (own("schema"), own("subresources"), own("additionalPrinterColumns"));
    for (index, version) in list(&spec["versions"]).enumerate() {
        let at = format!("spec.versions[{index}]");
        let name = text(&version["name"]);
        unique &= names.insert(name);
        faults.extend(joined(&format!("{at}.name"), name, name, ""));
        faults.extend(deprecation(version, format!("{at}.deprecationWarning")));
        if schema {
            let status = version["subresources"]["status"].is_object();
            faults.extend(schemas::check(&version["schema"], status, &format!("{at}.schema")));
        }
        if subresources {
            let scale = &version["subresources"]["scale"];
            faults.extend(self::scale(scale, &format!("{at}.subresources.scale")));
        }
        if columns {
            let given = &version["additionalPrinterColumns"];
            faults.extend(self::columns(given, &format!("{at}.additionalPrinterColumns")));
        }
    }
    let stored = list(&spec["versions"])
        .filter(|version| version["storage"] == true)
        .count();
    for (wrong, why) in [
        (!unique, "must contain unique version names"),
        (stored != 1, "must have exactly one version marked as storage version"),
    ] {
        if wrong {
            faults.push(FieldError::invalid("spec.versions", &shown(spec), why));
        }
    }
    // The first version's name stands in an older field too.
    let first = text(&spec["versions"][0]["name"]);
    if !first.is_empty() {
        faults.extend(joined("spec.version", first, first, ""));
    }
    faults
}

/// Versions as Go prints them, without what all of them have in common.
fn shown(spec: &Value) -> Value {
    let given = &spec["versions"];
    let Some(versions) = given.as_array() else {
        return Value::Null;
    };
    let own = |version: &Value, name: &str| match common(spec, name) {
        Some(_) => Value::Null,
        None => version[name].clone(),
    };
    let print = |version: &Value| {
        json!({"Name": version["name"], "Served": version["served"] == true, "Storage": version["storage"] == true,
            "Deprecated": version["deprecated"] == true, "DeprecationWarning": version["deprecationWarning"],
            "Schema": own(version, "schema"), "Subresources": own(version, "subresources"),
            "AdditionalPrinterColumns": own(version, "additionalPrinterColumns"), "SelectableFields": own(version, "selectableFields")})
    };
    versions.iter().map(print).collect()
}

fn deprecation(version: &Value, field: String) -> Option<FieldError> {
    let warning = version["deprecationWarning"].as_str()?;
    let why = if version["deprecated"] != true {
        "can only be set for deprecated versions"
    } else if warning.len() > 256 {
        "must be <= 256 characters long"
    } else if warning.is_empty() {
        "must not be an empty string"
    } else {
        return None;
    };
    Some(FieldError::invalid(field, &warning.into(), why))
}

/// A name that must be an old DNS label: its faults are told in one.
fn joined(field: &str, shown: &str, checked: &str, before: &str) -> Option<FieldError> {
    let wrong = metadata::label_1035(checked);
    let why = format!("{before}{}", wrong.join(","));
    (!wrong.is_empty()).then(|| FieldError::invalid(field, &shown.into(), why))
}

fn names(names: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mixed = "may have mixed case, but should otherwise match: ";
    for name in ["plural", "singular", "kind", "listKind"] {
        let given = text(&names[name]);
        let is_kind = name.ends_with("ind");
        let checked = if is_kind {
            given.to_lowercase()
        } else {
            given.to_owned()
        };
        if !given.is_empty() {
            let before = if is_kind { mixed } else { "" };
            faults.extend(joined(&format!("spec.names.{name}"), given, &checked, before));
        }
    }
    for name in ["shortNames", "categories"] {
        for (index, given) in list(&names[name]).enumerate() {
            faults.extend(joined(
                &format!("spec.names.{name}[{index}]"),
                text(given),
                text(given),
                "",
            ));
        }
        if name == "shortNames" && !text(&names["kind"]).is_empty() && names["kind"] == names["listKind"] {
            let why = "kind and listKind may not be the same";
            faults.push(FieldError::invalid("spec.names.listKind", &names["listKind"], why));
        }
    }
    faults
}

fn columns(columns: &Value, at: &str) -> Vec<FieldError> {
    let types = ["boolean", "date", "integer", "number", "string"];
    let formats = [
        "byte",
        "date",
        "date-time",
        "double",
        "float",
        "int32",
        "int64",
        "password",
    ];
    let mut faults = Vec::new();
    for (index, column) in list(columns).enumerate() {
        let field = |name: &str| format!("{at}[{index}].{name}");
        let (kind, format) = (text(&column["type"]), text(&column["format"]));
        if text(&column["name"]).is_empty() {
            faults.push(FieldError::required(field("name"), ""));
        }
        let why = format!("must be one of {}", types.join(","));
        if kind.is_empty() {
            faults.push(FieldError::required(field("type"), &why));
        } else if !types.contains(&kind) {
            faults.push(FieldError::invalid(field("type"), &kind.into(), why));
        }
        if !format.is_empty() && !formats.contains(&format) {
            let why = format!("must be one of {}", formats.join(","));
            faults.push(FieldError::invalid(field("format"), &format.into(), why));
        }
        faults.extend(simple_path(&column["jsonPath"], &field("JSONPath"), &[]));
    }
    faults
}

fn scale(scale: &Value, at: &str) -> Vec<FieldError> {
    if !scale.is_object() {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (name, below) in [
        ("specReplicasPath", &[".spec."][..]),
        ("statusReplicasPath", &[".status."]),
    ] {
        faults.extend(simple_path(&scale[name], &format!("{at}.{name}"), below));
    }
    if !text(&scale["labelSelectorPath"]).is_empty() {
        let field = format!("{at}.labelSelectorPath");
        faults.extend(simple_path(
            &scale["labelSelectorPath"],
            &field,
            &[".spec.", ".status."],
        ));
    }
    faults
}

fn simple_path(path: &Value, field: &str, below: &[&str]) -> Option<FieldError> {
    let given = text(path);
    if given.is_empty() {
        return Some(FieldError::required(field, ""));
    }
    let why = if !given.starts_with('.') {
        "must be a simple json path starting with .".to_owned()
    } else if !below.is_empty() && !below.iter().any(|start| given.starts_with(start)) {
        match below {
            [one] => format!("should be a json path under {}", one.trim_end_matches('.')),
            _ => "should be a json path under either .spec or .status".to_owned(),
        }
    } else {
        return None;
    };
    Some(FieldError::invalid(field, path, why))
}

fn conversion(conversion: &Value) -> Vec<FieldError> {
    if !conversion.is_object() {
        return Vec::new();
    }
    let strategies = ["None", "Webhook"];
    let field = "spec.conversion.strategy";
    let mut faults: Vec<FieldError> = rules::required_one_of(&conversion["strategy"], field, &strategies, "")
        .into_iter()
        .collect();
    let (client, versions) = (
        &conversion["webhook"]["clientConfig"],
        &conversion["webhook"]["conversionReviewVersions"],
    );
    let (client_field, versions_field) = (
        "spec.conversion.webhookClientConfig",
        "spec.conversion.conversionReviewVersions",
    );
    if conversion["strategy"] != "Webhook" {
        let why = "should not be set when strategy is not set to Webhook";
        if client.is_object() {
            faults.push(FieldError::forbidden(client_field, why));
        }
        if list(versions).next().is_some() {
            faults.push(FieldError::forbidden(versions_field, why));
        }
        return faults;
    }
    if !client.is_object() {
        faults.push(FieldError::required(
            client_field,
            "required when strategy is set to Webhook",
        ));
    } else if client["url"].is_null() == client["service"].is_null() {
        faults.push(FieldError::required(
            client_field,
            "exactly one of url or service is required",
        ));
    }
    if list(versions).next().is_none() {
        faults.push(FieldError::required(versions_field, ""));
    } else if !list(versions).any(|version| matches!(text(version), "v1" | "v1beta1")) {
        let why = "must include at least one of v1, v1beta1";
        faults.push(FieldError::invalid(versions_field, versions, why));
    }
    faults
}

fn stored(stored: &Value, versions: &Value) -> Vec<FieldError> {
    let field = "status.storedVersions";
    if list(stored).next().is_none() {
        let why = "must have at least one stored version";
        return vec![FieldError::invalid(field, stored, why)];
    }
    let mut faults = Vec::new();
    for version in list(versions).filter(|version| version["storage"] == true) {
        if !list(stored).any(|name| *name == version["name"]) {
            let why = format!("must have the storage version {}", text(&version["name"]));
            faults.push(FieldError::invalid(field, stored, why));
        }
    }
    for (index, name) in list(stored).enumerate() {
        if !list(versions).any(|version| version["name"] == *name) {
            let name = text(name);
            let why = format!(
                "missing from spec.versions; {name} was previously a storage version, and must remain in spec.versions until a \
                 storage migration ensures no data remains persisted in {name} and removes {name} from status.storedVersions"
            );
            faults.push(FieldError::invalid(format!("{field}[{index}]"), &name.into(), why));
        }
    }
    faults
}

const APPROVED: &str = "api-approved.kubernetes.io";

/// Groups of the project's own need an approval.
fn approved(old: Option<&Value>, definition: &Value) -> Option<FieldError> {
    let group = text(&definition["spec"]["group"]);
    let own = ["k8s.io", "kubernetes.io"];
    if !own
        .iter()
        .any(|own| group == *own || group.ends_with(&format!(".{own}")))
    {
        return None;
    }
    let approval = |definition: &Value| text(&definition["metadata"]["annotations"][APPROVED]).to_owned();
    let given = approval(definition);
    if old.is_some_and(|old| approval(old) == given) || given.starts_with("unapproved") || given.contains("://") {
        return None;
    }
    let field = format!("metadata.annotations[{APPROVED}]");
    let see = "see https://github.com/kubernetes/enhancements/pull/1111";
    let must = format!("protected groups must have approval annotation {APPROVED:?}");
    if given.is_empty() {
        return Some(FieldError::required(field, &format!("{must}, {see}")));
    }
    let why = format!("{must} with either a URL or a reason starting with \"unapproved\", {see}");
    Some(FieldError::invalid(field, &given.into(), why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition() -> Value {
        let schema = json!({"openAPIV3Schema": {"type": "object"}});
        json!({"metadata": {"name": "gizs.ad.example.com"}, "status": {"storedVersions": ["v1"]}, "spec": {"group": "ad.example.com",
            "scope": "Namespaced", "names": {"plural": "gizs", "kind": "Giz", "singular": "giz", "listKind": "GizList"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": schema}], "conversion": {"strategy": "None"}}})
    }

    fn told(path: &str, value: Value) -> Vec<String> {
        let mut definition = definition();
        let (parent, name) = path.rsplit_once('/').unwrap();
        let parent = definition.pointer_mut(parent).unwrap();
        match name.parse::<usize>() {
            Ok(index) => parent[index] = value,
            Err(_) => parent[name] = value,
        }
        super::super::told(check(None, &definition))
    }

    #[test]
    fn definitions_are_told_what_is_wrong() {
        assert_eq!(told("/spec/scope", json!("Cluster")), Vec::<String>::new());
        for (path, value, said) in [
            (
                "/spec/scope",
                json!("Foo"),
                "spec.scope: Unsupported value: \"Foo\": supported values: \"Cluster\", \"Namespaced\"",
            ),
            ("/spec/group", json!(""), "spec.group: Required value"),
            (
                "/spec/group",
                json!("foo.k8s.io"),
                "metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation \
                    \"api-approved.kubernetes.io\", see https://github.com/kubernetes/enhancements/pull/1111",
            ),
            (
                "/spec/versions/0/schema",
                json!({}),
                "spec.versions[0].schema.openAPIV3Schema: Required value",
            ),
            (
                "/spec/versions/0/additionalPrinterColumns",
                json!([{"name": "a", "type": "text", "jsonPath": ".a"}]),
                "spec.additionalPrinterColumns[0].type: Invalid value: \"text\": must be one of boolean,date,integer,number,string",
            ),
            (
                "/spec/versions/0/subresources",
                json!({"scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".spec.replicas"}}),
                "spec.subresources.scale.statusReplicasPath: Invalid value: \".spec.replicas\": should be a json path under .status",
            ),
            (
                "/spec/versions/0/storage",
                json!(false),
                "spec.versions: Invalid value: [{\"Name\":\"v1\",\"Served\":true,\"Storage\":false,\"Deprecated\":false,\
                    \"DeprecationWarning\":null,\"Schema\":null,\"Subresources\":null,\"AdditionalPrinterColumns\":null,\
                    \"SelectableFields\":null}]: must have exactly one version marked as storage version",
            ),
        ] {
            assert_eq!(told(path, value), [said], "{path}");
        }
        assert_eq!(
            told("/spec/names/kind", json!("GizList")),
            ["spec.names.listKind: Invalid value: \"GizList\": kind and listKind may not be the same"]
        );
    }

    #[test]
    fn names_of_what_is_served_stay() {
        let mut old = definition();
        old["status"]["conditions"] = json!([{"type": "Established", "status": "True"}]);
        let mut new = definition();
        new["spec"]["names"]["kind"] = "Other".into();
        let faults = check(Some(&old), &new);
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].field, "spec.names.kind");
        assert_eq!(faults[0].message, "Invalid value: \"Other\": field is immutable");
    }
}
