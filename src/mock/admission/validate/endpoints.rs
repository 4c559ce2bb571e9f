//! Endpoints and their slices: `ValidateEndpoints` of Kubernetes' `pkg/apis/core/validation/validation.go` and
//! `pkg/apis/discovery/validation/validation.go`.

use serde_json::Value;

use super::{addresses, list, metadata, rules, text};
use crate::mock::server::FieldError;

const TYPES: [&str; 3] = ["FQDN", "IPv4", "IPv6"];

/// Faults of endpoints. Those that are as they were stay.
#[must_use]
pub fn check(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    if old.is_some_and(|old| old["subsets"] == object["subsets"]) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (index, subset) in list(&object["subsets"]).enumerate() {
        let at = format!("subsets[{index}]");
        let lists = ["addresses", "notReadyAddresses"];
        if lists.iter().all(|name| list(&subset[*name]).next().is_none()) {
            let why = "must specify `addresses` or `notReadyAddresses`";
            faults.push(FieldError::required(at.clone(), why));
        }
        for name in lists {
            for (place, address) in list(&subset[name]).enumerate() {
                faults.extend(self::address(address, &format!("{at}.{name}[{place}]")));
            }
        }
        let many = list(&subset["ports"]).count() > 1;
        for (place, port) in list(&subset["ports"]).enumerate() {
            faults.extend(self::port(port, many, &format!("{at}.ports[{place}]")));
        }
    }
    faults
}

fn address(address: &Value, at: &str) -> Vec<FieldError> {
    let field = format!("{at}.ip");
    let ip = Value::from(text(&address["ip"]));
    let mut faults = addresses::address(&ip, &field, &[]);
    let host = text(&address["hostname"]);
    if !host.is_empty() {
        let field = format!("{at}.hostname");
        faults.extend(rules::each(&field, &address["hostname"], metadata::label(host)));
    }
    if let Some(node) = address["nodeName"].as_str() {
        let field = format!("{at}.nodeName");
        faults.extend(rules::each(&field, &address["nodeName"], metadata::subdomain(node)));
    }
    faults.extend(addresses::endpoint(&ip, &field));
    faults
}

fn port(port: &Value, many: bool, at: &str) -> Vec<FieldError> {
    let name = text(&port["name"]);
    let field = format!("{at}.name");
    let mut faults = match name {
        "" if many => vec![FieldError::required(field, "")],
        "" => Vec::new(),
        name => rules::each(&field, &port["name"], metadata::label(name)),
    };
    let number = port["port"].as_i64().unwrap_or_default();
    faults.extend(rules::within(&number.into(), format!("{at}.port"), 1, 65_535));
    faults.extend(rules::protocol(port, at));
    faults.extend(rules::app_protocol(port, at));
    faults
}

/// Faults of a slice of endpoints.
#[must_use]
pub fn slice(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let kind = &object["addressType"];
    let mut faults: Vec<FieldError> = rules::required_one_of(kind, "addressType", &TYPES, "")
        .into_iter()
        .collect();
    let mut names = Vec::new();
    for (index, port) in list(&object["ports"]).enumerate() {
        let at = format!("ports[{index}]");
        let (name, field) = (text(&port["name"]), format!("{at}.name"));
        if !name.is_empty() {
            faults.extend(rules::each(&field, &port["name"], metadata::label(name)));
        }
        if names.contains(&name) {
            faults.push(FieldError::duplicate(field, &name.into()));
        }
        names.push(name);
        faults.extend(rules::protocol(port, &at));
        faults.extend(rules::app_protocol(port, &at));
    }
    if old.is_none_or(|old| old["endpoints"] != object["endpoints"]) {
        for (index, endpoint) in list(&object["endpoints"]).enumerate() {
            faults.extend(self::endpoint(endpoint, text(kind), &format!("endpoints[{index}]")));
        }
    }
    if let Some(old) = old {
        faults.extend(rules::immutable(&old["addressType"], kind, "addressType"));
    }
    faults
}

