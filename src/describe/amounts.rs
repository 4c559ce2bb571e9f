//! Quantities out of untyped JSON.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::Quantity;

use super::Writer;
use super::value::Read;

/// Resource names with their quantities, such as requests.
pub type Amounts = BTreeMap<String, Quantity>;

/// A quantity; none where there is none or it cannot be read.
pub fn quantity(value: &Value) -> Option<Quantity> {
    Quantity::parse(value.show().trim()).ok()
}

/// A quantity as `Quantity.String()` prints it, as it came if it cannot be read; `0` where there is none.
pub fn text(value: &Value) -> String {
    if !value.is_set() {
        return "0".to_owned();
    }
    quantity(value).map_or_else(|| value.show(), |quantity| quantity.to_string())
}

/// A map of quantities; what cannot be read is left out.
pub fn amounts(map: &Value) -> Amounts {
    map.members()
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), quantity(value)?)))
        .collect()
}

/// How much of `name`; nothing if it is not named.
pub fn get(amounts: &Amounts, name: &str) -> Quantity {
    amounts.get(name).cloned().unwrap_or_default()
}

/// Adds `more` to `sum`, resource by resource.
pub fn add(sum: &mut Amounts, more: &Amounts) {
    for (name, quantity) in more {
        let total = sum
            .get(name)
            .map_or_else(|| quantity.clone(), |known| known.plus(quantity));
        sum.insert(name.clone(), total);
    }
}

/// Raises `highest` to `other` where that is more, resource by resource.
pub fn raise(highest: &mut Amounts, other: &Amounts) {
    for (name, quantity) in other {
        if highest.get(name).is_none_or(|known| quantity > known) {
            highest.insert(name.clone(), quantity.clone());
        }
    }
}

/// A heading and one line per resource; nothing without any.
pub fn describe(label: &str, map: &Value, out: &mut Writer) {
    let members = map.members();
    if !members.is_empty() {
        out.heading(label);
        out.block(|out| members.iter().for_each(|(name, value)| out.field(name, text(value))));
    }
}

/// Limits and requests of a container or a pod.
pub fn limits_and_requests(resources: &Value, out: &mut Writer) {
    describe("Limits", resources.key("limits"), out);
    describe("Requests", resources.key("requests"), out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sums_and_highest_go_by_resource() {
        let mut sum = amounts(&json!({"cpu": "100m", "memory": "1Gi"}));
        let other = amounts(&json!({"cpu": "1", "gpu": 2, "bad": "much"}));
        let mut highest = sum.clone();
        add(&mut sum, &other);
        raise(&mut highest, &other);
        let show = |amounts: &Amounts| {
            amounts
                .iter()
                .map(|(name, quantity)| format!("{name}={quantity}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(show(&sum), ["cpu=1100m", "gpu=2", "memory=1Gi"]);
        assert_eq!(show(&highest), ["cpu=1", "gpu=2", "memory=1Gi"]);
    }

    #[test]
    fn quantities_print_canonically_or_as_they_came() {
        assert_eq!(text(&json!("0.5")), "500m");
        assert_eq!(text(&json!("much")), "much");
        assert_eq!(text(&json!(null)), "0");
    }
}
