//! Shells, commands and attaching against the mock's containers.

use std::net::SocketAddr;

use konn::core::app::App;
use konn::core::event::{Event, Size};
use konn::core::key::{Mouse, MouseAct};
use konn::mock::Running;
use konn::mock::faults::{Fault, Harm};
use konn::runtime::machine::Ask;
use serde_json::{Value, json};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Konn, cluster, layer_text, plant, pod, setup};

fn shows(app: &App, text: &str) -> bool {
    layer_text(app).contains(text)
}

/// Whether a shell waits for a line.
fn prompts(app: &App) -> bool {
    layer_text(app).lines().any(|line| line.ends_with(['#', '$']))
}

/// What stands at the right of the title.
fn info(app: &App) -> String {
    app.layers
        .last()
        .map_or_else(String::new, |layer| layer.sheet(&app.layer_cx(&**layer)).info.text())
}

fn image(mut pod: Value, image: &str) -> Value {
    pod["spec"]["containers"][0]["image"] = image.into();
    pod
}

/// konn with the cursor on the only pod.
async fn on_pods(running: &Running) -> Konn {
    let mut konn = Konn::open(running, "mock", "pods shop");
    konn.settled().await;
    konn
}

/// A shell that has written its prompt.
async fn in_shell(running: &Running) -> Konn {
    let mut konn = on_pods(running).await;
    konn.press("s");
    konn.until("a prompt", prompts).await;
    konn
}

