//! Everything that belongs to one open context: its client, its watches, its calls, its sessions. Dropped, all of them end.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::call;
use super::client::{self, ClientOptions, Connected, ContextEntry, Environment, LoadedKubeconfig, PluginCache};
use super::discovery;
use super::machine::Message;
use super::session::Sessions;
use super::watch::{Reader, Watch};
use crate::core::event::{Event, TaskId, WatchId};
use crate::core::link::{Identity, LinkEvent};
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::session::{Feed, Session, SessionId};
use crate::core::store::Delta;
use crate::core::trouble::{Trouble, TroubleKind};
use crate::core::view::Shared;
use crate::core::watch::{Source, WatchSpec};
use crate::views::Context;

/// Opens contexts: what the flags, the environment and the kubeconfig say.
#[derive(Clone)]
pub struct Opener {
    /// The flags.
    pub options: ClientOptions,
    /// What the process was given besides.
    pub environment: Environment,
    /// Credentials of plugins, kept between connections.
    pub plugins: PluginCache,
    /// A kubeconfig that is in no file: the mock's.
    pub given: Option<LoadedKubeconfig>,
    /// The file that changes are written to, if any.
    pub audit: Option<PathBuf>,
}

/// A context that was opened, before it replaces the one before.
pub struct Opened {
    connected: Connected,
    contexts: Vec<ContextEntry>,
    version: Option<String>,
}

impl Opened {
    /// The context's name.
    pub fn context(&self) -> &str {
        &self.connected.context
    }
}

impl Opener {
    fn load(&self) -> Result<LoadedKubeconfig, Trouble> {
        if let Some(given) = &self.given {
            return Ok(given.clone());
        }
        client::load(&self.options, &self.environment).map_err(|error| error.trouble())
    }

    /// Opens the context that the flags name, or another. Nothing is sent yet.
    pub fn open(&self, context: Option<&str>) -> Result<Opened, Trouble> {
        let kubeconfig = self.load()?;
        let mut options = self.options.clone();
        if let Some(context) = context {
            // The flags spoke of the first context; another comes with its own cluster, user and namespace.
            options = ClientOptions {
                kubeconfig: options.kubeconfig,
                context: Some(context.to_string()),
                request_timeout: options.request_timeout,
                ..ClientOptions::default()
            };
        }
        let connected = client::connect(&options, &kubeconfig, &self.environment, &self.plugins)?;
        let contexts = client::entries(&kubeconfig.kubeconfig, &options);
        Ok(Opened {
            connected,
            contexts,
            version: None,
        })
    }

    /// The files that the kubeconfig is in; none where it is in no file.
    pub fn kubeconfig_files(&self) -> Option<Vec<PathBuf>> {
        let sources = client::kubeconfig::Sources::of(&self.options, &self.environment);
        self.given.is_none().then(|| sources.paths().to_vec())
    }

    /// The contexts that the kubeconfig has now.
    pub fn contexts(&self) -> Option<Vec<ContextEntry>> {
        let loaded = self.load().ok()?;
        Some(client::entries(&loaded.kubeconfig, &self.options))
    }

    /// Opens another context and asks it for its version, so that one which does not answer replaces nothing.
    pub async fn switch(self, context: String) -> Result<Opened, Trouble> {
        let opened = tokio::task::spawn_blocking(move || self.open(Some(&context))).await;
        let mut opened =
            opened.map_err(|_| Trouble::new(crate::core::trouble::TroubleKind::Other, "trouble.other"))??;
        opened.version = Some(call::version(&opened.connected).await?);
        Ok(opened)
    }
}

/// What ends with the connection.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Handle {
    Watch(WatchId),
    Task(TaskId),
    Version,
    Warnings,
    Discovery,
}

/// An open context.
pub struct Connection {
    connected: Arc<Connected>,
    contexts: Vec<ContextEntry>,
    messages: mpsc::Sender<Message>,
    running: HashMap<Handle, AbortHandle>,
    sessions: Sessions,
    listing: Vec<WatchId>,
    read_only: bool,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.running.values().for_each(AbortHandle::abort);
    }
}

