//! The arithmetic of a rolling update, and the names of revisions.

use serde_json::Value;

const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// The label by which a deployment tells its replica sets apart.
pub const HASH_LABEL: &str = "pod-template-hash";

/// A short name of a template that changes with it.
#[must_use]
pub fn template_hash(template: &Value) -> String {
    short_hash(&without_hash(template).to_string())
}

/// Ten letters that differ for different texts.
#[must_use]
pub fn short_hash(text: &str) -> String {
    // FNV-1a.
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, fold);
    let mut letter = || {
        let letter = char::from(LETTERS[(hash % LETTERS.len() as u64) as usize]);
        hash /= LETTERS.len() as u64;
        letter
    };
    (0..10).map(|_| letter()).collect()
}

/// A template without the label that tells replica sets apart.
#[must_use]
pub fn without_hash(template: &Value) -> Value {
    let mut plain = template.clone();
    if let Some(labels) = plain.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.shift_remove(HASH_LABEL);
    }
    plain
}

/// An `IntOrString` of a total: percentages are rounded up or down.
#[must_use]
pub fn portion(value: &Value, total: i64, up: bool, missing: i64) -> i64 {
    match value {
        Value::Number(number) => number.as_i64().unwrap_or(missing),
        Value::String(text) => {
            let Some(percent) = text.strip_suffix('%').and_then(|text| text.parse::<i64>().ok()) else {
                return missing;
            };
            if up {
                (total * percent + 99) / 100
            } else {
                total * percent / 100
            }
        }
        _ => missing,
    }
}

/// How many pods a rolling update may have too many and too few; never both nothing.
#[must_use]
pub fn slack(deployment: &Value) -> (i64, i64) {
    let wanted = deployment["spec"]["replicas"].as_i64().unwrap_or(1);
    let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
    let surge = portion(&rolling["maxSurge"], wanted, true, 1);
    let missing = portion(&rolling["maxUnavailable"], wanted, false, 0);
    if surge == 0 && missing == 0 {
        (0, 1)
    } else {
        (surge, missing)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn slack_rounds_surge_up_and_unavailable_down() {
        for (replicas, rolling, expected) in [
            (3, json!({"maxSurge": "25%", "maxUnavailable": "25%"}), (1, 0)),
            (10, json!({"maxSurge": "25%", "maxUnavailable": "25%"}), (3, 2)),
            (4, json!({"maxSurge": 0, "maxUnavailable": 0}), (0, 1)),
            (4, json!({"maxSurge": 2, "maxUnavailable": "50%"}), (2, 2)),
        ] {
            let deployment = json!({"spec": {"replicas": replicas, "strategy": {"rollingUpdate": rolling}}});
            assert_eq!(slack(&deployment), expected);
        }
    }

    #[test]
    fn the_hash_ignores_its_own_label() {
        let plain = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"x": 1}});
        let mut labelled = plain.clone();
        labelled["metadata"]["labels"][HASH_LABEL] = "x".into();
        assert_eq!(template_hash(&plain), template_hash(&labelled));
        assert_ne!(template_hash(&plain), template_hash(&json!({"spec": {"x": 2}})));
    }
}
