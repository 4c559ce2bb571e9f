//! A container's environment: values, and where the others come from.

use serde_json::Value;

use crate::relations::kinds::{CONFIG_MAP, SECRET};

use super::Writer;
use super::amounts;
use super::value::Read;
use super::words::Words;

/// The environment of `container`. `pod` is the pod that runs it; a template has none.
pub fn describe(container: &Value, pod: Option<&Value>, out: &mut Writer) {
    sources(container.key("envFrom").list(), out);
    let variables = container.key("env").list();
    if variables.is_empty() {
        return out.field("Environment", Words::none());
    }
    out.heading("Environment");
    out.block(|out| {
        for variable in variables {
            if let Some(value) = value(variable, container, pod) {
                let from = variable.key("valueFrom");
                let [config, secret] = ["configMapKeyRef", "secretKeyRef"].map(|one| from.key(one).key("name").text());
                let value = out.naming(value, &CONFIG_MAP, config);
                out.field(&variable.key("name").show(), out.naming(value, &SECRET, secret));
            }
        }
    });
}

fn sources(sources: &[Value], out: &mut Writer) {
    if sources.is_empty() {
        return;
    }
    out.heading("Environment Variables from");
    out.block(|out| {
        for source in sources {
            let words = Words::from(source_text(source));
            let [config, secret] = ["configMapRef", "secretRef"].map(|from| source.key(from).key("name").text());
            let words = out.naming(words, &CONFIG_MAP, config);
            out.lines(out.naming(words, &SECRET, secret));
        }
    });
}

fn source_text(source: &Value) -> String {
    let (kind, reference) = if source.key("configMapRef").is_set() {
        ("ConfigMap", source.key("configMapRef"))
    } else if source.key("secretRef").is_set() {
        ("Secret", source.key("secretRef"))
    } else {
        ("", &Value::Null)
    };
    let prefix = match source.key("prefix").text() {
        "" => String::new(),
        prefix => format!(" with prefix '{prefix}'"),
    };
    format!(
        "{}  {kind}{prefix}  Optional: {}",
        reference.key("name").show(),
        reference.key("optional").truth()
    )
}

/// What a variable holds; none where its source is of no known kind, which kubectl leaves out.
fn value(variable: &Value, container: &Value, pod: Option<&Value>) -> Option<Words> {
    let from = variable.key("valueFrom");
    if !from.is_set() {
        return Some(variable.key("value").show().into());
    }
    let [field, resource, secret, config] =
        ["fieldRef", "resourceFieldRef", "secretKeyRef", "configMapKeyRef"].map(|source| from.key(source));
    let text = if field.is_set() {
        let known = pod.map(|pod| pod_field(field, pod)).unwrap_or_default();
        format!(
            "{known} ({}:{})",
            field.key("apiVersion").show(),
            field.key("fieldPath").show()
        )
    } else if resource.is_set() {
        resource_text(resource, container)
    } else if secret.is_set() {
        let optional = secret.key("optional").truth();
        format!(
            "<set to the key '{}' in secret '{}'>  Optional: {optional}",
            secret.key("key").show(),
            secret.key("name").show()
        )
    } else if config.is_set() {
        let optional = config.key("optional").truth();
        format!(
            "<set to the key '{}' of config map '{}'>  Optional: {optional}",
            config.key("key").show(),
            config.key("name").show()
        )
    } else {
        return None;
    };
    Some(text.into())
}

/// The fields of a pod that kubectl resolves.
fn pod_field(field: &Value, pod: &Value) -> String {
    match field.key("fieldPath").text() {
        path @ ("metadata.name" | "metadata.namespace") => pod.at(path).show(),
        _ => String::new(),
    }
}

/// A limit or request in units of the divisor, rounded up, as `ExtractContainerResourceValue` in kubectl.
fn resource_text(reference: &Value, container: &Value) -> String {
    let resource = reference.key("resource").show();
    let amount = match resource.split_once('.') {
        Some((list @ ("limits" | "requests"), name)) if is_told(name) => {
            let quantity = amounts::quantity(container.key("resources").key(list).key(name)).unwrap_or_default();
            let divisor = amounts::quantity(reference.key("divisor")).filter(|divisor| !divisor.is_zero());
            let (amount, unit) = match (name, divisor) {
                ("cpu", divisor) => (quantity.milli(), divisor.map_or(1000, |divisor| divisor.milli())),
                (_, divisor) => (quantity.value(), divisor.map_or(1, |divisor| divisor.value())),
            };
            (amount as f64 / unit as f64).ceil().to_string()
        }
        _ => String::new(),
    };
    let unlimited = amount == "0" && matches!(resource.as_str(), "limits.cpu" | "limits.memory");
    format!("{} ({resource})", if unlimited { "node allocatable" } else { &amount })
}

fn is_told(resource: &str) -> bool {
    matches!(resource, "cpu" | "memory" | "ephemeral-storage") || resource.starts_with("hugepages-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(container: Value, pod: Option<Value>) -> String {
        let mut out = Writer::default();
        describe(&container, pod.as_ref(), &mut out);
        out.finish().text()
    }

    #[test]
    fn every_source_of_a_variable_is_told() {
        let container = json!({
            "resources": {"limits": {"cpu": "1500m"}, "requests": {"memory": "100Mi"}},
            "env": [
                {"name": "A", "value": "1\n2"},
                {"name": "POD", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}},
                {"name": "NODE", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "spec.nodeName"}}},
                {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "0"}}},
                {"name": "MEM", "valueFrom": {"resourceFieldRef": {"resource": "requests.memory", "divisor": "1Mi"}}},
                {"name": "MAX", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory"}}},
                {"name": "S", "valueFrom": {"secretKeyRef": {"key": "k", "name": "s", "optional": true}}},
                {"name": "C", "valueFrom": {"configMapKeyRef": {"key": "k", "name": "c"}}},
                {"name": "NEW", "valueFrom": {"fileKeyRef": {}}},
            ],
        });
        let expected = "  Environment:
    A:     1
           2
    POD:   web-0 (v1:metadata.name)
    NODE:   (v1:spec.nodeName)
    CPU:   2 (limits.cpu)
    MEM:   100 (requests.memory)
    MAX:   node allocatable (limits.memory)
    S:     <set to the key 'k' in secret 's'>  Optional: true
    C:     <set to the key 'k' of config map 'c'>  Optional: false
";
        assert_eq!(text(container, Some(json!({"metadata": {"name": "web-0"}}))), expected);
    }

    #[test]
    fn whole_maps_and_secrets_are_told() {
        let container = json!({"envFrom": [
            {"configMapRef": {"name": "c", "optional": true}},
            {"secretRef": {"name": "s"}, "prefix": "P_"},
        ]});
        let expected = "  Environment Variables from:\n    c  ConfigMap  Optional: true\n    s  Secret with prefix 'P_'  Optional: false\n  Environment:  <none>\n";
        assert_eq!(text(container, None), expected);
    }
}
