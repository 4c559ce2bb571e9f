//! What a shell runs on: the pod, its time, its terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};

use serde_json::Value;
use tokio::sync::Notify;

use crate::mock::clock::Clock;
use crate::mock::files::Image;

/// The terminal at the other end of the connection.
#[derive(Debug)]
pub struct Terminal {
    columns: AtomicU16,
    rows: AtomicU16,
    /// Rung by Ctrl-C.
    pub interrupt: Notify,
    raw: AtomicBool,
    echo: AtomicBool,
}

impl Default for Terminal {
    fn default() -> Self {
        Self {
            columns: AtomicU16::new(0),
            rows: AtomicU16::new(0),
            interrupt: Notify::new(),
            raw: AtomicBool::new(false),
            echo: AtomicBool::new(true),
        }
    }
}

impl Terminal {
    /// Columns and rows; zero until the client has told.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        (self.columns.load(Ordering::SeqCst), self.rows.load(Ordering::SeqCst))
    }

    /// The client's window has another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        self.columns.store(columns, Ordering::SeqCst);
        self.rows.store(rows, Ordering::SeqCst);
    }

    /// `stty raw` and `stty -raw`: whether keys pass as they are.
    pub fn set_raw(&self, raw: bool) {
        self.raw.store(raw, Ordering::SeqCst);
    }

    /// `stty echo` and `stty -echo`.
    pub fn set_echo(&self, echo: bool) {
        self.echo.store(echo, Ordering::SeqCst);
    }

    /// Whether keys pass as they are.
    #[must_use]
    pub fn is_raw(&self) -> bool {
        self.raw.load(Ordering::SeqCst)
    }

    /// Whether what is typed is shown.
    #[must_use]
    pub fn echoes(&self) -> bool {
        self.echo.load(Ordering::SeqCst) && !self.is_raw()
    }
}

/// The container that a shell runs in.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The pod.
    pub pod: Value,
    /// The container's part of its spec.
    pub container: Value,
    /// The container's image.
    pub image: &'static Image,
    /// The cluster's time.
    pub clock: Clock,
    /// The terminal, if the client has one.
    pub terminal: Option<Arc<Terminal>>,
}

impl Machine {
    /// The host's name.
    #[must_use]
    pub fn host(&self) -> &str {
        let named = self.pod["spec"]["hostname"].as_str();
        named
            .or_else(|| self.pod["metadata"]["name"].as_str())
            .unwrap_or_default()
    }

    /// The command of the container's main process.
    #[must_use]
    pub fn main(&self) -> String {
        let words = ["command", "args"]
            .iter()
            .flat_map(|field| self.container[*field].as_array().into_iter().flatten());
        let words: Vec<&str> = words.filter_map(Value::as_str).collect();
        match words.is_empty() {
            false => words.join(" "),
            true if self.image.name == "nginx" => "nginx: master process nginx -g daemon off;".to_owned(),
            true if self.image.name.is_empty() || !self.image.debian() => "sh".to_owned(),
            true => self.image.name.clone(),
        }
    }
}
