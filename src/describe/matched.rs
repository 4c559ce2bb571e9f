//! What a selector takes now: the pods of a Service, a workload, a budget or a policy.

use serde_json::Value;

use crate::core::clock::Clock;
use crate::core::text::Tone;
use crate::model::{Health, Pod, Projection};
use crate::relations::kinds::POD;
use crate::relations::{self, By, Direction, Find, Look};

use super::need::{Answer, Need};
use super::selector;
use super::value::{Read, or};
use super::words::Words;
use super::writer::{Table, Writer};
use super::{Input, time};

/// The tag of the pods that the object's selector takes.
const PODS: &str = "pods";

/// How many pods are told one by one.
const MOST: usize = 20;

/// How the pods of an object are found: the label selector, and which of those that it takes are meant.
fn selection(group: &str, kind: &str, object: &Value) -> Option<(String, Option<Look>)> {
    if (group, kind) == ("apps", "Deployment") {
        // What is between a Deployment and its pods is no matter to its selector.
        return Some((selector::query(object.at("spec.selector"))?, None));
    }
    relations::of(group, kind, Direction::Down).find_map(|relation| match relation.find {
        Find::Select {
            of,
            by: By::Labels(labels),
            look,
            ..
        } if std::ptr::eq(of, &POD) => Some((labels(object)?, Some(look))),
        _ => None,
    })
}

/// The pods, where the object has a selector and nothing else asks for them.
pub fn needs(group: &str, kind: &str, object: &Value, known: &[Need]) -> Option<Need> {
    if known.iter().any(|need| need.tag == PODS) {
        return None;
    }
    let (labels, _) = selection(group, kind, object)?;
    Some(Need::list(PODS, ("", "v1", "pods"), object.at("metadata.namespace").text()).with_labels(labels))
}

/// The section of the pods that match; nothing for objects without a selector.
pub fn describe(group: &str, kind: &str, input: &Input, out: &mut Writer) {
    let Some((_, look)) = selection(group, kind, input.object) else {
        return;
    };
    let alone = |out: &mut Writer, value: Words| {
        out.section("");
        let label = out.lang().t("describe.matching");
        out.field(&label, value);
    };
    let lang = out.lang();
    match input.related.get(PODS) {
        Answer::Loading => alone(out, "…".into()),
        Answer::Refused(message) => alone(out, Words::toned(message, Tone::Warn)),
        Answer::Items(pods) => {
            let is_meant = |pod: &&Value| look.is_none_or(|look| !look(input.object, pod).is_empty());
            let mut pods: Vec<&Value> = pods.iter().filter(is_meant).collect();
            if pods.is_empty() {
                let tone = if wants_pods(kind, input.object) {
                    Tone::Warn
                } else {
                    Tone::Muted
                };
                return alone(out, Words::toned(lang.t("describe.matches_none"), tone));
            }
            pods.sort_by_key(|pod| pod.at("metadata.name").text());
            out.section(&lang.t("describe.matching"));
            table(&pods, input.clock, out);
        }
    }
}

/// Whether something is wrong where no pod matches. What is scaled to nothing, done, or there just in case needs none.
fn wants_pods(kind: &str, object: &Value) -> bool {
    match kind {
        "Job" | "NetworkPolicy" | "DaemonSet" => false,
        "Deployment" | "ReplicaSet" | "StatefulSet" | "ReplicationController" => super::replicas::desired(object) > 0,
        _ => true,
    }
}

fn table(pods: &[&Value], clock: &Clock, out: &mut Writer) {
    let count = match pods.len() {
        1 => out.lang().t("describe.matches_one"),
        count => out.lang().f("describe.matches", &[("count", &count.to_string())]),
    };
    out.lines(Words::toned(count, Tone::Muted));
    let mut table = Table::new(["Name", "Ready", "Status", "Age"]);
    for pod in pods.iter().take(MOST) {
        let (ready, status, tone) = state(pod);
        let name = pod.at("metadata.name").text();
        table.row([
            out.naming(name, &POD, name),
            ready.into(),
            Words::toned(status, tone),
            time::since(pod.at("metadata.creationTimestamp"), clock).into(),
        ]);
    }
    out.table(table);
    if let more @ 1.. = pods.len().saturating_sub(MOST) {
        let more = out.lang().f("describe.more", &[("count", &more.to_string())]);
        out.lines(Words::toned(more, Tone::Muted));
    }
}