fn say(konn: &mut Konn, line: &str) {
    konn.type_text(line);
    konn.press("enter");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_is_typed_at_resized_and_ends_with_its_code() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = in_shell(&running).await;
    assert!(
        layer_text(konn.app()).starts_with("Shell  web-0/c  shop"),
        "{}",
        layer_text(konn.app())
    );
    assert!(info(konn.app()).contains("^] d detach"), "{}", info(konn.app()));
    say(&mut konn, "stty size");
    konn.until("the size", |app| shows(app, "\n37 118")).await;
    konn.machine.event(Event::Resize(Size { width: 90, height: 20 }));
    say(&mut konn, "stty size");
    konn.until("the new size", |app| shows(app, "\n17 88")).await;
    // Keys that mean something elsewhere are the program's: help, the palette, quit.
    say(&mut konn, "echo '?:q[]'");
    konn.until("what was typed", |app| shows(app, "\n?:q[]")).await;
    say(&mut konn, "exit 3");
    konn.until("the end", |app| info(app).contains("exit code 3")).await;
    assert!(shows(konn.app(), "?:q[]"), "what it wrote still stands");
    konn.press("q");
    assert!(konn.app().layers.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_without_bash_has_sh_and_one_without_either_says_so() {
    let running = cluster().await;
    plant(&running, image(pod("shop", "box-0"), "busybox"));
    let mut konn = in_shell(&running).await;
    say(&mut konn, "exit");
    konn.until("the end", |app| info(app).contains("exit code 0")).await;

    let running = cluster().await;
    plant(&running, image(pod("shop", "pause-0"), "registry.k8s.io/pause:3.10"));
    let mut konn = on_pods(&running).await;
    konn.press("s");
    konn.until("why", |app| shows(app, "was not started")).await;
    assert!(
        shows(konn.app(), "executable file not found"),
        "{}",
        layer_text(konn.app())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_reaches_the_program_and_not_konn() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = in_shell(&running).await;
    konn.asks.clear();
    say(&mut konn, "echo be\"\"gun; sleep 100000; echo \"ended $?\"");
    // Only what runs can be interrupted: what is shown of the line itself does not tell that it was read.
    konn.until("the program", |app| shows(app, "\nbegun")).await;
    konn.press("ctrl-c");
    konn.until("the prompt", |app| shows(app, "^C")).await;
    say(&mut konn, "echo still here");
    konn.until("the shell", |app| shows(app, "\nstill here")).await;
    assert!(!konn.asks.contains(&Ask::Quit));
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_megabytes_go_by_and_the_end_of_them_is_kept() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = in_shell(&running).await;
    say(&mut konn, "seq 1 1400000; echo THE-END");
    konn.until("the end", |app| shows(app, "\nTHE-END")).await;
    assert!(shows(konn.app(), "\n1400000"), "{}", layer_text(konn.app()));
    konn.press("ctrl-] pageup");
    konn.until("what has left the screen", |app| info(app).contains("lines back"))
        .await;
    assert!(!shows(konn.app(), "\nTHE-END"));
    konn.press("home");
    assert!(info(konn.app()).contains("2000 lines back"), "{}", info(konn.app()));
    konn.press("end");
    assert!(shows(konn.app(), "\nTHE-END"));
    let at = |act| Event::Mouse(Mouse { act, x: 5, y: 5 });
    konn.machine.event(at(MouseAct::WheelUp));
    assert!(info(konn.app()).contains("3 lines back"), "{}", info(konn.app()));
    // Typing leads back to the end.
    say(&mut konn, "echo typed");
    konn.until("what was typed", |app| shows(app, "\ntyped")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shells_stay_open_when_they_are_left_and_leaving_konn_asks() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = in_shell(&running).await;
    say(&mut konn, "X=kept");
    konn.press("ctrl-] d");
    assert!(konn.app().layers.is_empty() && konn.app().aside.len() == 1);
    konn.press("s");
    konn.until("another shell", prompts).await;
    say(&mut konn, "echo second");
    konn.until("the second", |app| shows(app, "\nsecond")).await;
    konn.press("ctrl-] d $");
    assert_eq!(layer_text(konn.app()).matches("● web-0/c").count(), 2);
    // The newest stands first.
    konn.press("j enter");
    say(&mut konn, "echo $X $X");
    konn.until("the first", |app| shows(app, "\nkept kept")).await;
    konn.press("ctrl-] d");

    konn.asks.clear();
    konn.press("q");
    assert!(shows(konn.app(), "still open: 2"), "{}", layer_text(konn.app()));
    konn.press("enter");
    assert!(
        konn.app().layers.is_empty() && konn.asks.is_empty(),
        "staying is the first answer"
    );
    konn.line("ctx mock-viewer");
    assert!(shows(konn.app(), "still open: 2"));
    konn.press("esc");

    // One that ends while nobody looks says so, and one that is ended in the list is gone.
    konn.press("$ j enter");
    say(&mut konn, "sleep 0; exit 4");
    konn.press("ctrl-] d");
    konn.until("its end", |app| {
        app.notice
            .as_ref()
            .is_some_and(|(notice, _)| notice.text.contains("exit code 4"))
            || app.aside.iter().any(|layer| {
                let running = layer.running(&app.layer_cx(&**layer));
                running.is_some_and(|running| running.is_over)
            })
    })
    .await;
    konn.press("$");
    assert!(shows(konn.app(), "exit code 4"), "{}", layer_text(konn.app()));
    konn.press("g g x x");
    assert!(konn.app().aside.is_empty(), "{}", layer_text(konn.app()));
    konn.press("esc q");
    assert!(konn.asks.contains(&Ask::Quit), "nothing runs: nothing is asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_command_can_be_given() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = on_pods(&running).await;
    konn.line("exec sh -c 'echo \"a  b\"; exit 130'");
    konn.until("its end", |app| info(app).contains("exit code 130 (SIGINT)"))
        .await;
    assert!(shows(konn.app(), "\na  b"), "{}", layer_text(konn.app()));
    konn.press("esc x E");
    konn.type_text("hostname");
    konn.press("enter");
    konn.until("its end", |app| info(app).contains("exit code 0")).await;
    assert!(shows(konn.app(), "\nweb-0"), "{}", layer_text(konn.app()));
    konn.press("esc");
    konn.line("exec 'open");
    let notice = konn.app().notice.clone().expect("a notice");
    assert!(notice.0.text.contains("not closed"), "{}", notice.0.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn attaching_is_to_the_main_process() {
    let running = cluster().await;
    let mut typed = image(pod("shop", "box-0"), "busybox");
    typed["spec"]["containers"][0]["stdin"] = true.into();
    typed["spec"]["containers"][0]["tty"] = true.into();
    typed["status"]["containerStatuses"][0]["state"] = json!({"running": {"startedAt": "2026-11-21T00:00:00Z"}});
    plant(&running, typed);
    let mut konn = on_pods(&running).await;
    konn.press("x A");
    konn.until("a prompt", prompts).await;
    assert!(layer_text(konn.app()).starts_with("Attached  box-0/c"));
    say(&mut konn, "echo attached; exit 3");
    konn.until("the end", |app| info(app).contains("exit code 3")).await;
    assert!(shows(konn.app(), "\nattached"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_what_was_attached_to_is_looked_up_in_its_pod() {
    let terminated = |code: i64, reason: &str| json!({"terminated": {"exitCode": code, "reason": reason, "containerID": "mock://1"}});
    for (status, wanted) in [
        (
            json!({"state": terminated(137, "OOMKilled")}),
            "exit code 137 (SIGKILL, OOMKilled)",
        ),
        (
            json!({"state": {"running": {"startedAt": "2026-11-21T00:00:09Z"}}, "lastState": terminated(0, "Completed")}),
            "exit code 0",
        ),
    ] {
        let running = cluster().await;
        let mut serving = pod("shop", "web-0");
        serving["status"]["containerStatuses"][0]["containerID"] = "mock://1".into();
        plant(&running, serving);
        let mut konn = on_pods(&running).await;
        konn.press("x A");
        konn.until("the stream", |app| {
            !info(app).contains("starting") && info(app).contains("^]")
        })
        .await;
        running.api.touch("pods", "shop", "web-0", |pod| {
            let mut status = status.clone();
            status["name"] = "c".into();
            pod["status"]["containerStatuses"] = json!([status]);
        });
        konn.until(wanted, |app| info(app).contains(wanted)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_containers_are_chosen_from_and_the_default_is_meant() {
    let running = cluster().await;
    let mut two = pod("shop", "two");
    two["metadata"]["annotations"] = json!({"kubectl.kubernetes.io/default-container": "side"});
    two["spec"]["containers"] = json!([{"name": "c", "image": "nginx:1.21"}, {"name": "side", "image": "busybox"}]);
    two["status"]["containerStatuses"] = json!([
        {"name": "c", "ready": true, "restartCount": 0, "state": {"waiting": {"reason": "CrashLoopBackOff"}}},
        {"name": "side", "ready": true, "restartCount": 0, "state": {"running": {}}}]);
    plant(&running, two);
    let mut konn = on_pods(&running).await;
    konn.press("s");
    konn.until("the choice", |app| shows(app, "Which container?")).await;
    konn.press("enter");
    konn.until("a prompt", prompts).await;
    assert!(layer_text(konn.app()).starts_with("Shell  two/side"));
    konn.press("ctrl-] q");
    assert!(konn.app().layers.is_empty() && konn.app().aside.is_empty());
    // One that does not run is refused by the kubelet, and its words are shown.
    konn.press("s");
    konn.until("the choice", |app| shows(app, "Which container?")).await;
    konn.press("k enter");
    konn.until("why", |app| shows(app, "container not found")).await;
    konn.press("esc");
    // In the table of containers it is the row's.
    konn.press("enter");
    konn.settled().await;
    konn.press("j s");
    konn.until("a prompt", prompts).await;
    assert!(
        layer_text(konn.app()).starts_with("Shell  two/side"),
        "{}",
        layer_text(konn.app())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_run_is_not_run() {
    let running = cluster().await;
    let mut done = pod("shop", "web-0");
    done["status"]["phase"] = "Succeeded".into();
    plant(&running, done);
    let mut konn = on_pods(&running).await;
    konn.press("s");
    assert!(konn.app().layers.is_empty(), "a completed pod");

    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    // The person sees pods, but runs nothing in them: known before it is tried.
    let mut konn = Konn::open(&running, "mock-dev", "pods shop");
    konn.settled().await;
    konn.press("s");
    let notice = konn.app().notice.clone().expect("a notice");
    assert!(notice.0.text.contains("pods/exec"), "{}", notice.0.text);
    assert!(konn.app().layers.is_empty());
    // Where the right could not be asked for, the server's own answer is shown.
    running
        .api
        .faults
        .set(Fault::new("create", "selfsubjectaccessreviews", Harm::Unavailable));
    let mut konn = Konn::open(&running, "mock-dev", "pods shop");
    konn.settled().await;
    konn.press("s");
    konn.until("the server's refusal", |app| {
        shows(app, "may not") || shows(app, "forbidden")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn read_only_mode_runs_nothing() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut setup = setup("pods shop");
    setup.policy.read_only = true;
    let opened = konn::runtime::machine::Machine::start(setup, crate::support::opener(&running, "mock"));
    let (machine, inbox, asks) = opened.unwrap_or_else(|trouble| panic!("{trouble:?}"));
    let mut konn = Konn { machine, inbox, asks };
    konn.settled().await;
    for keys in ["s", "x A", "x E"] {
        konn.press(keys);
        assert!(konn.app().layers.is_empty(), "{keys}");
    }
    konn.line("exec ls");
    assert!(konn.app().layers.is_empty());
}

/// A way to the mock that can be cut.
async fn way(to: SocketAddr) -> (SocketAddr, tokio::sync::watch::Sender<bool>) {
    let (cut, seen) = tokio::sync::watch::channel(false);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let mut seen = seen.clone();
            tokio::spawn(async move {
                let mut far = TcpStream::connect(to).await.unwrap();
                tokio::select! {
                    _ = copy_bidirectional(&mut near, &mut far) => {}
                    _ = seen.wait_for(|cut| *cut) => {}
                }
            });
        }
    });
    (address, cut)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_says_so() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let own = running.url().trim_start_matches("http://").to_string();
    let (address, cut) = way(own.parse().unwrap()).await;
    let mut opener = crate::support::opener(&running, "mock");
    let given = opener.given.as_mut().unwrap();
    for cluster in &mut given.kubeconfig.clusters {
        let server = &mut cluster.cluster.as_mut().unwrap().server;
        *server = server.as_ref().map(|server| server.replace(&own, &address.to_string()));
    }
    let opened = konn::runtime::machine::Machine::start(setup("pods shop"), opener);
    let (machine, inbox, asks) = opened.unwrap_or_else(|trouble| panic!("{trouble:?}"));
    let mut konn = Konn { machine, inbox, asks };
    konn.settled().await;
    konn.press("s");
    konn.until("a prompt", prompts).await;
    cut.send(true).unwrap();
    konn.until("the cut", |app| shows(app, "was cut")).await;
    assert_eq!(info(konn.app()), "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn pasted_text_goes_in_whole() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let mut konn = in_shell(&running).await;
    konn.machine
        .event(Event::Paste("echo one\necho \u{1b}[201~two\n".to_string()));
    konn.until("both lines", |app| shows(app, "\none") && shows(app, "two"))
        .await;
    // A container that goes ends what runs in it.
    running.api.touch("pods", "shop", "web-0", |pod| {
        pod["status"]["containerStatuses"][0]["state"] = json!({"terminated": {"exitCode": 0}});
    });
    konn.until("the end", |app| info(app).contains("exit code 137 (SIGKILL)"))
        .await;
}

/// Bytes of every kind, more than fits into any buffer on the way.
fn bytes() -> Vec<u8> {
    (0..3_000_000u32)
        .map(|at| u8::try_from(at * 7 % 251).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_copied_both_ways_and_are_the_same() {
    let running = cluster().await;
    plant(&running, pod("shop", "web-0"));
    let here = tempfile::tempdir().unwrap();
    let tree = here.path().join("tree");
    std::fs::create_dir_all(tree.join("deep/er")).unwrap();
    std::fs::write(tree.join("deep/er/data.bin"), bytes()).unwrap();
    std::fs::write(tree.join("empty"), b"").unwrap();
    std::fs::write(tree.join(format!("{}.txt", "long".repeat(40))), b"a long name").unwrap();
    let mut konn = on_pods(&running).await;
    konn.press("x f");
    konn.until("the dialog", |app| shows(app, "path there")).await;
    konn.type_text("/tmp");
    konn.press("tab ctrl-u");
    konn.type_text(&tree.display().to_string());
    konn.press("tab tab right enter");
    konn.until("the end", |app| shows(app, "Done.")).await;
    konn.press("enter x f");
    konn.until("the dialog", |app| shows(app, "path there")).await;
    konn.type_text("/tmp/tree");
    konn.press("tab ctrl-u");
    let back = here.path().join("back");
    konn.type_text(&back.display().to_string());
    konn.press("enter");
    konn.until("the end", |app| shows(app, "Done.")).await;
    assert!(shows(konn.app(), "2.9 MiB copied"), "{}", layer_text(konn.app()));
    for name in ["deep/er/data.bin", "empty", &format!("{}.txt", "long".repeat(40))] {
        let read = |root: &std::path::Path| std::fs::read(root.join(name)).unwrap();
        assert!(read(&tree) == read(&back), "{name}");
    }
    konn.press("enter");

    // What is not there is said, and what was typed stays.
    konn.press("x f");
    konn.until("the dialog", |app| shows(app, "path there")).await;
    konn.type_text("/nowhere");
    assert!(
        shows(konn.app(), "$ kubectl cp shop/web-0:/nowhere . -c c"),
        "{}",
        layer_text(konn.app())
    );
    konn.press("enter");
    konn.until("why", |app| shows(app, "tar in the container failed")).await;
    assert!(shows(konn.app(), "/nowhere"), "{}", layer_text(konn.app()));
}
