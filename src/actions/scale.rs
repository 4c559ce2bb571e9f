//! Scale what has a number of replicas, by its scale subresource.

use serde_json::{Value, json};

use super::{dialog, of_kinds};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::request::Request;
use crate::core::resource::Resource;
use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};
use crate::relations::kinds;

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
        of_kinds(cx, KINDS, Reason("not_scalable"))
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        let scale = |resource: &Resource| Need::on("patch", resource, "scale");
        target.resource.as_ref().map(scale).into_iter().collect()
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

    /// The autoscalers of every namespace that is touched.
    fn asks(&self, items: &[Item]) -> Vec<Request> {
        let mut namespaces: Vec<&str> = items.iter().filter_map(Item::namespace).collect();
        namespaces.sort_unstable();
        namespaces.dedup();
        let Some(autoscalers) = kinds::known("autoscaling", "HorizontalPodAutoscaler") else {
            return Vec::new();
        };
        let list = |namespace: &str| Request::List {
            resource: autoscalers.clone(),
            namespace: Some(namespace.to_string()),
            labels: None,
            fields: None,
        };
        namespaces.into_iter().map(list).collect()
    }

    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let mut now: Vec<i64> = items.iter().filter_map(replicas).collect();
        now.sort_unstable();
        now.dedup();
        let shown: Vec<String> = now.iter().map(i64::to_string).collect();
        let note = cx.lang.f("dialog.scale.now", &[("count", &shown.join(", "))]);
        let first = now.first().copied().unwrap_or(1);
        vec![Control::number("replicas", cx.lang.t("dialog.scale.replicas"), first, 0, MOST).noted(note)]
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        let autoscalers = || {
            let lists = draft.answers.iter().flatten();
            lists.filter_map(|list| list.get("items")?.as_array()).flatten()
        };
        let line = |item: &Item| {
            let autoscaler = autoscalers().find(|autoscaler| scales(autoscaler, item))?;
            let name = autoscaler
                .pointer("/metadata/name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let bound = |field: &str, default: i64| {
                let bound = autoscaler.pointer(&format!("/spec/{field}")).and_then(Value::as_i64);
                bound.unwrap_or(default).to_string()
            };
            let args = [
                ("name", name),
                ("least", &bound("minReplicas", 1)),
                ("most", &bound("maxReplicas", 1)),
            ];
            let text = cx.lang.f("dialog.scale.autoscaler", &args);
            Some(Line::of([Span::new(format!("! {}", clean(&text)), Tone::Warn)]))
        };
        draft.items.iter().filter_map(line).collect()
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let wanted = draft.form.number("replicas");
        let count = wanted.ok_or_else(|| Wrong::at("replicas", cx.lang.t("dialog.scale.number")))?;
        if replicas(item) == Some(count) {
            return Ok(Vec::new());
        }
        let command = format!(
            "kubectl scale {}{} --replicas={count}",
            item.kubectl_name(),
            item.kubectl_namespace()
        );
        let edit = Edit::Merge(json!({"spec": {"replicas": count}}));
        Ok(vec![
            Change::of(&item.resource, item.namespace(), item.name(), edit, command).on("scale"),
        ])
    }
}

/// How many are wanted now; one where nothing is said, as the API server defaults it.
fn replicas(item: &Item) -> Option<i64> {
    item.at("/spec")
        .map(|spec| spec.get("replicas").and_then(Value::as_i64).unwrap_or(1))
}

/// Whether an autoscaler scales the object.
fn scales(autoscaler: &Value, item: &Item) -> bool {
    let of = |pointer: &str| autoscaler.pointer(pointer).and_then(Value::as_str);
    of("/metadata/namespace") == item.namespace()
        && of("/spec/scaleTargetRef/name") == Some(item.name())
        && of("/spec/scaleTargetRef/kind") == Some(item.resource.kind.as_ref())
}
