//! Who owns what after a write that is no apply: every manager owns what it set.

use serde_json::Value;

use super::fields::{Fields, Step, leaves, shown, status_leaves};
use super::{Claim, Entry, entries, head, live, write};

/// Parts of objects that are always there in Go's types: nobody owns them besides what is inside them.
const STRUCTS: [&str; 8] = [
    "metadata",
    "spec",
    "status",
    "strategy",
    "updateStrategy",
    "template",
    "jobTemplate",
    "containers",
];
/// What the server itself fills in after a manager's write was noted: by kind, the beginnings of paths.
const SERVERS: [(&str, &[&str]); 6] = [
    ("Namespace", &[".spec.finalizers"]),
    (
        "Pod",
        &[
            ".spec.volumes",
            ".spec.serviceAccount",
            ".spec.tolerations",
            ".spec.priority",
            ".spec.preemptionPolicy",
        ],
    ),
    (
        "Service",
        &[".spec.clusterIP", ".spec.ipFamil", ".spec.healthCheckNodePort"],
    ),
    (
        "PersistentVolumeClaim",
        &[".metadata.finalizers", ".spec.storageClassName"],
    ),
    ("PersistentVolume", &[".metadata.finalizers"]),
    (
        "Job",
        &[".metadata.labels", ".spec.selector", ".spec.template.metadata.labels"],
    ),
];
/// The same within the elements of lists, for all kinds.
const WITHIN: [&str; 3] = ["].volumeMounts", "].nodePort", "].resources."];

/// Notes who created an object. `given` is what was asked for, `made` what is stored.
pub fn note_create(claim: Claim<'_>, given: &Value, made: &mut Value) {
    let asked = leaves(claim.typing(), given);
    let servers = SERVERS
        .iter()
        .find(|(kind, _)| *kind == claim.kind)
        .map_or(&[][..], |(_, paths)| *paths);
    let filled = |path: &Vec<Step>| {
        let shown = shown(path);
        servers.iter().any(|start| shown.starts_with(start)) || WITHIN.iter().any(|part| shown.contains(part))
    };
    let mut fields = leaves(claim.typing(), made);
    fields.retain(|path| asked.contains(path) || !filled(path));
    let fields = with_parents(fields, &Value::Null);
    let head = head(made, claim.manager, "Update", claim.now);
    write(made, vec![Entry { head, fields }]);
}

/// Notes that a plain write changed fields: its manager owns them from now on. `part` is the subresource that was written.
pub fn note_update(claim: Claim<'_>, old: &Value, new: &mut Value, part: Option<&str>) {
    let inside = |object: &Value| {
        let mut found = leaves(claim.typing(), object);
        if part == Some("status") {
            found.extend(status_leaves(claim.typing(), object));
        }
        found
    };
    let (before, after) = (inside(old), inside(new));
    let differs = |path: &&Vec<Step>| live::at(old, path) != live::at(new, path);
    let changed: Fields = after.union(&before).filter(differs).cloned().collect();
    if changed.is_empty() {
        return;
    }
    let mut entries = entries(new);
    for entry in &mut entries {
        entry.fields.retain(|path| !changed.contains(path));
    }
    let held = with_parents(changed.intersection(&after).cloned().collect(), old);
    let mut head = head(new, claim.manager, "Update", claim.now);
    if let Some(part) = part {
        head["subresource"] = part.into();
    }
    if let (Some("scale"), Some(head)) = (part, head.as_object_mut()) {
        // The entries of scales are made anew each time, without a time.
        head.shift_remove("time");
    }
    let same = |entry: &&mut Entry| {
        let alike = |field: &str| entry.head[field] == head[field];
        ["manager", "operation", "apiVersion", "subresource"]
            .into_iter()
            .all(alike)
    };
    match entries.iter_mut().find(same) {
        Some(entry) => {
            entry.fields.extend(held);
            entry.head = head;
        }
        None => entries.push(Entry { head, fields: held }),
    }
    write(new, entries);
}

/// Whose fields an object says are whose: what the writer says, if it says anything, else what was so before. A list of an
/// empty entry takes all ownership away.
#[must_use]
pub fn handed_on(old: &Value, new: &Value) -> Value {
    let given = &new["metadata"]["managedFields"];
    match given.as_array().map(Vec::as_slice) {
        None | Some([]) => old["metadata"]["managedFields"].clone(),
        Some([one]) if one.as_object().is_some_and(serde_json::Map::is_empty) => Value::Null,
        Some(_) => given.clone(),
    }
}

/// The paths with those of the maps around them that came with them.
fn with_parents(mut fields: Fields, old: &Value) -> Fields {
    let mut parents = Fields::new();
    for path in &fields {
        for length in 1..path.len() {
            let Some(parent) = path.get(..length) else { continue };
            let map = matches!(parent.last(), Some(Step::Field(name)) if !STRUCTS.contains(&name.as_str()));
            if map && live::at(old, parent).is_none() {
                parents.insert(parent.to_vec());
            }
        }
    }
    fields.extend(parents);
    fields
}

