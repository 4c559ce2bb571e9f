//! Jobs.

use serde_json::Value;

use crate::core::text::Tone;
use crate::model::age;

use super::value::{Read, or};
use super::words::Words;
use super::{Describer, Input, Writer, conditions, meta, pod_template, selector, time};

/// Describes a Job, as `describeJob` in kubectl.
pub struct Jobs;

/// From this byte on, a list of indexes ends at the next comma.
const INDEXES: usize = 50;

impl Describer for Jobs {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("batch", "Job")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let (job, spec) = (input.object, input.object.key("spec"));
        meta::name(job, out);
        out.field("Selector", selector::format(spec.key("selector")));
        meta::labels_and_annotations(job, out);
        meta::controlled_by(job, out);
        limits(spec, out);
        times(input, out);
        if spec.key("activeDeadlineSeconds").is_set() {
            out.field(
                "Active Deadline Seconds",
                format!("{}s", spec.key("activeDeadlineSeconds").int()),
            );
        }
        out.field("Pods Statuses", pods(job.key("status")));
        if spec.key("completionMode").text() == "Indexed" {
            out.field("Completed Indexes", capped(job.at("status.completedIndexes").text()));
        }
        conditions::describe(job.at("status.conditions"), 2, out);
        pod_template::describe(spec.key("template"), out);
    }
}

fn limits(spec: &Value, out: &mut Writer) {
    for (label, field) in [
        ("Parallelism", "parallelism"),
        ("Completions", "completions"),
        ("Completion Mode", "completionMode"),
        ("Suspend", "suspend"),
        ("Backoff Limit", "backoffLimit"),
        ("TTL Seconds After Finished", "ttlSecondsAfterFinished"),
    ] {
        let value = spec.key(field);
        if value.is_set() {
            let tone = if field == "suspend" && value.truth() {
                Tone::Warn
            } else {
                Tone::Plain
            };
            out.field(label, Words::toned(value.show(), tone));
        } else if field == "completions" {
            out.field(label, "<unset>");
        }
    }
}

fn times(input: &Input, out: &mut Writer) {
    let [start, end] = ["startTime", "completionTime"].map(|field| input.object.key("status").key(field));
    for (label, value) in [("Start Time", start), ("Completed At", end)] {
        if value.is_set() {
            out.field(label, time::with_age(value, input.clock, out.lang()));
        }
    }
    if let (Some(start), Some(end)) = (time::parse(start), time::parse(end)) {
        out.field("Duration", age::human(end.duration_since(start)));
    }
}

fn pods(status: &Value) -> Words {
    let [active, succeeded, failed] = ["active", "succeeded", "failed"].map(|field| status.key(field).int());
    let ready = match status.key("ready") {
        Value::Null => String::new(),
        ready => format!(" ({} Ready)", ready.int()),
    };
    let tone = if failed > 0 { Tone::Error } else { Tone::Plain };
    Words::toned(
        format!("{active} Active{ready} / {succeeded} Succeeded / {failed} Failed"),
        tone,
    )
}

/// The indexes, cut behind the first comma after the 50th byte, as `capIndexesListOrNone` in kubectl.
fn capped(indexes: &str) -> String {
    let comma = indexes
        .bytes()
        .enumerate()
        .skip(INDEXES)
        .find(|(_, byte)| *byte == b',')
        .map(|(index, _)| index);
    match comma.and_then(|comma| indexes.get(..=comma)) {
        Some(shown) => format!("{shown}..."),
        None => or(indexes, "<none>").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn long_lists_of_indexes_are_cut_at_a_comma() {
        assert_eq!(capped(""), "<none>");
        assert_eq!(capped("0-3,7"), "0-3,7");
        let long = format!("{},100,200", "1".repeat(49));
        assert_eq!(capped(&long), format!("{},100,...", "1".repeat(49)));
        assert_eq!(capped(&"1".repeat(60)), "1".repeat(60));
    }

    #[test]
    fn ready_pods_are_told_where_they_are_counted() {
        assert_eq!(
            pods(&json!({"active": 1, "ready": 0})).flat()[0].text,
            "1 Active (0 Ready) / 0 Succeeded / 0 Failed"
        );
        assert_eq!(pods(&json!(null)).flat()[0].text, "0 Active / 0 Succeeded / 0 Failed");
    }
}
