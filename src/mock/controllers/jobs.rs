//! Jobs: pods until enough have succeeded or too many have failed.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, condition, dying, mark};
use super::kubelet_status::seconds;
use super::pods::{self, Workload};
use crate::mock::values::has_condition;

const TABLE: &str = "jobs.batch";

/// One look at every Job.
pub fn tick(context: &mut Context) {
    for job in context.list(TABLE).iter().filter(|job| !dying(job)) {
        let mark = mark(job, &context.controlled("pods", job));
        if context.rests("jobs", job, mark) {
            continue;
        }
        let ended = over(job);
        if ended {
            expire(context, job);
        } else {
            sync(context, job);
        }
        let forever = ended && job["spec"]["ttlSecondsAfterFinished"].is_null();
        let again = (!forever).then(|| context.millis() + 1000);
        context.rest("jobs", job, mark, again);
    }
}

/// Whether the job has ended, one way or the other.
#[must_use]
pub fn over(job: &Value) -> bool {
    ["Complete", "Failed"].iter().any(|kind| has_condition(job, kind))
}

fn expire(context: &Context, job: &Value) {
    let Some(life) = job["spec"]["ttlSecondsAfterFinished"].as_i64() else {
        return;
    };
    let end = ["Complete", "Failed"].iter().find_map(|kind| condition(job, kind));
    let end = end
        .and_then(|condition| condition["lastTransitionTime"].as_str())
        .map_or(0, seconds);
    if context.now().as_second() - end >= life {
        context.delete(TABLE, job);
    }
}

fn sync(context: &mut Context, job: &Arc<Value>) {
    let workload = Workload {
        api_version: "batch/v1",
        kind: "Job",
        component: "job-controller",
        object: job,
    };
    let spec = &job["spec"];
    let owned = context.controlled("pods", job);
    let count = |phase: &str| owned.iter().filter(|pod| pod["status"]["phase"] == phase).count() as i64;
    let (succeeded, failed) = (count("Succeeded"), count("Failed"));
    let retries: i64 = owned
        .iter()
        .filter(|pod| pods::active(pod))
        .map(|pod| restarts(pod))
        .sum();
    let active = owned.iter().filter(|pod| pods::active(pod)).count() as i64;
    let (completions, parallel) = (spec["completions"].as_i64(), spec["parallelism"].as_i64().unwrap_or(1));
    let limit = spec["backoffLimit"].as_i64().unwrap_or(6);
    let age = job["status"]["startTime"]
        .as_str()
        .map_or(0, |start| context.now().as_second() - seconds(start));
    let late = spec["activeDeadlineSeconds"]
        .as_i64()
        .is_some_and(|deadline| age >= deadline);
    let done = completions.map_or(succeeded > 0 && active == 0, |wanted| succeeded >= wanted);
    let broken = failed + retries > limit;
    if done || broken || late || target(job).is_some() {
        return finish(context, workload, &owned, (succeeded, failed), end_of(done, broken));
    }
    let suspended = spec["suspend"] == true;
    let wanted = if suspended {
        0
    } else {
        parallel.min(completions.map_or(parallel, |wanted| wanted - succeeded))
    };
    let wait = failed > 0 && !rested(context, &owned, failed);
    if active < wanted && !wait {
        for _ in active..wanted {
            let pod = pods::from_template(workload, &spec["template"]);
            pods::create(context, workload, pod);
        }
    }
    let owned = context.controlled("pods", job);
    running_status(context, job, &owned, (succeeded, failed));
}

/// The condition by which a job says how it will end.
fn target(job: &Value) -> Option<&Value> {
    ["SuccessCriteriaMet", "FailureTarget"]
        .iter()
        .find_map(|kind| condition(job, kind))
}

