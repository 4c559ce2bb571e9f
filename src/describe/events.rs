//! The events of an object, the newest last.

use serde_json::Value;

use crate::core::clock::Clock;
use crate::core::text::Tone;

use super::need::{Answer, EVENTS, EVENTS_BY_NAME, Need};
use super::time;
use super::value::{Read, or};
use super::words::Words;
use super::writer::Table;
use super::{Input, Writer};

/// The annotation by which the API server's copy of a static pod names the pod that the kubelet writes events about.
const MIRROR: &str = "kubernetes.io/config.mirror";

/// Where an object's events are found, as `searchEvents` in kubectl: by name, namespace, kind and uid. A mirror pod's carry
/// its mirror annotation as uid; a Node's also its name, which the kubelet writes there.
pub fn needs(group: &str, kind: &str, object: &Value) -> Vec<Need> {
    let meta = object.key("metadata");
    let [name, namespace, uid] = ["name", "namespace", "uid"].map(|field| meta.key(field).text());
    let mirror = meta.key("annotations").key(MIRROR).text();
    let (of_kind, uid) = match (group, kind) {
        ("", "Pod") => (String::new(), or(mirror, uid)),
        _ => (format!("involvedObject.kind={kind},"), uid),
    };
    let events = |tag, uid: &str| {
        let about = format!("involvedObject.name={name},involvedObject.namespace={namespace}");
        let fields = format!("{about},{of_kind}involvedObject.uid={uid}");
        Need::list(tag, ("", "v1", "events"), namespace).with_fields(fields)
    };
    let mut needs = vec![events(EVENTS, uid)];
    if (group, kind) == ("", "Node") {
        needs.push(events(EVENTS_BY_NAME, name));
    }
    needs
}

/// The section of events, or the line that says why there is none.
pub fn describe(input: &Input, by_name: bool, out: &mut Writer) {
    let tags: &[&str] = if by_name { &[EVENTS, EVENTS_BY_NAME] } else { &[EVENTS] };
    let mut events = Vec::new();
    for tag in tags {
        match input.related.get(tag) {
            Answer::Items(items) => events.extend(items),
            Answer::Loading => return alone(out, "…".into()),
            Answer::Refused(message) => return alone(out, Words::toned(message, Tone::Warn)),
        }
    }
    if events.is_empty() {
        return alone(out, Words::none());
    }
    events.sort_by_key(|event| last_seen(event));
    out.section("Events");
    out.table(table(&events, input.clock));
}

fn alone(out: &mut Writer, value: Words) {
    out.section("");
    out.field("Events", value);
}

/// When the event was last seen, as kubectl sorts: by what a counting source writes, else by what a series says.
pub fn last_seen(event: &Value) -> Option<crate::core::clock::Time> {
    let candidates = [
        event.key("lastTimestamp"),
        event.at("series.lastObservedTime"),
        event.key("eventTime"),
        event.key("firstTimestamp"),
    ];
    candidates.into_iter().find_map(time::parse)
}

fn table(events: &[&Value], clock: &Clock) -> Table {
    let mut table = Table::new(["Type", "Reason", "Age", "From", "Message"]);
    for event in events {
        let tone = if event.key("type").text() == "Warning" {
            Tone::Warn
        } else {
            Tone::Plain
        };
        let source = or(
            event.at("source.component").text(),
            event.key("reportingComponent").text(),
        );
        table.row([
            Words::toned(event.key("type").show(), tone),
            Words::toned(event.key("reason").show(), tone),
            age(event, clock).into(),
            source.into(),
            message(event),
        ]);
    }
    table
}

/// `5m`, or `5m (x3 over 10m)` for what came more than once.
pub fn age(event: &Value, clock: &Clock) -> String {
    let at = |own: &Value, other: &Value| time::since(if own.is_set() { own } else { other }, clock);
    let first = at(event.key("eventTime"), event.key("firstTimestamp"));
    let series = event.key("series");
    if series.is_set() {
        return format!(
            "{} (x{} over {first})",
            time::since(series.key("lastObservedTime"), clock),
            series.key("count").int()
        );
    }
    match event.key("count").int() {
        count if count > 1 => format!(
            "{} (x{count} over {first})",
            time::since(event.key("lastTimestamp"), clock)
        ),
        _ => first,
    }
}

