//! Server-side apply: who owns which field, what conflicts, and the merge. Rules as structured-merge-diff.

mod fields;
mod last_applied;
mod live;
mod typing;
mod update;

use serde_json::{Value, json};

pub use fields::{Fields, Step, leaves, shown};
pub use last_applied::apply_over;
use typing::Typing;

use crate::mock::kinds::Kind;
pub use update::{handed_on, note_create, note_update};

/// A field of another manager that an apply would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The other manager, as messages name it.
    pub manager: String,
    /// The field's path.
    pub field: String,
}

/// One entry of `managedFields`.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    head: Value,
    fields: Fields,
}

impl Entry {
    fn is(&self, manager: &str, operation: &str) -> bool {
        self.head["manager"] == manager && self.head["operation"] == operation
    }

    /// The manager in messages: one that did not apply is named with the version that it used.
    fn spoken(&self) -> String {
        let manager = &self.head["manager"];
        if self.head["operation"] == "Apply" {
            return manager.to_string();
        }
        let below = match self.head["subresource"].as_str() {
            Some(below) if !below.is_empty() => format!(" with subresource {below:?}"),
            _ => String::new(),
        };
        let version = self.head["apiVersion"].as_str().unwrap_or_default();
        format!("{manager}{below} using {version}")
    }
}

fn entries(object: &Value) -> Vec<Entry> {
    let list = object["metadata"]["managedFields"].as_array().into_iter().flatten();
    list.map(|entry| Entry {
        fields: fields::read(&entry["fieldsV1"]),
        head: entry.clone(),
    })
    .collect()
}

fn write(object: &mut Value, entries: Vec<Entry>) {
    let mut kept: Vec<Entry> = entries.into_iter().filter(|entry| !entry.fields.is_empty()).collect();
    // Those who applied come first, then whoever wrote earlier.
    kept.sort_by_cached_key(|entry| {
        let text = |field: &str| entry.head[field].as_str().unwrap_or_default().to_owned();
        (
            text("operation"),
            text("time"),
            text("manager"),
            text("apiVersion"),
            text("subresource"),
        )
    });
    let list: Vec<Value> = kept
        .into_iter()
        .map(|entry| {
            let mut head = entry.head;
            let below = head.as_object_mut().and_then(|head| head.shift_remove("subresource"));
            head["fieldsV1"] = fields::write(&entry.fields);
            if let Some(below) = below {
                head["subresource"] = below;
            }
            head
        })
        .collect();
    object["metadata"]["managedFields"] = Value::Array(list);
}

fn head(object: &Value, manager: &str, operation: &str, now: &str) -> Value {
    json!({"manager": manager, "operation": operation, "apiVersion": object["apiVersion"], "time": now, "fieldsType": "FieldsV1"})
}

/// A manager's claim on an object.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The object's kind.
    pub kind: &'a str,
    /// The schema of a custom kind.
    pub schema: Option<&'a Value>,
    /// The field manager.
    pub manager: &'a str,
    /// Whether fields of others are taken over.
    pub force: bool,
    /// The present moment.
    pub now: &'a str,
}

impl<'a> Claim<'a> {
    /// What a manager claims of objects of a kind.
    #[must_use]
    pub fn of(kind: &'a Kind, manager: &'a str, now: &'a str) -> Self {
        Self {
            kind: &kind.kind,
            schema: kind.custom.as_ref().map(|custom| &custom.schema),
            manager,
            force: false,
            now,
        }
    }

    fn typing(self) -> Typing<'a> {
        Typing {
            kind: self.kind,
            schema: self.schema,
        }
    }
}

/// Applies a configuration to an object, or to nothing.
///
/// # Errors
/// The conflicts with other managers, unless the claim is forced.
pub fn apply(claim: Claim<'_>, object: &Value, config: &Value) -> Result<Value, Vec<Conflict>> {
    let wanted = leaves(claim.typing(), config);
    let mut entries = entries(object);
    let differs = |path: &Vec<Step>| live::at(object, path) != live::at(config, path);
    let changed: Fields = wanted.iter().filter(|path| differs(path)).cloned().collect();
    let mut conflicts = Vec::new();
    for entry in entries.iter_mut().filter(|entry| !entry.is(claim.manager, "Apply")) {
        let lost: Vec<_> = entry.fields.intersection(&changed).cloned().collect();
        for path in lost {
            conflicts.push(Conflict {
                manager: entry.spoken(),
                field: shown(&path),
            });
            entry.fields.remove(&path);
        }
    }
    if !conflicts.is_empty() && !claim.force {
        return Err(conflicts);
    }
    let mut merged = live::merge(claim.typing(), object, config);
    let own = entries.iter().position(|entry| entry.is(claim.manager, "Apply"));
    if let Some(index) = own {
        give_up(&mut merged, &entries, index, &wanted);
    }
    match own.and_then(|index| entries.get_mut(index)) {
        // What was claimed before is claimed still: the entry keeps its time.
        Some(entry) if entry.fields == wanted => {}
        Some(entry) => {
            *entry = Entry {
                head: head(config, claim.manager, "Apply", claim.now),
                fields: wanted,
            }
        }
        None => entries.push(Entry {
            head: head(config, claim.manager, "Apply", claim.now),
            fields: wanted,
        }),
    }
    write(&mut merged, entries);
    Ok(merged)
}

