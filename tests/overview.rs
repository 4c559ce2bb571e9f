//! The overview: what the rows of a cluster amount to.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod stage;

use konn::core::effect::Effect;
use konn::core::lang::Tongue;
use konn::core::store::Delta;
use konn::core::trouble::{Trouble, TroubleKind};
use konn::core::watch::Decoder;
use konn::ui::{ColorDepth, Theme, export};
use serde_json::{Value, json};
use stage::{Set, Stage, pod, rows};

fn node(name: &str, ready: bool, taint: Option<&str>) -> Value {
    let taints: Vec<Value> = taint
        .iter()
        .map(|key| json!({"key": key, "effect": "NoSchedule"}))
        .collect();
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "uid": name, "resourceVersion": "1"},
        "spec": {"taints": taints},
        "status": {"allocatable": {"cpu": "2", "memory": "4Gi", "pods": "110"},
            "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }}]}})
}

fn asking(name: &str, node: &str, cpu: &str) -> Value {
    let mut pod = pod(name, &[]);
    pod["spec"]["nodeName"] = json!(node);
    pod["spec"]["containers"][0]["resources"] = json!({"requests": {"cpu": cpu, "memory": "1Gi"}});
    pod
}

fn opened(set: Set) -> Stage {
    let mut stage = Stage::new(set);
    stage.press(": \"overview\" enter");
    stage
}

fn filled(set: Set, line: &'static str) -> Stage {
    let mut stage = Stage::new(Set { line, ..set });
    let mut done = asking("migrate", "minikube", "1");
    done["status"]["phase"] = json!("Succeeded");
    let mut broken = asking("web-2", "minikube", "100m");
    broken["status"]["containerStatuses"][0]["state"] = json!({"waiting": {"reason": "CrashLoopBackOff"}});
    broken["status"]["containerStatuses"][0]["ready"] = json!(false);
    let pods = vec![
        asking("web-0", "minikube", "500m"),
        asking("web-1", "minikube-m02", "1900m"),
        broken,
        done,
    ];
    stage.list("pods", rows("pods", pods));
    let nodes = vec![
        node("minikube", true, None),
        node("minikube-m02", true, Some("node.kubernetes.io/memory-pressure")),
        node("minikube-m03", false, None),
    ];
    stage.list("nodes", rows("nodes", nodes));
    let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team", "namespace": "shop", "uid": "q"},
        "status": {"hard": {"pods": "10", "requests.cpu": "4", "secrets": "5"}, "used": {"pods": "9", "requests.cpu": "1", "secrets": "5"}}});
    stage.list("resourcequotas", rows("resourcequotas", vec![quota]));
    let event = json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "web-2.1", "namespace": "shop", "uid": "e"}, "type": "Warning",
        "reason": "BackOff", "message": "Back-off restarting failed container", "count": 3, "lastTimestamp": "2026-11-20T22:46:20Z",
        "involvedObject": {"kind": "Pod", "name": "web-2", "namespace": "shop"}});
    stage.list("events", rows("events", vec![event]));
    measured(&mut stage);
    for plural in ["deployments", "statefulsets", "daemonsets", "jobs", "cronjobs"] {
        stage.list(plural, Vec::new());
    }
    stage
}

/// What nodes use, at five points in time; where the overview is of a namespace, nobody asks.
fn measured(stage: &mut Stage) {
    let polled = |spec: &konn::core::watch::WatchSpec| spec.kubectl().starts_with("kubectl get nodes.metrics.k8s.io");
    let open = stage.open_watches();
    let Some((_, spec)) = open.iter().find(|(_, spec)| polled(spec)) else {
        return;
    };
    let Decoder::Part(read) = spec.decoder else {
        panic!("{spec:?}")
    };
    for turn in [0, 3, 1, 4, 2] {
        let of = |name: &str, cpu: u64| {
            let usage = json!({"cpu": format!("{}m", cpu + 200 * turn), "memory": format!("{}Mi", cpu + 512 * turn)});
            read(&json!({"metadata": {"name": name}, "usage": usage}).to_string()).unwrap()
        };
        stage.list(
            "nodes.metrics.k8s.io",
            vec![of("minikube", 300), of("minikube-m02", 1400)],
        );
    }
}

