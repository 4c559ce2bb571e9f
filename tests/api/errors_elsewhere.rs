//! What can go wrong with verbs that do not end as a dialog does: editing, manifests, a drain.

use std::path::Path;

use konn::core::app::App;
use konn::core::event::Event;
use konn::core::outcome::Outcome;
use konn::mock::Running;
use konn::mock::faults::Harm;
use serde_json::json;

use crate::drive;
use crate::errors::{Wrong, assert_told, count, endings, flat, harm, hurried, hurried_at, word, wrongs};
use crate::support::{Konn, cluster, layer_text, plant};
use crate::verbs::kinds;

fn said(app: &App) -> String {
    app.notice
        .as_ref()
        .map(|(notice, _)| notice.text.clone())
        .unwrap_or_default()
}

/// Edits a ConfigMap while something goes wrong. Answers konn and what was typed.
async fn editing(home: &Path, running: &Running, wrong: &Wrong) -> (Konn, String) {
    plant(running, kinds::config_map("conf"));
    let mut konn = hurried_at(home, running, "configmaps shop");
    konn.settled().await;
    konn.press("e");
    let (task, text) = konn.edited().await;
    let typed = text.replace("a: \"1\"", "a: typed");
    let hits = harm(running, &wrong.harm, "");
    konn.machine.event(Event::Done(task, Outcome::Edited(typed.clone())));
    konn.until("the answer", |app| app.history.pending().is_empty()).await;
    assert_eq!(endings(konn.app(), 1), [word(wrong)], "{:?}", wrong.harm);
    assert_eq!(count(&hits), 1, "{:?}", wrong.harm);
    running.api.faults.clear();
    (konn, typed)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_edited_is_opened_again_or_kept_in_a_file() {
    for wrong in wrongs() {
        let running = cluster().await;
        let home = tempfile::tempdir().unwrap();
        let (mut konn, typed) = editing(home.path(), &running, &wrong).await;
        let mendable = matches!(wrong.harm, Harm::Refuses(409 | 422, ..));
        if mendable {
            let (task, again) = konn.edited().await;
            assert!(again.contains("a: typed"), "{again}");
            let told = flat(&again.replace('#', ""));
            let wanted = match wrong.harm {
                Harm::Refuses(409, ..) => "Somebody else changed the object",
                _ => wrong.said,
            };
            assert!(told.contains(wanted), "{wanted}\n{again}");
            konn.machine
                .event(Event::Done(task, Outcome::Edited(again.replace("typed", "mended"))));
            konn.until("the end", |app| app.layers.is_empty()).await;
            assert_eq!(endings(konn.app(), 2), ["failed", "done"]);
            let object = running.api.store.get("configmaps", "shop", "conf").unwrap().decode();
            assert_eq!(object["data"]["a"], "mended");
            continue;
        }
        konn.until("the end", |app| app.layers.is_empty()).await;
        let notice = said(konn.app());
        assert_told("edit", &wrong, konn.app(), &notice);
        let (_, path) = notice.rsplit_once(" in ").unwrap_or_else(|| panic!("{notice}"));
        let path = path.trim_end_matches('.');
        let kept = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(kept.contains("a: typed") && typed.contains(&kept), "{kept}");
    }
}

/// A folder with three ConfigMaps.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["conf-a", "conf-b", "conf-c"] {
        let text = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"a": "2"}});
        std::fs::write(folder.path().join(format!("{name}.json")), text.to_string()).unwrap();
    }
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn of_manifests_each_has_its_own_result() {
    for (line, keys, done) in [("apply", "", "changed"), ("delete-manifest", "right", "deleted")] {
        for wrong in wrongs() {
            let running = cluster().await;
            for name in ["conf-a", "conf-b", "conf-c"] {
                plant(&running, kinds::config_map(name));
            }
            let folder = folder();
            let mut konn = hurried(&running, "configmaps shop");
            konn.until("discovery", |app| app.is_settled() && !app.is_discovering())
                .await;
            konn.press(":");
            konn.type_text(&format!("{line} {}", folder.path().display()));
            konn.press("enter");
            konn.until("the manifests", |app| !app.layers.is_empty() && app.is_settled())
                .await;
            drive::fill(&mut konn, keys);
            konn.settled().await;
            let everything = harm(&running, &Harm::Counted, "");
            harm(&running, &wrong.harm, "/conf-b");
            konn.press("enter enter");
            drive::over(&mut konn, line).await;
            let text = layer_text(konn.app());
            assert_told(line, &wrong, konn.app(), &text);
            for (mark, name, word) in [("✓", "conf-a", done), ("✗", "conf-b", "failed"), ("✓", "conf-c", done)] {
                let wanted = format!("{mark} configmap/{name} shop {word}");
                assert!(text.lines().any(|line| flat(line) == wanted), "{wanted}\n{text}");
            }
            assert_eq!(
                endings(konn.app(), 9),
                ["done", word(&wrong), "done"],
                "{line} {:?}",
                wrong.harm
            );
            assert_eq!(count(&everything), 3, "{line} {:?}", wrong.harm);
            konn.press("enter");
            assert!(konn.app().layers.is_empty(), "Enter closes what is over");
            assert_eq!(count(&everything), 3, "and sends nothing more");
        }
    }
}

