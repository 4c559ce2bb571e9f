//! A value against a schema: `SchemaValidator` of kube-openapi, with its words.

use serde_json::Value;

use super::{formats, numbers};
use crate::mock::server::FieldError;
use crate::mock::server::go::path::child;
use crate::mock::values::{scalar, sorted};

/// What became of a check: the faults, and how much fitted, by which the server chooses among alternatives.
#[derive(Clone, Debug, Default)]
struct Outcome {
    faults: Vec<FieldError>,
    matches: usize,
}

impl Outcome {
    fn merge(&mut self, other: Self) {
        self.matches += other.matches;
        for fault in other.faults {
            self.add(fault);
        }
    }

    fn add(&mut self, fault: FieldError) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// Where a value stands: the field before it that messages leave out, and its path from there.
#[derive(Clone, Copy)]
struct Place<'a> {
    before: &'a str,
    path: &'a str,
}

impl Place<'_> {
    /// The field that is blamed for a fault at a path.
    fn field(self, path: &str) -> String {
        let path = path.trim_start_matches('.');
        match (self.before, path) {
            ("", "") => "<nil>".to_owned(),
            (before, "") => before.to_owned(),
            (before, path) => child(before, path),
        }
    }

    fn invalid(self, value: &Value, why: &str) -> FieldError {
        FieldError::invalid(self.field(self.path), value, why)
    }

    /// A fault of the object as a whole.
    fn whole(self, why: &str) -> FieldError {
        FieldError::invalid(self.field(""), &"".into(), why)
    }

    fn wrong_type(self, wanted: &str, given: &str) -> FieldError {
        let why = format!("{} in body must be of type {wanted}: {given:?}", self.path);
        let mut fault = self.invalid(&given.into(), &why);
        fault.reason = "FieldValueTypeInvalid";
        fault
    }
}

/// Faults of a value; `before` is the field that it stands at.
pub fn check_value(schema: &Value, value: &Value, before: &str) -> Vec<FieldError> {
    changed_value(schema, None, value, before)
}

/// Faults of a value that was another one before: what has not changed may stay as it is.
pub fn changed_value(schema: &Value, old: Option<&Value>, value: &Value, before: &str) -> Vec<FieldError> {
    let place = Place { before, path: "" };
    check(schema, old, value, place).faults
}

/// The types that a schema allows.
fn kinds(schema: &Value) -> Vec<&str> {
    if schema["x-kubernetes-int-or-string"] == true {
        return vec!["integer", "string"];
    }
    schema["type"]
        .as_str()
        .filter(|kind| !kind.is_empty())
        .into_iter()
        .collect()
}

fn check(schema: &Value, old: Option<&Value>, value: &Value, place: Place<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    if old == Some(value) {
        outcome.matches += 1;
        return outcome;
    }
    let kinds = kinds(schema);
    let format = formats::effective(&kinds, schema["format"].as_str().unwrap_or_default());
    if !kinds.is_empty() || !format.is_empty() {
        match of_type(schema, &kinds, format, value, place) {
            Some(fault) => outcome.add(fault),
            None => outcome.matches += 2,
        }
    }
    if value.is_null() {
        outcome.merge(common(schema, value, place));
        return outcome;
    }
    outcome.merge(combined(schema, value, place));
    match value {
        Value::String(text) => outcome.merge(string(schema, format, text, place)),
        Value::Number(_) => {
            outcome.matches += 1;
            for (shown, why) in numbers::check(schema, &kinds, format, value, place.path) {
                outcome.add(match shown {
                    Some(shown) => place.invalid(&shown, &why),
                    None => place.whole(&why),
                });
            }
        }
        Value::Array(list) => outcome.merge(array(schema, list, place)),
        _ => {}
    }
    outcome.merge(common(schema, value, place));
    if value.is_object() {
        outcome.merge(object(schema, old, value, place));
    }
    outcome.matches += 1;
    outcome
}

fn type_of(value: &Value) -> (&'static str, &'static str) {
    match value {
        Value::Null => ("null", ""),
        Value::Bool(_) => ("boolean", ""),
        Value::Number(number) if number.is_f64() => ("number", "float64"),
        Value::Number(_) => ("integer", "int64"),
        Value::String(_) => ("string", ""),
        Value::Array(_) => ("array", ""),
        Value::Object(_) => ("object", ""),
    }
}

