//! The kinds that are served in more than one version: from the stored form to the served one and back.

use serde_json::Value;

use super::{Kind, autoscaler_v1};

/// Whether the served form differs from the stored one.
#[must_use]
pub fn converts(kind: &Kind) -> bool {
    matches!(
        (kind.group.as_str(), kind.version.as_str()),
        ("events.k8s.io", "v1") | ("autoscaling", "v1")
    )
}

/// An object as a kind serves it, from how it is stored.
#[must_use]
pub fn served(kind: &Kind, object: Value) -> Value {
    match kind.group.as_str() {
        "events.k8s.io" => {
            let mut event = rename(object, &EVENT);
            if let Some(map) = event.as_object_mut() {
                // The old group writes these though they are empty.
                map.retain(|name, value| !(name.starts_with("reporting") && value == ""));
            }
            event
        }
        "autoscaling" if kind.version == "v1" => autoscaler_v1::served(object),
        _ => object,
    }
}

/// An object as it is stored, from how a kind serves it.
#[must_use]
pub fn stored(kind: &Kind, object: Value) -> Value {
    match kind.group.as_str() {
        "events.k8s.io" => rename(object, &EVENT.map(|(stored, served)| (served, stored))),
        "autoscaling" if kind.version == "v1" => autoscaler_v1::stored(object),
        _ => object,
    }
}

/// What core/v1 and events.k8s.io/v1 call the same fields of an event.
const EVENT: [(&str, &str); 8] = [
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("count", "deprecatedCount"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("reportingComponent", "reportingController"),
    ("reportingInstance", "reportingInstance"),
];

fn rename(object: Value, names: &[(&str, &str)]) -> Value {
    let Value::Object(fields) = object else { return object };
    let renamed = fields.into_iter().map(|(name, value)| {
        let new = names
            .iter()
            .find(|(from, _)| *from == name)
            .map(|(_, to)| (*to).to_owned());
        (new.unwrap_or(name), value)
    });
    Value::Object(renamed.collect())
}
