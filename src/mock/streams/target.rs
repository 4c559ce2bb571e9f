//! Which container a connection is for, and whether there is one: first what the API server looks at, then the kubelet.

use serde_json::Value;

use crate::mock::server::{ApiError, Call, chosen_container, stored_pod};

/// A container of a pod.
#[derive(Clone, Debug)]
pub struct Target {
    /// The pod.
    pub pod: Value,
    /// The container's part of its spec.
    pub container: Value,
    /// Its name.
    pub name: String,
}

/// The lists of a pod's spec and status in which containers stand.
const LISTS: [(&str, &str); 3] = [
    ("containers", "containerStatuses"),
    ("initContainers", "initContainerStatuses"),
    ("ephemeralContainers", "ephemeralContainerStatuses"),
];

/// The pod that a call names.
///
/// # Errors
/// 404; 400 for one that has no node.
pub fn pod(call: &Call) -> Result<Value, ApiError> {
    let pod = stored_pod(call)?;
    on_node(call, &pod)?;
    Ok(pod)
}

fn on_node(call: &Call, pod: &Value) -> Result<(), ApiError> {
    if pod["spec"]["nodeName"].as_str().is_none_or(str::is_empty) {
        let message = format!("pod {} does not have a host assigned", call.name);
        return Err(ApiError::bad_request(message));
    }
    Ok(())
}

/// The container that a call names, else the only one.
///
/// # Errors
/// 400.
pub fn container(call: &Call, pod: Value) -> Result<Target, ApiError> {
    let name = chosen_container(call, &pod)?;
    on_node(call, &pod)?;
    let container = LISTS.iter().find_map(|(list, _)| find(&pod["spec"][*list], &name));
    Ok(Target {
        container: container.unwrap_or_default(),
        pod,
        name,
    })
}

fn find(list: &Value, name: &str) -> Option<Value> {
    list.as_array()?.iter().find(|known| known["name"] == name).cloned()
}

impl Target {
    /// Since when the container runs.
    ///
    /// # Errors
    /// The kubelet's words for one that does not.
    pub fn started(&self) -> Result<String, String> {
        let status = LISTS
            .iter()
            .find_map(|(_, list)| find(&self.pod["status"][*list], &self.name))
            .unwrap_or_default();
        let running = &status["state"]["running"];
        if running.is_object() {
            return Ok(running["startedAt"].as_str().unwrap_or_default().to_owned());
        }
        Err(format!(
            "unable to upgrade connection: container not found ({:?})",
            self.name
        ))
    }
}

/// Waits until the container no longer runs as it did.
pub async fn gone(call: &Call, target: &Target, started: &str) {
    loop {
        call.api.clock.sleep(std::time::Duration::from_secs(1)).await;
        let now = stored_pod(call).ok();
        let runs = now.is_some_and(|pod| {
            let same = pod["metadata"]["uid"] == target.pod["metadata"]["uid"];
            let target = Target { pod, ..target.clone() };
            same && target.started().as_deref() == Ok(started)
        });
        if !runs {
            return;
        }
    }
}