fn endpoint(endpoint: &Value, kind: &str, at: &str) -> Vec<FieldError> {
    let field = format!("{at}.addresses");
    let mut faults = Vec::new();
    let count = list(&endpoint["addresses"]).count();
    if count == 0 {
        faults.push(FieldError::required(field.clone(), "must contain at least 1 address"));
    } else if count > 100 {
        faults.push(FieldError::too_many(field.clone(), count, 100));
    }
    for (index, address) in list(&endpoint["addresses"]).enumerate() {
        let at = format!("{field}[{index}]");
        if kind == "FQDN" {
            faults.extend(domain(text(address), &at));
            continue;
        }
        let wrong = addresses::address(address, &at, &[]);
        if !wrong.is_empty() {
            faults.extend(wrong);
            continue;
        }
        let six = text(address).contains(':');
        if matches!((kind, six), ("IPv4", true) | ("IPv6", false)) {
            let why = format!("must be an {kind} address");
            faults.push(FieldError::invalid(field.clone(), address, why));
        }
        if matches!(kind, "IPv4" | "IPv6") {
            faults.extend(addresses::endpoint(address, &at));
        }
    }
    if let Some(node) = endpoint["nodeName"].as_str() {
        let field = format!("{at}.nodeName");
        faults.extend(rules::each(&field, &endpoint["nodeName"], metadata::subdomain(node)));
    }
    for (index, zone) in list(&endpoint["hints"]["forZones"]).enumerate() {
        let field = format!("{at}.hints.forZones[{index}].name");
        faults.extend(rules::each(&field, &zone["name"], metadata::value(text(&zone["name"]))));
    }
    if let Some(host) = endpoint["hostname"].as_str() {
        let field = format!("{at}.hostname");
        faults.extend(rules::each(&field, &endpoint["hostname"], metadata::label(host)));
    }
    faults
}

/// Faults of a whole domain name: `IsFullyQualifiedDomainName`.
fn domain(name: &str, field: &str) -> Option<FieldError> {
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_empty() {
        return Some(FieldError::required(field, ""));
    }
    let wrong = metadata::subdomain(name);
    let why = if wrong.is_empty() {
        (!name.contains('.')).then(|| "should be a domain with at least two segments separated by dots".to_owned())
    } else {
        Some(wrong.join(","))
    };
    why.map(|why| FieldError::invalid(field, &name.into(), why))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::joined;
    use super::*;

    #[test]
    fn slices_hold_addresses_of_their_type() {
        let no_address = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
        for (kind, endpoint, said) in [
            ("IPv4", json!({"addresses": ["10.0.0.1"]}), String::new()),
            ("FQDN", json!({"addresses": ["a.b"]}), String::new()),
            (
                "Foo",
                json!({"addresses": ["10.0.0.1"]}),
                "addressType: Unsupported value: \"Foo\": supported values: \"FQDN\", \"IPv4\", \"IPv6\"".to_owned(),
            ),
            (
                "IPv4",
                json!({}),
                "endpoints[0].addresses: Required value: must contain at least 1 address".to_owned(),
            ),
            (
                "IPv4",
                json!({"addresses": ["x"]}),
                format!("endpoints[0].addresses[0]: Invalid value: \"x\": {no_address}"),
            ),
            (
                "IPv6",
                json!({"addresses": ["10.0.0.1"]}),
                "endpoints[0].addresses: Invalid value: \"10.0.0.1\": must be an IPv6 address".to_owned(),
            ),
        ] {
            assert_eq!(
                joined(slice(None, &json!({"addressType": kind, "endpoints": [endpoint]}))),
                said
            );
        }
        let ports = json!({"addressType": "IPv4", "ports": [{"name": "a"}, {"name": "a"}]});
        assert_eq!(joined(slice(None, &ports)), "ports[1].name: Duplicate value: \"a\"");
    }

    #[test]
    fn endpoints_have_addresses() {
        assert_eq!(
            joined(check(None, &json!({"subsets": [{}]}))),
            "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"
        );
        let good = json!({"subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}]});
        assert_eq!(joined(check(None, &good)), "");
    }
}
