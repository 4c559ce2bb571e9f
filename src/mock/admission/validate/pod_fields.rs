//! Fields of a pod's spec beside its containers and volumes.

use serde_json::Value;

use super::{list, metadata, rules, text};
use crate::mock::server::FieldError;

const DNS: [&str; 4] = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const IDS: i64 = 2_147_483_647;

/// Faults of DNS, selector of nodes, security and affinity.
pub fn check(spec: &Value, path: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    faults.extend(rules::one_of(&spec["dnsPolicy"], format!("{path}.dnsPolicy"), &DNS));
    let mut servers = list(&spec["dnsConfig"]["nameservers"]);
    if text(&spec["dnsPolicy"]) == "None" && !spec["dnsConfig"].is_object() {
        let why = "must provide `dnsConfig` when `dnsPolicy` is None";
        faults.push(FieldError::required(format!("{path}.dnsConfig"), why));
    } else if text(&spec["dnsPolicy"]) == "None" && servers.next().is_none() {
        let why = "must provide at least one DNS nameserver when `dnsPolicy` is None";
        faults.push(FieldError::required(format!("{path}.dnsConfig.nameservers"), why));
    }
    faults.extend(metadata::labels(&spec["nodeSelector"], &format!("{path}.nodeSelector")));
    let at = format!("{path}.securityContext");
    for id in ["fsGroup", "runAsUser", "runAsGroup"] {
        faults.extend(rules::within(
            &spec["securityContext"][id],
            format!("{at}.{id}"),
            0,
            IDS,
        ));
    }
    faults.extend(super::placement::check(spec, path));
    faults.extend(names(spec, path));
    faults
}

/// Names of the pod, of its account and of its node, and its deadline.
fn names(spec: &Value, path: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    type Rule = fn(&str) -> Vec<String>;
    let named = |name: &str, rule: Rule| {
        let field = format!("{path}.{name}");
        let given = text(&spec[name]);
        let wrong = if given.is_empty() { Vec::new() } else { rule(given) };
        rules::each(&field, &spec[name], wrong)
    };
    for (index, gate) in list(&spec["readinessGates"]).enumerate() {
        let field = format!("{path}.readinessGates[{index}].conditionType");
        let condition = &gate["conditionType"];
        faults.extend(rules::each(&field, condition, metadata::key(text(condition))));
    }
    for (index, gate) in list(&spec["schedulingGates"]).enumerate() {
        let field = format!("{path}.schedulingGates[{index}]");
        faults.extend(rules::each(&field, &gate["name"], metadata::key(text(&gate["name"]))));
    }
    faults.extend(named("serviceAccountName", metadata::subdomain));
    faults.extend(named("nodeName", metadata::subdomain));
    let deadline = &spec["activeDeadlineSeconds"];
    faults.extend(rules::within(deadline, format!("{path}.activeDeadlineSeconds"), 1, IDS));
    faults.extend(named("hostname", metadata::label));
    faults.extend(named("subdomain", metadata::label));
    faults
}

/// Faults of a container's own security settings.
pub fn security(context: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for id in ["runAsUser", "runAsGroup"] {
        faults.extend(rules::within(&context[id], format!("{at}.{id}"), 0, IDS));
    }
    let profile = &context["seccompProfile"];
    let kinds = ["Localhost", "RuntimeDefault", "Unconfined"];
    faults.extend(rules::one_of(
        &profile["type"],
        format!("{at}.seccompProfile.type"),
        &kinds,
    ));
    if text(&profile["type"]) == "Localhost" && text(&profile["localhostProfile"]).is_empty() {
        faults.push(FieldError::required(
            format!("{at}.seccompProfile.localhostProfile"),
            "must be set when seccomp type is Localhost",
        ));
    }
    let mounts = ["Default", "Unmasked"];
    faults.extend(rules::one_of(&context["procMount"], format!("{at}.procMount"), &mounts));
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_of_a_spec_have_their_own_rules() {
        for (spec, field) in [
            (json!({"dnsPolicy": "Foo"}), "s.dnsPolicy"),
            (json!({"dnsPolicy": "None"}), "s.dnsConfig"),
            (json!({"nodeSelector": {"a": "c d"}}), "s.nodeSelector"),
            (
                json!({"securityContext": {"runAsUser": -1}}),
                "s.securityContext.runAsUser",
            ),
            (json!({"nodeName": "Bad_Node"}), "s.nodeName"),
            (json!({"activeDeadlineSeconds": 0}), "s.activeDeadlineSeconds"),
            (json!({"hostname": "A.b"}), "s.hostname"),
            (
                json!({"readinessGates": [{"conditionType": "a b"}]}),
                "s.readinessGates[0].conditionType",
            ),
        ] {
            let faults = check(&spec, "s");
            assert_eq!(
                faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(),
                [field]
            );
        }
        let local = security(&json!({"seccompProfile": {"type": "Localhost"}}), "c");
        assert_eq!(local[0].field, "c.seccompProfile.localhostProfile");
    }
}
