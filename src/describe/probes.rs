//! Probes in one line, as `DescribeProbe` in kubectl.

use serde_json::Value;

use super::Writer;
use super::value::Read;

/// Liveness, readiness and startup probe, where a container has them.
pub fn describe(container: &Value, out: &mut Writer) {
    for (label, field) in [
        ("Liveness", "livenessProbe"),
        ("Readiness", "readinessProbe"),
        ("Startup", "startupProbe"),
    ] {
        let probe = container.key(field);
        if probe.is_set() {
            out.field(label, text(probe));
        }
    }
}

/// What the probe does and how often: `http-get http://:80/ delay=0s timeout=1s period=10s #success=1 #failure=3`.
pub fn text(probe: &Value) -> String {
    let often = format!(
        "delay={}s timeout={}s period={}s #success={} #failure={}",
        probe.key("initialDelaySeconds").int(),
        probe.key("timeoutSeconds").int(),
        probe.key("periodSeconds").int(),
        probe.key("successThreshold").int(),
        probe.key("failureThreshold").int(),
    );
    format!("{} {often}", what(probe))
}

fn what(probe: &Value) -> String {
    let [exec, http, tcp, grpc] = ["exec", "httpGet", "tcpSocket", "grpc"].map(|field| probe.key(field));
    if exec.is_set() {
        let command = exec.key("command");
        format!(
            "exec {}",
            if command.is_set() {
                command.go()
            } else {
                "[]".to_owned()
            }
        )
    } else if http.is_set() {
        format!("http-get {}", url(http))
    } else if tcp.is_set() {
        format!("tcp-socket {}:{}", tcp.key("host").show(), port(tcp))
    } else if grpc.is_set() {
        format!("grpc <pod>:{} {}", grpc.key("port").int(), grpc.key("service").show())
    } else {
        "unknown".to_owned()
    }
}

fn port(action: &Value) -> String {
    let port = action.key("port");
    if port.is_set() { port.show() } else { "0".to_owned() }
}

/// As Go's `url.URL` prints what a probe asks for.
fn url(http: &Value) -> String {
    let scheme = match http.key("scheme").text().to_lowercase() {
        scheme if scheme.is_empty() => String::new(),
        scheme => format!("{scheme}:"),
    };
    let host = http.key("host").text();
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    let path = http.key("path").text();
    let slash = if path.is_empty() || path.starts_with('/') {
        ""
    } else {
        "/"
    };
    format!("{scheme}//{host}:{}{slash}{}", port(http), escape(path))
}

/// A path as a URL holds it: what is special elsewhere in a URL becomes `%XX`.
fn escape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            _ if b"-_.~$&+,/:;=@".contains(&byte) => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn probes_read_as_kubectl_writes_them() {
        let often = "delay=0s timeout=0s period=0s #success=0 #failure=0";
        for (probe, expected) in [
            (
                json!({"exec": {"command": ["cat", "/tmp/healthy"]}}),
                "exec [cat /tmp/healthy]",
            ),
            (json!({"exec": {}}), "exec []"),
            (
                json!({"httpGet": {"port": 80, "path": "/", "scheme": "HTTP"}}),
                "http-get http://:80/",
            ),
            (
                json!({"httpGet": {"port": "web", "path": "health z?q", "scheme": "HTTPS", "host": "::1"}}),
                "http-get https://[::1]:web/health%20z%3Fq",
            ),
            (
                json!({"httpGet": {"port": 8080, "scheme": "HTTP", "host": "a.b"}}),
                "http-get http://a.b:8080",
            ),
            (json!({"tcpSocket": {"port": 82}}), "tcp-socket :82"),
            (json!({"tcpSocket": {"port": "db", "host": "h"}}), "tcp-socket h:db"),
            (json!({"grpc": {"port": 9000, "service": "s"}}), "grpc <pod>:9000 s"),
            (json!({}), "unknown"),
        ] {
            assert_eq!(text(&probe), format!("{expected} {often}"));
        }
        let probe = json!({"tcpSocket": {"port": 1}, "initialDelaySeconds": 3, "timeoutSeconds": 1, "periodSeconds": 5, "successThreshold": 1, "failureThreshold": 2});
        assert_eq!(
            text(&probe),
            "tcp-socket :1 delay=3s timeout=1s period=5s #success=1 #failure=2"
        );
    }
}