impl Connection {
    /// Begins a connection: answers the event that tells the application, which is to be first.
    pub fn begin(opened: Opened, messages: mpsc::Sender<Message>, read_only: bool) -> (Self, Vec<Event>) {
        let mut connected = opened.connected;
        let entry = opened.contexts.iter().find(|entry| entry.name == connected.context);
        let identity = Identity {
            context: connected.context.clone(),
            cluster: connected.cluster.clone(),
            user: connected.impersonate.clone().unwrap_or_else(|| connected.user.clone()),
            namespace: entry
                .map(|entry| entry.namespace.clone())
                .filter(|namespace| !namespace.is_empty()),
            server: connected.server.clone(),
        };
        let (_, none) = mpsc::channel(1);
        let warnings = std::mem::replace(&mut connected.warnings, none);
        let running = HashMap::new();
        let mut connection = Self {
            connected: Arc::new(connected),
            contexts: opened.contexts,
            messages,
            running,
            sessions: Sessions::default(),
            listing: Vec::new(),
            read_only,
        };
        connection.warnings(warnings);
        connection.discover();
        let mut events = vec![Event::Link(LinkEvent::Opened(identity))];
        match opened.version {
            Some(version) => events.push(Event::Link(LinkEvent::Version(version))),
            None => connection.ask_version(),
        }
        (connection, events)
    }

    fn warnings(&mut self, mut warnings: mpsc::Receiver<String>) {
        let messages = self.messages.clone();
        let task = tokio::spawn(async move {
            while let Some(text) = warnings.recv().await {
                let _ = messages.send(Event::Link(LinkEvent::Warning(text)).into()).await;
            }
        });
        self.running.insert(Handle::Warnings, task.abort_handle());
    }

    /// Asks for the server's version until it answers.
    fn ask_version(&mut self) {
        let (connected, messages) = (self.connected.clone(), self.messages.clone());
        let task = tokio::spawn(async move {
            let mut backoff = kube::runtime::watcher::DefaultBackoff::default();
            loop {
                let event = match call::version(&connected).await {
                    Ok(version) => LinkEvent::Version(version),
                    Err(trouble) => LinkEvent::Lost(trouble),
                };
                let done = matches!(event, LinkEvent::Version(_));
                if messages.send(Event::Link(event).into()).await.is_err() || done {
                    return;
                }
                tokio::time::sleep(backoff.next().unwrap_or(std::time::Duration::from_secs(30))).await;
            }
        });
        self.running.insert(Handle::Version, task.abort_handle());
    }

    /// Asks what the server serves, in the background: known views do not wait for it.
    pub fn discover(&mut self) {
        let (connected, messages) = (self.connected.clone(), self.messages.clone());
        let task = tokio::spawn(async move {
            let found = discovery::discover(&connected).await;
            let _ = messages.send(Event::Link(LinkEvent::Discovered(found)).into()).await;
        });
        self.end(Handle::Discovery);
        self.running.insert(Handle::Discovery, task.abort_handle());
    }

    /// Opens a watch.
    pub fn watch(&mut self, id: WatchId, spec: WatchSpec) {
        let task = match spec.source {
            // The core has these rows itself.
            Source::Resources | Source::Joined => return,
            Source::Contexts => {
                self.listing.push(id);
                self.send_contexts(id)
            }
            Source::Cluster(_) => {
                let spec = Arc::new(spec);
                let watch = Watch {
                    connected: self.connected.clone(),
                    candidates: self.candidates().into(),
                    id,
                    reader: Arc::new(Reader::new(spec.clone())),
                    spec,
                    messages: self.messages.clone(),
                };
                tokio::spawn(watch.run())
            }
        };
        self.running.insert(Handle::Watch(id), task.abort_handle());
    }

