//! The old and the new of a rollout, a bar each.

use serde_json::Value;

use crate::core::layer::LayerCx;
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone, clean};
use crate::model::rollout::Revision;

/// How long a bar is.
const LONG: usize = 24;

/// One side of a rollout.
struct Bar {
    is_new: bool,
    name: String,
    about: String,
    ready: i64,
    there: i64,
    wanted: i64,
}

/// The bars of a workload.
pub fn lines(kind: &str, object: &Value, history: &[&Value], revisions: &[Revision], cx: &LayerCx) -> Vec<Line> {
    let bars = if kind == "Deployment" {
        replica_sets(object, history, revisions)
    } else {
        pods(kind, object, revisions)
    };
    let widest = bars.iter().map(|bar| text_width(&bar.name)).max().unwrap_or(0);
    let most = bars.iter().map(|bar| bar.wanted.max(bar.there)).max().unwrap_or(0);
    bars.iter().map(|bar| line(bar, widest, most, cx)).collect()
}

fn line(bar: &Bar, widest: u16, most: i64, cx: &LayerCx) -> Line {
    let (word, tone) = if bar.is_new {
        (cx.lang.t("rollout.new"), Tone::Good)
    } else {
        (cx.lang.t("rollout.old"), Tone::Muted)
    };
    let gap = " ".repeat(usize::from(widest - text_width(&bar.name)) + 2);
    let cells = |count: i64| scaled(count, most);
    let (ready, there, wanted) = (cells(bar.ready), cells(bar.there), cells(bar.wanted.max(bar.there)));
    let counts = [
        ("ready", bar.ready.to_string()),
        ("there", bar.there.to_string()),
        ("wanted", bar.wanted.to_string()),
    ];
    let counts = counts.each_ref().map(|(name, count)| (*name, count.as_str()));
    Line::of([
        Span::new(format!("{word}  "), tone),
        Span::plain(format!("{}{gap}", bar.name)),
        Span::new("█".repeat(ready), tone),
        Span::new("▒".repeat(there.saturating_sub(ready)), Tone::Busy),
        Span::new("░".repeat(wanted.saturating_sub(there.max(ready))), Tone::Muted),
        Span::new(" ".repeat(LONG - wanted.max(there).max(ready).min(LONG)), Tone::Muted),
        Span::plain(format!("  {}", cx.lang.f("rollout.counts", &counts))),
        Span::new(format!("  {}", bar.about), Tone::Muted),
    ])
}

/// So many cells of the bar; what is there at all is seen.
fn scaled(count: i64, most: i64) -> usize {
    if count <= 0 || most <= 0 {
        return 0;
    }
    let cells = (count.min(most) as f64 / most as f64 * LONG as f64).round() as usize;
    cells.clamp(1, LONG)
}

/// The newest ReplicaSet, and those of the old ones that still have pods.
fn replica_sets(deployment: &Value, sets: &[&Value], revisions: &[Revision]) -> Vec<Bar> {
    let bar = |revision: &Revision| {
        let set = sets.iter().find(|set| text(set, "/metadata/name") == revision.name)?;
        let wanted = count(set, "/spec/replicas");
        let there = count(set, "/status/replicas");
        (revision.is_current || wanted > 0 || there > 0).then(|| Bar {
            is_new: revision.is_current,
            name: clean(&revision.name).into_owned(),
            about: about(revision),
            ready: count(set, "/status/readyReplicas"),
            there,
            wanted: if revision.is_current {
                count(deployment, "/spec/replicas")
            } else {
                wanted
            },
        })
    };
    let mut bars: Vec<Bar> = revisions.iter().rev().filter_map(bar).collect();
    bars.sort_by_key(|bar| !bar.is_new);
    bars
}

/// A DaemonSet or StatefulSet has no objects for old and new: its status counts them.
fn pods(kind: &str, object: &Value, revisions: &[Revision]) -> Vec<Bar> {
    let (updated, wanted, there, ready) = if kind == "DaemonSet" {
        (
            count(object, "/status/updatedNumberScheduled"),
            count(object, "/status/desiredNumberScheduled"),
            count(object, "/status/currentNumberScheduled"),
            count(object, "/status/numberReady"),
        )
    } else {
        (
            count(object, "/status/updatedReplicas"),
            count(object, "/spec/replicas"),
            count(object, "/status/replicas"),
            count(object, "/status/readyReplicas"),
        )
    };
    let current = revisions.iter().find(|revision| revision.is_current);
    let old = revisions.iter().rev().find(|revision| !revision.is_current);
    let name = |revision: Option<&Revision>| revision.map(|one| clean(&one.name).into_owned()).unwrap_or_default();
    let older = (there - updated).max(0);
    let new = Bar {
        is_new: true,
        name: name(current),
        about: current.map(about).unwrap_or_default(),
        ready: updated.min(ready),
        there: updated,
        wanted,
    };
    let old = Bar {
        is_new: false,
        name: name(old),
        about: old.map(about).unwrap_or_default(),
        ready: (ready - updated.min(ready)).min(older),
        there: older,
        wanted: 0,
    };
    let mut bars = vec![new];
    bars.extend((older > 0).then_some(old));
    bars
}

fn about(revision: &Revision) -> String {
    clean(&format!("#{} {}", revision.number, revision.images.join(", "))).into_owned()
}

fn count(object: &Value, pointer: &str) -> i64 {
    object.pointer(pointer).and_then(Value::as_i64).unwrap_or_default()
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_leaves_its_room() {
        for (count, most, cells) in [
            (0, 3, 0),
            (1, 3, 8),
            (3, 3, 24),
            (9, 3, 24),
            (1, 1000, 1),
            (-4, 3, 0),
            (2, 0, 0),
        ] {
            assert_eq!(scaled(count, most), cells, "{count} of {most}");
        }
    }
}
