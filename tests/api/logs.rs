//! Logs against the mock: nothing is lost and nothing comes twice, whatever happens to pods and connections.

use jiff::{SignedDuration, Timestamp};
use konn::core::app::App;
use konn::core::event::Event;
use konn::core::outcome::Outcome;
use konn::mock::Running;
use konn::mock::faults::{Fault, Harm};
use konn::runtime::machine::Ask;
use serde_json::json;

use crate::support::{Konn, cluster, layer_text, plant, pod};

/// When the first line of all was written.
const START: &str = "2026-11-20T22:00:00Z";

fn at(line: usize) -> Timestamp {
    let start: Timestamp = START.parse().unwrap();
    start + SignedDuration::from_millis(line as i64 * 130)
}

fn write(running: &Running, pod: &str, lines: std::ops::Range<usize>) {
    for line in lines {
        running
            .api
            .written
            .write("shop", pod, "c", at(line), format!("{pod} {line:05}\n"));
    }
}

/// All of the log as text, as it would be saved.
fn saved(konn: &mut Konn) -> String {
    konn.asks.clear();
    konn.press("v");
    let page = konn.asks.iter().find_map(|ask| match ask {
        Ask::Page(task, text) => Some((*task, String::from_utf8(text.to_vec()).unwrap())),
        _ => None,
    });
    let (task, text) = page.expect("a text for the pager");
    konn.machine.event(Event::Done(task, Outcome::Paged));
    text
}

fn shows(app: &App, text: &str) -> bool {
    layer_text(app).contains(text)
}

/// What stands at the right of the title.
fn info(app: &App) -> String {
    let layer = app.layers.last().expect("a layer");
    layer.sheet(&app.layer_cx(&**layer)).info.text()
}

/// The lines that are no marks.
fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with("──")).collect()
}

fn restart(running: &Running, pod: &str, count: i64, started: &str, finished: &str) {
    running.api.touch("pods", "shop", pod, |pod| {
        pod["status"]["containerStatuses"][0]["restartCount"] = count.into();
        pod["status"]["containerStatuses"][0]["state"] = json!({"running": {"startedAt": started}});
        pod["status"]["containerStatuses"][0]["lastState"] = json!({"terminated":
            {"exitCode": 1, "reason": "Error", "startedAt": START, "finishedAt": finished}});
    });
}

