//! The log: only where `KONN_LOG` asks for one, and then to a file, never to the screen.

use std::fs::{OpenOptions, create_dir_all};

use tracing_subscriber::EnvFilter;

use crate::runtime::client::paths::Folders;

/// Begins the log where `KONN_LOG` holds a filter such as `debug`. kube is held at `warn`: what it logs below that can
/// hold whole answers, and so secrets.
pub fn begin(folders: Option<&Folders>) {
    let (Ok(filter), Some(folders)) = (std::env::var("KONN_LOG"), folders) else {
        return;
    };
    let capped = format!("{filter},kube_client=warn,kube=warn,hyper=warn,hyper_util=warn");
    let Ok(filter) = EnvFilter::try_new(capped) else { return };
    if create_dir_all(&folders.log).is_err() {
        return;
    }
    let Ok(file) = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folders.log.join("konn.log"))
    else {
        return;
    };
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(file)
        .with_ansi(false)
        .try_init();
}
