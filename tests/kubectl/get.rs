//! get in its formats, with its selectors, and what the server tells of itself.

use tokio::io::{AsyncBufReadExt, BufReader};

use super::driver::{practice, words};

#[tokio::test(flavor = "multi_thread")]
async fn pods_are_listed_in_every_format() {
    let Some(kubectl) = practice().await else { return };
    kubectl.pod("one", &["--image=nginx", "--labels=app=a,tier=x"]).await;
    kubectl.pod("two", &["--image=nginx", "--labels=app=b"]).await;
    let table = kubectl.ok(&["get", "pods"]).await;
    let lines: Vec<Vec<&str>> = table.lines().map(words).collect();
    assert_eq!(lines[0], ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
    assert_eq!(lines[1][..4], ["one", "1/1", "Running", "0"]);
    let wide = kubectl.ok(&["get", "pod", "one", "-o", "wide", "--no-headers"]).await;
    let wide = words(&wide);
    assert!(wide[5].starts_with("10.244.") && wide[6].starts_with("node-") && wide[7..] == ["<none>", "<none>"]);
    assert_eq!(kubectl.ok(&["get", "pods", "-o", "name"]).await, "pod/one\npod/two\n");
    assert_eq!(
        kubectl
            .ok(&["get", "pods", "-o", "jsonpath={.items[*].metadata.name}"])
            .await,
        "one two"
    );
    let template = "go-template={{range .items}}{{.metadata.name}};{{end}}";
    assert_eq!(kubectl.ok(&["get", "pods", "-o", template]).await, "one;two;");
    let columns = "custom-columns=N:.metadata.name,I:.spec.containers[0].image";
    assert_eq!(
        kubectl.ok(&["get", "pods", "-o", columns]).await,
        "N     I\none   nginx\ntwo   nginx\n"
    );
    let json: serde_json::Value =
        serde_json::from_str(&kubectl.ok(&["get", "pod", "one", "-o", "json"]).await).unwrap();
    assert_eq!(
        (&json["kind"], &json["status"]["phase"]),
        (&"Pod".into(), &"Running".into())
    );
    let yaml = kubectl.ok(&["get", "pod", "one", "-o", "yaml"]).await;
    assert!(yaml.starts_with("apiVersion: v1\nkind: Pod\nmetadata:\n") && !yaml.contains("managedFields"));
    let sorted = kubectl
        .ok(&["get", "pods", "--sort-by={.metadata.creationTimestamp}", "--no-headers"])
        .await;
    assert_eq!(
        sorted.lines().map(|line| words(line)[0]).collect::<Vec<_>>(),
        ["one", "two"]
    );
    let labels = kubectl
        .ok(&["get", "pods", "-L", "app", "--show-labels", "--no-headers"])
        .await;
    assert!(
        words(labels.lines().next().unwrap()).ends_with(&["a", "app=a,tier=x"]),
        "{labels}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn selectors_choose() {
    let Some(kubectl) = practice().await else { return };
    kubectl.pod("one", &["--image=nginx", "--labels=app=a,tier=x"]).await;
    kubectl.pod("two", &["--image=nginx", "--labels=app=b"]).await;
    for (selector, names) in [
        ("app=a", "pod/one\n"),
        ("app!=a", "pod/two\n"),
        ("app in (a,b),tier", "pod/one\n"),
        ("!tier", "pod/two\n"),
        ("app notin (a,b)", ""),
    ] {
        assert_eq!(
            kubectl.ok(&["get", "pods", "-o", "name", "-l", selector]).await,
            names,
            "{selector}"
        );
    }
    let field = "--field-selector=metadata.name=two,status.phase=Running";
    assert_eq!(kubectl.ok(&["get", "pods", "-o", "name", field]).await, "pod/two\n");
    let none = kubectl.run(&["get", "pods", "-l", "app=zzz"]).await;
    assert_eq!(
        (none.code, none.stderr.as_str()),
        (0, "No resources found in default namespace.\n")
    );
    let all = kubectl.ok(&["get", "pods", "-A", "--no-headers"]).await;
    assert_eq!(words(all.lines().next().unwrap())[..2], ["default", "one"]);
    assert_eq!(
        kubectl.fails(&["get", "pod", "nope"]).await,
        "Error from server (NotFound): pods \"nope\" not found\n"
    );
    let unknown = kubectl.fails(&["get", "widgets"]).await;
    assert_eq!(unknown, "error: the server doesn't have a resource type \"widgets\"\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_shows_what_changes() {
    let Some(kubectl) = practice().await else { return };
    kubectl.ok(&["create", "secret", "generic", "one"]).await;
    let columns = "-o=custom-columns=NAME:.metadata.name,A:.metadata.labels.a";
    let mut watch = kubectl
        .command(&["get", "secrets", "--watch", "--no-headers", columns])
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let mut next = async || {
        let line = lines.next_line().await.unwrap().unwrap();
        words(&line).join(" ")
    };
    // What is there comes first, then what changes.
    assert_eq!(next().await, "one <none>");
    kubectl.ok(&["label", "secret", "one", "a=b"]).await;
    assert_eq!(next().await, "one b");
    kubectl.ok(&["create", "secret", "generic", "two"]).await;
    assert_eq!(next().await, "two <none>");
    kubectl.ok(&["delete", "secret", "one"]).await;
    assert_eq!(next().await, "one b");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_tells_what_it_serves() {
    let Some(kubectl) = practice().await else { return };
    let apps = kubectl.ok(&["api-resources", "--api-group=apps", "--no-headers"]).await;
    assert_eq!(
        words(apps.lines().nth(2).unwrap()),
        ["deployments", "deploy", "apps/v1", "true", "Deployment"]
    );
    let versions = kubectl.ok(&["api-versions"]).await;
    for version in ["apps/v1", "batch/v1", "metrics.k8s.io/v1beta1", "v1"] {
        assert!(versions.lines().any(|line| line == version), "{version}");
    }
    let explained = kubectl.ok(&["explain", "deployment.spec.replicas"]).await;
    assert!(
        explained.contains("KIND:       Deployment") && explained.contains("FIELD: replicas <integer>"),
        "{explained}"
    );
    let explained = kubectl.ok(&["explain", "pods.spec.containers.imagePullPolicy"]).await;
    assert_eq!(explained, IMAGE_PULL_POLICY);
    let explained = kubectl.ok(&["explain", "pods.spec.containers"]).await;
    let name = "  name\t<string> -required-\n    Name of the container specified as a DNS_LABEL.";
    assert!(
        explained.contains("DESCRIPTION:\n    List of containers belonging to the pod.") && explained.contains(name),
        "{explained}"
    );
    let info = kubectl.ok(&["cluster-info"]).await;
    assert!(
        info.contains("Kubernetes control plane") && info.contains(&kubectl.running.url()),
        "{info}"
    );
    assert!(kubectl.ok(&["version"]).await.contains("Server Version: v1.36"));
    assert_eq!(kubectl.ok(&["get", "--raw", "/readyz"]).await, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_and_top_tell_what_happens() {
    let Some(kubectl) = practice().await else { return };
    kubectl.pod("one", &["--image=nginx"]).await;
    kubectl
        .until(&["events", "--for=pod/one", "--no-headers"], |events| {
            let told = |reason: &&str| events.stdout.lines().any(|line| words(line).get(2) == Some(reason));
            ["Scheduled", "Pulled", "Created", "Started"].iter().all(told)
        })
        .await;
    let normal = kubectl
        .ok(&["get", "events", "--field-selector=reason=Scheduled", "--no-headers"])
        .await;
    assert!(
        normal.contains("pod/one") && normal.contains("Successfully assigned default/one to node-"),
        "{normal}"
    );
    kubectl
        .ok(&[
            "wait",
            "--for=jsonpath={.status.phase}=Running",
            "pod/one",
            "--timeout=300s",
        ])
        .await;
    let top = kubectl
        .until(&["top", "pods", "--no-headers"], |top| {
            top.code == 0 && top.stdout.starts_with("one")
        })
        .await;
    let cells = words(&top.stdout);
    assert!(
        cells[0] == "one" && cells[1].ends_with('m') && cells[2].ends_with("Mi"),
        "{top:?}"
    );
    kubectl
        .until(&["top", "nodes", "--no-headers"], |top| {
            top.code == 0 && top.stdout.lines().count() == 3
        })
        .await;
}

/// As a real server's is explained.
const IMAGE_PULL_POLICY: &str = r#"KIND:       Pod
VERSION:    v1

FIELD: imagePullPolicy <string>
ENUM:
    Always
    IfNotPresent
    Never

DESCRIPTION:
    Image pull policy. One of Always, Never, IfNotPresent. Defaults to Always if
    :latest tag is specified, or IfNotPresent otherwise. Cannot be updated. More
    info: https://kubernetes.io/docs/concepts/containers/images#updating-images
    
    Possible enum values:
     - `"Always"` means that kubelet always attempts to pull the latest image.
    Container will fail If the pull fails.
     - `"IfNotPresent"` means that kubelet pulls if the image isn't present on
    disk. Container will fail if the image isn't present and the pull fails.
     - `"Never"` means that kubelet never pulls an image, but only uses a local
    image. Container will fail if the image isn't present
    

"#;
