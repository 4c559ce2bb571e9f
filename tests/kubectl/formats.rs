//! Less common ways to get and to read logs: formats from files, events of a watch, folders, runs before.

use tokio::io::{AsyncBufReadExt, BufReader};

use super::driver::{practice, words};

#[tokio::test(flavor = "multi_thread")]
async fn formats_come_from_files_too() {
    let Some(kubectl) = practice().await else { return };
    for name in ["one", "two"] {
        kubectl.ok(&["create", "configmap", name, "--from-literal=a=1"]).await;
    }
    let get = async |format: String| kubectl.ok(&["get", "configmaps", "one", "two", "-o", &format]).await;
    let path = kubectl.file("path", "{.items[*].metadata.name}");
    assert_eq!(get(format!("jsonpath-file={path}")).await, "one two");
    let template = kubectl.file("template", "{{range .items}}{{.metadata.name}},{{end}}");
    assert_eq!(get(format!("go-template-file={template}")).await, "one,two,");
    let columns = kubectl.file("columns", "NAME A\n.metadata.name .data.a\n");
    assert_eq!(
        get(format!("custom-columns-file={columns}")).await,
        "NAME   A\none    1\ntwo    1\n"
    );
    let kyaml: serde_json::Value = serde_json::from_str(&get("json".to_owned()).await).unwrap();
    assert_eq!(
        (&kyaml["kind"], kyaml["items"].as_array().unwrap().len()),
        (&"List".into(), 2)
    );
    let kinds = kubectl.ok(&["get", "configmaps,namespaces", "--no-headers"]).await;
    assert!(
        kinds.contains("configmap/one ") && kinds.contains("namespace/default "),
        "{kinds}"
    );
    let all = kubectl.ok(&["get", "configmaps", "-A", "--no-headers"]).await;
    assert!(all.lines().any(|line| words(line)[..2] == ["default", "one"]), "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_can_tell_its_events() {
    let Some(kubectl) = practice().await else { return };
    kubectl.ok(&["create", "secret", "generic", "one"]).await;
    let watch = ["get", "secrets", "--watch", "--output-watch-events", "--no-headers"];
    let mut watch = kubectl.command(&watch).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let mut next = async || words(&lines.next_line().await.unwrap().unwrap())[..2].join(" ");
    assert_eq!(next().await, "ADDED one");
    kubectl.ok(&["annotate", "secret", "one", "a=b"]).await;
    assert_eq!(next().await, "MODIFIED one");
    kubectl.ok(&["delete", "secret", "one"]).await;
    assert_eq!(next().await, "DELETED one");
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_and_kustomizations_are_applied() {
    let Some(kubectl) = practice().await else { return };
    let first = kubectl.file("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n");
    kubectl.file("b.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: two}\n");
    kubectl.file("kustomization.yaml", "namePrefix: my-\nresources: [a.yaml, b.yaml]\n");
    let folder = std::path::Path::new(&first).parent().unwrap().display().to_string();
    assert_eq!(
        kubectl.ok(&["apply", "-k", &folder]).await,
        "configmap/my-one created\nsecret/my-two created\n"
    );
    let both = kubectl
        .ok(&["create", "-f", &first, "-f", &format!("{folder}/b.yaml")])
        .await;
    assert_eq!(both, "configmap/one created\nsecret/two created\n");
    let deleted = kubectl.ok(&["delete", "-k", &folder]).await;
    assert_eq!(deleted, "configmap \"my-one\" deleted\nsecret \"my-two\" deleted\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_of_the_run_before_and_of_many_pods() {
    let Some(kubectl) = practice().await else { return };
    let crash = [
        "run",
        "crash",
        "--image=busybox",
        "--labels=app=x",
        "--",
        "sh",
        "-c",
        "echo started; exit 3",
    ];
    kubectl.ok(&crash).await;
    let ended = "--for=jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}=3";
    kubectl.ok(&["wait", ended, "pod/crash", "--timeout=300s"]).await;
    assert_eq!(kubectl.ok(&["logs", "crash", "--previous"]).await, "started\n");
    assert_eq!(
        kubectl.ok(&["logs", "crash", "--previous", "--limit-bytes=3"]).await,
        "sta"
    );
    let stamped = kubectl.ok(&["logs", "crash", "--previous", "--timestamps"]).await;
    let (stamp, line) = stamped.split_once(' ').unwrap();
    assert!(
        stamp.parse::<jiff::Timestamp>().is_ok() && line == "started\n",
        "{stamped}"
    );
    kubectl.pod("calm", &["--image=nginx", "--labels=app=y"]).await;
    let none = kubectl.fails(&["logs", "calm", "--previous"]).await;
    assert_eq!(
        none,
        "Error from server (BadRequest): previous terminated container \"calm\" in pod \"calm\" not found\n"
    );
    let prefixed = kubectl
        .ok(&["logs", "-l", "app=y", "--prefix", "--tail=1", "--all-containers"])
        .await;
    assert!(prefixed.starts_with("[pod/calm/calm] "), "{prefixed}");
    assert_eq!(
        kubectl.ok(&["logs", "calm", "--since-time=2200-01-01T00:00:00Z"]).await,
        ""
    );
    let dump = kubectl.ok(&["cluster-info", "dump", "-n", "default"]).await;
    assert!(
        dump.contains("\"kind\": \"PodList\"")
            && dump.contains("==== START logs for container calm of pod default/calm ===="),
        "no dump of it"
    );
}