/// READY and STATUS as `kubectl get pods` tells them, and what they mean.
fn state(pod: &Value) -> (String, String, Tone) {
    let Ok(row) = serde_json::from_value::<Pod>(pod.clone()) else {
        let phase = or(pod.at("status.phase").text(), "<unknown>");
        return (String::new(), phase.to_owned(), Tone::Plain);
    };
    let tone = match row.health() {
        Health::Bad => Tone::Error,
        Health::Warn => Tone::Warn,
        Health::Busy => Tone::Busy,
        Health::Good => Tone::Good,
        Health::Neutral => Tone::Plain,
    };
    (row.ready_text(), row.status().to_owned(), tone)
}

#[cfg(test)]
mod tests {
    use super::super::{Related, needs};
    use super::*;
    use serde_json::json;

    fn said(group: &str, kind: &str, object: &Value, pods: Answer) -> String {
        let clock = Clock::at("2026-11-20T22:50:00Z".parse().unwrap());
        let mut related = Related::new();
        related.set(PODS, pods);
        let mut out = Writer::default();
        let input = Input {
            object,
            related: &related,
            clock: &clock,
        };
        describe(group, kind, &input, &mut out);
        out.finish().text()
    }

    #[test]
    fn the_pods_of_a_selector_are_told_and_linked() {
        let service = json!({"metadata": {"name": "web", "namespace": "shop"}, "spec": {"selector": {"app": "web"}}});
        let wanted: Vec<_> = needs("", "Service", &service)
            .into_iter()
            .map(|need| (need.plural, need.labels))
            .collect();
        assert!(wanted.contains(&("pods", "app=web".to_owned())), "{wanted:?}");
        let pod = |name: &str| {
            json!({"metadata": {"name": name, "namespace": "shop", "creationTimestamp": "2026-11-20T22:45:00Z"}, "spec": {"containers": [{}]},
            "status": {"phase": "Running", "containerStatuses": [{"ready": true, "state": {"running": {}}}]}})
        };
        let text = said("", "Service", &service, Answer::Items(vec![pod("web-1"), pod("web-0")]));
        assert_eq!(
            text,
            "Matching Pods\n  2 pods match now\n  Name   Ready  Status   Age\n  web-0  1/1    Running  5m\n  web-1  1/1    Running  5m\n"
        );
        assert_eq!(
            said("", "Service", &service, Answer::Items(vec![])),
            "! Matching Pods:  no pod matches now\n"
        );
        assert_eq!(
            said("", "Service", &json!({"spec": {}}), Answer::Loading),
            "",
            "without a selector"
        );
        let many: Vec<Value> = (0..25).map(|at| pod(&format!("web-{at}"))).collect();
        assert!(said("", "Service", &service, Answer::Items(many)).ends_with("  … and 5 more\n"));
    }

    #[test]
    fn every_kind_with_a_selector_of_pods_asks_for_them() {
        let labels = json!({"matchLabels": {"app": "a"}});
        for (group, kind) in [
            ("apps", "Deployment"),
            ("apps", "StatefulSet"),
            ("apps", "DaemonSet"),
            ("apps", "ReplicaSet"),
            ("batch", "Job"),
            ("policy", "PodDisruptionBudget"),
        ] {
            let object = json!({"metadata": {"namespace": "shop"}, "spec": {"selector": labels}});
            let pods = needs(group, kind, &object).into_iter().filter(|need| need.tag == PODS);
            assert_eq!(pods.map(|need| need.labels).collect::<Vec<_>>(), ["app=a"], "{kind}");
        }
        let policy = json!({"metadata": {"namespace": "shop"}, "spec": {"podSelector": {}}});
        let pods = needs("networking.k8s.io", "NetworkPolicy", &policy);
        assert!(
            pods.iter().any(|need| need.tag == PODS && need.labels.is_empty()),
            "an empty selector takes all"
        );
    }
}
