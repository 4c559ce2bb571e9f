//! Jobs, as `pkg/apis/batch/validation/validation.go`.

use serde_json::{Value, json};

use super::{job_policies, metadata, rules, templates, text};
use crate::mock::kinds::go_types;
use crate::mock::select::LabelSelector;
use crate::mock::server::FieldError;
use crate::mock::values::has_condition;

const COMPLETIONS_SOFT: i64 = 100_000;
const PARALLELISM_INDEXED: i64 = 100_000;
const FAILED_INDEXES: i64 = 100_000;
const HIGH: i64 = 10_000;

/// Faults of a job. A changed one is checked as a new one and as a changed one, and tells its faults twice.
#[must_use]
pub fn check(old: Option<&Value>, job: &Value) -> Vec<FieldError> {
    let mut faults = new(job);
    if let Some(old) = old {
        faults.extend(metadata::described(&job["metadata"]));
        faults.extend(whole(&job["spec"]));
        faults.extend(changed(old, &job["spec"]));
    }
    faults
}

fn new(job: &Value) -> Vec<FieldError> {
    let spec = &job["spec"];
    let mut faults = generated(job);
    faults.extend(whole(spec));
    let completions = spec["completions"].as_i64().unwrap_or_default();
    if text(&spec["completionMode"]) == "Indexed" && completions > 0 {
        let host = format!("{}-{}", text(&job["metadata"]["name"]), completions - 1);
        if !metadata::label(&host).is_empty() {
            let why = format!("will not able to create pod with invalid DNS label: {host}");
            faults.push(FieldError::invalid("metadata.name", &job["metadata"]["name"], why));
        }
    }
    faults
}

/// The labels by which a job knows its pods are the ones that it writes itself.
fn generated(job: &Value) -> Vec<FieldError> {
    let (spec, uid, name) = (
        &job["spec"],
        text(&job["metadata"]["uid"]),
        text(&job["metadata"]["name"]),
    );
    if spec["manualSelector"] == true || !spec["selector"].is_object() {
        return Vec::new();
    }
    let labels = &spec["template"]["metadata"]["labels"];
    let mut faults = Vec::new();
    let expected = [
        ("controller-uid", uid),
        ("job-name", name),
        ("batch.kubernetes.io/controller-uid", uid),
        ("batch.kubernetes.io/job-name", name),
    ];
    for (label, value) in expected {
        let field = format!("spec.template.metadata.labels[{label}]");
        let why = format!("must be '{value}'");
        match labels.get(label) {
            None => faults.push(FieldError::required(field, &why)),
            Some(given) if text(given) != value => faults.push(FieldError::invalid(field, labels, why)),
            Some(_) => {}
        }
    }
    let own = expected.map(|(label, value)| (label.to_owned(), Value::from(value)));
    let own: Value = own.into_iter().collect();
    let sound = rules::selector(&spec["selector"], "").is_empty();
    if sound && !LabelSelector::of_object(&spec["selector"]).matches_labels(&own) {
        let shown = go_types::label_selector(&spec["selector"]);
        faults.push(FieldError::invalid(
            "spec.selector",
            &shown,
            "`selector` not auto-generated",
        ));
    }
    faults
}

/// Faults of a job's spec with its selector.
fn whole(spec: &Value) -> Vec<FieldError> {
    let mut faults = self::spec(spec, "spec");
    let selector = &spec["selector"];
    if selector.is_object() {
        faults.extend(rules::selector(selector, "spec.selector"));
    } else {
        faults.push(FieldError::required("spec.selector", ""));
    }
    let labels = &spec["template"]["metadata"]["labels"];
    let sound = rules::selector(selector, "").is_empty();
    let fits = selector.is_object() && LabelSelector::of_object(selector).matches_labels(labels);
    if sound && !fits {
        let why = "`selector` does not match template `labels`";
        faults.push(FieldError::invalid("spec.template.metadata.labels", labels, why));
    }
    faults
}

