//! Label selectors out of untyped JSON.

use serde::Deserialize;
use serde_json::Value;

use crate::model::LabelSelector;

use super::value::{Read, join, joined};

/// A `metav1.LabelSelector` as `a=b,c in (d,e)`; `<none>` for none. One that the API would not take is told as it stands.
pub fn format(selector: &Value) -> String {
    match parse(selector) {
        LabelSelector::Invalid => as_it_stands(selector),
        valid => valid.format(),
    }
}

fn as_it_stands(selector: &Value) -> String {
    let labels = selector.key("matchLabels").members();
    let labels = labels.into_iter().map(|(key, value)| format!("{key}={}", value.show()));
    let expressions = selector.key("matchExpressions").list().iter().map(|expression| {
        let [key, operator] = ["key", "operator"].map(|field| expression.key(field).show());
        format!("{key} {operator} ({})", joined(expression.key("values"), ","))
    });
    match join(labels.chain(expressions), ",") {
        nothing if nothing.is_empty() => "<error>".to_owned(),
        text => text,
    }
}

/// The selector as the API takes it in a list; none where nothing is selected: absent or invalid.
pub fn query(selector: &Value) -> Option<String> {
    parse(selector).selector().map(ToString::to_string)
}

fn parse(selector: &Value) -> LabelSelector {
    LabelSelector::deserialize(selector).unwrap_or(LabelSelector::Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn selectors_print_and_query() {
        let selector = json!({"matchLabels": {"app": "a"}, "matchExpressions": [{"key": "t", "operator": "In", "values": ["y", "x"]}]});
        assert_eq!(format(&selector), "app=a,t in (x,y)");
        assert_eq!(query(&selector).as_deref(), Some("app=a,t in (x,y)"));
        assert_eq!(query(&json!({})).as_deref(), Some(""));
        assert_eq!(query(&json!(null)), None);
        assert_eq!(format(&json!(null)), "<none>");
        assert_eq!(format(&json!("x")), "<error>");
        let invalid = json!({"matchLabels": {"uid": "<uid>"}, "matchExpressions": [{"key": "a", "operator": "Near", "values": ["b"]}]});
        assert_eq!(format(&invalid), "uid=<uid>,a Near (b)");
    }
}
