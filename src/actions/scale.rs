//! Scale what has a number of replicas, by its scale subresource.

use serde_json::{Value, json};

use super::{autoscale, dialog, objects, right, warning};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::request::Request;
use crate::core::resource::Resource;
use crate::core::text::Line;
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};

/// Scale.
pub struct Scale;

/// The kinds with a scale subresource that the API server is built with.
const KINDS: &[(&str, &str)] = &[
    ("apps", "Deployment"),
    ("apps", "ReplicaSet"),
    ("apps", "StatefulSet"),
    ("", "ReplicationController"),
];

/// More replicas than any cluster runs: a slip of the finger stays below it.
const MOST: i64 = 100_000;

impl Action for Scale {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "scale",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        let scalable = |target: &Target| {
            let resource = target.resource.as_ref();
            resource.is_some_and(|resource| is_built_in(resource) || resource.scalable)
        };
        if objects(cx)?.iter().all(scalable) {
            Ok(())
        } else {
            Err(Reason("not_scalable"))
        }
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        right("patch", target, "scale")
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, ScalePlan)
    }
}

struct ScalePlan;

impl Plan for ScalePlan {
    fn id(&self) -> &'static str {
        "scale"
    }

    /// The autoscalers of every namespace that is touched, and the number of replicas where only the server knows
    /// where it stands.
    fn asks(&self, items: &[Item]) -> Vec<Request> {
        let scale = |item: &Item| Request::Scale {
            resource: item.resource.clone(),
            namespace: item.namespace().map(str::to_string),
            name: item.name().to_string(),
        };
        let custom = items.iter().filter(|item| !is_built_in(&item.resource));
        autoscale::lists(items).into_iter().chain(custom.map(scale)).collect()
    }

    fn controls(&self, items: &[Item], answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let mut now: Vec<i64> = items.iter().filter_map(|item| replicas(item, answers)).collect();
        now.sort_unstable();
        now.dedup();
        let shown: Vec<String> = now.iter().map(i64::to_string).collect();
        let note = if shown.is_empty() {
            cx.lang.t("dialog.scale.unknown")
        } else {
            cx.lang.f("dialog.scale.now", &[("count", &shown.join(", "))])
        };
        let first = now.first().copied().unwrap_or(1);
        vec![Control::number("replicas", cx.lang.t("dialog.scale.replicas"), first, 0, MOST).noted(note)]
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        let line = |item: &Item| {
            let autoscaler = autoscale::existing(item, draft.answers)?;
            let name = autoscaler
                .pointer("/metadata/name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let bound = |field: &str| {
                let bound = autoscaler.pointer(&format!("/spec/{field}")).and_then(Value::as_i64);
                bound.unwrap_or(1).to_string()
            };
            let (least, most) = (bound("minReplicas"), bound("maxReplicas"));
            let args = [("name", name), ("least", &least), ("most", &most)];
            Some(warning(&cx.lang.f("dialog.scale.autoscaler", &args)))
        };
        draft.items.iter().filter_map(line).collect()
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let wanted = draft.form.number("replicas");
        let count = wanted.ok_or_else(|| Wrong::at("replicas", cx.lang.t("dialog.scale.number")))?;
        if replicas(item, draft.answers) == Some(count) {
            return Ok(Vec::new());
        }
        let command = format!("{} --replicas={count}", item.kubectl("scale"));
        let edit = Edit::Merge(json!({"spec": {"replicas": count}}));
        Ok(vec![item.change(edit, command).on("scale")])
    }
}

/// How many are wanted now; one where nothing is said, as the API server defaults it. For custom kinds the subresource
/// says so, which leaves out a zero; nothing where it could not be read.
fn replicas(item: &Item, answers: &[Option<Value>]) -> Option<i64> {
    if is_built_in(&item.resource) {
        let spec = item.at("/spec")?;
        return Some(spec.get("replicas").and_then(Value::as_i64).unwrap_or(1));
    }
    let is_its = |answer: &&Value| {
        let same = |at: &str| answer.pointer(at).is_some() && answer.pointer(at) == item.at(at);
        answer.get("kind").and_then(Value::as_str) == Some("Scale") && same("/metadata/uid")
    };
    let scale = answers.iter().flatten().find(is_its)?;
    Some(scale.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or(0))
}

fn is_built_in(resource: &Resource) -> bool {
    KINDS.contains(&(resource.group.as_ref(), resource.kind.as_ref()))
}
