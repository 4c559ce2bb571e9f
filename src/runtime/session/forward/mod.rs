//! A forward: a port here that leads to a pod, to the next one when that goes, and carries each connection by itself.

mod carry;
mod find;
mod wire;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use self::carry::{Counters, Way, carry};
use self::find::{Found, find, gone};
use super::{Closed, Line};
use crate::core::forward::{ForwardNews, ForwardSession, Traffic};
use crate::core::session::Chunk;
use crate::core::trouble::{Trouble, TroubleKind};

/// How many connections are carried at once: each is one to the API server too. More wait to be taken.
const MOST: usize = 256;

/// How often it is told what went through.
const TOLD: Duration = Duration::from_millis(250);

/// How long is waited at first, and at most, before another pod is looked for again.
const PAUSE: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// Forwards until nobody wants it any more, or it cannot even begin.
pub(super) async fn run(spec: ForwardSession, line: Line) {
    if let Err(trouble) = begin(spec, &line).await {
        // Where nobody takes it any more there is nobody to tell.
        let _ = line.send(Chunk::Ended(Some(trouble))).await;
    }
}

async fn begin(spec: ForwardSession, line: &Line) -> Result<(), Trouble> {
    let found = find(&line.connected, &spec.to, &spec.remote).await?;
    let listener = listen(&spec).await?;
    let port = listener
        .local_addr()
        .map(|address| address.port())
        .unwrap_or(spec.local);
    let forwarder = Forwarder {
        spec,
        line,
        listener,
        found: None,
        connections: JoinSet::new(),
        counters: Arc::default(),
        total: 0,
        told: Traffic::default(),
    };
    // Closed: nobody wants it any more.
    let _ = forwarder.run(found, port).await;
    Ok(())
}

/// Listens at the port that is wanted, else at one that is free.
async fn listen(spec: &ForwardSession) -> Result<TcpListener, Trouble> {
    let host = if spec.address == "localhost" {
        "127.0.0.1"
    } else {
        &spec.address
    };
    let failed = |error: &dyn ToString| {
        Trouble::new(TroubleKind::Other, "trouble.forward_listen")
            .with("address", &spec.address)
            .with("port", spec.local.to_string())
            .saying(error.to_string())
    };
    let address: IpAddr = host.parse().map_err(|error| failed(&error))?;
    match TcpListener::bind(SocketAddr::new(address, spec.local)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind(SocketAddr::new(address, 0))
            .await
            .map_err(|error| failed(&error)),
    }
}

struct Forwarder<'a> {
    spec: ForwardSession,
    line: &'a Line,
    listener: TcpListener,
    found: Option<Found>,
    connections: JoinSet<Result<(), Trouble>>,
    counters: Arc<Counters>,
    total: u64,
    told: Traffic,
}

impl Forwarder<'_> {
    async fn news(&self, news: ForwardNews) -> Result<(), Closed> {
        self.line.send(Chunk::Forward(news)).await
    }

    async fn run(mut self, first: Found, port: u16) -> Result<(), Closed> {
        self.news(ForwardNews::Listening(port)).await?;
        let mut next = first;
        loop {
            self.news(ForwardNews::Pod(next.pod.clone(), next.port)).await?;
            self.found = Some(next.clone());
            self.serve(&next).await?;
            self.found = None;
            self.news(ForwardNews::Lost(None)).await?;
            next = self.search(&next).await?;
        }
    }

    /// Takes connections until the pod goes.
    async fn serve(&mut self, found: &Found) -> Result<(), Closed> {
        let connected = self.line.connected.clone();
        let namespace = self.spec.to.namespace.clone().unwrap_or_default();
        let mut gone = std::pin::pin!(gone(&connected, &namespace, found));
        let mut telling = tokio::time::interval(TOLD);
        loop {
            tokio::select! {
                () = &mut gone => return Ok(()),
                accepted = self.listener.accept(), if self.connections.len() < MOST => match accepted {
                    Ok((local, _)) => self.take(local, found),
                    // Too many open files: those that are open will end.
                    Err(_) => tokio::time::sleep(TOLD).await,
                },
                Some(ended) = self.connections.join_next() => self.ended(ended).await?,
                _ = telling.tick() => self.tell().await?,
            }
        }
    }

    fn take(&mut self, local: TcpStream, found: &Found) {
        // Without it small answers wait for each other.
        local.set_nodelay(true).ok();
        self.total += 1;
        self.connections.spawn(carry(
            local,
            Way {
                connected: self.line.connected.clone(),
                namespace: self.spec.to.namespace.clone().unwrap_or_default(),
                pod: found.pod.clone(),
                port: found.port,
                counters: self.counters.clone(),
            },
        ));
    }

    async fn ended(&self, ended: Result<Result<(), Trouble>, tokio::task::JoinError>) -> Result<(), Closed> {
        match ended {
            Ok(Err(trouble)) => self.news(ForwardNews::Refused(trouble)).await,
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }

    async fn tell(&mut self) -> Result<(), Closed> {
        let now = self.counters.traffic(self.connections.len() as u64, self.total);
        if now == self.told {
            return Ok(());
        }
        self.told = now;
        self.news(ForwardNews::Traffic(now)).await
    }

    /// Looks for another pod until there is one: of what was named first, else of the workload that the pod was of.
    async fn search(&mut self, last: &Found) -> Result<Found, Closed> {
        let mut pause = PAUSE.0;
        let mut said = None;
        loop {
            let mut found = find(&self.line.connected, &self.spec.to, &self.spec.remote).await;
            if let (Err(_), Some(heir)) = (&found, &last.heir) {
                found = find(&self.line.connected, heir, &last.port.to_string()).await;
            }
            match found {
                Ok(found) => {
                    let heir = found.heir.clone().or_else(|| last.heir.clone());
                    return Ok(Found { heir, ..found });
                }
                Err(trouble) if said.as_ref() != Some(&trouble) => {
                    said = Some(trouble.clone());
                    self.news(ForwardNews::Lost(Some(trouble))).await?;
                }
                Err(_) => {}
            }
            self.rest(pause).await?;
            pause = (pause * 2).min(PAUSE.1);
        }
    }

    /// Waits; connections that are open go on meanwhile.
    async fn rest(&mut self, pause: Duration) -> Result<(), Closed> {
        tokio::time::sleep(pause).await;
        // What broke because the pod went was said by that.
        while self.connections.try_join_next().is_some() {}
        self.tell().await
    }
}
