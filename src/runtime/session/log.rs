//! A container's log, followed through broken connections and restarts without a lost or doubled line.
//!
//! Timestamps are always asked for. After every break the log is asked for again from the last line's second on, first
//! that of the run before (what it wrote while nobody listened), then the present one; what came already is passed over.

use std::time::Duration;

use http_body_util::BodyExt;
use kube::runtime::utils::Backoff;
use kube::runtime::watcher::DefaultBackoff;

use super::{Closed, Line};
use crate::core::log::{Batch, Reader, stamp};
use crate::core::resource::segment;
use crate::core::session::{Chunk, Extent, Feed, LogSession};
use crate::core::trouble::{Trouble, TroubleKind};
use crate::runtime::answer;

/// How much text goes to the application at once, in bytes.
const BATCH: usize = 64 << 10;

/// How long is waited at first before a log that ended is looked at again, and at most.
const PAUSE: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(15));

/// How a part of the log ended.
enum End {
    /// The server has no more.
    Whole,
    /// As many lines as were wanted have come.
    Enough,
    /// It broke, or never began.
    Broken(Trouble),
}

/// Reads the log until it is over or nobody wants it any more.
pub(super) async fn run(spec: LogSession, line: Line) {
    let mut follower = Follower {
        wanted: match spec.extent {
            Extent::Head(lines) => Some(lines as usize),
            Extent::All | Extent::Tail(_) => None,
        },
        spec,
        line,
        reader: Reader::default(),
        last: false,
        open: false,
        paused: false,
        backoff: DefaultBackoff::default(),
        pause: PAUSE.0,
    };
    // Nobody takes it any more: there is nobody to tell.
    let _ = follower.run().await;
}

struct Follower {
    spec: LogSession,
    line: Line,
    reader: Reader,
    /// Whether the log ended the last time, and nothing has come since.
    paused: bool,
    /// How many lines are still wanted, where only the beginning is.
    wanted: Option<usize>,
    /// Whether nothing new begins at the other end.
    last: bool,
    /// Whether the application knows that the other end answers.
    open: bool,
    backoff: DefaultBackoff,
    pause: Duration,
}

impl Follower {
    async fn run(&mut self) -> Result<(), Closed> {
        loop {
            let follow = self.spec.follow && !self.spec.previous && self.wanted.is_none();
            let last = self.last;
            let end = self.part(self.spec.previous, follow).await?;
            let ended = match end {
                End::Enough => Some(None),
                End::Whole if !follow || last => Some(None),
                End::Whole => {
                    self.rest().await?;
                    None
                }
                End::Broken(trouble) => self.broke(trouble, follow).await?,
            };
            if let Some(why) = ended {
                return self.line.send(Chunk::Ended(why)).await;
            }
            if self.reader.last().is_some() && follow {
                // What the run before wrote while nobody listened. That there was none is no trouble.
                self.reader.rewind();
                let _ = self.part(true, false).await?;
            }
            self.reader.rewind();
        }
    }

    /// It broke: waits for the next try, or answers why there is none.
    async fn broke(&mut self, trouble: Trouble, follow: bool) -> Result<Option<Option<Trouble>>, Closed> {
        let gone = trouble.kind == TroubleKind::NotFound;
        // A log that is not followed is tried again where the connection is at fault, not the question.
        if gone || self.last || (!follow && !trouble.kind.is_connection()) {
            return Ok(Some(Some(trouble).filter(|_| !gone || self.reader.last().is_none())));
        }
        (self.open, self.paused) = (false, false);
        self.line.send(Chunk::Broken(trouble)).await?;
        let pause = self.backoff.next().unwrap_or(PAUSE.1).min(PAUSE.1);
        self.wait(pause).await?;
        Ok(None)
    }

    /// The container ended, or the server closed the log: waits until there may be more.
    async fn rest(&mut self) -> Result<(), Closed> {
        if !std::mem::replace(&mut self.paused, true) {
            self.line.send(Chunk::Paused).await?;
        }
        let pause = self.pause;
        self.pause = (pause * 2).min(PAUSE.1);
        self.wait(pause).await
    }

    /// Waits, unless the application knows of something new.
    async fn wait(&mut self, pause: Duration) -> Result<(), Closed> {
        match tokio::time::timeout(pause, self.line.fed.recv()).await {
            Err(_) => Ok(()),
            Ok(None) => Err(Closed),
            Ok(Some(feed)) => {
                self.heed(&feed);
                Ok(())
            }
        }
    }

