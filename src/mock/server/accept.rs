//! In which form the client wants the answer: its `Accept` header against what the server can write.

use super::error::ApiError;
use super::media::{JSON, OBJECTS, STREAMS, YAML};

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
    /// Whether tables and metadata are those of `meta.k8s.io/v1beta1`.
    pub beta: bool,
}

impl Accept {
    /// The version of tables and of metadata alone.
    #[must_use]
    pub fn meta_version(self) -> &'static str {
        if self.beta {
            "meta.k8s.io/v1beta1"
        } else {
            "meta.k8s.io/v1"
        }
    }
}

/// For what the answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// A list, of this Go type: `*core.PodList`.
    List(&'a str),
    /// A stream of changes.
    Watch,
    /// One object, of this Go type.
    One(&'a str),
    /// Whatever comes of a write.
    Other,
}

/// Picks the first clause that can be served; none or `*/*` is plain JSON.
///
/// # Errors
/// 406 when no clause can be served: in the words of go-restful if no media type fits, else in the server's own.
pub fn negotiate(header: &str, answer: Answer<'_>) -> Result<Accept, ApiError> {
    if header.trim().is_empty() {
        return Ok(Accept {
            shape: Shape::Object,
            encoding: Encoding::Json,
            beta: false,
        });
    }
    let fits = |clause: &str| {
        let media = clause.split(';').next().unwrap_or_default().trim();
        media == "*/*" || OBJECTS.contains(&media)
    };
    if !header.split(',').any(fits) {
        let streams = match answer {
            Answer::List(_) | Answer::Watch => &STREAMS[..],
            _ => &[],
        };
        let written = [&OBJECTS, streams].concat().join(", ");
        let message = format!("406: Not Acceptable\n\nAvailable representations: {written}");
        let mut error = ApiError::new(406, "NotAcceptable", message);
        error.details = Some(Box::new(serde_json::json!({})));
        return Err(error);
    }
    let chosen = header.split(',').find_map(clause).ok_or_else(|| {
        let written = OBJECTS.join(", ");
        not_acceptable(format!("only the following media types are accepted: {written}"))
    })?;
    match (chosen.1, answer) {
        (Some("PartialObjectMetadata"), Answer::List(list)) => Err(not_acceptable(format!(
            "you requested PartialObjectMetadata, but the requested object is a list ({list})"
        ))),
        (Some("PartialObjectMetadataList"), Answer::One(one)) => Err(not_acceptable(format!(
            "you requested PartialObjectMetadataList, but the requested object is not a list ({one})"
        ))),
        _ => Ok(chosen.0),
    }
}

fn not_acceptable(message: String) -> ApiError {
    ApiError::new(406, "NotAcceptable", message)
}

/// What a clause asks for, with the kind that it wants objects as; none if it cannot be served.
fn clause(clause: &str) -> Option<(Accept, Option<&str>)> {
    let mut parts = clause.split(';').map(str::trim);
    let encoding = match parts.next()? {
        "*/*" | "application/*" | JSON => Encoding::Json,
        YAML => Encoding::Yaml,
        _ => return None,
    };
    let parameters: Vec<(&str, &str)> = parts.filter_map(|part| part.split_once('=')).collect();
    let parameter = |name: &str| parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
    let (kind, group, version) = (parameter("as"), parameter("g"), parameter("v"));
    let meta = group == Some("meta.k8s.io") && matches!(version, Some("v1" | "v1beta1"));
    let shape = match kind {
        None if group.is_none() && version.is_none() => Shape::Object,
        Some("Table") if meta => Shape::Table,
        Some("PartialObjectMetadata" | "PartialObjectMetadataList") if meta => Shape::Metadata,
        _ => return None,
    };
    let accept = Accept {
        shape,
        encoding,
        beta: version == Some("v1beta1"),
    };
    Some((accept, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: Answer<'_> = Answer::List("*core.PodList");

    #[test]
    fn the_first_clause_that_can_be_served_wins() {
        let table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
        for (header, shape) in [
            ("", Shape::Object),
            ("*/*", Shape::Object),
            (table, Shape::Table),
            ("application/vnd.kubernetes.protobuf, application/json", Shape::Object),
            ("text/html, */*;q=0.1", Shape::Object),
            (
                "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
                Shape::Metadata,
            ),
            (
                "application/json;as=Nope;v=v1;g=meta.k8s.io,application/json",
                Shape::Object,
            ),
        ] {
            assert_eq!(negotiate(header, LIST).unwrap().shape, shape, "{header}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_refused() {
        let accepted = "only the following media types are accepted: application/json, application/yaml, \
            application/vnd.kubernetes.protobuf";
        for (header, answer, said) in [
            ("application/json;as=Table", LIST, accepted),
            ("application/json;g=meta.k8s.io", LIST, accepted),
            (
                "application/*",
                Answer::One("*core.Pod"),
                "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, \
                application/vnd.kubernetes.protobuf",
            ),
            (
                "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
                LIST,
                "you requested PartialObjectMetadata, but the requested object is a list (*core.PodList)",
            ),
            (
                "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
                Answer::One("*core.Pod"),
                "you requested PartialObjectMetadataList, but the requested object is not a list (*core.Pod)",
            ),
        ] {
            let error = negotiate(header, answer).unwrap_err();
            assert_eq!((error.code, error.message.as_str()), (406, said), "{header}");
        }
    }
}
