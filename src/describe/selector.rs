//! Label selectors out of untyped JSON.

use serde::Deserialize;
use serde_json::Value;

use crate::model::LabelSelector;

/// A `metav1.LabelSelector` as `a=b,c in (d,e)`; `<none>` for none, `<error>` for one that says nothing sensible.
pub fn format(selector: &Value) -> String {
    parse(selector).format()
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
    }
}
