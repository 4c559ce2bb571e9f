//! A container's environment: the image's, the services', and what its spec says.

use serde_json::Value;

use super::images::image;
use super::volumes::data;
use crate::mock::server::Api;

/// Notes the variables with which a run of a container starts, if they come from objects that may change later.
pub fn note_start(api: &Api, pod: &Value, container: &Value, run: &str) {
    let env = || container["env"].as_array().into_iter().flatten();
    let refers = |entry: &Value| {
        !entry["valueFrom"]["configMapKeyRef"].is_null() || !entry["valueFrom"]["secretKeyRef"].is_null()
    };
    if container["envFrom"].as_array().is_none_or(Vec::is_empty) && !env().any(refers) {
        return;
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (uid, name) = (text(&pod["metadata"]["uid"]), text(&container["name"]));
    let variables = environment(api, pod, container);
    api.disks.note(api, (&uid, &name), run, variables);
}

/// The variables of a container that runs: those with which it was started.
#[must_use]
pub fn running_environment(api: &Api, pod: &Value, container: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (uid, name) = (text(&pod["metadata"]["uid"]), text(&container["name"]));
    let lists = [
        "containerStatuses",
        "initContainerStatuses",
        "ephemeralContainerStatuses",
    ];
    let mut all = lists
        .iter()
        .filter_map(|list| pod["status"][*list].as_array())
        .flatten();
    let run = all
        .find(|status| status["name"] == name.as_str())
        .map(|status| text(&status["containerID"]));
    let noted = run.and_then(|run| api.disks.noted(&uid, &name, &run));
    noted.unwrap_or_else(|| environment(api, pod, container))
}

/// The variables of a container, in the order in which a runtime hands them over; the last of a name counts.
#[must_use]
pub fn environment(api: &Api, pod: &Value, container: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let namespace = text(&pod["metadata"]["namespace"]);
    let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    let host = pod["spec"]["hostname"]
        .as_str()
        .or_else(|| pod["metadata"]["name"].as_str());
    let mut all = vec![
        ("PATH".to_owned(), path.to_owned()),
        ("HOSTNAME".to_owned(), host.unwrap_or_default().to_owned()),
    ];
    let of_image = image(&text(&container["image"])).env.iter();
    all.extend(of_image.map(|(name, value)| (name.clone(), value.clone())));
    for source in container["envFrom"].as_array().into_iter().flatten() {
        let (table, reference) = if source["secretRef"].is_object() {
            ("secrets", &source["secretRef"])
        } else {
            ("configmaps", &source["configMapRef"])
        };
        let prefix = text(&source["prefix"]);
        for (key, bytes) in data(api, table, &namespace, &text(&reference["name"])) {
            set(
                &mut all,
                format!("{prefix}{key}"),
                String::from_utf8_lossy(&bytes).into_owned(),
            );
        }
    }
    for entry in container["env"].as_array().into_iter().flatten() {
        let value = match &entry["valueFrom"] {
            Value::Object(_) => from(api, pod, container, &namespace, &entry["valueFrom"]),
            _ => Some(expand(&text(&entry["value"]), &all)),
        };
        if let Some(value) = value {
            set(&mut all, text(&entry["name"]), value);
        }
    }
    for (name, value) in services(api, pod, &namespace) {
        if !all.iter().any(|(known, _)| *known == name) {
            all.push((name, value));
        }
    }
    all.push(("HOME".to_owned(), "/root".to_owned()));
    all
}

fn set(all: &mut Vec<(String, String)>, name: String, value: String) {
    match all.iter_mut().find(|(known, _)| *known == name) {
        Some((_, old)) => *old = value,
        None => all.push((name, value)),
    }
}

fn from(api: &Api, pod: &Value, container: &Value, namespace: &str, source: &Value) -> Option<String> {
    let key = |table: &str, reference: &Value| {
        let name = reference["name"].as_str().unwrap_or_default();
        let found = data(api, table, namespace, name)
            .into_iter()
            .find(|(key, _)| reference["key"] == key.as_str());
        found.map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned())
    };
    if source["configMapKeyRef"].is_object() {
        return key("configmaps", &source["configMapKeyRef"]);
    }
    if source["secretKeyRef"].is_object() {
        return key("secrets", &source["secretKeyRef"]);
    }
    if source["resourceFieldRef"].is_object() {
        let (list, name) = source["resourceFieldRef"]["resource"].as_str()?.split_once('.')?;
        return container["resources"][list][name].as_str().map(str::to_owned);
    }
    Some(field(pod, source["fieldRef"]["fieldPath"].as_str().unwrap_or_default()))
}

