//! The API's types as data: which fields each has, so that a body can be read as strictly as Go reads it.
//!
//! `types.txt` has a line for each type: its name, then `field:type`. Types are `s` text, `b` boolean, `i` and `l` integers of
//! 32 and 64 bits, `f` number, `y` base64, `q` quantity, `t` and `u` moments, `x` number or text, `*` anything, `@Name` a type
//! of the list, `[` a list of what follows, `{` a map to what follows.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::{Kind, scalars};
use crate::mock::server::go::json::type_of;
use crate::mock::server::go::path::child;

/// The fields of a type, each with its own type.
pub type Fields = HashMap<&'static str, &'static str>;

/// All types, by name.
pub fn types() -> &'static HashMap<&'static str, Fields> {
    static TYPES: OnceLock<HashMap<&'static str, Fields>> = OnceLock::new();
    TYPES.get_or_init(|| include_str!("types.txt").lines().filter_map(read).collect())
}

fn read(line: &'static str) -> Option<(&'static str, Fields)> {
    let (name, fields) = line.split_once(' ')?;
    Some((
        name,
        fields.split(' ').filter_map(|field| field.rsplit_once(':')).collect(),
    ))
}

/// The name of the type of a kind's objects.
#[must_use]
pub fn root_of(kind: &Kind) -> &str {
    match kind.table.as_str() {
        "events" => "core.v1.Event",
        "horizontalpodautoscalers.autoscaling" => "autoscaling.v2.HorizontalPodAutoscaler",
        "resourceclaims.resource.k8s.io" => "resource.v1.ResourceClaim",
        _ => kind.kind.as_str(),
    }
}

/// Reads an object as its kind's type: unknown fields and nulls are taken out, quantities made canonical.
/// Returns the paths of the unknown fields.
///
/// # Errors
/// The JSON decoder's sentence for a value of a wrong type.
pub fn decode(kind: &Kind, object: &mut Value, source: Source) -> Result<Vec<String>, String> {
    decode_part(root_of(kind), object, "", source)
}

/// Reads a part of an object, at a path, as the type of a name: as [`decode`].
///
/// # Errors
/// The JSON decoder's sentence for a value of a wrong type.
pub fn decode_part(name: &str, value: &mut Value, path: &str, source: Source) -> Result<Vec<String>, String> {
    let Some((name, _)) = types().get_key_value(name) else {
        return Ok(Vec::new());
    };
    let mut reader = Reader {
        unknown: Vec::new(),
        names: Vec::new(),
        source,
    };
    reader.named(name, value, path)?;
    Ok(reader.unknown)
}

/// Where a value was read from: the decoders of the two word their errors differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// JSON, read by Go's decoder.
    Json,
    /// A map of plain values, which a strategic merge leaves: `DefaultUnstructuredConverter`.
    Unstructured,
}

struct Reader {
    unknown: Vec<String>,
    /// The names of the fields on the way here, as Go's decoder tells them.
    names: Vec<String>,
    source: Source,
}

/// Lists that Go writes even when they are empty: their JSON tag lacks `omitempty`.
const KEPT: [(&str, &str); 13] = [
    ("SuccessPolicy", "rules"),
    ("HPAScalingRules", "policies"),
    ("Role", "rules"),
    ("ClusterRole", "rules"),
    ("PolicyRule", "verbs"),
    ("PodSpec", "containers"),
    ("NodeSelector", "nodeSelectorTerms"),
    ("LimitRangeSpec", "limits"),
    ("EndpointSlice", "endpoints"),
    ("EndpointSlice", "ports"),
    ("Endpoint", "addresses"),
    ("CustomResourceDefinitionSpec", "versions"),
    ("PodFailurePolicy", "rules"),
];

/// Whether a list or a map holds nothing and is left out of JSON therefore. What the store makes of empty fields is another
/// matter, which comes later: `super::empties`.
fn left_out(owner: &str, field: &str, kind: &str, value: &Value) -> bool {
    let empty = match value {
        Value::Array(list) => kind.starts_with('[') && list.is_empty(),
        Value::Object(map) => kind.starts_with('{') && map.is_empty(),
        _ => false,
    };
    let owner = owner.rsplit('.').next().unwrap_or(owner);
    empty && !KEPT.contains(&(owner, field)) && !owner.starts_with("JSONSchema")
}

