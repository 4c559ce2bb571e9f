//! Tables of several kinds, releases, and columns that are asked for, on the stage.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod stage;

use konn::core::effect::Effect;
use konn::core::store::{Delta, Sync};
use konn::core::trouble::{Trouble, TroubleKind};
use konn::core::view::Shared;
use konn::ui::{ColorDepth, Theme, export};
use serde_json::{Value, json};
use stage::{Set, Stage, rows};

fn frame(name: &str, stage: &Stage) {
    let theme = Theme::load("dark", None, ColorDepth::TrueColor).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("frames");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, export::text(&export::render(&stage.app, &theme))));
}

fn on(line: &'static str, size: (u16, u16)) -> Set {
    Set {
        line,
        size,
        ..Set::default()
    }
}

fn owned(name: &str, uid: &str, api: &str, kind: &str, owner: &str) -> Value {
    json!({"name": name, "namespace": "shop", "uid": uid, "resourceVersion": "1", "creationTimestamp": "2026-11-20T21:00:00Z",
        "ownerReferences": [{"apiVersion": api, "kind": kind, "name": owner, "uid": owner, "controller": true}]})
}

fn alone(name: &str) -> Value {
    json!({"name": name, "namespace": "shop", "uid": name, "resourceVersion": "1", "creationTimestamp": "2026-11-20T20:00:00Z",
        "labels": {"app": name}})
}

fn alone_as(uid: &str, name: &str) -> Value {
    let mut meta = alone(name);
    meta["uid"] = json!(uid);
    meta
}

fn crashing(name: &str, restarts: u32) -> Value {
    let mut pod = stage::pod(name, &[]);
    pod["metadata"] = owned(name, name, "apps/v1", "ReplicaSet", "web-1");
    pod["status"]["containerStatuses"][0] = json!({"name": "app", "ready": false, "restartCount": restarts,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}}});
    pod
}

fn template(image: &str) -> Value {
    json!({"spec": {"containers": [{"name": "app", "image": image}]}})
}

const FEEDS: [&str; 9] = [
    "deployments",
    "statefulsets",
    "daemonsets",
    "jobs",
    "cronjobs",
    "replicasets",
    "replicationcontrollers",
    "pods",
    "events",
];

/// One of each: a deployment that crashes, a stateful set that fares well, jobs, and a pod that nobody owns.
fn workloads(set: Set) -> Stage {
    let mut stage = Stage::new(set);
    let all: [(&str, Vec<Value>); 9] = [
        (
            "deployments",
            vec![
                json!({"metadata": alone("web"), "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}},
                    "template": template("registry.example.com/web:3")}, "status": {"replicas": 3, "readyReplicas": 1}}),
                json!({"metadata": alone("quota"), "spec": {"replicas": 2, "template": template("registry.example.com/api:1")},
                    "status": {"conditions": [{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
                        "message": "pods \"quota-1-x\" is forbidden: exceeded quota: compute, requested: cpu=1, limited: cpu=4"}]}}),
            ],
        ),
        (
            "statefulsets",
            vec![
                json!({"metadata": alone("db"), "spec": {"replicas": 1, "template": template("postgres:16")},
                "status": {"replicas": 1, "readyReplicas": 1}}),
            ],
        ),
        ("daemonsets", Vec::new()),
        (
            "jobs",
            vec![
                json!({"metadata": alone("migrate"), "spec": {"completions": 1, "template": template("migrate:2")},
                "status": {"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]}}),
            ],
        ),
        (
            "cronjobs",
            vec![
                json!({"metadata": alone_as("cron-web", "web"), "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": template("busybox")}}}}),
            ],
        ),
        (
            "replicasets",
            vec![json!({"metadata": owned("web-1", "web-1", "apps/v1", "Deployment", "web"), "spec": {"replicas": 3}})],
        ),
        ("replicationcontrollers", Vec::new()),
        (
            "pods",
            vec![crashing("web-1-a", 4), crashing("web-1-b", 7), stage::pod("alone", &[])],
        ),
        ("events", Vec::new()),
    ];
    for (plural, objects) in all {
        stage.list(plural, rows(plural, objects));
    }
    stage
}

