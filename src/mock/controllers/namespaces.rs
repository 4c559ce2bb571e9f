//! Namespaces: an account and a certificate for a new one, and the emptying of one that is deleted.

use serde_json::{Value, json};

use super::context::{Context, dying, name};
use crate::mock::bootstrap::account;

/// One look at every namespace.
pub fn tick(context: &mut Context) {
    let spaces = context.list("namespaces");
    let furnished = !context.news("namespaces", &["namespaces", "serviceaccounts", "configmaps"]);
    for space in spaces.iter() {
        if dying(space) {
            empty(context, space);
        } else if !furnished {
            furnish(context, name(space));
        }
    }
}

fn furnish(context: &Context, space: &str) {
    let store = &context.api.store;
    if store.get("serviceaccounts", space, "default").is_none() {
        let _ = context.api.plant(account(space));
    }
    if store.get("configmaps", space, "kube-root-ca.crt").is_none() {
        let certificate = "-----BEGIN CERTIFICATE-----\nMIIDBTCCAe2gAwIBAgIIBU\n-----END CERTIFICATE-----\n";
        let map = json!({"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "kube-root-ca.crt", "namespace": space},
            "data": {"ca.crt": certificate}});
        let _ = context.api.plant(map);
    }
}

/// Deletes what is in the namespace; when nothing is left, the namespace goes.
fn empty(context: &mut Context, space: &Value) {
    let mut left = 0;
    let kinds = context.api.kinds.all();
    let mut tables: Vec<&str> = kinds
        .iter()
        .filter(|kind| kind.namespaced && kind.allows("delete"))
        .map(|kind| kind.table.as_str())
        .collect();
    tables.dedup();
    for table in tables {
        for object in context.list_in(table, name(space)).iter() {
            left += 1;
            if !dying(object) {
                context.delete(table, object);
            }
        }
    }
    if left > 0 {
        return;
    }
    let finalizers = space["metadata"]["finalizers"].as_array();
    if finalizers.is_none_or(Vec::is_empty) {
        return crate::mock::server::remove_at_once(&context.api, "namespaces", "", name(space));
    }
    // Who else holds it lets it go.
    context.touch("namespaces", space, |space| {
        if let Some(finalizers) = space["spec"]["finalizers"].as_array_mut() {
            finalizers.retain(|known| known != "kubernetes");
        }
    });
}
