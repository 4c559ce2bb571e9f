//! Words that many printers use: ages, durations, lists of labels.

use jiff::Timestamp;
use serde_json::Value;

use serde::Deserialize;

use crate::mock::values::list;
use crate::model::LabelSelector;

/// How long ago a moment was; `<unknown>` without one. As `translateTimestampSince`.
#[must_use]
pub fn since(moment: &Value, now: Timestamp) -> String {
    match time(moment) {
        Some(at) => duration((now - at).total(jiff::Unit::Second).unwrap_or_default() as i64),
        None => "<unknown>".to_owned(),
    }
}

/// A moment in an object.
#[must_use]
pub fn time(moment: &Value) -> Option<Timestamp> {
    moment.as_str()?.parse().ok()
}

/// The name cell of an object.
#[must_use]
pub fn name(object: &Value) -> Value {
    object["metadata"]["name"].clone()
}

/// The age cell of an object.
#[must_use]
pub fn age(object: &Value, now: Timestamp) -> Value {
    since(&object["metadata"]["creationTimestamp"], now).into()
}

/// A duration in at most two units, as `HumanDuration` of apimachinery.
#[must_use]
pub fn duration(seconds: i64) -> String {
    let two = |big: i64, unit: char, small: i64, rest: char| {
        if small == 0 {
            format!("{big}{unit}")
        } else {
            format!("{big}{unit}{small}{rest}")
        }
    };
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match () {
        () if seconds < -1 => "<invalid>".to_owned(),
        () if seconds < 0 => "0s".to_owned(),
        () if seconds < 120 => format!("{seconds}s"),
        () if minutes < 10 => two(minutes, 'm', seconds % 60, 's'),
        () if minutes < 180 => format!("{minutes}m"),
        () if hours < 8 => two(hours, 'h', minutes % 60, 'm'),
        () if hours < 48 => format!("{hours}h"),
        () if hours < 24 * 8 => two(hours / 24, 'd', hours % 24, 'h'),
        () if hours < 24 * 365 * 2 => format!("{}d", hours / 24),
        () if hours < 24 * 365 * 8 => two(hours / 24 / 365, 'y', hours / 24 % 365, 'd'),
        () => format!("{}y", hours / 24 / 365),
    }
}

/// A text, or what stands for it where it is missing or empty.
#[must_use]
pub fn or<'a>(value: &'a Value, missing: &'a str) -> &'a str {
    value.as_str().filter(|text| !text.is_empty()).unwrap_or(missing)
}

/// A number, 0 where it is missing.
#[must_use]
pub fn number(value: &Value) -> Value {
    value.as_i64().unwrap_or_default().into()
}

/// The text of a field of each element, joined.
#[must_use]
pub fn join(elements: &Value, field: &str, between: &str) -> String {
    let texts: Vec<&str> = list(elements).filter_map(|element| element[field].as_str()).collect();
    texts.join(between)
}

/// Labels as `k=v`, ordered by key; `<none>` if there are none. As `FormatLabels`.
#[must_use]
pub fn labels(map: &Value) -> String {
    let mut pairs: Vec<String> = map
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    pairs.sort();
    if pairs.is_empty() {
        "<none>".to_owned()
    } else {
        pairs.join(",")
    }
}

/// A selector in text form; `<none>` for one without conditions. As `FormatLabelSelector`.
#[must_use]
pub fn selector(selector: &Value) -> String {
    LabelSelector::deserialize(selector)
        .unwrap_or(LabelSelector::Invalid)
        .format()
}

/// At most `most` of the texts, then how many more there are.
#[must_use]
pub fn some(texts: &[String], most: usize) -> String {
    let shown: Vec<&str> = texts.iter().take(most).map(String::as_str).collect();
    let more = texts.len().saturating_sub(most);
    let rest = if more > 0 {
        format!(" + {more} more...")
    } else {
        String::new()
    };
    format!("{}{rest}", shown.join(","))
}

/// A number or text (an `IntOrString`) as text.
#[must_use]
pub fn scalar(value: &Value, missing: &str) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => missing.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_at_most_two_units() {
        for (seconds, text) in [
            (-5, "<invalid>"),
            (-1, "0s"),
            (119, "119s"),
            (120, "2m"),
            (150, "2m30s"),
            (600, "10m"),
            (10_799, "179m"),
            (10_800, "3h"),
            (11_100, "3h5m"),
            (28_800, "8h"),
            (172_800, "2d"),
            (176_400, "2d1h"),
            (691_200, "8d"),
            (63_072_000, "2y"),
            (63_158_400, "2y1d"),
            (252_288_000, "8y"),
        ] {
            assert_eq!(duration(seconds), text, "{seconds}");
        }
    }
}
