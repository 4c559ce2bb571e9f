//! A person's home with a kubeconfig in it, and konn started there.

use std::path::{Path, PathBuf};

use konn::mock::{Mock, Running};
use portable_pty::CommandBuilder;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::support;
use crate::terminal::Terminal;

/// A mock cluster on threads of its own, so that all its connections end with it.
pub struct Cluster {
    pub running: Running,
    runtime: Option<Runtime>,
}

impl Cluster {
    /// A cluster with the pods web-0, web-1 and web-2 in the namespace shop.
    pub fn new() -> Self {
        let cluster = Self::start(support::cluster());
        for at in 0..3 {
            cluster.plant(support::pod("shop", &format!("web-{at}")));
        }
        cluster
    }

    /// One in which nobody has made anything yet.
    pub fn empty() -> Self {
        Self::start(async { Mock::builder().start("127.0.0.1:0").await.unwrap() })
    }

    fn start(running: impl Future<Output = Running>) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let running = runtime.block_on(running);
        Self {
            running,
            runtime: Some(runtime),
        }
    }

    pub fn plant(&self, object: Value) {
        support::plant(&self.running, object);
    }

    /// Where it listens, as `address:port`.
    pub fn address(&self) -> String {
        self.running.url().trim_start_matches("http://").to_string()
    }

    /// Ends it with all its connections.
    pub fn stop(mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(std::time::Duration::from_secs(60));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A home folder.
pub struct Home(tempfile::TempDir);

impl Home {
    /// One whose kubeconfig is this text.
    pub fn new(kubeconfig: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(home.path().join(".kube")).unwrap();
        std::fs::write(home.kubeconfig(), kubeconfig).unwrap();
        home
    }

    /// One whose kubeconfig is the cluster's.
    pub fn of(cluster: &Cluster) -> Self {
        Self::new(&cluster.running.kubeconfig())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn kubeconfig(&self) -> PathBuf {
        self.path().join(".kube").join("config")
    }

    /// The command line of konn in this home, with nothing of the machine's environment but the path.
    pub fn command(&self, args: &[&str]) -> CommandBuilder {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_konn"));
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.path());
        command.env("LC_ALL", "C");
        for name in ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"] {
            command.env(name, self.path().join(name));
        }
        command.args(args);
        command.cwd(self.path());
        command
    }

    /// konn in a terminal of 120x40.
    pub fn konn(&self, args: &[&str]) -> Terminal {
        Terminal::run(self.command(args), (120, 40))
    }
}

/// konn on the pods of shop, which are there.
pub fn pods() -> (Cluster, Home, Terminal) {
    let cluster = Cluster::new();
    let home = Home::of(&cluster);
    let konn = home.konn(&["-n", "shop"]);
    konn.shows("web-2");
    konn.shows("● live");
    (cluster, home, konn)
}