/// Faults of a job's spec at a path, without those of its selector.
#[must_use]
pub fn spec(spec: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = numbers(spec, at);
    faults.extend(mode(spec, at));
    faults.extend(job_policies::check(spec, at));
    faults.extend(templates::check(&spec["template"], &format!("{at}.template")));
    let policy = text(&spec["template"]["spec"]["restartPolicy"]);
    let field = format!("{at}.template.spec.restartPolicy");
    let shown = Value::from(policy);
    match policy {
        "" | "Always" => faults.push(FieldError::required(field, "valid values: \"OnFailure\", \"Never\"")),
        "OnFailure" if spec["podFailurePolicy"].is_object() => {
            let why = "only \"Never\" is supported when podFailurePolicy is specified";
            faults.push(FieldError::invalid(field, &shown, why));
        }
        "OnFailure" | "Never" => {}
        _ => faults.push(FieldError::unsupported(field, &shown, &["OnFailure", "Never"])),
    }
    faults
}

fn numbers(spec: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for name in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
    ] {
        faults.extend(rules::at_least(&spec[name], format!("{at}.{name}"), 0));
    }
    if !spec["maxFailedIndexes"].is_null() && spec["backoffLimitPerIndex"].is_null() {
        let field = format!("{at}.backoffLimitPerIndex");
        faults.push(FieldError::required(field, "when maxFailedIndexes is specified"));
    }
    if let Some(by) = spec["managedBy"].as_str() {
        let field = format!("{at}.managedBy");
        faults.extend(rules::domain_prefixed_path(by, &field));
        if by.len() > 63 {
            faults.push(FieldError::too_long(field, 63));
        }
    }
    faults
}

/// Rules of how completions are counted.
fn mode(spec: &Value, at: &str) -> Vec<FieldError> {
    let given = &spec["completionMode"];
    let modes = ["NonIndexed", "Indexed"];
    let mut faults: Vec<FieldError> = rules::one_of(given, format!("{at}.completionMode"), &modes)
        .into_iter()
        .collect();
    match given.as_str() {
        Some("Indexed") => faults.extend(indexed(spec, at)),
        None | Some("NonIndexed") => {
            for name in ["backoffLimitPerIndex", "maxFailedIndexes"] {
                if !spec[name].is_null() {
                    let why = "requires indexed completion mode";
                    faults.push(FieldError::invalid(format!("{at}.{name}"), &spec[name], why));
                }
            }
        }
        Some(_) => {}
    }
    faults
}

fn indexed(spec: &Value, at: &str) -> Vec<FieldError> {
    let (completions, parallelism) = (spec["completions"].as_i64(), spec["parallelism"].as_i64());
    let failed = spec["maxFailedIndexes"].as_i64();
    let mut faults = Vec::new();
    let mut over = |name: &str, why: String| {
        faults.push(FieldError::invalid(format!("{at}.{name}"), &spec[name], why));
    };
    if parallelism > Some(PARALLELISM_INDEXED) {
        let why = format!("must be less than or equal to {PARALLELISM_INDEXED} when completion mode is Indexed");
        over("parallelism", why);
    }
    if completions
        .zip(failed)
        .is_some_and(|(completions, failed)| failed > completions)
    {
        over(
            "maxFailedIndexes",
            "must be less than or equal to completions".to_owned(),
        );
    }
    if failed > Some(FAILED_INDEXES) {
        over(
            "maxFailedIndexes",
            format!("must be less than or equal to {FAILED_INDEXES}"),
        );
    }
    let many = completions > Some(COMPLETIONS_SOFT) && !spec["backoffLimitPerIndex"].is_null();
    let why = format!(
        "must be less than or equal to {HIGH} when completions are above {COMPLETIONS_SOFT} and used with backoff limit per index"
    );
    if many && parallelism > Some(HIGH) {
        over("parallelism", why.clone());
    }
    if many && failed > Some(HIGH) {
        over("maxFailedIndexes", why);
    }
    if many && failed.is_none() {
        let why = format!("must be specified when completions is above {COMPLETIONS_SOFT}");
        faults.push(FieldError::required(format!("{at}.maxFailedIndexes"), &why));
    }
    if completions.is_none() {
        let field = format!("{at}.completions");
        faults.insert(0, FieldError::required(field, "when completion mode is Indexed"));
    }
    faults
}

