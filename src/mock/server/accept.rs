//! In which form the client wants the answer: its `Accept` header against what the server can write.

use super::error::ApiError;

/// The shape of an answer with objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The objects themselves.
    Object,
    /// `as=Table`: columns and cells.
    Table,
    /// `as=PartialObjectMetadata` or `...List`: metadata only.
    Metadata,
}

/// The encoding of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `application/json`.
    Json,
    /// `application/yaml`.
    Yaml,
}

/// What was negotiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accept {
    /// The shape.
    pub shape: Shape,
    /// The encoding.
    pub encoding: Encoding,
}

const AVAILABLE: &str = "application/json, application/yaml, application/vnd.kubernetes.protobuf, \
    application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

/// Picks the first clause that can be served; none or `*/*` is plain JSON.
///
/// # Errors
/// 406 when no clause can be served.
pub fn negotiate(header: &str) -> Result<Accept, ApiError> {
    let plain = Accept {
        shape: Shape::Object,
        encoding: Encoding::Json,
    };
    if header.trim().is_empty() {
        return Ok(plain);
    }
    header.split(',').find_map(clause).ok_or_else(|| {
        let message = format!("406: Not Acceptable\n\nAvailable representations: {AVAILABLE}");
        let mut error = ApiError::new(406, "NotAcceptable", message);
        error.details = Some(serde_json::json!({}));
        error
    })
}

fn clause(clause: &str) -> Option<Accept> {
    let mut parts = clause.split(';').map(str::trim);
    let encoding = match parts.next()? {
        "*/*" | "application/*" | "application/json" => Encoding::Json,
        "application/yaml" => Encoding::Yaml,
        _ => return None,
    };
    let parameters: Vec<(&str, &str)> = parts.filter_map(|part| part.split_once('=')).collect();
    let parameter = |name: &str| parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
    let meta = parameter("g") == Some("meta.k8s.io") && matches!(parameter("v"), Some("v1" | "v1beta1"));
    let shape = match parameter("as") {
        None => Shape::Object,
        Some("Table") if meta => Shape::Table,
        Some("PartialObjectMetadata" | "PartialObjectMetadataList") if meta => Shape::Metadata,
        Some(_) => return None,
    };
    Some(Accept { shape, encoding })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_clause_that_can_be_served_wins() {
        let table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
        for (header, shape) in [
            ("", Shape::Object),
            ("*/*", Shape::Object),
            (table, Shape::Table),
            ("application/vnd.kubernetes.protobuf, application/json", Shape::Object),
            (
                "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
                Shape::Metadata,
            ),
            (
                "application/json;as=Nope;v=v1;g=meta.k8s.io,application/json",
                Shape::Object,
            ),
        ] {
            assert_eq!(negotiate(header).unwrap().shape, shape, "{header}");
        }
        assert_eq!(negotiate("text/html").err().map(|error| error.code), Some(406));
    }
}
