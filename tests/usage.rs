//! What rows use: columns on demand, polls that run only while something shows them, and what is said without metrics.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod stage;

use konn::core::effect::Effect;
use konn::core::lang::Tongue;
use konn::core::store::Delta;
use konn::core::trouble::{Trouble, TroubleKind};
use konn::core::watch::{Decoder, Source};
use konn::ui::{ColorDepth, Theme, export};
use serde_json::{Value, json};
use stage::{Set, Stage, pod, rows};

const PODS: &str = "pods.metrics.k8s.io";
const NODES: &str = "nodes.metrics.k8s.io";

/// A list of what is used comes, read as the poll reads it.
fn measured(stage: &mut Stage, plural: &str, objects: &[Value]) {
    let id = stage.watch(plural);
    let (_, spec) = stage.open_watches().into_iter().find(|(own, _)| *own == id).unwrap();
    let Decoder::Part(read) = spec.decoder else {
        panic!("{spec:?}")
    };
    let Source::Cluster(resource) = &spec.source else {
        panic!("{spec:?}")
    };
    assert!(!resource.allows("watch"), "metrics are polled");
    let rows = objects
        .iter()
        .map(|object| read(&object.to_string()).unwrap())
        .collect();
    stage.list(plural, rows);
}

fn using(pod: &str, cpu: &str, memory: &str) -> Value {
    json!({"metadata": {"name": pod, "namespace": "shop"}, "containers": [{"name": "app", "usage": {"cpu": cpu, "memory": memory}}]})
}

fn asking(name: &str, cpu: &str) -> Value {
    let mut pod = pod(name, &[]);
    pod["spec"]["containers"][0]["resources"] =
        json!({"requests": {"cpu": cpu, "memory": "64Mi"}, "limits": {"memory": "128Mi"}});
    pod
}

/// Three pods, one of which nothing is known of.
fn opened(set: Set) -> Stage {
    let mut stage = Stage::new(set);
    stage.list(
        "pods",
        rows(
            "pods",
            vec![asking("web-0", "100m"), asking("web-1", "1"), pod("web-2", &[])],
        ),
    );
    stage
}

fn frame(stage: &Stage) -> String {
    let theme = Theme::load("dark", None, ColorDepth::TrueColor).unwrap();
    export::text(&export::render(&stage.app, &theme))
}

fn is_polled(stage: &Stage, plural: &str) -> bool {
    stage
        .open_watches()
        .iter()
        .any(|(_, spec)| matches!(&spec.source, Source::Cluster(own) if own.full_name() == plural))
}

fn fill(stage: &mut Stage) {
    for turn in 0..6 {
        let busy = |from: u64, step: u64| format!("{}n", (from + step * turn % 90) * 1_000_000 + 1);
        let objects = [
            using("web-0", &busy(20, 31), "30720Ki"),
            using("web-1", &busy(250, 40), "125Mi"),
        ];
        measured(stage, PODS, &objects);
    }
}

#[test]
fn columns_come_and_go_and_so_does_the_poll() {
    let mut stage = opened(Set::default());
    assert!(!is_polled(&stage, PODS) && !frame(&stage).contains("CPU"));
    stage.press("%");
    assert!(is_polled(&stage, PODS) && !is_polled(&stage, NODES));
    assert!(!stage.app.is_settled(), "numbers are on their way");
    measured(
        &mut stage,
        PODS,
        &[using("web-0", "1500001n", "65535Ki"), using("web-1", "999m", "127Mi")],
    );
    assert!(stage.app.is_settled());
    let text = frame(&stage);
    // Rounded as kubectl top rounds: cores up, memory down; shares of what is requested and of the limit.
    let cells = |name: &str| -> Vec<String> {
        let line = text.lines().find(|line| line.contains(name)).unwrap();
        line.split_whitespace()
            .skip_while(|word| *word != name)
            .take(7)
            .map(str::to_string)
            .collect()
    };
    assert_eq!(
        cells("web-0"),
        ["web-0", "2m", "2%", "-", "63Mi", "99%", "49%"],
        "{text}"
    );
    assert_eq!(
        cells("web-1"),
        ["web-1", "999m", "99%", "-", "127Mi", "198%", "99%"],
        "{text}"
    );
    assert_eq!(cells("web-2")[1..4], ["-", "-", "-"], "{text}");
    let effects = stage.press("%");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Unwatch(_))));
    assert!(
        !is_polled(&stage, PODS) && !frame(&stage).contains("CPU"),
        "{}",
        frame(&stage)
    );
}

#[test]
fn another_table_needs_no_numbers() {
    let mut stage = opened(Set::default());
    stage.press("%");
    stage.press("3");
    assert!(!is_polled(&stage, PODS));
    stage.press("%");
    assert!(
        stage
            .app
            .notice
            .as_ref()
            .unwrap()
            .0
            .text
            .starts_with("Metrics tell of nodes")
    );
    stage.press("esc");
    assert!(is_polled(&stage, PODS), "back where they are shown");
}