    fn heed(&mut self, feed: &Feed) {
        match feed {
            Feed::Last => self.last = true,
            Feed::Again => self.pause = PAUSE.0,
            Feed::Data(_) | Feed::Resize(_) => {}
        }
    }

    /// Asks for the log of one run from where the last line was, and reads it to its end.
    async fn part(&mut self, previous: bool, follow: bool) -> Result<End, Closed> {
        let opened = match answer::get_as(&self.path(previous, follow), "*/*") {
            Ok(request) => answer::open(&self.line.connected, request).await,
            Err(trouble) => Err(trouble),
        };
        let body = match opened {
            Ok(body) => body,
            Err(trouble) => return Ok(End::Broken(trouble)),
        };
        let mut body = std::pin::pin!(body);
        let mut batch = Batch::default();
        if !self.paused {
            self.opened().await?;
        }
        loop {
            // Only waits with an empty hand: what has come is shown before more of it is waited for.
            let frame = match futures::FutureExt::now_or_never(body.frame()) {
                Some(frame) => frame,
                None => {
                    if self.hand_over(&mut batch).await? {
                        return Ok(End::Enough);
                    }
                    self.frame(&mut body).await
                }
            };
            match frame {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.reader.read(&data, &mut batch);
                    }
                    if batch.bytes() >= BATCH && self.hand_over(&mut batch).await? {
                        return Ok(End::Enough);
                    }
                }
                Some(Err(error)) => {
                    self.hand_over(&mut batch).await?;
                    return Ok(End::Broken(self.line.connected.trouble(&error)));
                }
                None => {
                    self.reader.finish(&mut batch);
                    let enough = self.hand_over(&mut batch).await?;
                    return Ok(if enough { End::Enough } else { End::Whole });
                }
            }
        }
    }

    /// The next frame of the body; what the application says meanwhile is heeded.
    async fn frame<B>(
        &mut self,
        body: &mut std::pin::Pin<&mut B>,
    ) -> Option<Result<http_body::Frame<B::Data>, B::Error>>
    where
        B: http_body::Body,
    {
        loop {
            tokio::select! {
                frame = body.frame() => return frame,
                Some(feed) = self.line.fed.recv() => self.heed(&feed),
            }
        }
    }

    /// Hands the lines to the application. Answers whether that is all that was wanted.
    async fn hand_over(&mut self, batch: &mut Batch) -> Result<bool, Closed> {
        if batch.is_empty() {
            return Ok(self.wanted == Some(0));
        }
        let mut lines = std::mem::take(batch);
        if let Some(wanted) = &mut self.wanted {
            lines.truncate(*wanted);
            *wanted -= lines.len();
        }
        Backoff::reset(&mut self.backoff);
        self.pause = PAUSE.0;
        self.opened().await?;
        self.line.send(Chunk::Log(lines)).await?;
        Ok(self.wanted == Some(0))
    }

    /// The other end answers: the application is told once.
    async fn opened(&mut self) -> Result<(), Closed> {
        let (was_open, was_paused) = (
            std::mem::replace(&mut self.open, true),
            std::mem::take(&mut self.paused),
        );
        let told = was_open && !was_paused;
        if told {
            Ok(())
        } else {
            self.line.send(Chunk::Open).await
        }
    }

    fn path(&self, previous: bool, follow: bool) -> String {
        let spec = &self.spec;
        let [namespace, pod, container] = [&spec.namespace, &spec.pod, &spec.container].map(|text| segment(text));
        let mut path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/log?container={container}&timestamps=true");
        if follow {
            path.push_str("&follow=true");
        }
        if previous {
            path.push_str("&previous=true");
        }
        let since = self.reader.last().map(stamp::time).or(spec.since);
        if let Some(since) = since {
            // In whole seconds, as the kubelet takes it.
            let seconds = crate::core::clock::Time::from_second(since.as_nanosecond().div_euclid(1_000_000_000) as i64);
            path.push_str(&format!(
                "&sinceTime={}",
                segment(&seconds.unwrap_or(since).to_string())
            ));
        }
        match spec.extent {
            Extent::Tail(lines) if self.reader.last().is_none() => path.push_str(&format!("&tailLines={lines}")),
            _ => {}
        }
        path
    }
}
