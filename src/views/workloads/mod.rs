//! Workloads: everything that runs pods, in one table. A row is a controller that no other one of these owns, or a pod that
//! none of them does; verbs work on the object itself.

use std::any::Any;
use std::borrow::Cow;

mod failures;
mod join;
mod row;
mod runs;
mod tally;

use self::join::Workloads;
use self::row::Workload;
use super::common::{age, column, key, name, text, tone};
use super::{cronjobs, daemonsets, deployments, events, jobs, pods, replicasets, replicationcontrollers, statefulsets};
use crate::core::columns::Besides;
use crate::core::extended::plain;
use crate::core::join::{Feed, Joined, Joining};
use crate::core::resource::Resource;
use crate::core::text::Tone;
use crate::core::view::{Cell, Column, Object, SortKey, ViewRef, Width};

/// The view.
pub static VIEW: Joined<Workload> = Joined {
    resource: Resource::known("", "", "Workload", "workloads", &[Cow::Borrowed("wl")], true),
    columns: COLUMNS,
    sort: None,
    joining: Joining {
        feeds: FEEDS,
        joiner: || Box::<Workloads>::default(),
        object: |row| {
            let row = (row as &dyn Any).downcast_ref::<Workload>()?;
            Some((row.feed(), plain(row.object())))
        },
        resource: None,
        besides: Besides::Everything,
    },
    enter: |_| None,
};

/// What is watched: pods behind their controllers, so that these are mostly known when they come. Of events come only those
/// that tell of pods that could not be made.
static FEEDS: &[Feed] = &[
    feed(ViewRef::Known(&deployments::VIEW)),
    feed(ViewRef::Known(&statefulsets::VIEW)),
    feed(ViewRef::Known(&daemonsets::VIEW)),
    feed(ViewRef::Known(&jobs::VIEW)),
    feed(ViewRef::Known(&cronjobs::VIEW)),
    feed(ViewRef::Known(&replicasets::VIEW)),
    feed(ViewRef::Known(&replicationcontrollers::VIEW)),
    feed(ViewRef::Known(&pods::VIEW)),
    Feed {
        view: ViewRef::Known(&events::VIEW),
        labels: None,
        fields: Some(failures::SELECTOR),
        is_selected: false,
    },
];

/// A selector of labels is applied to the rows: pods have other labels than what makes them.
const fn feed(view: ViewRef) -> Feed {
    Feed {
        view,
        labels: None,
        fields: None,
        is_selected: false,
    }
}

const COLUMNS: &[Column<Workload>] = &[
    name(),
    column(
        "KIND",
        Width::Fit(21),
        |row, _| Cell::toned(row.kind().to_owned(), Tone::Muted),
        |row| SortKey::text(row.kind()),
    ),
    column(
        "READY",
        Width::Fit(13),
        |row, _| text(&row.ready_text()),
        Workload::ready_key,
    ),
    column(
        "STATUS",
        Width::Marked(40),
        |row, _| Cell::toned(row.status().to_owned(), tone(row.health())),
        |row| key(row.status()),
    ),
    column(
        "RESTARTS",
        Width::Fit(9),
        |row, _| Cell::plain(row.restarts().to_string()),
        |row| SortKey::Number(row.restarts() as f64),
    ),
    age(),
    column(
        "IMAGES",
        Width::Fit(40),
        |row, _| text(row.images()),
        |row| key(row.images()),
    ),
];
