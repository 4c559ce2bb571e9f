//! Take taints off nodes: as `kubectl taint nodes NODE key:Effect-`.

use serde_json::Value;

use super::list::{self, Taint};
use super::{are_nodes, change};
use crate::actions::{dialog, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::Change;
use crate::core::layer::{LayerCx, Next};
use crate::core::request::shell;
use crate::core::text::Line;
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};

/// Untaint.
pub struct Untaint;

impl Action for Untaint {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "untaint",
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
        dialog(cx, UntaintPlan)
    }
}

struct UntaintPlan;

impl Plan for UntaintPlan {
    fn id(&self) -> &'static str {
        "untaint"
    }

    /// Each taint by key and effect, and each key that has several effects.
    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let known: Vec<Taint> = items.iter().flat_map(|item| list::of(&item.object)).collect();
        let mut options: Vec<String> = Vec::new();
        for taint in &known {
            let one = format!("{}:{}", taint.key, taint.effect);
            if !options.contains(&one) {
                options.push(one);
            }
            let others = |other: &&Taint| other.key == taint.key && other.effect != taint.effect;
            if known.iter().find(others).is_some() && !options.contains(&taint.key) {
                options.push(taint.key.clone());
            }
        }
        let option = |meant: String| (meant.clone(), meant);
        let label = cx.lang.t("dialog.untaint.taint");
        vec![Control::choice("taint", label, options.into_iter().map(option))]
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        list::present(draft.items, cx)
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let chosen = draft.form.text("taint");
        let (key, effect) = chosen.rsplit_once(':').unwrap_or((chosen, ""));
        let left = list::without(&item.object, key, effect);
        if left.len() == list::of(&item.object).len() {
            let args = [("what", item.full_name()), ("taint", chosen.to_string())];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
            let text = if chosen.is_empty() {
                "dialog.untaint.none"
            } else {
                "dialog.untaint.absent"
            };
            return Err(Wrong::at("taint", cx.lang.f(text, &args)));
        }
        let command = format!("kubectl taint nodes {} {}-", shell(item.name()), shell(chosen));
        Ok(vec![change(item, left, command)])
    }
}
