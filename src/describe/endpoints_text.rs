//! The addresses behind a Service's port, as `formatEndpointSlices` in kubectl.

use serde_json::Value;

use super::value::{Read, join};

/// How many addresses are shown; the others are counted.
const SHOWN: usize = 3;

/// `10.1.0.1:80,10.1.0.2:80,10.1.0.3:80 + 2 more...` of the port of this name; `<none>` without slices, empty where the
/// slices have no address that is ready. Slices without ports give addresses alone.
pub fn of_port(slices: &[Value], port: &str) -> String {
    let addresses: Vec<_> = slices.iter().flat_map(|slice| of_slice(slice, port)).collect();
    let shown = join(addresses.iter().take(SHOWN), ",");
    match addresses.len() {
        0 if slices.is_empty() => "<none>".to_owned(),
        count if count > SHOWN => format!("{shown} + {} more...", count - SHOWN),
        _ => shown,
    }
}

fn of_slice(slice: &Value, port: &str) -> Vec<String> {
    let ready: Vec<_> = slice
        .key("endpoints")
        .list()
        .iter()
        .filter(|endpoint| is_ready(endpoint))
        .map(address)
        .collect();
    let ports = slice.key("ports").list();
    if ports.is_empty() {
        return ready;
    }
    let named = ports.iter().filter(|own| own.key("name").text() == port);
    named
        .flat_map(|own| {
            ready
                .iter()
                .map(|address| host_and_port(address, own.key("port").int()))
        })
        .collect()
}

/// An endpoint that does not say counts as ready.
fn is_ready(endpoint: &Value) -> bool {
    endpoint.at("conditions.ready").as_bool().unwrap_or(true)
}

fn address(endpoint: &Value) -> String {
    endpoint
        .key("addresses")
        .list()
        .first()
        .map(Read::show)
        .unwrap_or_default()
}

fn host_and_port(host: &str, port: i64) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn addresses_are_those_that_are_ready_on_the_port() {
        let endpoints = json!([{"addresses": ["10.0.0.1"]}, {"addresses": ["fd00::1"], "conditions": {"ready": true}}, {"addresses": ["10.0.0.3"], "conditions": {"ready": false}}]);
        let slice = json!({"ports": [{"name": "", "port": 80}, {"name": "admin", "port": 81}], "endpoints": endpoints});
        assert_eq!(of_port(std::slice::from_ref(&slice), ""), "10.0.0.1:80,[fd00::1]:80");
        assert_eq!(
            of_port(std::slice::from_ref(&slice), "admin"),
            "10.0.0.1:81,[fd00::1]:81"
        );
        assert_eq!(of_port(std::slice::from_ref(&slice), "other"), "");
        assert_eq!(
            of_port(&[slice.clone(), slice.clone()], ""),
            "10.0.0.1:80,[fd00::1]:80,10.0.0.1:80 + 1 more..."
        );
        assert_eq!(of_port(&[json!({"endpoints": endpoints})], ""), "10.0.0.1,fd00::1");
        assert_eq!(of_port(&[], ""), "<none>");
    }
}
