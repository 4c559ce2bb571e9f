//! Delete objects: with what they own or without, in their own time or at once.

use serde_json::Value;

use super::{dialog, objects, right, warning};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Cascade, Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::text::Line;
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};

/// Delete.
pub struct Delete;

impl Action for Delete {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "delete",
            danger: Danger::Destroy,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        let deletable = |target: &Target| {
            target
                .resource
                .as_ref()
                .is_some_and(|resource| resource.allows("delete"))
        };
        if objects(cx)?.iter().all(deletable) {
            Ok(())
        } else {
            Err(Reason("not_deletable"))
        }
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        right("delete", target, "")
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, DeletePlan)
    }
}

struct DeletePlan;

impl Plan for DeletePlan {
    fn id(&self) -> &'static str {
        "delete"
    }

    fn danger(&self) -> Danger {
        Danger::Destroy
    }

    fn controls(&self, _items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let option = |cascade: Cascade| {
            (
                cascade.flag().to_string(),
                cx.lang.t(&format!("dialog.delete.{}", cascade.flag())),
            )
        };
        let cascades = [Cascade::Background, Cascade::Foreground, Cascade::Orphan].map(option);
        vec![
            Control::choice("cascade", cx.lang.t("dialog.delete.cascade"), cascades),
            Control::text("grace", cx.lang.t("dialog.delete.grace"), "").noted(cx.lang.t("dialog.delete.grace_note")),
            Control::switch("force", cx.lang.t("dialog.delete.force"), false)
                .noted(cx.lang.t("dialog.delete.force_note")),
        ]
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        draft.items.iter().flat_map(|item| warnings(item, cx)).collect()
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let form = draft.form;
        let cascade = match form.text("cascade") {
            "foreground" => Cascade::Foreground,
            "orphan" => Cascade::Orphan,
            _ => Cascade::Background,
        };
        let force = form.is_on("force");
        let grace = match form.text("grace") {
            "" => None,
            text => Some(
                text.parse::<u32>()
                    .map_err(|_| Wrong::at("grace", cx.lang.t("dialog.delete.seconds")))?,
            ),
        };
        if force && grace.is_some_and(|seconds| seconds > 0) {
            return Err(Wrong::at("grace", cx.lang.t("dialog.delete.force_and_grace")));
        }
        let mut command = item.kubectl("delete");
        if cascade != Cascade::Background {
            command.push_str(&format!(" --cascade={}", cascade.flag()));
        }
        match (force, grace) {
            (true, _) => command.push_str(" --grace-period=0 --force"),
            (_, Some(0)) => command.push_str(" --now"),
            (_, Some(seconds)) => command.push_str(&format!(" --grace-period={seconds}")),
            _ => {}
        }
        // As kubectl: at once is one second, for the kubelet to end the containers; zero is for force alone.
        let grace = if force {
            Some(0)
        } else {
            grace.map(|seconds| seconds.max(1))
        };
        let uid = item.at("/metadata/uid").and_then(Value::as_str).map(str::to_string);
        let edit = Edit::Delete { cascade, grace, uid };
        Ok(vec![item.change(edit, command)])
    }
}

/// What a deletion leads to that a person may not expect.
fn warnings(item: &Item, cx: &LayerCx) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut warn = |text: String| lines.push(warning(&text));
    let owners = item.at("/metadata/ownerReferences").and_then(Value::as_array);
    let controller = owners
        .into_iter()
        .flatten()
        .find(|owner| owner.get("controller").and_then(Value::as_bool) == Some(true));
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_string();
    if let Some(owner) = controller {
        let name = format!("{}/{}", text(owner.get("kind")).to_lowercase(), text(owner.get("name")));
        warn(
            cx.lang
                .f("dialog.delete.owned", &[("what", &item.full_name()), ("owner", &name)]),
        );
    }
    let finalizers = item.at("/metadata/finalizers").and_then(Value::as_array);
    let names: Vec<&str> = finalizers.into_iter().flatten().filter_map(Value::as_str).collect();
    if !names.is_empty() {
        let key = match item.at("/metadata/deletionTimestamp") {
            Some(_) => "dialog.delete.hangs",
            None => "dialog.delete.finalizers",
        };
        warn(
            cx.lang
                .f(key, &[("what", &item.full_name()), ("names", &names.join(", "))]),
        );
    }
    lines
}
