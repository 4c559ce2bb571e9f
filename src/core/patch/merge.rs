//! Merge patches (RFC 7386).

use serde_json::{Map, Value};

/// The merge patch from one state to the other; nothing where they are the same. As `CreateMergePatch` of the library
/// that kubectl uses: lists are replaced whole, what is gone is null.
pub fn merge(before: &Value, after: &Value) -> Option<Value> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let mut patch = Map::new();
            for key in before.keys().filter(|key| !after.contains_key(*key)) {
                patch.insert(key.clone(), Value::Null);
            }
            for (key, value) in after {
                let change = match before.get(key) {
                    Some(old) => merge(old, value),
                    None => Some(value.clone()),
                };
                patch.extend(change.map(|change| (key.clone(), change)));
            }
            (!patch.is_empty()).then_some(Value::Object(patch))
        }
        (before, after) => (before != after).then(|| after.clone()),
    }
}
