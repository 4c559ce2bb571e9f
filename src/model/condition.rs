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
    let reason = match (failure.reason.as_str(), failure.message.trim()) {
        ("", "") => "ReplicaFailure",
        (reason, _) => reason,
    };
    Some(why_not_created(reason, &failure.message))
}

/// What controllers say of a pod that they could not make, before they say why. The texts are those of the ReplicaSet, Job
/// and DaemonSet controllers (`controller_utils.go`), of the StatefulSet controller (`stateful_pod_control.go`), and of the
/// API server.
const PREAMBLES: &[&str] = &[
    "is forbidden: ",
    "failed error: ",
    "Error creating job: ",
    "Error creating: ",
];

/// Why a pod could not be made, in few words: the reason, and what the message says behind the names of what was to be made.
pub fn why_not_created(reason: &str, message: &str) -> Box<str> {
    let why = PREAMBLES.iter().find_map(|preamble| message.split_once(preamble));
    let text = match (reason, why.map_or(message, |(_, why)| why).trim()) {
        ("", message) => message.to_owned(),
        (reason, "") => reason.to_owned(),
        (reason, message) => format!("{reason}: {message}"),
    };
    text.chars().take(LONGEST).collect()
}

/// Whether the first condition of this type is true.
pub(super) fn is_true(conditions: &[ConditionWire], condition: &str) -> bool {
    conditions
        .iter()
        .find(|own| own.r#type == *condition)
        .is_some_and(|own| own.status == "True")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_nothing_was_made_is_said_without_names() {
        for (reason, message, wanted) in [
            (
                "FailedCreate",
                "Error creating: pods \"web-x\" is forbidden: exceeded quota: q, requested: pods=1",
                "FailedCreate: exceeded quota: q, requested: pods=1",
            ),
            (
                "FailedCreate",
                "create Pod db-0 in StatefulSet db failed error: pods \"db-0\" is forbidden: exceeded quota: q",
                "FailedCreate: exceeded quota: q",
            ),
            (
                "FailedCreate",
                "create Claim data-db-0 for Pod db-0 in StatefulSet db failed error: no storage",
                "FailedCreate: no storage",
            ),
            (
                "FailedCreate",
                "(combined from similar events): Error creating: Internal error occurred: webhook",
                "FailedCreate: Internal error occurred: webhook",
            ),
            ("FailedCreate", "", "FailedCreate"),
            ("", "no reason", "no reason"),
        ] {
            assert_eq!(&*why_not_created(reason, message), wanted, "{message}");
        }
    }
}
