//! Conditions: what holds and what does not, and why.

use serde_json::Value;

use crate::core::text::Tone;

use super::time;
use super::value::Read;
use super::words::Words;
use super::writer::{Table, Writer};

/// Conditions that are bad news when they hold.
const BAD: [&str; 15] = [
    "Denied",
    "MemoryPressure",
    "DiskPressure",
    "PIDPressure",
    "NetworkUnavailable",
    "ReplicaFailure",
    "Failed",
    "FailureTarget",
    "Stalled",
    "DisruptionTarget",
    "PodResizePending",
    "NamespaceDeletionDiscoveryFailure",
    "NamespaceDeletionContentFailure",
    "NamespaceDeletionGroupVersionParsingFailure",
    "ModifyVolumeError",
];
/// Conditions that say something without being good or bad.
const NEUTRAL: [&str; 8] = [
    "ScalingLimited",
    "Suspended",
    "SuccessCriteriaMet",
    "NamespaceContentRemaining",
    "NamespaceFinalizersRemaining",
    "Resizing",
    "FileSystemResizePending",
    "ModifyingVolume",
];

/// What a condition means to the reader.
pub fn tone(condition: &Value) -> Tone {
    let (kind, status) = (condition.key("type").text(), condition.key("status").text());
    // Only a node's conditions have heartbeats, and a node that is not ready runs nothing.
    let of_node = condition.key("lastHeartbeatTime").is_set();
    let finished = matches!(condition.key("reason").text(), "PodCompleted" | "Completed");
    match status {
        _ if NEUTRAL.contains(&kind) => Tone::Plain,
        "True" if BAD.contains(&kind) => Tone::Error,
        "False" if BAD.contains(&kind) => Tone::Muted,
        "True" => Tone::Good,
        "False" if finished => Tone::Muted,
        "False" | "Unknown" if of_node && kind == "Ready" => Tone::Error,
        "False" | "Unknown" => Tone::Warn,
        _ => Tone::Plain,
    }
}

/// The section of conditions; nothing without any. kubectl leaves out reason and message for most kinds; here they stand
/// wherever a condition has one. The first `always` columns are those that kubectl shows, and stand even where no condition
/// says anything in them.
pub fn describe(conditions: &Value, always: usize, out: &mut Writer) {
    if conditions.list().is_empty() {
        return;
    }
    out.section("Conditions");
    let mut table = Table::new(["Type", "Status", "Reason", "Message"]);
    for condition in conditions.list() {
        let tone = tone(condition);
        let status = if matches!(tone, Tone::Muted) { Tone::Plain } else { tone };
        table.row([
            cell(condition, "type"),
            Words::toned(condition.key("status").show(), status),
            cell(condition, "reason"),
            cell(condition, "message"),
        ]);
    }
    table.drop_empty(always);
    out.table(table);
}

/// The section of conditions with their times, as kubectl shows those of nodes, claims and namespaces. `seen` is the column
/// that says when the condition was last looked at, with its field; without it only the change is shown.
pub fn with_times(conditions: &Value, seen: Option<(&'static str, &str)>, out: &mut Writer) {
    if conditions.list().is_empty() {
        return;
    }
    out.section("Conditions");
    let titles = ["Type", "Status"]
        .into_iter()
        .chain(seen.map(|(title, _)| title))
        .chain(["LastTransitionTime", "Reason", "Message"]);
    let mut table = Table {
        titles: titles.collect(),
        rows: Vec::new(),
    };
    for condition in conditions.list() {
        let mut cells = vec![
            cell(condition, "type"),
            Words::toned(condition.key("status").show(), tone(condition)),
        ];
        cells.extend(seen.map(|(_, field)| time::rfc1123(condition.key(field)).into()));
        cells.push(time::rfc1123(condition.key("lastTransitionTime")).into());
        cells.extend([cell(condition, "reason"), cell(condition, "message")]);
        table.rows.push(cells);
    }
    out.table(table);
}

fn cell(condition: &Value, field: &str) -> Words {
    condition.key(field).show().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tones_know_good_news_from_bad() {
        for (kind, status, reason, expected) in [
            ("Ready", "True", "", Tone::Good),
            ("Ready", "False", "", Tone::Warn),
            ("Ready", "Unknown", "NodeStatusUnknown", Tone::Warn),
            ("Ready", "False", "PodCompleted", Tone::Muted),
            ("DiskPressure", "True", "", Tone::Error),
            ("DiskPressure", "False", "", Tone::Muted),
            ("ScalingLimited", "True", "", Tone::Plain),
            ("Ready", "", "", Tone::Plain),
        ] {
            assert_eq!(
                tone(&json!({"type": kind, "status": status, "reason": reason})),
                expected,
                "{kind} {status}"
            );
        }
    }

    #[test]
    fn a_node_that_is_not_ready_is_broken() {
        let condition = json!({"type": "Ready", "status": "Unknown", "lastHeartbeatTime": "2026-11-20T20:00:00Z"});
        assert_eq!(tone(&condition), Tone::Error);
    }

    #[test]
    fn reasons_and_messages_stand_where_there_are_any() {
        let mut out = Writer::default();
        describe(&json!([{"type": "Ready", "status": "True"}]), 2, &mut out);
        describe(
            &json!([{"type": "Ready", "status": "False", "message": "not yet"}]),
            2,
            &mut out,
        );
        describe(&json!([]), 2, &mut out);
        let expected = "Conditions\n  Type   Status\n  Ready  True\n\nConditions\n  Type   Status  Message\n! Ready  False   not yet\n";
        assert_eq!(out.finish().text(), expected);
    }
}