fn text(stage: &Stage) -> String {
    let layer = stage.app.layers.last().unwrap();
    let sheet = layer.sheet(&stage.app.layer_cx(&**layer));
    sheet.lines.iter().map(|line| line.text() + "\n").collect()
}

#[test]
fn it_opens_by_its_name_and_closes_its_watches() {
    let mut stage = opened(Set::default());
    let asked: Vec<String> = stage.open_watches().iter().map(|(_, spec)| spec.kubectl()).collect();
    for line in [
        "kubectl get nodes --watch",
        "kubectl get pods -n shop --watch",
        "kubectl get events -n shop --field-selector type=Warning --watch",
    ] {
        assert!(asked.iter().any(|own| own == line), "{line} in {asked:#?}");
    }
    let closed = stage.press("esc");
    let unwatched = closed.iter().filter(|effect| matches!(effect, Effect::Unwatch(_)));
    assert_eq!(unwatched.count(), asked.len() - 1, "all but the table's own");
}

#[test]
fn requests_are_counted_against_what_pods_can_have() {
    let stage = filled(
        Set {
            size: (160, 40),
            ..Set::default()
        },
        "overview all",
    );
    let text = text(&stage);
    // 500m + 1900m + 100m of 3 × 2 CPUs; the pod that is done takes nothing.
    for said in [
        "all 3 nodes",
        "2.5/6.0",
        "3.0/12.0 GiB",
        "memory-pressure",
        "NotReady",
        "1 broken",
        "shop/team secrets",
        "100% 5/5",
        "shop/team pods",
        "! BackOff  shop  pod/web-2",
    ] {
        assert!(text.contains(said), "{said} in\n{text}");
    }
    assert!(!text.contains("requests.cpu"), "far from its limit:\n{text}");
    assert!(stage.app.layers[0].is_ready(&stage.app.store));
}

#[test]
fn kubectls_flag_means_all_namespaces() {
    for line in ["overview -A", "overview all", "pulse --all-namespaces"] {
        let stage = Stage::new(Set { line, ..Set::default() });
        let commands: Vec<String> = stage.open_watches().iter().map(|(_, spec)| spec.kubectl()).collect();
        assert!(
            commands.contains(&"kubectl get deployments.apps -A --watch".to_string()),
            "{line}: {commands:#?}"
        );
    }
}

#[test]
fn what_may_not_be_read_says_so_and_the_rest_stands() {
    let mut stage = filled(Set::default(), "overview shop");
    let trouble = Trouble::new(TroubleKind::Forbidden, "trouble.forbidden");
    let mut fresh = Stage::new(Set {
        line: "overview shop",
        ..Set::default()
    });
    fresh.deltas("nodes", vec![Delta::Stale(None, trouble)]);
    assert!(text(&fresh).contains("! You may not do this."), "{}", text(&fresh));
    assert!(text(&stage).contains("all 3 nodes") && !text(&stage).contains("minikube-m02"));
    stage.press("esc");
    assert!(stage.app.layers.is_empty());
    assert_eq!(stage.app.screen().unwrap().jump.view, "pods", "there is a table below");
}

#[test]
fn frames() {
    for (name, size, tongue) in [
        ("overview_80x24", (80, 24), Tongue::En),
        ("overview_120x40", (120, 40), Tongue::En),
        ("overview_200x60", (200, 60), Tongue::En),
        ("ja_overview", (120, 40), Tongue::Ja),
    ] {
        let set = Set {
            size,
            tongue,
            ..Set::default()
        };
        let stage = filled(set, "overview all");
        let theme = Theme::load("dark", None, ColorDepth::TrueColor).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("frames");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, export::text(&export::render(&stage.app, &theme))));
    }
}
