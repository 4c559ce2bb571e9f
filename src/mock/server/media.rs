//! The media types of bodies.

/// Objects, as everybody writes them.
pub const JSON: &str = "application/json";
/// Objects in YAML.
pub const YAML: &str = "application/yaml";
/// Objects as components of Kubernetes send them to each other.
pub const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";
/// What whole objects are read and written in, in the order in which refusals name them.
pub const OBJECTS: [&str; 3] = [JSON, YAML, PROTOBUF];

/// What the events of a watch are told in besides.
pub const STREAMS: [&str; 2] = [
    "application/json;stream=watch",
    "application/vnd.kubernetes.protobuf;stream=watch",
];

/// RFC 6902.
pub const JSON_PATCH: &str = "application/json-patch+json";
/// RFC 7386.
pub const MERGE_PATCH: &str = "application/merge-patch+json";
/// A merge by the keys of lists that a kind declares.
pub const STRATEGIC_MERGE_PATCH: &str = "application/strategic-merge-patch+json";
/// Server-side apply.
pub const APPLY_PATCH: &str = "application/apply-patch+yaml";

/// What patches of a kind are taken in, in the order in which refusals name them: custom objects have no keys to merge by.
#[must_use]
pub fn patches(custom: bool) -> &'static [&'static str] {
    if custom {
        &[JSON_PATCH, MERGE_PATCH, APPLY_PATCH]
    } else {
        &[JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH, APPLY_PATCH]
    }
}

/// What whole objects of a kind are told in: components have no messages for custom ones.
#[must_use]
pub fn objects(custom: bool) -> &'static [&'static str] {
    if custom { &OBJECTS[..2] } else { &OBJECTS }
}
