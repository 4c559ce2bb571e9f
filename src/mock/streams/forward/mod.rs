//! `portforward`: connections to the ports of a pod, in both ways in which clients carry them.

mod channels;
mod dial;
mod echo;
mod headers;
mod spdy;
mod tunnel;

use axum::extract::ws::WebSocketUpgrade;
use axum::response::Response;
use serde_json::Value;

use crate::mock::server::Call;

/// What is spoken: SPDY in a WebSocket, as kubectl does, and two channels for each port, as others do.
pub const PROTOCOLS: [&str; 4] = [
    "SPDY/3.1+portforward.k8s.io",
    "v5.channel.k8s.io",
    "v4.channel.k8s.io",
    "portforward.k8s.io",
];

/// Answers with the upgrade, and carries connections over it until the client goes.
pub fn answer(call: Call, pod: Value, upgrade: WebSocketUpgrade, protocol: &str) -> Response {
    if protocol == PROTOCOLS[0] {
        return upgrade.on_upgrade(move |socket| tunnel::carry(socket, call, pod));
    }
    let ports: Vec<u16> = call
        .query
        .all("ports")
        .flat_map(|ports| ports.split(','))
        .filter_map(|port| port.trim().parse().ok())
        .collect();
    upgrade.on_upgrade(move |socket| channels::carry(socket, call, pod, ports))
}
