//! Quotas: what of them is used.

use serde_json::{Map, Value};

use super::context::Context;

const TABLE: &str = "resourcequotas";

/// One look at every quota: what the namespace really uses.
pub fn tick(context: &mut Context) {
    let quotas = context.list(TABLE);
    let newest = ["pods", "persistentvolumeclaims", TABLE].map(|table| context.api.store.version_of(table));
    // Nothing that is counted by the sum has changed: the sums are what they were.
    if quotas.is_empty() || context.counted == newest {
        return;
    }
    context.counted = newest;
    for quota in quotas.iter() {
        let api = context.api.clone();
        let used = crate::mock::admission::usage(&api, super::context::namespace(quota), &quota["spec"]["hard"]);
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
