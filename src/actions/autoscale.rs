//! Let the number of replicas follow the load: as `kubectl autoscale`.

use serde_json::{Value, json};

use super::{dialog, of_kinds, one, warning};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::request::{Request, shell};
use crate::core::text::Line;
use crate::layers::dialog::{Control, Draft, Form, Item, Plan, Wrong, listed};
use crate::relations::kinds;

/// Autoscale.
pub struct Autoscale;

/// The kinds that `kubectl autoscale` takes.
const KINDS: &[(&str, &str)] = &[
    ("apps", "Deployment"),
    ("apps", "ReplicaSet"),
    ("apps", "StatefulSet"),
    ("", "ReplicationController"),
];

/// More replicas than any cluster runs.
const MOST: i64 = 100_000;

/// The share of the requested CPU that is proposed, in percent.
const USUAL: i64 = 80;

impl Action for Autoscale {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "autoscale",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        one(cx)?;
        of_kinds(cx, KINDS, Reason("not_autoscalable"))
    }

    fn needs(&self, _target: &Target) -> Vec<Need> {
        vec![Need::on("create", &kinds::AUTOSCALER, "")]
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, AutoscalePlan)
    }
}

/// The autoscalers of every namespace that is touched: what to ask for.
pub fn lists(items: &[Item]) -> Vec<Request> {
    let mut namespaces: Vec<&str> = items.iter().filter_map(Item::namespace).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    let list = |namespace: &str| Request::List {
        resource: kinds::AUTOSCALER.clone(),
        namespace: Some(namespace.to_string()),
        labels: None,
        fields: None,
    };
    namespaces.into_iter().map(list).collect()
}

/// The autoscaler that scales an object, among the answers.
pub fn existing<'a>(item: &Item, answers: &'a [Option<Value>]) -> Option<&'a Value> {
    listed(answers).find(|autoscaler| scales(autoscaler, item))
}

fn scales(autoscaler: &Value, item: &Item) -> bool {
    let of = |pointer: &str| autoscaler.pointer(pointer).and_then(Value::as_str);
    of("/metadata/namespace") == item.namespace()
        && of("/spec/scaleTargetRef/name") == Some(item.name())
        && of("/spec/scaleTargetRef/kind") == Some(item.resource.kind.as_ref())
}

struct AutoscalePlan;

/// What an autoscaler is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    least: i64,
    most: i64,
    /// In percent of the requested CPU; none for the server's default.
    cpu: Option<i64>,
}

impl Plan for AutoscalePlan {
    fn id(&self) -> &'static str {
        "autoscale"
    }

    fn asks(&self, items: &[Item]) -> Vec<Request> {
        lists(items)
    }

    fn controls(&self, items: &[Item], answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let item = items.first();
        let known = item.and_then(|item| existing(item, answers)).map(told);
        let replicas = item
            .and_then(|item| item.at("/spec/replicas")?.as_i64())
            .unwrap_or(1)
            .max(1);
        let proposed = Wanted {
            least: replicas,
            most: (replicas * 2).min(MOST),
            cpu: Some(USUAL),
        };
        let first = known.unwrap_or(proposed);
        let cpu = first.cpu.map(|percent| percent.to_string()).unwrap_or_default();
        vec![
            Control::number("min", cx.lang.t("dialog.autoscale.min"), first.least, 1, MOST),
            Control::number("max", cx.lang.t("dialog.autoscale.max"), first.most, 1, MOST),
            Control::text("cpu", cx.lang.t("dialog.autoscale.cpu"), &cpu).noted(cx.lang.t("dialog.autoscale.cpu_note")),
        ]
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        let Some(item) = draft.items.first() else {
            return Vec::new();
        };
        let mut lines = Vec::new();
        if let Some(autoscaler) = existing(item, draft.answers) {
            let now = told(autoscaler);
            let cpu = now.cpu.map_or("–".to_string(), |percent| format!("{percent}%"));
            let (least, most) = (now.least.to_string(), now.most.to_string());
            let args = [
                ("name", name(autoscaler)),
                ("least", &least),
                ("most", &most),
                ("cpu", &cpu),
            ];
            lines.push(warning(&cx.lang.f("dialog.autoscale.existing", &args)));
        }
        if !draft.form.text("cpu").is_empty() && !requests_cpu(item) {
            lines.push(warning(&cx.lang.t("dialog.autoscale.no_request")));
        }
        lines
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let wanted = wanted(draft.form, cx)?;
        Ok(match existing(item, draft.answers) {
            Some(autoscaler) => change(autoscaler, item, wanted).into_iter().collect(),
            None => vec![create(item, wanted)],
        })
    }
}

