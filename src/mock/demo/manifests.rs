//! The demo's manifests, read from the files that are compiled in.

use serde_json::Value;

/// When a file's objects were applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Days ago: the cluster itself and what runs well.
    Old,
    /// Yesterday: a new version of something.
    Yesterday,
    /// Lately: what is broken or still on its way.
    Lately,
}

const FILES: [(Stage, &str); 7] = [
    (Stage::Old, include_str!("nodes.yaml")),
    (Stage::Old, include_str!("system.yaml")),
    (Stage::Old, include_str!("shop.yaml")),
    (Stage::Old, include_str!("blog.yaml")),
    (Stage::Old, include_str!("batch.yaml")),
    (Stage::Yesterday, include_str!("yesterday.yaml")),
    (Stage::Lately, include_str!("broken.yaml")),
];

/// The objects of a stage, in the order of the files. A document that does not parse is left out, which the tests forbid.
#[must_use]
pub fn objects(stage: Stage) -> Vec<Value> {
    let files = FILES.iter().filter(|(known, _)| *known == stage);
    files
        .flat_map(|(_, text)| documents(text))
        .filter_map(|document| serde_yaml::from_str(document).ok())
        .collect()
}

fn documents(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n---\n").map(str::trim).filter(|document| {
        document
            .lines()
            .any(|line| !line.starts_with('#') && !line.trim().is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_is_an_object() {
        for (_, text) in FILES {
            for document in documents(text) {
                let object: Value =
                    serde_yaml::from_str(document).unwrap_or_else(|error| panic!("{error}\n{document}"));
                assert!(
                    object["kind"].is_string() && object["metadata"]["name"].is_string(),
                    "{document}"
                );
            }
        }
    }
}