/// Removes what the manager owned alone and applies no more.
fn give_up(merged: &mut Value, entries: &[Entry], own: usize, wanted: &Fields) {
    let Some(mine) = entries.get(own) else { return };
    let others = |path: &Vec<Step>| {
        entries
            .iter()
            .enumerate()
            .any(|(index, entry)| index != own && entry.fields.contains(path))
    };
    let gone: Vec<_> = mine
        .fields
        .difference(wanted)
        .filter(|path| !others(path))
        .cloned()
        .collect();
    let field = |path: &&Vec<Step>| matches!(path.last(), Some(Step::Field(_)));
    // Elements go before what is inside them is looked for.
    let elements = gone.iter().filter(|path| !field(path));
    elements.for_each(|path| live::remove(merged, path));
    let around = |path: &Vec<Step>| {
        let mut own = mine.fields.iter();
        own.any(|other| other.len() > path.len() && other.starts_with(path))
    };
    // A map goes after what was in it, and only if nobody else put anything into it.
    for path in gone.iter().rev().filter(field) {
        let used = |value: Value| value.as_object().is_none_or(|map| !map.is_empty());
        if !(around(path) && live::at(merged, path).is_some_and(used)) {
            live::remove(merged, path);
        }
    }
}

/// The sentence of a refused apply.
#[must_use]
pub fn message(conflicts: &[Conflict]) -> String {
    if let [one] = conflicts {
        return format!(
            "Apply failed with 1 conflict: conflict with {}: {}",
            one.manager, one.field
        );
    }
    let mut managers: Vec<&str> = conflicts.iter().map(|conflict| conflict.manager.as_str()).collect();
    managers.sort_unstable();
    managers.dedup();
    let of = |manager: &&str| {
        let fields = conflicts.iter().filter(|conflict| conflict.manager == **manager);
        let fields: String = fields.map(|conflict| format!("\n- {}", conflict.field)).collect();
        format!("conflicts with {manager}:{fields}")
    };
    let told: Vec<String> = managers.iter().map(of).collect();
    format!("Apply failed with {} conflicts: {}", conflicts.len(), told.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim<'a>(manager: &'a str, force: bool) -> Claim<'a> {
        Claim {
            kind: "Deployment",
            schema: None,
            manager,
            force,
            now: "2026-01-01T00:00:00Z",
        }
    }

    fn config(replicas: i64, image: &str) -> Value {
        json!({"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "x", "labels": {"a": "b"}},
            "spec": {"replicas": replicas, "template": {"spec": {"containers": [{"name": "c", "image": image}]}}}})
    }

    #[test]
    fn managers_own_conflict_force_and_give_up() {
        let one = apply(claim("one", false), &json!({}), &config(1, "i:1")).unwrap();
        assert_eq!(apply(claim("one", false), &one, &config(1, "i:1")).unwrap(), one);
        let refused = apply(claim("two", false), &one, &config(2, "i:1")).err().unwrap();
        assert_eq!(
            message(&refused),
            "Apply failed with 1 conflict: conflict with \"one\": .spec.replicas"
        );
        let two = apply(claim("two", true), &one, &config(2, "i:1")).unwrap();
        assert_eq!(two["spec"]["replicas"], 2);
        let both = apply(claim("four", false), &two, &config(4, "i:2")).err().unwrap();
        assert_eq!(
            message(&both),
            "Apply failed with 3 conflicts: conflicts with \"one\":\n- .spec.template.spec.containers[name=\"c\"].image\n\
             conflicts with \"two\":\n- .spec.replicas\n- .spec.template.spec.containers[name=\"c\"].image"
        );
        let less =
            json!({"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "x"}, "spec": {"replicas": 1}});
        let given_up = apply(claim("one", false), &one, &less).unwrap();
        assert!(given_up["metadata"]["labels"].get("a").is_none());
        assert_eq!(given_up["spec"]["template"]["spec"]["containers"], json!([]));
    }

    #[test]
    fn a_map_that_others_use_stays() {
        // As kubectl hands its own writes on to its applies: the map besides what is in it.
        let owned = json!({"f:metadata": {"f:labels": {".": {}, "f:a": {}}}});
        let mut object = config(1, "i:1");
        object["metadata"]["labels"]["foreign"] = "x".into();
        object["metadata"]["managedFields"] =
            json!([{"manager": "one", "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": owned}]);
        let less = json!({"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "x"}});
        let left = apply(claim("one", false), &object, &less).unwrap();
        assert_eq!(left["metadata"]["labels"], json!({"foreign": "x"}));
        object["metadata"]["labels"] = json!({"a": "b"});
        let left = apply(claim("one", false), &object, &less).unwrap();
        assert!(left["metadata"]["labels"].is_null());
    }
}
