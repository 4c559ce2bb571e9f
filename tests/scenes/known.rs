//! What is known to differ, and why. This list may only shrink.

const KNOWN: &[(&str, &str, &str)] = &[];

/// Why something may differ.
pub fn reason(scene: &str, what: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, entry, _)| *known == scene && *entry == what).map(|(_, _, reason)| *reason)
}

/// What is listed for a scene.
pub fn listed(scene: &str) -> impl Iterator<Item = &'static str> {
    KNOWN.iter().filter(move |(known, ..)| *known == scene).map(|(_, what, _)| *what)
}
