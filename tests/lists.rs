//! Searching in lists and trees, and how little of others is read to find users.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod stage;

use konn::core::store::Delta;
use konn::core::watch::Decoder;
use serde_json::{Value, json};
use stage::{Set, Stage, pod, rows, whole};

fn class() -> Value {
    json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "high", "uid": "u"}, "value": 7})
}

fn users(stage: &mut Stage, count: usize) -> Vec<Delta> {
    let (_, spec) = stage
        .open_watches()
        .into_iter()
        .find(|(id, _)| *id == stage.watch("pods"))
        .unwrap();
    let Decoder::Part(read) = spec.decoder else {
        panic!("{spec:?}")
    };
    let user = |at: usize| {
        let mut pod = pod(&format!("web-{at}"), &[]);
        pod["spec"]["priorityClassName"] = json!("high");
        Delta::Apply(read(&pod.to_string()).unwrap())
    };
    (0..count).map(user).collect()
}

fn used_by(set: Set) -> Stage {
    let mut stage = Stage::new(Set {
        line: "priorityclasses",
        ..set
    });
    stage.list("priorityclasses", rows("priorityclasses", vec![class()]));
    stage.press("u");
    stage.list("priorityclasses", vec![whole(&class())]);
    stage
}

fn sheet(stage: &Stage) -> konn::core::layer::Sheet {
    let layer = stage.app.layers.last().unwrap();
    layer.sheet(&stage.app.layer_cx(&**layer))
}

fn text(stage: &Stage) -> String {
    sheet(stage).lines.iter().map(|line| line.text() + "\n").collect()
}

fn chosen(stage: &Stage) -> String {
    let sheet = sheet(stage);
    let line = sheet.chosen.and_then(|at| sheet.lines.get(at)).map(|line| line.text());
    line.unwrap_or_default()
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_string()
}

#[test]
fn many_objects_are_looked_through_slim_and_counted() {
    let mut stage = used_by(Set::default());
    let mut deltas = users(&mut stage, 500);
    let Delta::Apply(row) = &deltas[0] else { panic!() };
    let kept = (&**row as &dyn std::any::Any)
        .downcast_ref::<konn::core::whole::Whole>()
        .unwrap();
    assert_eq!(kept.value["spec"], json!({"priorityClassName": "high"}));
    deltas.insert(0, Delta::Listing(None));
    stage.deltas("pods", deltas);
    assert!(text(&stage).contains("500 so far"), "{}", text(&stage));
    stage.deltas("pods", vec![Delta::Listed(None)]);
    for plural in ["deployments", "statefulsets", "daemonsets", "jobs", "cronjobs"] {
        stage.list(plural, Vec::new());
    }
    assert!(
        text(&stage).contains("pod   shop/web-0    priorityClassName"),
        "{}",
        text(&stage)
    );
    assert!(!text(&stage).contains("so far"));
}

#[test]
fn a_list_is_searched_as_a_text_is() {
    for keymap in ["default", "k9s", "vim"] {
        let mut stage = used_by(Set {
            keymap,
            ..Set::default()
        });
        let mut deltas = users(&mut stage, 30);
        deltas.insert(0, Delta::Listing(None));
        deltas.push(Delta::Listed(None));
        stage.deltas("pods", deltas);
        stage.press("/ \"web-2\"");
        assert_eq!(chosen(&stage), "shop/web-2", "the first is chosen while it is typed");
        assert!(sheet(&stage).cursor.is_some() && text(&stage).contains("/web-2"));
        stage.press("enter");
        assert!(sheet(&stage).cursor.is_none());
        stage.press("n");
        assert_eq!(chosen(&stage), "shop/web-20");
        stage.press("N N");
        assert_eq!(chosen(&stage), "shop/web-29", "around the beginning");
        assert!(
            sheet(&stage).info.text().starts_with("11 of 11"),
            "{}",
            sheet(&stage).info.text()
        );
        stage.press("esc");
        assert_eq!(stage.app.layers.len(), 1, "the search goes first");
        stage.press("n");
        assert_eq!(chosen(&stage), "shop/web-29", "nothing is searched");
        stage.press("/ \"nobody\" enter esc");
        assert!(
            stage.app.layers.is_empty(),
            "what is not found is not searched any more"
        );
    }
}
