//! How a command ended, as the error channel tells it.

use serde_json::{Value, json};

/// The `Status` of an exit code, as the kubelet and `codeExitToStatusError` write it.
#[must_use]
pub fn of_exit(code: i32) -> Value {
    if code == 0 {
        return json!({"metadata": {}, "status": "Success"});
    }
    json!({
        "metadata": {}, "status": "Failure",
        "message": format!("command terminated with non-zero exit code: command terminated with exit code {code}"),
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": code.to_string()}]},
    })
}

/// The `Status` of a command that did not start: `NewInternalError`.
#[must_use]
pub fn of_failure(why: &str) -> Value {
    json!({
        "metadata": {}, "status": "Failure",
        "message": format!("Internal error occurred: {why}"),
        "reason": "InternalError",
        "details": {"causes": [{"message": why}]},
        "code": 500,
    })
}

/// What a runtime makes of a program that it cannot start: the kubelet wraps it before the API server does.
#[must_use]
pub fn of_refusal(exec: &str, why: &str) -> Value {
    let told = format!(
        "error executing command in container: failed to exec in container: failed to start exec {exec:?}: {why}"
    );
    of_failure(&format!("Internal error occurred: {told}"))
}
