//! Where a container mounts its volumes.

use std::collections::HashSet;

use serde_json::Value;

use super::{list, rules, text};
use crate::mock::server::FieldError;

/// Faults of a container's mounts, as `ValidateVolumeMounts`; `volumes` are those that the pod has.
#[must_use]
pub fn check(container: &Value, at: &str, volumes: &HashSet<&str>) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut paths = HashSet::new();
    let privileged = container["securityContext"]["privileged"] == true;
    for (index, mount) in list(&container["volumeMounts"]).enumerate() {
        let (all, at) = (format!("{at}.volumeMounts"), format!("{at}.volumeMounts[{index}]"));
        let (name, path) = (text(&mount["name"]), text(&mount["mountPath"]));
        if name.is_empty() {
            faults.push(FieldError::required(format!("{at}.name"), ""));
        }
        if !volumes.contains(name) {
            faults.push(FieldError::not_found(format!("{at}.name"), &name.into()));
        }
        if path.is_empty() {
            faults.push(FieldError::required(format!("{at}.mountPath"), ""));
        }
        if !paths.insert(path) {
            let field = format!("{at}.mountPath");
            faults.push(FieldError::invalid(field, &path.into(), "must be unique"));
        }
        faults.extend(inside(mount, &all, &at));
        faults.extend(propagation(mount, &all, privileged));
    }
    faults
}

/// What of a volume is mounted. The paths of these faults name no index, as the server's do not.
fn inside(mount: &Value, all: &str, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let (part, expression) = (&mount["subPath"], &mount["subPathExpr"]);
    if !text(part).is_empty() {
        faults.extend(rules::local_path(part, &format!("{all}.subPath")));
    }
    if !text(expression).is_empty() {
        if !text(part).is_empty() {
            let why = "subPathExpr and subPath are mutually exclusive";
            faults.push(FieldError::invalid(format!("{at}.subPathExpr"), expression, why));
        }
        faults.extend(rules::local_path(expression, &format!("{all}.subPathExpr")));
    }
    faults
}

fn propagation(mount: &Value, all: &str, privileged: bool) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let (field, given) = (format!("{all}.mountPropagation"), &mount["mountPropagation"]);
    let known = ["Bidirectional", "HostToContainer", "None"];
    faults.extend(rules::one_of(given, field.clone(), &known));
    if given == "Bidirectional" && !privileged {
        let why = "Bidirectional mount propagation is available only to privileged containers";
        faults.push(FieldError::forbidden(field, why));
    }
    let known = ["Disabled", "Enabled", "IfPossible"];
    let field = format!("{all}.recursiveReadOnly");
    faults.extend(rules::one_of(&mount["recursiveReadOnly"], field, &known));
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn mounts_have_a_volume_and_a_place_of_their_own() {
        for (mounts, said) in [
            (json!([{"name": "v", "mountPath": "a"}]), None),
            (
                json!([{"name": "v", "mountPath": "/a"}, {"name": "v", "mountPath": "/a"}]),
                Some("c.volumeMounts[1].mountPath: Invalid value: \"/a\": must be unique"),
            ),
            (
                json!([{"name": "z", "mountPath": "/a"}]),
                Some("c.volumeMounts[0].name: Not found: \"z\""),
            ),
            (
                json!([{"name": "v", "mountPath": "/a", "subPath": "../x"}]),
                Some("c.volumeMounts.subPath: Invalid value: \"../x\": must not contain '..'"),
            ),
            (
                json!([{"name": "v", "mountPath": "/a", "mountPropagation": "Bidirectional"}]),
                Some(
                    "c.volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to \
                    privileged containers",
                ),
            ),
        ] {
            let faults = check(&json!({"volumeMounts": mounts}), "c", &HashSet::from(["v"]));
            assert_eq!(told(faults).first().map(String::as_str), said, "{mounts}");
        }
    }
}
