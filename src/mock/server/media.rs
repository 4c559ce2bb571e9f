//! The media types of bodies.

/// Objects, as everybody writes them.
pub const JSON: &str = "application/json";
/// Objects in YAML.
pub const YAML: &str = "application/yaml";
/// Objects as components of Kubernetes send them to each other.
pub const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";
/// What whole objects are read and written in, in the order in which refusals name them.
pub const OBJECTS: [&str; 3] = [JSON, YAML, PROTOBUF];

/// RFC 6902.
pub const JSON_PATCH: &str = "application/json-patch+json";
/// RFC 7386.
pub const MERGE_PATCH: &str = "application/merge-patch+json";
/// A merge by the keys of lists that a kind declares.
pub const STRATEGIC_MERGE_PATCH: &str = "application/strategic-merge-patch+json";
/// Server-side apply.
pub const APPLY_PATCH: &str = "application/apply-patch+yaml";
