//! Defaults of what leads traffic: endpoints, policies, classes of ingresses; and the class that an ingress gets.

use serde_json::{Value, json};

use super::Attempt;
use super::classes::default_class;
use super::defaults::{drop_all_nulls, put};

/// The defaults of endpoints.
pub fn endpoints(object: &mut Value) {
    let subsets = object.get_mut("subsets").and_then(Value::as_array_mut);
    for subset in subsets.into_iter().flatten() {
        let ports = subset.get_mut("ports").and_then(Value::as_array_mut);
        for port in ports.into_iter().flatten() {
            put(port, "protocol", "TCP".into());
        }
    }
}

/// The defaults of a slice of endpoints.
pub fn slice(object: &mut Value) {
    for port in object["ports"].as_array_mut().into_iter().flatten() {
        put(port, "name", "".into());
        put(port, "protocol", "TCP".into());
    }
}

/// The defaults of a network policy: it is one for what comes in, and for what goes out if it says so.
pub fn policy(spec: &mut Value) {
    for direction in ["ingress", "egress"] {
        let rules = spec[direction].as_array_mut().into_iter().flatten();
        for port in rules.flat_map(|rule| rule["ports"].as_array_mut().into_iter().flatten()) {
            put(port, "protocol", "TCP".into());
        }
    }
    drop_all_nulls(spec);
    for direction in ["ingress", "egress"] {
        for rule in spec
            .get_mut(direction)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            drop_all_nulls(rule);
        }
    }
    let empty = |list: &Value| list.as_array().is_none_or(Vec::is_empty);
    if empty(&spec["policyTypes"]) {
        let out = if empty(&spec["egress"]) {
            json!(["Ingress"])
        } else {
            json!(["Ingress", "Egress"])
        };
        spec["policyTypes"] = out;
    }
}

/// The defaults of a class of ingresses.
pub fn ingress_class(spec: &mut Value) {
    if spec["parameters"].is_object() {
        put(&mut spec["parameters"], "scope", "Cluster".into());
    } else if let Some(map) = spec.as_object_mut() {
        map.shift_remove("parameters");
    }
}

/// Gives an ingress the default class: the DefaultIngressClass plugin.
pub fn admit_ingress(attempt: &Attempt<'_>, object: &mut Value) {
    let named = object["spec"]["ingressClassName"].is_string();
    if named || object["metadata"]["annotations"]["kubernetes.io/ingress.class"].is_string() {
        return;
    }
    let marks = ["ingressclass.kubernetes.io/is-default-class"];
    match default_class(attempt, "ingressclasses.networking.k8s.io", &marks) {
        Some(name) => object["spec"]["ingressClassName"] = name.into(),
        None => drop_all_nulls(&mut object["spec"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_say_which_way_they_look() {
        let of = |mut spec: Value| {
            policy(&mut spec);
            spec
        };
        assert_eq!(of(json!({"podSelector": {}}))["policyTypes"], json!(["Ingress"]));
        assert_eq!(of(json!({"egress": [{}]}))["policyTypes"], json!(["Ingress", "Egress"]));
        assert_eq!(
            of(json!({"policyTypes": ["Egress"]})),
            json!({"policyTypes": ["Egress"]})
        );
        assert_eq!(
            of(json!({"ingress": [{"ports": [{"port": 80}]}]}))["ingress"],
            json!([{"ports": [{"port": 80, "protocol": "TCP"}]}])
        );
    }
}
