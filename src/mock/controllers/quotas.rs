//! Quotas: what of them is used.

use std::hash::{Hash, Hasher};

use serde_json::{Map, Value};

use super::context::Context;

const TABLE: &str = "resourcequotas";

/// One look at every quota: what the namespace really uses.
pub fn tick(context: &mut Context) {
    let quotas = context.list(TABLE);
    let newest = ["pods", "persistentvolumeclaims", "services", TABLE].map(|table| context.api.store.version_of(table));
    // Nothing that is counted by the sum has changed: the sums are what they were.
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
            (super::context::uid(service), service["spec"]["type"].as_str(), ports).hash(&mut hasher);
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
