//! What runs pods: how many are ready, and those of its pods that are not as they should be.

use serde_json::Value;

use super::page::tone;
use super::{Kind, Page, Seen};
use crate::core::text::Tone;
use crate::describe::{Answer, Need, Read};
use crate::model::{Health, LabelSelector, Pod, Projection, decode_value};

const PODS: &str = "pods";

/// How many pods are told one by one.
const MOST: usize = 5;

/// Deployments and the like.
pub(super) const KIND: Kind = Kind {
    kinds: &[
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
        ("apps", "DaemonSet"),
        ("apps", "ReplicaSet"),
        ("batch", "Job"),
    ],
    needs,
    say,
};

fn needs(workload: &Value) -> Vec<Need> {
    let selector = serde_json::from_value::<LabelSelector>(workload.at("spec.selector").clone()).ok();
    let selector = selector
        .as_ref()
        .and_then(LabelSelector::selector)
        .map(ToString::to_string);
    let namespace = workload.at("metadata.namespace").text();
    // An empty selector would take every pod of the namespace.
    let selector = selector.filter(|selector| !selector.is_empty());
    let pods = |selector| Need::list(PODS, ("", "v1", "pods"), namespace).with_labels(selector);
    selector.map(pods).into_iter().collect()
}

fn say(seen: &Seen, page: &mut Page) {
    let (spec, status) = (seen.object.key("spec"), seen.object.key("status"));
    if spec.key("completions").is_set() || status.key("succeeded").is_set() || status.key("failed").is_set() {
        job(seen, page);
    } else {
        replicas(seen, page);
    }
    if spec.key("paused").truth() {
        page.note(Tone::Warn, seen.lang.t("preview.paused"));
    }
    if spec.key("suspend").truth() {
        page.note(Tone::Warn, seen.lang.t("preview.suspended"));
    }
    pods(seen, page);
}

fn replicas(seen: &Seen, page: &mut Page) {
    let (spec, status) = (seen.object.key("spec"), seen.object.key("status"));
    let daemons = status.key("desiredNumberScheduled");
    let (ready, wanted) = if daemons.is_set() {
        (status.key("numberReady").int(), daemons.int())
    } else {
        // One replica is wanted where nothing is said, as the API says.
        let wanted = spec.key("replicas").as_i64().unwrap_or(1);
        (status.key("readyReplicas").int(), wanted)
    };
    let args = [("ready", ready.to_string()), ("wanted", wanted.to_string())];
    let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
    let tone = match ready {
        _ if wanted == 0 => Tone::Muted,
        0 => Tone::Error,
        ready if ready < wanted => Tone::Warn,
        _ => Tone::Good,
    };
    page.note(tone, seen.lang.f("preview.replicas", &args));
    let updated = ["updatedReplicas", "updatedNumberScheduled"].map(|field| status.key(field));
    let updated = updated.into_iter().find(|field| field.is_set()).map(Read::int);
    if let Some(updated) = updated.filter(|updated| *updated < wanted) {
        let args = [("updated", updated.to_string()), ("wanted", wanted.to_string())];
        let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
        page.note(Tone::Busy, seen.lang.f("preview.updated", &args));
    }
}

fn job(seen: &Seen, page: &mut Page) {
    let (spec, status) = (seen.object.key("spec"), seen.object.key("status"));
    let wanted = spec.key("completions").as_i64().unwrap_or(1);
    let [active, succeeded, failed] = ["active", "succeeded", "failed"].map(|field| status.key(field).int());
    let args = [
        ("succeeded", succeeded.to_string()),
        ("wanted", wanted.to_string()),
        ("active", active.to_string()),
        ("failed", failed.to_string()),
    ];
    let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
    let tone = match failed {
        _ if succeeded >= wanted => Tone::Good,
        0 => Tone::Busy,
        _ => Tone::Warn,
    };
    page.note(tone, seen.lang.f("preview.job", &args));
}

fn pods(seen: &Seen, page: &mut Page) {
    let uid = seen.object.at("metadata.uid").text();
    let Answer::Items(items) = seen.related.get(PODS) else {
        return;
    };
    let direct = matches!(
        seen.object.key("kind").text(),
        "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job"
    );
    let rows = items.iter().filter_map(|item| decode_value::<Pod>(item).ok());
    let own = |pod: &Pod| !direct || pod.meta().owners.iter().any(|owner| &*owner.uid == uid);
    let bad = |pod: &Pod| !matches!(pod.health(), Health::Good | Health::Neutral);
    let mut bad: Vec<Pod> = rows.filter(|pod| own(pod) && bad(pod)).collect();
    bad.sort_by(|a, b| {
        b.health()
            .cmp(&a.health())
            .then_with(|| a.meta().name.cmp(&b.meta().name))
    });
    page.section(seen.lang.t("preview.pods"));
    for pod in bad.iter().take(MOST) {
        let text = format!("{}  {}", pod.meta().name, pod.status());
        page.note(tone(pod.health()), text);
    }
    if bad.len() > MOST {
        let more = (bad.len() - MOST).to_string();
        page.say(Tone::Muted, seen.lang.f("preview.more", &[("count", &more)]));
    }
}
