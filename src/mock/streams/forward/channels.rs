//! Port-forward by channels: two for each port, the first for data, the second for errors; each begins with its port's number.

use std::collections::HashMap;

use axum::extract::ws::{Message, WebSocket};
use bytes::{BufMut, Bytes, BytesMut};
use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf};
use tokio::sync::mpsc;

use super::dial::dial;
use crate::mock::server::Call;
use crate::mock::streams::MESSAGE;
use crate::mock::streams::channels::normal_end;

/// Carries the ports that the query names until the client goes.
pub async fn carry(socket: WebSocket, call: Call, pod: Value, ports: Vec<u16>) {
    let (mut sink, mut stream) = socket.split();
    let (sender, mut messages) = mpsc::channel::<Bytes>(8);
    let mut writers = HashMap::new();
    for (at, port) in ports.iter().enumerate() {
        let Ok(channel) = u8::try_from(at * 2) else { break };
        for channel in [channel, channel + 1] {
            let hello = framed(channel, &port.to_le_bytes());
            if sink.send(Message::Binary(hello)).await.is_err() {
                return;
            }
        }
        match dial(&call, &pod, *port) {
            Ok(connection) => {
                let (reader, writer) = tokio::io::split(connection);
                writers.insert(channel, writer);
                tokio::spawn(read(reader, channel, sender.clone()));
            }
            Err(why) => {
                sink.send(Message::Binary(framed(channel + 1, why.as_bytes())))
                    .await
                    .ok();
            }
        }
    }
    drop(sender);
    let out = async {
        while let Some(message) = messages.recv().await {
            if sink.send(Message::Binary(message)).await.is_err() {
                return;
            }
        }
        // Every connection has ended from the pod's side.
        sink.send(normal_end()).await.ok();
    };
    let inward = async {
        while let Some(Ok(message)) = stream.next().await {
            let Message::Binary(bytes) = message else { continue };
            let Some((channel, data)) = bytes.split_first() else {
                continue;
            };
            if let Some(writer) = writers.get_mut(channel)
                && writer.write_all(data).await.is_err()
            {
                writers.remove(channel);
            }
        }
    };
    tokio::select! {
        () = out => {}
        () = inward => {}
    }
}

fn framed(channel: u8, bytes: &[u8]) -> Bytes {
    let mut framed = BytesMut::with_capacity(bytes.len() + 1);
    framed.put_u8(channel);
    framed.extend_from_slice(bytes);
    framed.freeze()
}

async fn read(mut reader: ReadHalf<DuplexStream>, channel: u8, sender: mpsc::Sender<Bytes>) {
    let mut buffer = vec![0; MESSAGE];
    while let Ok(count) = reader.read(&mut buffer).await {
        let bytes = buffer.get(..count).unwrap_or_default();
        if count == 0 || sender.send(framed(channel, bytes)).await.is_err() {
            return;
        }
    }
}
