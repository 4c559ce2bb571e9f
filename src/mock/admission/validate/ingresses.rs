//! Ingresses.

use serde_json::Value;

use super::{list, metadata, rules, text};
use crate::mock::server::FieldError;

const KINDS: [&str; 3] = ["Exact", "ImplementationSpecific", "Prefix"];

/// Faults of an ingress.
#[must_use]
pub fn check(object: &Value) -> Vec<FieldError> {
    let spec = &object["spec"];
    let mut faults = Vec::new();
    let has_rules = list(&spec["rules"]).next().is_some();
    if !has_rules && !spec["defaultBackend"].is_object() {
        let why = "either `defaultBackend` or `rules` must be specified";
        faults.push(FieldError::invalid("spec", &spec["rules"], why));
    }
    if spec["defaultBackend"].is_object() {
        faults.extend(backend(&spec["defaultBackend"], "spec.defaultBackend"));
    }
    for (index, rule) in list(&spec["rules"]).enumerate() {
        faults.extend(self::rule(rule, &format!("spec.rules[{index}]")));
    }
    for (index, tls) in list(&spec["tls"]).enumerate() {
        for (place, host) in list(&tls["hosts"]).enumerate() {
            faults.extend(self::host(host, &format!("spec.tls[{index}].hosts[{place}]")));
        }
        let secret = &tls["secretName"];
        if !text(secret).is_empty() {
            let field = format!("spec.tls[{index}].secretName");
            faults.extend(rules::each(&field, secret, metadata::subdomain(text(secret))));
        }
    }
    let class = &spec["ingressClassName"];
    if !class.is_null() {
        faults.extend(rules::each(
            "spec.ingressClassName",
            class,
            metadata::subdomain(text(class)),
        ));
    }
    faults
}

fn host(host: &Value, field: &str) -> Vec<FieldError> {
    let name = text(host);
    let wrong = if name.contains('*') {
        metadata::wildcard(name)
    } else {
        metadata::subdomain(name)
    };
    rules::each(field, host, wrong)
}

fn rule(rule: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let name = text(&rule["host"]);
    if name.parse::<std::net::IpAddr>().is_ok() {
        let why = "must be a DNS name, not an IP address";
        faults.push(FieldError::invalid(format!("{at}.host"), &rule["host"], why));
    }
    if !name.is_empty() {
        faults.extend(host(&rule["host"], &format!("{at}.host")));
    }
    if !rule["http"].is_object() {
        return faults;
    }
    if list(&rule["http"]["paths"]).next().is_none() {
        faults.push(FieldError::required(format!("{at}.http.paths"), ""));
    }
    for (index, path) in list(&rule["http"]["paths"]).enumerate() {
        let at = format!("{at}.http.paths[{index}]");
        faults.extend(self::path(path, &at));
        faults.extend(backend(&path["backend"], &format!("{at}.backend")));
    }
    faults
}

fn path(path: &Value, at: &str) -> Vec<FieldError> {
    let kind = &path["pathType"];
    let field = format!("{at}.path");
    if kind.is_null() {
        return vec![FieldError::required(
            format!("{at}.pathType"),
            "pathType must be specified",
        )];
    }
    if !KINDS.contains(&text(kind)) {
        return vec![FieldError::unsupported(format!("{at}.pathType"), kind, &KINDS)];
    }
    let given = text(&path["path"]);
    if text(kind) == "ImplementationSpecific" {
        return Vec::new();
    }
    if !given.starts_with('/') {
        return vec![FieldError::invalid(field, &given.into(), "must be an absolute path")];
    }
    let mut faults = Vec::new();
    for part in ["//", "/./", "/../", "%2f", "%2F"] {
        if given.contains(part) {
            let why = format!("must not contain '{part}'");
            faults.push(FieldError::invalid(field.clone(), &path["path"], why));
        }
    }
    for end in ["/..", "/."] {
        if given.ends_with(end) {
            faults.push(FieldError::invalid(
                field.clone(),
                &path["path"],
                format!("cannot end with '{end}'"),
            ));
        }
    }
    faults
}

