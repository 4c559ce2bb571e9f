//! Port-forwards against the mock: what goes through arrives whole, and pods may come and go.

use std::net::TcpListener;

use konn::core::app::App;
use konn::core::forward::State;
use konn::core::policy::{ContextRule, Policy};
use konn::mock::Running;
use konn::mock::faults::{Fault, Harm};
use konn::runtime::machine::{Ask, Machine};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Konn, cluster, layer_text, opener, plant, pod, setup};

/// So many bytes go through at once; what is not optimised is slow enough with a part of it.
const MUCH: usize = if cfg!(debug_assertions) {
    16_000_000
} else {
    100_000_000
};

fn service(port: u16, target: serde_json::Value) -> serde_json::Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"clusterIP": "10.0.0.9", "selector": {"app": "web"}, "ports": [{"name": "http", "port": port, "targetPort": target}]}})
}

fn listening(name: &str) -> serde_json::Value {
    let mut pod = pod("shop", name);
    pod["spec"]["containers"][0]["ports"] = json!([{"name": "web", "containerPort": 80}]);
    pod["status"]["conditions"] = json!([{"type": "Ready", "status": "True"}]);
    pod
}

/// A request over a port; the whole answer. The request's end is said by closing that half.
async fn ask(port: u16, head: String, body: Vec<u8>) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let writing = tokio::spawn(async move {
        writer.write_all(&body).await.ok();
        writer.shutdown().await.ok();
    });
    let mut answer = Vec::new();
    reader.read_to_end(&mut answer).await.ok();
    writing.await.unwrap();
    answer
}

async fn get(port: u16, path: &str) -> Vec<u8> {
    ask(
        port,
        format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        Vec::new(),
    )
    .await
}

fn body(answer: &[u8]) -> &[u8] {
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    &answer[at + 4..]
}

fn is_whole(body: &[u8], length: usize) -> bool {
    body.len() == length
        && body
            .iter()
            .enumerate()
            .all(|(place, byte)| usize::from(*byte) == place % 251)
}

/// Waits for a task while konn goes on.
async fn through<T: Send + 'static>(konn: &mut Konn, what: impl Future<Output = T> + Send + 'static) -> T {
    let task = tokio::spawn(what);
    konn.until("what goes through", |_| task.is_finished()).await;
    task.await.unwrap()
}

fn live(app: &App) -> bool {
    app.forwards
        .all()
        .last()
        .is_some_and(|forward| forward.state == State::Live)
}

fn port(konn: &Konn) -> u16 {
    konn.app().forwards.all().last().unwrap().bound.unwrap()
}

fn notice(app: &App) -> &str {
    app.notice.as_ref().map_or("", |(notice, _)| &notice.text)
}

/// Forwards the ports of the row under the cursor.
async fn forward(running: &Running, line: &str, ports: &str) -> Konn {
    let mut konn = Konn::open(running, "mock", line);
    konn.settled().await;
    konn.press("f");
    konn.until("the dialog", |app| layer_text(app).contains("Ports (here:there)"))
        .await;
    konn.press("ctrl-u");
    konn.type_text(ports);
    konn.press("enter");
    konn
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_connections_at_once_and_much_in_each_direction_arrive_whole() {
    let running = cluster().await;
    plant(&running, listening("web-0"));
    plant(&running, service(8080, json!("web")));
    let mut konn = forward(&running, "services shop", ":http").await;
    konn.until("a forward", live).await;
    let port = port(&konn);
    let many = futures::future::join_all((0..50).map(move |_| get(port, "/bytes/200000")));
    for answer in through(&mut konn, many).await {
        assert!(is_whole(body(&answer), 200_000), "{} bytes", answer.len());
    }
    eprintln!("{MUCH} bytes from the pod, and as many there and back");
    let answer = through(&mut konn, async move { get(port, &format!("/bytes/{MUCH}")).await }).await;
    assert!(is_whole(body(&answer), MUCH));
    let sent: Vec<u8> = (0..MUCH).map(|place| (place % 251) as u8).collect();
    let head = format!("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {MUCH}\r\n\r\n");
    let answer = through(&mut konn, ask(port, head, sent)).await;
    assert!(is_whole_chunked(&answer, MUCH));
    konn.until("the counts", |app| {
        let traffic = app.forwards.all()[0].traffic;
        traffic.received > 2 * MUCH as u64 && traffic.sent > MUCH as u64 && (traffic.open, traffic.total) == (0, 52)
    })
    .await;
    konn.press("F");
    let shown = layer_text(konn.app());
    assert!(
        shown.contains("service/web:http") && shown.contains("web-0:80") && shown.contains("0/52"),
        "{shown}"
    );
    konn.asks.clear();
    konn.press("enter c");
    let url = format!("http://127.0.0.1:{port}/");
    assert!(
        matches!(&konn.asks[..], [Ask::Browse(_, a), Ask::Copy(_, b)] if *a == url && *b == url),
        "{:?}",
        konn.asks
    );
    konn.press("x");
    assert!(konn.app().forwards.all().is_empty());
    let refused = through(&mut konn, async move {
        while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            tokio::task::yield_now().await;
        }
        true
    });
    assert!(refused.await, "nobody listens any more");
}