async fn open(running: &Running, line: &str, keys: &str) -> Konn {
    let mut konn = Konn::open(running, "mock", line);
    konn.settled().await;
    konn.press(keys);
    konn
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_and_cut_connections_lose_no_line_and_double_none() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    write(&running, "web-0", 0..200);
    // Cut three times, in the middle of lines.
    running.api.faults.set(Fault::new("", "/log", Harm::Cut(3333)).times(3));
    let mut konn = open(&running, "pods shop", "l").await;
    konn.until("the first lines", |app| shows(app, "web-0 00199")).await;

    write(&running, "web-0", 200..300);
    konn.until("what is written later", |app| shows(app, "web-0 00299"))
        .await;
    // The last words of the run come while nobody listens; then the next run begins.
    running
        .api
        .faults
        .set(Fault::new("", "/log", Harm::Unavailable).times(1));
    running.api.written.begin("shop", "web-0", "c");
    restart(&running, "web-0", 1, &at(310).to_string(), &at(300).to_string());
    write(&running, "web-0", 310..400);
    konn.until("the next run", |app| shows(app, "web-0 00399")).await;

    // The pod's word of the restart comes by another way than its lines.
    let marked = |konn: &mut Konn| Some(saved(konn)).filter(|text| text.contains("exited 1 (Error)"));
    let text = konn.until_some("the mark", marked).await;
    let wanted: Vec<String> = (0..300)
        .chain(310..400)
        .map(|line| format!("web-0 {line:05}"))
        .collect();
    assert_eq!(lines(&text), wanted);
    let mark = text
        .lines()
        .position(|line| line.contains("exited 1 (Error)"))
        .expect("a mark");
    assert_eq!(mark, 300, "between the runs:\n{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_pods_of_a_deployment_are_merged_by_time_and_new_ones_join() {
    let running = cluster().await;
    plant(
        &running,
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"selector": {"matchLabels": {"app": "web"}}}}),
    );
    for at in 0..50 {
        plant(&running, pod("shop", &format!("web-{at}")));
    }
    // Every pod writes a line in turn.
    for line in 0..2000 {
        let pod = format!("web-{}", line % 50);
        running
            .api
            .written
            .write("shop", &pod, "c", at(line), format!("{line:05}\n"));
    }
    plant(&running, pod("shop", "other-0"));
    let mut konn = open(&running, "deployments shop", "l").await;
    konn.until("all lines", |app| info(app).contains("2,000 lines")).await;
    konn.press("P P");
    let text = saved(&mut konn);
    let wanted: Vec<String> = (0..2000).map(|line| format!("{line:05}")).collect();
    assert_eq!(lines(&text), wanted);

    running.api.written.write("shop", "web-50", "c", at(2000), "02000\n");
    plant(&running, pod("shop", "web-50"));
    konn.until("the pod that joins", |app| shows(app, "02000")).await;
    let pod = running.api.store.get("pods", "shop", "web-7").expect("a pod");
    running.api.store.delete("pods", &pod.key, pod.version).expect("gone");
    running.api.written.end("shop", "web-7", "c");
    konn.until("the mark of the one that is gone", |app| shows(app, "web-7/c is gone"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_runs_stand_with_the_crash_between_them() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    write(&running, "web-0", 0..20);
    running.api.written.begin("shop", "web-0", "c");
    restart(&running, "web-0", 1, &at(40).to_string(), &at(20).to_string());
    write(&running, "web-0", 40..60);
    let mut konn = open(&running, "pods shop", "p").await;
    konn.until("the run before", |app| shows(app, "web-0 00019")).await;
    assert!(!shows(konn.app(), "web-0 00040"));
    konn.press("p");
    konn.until("both", |app| shows(app, "web-0 00019") && shows(app, "web-0 00059"))
        .await;
    let text = saved(&mut konn);
    let wanted: Vec<String> = (0..20).chain(40..60).map(|line| format!("web-0 {line:05}")).collect();
    assert_eq!(lines(&text), wanted);
    let mark = text
        .lines()
        .position(|line| line.contains("exited 1 (Error), restart 1"));
    assert_eq!(mark, Some(20), "{text}");
    konn.press("p");
    konn.until("the present run", |app| {
        shows(app, "web-0 00059") && !shows(app, "web-0 00019")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn marked_rows_and_containers_are_shown_together() {
    let running = cluster().await;
    for at in 0..3 {
        plant(&running, pod("shop", &format!("web-{at}")));
        write(&running, &format!("web-{at}"), at..at + 1);
    }
    let mut konn = open(&running, "pods shop /web", "").await;
    konn.press("space space l");
    konn.until("two pods", |app| {
        let names = ["web-0 00000", "web-1 00001", "web-2 00002"];
        names.iter().filter(|name| shows(app, name)).count() == 2
    })
    .await;
    konn.press("esc");
    konn.press("4 enter");
    konn.settled().await;
    konn.press("l");
    konn.until("the container", |app| shows(app, "Logs pod/web-")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_read_says_so_and_a_hostile_log_only_has_text() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let hostile: &[&[u8]] = &[
        b"\x1b]0;owned\x07title\n",
        b"\x1b]52;c;b3duZWQ=\x07clip\n",
        b"\x1b[6n\x1b[c\x1bP+q544e\x1b\\query\n",
        b"\x1bPq#0;2;0;0;0~~\x1b\\sixel\n",
        b"\x1b[201~paste\n",
        b"\x1b[2J\x1b[H\x1b[?1049lscreen\n",
        b"\xff\xfe\xc3(bytes\n",
        b"\x1b[31mred\x1b[0m\n",
    ];
    for (line, bytes) in hostile.iter().enumerate() {
        running.api.written.write("shop", "web-0", "c", at(line), *bytes);
    }
    running
        .api
        .written
        .write("shop", "web-0", "c", at(20), vec![b'x'; 1 << 20]);
    running.api.written.write("shop", "web-0", "c", at(21), "\nlast\n");
    let mut konn = open(&running, "pods shop", "l").await;
    konn.until("the lines", |app| shows(app, "last") && shows(app, "red"))
        .await;
    let app = konn.app();
    let layer = app.layers.last().expect("a layer");
    let sheet = layer.sheet(&app.layer_cx(&**layer));
    for line in &sheet.lines {
        assert!(!line.text().chars().any(char::is_control), "{:?}", line.text());
    }
    let text = layer_text(konn.app());
    for word in ["title", "clip", "query", "sixel", "paste", "screen", "bytes"] {
        assert!(text.lines().any(|line| line.trim().ends_with(word)), "{word}:\n{text}");
    }
    assert!(!text.contains("owned"), "{text}");

    let mut refused = open(&running, "pods shop", "").await;
    running.api.faults.set(Fault::new("", "/log", Harm::Unauthorized));
    refused.press("l");
    refused
        .until("what broke", |app| {
            let layer = app.layers.last();
            layer.is_some_and(|layer| {
                layer
                    .sheet(&app.layer_cx(&**layer))
                    .info
                    .text()
                    .contains("trying again")
            })
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_goes_in_while_keys_are_answered() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let lines = 100_000usize;
    let mut text = Vec::new();
    for line in 0..lines {
        text.extend_from_slice(
            format!(
                "2026-11-20T22:00:{:02}.{:09}Z burst {line:06}\n",
                line / 2000,
                line % 2000
            )
            .as_bytes(),
        );
    }
    // One write of many lines, each with its own time: only the first is stamped by the mock.
    let text = text.split_off("2026-11-20T22:00:00.000000000Z ".len());
    running.api.written.write("shop", "web-0", "c", at(0), text);
    let mut konn = open(&running, "pods shop", "l").await;
    konn.press("0");
    konn.until("some lines", |app| shows(app, "burst ")).await;
    // The end comes in while the top is looked at.
    konn.press("g g");
    konn.until("the top", |app| {
        shows(app, "burst 000000") || shows(app, "burst 000001")
    })
    .await;
    konn.until("all of it", |app| info(app).contains("100,000 lines")).await;
    assert!(shows(konn.app(), "burst 000000"), "the view stays where it is");
    konn.press("/");
    konn.type_text("burst 099999");
    konn.press("enter");
    konn.until("the last line, found", |app| shows(app, "burst 099999"))
        .await;
    konn.press("esc G");
    konn.until("the end", |app| shows(app, "burst 099999")).await;
    let all = saved(&mut konn);
    assert_eq!(all.lines().count(), lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_has_not_started_says_what_it_waits_for() {
    let running = cluster().await;
    let mut waits = pod("shop", "web-0");
    waits["spec"]["containers"] = json!([{"name": "c", "image": "nginx:9"}, {"name": "side", "image": "busybox"}]);
    let waiting = json!({"waiting": {"reason": "ErrImagePull", "message": "no such tag"}});
    waits["status"]["containerStatuses"] = json!([{"name": "c", "restartCount": 0, "state": waiting}]);
    plant(&running, waits);
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("l");
    konn.until("the reason", |app| {
        shows(app, "web-0/c has not started: ErrImagePull no such tag")
    })
    .await;
    // Beside one that runs it is a word in the title.
    running.api.touch("pods", "shop", "web-0", |pod| {
        let running = json!({"name": "side", "restartCount": 0, "state": {"running": {"startedAt": START}}});
        pod["status"]["containerStatuses"].as_array_mut().unwrap().push(running);
    });
    konn.until("the word", |app| info(app).contains("✗ c ErrImagePull"))
        .await;
    // Nothing was restarted: there is no run before.
    running.api.touch("pods", "shop", "web-0", |pod| {
        pod["status"]["containerStatuses"][0]["state"] = json!({"running": {"startedAt": START}});
    });
    konn.press("p");
    konn.until("why there is none", |app| shows(app, "no run before")).await;
}
