//! Say how much containers want and may have: as `kubectl set resources`.

use serde_json::{Map, Value, json};

use super::template::{containers, patch};
use super::{dialog, follow, of_kinds, one, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::request::shell;
use crate::layers::dialog::{Control, Draft, Form, Item, Plan, Wrong};
use crate::model::Quantity;

/// Set requests and limits.
pub struct SetResources;

/// The kinds with a template that can be changed.
const KINDS: &[(&str, &str)] = &[
    ("", "ReplicationController"),
    ("apps", "Deployment"),
    ("apps", "DaemonSet"),
    ("apps", "StatefulSet"),
    ("apps", "ReplicaSet"),
    ("batch", "CronJob"),
];

/// The two sides, as the API spells them.
const SIDES: [&str; 2] = ["requests", "limits"];

impl Action for SetResources {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "set_resources",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        one(cx)?;
        of_kinds(cx, KINDS, Reason("no_resources"))
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, ResourcesPlan)
    }
}

struct ResourcesPlan;

/// What a container wants changed: by side and name of the resource, with none for what is taken away.
type Changed<'a> = Vec<(&'static str, &'a str, Option<&'a str>)>;

fn id(container: &str, side: &str, resource: &str) -> String {
    format!("{side}.{resource}.{container}")
}

/// What a container has now, as text; empty for nothing.
fn now(container: &Value, side: &str, resource: &str) -> String {
    let quantity = container
        .get("resources")
        .and_then(|resources| resources.get(side)?.get(resource));
    match quantity {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// CPU and memory, and whatever else the container has.
fn resources(container: &Value) -> Vec<&str> {
    let mut names = vec!["cpu", "memory"];
    for side in SIDES {
        let has = container
            .get("resources")
            .and_then(|resources| resources.get(side)?.as_object());
        for name in has.into_iter().flat_map(Map::keys) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    names
}

impl Plan for ResourcesPlan {
    fn id(&self) -> &'static str {
        "set_resources"
    }

    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let mut controls = Vec::new();
        for (_, name, container) in items.iter().flat_map(containers) {
            for resource in resources(container) {
                for side in SIDES {
                    let present = now(container, side, resource);
                    let word = cx.lang.t(&format!("dialog.set_resources.{side}"));
                    let label = format!("{name} · {resource} {word}");
                    let note = if present.is_empty() {
                        cx.lang.t("dialog.set_resources.unset")
                    } else {
                        cx.lang.f("dialog.set_resources.now", &[("quantity", &present)])
                    };
                    controls.push(Control::text(id(name, side, resource), label, &present).noted(note));
                }
            }
        }
        controls.extend(follow::control(items, cx));
        controls
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let mut patches = Vec::new();
        let mut commands = Vec::new();
        for (field, name, container) in containers(item) {
            let changed = changed(name, container, draft.form, cx)?;
            if changed.is_empty() {
                continue;
            }
            patches.push((field, json!({"name": name, "resources": wanted(&changed)})));
            commands.push(flags(name, &changed));
        }
        if patches.is_empty() {
            return Ok(Vec::new());
        }
        let patch = patch(&item.resource.kind, patches);
        Ok(vec![match &commands[..] {
            [Some(flags)] => {
                let command = format!("{} {flags}", item.kubectl("set resources"));
                item.change(Edit::Strategic(patch), command)
            }
            // kubectl sets what is the same for all containers only, and takes nothing away.
            _ => item.strategic(patch),
        }])
    }

    fn after(&self, draft: &Draft, _cx: &LayerCx) -> Next {
        follow::after(draft)
    }
}

/// What was changed of a container. Fails at the first quantity that is none, and where more is wanted than is allowed.
fn changed<'a>(name: &str, container: &'a Value, form: &'a Form, cx: &LayerCx) -> Result<Changed<'a>, Wrong> {
    let mut changed = Vec::new();
    for resource in resources(container) {
        let mut sides = Vec::new();
        for side in SIDES {
            let id = id(name, side, resource);
            let typed = form.text(&id);
            let quantity = match typed {
                "" => None,
                typed => {
                    Some(quantity(typed).ok_or_else(|| Wrong::at(&*id, cx.lang.t("dialog.set_resources.quantity")))?)
                }
            };
            sides.push(quantity);
            if typed != now(container, side, resource) {
                changed.push((side, resource, Some(typed).filter(|typed| !typed.is_empty())));
            }
        }
        if let [Some(wanted), Some(most)] = &sides[..]
            && wanted.as_f64() > most.as_f64()
        {
            let id = id(name, "requests", resource);
            return Err(Wrong::at(id, cx.lang.t("dialog.set_resources.order")));
        }
    }
    Ok(changed)
}

fn quantity(text: &str) -> Option<Quantity> {
    Quantity::parse(text).ok().filter(|quantity| quantity.as_f64() >= 0.0)
}

/// The part of a patch: what is taken away is null.
fn wanted(changed: &Changed) -> Value {
    let mut wanted = json!({});
    for (side, resource, quantity) in changed {
        if wanted.get(side).is_none() {
            wanted[*side] = json!({});
        }
        wanted[*side][*resource] = json!(quantity);
    }
    wanted
}

/// The flags of kubectl; none where something is taken away, which kubectl cannot.
fn flags(name: &str, changed: &Changed) -> Option<String> {
    let mut flags = vec![format!("-c={}", shell(name))];
    for side in ["limits", "requests"] {
        let of_side = changed.iter().filter(|(of, _, _)| *of == side);
        let words: Option<Vec<String>> = of_side
            .map(|(_, resource, quantity)| Some(format!("{resource}={}", (*quantity)?)))
            .collect();
        let words = words?;
        if !words.is_empty() {
            flags.push(format!("--{side}={}", shell(&words.join(","))));
        }
    }
    Some(flags.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kubectl_sets_but_takes_nothing_away() {
        let set: Changed = vec![
            ("limits", "cpu", Some("1")),
            ("requests", "memory", Some("4Mi")),
            ("limits", "memory", Some("5Mi")),
        ];
        assert_eq!(
            flags("app", &set).as_deref(),
            Some("-c=app --limits=cpu=1,memory=5Mi --requests=memory=4Mi")
        );
        let taken: Changed = vec![("limits", "cpu", None)];
        assert_eq!(flags("app", &taken), None);
        assert_eq!(wanted(&taken), json!({"limits": {"cpu": null}}));
    }

    #[test]
    fn what_else_a_container_has_can_be_set_too() {
        let container = json!({"resources": {"limits": {"nvidia.com/gpu": 1, "cpu": "2"}, "requests": null}});
        assert_eq!(resources(&container), ["cpu", "memory", "nvidia.com/gpu"]);
        assert_eq!(now(&container, "limits", "nvidia.com/gpu"), "1");
        assert_eq!(now(&container, "requests", "cpu"), "");
    }
}
