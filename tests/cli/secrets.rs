//! A secret's values reach neither a printed frame nor anything that is written to disk.

use std::path::Path;

use konn::mock::Mock;
use serde_json::json;

use super::run::{Home, text};

const VALUE: &str = "hunter2-swordfish";
const ENCODED: &str = "aHVudGVyMi1zd29yZGZpc2g=";

/// Every file below a folder with what is in it.
fn files(folder: &Path, out: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push((path.display().to_string(), text(&std::fs::read(&path).unwrap())));
        }
    }
}

#[test]
fn nothing_of_a_secret_is_printed_or_written() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let running = runtime.block_on(Mock::builder().start("127.0.0.1:0")).unwrap();
    let applied = json!({"kind": "Secret", "data": {"password": ENCODED}}).to_string();
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
        "metadata": {"name": "db", "namespace": "default", "annotations": {"kubectl.kubernetes.io/last-applied-configuration": applied}},
        "data": {"password": ENCODED}});
    running.api.plant(secret).map(|_| ()).unwrap();
    let home = Home::new(&running.kubeconfig());
    for line in ["secrets -A", "secrets.v1. -A"] {
        for format in ["text", "ansi", "svg"] {
            let mut command = home.command(&["snapshot", line, "--format", format]);
            let output = command.env("KONN_LOG", "trace").output().unwrap();
            let printed = text(&output.stdout) + &text(&output.stderr);
            assert!(
                output.status.success() && printed.contains("db"),
                "{line} {format}: {printed}"
            );
            assert!(
                !printed.contains(VALUE) && !printed.contains(ENCODED),
                "{line} {format}: {printed}"
            );
        }
    }
    let mut written = Vec::new();
    files(home.path(), &mut written);
    assert!(!written.is_empty(), "the kubeconfig at least");
    for (name, content) in written {
        assert!(
            !content.contains(VALUE) && !content.contains(ENCODED),
            "{name}:\n{content}"
        );
    }
}
