//! What the server writes into jobs: their defaults, and the selector by which a job knows its pods.

use serde_json::{Value, json};

use super::defaults::{drop_nulls, put, template};

/// The labels that a job writes on its pods, and whether it is its uid (or its name) that they hold.
const GENERATED: [(&str, bool); 4] = [
    ("job-name", false),
    ("batch.kubernetes.io/job-name", false),
    ("controller-uid", true),
    ("batch.kubernetes.io/controller-uid", true),
];

/// Selects a new job's pods by its uid, unless that is left to the client: `generateSelector` of the registry's strategy.
pub fn generate_selector(job: &mut Value) {
    let is_empty = |labels: &Value| labels.as_object().is_none_or(serde_json::Map::is_empty);
    // The API's defaults come first: they make the template's labels the job's own, and these are one map from then on.
    let shared = is_empty(&job["metadata"]["labels"]) && !is_empty(&job["spec"]["template"]["metadata"]["labels"]);
    if job["spec"]["manualSelector"] != true {
        let (uid, name) = (job["metadata"]["uid"].clone(), job["metadata"]["name"].clone());
        let spec = &mut job["spec"];
        for (label, is_uid) in GENERATED {
            let value = if is_uid { &uid } else { &name };
            put_in(&mut spec["template"]["metadata"]["labels"], label, value);
        }
        put_in(
            &mut spec["selector"]["matchLabels"],
            "batch.kubernetes.io/controller-uid",
            &uid,
        );
        sort(&mut spec["template"]["metadata"]["labels"]);
        sort(&mut spec["selector"]["matchLabels"]);
    }
    if shared {
        job["metadata"]["labels"] = job["spec"]["template"]["metadata"]["labels"].clone();
    }
}

fn sort(labels: &mut Value) {
    if let Some(map) = labels.as_object_mut() {
        map.sort_keys();
    }
}

fn put_in(labels: &mut Value, name: &str, value: &Value) {
    if labels.is_null() {
        *labels = json!({});
    }
    if labels.get(name).is_none() && labels.is_object() {
        labels[name] = value.clone();
    }
}

/// The defaults of a job, `SetDefaults_Job`.
pub fn defaults(job: &mut Value) {
    let spec = &mut job["spec"];
    if spec["completions"].is_null() && spec["parallelism"].is_null() {
        spec["completions"] = 1.into();
        spec["parallelism"] = 1.into();
    }
    drop_nulls(spec, &["completions"]);
    put(spec, "parallelism", 1.into());
    let per_index = spec["backoffLimitPerIndex"].is_i64();
    put(spec, "backoffLimit", if per_index { i32::MAX } else { 6 }.into());
    failure_policy(spec);
    template(spec);
    put(spec, "completionMode", "NonIndexed".into());
    put(spec, "suspend", false.into());
    let replaced = if spec["podFailurePolicy"].is_object() {
        "Failed"
    } else {
        "TerminatingOrFailed"
    };
    put(spec, "podReplacementPolicy", replaced.into());
    drop_nulls(spec, &["podFailurePolicy", "backoffLimitPerIndex"]);
    put(spec, "manualSelector", false.into());
}

/// A stored job without labels of its own is labelled as its pods are: the defaults apply when it is read, too.
pub fn label(job: &mut Value) {
    let labels = &job["spec"]["template"]["metadata"]["labels"];
    if job["metadata"].get("labels").is_none_or(Value::is_null) && labels.is_object() {
        job["metadata"]["labels"] = labels.clone();
        super::order_metadata(job);
    }
}

/// The defaults of a cron job and of the jobs that it makes, `SetDefaults_CronJob`.
pub fn cron_defaults(spec: &mut Value) {
    put(spec, "concurrencyPolicy", "Allow".into());
    put(spec, "suspend", false.into());
    put(spec, "jobTemplate", json!({}));
    put(&mut spec["jobTemplate"], "metadata", json!({}));
    put(&mut spec["jobTemplate"], "spec", json!({}));
    let job = &mut spec["jobTemplate"]["spec"];
    failure_policy(job);
    template(job);
    put(spec, "successfulJobsHistoryLimit", 3.into());
    put(spec, "failedJobsHistoryLimit", 1.into());
}

fn failure_policy(spec: &mut Value) {
    let rules = spec
        .pointer_mut("/podFailurePolicy/rules")
        .and_then(Value::as_array_mut);
    for rule in rules.into_iter().flatten() {
        let patterns = rule.get_mut("onPodConditions").and_then(Value::as_array_mut);
        for pattern in patterns.into_iter().flatten() {
            put(pattern, "status", "True".into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_selects_its_pods_by_its_uid() {
        let mut job = json!({"metadata": {"name": "j", "uid": "u"}, "spec": {"template": {"metadata": {"labels": {"job-name": "mine"}}}}});
        generate_selector(&mut job);
        let labels = &job["spec"]["template"]["metadata"]["labels"];
        assert_eq!(labels["controller-uid"], "u");
        assert_eq!(labels["job-name"], "mine");
        assert_eq!(job["metadata"]["labels"], *labels);
        assert_eq!(
            job["spec"]["selector"],
            json!({"matchLabels": {"batch.kubernetes.io/controller-uid": "u"}})
        );
        let mut manual = json!({"metadata": {"name": "j", "uid": "u"}, "spec": {"manualSelector": true}});
        generate_selector(&mut manual);
        assert!(manual["spec"].get("selector").is_none());
    }

    #[test]
    fn jobs_get_their_defaults() {
        let mut job = json!({"metadata": {}, "spec": {"backoffLimitPerIndex": 1, "podFailurePolicy": {"rules": [{"onPodConditions": [{"type": "X"}]}]}}});
        defaults(&mut job);
        assert_eq!(job["spec"]["backoffLimit"], i32::MAX);
        assert_eq!(job["spec"]["podReplacementPolicy"], "Failed");
        assert_eq!(
            job["spec"]["podFailurePolicy"]["rules"][0]["onPodConditions"][0]["status"],
            "True"
        );
        assert_eq!(job["spec"]["template"]["spec"]["restartPolicy"], "Always");
        assert!(job["spec"].get("selector").is_none());
    }
}
