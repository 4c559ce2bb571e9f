//! The channel protocols v4 and v5: numbered streams in one WebSocket.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use bytes::{BufMut, Bytes, BytesMut};
use serde_json::Value;
use tokio::sync::mpsc;

use super::MESSAGE;
use crate::mock::server::Call;
use crate::mock::shell::{Act, Discipline, Input, Io, Output, Terminal};

/// What is spoken, the best first; v5 can close a stream.
pub const PROTOCOLS: [&str; 2] = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const ERROR: u8 = 3;
const RESIZE: u8 = 4;
const CLOSE: u8 = 255;

/// Which streams a client asks for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    stdin: bool,
    stdout: bool,
    stderr: bool,
    tty: bool,
}

impl Asked {
    /// Reads the query: `stdin`, `stdout`, `stderr`, `tty`.
    #[must_use]
    pub fn of(call: &Call) -> Self {
        let flag = |name: &str| matches!(call.query.get(name), "true" | "1");
        Self {
            stdin: flag("stdin"),
            stdout: flag("stdout"),
            stderr: flag("stderr") && !flag("tty"),
            tty: flag("tty"),
        }
    }
}

/// A program's side of the connection.
#[derive(Debug)]
pub struct Channels {
    /// What it reads and writes.
    pub io: Io,
    /// The client's terminal, if it asked for one.
    pub terminal: Option<Arc<Terminal>>,
    status: mpsc::Sender<Value>,
    /// Told when the client has gone.
    pub left: tokio_util::sync::CancellationToken,
}

impl Channels {
    /// Tells how it ended, and ends the connection.
    pub async fn end(self, status: Value) {
        self.status.send(status).await.ok();
    }
}

/// Opens the streams over a socket: the program's side, and the work of carrying, which ends with the connection.
pub fn open(socket: WebSocket, asked: Asked, closes: bool) -> (Channels, impl Future<Output = ()> + Send + 'static) {
    let (typed, input) = Input::pipe();
    let (out, out_from) = mpsc::channel(4);
    let (err, err_from) = mpsc::channel(4);
    let (status, status_from) = mpsc::channel(1);
    let terminal = asked.tty.then(|| Arc::new(Terminal::default()));
    let left = tokio_util::sync::CancellationToken::new();
    let pipe = |asked: bool, pipe: mpsc::Sender<Bytes>| if asked { Output::Pipe(pipe) } else { Output::Null };
    let out_of = pipe(asked.stdout, out.clone());
    let io = Io {
        input: if asked.stdin { input } else { Input::of([]) },
        err: if asked.tty {
            out_of.clone()
        } else {
            pipe(asked.stderr, err)
        },
        out: out_of,
    };
    let carrier = Carrier {
        socket,
        typed: asked.stdin.then_some(typed),
        echo: asked.tty.then_some(out),
        terminal: terminal.clone(),
        discipline: Discipline::default(),
        closes,
        waiting: Default::default(),
    };
    let channels = Channels {
        io,
        terminal,
        status,
        left: left.clone(),
    };
    (channels, async move {
        carrier.carry(asked, out_from, err_from, status_from).await;
        left.cancel();
    })
}

struct Carrier {
    socket: WebSocket,
    typed: Option<mpsc::Sender<Bytes>>,
    /// Only so that the output stays open while somebody may type; what is echoed is sent at once.
    echo: Option<mpsc::Sender<Bytes>>,
    terminal: Option<Arc<Terminal>>,
    discipline: Discipline,
    closes: bool,
    /// What was typed and waits until the program reads.
    waiting: std::collections::VecDeque<Bytes>,
}

/// How long a client may take to close what has ended.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(2);

/// So much may wait for the program; more is not read from the client.
const PATIENCE: usize = 64;

