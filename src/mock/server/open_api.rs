//! The index of OpenAPI v3: which paths the server could describe.

use serde_json::{Map, Value, json};

use super::api::Api;

/// `/openapi/v3`: one path for each group and version.
#[must_use]
pub fn index(api: &Api) -> Value {
    let mut paths = Map::new();
    for kind in api.kinds.all() {
        let path = if kind.group.is_empty() {
            format!("api/{}", kind.version)
        } else {
            format!("apis/{}/{}", kind.group, kind.version)
        };
        paths.insert(
            path.clone(),
            json!({"serverRelativeURL": format!("/openapi/v3/{path}?hash={}", kind.storage_hash)}),
        );
    }
    json!({"paths": paths})
}
