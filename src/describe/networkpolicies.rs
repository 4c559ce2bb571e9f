//! NetworkPolicies.

use serde_json::Value;

use super::value::{Read, joined, or};
use super::words::Words;
use super::{Describer, Input, Writer, meta, selector, time};

/// Describes a NetworkPolicy, as `describeNetworkPolicy` in kubectl.
pub struct NetworkPolicies;

/// One of the two ways that traffic goes.
struct Direction {
    /// The policy type that says whether the policy is about it.
    kind: &'static str,
    rules: &'static str,
    peers: &'static str,
    peer: &'static str,
    traffic: &'static str,
    end: &'static str,
}

const DIRECTIONS: [Direction; 2] = [
    Direction {
        kind: "Ingress",
        rules: "ingress",
        peers: "from",
        peer: "From",
        traffic: "ingress",
        end: "source",
    },
    Direction {
        kind: "Egress",
        rules: "egress",
        peers: "to",
        peer: "To",
        traffic: "egress",
        end: "destination",
    },
];

impl Describer for NetworkPolicies {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("networking.k8s.io", "NetworkPolicy")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let (policy, spec) = (input.object, input.object.key("spec"));
        meta::name(policy, out);
        out.field("Created on", time::go(policy.at("metadata.creationTimestamp")));
        meta::labels_and_annotations(policy, out);
        out.section("Spec");
        out.field("PodSelector", pods(spec.key("podSelector")));
        for direction in &DIRECTIONS {
            traffic(direction, spec, out);
        }
        out.field("Policy Types", Words::or_none(joined(spec.key("policyTypes"), ", ")));
    }
}

fn pods(labels: &Value) -> Words {
    match selector::format(labels) {
        none if none == "<none>" => "<none> (Allowing the specific traffic to all pods in this namespace)".into(),
        labels => labels.into(),
    }
}

fn traffic(direction: &Direction, spec: &Value, out: &mut Writer) {
    let concerned = spec
        .key("policyTypes")
        .list()
        .iter()
        .any(|kind| kind.text() == direction.kind);
    if !concerned {
        return out.lines(format!("Not affecting {} traffic", direction.traffic));
    }
    out.heading(&format!("Allowing {} traffic", direction.traffic));
    let rules = spec.key(direction.rules).list();
    out.nested(|out| {
        if rules.is_empty() {
            out.lines(format!(
                "<none> (Selected pods are isolated for {} connectivity)",
                direction.traffic
            ));
        }
        for (index, rule) in rules.iter().enumerate() {
            if index > 0 {
                out.lines("----------");
            }
            ports(rule.key("ports").list(), out);
            peers(direction, rule.key(direction.peers).list(), out);
        }
    });
}

fn ports(ports: &[Value], out: &mut Writer) {
    if ports.is_empty() {
        out.lines("To Port: <any> (traffic allowed to all ports)");
    }
    for port in ports {
        let protocol = or(port.key("protocol").text(), "TCP");
        let first = port.key("port").go();
        out.lines(match port.key("endPort") {
            Value::Null => format!("To Port: {first}/{protocol}"),
            last => format!("To Port Range: {first}-{}/{protocol}", last.show()),
        });
    }
}

fn peers(direction: &Direction, peers: &[Value], out: &mut Writer) {
    if peers.is_empty() {
        return out.lines(format!(
            "{}: <any> (traffic not restricted by {})",
            direction.peer, direction.end
        ));
    }
    for peer in peers {
        out.heading(direction.peer);
        out.nested(|out| self::peer(peer, out));
    }
}

fn peer(peer: &Value, out: &mut Writer) {
    let [namespaces, pods, block] = ["namespaceSelector", "podSelector", "ipBlock"].map(|field| peer.key(field));
    for (label, labels) in [("NamespaceSelector", namespaces), ("PodSelector", pods)] {
        if labels.is_set() {
            out.lines(format!("{label}: {}", selector::format(labels)));
        }
    }
    if !namespaces.is_set() && !pods.is_set() && block.is_set() {
        out.heading("IPBlock");
        out.nested(|out| {
            out.lines(format!("CIDR: {}", block.key("cidr").show()));
            out.lines(format!("Except: {}", joined(block.key("except"), ", ")));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rules_read_as_kubectl_writes_them() {
        let rule = json!({"ports": [{"port": 80}, {"port": 1000, "endPort": 2000, "protocol": "UDP"}], "from": [
            {"namespaceSelector": {}, "podSelector": {"matchLabels": {"a": "b"}}},
            {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16", "10.2.0.0/16"]}},
        ]});
        let spec = json!({"policyTypes": ["Ingress", "Egress"], "ingress": [rule, {}], "egress": []});
        let mut out = Writer::default();
        DIRECTIONS
            .iter()
            .for_each(|direction| traffic(direction, &spec, &mut out));
        let expected = "  Allowing ingress traffic:
    To Port: 80/TCP
    To Port Range: 1000-2000/UDP
    From:
      NamespaceSelector: <none>
      PodSelector: a=b
    From:
      IPBlock:
        CIDR: 10.0.0.0/8
        Except: 10.1.0.0/16, 10.2.0.0/16
    ----------
    To Port: <any> (traffic allowed to all ports)
    From: <any> (traffic not restricted by source)
  Allowing egress traffic:
    <none> (Selected pods are isolated for egress connectivity)
";
        assert_eq!(out.finish().text(), expected);
    }
}
