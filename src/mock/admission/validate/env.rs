//! Environment variables of a container.

use serde_json::Value;

use super::{list, metadata, rules, text};
use crate::mock::server::FieldError;

const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];
const NAME: &str = "a valid environment variable name must consist only of printable ASCII characters other than '='";

/// Faults of a container's variables and of where they come from.
pub fn check(container: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (index, variable) in list(&container["env"]).enumerate() {
        faults.extend(self::variable(variable, &format!("{at}.env[{index}]")));
    }
    for (index, source) in list(&container["envFrom"]).enumerate() {
        let at = format!("{at}.envFrom");
        let given: Vec<&str> = ["configMapRef", "secretRef"]
            .into_iter()
            .filter(|name| source[*name].is_object())
            .collect();
        match given.as_slice() {
            [] => faults.push(FieldError::invalid(
                at,
                &"".into(),
                "must specify one of: `configMapRef` or `secretRef`",
            )),
            [name] => faults.extend(reference_name(&source[*name], &format!("{at}[{index}].{name}"))),
            _ => faults.push(FieldError::invalid(
                at,
                &"".into(),
                "may not have more than one field specified at a time",
            )),
        }
    }
    faults
}

fn reference_name(reference: &Value, at: &str) -> Vec<FieldError> {
    let field = format!("{at}.name");
    if text(&reference["name"]).is_empty() {
        return vec![FieldError::required(field, "")];
    }
    rules::each(
        &field,
        &reference["name"],
        metadata::subdomain(text(&reference["name"])),
    )
}

fn variable(variable: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let name = text(&variable["name"]);
    if name.is_empty() {
        faults.push(FieldError::required(format!("{at}.name"), ""));
    } else if name.bytes().any(|byte| !(b' '..=b'~').contains(&byte) || byte == b'=') {
        faults.push(FieldError::invalid(format!("{at}.name"), &variable["name"], NAME));
    }
    let source = &variable["valueFrom"];
    if source.is_object() {
        faults.extend(value_from(source, text(&variable["value"]), &format!("{at}.valueFrom")));
    }
    faults
}

fn value_from(source: &Value, value: &str, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let kinds = [
        "fieldRef",
        "resourceFieldRef",
        "configMapKeyRef",
        "secretKeyRef",
        "fileKeyRef",
    ];
    let given: Vec<&str> = kinds.into_iter().filter(|kind| source[*kind].is_object()).collect();
    for kind in &given {
        faults.extend(reference(kind, &source[*kind], &format!("{at}.{kind}")));
    }
    let why = match given.len() {
        0 => "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
        _ if !value.is_empty() => "may not be specified when `value` is not empty",
        1 => return faults,
        _ => "may not have more than one field specified at a time",
    };
    faults.push(FieldError::invalid(at, &"".into(), why));
    faults
}

fn reference(kind: &str, reference: &Value, at: &str) -> Vec<FieldError> {
    match kind {
        "fieldRef" => field(reference, at),
        "resourceFieldRef" => resource(reference, at),
        "configMapKeyRef" | "secretKeyRef" => {
            let name = &reference["name"];
            let mut faults = rules::each(
                &format!("{at}.name"),
                &text(name).into(),
                metadata::subdomain(text(name)),
            );
            faults.extend(rules::required(&reference["key"], format!("{at}.key")));
            faults
        }
        _ => Vec::new(),
    }
}

/// What of a pod a variable may show.
fn field(reference: &Value, at: &str) -> Vec<FieldError> {
    let (field, shown) = (format!("{at}.fieldPath"), &reference["fieldPath"]);
    let path = text(shown);
    if path.is_empty() {
        return vec![FieldError::required(field, "")];
    }
    let known = [
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    ];
    let entry = path
        .strip_prefix("metadata.labels['")
        .or_else(|| path.strip_prefix("metadata.annotations['"));
    if known.contains(&path) || entry.is_some_and(|rest| rest.ends_with("']")) {
        return Vec::new();
    }
    let why = format!("error converting fieldPath: field label not supported: {path}");
    vec![FieldError::invalid(field, shown, why)]
}

fn resource(reference: &Value, at: &str) -> Vec<FieldError> {
    let field = format!("{at}.resource");
    let name = text(&reference["resource"]);
    match name {
        "" => vec![FieldError::required(field, "")],
        name if RESOURCES.contains(&name) || name.contains(".hugepages-") => Vec::new(),
        _ => vec![FieldError::unsupported(field, &reference["resource"], &RESOURCES)],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn variables_come_from_one_place() {
        let told = |variable: Value| -> Vec<String> { told(check(&json!({"env": [variable]}), "c")) };
        assert!(told(json!({"name": "A B", "value": "x"})).is_empty());
        assert!(
            told(json!({"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['a/b']"}}})).is_empty()
        );
        assert_eq!(
            told(json!({"name": "A=B"})),
            [format!("c.env[0].name: Invalid value: \"A=B\": {NAME}")]
        );
        assert_eq!(
            told(json!({"name": "A", "value": "x", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}})),
            ["c.env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty"]
        );
        assert_eq!(
            told(json!({"name": "A", "valueFrom": {"configMapKeyRef": {"name": "x"}}})),
            ["c.env[0].valueFrom.configMapKeyRef.key: Required value"]
        );
        assert_eq!(
            told(json!({"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.foo"}}}))[0]
                .split(": ")
                .last(),
            Some("metadata.foo")
        );
        let none = check(&json!({"envFrom": [{}]}), "c");
        assert_eq!(none[0].field, "c.envFrom");
    }
}