fn column(stage: &Stage, title: &str) -> Vec<String> {
    let screen = stage.app.screen().unwrap();
    let section = &screen.sections[0];
    let at = (0..section.view.width()).find(|at| section.view.column(*at).unwrap().title == title);
    let at = at.unwrap_or_else(|| panic!("no column {title}"));
    (0..screen.count())
        .filter_map(|flat| screen.row(&stage.app.store, 0, flat))
        .map(|row| section.view.cell(&*row.object, at, &stage.app.clock).text.into_owned())
        .collect()
}

fn refused(name: &str, set: &str, message: &str) -> Value {
    json!({"metadata": alone(name), "type": "Warning", "reason": "FailedCreate", "message": message,
        "involvedObject": {"apiVersion": "apps/v1", "kind": "StatefulSet", "namespace": "shop", "name": set, "uid": set},
        "lastTimestamp": "2026-11-20T21:00:00Z"})
}

#[test]
fn pods_that_cannot_be_made_are_the_problem_of_what_lacks_them() {
    let mut stage = workloads(on("workloads", (120, 40)));
    let events = stage
        .open_watches()
        .into_iter()
        .map(|(_, spec)| spec.kubectl())
        .find(|command| command.contains("events"));
    let wanted = "kubectl get events -n shop --field-selector reason=FailedCreate --watch";
    assert_eq!(events.as_deref(), Some(wanted), "only those few are asked for");
    let message = "create Pod db-2 in StatefulSet db failed error: pods \"db-2\" is forbidden: exceeded quota: compute, \
        requested: pods=1, used: pods=2, limited: pods=2";
    let told = vec![refused("db.1", "db", message), refused("none.1", "none", message)];
    stage.list("events", rows("events", told));
    stage.press("/ \"db\" enter");
    let status = |stage: &Stage| column(stage, "STATUS");
    assert_eq!(
        status(&stage),
        ["Running"],
        "a set that has all its pods has no problem"
    );
    let set = |current: i32| {
        json!({"metadata": alone("db"), "spec": {"replicas": 3, "template": template("postgres:16")},
            "status": {"replicas": current, "readyReplicas": current}})
    };
    stage.deltas(
        "statefulsets",
        rows("statefulsets", vec![set(2)])
            .into_iter()
            .map(Delta::Apply)
            .collect(),
    );
    assert_eq!(
        status(&stage),
        ["FailedCreate: exceeded quota: compute, requested: pods=1, used: pods=2, limited: pods=2"]
    );
    frame("workloads_refused", &stage);
    stage.deltas(
        "statefulsets",
        rows("statefulsets", vec![set(3)])
            .into_iter()
            .map(Delta::Apply)
            .collect(),
    );
    assert_eq!(status(&stage), ["Running"]);
}

fn watched(effects: Vec<Effect>) -> Vec<String> {
    let command = |effect: &Effect| match effect {
        Effect::Watch(_, spec) => Some(spec.kubectl()),
        _ => None,
    };
    effects.iter().filter_map(command).collect()
}

#[test]
fn workloads_of_all_kinds_stand_in_one_order() {
    let mut stage = workloads(on("workloads", (120, 40)));
    assert_eq!(stage.names(), ["alone", "db", "migrate", "quota", "web", "web"]);
    assert_eq!(column(&stage, "RESTARTS"), ["0", "0", "0", "0", "0", "11"]);
    stage.press("/ \"web\" enter");
    let mut kinds = column(&stage, "KIND");
    kinds.sort();
    assert_eq!(kinds, ["CronJob", "Deployment"]);
    stage.press("/ ctrl-u \"re:CrashLoop\" enter");
    assert_eq!(column(&stage, "STATUS"), ["CrashLoopBackOff ×2"]);
    stage.press("esc > > > > !");
    assert_eq!(column(&stage, "RESTARTS")[0], "11", "sorted by restarts");
}

#[test]
fn verbs_on_a_workload_work_on_its_object_and_enter_goes_to_its_pods() {
    let mut stage = workloads(on("workloads", (120, 40)));
    stage.press("/ \"re:CrashLoop\" enter");
    for key in ["d", "y"] {
        assert_eq!(
            watched(stage.press(key)),
            ["kubectl get deployments.apps web -n shop --watch"],
            "{key}"
        );
        stage.press("esc");
    }
    let target = stage.app.action_cx().selected.unwrap();
    assert_eq!(target.name(), "deployment/web");
    assert_eq!(target.resource.unwrap().full_name(), "deployments.apps");
    assert_eq!(
        watched(stage.press("enter")),
        ["kubectl get pods -n shop -l app=web --watch"]
    );
}