/// A field of a pod as the downward API gives it.
#[must_use]
pub fn field(pod: &Value, path: &str) -> String {
    if let Some((map, key)) = path.strip_suffix("']").and_then(|path| path.split_once("['")) {
        let map = at(pod, map);
        return map[key].as_str().unwrap_or_default().to_owned();
    }
    match at(pod, path) {
        Value::String(text) => text.clone(),
        Value::Object(map) => {
            let lines = map
                .iter()
                .map(|(key, value)| format!("{key}={:?}", value.as_str().unwrap_or_default()));
            lines.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

fn at<'a>(object: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(object, |value, name| &value[name])
}

/// `$(NAME)` of variables before it; `$$(NAME)` stays as `$(NAME)`.
fn expand(text: &str, known: &[(String, String)]) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        done.push_str(before);
        if let Some(behind) = behind.strip_prefix('$') {
            done.push('$');
            rest = behind;
            continue;
        }
        let name = behind.strip_prefix('(').and_then(|inner| inner.split_once(')'));
        match name.and_then(|(name, after)| {
            let (_, value) = known.iter().find(|(key, _)| key == name)?;
            Some((value, after))
        }) {
            Some((value, after)) => {
                done.push_str(value);
                rest = after;
            }
            None => {
                done.push('$');
                rest = behind;
            }
        }
    }
    done + rest
}

/// The variables of services: the API's always, those of the pod's namespace unless its spec forbids it.
fn services(api: &Api, pod: &Value, namespace: &str) -> Vec<(String, String)> {
    let links = pod["spec"]["enableServiceLinks"] != false;
    let mut found: Vec<Value> = api
        .store
        .list("services", Some("default"))
        .objects
        .iter()
        .filter(|service| service.name() == "kubernetes")
        .map(|service| service.decode())
        .collect();
    if links {
        let own = api.store.list("services", Some(namespace)).objects;
        found.extend(
            own.iter()
                .filter(|service| service.name() != "kubernetes")
                .map(|service| service.decode()),
        );
    }
    found.iter().flat_map(variables).collect()
}

fn variables(service: &Value) -> Vec<(String, String)> {
    let address = service["spec"]["clusterIP"].as_str().unwrap_or_default();
    if address.is_empty() || address == "None" {
        return Vec::new();
    }
    let name = service["metadata"]["name"].as_str().unwrap_or_default();
    let name = name.to_uppercase().replace('-', "_");
    let ports: Vec<&Value> = service["spec"]["ports"].as_array().into_iter().flatten().collect();
    let Some(first) = ports.first() else { return Vec::new() };
    let mut all = vec![
        (format!("{name}_SERVICE_HOST"), address.to_owned()),
        (format!("{name}_SERVICE_PORT"), first["port"].to_string()),
    ];
    for port in &ports {
        if let Some(label) = port["name"].as_str().filter(|label| !label.is_empty()) {
            let label = label.to_uppercase().replace('-', "_");
            all.push((format!("{name}_SERVICE_PORT_{label}"), port["port"].to_string()));
        }
    }
    let url = |port: &Value| {
        let protocol = port["protocol"].as_str().unwrap_or("TCP").to_lowercase();
        format!("{protocol}://{address}:{}", port["port"])
    };
    all.push((format!("{name}_PORT"), url(first)));
    for port in ports {
        let protocol = port["protocol"].as_str().unwrap_or("TCP");
        let prefix = format!("{name}_PORT_{}_{protocol}", port["port"]);
        all.push((prefix.clone(), url(port)));
        all.push((format!("{prefix}_PROTO"), protocol.to_lowercase()));
        all.push((format!("{prefix}_PORT"), port["port"].to_string()));
        all.push((format!("{prefix}_ADDR"), address.to_owned()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_refer_to_those_before_them() {
        let known = [("A".to_owned(), "1".to_owned())];
        for (text, wanted) in [("$(A)-$(B)", "1-$(B)"), ("$$(A)", "$(A)"), ("5$", "5$"), ("$A", "$A")] {
            assert_eq!(expand(text, &known), wanted);
        }
    }

    #[test]
    fn fields_of_the_pod_are_named_by_paths() {
        let pod = serde_json::json!({"metadata": {"name": "a", "labels": {"x/y": "1", "z": "2"}}});
        assert_eq!(field(&pod, "metadata.name"), "a");
        assert_eq!(field(&pod, "metadata.labels['x/y']"), "1");
        assert_eq!(field(&pod, "metadata.labels"), "x/y=\"1\"\nz=\"2\"");
    }
}
