//! Server-side apply: who owns which field, what conflicts, and the merge. Rules as structured-merge-diff.

mod fields;
mod live;

use serde_json::{Value, json};

pub use fields::{Fields, Step, leaves, shown};

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
        format!(
            "{manager} using {}",
            self.head["apiVersion"].as_str().unwrap_or_default()
        )
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
    let kept = entries.into_iter().filter(|entry| !entry.fields.is_empty());
    let list: Vec<Value> = kept
        .map(|entry| {
            let mut head = entry.head;
            head["fieldsV1"] = fields::write(&entry.fields);
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
    /// The field manager.
    pub manager: &'a str,
    /// Whether fields of others are taken over.
    pub force: bool,
    /// The present moment.
    pub now: &'a str,
}

/// Applies a configuration to an object, or to nothing.
///
/// # Errors
/// The conflicts with other managers, unless the claim is forced.
pub fn apply(claim: Claim<'_>, object: &Value, config: &Value) -> Result<Value, Vec<Conflict>> {
    let wanted = leaves(claim.kind, config);
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
    let mut merged = live::merge(claim.kind, object, config);
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
    // Elements go before what is inside them is looked for.
    gone.iter().for_each(|path| live::remove(merged, path));
}

/// Notes that a plain write changed fields: its manager owns them from now on. Objects that nobody applied keep no record.
pub fn note_update(claim: Claim<'_>, old: &Value, new: &mut Value) {
    if old["metadata"]["managedFields"].as_array().is_none_or(Vec::is_empty) {
        return;
    }
    let mut entries = entries(old);
    let (before, after) = (leaves(claim.kind, old), leaves(claim.kind, new));
    let differs = |path: &&Vec<Step>| live::at(old, path) != live::at(new, path);
    let changed: Fields = after.union(&before).filter(differs).cloned().collect();
    if !changed.is_empty() {
        for entry in &mut entries {
            entry.fields.retain(|path| !changed.contains(path));
        }
        let held: Fields = changed.intersection(&after).cloned().collect();
        match entries.iter_mut().find(|entry| entry.is(claim.manager, "Update")) {
            Some(entry) => entry.fields.extend(held),
            None => entries.push(Entry {
                head: head(new, claim.manager, "Update", claim.now),
                fields: held,
            }),
        }
    }
    write(new, entries);
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
    fn a_plain_write_takes_fields_over() {
        let one = apply(claim("one", false), &json!({}), &config(1, "i:1")).unwrap();
        let mut scaled = one.clone();
        scaled["spec"]["replicas"] = 5.into();
        note_update(claim("kubectl", false), &one, &mut scaled);
        let refused = apply(claim("one", false), &scaled, &config(1, "i:1")).err().unwrap();
        assert_eq!(refused[0].manager, "\"kubectl\" using apps/v1");
    }
}
