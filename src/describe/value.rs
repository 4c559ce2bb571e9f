//! Reading a `serde_json::Value` that may be anything: what is missing, null or of another type reads as empty.

use serde_json::{Map, Value};

use crate::model::number_text;

static NULL: Value = Value::Null;

/// Tolerant reading of one JSON value.
pub trait Read {
    /// What lies at a dotted path such as `spec.template.spec`; null where anything on the way is missing.
    fn at(&self, path: &str) -> &Value;
    /// The member `key` of an object, whatever characters it has; null otherwise.
    fn key(&self, key: &str) -> &Value;
    /// A string's text; empty for anything else.
    fn text(&self) -> &str;
    /// The elements of an array; none for anything else.
    fn list(&self) -> &[Value];
    /// The members of an object, sorted by key as kubectl prints maps; none for anything else.
    fn members(&self) -> Vec<(&str, &Value)>;
    /// An integer, also from a float without a fraction; 0 for anything else, as Go's zero value.
    fn int(&self) -> i64;
    /// True for `true` only.
    fn truth(&self) -> bool;
    /// Whether there is something: not null.
    fn is_set(&self) -> bool;
    /// The value as Go's `%v` prints it: text bare, `[a b]` for lists, `map[k:v]` for maps, `<nil>` for null.
    fn go(&self) -> String;
    /// As [`Read::go`], but nothing for null: what kubectl prints of a plain (not pointer) field that is missing.
    fn show(&self) -> String;
}

impl Read for Value {
    fn at(&self, path: &str) -> &Value {
        path.split('.').fold(self, |value, key| value.key(key))
    }

    fn key(&self, key: &str) -> &Value {
        self.as_object()
            .and_then(|map: &Map<String, Value>| map.get(key))
            .unwrap_or(&NULL)
    }

    fn text(&self) -> &str {
        self.as_str().unwrap_or_default()
    }

    fn list(&self) -> &[Value] {
        self.as_array().map(Vec::as_slice).unwrap_or_default()
    }

    fn members(&self) -> Vec<(&str, &Value)> {
        let mut members: Vec<_> = self
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str(), value))
            .collect();
        members.sort_by_key(|(key, _)| *key);
        members
    }

    fn int(&self) -> i64 {
        self.as_i64()
            .or_else(|| self.as_f64().map(|float| float as i64))
            .unwrap_or(0)
    }

    fn truth(&self) -> bool {
        self.as_bool().unwrap_or(false)
    }

    fn is_set(&self) -> bool {
        !self.is_null()
    }

    fn go(&self) -> String {
        match self {
            Value::Null => "<nil>".to_owned(),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(number) => number_text(number),
            Value::String(text) => text.clone(),
            Value::Array(list) => format!("[{}]", join(list.iter().map(Read::go), " ")),
            Value::Object(_) => {
                let members = self.members();
                format!(
                    "map[{}]",
                    join(
                        members.into_iter().map(|(key, value)| format!("{key}:{}", value.go())),
                        " "
                    )
                )
            }
        }
    }

    fn show(&self) -> String {
        if self.is_null() { String::new() } else { self.go() }
    }
}

/// The texts with `separator` between them.
pub fn join<T: AsRef<str>>(texts: impl IntoIterator<Item = T>, separator: &str) -> String {
    let mut out = String::new();
    for (index, text) in texts.into_iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(text.as_ref());
    }
    out
}

/// A list of strings joined, such as a Service's `clusterIPs`.
pub fn joined(list: &Value, separator: &str) -> String {
    join(list.list().iter().map(Read::show), separator)
}

/// `text`, or `otherwise` where it is empty.
pub fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

/// A boolean pointer as kubectl's `printBoolPtr`: `True`, `False` or `<unset>`.
pub fn bool_or_unset(value: &Value) -> &'static str {
    match value.as_bool() {
        Some(true) => "True",
        Some(false) => "False",
        None => "<unset>",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_missing_or_of_another_type_reads_as_empty() {
        let object = json!({"spec": {"a": {"b": 3}, "list": "not a list", "none": null, "half": 1.5}});
        assert_eq!(object.at("spec.a.b").int(), 3);
        assert_eq!(object.at("spec.a.b.c").int(), 0);
        assert_eq!(object.at("spec.list").list().len(), 0);
        assert_eq!(object.at("spec.a").text(), "");
        assert_eq!(object.at("spec.half").int(), 1);
        assert!(!object.at("spec.none").is_set());
        assert!(!object.at("nowhere.at.all").truth());
        assert!(json!("text").members().is_empty());
    }

    #[test]
    fn go_prints_as_percent_v() {
        let cases = [
            (json!(null), "<nil>"),
            (json!("a b"), "a b"),
            (json!(true), "true"),
            (json!(12), "12"),
            (json!(12_345_678.5), "1.23456785e+07"),
            (json!(["cat", "/tmp/healthy"]), "[cat /tmp/healthy]"),
            (json!({"b": [1, 2], "a": null}), "map[a:<nil> b:[1 2]]"),
        ];
        for (value, expected) in cases {
            assert_eq!(value.go(), expected);
        }
        assert_eq!(json!(null).show(), "");
        assert_eq!(joined(&json!(["a", 1]), ","), "a,1");
    }
}
