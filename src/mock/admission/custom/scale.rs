//! What the scale subresource of custom resources reads: `ValidateScaleSpec` and `ValidateScaleStatus` of apiextensions-apiserver.

use serde_json::Value;

use crate::mock::kinds::CustomKind;
use crate::mock::kinds::go_types::go_float;
use crate::mock::server::FieldError;

/// Faults of the replicas and of the selector.
pub fn check(custom: &CustomKind, object: &Value, part: Option<&str>) -> Vec<FieldError> {
    let Some(scale) = &custom.scale else {
        return Vec::new();
    };
    let spec = (part != Some("status")).then_some(&scale.spec);
    let mut faults = Vec::new();
    for path in spec.into_iter().chain([&scale.status]) {
        faults.extend(replicas(object, path));
    }
    if let Some(path) = &scale.selector
        && let Err(why) = at(object, path).and_then(|value| expect(path, value, "string", Value::is_string))
    {
        faults.push(FieldError::invalid(path.clone(), &"".into(), why));
    }
    faults
}

fn replicas(object: &Value, path: &str) -> Option<FieldError> {
    let invalid = |number: i64, why: &str| Some(FieldError::invalid(path, &number.into(), why));
    let found = at(object, path).and_then(|value| {
        let number = value.and_then(Value::as_i64);
        expect(path, value, "int64", Value::is_i64).map(|()| number)
    });
    match found {
        Err(why) => invalid(0, &why),
        Ok(Some(low)) if low < 0 => invalid(low, "should be a non-negative integer"),
        Ok(Some(high)) if high > i64::from(i32::MAX) => {
            invalid(high, &format!("should be less than or equal to {}", i32::MAX))
        }
        Ok(_) => None,
    }
}

/// The value at a path, as `NestedFieldNoCopy`: none where something on the way is not there.
fn at<'a>(object: &'a Value, path: &str) -> Result<Option<&'a Value>, String> {
    let mut here = object;
    let mut way = String::new();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        way = format!("{way}.{part}");
        match here {
            Value::Null => return Ok(None),
            Value::Object(map) => match map.get(part) {
                Some(next) => here = next,
                None => return Ok(None),
            },
            other => return Err(misfit(&way, other, "map[string]interface{}")),
        }
    }
    Ok(Some(here))
}

fn expect(path: &str, value: Option<&Value>, wanted: &str, fits: fn(&Value) -> bool) -> Result<(), String> {
    match value {
        Some(value) if !fits(value) => Err(misfit(path, value, wanted)),
        _ => Ok(()),
    }
}

fn misfit(path: &str, value: &Value, wanted: &str) -> String {
    let (shown, kind) = match value {
        Value::Null => ("<nil>".to_owned(), "<nil>"),
        Value::Bool(given) => (given.to_string(), "bool"),
        Value::Number(number) if number.is_f64() => (go_float(number.as_f64().unwrap_or_default()), "float64"),
        Value::Number(number) => (number.to_string(), "int64"),
        Value::String(text) => (text.clone(), "string"),
        Value::Array(_) => (value.to_string(), "[]interface {}"),
        Value::Object(_) => (value.to_string(), "map[string]interface {}"),
    };
    format!("{path} accessor error: {shown} is of the type {kind}, expected {wanted}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn replicas_are_numbers() {
        let told = |object: Value| replicas(&object, ".spec.replicas").map(|fault| fault.message);
        assert_eq!(told(json!({"spec": {"replicas": 3}})), None);
        assert_eq!(told(json!({"spec": null})), None);
        assert_eq!(
            told(json!({"spec": {"replicas": -1}})).as_deref(),
            Some("Invalid value: -1: should be a non-negative integer")
        );
        assert_eq!(
            told(json!({"spec": {"replicas": "3"}})).as_deref(),
            Some("Invalid value: 0: .spec.replicas accessor error: 3 is of the type string, expected int64")
        );
        assert_eq!(
            told(json!({"spec": "x"})).as_deref(),
            Some(
                "Invalid value: 0: .spec.replicas accessor error: x is of the type string, expected map[string]interface{}"
            )
        );
    }
}
