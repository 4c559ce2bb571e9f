//! Pods.

use std::borrow::Cow;

use super::common::{address_key, age, column, key, name, one, ratio, text, tone, wide};
use crate::core::jump::Jump;
use crate::core::resource::Resource;
use crate::core::text::Tone;
use crate::core::view::{Cell, Column, SortKey, View, Width};
use crate::model::{Pod, Projection, decode};

/// The view.
pub static VIEW: View<Pod> = View {
    resource: Resource::known("", "v1", "Pod", "pods", &[Cow::Borrowed("po")], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Pod>,
    sort: None,
    enter: |pod| Some(containers(pod)),
};

fn containers(pod: &Pod) -> Jump {
    let meta = Projection::meta(pod);
    Jump {
        of: format!("pod/{}", meta.name),
        ..one("containers", meta.namespace.as_deref(), &meta.name)
    }
}

const COLUMNS: &[Column<Pod>] = &[
    name(),
    column(
        "READY",
        Width::Fit(9),
        |row, _| ready(row),
        |row| ratio(row.ready().0.into(), row.ready().1.into()),
    ),
    column(
        "STATUS",
        Width::Marked(40),
        |row, _| Cell::toned(row.status().to_owned(), tone(row.health())),
        |row| key(row.status()),
    ),
    column(
        "RESTARTS",
        Width::Fit(20),
        |row, clock| Cell::plain(row.restarts_text(clock.now)),
        |row| SortKey::count(row.restarts().into()),
    ),
    age(),
    wide(
        "IP",
        Width::Fit(45),
        |row, _| text(&row.ip_text()),
        |row| address_key(row.ip()),
    ),
    wide(
        "NODE",
        Width::Fit(63),
        |row, _| text(row.node_text()),
        |row| key(row.node_text()),
    ),
    wide(
        "NOMINATED NODE",
        Width::Fit(63),
        |row, _| text(row.nominated_node_text()),
        |row| key(row.nominated_node_text()),
    ),
    wide(
        "READINESS GATES",
        Width::Fit(15),
        |row, _| text(&row.readiness_gates_text()),
        |row| ratio(row.readiness_gates().0.into(), row.readiness_gates().1.into()),
    ),
];

/// A running pod that lacks a container is worth a look; of one that starts or is done, nothing else is to be expected.
fn ready(pod: &Pod) -> Cell {
    let (ready, all) = pod.ready();
    let lacks = ready < all && pod.phase() == "Running";
    Cell::toned(pod.ready_text(), if lacks { Tone::Warn } else { Tone::Plain })
}
