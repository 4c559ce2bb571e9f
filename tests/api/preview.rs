//! The pane beside the table, over the wire.

use konn::core::app::App;

use crate::support::{Konn, cluster, plant, pod};

fn pane(app: &App) -> String {
    let lines = app.preview_sheet().map(|sheet| sheet.lines).unwrap_or_default();
    lines.iter().map(|line| line.text() + "\n").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pane_fills_and_follows_the_object() {
    let running = cluster().await;
    let mut failing = pod("shop", "web-0");
    failing["status"]["containerStatuses"][0] = serde_json::json!({"name": "c", "ready": false, "restartCount": 2,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": {"terminated": {"exitCode": 3, "reason": "Error", "startedAt": "2026-11-20T22:46:15Z", "finishedAt": "2026-11-20T22:46:16Z"}}});
    failing["spec"]["containers"][0]["command"] = serde_json::json!(["sh", "-c", "echo no configuration; exit 3"]);
    plant(&running, failing);
    plant(&running, pod("shop", "web-1"));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("tab");
    konn.settled().await;
    let text = pane(konn.app());
    for said in [
        "CrashLoopBackOff",
        "exit code 3",
        "no configuration",
        "kubectl describe pods web-0 -n shop",
    ] {
        assert!(text.contains(said), "{said} in\n{text}");
    }
    running.api.touch("pods", "shop", "web-0", |pod| {
        pod["status"]["containerStatuses"][0]["state"] = serde_json::json!({"running": {}});
        pod["status"]["containerStatuses"][0]["ready"] = true.into();
    });
    konn.until("better news", |app| pane(app).contains("1 of 1 containers ready"))
        .await;
    konn.press("j");
    konn.until("the other pod", |app| pane(app).contains("kubectl describe pods web-1"))
        .await;
}