impl Reader {
    fn named(&mut self, name: &'static str, value: &mut Value, path: &str) -> Result<(), String> {
        let Some(fields) = types().get(name) else { return Ok(()) };
        let Value::Object(map) = value else { return Ok(()) };
        let inside = |name: &str| child(path, name);
        let own = fields.contains_key("metadata");
        let mut kept = Map::new();
        for (field, mut value) in std::mem::take(map) {
            let Some(kind) = fields.get(field.as_str()).copied() else {
                if own && matches!(field.as_str(), "kind" | "apiVersion") {
                    kept.insert(field, value);
                } else {
                    self.unknown.push(inside(&field));
                }
                continue;
            };
            if value.is_null() {
                continue;
            }
            self.names.push(field.clone());
            self.value(kind, &mut value, &inside(&field), name)?;
            self.names.pop();
            if !left_out(name, &field, kind, &value) {
                kept.insert(field, value);
            }
        }
        *map = kept;
        Ok(())
    }

    fn value(&mut self, kind: &'static str, value: &mut Value, path: &str, owner: &str) -> Result<(), String> {
        if let Some(element) = kind.strip_prefix('[') {
            let Value::Array(list) = value else {
                return Err(self.wrong(value, kind, owner));
            };
            for (index, value) in list.iter_mut().enumerate() {
                nothing(element, value);
                self.value(element, value, &format!("{path}[{index}]"), owner)?;
            }
            return Ok(());
        }
        if let Some(element) = kind.strip_prefix('{') {
            let Value::Object(map) = value else {
                return Err(self.wrong(value, kind, owner));
            };
            map.iter_mut().for_each(|(_, value)| nothing(element, value));
            map.retain(|_, value| !value.is_null());
            map.sort_keys();
            for (key, value) in map.iter_mut() {
                self.value(element, value, &format!("{path}.{key}"), owner)?;
                if element == "q" {
                    scalars::to_thousandths(value);
                }
            }
            return Ok(());
        }
        if let Some(name) = kind.strip_prefix('@') {
            if !value.is_object() {
                return Err(self.wrong(value, kind, owner));
            }
            return self.named(name, value, path);
        }
        self.plain(kind, value, owner)
    }

    fn plain(&self, kind: &str, value: &mut Value, owner: &str) -> Result<(), String> {
        let fits = match kind {
            "s" => value.is_string(),
            "b" => value.is_boolean(),
            "i" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            "l" => value.is_i64() || value.is_u64(),
            "f" => value.is_number(),
            "y" => return scalars::base64_text(value).unwrap_or_else(|| Err(self.wrong(value, kind, owner))),
            "q" => return scalars::quantity(value),
            "t" | "u" => return scalars::moment(kind, value).unwrap_or_else(|| Err(self.wrong(value, kind, owner))),
            "x" => value.is_string() || value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            _ => true,
        };
        if fits {
            Ok(())
        } else {
            Err(self.wrong(value, kind, owner))
        }
    }

    fn wrong(&self, value: &Value, kind: &str, owner: &str) -> String {
        let owner = owner.rsplit('.').next().unwrap_or(owner);
        let field = self.names.last().map_or("", String::as_str);
        let wanted = match (kind, scalars::text_type(owner, field)) {
            ("s", Some(name)) => name.to_owned(),
            ("[s", Some(name)) => format!("[]{name}"),
            _ => scalars::go_type(kind),
        };
        if self.source == Source::Unstructured && !matches!(kind, "x" | "t" | "u") {
            return scalars::unfit(kind, &wanted, value);
        }
        let given = type_of(value);
        let number = if value.is_number() && (value.is_f64() || !matches!(kind, "s" | "b" | "y")) {
            let whole = matches!(kind, "i" | "l" | "x");
            if whole {
                format!("number {value}")
            } else {
                given.to_owned()
            }
        } else {
            given.to_owned()
        };
        if self.source == Source::Unstructured {
            return format!("json: cannot unmarshal {number} into Go value of type {wanted}");
        }
        format!(
            "json: cannot unmarshal {number} into Go struct field {owner}.{} of type {wanted}",
            self.names.join(".")
        )
    }
}

