//! Deployments and their like: selector and template.

use serde_json::Value;

use super::{pods, rules, strategies, text};
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
    for name in ["minReadySeconds", "revisionHistoryLimit"] {
        // A StatefulSet may keep a negative number of revisions.
        if name == "minReadySeconds" || kind.kind != "StatefulSet" {
            faults.extend(rules::at_least(&spec[name], format!("spec.{name}"), 0));
        }
    }
    faults.extend(selected(kind, spec));
    let labels = &spec["template"]["metadata"]["labels"];
    faults.extend(super::metadata::labels(labels, "spec.template.labels"));
    let notes = &spec["template"]["metadata"]["annotations"];
    faults.extend(super::metadata::annotations(notes, "spec.template.annotations"));
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
    faults.extend(strategies::check(&kind.kind, spec));
    if old.is_some_and(|old| old["spec"]["selector"] != spec["selector"]) {
        faults.push(FieldError::invalid(
            "spec.selector",
            &spec["selector"],
            "field is immutable",
        ));
    }
    faults
}

/// The selector is there, sound and not empty, and the template's labels fit it.
fn selected(kind: &Kind, spec: &Value) -> Vec<FieldError> {
    let (given, labels) = (&spec["selector"], &spec["template"]["metadata"]["labels"]);
    let mismatch = || {
        let why = "`selector` does not match template `labels`";
        FieldError::invalid("spec.template.metadata.labels", labels, why)
    };
    if !given.is_object() {
        let missing = (kind.kind != "DaemonSet").then(|| FieldError::required("spec.selector", ""));
        return missing.into_iter().chain([mismatch()]).collect();
    }
    let mut faults = rules::selector(given, "spec.selector");
    if !faults.is_empty() {
        if kind.kind != "DaemonSet" {
            let mut whole = FieldError::invalid("spec.selector", given, "invalid label selector");
            if kind.kind == "StatefulSet" {
                whole.message = format!("Invalid value: {given}");
            }
            faults.push(whole);
        }
        return faults;
    }
    let selector = LabelSelector::of_object(given);
    if selector.is_empty() {
        let why = format!("empty selector is invalid for {}", kind.kind.to_lowercase());
        faults.push(FieldError::invalid("spec.selector", given, why));
    } else if !selector.matches_labels(labels) {
        faults.push(mismatch());
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
