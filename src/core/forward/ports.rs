//! Ports: what a person writes, what objects offer, and where a service's port leads.

use serde_json::Value;

/// A pair of ports as written: `8080:80`, `80`, `:http`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The port here; 0 for any that is free.
    pub local: u16,
    /// The port there: a number or a name.
    pub remote: String,
}

/// Reads pairs with spaces or commas between them, as kubectl reads each. A name alone needs a port here: any free one.
///
/// # Errors
/// The word that is no pair.
pub fn pairs(text: &str) -> Result<Vec<Pair>, String> {
    let words = text.split([' ', ',', '\t']).filter(|word| !word.is_empty());
    words.map(|word| pair(word).ok_or_else(|| word.to_string())).collect()
}

fn pair(word: &str) -> Option<Pair> {
    let (local, remote) = word.split_once(':').unwrap_or(("", word));
    let local = match (word.contains(':'), local) {
        (true, "") => 0,
        (true, local) => local.parse().ok().filter(|port| *port > 0)?,
        (false, _) => remote.parse().unwrap_or(0),
    };
    let is_name = |ch: char| ch.is_ascii_alphanumeric() || ch == '-';
    let named =
        !remote.is_empty() && remote.chars().all(is_name) && remote.contains(|ch: char| ch.is_ascii_alphabetic());
    let numbered = remote.parse::<u16>().is_ok_and(|port| port > 0);
    (named || numbered).then(|| Pair {
        local,
        remote: remote.to_string(),
    })
}

/// A port that an object offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its name; empty where it has none.
    pub name: String,
    /// Its number.
    pub port: u16,
}

fn number(value: &Value) -> Option<u16> {
    value
        .as_u64()
        .and_then(|port| u16::try_from(port).ok())
        .filter(|port| *port > 0)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Only TCP is forwarded, as kubectl says too.
fn is_tcp(port: &Value) -> bool {
    matches!(text(port, "protocol"), "" | "TCP")
}

fn list<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

/// The ports of containers below a pod's spec; sidecars, which are among the init containers, have ports too.
fn container_ports<'a>(object: &'a Value, spec: &str) -> Vec<&'a Value> {
    let containers = list(object, &format!("{spec}/containers")).chain(list(object, &format!("{spec}/initContainers")));
    containers.flat_map(|container| list(container, "/ports")).collect()
}

/// The TCP ports that an object offers: a service's own, else those that the containers of the pod or of the template
/// declare.
pub fn offers(object: &Value) -> Vec<Offer> {
    let own: Vec<&Value> = list(object, "/spec/ports").collect();
    let (ports, key) = if own.is_empty() {
        let mut ports = container_ports(object, "/spec");
        ports.extend(container_ports(object, "/spec/template/spec"));
        (ports, "containerPort")
    } else {
        (own, "port")
    };
    let offer = |port: &&Value| {
        Some(Offer {
            name: text(port, "name").to_string(),
            port: number(port.get(key)?)?,
        })
    };
    let mut offers: Vec<Offer> = Vec::new();
    for offer in ports.iter().filter(|port| is_tcp(port)).filter_map(offer) {
        if !offers.iter().any(|known| known.port == offer.port) {
            offers.push(offer);
        }
    }
    offers
}

/// Why a service cannot be forwarded to: a key below `reason` in `locales/`. Nothing for other objects.
pub fn refused(object: &Value) -> Option<&'static str> {
    let spec = object.get("spec")?;
    match (text(spec, "type"), text(spec, "clusterIP")) {
        ("ExternalName", _) => Some("forward_external"),
        (_, "None") => Some("forward_headless"),
        _ => None,
    }
}

/// Why a port leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPort {
    /// There is no port of this name or number.
    Unknown(String),
    /// It is not TCP.
    NotTcp(String),
}

/// The port of a pod that a service's port leads to, as a number or a name (`targetPort`).
///
/// # Errors
/// Why there is none.
pub fn service_port(service: &Value, wanted: &str) -> Result<String, NoPort> {
    let by_number = wanted.parse::<u16>().ok();
    let is_it = |port: &&Value| match by_number {
        Some(wanted) => port.get("port").and_then(number) == Some(wanted),
        None => text(port, "name") == wanted,
    };
    let known: Vec<&Value> = list(service, "/spec/ports").filter(is_it).collect();
    // One number may stand for a UDP port and a TCP port at once.
    let Some(port) = known.iter().find(|port| is_tcp(port)).or_else(|| known.first()) else {
        return Err(NoPort::Unknown(wanted.to_string()));
    };
    if !is_tcp(port) {
        return Err(NoPort::NotTcp(wanted.to_string()));
    }
    Ok(match port.get("targetPort") {
        Some(Value::String(name)) if !name.is_empty() => name.clone(),
        Some(value) if number(value).is_some() => value.to_string(),
        _ => port.get("port").map(Value::to_string).unwrap_or_default(),
    })
}

