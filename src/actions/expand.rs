//! Give a claim more space, where its class lets it grow.

use serde_json::{Value, json};

use super::{dialog, of_kinds, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::Change;
use crate::core::layer::{LayerCx, Next};
use crate::core::request::Request;
use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};
use crate::model::Quantity;
use crate::relations::kinds;

/// Expand.
pub struct Expand;

impl Action for Expand {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "expand",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        of_kinds(cx, &[("", "PersistentVolumeClaim")], Reason("not_a_claim"))
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, ExpandPlan)
    }
}

struct ExpandPlan;

/// Where a claim says how much it wants.
const WANTED: &str = "/spec/resources/requests/storage";

impl Plan for ExpandPlan {
    fn id(&self) -> &'static str {
        "expand"
    }

    /// The classes of the claims.
    fn asks(&self, items: &[Item]) -> Vec<Request> {
        let mut names: Vec<&str> = items.iter().filter_map(class).collect();
        names.sort_unstable();
        names.dedup();
        let get = |name: &str| Request::Get {
            resource: kinds::STORAGE_CLASS.clone(),
            namespace: None,
            name: name.to_string(),
        };
        names.into_iter().map(get).collect()
    }

    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let mut now: Vec<&str> = items.iter().filter_map(wanted).collect();
        now.sort_unstable();
        now.dedup();
        let note = cx.lang.f("dialog.expand.now", &[("sizes", &now.join(", "))]);
        let first = now.first().copied().unwrap_or_default();
        vec![Control::text("size", cx.lang.t("dialog.expand.size"), first).noted(note)]
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        draft.items.iter().flat_map(|item| state(item, cx)).collect()
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let text = draft.form.text("size");
        let say = |key: &str, value: &str| {
            let args = [("what", item.full_name()), ("value", value.to_string())];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
            Wrong::at("size", cx.lang.f(key, &args))
        };
        let size = Quantity::parse(text).map_err(|error| say("dialog.expand.bad", &error.to_string()))?;
        let now = wanted(item)
            .and_then(|now| Quantity::parse(now).ok())
            .unwrap_or_default();
        if item.at("/status/phase").and_then(Value::as_str) != Some("Bound") {
            return Err(say("dialog.expand.unbound", ""));
        }
        let classes = || draft.answers.iter().flatten();
        let named = |class: &&Value| class.pointer("/metadata/name").and_then(Value::as_str) == self::class(item);
        let allows = |class: &Value| class.get("allowVolumeExpansion").and_then(Value::as_bool) == Some(true);
        match class(item) {
            None => return Err(say("dialog.expand.no_class", "")),
            Some(name) if classes().find(named).is_some_and(|class| !allows(class)) => {
                return Err(say("dialog.expand.forbidden", name));
            }
            _ => {}
        }
        if size == now {
            return Ok(Vec::new());
        }
        if size < now {
            return Err(say("dialog.expand.smaller", &now.to_string()));
        }
        let patch = json!({"spec": {"resources": {"requests": {"storage": text}}}});
        Ok(vec![item.merge(patch)])
    }
}

fn wanted(item: &Item) -> Option<&str> {
    item.at(WANTED).and_then(Value::as_str)
}

fn class(item: &Item) -> Option<&str> {
    let name = item.at("/spec/storageClassName").and_then(Value::as_str);
    name.filter(|name| !name.is_empty())
}

/// What the claim has, and how far an expansion is: its conditions, such as Resizing and FileSystemResizePending.
fn state(item: &Item, cx: &LayerCx) -> Vec<Line> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_string();
    let capacity = text(item.at("/status/capacity/storage"));
    let class = class(item).unwrap_or("–").to_string();
    let args = [("what", item.full_name()), ("capacity", capacity), ("class", class)];
    let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut lines = vec![Line::of([Span::new(
        format!("  {}", clean(&cx.lang.f("dialog.expand.has", &args))),
        Tone::Muted,
    )])];
    let conditions = item.at("/status/conditions").and_then(Value::as_array);
    for condition in conditions.into_iter().flatten() {
        let of = |field: &str| text(condition.get(field));
        if of("status") != "False" {
            let said = [of("type"), of("reason"), of("message")];
            let said: Vec<&str> = said
                .iter()
                .map(String::as_str)
                .filter(|part| !part.is_empty())
                .collect();
            lines.push(Line::of([Span::new(
                format!("! {}", clean(&said.join(": "))),
                Tone::Warn,
            )]));
        }
    }
    lines
}
