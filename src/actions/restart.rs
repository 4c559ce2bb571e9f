//! Restart the pods of a workload, by an annotation in its template: as `kubectl rollout restart`.

use serde_json::{Value, json};

use super::{dialog, follow, of_kinds, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};

/// Restart.
pub struct Restart;

impl Action for Restart {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "restart",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        of_kinds(cx, follow::KINDS, Reason("not_restartable"))
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
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

    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        follow::control(items, cx).into_iter().collect()
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
        Ok(vec![item.change(edit, item.kubectl("rollout restart"))])
    }

    fn after(&self, draft: &Draft, _cx: &LayerCx) -> Next {
        follow::after(draft)
    }
}
