//! Objects that are none.

use super::*;

#[test]
fn nonsense_is_related_to_nothing_and_breaks_nothing() {
    let kinds: Vec<&Resource> = kinds::KINDS.to_vec();
    let nonsense = [
        json!(null),
        json!(7),
        json!([]),
        json!({"spec": [], "metadata": "x"}),
        json!({"metadata": {"name": 7}}),
    ];
    for relation in all() {
        for object in &nonsense {
            let server = Server(
                kinds
                    .iter()
                    .map(|kind| json!({"apiVersion": kind.api_version(), "kind": kind.kind, "spec": {"selector": 7, "rules": {}}}))
                    .collect(),
            );
            let _ = find(relation, object, &server);
        }
    }
}
