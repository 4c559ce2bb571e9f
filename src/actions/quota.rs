//! Set the figures of a quota, with what is used beside them.

use serde_json::{Map, Value, json};

use super::cordon::patch;
use super::expand::merge;
use super::{dialog, of_kinds};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::Change;
use crate::core::layer::{LayerCx, Next};
use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};
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
        if cx.targets().len() == 1 {
            Ok(())
        } else {
            Err(Reason("one_quota"))
        }
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, QuotaPlan)
    }
}

struct QuotaPlan;

impl Plan for QuotaPlan {
    fn id(&self) -> &'static str {
        "quota"
    }

    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let control = |item: &Item, name: &str, hard: &str| {
            let used = used(item, name);
            let note = used.map_or_else(
                || cx.lang.t("dialog.quota.uncounted"),
                |used| cx.lang.f("dialog.quota.used", &[("used", &used)]),
            );
            Control::text(name, clean(name).into_owned(), hard).noted(note)
        };
        let of = |item| {
            let figures = hard(item);
            figures.into_iter().map(move |(name, hard)| control(item, &name, &hard))
        };
        items.iter().flat_map(of).collect()
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        let warn = |item: &Item, name: &str| {
            let used = used(item, name)?;
            let wanted = Quantity::parse(draft.form.text(name)).ok()?;
            (wanted < Quantity::parse(&used).ok()?).then(|| {
                let args = [("name", name), ("used", used.as_str())];
                let text = format!("! {}", clean(&cx.lang.f("dialog.quota.below", &args)));
                Line::of([Span::new(text, Tone::Warn)])
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
            let text = draft.form.text(&name);
            let wanted = figure(&name, text).map_err(|why| {
                let args = [("name", name.as_str()), ("why", why.as_str())];
                Wrong::at(name.as_str(), cx.lang.f("dialog.quota.bad", &args))
            })?;
            if Quantity::parse(&now).ok().as_ref() != Some(&wanted) {
                changed.insert(name, text.into());
            }
        }
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![merge(item, json!({"spec": {"hard": changed}}))])
    }
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
    if is_counted(name) && quantity.as_f64().fract() != 0.0 {
        return Err("must be an integer".to_string());
    }
    Ok(quantity)
}

/// What is counted in whole objects (`IsIntegerResourceName`).
fn is_counted(name: &str) -> bool {
    const COUNTED: &[&str] = &[
        "pods",
        "resourcequotas",
        "services",
        "replicationcontrollers",
        "secrets",
        "configmaps",
        "persistentvolumeclaims",
        "services.nodeports",
        "services.loadbalancers",
    ];
    COUNTED.contains(&name) || name.starts_with("count/")
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