fn wanted(form: &Form, cx: &LayerCx) -> Result<Wanted, Wrong> {
    let number = |id: &str| {
        form.number(id)
            .ok_or_else(|| Wrong::at(id, cx.lang.t("dialog.autoscale.number")))
    };
    let (least, most) = (number("min")?, number("max")?);
    if most < least {
        return Err(Wrong::at("max", cx.lang.t("dialog.autoscale.order")));
    }
    let cpu = match form.text("cpu").trim_end_matches('%').trim() {
        "" => None,
        text => match text.parse::<i32>() {
            Ok(percent) if percent > 0 => Some(i64::from(percent)),
            _ => return Err(Wrong::at("cpu", cx.lang.t("dialog.autoscale.percent"))),
        },
    };
    Ok(Wanted { least, most, cpu })
}

/// What an autoscaler is told now.
fn told(autoscaler: &Value) -> Wanted {
    let number = |pointer: &str| autoscaler.pointer(pointer).and_then(Value::as_i64);
    Wanted {
        least: number("/spec/minReplicas").unwrap_or(1),
        most: number("/spec/maxReplicas").unwrap_or(1),
        cpu: metrics(autoscaler)
            .iter()
            .find(|metric| is_cpu(metric))
            .and_then(|metric| {
                metric
                    .pointer("/resource/target/averageUtilization")
                    .and_then(Value::as_i64)
            }),
    }
}

fn name(autoscaler: &Value) -> &str {
    autoscaler
        .pointer("/metadata/name")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn metrics(autoscaler: &Value) -> &[Value] {
    let metrics = autoscaler.pointer("/spec/metrics").and_then(Value::as_array);
    metrics.map(Vec::as_slice).unwrap_or_default()
}

fn is_cpu(metric: &Value) -> bool {
    metric.pointer("/resource/name").and_then(Value::as_str) == Some("cpu")
}

fn cpu_metric(percent: i64) -> Value {
    json!({"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": percent}}})
}

/// As `createHorizontalPodAutoscalerV2` in kubectl's `autoscale.go`.
fn create(item: &Item, wanted: Wanted) -> Change {
    let mut spec = json!({"maxReplicas": wanted.most, "minReplicas": wanted.least, "scaleTargetRef": {
        "apiVersion": item.resource.api_version(), "kind": item.resource.kind, "name": item.name()}});
    let (autoscale, least, most) = (item.kubectl("autoscale"), wanted.least, wanted.most);
    let mut command = format!("{autoscale} --min={least} --max={most}");
    if let Some(percent) = wanted.cpu {
        spec["metrics"] = json!([cpu_metric(percent)]);
        command.push_str(&format!(" --cpu-percent={percent}"));
    }
    let object = json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": item.name(), "namespace": item.namespace()}, "spec": spec});
    Change::of(
        &kinds::AUTOSCALER,
        item.namespace(),
        item.name(),
        Edit::Create(object),
        command,
    )
}

/// The change of an autoscaler that is there; its metrics besides CPU stay.
fn change(autoscaler: &Value, item: &Item, wanted: Wanted) -> Option<Change> {
    let now = told(autoscaler);
    if now == wanted {
        return None;
    }
    let mut spec = json!({});
    if now.least != wanted.least {
        spec["minReplicas"] = wanted.least.into();
    }
    if now.most != wanted.most {
        spec["maxReplicas"] = wanted.most.into();
    }
    if now.cpu != wanted.cpu {
        let mut all: Vec<Value> = metrics(autoscaler)
            .iter()
            .filter(|metric| !is_cpu(metric))
            .cloned()
            .collect();
        all.extend(wanted.cpu.map(cpu_metric));
        spec["metrics"] = all.into();
    }
    let patch = json!({"spec": spec});
    let name = name(autoscaler);
    let command = format!(
        "kubectl patch horizontalpodautoscaler/{}{} --type=merge -p {}",
        shell(name),
        item.kubectl_namespace(),
        shell(&patch.to_string())
    );
    Some(Change::of(
        &kinds::AUTOSCALER,
        item.namespace(),
        name,
        Edit::Merge(patch),
        command,
    ))
}

/// Whether every container says how much CPU it wants: without that there is nothing to take a share of.
fn requests_cpu(item: &Item) -> bool {
    let containers = item.at("/spec/template/spec/containers").and_then(Value::as_array);
    let says = |container: &Value| {
        ["/resources/requests/cpu", "/resources/limits/cpu"]
            .iter()
            .any(|at| container.pointer(at).is_some())
    };
    containers.is_some_and(|containers| containers.iter().all(says))
}
