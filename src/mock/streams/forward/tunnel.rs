//! Port-forward as kubectl speaks it: a SPDY connection in a WebSocket, with two streams for each forwarded connection.

use std::collections::HashMap;

use axum::extract::ws::{Message, WebSocket};
use bytes::{Bytes, BytesMut};
use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::dial::dial;
use super::headers::{Reader, empty};
use super::spdy::{self, FIN, Frame};
use crate::mock::server::Call;
use crate::mock::streams::MESSAGE;

/// Carries connections until the client goes.
pub async fn carry(socket: WebSocket, call: Call, pod: Value) {
    let (mut sink, mut stream) = socket.split();
    let (out, mut frames) = mpsc::channel::<Bytes>(8);
    let outward = async {
        while let Some(frame) = frames.recv().await {
            if sink.send(Message::Binary(frame)).await.is_err() {
                return;
            }
        }
    };
    let over = CancellationToken::new();
    let mut session = Session {
        call,
        pod,
        out,
        headers: Reader::new(),
        greeted: false,
        halves: HashMap::new(),
        streams: HashMap::new(),
        over: over.clone(),
    };
    let inward = async {
        let mut buffer = BytesMut::new();
        while let Some(Ok(message)) = stream.next().await {
            let Message::Binary(bytes) = message else { continue };
            buffer.extend_from_slice(&bytes);
            loop {
                match spdy::take(&mut buffer) {
                    Ok(Some(frame)) => {
                        if session.take(frame).await.is_err() {
                            return;
                        }
                    }
                    Ok(None) => break,
                    Err(why) => {
                        tracing::debug!(why, "a forwarding client sent what is no frame");
                        return;
                    }
                }
            }
        }
    };
    tokio::select! {
        () = outward => {}
        () = inward => {}
    }
    over.cancel();
}

/// The two streams of a forwarded connection while only one has come.
#[derive(Debug, Default)]
struct Halves {
    data: Option<u32>,
    error: Option<u32>,
    port: u16,
}

struct Session {
    call: Call,
    pod: Value,
    out: mpsc::Sender<Bytes>,
    headers: Reader,
    /// Whether a block of headers was sent: the first begins a zlib stream.
    greeted: bool,
    halves: HashMap<String, Halves>,
    /// Where the data of open streams goes.
    streams: HashMap<u32, Inward>,
    over: CancellationToken,
}

#[derive(Debug)]
struct Inward {
    /// None once the client has written all of it.
    bytes: Option<mpsc::Sender<Bytes>>,
    reset: CancellationToken,
}

/// The connection is lost.
struct Lost;

impl Session {
    async fn send(&self, frame: Bytes) -> Result<(), Lost> {
        self.out.send(frame).await.map_err(|_| Lost)
    }

    async fn take(&mut self, frame: Frame) -> Result<(), Lost> {
        match frame {
            Frame::Open(stream, _, block) => self.open(stream, &block).await,
            Frame::Data(stream, flags, bytes) => {
                if let Some(inward) = self.streams.get_mut(&stream) {
                    if let Some(sender) = &inward.bytes
                        && !bytes.is_empty()
                        && sender.send(bytes).await.is_err()
                    {
                        inward.bytes = None;
                    }
                    if flags & FIN != 0 {
                        inward.bytes = None;
                    }
                }
                Ok(())
            }
            Frame::Reset(stream) => {
                if let Some(inward) = self.streams.remove(&stream) {
                    inward.reset.cancel();
                }
                Ok(())
            }
            Frame::Ping(number) => self.send(spdy::ping(number)).await,
            Frame::Leave => Err(Lost),
            Frame::Other => Ok(()),
        }
    }

    async fn open(&mut self, stream: u32, block: &[u8]) -> Result<(), Lost> {
        let headers = self.headers.read(block).map_err(|_| Lost)?;
        let header = |name: &str| {
            let found = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map_or("", |(_, value)| value.as_str())
        };
        let kind = header("streamtype").to_owned();
        let port = header("port").parse::<u16>().unwrap_or_default();
        if port == 0 || !matches!(kind.as_str(), "data" | "error") {
            return self.send(spdy::reset(stream)).await;
        }
        let first = !std::mem::replace(&mut self.greeted, true);
        let id = header("requestid").to_owned();
        self.send(spdy::reply(stream, &empty(first))).await?;
        let halves = self.halves.entry(id.clone()).or_default();
        halves.port = port;
        match kind.as_str() {
            "data" => halves.data = Some(stream),
            _ => halves.error = Some(stream),
        }
        if let (Some(data), Some(error)) = (halves.data, halves.error) {
            self.halves.remove(&id);
            self.forward(data, error, port);
        }
        Ok(())
    }

    fn forward(&mut self, data: u32, error: u32, port: u16) {
        let (bytes, received) = mpsc::channel(16);
        let reset = self.over.child_token();
        let inward = Inward {
            bytes: Some(bytes),
            reset: reset.clone(),
        };
        self.streams.insert(data, inward);
        // Those whose both ends have gone are of no use any more.
        self.streams
            .retain(|_, inward| inward.bytes.as_ref().is_none_or(|bytes| !bytes.is_closed()));
        let dialled = dial(&self.call, &self.pod, port);
        let out = self.out.clone();
        tokio::spawn(async move {
            let told = match dialled {
                Ok(connection) => {
                    reset.run_until_cancelled(copy(connection, data, received, &out)).await;
                    String::new()
                }
                Err(why) => why,
            };
            let last = [spdy::data(error, FIN, told.as_bytes()), spdy::data(data, FIN, &[])];
            for frame in last {
                if out.send(frame).await.is_err() {
                    return;
                }
            }
        });
    }
}

/// Copies both ways until the pod has written all.
async fn copy(connection: DuplexStream, stream: u32, mut received: mpsc::Receiver<Bytes>, out: &mpsc::Sender<Bytes>) {
    let (mut reader, mut writer) = tokio::io::split(connection);
    let inward = async {
        while let Some(bytes) = received.recv().await {
            if writer.write_all(&bytes).await.is_err() {
                break;
            }
        }
        writer.shutdown().await.ok();
        std::future::pending::<()>().await;
    };
    let outward = async {
        let mut buffer = vec![0; MESSAGE];
        while let Ok(count) = reader.read(&mut buffer).await {
            let bytes = buffer.get(..count).unwrap_or_default();
            if count == 0 || out.send(spdy::data(stream, 0, bytes)).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = inward => {}
        () = outward => {}
    }
}
