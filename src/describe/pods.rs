//! Pods.

use serde_json::Value;

use crate::core::lang::Lang;
use crate::core::text::Tone;
use crate::model::age;
use crate::relations::kinds::{NODE, PRIORITY_CLASS, RUNTIME_CLASS, SERVICE_ACCOUNT};

use super::containers::{self, Running};
use super::value::{Read, or};
use super::words::Words;
use super::writer::Table;
use super::{Describer, Input, Writer, amounts, conditions, meta, pod_qos, scheduling, time, volumes};

/// Describes a pod, as `describePod` in kubectl.
pub struct Pods;

impl Describer for Pods {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "Pod")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let pod = input.object;
        head(input, out);
        status(input, out);
        addresses(pod, out);
        let none = pod.at("spec.volumes").list().is_empty();
        if none {
            out.field("Volumes", Words::none());
        }
        all_containers(input, out);
        readiness_gates(pod, out);
        conditions::describe(pod.at("status.conditions"), 2, out);
        if !none {
            out.section("Volumes");
            volumes::describe(pod.at("spec.volumes"), out);
        }
        let spec = pod.key("spec");
        out.section(&out.lang().t("describe.scheduling"));
        out.field("QoS Class", pod_qos::class(pod));
        scheduling::describe(spec, out);
        scheduling::spreading(spec, out);
        scheduling::group(spec, out);
    }
}

fn head(input: &Input, out: &mut Writer) {
    let (pod, spec) = (input.object, input.object.key("spec"));
    meta::name(pod, out);
    if spec.key("priority").is_set() {
        out.field("Priority", spec.key("priority").show());
    }
    for (label, field, kind) in [
        ("Priority Class Name", "priorityClassName", &PRIORITY_CLASS),
        ("Runtime Class Name", "runtimeClassName", &RUNTIME_CLASS),
        ("Service Account", "serviceAccountName", &SERVICE_ACCOUNT),
    ] {
        let name = spec.key(field).text();
        if !name.is_empty() {
            out.field(label, out.naming(name, kind, name));
        }
    }
    match spec.key("nodeName").text() {
        "" => out.field("Node", Words::none()),
        node => {
            let text = format!("{node}/{}", pod.at("status.hostIP").show());
            out.field("Node", out.naming(text, &NODE, node));
        }
    }
    if pod.at("status.startTime").is_set() {
        out.field(
            "Start Time",
            time::with_age(pod.at("status.startTime"), input.clock, out.lang()),
        );
    }
    meta::labels_and_annotations(pod, out);
}

fn status(input: &Input, out: &mut Writer) {
    let pod = input.object;
    let phase = pod.at("status.phase").show();
    let tone = phase_tone(pod, &phase);
    let deleted = pod.at("metadata.deletionTimestamp");
    if deleted.is_set() && !matches!(phase.as_str(), "Failed" | "Succeeded") {
        let lasts = format!("Terminating (lasts {})", time::since(deleted, input.clock));
        out.field(
            "Status",
            Words::toned(lasts, Tone::Busy).then(ends(deleted, input, out.lang()), Tone::Muted),
        );
        out.field(
            "Termination Grace Period",
            format!("{}s", pod.at("metadata.deletionGracePeriodSeconds").int()),
        );
    } else {
        out.field("Status", Words::toned(phase, tone));
    }
    for (label, field) in [("Reason", "status.reason"), ("Message", "status.message")] {
        if !pod.at(field).text().is_empty() {
            out.field(label, Words::toned(pod.at(field).text(), tone));
        }
    }
    containers::seccomp(pod.at("spec.securityContext.seccompProfile"), out);
}

/// When a pod that may still take its time will be ended; nothing once that has passed.
fn ends(deleted: &Value, input: &Input, lang: &Lang) -> String {
    match time::parse(deleted) {
        Some(deadline) if deadline > input.clock.now => {
            let left = age::human(deadline.duration_since(input.clock.now));
            format!("  {}", lang.f("describe.ends_in", &[("age", &left)]))
        }
        _ => String::new(),
    }
}

/// What a pod's phase means; a pending pod that cannot be placed is more than on its way.
fn phase_tone(pod: &Value, phase: &str) -> Tone {
    let unplaced = || {
        pod.at("status.conditions")
            .list()
            .iter()
            .any(|condition| condition.key("reason").text() == "Unschedulable")
    };
    match phase {
        "Running" => Tone::Good,
        "Pending" if unplaced() => Tone::Warn,
        "Pending" => Tone::Busy,
        "Failed" => Tone::Error,
        "Unknown" => Tone::Warn,
        _ => Tone::Plain,
    }
}

fn addresses(pod: &Value, out: &mut Writer) {
    out.field("IP", pod.at("status.podIP").show());
    let addresses = pod.at("status.podIPs").list();
    if addresses.is_empty() {
        out.field("IPs", Words::none());
    } else {
        out.heading("IPs");
        out.nested(|out| {
            addresses
                .iter()
                .for_each(|address| out.field("IP", address.key("ip").show()))
        });
    }
    meta::controlled_by(pod, out);
    let nominated = pod.at("status.nominatedNodeName").text();
    if !nominated.is_empty() {
        out.field("NominatedNodeName", out.naming(nominated, &NODE, nominated));
    }
    if pod.at("spec.resources").is_set() {
        out.heading("Resources");
        out.block(|out| amounts::limits_and_requests(pod.at("spec.resources"), out));
    }
}

fn all_containers(input: &Input, out: &mut Writer) {
    let pod = input.object;
    for (title, list, statuses) in [
        ("Init Containers", "spec.initContainers", "status.initContainerStatuses"),
        ("Containers", "spec.containers", "status.containerStatuses"),
        (
            "Ephemeral Containers",
            "spec.ephemeralContainers",
            "status.ephemeralContainerStatuses",
        ),
    ] {
        if !pod.at(list).list().is_empty() {
            out.section(title);
            let running = Running {
                pod,
                statuses: pod.at(statuses),
                clock: input.clock,
            };
            containers::describe(pod.at(list), Some(running), out);
        } else if title == "Containers" {
            out.field(title, Words::none());
        }
    }
}

fn readiness_gates(pod: &Value, out: &mut Writer) {
    let gates = pod.at("spec.readinessGates").list();
    if gates.is_empty() {
        return;
    }
    out.section("Readiness Gates");
    let mut table = Table::new(["Type", "Status"]);
    for gate in gates {
        let kind = gate.key("conditionType").text();
        let conditions = pod.at("status.conditions").list();
        let status = conditions.iter().find(|condition| condition.key("type").text() == kind);
        let status = status.map_or("", |condition| condition.key("status").text());
        let tone = if status == "True" { Tone::Good } else { Tone::Warn };
        table.row([kind.into(), Words::toned(or(status, "<none>"), tone)]);
    }
    out.table(table);
}
