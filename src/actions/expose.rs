//! Make a service in front of what runs pods. As `kubectl expose`.

use serde_json::{Map, Value, json};

use super::{dialog, of_kinds};
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::request::shell;
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};
use crate::relations::kinds;

/// Expose.
pub struct Expose;

/// The kinds that can be exposed (`canbeexposed.go` of kubectl).
const KINDS: &[(&str, &str)] = &[
    ("", "Pod"),
    ("", "Service"),
    ("", "ReplicationController"),
    ("apps", "Deployment"),
    ("apps", "ReplicaSet"),
];

const TYPES: &[&str] = &["ClusterIP", "NodePort", "LoadBalancer"];

impl Action for Expose {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "expose",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        of_kinds(cx, KINDS, Reason("not_exposable"))?;
        if cx.targets().len() == 1 {
            Ok(())
        } else {
            Err(Reason("one_to_expose"))
        }
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, ExposePlan)
    }
}

struct ExposePlan;

impl Plan for ExposePlan {
    fn id(&self) -> &'static str {
        "expose"
    }

    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let item = items.first();
        let ports = item.map(ports).unwrap_or_default();
        let ports: Vec<String> = ports.iter().map(|(port, _)| port.to_string()).collect();
        let options = TYPES.iter().map(|name| (name.to_string(), name.to_string()));
        vec![
            Control::text("name", cx.lang.t("dialog.create.name"), item.map_or("", Item::name)),
            Control::text("port", cx.lang.t("dialog.create.port"), &ports.join(",")),
            Control::text("target", cx.lang.t("dialog.create.target"), "")
                .noted(cx.lang.t("dialog.create.note.target")),
            Control::choice("type", cx.lang.t("dialog.create.type"), options),
        ]
    }

    fn is_tried(&self) -> bool {
        false
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let form = draft.form;
        let wrong = |id: &str, why: &str| Wrong::at(id, cx.lang.t(&format!("dialog.create.wrong.{why}")));
        let name = Some(form.text("name")).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| wrong("name", "needed"))?;
        let selector = selector(item).ok_or_else(|| Wrong::whole(cx.lang.t("dialog.expose.no_selector")))?;
        let wanted: Option<Vec<u16>> = form
            .text("port")
            .split(',')
            .map(|port| port.trim().parse().ok())
            .collect();
        let wanted = wanted.filter(|wanted| !wanted.contains(&0));
        let wanted = wanted.ok_or_else(|| wrong("port", "port"))?;
        let object = service(item, name, &wanted, form.text("target"), (form.text("type"), selector));
        let listed: Vec<String> = wanted.iter().map(u16::to_string).collect();
        let mut command = format!(
            "kubectl expose {}{} --name={} --port={}",
            item.kubectl_name(),
            item.kubectl_namespace(),
            shell(name),
            listed.join(",")
        );
        if !form.text("target").is_empty() {
            command.push_str(&format!(" --target-port={}", shell(form.text("target"))));
        }
        if form.text("type") != "ClusterIP" {
            command.push_str(&format!(" --type={}", form.text("type")));
        }
        let edit = Edit::Create(object);
        Ok(vec![Change::of(&kinds::SERVICE, item.namespace(), name, edit, command)])
    }
}

/// The ports of an object with their protocols, in their order.
fn ports(item: &Item) -> Vec<(u64, String)> {
    let list = |pointer: &str| item.at(pointer).and_then(Value::as_array).into_iter().flatten();
    let containers = list("/spec/containers").chain(list("/spec/template/spec/containers"));
    let of_containers = containers
        .filter_map(|container| container.get("ports")?.as_array())
        .flatten()
        .filter_map(|port| Some((port.get("containerPort")?.as_u64()?, port)));
    let of_service = list("/spec/ports").filter_map(|port| Some((port.get("port")?.as_u64()?, port)));
    let all = of_containers.chain(of_service);
    all.map(|(number, port)| {
        let protocol = port.get("protocol").and_then(Value::as_str).unwrap_or("TCP");
        (number, protocol.to_string())
    })
    .collect()
}

/// The labels by which its pods are found (`mapbasedselectorforobject.go`); nothing where they cannot be said as such.
fn selector(item: &Item) -> Option<Map<String, Value>> {
    let pointer = match item.resource.kind.as_ref() {
        "Pod" => "/metadata/labels",
        "Service" | "ReplicationController" => "/spec/selector",
        _ => {
            let expressions = item.at("/spec/selector/matchExpressions").and_then(Value::as_array);
            if expressions.is_some_and(|all| !all.is_empty()) {
                return None;
            }
            "/spec/selector/matchLabels"
        }
    };
    let labels = item.at(pointer)?.as_object()?;
    (!labels.is_empty()).then(|| labels.clone())
}

fn service(
    item: &Item,
    name: &str,
    wanted: &[u16],
    target: &str,
    (kind, selector): (&str, Map<String, Value>),
) -> Value {
    let known = ports(item);
    let port = |(at, number): (usize, &u16)| {
        let protocol = known.iter().find(|(known, _)| *known == u64::from(*number));
        let protocol = protocol.map_or("TCP", |(_, protocol)| protocol.as_str());
        let target = match (target, target.parse::<u16>()) {
            ("", _) => json!(number),
            (_, Ok(target)) => json!(target),
            (name, Err(_)) => json!(name),
        };
        let mut port = json!({"port": number, "protocol": protocol, "targetPort": target});
        if wanted.len() > 1 {
            port["name"] = format!("port-{}", at + 1).into();
        }
        port
    };
    let ports: Vec<Value> = wanted.iter().enumerate().map(port).collect();
    let mut object = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"ports": ports, "selector": selector}});
    if let Some(namespace) = item.namespace() {
        object["metadata"]["namespace"] = namespace.into();
    }
    if let Some(labels) = item.at("/metadata/labels").filter(|labels| labels.is_object()) {
        object["metadata"]["labels"] = labels.clone();
    }
    if kind != "ClusterIP" {
        object["spec"]["type"] = kind.into();
    }
    object
}
