//! Labels, editing, manifests and saved tables against the API.

use konn::core::app::App;
use konn::core::event::Event;
use konn::core::outcome::Outcome;
use konn::mock::Running;
use serde_json::{Value, json};

use crate::support::{Konn, cluster, layer_text, plant, pod};

fn stored(running: &Running, table: &str, name: &str) -> Option<Value> {
    let object = running.api.store.get(table, "shop", name)?;
    Some(object.decode())
}

fn config_map(name: &str, value: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}, "data": {"a": value}})
}

fn is_quiet(app: &App) -> bool {
    app.is_settled() && !app.is_discovering()
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_stored() {
    let running = cluster().await;
    plant(&running, config_map("web-0", "1"));
    let mut konn = Konn::open(&running, "mock", "configmaps shop");
    konn.settled().await;
    konn.press("x l");
    konn.until("the form", |app| layer_text(app).contains("Key")).await;
    konn.type_text("tier");
    konn.press("tab");
    konn.type_text("db");
    konn.press("enter");
    konn.until("the end", |app| app.layers.is_empty()).await;
    let labels = stored(&running, "configmaps", "web-0").unwrap()["metadata"]["labels"].clone();
    assert_eq!(labels["tier"], "db");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_meets_a_conflict_and_lies_on_top_of_it() {
    let running = cluster().await;
    plant(&running, config_map("conf", "1"));
    let mut konn = Konn::open(&running, "mock", "configmaps shop");
    konn.settled().await;
    konn.press("e");
    let (task, text) = konn.edited().await;
    running.api.touch("configmaps", "shop", "conf", |object| {
        object["data"]["b"] = json!("theirs")
    });
    let text = text.replace("a: \"1\"", "a: \"2\"");
    konn.machine.event(Event::Done(task, Outcome::Edited(text)));
    let (task, again) = konn.edited().await;
    assert!(again.contains("# Somebody else changed the object"), "{again}");
    let text = again.replace("a: \"2\"", "a: \"3\"");
    konn.machine.event(Event::Done(task, Outcome::Edited(text)));
    konn.until("the end", |app| app.layers.is_empty()).await;
    assert_eq!(
        stored(&running, "configmaps", "conf").unwrap()["data"],
        json!({"a": "3", "b": "theirs"})
    );
}

/// A folder with a good document, a bad one between good ones, and one of a kind that nobody serves.
fn manifests() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let good = |name: &str, value: &str| config_map(name, value).to_string();
    std::fs::write(folder.path().join("a.yaml"), good("old", "new")).unwrap();
    let text = format!(
        "{}\n---\nkind: [\n---\n{}\n---\napiVersion: example.com/v1\nkind: Nothing\nmetadata:\n  name: x\n",
        good("first", "1"),
        good("last", "2")
    );
    std::fs::write(folder.path().join("b.yaml"), text).unwrap();
    folder
}

async fn opened(konn: &mut Konn, line: &str) {
    konn.press(":");
    konn.type_text(line);
    konn.press("enter");
    konn.until("the manifests", is_quiet).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_applied_and_deleted_and_a_bad_document_costs_no_other() {
    let running = cluster().await;
    let folder = manifests();
    let path = folder.path().display().to_string();
    let mut konn = Konn::open(&running, "mock", "configmaps shop");
    konn.until("discovery", is_quiet).await;
    opened(&mut konn, &format!("diff {path}")).await;
    let text = layer_text(konn.app());
    assert!(text.contains("b.yaml, document 2, line"), "{text}");
    assert!(text.contains("knows no Nothing (example.com/v1)"), "{text}");
    assert!(text.contains("configmap/old  shop  would be created"), "{text}");
    assert!(text.contains("+   a: new") || text.contains("+ data:"), "{text}");
    konn.press("enter");
    assert!(konn.app().layers.is_empty());
    assert!(
        stored(&running, "configmaps", "old").is_none(),
        "a diff changes nothing"
    );
    opened(&mut konn, &format!("apply {path}")).await;
    konn.press("enter");
    konn.until("the results", |app| {
        let said = app.notice.as_ref().map_or("", |(notice, _)| &notice.text);
        format!("{}{said}", layer_text(app)).contains("Applied objects: 3. Not done: 2.") && is_quiet(app)
    })
    .await;
    for name in ["old", "first", "last"] {
        let object = stored(&running, "configmaps", name).unwrap();
        assert_eq!(object["metadata"]["managedFields"][0]["manager"], "konn", "{object}");
    }
    konn.press("enter");
    opened(&mut konn, &format!("delete-manifest {path}")).await;
    konn.press("enter");
    assert!(konn.app().layers.is_empty(), "the first answer is no");
    opened(&mut konn, &format!("delete-manifest {path}")).await;
    konn.press("right enter");
    konn.until("the results", |app| {
        layer_text(app).contains("deleted") && is_quiet(app)
    })
    .await;
    assert!(stored(&running, "configmaps", "old").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_own_is_taken_over_only_when_asked() {
    let running = cluster().await;
    let mut owned = config_map("old", "theirs");
    owned["metadata"]["managedFields"] = json!([{"manager": "helm", "operation": "Apply", "apiVersion": "v1",
        "fieldsType": "FieldsV1", "time": "2026-11-20T22:00:00Z", "fieldsV1": {"f:data": {"f:a": {}}}}]);
    plant(&running, owned);
    let folder = manifests();
    let path = folder.path().join("a.yaml").display().to_string();
    let mut konn = Konn::open(&running, "mock", "configmaps shop");
    konn.until("discovery", is_quiet).await;
    opened(&mut konn, &format!("apply {path}")).await;
    let text = layer_text(konn.app());
    assert!(text.contains("helm") && text.contains("Take over"), "{text}");
    konn.press("enter");
    assert_eq!(stored(&running, "configmaps", "old").unwrap()["data"]["a"], "theirs");
    opened(&mut konn, &format!("apply {path}")).await;
    konn.press("space");
    konn.until("the second trial", |app| {
        layer_text(app).contains("would change") && is_quiet(app)
    })
    .await;
    assert!(layer_text(konn.app()).contains("--force-conflicts"));
    konn.press("enter");
    konn.until("the results", |app| layer_text(app).contains("✓")).await;
    assert_eq!(stored(&running, "configmaps", "old").unwrap()["data"]["a"], "new");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_makes_an_object_and_says_when_there_is_one() {
    let running = cluster().await;
    let mut konn = Konn::open(&running, "mock", "configmaps shop");
    konn.settled().await;
    for there in [false, true] {
        konn.press("x n");
        konn.type_text("conf");
        konn.press("tab");
        konn.type_text("a");
        konn.press("tab");
        konn.type_text("1");
        konn.press("enter");
        if there {
            konn.until("the refusal", |app| {
                layer_text(app).contains("one of that name already")
            })
            .await;
        } else {
            konn.until("the end", |app| app.layers.is_empty()).await;
        }
    }
    assert_eq!(
        stored(&running, "configmaps", "conf").unwrap()["data"],
        json!({"a": "1"})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_saved_to_a_file() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let folder = tempfile::tempdir().unwrap();
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("c G enter ctrl-u");
    let path = folder.path().join("pods.yaml");
    konn.type_text(&path.display().to_string());
    konn.press("enter");
    konn.until("the file", |app| app.layers.is_empty()).await;
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("NAME: web-0"), "{text}");
}