    /// Shows other contexts wherever they are shown.
    pub fn show_contexts(&mut self, contexts: Vec<ContextEntry>) {
        self.contexts = contexts;
        for id in self.listing.clone() {
            let task = self.send_contexts(id);
            self.running.insert(Handle::Watch(id), task.abort_handle());
        }
    }

    fn send_contexts(&self, id: WatchId) -> tokio::task::JoinHandle<()> {
        let (deltas, messages) = (self.context_rows(), self.messages.clone());
        tokio::spawn(async move {
            let _ = messages.send(Event::Watch(id, deltas).into()).await;
        })
    }

    /// Closes a watch.
    pub fn unwatch(&mut self, id: WatchId) {
        self.listing.retain(|open| *open != id);
        self.end(Handle::Watch(id));
    }

    /// Makes a call.
    pub fn call(&mut self, id: TaskId, request: Request) {
        let (connected, messages, read_only) = (self.connected.clone(), self.messages.clone(), self.read_only);
        let task = tokio::spawn(async move {
            let outcome: Outcome = call::call(&connected, request, read_only).await;
            let _ = messages.send(Event::Done(id, outcome).into()).await;
        });
        self.running.insert(Handle::Task(id), task.abort_handle());
    }

    /// Tells when so many milliseconds have passed.
    pub fn wake(&mut self, id: TaskId, milliseconds: u64) {
        let messages = self.messages.clone();
        let task = tokio::spawn(async move {
            tokio::time::sleep(std::time::Duration::from_millis(milliseconds)).await;
            let _ = messages.send(Event::Done(id, Outcome::Rested).into()).await;
        });
        self.running.insert(Handle::Task(id), task.abort_handle());
    }

    /// Gives a call up.
    pub fn cancel(&mut self, id: TaskId) {
        self.end(Handle::Task(id));
    }

    /// A call is over.
    pub fn forget(&mut self, id: TaskId) {
        self.running.remove(&Handle::Task(id));
    }

    /// Opens a session. In read-only mode one that may change the cluster is refused before anything is sent.
    pub fn open(&mut self, id: SessionId, session: Session) {
        if self.read_only && session.mutates() {
            let why = Trouble::new(TroubleKind::ReadOnly, "trouble.readonly");
            return Sessions::refuse(id, why, &self.messages);
        }
        self.sessions.open(id, session, &self.connected, &self.messages);
    }

    /// Sends something into a session.
    pub fn send(&mut self, id: SessionId, feed: Feed) {
        self.sessions.send(id, feed);
    }

    /// Closes a session.
    pub fn close(&mut self, id: SessionId) {
        self.sessions.close(id);
    }

    fn end(&mut self, handle: Handle) {
        if let Some(task) = self.running.remove(&handle) {
            task.abort();
        }
    }

    /// The contexts as rows.
    fn context_rows(&self) -> Vec<Delta> {
        let rows = self.contexts.iter().map(|entry| {
            let mut context = Context {
                current: entry.name == self.connected.context,
                cluster: entry.cluster.clone(),
                server: entry.server.clone(),
                user: entry.user.clone(),
                namespace: entry.namespace.clone(),
                ..Context::default()
            };
            context.metadata.name = entry.name.as_str().into();
            context.metadata.uid = entry.name.as_str().into();
            Delta::Apply(Arc::new(context) as Shared)
        });
        std::iter::once(Delta::Listing(None))
            .chain(rows)
            .chain([Delta::Listed(None)])
            .collect()
    }

    /// The namespaces to try where not all may be listed: the context's own, and those of other contexts of the cluster.
    fn candidates(&self) -> Vec<String> {
        let same = self
            .contexts
            .iter()
            .filter(|entry| entry.cluster == self.connected.cluster);
        let mut names: Vec<String> = same.map(|entry| entry.namespace.clone()).collect();
        names.push(self.connected.namespace.clone());
        names.retain(|name| !name.is_empty());
        names
    }
}
