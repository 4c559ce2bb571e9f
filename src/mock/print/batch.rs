//! Jobs, cron jobs and autoscalers.

use jiff::Timestamp;
use serde_json::Value;

use super::Printer;
use super::column::{AGE, Column, NAME};
use super::text::{age, duration, name, number, or, selector, since, time};
use super::workloads::containers;
use crate::mock::values::{has_condition, list};
use crate::model::{HorizontalPodAutoscaler, decode_value};

const WIDE: [Column; 3] = [
    Column::wide("Containers"),
    Column::wide("Images"),
    Column::wide("Selector"),
];

/// The printer of jobs.
pub const JOBS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Status").told("Status of the job."),
        Column::text("Completions"),
        Column::text("Duration").told("Time required to complete the job."),
        AGE,
        WIDE[0],
        WIDE[1],
        WIDE[2],
    ],
    cells: job,
};

fn job(job: &Value, now: Timestamp) -> Vec<Value> {
    let (spec, [names, images]) = (&job["spec"], containers(&job["spec"]["template"]));
    vec![
        name(job),
        job_status(job).into(),
        completions(job).into(),
        job_duration(job, now).into(),
        age(job, now),
        names,
        images,
        selector(&spec["selector"]).into(),
    ]
}

fn completions(job: &Value) -> String {
    let succeeded = job["status"]["succeeded"].as_i64().unwrap_or_default();
    match (
        job["spec"]["completions"].as_i64(),
        job["spec"]["parallelism"].as_i64().unwrap_or_default(),
    ) {
        (Some(wanted), _) => format!("{succeeded}/{wanted}"),
        (None, parallel) if parallel > 1 => format!("{succeeded}/1 of {parallel}"),
        _ => format!("{succeeded}/1"),
    }
}

fn job_status(job: &Value) -> &'static str {
    let has = |kind: &str| has_condition(job, kind);
    match () {
        () if has("Complete") => "Complete",
        () if has("Failed") => "Failed",
        () if job["metadata"]["deletionTimestamp"].is_string() => "Terminating",
        () if has("Suspended") => "Suspended",
        () if has("FailureTarget") => "FailureTarget",
        () if has("SuccessCriteriaMet") => "SuccessCriteriaMet",
        () => "Running",
    }
}

fn job_duration(job: &Value, now: Timestamp) -> String {
    let Some(start) = time(&job["status"]["startTime"]) else {
        return String::new();
    };
    let end = time(&job["status"]["completionTime"]).unwrap_or(now);
    duration((end - start).total(jiff::Unit::Second).unwrap_or_default() as i64)
}

/// The printer of cron jobs.
pub const CRON_JOBS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Schedule"),
        Column::text("Timezone"),
        Column::typed("Suspend", "boolean"),
        Column::number("Active"),
        Column::text("Last Schedule"),
        AGE,
        WIDE[0],
        WIDE[1],
        WIDE[2],
    ],
    cells: cron_job,
};

fn cron_job(object: &Value, now: Timestamp) -> Vec<Value> {
    let (spec, status) = (&object["spec"], &object["status"]);
    let template = &spec["jobTemplate"]["spec"];
    let last = if status["lastScheduleTime"].is_string() {
        since(&status["lastScheduleTime"], now)
    } else {
        "<none>".to_owned()
    };
    let [names, images] = containers(&template["template"]);
    vec![
        name(object),
        or(&spec["schedule"], "").into(),
        or(&spec["timeZone"], "<none>").into(),
        match spec["suspend"].as_bool() {
            Some(true) => "True".into(),
            Some(false) => "False".into(),
            None => "<unset>".into(),
        },
        list(&status["active"]).count().into(),
        last.into(),
        age(object, now),
        names,
        images,
        selector(&template["selector"]).into(),
    ]
}

/// The printer of horizontal pod autoscalers.
pub const AUTOSCALERS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Reference"),
        Column::text("Targets"),
        Column::text("MinPods"),
        Column::text("MaxPods"),
        Column::text("Replicas"),
        AGE,
    ],
    cells: autoscaler,
};

fn autoscaler(object: &Value, now: Timestamp) -> Vec<Value> {
    let (spec, status) = (&object["spec"], &object["status"]);
    let target = &spec["scaleTargetRef"];
    let targets =
        decode_value::<HorizontalPodAutoscaler>(object).map_or_else(|_| String::new(), |own| own.targets.into());
    let minimum = spec["minReplicas"]
        .as_i64()
        .map_or_else(|| "<unset>".to_owned(), |minimum| minimum.to_string());
    vec![
        name(object),
        format!("{}/{}", or(&target["kind"], ""), or(&target["name"], "")).into(),
        targets.into(),
        minimum.into(),
        number(&spec["maxReplicas"]),
        number(&status["currentReplicas"]),
        age(object, now),
    ]
}
