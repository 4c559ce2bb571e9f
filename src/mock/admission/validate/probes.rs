//! Probes and lifecycle hooks of a container.

use serde_json::Value;

use super::{list, rules};
use crate::mock::server::FieldError;

const HANDLERS: [&str; 5] = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];

/// Faults of a container's probes and hooks, whose pod has so many seconds to end.
pub fn check(container: &Value, at: &str, grace: i64) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for hook in ["postStart", "preStop"] {
        let handler = &container["lifecycle"][hook];
        if handler.is_object() {
            faults.extend(self::handler(handler, &format!("{at}.lifecycle.{hook}"), grace));
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if container[name].is_object() {
            faults.extend(probe(&container[name], &format!("{at}.{name}"), name));
        }
    }
    faults
}

fn probe(probe: &Value, at: &str, name: &str) -> Vec<FieldError> {
    let mut faults = handler(probe, at, 0);
    for number in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        faults.extend(rules::at_least(&probe[number], format!("{at}.{number}"), 0));
    }
    let once = &probe["successThreshold"];
    if name != "readinessProbe" && once.as_i64().is_some_and(|number| number != 1) {
        faults.push(FieldError::invalid(format!("{at}.successThreshold"), once, "must be 1"));
    }
    faults
}

/// Exactly one handler, and that one in order.
fn handler(handler: &Value, at: &str, grace: i64) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let given = HANDLERS.iter().filter(|name| handler[**name].is_object());
    for (index, name) in given.enumerate() {
        let field = format!("{at}.{name}");
        if index > 0 {
            faults.push(FieldError::forbidden(field, "may not specify more than 1 handler type"));
        } else {
            faults.extend(one(name, &handler[*name], &field, grace));
        }
    }
    if !HANDLERS.iter().any(|name| handler[*name].is_object()) {
        faults.push(FieldError::required(at, "must specify a handler type"));
    }
    faults
}

fn one(name: &str, handler: &Value, at: &str, grace: i64) -> Vec<FieldError> {
    match name {
        "exec" if list(&handler["command"]).next().is_none() => {
            vec![FieldError::required(format!("{at}.command"), "")]
        }
        "httpGet" => {
            let mut faults = rules::port(&handler["port"], &format!("{at}.port"));
            faults.extend(rules::one_of(
                &handler["scheme"],
                format!("{at}.scheme"),
                &["HTTP", "HTTPS"],
            ));
            for (index, header) in list(&handler["httpHeaders"]).enumerate() {
                faults.extend(rules::required(
                    &header["name"],
                    format!("{at}.httpHeaders[{index}].name"),
                ));
            }
            faults
        }
        "tcpSocket" | "grpc" => rules::port(&handler["port"], &format!("{at}.port")),
        "sleep" => {
            let seconds = handler["seconds"].as_i64().unwrap_or_default();
            let why = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
            let odd = !(0..=grace).contains(&seconds);
            odd.then(|| FieldError::invalid(at, &seconds.into(), why))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(container: &Value) -> Vec<String> {
        super::super::told(check(container, "c", 30))
    }

    #[test]
    fn probes_have_one_handler_and_sound_numbers() {
        for (probe, said) in [
            (
                json!({}),
                "c.livenessProbe: Required value: must specify a handler type",
            ),
            (
                json!({"tcpSocket": {"port": 80}, "httpGet": {"port": 80}}),
                "c.livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
            ),
            (json!({"exec": {}}), "c.livenessProbe.exec.command: Required value"),
            (
                json!({"httpGet": {}}),
                "c.livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive",
            ),
            (
                json!({"tcpSocket": {"port": 1}, "successThreshold": 2}),
                "c.livenessProbe.successThreshold: Invalid value: 2: must be 1",
            ),
        ] {
            assert_eq!(told(&json!({"livenessProbe": probe})), [said]);
        }
        assert!(told(&json!({"readinessProbe": {"tcpSocket": {"port": 1}, "successThreshold": 2}})).is_empty());
        assert_eq!(
            told(&json!({"lifecycle": {"preStop": {"sleep": {"seconds": 31}}}})).len(),
            1
        );
    }
}