/// The number of a pod's port, by number or by name.
///
/// # Errors
/// Why there is none.
pub fn port_of(pod: &Value, wanted: &str) -> Result<u16, NoPort> {
    let ports = container_ports(pod, "/spec");
    if let Ok(port) = wanted.parse::<u16>() {
        let declared = || {
            ports
                .iter()
                .filter(|known| known.get("containerPort").and_then(number) == Some(port))
        };
        // What is not declared may be listened on all the same.
        return if declared().next().is_some() && !declared().any(|port| is_tcp(port)) {
            Err(NoPort::NotTcp(wanted.to_string()))
        } else {
            Ok(port)
        };
    }
    let Some(port) = ports.iter().find(|port| text(port, "name") == wanted) else {
        return Err(NoPort::Unknown(wanted.to_string()));
    };
    if !is_tcp(port) {
        return Err(NoPort::NotTcp(wanted.to_string()));
    }
    let found = port.get("containerPort").and_then(number);
    found.ok_or_else(|| NoPort::Unknown(wanted.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pairs_are_read_as_kubectl_reads_them() {
        let pair = |local, remote: &str| Pair {
            local,
            remote: remote.into(),
        };
        for (text, wanted) in [
            ("8080:80", Ok(vec![pair(8080, "80")])),
            (
                "80, :443  9000:http",
                Ok(vec![pair(80, "80"), pair(0, "443"), pair(9000, "http")]),
            ),
            ("http", Ok(vec![pair(0, "http")])),
            ("", Ok(vec![])),
            ("0:80", Err("0:80")),
            ("80:0", Err("80:0")),
            ("80:70000", Err("80:70000")),
            ("x:80", Err("x:80")),
            ("80:", Err("80:")),
            ("80:80:80", Err("80:80:80")),
        ] {
            assert_eq!(pairs(text), wanted.map_err(str::to_string), "{text}");
        }
    }

    fn pod() -> Value {
        json!({"spec": {"containers": [
            {"ports": [{"name": "http", "containerPort": 8080}, {"name": "dns", "containerPort": 53, "protocol": "UDP"}]},
            {"ports": [{"name": "admin", "containerPort": 9000, "protocol": "TCP"}, {"containerPort": "x"}]}]}})
    }

    #[test]
    fn ports_of_services_lead_to_those_of_pods() {
        let service = json!({"spec": {"ports": [
            {"name": "web", "port": 80, "targetPort": "http"}, {"port": 81, "targetPort": 9000}, {"port": 82},
            {"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "dns-tcp", "port": 53, "targetPort": 5353}]}});
        for (wanted, target) in [
            ("web", Ok("http")),
            ("80", Ok("http")),
            ("81", Ok("9000")),
            ("82", Ok("82")),
            ("53", Ok("5353")),
            ("dns", Err(NoPort::NotTcp("dns".into()))),
            ("83", Err(NoPort::Unknown("83".into()))),
        ] {
            assert_eq!(service_port(&service, wanted), target.map(str::to_string), "{wanted}");
        }
        for (wanted, port) in [
            ("http", Ok(8080)),
            ("8080", Ok(8080)),
            ("1234", Ok(1234)),
            ("53", Err(NoPort::NotTcp("53".into()))),
            ("dns", Err(NoPort::NotTcp("dns".into()))),
            ("none", Err(NoPort::Unknown("none".into()))),
        ] {
            assert_eq!(port_of(&pod(), wanted), port, "{wanted}");
        }
        assert_eq!(
            offers(&service).iter().map(|offer| offer.port).collect::<Vec<_>>(),
            [80, 81, 82, 53]
        );
        let template = json!({"spec": {"template": pod()}});
        for object in [pod(), template] {
            let offers: Vec<(String, u16)> = offers(&object)
                .into_iter()
                .map(|offer| (offer.name, offer.port))
                .collect();
            assert_eq!(offers, [("http".to_string(), 8080), ("admin".to_string(), 9000)]);
        }
        assert_eq!(offers(&json!({"spec": {"containers": null, "ports": 3}})), []);
    }

    #[test]
    fn services_without_an_address_of_their_own_are_refused() {
        assert_eq!(
            refused(&json!({"spec": {"clusterIP": "None"}})),
            Some("forward_headless")
        );
        assert_eq!(
            refused(&json!({"spec": {"type": "ExternalName"}})),
            Some("forward_external")
        );
        assert_eq!(refused(&json!({"spec": {"clusterIP": "10.0.0.1"}})), None);
    }
}
