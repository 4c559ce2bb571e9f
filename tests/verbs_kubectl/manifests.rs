//! A folder of manifests: applied and deleted by konn, and by the command that it shows. Of what is applied the owners of
//! the fields are compared too.

use konn::core::history::Ending;
use konn::mock::Running;
use serde_json::{Value, json};

use super::drive;
use super::harness::{Kubectl, installed, same_state, state, state_but};
use super::support::{Konn, cluster, plant};
use super::verbs::kinds;

/// What is each cluster's own where the owners of fields are compared.
const OWN: [&str; 4] = ["uid", "resourceVersion", "creationTimestamp", "time"];

/// What stands in the clusters before: an object that is made by apply elsewhere, and one that is replaced.
fn before() -> Vec<Value> {
    let mut owned = kinds::config_map("owned");
    owned["metadata"]["managedFields"] = json!([{"manager": "helm", "operation": "Apply", "apiVersion": "v1",
        "fieldsType": "FieldsV1", "time": "2026-11-20T22:00:00Z", "fieldsV1": {"f:data": {"f:a": {}}}}]);
    [vec![kinds::config_map("old"), owned], kinds::gizmo("g")].concat()
}

/// A namespace, and what says that it lives in it.
const ELSEWHERE: &str = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team-b\n---\n\
    apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: there\n  namespace: team-b\ndata:\n  x: \"1\"\n";

/// Changes of what is there, a kind of somebody's own, something new; none says where it lives, but for one.
const HERE: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: old\n  namespace: shop\n  labels:\n    team: blue\ndata:\n  b: \"2\"\n---\n\
    apiVersion: toys.example.com/v1\nkind: Gizmo\nmetadata:\n  name: g\nspec:\n  colour: red\n---\n\
    apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 2\n  selector:\n    matchLabels: {app: web}\n  \
    template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n      - name: app\n        image: nginx:1.27\n        ports:\n        - containerPort: 80\n---\n\
    apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team-c\n";

/// Takes over what somebody else applied.
const OWNED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: owned\ndata:\n  a: mine\n";

/// A folder with these files.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (at, text) in files.iter().enumerate() {
        let ending = ["yaml", "yml"][at % 2];
        std::fs::write(folder.path().join(format!("{at}.{ending}")), text).unwrap();
    }
    folder
}

/// Does what a line opens, after these keys, and answers the command.
async fn done(running: &Running, line: &str, keys: &str) -> String {
    let mut konn = Konn::open(running, "mock", "configmaps shop");
    konn.until("discovery", |app| app.is_settled() && !app.is_discovering())
        .await;
    konn.press(":");
    konn.type_text(line);
    konn.press("enter");
    konn.until("the manifests", |app| !app.layers.is_empty() && app.is_settled())
        .await;
    drive::fill(&mut konn, keys);
    konn.settled().await;
    let command = drive::commands(&mut konn);
    konn.press("enter");
    drive::over(&mut konn, line).await;
    let entries: Vec<_> = konn.app().history.entries().collect();
    assert!(!entries.is_empty(), "{}", konn.screen());
    for entry in entries {
        assert_eq!(
            (&entry.ending, &entry.kubectl),
            (&Ending::Done, &command),
            "{}",
            konn.screen()
        );
    }
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_applied_and_deleted_as_kubectl_does_it() {
    if !installed().await {
        return;
    }
    for (files, keys, flags) in [
        (&[HERE][..], "", " -n shop"),
        (&[HERE, OWNED], "space", " -n shop"),
        (&[ELSEWHERE], "", ""),
    ] {
        let [ours, theirs] = [cluster().await, cluster().await];
        for running in [&ours, &theirs] {
            before().iter().for_each(|object| plant(running, object.clone()));
        }
        let folder = folder(files);
        let path = folder.path().display().to_string();
        let command = done(&ours, &format!("apply {path}"), keys).await;
        let force = if keys.is_empty() { "" } else { " --force-conflicts" };
        assert_eq!(
            command,
            format!("kubectl apply --server-side --field-manager=konn{force} -f {path}{flags}")
        );
        let kubectl = Kubectl::of(&theirs);
        kubectl.run(&command, None, &theirs).await;
        same_state("apply", &command, &state_but(&ours, &OWN), &state_but(&theirs, &OWN));
        let command = done(&ours, &format!("delete-manifest {path}"), "right").await;
        assert_eq!(command, format!("kubectl delete -f {path}{flags}"));
        let after = state(&ours);
        kubectl.run(&command, Some(&after), &theirs).await;
        same_state("delete", &command, &after, &state(&theirs));
    }
}