/// Says first how the job will end, gives up what still runs, and ends it when nothing does.
fn finish(
    context: &mut Context,
    workload: Workload<'_>,
    owned: &[Arc<Value>],
    counts: (i64, i64),
    end: (&str, &str, &str),
) {
    let job = workload.object;
    let (kind, reason, message) = match target(job) {
        Some(told) => {
            let kind = if told["type"] == "SuccessCriteriaMet" {
                "Complete"
            } else {
                "Failed"
            };
            let text = |field: &str| told[field].as_str().unwrap_or_default().to_owned();
            (kind, text("reason"), text("message"))
        }
        None => {
            let kind = if end.0 == "Complete" {
                "SuccessCriteriaMet"
            } else {
                "FailureTarget"
            };
            let condition = told(context, kind, end.1, end.2);
            let active = owned.iter().any(|pod| pods::active(pod));
            context.set_status(TABLE, job, &json!({"conditions": [condition]}));
            for pod in owned.iter().filter(|pod| pods::active(pod)) {
                pods::delete(context, workload, pod);
            }
            if active {
                return;
            }
            (end.0, end.1.to_owned(), end.2.to_owned())
        }
    };
    if owned.iter().any(|pod| !pods::finished(pod)) {
        return;
    }
    conclude(context, workload, counts, (kind, &reason, &message));
}

fn told(context: &Context, kind: &str, reason: &str, message: &str) -> Value {
    let now = context.stamp();
    json!({"type": kind, "status": "True", "lastProbeTime": now, "lastTransitionTime": now, "reason": reason, "message": message})
}

fn restarts(pod: &Value) -> i64 {
    let statuses = pod["status"]["containerStatuses"].as_array().into_iter().flatten();
    statuses
        .map(|status| status["restartCount"].as_i64().unwrap_or_default())
        .sum()
}

/// Failed pods are replaced after ten seconds, doubled each time.
fn rested(context: &Context, owned: &[Arc<Value>], failed: i64) -> bool {
    let ends = owned
        .iter()
        .filter(|pod| pod["status"]["phase"] == "Failed")
        .flat_map(|pod| {
            pod["status"]["containerStatuses"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|status| status["state"]["terminated"]["finishedAt"].as_str())
                .map(seconds)
                .collect::<Vec<_>>()
        });
    let last = ends.max().unwrap_or_default();
    context.now().as_second() - last >= (10 << (failed - 1).min(6)).min(360)
}

fn end_of(done: bool, broken: bool) -> (&'static str, &'static str, &'static str) {
    match (done, broken) {
        (true, _) => (
            "Complete",
            "CompletionsReached",
            "Reached expected number of succeeded pods",
        ),
        (false, true) => (
            "Failed",
            "BackoffLimitExceeded",
            "Job has reached the specified backoff limit",
        ),
        (false, false) => (
            "Failed",
            "DeadlineExceeded",
            "Job was active longer than specified deadline",
        ),
    }
}

fn conclude(context: &mut Context, workload: Workload<'_>, counts: (i64, i64), end: (&str, &str, &str)) {
    let (kind, reason, message) = end;
    let job = workload.object;
    let now = context.stamp();
    let condition = |kind: &str| told(context, kind, reason, message);
    let before = if kind == "Complete" {
        "SuccessCriteriaMet"
    } else {
        "FailureTarget"
    };
    let some = |count: i64| if count == 0 { Value::Null } else { count.into() };
    let completion = if kind == "Complete" {
        now.clone().into()
    } else {
        Value::Null
    };
    let status = json!({"active": null, "ready": 0, "terminating": 0, "succeeded": some(counts.0), "failed": some(counts.1),
        "completionTime": completion, "uncountedTerminatedPods": {}, "conditions": [condition(before), condition(kind)]});
    context.set_status(TABLE, job, &status);
    let api = context.api.clone();
    match kind {
        "Complete" => context
            .recorder
            .record(&api, workload.about(), "Normal", "Completed", "Job completed"),
        _ => context
            .recorder
            .record(&api, workload.about(), "Warning", reason, message),
    }
}

fn running_status(context: &Context, job: &Value, owned: &[Arc<Value>], counts: (i64, i64)) {
    let active = owned.iter().filter(|pod| pods::active(pod)).count();
    let ready = owned.iter().filter(|pod| pods::active(pod) && pods::ready(pod)).count();
    let some = |count: i64| if count == 0 { Value::Null } else { count.into() };
    let start = match job["status"]["startTime"].as_str() {
        Some(start) => start.into(),
        None if job["spec"]["suspend"] == true => Value::Null,
        None => context.stamp().into(),
    };
    let status = json!({"startTime": start, "active": some(i64::try_from(active).unwrap_or_default()), "ready": ready, "terminating": 0,
        "succeeded": some(counts.0), "failed": some(counts.1), "uncountedTerminatedPods": {}});
    context.set_status(TABLE, job, &status);
}
