//! Workloads whose pods stay, as `pkg/apis/apps/validation/validation.go`.

use serde_json::Value;

use super::{claims, rules, strategies, templates, text};
use crate::mock::kinds::{Kind, go_types};
use crate::mock::select::LabelSelector;
use crate::mock::server::FieldError;

const TEMPLATE: &str = "spec.template";

/// Faults of a workload.
#[must_use]
pub fn check(kind: &Kind, old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    let before = old.map(|old| &old["spec"]);
    match kind.kind.as_str() {
        "Deployment" => deployment(before, spec),
        "ReplicaSet" => replica_set(before, spec),
        "DaemonSet" => daemon_set(before, spec),
        "StatefulSet" => stateful_set(before, spec),
        _ => replication_controller(spec),
    }
}

fn deployment(old: Option<&Value>, spec: &Value) -> Vec<FieldError> {
    let mut faults = counts(spec, &["replicas"]);
    faults.extend(replicated(spec));
    faults.extend(strategies::deployment(&spec["strategy"]));
    faults.extend(counts(spec, &["minReadySeconds", "revisionHistoryLimit"]));
    faults.extend(strategies::deadline(spec));
    faults.extend(moved(old, spec));
    faults
}

fn replica_set(old: Option<&Value>, spec: &Value) -> Vec<FieldError> {
    let mut faults = counts(spec, &["replicas", "minReadySeconds"]);
    faults.extend(replicated(spec));
    faults.extend(moved(old, spec));
    faults
}

/// Selector and template of what keeps a number of equal pods.
fn replicated(spec: &Value) -> Vec<FieldError> {
    let (mut faults, sound) = selected("deployment", spec);
    if !sound {
        let shown = go_types::label_selector(&spec["selector"]);
        faults.push(FieldError::invalid("spec.selector", &shown, "invalid label selector"));
        return faults;
    }
    faults.extend(mismatch(spec));
    faults.extend(templates::check(&spec["template"], TEMPLATE));
    faults.extend(templates::stays(&spec["template"], TEMPLATE, "ReplicaSet"));
    faults
}

fn daemon_set(old: Option<&Value>, spec: &Value) -> Vec<FieldError> {
    let mut faults = moved(old, spec);
    let wrong = rules::selector(&spec["selector"], "spec.selector");
    let fits = if wrong.is_empty() { mismatch(spec) } else { None };
    faults.extend(wrong);
    faults.extend(fits);
    faults.extend(empty("daemonset", &spec["selector"]));
    faults.extend(templates::check(&spec["template"], TEMPLATE));
    faults.extend(templates::stays(&spec["template"], TEMPLATE, "DaemonSet"));
    faults.extend(counts(spec, &["minReadySeconds"]));
    faults.extend(strategies::daemon_set(&spec["updateStrategy"]));
    faults.extend(counts(spec, &["revisionHistoryLimit"]));
    faults
}

fn stateful_set(old: Option<&Value>, spec: &Value) -> Vec<FieldError> {
    let mut faults = strategies::stateful_set(spec);
    if old.is_none() {
        faults.extend(claim_templates(&spec["volumeClaimTemplates"]));
    }
    faults.extend(counts(spec, &["replicas", "minReadySeconds"]));
    faults.extend(rules::at_least(&spec["ordinals"]["start"], "spec.ordinals.start", 0));
    let service = text(&spec["serviceName"]);
    if old.is_none() && !service.is_empty() {
        faults.extend(rules::each(
            "spec.serviceName",
            &service.into(),
            super::metadata::label(service),
        ));
    }
    let (wrong, sound) = selected("statefulset", spec);
    faults.extend(wrong);
    if sound {
        let template = templates::with_claims(spec);
        let (labels, notes) = (&template["metadata"]["labels"], &template["metadata"]["annotations"]);
        faults.extend(mismatch(spec));
        faults.extend(templates::check(&template, TEMPLATE));
        // The server looks at these twice.
        faults.extend(super::metadata::labels(labels, "spec.template.labels"));
        faults.extend(super::metadata::annotations(notes, "spec.template.annotations"));
    } else {
        let mut whole = FieldError::invalid("spec.selector", &Value::Null, "");
        whole.message = format!("Invalid value: {}", go_types::label_selector(&spec["selector"]));
        faults.push(whole);
    }
    faults.extend(templates::stays(&spec["template"], TEMPLATE, "StatefulSet"));
    faults.extend(old.and_then(|old| frozen(old, spec)));
    faults
}

fn replication_controller(spec: &Value) -> Vec<FieldError> {
    let mut faults = counts(spec, &["minReadySeconds"]);
    let (selector, template) = (&spec["selector"], &spec["template"]);
    let pairs = || selector.as_object().into_iter().flatten();
    if pairs().next().is_none() {
        faults.push(FieldError::required("spec.selector", ""));
    }
    faults.extend(counts(spec, &["replicas"]));
    if template.is_null() {
        faults.push(FieldError::required(TEMPLATE, ""));
        return faults;
    }
    let labels = &template["metadata"]["labels"];
    if pairs().any(|(name, value)| labels.get(name) != Some(value)) {
        faults.push(unfit(labels));
    }
    faults.extend(templates::check(template, TEMPLATE));
    faults.extend(templates::stays(template, TEMPLATE, "ReplicationController"));
    faults
}

fn counts(spec: &Value, names: &[&str]) -> Vec<FieldError> {
    let low = names
        .iter()
        .filter_map(|name| rules::at_least(&spec[*name], format!("spec.{name}"), 0));
    low.collect()
}

