//! What becomes of empty fields in the store, which keeps objects as protobuf and has no empty lists: most are left out of the
//! JSON that Go writes then (`omitempty`), a few are always there.

use serde_json::{Value, json};

use super::Kind;
use super::protobuf::{Field, Message, message_of, messages, zero};

/// Takes out the fields of an object that say nothing: empty texts, lists and maps, zeroes and falsehoods that Go does not
/// tell from fields that were never given.
pub fn leave_out(kind: &Kind, object: &mut Value) {
    if let Some(message) = message_of(&kind.api_version(), &kind.kind) {
        walk(message, object, &|field, object| {
            let Some(map) = object.as_object_mut() else { return };
            let empty = match map.get(field.name) {
                Some(Value::Array(list)) => list.is_empty(),
                Some(Value::Object(fields)) => fields.is_empty() && field.kind.starts_with('{'),
                Some(value) => !field.keeps_zero && "sbilfy".contains(field.kind) && zero(value),
                None => false,
            };
            if empty {
                map.shift_remove(field.name);
            }
        });
    }
}

/// Writes the fields of an object that Go always writes: those without `omitempty`, and structs that are no pointers.
pub fn write_always(kind: &Kind, object: &mut Value) {
    if let Some(message) = message_of(&kind.api_version(), &kind.kind) {
        walk(message, object, &|field, object| {
            let Some(map) = object.as_object_mut().filter(|_| field.always) else {
                return;
            };
            let missing = map.get(field.name).is_none_or(|value| match value {
                Value::Null => true,
                Value::Array(list) => list.is_empty(),
                _ => false,
            });
            if missing {
                let nothing = if field.is_pointer {
                    Value::Null
                } else {
                    nothing(field.kind)
                };
                map.insert(field.name.to_owned(), nothing);
            }
        });
    }
}

/// How Go writes a field that was never given.
fn nothing(kind: &str) -> Value {
    match kind {
        "s" => "".into(),
        "b" => false.into(),
        "i" | "l" | "f" => 0.into(),
        _ if kind.starts_with('@') => json!({}),
        _ => Value::Null,
    }
}

/// Visits every field of an object and of what it holds; a field before what is in it.
fn walk(message: &Message, object: &mut Value, visit: &impl Fn(&Field, &mut Value)) {
    let mut fields: Vec<(&u64, &Field)> = message.iter().collect();
    fields.sort_unstable_by_key(|(number, _)| **number);
    for (_, field) in fields {
        if field.name.is_empty() {
            if let Some(inner) = messages().get(field.kind) {
                walk(inner, object, visit);
            }
            continue;
        }
        // Metadata has its own order and its own rules.
        if field.name == "metadata" || !object.is_object() {
            continue;
        }
        visit(field, object);
        let (many, named) = match field.kind.strip_prefix('[') {
            Some(element) => (true, element),
            None => (false, field.kind),
        };
        let Some(inner) = named.strip_prefix('@').and_then(|name| messages().get(name)) else {
            continue;
        };
        match object.get_mut(field.name) {
            Some(Value::Array(list)) if many => list.iter_mut().for_each(|one| walk(inner, one, visit)),
            Some(value @ Value::Object(_)) if !many => walk(inner, value, visit),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::kinds::Registry;

    #[test]
    fn empty_fields_are_as_go_writes_them() {
        let of = |group: &str, plural: &str, mut object: Value| {
            let kind = Registry::default().find(group, "v1", plural).unwrap();
            leave_out(&kind, &mut object);
            write_always(&kind, &mut object);
            object
        };
        assert_eq!(
            of("rbac.authorization.k8s.io", "roles", json!({"rules": []})),
            json!({"rules": null})
        );
        assert_eq!(
            of(
                "",
                "limitranges",
                json!({"spec": {"limits": [{"type": "Pod", "max": {}}]}})
            ),
            json!({"spec": {"limits": [{"type": "Pod"}]}})
        );
        let slice = json!({"addressType": "IPv4", "endpoints": [{"addresses": ["10.0.0.1"]}], "ports": [{"port": 0}]});
        assert_eq!(
            of("discovery.k8s.io", "endpointslices", slice),
            json!({"addressType": "IPv4", "endpoints": [{"addresses": ["10.0.0.1"], "conditions": {}}], "ports": [{"port": 0}]})
        );
        let service = json!({"spec": {"clusterIP": "", "publishNotReadyAddresses": false, "ports": [{"port": 80, "nodePort": 0}]}});
        let service = of("", "services", service);
        assert_eq!(service["spec"]["ports"][0], json!({"port": 80}));
        assert!(service["spec"].get("clusterIP").is_none() && service["status"]["loadBalancer"] == json!({}));
        let node = of("", "nodes", json!({}));
        assert_eq!(
            node["status"]["daemonEndpoints"],
            json!({"kubeletEndpoint": {"Port": 0}})
        );
        assert_eq!(node["status"]["nodeInfo"]["osImage"], "");
    }
}