impl Carrier {
    async fn carry(
        mut self,
        asked: Asked,
        mut out: mpsc::Receiver<Bytes>,
        mut err: mpsc::Receiver<Bytes>,
        mut status: mpsc::Receiver<Value>,
    ) {
        // The API server greets on the lowest stream that it writes, so that the client knows that it is connected.
        let lowest = match asked {
            Asked { stdout: true, .. } => STDOUT,
            Asked { stderr: true, .. } => STDERR,
            _ => ERROR,
        };
        let mut fine = self.send(lowest, &Bytes::new()).await;
        let mut ended = None;
        while fine {
            let listens = self.waiting.len() < PATIENCE;
            tokio::select! {
                biased;
                Some(bytes) = out.recv() => fine = self.send(STDOUT, &bytes).await,
                Some(bytes) = err.recv() => fine = self.send(STDERR, &bytes).await,
                permit = Self::room(self.typed.clone(), !self.waiting.is_empty()) => match permit {
                    Some(permit) => if let Some(bytes) = self.waiting.pop_front() { permit.send(bytes); },
                    None => { self.typed = None; self.waiting.clear(); }
                },
                told = status.recv(), if ended.is_none() => {
                    ended = Some(told);
                    self.echo = None;
                    break;
                }
                message = self.socket.recv(), if listens => match message {
                    Some(Ok(Message::Binary(bytes))) => fine = self.take(&bytes).await,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(_)) => {}
                },
            }
        }
        if let Some(Some(status)) = ended {
            // What was written before the end comes before it.
            while let Ok(bytes) = out.try_recv() {
                self.send(STDOUT, &bytes).await;
            }
            while let Ok(bytes) = err.try_recv() {
                self.send(STDERR, &bytes).await;
            }
            self.send(ERROR, &Bytes::from(status.to_string())).await;
        }
        self.socket.send(normal_end()).await.ok();
        // What the client sent meanwhile is taken in until it closes too: left unread, it would make the system throw away
        // what was sent last.
        let farewell = async { while let Some(Ok(_)) = self.socket.recv().await {} };
        tokio::time::timeout(FAREWELL, farewell).await.ok();
    }

    /// Waits until the program takes more, while something waits for it.
    async fn room(typed: Option<mpsc::Sender<Bytes>>, waits: bool) -> Option<mpsc::OwnedPermit<Bytes>> {
        match typed {
            Some(typed) if waits => typed.reserve_owned().await.ok(),
            _ => std::future::pending().await,
        }
    }

    async fn send(&mut self, channel: u8, bytes: &Bytes) -> bool {
        let terminal = self.terminal.as_ref().is_some_and(|terminal| !terminal.is_raw());
        let bytes = if terminal && channel == STDOUT {
            returned(bytes)
        } else {
            bytes.clone()
        };
        let mut at = 0;
        loop {
            let end = (at + MESSAGE).min(bytes.len());
            let mut framed = BytesMut::with_capacity(end - at + 1);
            framed.put_u8(channel);
            framed.extend_from_slice(bytes.get(at..end).unwrap_or_default());
            if self.socket.send(Message::Binary(framed.freeze())).await.is_err() {
                return false;
            }
            at = end;
            if at >= bytes.len() {
                return true;
            }
        }
    }

    /// Takes in a message; false when the connection is broken.
    async fn take(&mut self, message: &Bytes) -> bool {
        let Some((channel, _)) = message.split_first() else {
            return true;
        };
        let bytes = message.slice(1..);
        match *channel {
            STDIN => return self.typed(&bytes).await,
            RESIZE => {
                let size: Value = serde_json::from_slice(&bytes).unwrap_or_default();
                let number = |name: &str| size[name].as_u64().and_then(|number| u16::try_from(number).ok());
                if let (Some(terminal), Some(width), Some(height)) = (&self.terminal, number("Width"), number("Height"))
                {
                    terminal.resize(width, height);
                }
            }
            CLOSE if self.closes && bytes.first() == Some(&STDIN) => self.hang_up(),
            _ => {}
        }
        true
    }

    /// No more input: after what still waits.
    fn hang_up(&mut self) {
        if let Some(typed) = self.typed.take() {
            let waiting = std::mem::take(&mut self.waiting);
            tokio::spawn(async move {
                for bytes in waiting {
                    if typed.send(bytes).await.is_err() {
                        return;
                    }
                }
            });
        }
    }

    async fn typed(&mut self, bytes: &Bytes) -> bool {
        if self.typed.is_none() || bytes.is_empty() {
            return true;
        }
        let Some(terminal) = self.terminal.clone() else {
            self.waiting.push_back(bytes.clone());
            return true;
        };
        for act in self.discipline.feed(bytes, &terminal) {
            match act {
                Act::Input(bytes) => self.waiting.push_back(bytes),
                Act::Interrupt => {
                    // What was typed before and not read is lost, as at a terminal.
                    self.waiting.clear();
                    terminal.interrupt.notify_waiters();
                }
                Act::Echo(bytes) => {
                    if !self.send(STDOUT, &bytes).await {
                        return false;
                    }
                }
            }
        }
        true
    }
}

/// The end of a connection on which all was told.
pub fn normal_end() -> Message {
    Message::Close(Some(CloseFrame {
        code: close_code::NORMAL,
        reason: "".into(),
    }))
}

/// Line ends as a terminal wants them: each with a return of the carriage, once.
fn returned(bytes: &Bytes) -> Bytes {
    let mut done = BytesMut::with_capacity(bytes.len() + 16);
    let mut before = 0;
    for byte in bytes {
        if *byte == b'\n' && before != b'\r' {
            done.put_u8(b'\r');
        }
        done.put_u8(*byte);
        before = *byte;
    }
    done.freeze()
}
