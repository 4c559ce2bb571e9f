//! Tables that are made of several watches, releases, and columns that are read of whole objects.

use konn::core::app::App;
use konn::core::columns::UserColumn;
use konn::runtime::machine::Machine;
use serde_json::{Value, json};

use crate::support::{Konn, cluster, hurrying, layer_text, names, plant, pod, table};

fn cells(konn: &Konn, title: &str) -> Vec<String> {
    let app = konn.app();
    let Some(screen) = app.screen() else { return Vec::new() };
    let section = &screen.sections[0];
    let Some(at) = (0..section.view.width()).find(|at| section.view.column(*at).unwrap().title == title) else {
        return Vec::new();
    };
    (0..screen.count())
        .filter_map(|flat| screen.row(&app.store, 0, flat))
        .filter(|row| !row.is_gone())
        .map(|row| section.view.cell(&*row.object, at, &app.clock).text.into_owned())
        .collect()
}

fn release(name: &str, revision: u32, payload: &str) -> Value {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    json!({"apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1",
        "metadata": {"name": format!("sh.helm.release.v1.{name}.v{revision}"), "namespace": "shop",
            "labels": {"owner": "helm", "name": name, "version": revision.to_string(), "status": "deployed"}},
        "data": {"release": STANDARD.encode(STANDARD.encode(payload))}})
}

const PAYLOAD: &str = r#"{"name":"web","version":2,"config":{"password":"hunter2"},"manifest":"kind: Service\nmetadata: {name: web}",
    "info":{"status":"deployed","notes":"Look at it."},"chart":{"metadata":{"name":"nginx","version":"1.2.3","appVersion":"1.25"}}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn workloads_come_from_all_their_kinds_and_follow_their_pods() {
    let running = cluster().await;
    plant(&running, pod("shop", "alone"));
    plant(
        &running,
        json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [{"name": "c", "image": "nginx"}]}}}}),
    );
    let mut konn = Konn::open(&running, "mock", "workloads shop");
    konn.settled().await;
    assert_eq!(konn.names(), ["alone", "web"]);
    assert_eq!(cells(&konn, "KIND"), ["Pod", "ReplicaSet"]);
    running.api.touch("pods", "shop", "alone", |pod| {
        pod["status"]["containerStatuses"] = json!([{"name": "c", "ready": false, "restartCount": 3,
            "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]);
    });
    let crashes = |app: &App| {
        let row = app
            .selected()
            .map(|(section, row)| section.view.cell(&*row.object, 3, &app.clock).text);
        row.is_some_and(|text| text == "CrashLoopBackOff")
    };
    konn.until("the crash", crashes).await;
    assert_eq!(cells(&konn, "RESTARTS"), ["3", "0"]);
    konn.press("d");
    konn.settled().await;
    assert!(
        layer_text(konn.app()).contains("pod/alone"),
        "{}",
        layer_text(konn.app())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn releases_are_read_from_their_secrets_and_their_values_wait_to_be_asked_for() {
    let running = cluster().await;
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": {"name": "other", "namespace": "shop",
            "labels": {"owner": "helm"}}}),
    );
    for secret in [
        release("web", 1, "{}"),
        release("web", 2, PAYLOAD),
        release("bad", 1, "no json"),
    ] {
        plant(&running, secret);
    }
    let mut konn = Konn::open(&running, "mock", "helm shop");
    konn.settled().await;
    assert_eq!(cells(&konn, "NAME"), ["bad", "web"]);
    assert_eq!(cells(&konn, "CHART"), ["its release is not JSON", "nginx-1.2.3"]);
    plant(&running, release("web", 3, PAYLOAD));
    let upgraded = |app: &App| names(app) == ["sh.helm.release.v1.bad.v1", "sh.helm.release.v1.web.v3"];
    konn.until("the upgrade", upgraded).await;
    konn.until("calm", |app| table(app).is_some_and(|table| table.rows().len() == 2))
        .await;
    konn.press("G d");
    konn.settled().await;
    let text = layer_text(konn.app());
    assert!(text.contains("service/web") && text.contains("Look at it."), "{text}");
    assert!(text.contains("password: ••••") && !text.contains("hunter2"), "{text}");
    konn.press("x");
    assert!(layer_text(konn.app()).contains("password: hunter2"));
    konn.press("esc y");
    konn.settled().await;
    assert!(
        layer_text(konn.app()).contains("release: ••••"),
        "{}",
        layer_text(konn.app())
    );
    konn.press("esc");
    konn.press("G enter");
    konn.settled().await;
    assert_eq!(cells(&konn, "REVISION"), ["3", "2", "1"]);
}

