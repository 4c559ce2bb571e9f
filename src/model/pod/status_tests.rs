//! The branches of `printPod`, one case each.

use crate::model::{Health, Pod, Projection, decode};

/// A pod with `containers` (names), init containers (`+name` for a sidecar) and a status.
fn pod(containers: &str, init: &str, deleting: bool, status: &str) -> Pod {
    let specs = |names: &str| {
        let spec = |name: &str| match name.strip_prefix('+') {
            Some(sidecar) => format!(r#"{{"name":"{sidecar}","restartPolicy":"Always"}}"#),
            None => format!(r#"{{"name":"{name}"}}"#),
        };
        names.split_whitespace().map(spec).collect::<Vec<_>>().join(",")
    };
    let deleting = if deleting {
        r#","deletionTimestamp":"2026-11-20T22:00:00Z""#
    } else {
        ""
    };
    decode(&format!(
        r#"{{"metadata":{{"name":"p"{deleting}}},"spec":{{"containers":[{}],"initContainers":[{}]}},"status":{{{status}}}}}"#,
        specs(containers),
        specs(init)
    ))
    .unwrap()
}

/// `containerStatuses` and `initContainerStatuses` of `(name, started and ready, restarts, state)`.
fn statuses(key: &str, containers: &[(&str, bool, u32, &str)]) -> String {
    let one = |(name, up, restarts, state): &(&str, bool, u32, &str)| {
        format!(r#"{{"name":"{name}","ready":{up},"started":{up},"restartCount":{restarts},"state":{{{state}}}}}"#)
    };
    format!(
        r#""{key}":[{}]"#,
        containers.iter().map(one).collect::<Vec<_>>().join(",")
    )
}

const RUNNING: &str = r#""running":{}"#;
const DONE: &str = r#""terminated":{"exitCode":0,"reason":"Completed"}"#;
const ERROR: &str = r#""terminated":{"exitCode":1,"reason":"Error"}"#;
const EXIT: &str = r#""terminated":{"exitCode":5}"#;
const SIGNAL: &str = r#""terminated":{"exitCode":137,"signal":9}"#;
const WAITING: &str = r#""waiting":{"reason":"CrashLoopBackOff"}"#;
const INITIALIZING: &str = r#""waiting":{"reason":"PodInitializing"}"#;
const WAITING_SILENTLY: &str = r#""waiting":{}"#;
const READY: &str = r#""conditions":[{"type":"Ready","status":"True"}]"#;

fn seen(pod: &Pod) -> (String, &str, u32, Health) {
    (pod.ready_text(), pod.status(), pod.restarts(), pod.health())
}

#[test]
fn containers_decide_once_initialized() {
    for (states, conditions, ready, status, health) in [
        ([RUNNING, RUNNING], "", "2/2", "Running", Health::Good),
        ([RUNNING, WAITING], "", "1/2", "CrashLoopBackOff", Health::Bad),
        ([WAITING, ERROR], "", "0/2", "CrashLoopBackOff", Health::Bad),
        ([ERROR, WAITING], "", "0/2", "Error", Health::Bad),
        ([EXIT, RUNNING], "", "1/2", "ExitCode:5", Health::Bad),
        ([SIGNAL, RUNNING], "", "1/2", "Signal:9", Health::Bad),
        ([DONE, RUNNING], READY, "1/2", "Running", Health::Warn),
        ([DONE, RUNNING], "", "1/2", "NotReady", Health::Warn),
        ([DONE, ERROR], "", "0/2", "Error", Health::Bad),
        ([DONE, EXIT], READY, "0/2", "ExitCode:5", Health::Bad),
        ([DONE, DONE], "", "0/2", "Completed", Health::Neutral),
        ([DONE, WAITING], "", "0/2", "Completed", Health::Neutral),
        ([WAITING_SILENTLY, RUNNING], "", "1/2", "Running", Health::Warn),
    ] {
        let [a, b] = states;
        let up = |state| state == RUNNING;
        let containers = statuses("containerStatuses", &[("a", up(a), 1, a), ("b", up(b), 2, b)]);
        let comma = if conditions.is_empty() { "" } else { "," };
        let pod = pod(
            "a b",
            "",
            false,
            &format!(r#""phase":"Running",{containers}{comma}{conditions}"#),
        );
        assert_eq!(
            seen(&pod),
            (ready.to_owned(), status, 3, health),
            "{states:?} {conditions}"
        );
    }
}

#[test]
fn an_error_among_three_wins_over_not_ready() {
    let containers = [("a", false, 0, DONE), ("b", true, 0, RUNNING), ("c", false, 0, ERROR)];
    let status = format!(r#""phase":"Running",{}"#, statuses("containerStatuses", &containers));
    assert_eq!(
        seen(&pod("a b c", "", false, &status)),
        ("1/3".to_owned(), "Error", 0, Health::Bad)
    );
    let ready = pod("a b c", "", false, &format!("{status},{READY}"));
    assert_eq!(ready.status(), "Running");
}

#[test]
fn init_containers_decide_before() {
    for (states, ready, status, restarts, health) in [
        ([INITIALIZING, INITIALIZING], "0/2", "Init:0/2", 1, Health::Busy),
        ([RUNNING, INITIALIZING], "0/2", "Init:0/2", 1, Health::Busy),
        ([DONE, RUNNING], "1/2", "Running", 3, Health::Warn),
        ([DONE, WAITING], "0/2", "Init:CrashLoopBackOff", 3, Health::Bad),
        ([WAITING, WAITING], "0/2", "Init:CrashLoopBackOff", 1, Health::Bad),
        ([ERROR, DONE], "0/2", "Init:Error", 1, Health::Bad),
        ([EXIT, DONE], "0/2", "Init:ExitCode:5", 1, Health::Bad),
        ([SIGNAL, DONE], "0/2", "Init:Signal:9", 1, Health::Bad),
        ([DONE, WAITING_SILENTLY], "0/2", "Init:1/2", 3, Health::Busy),
    ] {
        let [a, b] = states;
        let up = |state| state == RUNNING;
        // The second is a sidecar.
        let init = statuses("initContainerStatuses", &[("i", up(a), 1, a), ("s", up(b), 2, b)]);
        let containers = statuses("containerStatuses", &[("c", false, 1, WAITING_SILENTLY)]);
        let pod = pod("c", "i +s", false, &format!(r#""phase":"Running",{init},{containers}"#));
        assert_eq!(seen(&pod), (ready.to_owned(), status, restarts, health), "{states:?}");
    }
}

#[test]
fn the_initialized_condition_lets_the_containers_decide() {
    let init = statuses("initContainerStatuses", &[("s", false, 4, WAITING)]);
    let containers = statuses("containerStatuses", &[("c", true, 1, RUNNING)]);
    let conditions = r#""conditions":[{"type":"Initialized","status":"True"}]"#;
    let running = pod(
        "c",
        "+s",
        false,
        &format!(r#""phase":"Running",{init},{containers},{conditions}"#),
    );
    // The reason stays: no container gives another.
    assert_eq!(
        seen(&running),
        ("1/2".to_owned(), "Init:CrashLoopBackOff", 5, Health::Bad)
    );
}

#[test]
fn the_pod_itself_has_reasons() {
    for (deleting, status, expected) in [
        (false, "", ("0/1".to_owned(), "", 0, Health::Busy)),
        (
            false,
            r#""phase":"Pending""#,
            ("0/1".to_owned(), "Pending", 0, Health::Busy),
        ),
        (
            false,
            r#""phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable"}]"#,
            ("0/1".to_owned(), "Pending", 0, Health::Warn),
        ),
        (
            false,
            r#""phase":"Pending","reason":"x","conditions":[{"type":"PodScheduled","reason":"SchedulingGated"}]"#,
            ("0/1".to_owned(), "SchedulingGated", 0, Health::Warn),
        ),
        (
            false,
            r#""phase":"Failed","reason":"Evicted""#,
            ("0/1".to_owned(), "Evicted", 0, Health::Bad),
        ),
        (
            false,
            r#""phase":"Succeeded""#,
            ("0/1".to_owned(), "Succeeded", 0, Health::Neutral),
        ),
        (
            true,
            r#""phase":"Running""#,
            ("0/1".to_owned(), "Terminating", 0, Health::Busy),
        ),
        (
            true,
            r#""phase":"Running","reason":"NodeLost""#,
            ("0/1".to_owned(), "Unknown", 0, Health::Bad),
        ),
        (
            true,
            r#""phase":"Failed","reason":"Evicted""#,
            ("0/1".to_owned(), "Evicted", 0, Health::Bad),
        ),
        (
            true,
            r#""phase":"Succeeded""#,
            ("0/1".to_owned(), "Succeeded", 0, Health::Neutral),
        ),
    ] {
        assert_eq!(seen(&pod("c", "", deleting, status)), expected, "{deleting} {status}");
    }
}

#[test]
fn restarts_tell_the_newest_end() {
    let last = |at: &str| format!(r#""restartCount":1,"lastState":{{"terminated":{{"finishedAt":"{at}"}}}}"#);
    let status = format!(
        r#""phase":"Running","containerStatuses":[{{"name":"a",{}}},{{"name":"b",{}}},{{"name":"c","restartCount":1}}]"#,
        last("2026-11-20T22:00:00Z"),
        last("2026-11-20T22:30:00Z")
    );
    let now = "2026-11-20T22:35:30Z".parse().unwrap();
    assert_eq!(pod("a b c", "", false, &status).restarts_text(now), "3 (5m30s ago)");
    assert_eq!(pod("a", "", false, "").restarts_text(now), "0");
    let unknown = r#""containerStatuses":[{"name":"a","restartCount":4}]"#;
    assert_eq!(pod("a", "", false, unknown).restarts_text(now), "4");
}
