//! Events: what `printEvent` in Kubernetes' printers.go tells of them.

use jiff::Timestamp;

use super::decode::wire;
use super::{Health, Istr, Meta, Projection, age};

/// An Event's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "EventWire")]
pub struct Event {
    meta: Meta,
    r#type: Istr,
    reason: Istr,
    message: Box<str>,
    source: Istr,
    involved: Involved,
    first_seen: Option<Timestamp>,
    last_seen: Option<Timestamp>,
    count: i32,
}

/// The object that an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Involved {
    /// Its API group and version.
    pub api_version: Istr,
    /// Its kind.
    pub kind: Istr,
    /// Its namespace; empty for what lives in none.
    pub namespace: Istr,
    /// Its name.
    pub name: Istr,
    /// Its uid: what events are matched by. A Node's events carry its name here.
    pub uid: Istr,
    /// The part of it, such as `spec.containers{web}`.
    pub field_path: Istr,
}

impl Event {
    /// When it was last seen, if that is known.
    pub fn last_seen(&self) -> Option<Timestamp> {
        self.last_seen
    }

    /// When it was first seen, if that is known.
    pub fn first_seen(&self) -> Option<Timestamp> {
        self.first_seen
    }

    /// The LAST SEEN cell.
    pub fn last_seen_text(&self, now: Timestamp) -> String {
        age::since(self.last_seen, now)
    }

    /// The FIRST SEEN cell.
    pub fn first_seen_text(&self, now: Timestamp) -> String {
        age::since(self.first_seen, now)
    }

    /// The TYPE cell: `Normal` or `Warning`.
    pub fn r#type(&self) -> &str {
        &self.r#type
    }

    /// The REASON cell.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The object that it is about.
    pub fn involved(&self) -> &Involved {
        &self.involved
    }

    /// The OBJECT cell: `pod/web`.
    pub fn object_text(&self) -> String {
        let kind = self.involved.kind.to_lowercase();
        if self.involved.name.is_empty() {
            kind
        } else {
            format!("{kind}/{}", self.involved.name)
        }
    }

    /// The SUBOBJECT cell.
    pub fn subobject(&self) -> &str {
        &self.involved.field_path
    }

    /// The SOURCE cell: who reported it, and from where.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The MESSAGE cell. It may have several lines.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The COUNT cell: how often it happened.
    pub fn count(&self) -> i32 {
        self.count
    }
}

impl Projection for Event {
    const KIND: &'static str = "Event";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        if self.r#type == "Warning" {
            Health::Warn
        } else {
            Health::Neutral
        }
    }
}

wire! {
    struct EventWire {
        metadata: Meta,
        r#type: Istr,
        reason: Istr,
        message: Box<str>,
        source: SourceWire,
        reporting_component: Istr,
        reporting_instance: Istr,
        involved_object: InvolvedWire,
        first_timestamp: Option<Timestamp>,
        last_timestamp: Option<Timestamp>,
        event_time: Option<Timestamp>,
        count: i32,
        series: Option<SeriesWire>,
    }

    struct SourceWire {
        component: Istr,
        host: Istr,
    }

    struct InvolvedWire {
        api_version: Istr,
        kind: Istr,
        namespace: Istr,
        name: Istr,
        uid: Istr,
        field_path: Istr,
    }

    struct SeriesWire {
        count: i32,
        last_observed_time: Option<Timestamp>,
    }
}

impl From<EventWire> for Event {
    fn from(wire: EventWire) -> Self {
        let first_seen = wire.first_timestamp.or(wire.event_time);
        let (last_seen, count) = match &wire.series {
            Some(series) => (series.last_observed_time, series.count),
            // What happened once and is not counted has no count.
            None => (
                wire.last_timestamp.or(first_seen),
                if wire.count == 0 { 1 } else { wire.count },
            ),
        };
        Self {
            source: wire.source_text(),
            meta: wire.metadata,
            r#type: wire.r#type,
            reason: wire.reason,
            message: wire.message.trim().into(),
            involved: wire.involved_object.into(),
            first_seen,
            last_seen,
            count,
        }
    }
}

impl EventWire {
    /// As `formatEventSource`: `kubelet, node-1`, the newer fields where the older are empty.
    fn source_text(&self) -> Istr {
        let first = |old: &Istr, new: &Istr| if old.is_empty() { new.clone() } else { old.clone() };
        let component = first(&self.source.component, &self.reporting_component);
        let instance = first(&self.source.host, &self.reporting_instance);
        if instance.is_empty() {
            component
        } else {
            Istr::new(&format!("{component}, {instance}"))
        }
    }
}

impl From<InvolvedWire> for Involved {
    fn from(wire: InvolvedWire) -> Self {
        Self {
            api_version: wire.api_version,
            kind: wire.kind,
            namespace: wire.namespace,
            name: wire.name,
            uid: wire.uid,
            field_path: wire.field_path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("event", |event: &Event, now| {
            [
                &*event.last_seen_text(now),
                event.r#type(),
                event.reason(),
                &event.object_text(),
                event.subobject(),
                event.source(),
                event.message(),
                &event.first_seen_text(now),
                &event.count().to_string(),
                &event.meta().name,
            ]
            .map(str::to_owned)
            .into()
        });
    }

    #[test]
    fn times_counts_and_sources_have_fallbacks() {
        let now = "2026-11-20T22:10:00Z".parse().unwrap();
        let all = |json: &str| {
            let event: Event = decode(json).unwrap();
            let (last, first) = (event.last_seen_text(now), event.first_seen_text(now));
            format!(
                "{last} {first} {} {:?} {}",
                event.count(),
                event.source(),
                event.object_text()
            )
        };
        for (json, texts) in [
            ("{}", r#"<unknown> <unknown> 1 "" "#),
            (
                r#"{"eventTime":"2026-11-20T22:09:00.000000Z","reportingComponent":"s"}"#,
                r#"60s 60s 1 "s" "#,
            ),
            (
                r#"{"firstTimestamp":"2026-11-20T22:08:00Z","eventTime":"2026-11-20T22:00:00Z","count":3,
                    "source":{"component":"kubelet"},"reportingInstance":"i","involvedObject":{"kind":"Pod"}}"#,
                r#"2m 2m 3 "kubelet, i" pod"#,
            ),
            (
                r#"{"lastTimestamp":"2026-11-20T22:09:50Z","series":{"count":7},"source":{"host":"h"},
                    "involvedObject":{"kind":"ReplicaSet","name":"x"}}"#,
                r#"<unknown> <unknown> 7 ", h" replicaset/x"#,
            ),
        ] {
            assert_eq!(all(json), texts, "{json}");
        }
    }
}
