//! CronJobs.

use serde_json::Value;

use crate::core::text::Tone;
use crate::relations::kinds::JOB;

use super::value::{Read, bool_or_unset, join};
use super::words::Words;
use super::{Describer, Input, Writer, meta, pod_template, selector, time};

/// Describes a CronJob, as `describeCronJob` in kubectl.
pub struct CronJobs;

impl Describer for CronJobs {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("batch", "CronJob")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let (job, spec) = (input.object, input.object.key("spec"));
        meta::all(job, out);
        out.field("Schedule", spec.key("schedule").show());
        out.field("Concurrency Policy", spec.key("concurrencyPolicy").show());
        let tone = if spec.key("suspend").truth() {
            Tone::Warn
        } else {
            Tone::Plain
        };
        out.field("Suspend", Words::toned(bool_or_unset(spec.key("suspend")), tone));
        out.field("Time Zone", or_unset(spec.key("timeZone"), ""));
        out.field(
            "Successful Job History Limit",
            or_unset(spec.key("successfulJobsHistoryLimit"), ""),
        );
        out.field(
            "Failed Job History Limit",
            or_unset(spec.key("failedJobsHistoryLimit"), ""),
        );
        out.field(
            "Starting Deadline Seconds",
            or_unset(spec.key("startingDeadlineSeconds"), "s"),
        );
        status(input, out);
        job_template(spec.at("jobTemplate.spec"), out);
    }
}

fn status(input: &Input, out: &mut Writer) {
    let status = input.object.key("status");
    for (label, field) in [
        ("Last Schedule Time", "lastScheduleTime"),
        ("Last Successful Time", "lastSuccessfulTime"),
    ] {
        match status.key(field) {
            Value::Null if field == "lastSuccessfulTime" => {}
            Value::Null => out.field(label, "<unset>"),
            value => out.field(label, time::with_age(value, input.clock, out.lang())),
        }
    }
    let active: Vec<String> = status
        .key("active")
        .list()
        .iter()
        .map(|job| job.key("name").show())
        .collect();
    let words = Words::or_none(join(&active, ", "));
    let words = active.iter().fold(words, |words, name| out.naming(words, &JOB, name));
    out.field("Active Jobs", words);
}

fn job_template(job: &Value, out: &mut Writer) {
    let labels = match job.key("selector") {
        Value::Null => "<unset>".to_owned(),
        labels => selector::format(labels),
    };
    out.field("Selector", labels);
    out.field("Parallelism", or_unset(job.key("parallelism"), ""));
    out.field("Completions", or_unset(job.key("completions"), ""));
    if job.key("activeDeadlineSeconds").is_set() {
        out.field(
            "Active Deadline Seconds",
            or_unset(job.key("activeDeadlineSeconds"), "s"),
        );
    }
    pod_template::describe(job.key("template"), out);
}

fn or_unset(value: &Value, unit: &str) -> String {
    match value {
        Value::Null => "<unset>".to_owned(),
        value => format!("{}{unit}", value.show()),
    }
}
