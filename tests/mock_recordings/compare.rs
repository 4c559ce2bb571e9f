//! Whether an answer is like the recorded one: the same but for what differs from run to run.

use regex::Regex;
use serde_json::Value;

use super::client::Answer;

/// What differs, as sentences; none if the answers are alike.
pub fn differences(recorded: &Value, given: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    if recorded["status"] != given.status {
        found.push(format!("status {} instead of {}", given.status, recorded["status"]));
    }
    let kind = recorded["contentType"].as_str().unwrap_or_default();
    if kind != given.content_type {
        found.push(format!("content type {:?} instead of {kind:?}", given.content_type));
    }
    for (name, value) in recorded["headers"].as_object().into_iter().flatten() {
        let has = given
            .headers
            .iter()
            .any(|(known, text)| known.eq_ignore_ascii_case(name) && value.as_str() == Some(text));
        if !has {
            found.push(format!("header {name} should be {value}"));
        }
    }
    if let Some(events) = recorded["events"].as_array() {
        compare(
            &plain(&Value::Array(events.clone())),
            &plain(&Value::Array(given.events.clone())),
            "events",
            &mut found,
        );
    } else if !recorded["body"].is_null() {
        compare(&plain(&recorded["body"]), &plain(&given.body), "", &mut found);
    }
    found.truncate(6);
    found
}

/// A body without what no rule of the API says: managed fields, the texts that explain columns, and what only the
/// recorded build (an OpenShift flavour) adds to every pod.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(name, value)| {
                *name != "managedFields"
                    && !(*name == "description" && map.contains_key("priority") && value.is_string())
            });
            Value::Object(kept.map(|(name, value)| (name.clone(), plain(value))).collect())
        }
        Value::Array(list) => {
            let foreign = |value: &&Value| value["configMap"]["name"] == "openshift-service-ca.crt";
            let mut kept: Vec<Value> = list.iter().filter(|value| !foreign(value)).map(plain).collect();
            // Conflicts are told in the order of a Go map, which is none.
            if kept.iter().all(|value| value["reason"] == "FieldManagerConflict") {
                kept.sort_by_key(Value::to_string);
            }
            Value::Array(kept)
        }
        other => other.clone(),
    }
}

fn compare(recorded: &Value, given: &Value, path: &str, found: &mut Vec<String>) {
    match (recorded, given) {
        (Value::Object(one), Value::Object(other)) => {
            for (name, value) in one {
                match other.get(name) {
                    Some(given) => compare(value, given, &format!("{path}.{name}"), found),
                    None => found.push(format!("{path}.{name} is missing, should be {}", short(value))),
                }
            }
            for (name, value) in other.iter().filter(|(name, _)| !one.contains_key(*name)) {
                found.push(format!("{path}.{name} is too much: {}", short(value)));
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            if one.len() != other.len() {
                found.push(format!(
                    "{path} has {} elements instead of {}: {}",
                    other.len(),
                    one.len(),
                    short(given)
                ));
            }
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                compare(one, other, &format!("{path}[{index}]"), found);
            }
        }
        (Value::String(one), Value::String(other)) if alike(one, other) => {}
        (one, other) if one == other => {}
        (one, other) => found.push(format!("{path} is {} instead of {}", short(other), short(one))),
    }
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(700).collect()
}

/// Whether two texts are the same but for uids, versions, times, generated names and ages.
fn alike(recorded: &str, given: &str) -> bool {
    if recorded == given {
        return true;
    }
    let age = Regex::new(r"^(\d+[smhdy]){1,2}$").unwrap();
    if age.is_match(recorded) && age.is_match(given) {
        return true;
    }
    let mut pattern = regex::escape(recorded);
    for (what, stands) in [
        (r"<[^<>]+>", "[^ ]+"),
        (r"(kube\\-api\\-access|gen)\\-[a-z0-9]{5}", r"$1\-[a-z0-9]{5}"),
        (r"current: \d+", r"current: \d+"),
    ] {
        pattern = Regex::new(what).unwrap().replace_all(&pattern, stands).into_owned();
    }
    Regex::new(&format!("^{pattern}$")).is_ok_and(|pattern| pattern.is_match(given))
}