/// What of a job stays, as `ValidateJobSpecUpdate`.
fn changed(old_job: &Value, spec: &Value) -> Vec<FieldError> {
    let old = &old_job["spec"];
    let mut faults = Vec::new();
    let frozen = |name: &str, shown: Value| {
        let differs = old[name] != spec[name];
        differs.then(|| FieldError::invalid(format!("spec.{name}"), &shown, "field is immutable"))
    };
    if text(&spec["completionMode"]) != "Indexed" {
        faults.extend(frozen("completions", spec["completions"].clone()));
    } else if !spec["completions"].is_null()
        && old["completions"] != spec["completions"]
        && spec["completions"] != spec["parallelism"]
    {
        let why = "can only be modified in tandem with spec.parallelism";
        faults.push(FieldError::invalid("spec.completions", &spec["completions"], why));
    }
    faults.extend(frozen("selector", go_types::label_selector(&spec["selector"])));
    faults.extend(template_changed(old_job, spec));
    faults.extend(frozen("completionMode", spec["completionMode"].clone()));
    let failure = go_types::shown("PodFailurePolicy", &spec["podFailurePolicy"]);
    faults.extend(frozen("podFailurePolicy", failure));
    for name in ["backoffLimitPerIndex", "managedBy"] {
        faults.extend(frozen(name, spec[name].clone()));
    }
    let success = go_types::shown("SuccessPolicy", &spec["successPolicy"]);
    faults.extend(frozen("successPolicy", success));
    faults
}

/// A template stays, but for where pods go while a suspended job has not begun.
fn template_changed(old_job: &Value, spec: &Value) -> Option<FieldError> {
    let mut old = old_job["spec"]["template"].clone();
    let new = &spec["template"];
    let suspended = has_condition(old_job, "Suspended");
    let idle = old_job["status"]["active"].as_i64().unwrap_or_default() == 0;
    let begun = !old_job["status"]["startTime"].is_null() && !suspended;
    let free = old_job["spec"]["suspend"] == true && !begun && idle;
    if free {
        for path in [
            "/metadata/labels",
            "/metadata/annotations",
            "/spec/nodeSelector",
            "/spec/tolerations",
            "/spec/schedulingGates",
            "/spec/affinity/nodeAffinity",
        ] {
            adopt(&mut old, new, path);
        }
        for kind in ["containers", "initContainers"] {
            let given = new["spec"][kind].as_array().map_or(0, Vec::len);
            for index in 0..given {
                adopt(&mut old, new, &format!("/spec/{kind}/{index}/resources"));
            }
        }
    }
    let why = "field is immutable";
    if free && old["spec"] != new["spec"] {
        let shown = go_types::shown("PodSpec", &new["spec"]);
        return Some(FieldError::invalid("spec.template.spec", &shown, why));
    }
    let differs = !free && old != *new;
    differs.then(|| FieldError::invalid("spec.template", &go_types::shown("PodTemplateSpec", new), why))
}

