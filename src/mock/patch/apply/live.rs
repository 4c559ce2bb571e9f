//! The object under an apply: values at paths, the merge, and what is taken away.

use serde_json::{Map, Value};

use super::fields::{Step, element_key};
use super::typing::{List, Typing};

/// The element of a list that a key names.
fn position(list: &[Value], key: &str) -> Option<usize> {
    let wanted: Map<String, Value> = serde_json::from_str(key).ok()?;
    let keys: Vec<&str> = wanted.keys().map(String::as_str).collect();
    list.iter().position(|element| element_key(element, &keys) == key)
}

/// The value at a path. An element of a list is only told to be there, for its fields have paths of their own.
#[must_use]
pub fn at(object: &Value, path: &[Step]) -> Option<Value> {
    let mut here = object;
    for step in path {
        here = match step {
            Step::Field(name) => here.get(name)?,
            Step::Key(key) => here.get(position(here.as_array()?, key)?)?,
            Step::Value(value) => here.as_array()?.iter().find(|element| same(element, value))?,
        };
    }
    if matches!(path.last(), Some(Step::Key(_))) {
        Some(Value::Bool(true))
    } else {
        Some(here.clone())
    }
}

/// Takes away what stands at a path.
pub fn remove(object: &mut Value, path: &[Step]) {
    let Some((last, way)) = path.split_last() else { return };
    let mut here = object;
    for step in way {
        let next = match step {
            Step::Field(name) => here.get_mut(name),
            Step::Key(key) => {
                let index = here.as_array().and_then(|list| position(list, key));
                index.and_then(|index| here.get_mut(index))
            }
            Step::Value(_) => None,
        };
        match next {
            Some(next) => here = next,
            None => return,
        }
    }
    match (last, here) {
        (Step::Field(name), Value::Object(map)) => drop(map.shift_remove(name)),
        (Step::Key(key), Value::Array(list)) => {
            if let Some(index) = position(list, key) {
                list.remove(index);
            }
        }
        (Step::Value(value), Value::Array(list)) => list.retain(|element| !same(element, value)),
        _ => {}
    }
}

/// The object with the configuration put over it.
#[must_use]
pub fn merge(typing: Typing<'_>, object: &Value, config: &Value) -> Value {
    let Value::Object(changes) = config else {
        return object.clone();
    };
    let mut merged = object.as_object().cloned().unwrap_or_default();
    for (name, change) in changes {
        let old = merged.get(name).cloned().unwrap_or_default();
        merged.insert(name.clone(), value(typing.field(name), ("", name), old, change));
    }
    Value::Object(merged)
}

fn value(typing: Typing<'_>, (parent, name): (&str, &str), old: Value, change: &Value) -> Value {
    match (old, change) {
        (Value::Object(old), Value::Object(changes)) if !typing.is_atomic(name) => {
            let mut merged = old;
            for (field, change) in changes {
                let old = merged.get(field).cloned().unwrap_or_default();
                merged.insert(field.clone(), value(typing.field(field), (name, field), old, change));
            }
            Value::Object(merged)
        }
        (Value::Array(old), Value::Array(changes)) => Value::Array(list(typing, parent, name, old, changes)),
        (_, change) => change.clone(),
    }
}

fn list(typing: Typing<'_>, parent: &str, name: &str, old: Vec<Value>, changes: &[Value]) -> Vec<Value> {
    let keys = match typing.list(parent, name) {
        List::Whole => return changes.to_vec(),
        List::Set => {
            let new = changes
                .iter()
                .filter(|change| !old.contains(change))
                .cloned()
                .collect::<Vec<_>>();
            return old.into_iter().chain(new).collect();
        }
        List::Keyed(keys) => keys,
    };
    let mut merged = old;
    for change in changes {
        match position(&merged, &element_key(change, &keys)) {
            Some(index) => {
                let old = std::mem::take(&mut merged[index]);
                merged[index] = value(typing.element(), (name, ""), old, change);
            }
            None => merged.push(change.clone()),
        }
    }
    merged
}

/// Whether an element of a set is the one that a path names by its JSON.
fn same(element: &Value, json: &str) -> bool {
    serde_json::from_str::<Value>(json).is_ok_and(|named| named == *element)
}