/// konn with a person's own columns.
fn with_columns(running: &konn::mock::Running, line: &str, columns: &[(&str, &str, &str)]) -> Konn {
    let mut konn = Konn::open(running, "mock", "contexts");
    let mut setup = crate::support::setup(line);
    setup.columns = columns
        .iter()
        .map(|(kind, title, path)| {
            let title = title.to_string();
            (
                kind.to_string(),
                vec![UserColumn {
                    title,
                    path: path.parse().unwrap(),
                }],
            )
        })
        .collect();
    let (machine, inbox, asks) =
        Machine::start(setup, crate::support::opener(running, "mock")).unwrap_or_else(|trouble| panic!("{trouble:?}"));
    (konn.machine, konn.inbox, konn.asks) = (machine, inbox, asks);
    konn
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_read_of_known_kinds_of_custom_ones_and_never_of_what_a_secret_holds() {
    let running = cluster().await;
    let mut web = pod("shop", "web-0");
    web["metadata"]["annotations"] = json!({"example.com/team": "blue"});
    plant(&running, web);
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "shop"}, "data": {"password": "aHVudGVyMg=="}}),
    );
    plant(
        &running,
        json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "toys.example.com"},
            "spec": {"group": "example.com", "scope": "Namespaced", "names": {"plural": "toys", "singular": "toy", "kind": "Toy"},
                "versions": [{"name": "v1", "served": true, "storage": true,
                    "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}),
    );
    plant(
        &running,
        json!({"apiVersion": "example.com/v1", "kind": "Toy", "metadata": {"name": "a", "namespace": "shop", "labels": {"app": "x"}}, "spec": {"sizes": [1, 2]}}),
    );
    let own = [
        ("pods", "IMAGES", ".spec.containers[*].image"),
        ("secrets", "DATA-IN-CLEAR", ".data.password"),
        ("toys.example.com", "SIZES", ".spec.sizes[*]"),
        ("wl", "NODE", ".spec.nodeName"),
        ("containers", "OF-NODE", ".spec.nodeName"),
        ("helm", "TYPE", ".type"),
    ];
    for (line, title, wanted) in [
        ("pods shop", "IMAGES", "nginx:1.21"),
        ("pods shop --annotation-columns=example.com/team", "TEAM", "blue"),
        ("secrets shop", "DATA-IN-CLEAR", "•••• (7 bytes)"),
        ("toys shop", "SIZES", "1,2"),
        ("toys shop --show-labels", "LABELS", "app=x"),
        ("workloads shop", "NODE", "minikube"),
        ("workloads shop --annotation-columns=example.com/team", "TEAM", "blue"),
        ("containers shop", "OF-NODE", "minikube"),
    ] {
        let mut konn = with_columns(&running, line, &own);
        konn.settled().await;
        assert_eq!(cells(&konn, title), [wanted], "{line}");
    }
    let mut konn = with_columns(&running, "helm shop", &own);
    konn.until("a word", |app| {
        let said = app.notice.as_ref().map(|(notice, _)| notice.text.as_str());
        said.is_some_and(|text| text.contains("JSONPaths are left out"))
    })
    .await;
    let mut konn = with_columns(&running, "pods shop", &own);
    konn.settled().await;
    running.api.touch("pods", "shop", "web-0", |pod| {
        pod["spec"]["containers"][0]["image"] = json!("nginx:2");
    });
    let changed = |app: &App| {
        let cell = app.selected().map(|(section, row)| {
            let last = section.view.width() - 1;
            section.view.cell(&*row.object, last, &app.clock).text
        });
        cell.is_some_and(|text| text == "nginx:2")
    };
    konn.until("the change", changed).await;
}

/// Workloads that a quota of two pods holds back, on a cluster with controllers.
fn held_back() -> Vec<Value> {
    let template =
        json!({"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}});
    let mut job = template.clone();
    job["spec"]["restartPolicy"] = json!("Never");
    let selector = json!({"matchLabels": {"app": "x"}});
    let of = |api: &str, kind: &str, spec: Value| json!({"apiVersion": api, "kind": kind, "metadata": {"name": kind.to_lowercase(), "namespace": "shop"}, "spec": spec});
    vec![
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}, "status": {"phase": "Active"}}),
        json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "few", "namespace": "shop"},
            "spec": {"hard": {"pods": "0"}}, "status": {"hard": {"pods": "0"}, "used": {"pods": "0"}}}),
        of(
            "apps/v1",
            "DaemonSet",
            json!({"selector": selector, "template": template}),
        ),
        of(
            "apps/v1",
            "Deployment",
            json!({"replicas": 1, "selector": selector, "template": template}),
        ),
        of(
            "batch/v1",
            "Job",
            json!({"completions": 1, "parallelism": 1, "template": job}),
        ),
        of(
            "apps/v1",
            "StatefulSet",
            json!({"replicas": 1, "serviceName": "x", "selector": selector, "template": template}),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_quota_keeps_from_making_pods_says_so() {
    let (running, hurry) = hurrying().await;
    held_back().into_iter().for_each(|object| plant(&running, object));
    let mut konn = Konn::open(&running, "mock", "workloads shop");
    let refused = |app: &App| {
        let Some(screen) = app.screen() else { return false };
        let section = &screen.sections[0];
        let rows: Vec<_> = (0..screen.count())
            .filter_map(|flat| screen.row(&app.store, 0, flat))
            .collect();
        let status = |at: usize, row: &konn::core::store::Row| section.view.cell(&*row.object, at, &app.clock).text;
        let told = |row: &&konn::core::store::Row| status(3, row).starts_with("FailedCreate: exceeded quota: few");
        rows.iter().filter(|row| told(row)).count() == 4
    };
    konn.until("four refusals", refused).await;
    assert_eq!(cells(&konn, "KIND"), ["DaemonSet", "Deployment", "Job", "StatefulSet"]);
    hurry.abort();
}