/// A backend is a service with a port, or a resource.
fn backend(backend: &Value, at: &str) -> Vec<FieldError> {
    let service = &backend["service"];
    let wrong = |why: &str| vec![FieldError::invalid(at, &"".into(), why)];
    match (service.is_object(), backend["resource"].is_object()) {
        (true, true) => return wrong("cannot set both resource and service backends"),
        (false, false) => return wrong("resource or service backend is required"),
        (false, true) => return resource(&backend["resource"], &format!("{at}.resource")),
        (true, false) => {}
    }
    let name = text(&service["name"]);
    let mut faults = Vec::new();
    if name.is_empty() {
        faults.push(FieldError::required(format!("{at}.service.name"), ""));
    } else {
        faults.extend(rules::each(
            &format!("{at}.service.name"),
            &service["name"],
            metadata::label(name),
        ));
    }
    let port = &service["port"];
    let number = port["number"].as_i64().unwrap_or_default();
    match (text(&port["name"]), number) {
        ("", 0) => faults.push(FieldError::required(at, "port name or number is required")),
        ("", _) => faults.extend(rules::port(&port["number"], &format!("{at}.service.port.number"))),
        (_, 0) => faults.extend(rules::port(&port["name"], &format!("{at}.service.port.name"))),
        _ => faults.extend(wrong("cannot set both port name & port number")),
    }
    faults
}

/// Faults of a reference to an object of any kind: `validateIngressTypedLocalObjectReference`.
#[must_use]
pub fn resource(reference: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if let Some(group) = reference["apiGroup"].as_str() {
        let field = format!("{at}.apiGroup");
        faults.extend(rules::each(&field, &reference["apiGroup"], metadata::subdomain(group)));
    }
    for name in ["kind", "name"] {
        let field = format!("{at}.{name}");
        match text(&reference[name]) {
            "" => faults.push(FieldError::required(field, "")),
            given => faults.extend(rules::each(&field, &reference[name], metadata::path_segment(given))),
        }
    }
    faults
}

/// Faults of a new ingress: its class as an annotation and as a field are one.
#[must_use]
pub fn created(object: &Value) -> Option<FieldError> {
    let annotation = &object["metadata"]["annotations"]["kubernetes.io/ingress.class"];
    let class = &object["spec"]["ingressClassName"];
    let differ = annotation.is_string() && class.is_string() && annotation != class;
    let why = "must match `ingressClassName` when both are specified";
    differ.then(|| FieldError::invalid("annotations.kubernetes.io/ingress.class", annotation, why))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(path: &Value) -> Vec<String> {
        let ingress = json!({"spec": {"rules": [{"http": {"paths": [path]}}]}});
        let told = super::super::told(check(&ingress)).into_iter();
        told.map(|fault| fault.replace("spec.rules[0].http.paths[0]", "p"))
            .collect()
    }

    #[test]
    fn paths_and_backends_are_whole() {
        let service = |port: Value| json!({"service": {"name": "s", "port": port}});
        for (path, backend, said) in [
            ("/", service(json!({"number": 80})), None),
            (
                "/a//b",
                service(json!({"number": 80})),
                Some("p.path: Invalid value: \"/a//b\": must not contain '//'"),
            ),
            (
                "/",
                service(json!({})),
                Some("p.backend: Required value: port name or number is required"),
            ),
            (
                "/",
                json!({}),
                Some("p.backend: Invalid value: \"\": resource or service backend is required"),
            ),
            (
                "/",
                service(json!({"number": 70_000})),
                Some("p.backend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive"),
            ),
        ] {
            let given = told(&json!({"path": path, "pathType": "Prefix", "backend": backend}));
            assert_eq!(given.first().map(String::as_str), said);
        }
    }

    #[test]
    fn an_ingress_leads_somewhere() {
        let faults = check(&json!({"spec": {}}));
        assert_eq!(
            faults[0].message,
            "Invalid value: null: either `defaultBackend` or `rules` must be specified"
        );
    }
}
