//! Give containers another image: as `kubectl set image`.

use serde_json::{Value, json};

use super::template::{containers, patch};
use super::{dialog, follow, of_kinds, patch_right};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::request::shell;
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};

/// Set images.
pub struct SetImage;

/// The kinds whose images can be set (`kubectl set image --help`).
const KINDS: &[(&str, &str)] = &[
    ("", "Pod"),
    ("", "ReplicationController"),
    ("apps", "Deployment"),
    ("apps", "DaemonSet"),
    ("apps", "StatefulSet"),
    ("apps", "ReplicaSet"),
    ("batch", "CronJob"),
];

impl Action for SetImage {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "set_image",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        of_kinds(cx, KINDS, Reason("no_image"))
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, ImagePlan)
    }
}

struct ImagePlan;

/// A container's name and image, from any of the objects.
struct Known<'a> {
    is_init: bool,
    name: &'a str,
    /// The images that it has, each once.
    images: Vec<&'a str>,
}

fn known(items: &[Item]) -> Vec<Known<'_>> {
    let mut all: Vec<Known> = Vec::new();
    for (field, name, container) in items.iter().flat_map(containers) {
        let image = image(container);
        match all.iter_mut().find(|known| known.name == name) {
            Some(known) if known.images.contains(&image) => {}
            Some(known) => known.images.push(image),
            None => all.push(Known {
                is_init: field == "initContainers",
                name,
                images: vec![image],
            }),
        }
    }
    all
}

fn image(container: &Value) -> &str {
    container.get("image").and_then(Value::as_str).unwrap_or_default()
}

fn id(name: &str) -> String {
    format!("image.{name}")
}

impl Plan for ImagePlan {
    fn id(&self) -> &'static str {
        "set_image"
    }

    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let control = |known: Known| {
            let label = if known.is_init {
                format!("{} ({})", known.name, cx.lang.t("container.init"))
            } else {
                known.name.to_string()
            };
            match known.images[..] {
                [image] => Control::text(id(known.name), label, image),
                _ => Control::text(id(known.name), label, "").noted(known.images.join(", ")),
            }
        };
        let mut controls: Vec<Control> = known(items).into_iter().map(control).collect();
        controls.extend(follow::control(items, cx));
        controls
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let mut changed = Vec::new();
        let mut words = Vec::new();
        for (field, name, container) in containers(item) {
            let wanted = draft.form.text(&id(name));
            // Where the objects have different images, an empty field leaves each its own.
            let differ = || {
                known(draft.items)
                    .iter()
                    .any(|known| known.name == name && known.images.len() > 1)
            };
            if wanted == image(container) || (wanted.is_empty() && differ()) {
                continue;
            }
            if wanted.is_empty() || wanted.contains(char::is_whitespace) {
                return Err(Wrong::at(id(name), cx.lang.t("dialog.set_image.image")));
            }
            changed.push((field, json!({"name": name, "image": wanted})));
            words.push(shell(&format!("{name}={wanted}")));
        }
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        let edit = Edit::Strategic(patch(&item.resource.kind, changed));
        let command = format!("{} {}", item.kubectl("set image"), words.join(" "));
        Ok(vec![item.change(edit, command)])
    }

    fn after(&self, draft: &Draft, _cx: &LayerCx) -> Next {
        follow::after(draft)
    }
}
