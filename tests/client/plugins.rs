//! Credential plugins: small shell scripts on Unix. Windows has no `sh`; what differs there (the search by `PATHEXT`,
//! no window) starts the same code below.
#![cfg(unix)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use konn::core::trouble::TroubleKind;
use konn::runtime::client::PluginCache;
use serde_json::json;

use crate::support::{Authority, Home, Site, der, failure, version};

/// A home whose user runs `script`, with `more` in its exec entry. The script knows its folder as `$HERE`.
fn home(site: &Site, script: &str, more: &str) -> Home {
    let cluster = format!("{{server: 'http://{}'}}", site.address);
    home_of(&cluster, script, more)
}

fn home_of(cluster: &str, script: &str, more: &str) -> Home {
    let user = format!(
        "{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: ./login, interactiveMode: IfAvailable{more}}}}}"
    );
    let home = Home::new(cluster, &user);
    let path = home.path().join(".kube").join("login");
    let here = home.path().display();
    write_program(&path, &format!("#!/bin/sh\nHERE='{here}'\n{script}\n"));
    home
}

/// Writes a program. Another process does, and not this one: what another test starts at the same moment would hold the
/// open file for an instant, and a file that somebody may write to cannot be run.
fn write_program(path: &Path, text: &str) {
    let mut writing = Command::new("sh")
        .args(["-c", "cat > \"$0\" && chmod 755 \"$0\""])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    writing.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert!(writing.wait().unwrap().success());
}

/// The script's line that prints `status` as an ExecCredential.
fn print(status: &serde_json::Value) -> String {
    let credential =
        json!({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status});
    format!("cat <<'END'\n{credential}\nEND")
}

/// A server that lets `token` in.
async fn door(token: &'static str) -> Site {
    Site::plain(move |_, headers| {
        let sent = headers.get("authorization").map_or("", |value| value.to_str().unwrap());
        if sent == format!("Bearer {token}") {
            version()
        } else {
            failure(401, "Unauthorized", "Unauthorized")
        }
    })
    .await
}

/// How many times the script ran `echo x >> "$HERE/runs"`.
fn runs(folder: &Path) -> usize {
    std::fs::read_to_string(folder.join("runs"))
        .unwrap_or_default()
        .lines()
        .count()
}

const COUNT: &str = "echo x >> \"$HERE/runs\"\n";

#[tokio::test]
async fn a_token_is_asked_for_once_and_shared_by_equal_plugins() {
    let site = door("t").await;
    let home = home(&site, &format!("{COUNT}{}", print(&json!({"token": "t"}))), "");
    let connected = home.connect().unwrap();
    let (one, two) = futures::join!(connected.version(), connected.version());
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(home.first_call().await.unwrap(), "v1.36.2");
    assert_eq!(runs(home.path()), 1);
}

#[tokio::test]
async fn an_expired_token_is_asked_for_again() {
    let site = door("t").await;
    let status = json!({"token": "t", "expirationTimestamp": "2020-01-01T00:00:00Z"});
    let home = home(&site, &format!("{COUNT}{}", print(&status)), "");
    let connected = home.connect().unwrap();
    connected.version().await.unwrap();
    connected.version().await.unwrap();
    assert_eq!(runs(home.path()), 2);
    assert_eq!(site.count(), 2);
}

#[tokio::test]
async fn a_401_refreshes_once_and_the_request_is_sent_again() {
    let site = door("second").await;
    let script = format!(
        "{COUNT}if [ $(wc -l < \"$HERE/runs\") -lt 2 ]; then\n{}\nelse\n{}\nfi",
        print(&json!({"token": "first"})),
        print(&json!({"token": "second"}))
    );
    let home = home(&site, &script, "");
    let connected = home.connect().unwrap();
    connected.version().await.unwrap();
    assert_eq!(site.authorizations(), ["Bearer first", "Bearer second"]);
    connected.version().await.unwrap();
    assert_eq!(runs(home.path()), 2);
}