#[test]
fn the_feeds_are_watched_while_the_table_is_near_and_closed_after() {
    let mut stage = workloads(on("workloads", (80, 24)));
    let open = |stage: &Stage| stage.open_watches().len();
    assert_eq!(open(&stage), FEEDS.len());
    for line in ["nodes", "services", "events", "secrets"] {
        stage.press(&format!(": \"{line}\" enter"));
    }
    let left: Vec<String> = stage.open_watches().iter().map(|(_, spec)| spec.kubectl()).collect();
    assert!(!left.iter().any(|command| command.contains("deployments")), "{left:?}");
    stage.press("esc esc esc esc");
    assert!(FEEDS.iter().all(|feed| {
        stage
            .open_watches()
            .iter()
            .any(|(_, spec)| spec.kubectl().contains(feed))
    }));
}

#[test]
fn a_feed_that_is_refused_leaves_the_others() {
    let mut stage = Stage::new(on("workloads", (80, 24)));
    let forbidden = || Trouble::new(TroubleKind::Forbidden, "trouble.forbidden");
    for feed in FEEDS.into_iter().filter(|feed| *feed != "pods") {
        stage.deltas(feed, vec![Delta::Stale(None, forbidden())]);
    }
    let table = |stage: &Stage| {
        let section = &stage.app.screen().unwrap().sections[0];
        let table = section.table(&stage.app.store).unwrap();
        (table.is_complete(), table.has_failed(), table.sync().clone())
    };
    assert_eq!(table(&stage).2, Sync::Loading, "the pods are on their way");
    stage.list("pods", rows("pods", vec![stage::pod("alone", &[])]));
    let (complete, failed, sync) = table(&stage);
    assert!(complete && !failed && matches!(sync, Sync::Stale { .. }));
    assert_eq!(stage.names(), ["alone"]);
}

#[test]
fn a_selector_takes_workloads_and_not_their_pods() {
    let stage = workloads(on("workloads -l app=web", (120, 40)));
    assert_eq!(stage.names(), ["web", "web"]);
    assert!(column(&stage, "RESTARTS").contains(&"11".to_string()));
    let pods = stage
        .open_watches()
        .into_iter()
        .map(|(_, spec)| spec.kubectl())
        .find(|command| command.contains("pods"));
    assert_eq!(pods.unwrap(), "kubectl get pods -n shop --watch");
}

fn release(name: &str, revision: u32, status: &str, payload: Option<Value>) -> Value {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let text = payload.map_or("oops!".to_string(), |payload| STANDARD.encode(payload.to_string()));
    json!({"metadata": {"name": format!("sh.helm.release.v1.{name}.v{revision}"), "namespace": "shop", "uid": format!("{name}{revision}"),
            "labels": {"owner": "helm", "name": name, "version": revision.to_string(), "status": status}},
        "type": "helm.sh/release.v1", "data": {"release": STANDARD.encode(text)}})
}

fn payload(chart: &str, version: &str, app: &str) -> Option<Value> {
    Some(
        json!({"info": {"last_deployed": "2026-11-20T21:00:00Z", "description": "Upgrade complete"},
        "chart": {"metadata": {"name": chart, "version": version, "appVersion": app}}}),
    )
}

fn releases(set: Set) -> Stage {
    let mut stage = Stage::new(set);
    let all = [
        release("shop", 9, "superseded", payload("shop", "1.9.0", "2.0")),
        release("shop", 10, "deployed", payload("shop", "1.10.0", "2.1")),
        release("db", 1, "failed", payload("postgresql", "15.2.5", "16.2.0")),
        release("odd", 1, "deployed", None),
    ];
    // No view of the registry reads these rows: the feed's own does.
    let view = stage.app.screen().unwrap().sections[0].view.joined().unwrap().feeds[0]
        .view
        .clone();
    let rows: Vec<Shared> = all
        .iter()
        .map(|secret| view.decode(&secret.to_string()).unwrap())
        .collect();
    stage.list("secrets", rows);
    stage
}

