//! What lasts: watches and WebSockets pass all layers.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::response::Response;
use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::Pod;
use konn::runtime::client::RequestTimeout;
use kube::Api;
use kube::api::{WatchEvent, WatchParams};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::support::{Home, Site};

/// A router on a port of its own.
async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn pod(name: &str) -> bytes::Bytes {
    let event = serde_json::json!({"type": "ADDED", "object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "resourceVersion": "1"}}});
    format!("{event}\n").into()
}

#[tokio::test]
async fn a_watch_outlives_the_request_timeout() {
    let (sender, receiver) = mpsc::unbounded_channel::<bytes::Bytes>();
    let receiver = std::sync::Arc::new(std::sync::Mutex::new(Some(receiver)));
    let site = Site::plain(move |_, _| {
        let mut receiver = receiver.lock().unwrap().take().unwrap();
        let stream = futures::stream::poll_fn(move |cx| receiver.poll_recv(cx)).map(Ok::<_, std::io::Error>);
        Response::new(axum::body::Body::from_stream(stream))
    })
    .await;
    let mut home = Home::new(&format!("{{server: 'http://{}'}}", site.address), "{}");
    let limit = Duration::from_secs(5);
    home.options.request_timeout = RequestTimeout::After(limit);
    let connected = home.connect().unwrap();
    let pods: Api<Pod> = Api::default_namespaced(connected.client.clone());
    sender.send(pod("a")).unwrap();
    let mut events = Box::pin(pods.watch(&WatchParams::default(), "0").await.unwrap());
    let name = |event: WatchEvent<Pod>| match event {
        WatchEvent::Added(pod) => pod.metadata.name.unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(name(events.try_next().await.unwrap().unwrap()), "a");
    let first = connected.answered.at().unwrap();
    // Longer than the limit passes without a word.
    assert!(
        tokio::time::timeout(limit.mul_f32(1.2), events.try_next())
            .await
            .is_err()
    );
    sender.send(pod("b")).unwrap();
    assert_eq!(name(events.try_next().await.unwrap().unwrap()), "b");
    assert!(
        connected.answered.at().unwrap() > first,
        "a piece of a stream is an answer too"
    );
}

#[tokio::test]
async fn a_websocket_passes() {
    let router = Router::new().fallback(|upgrade: WebSocketUpgrade| async {
        upgrade
            .protocols(["v5.channel.k8s.io"])
            .on_upgrade(|mut socket| async move {
                while let Some(Ok(Message::Text(text))) = socket.recv().await {
                    socket.send(Message::Text(format!("echo {text}").into())).await.unwrap();
                }
            })
    });
    let address = serve(router).await;
    let connected = Home::new(&format!("{{server: 'http://{address}'}}"), "{token: t}")
        .connect()
        .unwrap();
    let request = http::Request::get("/api/v1/namespaces/a/pods/b/exec?command=x")
        .body(Vec::new())
        .unwrap();
    let connection = connected.client.connect(request).await.unwrap();
    assert!(connection.supports_stream_close());
    let mut socket = connection.into_stream();
    futures::SinkExt::send(&mut socket, "hello".into()).await.unwrap();
    let answer = socket.next().await.unwrap().unwrap();
    assert_eq!(answer.to_text().unwrap(), "echo hello");
}
