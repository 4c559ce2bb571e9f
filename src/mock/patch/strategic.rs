//! Strategic merge patch: merge patch that knows which lists have keys, and takes directives.
//!
//! Rules as apimachinery's strategicpatch package: `$patch: delete|replace|merge`, `$deleteFromPrimitiveList/x`,
//! `$setElementOrder/x`, `$retainKeys`.

use serde_json::{Map, Value};

use super::keys::{Merge, merge_of};
use crate::mock::server::go::print::plain as plainly;

const PATCH: &str = "$patch";
const DELETE_FROM: &str = "$deleteFromPrimitiveList/";
const ORDER: &str = "$setElementOrder/";
const RETAIN: &str = "$retainKeys";

/// The object after the patch.
///
/// # Errors
/// A sentence for a directive that is not known or an element without its merge key.
pub fn apply(kind: &str, object: &Value, patch: &Value) -> Result<Value, String> {
    let Value::Object(changes) = patch else {
        return Err("the patch is not a JSON object".to_owned());
    };
    let empty = Map::new();
    Ok(Value::Object(merge_map(
        kind,
        "",
        object.as_object().unwrap_or(&empty),
        changes,
    )?))
}

fn merge_map(
    kind: &str,
    at: &str,
    old: &Map<String, Value>,
    changes: &Map<String, Value>,
) -> Result<Map<String, Value>, String> {
    match changes.get(PATCH).and_then(Value::as_str) {
        Some("replace") => return Ok(without_directives(changes)),
        Some("delete") => return Ok(Map::new()),
        Some("merge") | None => {}
        Some(other) => return Err(unknown_type(other, &Value::Object(changes.clone()))),
    }
    let mut merged = old.clone();
    retain(&mut merged, changes);
    for (key, change) in changes {
        if key == PATCH || key == RETAIN || key.starts_with(ORDER) {
            continue;
        }
        if let Some(list) = key.strip_prefix(DELETE_FROM) {
            delete_values(&mut merged, list, change);
            continue;
        }
        if change.is_null() {
            merged.shift_remove(key);
            continue;
        }
        let new = merge_value(kind, at, key, merged.get(key), change)?;
        merged.insert(key.clone(), new);
    }
    for (key, wanted) in changes {
        if let Some(list) = key.strip_prefix(ORDER) {
            check_order(merge_of(kind, at, list), changes.get(list), wanted)?;
            order(&mut merged, merge_of(kind, at, list), list, wanted);
        }
    }
    Ok(merged)
}

fn unknown_type(given: &str, change: &Value) -> String {
    format!("unknown patch type: {given} in map: {}", plainly(change))
}

fn merge_value(kind: &str, at: &str, key: &str, old: Option<&Value>, change: &Value) -> Result<Value, String> {
    let empty = Map::new();
    match change {
        Value::Object(changes) => {
            let old = old.and_then(Value::as_object).unwrap_or(&empty);
            Ok(Value::Object(merge_map(kind, key, old, changes)?))
        }
        Value::Array(changes) => {
            // Where there was no list, nothing is merged: the patch's own is taken.
            let Some(old) = old.and_then(Value::as_array).cloned() else {
                let kept = changes.iter().filter(|change| !change[PATCH].is_string());
                return Ok(Value::Array(kept.map(plain).collect()));
            };
            Ok(Value::Array(merge_list(
                kind,
                key,
                merge_of(kind, at, key),
                old,
                changes,
            )?))
        }
        plain => Ok(plain.clone()),
    }
}

fn merge_list(kind: &str, name: &str, how: Merge, old: Vec<Value>, changes: &[Value]) -> Result<Vec<Value>, String> {
    match how {
        Merge::Replace => Ok(changes
            .iter()
            .filter(|change| change.get(PATCH).is_none())
            .map(plain)
            .collect()),
        Merge::Union => {
            let mut united = old;
            for change in changes {
                if !united.contains(change) {
                    united.push(change.clone());
                }
            }
            Ok(united)
        }
        Merge::ByKey(key) => merge_by_key(kind, name, key, old, changes),
    }
}

fn merge_by_key(kind: &str, name: &str, key: &str, old: Vec<Value>, changes: &[Value]) -> Result<Vec<Value>, String> {
    let directive = |change: &Value| change[PATCH].as_str().map(str::to_owned);
    let replaces = changes
        .iter()
        .any(|change| directive(change).as_deref() == Some("replace"));
    let mut kept = if replaces { Vec::new() } else { old };
    let mut added = Vec::new();
    if !kept.is_empty() && changes.iter().chain(&kept).any(|element| !element.is_object()) {
        let (kept, changes) = (plainly(&kept.into()), plainly(&changes.into()));
        return Err(format!("list element types are not identical: [{kept} {changes}]"));
    }
    for change in changes {
        let Value::Object(fields) = change else { continue };
        if directive(change).as_deref() == Some("replace") && fields.len() == 1 {
            continue;
        }
        let Some(id) = fields.get(key) else {
            return Err(format!(
                "map: {} does not contain declared merge key: {key}",
                plainly(change)
            ));
        };
        let found = kept.iter().position(|element| element.get(key) == Some(id));
        match (directive(change).as_deref(), found) {
            (Some(given), _) if !matches!(given, "delete" | "replace" | "merge") => {
                return Err(unknown_type(given, change));
            }
            (Some("delete"), Some(index)) => {
                kept.remove(index);
            }
            (Some("delete"), None) => {}
            (_, Some(index)) => {
                let empty = Map::new();
                let element = kept[index].as_object().unwrap_or(&empty);
                kept[index] = Value::Object(merge_map(kind, name, element, fields)?);
            }
            (_, None) => added.push(Value::Object(merge_map(kind, name, &Map::new(), fields)?)),
        }
    }
    // Elements that are new stand before those that were there, as the server's own merge leaves them.
    Ok(added.into_iter().chain(kept).collect())
}