#[test]
fn releases_are_the_newest_revisions_and_enter_shows_all() {
    for name in ["helm", "releases"] {
        let stage = releases(on(if name == "helm" { "helm" } else { "releases" }, (120, 40)));
        assert_eq!(column(&stage, "NAME"), ["db", "odd", "shop"]);
    }
    let mut stage = releases(on("helm", (120, 40)));
    assert_eq!(column(&stage, "REVISION"), ["1", "1", "10"]);
    assert_eq!(
        column(&stage, "CHART"),
        ["postgresql-15.2.5", "its release is not base64", "shop-1.10.0"]
    );
    let (_, spec) = stage.open_watches().pop().unwrap();
    assert_eq!(
        spec.kubectl(),
        "kubectl get secrets -n shop -l owner=helm --field-selector type=helm.sh/release.v1 --watch"
    );
    stage.press("G");
    assert_eq!(
        watched(stage.press("enter")),
        ["kubectl get secrets -n shop -l owner=helm,name=shop --field-selector type=helm.sh/release.v1 --watch"]
    );
    // A release can be read, and nothing else.
    stage.press("esc");
    let resource = stage.app.action_cx().selected.unwrap().resource.unwrap();
    assert!(resource.allows("get") && !resource.allows("delete") && !resource.allows("patch"));
}

#[test]
fn labels_are_a_column_when_they_are_asked_for() {
    let labelled = || {
        vec![
            stage::pod("web-0", &[("app", "web"), ("a.example.com/tier", "front")]),
            stage::pod("x", &[]),
        ]
    };
    let mut stage = Stage::new(on("pods --show-labels -L app,a.example.com/tier", (120, 40)));
    stage.list("pods", rows("pods", labelled()));
    assert_eq!(column(&stage, "APP"), ["web", ""]);
    assert_eq!(column(&stage, "TIER"), ["front", ""]);
    assert_eq!(column(&stage, "LABELS"), ["a.example.com/tier=front,app=web", "<none>"]);
    // The key takes the column of all labels away, and brings it back.
    let width = |stage: &Stage| stage.app.screen().unwrap().sections[0].view.width();
    let all = width(&stage);
    stage.press("W");
    assert_eq!(width(&stage), all - 1);
    stage.press("W");
    assert_eq!(column(&stage, "LABELS")[1], "<none>");
    // Verbs and Enter are those of the pod.
    assert_eq!(stage.app.action_cx().selected.unwrap().view.width(), all - 3);
    assert_eq!(watched(stage.press("d")), ["kubectl get pods web-0 -n shop --watch"]);
    stage.press("esc");
    assert_eq!(
        watched(stage.press("enter")),
        ["kubectl get pods -n shop --field-selector metadata.name=web-0 --watch"]
    );
}

#[test]
fn labels_are_a_column_of_workloads_too() {
    let mut stage = workloads(on("workloads", (120, 40)));
    stage.press("W");
    assert!(column(&stage, "LABELS").contains(&"app=db".to_string()));
    assert_eq!(watched(stage.press("G d")).len(), 1);
}

#[test]
fn columns_that_mean_nothing_say_so() {
    let said = |line: &'static str| {
        let stage = Stage::new(on(line, (200, 60)));
        stage.app.notice.map(|(notice, _)| notice.text).unwrap_or_default()
    };
    for line in ["helm --annotation-columns a", "helmhistory --annotation-columns a"] {
        assert!(
            said(line).contains("annotations and JSONPaths are left out"),
            "{line}: {}",
            said(line)
        );
    }
    for line in [
        "contexts --show-labels",
        "api-resources -L app",
        "contexts --annotation-columns a",
    ] {
        assert!(
            said(line).contains("are no objects of the cluster"),
            "{line}: {}",
            said(line)
        );
    }
    for line in [
        "helm --show-labels -L name",
        "workloads --annotation-columns a --show-labels",
        "containers --annotation-columns a",
        "pods -L app",
    ] {
        assert_eq!(said(line), "", "{line}");
    }
    let mut stage = Stage::new(on("contexts", (120, 40)));
    let width = |stage: &Stage| stage.app.screen().unwrap().sections[0].view.width();
    let own = width(&stage);
    stage.press("W");
    assert_eq!(width(&stage), own);
    assert!(stage.app.notice.is_some());
}

