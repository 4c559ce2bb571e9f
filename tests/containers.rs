//! The containers view: from a pod to its parts and back, on the stage.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod stage;

use konn::core::effect::Effect;
use konn::core::lang::Tongue;
use konn::core::store::Delta;
use konn::core::view::Shared;
use konn::ui::{ColorDepth, Theme, export};
use konn::views::REGISTRY;
use serde_json::{Value, json};
use stage::{Set, Stage, rows};

fn app() -> Value {
    let mut pod = stage::pod("web-0", &[("app", "web")]);
    pod["spec"] = json!({
        "initContainers": [{"name": "migrate", "image": "registry.example.com/migrate:1"},
            {"name": "mesh", "image": "registry.example.com/mesh:2", "restartPolicy": "Always"}],
        "containers": [{"name": "app", "image": "registry.example.com/app:3", "ports": [{"containerPort": 8080, "name": "http"}],
            "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
            "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http"}}, "readinessProbe": {"tcpSocket": {"port": 8080}}}]});
    pod["status"] = json!({"phase": "Running",
        "initContainerStatuses": [
            {"name": "migrate", "state": {"terminated": {"exitCode": 0, "reason": "Completed", "startedAt": "2026-11-20T22:00:01Z"}}},
            {"name": "mesh", "ready": true, "started": true, "state": {"running": {"startedAt": "2026-11-20T22:00:09Z"}}}],
        "containerStatuses": [{"name": "app", "ready": false, "restartCount": 5, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
            "lastState": {"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": "2026-11-20T22:44:00Z"}}}]});
    pod
}

fn parts(pod: &Value) -> Vec<Shared> {
    let view = REGISTRY.view("containers").unwrap();
    let derivation = view.derived().unwrap();
    (derivation.rows)(&pod.to_string()).unwrap()
}

fn opened(set: Set) -> Stage {
    let mut stage = Stage::new(set);
    stage.list("pods", rows("pods", vec![app()]));
    stage.press("enter");
    let all = vec![
        Delta::Listing(None),
        Delta::Parted("uid-web-0".into(), parts(&app())),
        Delta::Listed(None),
    ];
    stage.deltas("pods", all);
    stage
}

#[test]
fn enter_on_a_pod_watches_it_alone() {
    let stage = opened(Set::default());
    let (_, spec) = stage.open_watches().pop().unwrap();
    assert_eq!(
        spec.kubectl(),
        "kubectl get pods -n shop --field-selector metadata.name=web-0 --watch"
    );
    assert_eq!(stage.names(), ["web-0/migrate", "web-0/mesh", "web-0/app"]);
}

#[test]
fn a_container_that_is_gone_loses_its_row_and_the_others_stay_calm() {
    let mut stage = opened(Set::default());
    let mut pod = app();
    pod["metadata"]["resourceVersion"] = json!("2");
    pod["spec"]["initContainers"].as_array_mut().unwrap().pop();
    stage.deltas("pods", vec![Delta::Parted("uid-web-0".into(), parts(&pod))]);
    stage.pass(3);
    assert_eq!(stage.names(), ["web-0/migrate", "web-0/app"]);
    let table = stage.app.screen().unwrap().sections[0].table(&stage.app.store).unwrap();
    assert!(table.rows().iter().all(|row| row.flash.is_none()));
}

#[test]
fn verbs_on_a_container_work_on_its_pod() {
    let mut stage = opened(Set::default());
    let watched = |effects: Vec<Effect>| {
        effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Watch(_, spec) => Some(spec.kubectl()),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    for key in ["d", "y", "enter"] {
        assert_eq!(
            watched(stage.press(key)),
            ["kubectl get pods web-0 -n shop --watch"],
            "{key}"
        );
        stage.press("esc");
    }
    // Marked together, containers of one pod are one pod.
    stage.press("space space");
    assert_eq!(stage.app.action_cx().targets().len(), 1);
    stage.press("esc esc");
    assert_eq!(stage.selected(), "web-0");
}

#[test]
fn frames() {
    for (name, size, tongue) in [
        ("containers_80x24", (80, 24), Tongue::En),
        ("containers_200x60", (200, 60), Tongue::En),
        ("ja_containers", (120, 40), Tongue::Ja),
    ] {
        let stage = opened(Set {
            size,
            tongue,
            ..Set::default()
        });
        let theme = Theme::load("dark", None, ColorDepth::TrueColor).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("frames");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, export::text(&export::render(&stage.app, &theme))));
    }
}