/// The message, and behind it which part of the object it is about, such as a container.
fn message(event: &Value) -> Words {
    let message = Words::from(event.key("message").text().trim());
    match event.at("involvedObject.fieldPath").text() {
        "" => message,
        path => message.then(format!("  ({path})"), Tone::Muted),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Related;
    use super::*;
    use serde_json::json;

    fn clock() -> Clock {
        Clock::at("2026-11-20T22:50:00Z".parse().unwrap())
    }

    fn text(answer: Answer) -> String {
        let mut related = Related::new();
        related.set(EVENTS, answer);
        let (object, clock) = (json!({}), clock());
        let mut out = Writer::default();
        describe(
            &Input {
                object: &object,
                related: &related,
                clock: &clock,
            },
            false,
            &mut out,
        );
        out.finish().text()
    }

    #[test]
    fn ages_count_as_kubectl_counts() {
        let cases = [
            (
                json!({"firstTimestamp": "2026-11-20T22:45:00Z", "lastTimestamp": "2026-11-20T22:49:00Z", "count": 1}),
                "5m",
            ),
            (
                json!({"firstTimestamp": "2026-11-20T22:40:00Z", "lastTimestamp": "2026-11-20T22:45:00Z", "count": 3}),
                "5m (x3 over 10m)",
            ),
            (
                json!({"firstTimestamp": null, "eventTime": "2026-11-20T22:49:00.5Z"}),
                "59s",
            ),
            (
                json!({"eventTime": "2026-11-20T22:40:00Z", "series": {"count": 7, "lastObservedTime": "2026-11-20T22:49:50Z"}}),
                "10s (x7 over 10m)",
            ),
            (json!({}), "<unknown>"),
        ];
        for (event, expected) in cases {
            assert_eq!(age(&event, &clock()), expected, "{event}");
        }
    }

    #[test]
    fn the_table_has_the_newest_last_and_marks_warnings() {
        let events = vec![
            json!({"type": "Warning", "reason": "BackOff", "message": " no \n", "lastTimestamp": "2026-11-20T22:49:00Z", "firstTimestamp": "2026-11-20T22:49:00Z",
                   "source": {"component": "kubelet"}, "involvedObject": {"fieldPath": "spec.containers{c}"}}),
            json!({"type": "Normal", "reason": "Pulled", "message": "m", "eventTime": "2026-11-20T22:48:00Z", "reportingComponent": "k8s"}),
        ];
        let expected = "Events\n  Type     Reason   Age  From     Message\n  Normal   Pulled   2m   k8s      m\n! Warning  BackOff  60s  kubelet  no  (spec.containers{c})\n";
        assert_eq!(text(Answer::Items(events)), expected);
    }

    #[test]
    fn what_is_not_there_says_why() {
        assert_eq!(text(Answer::Items(vec![])), "  Events:  <none>\n");
        assert_eq!(text(Answer::Loading), "  Events:  …\n");
        assert_eq!(
            text(Answer::Refused("events is forbidden".into())),
            "! Events:  events is forbidden\n"
        );
    }

    #[test]
    fn events_are_found_by_uid_mirror_annotation_and_node_name() {
        let fields = |group, kind, object: Value| {
            needs(group, kind, &object)
                .into_iter()
                .map(|need| need.fields)
                .collect::<Vec<_>>()
        };
        let deployment = json!({"metadata": {"name": "a", "namespace": "n", "uid": "u"}});
        let expected =
            "involvedObject.name=a,involvedObject.namespace=n,involvedObject.kind=Deployment,involvedObject.uid=u";
        assert_eq!(fields("apps", "Deployment", deployment), [expected]);
        let pod = json!({"metadata": {"name": "a", "namespace": "n", "uid": "u", "annotations": {MIRROR: "m"}}});
        assert_eq!(
            fields("", "Pod", pod),
            ["involvedObject.name=a,involvedObject.namespace=n,involvedObject.uid=m"]
        );
        let node = "involvedObject.name=n1,involvedObject.namespace=,involvedObject.kind=Node,involvedObject.uid=";
        let expected = [format!("{node}u"), format!("{node}n1")];
        assert_eq!(
            fields("", "Node", json!({"metadata": {"uid": "u", "name": "n1"}})),
            expected
        );
    }
}
