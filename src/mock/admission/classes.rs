//! The class that an object gets which names none: the plugins DefaultIngressClass and DefaultStorageClass.

use serde_json::Value;

use super::Attempt;

/// The name of the default among the classes of a table: one that has an annotation of these with `true`, the newest if there
/// are many, and of those the first by name.
pub fn default_class(attempt: &Attempt<'_>, table: &str, marks: &[&str]) -> Option<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let classes = attempt.api.store.list(table, None).objects;
    let default = classes
        .iter()
        .map(|class| class.decode()["metadata"].take())
        .filter(|class| marks.iter().any(|mark| class["annotations"][*mark] == "true"))
        .map(|class| (text(&class["creationTimestamp"]), text(&class["name"])))
        .max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
    default.map(|(_, name)| name)
}
