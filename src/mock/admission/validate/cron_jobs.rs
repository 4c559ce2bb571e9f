//! Cron jobs, as `pkg/apis/batch/validation/validation.go`.

use serde_json::{Value, json};

use super::{jobs, rules, text};
use crate::mock::controllers::Schedule;
use crate::mock::kinds::go_types;
use crate::mock::server::FieldError;

/// Room for the eleven letters that a job's name has more than its cron job's.
const LONGEST: usize = 52;

/// Faults of a cron job.
#[must_use]
pub fn check(old: Option<&Value>, cron: &Value) -> Vec<FieldError> {
    let spec = &cron["spec"];
    let mut faults = schedule(old, spec);
    faults.extend(rules::at_least(
        &spec["startingDeadlineSeconds"],
        "spec.startingDeadlineSeconds",
        0,
    ));
    if old.is_none_or(|old| old["spec"]["timeZone"] != spec["timeZone"]) {
        faults.extend(zone(&spec["timeZone"]));
    }
    let policies = ["Allow", "Forbid", "Replace"];
    faults.extend(rules::one_of(
        &spec["concurrencyPolicy"],
        "spec.concurrencyPolicy",
        &policies,
    ));
    faults.extend(template(&spec["jobTemplate"]["spec"], "spec.jobTemplate.spec"));
    for name in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        faults.extend(rules::at_least(&spec[name], format!("spec.{name}"), 0));
    }
    let name = &cron["metadata"]["name"];
    if old.is_none() && text(name).len() > LONGEST {
        let why = format!("must be no more than {LONGEST} characters");
        faults.push(FieldError::invalid("metadata.name", name, why));
    }
    faults
}

fn schedule(old: Option<&Value>, spec: &Value) -> Vec<FieldError> {
    let (field, given) = ("spec.schedule", &spec["schedule"]);
    let written = text(given);
    if written.is_empty() {
        return vec![FieldError::required(field, "")];
    }
    let mut faults = Vec::new();
    let zoned = written.contains("TZ");
    let was_zoned = old.is_some_and(|old| text(&old["spec"]["schedule"]).contains("TZ"));
    if let Err(why) = Schedule::parse(unzoned(written)) {
        faults.push(FieldError::invalid(field, given, why));
    }
    let why = match (zoned, was_zoned) {
        (true, false) => "cannot use TZ or CRON_TZ in schedule, use timeZone field instead",
        (true, true) if !spec["timeZone"].is_null() => "cannot use both timeZone field and TZ or CRON_TZ in schedule",
        _ => return faults,
    };
    faults.push(FieldError::invalid(field, given, why));
    faults
}

/// The schedule without a time zone before it, which the parser reads by itself.
fn unzoned(schedule: &str) -> &str {
    let zoned = schedule.starts_with("TZ=") || schedule.starts_with("CRON_TZ=");
    match schedule.split_once(' ') {
        Some((_, rest)) if zoned => rest.trim(),
        _ => schedule,
    }
}

fn zone(zone: &Value) -> Vec<FieldError> {
    let Some(name) = zone.as_str() else {
        return Vec::new();
    };
    let fault = |why: &str| FieldError::invalid("spec.timeZone", zone, why);
    if name.is_empty() {
        return vec![fault("timeZone must be nil or non-empty string")];
    }
    let unknown = || fault(&format!("unknown time zone {name}"));
    let letters = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte))
    };
    let sound = |part: &str| {
        (1..=14).contains(&part.len()) && letters(part) && part != "." && part != ".." && !part.starts_with('-')
    };
    if !name.split('/').all(sound) {
        return vec![unknown()];
    }
    if name.eq_ignore_ascii_case("Local") {
        let why = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
        let known = name == "Local";
        return [fault(why)].into_iter().chain((!known).then(unknown)).collect();
    }
    // Names are files to the server: it minds the case of their letters.
    let known = jiff::tz::TimeZone::get(name).is_ok_and(|zone| zone.iana_name() == Some(name));
    (!known).then(unknown).into_iter().collect()
}

/// Faults of the jobs that a cron job makes, whose selector comes later.
fn template(spec: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = jobs::spec(spec, at);
    if spec["selector"].is_object() {
        let shown = go_types::label_selector(&spec["selector"]);
        let why = "`selector` will be auto-generated";
        faults.push(FieldError::invalid(format!("{at}.selector"), &shown, why));
    }
    if spec["manualSelector"] == true {
        let field = format!("{at}.manualSelector");
        faults.push(FieldError::unsupported(field, &json!(true), &["nil", "false"]));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(change: &[(&str, Value)]) -> Vec<String> {
        let pod = json!({"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]});
        let mut cron = json!({"metadata": {"name": "p"}, "spec": {"schedule": "@hourly", "concurrencyPolicy": "Allow",
            "jobTemplate": {"spec": {"template": {"spec": pod}}}}});
        for (name, value) in change {
            cron["spec"][*name] = value.clone();
        }
        super::super::told(check(None, &cron))
    }

    #[test]
    fn cron_jobs_are_told_what_is_wrong() {
        assert_eq!(told(&[]), Vec::<String>::new());
        for (name, value, said) in [
            ("schedule", json!(""), "spec.schedule: Required value"),
            (
                "schedule",
                json!("60 * * * *"),
                "spec.schedule: Invalid value: \"60 * * * *\": end of range (60) above maximum (59): 60",
            ),
            (
                "schedule",
                json!("TZ=UTC * * * * *"),
                "spec.schedule: Invalid value: \"TZ=UTC * * * * *\": cannot use TZ or CRON_TZ in schedule, use timeZone field \
                    instead",
            ),
            (
                "timeZone",
                json!("Mars/X"),
                "spec.timeZone: Invalid value: \"Mars/X\": unknown time zone Mars/X",
            ),
            (
                "timeZone",
                json!("europe/berlin"),
                "spec.timeZone: Invalid value: \"europe/berlin\": unknown time zone europe/berlin",
            ),
            (
                "timeZone",
                json!(""),
                "spec.timeZone: Invalid value: \"\": timeZone must be nil or non-empty string",
            ),
            (
                "timeZone",
                json!("Local"),
                "spec.timeZone: Invalid value: \"Local\": timeZone must be an explicit time zone as defined in \
                    https://www.iana.org/time-zones",
            ),
            (
                "concurrencyPolicy",
                json!("Foo"),
                "spec.concurrencyPolicy: Unsupported value: \"Foo\": supported values: \"Allow\", \"Forbid\", \"Replace\"",
            ),
            (
                "failedJobsHistoryLimit",
                json!(-2),
                "spec.failedJobsHistoryLimit: Invalid value: -2: must be greater than or equal to 0",
            ),
        ] {
            assert_eq!(told(&[(name, value)]), [said]);
        }
        assert!(told(&[("timeZone", json!("Europe/Berlin"))]).is_empty());
    }

    #[test]
    fn the_selector_of_its_jobs_comes_later() {
        let pod = json!({"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]});
        let job = json!({"spec": {"selector": {"matchLabels": {"app": "x"}}, "manualSelector": true, "template": {"spec": pod}}});
        assert_eq!(
            told(&[("jobTemplate", job)]),
            [
                "spec.jobTemplate.spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"x\"}}: `selector` will be auto-generated",
                "spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: \"nil\", \"false\""
            ]
        );
    }
}
