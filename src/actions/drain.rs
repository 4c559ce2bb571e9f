//! Empty nodes: as `kubectl drain`.

use super::cordon::are_nodes;
use super::patch_right;
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::layer::Next;
use crate::layers::Drain;

/// Drain.
pub struct DrainNodes;

impl Action for DrainNodes {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "drain",
            danger: Danger::Destroy,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        are_nodes(cx)
    }

    /// Only the cordon: in which namespaces pods are to be evicted is known once they are listed, and asked for then.
    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        let targets = cx.targets();
        let names = targets.iter().map(|target| target.row.meta().name.to_string());
        Next::Push(Box::new(Drain::new(names.collect())))
    }
}