#[tokio::test]
async fn a_second_401_is_the_persons_trouble() {
    let site = door("never").await;
    let home = home(&site, &format!("{COUNT}{}", print(&json!({"token": "hunter2"}))), "");
    let trouble = home.first_call().await.unwrap_err();
    assert_eq!(
        (trouble.kind, trouble.id),
        (TroubleKind::Unauthorized, "trouble.unauthorized.plugin")
    );
    assert!(trouble.todo().contains("login"), "{trouble}");
    assert!(!trouble.to_string().contains("hunter2"));
    assert_eq!((site.count(), runs(home.path())), (2, 2));
}

#[tokio::test]
async fn the_plugin_gets_arguments_variables_and_the_cluster_but_no_input() {
    let site = door("t").await;
    let script = format!(
        "printf '%s|' \"$@\" > \"$HERE/args\"\nprintf %s \"$STAGE\" > \"$HERE/stage\"\nprintf %s \"$KUBERNETES_EXEC_INFO\" > \"$HERE/info\"\ncat > \"$HERE/input\"\n{}",
        print(&json!({"token": "t"}))
    );
    let home = home(
        &site,
        &script,
        ", args: [get, 'a b'], env: [{name: STAGE, value: prod}], provideClusterInfo: true",
    );
    home.first_call().await.unwrap();
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap();
    assert_eq!(read("args"), "get|a b|");
    assert_eq!(read("stage"), "prod");
    assert_eq!(read("input"), "");
    let info: serde_json::Value = serde_json::from_str(&read("info")).unwrap();
    assert_eq!(info["spec"]["interactive"], false);
    assert_eq!(info["spec"]["cluster"]["server"], format!("http://{}", site.address));
}

#[tokio::test]
async fn a_failure_shows_what_it_said_and_nothing_it_must_not() {
    let site = door("t").await;
    let script = format!(
        "{COUNT}echo hunter1-on-stdout\nprintf '\\033[2J\\033]0;evil\\007\\033[31mLogin expired\\033[0m, token=hunter2\\r\\n' >&2\nexit 3"
    );
    let mut home = home(&site, &script, ", args: ['--client-secret=hunter3'], installHint: none");
    home.plugins = PluginCache::default().with_failures_for(Duration::from_secs(300));
    let trouble = home.first_call().await.unwrap_err();
    assert_eq!((trouble.kind, trouble.id), (TroubleKind::Plugin, "plugin.failed"));
    assert_eq!(trouble.said.as_deref(), Some("Login expired, token=…"));
    assert!(trouble.what().contains('3'), "{trouble}");
    assert!(trouble.todo().contains("login --client-secret=…"), "{trouble}");
    assert!(!format!("{trouble} {trouble:?}").contains("hunter"), "{trouble}");
    assert_eq!(home.first_call().await.unwrap_err().id, "plugin.failed");
    assert_eq!(runs(home.path()), 1, "a failure stands for a moment");
    assert_eq!(site.count(), 0, "nothing is sent without credentials");
}

#[tokio::test]
async fn a_plugin_that_hangs_is_killed() {
    let site = door("t").await;
    // `exec`, so that the process that is killed is the one that hangs.
    let mut home = home(
        &site,
        "echo $$ > \"$HERE/pid\"\necho 'waiting for you' >&2\nexec sleep 600",
        "",
    );
    home.plugins = PluginCache::with_limit(Duration::from_secs(10));
    let trouble = home.first_call().await.unwrap_err();
    assert_eq!(trouble.id, "plugin.timeout");
    assert_eq!(trouble.said.as_deref(), Some("waiting for you"));
    let pid = std::fs::read_to_string(home.path().join("pid")).unwrap();
    wait_until_gone(pid.trim()).await;
}

