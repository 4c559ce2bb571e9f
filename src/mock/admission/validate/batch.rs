//! Jobs, cron jobs and autoscalers.

use serde_json::Value;

use super::{pods, text};
use crate::mock::controllers::Schedule;
use crate::mock::kinds::Kind;
use crate::mock::server::FieldError;

/// Faults of a job, a cron job or an autoscaler.
#[must_use]
pub fn check(kind: &Kind, object: &Value) -> Vec<FieldError> {
    match kind.kind.as_str() {
        "Job" => job(&object["spec"], "spec"),
        "CronJob" => cron_job(&object["spec"]),
        _ => autoscaler(&object["spec"]),
    }
}

fn job(spec: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for name in [
        "parallelism",
        "completions",
        "backoffLimit",
        "activeDeadlineSeconds",
        "ttlSecondsAfterFinished",
    ] {
        if let Some(number) = spec[name].as_i64().filter(|number| *number < 0) {
            faults.push(FieldError::invalid(
                format!("{at}.{name}"),
                &number.into(),
                "must be greater than or equal to 0",
            ));
        }
    }
    let template = &spec["template"]["spec"];
    let mut template = pods::spec(template, &format!("{at}.template.spec"), Some(&["OnFailure", "Never"]));
    for fault in template
        .iter_mut()
        .filter(|fault| fault.field.ends_with("restartPolicy"))
    {
        // `Always` is what nobody wrote: the server says that something must be written.
        if text(&spec["template"]["spec"]["restartPolicy"]) == "Always" {
            *fault = FieldError::required(fault.field.clone(), "valid values: \"OnFailure\", \"Never\"");
        }
    }
    faults.extend(template);
    faults
}

fn cron_job(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let schedule = text(&spec["schedule"]);
    if schedule.is_empty() {
        faults.push(FieldError::required("spec.schedule", ""));
    } else if Schedule::parse(schedule).is_none() {
        faults.push(FieldError::invalid(
            "spec.schedule",
            &spec["schedule"],
            schedule_fault(schedule),
        ));
    }
    faults.extend(job(&spec["jobTemplate"]["spec"], "spec.jobTemplate.spec"));
    faults
}

/// What the cron parser says of a schedule.
fn schedule_fault(schedule: &str) -> String {
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    match fields.len() {
        5 => format!(
            "failed to parse int from {}",
            fields
                .iter()
                .find(|field| field.parse::<u32>().is_err())
                .unwrap_or(&"*")
        ),
        _ if schedule.starts_with('@') => format!("unrecognized descriptor: {schedule}"),
        found => format!("expected exactly 5 fields, found {found}: [{}]", fields.join(" ")),
    }
}

fn autoscaler(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let (least, most) = (
        spec["minReplicas"].as_i64().unwrap_or(1),
        spec["maxReplicas"].as_i64().unwrap_or_default(),
    );
    if least < 1 {
        faults.push(FieldError::invalid(
            "spec.minReplicas",
            &least.into(),
            "must be greater than or equal to 1",
        ));
    }
    if most < 1 {
        faults.push(FieldError::invalid(
            "spec.maxReplicas",
            &most.into(),
            "must be greater than 0",
        ));
    }
    if most < least {
        faults.push(FieldError::invalid(
            "spec.maxReplicas",
            &most.into(),
            "must be greater than or equal to `minReplicas`",
        ));
    }
    faults
}
