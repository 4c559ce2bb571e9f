//! What each kind that runs pods tells of itself.

use std::any::Any;

use super::super::common::ratio;
use super::tally;
use crate::core::extended::inner;
use crate::core::view::{Object, SortKey};
use crate::model::{
    CronJob, DaemonSet, Deployment, Health, Job, Pod, Projection, ReplicaSet, ReplicationController, StatefulSet,
};

/// What runs pods, or is one.
pub trait Runs: Object {
    /// Its kind.
    fn kind_name(&self) -> &'static str;
    /// How many pods are ready, and how many there should be.
    fn ready(&self) -> (i32, i32);
    /// The READY cell.
    fn ready_text(&self) -> String {
        let (ready, desired) = self.ready();
        format!("{ready}/{desired}")
    }
    /// What READY sorts by.
    fn ready_key(&self) -> SortKey {
        let (ready, desired) = self.ready();
        if desired == 0 {
            SortKey::Number(1.0)
        } else {
            ratio(ready, desired)
        }
    }
    /// The images, joined by commas.
    fn images(&self) -> &str;
    /// How often its own containers were restarted: a pod's.
    fn restarts(&self) -> u64 {
        0
    }
    /// What is wrong with it by its own account.
    fn problem(&self) -> Option<&str> {
        None
    }
    /// Whether it should have more pods than it has, by its own account: only then does it matter that it could not make one.
    fn lacks_pods(&self) -> bool {
        false
    }
    /// How it fares, where nothing is wrong.
    fn state(&self) -> &str {
        match self.health() {
            _ if self.meta().deleting.is_some() => "Terminating",
            Health::Good => "Running",
            Health::Neutral => "Scaled to 0",
            Health::Busy | Health::Warn | Health::Bad => "Progressing",
        }
    }
}

/// What a row of any feed tells.
pub fn runs(row: &dyn Object) -> Option<&dyn Runs> {
    fn of<K: Runs>(row: &dyn Object) -> Option<&dyn Runs> {
        (inner(row) as &dyn Any).downcast_ref::<K>().map(|row| row as &dyn Runs)
    }
    let all = [
        of::<Pod>,
        of::<Deployment>,
        of::<StatefulSet>,
        of::<DaemonSet>,
        of::<Job>,
        of::<CronJob>,
        of::<ReplicaSet>,
        of::<ReplicationController>,
    ];
    all.into_iter().find_map(|of| of(row))
}

impl Runs for Deployment {
    fn kind_name(&self) -> &'static str {
        Self::KIND
    }

    fn ready(&self) -> (i32, i32) {
        (Deployment::ready(self), self.desired())
    }

    fn images(&self) -> &str {
        self.containers().images()
    }

    fn problem(&self) -> Option<&str> {
        Deployment::problem(self)
    }

    fn state(&self) -> &str {
        match Projection::health(self) {
            _ if Projection::meta(self).deleting.is_some() => "Terminating",
            _ if self.paused() => "Paused",
            Health::Good => "Running",
            Health::Neutral => "Scaled to 0",
            _ => "Progressing",
        }
    }
}

/// Kinds with fields for how many are ready and wanted.
macro_rules! counted {
    ($($kind:ident $($problem:ident)?;)*) => {
        $(
            impl Runs for $kind {
                fn kind_name(&self) -> &'static str {
                    Self::KIND
                }

                fn ready(&self) -> (i32, i32) {
                    (self.ready, self.desired)
                }

                fn images(&self) -> &str {
                    self.containers.images()
                }

                fn lacks_pods(&self) -> bool {
                    self.current < self.desired
                }

                $(
                    fn problem(&self) -> Option<&str> {
                        self.$problem.as_deref()
                    }
                )?
            }
        )*
    };
}

counted! {
    StatefulSet;
    ReplicaSet problem;
    ReplicationController problem;
}

impl Runs for DaemonSet {
    fn kind_name(&self) -> &'static str {
        Self::KIND
    }

    fn ready(&self) -> (i32, i32) {
        (self.ready, self.desired)
    }

    fn images(&self) -> &str {
        self.containers.images()
    }

    fn lacks_pods(&self) -> bool {
        self.current < self.desired
    }

    fn state(&self) -> &str {
        match Projection::health(self) {
            _ if Projection::meta(self).deleting.is_some() => "Terminating",
            Health::Good => "Running",
            Health::Neutral => "No node matches",
            _ => "Progressing",
        }
    }
}

impl Runs for Job {
    fn kind_name(&self) -> &'static str {
        Self::KIND
    }

    fn ready(&self) -> (i32, i32) {
        (self.succeeded, self.completions.unwrap_or(1))
    }

    /// What counts of a job is how many pods were done.
    fn ready_text(&self) -> String {
        self.completions_text()
    }

    fn images(&self) -> &str {
        self.containers.images()
    }

    fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    fn lacks_pods(&self) -> bool {
        Job::lacks_pods(self)
    }

    fn state(&self) -> &str {
        &self.status
    }
}

impl Runs for CronJob {
    fn kind_name(&self) -> &'static str {
        Self::KIND
    }

    fn ready(&self) -> (i32, i32) {
        (0, 0)
    }

    /// Nobody waits for its pods.
    fn ready_text(&self) -> String {
        "-".to_owned()
    }

    fn images(&self) -> &str {
        self.containers.images()
    }

    /// What it makes are jobs, and it is always about to make the next one.
    fn lacks_pods(&self) -> bool {
        !self.suspended
    }

    fn state(&self) -> &str {
        match () {
            () if Projection::meta(self).deleting.is_some() => "Terminating",
            () if self.active > 0 => "Active",
            () if self.suspended => "Suspended",
            () => "Scheduled",
        }
    }
}

impl Runs for Pod {
    fn kind_name(&self) -> &'static str {
        Self::KIND
    }

    fn ready(&self) -> (i32, i32) {
        let (ready, containers) = Pod::ready(self);
        (ready.into(), containers.into())
    }

    fn images(&self) -> &str {
        Pod::images(self)
    }

    fn restarts(&self) -> u64 {
        Pod::restarts(self).into()
    }

    fn state(&self) -> &str {
        tally::problem(self).unwrap_or(self.status())
    }
}
