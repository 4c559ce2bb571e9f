//! Quotas: what of them is used.

use std::hash::{Hash, Hasher};

use serde_json::{Map, Value};

use super::context::Context;

const TABLE: &str = "resourcequotas";

/// One look at every quota: what the namespace really uses.
pub fn tick(context: &mut Context) {
    let quotas = context.list(TABLE);
    // Quotas count objects of any kind.
    let newest = context.api.store.version();
    if quotas.is_empty() || context.counted == newest {
        return;
    }
    context.counted = newest;
    for quota in quotas.iter() {
        // What pods tell of themselves changes no sum, only which there are and whether they have ended.
        let space = super::context::namespace(quota);
        let pods = context.list_in("pods", space);
        let claims = context.list_in("persistentvolumeclaims", space);
        let services = context.list_in("services", space);
        let mut hasher = std::collections::hash_map::DefaultHasher::new();
        for pod in &pods {
            (super::context::uid(pod), super::pods::finished(pod)).hash(&mut hasher);
            // A pod that was resized uses something else.
            pod["metadata"]["generation"].as_i64().hash(&mut hasher);
        }
        for claim in &claims {
            let asked = claim["spec"]["resources"]["requests"]["storage"].as_str();
            (super::context::uid(claim), asked).hash(&mut hasher);
        }
        for service in &services {
            let ports = service["spec"]["ports"].as_array().map_or(0, Vec::len);
            let given = service["spec"]["allocateLoadBalancerNodePorts"].as_bool();
            (
                super::context::uid(service),
                service["spec"]["type"].as_str(),
                ports,
                given,
            )
                .hash(&mut hasher);
        }
        for resource in quota["spec"]["hard"].as_object().into_iter().flat_map(Map::keys) {
            let table = resource.strip_prefix("count/").unwrap_or(resource);
            if context.api.kinds.of_table(table).is_some() {
                context
                    .api
                    .store
                    .list(table, Some(space))
                    .objects
                    .len()
                    .hash(&mut hasher);
            }
        }
        let mark = hasher.finish() ^ super::context::mark(quota, &[]);
        if context.rests("quotas", quota, mark) {
            continue;
        }
        context.rest("quotas", quota, mark, None);
        let api = context.api.clone();
        let used = crate::mock::admission::usage(&api, super::context::namespace(quota), &quota["spec"]);
        let mut status = Map::new();
        status.insert("hard".to_owned(), quota["spec"]["hard"].clone());
        status.insert("used".to_owned(), used);
        context.set_status(TABLE, quota, &Value::Object(status));
    }
}

/// A quantity as a number; 0 for what cannot be read.
#[must_use]
pub fn quantity(text: &str) -> f64 {
    crate::mock::admission::quantity::parse(text).unwrap_or_default()
}