/// Puts what one object has at a path into the other, or takes it out there.
fn adopt(old: &mut Value, new: &Value, path: &str) {
    let Some((parent, name)) = path.rsplit_once('/') else {
        return;
    };
    if old.pointer(parent).is_none() && new.pointer(parent).is_some() && parent == "/spec/affinity" {
        old["spec"]["affinity"] = json!({});
    }
    let Some(map) = old.pointer_mut(parent).and_then(Value::as_object_mut) else {
        return;
    };
    match new.pointer(path) {
        Some(value) => {
            map.insert(name.to_owned(), value.clone());
        }
        None => {
            map.shift_remove(name);
        }
    }
    let empty = map.is_empty();
    if empty && new.pointer(parent).is_none() && parent == "/spec/affinity" {
        old["spec"]
            .as_object_mut()
            .and_then(|spec| spec.shift_remove("affinity"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::told;
    use super::*;

    fn job(change: &[(&str, Value)]) -> Value {
        let mut job = json!({"metadata": {"name": "p", "uid": "u"}, "spec": {"completions": 1, "parallelism": 1, "completionMode": "NonIndexed",
            "template": {"metadata": {}, "spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}}});
        for (name, value) in change {
            job["spec"][*name] = value.clone();
        }
        crate::mock::admission::jobs::generate_selector(&mut job);
        job
    }

    #[test]
    fn a_job_without_a_name_has_the_labels_of_none() {
        let mut nameless = json!({"metadata": {"uid": "u"}, "spec": {"selector": {"matchLabels": {"controller-uid": "u"}}, "template": {"metadata": {"labels": {
            "controller-uid": "u", "job-name": null, "batch.kubernetes.io/controller-uid": "u", "batch.kubernetes.io/job-name": null}}}}});
        assert!(generated(&nameless).is_empty());
        nameless["spec"]["template"]["metadata"]["labels"]["job-name"] = "x".into();
        assert_eq!(generated(&nameless).len(), 1);
    }

    #[test]
    fn jobs_are_told_what_is_wrong() {
        for (name, value, said) in [
            (
                "completionMode",
                json!("Foo"),
                "spec.completionMode: Unsupported value: \"Foo\": supported values: \"NonIndexed\", \"Indexed\"",
            ),
            (
                "backoffLimitPerIndex",
                json!(1),
                "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
            ),
            (
                "parallelism",
                json!(-1),
                "spec.parallelism: Invalid value: -1: must be greater than or equal to 0",
            ),
            (
                "selector",
                json!({"matchLabels": {"app": "x"}}),
                "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"x\",\"batch.kubernetes.io/controller-uid\":\"u\"}}: \
                    `selector` not auto-generated",
            ),
        ] {
            assert_eq!(told(check(None, &job(&[(name, value)])))[0], said, "{name}");
        }
        let manual = told(check(None, &job(&[("manualSelector", json!(true))])));
        assert_eq!(manual[0], "spec.selector: Required value");
        let mut always = job(&[]);
        always["spec"]["template"]["spec"]["restartPolicy"] = "Always".into();
        assert_eq!(
            told(check(None, &always)),
            ["spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\""]
        );
    }

    #[test]
    fn what_a_job_runs_stays() {
        let old = job(&[]);
        assert_eq!(told(check(Some(&old), &old)), Vec::<String>::new());
        let more = told(check(Some(&old), &job(&[("completions", json!(5))])));
        assert_eq!(more, ["spec.completions: Invalid value: 5: field is immutable"]);
        let mut other = old.clone();
        other["spec"]["template"]["spec"]["containers"][0]["image"] = "j".into();
        let faults = told(check(Some(&old), &other));
        assert!(
            faults[0]
                .starts_with("spec.template: Invalid value: {\"labels\":{\"batch.kubernetes.io/controller-uid\":\"u\""),
            "{faults:?}"
        );
        assert!(faults[0].ends_with(": field is immutable"));
    }

    #[test]
    fn a_suspended_job_may_go_elsewhere() {
        let mut old = job(&[("suspend", json!(true))]);
        old["status"] = json!({});
        let mut new = old.clone();
        new["spec"]["template"]["spec"]["nodeSelector"] = json!({"a": "b"});
        new["spec"]["template"]["spec"]["affinity"] = json!({"nodeAffinity": {}});
        assert_eq!(told(check(Some(&old), &new)), Vec::<String>::new());
        assert_eq!(told(check(Some(&new), &old)), Vec::<String>::new());
    }
}
