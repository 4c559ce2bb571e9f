//! The subresources that are connections: exec, attach and port-forward, over WebSockets.

mod attach;
mod channels;
mod exec;
mod forward;
mod status;
mod target;

use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::Response;
use http::request::Parts;

use super::server::{ApiError, Call, stored_pod};

/// How large a message may be that is sent at once.
const MESSAGE: usize = 32 * 1024;

/// Answers a connection's request.
///
/// # Errors
/// 404 for the pod; 400 for one that no node runs, a container that it does not have, and a request that is no upgrade.
pub async fn connect(call: Call, sub: &str, parts: &mut Parts) -> Result<Response, ApiError> {
    let pod = if sub == "portforward" {
        target::pod(&call)?
    } else {
        stored_pod(&call)?
    };
    let upgrade = WebSocketUpgrade::from_request_parts(parts, &()).await;
    let upgrade = |protocols: &'static [&'static str]| {
        let upgrade = upgrade.map_err(|_| ApiError::bad_request("Upgrade request required"))?;
        let upgrade = upgrade.protocols(protocols.iter().copied()).write_buffer_size(0);
        match upgrade.selected_protocol().and_then(|chosen| chosen.to_str().ok()) {
            Some(chosen) => {
                let chosen = chosen.to_owned();
                Ok((upgrade, chosen))
            }
            None => Err(ApiError::bad_request(format!(
                "unable to upgrade: unable to negotiate protocol: client supports none of {protocols:?}"
            ))),
        }
    };
    if sub == "portforward" {
        let (upgrade, protocol) = upgrade(&forward::PROTOCOLS)?;
        return Ok(forward::answer(call, pod, upgrade, &protocol));
    }
    let target = target::container(&call, pod)?;
    let asked = channels::Asked::of(&call);
    let (upgrade, protocol) = upgrade(&channels::PROTOCOLS)?;
    let closes = protocol == channels::PROTOCOLS[0];
    let exec = sub == "exec";
    Ok(upgrade.on_upgrade(move |socket| async move {
        let (channels, carrier) = channels::open(socket, asked, closes);
        let carried = tokio::spawn(carrier);
        if exec {
            exec::run(call, target, channels).await;
        } else {
            attach::run(call, target, channels).await;
        }
        // What was written last must have left before the connection is let go.
        carried.await.ok();
    }))
}
