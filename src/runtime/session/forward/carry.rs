//! One connection of a forward: a WebSocket of its own, so that one that nobody reads holds up no other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::wire::{PROTOCOLS, Piece, Reader, Wire};
use crate::core::forward::Traffic;
use crate::core::resource::segment;
use crate::core::trouble::{Trouble, TroubleKind};
use crate::runtime::answer;
use crate::runtime::client::Connected;

/// How much is read from a connection at once, in bytes.
const PIECE: usize = 32 << 10;

/// After how long a silence the other end is asked whether it is there, so that nobody on the way forgets the connection.
const PING: Duration = Duration::from_secs(20);

/// How long a pod may be silent after the local end has said all, where the pod cannot be told so.
const LINGER: Duration = Duration::from_secs(30);

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// What went through, counted while it goes.
#[derive(Default)]
pub struct Counters {
    received: AtomicU64,
    sent: AtomicU64,
}

impl Counters {
    /// The counts as they are now.
    pub fn traffic(&self, open: u64, total: u64) -> Traffic {
        Traffic {
            received: self.received.load(Ordering::Relaxed),
            sent: self.sent.load(Ordering::Relaxed),
            open,
            total,
        }
    }
}

/// Where a connection leads.
#[derive(Clone)]
pub struct Way {
    /// The cluster.
    pub connected: Arc<Connected>,
    /// The pod's namespace.
    pub namespace: String,
    /// The pod.
    pub pod: String,
    /// The pod's port.
    pub port: u16,
    /// What is counted.
    pub counters: Arc<Counters>,
}

/// Carries a connection to its end.
///
/// # Errors
/// Why it came to nothing: the way to the pod, or nobody listens there.
pub async fn carry(local: TcpStream, way: Way) -> Result<(), Trouble> {
    let (socket, wire) = connect(&way).await?;
    let (mut sink, stream) = socket.split();
    for message in wire.open(way.port) {
        sink.send(Message::Binary(message))
            .await
            .map_err(|error| lost(&way, &error))?;
    }
    let (reader, writer) = local.into_split();
    let (answers, answering) = mpsc::channel(4);
    let inward = inward(stream, writer, Reader::new(wire), answers, &way);
    tokio::select! {
        ended = inward => ended,
        () = outward(sink, reader, wire, answering, &way) => Ok(()),
    }
}

async fn connect(way: &Way) -> Result<(Socket, Wire), Trouble> {
    let [namespace, pod] = [&way.namespace, &way.pod].map(|text| segment(text));
    let key = generate_key();
    let request = http::Request::get(format!(
        "/api/v1/namespaces/{namespace}/pods/{pod}/portforward?ports={}",
        way.port
    ))
    .header(http::header::CONNECTION, "Upgrade")
    .header(http::header::UPGRADE, "websocket")
    .header(http::header::SEC_WEBSOCKET_VERSION, "13")
    .header(http::header::SEC_WEBSOCKET_KEY, &key)
    .header(http::header::SEC_WEBSOCKET_PROTOCOL, PROTOCOLS)
    .body(kube::client::Body::empty())
    .map_err(|error| lost(way, &error))?;
    let answered = answer::upgrade(&way.connected, request).await?;
    if header(&answered, http::header::SEC_WEBSOCKET_ACCEPT) != derive_accept_key(key.as_bytes()) {
        return Err(lost(way, &"the answer is no WebSocket's"));
    }
    let wire = Wire::chosen(header(&answered, http::header::SEC_WEBSOCKET_PROTOCOL));
    let upgraded = hyper::upgrade::on(answered).await.map_err(|error| lost(way, &error))?;
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, None).await;
    Ok((socket, wire))
}

fn header(answer: &http::Response<kube::client::Body>, name: http::HeaderName) -> &str {
    let value = answer.headers().get(name);
    value.and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The connection to the pod broke.
fn lost(way: &Way, error: &impl ToString) -> Trouble {
    Trouble::new(TroubleKind::Network, "trouble.forward_broken")
        .with("pod", &way.pod)
        .with("port", way.port.to_string())
        .saying(error.to_string())
}

/// From the pod to here, until the pod has said all or nobody listens here any more.
async fn inward(
    mut stream: SplitStream<Socket>,
    mut writer: OwnedWriteHalf,
    mut reader: Reader,
    answers: mpsc::Sender<Bytes>,
    way: &Way,
) -> Result<(), Trouble> {
    while let Some(message) = stream.next().await {
        let bytes = match message {
            Ok(Message::Binary(bytes)) => bytes,
            Ok(Message::Close(_)) => break,
            Ok(_) => continue,
            Err(error) => return Err(lost(way, &error)),
        };
        let pieces = reader.take(bytes).map_err(|_| lost(way, &"what came is no frame"))?;
        for piece in pieces {
            match piece {
                Piece::Data(bytes) => {
                    way.counters.received.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                    if writer.write_all(&bytes).await.is_err() {
                        return Ok(());
                    }
                }
                Piece::Error(why) => return Err(refused(way, &why)),
                Piece::End => {
                    writer.shutdown().await.ok();
                    return Ok(());
                }
                Piece::Answer(bytes) => {
                    // One that finds no room is not worth waiting for.
                    answers.try_send(bytes).ok();
                }
            }
        }
    }
    writer.shutdown().await.ok();
    Ok(())
}

/// What the node says of a port at which nobody listens is long and names the node's own folders: it stays behind.
fn refused(way: &Way, why: &[u8]) -> Trouble {
    let why = String::from_utf8_lossy(why);
    let id = if why.contains("connection refused") {
        "trouble.forward_nobody"
    } else {
        "trouble.forward_refused"
    };
    let trouble = Trouble::new(TroubleKind::Refused, id)
        .with("pod", &way.pod)
        .with("port", way.port.to_string());
    if id == "trouble.forward_nobody" {
        trouble
    } else {
        trouble.saying(&*why)
    }
}

/// From here to the pod. Ends where the pod cannot be reached any more, or is silent after all has been said.
async fn outward(
    mut sink: SplitSink<Socket, Message>,
    mut local: OwnedReadHalf,
    wire: Wire,
    mut answers: mpsc::Receiver<Bytes>,
    way: &Way,
) {
    let mut buffer = vec![0; PIECE];
    let mut over = false;
    let mut heard = 0;
    loop {
        let message = tokio::select! {
            read = local.read(&mut buffer), if !over => match read.map(|count| buffer.get(..count).unwrap_or_default()) {
                Ok([]) => {
                    over = true;
                    match wire.end() {
                        Some(end) => Message::Binary(end),
                        None => continue,
                    }
                }
                Ok(bytes) => {
                    way.counters.sent.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                    Message::Binary(wire.data(bytes))
                }
                // Reset: there is nobody to bring anything to.
                Err(_) => return,
            },
            Some(bytes) = answers.recv() => Message::Binary(bytes),
            () = tokio::time::sleep(if over { LINGER } else { PING }) => {
                let now = way.counters.received.load(Ordering::Relaxed);
                if over && wire == Wire::Channels && std::mem::replace(&mut heard, now) == now {
                    return;
                }
                Message::Ping(Bytes::new())
            }
        };
        if sink.send(message).await.is_err() {
            return;
        }
    }
}
