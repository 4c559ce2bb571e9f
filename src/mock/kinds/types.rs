//! The API's types as data: which fields each has, so that a body can be read as strictly as Go reads it.
//!
//! `types.txt` has a line for each type: its name, then `field:type`. Types are `s` text, `b` boolean, `i` and `l` integers of
//! 32 and 64 bits, `f` number, `y` base64, `q` quantity, `t` and `u` moments, `x` number or text, `*` anything, `@Name` a type
//! of the list, `[` a list of what follows, `{` a map to what follows.

use std::collections::HashMap;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::Kind;
use crate::mock::admission::quantity::{PATTERN, Quantity};

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
pub fn decode(kind: &Kind, object: &mut Value) -> Result<Vec<String>, String> {
    let root = root_of(kind);
    let Some((root, _)) = types().get_key_value(root) else {
        return Ok(Vec::new());
    };
    let mut reader = Reader {
        unknown: Vec::new(),
        names: Vec::new(),
    };
    reader.named(root, object, "")?;
    Ok(reader.unknown)
}

/// Reads a part of an object, at a path, as the type of a name: as [`decode`].
///
/// # Errors
/// The JSON decoder's sentence for a value of a wrong type.
pub fn decode_part(name: &str, value: &mut Value, path: &str) -> Result<Vec<String>, String> {
    let Some((name, _)) = types().get_key_value(name) else {
        return Ok(Vec::new());
    };
    let mut reader = Reader {
        unknown: Vec::new(),
        names: Vec::new(),
    };
    reader.named(name, value, path)?;
    Ok(reader.unknown)
}

struct Reader {
    unknown: Vec<String>,
    /// The names of the fields on the way here, as Go's decoder tells them.
    names: Vec<String>,
}

impl Reader {
    fn named(&mut self, name: &'static str, value: &mut Value, path: &str) -> Result<(), String> {
        let Some(fields) = types().get(name) else { return Ok(()) };
        let Value::Object(map) = value else { return Ok(()) };
        let inside = |field: &str| {
            if path.is_empty() {
                field.to_owned()
            } else {
                format!("{path}.{field}")
            }
        };
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
            kept.insert(field, value);
        }
        *map = kept;
        Ok(())
    }

    fn value(&mut self, kind: &'static str, value: &mut Value, path: &str, owner: &str) -> Result<(), String> {
        if let Some(element) = kind.strip_prefix('[') {
            let Value::Array(list) = value else {
                return Err(self.wrong(value, &go_type(kind), owner));
            };
            for (index, value) in list.iter_mut().enumerate() {
                self.value(element, value, &format!("{path}[{index}]"), owner)?;
            }
            return Ok(());
        }
        if let Some(element) = kind.strip_prefix('{') {
            let Value::Object(map) = value else {
                return Err(self.wrong(value, &go_type(kind), owner));
            };
            map.retain(|_, value| !value.is_null());
            map.sort_keys();
            for (key, value) in map.iter_mut() {
                self.value(element, value, &format!("{path}.{key}"), owner)?;
            }
            return Ok(());
        }
        if let Some(name) = kind.strip_prefix('@') {
            if !value.is_object() {
                return Err(self.wrong(value, &go_type(kind), owner));
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
            "y" => return base64_text(value).unwrap_or_else(|| Err(self.wrong(value, "[]uint8", owner))),
            "q" => return quantity(value),
            "t" | "u" => return moment(value).unwrap_or_else(|| Err(self.wrong(value, "string", owner))),
            "x" => value.is_string() || value.is_i64() || value.is_u64(),
            _ => true,
        };
        if fits {
            Ok(())
        } else {
            Err(self.wrong(value, &go_type(kind), owner))
        }
    }

    fn wrong(&self, value: &Value, wanted: &str, owner: &str) -> String {
        let given = match value {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let number = if value.is_f64() && wanted.starts_with("int") {
            format!("number {value}")
        } else {
            given.to_owned()
        };
        let owner = owner.rsplit('.').next().unwrap_or(owner);
        format!(
            "json: cannot unmarshal {number} into Go struct field {owner}.{} of type {wanted}",
            self.names.join(".")
        )
    }
}

/// How Go names a type.
fn go_type(kind: &str) -> String {
    match kind {
        "s" | "t" | "u" => "string".to_owned(),
        "b" => "bool".to_owned(),
        "i" => "int32".to_owned(),
        "l" => "int64".to_owned(),
        "f" => "float64".to_owned(),
        "y" => "[]uint8".to_owned(),
        "q" => "resource.Quantity".to_owned(),
        "x" => "intstr.IntOrString".to_owned(),
        _ => match (kind.strip_prefix('['), kind.strip_prefix('{'), kind.strip_prefix('@')) {
            (Some(element), ..) => format!("[]{}", go_type(element)),
            (_, Some(element), _) => format!("map[string]{}", go_type(element)),
            (.., Some(name)) => format!("v1.{}", name.rsplit('.').next().unwrap_or(name)),
            _ => "interface {}".to_owned(),
        },
    }
}

fn base64_text(value: &Value) -> Option<Result<(), String>> {
    let text = value.as_str()?;
    let bad = |at: usize| Err(format!("illegal base64 data at input byte {at}"));
    Some(match STANDARD.decode(text) {
        Ok(_) => Ok(()),
        Err(base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol(at, _)) => bad(at),
        Err(_) => bad(text.len() / 4 * 4),
    })
}

fn quantity(value: &mut Value) -> Result<(), String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(PATTERN.to_owned()),
    };
    match Quantity::read(&text) {
        Some(quantity) => *value = quantity.to_string().into(),
        None if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-')) => {
            return Err("unable to parse quantity's suffix".to_owned());
        }
        None => return Err(PATTERN.to_owned()),
    }
    Ok(())
}

fn moment(value: &Value) -> Option<Result<(), String>> {
    let text = value.as_str()?;
    let layout = "2006-01-02T15:04:05Z07:00";
    Some(match text.parse::<jiff::Timestamp>() {
        Ok(_) => Ok(()),
        Err(_) => Err(format!(
            "parsing time {text:?} as {layout:?}: cannot parse {text:?} as \"2006\""
        )),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::kinds::Registry;

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
        let read = |mut object: Value| decode(&pods, &mut object).map(|unknown| (unknown, object));
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
}
