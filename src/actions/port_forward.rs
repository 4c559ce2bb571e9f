//! Forward ports of a pod, a workload or a service to ports here.

use serde_json::Value;

use super::{dialog, of_kinds};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::Change;
use crate::core::forward::{self, ForwardSession, LOOPBACK, NoPort, Offer, Pair, offers, pairs, port_of, service_port};
use crate::core::layer::{LayerCx, Next};
use crate::core::session::Session;
use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::dialog::{Control, Draft, Item, Opening, Plan, Wrong};
use crate::model::Service;
use crate::relations::Reference;
use crate::relations::kinds::POD;

/// Port-forward.
pub struct PortForward;

/// The kinds that `kubectl port-forward` takes.
const KINDS: &[(&str, &str)] = &[
    ("", "Pod"),
    ("", "Service"),
    ("", "ReplicationController"),
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("apps", "ReplicaSet"),
    ("batch", "Job"),
];

impl Action for PortForward {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "port_forward",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        of_kinds(cx, KINDS, Reason("not_forwardable"))?;
        let [target] = cx.targets() else {
            return Err(Reason("forward_one"));
        };
        let Some(service) = (&*target.row as &dyn std::any::Any).downcast_ref::<Service>() else {
            return Ok(());
        };
        match (service.r#type(), service.cluster_ip_text()) {
            ("ExternalName", _) => Err(Reason("forward_external")),
            (_, "None") => Err(Reason("forward_headless")),
            _ => Ok(()),
        }
    }

    fn needs(&self, _target: &Target) -> Vec<Need> {
        vec![Need::on("create", &POD, "portforward")]
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, ForwardPlan)
    }
}

struct ForwardPlan;

impl Plan for ForwardPlan {
    fn id(&self) -> &'static str {
        "port_forward"
    }

    fn ports(&self, items: &[Item]) -> Vec<u16> {
        let object = items.first().map(|item| offers(&item.object));
        object.unwrap_or_default().iter().map(|offer| offer.port).collect()
    }

    fn controls(&self, items: &[Item], answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let offers = items.first().map(|item| offers(&item.object)).unwrap_or_default();
        let free: Vec<u16> = answers.last().and_then(Option::as_ref).map(numbers).unwrap_or_default();
        let pair = |(at, offer): (usize, &Offer)| match free.get(at) {
            Some(free) => format!("{free}:{}", offer.port),
            None => offer.port.to_string(),
        };
        let proposed: Vec<String> = offers.iter().enumerate().map(pair).collect();
        let note = if offers.is_empty() {
            cx.lang.t("dialog.port_forward.none")
        } else {
            let named = |offer: &Offer| format!("{} {}", offer.port, offer.name).trim_end().to_string();
            let ports: Vec<String> = offers.iter().map(named).collect();
            cx.lang
                .f("dialog.port_forward.offered", &[("ports", &ports.join(", "))])
        };
        let addresses = [LOOPBACK, "::1", "0.0.0.0"].map(str::to_string);
        vec![
            Control::text("ports", cx.lang.t("dialog.port_forward.ports"), &proposed.join(" ")).noted(note),
            Control::text("address", cx.lang.t("dialog.port_forward.address"), LOOPBACK).completed(addresses),
        ]
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        let mut notes = Vec::new();
        let mut note = |text: String| notes.push(Line::of([Span::new(format!("! {}", clean(&text)), Tone::Warn)]));
        let offers = draft.items.first().map(|item| offers(&item.object)).unwrap_or_default();
        let free = draft
            .answers
            .last()
            .and_then(Option::as_ref)
            .map(numbers)
            .unwrap_or_default();
        let taken = offers.iter().zip(free).filter(|(offer, free)| offer.port != *free);
        let taken: Vec<String> = taken.map(|(offer, _)| offer.port.to_string()).collect();
        if !taken.is_empty() {
            note(cx.lang.f("dialog.port_forward.taken", &[("ports", &taken.join(", "))]));
        }
        let address = draft.form.text("address");
        if address
            .parse()
            .is_ok_and(|address: std::net::IpAddr| !address.is_loopback())
        {
            note(cx.lang.f("dialog.port_forward.open", &[("address", address)]));
        }
        notes
    }

    fn changes(&self, _item: &Item, _draft: &Draft, _cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        Ok(Vec::new())
    }

    fn is_tried(&self) -> bool {
        false
    }

    fn opens(&self, draft: &Draft, cx: &LayerCx) -> Option<Result<Opening, Wrong>> {
        draft.items.first().map(|item| opening(item, draft, cx))
    }
}

/// The numbers of a list of them.
fn numbers(value: &Value) -> Vec<u16> {
    let numbers = value.as_array().into_iter().flatten().filter_map(Value::as_u64);
    numbers.filter_map(|number| u16::try_from(number).ok()).collect()
}

fn opening(item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Opening, Wrong> {
    if let Some(why) = forward::refused(&item.object) {
        return Err(Wrong::whole(cx.lang.t(&format!("reason.{why}"))));
    }
    let pairs = pairs(draft.form.text("ports")).map_err(|word| {
        let text = cx.lang.f("dialog.port_forward.wrong_pair", &[("word", &word)]);
        Wrong::at("ports", text)
    })?;
    if pairs.is_empty() {
        return Err(Wrong::at("ports", cx.lang.t("dialog.port_forward.no_pair")));
    }
    pairs.iter().try_for_each(|pair| check(item, pair, cx))?;
    let address = draft.form.text("address");
    if address != "localhost" && address.parse::<std::net::IpAddr>().is_err() {
        let text = cx.lang.f("dialog.port_forward.wrong_address", &[("address", address)]);
        return Err(Wrong::at("address", text));
    }
    let to = Reference::to(&item.resource, item.namespace().unwrap_or_default(), item.name());
    let kubectl = forward::command(
        &to,
        address,
        pairs.iter().map(|pair| (pair.local, pair.remote.as_str())),
    );
    let session = |pair: Pair| {
        Session::Forward(Box::new(ForwardSession {
            to: to.clone(),
            address: address.to_string(),
            local: pair.local,
            remote: pair.remote,
            name: None,
        }))
    };
    Ok(Opening {
        kubectl,
        sessions: pairs.into_iter().map(session).collect(),
    })
}

/// Whether the object has the port, as far as it says itself; what a workload's pods have is seen when one is chosen.
fn check(item: &Item, pair: &Pair, cx: &LayerCx) -> Result<(), Wrong> {
    let checked = match item.resource.kind.as_ref() {
        "Service" => service_port(&item.object, &pair.remote).map(|_| ()),
        "Pod" => port_of(&item.object, &pair.remote).map(|_| ()),
        _ => Ok(()),
    };
    checked.map_err(|why| {
        let (key, port) = match &why {
            NoPort::Unknown(port) => ("dialog.port_forward.unknown", port),
            NoPort::NotTcp(port) => ("dialog.port_forward.not_tcp", port),
        };
        Wrong::at("ports", cx.lang.f(key, &[("port", port)]))
    })
}
