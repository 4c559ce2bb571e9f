//! What the server warns of and takes all the same: the `WarningsOnCreate` and `WarningsOnUpdate` of Kubernetes' registries.

mod cluster;

use serde_json::Value;

use crate::mock::kinds::Kind;

/// What there is to be warned of in an object; `old` is what it replaces.
#[must_use]
pub fn of(kind: &Kind, old: Option<&Value>, object: &Value) -> Vec<String> {
    cluster::warnings(kind, object, old.is_some())
}
