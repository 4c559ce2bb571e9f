//! What a pod's priority class gives it: the plugin Priority.

use serde_json::{Value, json};

use super::Attempt;
use super::defaults::put;
use super::limits::refused;
use crate::mock::server::ApiError;

const TABLE: &str = "priorityclasses.scheduling.k8s.io";

/// Gives a new pod the number and the policy of its class, or of the cluster's default one.
///
/// # Errors
/// 403 for a class that is not there, and for a number or a policy of the pod's own.
pub fn admit(attempt: &Attempt<'_>, pod: &mut Value) -> Result<(), ApiError> {
    let named = pod["spec"]["priorityClassName"].as_str().unwrap_or_default().to_owned();
    let class = match named.as_str() {
        "" => default_class(attempt),
        name => match class(attempt, name) {
            None => {
                return Err(refused(
                    attempt,
                    pod,
                    &format!("no PriorityClass with name {name} was found"),
                ));
            }
            class => class,
        },
    };
    let class = class.unwrap_or_default();
    let value = class["value"].as_i64().unwrap_or_default();
    if let Some(own) = pod["spec"]["priority"].as_i64().filter(|own| *own != value) {
        let why = format!(
            "the integer value of priority ({own}) must not be provided in pod spec; priority admission controller \
             computed {value} from the given PriorityClass name"
        );
        return Err(refused(attempt, pod, &why));
    }
    let policy = class["preemptionPolicy"].as_str().unwrap_or("PreemptLowerPriority");
    if let Some(own) = pod["spec"]["preemptionPolicy"].as_str().filter(|own| *own != policy) {
        let why = format!(
            "the string value of PreemptionPolicy ({own}) must not be provided in pod spec; priority admission controller \
             computed {policy} from the given PriorityClass name"
        );
        return Err(refused(attempt, pod, &why));
    }
    let spec = &mut pod["spec"];
    if let Some(name) = class["metadata"]["name"].as_str() {
        spec["priorityClassName"] = name.into();
    }
    put(spec, "priority", value.into());
    put(spec, "preemptionPolicy", policy.into());
    Ok(())
}

/// The number of a class that every cluster has.
pub fn of_system(name: &str) -> Option<i64> {
    match name {
        "system-node-critical" => Some(2_000_001_000),
        "system-cluster-critical" => Some(2_000_000_000),
        _ => None,
    }
}

fn class(attempt: &Attempt<'_>, name: &str) -> Option<Value> {
    let stored = attempt.api.store.get(TABLE, "", name).map(|class| class.decode());
    stored.or_else(|| of_system(name).map(|value| json!({"metadata": {"name": name}, "value": value})))
}

/// The class that says that it is for pods without one; of several the one with the smallest number.
fn default_class(attempt: &Attempt<'_>) -> Option<Value> {
    let classes = attempt.api.store.list(TABLE, None).objects;
    let default = classes
        .iter()
        .map(|class| class.decode())
        .filter(|class| class["globalDefault"] == true);
    default.min_by_key(|class| class["value"].as_i64())
}
