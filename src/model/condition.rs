//! Conditions, as most kinds' `status.conditions` have them.

use super::Istr;
use super::decode::wire;

wire! {
    struct ConditionWire {
        r#type: Istr,
        status: Istr,
        reason: Istr,
    }
}

/// Whether the first condition of this type is true.
pub(super) fn is_true(conditions: &[ConditionWire], condition: &str) -> bool {
    conditions
        .iter()
        .find(|own| own.r#type == *condition)
        .is_some_and(|own| own.status == "True")
}
