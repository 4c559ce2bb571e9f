//! Fields of a pod's spec beside its containers and volumes.

use serde_json::Value;

use super::{addresses, list, metadata, rules, text};
use crate::mock::server::FieldError;

const DNS: [&str; 4] = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const SECONDS: i64 = 2_147_483_647;

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
    faults.extend(super::security::pod(spec, path));
    faults.extend(super::placement::check(spec, path));
    faults.extend(dns(&spec["dnsConfig"], &format!("{path}.dnsConfig")));
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
    faults.extend(rules::within(
        deadline,
        format!("{path}.activeDeadlineSeconds"),
        1,
        SECONDS,
    ));
    faults.extend(named("hostname", metadata::label));
    faults.extend(named("subdomain", metadata::label));
    faults
}

/// Faults of the names that a pod gives to addresses.
pub fn aliases(spec: &Value, path: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (index, alias) in list(&spec["hostAliases"]).enumerate() {
        let at = format!("{path}.hostAliases[{index}]");
        faults.extend(addresses::address(&alias["ip"], &format!("{at}.ip"), &[]));
        for (index, name) in list(&alias["hostnames"]).enumerate() {
            let field = format!("{at}.hostnames[{index}]");
            faults.extend(rules::each(&field, name, metadata::subdomain(text(name))));
        }
    }
    faults
}

/// Faults of the names of a pod's classes and of its policy of preemption.
pub fn classes(spec: &Value, path: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for name in ["priorityClassName", "runtimeClassName"] {
        let given = text(&spec[name]);
        if !given.is_empty() {
            let wrong = metadata::subdomain(given);
            faults.extend(rules::each(&format!("{path}.{name}"), &spec[name], wrong));
        }
    }
    let policies = ["PreemptLowerPriority", "Never"];
    let policy = &spec["preemptionPolicy"];
    faults.extend(rules::one_of(policy, format!("{path}.preemptionPolicy"), &policies));
    faults
}

/// Faults of the system that a pod is for.
pub fn system(spec: &Value, path: &str) -> Option<FieldError> {
    if !spec["os"].is_object() {
        return None;
    }
    let name = text(&spec["os"]["name"]);
    match name {
        "" => Some(FieldError::required(format!("{path}.os.name"), "")),
        "linux" | "windows" => None,
        _ => Some(FieldError::unsupported(
            format!("{path}.os"),
            &name.into(),
            &["linux", "windows"],
        )),
    }
}

/// Faults of a pod's own DNS settings, as `validatePodDNSConfig`.
fn dns(config: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (name, most, what) in [("nameservers", 3, "nameservers"), ("searches", 32, "search paths")] {
        if list(&config[name]).count() > most {
            let why = format!("must not have more than {most} {what}");
            faults.push(FieldError::invalid(format!("{at}.{name}"), &config[name], why));
        }
        for (index, given) in list(&config[name]).enumerate() {
            let (field, domain) = (format!("{at}.{name}[{index}]"), text(given).trim_end_matches('.'));
            faults.extend(match name {
                "nameservers" => addresses::address(given, &field, &[]),
                _ if domain.is_empty() => Vec::new(),
                _ => rules::each(&field, given, search(domain)),
            });
        }
    }
    for (index, option) in list(&config["options"]).enumerate() {
        if text(&option["name"]).is_empty() {
            faults.push(FieldError::required(
                format!("{at}.options[{index}]"),
                "must not be empty",
            ));
        }
    }
    faults
}

const SEARCH: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must \
    start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
    '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";

/// What is wrong with a domain to search in, whose labels may begin with an underscore and have some inside.
fn search(domain: &str) -> Vec<String> {
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let label = |label: &str| {
        let label = label.strip_prefix('_').unwrap_or(label);
        let ends = label.bytes().next().is_some_and(word) && label.bytes().last().is_some_and(word);
        ends && label.bytes().all(|byte| word(byte) || b"-_".contains(&byte))
    };
    let odd = !domain.split('.').all(label);
    odd.then(|| SEARCH.to_owned()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
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
                json!({"dnsConfig": {"nameservers": ["x"]}}),
                "s.dnsConfig.nameservers[0]",
            ),
            (json!({"dnsConfig": {"searches": ["A_b"]}}), "s.dnsConfig.searches[0]"),
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
    }
    #[test]
    fn aliases_and_systems_are_real() {
        let told = |alias: Value| -> Vec<String> { told(aliases(&json!({"hostAliases": [alias]}), "s")) };
        assert!(told(json!({"ip": "2001:db8::1", "hostnames": ["a.b"]})).is_empty());
        assert_eq!(
            told(json!({"ip": "x"})),
            [
                "s.hostAliases[0].ip: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
            ]
        );
        assert_eq!(
            told(json!({"ip": "01.2.3.4"})),
            ["s.hostAliases[0].ip: Invalid value: \"01.2.3.4\": must not have leading 0s"]
        );
        assert_eq!(
            system(&json!({"os": {"name": "mac"}}), "s").map(|fault| fault.message),
            Some("Unsupported value: \"mac\": supported values: \"linux\", \"windows\"".to_owned())
        );
    }
}