fn retain(merged: &mut Map<String, Value>, changes: &Map<String, Value>) {
    if let Some(keys) = changes.get(RETAIN).and_then(Value::as_array) {
        merged.retain(|key, _| keys.iter().any(|kept| kept == key));
    }
}

fn delete_values(merged: &mut Map<String, Value>, list: &str, values: &Value) {
    let gone = values.as_array().cloned().unwrap_or_default();
    if let Some(Value::Array(list)) = merged.get_mut(list) {
        list.retain(|value| !gone.contains(value));
    }
}

/// Every element of the patch's list stands in the order that the patch gives.
fn check_order(how: Merge, list: Option<&Value>, wanted: &Value) -> Result<(), String> {
    let Merge::ByKey(key) = how else { return Ok(()) };
    let id = |element: &Value| element.get(key).cloned().unwrap_or_default();
    let order: Vec<Value> = wanted.as_array().into_iter().flatten().map(id).collect();
    let list: Vec<&Value> = list.and_then(Value::as_array).into_iter().flatten().collect();
    let gone = |element: &&Value| element[PATCH].is_string();
    let places = list
        .iter()
        .filter(|element| !gone(element))
        .map(|element| order.iter().position(|id_| *id_ == id(element)));
    let places: Vec<Option<usize>> = places.collect();
    if places.iter().all(Option::is_some) && places.is_sorted() {
        return Ok(());
    }
    let list: Value = list.into_iter().cloned().collect();
    Err(format!(
        "The order in patch list:\n{}\n doesn't match $setElementOrder list:\n{}\n",
        plainly(&list),
        plainly(wanted)
    ))
}

/// Puts the elements that `$setElementOrder` names into its order; others keep their place behind.
fn order(merged: &mut Map<String, Value>, how: Merge, list: &str, wanted: &Value) {
    let wanted = wanted.as_array().cloned().unwrap_or_default();
    let rank = |element: &Value| {
        let same = |named: &Value| match how {
            Merge::ByKey(key) => named.get(key).is_some() && named.get(key) == element.get(key),
            _ => named == element,
        };
        wanted.iter().position(same).unwrap_or(usize::MAX)
    };
    if let Some(Value::Array(list)) = merged.get_mut(list) {
        list.sort_by_key(rank);
    }
}

fn without_directives(map: &Map<String, Value>) -> Map<String, Value> {
    let directive = |key: &str| key.starts_with('$') && (key == PATCH || key == RETAIN || key.contains('/'));
    map.iter()
        .filter(|(key, value)| !directive(key) && !value.is_null())
        .map(|(key, value)| (key.clone(), plain(value)))
        .collect()
}

/// A value of a patch as it stands in the object: without directives.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(without_directives(map)),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_merge_by_their_keys() {
        let pod = json!({"spec": {"containers": [{"name": "a", "image": "1", "env": [{"name": "X", "value": "1"}]}],
            "tolerations": [{"key": "k"}]}});
        for (patch, expected) in [
            (
                json!({"spec": {"containers": [{"name": "a", "image": "2"}]}}),
                json!([{"name": "a", "image": "2", "env": [{"name": "X", "value": "1"}]}]),
            ),
            (
                json!({"spec": {"containers": [{"name": "b", "image": "2"}]}}),
                json!([{"name": "b", "image": "2"}, {"name": "a", "image": "1", "env": [{"name": "X", "value": "1"}]}]),
            ),
            (
                json!({"spec": {"containers": [{"name": "a", "$patch": "delete"}]}}),
                json!([]),
            ),
            (
                json!({"spec": {"containers": [{"$patch": "replace"}, {"name": "z"}]}}),
                json!([{"name": "z"}]),
            ),
            (
                json!({"spec": {"$setElementOrder/containers": [{"name": "a"}, {"name": "b"}], "containers": [{"name": "b"}]}}),
                json!([{"name": "a", "image": "1", "env": [{"name": "X", "value": "1"}]}, {"name": "b"}]),
            ),
            (
                json!({"spec": {"containers": [{"name": "a", "$retainKeys": ["name"], "tty": true}]}}),
                json!([{"name": "a", "tty": true}]),
            ),
        ] {
            assert_eq!(
                apply("Pod", &pod, &patch).unwrap()["spec"]["containers"],
                expected,
                "{patch}"
            );
        }
        let replaced = apply("Pod", &pod, &json!({"spec": {"tolerations": [{"key": "z"}]}})).unwrap();
        assert_eq!(replaced["spec"]["tolerations"], json!([{"key": "z"}]));
    }

    #[test]
    fn plain_lists_unite_and_shrink() {
        let object = json!({"metadata": {"finalizers": ["a", "b"]}});
        let add = apply("Pod", &object, &json!({"metadata": {"finalizers": ["b", "c"]}})).unwrap();
        assert_eq!(add["metadata"]["finalizers"], json!(["a", "b", "c"]));
        let drop = apply(
            "Pod",
            &object,
            &json!({"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}}),
        )
        .unwrap();
        assert_eq!(drop["metadata"]["finalizers"], json!(["b"]));
    }

    #[test]
    fn unknown_directives_and_missing_keys_are_refused() {
        let pod = json!({"spec": {"containers": []}});
        assert!(apply("Pod", &pod, &json!({"spec": {"$patch": "x"}})).is_err());
        assert!(apply("Pod", &pod, &json!({"spec": {"containers": [{"image": "x"}]}})).is_err());
    }
}
