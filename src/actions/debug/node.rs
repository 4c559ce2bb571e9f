//! A shell on a node: as `kubectl debug node/NAME`, by a pod that sees the host, and is deleted when the shell ends.

use std::cell::OnceCell;

use serde_json::{Value, json};

use super::{command_control, container, filled, image_control, profile, push_command};
use crate::actions::cordon::are_nodes;
use crate::actions::{dialog, one, warning};
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::change::{Change, Edit};
use crate::core::debug::{labels, suffix};
use crate::core::layer::{LayerCx, Next};
use crate::core::reference::Reference;
use crate::core::request::{Request, shell};
use crate::core::text::{Line, Span, Tone};
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};
use crate::layers::shell::Shell;
use crate::relations::kinds::{NAMESPACE, POD};

/// A shell on a node.
pub struct NodeShell;

/// The name of the only container, as kubectl has it.
const CONTAINER: &str = "debugger";

/// The longest name of a pod.
const LONGEST: usize = 253;

impl Action for NodeShell {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "node_shell",
            danger: Danger::Destroy,
        }
    }

    /// In which namespace the pod may be made is known once one is chosen: the server's answer tells.
    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        one(cx)?;
        are_nodes(cx)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, NodePlan::default())
    }
}

#[derive(Default)]
struct NodePlan {
    /// The end of the pod's name: kubectl lets nobody choose it either.
    suffix: OnceCell<String>,
}

impl NodePlan {
    fn pod_name(&self, item: &Item) -> String {
        let suffix = self.suffix.get().map_or("", String::as_str);
        let node: String = item
            .name()
            .chars()
            .take(LONGEST - "node-debugger--xxxxx".len())
            .collect();
        format!("node-debugger-{node}-{suffix}")
    }
}

impl Plan for NodePlan {
    fn id(&self) -> &'static str {
        "node_shell"
    }

    fn danger(&self) -> Danger {
        Danger::Destroy
    }

    fn asks(&self, _items: &[Item]) -> Vec<Request> {
        vec![Request::List {
            resource: NAMESPACE.clone(),
            namespace: None,
            labels: None,
            fields: None,
        }]
    }

    fn controls(&self, items: &[Item], answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let uid = items
            .first()
            .and_then(|item| item.at("/metadata/uid"))
            .and_then(Value::as_str);
        let seed = [uid.unwrap_or_default(), &cx.link.identity.context];
        let _ = self.suffix.set(suffix(cx.clock.now, &seed));
        let listed = answers
            .first()
            .and_then(Option::as_ref)
            .and_then(|list| list.get("items")?.as_array());
        let names = listed
            .into_iter()
            .flatten()
            .filter_map(|item| item.pointer("/metadata/name")?.as_str());
        let own = cx.link.identity.namespace.as_deref().unwrap_or("default");
        let profiles = profile::NODE_PROFILES.map(|profile| (profile.to_string(), profile.to_string()));
        vec![
            image_control(cx),
            Control::text("namespace", cx.lang.t("dialog.node_shell.namespace"), own)
                .completed(names.map(str::to_string)),
            command_control(cx).completed(["chroot /host".to_string()]),
            Control::choice("profile", cx.lang.t("dialog.debug.profile"), profiles),
        ]
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        let node = draft.items.first().map(Item::name).unwrap_or_default();
        let args = [("node", node), ("context", &*cx.link.identity.context)];
        vec![
            warning(&cx.lang.f("dialog.node_shell.host", &args)),
            warning(&cx.lang.t("dialog.node_shell.reach")),
            Line::of([Span::new(cx.lang.t("dialog.node_shell.deleted"), Tone::Muted)]),
        ]
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let (image, command) = filled(draft, cx)?;
        let [namespace, profile] = ["namespace", "profile"].map(|id| draft.form.text(id));
        if namespace.is_empty() {
            return Err(Wrong::at("namespace", cx.lang.t("dialog.node_shell.no_namespace")));
        }
        let name = self.pod_name(item);
        let pod = pod(
            item.name(),
            &name,
            namespace,
            container(CONTAINER, image, &command, profile::on_node(profile)),
        );
        let mut said = format!("kubectl debug -it node/{} -n {}", shell(item.name()), shell(namespace));
        said.push_str(&format!(" --image={} --profile={profile}", shell(image)));
        push_command(&mut said, &command);
        Ok(vec![Change::of(&POD, Some(namespace), &name, Edit::Create(pod), said)])
    }

    fn after(&self, draft: &Draft, _cx: &LayerCx) -> Next {
        let Some(item) = draft.items.first() else {
            return Next::Done;
        };
        let pod = Reference::to(&POD, draft.form.text("namespace"), &self.pod_name(item));
        Next::Push(Box::new(Shell::debugging(pod, CONTAINER, true)))
    }
}

/// The pod that `generateNodeDebugPod` in kubectl's `debug.go` makes with these profiles, but for the label that says whose
/// it is.
fn pod(node: &str, name: &str, namespace: &str, mut container: Value) -> Value {
    const VOLUME: &str = "host-root";
    container["volumeMounts"] = json!([{"name": VOLUME, "mountPath": "/host"}]);
    json!({"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labels()},
        "spec": {"nodeName": node, "restartPolicy": "Never", "hostNetwork": true, "hostPID": true, "hostIPC": true,
            "tolerations": [{"operator": "Exists"}], "containers": [container],
            "volumes": [{"name": VOLUME, "hostPath": {"path": "/"}}]}})
}
