//! Files to and from a container, by tar in it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::archive::{Counts, Incoming, Outgoing, pack, unpack};
use super::channels::{Channels, Ended, Got};
use super::{Closed, Line, exec};
use crate::core::event::Size;
use crate::core::session::{Chunk, CopySession, ExecSession, Program};
use crate::core::trouble::{Trouble, TroubleKind};

/// How much waits between the connection and the files, in pieces.
const WAITING: usize = 16;

/// How often is told how much was copied.
const TELL: Duration = Duration::from_millis(100);

/// The most of what tar complains that is kept, in bytes.
const COMPLAINTS: usize = 2 << 10;

/// Why a copy ended early.
enum Stop {
    /// Nobody waits for it.
    Closed,
    /// Because of this.
    Trouble(Trouble),
}

impl From<Closed> for Stop {
    fn from(_: Closed) -> Self {
        Self::Closed
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// Copies until all is there, or something is wrong. Given up, the thread with the files finds its pipe closed.
pub(super) async fn run(spec: CopySession, line: Line) {
    let counts = Arc::new(Counts::default());
    let copied = if spec.up {
        up(&spec, &line, &counts).await
    } else {
        down(&spec, &line, &counts).await
    };
    let last = match copied {
        Err(Stop::Closed) => return,
        Err(Stop::Trouble(trouble)) => Chunk::Ended(Some(trouble)),
        Ok(()) => Chunk::Exited(0),
    };
    let _ = line.send(Chunk::Copied(counts.now())).await;
    let _ = line.send(last).await;
}

/// Runs a command in the container.
async fn open(spec: &CopySession, line: &Line, stdin: bool, command: &[&str]) -> Result<Channels, Trouble> {
    let exec = ExecSession {
        namespace: spec.namespace.clone(),
        pod: spec.pod.clone(),
        container: spec.container.clone(),
        program: Program::Run(vec![command.iter().map(ToString::to_string).collect()]),
        stdin,
        tty: false,
        size: Size { width: 80, height: 24 },
    };
    let paths = exec::paths(&exec);
    let path = paths.first().map(String::as_str).unwrap_or_default();
    Channels::open(&line.connected, path).await
}

/// A path here: `~/` is the person's home.
fn here(name: &str) -> PathBuf {
    match name.strip_prefix("~/").zip(etcetera::home_dir().ok()) {
        Some((rest, home)) => home.join(rest),
        None => PathBuf::from(name),
    }
}

/// A path in the container as an argument of tar: never one of its flags.
fn argument(path: &str) -> String {
    if path.starts_with('-') {
        format!("./{path}")
    } else {
        path.to_string()
    }
}

/// How tar ended, as what it means for the copy.
fn verdict(ended: Ended, complaints: &[u8]) -> Result<(), Trouble> {
    match ended {
        Ended::Code(0) => Ok(()),
        Ended::Code(code) => {
            let said = String::from_utf8_lossy(complaints);
            let said = said
                .lines()
                .last()
                .map_or_else(|| format!("exit code {code}"), str::to_string);
            Err(Trouble::new(TroubleKind::Other, "trouble.copy_tar").with("said", said))
        }
        Ended::Failed(trouble) => Err(trouble),
    }
}

fn complain(complaints: &mut Vec<u8>, bytes: &Bytes) {
    let room = COMPLAINTS.saturating_sub(complaints.len()).min(bytes.len());
    complaints.extend_from_slice(bytes.get(..room).unwrap_or_default());
}

fn lost(error: impl std::fmt::Display) -> Trouble {
    Trouble::new(TroubleKind::Other, "trouble.copy_local").saying(error.to_string())
}

async fn down(spec: &CopySession, line: &Line, counts: &Arc<Counts>) -> Result<(), Stop> {
    let remote = argument(&spec.remote);
    let mut channels = open(spec, line, false, &["tar", "cf", "-", &remote]).await?;
    line.send(Chunk::Open).await?;
    let (pieces, pipe) = mpsc::channel(WAITING);
    let (to, own) = (here(&spec.local), counts.clone());
    let unpacking = tokio::task::spawn_blocking(move || unpack(Incoming(pipe, Bytes::new()), &remote, &to, &own));
    let mut complaints = Vec::new();
    let mut told = Instant::now();
    let ended = loop {
        match channels.next().await {
            Got::Out(bytes) => {
                // The other thread has met something that it does not go on with.
                if pieces.send(bytes).await.is_err() {
                    break None;
                }
            }
            Got::Err(bytes) => complain(&mut complaints, &bytes),
            Got::Ended(ended) => break Some(ended),
        }
        if told.elapsed() >= TELL {
            line.send(Chunk::Copied(counts.now())).await?;
            told = Instant::now();
        }
    };
    drop(pieces);
    let unpacked = unpacking.await.map_err(lost)?;
    // What tar says of its own failure explains an archive that is cut short.
    if let Some(ended) = ended {
        verdict(ended, &complaints)?;
    }
    Ok(unpacked?)
}

/// Where the files go: into the path, where that is a folder, else to it, as `kubectl cp`.
async fn target(spec: &CopySession, line: &Line) -> Result<(String, String), Stop> {
    let remote = argument(spec.remote.trim_end_matches('/'));
    let remote = if remote.is_empty() { "/".to_string() } else { remote };
    let name = here(&spec.local);
    let name = name.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut asked = open(spec, line, false, &["test", "-d", &remote]).await?;
    let is_folder = loop {
        if let Got::Ended(ended) = asked.next().await {
            break ended == Ended::Code(0);
        }
    };
    if is_folder || remote == "/" {
        return Ok((remote, name.unwrap_or_else(|| "copy".to_string())));
    }
    Ok(match remote.rsplit_once('/') {
        Some(("", name)) => ("/".to_string(), name.to_string()),
        Some((folder, name)) => (folder.to_string(), name.to_string()),
        None => (".".to_string(), remote),
    })
}

async fn up(spec: &CopySession, line: &Line, counts: &Arc<Counts>) -> Result<(), Stop> {
    let local = here(&spec.local);
    std::fs::symlink_metadata(&local).map_err(lost)?;
    let (folder, name) = target(spec, line).await?;
    let mut channels = open(spec, line, true, &["tar", "-xmf", "-", "-C", &folder]).await?;
    line.send(Chunk::Open).await?;
    let (pieces, mut pipe) = mpsc::channel::<Bytes>(WAITING);
    let packing = tokio::task::spawn_blocking(move || pack(&local, &name, Outgoing(pieces)));
    let mut complaints = Vec::new();
    let mut seconds = interval(TELL);
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut open = true;
    let ended = loop {
        tokio::select! {
            piece = pipe.recv(), if open => match piece {
                Some(bytes) => {
                    counts.sent(bytes.len());
                    // A broken connection is told by reading.
                    open = channels.input(bytes).await.is_ok();
                }
                None => {
                    open = false;
                    let _ = channels.end_input().await;
                }
            },
            got = channels.next() => match got {
                Got::Out(_) => {}
                Got::Err(bytes) => complain(&mut complaints, &bytes),
                Got::Ended(ended) => break ended,
            },
            _ = seconds.tick() => line.send(Chunk::Copied(counts.now())).await?,
        }
    };
    drop(pipe);
    let packed = packing.await.map_err(lost)?;
    verdict(ended, &complaints)?;
    Ok(packed?)
}
