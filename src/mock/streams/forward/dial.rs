//! A connection to a port of a pod: to the server that every practice pod runs, if something listens there.

use serde_json::Value;
use tokio::io::DuplexStream;

use super::echo;
use crate::mock::controllers::served_port;
use crate::mock::server::{Call, stored_pod};

/// How much may be under way in each direction.
const BUFFER: usize = 256 * 1024;

/// Connects to a port.
///
/// # Errors
/// What the container runtime says of a port at which nobody listens.
pub fn dial(call: &Call, pod: &Value, port: u16) -> Result<DuplexStream, String> {
    let now = stored_pod(call)
        .ok()
        .filter(|now| now["metadata"]["uid"] == pod["metadata"]["uid"]);
    if let Some(pod) = now.filter(|pod| listens(pod, port)) {
        let (client, server) = tokio::io::duplex(BUFFER);
        echo::serve(server, &pod, port);
        return Ok(client);
    }
    let sandbox = sandbox(pod);
    let space = format!(
        "/var/run/netns/cni-{}",
        pod["metadata"]["uid"].as_str().unwrap_or_default()
    );
    Err(format!(
        "error forwarding port {port} to pod {sandbox}, uid : failed to execute portforward in network namespace \
         {space:?}: failed to connect to localhost:{port} inside namespace {space:?}, IPv4: dial tcp4 \
         127.0.0.1:{port}: connect: connection refused IPv6 dial tcp6 [::1]:{port}: connect: connection refused "
    ))
}

fn sandbox(pod: &Value) -> String {
    let digits = pod["metadata"]["uid"].as_str().unwrap_or_default().replace('-', "");
    format!("{digits}{digits}")
}

/// Whether a running container of the pod serves a port: one that it declares, or its image's own.
fn listens(pod: &Value, port: u16) -> bool {
    let running = |name: &Value| {
        let statuses = pod["status"]["containerStatuses"].as_array().into_iter().flatten();
        statuses
            .into_iter()
            .any(|status| status["name"] == *name && status["state"]["running"].is_object())
    };
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    containers
        .into_iter()
        .filter(|container| running(&container["name"]))
        .any(|container| {
            let mut declared = container["ports"].as_array().into_iter().flatten();
            declared.any(|declared| {
                declared["containerPort"] == port && matches!(declared["protocol"].as_str(), None | Some("TCP"))
            }) || served_port(container["image"].as_str().unwrap_or_default()) == Some(port)
        })
}