fn of_type(schema: &Value, kinds: &[&str], format: &str, value: &Value, place: Place<'_>) -> Option<FieldError> {
    let wanted = kinds.join(",");
    if value.is_null() {
        let fine = kinds.is_empty() || schema["nullable"] == true;
        return (!fine).then(|| place.wrong_type(&wanted, "null"));
    }
    let (given, given_format) = type_of(value);
    let whole = value.as_f64().is_some_and(|number| number.fract() == 0.0) && kinds.contains(&"integer");
    let float = given == "integer" && kinds.contains(&"number");
    let fits = kinds.contains(&given) || (given == "number" && whole) || float;
    let is_text = value.is_string() || value.is_array();
    if !is_text && !format.is_empty() && !fits && format != given_format {
        return Some(place.wrong_type(format, given_format));
    }
    let numeric = kinds.contains(&"number") || kinds.contains(&"integer");
    if !numeric && !format.is_empty() && is_text {
        return None;
    }
    (!fits).then(|| place.wrong_type(&wanted, given))
}

fn common(schema: &Value, value: &Value, place: Place<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let Some(allowed) = schema["enum"].as_array().filter(|allowed| !allowed.is_empty()) else {
        return outcome;
    };
    if !allowed.contains(value) {
        let allowed: Vec<String> = allowed.iter().map(scalar).collect();
        let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
        outcome.add(FieldError::unsupported(place.field(place.path), value, &allowed));
    }
    outcome
}

fn string(schema: &Value, format: &str, text: &str, place: Place<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let (path, value) = (place.path, Value::from(text));
    let length = text.chars().count() as u64;
    let limit = |name: &str| schema[name].as_u64();
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    if let Some(most) = limit("maxLength").filter(|most| length > *most) {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        outcome.add(FieldError::too_long(place.field(path), most));
    } else if let Some(least) = limit("minLength").filter(|least| length < *least) {
        outcome.add(place.invalid(&value, &format!("{path} in body should be at least {least} chars long")));
    } else if regex::Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(text)) {
        outcome.add(place.invalid(&value, &format!("{path} in body should match '{pattern}'")));
    }
    if !format.is_empty() && !formats::fits(format, text) {
        outcome.add(place.wrong_type(format, text));
    }
    outcome
}

fn array(schema: &Value, list: &[Value], place: Place<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let path = place.path;
    if schema["items"].is_object() {
        for (index, element) in list.iter().enumerate() {
            let path = format!("{path}[{index}]");
            outcome.merge(check(&schema["items"], None, element, Place { path: &path, ..place }));
        }
    }
    if let Some(least) = schema["minItems"].as_u64().filter(|least| (list.len() as u64) < *least) {
        let why = format!("{path} in body should have at least {least} items");
        outcome.add(place.invalid(&list.len().into(), &why));
    }
    if let Some(most) = schema["maxItems"].as_u64().filter(|most| list.len() as u64 > *most) {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        outcome.add(FieldError::too_many(place.field(path), list.len(), most));
    }
    outcome.matches += 1;
    outcome
}

fn object(schema: &Value, old: Option<&Value>, value: &Value, place: Place<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let path = place.path;
    let count = value.as_object().map_or(0, serde_json::Map::len);
    if let Some(least) = schema["minProperties"].as_u64().filter(|least| (count as u64) < *least) {
        let why = format!("{path} in body should have at least {least} properties");
        outcome.add(place.invalid(&count.into(), &why));
    }
    if let Some(most) = schema["maxProperties"].as_u64().filter(|most| count as u64 > *most) {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        outcome.add(FieldError::too_many(place.field(path), count, most));
    }
    let known = &schema["properties"];
    // The server goes over maps in any order; names in order are one of them.
    let fields = sorted(value);
    let was = |name: &str| old.and_then(|old| old.get(name));
    let additional = &schema["additionalProperties"];
    for (name, value) in &fields {
        if known.get(name).is_none() && additional.is_object() {
            let path = format!("{path}.{name}");
            outcome.merge(check(additional, was(name), value, Place { path: &path, ..place }));
        }
    }
    for (name, value) in &fields {
        if let Some(known) = known.get(name) {
            let path = child(path, name);
            outcome.merge(check(known, was(name), value, Place { path: &path, ..place }));
        }
    }
    let required = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    for name in required.filter(|name| value.get(name).is_none()) {
        outcome.add(FieldError::required(place.field(&format!("{path}.{name}")), ""));
    }
    outcome
}