#[test]
fn kinds_of_which_there_is_nothing_are_left_out_of_a_stack() {
    let mut stage = Stage::new(on("all", (80, 24)));
    let kinds = [
        "replicationcontrollers",
        "daemonsets",
        "deployments",
        "replicasets",
        "statefulsets",
    ];
    let more = ["horizontalpodautoscalers", "cronjobs", "jobs"];
    stage.list("pods", rows("pods", vec![stage::pod("web-0", &[])]));
    for plural in kinds.into_iter().chain(more) {
        stage.list(plural, Vec::new());
    }
    let lines = |stage: &Stage| stage.app.screen().unwrap().line_count();
    assert_eq!(lines(&stage), 4 + 4 - 1, "pods, and services that may still come");
    stage.list("services", Vec::new());
    assert_eq!(lines(&stage), 4 - 1);
    stage.deltas(
        "pods",
        vec![Delta::Stale(
            None,
            Trouble::new(TroubleKind::Forbidden, "trouble.forbidden"),
        )],
    );
    let service = json!({"metadata": alone("web"), "spec": {"type": "ClusterIP"}});
    stage.list("services", rows("services", vec![service]));
    assert_eq!(stage.names(), ["web-0", "web"]);
    assert_eq!(lines(&stage), 4 + 4 - 1);
    // Where there is nothing at all, every kind says so.
    stage.press("/ \"nothing\" enter");
    assert_eq!(lines(&stage), 4 - 1, "what is stale is told");
}

#[test]
fn a_tree_opens_by_the_name_of_its_object() {
    for (line, wanted) in [
        ("tree deploy/web", "kubectl get deployments.apps web -n shop --watch"),
        (
            "tree deployment web blog",
            "kubectl get deployments.apps web -n blog --watch",
        ),
        ("tree no/minikube", "kubectl get nodes minikube --watch"),
    ] {
        let stage = Stage::new(on(line, (80, 24)));
        let commands: Vec<String> = stage.open_watches().iter().map(|(_, spec)| spec.kubectl()).collect();
        assert!(
            commands.iter().any(|command| command == wanted),
            "{line}: {commands:#?}"
        );
        assert_eq!(stage.app.layers.len(), 1, "{line}");
    }
    let stage = Stage::new(on("tree deploy", (80, 24)));
    let (notice, _) = stage.app.notice.as_ref().unwrap();
    assert!(notice.text.contains("is missing after deploy"), "{}", notice.text);
}

#[test]
fn a_flag_without_a_key_says_so() {
    for line in ["pods -L", "pods --annotation-columns --show-labels", "pods -L= shop"] {
        let stage = Stage::new(on(line, (80, 24)));
        let (notice, _) = stage.app.notice.as_ref().unwrap_or_else(|| panic!("{line} is taken"));
        assert!(notice.text.contains("A key is missing after -"), "{}", notice.text);
    }
}

#[test]
fn nothing_is_read_of_whole_objects_where_nothing_is_asked_for() {
    for (line, reads) in [
        ("pods", false),
        ("pods --show-labels -L app", false),
        ("pods --annotation-columns a", true),
    ] {
        let stage = Stage::new(on(line, (80, 24)));
        let (_, spec) = stage.open_watches().pop().unwrap();
        assert_eq!(spec.readings.is_some(), reads, "{line}");
    }
}

#[test]
fn the_name_stays_while_columns_scroll_and_wide_letters_align() {
    let mut stage = Stage::new(on("pods --show-labels -L app", (80, 24)));
    let names = ["日本語のポッド-0", "🚀-rocket", "web-0"];
    let pods = names.map(|name| stage::pod(name, &[("app", name), ("tier", "前面")]));
    stage.list("pods", rows("pods", pods.to_vec()));
    frame("columns_wide_letters", &stage);
    stage.press("right right right right");
    frame("columns_scrolled", &stage);
}

#[test]
fn frames() {
    for size in [(80, 24), (120, 40)] {
        let name = |view: &str| format!("{view}_{}x{}", size.0, size.1);
        frame(&name("workloads"), &workloads(on("workloads", size)));
        frame(&name("helm"), &releases(on("helm", size)));
    }
}
