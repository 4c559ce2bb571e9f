//! Single pods: what fails, and how the kubelet tells it.

use serde_json::Value;

use super::lab::{Lab, pod, text};

#[tokio::test]
async fn two_servers_on_one_port() {
    let mut lab = Lab::new().await;
    lab.apply(
        "apiVersion: v1
kind: Pod
metadata: {name: two-webserver}
spec: {containers: [{name: httpd, image: \"httpd:2.4\"}, {name: nginx, image: \"nginx:1.21\"}]}",
    )
    .await;
    let mut reasons = Vec::new();
    for _ in 0..60 {
        lab.pass(1);
        let status = &lab.pod("two-webserver").await["status"]["containerStatuses"];
        let reason = text(&status[1]["state"]["waiting"]["reason"]);
        if !reason.is_empty() && reasons.last() != Some(&reason) {
            reasons.push(reason);
        }
        assert_eq!(status[0]["restartCount"], 0);
    }
    assert!(
        reasons.contains(&"CrashLoopBackOff".to_owned())
            || lab.reasons("two-webserver").await.contains(&"BackOff".to_owned())
    );
    let log = lab
        .get("/api/v1/namespaces/default/pods/two-webserver/log?container=nginx")
        .await;
    assert!(
        text(&log).contains("bind() to 0.0.0.0:80 failed (98: Address already in use)"),
        "{log}"
    );
}

#[tokio::test]
async fn liveness_restarts() {
    let mut lab = Lab::new().await;
    lab.apply(
        "apiVersion: v1
kind: Pod
metadata: {name: liveness-exec}
spec:
  containers:
  - name: c
    image: \"busybox:1.36\"
    command: [/bin/sh, -c, \"touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600\"]
    livenessProbe: {exec: {command: [cat, /tmp/healthy]}, periodSeconds: 5, failureThreshold: 2}",
    )
    .await;
    lab.pass(25);
    assert_eq!(
        lab.pod("liveness-exec").await["status"]["containerStatuses"][0]["restartCount"],
        0
    );
    lab.pass(60);
    let said = lab.events("liveness-exec").await;
    let of = |reason: &str| {
        said.iter()
            .find(|(known, _)| known == reason)
            .map(|(_, message)| message.as_str())
    };
    assert_eq!(
        of("Unhealthy"),
        Some("Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory\n")
    );
    assert_eq!(
        of("Killing"),
        Some("Container c failed liveness probe, will be restarted")
    );
    let restarts = |pod: &Value| pod["status"]["containerStatuses"][0]["restartCount"].as_i64().unwrap();
    let first = restarts(&lab.pod("liveness-exec").await);
    lab.pass(120);
    assert!(first >= 1 && restarts(&lab.pod("liveness-exec").await) > first);
}

#[tokio::test]
async fn an_image_that_is_not_there() {
    let mut lab = Lab::new().await;
    lab.apply(&pod("typo", "").replace("nginx:1.21", "registry.invalid/nginx:1"))
        .await;
    lab.pass(40);
    let reason = text(&lab.pod("typo").await["status"]["containerStatuses"][0]["state"]["waiting"]["reason"]);
    assert!(
        ["ErrImagePull", "ImagePullBackOff"].contains(&reason.as_str()),
        "{reason}"
    );
    let said = lab.events("typo").await;
    let messages: Vec<&str> = said.iter().map(|(_, message)| message.as_str()).collect();
    assert!(
        messages.contains(&"Error: ErrImagePull") && messages.contains(&"Error: ImagePullBackOff"),
        "{messages:?}"
    );
    assert!(
        messages.contains(&"Back-off pulling image \"registry.invalid/nginx:1\""),
        "{messages:?}"
    );
}

#[tokio::test]
async fn more_memory_than_the_limit() {
    let mut lab = Lab::new().await;
    lab.apply(
        "apiVersion: v1
kind: Pod
metadata: {name: oom}
spec:
  containers:
  - {name: c, image: polinux/stress, command: [stress], args: [--vm, \"1\", --vm-bytes, 250M], resources: {limits: {memory: 100Mi}}}",
    )
    .await;
    lab.pass(30);
    let status = lab.pod("oom").await["status"]["containerStatuses"][0].clone();
    let ended = [&status["state"]["terminated"], &status["lastState"]["terminated"]];
    assert!(
        ended
            .iter()
            .any(|ended| ended["reason"] == "OOMKilled" && ended["exitCode"] == 137),
        "{status}"
    );
    assert!(status["restartCount"].as_i64().unwrap() >= 1);
}

#[tokio::test]
async fn settings_come_before_the_container() {
    let mut lab = Lab::new().await;
    lab.apply(
        "apiVersion: v1
kind: Pod
metadata: {name: mypod}
spec:
  containers:
  - name: c
    image: nginx:1.21
    env: [{name: APP_NAME, valueFrom: {configMapKeyRef: {name: app-setting, key: APP_NAME}}}]",
    )
    .await;
    lab.pass(5);
    let state = lab.pod("mypod").await["status"]["containerStatuses"][0]["state"]["waiting"].clone();
    assert_eq!(
        (text(&state["reason"]).as_str(), text(&state["message"]).as_str()),
        ("CreateContainerConfigError", "configmap \"app-setting\" not found")
    );
    lab.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app-setting}\ndata: {APP_NAME: MyApp}")
        .await;
    lab.pass(15);
    assert_eq!(lab.pod("mypod").await["status"]["phase"], "Running");
}
