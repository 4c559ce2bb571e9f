//! What the pods of a node claim of it, as `describeNodeResource` in kubectl.

use serde_json::Value;

use crate::core::bar;
use crate::core::reference::Reference;
use crate::core::text::Tone;
use crate::model::Quantity;
use crate::relations::kinds::POD;

use super::amounts::{self, Amounts};
use super::value::Read;
use super::words::Words;
use super::writer::Table;
use super::{Input, Writer, pod_resources, time};

/// The table of the pods and the sums. `pods` are those that have not ended.
pub fn describe(input: &Input, pods: &[Value], out: &mut Writer) {
    let allocatable = allocatable(input.object);
    out.field("Non-terminated Pods", format!("({} in total)", pods.len()));
    out.block(|out| out.table(per_pod(input, pods, &allocatable)));
    out.section("Allocated resources");
    out.lines(Words::toned(
        "(Total limits may be over 100 percent, i.e., overcommitted.)",
        Tone::Muted,
    ));
    out.table(sums(pods, &allocatable));
}

fn allocatable(node: &Value) -> Amounts {
    let list = match node.at("status.allocatable") {
        list if list.members().is_empty() => node.at("status.capacity"),
        list => list,
    };
    amounts::amounts(list)
}

fn per_pod(input: &Input, pods: &[Value], allocatable: &Amounts) -> Table {
    let mut table = Table::new([
        "Namespace",
        "Name",
        "CPU Requests",
        "CPU Limits",
        "Memory Requests",
        "Memory Limits",
        "Age",
    ]);
    for pod in pods {
        let (requests, limits) = (pod_resources::requests(pod), pod_resources::limits(pod));
        table.row([
            pod.at("metadata.namespace").show().into(),
            Words::from(pod.at("metadata.name").show()).naming(&Reference::to(
                &POD,
                pod.at("metadata.namespace").text(),
                pod.at("metadata.name").text(),
            )),
            share(&requests, "cpu", allocatable),
            share(&limits, "cpu", allocatable),
            share(&requests, "memory", allocatable),
            share(&limits, "memory", allocatable),
            time::since(pod.at("metadata.creationTimestamp"), input.clock).into(),
        ]);
    }
    table
}

fn sums(pods: &[Value], allocatable: &Amounts) -> Table {
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    for pod in pods {
        amounts::add(&mut requests, &pod_resources::requests(pod));
        amounts::add(&mut limits, &pod_resources::limits(pod));
    }
    let mut table = Table::new(["Resource", "Requests", "Limits", "", ""]);
    let standard = ["cpu", "memory", "ephemeral-storage"];
    let huge = allocatable
        .keys()
        .map(String::as_str)
        .filter(|name| name.starts_with("hugepages-"));
    for name in standard.into_iter().chain(huge) {
        table.row([
            name.into(),
            share(&requests, name, allocatable),
            overcommitted(share(&limits, name, allocatable), &limits, name, allocatable),
            bar_of(&requests, name, allocatable),
            bar_of(&limits, name, allocatable),
        ]);
    }
    let other = |name: &&str| !standard.contains(name) && !name.starts_with("hugepages-") && *name != "pods";
    for name in allocatable.keys().map(String::as_str).filter(other) {
        let amount = |sums: &Amounts| amounts::get(sums, name).to_string().into();
        let bars = [&requests, &limits].map(|sums| bar_of(sums, name, allocatable));
        let [requested, limited] = bars;
        table.row([name.into(), amount(&requests), amount(&limits), requested, limited]);
    }
    table
}

/// How wide the bars are, in cells.
const WIDTH: usize = 10;

/// How much of what the node can give is claimed.
fn bar_of(claimed: &Amounts, name: &str, allocatable: &Amounts) -> Words {
    let [claimed, whole] = [claimed, allocatable].map(|amounts| amounts::get(amounts, name).as_f64());
    Words::bar(bar::share(claimed, whole), WIDTH)
}

/// `250m (12%)`, of what the node can give.
fn share(claimed: &Amounts, name: &str, allocatable: &Amounts) -> Words {
    let claimed = amounts::get(claimed, name);
    let percent = percent(&claimed, &amounts::get(allocatable, name), name);
    format!("{claimed} ({percent}%)").into()
}

/// Marks a sum of limits that is more than the node has.
fn overcommitted(text: Words, limits: &Amounts, name: &str, allocatable: &Amounts) -> Words {
    if percent(&amounts::get(limits, name), &amounts::get(allocatable, name), name) <= 100 {
        return text;
    }
    let text: String = text.flat().iter().map(|span| span.text.as_ref()).collect();
    Words::toned(text, Tone::Warn)
}

/// The whole percents, cut; 0 of a node that has nothing of it.
fn percent(claimed: &Quantity, whole: &Quantity, name: &str) -> i64 {
    let amount = |quantity: &Quantity| {
        if name == "cpu" {
            quantity.milli()
        } else {
            quantity.value()
        }
    };
    match amount(whole) {
        0 => 0,
        whole => (amount(claimed) as f64 / whole as f64 * 100.0) as i64,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Related;
    use super::*;
    use crate::core::clock::Clock;
    use serde_json::json;

    fn pod(name: &str, requests: Value, limits: Value) -> Value {
        json!({"metadata": {"name": name, "namespace": "shop", "creationTimestamp": "2026-11-20T22:45:00Z"},
               "spec": {"containers": [{"resources": {"requests": requests, "limits": limits}}]}})
    }

    #[test]
    fn sums_and_shares_are_of_allocatable() {
        let node = json!({"status": {"allocatable": {"cpu": "2", "memory": "4Gi", "hugepages-2Mi": "0", "example.com/gpu": "1", "pods": "110"}, "capacity": {"cpu": "4"}}});
        let pods = [
            pod(
                "a",
                json!({"cpu": "250m", "memory": "64Mi", "example.com/gpu": "1"}),
                json!({"cpu": "500m"}),
            ),
            pod("b", json!({"cpu": "1"}), json!({"cpu": "2", "memory": "1Gi"})),
        ];
        let clock = Clock::at("2026-11-20T22:50:00Z".parse().unwrap());
        let mut out = Writer::default();
        describe(
            &Input {
                object: &node,
                related: &Related::new(),
                clock: &clock,
            },
            &pods,
            &mut out,
        );
        let expected = "  Non-terminated Pods:  (2 in total)
    Namespace  Name  CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
    shop       a     250m (12%)    500m (25%)  64Mi (1%)        0 (0%)         5m
    shop       b     1 (50%)       2 (100%)    0 (0%)           1Gi (25%)      5m

Allocated resources
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests     Limits
! cpu                1250m (62%)  2500m (125%)  ██████▎░░░  ██████████
  memory             64Mi (1%)    1Gi (25%)     ▏░░░░░░░░░  ██▌░░░░░░░
  ephemeral-storage  0 (0%)       0 (0%)        ░░░░░░░░░░  ░░░░░░░░░░
  hugepages-2Mi      0 (0%)       0 (0%)        ░░░░░░░░░░  ░░░░░░░░░░
  example.com/gpu    1            0             ██████████  ░░░░░░░░░░
";
        assert_eq!(out.finish().text(), expected);
    }
}