/// Faults of a selector that must be there, and whether labels can be matched with it at all.
fn selected(kind: &str, spec: &Value) -> (Vec<FieldError>, bool) {
    let given = &spec["selector"];
    if !given.is_object() {
        return (vec![FieldError::required("spec.selector", "")], true);
    }
    let mut faults = rules::selector(given, "spec.selector");
    let sound = faults.is_empty();
    faults.extend(empty(kind, given));
    (faults, sound)
}

fn empty(kind: &str, selector: &Value) -> Option<FieldError> {
    let none = |name: &str| match &selector[name] {
        Value::Object(map) => map.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => true,
    };
    let empty = selector.is_object() && none("matchLabels") && none("matchExpressions");
    let why = format!("empty selector is invalid for {kind}");
    empty.then(|| FieldError::invalid("spec.selector", &go_types::label_selector(selector), why))
}

/// The template's labels, if the selector does not select them; a missing selector selects nothing.
fn mismatch(spec: &Value) -> Option<FieldError> {
    let (given, labels) = (&spec["selector"], &spec["template"]["metadata"]["labels"]);
    let fits = given.is_object() && LabelSelector::of_object(given).matches_labels(labels);
    (!fits).then(|| unfit(labels))
}

fn unfit(labels: &Value) -> FieldError {
    let why = "`selector` does not match template `labels`";
    FieldError::invalid("spec.template.metadata.labels", labels, why)
}

/// A selector stays as it is.
fn moved(old: Option<&Value>, spec: &Value) -> Vec<FieldError> {
    let selector = &spec["selector"];
    let changed = old.is_some_and(|old| old["selector"] != *selector);
    let fault = || {
        FieldError::invalid(
            "spec.selector",
            &go_types::label_selector(selector),
            "field is immutable",
        )
    };
    changed.then(fault).into_iter().collect()
}

/// Faults of claim templates, which are those of claims.
fn claim_templates(templates: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (index, claim) in super::list(templates).enumerate() {
        let at = format!("spec.volumeClaimTemplates[{index}].spec");
        faults.extend(claims::spec(&claim["spec"], &at));
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::kinds::Registry;

    fn told(plural: &str, old: Option<&Value>, spec: &Value) -> Vec<String> {
        let group = if plural == "replicationcontrollers" { "" } else { "apps" };
        let kind = Registry::default().find(group, "v1", plural).unwrap();
        super::super::told(check(&kind, old, spec))
    }

    fn sound() -> Value {
        let pod = json!({"restartPolicy": "Always", "containers": [{"name": "c", "image": "i"}]});
        json!({"spec": {"selector": {"matchLabels": {"app": "x"}}, "template": {"metadata": {"labels": {"app": "x"}}, "spec": pod},
            "strategy": {"type": "Recreate"}, "podManagementPolicy": "Parallel", "updateStrategy": {"type": "OnDelete"}}})
    }

    #[test]
    fn selectors_fit_templates_and_stay() {
        let (old, mut new) = (sound(), sound());
        new["spec"]["selector"]["matchLabels"]["app"] = "y".into();
        let moved = "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"y\"}}: field is immutable";
        let unfit = "spec.template.metadata.labels: Invalid value: {\"app\":\"x\"}: `selector` does not match template `labels`";
        for kind in ["deployments", "replicasets", "daemonsets", "statefulsets"] {
            assert!(
                told(kind, None, &old)
                    .iter()
                    .all(|fault| fault.starts_with("spec.updateStrategy"))
            );
        }
        assert_eq!(told("deployments", Some(&old), &new), [unfit, moved]);
        assert_eq!(told("daemonsets", Some(&old), &new), [moved, unfit]);
        let fixed = told("statefulsets", Some(&old), &new);
        assert_eq!(fixed[0], unfit);
        assert!(
            fixed[1].starts_with("spec: Forbidden: updates to statefulset spec"),
            "{fixed:?}"
        );
    }

    #[test]
    fn stateful_sets_have_a_service_and_claims() {
        let mut set = sound();
        set["spec"]["serviceName"] = "Bad_x".into();
        set["spec"]["ordinals"] = json!({"start": -1});
        set["spec"]["volumeClaimTemplates"] = json!([{"metadata": {"name": "X_y"}, "spec": {}}]);
        let faults = told("statefulsets", None, &set);
        let fields: Vec<&str> = faults
            .iter()
            .filter_map(|fault| fault.split_once(": ").map(|(f, _)| f))
            .collect();
        assert_eq!(
            fields,
            [
                "spec.volumeClaimTemplates[0].spec.accessModes",
                "spec.volumeClaimTemplates[0].spec.resources[storage]",
                "spec.ordinals.start",
                "spec.serviceName",
                "spec.template.spec.volumes[0].name"
            ]
        );
    }

    #[test]
    fn replication_controllers_select_by_equality() {
        let spec = json!({"selector": {"a": "b"}, "template": {"metadata": {"labels": {"a": "c"}},
            "spec": {"restartPolicy": "Always", "containers": [{"name": "c", "image": "i"}]}}});
        assert_eq!(
            told("replicationcontrollers", None, &json!({"spec": spec})),
            [
                "spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}: `selector` does not match template `labels`"
            ]
        );
        assert_eq!(
            told("replicationcontrollers", None, &json!({"spec": {}})),
            ["spec.selector: Required value", "spec.template: Required value"]
        );
    }
}
