//! `exec`: a command in a container.

use std::sync::Arc;

use super::channels::Channels;
use super::status;
use super::target::{Target, gone};
use crate::mock::files::{image, open, running_environment};
use crate::mock::server::Call;
use crate::mock::shell::{Machine, start};

/// Killed, as what is left of a container that ends.
const KILLED: i32 = 137;

/// Runs the command that a call asks for until it ends, the client goes or the container does.
pub async fn run(call: Call, target: Target, channels: Channels) {
    let started = match target.started() {
        Ok(started) => started,
        Err(why) => return channels.end(status::of_failure(&why)).await,
    };
    let command: Vec<String> = call.query.all("command").map(str::to_owned).collect();
    let machine = machine(&call, &target, &channels);
    let files = open(&call.api, &target.pod, &target.container, &started);
    let variables = running_environment(&call.api, &target.pod, &target.container);
    let left = channels.left.clone();
    let io = channels.io.clone();
    let ended = tokio::select! {
        ended = start(machine, files, variables, io, &command) => ended,
        () = gone(&call, &target, &started) => Ok(KILLED),
        () = left.cancelled() => return,
    };
    let told = match ended {
        Ok(code) => status::of_exit(code),
        Err(refused) => {
            let id = call.api.ids.uid().replace('-', "");
            status::of_refusal(&format!("{id}{id}"), &refused.0)
        }
    };
    channels.end(told).await;
}

/// What a shell of a connection runs on.
pub fn machine(call: &Call, target: &Target, channels: &Channels) -> Arc<Machine> {
    Arc::new(Machine {
        image: image(target.container["image"].as_str().unwrap_or_default()),
        pod: target.pod.clone(),
        container: target.container.clone(),
        clock: call.api.clock.clone(),
        terminal: channels.terminal.clone(),
    })
}
