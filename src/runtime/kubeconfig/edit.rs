//! The changes themselves, on a kubeconfig that was read.

use serde_json::{Map, Value};

use crate::core::kubeconfig::KubeconfigEdit;

fn name(entry: &Value) -> Option<&str> {
    entry.get("name").and_then(Value::as_str)
}

/// Whether there is a context of this name.
pub fn has_context(config: &Value, wanted: &str) -> bool {
    let contexts = config.get("contexts").and_then(Value::as_array);
    contexts.into_iter().flatten().any(|entry| name(entry) == Some(wanted))
}

/// The context that is used where none is chosen; an empty one is none.
pub fn current(config: &Value) -> Option<&str> {
    let current = config.get("current-context").and_then(Value::as_str);
    current.filter(|name| !name.is_empty())
}

/// Sets the context that is used where none is chosen.
pub fn set_current(config: &mut Value, to: &str) {
    if let Some(root) = config.as_object_mut() {
        root.insert("current-context".to_string(), to.into());
    }
}

/// Changes a context.
pub fn context(config: &mut Value, change: &KubeconfigEdit) {
    let Some(contexts) = config.get_mut("contexts").and_then(Value::as_array_mut) else {
        return;
    };
    let wanted = change.context();
    match change {
        KubeconfigEdit::Delete { .. } => contexts.retain(|entry| name(entry) != Some(wanted)),
        KubeconfigEdit::Rename { to, .. } => {
            for entry in contexts.iter_mut().filter(|entry| name(entry) == Some(wanted)) {
                if let Some(entry) = entry.as_object_mut() {
                    entry.insert("name".to_string(), to.as_str().into());
                }
            }
        }
        KubeconfigEdit::Namespace { namespace, .. } => {
            for entry in contexts.iter_mut().filter(|entry| name(entry) == Some(wanted)) {
                set_namespace(entry, namespace);
            }
        }
    }
}

fn set_namespace(entry: &mut Value, namespace: &str) {
    let Some(entry) = entry.as_object_mut() else { return };
    let context = entry.entry("context").or_insert(Value::Null);
    if !context.is_object() {
        *context = Value::Object(Map::new());
    }
    if let Some(context) = context.as_object_mut() {
        context.insert("namespace".to_string(), namespace.into());
    }
}
