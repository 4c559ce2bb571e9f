//! Fields explained from the server's OpenAPI, held against the real kubectl where there is one.

use std::process::Command;

use konn::core::app::App;
use konn::mock::Running;
use konn::mock::faults::{Fault, Harm};
use serde_json::json;

use crate::support::{Konn, cluster, layer_text, plant, pod};

fn shows(text: &'static str) -> impl Fn(&App) -> bool {
    move |app| app.is_settled() && layer_text(app).contains(text)
}

/// A custom resource whose fields say what they are.
fn define(running: &Running) {
    let spec = json!({"type": "object", "description": "What is wanted of the gizmo.\n\nMore of it.", "required": ["size"], "properties": {
        "size": {"type": "integer", "description": "How large it is."},
        "mode": {"type": "string", "enum": ["", "Fast", "Slow"]},
        "parts": {"type": "array", "description": "What it is made of.", "items": {"type": "object", "description": "A part.",
            "properties": {"name": {"type": "string"}}}},
        "marks": {"type": "object", "additionalProperties": {"type": "string"}}}});
    plant(
        running,
        json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "gizmos.toys.example.com"},
        "spec": {"group": "toys.example.com", "scope": "Namespaced", "names": {"plural": "gizmos", "singular": "gizmo", "kind": "Gizmo"},
            "versions": [{"name": "v1", "served": true, "storage": true,
                "schema": {"openAPIV3Schema": {"type": "object", "description": "A gizmo.", "properties": {"spec": spec}}}}]}}),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_walked_down_and_up() {
    let running = cluster().await;
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.line("explain pods.spec");
    konn.until("the spec", shows("FIELD: spec <PodSpec>")).await;
    for key in [
        "/", "c", "o", "n", "t", "a", "i", "n", "e", "r", "s", " ", " ", "<", "[", "]", "C", "enter",
    ] {
        konn.press(if key == " " { "space" } else { key });
    }
    konn.press("enter");
    konn.until("a field of it", shows("FIELD: ")).await;
    konn.until("the containers", shows("containers <[]Container>")).await;
    konn.press("esc esc");
    konn.until("the spec again", shows("FIELD: spec <PodSpec>")).await;
    konn.press("backspace");
    konn.until("the kind", |app| {
        app.is_settled() && !layer_text(app).contains("FIELD:")
    })
    .await;
    konn.press("esc");
    assert!(konn.app().layers.is_empty(), "{}", konn.screen());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_field_under_the_cursor_is_explained() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("y");
    konn.settled().await;
    for key in ["/", "i", "m", "a", "g", "e", ":", "enter", "K"] {
        konn.press(key);
    }
    konn.until("the image", shows("FIELD: image <string>")).await;
    assert!(
        layer_text(konn.app()).contains("pods.spec.containers.image"),
        "{}",
        konn.screen()
    );
    konn.press("esc");
    assert!(
        layer_text(konn.app()).contains("kind: Pod"),
        "back in the YAML: {}",
        konn.screen()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_explained_says_why() {
    let running = cluster().await;
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.line("explain pods.spec.nope");
    konn.until("the spec and a word", shows("There is no field \"nope\""))
        .await;
    assert!(layer_text(konn.app()).contains("FIELD: spec"), "{}", konn.screen());
    konn.press("esc");
    konn.line("explain nothings.spec");
    konn.until("a word", |app| {
        app.notice
            .as_ref()
            .is_some_and(|(notice, _)| notice.text.contains("no view named \"nothings\""))
    })
    .await;
    running.api.faults.set(Fault::new("", "/openapi/v3", Harm::NotFound));
    konn.line("explain deployments.spec");
    konn.until("why not", shows("serves no OpenAPI v3")).await;
}

/// What kubectl says without blanks, for long words are broken at other places; none where there is no kubectl that can.
fn kubectl(running: &Running, field: &str, home: &std::path::Path) -> Option<String> {
    let config = home.join("config");
    std::fs::write(&config, running.kubeconfig()).unwrap();
    let mut command = Command::new("kubectl");
    command.args(["explain", field, "--kubeconfig"]).arg(&config);
    command.arg("--cache-dir").arg(home.join("cache")).env("HOME", home);
    let output = command.output().ok()?;
    if !output.status.success() {
        eprintln!("kubectl explain {field}: {}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    Some(words(&String::from_utf8_lossy(&output.stdout)))
}

fn words(text: &str) -> String {
    text.split_whitespace().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_what_kubectl_explain_says() {
    let running = cluster().await;
    define(&running);
    let home = tempfile::tempdir().unwrap();
    let version = Command::new("kubectl")
        .args(["version", "--client", "-o", "json"])
        .output();
    let version = version
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    let minor = version
        .split("\"minor\": \"")
        .nth(1)
        .and_then(|rest| rest.split(|ch: char| !ch.is_ascii_digit()).next());
    if minor
        .and_then(|minor| minor.parse::<u32>().ok())
        .is_none_or(|minor| minor < 32)
    {
        eprintln!("skipped: there is no kubectl of 1.32 or later to compare with");
        return;
    }
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    for field in [
        "pods",
        "pods.spec",
        "pods.spec.containers",
        "pods.spec.containers.resources",
        "pods.spec.containers.resources.limits",
        "pods.metadata.labels",
        "deployments.spec.template.spec.containers.env.valueFrom",
        "deployments",
        "gizmos",
        "gizmos.spec",
        "gizmos.spec.size",
        "gizmos.spec.mode",
        "gizmos.spec.parts",
        "gizmos.spec.marks",
    ] {
        let said = kubectl(&running, field, home.path()).unwrap_or_else(|| panic!("kubectl does not explain {field}"));
        konn.line(&format!("explain {field}"));
        konn.until("the explanation", |app| {
            app.is_settled() && !app.layers.is_empty() && !layer_text(app).trim_end().ends_with(field)
        })
        .await;
        assert_eq!(words(&konn.whole_text()), said, "{field}");
        konn.press("esc");
    }
}
