//! Events: what happens to an object, equal ones counted instead of written again.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::context::{name, namespace, uid};
use crate::mock::clock::rfc3339;
use crate::mock::server::Api;

/// Events live for an hour, as a real API server's `--event-ttl` says.
const LIFE: i64 = 3600;

/// What an event is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The object's API version.
    pub api_version: &'a str,
    /// The object's kind.
    pub kind: &'a str,
    /// The object.
    pub object: &'a Value,
    /// The part of the object, such as `spec.containers{web}`; empty for the whole.
    pub field: &'a str,
    /// Who says it.
    pub component: &'a str,
    /// Where that runs; empty for the control plane.
    pub host: &'a str,
}

/// Writes events.
#[derive(Debug, Default)]
pub struct Recorder {
    /// The name of the event that counts equal ones.
    known: HashMap<String, String>,
}

impl Recorder {
    /// Says that something happened; `kind` is `Normal` or `Warning`.
    pub fn record(&mut self, api: &Api, about: About<'_>, kind: &str, reason: &str, message: &str) {
        let now = rfc3339(api.clock.now());
        let same = format!(
            "{}/{}/{kind}/{reason}/{}/{message}",
            uid(about.object),
            about.field,
            about.component
        );
        let place = match namespace(about.object) {
            "" => "default",
            namespace => namespace,
        };
        if let Some(known) = self.known.get(&same) {
            let counted = api.touch("events", place, known, |event| {
                event["count"] = (event["count"].as_i64().unwrap_or_default() + 1).into();
                event["lastTimestamp"] = now.clone().into();
            });
            if counted {
                return;
            }
        }
        let event_name = format!("{}.{:016x}", name(about.object), api.ids.bits());
        let _ = api.plant(event(about, place, &event_name, &now, (kind, reason, message)));
        self.known.insert(same, event_name);
    }

    /// Forgets events that nobody has counted for an hour.
    pub fn expire(&mut self, api: &Api, events: &[std::sync::Arc<Value>]) {
        let now = api.clock.now();
        let old = |event: &Value| {
            let last = event["lastTimestamp"]
                .as_str()
                .and_then(|text| text.parse::<jiff::Timestamp>().ok());
            last.is_some_and(|last| (now - last).total(jiff::Unit::Second).unwrap_or_default() as i64 > LIFE)
        };
        for event in events.iter().filter(|event| old(event)) {
            crate::mock::server::delete_as_controller(api, "events", namespace(event), name(event));
        }
    }
}

fn event(
    about: About<'_>,
    place: &str,
    event_name: &str,
    now: &str,
    (kind, reason, message): (&str, &str, &str),
) -> Value {
    let object = about.object;
    let mut involved =
        json!({"kind": about.kind, "name": name(object), "uid": uid(object), "apiVersion": about.api_version});
    if !namespace(object).is_empty() {
        involved["namespace"] = namespace(object).into();
    }
    if about.kind == "Node" {
        // Nodes speak of themselves by name.
        involved["uid"] = name(object).into();
    }
    if let Some(version) = object["metadata"]["resourceVersion"].as_str() {
        involved["resourceVersion"] = version.into();
    }
    if !about.field.is_empty() {
        involved["fieldPath"] = about.field.into();
    }
    let mut source = json!({"component": about.component});
    if !about.host.is_empty() {
        source["host"] = about.host.into();
    }
    json!({
        "kind": "Event", "apiVersion": "v1", "metadata": {"name": event_name, "namespace": place},
        "involvedObject": involved, "reason": reason, "message": message, "source": source,
        "firstTimestamp": now, "lastTimestamp": now, "count": 1, "type": kind, "eventTime": null,
        "reportingComponent": about.component, "reportingInstance": about.host,
    })
}
