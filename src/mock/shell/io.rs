//! What programs read from and write to: the connection, pipes, files, nothing.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::run::Flow;
use crate::mock::clock::Clock;
use crate::mock::files::Files;

/// How many pieces wait in a pipe before its writer has to.
pub const DEPTH: usize = 16;

#[derive(Debug)]
struct Source {
    from: Option<mpsc::Receiver<Bytes>>,
    held: Vec<u8>,
}

impl Source {
    /// Waits for more; an empty piece is an end that does not last, such as Ctrl-D at a terminal.
    async fn more(&mut self) -> bool {
        let Some(from) = &mut self.from else { return false };
        match from.recv().await {
            Some(piece) => {
                self.held.extend_from_slice(&piece);
                !piece.is_empty()
            }
            None => {
                self.from = None;
                false
            }
        }
    }
}

/// Where a program reads from. Clones share the place in it.
#[derive(Clone, Debug)]
pub struct Input(Arc<tokio::sync::Mutex<Source>>);

impl Input {
    /// Bytes that are known already, none for an empty input.
    #[must_use]
    pub fn of(bytes: impl Into<Vec<u8>>) -> Self {
        let held = bytes.into();
        Self(Arc::new(tokio::sync::Mutex::new(Source { from: None, held })))
    }

    /// A pipe: what is sent into the first half is read from the second.
    #[must_use]
    pub fn pipe() -> (mpsc::Sender<Bytes>, Self) {
        let (sender, receiver) = mpsc::channel(DEPTH);
        let source = Source {
            from: Some(receiver),
            held: Vec::new(),
        };
        (sender, Self(Arc::new(tokio::sync::Mutex::new(source))))
    }

    /// The next bytes; none at the end.
    pub async fn read(&self) -> Option<Bytes> {
        let mut source = self.0.lock().await;
        if source.held.is_empty() && !source.more().await {
            return None;
        }
        Some(Bytes::from(std::mem::take(&mut source.held)))
    }

    /// The next line with its end; what follows the last end is a line too. None at the end.
    pub async fn line(&self) -> Option<Vec<u8>> {
        let mut source = self.0.lock().await;
        let mut from = 0;
        loop {
            let fresh = source.held.get(from..).unwrap_or_default();
            if let Some(end) = fresh.iter().position(|byte| *byte == b'\n') {
                let rest = source.held.split_off(from + end + 1);
                return Some(std::mem::replace(&mut source.held, rest));
            }
            from = source.held.len();
            if !source.more().await {
                let last = std::mem::take(&mut source.held);
                return (!last.is_empty()).then_some(last);
            }
        }
    }

    /// Everything up to the end.
    pub async fn all(&self) -> Vec<u8> {
        let mut all = Vec::new();
        while let Some(bytes) = self.read().await {
            all.extend_from_slice(&bytes);
        }
        all
    }
}

/// Where a program writes to. Clones write to the same place.
#[derive(Clone, Debug)]
pub enum Output {
    /// `/dev/null`.
    Null,
    /// A pipe or the connection.
    Pipe(mpsc::Sender<Bytes>),
    /// Kept for `$(...)`.
    Held(Arc<Mutex<Vec<u8>>>),
    /// The end of a file.
    File(Files, String, Clock),
}

impl Output {
    /// Writes all of it.
    ///
    /// # Errors
    /// [`Flow::Ended`]: nobody reads any more.
    pub async fn write(&self, bytes: impl Into<Bytes>) -> Result<(), Flow> {
        let bytes = bytes.into();
        if bytes.is_empty() {
            return Ok(());
        }
        match self {
            Self::Null => Ok(()),
            Self::Pipe(pipe) => pipe.send(bytes).await.map_err(|_| Flow::Ended),
            Self::Held(held) => {
                held.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend_from_slice(&bytes);
                Ok(())
            }
            Self::File(files, path, clock) => files.write(path, &bytes, true, clock.now()).map_err(|_| Flow::Ended),
        }
    }
}

/// The three that every program has.
#[derive(Clone, Debug)]
pub struct Io {
    /// Standard input.
    pub input: Input,
    /// Standard output.
    pub out: Output,
    /// Standard error.
    pub err: Output,
}
