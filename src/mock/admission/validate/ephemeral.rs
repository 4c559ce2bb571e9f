//! Ephemeral containers, which are added to pods that run.

use std::collections::HashSet;

use serde_json::Value;

use super::{list, pods, text};
use crate::mock::server::FieldError;

const WHY: &str = "cannot be set for an Ephemeral Container";

/// What an ephemeral container must not have, in the order of its type's fields.
const BARRED: [&str; 8] = [
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
];

/// Faults of a pod's ephemeral containers, as `validateEphemeralContainers`.
#[must_use]
pub fn check(spec: &Value) -> Vec<FieldError> {
    let named = |kind: &str| {
        list(&spec[kind])
            .map(|container| text(&container["name"]))
            .collect::<Vec<_>>()
    };
    let others: HashSet<&str> = named("containers").into_iter().chain(named("initContainers")).collect();
    let volumes: HashSet<&str> = named("volumes").into_iter().collect();
    let mut names = others.clone();
    let mut faults = Vec::new();
    for (index, container) in list(&spec["ephemeralContainers"]).enumerate() {
        let at = format!("spec.ephemeralContainers[{index}]");
        faults.extend(pods::named(container, &at, &mut names));
        faults.extend(pods::container(container, &at, &volumes));
        let target = text(&container["targetContainerName"]);
        if !target.is_empty() && !others.contains(target) {
            let field = format!("{at}.targetContainerName");
            faults.push(FieldError::not_found(field, &target.into()));
        }
        faults.extend(barred(container, &at));
    }
    faults
}

fn barred(container: &Value, at: &str) -> Vec<FieldError> {
    let some = |value: &Value| match value {
        Value::Null => false,
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => true,
    };
    let given = BARRED.into_iter().filter(|name| some(&container[*name]));
    let mut faults: Vec<FieldError> = given
        .map(|name| FieldError::forbidden(format!("{at}.{name}"), WHY))
        .collect();
    for (index, mount) in list(&container["volumeMounts"]).enumerate() {
        for name in ["subPath", "subPathExpr"] {
            if !text(&mount[name]).is_empty() {
                let field = format!("{at}.volumeMounts[{index}].{name}");
                faults.push(FieldError::forbidden(field, WHY));
            }
        }
    }
    faults
}

/// Faults of an update of a pod's ephemeral containers: what is there stays as it is.
#[must_use]
pub fn update(old: &Value, new: &Value) -> Vec<FieldError> {
    let field = "spec.ephemeralContainers";
    let mut faults = check(&new["spec"]);
    for before in list(&old["spec"]["ephemeralContainers"]) {
        let name = text(&before["name"]);
        let after = list(&new["spec"]["ephemeralContainers"]).find(|container| text(&container["name"]) == name);
        let why = match after {
            None => "removed",
            Some(after) if after != before => "changed",
            Some(_) => continue,
        };
        let why = format!("existing ephemeral containers {name:?} may not be {why}\n");
        faults.push(FieldError::forbidden(field, &why));
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn ephemeral_containers_are_plain() {
        let pod = |added: Value| json!({"containers": [{"name": "c", "image": "x"}], "ephemeralContainers": [added]});
        for (added, said) in [
            (json!({"name": "c", "image": "x"}), "name: Duplicate value: \"c\""),
            (json!({"name": "e"}), "image: Required value"),
            (
                json!({"name": "e", "image": "x", "ports": [{"containerPort": 80}]}),
                "ports: Forbidden: cannot be set for an Ephemeral Container",
            ),
            (
                json!({"name": "e", "image": "x", "targetContainerName": "zz"}),
                "targetContainerName: Not found: \"zz\"",
            ),
            (
                json!({"name": "e", "image": "x", "livenessProbe": {"exec": {"command": ["x"]}}}),
                "livenessProbe: Forbidden: cannot be set for an Ephemeral Container",
            ),
        ] {
            let told = told(check(&pod(added)));
            assert_eq!(told, [format!("spec.ephemeralContainers[0].{said}")]);
        }
        let with = |image: &str| json!({"spec": pod(json!({"name": "e", "image": image}))});
        assert!(update(&with("x"), &with("x")).is_empty());
        assert!(
            update(&with("x"), &with("y"))[0]
                .message
                .ends_with("\"e\" may not be changed\n")
        );
    }
}
