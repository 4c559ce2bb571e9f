//! Keep new pods off nodes: as `kubectl cordon`.

use serde_json::{Value, json};

use super::{dialog, of_kinds, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::layers::dialog::{Draft, Item, Plan, Wrong};

/// Cordon.
pub struct Cordon;

impl Action for Cordon {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "cordon",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        are_nodes(cx)
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, CordonPlan)
    }
}

struct CordonPlan;

impl Plan for CordonPlan {
    fn id(&self) -> &'static str {
        "cordon"
    }

    fn changes(&self, item: &Item, _draft: &Draft, _cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        Ok(change(item, true).into_iter().collect())
    }
}

/// Whether all chosen rows are nodes.
pub fn are_nodes(cx: &Cx) -> Result<(), Reason> {
    of_kinds(cx, &[("", "Node")], Reason("not_a_node"))
}

/// What is sent for a node that is not so already (`UpdateIfRequired` in kubectl's cordon.go).
pub fn change(item: &Item, wanted: bool) -> Option<Change> {
    let now = item.at("/spec/unschedulable").and_then(Value::as_bool).unwrap_or(false);
    (now != wanted).then(|| {
        // The field is left out where it is false, so that a node looks as it did before.
        let value = if wanted { Value::Bool(true) } else { Value::Null };
        let verb = if wanted { "cordon" } else { "uncordon" };
        let command = format!("kubectl {verb} {}", crate::core::request::shell(item.name()));
        let edit = Edit::Strategic(json!({"spec": {"unschedulable": value}}));
        item.change(edit, command)
    })
}
