//! Numbers of custom resources: `numberValidator` of kube-openapi.

use serde_json::Value;

use crate::mock::kinds::go_types::go_float;

/// What is wrong with a number: the value that is told, or none where the object as a whole is blamed, and the sentence.
pub fn check(schema: &Value, kinds: &[&str], format: &str, value: &Value, path: &str) -> Vec<(Option<Value>, String)> {
    let mut told = Vec::new();
    if let Some(why) = out_of_range(kinds, format, value, path) {
        told.push((None, why));
    }
    told.extend(multiple(schema, value, path));
    for (name, exclusive, beyond, word) in [
        ("minimum", "exclusiveMinimum", -1, "greater"),
        ("maximum", "exclusiveMaximum", 1, "less"),
    ] {
        let Some(limit) = schema[name].as_f64() else { continue };
        let exclusive = schema[exclusive] == true;
        let side = compare(value, limit);
        if side == beyond || (exclusive && side == 0) {
            let or = if exclusive { "" } else { " or equal to" };
            // Without "or equal to" there is no "to" either.
            let than = format!("{word} than{or}");
            told.push((
                Some(value.clone()),
                format!("{path} in body should be {than} {}", shown(value, limit)),
            ));
        }
    }
    told
}

/// Where a number stands to a limit; integers are compared with what is left of the limit as one.
fn compare(value: &Value, limit: f64) -> i32 {
    let ordering = match value.as_i64() {
        Some(number) => number.cmp(&whole(limit)),
        None => value.as_f64().unwrap_or_default().total_cmp(&limit),
    };
    match ordering {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    }
}

#[allow(clippy::cast_possible_truncation)]
const fn whole(limit: f64) -> i64 {
    limit as i64
}

/// A limit as it is told for a value.
fn shown(value: &Value, limit: f64) -> String {
    if value.is_i64() || value.is_u64() {
        whole(limit).to_string()
    } else {
        go_float(limit)
    }
}

fn multiple(schema: &Value, value: &Value, path: &str) -> Option<(Option<Value>, String)> {
    let factor = schema["multipleOf"].as_f64()?;
    if let Some(number) = value.as_i64() {
        let factor = whole(factor);
        if factor <= 0 {
            let why = format!("factor MultipleOf declared for {path} must be positive: {factor}");
            return Some((Some(factor.into()), why));
        }
        let why = format!("{path} in body should be a multiple of {factor}");
        return (number % factor != 0).then(|| (Some(value.clone()), why));
    }
    let number = value.as_f64()?;
    let times = if factor < 1.0 {
        1.0 / factor * number
    } else {
        number / factor
    };
    let why = format!("{path} in body should be a multiple of {}", go_float(factor));
    ((times - times.round()).abs() > 1e-9).then(|| (Some(value.clone()), why))
}

/// Whether a number does not fit its only type.
fn out_of_range(kinds: &[&str], format: &str, value: &Value, path: &str) -> Option<String> {
    if kinds != ["integer"] {
        return None;
    }
    let fits = match value.as_i64() {
        Some(number) if format == "int32" => i32::try_from(number).is_ok(),
        Some(_) => true,
        None => value.as_f64().is_some_and(|number| number.fract() == 0.0),
    };
    let format = if format.is_empty() {
        "(default format)".to_owned()
    } else {
        format!("with format {format}")
    };
    (!fits).then(|| format!("Checked value must be of type integer {format} in {path}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_keep_their_bounds() {
        let told = |schema: Value, value: Value| {
            let faults = check(&schema, &["number"], "", &value, "n").into_iter();
            faults.map(|(_, why)| why).collect::<Vec<_>>()
        };
        assert_eq!(
            told(json!({"minimum": 1}), json!(0)),
            ["n in body should be greater than or equal to 1"]
        );
        assert_eq!(
            told(json!({"maximum": 1, "exclusiveMaximum": true}), json!(1)),
            ["n in body should be less than 1"]
        );
        assert_eq!(
            told(json!({"multipleOf": 0.5}), json!(0.3)),
            ["n in body should be a multiple of 0.5"]
        );
        assert_eq!(
            told(json!({"multipleOf": 0.5}), json!(1)),
            ["factor MultipleOf declared for n must be positive: 0"]
        );
    }
}
