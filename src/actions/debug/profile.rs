//! What a debug container may do, as the profiles of `kubectl debug` have it (`profiles.go` in kubectl's `debug`).

use serde_json::{Value, json};

/// The profiles that are offered, the usual one first. `legacy` is on its way out of kubectl, and is left out.
pub const PROFILES: [&str; 5] = ["general", "baseline", "restricted", "netadmin", "sysadmin"];

/// Those for nodes: the others leave the host out of reach.
pub const NODE_PROFILES: [&str; 2] = ["general", "sysadmin"];

/// The security context of a debug container beside others; null for one that has none.
pub fn beside(profile: &str) -> Value {
    match profile {
        "general" => json!({"capabilities": {"add": ["SYS_PTRACE"]}}),
        "restricted" => json!({"runAsNonRoot": true, "capabilities": {"drop": ["ALL"]},
            "allowPrivilegeEscalation": false, "seccompProfile": {"type": "RuntimeDefault"}}),
        "netadmin" => json!({"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}}),
        "sysadmin" => json!({"privileged": true}),
        _ => Value::Null,
    }
}

/// The security context of a debug container on a node; null for one that has none.
pub fn on_node(profile: &str) -> Value {
    match profile {
        "sysadmin" => json!({"privileged": true}),
        _ => Value::Null,
    }
}
