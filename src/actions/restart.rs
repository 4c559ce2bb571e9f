//! Restart the pods of a workload, by an annotation in its template: as `kubectl rollout restart`.

use serde_json::{Value, json};

use super::{dialog, of_kinds};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::layers::dialog::{Draft, Item, Plan, Wrong};

/// Restart.
pub struct Restart;

/// The kinds that can be restarted (`objectrestarter.go` of kubectl).
const KINDS: &[(&str, &str)] = &[("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet")];

impl Action for Restart {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "restart",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        of_kinds(cx, KINDS, Reason("not_restartable"))
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        let resource = target.resource.as_ref();
        resource
            .map(|resource| Need::on("patch", resource, ""))
            .into_iter()
            .collect()
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, RestartPlan)
    }
}

struct RestartPlan;

impl Plan for RestartPlan {
    fn id(&self) -> &'static str {
        "restart"
    }

    fn changes(&self, item: &Item, _draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        if item.at("/spec/paused").and_then(Value::as_bool) == Some(true) {
            let args = [("what", item.full_name())];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
            return Err(Wrong::whole(cx.lang.f("dialog.restart.paused", &args)));
        }
        let now = cx.clock.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let edit = Edit::Strategic(json!({"spec": {"template": {"metadata": {"annotations": {
            "kubectl.kubernetes.io/restartedAt": now
        }}}}}));
        let command = format!(
            "kubectl rollout restart {}{}",
            item.kubectl_name(),
            item.kubectl_namespace()
        );
        Ok(vec![Change::of(
            &item.resource,
            item.namespace(),
            item.name(),
            edit,
            command,
        )])
    }
}
