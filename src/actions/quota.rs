//! The figures of a quota: set, added and taken away, with what is used beside them.

mod resources;

use serde_json::{Map, Value, json};

use super::{dialog, of_kinds, one, patch_right, warning};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::Change;
use crate::core::layer::{LayerCx, Next};
use crate::core::text::{Line, clean};
use crate::layers::dialog::{Control, Draft, Form, Item, Plan, Wrong};
use crate::model::Quantity;

/// Set a quota's figures.
pub struct Quota;

impl Action for Quota {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "quota",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        of_kinds(cx, &[("", "ResourceQuota")], Reason("not_a_quota"))?;
        one(cx).map_err(|_| Reason("one_quota"))
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, QuotaPlan)
    }
}

struct QuotaPlan;

/// The control of a resource that gets a figure for the first time.
const ADD: &str = "add";

/// The control of that figure.
const FIGURE: &str = "figure";

impl Plan for QuotaPlan {
    fn id(&self) -> &'static str {
        "quota"
    }

    /// The figures that there are, and room for another.
    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let mut controls = Vec::new();
        for item in items {
            let figures = hard(item);
            for (name, hard) in &figures {
                let used = used(item, name);
                let note = used.map_or_else(
                    || cx.lang.t("dialog.quota.uncounted"),
                    |used| cx.lang.f("dialog.quota.used", &[("used", &used)]),
                );
                let note = format!("{note} · {}", cx.lang.t("dialog.quota.empty"));
                controls.push(Control::text(id(name), clean(name).into_owned(), hard).noted(note));
            }
            let is_new = |name: &&&str| figures.iter().all(|(known, _)| known != **name);
            let others = resources::STANDARD.iter().filter(is_new).map(|name| name.to_string());
            let add = Control::text(ADD, cx.lang.t("dialog.quota.add"), "").completed(others);
            controls.push(add.noted(cx.lang.t("dialog.quota.add_note")));
            controls.push(Control::text(FIGURE, cx.lang.t("dialog.quota.figure"), ""));
        }
        controls
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        let warn = |item: &Item, name: &str| {
            let used = used(item, name)?;
            let wanted = Quantity::parse(draft.form.text(&id(name))).ok()?;
            (wanted < Quantity::parse(&used).ok()?).then(|| {
                let args = [("name", name), ("used", used.as_str())];
                warning(&cx.lang.f("dialog.quota.below", &args))
            })
        };
        let of = |item| {
            let names = hard(item).into_iter().map(|(name, _)| name);
            names.filter_map(move |name| warn(item, &name))
        };
        draft.items.iter().flat_map(of).collect()
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let mut changed = Map::new();
        for (name, now) in hard(item) {
            let id = id(&name);
            let text = draft.form.text(&id);
            if text.is_empty() {
                changed.insert(name, Value::Null);
            } else if Quantity::parse(&now).ok() != Some(checked(&id, &name, text, cx)?) {
                changed.insert(name, text.into());
            }
        }
        if let Some((name, figure)) = added(item, draft.form, cx)? {
            changed.insert(name, figure.into());
        }
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![item.merge(json!({"spec": {"hard": changed}}))])
    }
}

/// The control of a figure that there is: no resource is called like the two others.
fn id(name: &str) -> String {
    format!("hard.{name}")
}

/// A figure that is there for the first time.
fn added(item: &Item, form: &Form, cx: &LayerCx) -> Result<Option<(String, String)>, Wrong> {
    let (name, figure) = (form.text(ADD), form.text(FIGURE));
    if name.is_empty() && figure.is_empty() {
        return Ok(None);
    }
    if !resources::is_counted_by_quotas(name) {
        return Err(Wrong::at(ADD, cx.lang.t("dialog.quota.unknown")));
    }
    if hard(item).iter().any(|(known, _)| known == name) {
        return Err(Wrong::at(ADD, cx.lang.f("dialog.quota.there", &[("name", name)])));
    }
    checked(FIGURE, name, figure, cx)?;
    Ok(Some((name.to_string(), figure.to_string())))
}

fn checked(id: &str, name: &str, text: &str, cx: &LayerCx) -> Result<Quantity, Wrong> {
    figure(name, text).map_err(|why| {
        let args = [("name", name), ("why", why.as_str())];
        Wrong::at(id, cx.lang.f("dialog.quota.bad", &args))
    })
}

/// The figures of a quota by their names.
fn hard(item: &Item) -> Vec<(String, String)> {
    let hard = item.at("/spec/hard").and_then(Value::as_object);
    let figure = |(name, value): (&String, &Value)| Some((name.clone(), figure_text(value)?));
    hard.into_iter().flatten().filter_map(figure).collect()
}

fn used(item: &Item, name: &str) -> Option<String> {
    let used = item.at("/status/used").and_then(Value::as_object)?;
    figure_text(used.get(name)?)
}

fn figure_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A figure as `ValidateResourceQuantityValue` in Kubernetes takes it: not below zero, and whole where things are counted.
fn figure(name: &str, text: &str) -> Result<Quantity, String> {
    let quantity = Quantity::parse(text).map_err(|error| error.to_string())?;
    if quantity < Quantity::default() {
        return Err("must be greater than or equal to 0".to_string());
    }
    if resources::is_whole(name) && quantity.as_f64().fract() != 0.0 {
        return Err("must be an integer".to_string());
    }
    Ok(quantity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_what_the_api_server_takes() {
        for (name, text, right) in [
            ("pods", "4", true),
            ("pods", "1k", true),
            ("pods", "500m", false),
            ("count/deployments.apps", "1.5", false),
            ("requests.cpu", "800m", true),
            ("requests.cpu", "-1", false),
            ("limits.memory", "400Mi", true),
            ("limits.memory", "400MB", false),
            ("limits.memory", "", false),
        ] {
            assert_eq!(figure(name, text).is_ok(), right, "{name} {text}");
        }
    }
}
