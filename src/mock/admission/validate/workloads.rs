//! Deployments and their like: selector and template.

use serde_json::Value;

use super::{pods, text};
use crate::mock::kinds::Kind;
use crate::mock::select::LabelSelector;
use crate::mock::server::FieldError;

/// Faults of a workload.
#[must_use]
pub fn check(kind: &Kind, old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    if let Some(fault) = old
        .filter(|_| kind.kind == "StatefulSet")
        .and_then(|old| frozen(&old["spec"], spec))
    {
        return vec![fault];
    }
    let mut faults = Vec::new();
    if let Some(replicas) = spec["replicas"].as_i64().filter(|replicas| *replicas < 0) {
        faults.push(FieldError::invalid(
            "spec.replicas",
            &replicas.into(),
            "must be greater than or equal to 0",
        ));
    }
    let selector = LabelSelector::of_object(&spec["selector"]);
    let labels = &spec["template"]["metadata"]["labels"];
    if !spec["selector"].is_object() {
        faults.push(FieldError::required("spec.selector", ""));
    } else if selector.is_empty() {
        faults.push(FieldError::invalid(
            "spec.selector",
            &spec["selector"],
            format!("empty selector is invalid for {}", kind.kind.to_lowercase()),
        ));
    }
    if selector.is_empty() || !selector.matches_labels(labels) {
        faults.push(FieldError::invalid(
            "spec.template.metadata.labels",
            labels,
            "`selector` does not match template `labels`",
        ));
    }
    faults.extend(super::metadata::labels(labels, "spec.template.metadata.labels"));
    let template = &spec["template"]["spec"];
    faults.extend(pods::with_claims(
        template,
        &spec["volumeClaimTemplates"],
        "spec.template.spec",
        None,
    ));
    if !matches!(text(&template["restartPolicy"]), "" | "Always") {
        let policy = &template["restartPolicy"];
        faults.push(FieldError::unsupported(
            "spec.template.spec.restartPolicy",
            policy,
            &["Always"],
        ));
    }
    if old.is_some_and(|old| old["spec"]["selector"] != spec["selector"]) {
        faults.push(FieldError::invalid(
            "spec.selector",
            &spec["selector"],
            "field is immutable",
        ));
    }
    faults
}

/// What of a StatefulSet's spec may change; all else may not.
const FREE: [&str; 7] = [
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
];

fn frozen(old: &Value, new: &Value) -> Option<FieldError> {
    let rest = |spec: &Value| -> Value {
        let fields = spec
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| !FREE.contains(&name.as_str()));
        fields.map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    let why = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', \
        'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
    (rest(old) != rest(new)).then(|| FieldError::forbidden("spec", why))
}
