//! `konn mock`, and the cluster behind `--demo`.

use kube::config::Kubeconfig;

use super::args::{Args, MockArgs};
use super::start::{Start, refused, runtime};
use super::{Failure, output};
use crate::core::clock::Time;
use crate::mock::clock::Clock;
use crate::mock::{self, Load, Mock, MockError, Options, Running};
use crate::runtime::client::LoadedKubeconfig;
use crate::runtime::connection::Opener;
use crate::runtime::leave::Leave;

/// Starts the demo cluster inside this process and points the opener at it. It lives as long as the answer. `at` stops
/// its clock, so that the same pictures come out of it each time.
pub async fn demo(opener: &mut Opener, at: Option<Time>) -> Result<Running, Failure> {
    let clock = at.map_or_else(Clock::real, Clock::standing);
    let demo = Mock::builder().clock(clock).demo(true).start("127.0.0.1:0");
    let running = demo.await.map_err(|error| Failure(error.to_string()))?;
    let kubeconfig = Kubeconfig::from_yaml(&running.kubeconfig()).map_err(|error| Failure(error.to_string()))?;
    opener.given = Some(LoadedKubeconfig {
        kubeconfig,
        files: Vec::new(),
        in_cluster: false,
    });
    Ok(running)
}

/// The demo cluster, unless load is asked for instead; both with `--demo`.
fn options(args: &Args, mock: &MockArgs) -> Options {
    let load = Load {
        nodes: mock.nodes,
        namespaces: mock.namespaces,
        pods: mock.pods,
        pod_bytes: mock.pod_bytes,
    };
    Options {
        listen: mock.listen.to_string(),
        kubeconfig: args.cluster.kubeconfig.clone(),
        demo: args.own.demo || (load.nodes, load.namespaces, load.pods) == (0, 0, 0),
        load,
        churn: mock.churn,
        faults: mock.fault.clone(),
    }
}

/// Serves until it is asked to leave.
pub fn run(args: &Args, asked: &MockArgs) -> Result<(), Failure> {
    let lang = Start::new(args)?.lang();
    runtime(&lang)?.block_on(async {
        let mut leave = Leave::listen().map_err(|error| refused(&lang, &error))?;
        let running = mock::start(&options(args, asked)).await.map_err(|error| match error {
            MockError::Kubeconfig { path, source } => {
                Failure(lang.f("cli.unwritable", &[("path", &path), ("why", &source.to_string())]))
            }
            error => Failure(error.to_string()),
        })?;
        output::write(format!("{}\n", running.url()).as_bytes())?;
        leave.asked().await;
        Ok(())
    })
}
