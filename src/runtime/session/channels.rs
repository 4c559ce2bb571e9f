//! The channel protocols v5 and v4 of exec and attach, over a WebSocket: each message begins with the number of a stream.

use bytes::{BufMut, Bytes, BytesMut};
use futures::{FutureExt, SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::core::event::Size;
use crate::core::trouble::{Trouble, TroubleKind};
use crate::runtime::client::Connected;

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const ERROR: u8 = 3;
const RESIZE: u8 = 4;
const CLOSE: u8 = 255;

/// How much of standard input goes into one message, in bytes: as much as kubectl copies at once.
const MESSAGE: usize = 32 << 10;

/// What came.
#[derive(Debug)]
pub(super) enum Got {
    /// Standard output.
    Out(Bytes),
    /// Standard error.
    Err(Bytes),
    /// How the program ended.
    Ended(Ended),
}

/// How a program ended.
#[derive(Debug, PartialEq)]
pub(super) enum Ended {
    /// With this code.
    Code(i32),
    /// It did not start, or nobody knows how it ended.
    Failed(Trouble),
}

/// The streams of a program.
pub(super) struct Channels {
    socket: WebSocketStream<TokioIo<Upgraded>>,
    /// Whether single streams can be closed: v5.
    closes: bool,
    /// How the program ended, once the server has told.
    told: Option<Ended>,
}

impl Channels {
    /// Opens the streams that a path asks for. Fails with what the server answers instead.
    pub(super) async fn open(connected: &Connected, path: &str) -> Result<Self, Trouble> {
        let request = http::Request::get(path)
            .body(Vec::new())
            .map_err(|error| Trouble::new(TroubleKind::Other, "trouble.other").saying(error.to_string()))?;
        let opened = connected.client.connect(request).await;
        let opened = opened.map_err(|error| connected.trouble(&error))?;
        let closes = opened.supports_stream_close();
        Ok(Self {
            socket: opened.into_stream(),
            closes,
            told: None,
        })
    }

    /// What comes next. After the end nothing follows.
    pub(super) async fn next(&mut self) -> Got {
        loop {
            let message = self.socket.next().await;
            if let Some(got) = self.read(message) {
                return got;
            }
        }
    }

    /// What has come already and was not read.
    pub(super) fn waiting(&mut self) -> Option<Got> {
        loop {
            let message = self.socket.next().now_or_never()?;
            if let Some(got) = self.read(message) {
                return Some(got);
            }
        }
    }

    /// The status comes before the connection ends, but what was written may still be on its way behind it.
    fn read(&mut self, message: Option<Result<Message, tokio_tungstenite::tungstenite::Error>>) -> Option<Got> {
        let mut bytes = match message {
            Some(Ok(Message::Binary(bytes))) => bytes,
            Some(Ok(Message::Text(text))) => text.into(),
            Some(Ok(Message::Close(_))) | None => return Some(Got::Ended(self.ended(""))),
            Some(Ok(_)) => return None,
            Some(Err(error)) => return Some(Got::Ended(self.ended(&error.to_string()))),
        };
        if bytes.is_empty() {
            return None;
        }
        let channel = bytes.split_to(1);
        match channel.first().copied() {
            Some(STDOUT) if !bytes.is_empty() => Some(Got::Out(bytes)),
            Some(STDERR) if !bytes.is_empty() => Some(Got::Err(bytes)),
            Some(ERROR) if !bytes.is_empty() => {
                self.told = Some(told(&bytes));
                None
            }
            _ => None,
        }
    }

    fn ended(&mut self, why: &str) -> Ended {
        let cut = || Ended::Failed(Trouble::new(TroubleKind::Network, "trouble.exec_cut").saying(why));
        self.told.take().unwrap_or_else(cut)
    }

    /// Types something. Fails where the connection is broken: reading tells how.
    pub(super) async fn input(&mut self, mut bytes: Bytes) -> Result<(), ()> {
        while !bytes.is_empty() {
            let part = bytes.split_to(bytes.len().min(MESSAGE));
            self.send(STDIN, &part).await?;
        }
        Ok(())
    }

    /// The terminal has a new size.
    pub(super) async fn resize(&mut self, size: Size) -> Result<(), ()> {
        let size = json!({"Width": size.width, "Height": size.height}).to_string();
        self.send(RESIZE, size.as_bytes()).await
    }

    /// No more is typed. v4 has no way to say so: the program finds out by itself, or when the connection ends.
    pub(super) async fn end_input(&mut self) -> Result<(), ()> {
        if self.closes {
            self.send(CLOSE, &[STDIN]).await
        } else {
            Ok(())
        }
    }

    async fn send(&mut self, channel: u8, bytes: &[u8]) -> Result<(), ()> {
        let mut framed = BytesMut::with_capacity(bytes.len() + 1);
        framed.put_u8(channel);
        framed.extend_from_slice(bytes);
        self.socket.send(Message::Binary(framed.freeze())).await.map_err(|_| ())
    }
}

/// What the error stream tells: a `Status`, whose cause `ExitCode` is the code.
fn told(bytes: &[u8]) -> Ended {
    let status: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_string();
    if status.get("status").and_then(Value::as_str) == Some("Success") {
        return Ended::Code(0);
    }
    let causes = status.pointer("/details/causes").and_then(Value::as_array);
    let exit = causes
        .into_iter()
        .flatten()
        .find(|cause| cause.get("reason").and_then(Value::as_str) == Some("ExitCode"));
    if let Some(code) = exit.and_then(|cause| text(cause.get("message")).parse().ok()) {
        return Ended::Code(code);
    }
    let mut said = text(status.get("message"));
    if said.is_empty() {
        said = String::from_utf8_lossy(bytes).into_owned();
    }
    Ended::Failed(Trouble::new(TroubleKind::Other, "trouble.exec").answered(&said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_tells_the_code_or_why_there_is_none() {
        for (status, wanted) in [
            (r#"{"metadata":{},"status":"Success"}"#, Some(0)),
            (
                r#"{"status":"Failure","reason":"NonZeroExitCode","message":"m","details":{"causes":[{"reason":"ExitCode","message":"42"}]}}"#,
                Some(42),
            ),
            (
                r#"{"status":"Failure","message":"no such container","reason":"InternalError"}"#,
                None,
            ),
            ("not JSON", None),
        ] {
            let code = match told(status.as_bytes()) {
                Ended::Code(code) => Some(code),
                Ended::Failed(trouble) => {
                    assert!(trouble.said.is_some(), "{status}");
                    None
                }
            };
            assert_eq!(code, wanted, "{status}");
        }
    }
}
