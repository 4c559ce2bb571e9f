//! The kubeconfig is changed in its file, and the contexts on the screen with it.

use std::path::Path;

use konn::core::policy::ContextRule;
use konn::runtime::client::{ClientOptions, Environment, PluginCache};
use konn::runtime::connection::Opener;
use konn::runtime::machine::Machine;

use crate::support::{Konn, cluster, layer_text, names, setup};

/// konn on a kubeconfig in a file.
fn on(path: &Path, line: &str, rules: Vec<ContextRule>) -> Konn {
    let opener = Opener {
        options: ClientOptions {
            kubeconfig: Some(path.to_owned()),
            ..ClientOptions::default()
        },
        environment: Environment::of(Path::new("/nonexistent"), []),
        plugins: PluginCache::default(),
        audit: None,
        given: None,
    };
    let mut setup = setup(line);
    setup.policy.contexts = rules;
    let (machine, inbox, asks) = Machine::start(setup, opener).unwrap();
    Konn { machine, inbox, asks }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_context_is_renamed_and_deleted_in_the_file_and_on_the_screen() {
    let running = cluster().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    std::fs::write(&path, format!("# mine\n{}", running.kubeconfig())).unwrap();
    let mut konn = on(&path, "contexts", Vec::new());
    konn.settled().await;
    assert_eq!(konn.names(), ["mock", "mock-dev", "mock-viewer"]);
    konn.press("j x k m");
    konn.type_text("-2");
    konn.press("enter");
    konn.until("the new name", |app| {
        names(app) == ["mock", "mock-dev-2", "mock-viewer"]
    })
    .await;
    konn.until("the end", |app| app.layers.is_empty()).await;
    konn.press("G x k X right enter");
    konn.until("two contexts", |app| names(app) == ["mock", "mock-dev-2"])
        .await;
    konn.until("the end", |app| app.layers.is_empty()).await;
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with("# mine\n") && text.contains("current-context: mock\n"),
        "{text}"
    );
    assert!(
        text.contains("mock-dev-2") && !text.contains("- name: mock-viewer\n  context"),
        "{text}"
    );
    // What is open goes on under its new name.
    konn.press("g g x k m");
    konn.type_text("-1");
    konn.press("enter");
    konn.until("the new name", |app| app.link.identity.context == "mock-1")
        .await;
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .contains("current-context: mock-1\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_changed_is_told_and_a_read_only_context_is_not_changed() {
    let running = cluster().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    let before = running.kubeconfig();
    std::fs::write(&path, &before).unwrap();
    let rule = ContextRule {
        pattern: "mock-dev".into(),
        protected: false,
        read_only: true,
    };
    let mut konn = on(&path, "contexts", vec![rule]);
    konn.settled().await;
    konn.press("j x k n");
    konn.type_text("web");
    konn.press("enter");
    konn.until("the refusal", |app| layer_text(app).contains("read-only"))
        .await;
    konn.press("esc");
    std::fs::write(folder.path().join("config.lock"), "").unwrap();
    konn.press("G x k n");
    konn.type_text("web");
    konn.press("enter");
    konn.until("the lock", |app| layer_text(app).contains("config.lock"))
        .await;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    std::fs::remove_file(folder.path().join("config.lock")).unwrap();
    konn.press("enter");
    konn.until("the end", |app| app.layers.is_empty()).await;
    assert!(std::fs::read_to_string(&path).unwrap().contains("namespace: web"));
}

#[tokio::test(flavor = "multi_thread")]
async fn contexts_in_no_file_cannot_be_changed() {
    let running = cluster().await;
    let mut konn = Konn::open(&running, "mock", "contexts");
    konn.settled().await;
    konn.press("j x k X right enter");
    konn.until("the reason", |app| layer_text(app).contains("in no file"))
        .await;
}
