//! `konn mock`, and the cluster behind `--demo`.

use kube::config::Kubeconfig;

use super::args::{Args, MockArgs};
use super::start::{Start, refused, runtime};
use super::{Failure, output, why};
use crate::mock::{Mock, Running};
use crate::runtime::client::LoadedKubeconfig;
use crate::runtime::connection::Opener;
use crate::runtime::leave::Leave;

/// Starts the demo cluster inside this process and points the opener at it. It lives as long as the answer.
pub async fn demo(opener: &mut Opener) -> Result<Running, Failure> {
    let running = Mock::builder().start("127.0.0.1:0").await.map_err(|error| Failure(error.to_string()))?;
    let kubeconfig = Kubeconfig::from_yaml(&running.kubeconfig()).map_err(|error| Failure(error.to_string()))?;
    opener.given = Some(LoadedKubeconfig { kubeconfig, files: Vec::new(), in_cluster: false });
    Ok(running)
}

/// Serves until it is asked to leave.
pub fn run(args: &Args, mock: &MockArgs) -> Result<(), Failure> {
    let lang = Start::new(args)?.lang();
    runtime(&lang)?.block_on(async {
        let mut leave = Leave::listen().map_err(|error| refused(&lang, &error))?;
        let running = Mock::builder().start(&mock.listen.to_string()).await.map_err(|error| Failure(error.to_string()))?;
        if let Some(path) = &args.cluster.kubeconfig {
            std::fs::write(path, running.kubeconfig()).map_err(|error| {
                let (path, why) = (path.display().to_string(), why(&error));
                Failure(lang.f("cli.unwritable", &[("path", &path), ("why", &why)]))
            })?;
        }
        output::write(format!("{}\n", running.url()).as_bytes())?;
        leave.asked().await;
        Ok(())
    })
}
