//! Look into a pod with a container of another image: as `kubectl debug`, by an ephemeral container.

pub mod node;
mod profile;

use serde_json::{Value, json};

use super::{dialog, shell as shells, warning};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::debug::suffix;
use crate::core::layer::{LayerCx, Next};
use crate::core::reference::Reference;
use crate::core::request::shell;
use crate::core::text::Line;
use crate::core::words::words;
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};
use crate::layers::shell::Shell;
use crate::layers::shell::choice::choices;
use crate::model::Container;
use crate::relations::kinds::POD;

/// Debug.
pub struct Debug;

/// Images that are known to have tools in them, the smallest first.
const IMAGES: [&str; 4] = ["busybox", "alpine", "nicolaka/netshoot", "ubuntu"];

impl Action for Debug {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "debug",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        shells::enabled(cx)
    }

    fn needs(&self, _target: &Target) -> Vec<Need> {
        vec![
            Need::on("patch", &POD, "ephemeralcontainers"),
            Need::on("create", &POD, "attach"),
        ]
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, DebugPlan)
    }
}

struct DebugPlan;

impl Plan for DebugPlan {
    fn id(&self) -> &'static str {
        "debug"
    }

    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let Some(item) = items.first() else { return Vec::new() };
        let (found, meant) = choices(&item.object);
        let seen = part(&item.target).or_else(|| found.get(meant).map(|choice| choice.name.clone()));
        let named = found.into_iter().map(|choice| (choice.name.clone(), choice.name));
        let none = (String::new(), cx.lang.t("dialog.debug.no_target"));
        let text = |pointer| item.at(pointer).and_then(Value::as_str).unwrap_or_default();
        let seed = [text("/metadata/uid"), text("/metadata/resourceVersion")];
        let name = format!("debugger-{}", suffix(cx.clock.now, &seed));
        let profiles = profile::PROFILES.map(|profile| (profile.to_string(), profile.to_string()));
        vec![
            image_control(cx),
            Control::choice("target", cx.lang.t("dialog.debug.target"), named.chain([none]))
                .chosen(&seen.unwrap_or_default())
                .noted(cx.lang.t("dialog.debug.target_note")),
            command_control(cx),
            Control::choice("profile", cx.lang.t("dialog.debug.profile"), profiles),
            Control::text("name", cx.lang.t("dialog.debug.name"), &name),
        ]
    }

    fn notes(&self, _draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        vec![warning(&cx.lang.t("dialog.debug.stays"))]
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let (image, command) = filled(draft, cx)?;
        let [target, profile, name] = ["target", "profile", "name"].map(|id| draft.form.text(id));
        check_name(item, name, cx)?;
        let mut container = container(name, image, &command, profile::beside(profile));
        let mut said = format!("kubectl debug -it {}{}", shell(item.name()), item.kubectl_namespace());
        said.push_str(&format!(" --image={}", shell(image)));
        if !target.is_empty() {
            container["targetContainerName"] = target.into();
            said.push_str(&format!(" --target={}", shell(target)));
        }
        said.push_str(&format!(" -c {} --profile={profile}", shell(name)));
        push_command(&mut said, &command);
        let patch = json!({"spec": {"ephemeralContainers": [container]}});
        let change = Change::of(&POD, item.namespace(), item.name(), Edit::Strategic(patch), said);
        Ok(vec![change.on("ephemeralcontainers")])
    }

    fn after(&self, draft: &Draft, _cx: &LayerCx) -> Next {
        let Some(item) = draft.items.first() else {
            return Next::Done;
        };
        let pod = Reference::to(&POD, item.namespace().unwrap_or_default(), item.name());
        Next::Push(Box::new(Shell::debugging(pod, draft.form.text("name"), false)))
    }
}

/// The one container that is seen of a pod, where one is.
fn part(target: &Target) -> Option<String> {
    let [part] = target.parts.as_slice() else { return None };
    let container = (&**part as &dyn std::any::Any).downcast_ref::<Container>();
    container.map(|container| container.name().to_string())
}

fn image_control(cx: &LayerCx) -> Control {
    let image = IMAGES.first().copied().unwrap_or_default();
    Control::text("image", cx.lang.t("dialog.debug.image"), image).completed(IMAGES.map(str::to_string))
}

fn command_control(cx: &LayerCx) -> Control {
    Control::text("command", cx.lang.t("dialog.debug.command"), "").noted(cx.lang.t("dialog.debug.command_note"))
}

/// The image and the command that were filled in.
fn filled<'a>(draft: &Draft<'a>, cx: &LayerCx) -> Result<(&'a str, Vec<String>), Wrong> {
    let image = draft.form.text("image");
    if !is_image(image) {
        return Err(Wrong::at("image", cx.lang.t("dialog.debug.bad_image")));
    }
    let command = words(draft.form.text("command"));
    let command = command.ok_or_else(|| Wrong::at("command", cx.lang.t("dialog.debug.bad_command")))?;
    Ok((image, command))
}

/// Whether it can be the reference of an image: what kubectl refuses is refused here too, what the registry refuses is
/// told when the image is pulled.
fn is_image(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
    text.bytes().all(letter)
        && text.starts_with(|ch: char| ch.is_ascii_alphanumeric())
        && !text.ends_with(['/', ':', '@'])
}

fn check_name(item: &Item, name: &str, cx: &LayerCx) -> Result<(), Wrong> {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let label =
        (1..64).contains(&name.len()) && name.bytes().all(inner) && !name.starts_with('-') && !name.ends_with('-');
    if !label {
        return Err(Wrong::at("name", cx.lang.t("dialog.debug.bad_name")));
    }
    let lists = ["containers", "initContainers", "ephemeralContainers"];
    let taken = lists
        .iter()
        .filter_map(|list| item.at(&format!("/spec/{list}"))?.as_array())
        .flatten();
    let mut taken = taken.filter_map(|container| container.get("name")?.as_str());
    if taken.any(|taken| taken == name) {
        let text = cx.lang.f("dialog.debug.taken", &[("name", name)]);
        return Err(Wrong::at("name", text));
    }
    Ok(())
}

/// A container with a terminal, as `kubectl debug -it` makes it.
fn container(name: &str, image: &str, command: &[String], security: Value) -> Value {
    let mut container =
        json!({"name": name, "image": image, "stdin": true, "tty": true, "terminationMessagePolicy": "File"});
    if !command.is_empty() {
        container["command"] = json!(command);
    }
    if !security.is_null() {
        container["securityContext"] = security;
    }
    container
}

fn push_command(said: &mut String, command: &[String]) {
    if !command.is_empty() {
        let command: Vec<String> = command.iter().map(|word| shell(word)).collect();
        said.push_str(&format!(" -- {}", command.join(" ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_references() {
        for (image, good) in [
            ("busybox", true),
            ("registry.example.com:5000/a/b:1.2@sha256:abc", true),
            ("", false),
            ("a b", false),
            ("-x", false),
            ("a:", false),
            ("a;b", false),
        ] {
            assert_eq!(is_image(image), good, "{image}");
        }
    }
}
