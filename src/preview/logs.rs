//! The last words of the container that fails.

use serde_json::Value;

use super::{Page, Seen};
use crate::core::text::Tone;
use crate::describe::Read;

/// How many lines of a log are asked for.
pub const LOG_LINES: u32 = 10;

/// How many of them are told.
const TOLD: usize = 6;

/// A log that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogNeed {
    /// The container.
    pub container: String,
    /// Whether the run before this one is meant.
    pub previous: bool,
    /// How often the container was started again: another run has another log.
    pub restarts: i64,
}

/// What became of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Log {
    /// None is wanted, or it has not arrived.
    #[default]
    None,
    /// The end of the log.
    Text(String),
    /// It could not be read, and why.
    Refused(String),
}

/// The log of the first container that failed and is not ready again. Of one that waits to be started again the kubelet
/// gives the last run's log; of one that runs again the run before tells why.
pub(super) fn need(pod: &Value) -> Option<LogNeed> {
    let status = pod.key("status");
    let lists = ["initContainerStatuses", "containerStatuses"].map(|list| status.key(list).list());
    lists.into_iter().flatten().find_map(|status| {
        let failed = |state: &str| {
            let ended = status.key(state).key("terminated");
            ended.is_set() && ended.key("exitCode").int() != 0
        };
        let ready = status.key("ready").truth();
        if ready || !(failed("state") || failed("lastState")) {
            return None;
        }
        Some(LogNeed {
            container: status.key("name").show(),
            previous: status.at("state.running").is_set(),
            restarts: status.key("restartCount").int(),
        })
    })
}

/// Says the last lines.
pub(super) fn say(seen: &Seen, page: &mut Page) {
    let Some(need) = need(seen.object) else { return };
    page.section(seen.lang.f("preview.last_words", &[("name", &need.container)]));
    match seen.log {
        Log::None => {}
        Log::Refused(why) => page.note(Tone::Warn, why),
        Log::Text(text) => {
            let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
            if lines.is_empty() {
                page.say(Tone::Muted, seen.lang.t("preview.silent"));
            }
            for line in lines.iter().skip(lines.len().saturating_sub(TOLD)) {
                page.say(Tone::Plain, format!("  {line}"));
            }
        }
    }
}
