//! What a server shows of a change that it refuses: the lines of both values that differ, as `util/diff` of apimachinery.

use serde::Serialize as _;
use serde_json::Value;
use similar::TextDiff;

/// The unified difference of two values that are written with an indent of one blank.
#[must_use]
pub fn unified(old: &Value, new: &Value) -> String {
    let (old, new) = (pretty(old), pretty(new));
    TextDiff::from_lines(&old, &new)
        .unified_diff()
        .context_radius(3)
        .to_string()
}

fn pretty(value: &Value) -> String {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut writer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    // Writing a value to memory cannot fail.
    let _ = value.serialize(&mut writer);
    bytes.push(b'\n');
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_shown_with_three_lines_around() {
        let of = |mode: &str| json!({"AccessModes": [mode], "Selector": null, "Resources": {"Limits": null}});
        assert_eq!(
            unified(&of("ReadWriteOnce"), &of("ReadOnlyMany")),
            "@@ -1,6 +1,6 @@\n {\n  \"AccessModes\": [\n-  \"ReadWriteOnce\"\n+  \"ReadOnlyMany\"\n  ],\n  \"Selector\": null,\n  \"Resources\": {\n"
        );
    }
}
