//! Labels and annotations: add, change and remove, on one object or many. As `kubectl label` and `kubectl annotate`.

mod plan;
mod rules;

use std::collections::BTreeSet;

use super::{dialog, objects, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::layer::Next;
use plan::LabelPlan;

/// Labels.
pub struct Label;

/// Annotations.
pub struct Annotate;

impl Action for Label {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "label",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        patchable(cx)
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        let (keys, values) = in_table(cx);
        dialog(cx, LabelPlan::labels(keys, values))
    }
}

impl Action for Annotate {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "annotate",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        patchable(cx)
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, LabelPlan::annotations())
    }
}

fn patchable(cx: &Cx) -> Result<(), Reason> {
    let is_patchable = |target: &Target| {
        let resource = target.resource.as_ref();
        resource.is_some_and(|resource| resource.allows("patch"))
    };
    if objects(cx)?.iter().all(is_patchable) {
        Ok(())
    } else {
        Err(Reason("not_changeable"))
    }
}

/// The keys and the values of the labels in the table.
fn in_table(cx: &Cx) -> (Vec<String>, Vec<String>) {
    let sections = cx.screen.into_iter().flat_map(|screen| &screen.sections);
    let tables = sections.filter_map(|section| section.table(cx.store));
    let rows = tables.flat_map(|table| table.rows());
    let (mut keys, mut values) = (BTreeSet::new(), BTreeSet::new());
    for (key, value) in rows.flat_map(|row| row.object.meta().labels.iter()) {
        keys.insert(key.as_str());
        values.insert(value.as_str());
    }
    let owned = |set: BTreeSet<&str>| set.into_iter().map(str::to_string).collect();
    (owned(keys), owned(values))
}
