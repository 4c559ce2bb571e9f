//! Replica counts, and which ReplicaSet is a Deployment's present one.

use serde_json::Value;

use crate::core::reference::Reference;
use crate::relations::kinds::REPLICA_SET;

use super::meta;
use super::value::{Read, join};
use super::words::Words;

/// The label by which a Deployment tells its ReplicaSets apart; not part of the template that they are compared by.
const HASH: &str = "pod-template-hash";

/// How many replicas are wanted: the API's default is 1.
pub fn desired(workload: &Value) -> i64 {
    match workload.at("spec.replicas") {
        Value::Null => 1,
        replicas => replicas.int(),
    }
}

/// A number or a percentage, `<nil>` where it is missing, as `IntOrString.String()`.
pub fn int_or_text(value: &Value) -> String {
    value.go()
}

/// The ReplicaSets that the Deployment controls, the oldest first, those of one second by name.
pub fn controlled<'a>(sets: &'a [Value], deployment: &Value) -> Vec<&'a Value> {
    let uid = deployment.at("metadata.uid").text();
    let mut owned: Vec<_> = sets
        .iter()
        .filter(|set| !uid.is_empty() && meta::controller_uid(set) == uid)
        .collect();
    owned.sort_by_key(|set| {
        (
            set.at("metadata.creationTimestamp").text(),
            set.at("metadata.name").text(),
        )
    });
    owned
}

/// The oldest of these ReplicaSets that has the Deployment's template, as `findNewReplicaSet` in kubectl.
pub fn newest<'a>(owned: &[&'a Value], template: &Value) -> Option<&'a Value> {
    let wanted = without_hash(template);
    owned
        .iter()
        .copied()
        .find(|set| without_hash(set.at("spec.template")) == wanted)
}

/// The template as it is compared: without the hash, and without what is as good as missing.
fn without_hash(template: &Value) -> Value {
    let mut template = template.clone();
    if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove(HASH);
    }
    pruned(&template)
}

/// Without nulls and empty lists and maps, which Kubernetes' `Semantic.DeepEqual` takes for missing ones.
fn pruned(value: &Value) -> Value {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(map) => {
            let members = map
                .iter()
                .map(|(key, value)| (key.clone(), pruned(value)))
                .filter(|(_, value)| !empty(value));
            Value::Object(members.collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(pruned).collect()),
        other => other.clone(),
    }
}

/// `web-6b69486c79 (3/3 replicas created)`, with commas; `<none>` for none.
pub fn created<'a>(sets: impl IntoIterator<Item = &'a Value>) -> Words {
    let text = |set: &Value| {
        let (name, created) = (set.at("metadata.name").show(), set.at("status.replicas").int());
        format!("{name} ({created}/{} replicas created)", desired(set))
    };
    let sets: Vec<&Value> = sets.into_iter().collect();
    let words = Words::or_none(join(sets.iter().map(|set| text(set)), ", "));
    let link = |words: Words, set: &&Value| {
        let [namespace, name] = ["namespace", "name"].map(|field| set.at("metadata").key(field).text());
        words.naming(&Reference::to(&REPLICA_SET, namespace, name))
    };
    sets.iter().fold(words, link)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(name: &str, created: &str, image: &str, owner: &str) -> Value {
        json!({
            "metadata": {"name": name, "creationTimestamp": created, "ownerReferences": [{"uid": owner, "controller": true}]},
            "spec": {"replicas": 3, "template": {"metadata": {"creationTimestamp": null, "labels": {"app": "web", HASH: name}}, "spec": {"containers": [{"image": image}]}}},
            "status": {"replicas": 2},
        })
    }

    #[test]
    fn the_present_replica_set_has_the_template() {
        let sets = [
            set("c", "2026-11-20T22:45:00Z", "a:2", "u"),
            set("b", "2026-11-20T22:40:00Z", "a:1", "u"),
            set("a", "2026-11-20T22:50:00Z", "a:2", "u"),
            set("other", "2026-11-20T22:00:00Z", "a:2", "x"),
        ];
        let template =
            json!({"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"image": "a:2"}], "volumes": []}});
        let owned = controlled(&sets, &json!({"metadata": {"uid": "u"}}));
        let names: Vec<_> = owned.iter().map(|set| set.at("metadata.name").text()).collect();
        assert_eq!(names, ["b", "c", "a"]);
        assert_eq!(newest(&owned, &template).unwrap().at("metadata.name").text(), "c");
        assert_eq!(newest(&owned, &json!({})), None);
        let created_text: String = created(owned).flat().iter().map(|span| span.text.as_ref()).collect();
        assert_eq!(
            created_text,
            "b (2/3 replicas created), c (2/3 replicas created), a (2/3 replicas created)"
        );
        assert_eq!(created([]), Words::none());
    }
}
