//! apply, diff and replace: by the client and by the server.

use super::driver::practice;

const MAP: &str = "
apiVersion: v1
kind: ConfigMap
metadata: {name: cm, labels: {part: x}}
data: {a: '1', b: '2'}
";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_applied_is_created_configured_and_left_alone() {
    let Some(kubectl) = practice().await else { return };
    assert_eq!(kubectl.apply(MAP).await, "configmap/cm created\n");
    assert_eq!(kubectl.apply(MAP).await, "configmap/cm unchanged\n");
    let changed = MAP.replace("b: '2'", "c: '3'");
    assert_eq!(kubectl.apply(&changed).await, "configmap/cm configured\n");
    // What was applied before and is not any more goes; what others wrote stays.
    let data = ["get", "configmap", "cm", "-o", "jsonpath={.data}"];
    assert_eq!(kubectl.ok(&data).await, "{\"a\":\"1\",\"c\":\"3\"}");
    kubectl
        .ok(&[
            "patch",
            "configmap",
            "cm",
            "--type=merge",
            "-p",
            "{\"data\":{\"z\":\"9\"}}",
        ])
        .await;
    kubectl.apply(MAP).await;
    assert_eq!(kubectl.ok(&data).await, "{\"a\":\"1\",\"b\":\"2\",\"z\":\"9\"}");
    let dry = kubectl
        .feed(&["apply", "--dry-run=server", "-f", "-"], changed.as_bytes())
        .await;
    assert_eq!(dry.stdout, "configmap/cm configured (server dry run)\n");
    let dry = kubectl
        .feed(&["apply", "--dry-run=client", "-f", "-"], changed.as_bytes())
        .await;
    assert_eq!(dry.stdout, "configmap/cm configured (dry run)\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_applies_for_managers_and_tells_conflicts() {
    let Some(kubectl) = practice().await else { return };
    let apply = async |manager: &str, text: &str, more: &[&str]| {
        let manager = format!("--field-manager={manager}");
        let args = [&["apply", "--server-side", &manager, "-f", "-"][..], more].concat();
        kubectl.feed(&args, text.as_bytes()).await
    };
    assert_eq!(apply("one", MAP, &[]).await.stdout, "configmap/cm serverside-applied\n");
    let other = MAP.replace("a: '1'", "a: '5'");
    let conflict = apply("two", &other, &[]).await;
    assert_eq!(conflict.code, 1);
    assert!(
        conflict
            .stderr
            .starts_with("error: Apply failed with 1 conflict: conflict with \"one\": .data.a\n"),
        "{conflict:?}"
    );
    assert_eq!(
        apply("two", &other, &["--force-conflicts"]).await.stdout,
        "configmap/cm serverside-applied\n"
    );
    assert_eq!(
        kubectl
            .ok(&["get", "configmap", "cm", "-o", "jsonpath={.data.a}"])
            .await,
        "5"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_is_somebodys() {
    let Some(kubectl) = practice().await else { return };
    let owners =
        "jsonpath={range .metadata.managedFields[*]}{.manager} {.operation} {.subresource} {.fieldsV1}{\"\\n\"}{end}";
    let owners = async |what: &str| kubectl.ok(&["get", what, "--show-managed-fields", "-o", owners]).await;
    kubectl.ok(&["create", "configmap", "made", "--from-literal=a=1"]).await;
    assert_eq!(
        owners("configmap/made").await,
        "kubectl-create Update  {\"f:data\":{\".\":{},\"f:a\":{}}}\n"
    );
    kubectl.ok(&["label", "configmap", "made", "x=y"]).await;
    let label = "kubectl-label Update  {\"f:metadata\":{\"f:labels\":{\".\":{},\"f:x\":{}}}}\n";
    assert!(owners("configmap/made").await.ends_with(label));
    // What was made by one command conflicts with what the server shall apply, unless it is the same.
    let server = ["apply", "--server-side", "-f", "-"];
    let made = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made}\ndata: {a: '1'}\n";
    assert_eq!(kubectl.feed(&server, made.as_bytes()).await.code, 0);
    let refused = kubectl.feed(&server, made.replace("a: '1'", "a: '2'").as_bytes()).await;
    let conflict = "error: Apply failed with 1 conflict: conflict with \"kubectl-create\" using v1: .data.a\n";
    assert!(refused.code == 1 && refused.stderr.starts_with(conflict), "{refused:?}");
    // What kubectl itself applied before is handed on to the server's apply.
    kubectl.apply(MAP).await;
    assert!(
        owners("configmap/cm")
            .await
            .starts_with("kubectl-client-side-apply Update ")
    );
    let applied = kubectl.feed(&server, MAP.replace("a: '1'", "a: '2'").as_bytes()).await;
    assert_eq!(
        (applied.code, &*applied.stdout, &*applied.stderr),
        (0, "configmap/cm serverside-applied\n", "")
    );
    assert_eq!(
        kubectl.feed(&server, MAP.as_bytes()).await.stdout,
        "configmap/cm serverside-applied\n"
    );
    let now = owners("configmap/cm").await;
    assert!(
        now.lines().any(|line| line.starts_with("kubectl Apply ")) && !now.contains("client-side"),
        "{now}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn prune_takes_away_what_is_no_longer_applied() {
    let Some(kubectl) = practice().await else { return };
    let two = format!("{MAP}\n---\n{}\n", MAP.replace("name: cm", "name: other"));
    kubectl.apply(&two).await;
    let prune = [
        "apply",
        "--prune",
        "-l",
        "part=x",
        "--prune-allowlist=core/v1/ConfigMap",
        "-f",
        "-",
    ];
    let pruned = kubectl.feed(&prune, MAP.as_bytes()).await;
    assert_eq!(pruned.stdout, "configmap/cm unchanged\nconfigmap/other pruned\n");
    kubectl.fails(&["get", "configmap", "other"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_a_manifest_are_told() {
    let Some(kubectl) = practice().await else { return };
    let unknown = MAP.replace("\ndata:", "\ndatum: {}\ndata:");
    let refused = kubectl.feed(&["apply", "-f", "-"], unknown.as_bytes()).await;
    assert_eq!(refused.code, 1);
    assert!(
        refused
            .stderr
            .contains("strict decoding error: unknown field \"datum\""),
        "{refused:?}"
    );
    let deployment = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: b}}, spec: {containers: [{name: c, image: x}]}}}
";
    let refused = kubectl.feed(&["apply", "-f", "-"], deployment.as_bytes()).await;
    let wanted = "The Deployment \"d\" is invalid: spec.template.metadata.labels: Invalid value: {\"app\":\"b\"}: `selector` does not match template `labels`\n";
    assert_eq!(refused.stderr, wanted);
    let nothing = kubectl
        .feed(
            &["apply", "-f", "-"],
            b"apiVersion: v1\nkind: Widget\nmetadata: {name: x}",
        )
        .await;
    assert!(
        nothing
            .stderr
            .contains("no matches for kind \"Widget\" in version \"v1\""),
        "{nothing:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn diff_shows_and_replace_writes() {
    let Some(kubectl) = practice().await else { return };
    kubectl.apply(MAP).await;
    let changed = kubectl.file("cm.yaml", MAP.replace("a: '1'", "a: '7'"));
    let diff = kubectl.run(&["diff", "-f", &changed]).await;
    assert_eq!(diff.code, 1);
    assert!(diff.stdout.contains("\n-  a: \"1\"\n+  a: \"7\"\n"), "{diff:?}");
    assert_eq!(
        kubectl.ok(&["replace", "-f", &changed]).await,
        "configmap/cm replaced\n"
    );
    assert_eq!(kubectl.run(&["diff", "-f", &changed]).await.code, 0);
    let forced = kubectl.ok(&["replace", "--force", "-f", &changed]).await;
    assert_eq!(forced, "configmap \"cm\" deleted\nconfigmap/cm replaced\n");
}
