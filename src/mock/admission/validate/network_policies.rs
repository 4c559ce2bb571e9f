//! Network policies: `ValidateNetworkPolicySpec` of Kubernetes' `pkg/apis/networking/validation/validation.go`.

use serde_json::Value;

use super::{addresses, list, rules, text};
use crate::mock::server::FieldError;

const DIRECTIONS: [(&str, &str); 2] = [("ingress", "from"), ("egress", "to")];

/// Faults of a network policy.
#[must_use]
pub fn check(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    let known: Vec<&str> = old.map(|old| ranges(&old["spec"])).unwrap_or_default();
    let mut faults = rules::selector(&spec["podSelector"], "spec.podSelector");
    for (direction, peers) in DIRECTIONS {
        for (index, rule) in list(&spec[direction]).enumerate() {
            let at = format!("spec.{direction}[{index}]");
            for (place, port) in list(&rule["ports"]).enumerate() {
                faults.extend(self::port(port, &format!("{at}.ports[{place}]")));
            }
            for (place, peer) in list(&rule[peers]).enumerate() {
                faults.extend(self::peer(peer, &format!("{at}.{peers}[{place}]"), &known));
            }
        }
    }
    let types = &spec["policyTypes"];
    if list(types).count() > 2 {
        let why = "may not specify more than two policyTypes";
        faults.push(FieldError::invalid("spec.policyTypes", types, why));
        return faults;
    }
    for (index, kind) in list(types).enumerate() {
        let field = format!("spec.policyTypes[{index}]");
        faults.extend(rules::one_of(kind, field, &["Ingress", "Egress"]));
    }
    faults
}

/// The ranges in a policy, which may stay in it whatever is wrong with them.
fn ranges(spec: &Value) -> Vec<&str> {
    let rules = DIRECTIONS
        .iter()
        .flat_map(|(direction, peers)| list(&spec[*direction]).flat_map(|rule| list(&rule[*peers])));
    rules
        .flat_map(|peer| std::iter::once(&peer["ipBlock"]["cidr"]).chain(list(&peer["ipBlock"]["except"])))
        .map(text)
        .collect()
}

fn port(port: &Value, at: &str) -> Vec<FieldError> {
    let (number, end) = (&port["port"], &port["endPort"]);
    let protocols = ["TCP", "UDP", "SCTP"];
    let mut faults: Vec<FieldError> = rules::one_of(&port["protocol"], format!("{at}.protocol"), &protocols)
        .into_iter()
        .collect();
    let field = format!("{at}.endPort");
    if number.is_i64() {
        faults.extend(rules::port(number, &format!("{at}.port")));
        if end.as_i64().is_some_and(|end| Some(end) < number.as_i64()) {
            let why = "must be greater than or equal to `port`";
            faults.push(FieldError::invalid(field.clone(), number, why));
        }
        faults.extend(rules::within(end, field, 1, 65_535));
        return faults;
    }
    let why = if number.is_null() {
        "not specified"
    } else {
        "non-numeric"
    };
    if !end.is_null() {
        let why = format!("may not be specified when `port` is {why}");
        faults.push(FieldError::invalid(field, end, why));
    }
    if number.is_string() {
        faults.extend(rules::port(number, &format!("{at}.port")));
    }
    faults
}

fn peer(peer: &Value, at: &str, known: &[&str]) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for name in ["podSelector", "namespaceSelector"] {
        faults.extend(rules::selector(&peer[name], &format!("{at}.{name}")));
    }
    let block = &peer["ipBlock"];
    if block.is_object() {
        faults.extend(self::block(block, &format!("{at}.ipBlock"), known));
    }
    let selects = peer["podSelector"].is_object() || peer["namespaceSelector"].is_object();
    match (selects, block.is_object()) {
        (false, false) => faults.push(FieldError::required(at, "must specify a peer")),
        (true, true) => faults.push(FieldError::forbidden(
            at,
            "may not specify both ipBlock and another peer",
        )),
        _ => {}
    }
    faults
}

fn block(block: &Value, at: &str, known: &[&str]) -> Vec<FieldError> {
    let given = text(&block["cidr"]);
    if given.is_empty() {
        return vec![FieldError::required(format!("{at}.cidr"), "")];
    }
    let mut faults = addresses::range(given, &format!("{at}.cidr"), known);
    let Some(outer) = addresses::read_range(given) else {
        return faults;
    };
    for (index, except) in list(&block["except"]).enumerate() {
        let field = format!("{at}.except[{index}]");
        faults.extend(addresses::range(text(except), &field, known));
        let inner = addresses::read_range(text(except));
        if inner.is_some_and(|inner| !addresses::is_part(inner, outer)) {
            faults.push(FieldError::invalid(field, except, "must be a strict subset of `cidr`"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::joined;
    use super::*;

    #[test]
    fn policies_name_peers_and_ports() {
        let told =
            |rule: Value| joined(check(None, &json!({"spec": {"ingress": [rule]}}))).replace("spec.ingress[0]", "i");
        for (rule, said) in [
            (
                json!({"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}], "ports": [{"port": 80}]}),
                "",
            ),
            (json!({"from": [{}]}), "i.from[0]: Required value: must specify a peer"),
            (
                json!({"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}]}),
                "i.from[0]: Forbidden: may not specify both ipBlock and another peer",
            ),
            (
                json!({"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}}]}),
                "i.from[0].ipBlock.except[0]: Invalid value: \"11.0.0.0/16\": must be a strict subset of `cidr`",
            ),
            (
                json!({"ports": [{"port": 80, "endPort": 70}]}),
                "i.ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`",
            ),
            (
                json!({"ports": [{"endPort": 70}]}),
                "i.ports[0].endPort: Invalid value: 70: may not be specified when `port` is not specified",
            ),
            (
                json!({"ports": [{"protocol": "FOO"}]}),
                "i.ports[0].protocol: Unsupported value: \"FOO\": supported values: \"TCP\", \"UDP\", \"SCTP\"",
            ),
        ] {
            assert_eq!(told(rule), said);
        }
        let types = check(None, &json!({"spec": {"policyTypes": ["Foo"]}}));
        assert_eq!(
            types[0].message,
            "Unsupported value: \"Foo\": supported values: \"Ingress\", \"Egress\""
        );
    }
}