/// A null in a list or a map is what Go makes of nothing: an empty text, an empty object, a zero.
fn nothing(kind: &str, value: &mut Value) {
    if !value.is_null() {
        return;
    }
    match kind {
        "s" | "y" => *value = "".into(),
        "q" => *value = "0".into(),
        kind if kind.starts_with('@') => *value = Value::Object(Map::new()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::kinds::Registry;

    #[test]
    fn lists_that_go_writes_stay_though_they_are_empty() {
        for (group, plural, written, left) in [
            (
                "batch",
                "jobs",
                json!({"successPolicy": {"rules": []}}),
                json!({"successPolicy": {"rules": []}}),
            ),
            (
                "autoscaling",
                "horizontalpodautoscalers",
                json!({"behavior": {"scaleUp": {"policies": []}}, "metrics": []}),
                json!({"behavior": {"scaleUp": {"policies": []}}}),
            ),
        ] {
            let version = if group == "batch" { "v1" } else { "v2" };
            let kind = Registry::default().find(group, version, plural).unwrap();
            let mut object = json!({"spec": written});
            decode(&kind, &mut object, Source::Json).unwrap();
            assert_eq!(object["spec"], left);
        }
    }

    #[test]
    fn every_type_that_a_field_names_is_there() {
        for (name, fields) in types() {
            for (field, kind) in fields {
                if let Some((_, named)) = kind.split_once('@') {
                    assert!(
                        types().contains_key(named),
                        "{name}.{field} is of an unknown type {named}"
                    );
                }
            }
        }
    }

    #[test]
    fn bodies_are_read_as_go_reads_them() {
        let pods = Registry::default().find("", "v1", "pods").unwrap();
        let read = |mut object: Value| decode(&pods, &mut object, Source::Json).map(|unknown| (unknown, object));
        let (unknown, pod) = read(json!({"kind": "Pod", "spec": {"nodeSelektor": {}, "hostname": null,
            "containers": [{"name": "c", "x": 1, "resources": {"limits": {"cpu": 0.5}}}]}}))
        .unwrap();
        assert_eq!(unknown, ["spec.nodeSelektor", "spec.containers[0].x"]);
        assert_eq!(
            pod,
            json!({"kind": "Pod", "spec": {"containers": [{"name": "c", "resources": {"limits": {"cpu": "500m"}}}]}})
        );
        for (object, error) in [
            (
                json!({"spec": "x"}),
                "json: cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec",
            ),
            (
                json!({"spec": {"containers": [{"image": 1}]}}),
                "json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string",
            ),
            (
                json!({"metadata": {"labels": []}}),
                "json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string",
            ),
        ] {
            assert_eq!(read(object).err().as_deref(), Some(error));
        }
    }

    #[test]
    fn what_a_merge_leaves_is_converted() {
        let pods = Registry::default().find("", "v1", "pods").unwrap();
        for (spec, error) in [
            (json!("x"), "cannot restore struct from: string"),
            (json!({"containers": {}}), "cannot restore slice from map"),
            (json!({"nodeSelector": []}), "cannot restore map from slice"),
            (json!({"hostNetwork": "yes"}), "unrecognized type: bool"),
            (json!({"activeDeadlineSeconds": 1.5}), "cannot convert float64 to int64"),
            (json!({"restartPolicy": 5}), "cannot convert int64 to v1.RestartPolicy"),
            (
                json!({"containers": [{"livenessProbe": {"tcpSocket": {"port": true}}}]}),
                "json: cannot unmarshal bool into Go value of type int32",
            ),
        ] {
            let mut pod = json!({"spec": spec});
            assert_eq!(
                decode(&pods, &mut pod, Source::Unstructured).err().as_deref(),
                Some(error)
            );
        }
    }

    #[test]
    fn nothing_is_written_as_go_writes_it() {
        let pods = Registry::default().find("", "v1", "pods").unwrap();
        let mut pod = json!({"metadata": {"labels": {"a": null}, "finalizers": []}, "spec": {"containers": [
            {"name": "c", "env": [], "resources": {"requests": {"cpu": "0.0001", "memory": null}}}]}});
        decode(&pods, &mut pod, Source::Json).unwrap();
        assert_eq!(
            pod,
            json!({"metadata": {"labels": {"a": ""}}, "spec": {"containers": [
                {"name": "c", "resources": {"requests": {"cpu": "1m", "memory": "0"}}}]}})
        );
    }
}
