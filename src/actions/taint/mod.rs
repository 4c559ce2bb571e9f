//! Taint nodes: as `kubectl taint nodes NODE key=value:Effect`.

mod evicted;
pub mod list;
pub mod untaint;

use serde_json::Value;

use super::cordon::are_nodes;
use super::{dialog, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::request::{Request, shell};
use crate::core::text::Line;
use crate::layers::dialog::{Control, Draft, Form, Item, Plan, Wrong};
use crate::model::{check_label_key, check_label_value};
use crate::relations::kinds;
use list::Taint;

/// Taint.
pub struct Put;

/// What taints do, the mildest first.
pub const EFFECTS: [&str; 3] = ["PreferNoSchedule", "NoSchedule", "NoExecute"];

impl Action for Put {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "taint",
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
        dialog(cx, TaintPlan)
    }
}

struct TaintPlan;

impl Plan for TaintPlan {
    fn id(&self) -> &'static str {
        "taint"
    }

    /// The pods of every node: some may have to go.
    fn asks(&self, items: &[Item]) -> Vec<Request> {
        let pods = |item: &Item| Request::List {
            resource: kinds::POD.clone(),
            namespace: None,
            labels: None,
            fields: Some(format!("spec.nodeName={}", item.name())),
        };
        items.iter().map(pods).collect()
    }

    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let known: Vec<Taint> = items.iter().flat_map(|item| list::of(&item.object)).collect();
        let once = |of: fn(&Taint) -> &str| {
            let mut all: Vec<String> = known
                .iter()
                .map(of)
                .filter(|text| !text.is_empty())
                .map(str::to_string)
                .collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let effects = EFFECTS.map(|effect| {
            let key = format!("dialog.taint.{}", effect.to_lowercase());
            (effect.to_string(), format!("{effect} ({})", cx.lang.t(&key)))
        });
        vec![
            Control::text("key", cx.lang.t("dialog.taint.key"), "").completed(once(|taint| &taint.key)),
            Control::text("value", cx.lang.t("dialog.taint.value"), "")
                .noted(cx.lang.t("dialog.taint.value_note"))
                .completed(once(|taint| &taint.value)),
            Control::choice("effect", cx.lang.t("dialog.taint.effect"), effects).chosen("NoSchedule"),
            Control::switch("overwrite", cx.lang.t("dialog.taint.overwrite"), false)
                .noted(cx.lang.t("dialog.taint.overwrite_note")),
        ]
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        let taint = wanted(draft.form);
        let mut lines = list::present(draft.items, cx);
        if taint.effect == "NoExecute" && check_label_key(&taint.key).is_ok() {
            lines.extend(evicted::lines(&taint, draft, cx));
        }
        lines
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let taint = wanted(draft.form);
        check_label_key(&taint.key).map_err(|why| wrong("key", "dialog.taint.bad_key", why, cx))?;
        check_label_value(&taint.value).map_err(|why| wrong("value", "dialog.taint.bad_value", why, cx))?;
        let old = list::of(&item.object).into_iter().find(|old| old.is_same(&taint));
        let overwrite = draft.form.is_on("overwrite");
        match old {
            Some(old) if !overwrite => {
                let args = [("what", item.full_name()), ("taint", old.to_string())];
                let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
                return Err(Wrong::at("overwrite", cx.lang.f("dialog.taint.exists", &args)));
            }
            Some(old) if old.value == taint.value => return Ok(Vec::new()),
            _ => {}
        }
        let flag = if overwrite { " --overwrite" } else { "" };
        let command = format!(
            "kubectl taint nodes {} {}{flag}",
            shell(item.name()),
            shell(&taint.to_string())
        );
        Ok(vec![change(item, list::with(&item.object, &taint), command)])
    }
}

fn wanted(form: &Form) -> Taint {
    Taint {
        key: form.text("key").to_string(),
        value: form.text("value").to_string(),
        effect: form.text("effect").to_string(),
    }
}

fn wrong(id: &str, key: &str, why: &str, cx: &LayerCx) -> Wrong {
    Wrong::at(id, cx.lang.f(key, &[("why", why)]))
}

/// The list of taints is atomic: it is sent whole, with the version that it was read with, so that a taint which was set
/// meanwhile is not lost but makes a conflict.
fn change(item: &Item, taints: Vec<Value>, command: String) -> Change {
    let taints = if taints.is_empty() {
        Value::Null
    } else {
        Value::Array(taints)
    };
    let version = item.at("/metadata/resourceVersion").cloned().unwrap_or_default();
    let patch = serde_json::json!({"metadata": {"resourceVersion": version}, "spec": {"taints": taints}});
    item.change(Edit::Merge(patch), command)
}
