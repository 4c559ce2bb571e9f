//! The paths of printer columns: `.a.b`, `['a']`, `[0]`, `[*]` and `[?(@.type=="Ready")]`.

use serde_json::Value;

/// The values that a path leads to; none for a path that cannot be read.
#[must_use]
pub fn find<'a>(object: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = vec![object];
    let mut rest = path.trim().trim_start_matches('{').trim_end_matches('}');
    while !rest.is_empty() {
        let (step, left) = next(rest);
        found = found.into_iter().flat_map(|value| step.from(value)).collect();
        rest = left;
    }
    found
}

enum Step<'a> {
    Field(&'a str),
    Index(i64),
    All,
    Filter(&'a str, &'a str, bool),
    Nothing,
}

impl Step<'_> {
    fn from<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        match self {
            Self::Field(name) => value.get(name).into_iter().collect(),
            Self::Index(index) => {
                let length = value.as_array().map_or(0, Vec::len);
                let at =
                    usize::try_from(*index).unwrap_or_else(|_| length.saturating_sub(index.unsigned_abs() as usize));
                value.get(at).into_iter().collect()
            }
            Self::All => match value {
                Value::Array(list) => list.iter().collect(),
                Value::Object(map) => map.values().collect(),
                _ => Vec::new(),
            },
            Self::Filter(path, wanted, equal) => {
                let holds = |element: &&Value| {
                    find(element, path)
                        .iter()
                        .any(|found| (text(found) == *wanted) == *equal)
                };
                value.as_array().into_iter().flatten().filter(holds).collect()
            }
            Self::Nothing => Vec::new(),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The first step of a path and what follows it.
fn next(path: &str) -> (Step<'_>, &str) {
    if let Some(inside) = path.strip_prefix('[') {
        return match inside.find("]").and_then(|_| close(inside)) {
            Some(end) => (
                bracket(inside.get(..end).unwrap_or_default()),
                inside.get(end + 1..).unwrap_or_default(),
            ),
            None => (Step::Nothing, ""),
        };
    }
    let name = path.strip_prefix('.').unwrap_or(path);
    // A backslash keeps a dot inside a name, as in annotations.
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (field, rest) = name.split_at(end);
    (
        if field.is_empty() {
            Step::Nothing
        } else {
            Step::Field(field)
        },
        rest,
    )
}

/// Where the bracket that is open closes, quotes and filters counted.
fn close(inside: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    for (at, c) in inside.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') if depth == 0 => return Some(at),
            (None, ']') => depth -= 1,
            _ => {}
        }
    }
    None
}

fn bracket(inside: &str) -> Step<'_> {
    let unquoted = |text: &'_ str| -> Option<(usize, usize)> {
        let trimmed = text.trim();
        let quoted = trimmed.len() >= 2 && (trimmed.starts_with('\'') || trimmed.starts_with('"'));
        quoted.then(|| (text.len() - text.trim_start().len() + 1, text.trim_end().len() - 1))
    };
    if let Some(filter) = inside.strip_prefix("?(").and_then(|filter| filter.strip_suffix(')')) {
        return filtered(filter);
    }
    if inside == "*" {
        return Step::All;
    }
    if let Some((start, end)) = unquoted(inside) {
        return Step::Field(inside.get(start..end).unwrap_or_default());
    }
    inside.parse().map_or(Step::Nothing, Step::Index)
}

fn filtered(filter: &str) -> Step<'_> {
    let parts = [("==", true), ("!=", false)]
        .into_iter()
        .find_map(|(sign, equal)| Some((filter.split_once(sign)?, equal)));
    let Some(((path, wanted), equal)) = parts else {
        return Step::Nothing;
    };
    let path = path.trim().strip_prefix('@').unwrap_or_default();
    Step::Filter(path, wanted.trim().trim_matches(['"', '\'']), equal)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_lead_to_values() {
        let object = json!({"spec": {"size": 3, "list": [1, 2]}, "a-b": {"c": "x"},
            "status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Other", "status": "False"}]}});
        for (path, expected) in [
            (".spec.size", json!([3])),
            (".spec.list[1]", json!([2])),
            (".spec.list[*]", json!([1, 2])),
            (".spec.list[-1]", json!([2])),
            (".status.conditions[?(@.type==\"Ready\")].status", json!(["True"])),
            (".status.conditions[?(@.type!='Ready')].type", json!(["Other"])),
            ("['a-b'].c", json!(["x"])),
            (".nope.deep", json!([])),
            (".spec.list[", json!([])),
        ] {
            assert_eq!(json!(find(&object, path)), expected, "{path}");
        }
    }
}
