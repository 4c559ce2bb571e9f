//! Every kind that a real server stored and konn has a view of: kubectl knows it by the name that the command gives it.

use std::path::Path;

use futures::{FutureExt as _, StreamExt as _};
use konn::views::REGISTRY;
use serde_json::Value;

use super::drive;
use super::harness::{Kubectl, installed, same_state, state};
use super::support::{Konn, cluster, plant};

/// How many kinds are tried at the same time.
const AT_ONCE: usize = 4;

/// The first object of each kind, with the plural of its view.
fn objects() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/corpus");
    let read = |path: &Path| -> Option<(String, Value)> {
        let corpus: Value = serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()?;
        let object = corpus["rows"][0]["object"].clone();
        let kind = path.file_stem()?.to_str()?;
        let view = REGISTRY.view(kind).filter(|_| object.is_object())?;
        Some((view.resource().plural.to_string(), object))
    };
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let json = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let mut all: Vec<(String, Value)> = json.filter_map(|path| read(&path)).collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_is_known_to_kubectl_by_its_name_in_the_command() {
    if !installed().await {
        return;
    }
    let only = std::env::var("KONN_CASE").unwrap_or_default();
    let kinds: Vec<(String, Value)> = objects()
        .into_iter()
        .filter(|(plural, _)| plural.contains(&only))
        .collect();
    assert!(kinds.len() > 30 || !only.is_empty(), "only {}", kinds.len());
    let tries = futures::stream::iter(&kinds).map(|(plural, object)| async move {
        let tried = std::panic::AssertUnwindSafe(labelled(plural, object))
            .catch_unwind()
            .await;
        tried.is_err().then_some(plural)
    });
    let failed: Vec<Option<&String>> = tries.buffer_unordered(AT_ONCE).collect().await;
    let failed: Vec<&String> = failed.into_iter().flatten().collect();
    assert!(failed.is_empty(), "{failed:?}");
}

/// Labels an object both ways.
async fn labelled(plural: &str, object: &Value) {
    let [ours, theirs] = [cluster().await, cluster().await];
    for running in [&ours, &theirs] {
        plant(running, object.clone());
    }
    let before = state(&ours);
    let name = object["metadata"]["name"].as_str().unwrap();
    let mut konn = Konn::open(&ours, "mock", &format!("{plural} all"));
    konn.settled().await;
    // Others of its kind may be there from the beginning.
    if konn.names().len() > 1 {
        konn.press("/");
        konn.type_text(&format!("re:^[^ ]* *{}", name.replace('.', "\\.")));
        konn.press("enter");
        konn.settled().await;
    }
    konn.press("x l");
    konn.until(plural, |app| !app.layers.is_empty() && app.is_settled())
        .await;
    drive::fill(&mut konn, "\"konn.test/kind\" tab \"tried\"");
    konn.settled().await;
    let command = drive::commands(&mut konn);
    assert!(command.contains(name), "{plural}: {command}\n{}", konn.screen());
    konn.press("enter");
    drive::over(&mut konn, plural).await;
    let after = state(&ours);
    assert_ne!(after, before, "{plural}: {}", konn.screen());
    Kubectl::of(&theirs).run(&command, None, &theirs).await;
    same_state(plural, &command, &after, &state(&theirs));
}
