//! Pods.

use super::common::{age, name, tone};
use crate::core::resource::Resource;
use crate::core::text::Tone;
use crate::core::view::{Cell, Column, SortKey, Tier, View, Width};
use crate::model::{Pod, Projection, decode};

/// The view.
pub static VIEW: View<Pod> = View {
    resource: Resource::known("", "v1", "Pod", "pods", &[std::borrow::Cow::Borrowed("po")], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Pod>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<Pod>] = &[
    name(),
    Column {
        title: "READY",
        width: Width::Fit(9),
        tier: Tier::Always,
        cell: |pod, _| {
            let (ready, all) = pod.ready();
            let short = ready < all && pod.phase() == "Running";
            Cell::toned(pod.ready_text(), if short { Tone::Warn } else { Tone::Plain })
        },
        sort: |pod| {
            let (ready, all) = pod.ready();
            SortKey::Number(f64::from(ready) / f64::from(all.max(1)))
        },
    },
    Column {
        title: "STATUS",
        width: Width::Marked(40),
        tier: Tier::Always,
        cell: |pod, _| Cell::toned(pod.status().to_owned(), tone(pod.health())),
        sort: |pod| SortKey::text(pod.status()),
    },
    Column {
        title: "RESTARTS",
        width: Width::Fit(20),
        tier: Tier::Always,
        cell: |pod, clock| Cell::plain(pod.restarts_text(clock.now)),
        sort: |pod| SortKey::count(i64::from(pod.restarts())),
    },
    age(),
    Column {
        title: "IP",
        width: Width::Fit(45),
        tier: Tier::Wide,
        cell: |pod, _| Cell::or_none(pod.ip().unwrap_or_default()),
        sort: |pod| SortKey::text(pod.ip().unwrap_or_default()),
    },
    Column {
        title: "NODE",
        width: Width::Fit(63),
        tier: Tier::Wide,
        cell: |pod, _| Cell::or_none(pod.node().map_or("", |node| node.as_str())),
        sort: |pod| SortKey::text(pod.node().map_or("", |node| node.as_str())),
    },
    Column {
        title: "NOMINATED NODE",
        width: Width::Fit(63),
        tier: Tier::Wide,
        cell: |pod, _| match pod.nominated_node_text() {
            "<none>" => Cell::or_none(""),
            node => Cell::plain(node.to_owned()),
        },
        sort: |pod| SortKey::text(pod.nominated_node_text()),
    },
    Column {
        title: "READINESS GATES",
        width: Width::Fit(16),
        tier: Tier::Wide,
        cell: |pod, _| Cell::plain(pod.readiness_gates_text()),
        sort: |pod| SortKey::count(i64::from(pod.readiness_gates().0)),
    },
];
