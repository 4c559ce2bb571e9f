//! A mock cluster that serves on an address until it is dropped.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::bootstrap::bootstrap;
use super::clock::Clock;
use super::controllers::Controllers;
use super::demo::{Churn, Load, churn, grow, plant_load};
use super::server::{Api, handle};

/// Why the mock could not serve.
#[derive(Debug, Error)]
pub enum MockError {
    /// The address cannot be listened on.
    #[error("{address} cannot be listened on: {source}. Choose another address, or port 0 for any free one.")]
    Listen {
        /// The address asked for.
        address: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The kubeconfig cannot be written.
    #[error("cannot write the kubeconfig {path}: {source}; choose a folder that exists and can be written to")]
    Kubeconfig {
        /// The path asked for.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// What a mock cluster shall be before it starts.
#[derive(Clone, Debug)]
pub struct Builder {
    api: Api,
    demo: bool,
    controllers: bool,
    load: Load,
    churn: Churn,
}

/// The mock API server.
#[derive(Clone, Copy, Debug)]
pub struct Mock;

impl Mock {
    /// A cluster with nothing but the namespaces that every cluster has, on the machine's clock.
    #[must_use]
    pub fn builder() -> Builder {
        let api = Api::new(Clock::real(), 1);
        Builder {
            api,
            demo: false,
            controllers: false,
            load: Load::default(),
            churn: Churn::default(),
        }
    }
}

impl Builder {
    /// Takes time from another clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.api.clock = clock;
        self
    }

    /// Fills the cluster with the demo and keeps it alive.
    #[must_use]
    pub fn demo(mut self, demo: bool) -> Self {
        self.demo = demo;
        self
    }

    /// Keeps the cluster alive by controllers: workloads get pods, pods get nodes and run. A demo has them anyway.
    #[must_use]
    pub fn controllers(mut self, controllers: bool) -> Self {
        self.controllers = controllers;
        self
    }

    /// Adds generated load.
    #[must_use]
    pub fn load(mut self, load: Load) -> Self {
        self.load = load;
        self
    }

    /// Adds so many nodes.
    #[must_use]
    pub fn nodes(mut self, nodes: usize) -> Self {
        self.load.nodes = nodes;
        self
    }

    /// Changes pods of the load so many times a second.
    #[must_use]
    pub fn churn(mut self, rate: f64) -> Self {
        self.churn = Churn { rate };
        self
    }

    /// Fills the cluster; the controllers that go on, if any.
    fn fill(&self) -> Option<Controllers> {
        let grown = self.demo.then(|| grow(&self.api));
        bootstrap(&self.api);
        plant_load(&self.api, &self.load);
        grown.or_else(|| self.controllers.then(|| Controllers::new(self.api.clone())))
    }

    /// The cluster, to fill it before it serves.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Serves on an address such as `127.0.0.1:0`.
    ///
    /// # Errors
    /// [`MockError::Listen`].
    pub async fn start(self, address: &str) -> Result<Running, MockError> {
        let failed = |source| MockError::Listen {
            address: address.to_owned(),
            source,
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let local = listener.local_addr().map_err(failed)?;
        // Days of the demo's past are computed: not on a thread that others wait for.
        let filler = self.clone();
        let controllers = tokio::task::spawn_blocking(move || filler.fill())
            .await
            .unwrap_or_default();
        let stop = CancellationToken::new();
        self.background(controllers, &stop);
        let app = Router::new().fallback(handle).with_state(self.api.clone());
        let stopped = stop.clone();
        tokio::spawn(async move {
            // Dropping the server ends its listener; the connections end with their own tasks below.
            tokio::select! {
                _ = axum::serve(listener, app) => {}
                () = stopped.cancelled() => {}
            }
        });
        Ok(Running {
            api: self.api,
            address: local,
            stop: stop.drop_guard(),
        })
    }

    /// What moves the cluster while it serves.
    fn background(&self, controllers: Option<Controllers>, stop: &CancellationToken) {
        let stopped = stop.clone();
        let moving = churn(self.api.clone(), self.load, self.churn);
        tokio::spawn(async move { stopped.run_until_cancelled(moving).await });
        if let Some(controllers) = controllers {
            let stopped = stop.clone();
            tokio::spawn(async move { stopped.run_until_cancelled(controllers.run()).await });
        }
    }
}

/// A mock cluster that serves. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    /// The cluster behind the server: its store, clock, users and faults.
    pub api: Api,
    address: SocketAddr,
    stop: DropGuard,
}

impl Running {
    /// Where it serves, `http://127.0.0.1:12345`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A kubeconfig with a context for each user: `mock` (admin), `mock-dev` and `mock-viewer`.
    ///
    /// The servers' paths name the user too, for kubectl sends no token without TLS.
    #[must_use]
    pub fn kubeconfig(&self) -> String {
        let users = [
            ("mock", "admin", "default"),
            ("mock-dev", "dev", "shop"),
            ("mock-viewer", "viewer", "default"),
        ];
        let url = self.url();
        let cluster = |(name, user, _): &(&str, &str, &str)| {
            format!("- name: {name}\n  cluster: {{server: \"{url}/as/{user}\"}}\n")
        };
        let context = |(name, user, namespace): &(&str, &str, &str)| {
            format!("- name: {name}\n  context: {{cluster: {name}, user: {user}, namespace: {namespace}}}\n")
        };
        let user = |(_, user, _): &(&str, &str, &str)| format!("- name: {user}\n  user: {{token: {user}-token}}\n");
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: mock\nclusters:\n{}contexts:\n{}users:\n{}",
            users.iter().map(cluster).collect::<String>(),
            users.iter().map(context).collect::<String>(),
            users.iter().map(user).collect::<String>(),
        )
    }

    /// Stops serving, and lets what is under way end for a moment.
    pub async fn stop(self) {
        drop(self.stop);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
