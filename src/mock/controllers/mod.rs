//! What keeps a cluster alive: small loops that look at what there is and do the next step towards what is wanted.
//!
//! Each controller is one file with one `tick`; all take the time from the cluster's clock, so that a test or the
//! making of demo data can let days pass in a moment.

mod budgets;
mod context;
mod cron;
mod cron_jobs;
mod daemon_sets;
mod deployments;
mod endpoint_slices;
mod garbage;
mod image;
mod jobs;
mod kubelet;
mod kubelet_run;
mod metrics;
mod namespaces;
mod nodes;
mod pods;
mod quotas;
mod recorder;
mod replica_sets;
mod rollout;
mod scheduler;
mod stateful_sets;
mod volumes;

use std::time::Duration;

use super::server::Api;
use context::Context;

pub use cron::Schedule;
pub use image::{Course, course, port as served_port};

/// How often the controllers look.
pub const PERIOD: Duration = Duration::from_secs(1);

/// All controllers of a cluster.
#[derive(Debug)]
pub struct Controllers {
    context: Context,
}

impl Controllers {
    /// The controllers of a cluster, before their first look.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self {
            context: Context::new(api),
        }
    }

    /// One look and step of each controller.
    pub fn tick(&mut self) {
        let context = &mut self.context;
        namespaces::tick(context);
        quotas::tick(context);
        cron_jobs::tick(context);
        jobs::tick(context);
        deployments::tick(context);
        replica_sets::tick(context);
        stateful_sets::tick(context);
        daemon_sets::tick(context);
        volumes::tick(context);
        scheduler::tick(context);
        kubelet::tick(context);
        nodes::tick(context);
        endpoint_slices::tick(context);
        budgets::tick(context);
        metrics::tick(context);
        garbage::tick(context);
    }

    /// The cluster's clock from now on.
    pub fn set_clock(&mut self, clock: super::clock::Clock) {
        self.context.api.clock = clock;
    }

    /// Ticks for ever.
    pub async fn run(mut self) {
        loop {
            self.tick();
            self.context.api.clock.sleep(PERIOD).await;
        }
    }
}
