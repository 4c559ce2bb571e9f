//! CronJobs: a Job each time the schedule is due, and no more old ones than the limits say.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, MANAGER, condition, dying, mark, name, namespace, owner_reference};
use super::cron::Schedule;
use super::jobs::over;
use super::kubelet_status::seconds;
use super::pods::Workload;

const TABLE: &str = "cronjobs.batch";
/// By this annotation the controller knows the jobs that it made.
const SCHEDULED: &str = "batch.kubernetes.io/cronjob-scheduled-timestamp";

/// One look at every CronJob.
pub fn tick(context: &mut Context) {
    for cron in context.list(TABLE).iter().filter(|cron| !dying(cron)) {
        let jobs = context.controlled("jobs.batch", cron);
        let mark = mark(cron, &jobs);
        if !context.rests("cron jobs", cron, mark) {
            sync(context, cron);
            let next_minute = (context.now().as_second() / 60 + 1) * 60_000;
            context.rest("cron jobs", cron, mark, Some(next_minute));
        }
    }
}

fn sync(context: &mut Context, cron: &Arc<Value>) {
    let jobs = context.controlled("jobs.batch", cron);
    saw_ends(context, cron, &jobs);
    clean_up(context, cron, &jobs);
    let active: Vec<_> = jobs.iter().filter(|job| !over(job)).collect();
    let minute = context.now().as_second() / 60;
    // What was due before it was made is none of its business.
    let born = cron["metadata"]["creationTimestamp"].as_str().map_or(0, seconds);
    let last = cron["status"]["lastScheduleTime"].as_str().map_or(born, seconds) / 60;
    let forbidden = cron["spec"]["concurrencyPolicy"] == "Forbid" && !active.is_empty();
    if cron["spec"]["suspend"] != true && last < minute && due(cron, minute) && !forbidden {
        start(context, cron, minute);
    }
    let jobs = context.controlled("jobs.batch", cron);
    let listed = cron["status"]["active"].as_array().cloned().unwrap_or_default();
    let mut active = Vec::new();
    for job in jobs.iter().filter(|job| !over(job)) {
        let made = job["metadata"]["annotations"][SCHEDULED].is_string();
        if made || listed.iter().any(|known| known["uid"] == job["metadata"]["uid"]) {
            active.push(
                json!({"apiVersion": "batch/v1", "kind": "Job", "name": name(job), "namespace": namespace(job),
                "uid": job["metadata"]["uid"]}),
            );
        } else {
            let api = context.api.clone();
            let message = format!("Saw a job that the controller did not create or forgot: {}", name(job));
            context
                .recorder
                .record(&api, workload(cron).about(), "Warning", "UnexpectedJob", &message);
        }
    }
    let active = if active.is_empty() { Value::Null } else { active.into() };
    context.set_status(TABLE, cron, &json!({"active": active}));
}

fn due(cron: &Value, minute: i64) -> bool {
    let fields = match Schedule::parse(cron["spec"]["schedule"].as_str().unwrap_or_default()) {
        Ok(Schedule::Fields(fields)) => fields,
        Ok(Schedule::Every(pause)) => {
            let last = &cron["status"]["lastScheduleTime"];
            let last = last.as_str().or(cron["metadata"]["creationTimestamp"].as_str());
            return last.is_some_and(|last| minute * 60 >= seconds(last) + pause);
        }
        Err(_) => return false,
    };
    let zone = cron["spec"]["timeZone"].as_str().unwrap_or("UTC");
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = jiff::Timestamp::from_second(minute * 60).unwrap_or_default();
    fields.due(at.to_zoned(zone).datetime())
}

fn workload(cron: &Value) -> Workload<'_> {
    Workload {
        api_version: "batch/v1",
        kind: "CronJob",
        component: "cronjob-controller",
        object: cron,
    }
}

fn start(context: &mut Context, cron: &Value, minute: i64) {
    let template = &cron["spec"]["jobTemplate"];
    let job_name = format!("{}-{minute}", name(cron));
    let mut metadata = json!({"name": job_name, "namespace": namespace(cron),
        "ownerReferences": [owner_reference("batch/v1", "CronJob", cron)]});
    for field in ["labels", "annotations"] {
        metadata[field] = template["metadata"][field].clone();
    }
    let stamp = crate::mock::clock::rfc3339(jiff::Timestamp::from_second(minute * 60).unwrap_or_default());
    metadata["annotations"][SCHEDULED] = stamp.clone().into();
    let job = json!({"kind": "Job", "apiVersion": "batch/v1", "metadata": metadata, "spec": template["spec"]});
    let api = context.api.clone();
    if crate::mock::server::admit_by(&api, MANAGER, "jobs.batch", job).is_ok() {
        context.recorder.record(
            &api,
            workload(cron).about(),
            "Normal",
            "SuccessfulCreate",
            &format!("Created job {job_name}"),
        );
    }
    context.set_status(TABLE, cron, &json!({"lastScheduleTime": stamp}));
}

fn saw_ends(context: &mut Context, cron: &Value, jobs: &[Arc<Value>]) {
    let ends = jobs.iter().filter(|job| over(job));
    let seen = cron["status"]["active"].as_array().cloned().unwrap_or_default();
    for job in ends.filter(|job| seen.iter().any(|active| active["uid"] == job["metadata"]["uid"])) {
        let kind = if condition(job, "Complete").is_some() {
            "Complete"
        } else {
            "Failed"
        };
        let api = context.api.clone();
        let message = format!("Saw completed job: {}, condition: {kind}", name(job));
        context
            .recorder
            .record(&api, workload(cron).about(), "Normal", "SawCompletedJob", &message);
        if kind == "Complete" {
            context.set_status(
                TABLE,
                cron,
                &json!({"lastSuccessfulTime": job["status"]["completionTime"]}),
            );
        }
    }
}

fn clean_up(context: &Context, cron: &Value, jobs: &[Arc<Value>]) {
    for (kind, limit, missing) in [
        ("Complete", "successfulJobsHistoryLimit", 3),
        ("Failed", "failedJobsHistoryLimit", 1),
    ] {
        let limit = usize::try_from(cron["spec"][limit].as_i64().unwrap_or(missing)).unwrap_or_default();
        let mut ended: Vec<_> = jobs.iter().filter(|job| condition(job, kind).is_some()).collect();
        ended.sort_by_key(|job| {
            job["metadata"]["creationTimestamp"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        });
        for job in ended.iter().take(ended.len().saturating_sub(limit)) {
            context.delete("jobs.batch", job);
        }
    }
}
