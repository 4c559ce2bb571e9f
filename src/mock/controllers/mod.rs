//! What keeps a cluster alive: small loops that look at what there is and do the next step towards what is wanted.
//!
//! Each controller is one file with one `tick`; all take the time from the cluster's clock, so that a test or the
//! making of demo data can let days pass in a moment.

mod autoscaler_metrics;
mod autoscalers;
mod budgets;
mod context;
mod cron;
mod cron_jobs;
mod daemon_sets;
mod deployments;
mod endpoint_slices;
mod garbage;
mod garbage_graph;
mod image;
mod image_data;
mod jobs;
mod kubelet;
mod kubelet_start;
mod kubelet_status;
mod load_balancers;
mod metrics;
mod namespaces;
mod node_health;
mod nodes;
mod pods;
mod preemption;
mod probes;
mod quotas;
mod recorder;
mod replica_sets;
mod rollout;
mod runtime;
mod scheduler;
mod scheduler_filters;
mod scheduler_scores;
mod scheduler_spread;
mod scheduler_view;
mod script;
mod shelf;
mod stateful_sets;
mod volumes;

use std::time::Duration;

use super::server::Api;
use context::Context;

pub use cron::Schedule;
pub use image::{Course, course, port as served_port};

/// How often the controllers look.
pub const PERIOD: Duration = Duration::from_millis(500);
/// How often one tick goes round at most while each round still changes something.
const ROUNDS: usize = 12;

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

    /// The same without a controller that gives addresses to services of type LoadBalancer.
    #[must_use]
    pub fn without_load_balancers(mut self) -> Self {
        self.context.balances = false;
        self
    }

    /// One look of each controller, and more as long as one finds something that another has changed.
    pub fn tick(&mut self) {
        let context = &mut self.context;
        cron_jobs::tick(context);
        autoscalers::tick(context);
        for _ in 0..ROUNDS {
            let before = context.api.store.version();
            namespaces::tick(context);
            quotas::tick(context);
            nodes::tick(context);
            jobs::tick(context);
            react(context);
            volumes::tick(context);
            scheduler::tick(context);
            kubelet::tick(context, react);
            load_balancers::tick(context);
            garbage::tick(context);
            if context.api.store.version() == before {
                break;
            }
        }
        metrics::tick(context);
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

/// What follows at once from a pod that has changed.
fn react(context: &mut Context) {
    replica_sets::tick(context);
    deployments::tick(context);
    stateful_sets::tick(context);
    daemon_sets::tick(context);
    endpoint_slices::tick(context);
    budgets::tick(context);
}