#[test]
fn top_opens_sorted_by_cpu() {
    for line in ["top", "top pods shop", "top po"] {
        let mut stage = opened(Set { line, ..Set::default() });
        measured(
            &mut stage,
            PODS,
            &[using("web-0", "5m", "1Mi"), using("web-1", "70m", "1Mi")],
        );
        assert_eq!(stage.names(), ["web-1", "web-0", "web-2"], "{line}");
        assert_eq!(stage.selected(), "web-1", "the cursor that nobody moved stays on top");
        measured(
            &mut stage,
            PODS,
            &[using("web-0", "90m", "1Mi"), using("web-1", "70m", "1Mi")],
        );
        assert_eq!(stage.names(), ["web-0", "web-1", "web-2"], "{line}: sorted anew");
        assert!(frame(&stage).contains("CPU ↓"), "{}", frame(&stage));
        // Without the columns the sort is the table's own again.
        stage.press("%");
        assert_eq!(stage.names(), ["web-0", "web-1", "web-2"]);
        assert_eq!(stage.app.screen().unwrap().sections[0].sort, None);
    }
    let mut stage = Stage::new(Set {
        line: "top deployments",
        ..Set::default()
    });
    assert!(stage.press("j").is_empty());
    let opened = stage.app.screen().map(|screen| screen.jump.view.clone());
    assert_eq!(
        opened.as_deref(),
        Some("pods"),
        "nothing of that name: something to look at"
    );
}

#[test]
fn a_sort_stays_on_its_column() {
    let mut stage = opened(Set::default());
    stage.press("> > !");
    let title = |stage: &Stage| {
        let section = &stage.app.screen().unwrap().sections[0];
        let sort = section.sort.unwrap();
        (
            section.view.column(sort.column).unwrap().title.to_string(),
            sort.descending,
        )
    };
    let before = title(&stage);
    stage.press("%");
    assert_eq!(title(&stage), before);
    stage.press("%");
    assert_eq!(title(&stage), before);
}

#[test]
fn without_metrics_one_line_says_what_to_install() {
    for (kind, id) in [
        (TroubleKind::NotFound, "trouble.notfound"),
        (TroubleKind::Server, "trouble.server"),
    ] {
        let mut stage = opened(Set {
            line: "top",
            ..Set::default()
        });
        stage.deltas(PODS, vec![Delta::Stale(None, Trouble::new(kind, id))]);
        let said = stage.app.notice.as_ref().unwrap().0.text.clone();
        for how in ["minikube addons enable metrics-server", "Docker Desktop", "EKS"] {
            assert!(said.contains(how), "{how} in {said}");
        }
        assert!(said.len() < 228, "three lines of 80 columns: {}", said.len());
        stage.press("j");
        assert!(frame(&stage).contains("no metrics"), "{}", frame(&stage));
        stage.deltas(PODS, vec![Delta::Stale(None, Trouble::new(kind, id))]);
        assert!(stage.app.notice.is_none(), "said once");
        assert!(stage.app.is_settled(), "the list waits for nothing");
    }
}

#[test]
fn containers_and_nodes_have_numbers_too() {
    let mut stage = Stage::new(Set {
        line: "top nodes",
        ..Set::default()
    });
    let node = |name: &str| {
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "uid": name},
            "status": {"allocatable": {"cpu": "2", "memory": "2Gi"}, "conditions": [{"type": "Ready", "status": "True"}]}})
    };
    stage.list("nodes", rows("nodes", vec![node("n1"), node("n2")]));
    assert!(is_polled(&stage, NODES) && !is_polled(&stage, PODS));
    measured(
        &mut stage,
        NODES,
        &[json!({"metadata": {"name": "n1"}, "usage": {"cpu": "999999999n", "memory": "2096128Ki"}})],
    );
    let text = frame(&stage);
    let line = text.lines().find(|line| line.contains("n1")).unwrap();
    for cell in ["1000m", "███░░░  50%", "2047Mi", "  99%"] {
        assert!(line.contains(cell), "{cell} in {line}");
    }
    let mut stage = opened(Set {
        size: (120, 24),
        ..Set::default()
    });
    stage.press("enter %");
    let all = vec![
        Delta::Listing(None),
        Delta::Parted("uid-web-0".into(), parts(&asking("web-0", "100m"))),
        Delta::Listed(None),
    ];
    stage.deltas("pods", all);
    measured(&mut stage, PODS, &[using("web-0", "60m", "130Mi")]);
    let text = frame(&stage);
    let line = text.lines().find(|line| line.contains("  app ")).unwrap();
    assert!(line.contains("60m     60%       -     130Mi    203%    101%"), "{text}");
}

fn parts(pod: &Value) -> Vec<konn::core::view::Shared> {
    let view = konn::views::REGISTRY.view("containers").unwrap();
    (view.derived().unwrap().rows)(&pod.to_string()).unwrap()
}

#[test]
fn frames() {
    for (name, size, tongue) in [
        ("top_80x24", (80, 24), Tongue::En),
        ("top_120x40", (120, 40), Tongue::En),
        ("ja_top", (120, 40), Tongue::Ja),
    ] {
        let mut stage = opened(Set {
            size,
            tongue,
            line: "top",
            ..Set::default()
        });
        fill(&mut stage);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("frames");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, frame(&stage)));
    }
}
