//! Open a shell in a container; on a node, by a pod of its own.

use super::cordon::are_nodes;
use super::debug::node::NodeShell;
use super::of_kinds;
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::layer::Next;
use crate::layers::shell::{Shell, What};
use crate::model::Pod;

/// A shell.
pub struct OpenShell;

impl Action for OpenShell {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "shell",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        if are_nodes(cx).is_ok() {
            return NodeShell.enabled(cx);
        }
        enabled(cx)
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        let is_node = target.resource.as_ref().is_some_and(|resource| resource.kind == "Node");
        if is_node {
            NodeShell.needs(target)
        } else {
            need(target, "exec")
        }
    }

    fn start(&self, cx: &Cx) -> Next {
        if are_nodes(cx).is_ok() {
            return NodeShell.start(cx);
        }
        start(cx, What::Shell)
    }
}

/// Whether something can be run in the pod under the cursor. kubectl refuses completed pods.
pub(super) fn enabled(cx: &Cx) -> Result<(), Reason> {
    if cx.marked.len() > 1 {
        return Err(Reason("one_pod"));
    }
    of_kinds(cx, &[("", "Pod")], Reason("no_shell"))?;
    let over = |target: &Target| {
        let pod = (&*target.row as &dyn std::any::Any).downcast_ref::<Pod>();
        pod.is_some_and(|pod| matches!(pod.phase(), "Succeeded" | "Failed"))
    };
    if cx.targets().iter().any(over) {
        return Err(Reason("completed_pod"));
    }
    Ok(())
}

/// The right to open a stream to a pod.
pub(super) fn need(target: &Target, subresource: &'static str) -> Vec<Need> {
    let need = |resource| Need::on("create", resource, subresource);
    target.resource.as_ref().map(need).into_iter().collect()
}

/// Opens it.
pub(super) fn start(cx: &Cx, what: What) -> Next {
    let target = cx.targets().into_iter().next();
    let shell = target.and_then(|target| Shell::of(&target, what));
    shell.map_or(Next::Done, |shell| Next::Push(Box::new(shell)))
}
