//! Events, as `printEvent`.

use jiff::Timestamp;
use serde_json::Value;

use super::Printer;
use super::column::{Column, NAME};
use super::text::{name, or, since};

/// The printer of events.
pub const EVENTS: Printer = Printer {
    columns: &[
        Column::text("Last Seen").told("The time at which the most recent occurrence of this event was recorded."),
        Column::text("Type").told("Type of this event (Normal, Warning), new types could be added in the future"),
        Column::text("Reason"),
        Column::text("Object").told("The object that this event is about."),
        Column::wide("Subobject"),
        Column::wide("Source")
            .told("The component reporting this event. Should be a short machine understandable string."),
        Column::text("Message").told("A human-readable description of the status of this operation."),
        Column::wide("First Seen"),
        Column::wide("Count"),
        NAME.wider(),
    ],
    cells,
};

fn cells(event: &Value, now: Timestamp) -> Vec<Value> {
    // Either group's names for the same fields.
    let field = |core: &str, other: &str| {
        if event[core].is_null() {
            event[other].clone()
        } else {
            event[core].clone()
        }
    };
    let about = field("involvedObject", "regarding");
    let (first, last) = (
        field("firstTimestamp", "deprecatedFirstTimestamp"),
        field("lastTimestamp", "deprecatedLastTimestamp"),
    );
    let first = since(if first.is_string() { &first } else { &event["eventTime"] }, now);
    let mut last = if last.is_string() {
        since(&last, now)
    } else {
        first.clone()
    };
    let mut count = field("count", "deprecatedCount")
        .as_i64()
        .filter(|count| *count > 0)
        .unwrap_or(1);
    if event["series"].is_object() {
        last = since(&event["series"]["lastObservedTime"], now);
        count = event["series"]["count"].as_i64().unwrap_or_default();
    }
    vec![
        last.into(),
        or(&event["type"], "").into(),
        or(&event["reason"], "").into(),
        object(&about).into(),
        or(&about["fieldPath"], "").into(),
        source(event).into(),
        or(&field("message", "note"), "").trim().into(),
        first.into(),
        count.into(),
        name(event),
    ]
}

fn object(about: &Value) -> String {
    let kind = or(&about["kind"], "").to_lowercase();
    match or(&about["name"], "") {
        "" => kind,
        name => format!("{kind}/{name}"),
    }
}

/// Who says it: the component and where it runs, from either of the two ways to write it.
fn source(event: &Value) -> String {
    let source = if event["source"].is_object() {
        &event["source"]
    } else {
        &event["deprecatedSource"]
    };
    let component = or(
        &source["component"],
        or(&event["reportingComponent"], or(&event["reportingController"], "")),
    );
    match or(&source["host"], or(&event["reportingInstance"], "")) {
        "" => component.to_owned(),
        host => format!("{component}, {host}"),
    }
}
