//! Conditions, as most kinds' `status.conditions` have them.

use super::Istr;
use super::decode::wire;

wire! {
    struct ConditionWire {
        r#type: Istr,
        status: Istr,
        reason: Istr,
        message: Box<str>,
    }
}

/// The longest that a message is kept, in characters.
const LONGEST: usize = 200;

/// What keeps pods from being made: the reason of `ReplicaFailure`, and what its message says behind the pod's name, such as
/// `FailedCreate: exceeded quota: compute`.
pub(super) fn replica_failure(conditions: &[ConditionWire]) -> Option<Box<str>> {
    let failure = conditions
        .iter()
        .find(|own| own.r#type == "ReplicaFailure" && own.status == "True")?;
    let message = failure
        .message
        .split_once("is forbidden: ")
        .map_or(&*failure.message, |(_, why)| why);
    let text = match (failure.reason.as_str(), message.trim()) {
        ("", "") => "ReplicaFailure".to_owned(),
        ("", message) => message.to_owned(),
        (reason, "") => reason.to_owned(),
        (reason, message) => format!("{reason}: {message}"),
    };
    Some(text.chars().take(LONGEST).collect())
}

/// Whether the first condition of this type is true.
pub(super) fn is_true(conditions: &[ConditionWire], condition: &str) -> bool {
    conditions
        .iter()
        .find(|own| own.r#type == *condition)
        .is_some_and(|own| own.status == "True")
}
