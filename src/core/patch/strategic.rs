//! Strategic merge patches: lists are merged by the keys of their elements.
//!
//! Rules as `CreateTwoWayMergePatch` of apimachinery's strategicpatch package.

use serde_json::{Map, Value, json};

use super::keys::{List, list};
use super::merge;

/// The patch from one state of an object of a built-in kind to the other; nothing where they are the same. Where a
/// list's elements cannot be told apart by their key, the whole field that holds it is replaced.
pub fn strategic(kind: &str, before: &Value, after: &Value) -> Option<Value> {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return merge(before, after);
    };
    let patch = maps(kind, "", old, new);
    (!patch.is_empty()).then_some(Value::Object(patch))
}

type Fields = Map<String, Value>;

fn maps(kind: &str, at: &str, before: &Fields, after: &Fields) -> Fields {
    let mut patch = Fields::new();
    for key in before.keys().filter(|key| !after.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    for (key, new) in after {
        match (before.get(key), new) {
            (Some(old), new) if old == new => {}
            (Some(Value::Object(old)), Value::Object(new)) => {
                let inner = maps(kind, key, old, new);
                if !inner.is_empty() {
                    patch.insert(key.clone(), Value::Object(inner));
                }
            }
            (Some(Value::Array(old)), Value::Array(new)) => lists(kind, at, key, old, new, &mut patch),
            (_, new) => {
                patch.insert(key.clone(), new.clone());
            }
        }
    }
    patch
}

fn lists(kind: &str, at: &str, key: &str, before: &[Value], after: &[Value], patch: &mut Fields) {
    match list(kind, at, key) {
        List::ByKey(by) => match (keyed(by, before), keyed(by, after)) {
            (Some(old), Some(new)) => by_key(kind, key, by, (&old, &new), patch),
            // Elements without a key, or two of one key: only the whole list says what is meant.
            _ => {
                let mut whole = vec![json!({"$patch": "replace"})];
                whole.extend(after.iter().cloned());
                patch.insert(key.to_string(), Value::Array(whole));
            }
        },
        List::Union => {
            let lacks = |from: &[Value], of: &[Value]| -> Vec<Value> {
                let missing = of.iter().filter(|value| !from.contains(value));
                missing.cloned().collect()
            };
            let (added, gone) = (lacks(before, after), lacks(after, before));
            if !added.is_empty() {
                patch.insert(key.to_string(), Value::Array(added));
            }
            if !gone.is_empty() {
                patch.insert(format!("$deleteFromPrimitiveList/{key}"), Value::Array(gone));
            }
            patch.insert(format!("$setElementOrder/{key}"), Value::Array(after.to_vec()));
        }
        List::Whole => {
            patch.insert(key.to_string(), Value::Array(after.to_vec()));
        }
    }
}

type Elements<'a> = Vec<(&'a Value, &'a Fields)>;

/// The elements by their key; nothing where one has none, or two have the same.
fn keyed<'a>(by: &str, elements: &'a [Value]) -> Option<Elements<'a>> {
    let mut out: Elements = Vec::new();
    for element in elements {
        let fields = element.as_object()?;
        let key = fields.get(by).filter(|key| key.is_string() || key.is_number())?;
        if out.iter().any(|(known, _)| *known == key) {
            return None;
        }
        out.push((key, fields));
    }
    Some(out)
}

fn by_key(kind: &str, name: &str, by: &str, (before, after): (&Elements, &Elements), patch: &mut Fields) {
    let mut changes = Vec::new();
    for (key, new) in after {
        match before.iter().find(|(known, _)| known == key) {
            None => changes.push(Value::Object((*new).clone())),
            Some((_, old)) => {
                let mut inner = maps(kind, name, old, new);
                if !inner.is_empty() {
                    inner.insert(by.to_string(), (*key).clone());
                    changes.push(Value::Object(inner));
                }
            }
        }
    }
    for (key, _) in before
        .iter()
        .filter(|(key, _)| !after.iter().any(|(kept, _)| kept == key))
    {
        changes.push(json!({"$patch": "delete", by: key}));
    }
    if !changes.is_empty() {
        patch.insert(name.to_string(), Value::Array(changes));
    }
    let order = after.iter().map(|(key, _)| json!({by: key})).collect();
    patch.insert(format!("$setElementOrder/{name}"), Value::Array(order));
}
