//! The answers that are known to differ, and why. This list may only shrink.

const FOREIGN: &str = "its line numbers count a source that the recorded server adds to every token volume";
const TWICE: &str = "the recorded server counted one generation twice";

const KNOWN: &[(&str, &str)] = &[
    ("patch: change immutable pod field", FOREIGN),
    ("merge patch replaces lists", TWICE),
    ("delete: orphan", TWICE),
    (
        "openapi v3 index",
        "its hashes are of documents that the mock does not have",
    ),
];

/// Why an answer may differ.
pub fn reason(step: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(name, _)| *name == step).map(|(_, reason)| *reason)
}
