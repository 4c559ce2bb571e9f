//! `attach`: to a container's main process. Its output is what its log gets from now on; a shell can be typed at.

use serde_json::json;

use super::channels::Channels;
use super::status;
use super::target::{Target, gone};
use crate::mock::clock::rfc3339;
use crate::mock::controllers::course;
use crate::mock::files::{open, running_environment};
use crate::mock::logs::Live;
use crate::mock::server::Call;
use crate::mock::shell::start;

/// Connects to the main process until it ends or the client goes.
pub async fn run(call: Call, target: Target, channels: Channels) {
    let started = match target.started() {
        Ok(started) => started,
        Err(why) => return channels.end(status::of_failure(&why)).await,
    };
    if shell(&target) {
        return typed(call, target, channels, &started).await;
    }
    let left = channels.left.clone();
    tokio::select! {
        () = shown(&call, &target, &channels) => {}
        () = gone(&call, &target, &started) => {}
        () = left.cancelled() => return,
    }
    channels.end(status::of_exit(0)).await;
}

/// Whether the main process is a shell that waits for input.
fn shell(target: &Target) -> bool {
    let course = course(&target.pod, &target.container);
    target.container["stdin"] == true && course.ends.is_none() && course.log.is_empty()
}

async fn shown(call: &Call, target: &Target, channels: &Channels) {
    let Some(mut live) = Live::of(&call.api, &target.pod, &target.name) else {
        return;
    };
    loop {
        call.api.clock.sleep(std::time::Duration::from_secs(1)).await;
        let fresh: String = live
            .fresh(call.api.clock.now())
            .iter()
            .map(|line| format!("{line}\n"))
            .collect();
        if channels.io.out.write(fresh).await.is_err() {
            return;
        }
    }
}

/// A main process that is a shell ends with what is typed at it, and the container with it.
async fn typed(call: Call, target: Target, channels: Channels, started: &str) {
    let machine = super::exec::machine(&call, &target, &channels);
    let files = open(&call.api, &target.pod, &target.container, started);
    let variables = running_environment(&call.api, &target.pod, &target.container);
    let words = |field: &str| target.container[field].as_array().into_iter().flatten();
    let mut command: Vec<String> = words("command")
        .chain(words("args"))
        .filter_map(|word| word.as_str().map(str::to_owned))
        .collect();
    if command.is_empty() {
        command = vec![machine.image.shells.last().cloned().unwrap_or_else(|| "sh".to_owned())];
    }
    let (left, io) = (channels.left.clone(), channels.io.clone());
    let code = tokio::select! {
        ended = start(machine, files, variables, io, &command) => ended.unwrap_or(127),
        () = gone(&call, &target, started) => 0,
        () = left.cancelled() => return,
    };
    end(&call, &target, started, code);
    // The kubelet tells of no code here: whoever wants it looks at the pod.
    channels.end(status::of_exit(0)).await;
}

/// Writes the end of the main process into the pod's status, as the runtime tells the kubelet.
fn end(call: &Call, target: &Target, started: &str, code: i32) {
    let now = rfc3339(call.api.clock.now());
    let reason = if code == 0 { "Completed" } else { "Error" };
    call.api.touch(&call.kind.table, call.namespace(), &call.name, |pod| {
        for list in [
            "containerStatuses",
            "initContainerStatuses",
            "ephemeralContainerStatuses",
        ] {
            for status in pod["status"][list].as_array_mut().into_iter().flatten() {
                if status["name"] == target.name.as_str() && status["state"]["running"]["startedAt"] == started {
                    let id = status["containerID"].clone();
                    status["state"] = json!({"terminated": {"exitCode": code, "reason": reason, "startedAt": started,
                        "finishedAt": now, "containerID": id}});
                    status["ready"] = false.into();
                    status["started"] = false.into();
                }
            }
        }
    });
}
