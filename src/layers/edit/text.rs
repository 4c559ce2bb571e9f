//! The text that is edited: the object as YAML below a header, and what is read back from it. As `kubectl edit`
//! (`editoptions.go`).

use serde_json::Value;

use crate::core::text::clean;
use crate::layers::yaml_text;

/// The object as it is edited: without managed fields.
pub fn write(object: &Value) -> Result<String, String> {
    let mut object = object.clone();
    if let Some(meta) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        meta.remove("managedFields");
    }
    yaml_text::write(&object)
}

/// A text below its header; lines of the header begin with `#`. `why` says what was wrong with the last one.
pub fn with_header(header: &str, why: &[String], body: &str) -> String {
    let mut out = String::new();
    let words = header.lines().chain((!why.is_empty()).then_some(""));
    for line in words.chain(why.iter().flat_map(|why| why.lines())) {
        let line = format!("# {}", clean(line));
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.push_str("#\n");
    out.push_str(body);
    out
}

/// A text without the comments at its top, so that they do not pile up.
pub fn body(text: &str) -> &str {
    let mut rest = text.trim_start_matches('\u{feff}');
    while rest.trim_start().starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest
}

/// Whether nothing but comments and empty lines is left.
pub fn is_empty(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line.starts_with('#') || line == "---")
}

/// Whether two texts mean the same: the same object, or the same lines where they are no YAML.
pub fn same(one: &str, other: &str) -> bool {
    let lines = |text: &str| -> Vec<String> {
        let kept = text.lines().map(str::trim_end);
        kept.filter(|line| !line.trim_start().starts_with('#'))
            .map(str::to_string)
            .collect()
    };
    lines(one) == lines(other) || matches!((read(one), read(other)), (Ok(one), Ok(other)) if one == other)
}

/// The object of a text. Fails with what is wrong and where.
pub fn read(text: &str) -> Result<Value, String> {
    let value: Value = serde_yaml::from_str(text).map_err(|error| error.without_snippet().to_string())?;
    if value.is_object() {
        Ok(value)
    } else {
        Err("it is not an object".to_string())
    }
}

/// Whether the object is another now: what makes it this one may not be edited.
pub fn is_other(before: &Value, after: &Value) -> bool {
    [
        "/apiVersion",
        "/kind",
        "/metadata/name",
        "/metadata/namespace",
        "/metadata/uid",
    ]
    .iter()
    .any(|pointer| before.pointer(pointer) != after.pointer(pointer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_header_comes_and_goes() {
        let text = with_header(
            "Edit it.\nAn empty file aborts.",
            &["was not valid:\n* a\u{1b}[2J".into()],
            "a: 1\n# mine\n",
        );
        assert_eq!(
            text,
            "# Edit it.\n# An empty file aborts.\n#\n# was not valid:\n# * a[2J\n#\na: 1\n# mine\n"
        );
        assert_eq!(body(&text), "a: 1\n# mine\n");
        assert_eq!(body("# only"), "");
    }

    #[test]
    fn what_means_the_same_is_the_same() {
        for (one, other, equal) in [
            ("a: 1\n", "# x\na: 1", true),
            ("a: 1\nb: 2\n", "b: 2\na: 1\n", true),
            ("a: 1\n", "a: 2\n", false),
            ("a: [\n", "a: [\n", true),
            ("a: [\n", "a: {\n", false),
        ] {
            assert_eq!(same(one, other), equal, "{one} {other}");
        }
        assert!(is_empty("\n# x\n---\n") && !is_empty("a"));
    }

    #[test]
    fn an_object_cannot_become_another() {
        let pod = json!({"kind": "Pod", "metadata": {"name": "a"}});
        let mut other = pod.clone();
        other["metadata"]["labels"] = json!({"x": "y"});
        assert!(!is_other(&pod, &other));
        other["metadata"]["name"] = json!("b");
        assert!(is_other(&pod, &other));
        assert!(read("- 1").is_err() && read("a: b: c").is_err());
    }
}
