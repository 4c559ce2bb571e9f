//! What is copied of an object: its images, its addresses.

use serde_json::Value;

/// The images of an object's containers, each once, in their order.
pub fn images(object: &Value) -> Vec<String> {
    let specs = ["/spec", "/spec/template/spec", "/spec/jobTemplate/spec/template/spec"];
    let specs = specs.iter().filter_map(|pointer| object.pointer(pointer));
    let lists =
        specs.flat_map(|spec| ["initContainers", "containers", "ephemeralContainers"].map(|name| spec.get(name)));
    let containers = lists.flatten().filter_map(Value::as_array).flatten();
    once(containers.filter_map(|container| container.get("image")?.as_str()))
}

/// The addresses of an object: a pod's, a service's, a node's.
pub fn addresses(object: &Value) -> Vec<String> {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
    let list = |pointer: &str| object.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
    let single = [text("/status/podIP"), text("/spec/clusterIP")];
    let addresses = list("/status/addresses");
    let nodes = addresses.filter(|address| {
        let kind = address.get("type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind.ends_with("IP"))
    });
    let all = single
        .into_iter()
        .flatten()
        .chain(list("/status/podIPs").filter_map(|one| one.get("ip")?.as_str()))
        .chain(list("/spec/clusterIPs").filter_map(Value::as_str))
        .chain(list("/status/loadBalancer/ingress").filter_map(|one| one.get("ip")?.as_str()))
        .chain(list("/spec/externalIPs").filter_map(Value::as_str))
        .chain(nodes.filter_map(|address| address.get("address")?.as_str()));
    once(all.filter(|address| !address.is_empty() && *address != "None"))
}

fn once<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for text in texts {
        if !out.iter().any(|known| known == text) {
            out.push(text.to_string());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn images_and_addresses_are_found_in_every_kind() {
        let pod = json!({"spec": {"initContainers": [{"image": "i"}], "containers": [{"image": "a"}, {"image": "a"}, {}]},
            "status": {"podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}]}});
        assert_eq!(images(&pod), ["i", "a"]);
        assert_eq!(addresses(&pod), ["10.0.0.1", "fd00::1"]);
        let cron = json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"image": "b"}]}}}}}});
        assert_eq!(images(&cron), ["b"]);
        let node = json!({"status": {"addresses": [{"type": "InternalIP", "address": "1.2.3.4"}, {"type": "Hostname", "address": "n"}]}});
        assert_eq!(addresses(&node), ["1.2.3.4"]);
        let headless = json!({"spec": {"clusterIP": "None", "clusterIPs": ["None"], "containers": 7}});
        assert!(addresses(&headless).is_empty() && images(&headless).is_empty());
    }
}