#[cfg(test)]
mod tests {
    use super::super::{apply, message};
    use serde_json::json;

    use super::*;

    fn claim(manager: &str) -> Claim<'_> {
        Claim {
            kind: "Deployment",
            schema: None,
            manager,
            force: false,
            now: "2026-01-01T00:00:00Z",
        }
    }

    fn config(replicas: i64) -> Value {
        json!({"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "x", "labels": {"a": "b"}},
            "spec": {"replicas": replicas, "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}},
                "template": {"spec": {"containers": [{"name": "c", "image": "i:1", "resources": {}}]}}}})
    }

    fn created() -> Value {
        let mut made = config(1);
        note_create(claim("kubectl-create"), &config(1), &mut made);
        made
    }

    #[test]
    fn whoever_creates_owns_what_it_set() {
        let entry = &created()["metadata"]["managedFields"][0];
        assert_eq!(
            (&entry["manager"], &entry["operation"]),
            (&json!("kubectl-create"), &json!("Update"))
        );
        let spec = json!({"f:replicas": {}, "f:strategy": {"f:rollingUpdate": {".": {}, "f:maxSurge": {}}, "f:type": {}},
            "f:template": {"f:spec": {"f:containers": {"k:{\"name\":\"c\"}": {".": {}, "f:image": {}, "f:name": {}, "f:resources": {}}}}}});
        let owned = json!({"f:metadata": {"f:labels": {".": {}, "f:a": {}}}, "f:spec": spec});
        assert_eq!(entry["fieldsV1"], owned);
    }

    #[test]
    fn what_the_server_fills_in_is_nobodys() {
        let given = json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "x"}, "spec": {"volumes": [{"name": "own", "emptyDir": {}}]}});
        let mut made = given.clone();
        made["spec"]["volumes"] =
            json!([{"name": "own", "emptyDir": {}}, {"name": "kube-api-access-x", "projected": {}}]);
        made["spec"]["priority"] = 0.into();
        made["spec"]["dnsPolicy"] = "ClusterFirst".into();
        note_create(
            Claim {
                kind: "Pod",
                ..claim("run")
            },
            &given,
            &mut made,
        );
        let owned = &made["metadata"]["managedFields"][0]["fieldsV1"]["f:spec"];
        let volume = json!({".": {}, "k:{\"name\":\"own\"}": {".": {}, "f:emptyDir": {}, "f:name": {}}});
        assert_eq!(*owned, json!({"f:dnsPolicy": {}, "f:volumes": volume}));
    }

    #[test]
    fn a_plain_write_takes_fields_over() {
        let one = created();
        let mut scaled = one.clone();
        scaled["spec"]["replicas"] = 5.into();
        scaled["metadata"]["annotations"] = json!({"n": "1"});
        note_update(claim("kubectl"), &one, &mut scaled, None);
        let entries = scaled["metadata"]["managedFields"].as_array().unwrap();
        assert!(
            entries[1]["fieldsV1"]["f:spec"]["f:replicas"].is_null()
                || entries[0]["fieldsV1"]["f:spec"]["f:replicas"].is_null()
        );
        let refused = apply(claim("one"), &scaled, &config(1)).err().unwrap();
        assert_eq!(
            message(&refused),
            "Apply failed with 1 conflict: conflict with \"kubectl\" using apps/v1: .spec.replicas"
        );
        // Nothing changed: nobody is noted.
        let mut same = scaled.clone();
        note_update(claim("other"), &scaled, &mut same, None);
        assert_eq!(same, scaled);
    }

    #[test]
    fn a_scale_is_told_with_its_subresource_and_without_a_time() {
        let one = created();
        let mut scaled = one.clone();
        scaled["spec"]["replicas"] = 5.into();
        note_update(claim("other"), &one, &mut scaled, Some("scale"));
        let entries = scaled["metadata"]["managedFields"].as_array().unwrap();
        let own = entries.iter().find(|entry| entry["manager"] == "other").unwrap();
        assert_eq!(
            own.to_string(),
            r#"{"manager":"other","operation":"Update","apiVersion":"apps/v1","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}},"subresource":"scale"}"#
        );
        let refused = apply(claim("ap"), &scaled, &config(9)).err().unwrap();
        assert_eq!(
            message(&refused),
            "Apply failed with 1 conflict: conflict with \"other\" with subresource \"scale\" using apps/v1: .spec.replicas"
        );
    }

    #[test]
    fn a_status_has_owners_of_its_own() {
        let one = created();
        let mut told = one.clone();
        told["status"] = json!({"replicas": 1});
        note_update(claim("controller"), &one, &mut told, Some("status"));
        let entries = told["metadata"]["managedFields"].as_array().unwrap();
        let own = entries.iter().find(|entry| entry["subresource"] == "status").unwrap();
        assert_eq!(own["fieldsV1"], json!({"f:status": {"f:replicas": {}}}));
    }
}