/// Waits until the process is gone or a zombie; minutes at most.
async fn wait_until_gone(pid: &str) {
    let gone = async {
        loop {
            let ps = tokio::process::Command::new("ps")
                .args(["-o", "stat=", "-p", pid])
                .output()
                .await
                .unwrap();
            let stat = String::from_utf8_lossy(&ps.stdout).trim().to_owned();
            if stat.is_empty() || stat.starts_with('Z') {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(300), gone)
        .await
        .expect("the plugin still runs");
}

#[tokio::test]
async fn what_a_plugin_leaves_running_does_not_hold_us() {
    let site = door("t").await;
    let mut home = home(&site, &format!("sleep 120 &\n{}", print(&json!({"token": "t"}))), "");
    home.plugins = PluginCache::with_limit(Duration::from_secs(100));
    assert_eq!(home.first_call().await.unwrap(), "v1.36.2");
}

#[tokio::test]
async fn a_missing_plugin_tells_how_to_install_it() {
    let site = door("t").await;
    let user = "{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: konn-no-such-plugin, installHint: \"Install it:\\n  brew install x\"}}";
    let home = Home::new(&format!("{{server: 'http://{}'}}", site.address), user);
    let trouble = home.first_call().await.unwrap_err();
    assert_eq!(trouble.id, "plugin.missing");
    assert!(trouble.what().contains("konn-no-such-plugin"), "{trouble}");
    assert_eq!(trouble.said.as_deref(), Some("Install it:⏎  brew install x"));
}

#[tokio::test]
async fn a_plugin_that_needs_a_terminal_is_not_started() {
    let site = door("t").await;
    let home = home(&site, COUNT, "");
    let path = home.path().join(".kube").join("config");
    let text = std::fs::read_to_string(&path).unwrap().replace("IfAvailable", "Always");
    std::fs::write(&path, text).unwrap();
    let trouble = home.connect().unwrap_err();
    assert_eq!(trouble.id, "plugin.interactive");
    assert!(trouble.what().contains("login"), "{trouble}");
    assert_eq!(runs(home.path()), 0);
}

#[tokio::test]
async fn a_flood_of_output_does_not_block() {
    let site = door("t").await;
    let script = format!(
        "head -c 3000000 /dev/zero | tr '\\0' x >&2\n{}",
        print(&json!({"token": "t"}))
    );
    assert_eq!(home(&site, &script, "").first_call().await.unwrap(), "v1.36.2");
}

#[tokio::test]
async fn a_certificate_from_a_plugin_is_presented_and_replaced_after_a_401() {
    let authority = Authority::new();
    let (first, second) = (authority.sign(&["one"], |_| {}), authority.sign(&["two"], |_| {}));
    let site = Site::tls(crate::tls::asking(&authority), {
        let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        move |_, _| match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => failure(401, "Unauthorized", "Unauthorized"),
            _ => version(),
        }
    })
    .await;
    let status =
        |identity: &(String, String)| json!({"clientCertificateData": identity.0, "clientKeyData": identity.1});
    let script = format!(
        "{COUNT}if [ $(wc -l < \"$HERE/runs\") -lt 2 ]; then\n{}\nelse\n{}\nfi",
        print(&status(&first)),
        print(&status(&second))
    );
    let cluster = format!("{{server: 'https://{}', insecure-skip-tls-verify: true}}", site.address);
    let home = home_of(&cluster, &script, "");
    assert_eq!(home.first_call().await.unwrap(), "v1.36.2");
    let presented = site.clients.lock().unwrap().clone();
    let wanted = [&first, &second].map(|identity| Some(der(identity).0[0].to_vec()));
    assert_eq!(presented, wanted);
}

#[tokio::test]
async fn many_refusals_at_once_refresh_once() {
    let site = door("second").await;
    let script = format!(
        "{COUNT}if [ $(wc -l < \"$HERE/runs\") -lt 2 ]; then\n{}\nelse\n{}\nfi",
        print(&json!({"token": "first"})),
        print(&json!({"token": "second"}))
    );
    let home = home(&site, &script, "");
    let connected = home.connect().unwrap();
    let calls = (0..20).map(|_| connected.version());
    for version in futures::future::join_all(calls).await {
        version.unwrap();
    }
    assert_eq!(runs(home.path()), 2);
}
