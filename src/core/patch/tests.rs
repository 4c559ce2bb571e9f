use serde_json::{Value, json};

use super::{merge, strategic};

fn pod(containers: Value) -> Value {
    json!({"metadata": {"name": "web", "finalizers": ["a", "b"]}, "spec": {"containers": containers}})
}

#[test]
fn a_merge_patch_says_what_is_gone_by_null() {
    for (before, after, patch) in [
        (json!({"a": 1}), json!({"a": 1}), None),
        (json!({"a": 1, "b": 2}), json!({"a": 1}), Some(json!({"b": null}))),
        (
            json!({"m": {"x": 1, "y": 2}, "l": [1, 2]}),
            json!({"m": {"x": 1, "y": 3}, "l": [2]}),
            Some(json!({"m": {"y": 3}, "l": [2]})),
        ),
        (json!({"a": [1]}), json!({"a": {"b": 1}}), Some(json!({"a": {"b": 1}}))),
    ] {
        assert_eq!(merge(&before, &after), patch, "{before} {after}");
    }
}

#[test]
fn a_strategic_patch_names_the_elements_that_differ() {
    let before =
        pod(json!([{"name": "a", "image": "x:1", "ports": [{"containerPort": 80}]}, {"name": "b", "image": "y:1"}]));
    let after =
        pod(json!([{"name": "a", "image": "x:2", "ports": [{"containerPort": 80}]}, {"name": "c", "image": "z:1"}]));
    assert_eq!(
        strategic("Pod", &before, &after),
        Some(json!({"spec": {
            "containers": [{"image": "x:2", "name": "a"}, {"name": "c", "image": "z:1"}, {"$patch": "delete", "name": "b"}],
            "$setElementOrder/containers": [{"name": "a"}, {"name": "c"}]}}))
    );
    assert_eq!(strategic("Pod", &before, &before), None);
}

#[test]
fn elements_that_cannot_be_told_apart_are_replaced_together() {
    let ports =
        |second: &str| json!([{"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53, "protocol": second}]);
    let before = pod(json!([{"name": "dns", "ports": ports("TCP")}]));
    let after = pod(json!([{"name": "dns", "ports": ports("SCTP")}]));
    let patch = strategic("Pod", &before, &after).unwrap_or_default();
    assert_eq!(
        patch["spec"]["containers"][0]["ports"],
        json!([{"$patch": "replace"}, {"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53, "protocol": "SCTP"}])
    );
}

#[test]
fn what_is_taken_from_a_list_of_words_is_named() {
    let before = pod(json!([]));
    let mut after = before.clone();
    after["metadata"]["finalizers"] = json!(["b", "c"]);
    assert_eq!(
        strategic("Pod", &before, &after),
        Some(
            json!({"metadata": {"finalizers": ["c"], "$deleteFromPrimitiveList/finalizers": ["a"],
            "$setElementOrder/finalizers": ["b", "c"]}})
        )
    );
}