/// A node with a pod that may go, and the drain of it about to begin.
async fn draining(running: &Running) -> Konn {
    plant(running, kinds::node("n1", &json!({})));
    plant(
        running,
        kinds::pod("web", "n1", Some(("ReplicaSet", "web-1")), &json!([])),
    );
    let mut konn = hurried(running, "nodes");
    konn.settled().await;
    konn.press("x D");
    konn.until("the plan", |app| !app.layers.is_empty() && app.is_settled())
        .await;
    drive::fill(&mut konn, "tab tab tab tab \"0\" tab tab right");
    konn
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_cannot_be_cordoned_is_not_drained() {
    for wrong in wrongs() {
        let running = cluster().await;
        let mut konn = draining(&running).await;
        let hits = harm(&running, &wrong.harm, "/nodes/n1");
        konn.press("enter enter");
        drive::over(&mut konn, "drain").await;
        let text = layer_text(konn.app());
        assert_told("drain", &wrong, konn.app(), &text);
        assert!(text.contains("kubectl drain n1 --grace-period=0"), "{text}");
        assert_eq!(endings(konn.app(), 9), [word(&wrong)], "{:?}", wrong.harm);
        assert_eq!(count(&hits), 1, "{:?}", wrong.harm);
        assert!(
            running.api.store.get("pods", "shop", "web").is_some(),
            "no pod was touched"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_eviction_that_fails_is_told_and_one_that_is_held_back_is_tried_again() {
    for wrong in wrongs() {
        let running = cluster().await;
        let mut konn = draining(&running).await;
        let hits = harm(&running, &wrong.harm, "/pods/web/eviction");
        konn.press("enter");
        let held = matches!(wrong.harm, Harm::TooManyRequests(_));
        if held {
            konn.until("what holds it", |app| layer_text(app).contains("held back"))
                .await;
            assert!(layer_text(konn.app()).contains(wrong.said));
            running.api.faults.clear();
        }
        drive::over(&mut konn, "drain").await;
        let text = layer_text(konn.app());
        let (ended, gone) = match wrong.harm {
            // As kubectl: what is not there need not go.
            Harm::Refuses(404, ..) | Harm::TooManyRequests(_) => ("is drained", wrong.harm != wrongs()[1].harm),
            Harm::Cut(_) => ("is not drained", true),
            _ => ("is not drained", false),
        };
        assert!(text.contains(ended), "{:?}\n{text}", wrong.harm);
        if ended == "is not drained" {
            assert!(flat(&text).contains(wrong.said), "{:?}\n{text}", wrong.harm);
            assert!(text.contains("kubectl uncordon n1"), "what to do\n{text}");
        }
        if wrong.unknown {
            assert!(flat(&text).contains(&konn.app().lang.t(wrong.todo)), "{text}");
        }
        assert_eq!(
            running.api.store.get("pods", "shop", "web").is_none(),
            gone,
            "{:?}",
            wrong.harm
        );
        let wanted: &[&str] = if held {
            &["done", "failed", "done"]
        } else {
            &["done", word(&wrong)]
        };
        assert_eq!(endings(konn.app(), 9), wanted, "{:?}", wrong.harm);
        assert_eq!(count(&hits), 1, "{:?}", wrong.harm);
    }
}
