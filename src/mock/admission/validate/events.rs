//! Events, which two groups serve by different rules.

use serde_json::{Value, json};

use super::{metadata, rules, text};
use crate::mock::kinds::Kind;
use crate::mock::server::FieldError;

/// Faults of an event, as `ValidateEventCreate` and `ValidateEventUpdate`: the old group asks for little, as long as an event
/// has no `eventTime`.
#[must_use]
pub fn check(kind: &Kind, old: Option<&Value>, event: &Value) -> Vec<FieldError> {
    let new_group = kind.group == "events.k8s.io";
    let mut faults = legacy(new_group, event);
    match old {
        _ if !new_group => {}
        None => faults.extend(new(event)),
        Some(old) => faults.extend(frozen(old, event)),
    }
    faults
}

fn legacy(new_group: bool, event: &Value) -> Vec<FieldError> {
    let namespace = text(&event["metadata"]["namespace"]);
    let about = text(&event["involvedObject"]["namespace"]);
    let mut faults = Vec::new();
    let timed = event["eventTime"].is_string();
    let wrong = match (timed, about) {
        (false, "") => !matches!(namespace, "" | "default"),
        (false, about) => about != namespace,
        (true, "") => !matches!(namespace, "default" | "kube-system"),
        (true, _) => false,
    };
    if wrong {
        let why = "does not match event.namespace";
        faults.push(FieldError::invalid("involvedObject.namespace", &about.into(), why));
    }
    if timed {
        faults.extend(reported(new_group, event));
    }
    faults
}

/// Who saw what, of events that say when.
fn reported(new_group: bool, event: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let by = text(&event["reportingComponent"]);
    let field = if new_group {
        "reportingController"
    } else {
        "reportingComponent"
    };
    if by.is_empty() {
        faults.push(FieldError::required(field, ""));
    }
    faults.extend(rules::each(field, &by.into(), metadata::key(by)));
    for name in ["reportingInstance", "action", "reason"] {
        match text(&event[name]).len() {
            0 => faults.push(FieldError::required(name, "")),
            129.. => faults.push(FieldError::invalid(name, &"".into(), "can have at most 128 characters")),
            _ => {}
        }
    }
    if text(&event["message"]).len() > 1024 {
        faults.push(FieldError::invalid(
            "message",
            &"".into(),
            "can have at most 1024 characters",
        ));
    }
    faults
}

fn new(event: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if !event["eventTime"].is_string() {
        faults.push(FieldError::required("eventTime", ""));
    }
    let kind = text(&event["type"]);
    if !matches!(kind, "Normal" | "Warning") {
        faults.push(FieldError::invalid(
            "type",
            &"".into(),
            format!("has invalid value: {kind}"),
        ));
    }
    for name in ["firstTimestamp", "lastTimestamp", "count", "source"] {
        let given = &event[name];
        let unset = given.is_null() || *given == 0 || *given == json!({});
        faults.extend((!unset).then(|| FieldError::invalid(name, &"".into(), "needs to be unset")));
    }
    faults
}

/// What happened stays: of the new group's events only the series goes on.
fn frozen(old: &Value, new: &Value) -> Vec<FieldError> {
    let kept = [
        "involvedObject",
        "reason",
        "message",
        "type",
        "firstTimestamp",
        "lastTimestamp",
        "count",
        "source",
        "reportingComponent",
        "reportingInstance",
        "action",
        "related",
        "eventTime",
    ];
    let field = |name| match name {
        "reportingComponent" => "reportingController",
        name => name,
    };
    kept.iter()
        .filter_map(|name| rules::immutable(&old[*name], &new[*name], field(name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::kinds::Registry;

    fn told(group: &str, event: &Value) -> Vec<String> {
        let kind = Registry::default().find(group, "v1", "events").unwrap();
        super::super::told(check(&kind, None, event))
    }

    #[test]
    fn events_lie_where_their_object_does() {
        let event =
            |namespace: &str| json!({"metadata": {"namespace": "a"}, "involvedObject": {"namespace": namespace}});
        assert!(told("", &event("a")).is_empty());
        assert_eq!(
            told("", &event("other")),
            ["involvedObject.namespace: Invalid value: \"other\": does not match event.namespace"]
        );
        assert_eq!(
            told("", &event("")),
            ["involvedObject.namespace: Invalid value: \"\": does not match event.namespace"]
        );
    }

    #[test]
    fn events_of_the_new_group_are_whole() {
        let event = json!({"metadata": {"namespace": "a"}, "involvedObject": {"namespace": "a"}, "type": "Normal",
            "eventTime": "2026-01-01T00:00:00.000000Z", "reportingComponent": "a/b", "reportingInstance": "i", "action": "A",
            "reason": "R", "source": {}, "firstTimestamp": null});
        assert!(told("events.k8s.io", &event).is_empty());
        for (name, value, said) in [
            ("type", "Foo", "type: Invalid value: \"\": has invalid value: Foo"),
            ("reason", "", "reason: Required value"),
            ("action", "", "action: Required value"),
            ("reportingInstance", "", "reportingInstance: Required value"),
        ] {
            let mut event = event.clone();
            event[name] = value.into();
            assert_eq!(told("events.k8s.io", &event), [said]);
        }
    }
}
