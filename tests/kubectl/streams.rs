//! exec, attach, cp, port-forward, logs, debug.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::driver::{Kubectl, PATIENCE, practice};

const TWO: &str = "
apiVersion: v1
kind: Pod
metadata: {name: two}
spec:
  volumes: [{name: shared, emptyDir: {}}]
  containers:
  - {name: web, image: 'nginx:1.21', ports: [{containerPort: 80}], volumeMounts: [{name: shared, mountPath: /data}]}
  - {name: side, image: busybox, command: [sleep, '360000'], volumeMounts: [{name: shared, mountPath: /shared}]}
";

async fn two(kubectl: &Kubectl) {
    kubectl.apply(TWO).await;
    kubectl.ready("pod/two").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exec_runs_commands_and_gives_their_codes() {
    let Some(kubectl) = practice().await else { return };
    two(&kubectl).await;
    let side = ["exec", "two", "-c", "side", "--"];
    let run = async |command: &[&str]| kubectl.run(&[&side, command].concat()).await;
    assert_eq!(
        run(&["sh", "-c", "echo hi > /shared/f; cat /shared/f | wc -c"])
            .await
            .stdout,
        "3\n"
    );
    // What one container writes into a volume the other one reads.
    assert_eq!(
        kubectl.ok(&["exec", "two", "-c", "web", "--", "cat", "/data/f"]).await,
        "hi\n"
    );
    let failed = run(&["sh", "-c", "exit 7"]).await;
    assert_eq!(
        (failed.code, failed.stderr.as_str()),
        (7, "command terminated with exit code 7\n")
    );
    let unknown = run(&["sh", "-c", "nope"]).await;
    assert_eq!(unknown.code, 127);
    assert_eq!(
        unknown.stderr,
        "sh: nope: not found\ncommand terminated with exit code 127\n"
    );
    let denied = run(&["sh", "-c", "echo true > /tmp/x; /tmp/x"]).await;
    assert_eq!(
        (
            denied.code,
            denied.stderr.starts_with("sh: /tmp/x: Permission denied\n")
        ),
        (126, true)
    );
    let refused = run(&["nope"]).await;
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.starts_with("error: Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \""));
    assert!(refused.stderr.ends_with("OCI runtime exec failed: exec failed: unable to start container process: exec: \"nope\": executable file not found in $PATH: unknown\n"));
    let missing = kubectl.fails(&["exec", "two", "-c", "zzz", "--", "ls"]).await;
    assert_eq!(
        missing,
        "Error from server (BadRequest): container zzz is not valid for pod two\n"
    );
    let defaulted = kubectl.run(&["exec", "two", "--", "hostname"]).await;
    assert_eq!(
        (defaulted.stdout.as_str(), defaulted.stderr.as_str()),
        ("two\n", "Defaulted container \"web\" out of: web, side\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn exec_reads_standard_input_to_its_end() {
    let Some(kubectl) = practice().await else { return };
    two(&kubectl).await;
    let script = kubectl
        .feed(
            &["exec", "-i", "two", "-c", "side", "--", "sh"],
            b"A=1\necho $A\nfor i in x y; do\necho $i\ndone\nexit 4\n",
        )
        .await;
    assert_eq!((script.code, script.stdout.as_str()), (4, "1\nx\ny\n"));
    let long: Vec<u8> = (0..3_000_000)
        .map(|place: u32| u8::try_from(place % 251).unwrap() | 1)
        .collect();
    let counted = kubectl
        .feed(&["exec", "-i", "two", "-c", "side", "--", "wc", "-c"], &long)
        .await;
    assert_eq!(counted.stdout, "3000000\n");
    // An endless program ends when nobody reads it any more.
    let endless = kubectl
        .ok(&[
            "exec",
            "two",
            "-c",
            "side",
            "--",
            "sh",
            "-c",
            "yes | head -2; seq 1 1000000 | tail -1",
        ])
        .await;
    assert_eq!(endless, "y\ny\n1000000\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn exec_ends_with_its_container() {
    let Some(kubectl) = practice().await else { return };
    two(&kubectl).await;
    let command = [
        "exec",
        "two",
        "-c",
        "side",
        "--",
        "sh",
        "-c",
        "echo ready; sleep infinity",
    ];
    let (mut waiting, first, _lines) = kubectl.streams(&command).await;
    assert_eq!(first, "ready");
    kubectl.ok(&["delete", "pod", "two", "--now"]).await;
    let ended = tokio::time::timeout(PATIENCE, waiting.wait()).await.unwrap().unwrap();
    assert_eq!(ended.code(), Some(137));
    kubectl
        .ok(&["run", "done", "--image=busybox", "--restart=Never", "--", "true"])
        .await;
    kubectl
        .ok(&[
            "wait",
            "--for=jsonpath={.status.phase}=Succeeded",
            "pod/done",
            "--timeout=300s",
        ])
        .await;
    let refused = kubectl.fails(&["exec", "done", "--", "ls"]).await;
    assert_eq!(
        refused,
        "error: cannot exec into a container in a completed pod; current phase is Succeeded\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn configuration_is_there_as_variables_and_files() {
    let Some(kubectl) = practice().await else { return };
    kubectl
        .ok(&[
            "create",
            "configmap",
            "app-setting",
            "--from-literal=APP_NAME=MyApp",
            "--from-literal=APP_MSG=Hello",
        ])
        .await;
    kubectl
        .ok(&[
            "create",
            "secret",
            "generic",
            "db-credentials",
            "--from-literal=password=password",
        ])
        .await;
    kubectl
        .apply(
            "
apiVersion: v1
kind: Pod
metadata: {name: mypod}
spec:
  volumes: [{name: v, configMap: {name: app-setting, items: [{key: APP_MSG, path: default.config}]}}]
  containers:
  - name: c
    image: busybox:1
    command: [sleep, infinity]
    env: [{name: APP_NAME, valueFrom: {configMapKeyRef: {name: app-setting, key: APP_NAME}}}, {name: PASS, valueFrom: {secretKeyRef: {name: db-credentials, key: password}}}]
    volumeMounts: [{name: v, mountPath: /etc/myapp-config}]
",
        )
        .await;
    kubectl.ready("pod/mypod").await;
    let script = "echo $APP_NAME $PASS; cat /etc/myapp-config/default.config; ls -l /etc/myapp-config/";
    let told = kubectl.ok(&["exec", "mypod", "--", "sh", "-c", script]).await;
    // Recorded of a real cluster, the time aside.
    let (before, after) = told.split_once("21 ").unwrap();
    assert_eq!(
        before,
        "MyApp password\nHellototal 0\nlrwxrwxrwx    1 root     0               "
    );
    assert!(after.ends_with(" default.config -> ..data/default.config\n"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn cp_copies_both_ways() {
    let Some(kubectl) = practice().await else { return };
    two(&kubectl).await;
    let bytes: Vec<u8> = (0..700_000_u32)
        .map(|place| u8::try_from(place * 7 % 253).unwrap())
        .collect();
    let up = kubectl.file("up.bin", &bytes);
    kubectl.ok(&["cp", &up, "two:/data/up.bin", "-c", "web"]).await;
    let down = kubectl.file("down.bin", "");
    kubectl.ok(&["cp", "two:/shared/up.bin", &down, "-c", "side"]).await;
    assert!(std::fs::read(&down).unwrap() == bytes, "what came back differs");
}

/// Asks over a forwarded port; the whole answer.
async fn ask(port: u16, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn port_forward_carries_many_connections_at_once() {
    let Some(kubectl) = practice().await else { return };
    two(&kubectl).await;
    let (_forward, first, _lines) = kubectl.streams(&["port-forward", "pod/two", ":80"]).await;
    let port = first
        .strip_prefix("Forwarding from 127.0.0.1:")
        .and_then(|rest| rest.strip_suffix(" -> 80"));
    let port: u16 = port.unwrap().parse().unwrap();
    let told = String::from_utf8(ask(port, "/x?y=1").await).unwrap();
    assert!(
        told.contains("Request served by two on port 80\n\nGET /x?y=1 HTTP/1.1\n"),
        "{told}"
    );
    let asked = (0..50).map(|_| ask(port, "/bytes/200000"));
    for answer in futures::future::join_all(asked).await {
        let body = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let body = &answer[body..];
        assert_eq!(body.len(), 200_000);
        assert!(
            body.iter()
                .enumerate()
                .all(|(place, byte)| usize::from(*byte) == place % 251)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn port_forward_tells_what_cannot_be_reached() {
    let Some(kubectl) = practice().await else { return };
    two(&kubectl).await;
    let mut forward = kubectl.command(&["port-forward", "pod/two", ":99"]).spawn().unwrap();
    let mut lines = BufReader::new(forward.stdout.take().unwrap()).lines();
    let first = lines.next_line().await.unwrap().unwrap();
    let port = first
        .trim_end_matches(" -> 99")
        .rsplit(':')
        .next()
        .unwrap()
        .parse::<u16>()
        .unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(b"x").await.unwrap();
    let output = forward.wait_with_output().await.unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("-> 99: error forwarding port 99 to pod "), "{told}");
    assert!(
        told.contains("dial tcp4 127.0.0.1:99: connect: connection refused"),
        "{told}"
    );
    assert!(told.ends_with("error: lost connection to pod\n"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn attach_shows_output_and_types_at_a_shell() {
    let Some(kubectl) = practice().await else { return };
    let shell = "
apiVersion: v1
kind: Pod
metadata: {name: shell}
spec: {restartPolicy: Never, containers: [{name: c, image: busybox, stdin: true, stdinOnce: true}]}
";
    kubectl.apply(shell).await;
    kubectl.ready("pod/shell").await;
    let typed = kubectl.feed(&["attach", "-i", "shell"], b"echo here; exit 3\n").await;
    assert!(typed.stdout.contains("here\n"), "{typed:?}");
    kubectl
        .ok(&[
            "wait",
            "--for=jsonpath={.status.phase}=Failed",
            "pod/shell",
            "--timeout=300s",
        ])
        .await;
    let code = "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}";
    assert_eq!(kubectl.ok(&["get", "pod", "shell", "-o", code]).await, "3");
    kubectl.pod("server", &["--image=nginx"]).await;
    let (_attached, line, _lines) = kubectl.streams(&["attach", "server"]).await;
    assert!(line.contains("HTTP/1.1"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_are_shown_and_followed() {
    let Some(kubectl) = practice().await else { return };
    kubectl
        .ok(&["create", "job", "hello", "--image=busybox", "--", "echo", "hi"])
        .await;
    kubectl
        .ok(&["wait", "--for=condition=complete", "job/hello", "--timeout=300s"])
        .await;
    assert_eq!(kubectl.ok(&["logs", "job/hello"]).await, "hi\n");
    two(&kubectl).await;
    let which = kubectl.run(&["logs", "two", "--tail=1"]).await;
    assert_eq!(which.stderr, "Defaulted container \"web\" out of: web, side\n");
    assert_eq!(which.stdout.lines().count(), 1);
    let wrong = kubectl.fails(&["logs", "two", "-c", "zzz"]).await;
    assert_eq!(wrong, "error: container zzz is not valid for pod two\n");
    let (_followed, line, _lines) = kubectl.streams(&["logs", "-f", "two", "-c", "web", "--tail=0"]).await;
    assert!(line.contains("GET /"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn debug_adds_a_container_and_makes_a_pod_for_a_node() {
    let Some(kubectl) = practice().await else { return };
    two(&kubectl).await;
    let debug = [
        "debug",
        "two",
        "--image=busybox",
        "--profile=general",
        "-c",
        "dbg",
        "--",
        "sh",
        "-c",
        "echo hi; sleep 360000",
    ];
    kubectl.ok(&debug).await;
    let state = "jsonpath={.status.ephemeralContainerStatuses[0].state.running}";
    kubectl
        .ok(&["wait", "pod/two", &format!("--for={state}"), "--timeout=300s"])
        .await;
    kubectl.prints(&["logs", "two", "-c", "dbg"], "hi\n").await;
    assert_eq!(
        kubectl.ok(&["exec", "two", "-c", "dbg", "--", "echo", "in"]).await,
        "in\n"
    );
    let node = kubectl
        .ok(&[
            "debug",
            "node/node-0000",
            "--image=busybox",
            "--profile=general",
            "--",
            "echo",
            "hi",
        ])
        .await;
    assert!(node.is_empty() || node.contains("debugger"), "{node}");
    let pods = kubectl.ok(&["get", "pods", "-o", "name"]).await;
    assert!(pods.contains("pod/node-debugger-node-0000-"), "{pods}");
}