/// `anyOf`, `oneOf`, `allOf` and `not`.
fn combined(schema: &Value, value: &Value, place: Place<'_>) -> Outcome {
    let mut outcome = Outcome {
        matches: 2,
        ..Outcome::default()
    };
    let path = place.path;
    let each = |name: &str| -> Vec<Outcome> {
        let nested = schema[name].as_array().into_iter().flatten();
        nested.map(|nested| check(nested, None, value, place)).collect()
    };
    let fitting = |outcomes: &[Outcome]| outcomes.iter().filter(|outcome| outcome.faults.is_empty()).count();
    let any = each("anyOf");
    if !any.is_empty() && fitting(&any) == 0 {
        outcome.add(place.whole(&format!("{path:?} must validate at least one schema (anyOf)")));
        outcome.merge(best(any));
    }
    let one = each("oneOf");
    if !one.is_empty() && fitting(&one) != 1 {
        let found = match fitting(&one) {
            0 => "Found none valid".to_owned(),
            found => format!("Found {found} valid alternatives"),
        };
        let why = format!("{path:?} must validate one and only one schema (oneOf). {found}");
        outcome.add(place.whole(&why));
        if fitting(&one) == 0 {
            outcome.merge(best(one));
        }
    }
    let all = each("allOf");
    let (count, fitting) = (all.len(), fitting(&all));
    all.into_iter().for_each(|nested| outcome.merge(nested));
    if fitting != count {
        let none = if fitting == 0 { ". None validated" } else { "" };
        outcome.add(place.whole(&format!("{path:?} must validate all the schemas (allOf){none}")));
    }
    if schema["not"].is_object() && check(&schema["not"], None, value, place).faults.is_empty() {
        outcome.add(place.whole(&format!("{path:?} must not validate the schema (not)")));
    }
    outcome
}

/// The alternative that fits best; of equals the first.
fn best(outcomes: Vec<Outcome>) -> Outcome {
    let best = outcomes
        .into_iter()
        .reduce(|best, other| if other.matches > best.matches { other } else { best });
    best.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::admission::validate;

    fn told(schema: Value, value: Value) -> Vec<String> {
        let schema = json!({"type": "object", "properties": {"a": schema}});
        validate::told(check_value(&schema, &json!({"a": value}), ""))
    }

    #[test]
    fn values_are_what_their_schema_says() {
        let object = json!({"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}}});
        for (schema, value, said) in [
            (
                json!({"type": "string"}),
                json!(1),
                &["a: Invalid value: \"integer\": a in body must be of type string: \"integer\""][..],
            ),
            (
                json!({"type": "integer"}),
                json!(1.5),
                &[
                    "a: Invalid value: \"number\": a in body must be of type integer: \"number\"",
                    "<nil>: Invalid value: \"\": Checked value must be of type integer (default format) in a",
                ],
            ),
            (
                json!({"x-kubernetes-int-or-string": true}),
                json!(1.5),
                &["a: Invalid value: \"number\": a in body must be of type integer,string: \"number\""],
            ),
            (object, json!({}), &["a.x: Required value"]),
            (
                json!({"type": "string", "enum": ["x", "y"]}),
                json!("z"),
                &["a: Unsupported value: \"z\": supported values: \"x\", \"y\""],
            ),
            (
                json!({"type": "string", "format": "date-time"}),
                json!("x"),
                &["a: Invalid value: \"x\": a in body must be of type date-time: \"x\""],
            ),
            (
                json!({"type": "string", "minLength": 2, "pattern": "^[a-z]+$"}),
                json!("A"),
                &["a: Invalid value: \"A\": a in body should be at least 2 chars long"],
            ),
        ] {
            assert_eq!(told(schema, value), said);
        }
    }

    #[test]
    fn what_values_hold_is_looked_at_too() {
        for (schema, value, said) in [
            (
                json!({"type": "array", "maxItems": 1, "items": {"type": "string"}}),
                json!(["x", 1]),
                &[
                    "a[1]: Invalid value: \"integer\": a[1] in body must be of type string: \"integer\"",
                    "a: Too many: 2: must have at most 1 item",
                ][..],
            ),
            (
                json!({"type": "object", "additionalProperties": {"type": "integer"}}),
                json!({"k": "v"}),
                &["a.k: Invalid value: \"string\": a.k in body must be of type integer: \"string\""],
            ),
            (
                json!({"type": "object", "oneOf": [{"required": ["x"]}, {"required": ["y"]}]}),
                json!({}),
                &[
                    "<nil>: Invalid value: \"\": \"a\" must validate one and only one schema (oneOf). Found none valid",
                    "a.x: Required value",
                ],
            ),
            (json!({"type": "string", "nullable": true}), Value::Null, &[]),
        ] {
            assert_eq!(told(schema, value), said);
        }
    }

    #[test]
    fn what_was_wrong_before_may_stay() {
        let schema = json!({"type": "object", "properties": {"a": {"maximum": 1}, "b": {"maximum": 1}}});
        let faults = changed_value(
            &schema,
            Some(&json!({"a": 5, "b": 1})),
            &json!({"a": 5, "b": 2}),
            "status",
        );
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].field, "status.b");
        assert_eq!(
            faults[0].message,
            "Invalid value: 2: b in body should be less than or equal to 1"
        );
    }
}
