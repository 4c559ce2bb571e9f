//! Changes of the kubeconfig: konn's on one file, kubectl's on another.

use std::path::Path;

use konn::core::kubeconfig::KubeconfigEdit;
use konn::runtime::client::{ClientOptions, Environment, PluginCache};
use konn::runtime::connection::Opener;
use konn::runtime::machine::Machine;
use serde_json::Value;

use super::drive;
use super::harness::{Kubectl, installed};
use super::support::{Konn, cluster, setup};

/// konn on a kubeconfig in a file.
fn on(path: &Path) -> Konn {
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
    let (machine, inbox, asks) = Machine::start(setup("contexts"), opener).unwrap();
    Konn { machine, inbox, asks }
}

/// A kubeconfig as what it says, its lists by their names.
fn said(path: &Path) -> Value {
    let mut config: Value = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for list in ["clusters", "contexts", "users"] {
        let items = config[list].as_array_mut().unwrap();
        items.sort_by_key(|item| item["name"].to_string());
    }
    // kubectl writes what is empty, too.
    if config["preferences"] == serde_json::json!({}) {
        config.as_object_mut().unwrap().remove("preferences");
    }
    config
}

/// A context's name, what is typed, and how the command reads: of the one that is open, and of another.
const CASES: &[(&str, &str, &str, &str)] = &[
    (
        "rename_context",
        "g g",
        "\"-2\"",
        "kubectl config rename-context mock mock-2",
    ),
    (
        "rename_context",
        "g g j",
        "ctrl-u \"dev@home\"",
        "kubectl config rename-context mock-dev dev@home",
    ),
    (
        "default_namespace",
        "g g",
        "ctrl-u \"team-b\"",
        "kubectl config set-context mock --namespace=team-b",
    ),
    (
        "default_namespace",
        "G",
        "ctrl-u \"team-b\"",
        "kubectl config set-context mock-viewer --namespace=team-b",
    ),
    (
        "delete_context",
        "G",
        "right",
        "kubectl config delete-context mock-viewer",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_kubeconfig_says_what_kubectl_makes_it_say() {
    if !installed().await {
        return;
    }
    // Whoever adds a change of the kubeconfig is told here.
    for (verb, ..) in CASES {
        let context = String::new;
        let edit = match *verb {
            "rename_context" => KubeconfigEdit::Rename {
                from: context(),
                to: context(),
            },
            "default_namespace" => KubeconfigEdit::Namespace {
                context: context(),
                namespace: context(),
            },
            _ => KubeconfigEdit::Delete { context: context() },
        };
        match edit {
            KubeconfigEdit::Rename { .. } | KubeconfigEdit::Namespace { .. } | KubeconfigEdit::Delete { .. } => {}
        }
    }
    for (verb, row, fill, command) in CASES {
        let running = cluster().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        std::fs::write(&path, running.kubeconfig()).unwrap();
        let before = said(&path);
        let mut konn = on(&path);
        konn.settled().await;
        konn.press(row);
        let keys = drive::keys(&konn, verb);
        konn.press(&keys);
        drive::fill(&mut konn, fill);
        assert_eq!(drive::commands(&mut konn), *command, "{}", konn.screen());
        konn.press("enter");
        konn.until("the end", |app| {
            app.layers.is_empty() && app.history.pending().is_empty()
        })
        .await;
        let kubectl = Kubectl::of(&running);
        kubectl.run(command, None, &running).await;
        let (ours, theirs) = (said(&path), said(&kubectl.home().join("config")));
        assert_ne!(ours, before, "{command}");
        assert_eq!(ours, theirs, "{command}");
    }
}