/// An answer whose length was not known beforehand comes in chunks.
fn is_whole_chunked(answer: &[u8], length: usize) -> bool {
    let mut rest = body(answer);
    if !String::from_utf8_lossy(&answer[..answer.len() - rest.len()])
        .to_lowercase()
        .contains("chunked")
    {
        return is_whole(rest, length);
    }
    let mut whole = Vec::new();
    while let Some(at) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..at]).unwrap(), 16).unwrap();
        whole.extend_from_slice(&rest[at + 2..at + 2 + size]);
        rest = &rest[at + 4 + size..];
    }
    is_whole(&whole, length)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forward_outlives_its_pod() {
    let running = cluster().await;
    plant(&running, listening("web-0"));
    plant(&running, service(80, json!(80)));
    let mut konn = forward(&running, "services shop", ":80").await;
    konn.until("a forward", live).await;
    let port = port(&konn);
    let told = |answer: Vec<u8>| String::from_utf8(answer).unwrap();
    let first = told(through(&mut konn, async move { get(port, "/").await }).await);
    assert!(first.contains("served by web-0 on port 80"), "{first}");
    konn.line("nodes");
    running.api.touch("pods", "shop", "web-0", |pod| {
        pod["metadata"]["deletionTimestamp"] = json!("2026-11-20T22:00:00Z");
    });
    konn.until("the loss", |app| {
        matches!(app.forwards.all()[0].state, State::Lost(Some(_)))
    })
    .await;
    assert!(
        notice(konn.app()).contains("The pod web-0 is gone"),
        "{}",
        notice(konn.app())
    );
    plant(&running, listening("web-1"));
    konn.until("the next pod", live).await;
    assert!(
        notice(konn.app()).contains("leads to the pod web-1 now"),
        "{}",
        notice(konn.app())
    );
    let next = told(through(&mut konn, async move { get(port, "/").await }).await);
    assert!(next.contains("served by web-1 on port 80"), "{next}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_not_proposed_and_another_one_is_taken_where_it_is_asked_for() {
    let running = cluster().await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let number = taken.local_addr().unwrap().port();
    let mut pod = listening("web-0");
    pod["spec"]["containers"][0]["ports"] = json!([{"containerPort": number}]);
    plant(&running, pod);
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.press("f");
    konn.until("the dialog", |app| layer_text(app).contains("Taken here"))
        .await;
    let shown = layer_text(konn.app());
    assert!(
        !shown.contains(&format!("{number}:{number}")) && shown.contains(&format!(":{number} ")),
        "{shown}"
    );
    konn.press("ctrl-u");
    konn.type_text(&format!("{number}:{number}"));
    konn.press("enter");
    konn.until("a forward", live).await;
    assert_ne!(port(&konn), number);
    assert!(
        notice(konn.app()).contains(&format!("Port {number} may not be had here")),
        "{}",
        notice(konn.app())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reached_says_why() {
    let running = cluster().await;
    plant(&running, listening("web-0"));
    let mut konn = forward(&running, "pods shop", ":99").await;
    konn.until("a forward", live).await;
    let port = port(&konn);
    let nothing = through(&mut konn, async move { get(port, "/").await }).await;
    assert!(nothing.is_empty());
    konn.until("the reason", |app| {
        notice(app).contains("Nobody listens at port 99 of the pod web-0")
    })
    .await;
    assert!(live(konn.app()), "the forward itself stays");
    // The next connection is refused by the API server.
    running
        .api
        .faults
        .set(Fault::new("", "/portforward", Harm::Unavailable).times(1));
    through(&mut konn, async move { get(port, "/").await }).await;
    konn.until("the server's words", |app| {
        let why = app.forwards.all()[0].refused.as_ref();
        why.is_some_and(|why| why.id != "trouble.forward_nobody")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_forward_is_told_so_and_nothing_listens_in_read_only_mode() {
    let running = cluster().await;
    plant(&running, listening("web-0"));
    let mut konn = Konn::open(&running, "mock-dev", "pods shop");
    konn.settled().await;
    konn.press("f");
    assert!(
        konn.app().layers.is_empty(),
        "the right was asked for while the cursor rested"
    );
    assert!(
        notice(konn.app()).contains("create pods/portforward"),
        "{}",
        notice(konn.app())
    );

    // Kept forwards do not pass by the verb: the runtime refuses them.
    let kept: konn::core::forward::Kept =
        serde_json::from_value(json!({"name": "web", "namespace": "shop", "target": "web-0", "ports": [":80"]}))
            .unwrap();
    let mut setup = setup("pods shop");
    setup.forwards = vec![kept];
    let rule = ContextRule {
        pattern: "mock".into(),
        protected: false,
        read_only: true,
    };
    setup.policy = Policy {
        contexts: vec![rule],
        ..Policy::default()
    };
    let (machine, inbox, asks) = Machine::start(setup, opener(&running, "mock")).unwrap();
    let mut konn = Konn { machine, inbox, asks };
    konn.settled().await;
    konn.line("pf web");
    konn.until(
        "the refusal",
        |app| matches!(&app.forwards.all()[0].state, State::Failed(why) if why.id == "trouble.readonly"),
    )
    .await;
    // In the other context the rule does not hold, but the right is missing: the first connection says so.
    konn.line("ctx mock-dev");
    konn.until("the other context", |app| {
        app.link.identity.context == "mock-dev" && app.is_settled()
    })
    .await;
    konn.line("pf web");
    konn.until("a forward", live).await;
    let port = port(&konn);
    through(&mut konn, async move { get(port, "/").await }).await;
    konn.until("the refusal", |app| {
        app.forwards.all()[0]
            .refused
            .as_ref()
            .is_some_and(|why| app.trouble(why).contains("resource \"pods/portforward\""))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_context_ends_forwards_after_asking() {
    let running = cluster().await;
    plant(&running, listening("web-0"));
    let mut konn = forward(&running, "pods shop", ":80").await;
    konn.until("a forward", live).await;
    let port = port(&konn);
    konn.line("ctx mock-dev");
    let asked = layer_text(konn.app());
    assert!(
        asked.contains("will end: 1") && asked.contains(&format!("127.0.0.1:{port} → pod/web-0:80")),
        "{asked}"
    );
    konn.press("enter");
    assert!(
        live(konn.app()) && konn.app().layers.is_empty(),
        "to stay is the first answer"
    );
    konn.line("ctx mock-dev");
    konn.press("down enter");
    konn.until("the other context", |app| app.link.identity.context == "mock-dev")
        .await;
    assert!(konn.app().forwards.all().is_empty());
    let closed = async move {
        while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    through(&mut konn, closed).await;
}
