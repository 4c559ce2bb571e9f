//! Events: what happens to an object. Equal ones are counted, similar ones combined, and whoever says too much is not
//! heard, as by client-go's `EventCorrelator`.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::context::{name, namespace, uid};
use crate::mock::clock::rfc3339;
use crate::mock::server::Api;

/// Events live for an hour, as a real API server's `--event-ttl` says.
const LIFE: i64 = 3600;
/// So many different messages of one reason are told one by one; then they are combined.
const DIFFERENT: usize = 10;
/// Messages are similar for so many seconds.
const SIMILAR: i64 = 600;
/// So many events of one source about one object are written at once; then one every five minutes.
const BURST: f64 = 25.0;
/// Seconds until one more may be written.
const REFILL: f64 = 300.0;
/// These speak through the newer events API, which neither combines nor drops.
const UNFILTERED: [&str; 1] = ["default-scheduler"];

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
    /// What was said lately for one reason, and when last.
    similar: HashMap<String, (BTreeSet<String>, i64)>,
    /// How many events a source may still write about an object, and when that was so.
    allowed: HashMap<String, (f64, i64)>,
    expired: i64,
    told: u128,
}

impl Recorder {
    /// Says that something happened; `kind` is `Normal` or `Warning`.
    pub fn record(&mut self, api: &Api, about: About<'_>, kind: &str, reason: &str, message: &str) {
        let now = api.clock.now();
        let source = format!("{}/{}/{}", uid(about.object), about.component, about.host);
        let group = format!("{source}/{kind}/{reason}");
        let filtered = !UNFILTERED.contains(&about.component);
        let combined = filtered && self.combines(&group, message, now.as_second());
        if filtered && !self.allows(source, now.as_second()) {
            return;
        }
        let (same, message) = if combined {
            (group, format!("(combined from similar events): {message}"))
        } else {
            (format!("{group}/{}/{message}", about.field), message.to_owned())
        };
        let place = match namespace(about.object) {
            "" => "default",
            namespace => namespace,
        };
        let stamp = rfc3339(now);
        if let Some(known) = self.known.get(&same) {
            let counted = api.touch("events", place, known, |event| {
                event["count"] = (event["count"].as_i64().unwrap_or_default() + 1).into();
                event["lastTimestamp"] = stamp.clone().into();
                event["message"] = message.clone().into();
            });
            if counted {
                return;
            }
        }
        // The real one takes the moment in nanoseconds: names of later events come later.
        self.told += 1;
        let moment = u128::try_from(now.as_nanosecond()).unwrap_or_default() + self.told;
        let event_name = format!("{}.{moment:016x}", name(about.object));
        let _ = api.plant(event(about, place, &event_name, &stamp, (kind, reason, &message)));
        self.known.insert(same, event_name);
    }

    /// Whether too many different messages came for one reason.
    fn combines(&mut self, group: &str, message: &str, now: i64) -> bool {
        let (messages, last) = self.similar.entry(group.to_owned()).or_default();
        if now - *last > SIMILAR {
            messages.clear();
        }
        *last = now;
        messages.insert(message.to_owned());
        if messages.len() < DIFFERENT {
            return false;
        }
        // One is forgotten, so that there are never more; which one is chance in client-go.
        messages.pop_first();
        true
    }

    fn allows(&mut self, source: String, now: i64) -> bool {
        let (left, at) = self.allowed.entry(source).or_insert((BURST, now));
        *left = (*left + (now - *at) as f64 / REFILL).min(BURST);
        *at = now;
        if *left < 1.0 {
            return false;
        }
        *left -= 1.0;
        true
    }

    /// Forgets events that nobody has counted for an hour; looks once a minute.
    pub fn expire(&mut self, api: &Api, now: i64, events: impl FnOnce() -> std::sync::Arc<[std::sync::Arc<Value>]>) {
        if now / 60 == self.expired {
            return;
        }
        self.expired = now / 60;
        let old = |event: &Value| {
            let last = event["lastTimestamp"].as_str().map(super::kubelet_status::seconds);
            last.is_some_and(|last| now - last > LIFE)
        };
        for event in events().iter().filter(|event| old(event)) {
            crate::mock::server::delete_as_controller(api, "events", namespace(event), name(event));
        }
        self.similar.retain(|_, (_, last)| now - *last <= SIMILAR);
        self.allowed
            .retain(|_, (left, at)| *left + ((now - *at) as f64 / REFILL) < BURST);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::clock::Clock;

    fn told(messages: impl Iterator<Item = String>) -> Vec<(String, i64)> {
        let api = Api::new(Clock::standing(jiff::Timestamp::UNIX_EPOCH), 1);
        let pod = json!({"metadata": {"name": "x", "namespace": "a", "uid": "u"}});
        let about = About {
            api_version: "v1",
            kind: "Pod",
            object: &pod,
            field: "",
            component: "kubelet",
            host: "n",
        };
        let mut recorder = Recorder::default();
        messages.for_each(|message| recorder.record(&api, about, "Normal", "Said", &message));
        let events = api.store.list("events", None).objects;
        let mut told: Vec<_> = events
            .iter()
            .map(|event| event.decode())
            .map(|event| {
                (
                    event["message"].as_str().unwrap().to_owned(),
                    event["count"].as_i64().unwrap(),
                )
            })
            .collect();
        told.sort();
        told
    }

    #[test]
    fn equal_events_are_counted_up_to_a_burst() {
        assert_eq!(told((0..40).map(|_| "m".to_owned())), [("m".to_owned(), 25)]);
    }

    #[test]
    fn the_tenth_different_message_is_combined() {
        let told = told((0..12).map(|number| format!("m{number}")));
        assert_eq!(told.len(), 10);
        assert_eq!(told[0], ("(combined from similar events): m11".to_owned(), 3));
    }
}
