//! Who may do what: auth, tokens, and a user who may not.

use super::driver::practice;

#[tokio::test(flavor = "multi_thread")]
async fn people_ask_who_they_are_and_what_they_may() {
    let Some(kubectl) = practice().await else { return };
    let who = kubectl.ok(&["auth", "whoami"]).await;
    assert!(
        who.contains("Username    admin\n") && who.contains("Groups      [system:masters system:authenticated]\n"),
        "{who}"
    );
    assert_eq!(kubectl.ok(&["auth", "can-i", "create", "pods"]).await, "yes\n");
    kubectl
        .ok(&[
            "create",
            "role",
            "reader",
            "--verb=get,list",
            "--resource=pods",
            "-n",
            "default",
        ])
        .await;
    kubectl
        .ok(&["create", "rolebinding", "rb", "--role=reader", "--user=dev"])
        .await;
    let dev = ["--context=mock-dev", "-n", "default"];
    let can = async |args: &[&str]| kubectl.run(&[&dev[..], &["auth", "can-i"], args].concat()).await;
    assert_eq!(can(&["list", "pods"]).await.stdout, "yes\n");
    let denied = can(&["delete", "pods"]).await;
    assert_eq!((denied.code, denied.stdout.as_str()), (1, "no\n"));
    let list = can(&["--list"]).await.stdout;
    assert!(
        list.lines()
            .any(|line| line.starts_with("pods ") && line.ends_with("[get list]")),
        "{list}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn exec_needs_its_own_right() {
    let Some(kubectl) = practice().await else { return };
    kubectl.pod("one", &["--image=nginx"]).await;
    kubectl
        .ok(&["create", "role", "reader", "--verb=get", "--resource=pods"])
        .await;
    kubectl
        .ok(&["create", "rolebinding", "rb", "--role=reader", "--user=dev"])
        .await;
    let exec = ["--context=mock-dev", "-n", "default", "exec", "one", "--", "hostname"];
    let refused = kubectl.fails(&exec).await;
    assert_eq!(
        refused,
        "Error from server (Forbidden): pods \"one\" is forbidden: User \"dev\" cannot create resource \"pods/exec\" in API group \"\" in the namespace \"default\"\n"
    );
    kubectl
        .ok(&["create", "role", "exec", "--verb=get,create", "--resource=pods/exec"])
        .await;
    kubectl
        .ok(&["create", "rolebinding", "exec", "--role=exec", "--user=dev"])
        .await;
    assert_eq!(kubectl.ok(&exec).await, "one\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn service_accounts_get_tokens() {
    let Some(kubectl) = practice().await else { return };
    kubectl.ok(&["create", "serviceaccount", "bob"]).await;
    let token = kubectl.ok(&["create", "token", "bob", "--duration=10m"]).await;
    assert!(token.len() > 20 && !token.contains(char::is_whitespace), "{token}");
    let missing = kubectl.fails(&["create", "token", "nobody"]).await;
    assert_eq!(
        missing,
        "error: failed to create token: serviceaccounts \"nobody\" not found\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_has_their_own_rights() {
    let Some(kubectl) = practice().await else { return };
    let who = [
        "auth",
        "whoami",
        "--as=jane",
        "--as-group=a",
        "--as-group=b",
        "--as-uid=7",
    ];
    assert_eq!(
        kubectl.ok(&who).await,
        "ATTRIBUTE   VALUE\nUsername    jane\nUID         7\nGroups      [a b system:authenticated]\n"
    );
    let refused = kubectl.fails(&["get", "nodes", "--as=jane"]).await;
    assert_eq!(
        refused,
        "Error from server (Forbidden): nodes is forbidden: User \"jane\" cannot list resource \"nodes\" in API group \"\" at the cluster scope\n"
    );
    let account = "--as=system:serviceaccount:default:builder";
    kubectl
        .ok(&[
            "create",
            "rolebinding",
            "rb",
            "--clusterrole=view",
            "--serviceaccount=default:builder",
        ])
        .await;
    assert_eq!(kubectl.ok(&["auth", "can-i", "list", "pods", account]).await, "yes\n");
    let denied = kubectl.run(&["auth", "can-i", "delete", "pods", account]).await;
    assert_eq!((denied.code, denied.stdout.as_str()), (1, "no\n"));
    // A caller who may not act for others is refused with the first thing that kubectl asks for, as by a real server.
    let dev = ["get", "--raw=/as/dev/api", "--as=jane"];
    assert_eq!(
        kubectl.fails(&dev).await,
        "Error from server (Forbidden): forbidden: User \"dev\" cannot impersonate-on:user-info:get path \"/api\"\n"
    );
}
