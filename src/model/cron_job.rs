//! CronJobs: what `printCronJob` in Kubernetes' printers.go tells of them.

use jiff::Timestamp;

use super::containers::TemplateWire;
use super::decode::{List, wire};
use super::{Containers, Health, Istr, LabelSelector, Meta, Projection, age};

/// A CronJob's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "CronJobWire")]
pub struct CronJob {
    meta: Meta,
    /// The SCHEDULE cell.
    pub schedule: Istr,
    /// The time zone of the schedule; the controller's own without one.
    pub time_zone: Option<Istr>,
    /// Whether no Jobs are started.
    pub suspended: bool,
    /// The ACTIVE cell: how many of its Jobs run.
    pub active: u32,
    /// When a Job was last started.
    pub last_schedule: Option<Timestamp>,
    /// The template's containers.
    pub containers: Containers,
    /// The selector that its Jobs are given, which few are.
    pub selector: LabelSelector,
}

impl CronJob {
    /// The TIMEZONE cell.
    pub fn time_zone_text(&self) -> &str {
        self.time_zone.as_deref().unwrap_or("<none>")
    }

    /// The SUSPEND cell.
    pub fn suspend_text(&self) -> &'static str {
        if self.suspended { "True" } else { "False" }
    }

    /// The LAST SCHEDULE cell.
    pub fn last_schedule_text(&self, now: Timestamp) -> String {
        self.last_schedule
            .map_or_else(|| "<none>".to_owned(), |time| age::since(Some(time), now))
    }
}

impl Projection for CronJob {
    const KIND: &'static str = "CronJob";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        if self.active > 0 { Health::Busy } else { Health::Neutral }
    }
}

wire! {
    struct CronJobWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        schedule: Istr,
        time_zone: Option<Istr>,
        suspend: bool,
        job_template: JobTemplateWire,
    }

    struct JobTemplateWire {
        spec: JobSpecWire,
    }

    struct JobSpecWire {
        selector: LabelSelector,
        template: TemplateWire,
    }

    struct StatusWire {
        active: List<ActiveWire>,
        last_schedule_time: Option<Timestamp>,
    }

    struct ActiveWire {}
}

impl From<CronJobWire> for CronJob {
    fn from(wire: CronJobWire) -> Self {
        let job = wire.spec.job_template.spec;
        Self {
            meta: wire.metadata,
            schedule: wire.spec.schedule,
            time_zone: wire.spec.time_zone,
            suspended: wire.spec.suspend,
            active: u32::try_from(wire.status.active.len()).unwrap_or(u32::MAX),
            last_schedule: wire.status.last_schedule_time,
            containers: job.template.containers(),
            selector: job.selector,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::corpus;

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("cronjob", |job: &CronJob, now| {
            vec![
                job.meta().name.to_string(),
                job.schedule.to_string(),
                job.time_zone_text().to_owned(),
                job.suspend_text().to_owned(),
                job.active.to_string(),
                job.last_schedule_text(now),
                job.meta().age_text(now),
                job.containers.names().to_owned(),
                job.containers.images().to_owned(),
                job.selector.format(),
            ]
        });
    }
}
