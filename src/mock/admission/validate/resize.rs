//! A pod's containers that ask for more or less while they run.

use serde_json::Value;

use super::{list, pods, text};
use crate::mock::admission::pods::quality;
use crate::mock::server::FieldError;

/// Faults of a resize, as `ValidatePodResize`.
#[must_use]
pub fn check(old: &Value, new: &Value) -> Vec<FieldError> {
    let (old_spec, new_spec) = (&old["spec"], &new["spec"]);
    let mut faults = pods::spec(new_spec, "spec", None);
    let named = |spec: &Value| -> Vec<String> {
        let containers = list(&spec["containers"]);
        containers
            .map(|container| text(&container["name"]).to_owned())
            .collect()
    };
    if named(old_spec) != named(new_spec) {
        let why = "containers may not be added or removed on resize";
        faults.push(FieldError::forbidden("spec.containers", why));
        return faults;
    }
    if quality(old_spec) != quality(new_spec) {
        let why = "Pod QOS Class may not change as a result of resizing";
        faults.push(FieldError::invalid("spec", &old["status"]["qosClass"], why));
    }
    let pairs = || {
        list(&old_spec["containers"])
            .zip(list(&new_spec["containers"]))
            .enumerate()
    };
    for (index, (before, after)) in pairs() {
        for name in ["requests", "limits"] {
            let gone = removed(&before["resources"][name], &after["resources"][name]);
            let field = format!("spec.containers[{index}].resources.{name}");
            let why = format!("resource {name} cannot be removed");
            faults.extend(gone.then(|| FieldError::forbidden(field, &why)));
        }
    }
    if pairs().any(|(_, (before, after))| others(&before["resources"]) != others(&after["resources"])) {
        let why = "only cpu and memory resources are mutable";
        faults.push(FieldError::forbidden("spec", why));
    }
    faults
}

fn removed(before: &Value, after: &Value) -> bool {
    let mut names = before.as_object().into_iter().flatten();
    names.any(|(name, _)| matches!(name.as_str(), "cpu" | "memory") && after[name].is_null())
}

/// What a container asks for besides processors and memory.
fn others(resources: &Value) -> Vec<(&str, &String, &Value)> {
    let of = |list: &'static str| {
        let entries = resources[list].as_object().into_iter().flatten();
        entries.map(move |(name, amount)| (list, name, amount))
    };
    let all = of("requests").chain(of("limits"));
    all.filter(|(_, name, _)| !matches!(name.as_str(), "cpu" | "memory"))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn a_resize_keeps_the_class_and_the_containers() {
        let pod = |name: &str, resources: Value| {
            json!({"spec": {"restartPolicy": "Always", "containers": [{"name": name, "image": "x", "resources": resources}]},
                "status": {"qosClass": "Burstable"}})
        };
        let old = pod("c", json!({"requests": {"cpu": "100m"}}));
        for (new, said) in [
            (pod("c", json!({"requests": {"cpu": "200m"}})), vec![]),
            (
                pod("z", json!({})),
                vec!["spec.containers: Forbidden: containers may not be added or removed on resize"],
            ),
            (
                pod("c", json!({})),
                vec![
                    "spec: Invalid value: \"Burstable\": Pod QOS Class may not change as a result of resizing",
                    "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
                ],
            ),
            (
                pod("c", json!({"requests": {"cpu": "100m", "ephemeral-storage": "1"}})),
                vec!["spec: Forbidden: only cpu and memory resources are mutable"],
            ),
        ] {
            let told = told(check(&old, &new));
            assert_eq!(told, said);
        }
    }
}
