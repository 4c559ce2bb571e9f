//! Take a workload back to a revision: as `kubectl rollout undo`.

use serde_json::Value;

use super::{dialog, follow, of_kinds, one, patch_right, warning};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::request::Request;
use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong, listed};
use crate::layers::rollout::history_query;
use crate::model::rollout::{NoUndo, Revision, Undo, previous, revisions, undo};

/// Undo a rollout.
pub struct RolloutUndo;

impl Action for RolloutUndo {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "rollout_undo",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        one(cx)?;
        of_kinds(cx, follow::KINDS, Reason("no_rollout"))
    }

    fn needs(&self, target: &Target) -> Vec<Need> {
        patch_right(target)
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, UndoPlan)
    }
}

struct UndoPlan;

/// The revisions, from the one answer that there is.
fn known(item: &Item, answers: &[Option<Value>]) -> Vec<Revision> {
    revisions(&item.object, listed(answers))
}

/// The number that was chosen; 0 for the one before the newest.
fn chosen(draft: &Draft) -> i64 {
    draft.form.text("revision").parse().unwrap_or(0)
}

impl Plan for UndoPlan {
    fn id(&self) -> &'static str {
        "rollout_undo"
    }

    fn asks(&self, items: &[Item]) -> Vec<Request> {
        let list = |item: &Item| {
            let query = history_query(&item.object, &item.resource)?;
            Some(Request::List {
                resource: query.resource,
                namespace: query.namespace,
                labels: query.labels,
                fields: None,
            })
        };
        items.iter().filter_map(list).collect()
    }

    fn controls(&self, items: &[Item], answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let Some(item) = items.first() else { return Vec::new() };
        let all = known(item, answers);
        let mut options = vec![("0".to_string(), cx.lang.t("dialog.rollout_undo.previous"))];
        let others = all.iter().rev().filter(|revision| !revision.is_current);
        options.extend(others.map(|revision| (revision.number.to_string(), revision.number.to_string())));
        let mut controls = vec![Control::choice(
            "revision",
            cx.lang.t("dialog.rollout_undo.revision"),
            options,
        )];
        controls.extend(follow::control(items, cx));
        controls
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        let Some(item) = draft.items.first() else {
            return Vec::new();
        };
        if draft.answers.iter().any(Option::is_none) {
            return vec![warning(&cx.lang.t("dialog.rollout_undo.refused"))];
        }
        let all = known(item, draft.answers);
        let to = chosen(draft);
        let found = match to {
            0 => previous(&all),
            to => all.iter().find(|revision| revision.number == to),
        };
        let mut lines = Vec::new();
        if let Some(revision) = found {
            let cause = if revision.cause.is_empty() {
                "<none>"
            } else {
                &revision.cause
            };
            let number = revision.number.to_string();
            let args = [
                ("number", number.as_str()),
                ("cause", cause),
                ("images", &revision.images.join(", ")),
            ];
            let text = cx.lang.f("dialog.rollout_undo.about", &args);
            lines.push(Line::of([Span::new(clean(&text).into_owned(), Tone::Label)]));
        }
        if undo(&item.object, &all, to) == Ok(Undo::Skipped) {
            let args = [("number", to.to_string())];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
            lines.push(warning(&cx.lang.f("dialog.rollout_undo.skipped", &args)));
        }
        lines
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let to = chosen(draft);
        let edit = match undo(&item.object, &known(item, draft.answers), to) {
            Ok(Undo::Json(patch)) => Edit::Json(patch),
            Ok(Undo::Strategic(patch)) => Edit::Strategic(patch),
            Ok(Undo::Skipped) => return Ok(Vec::new()),
            Err(why) => return Err(Wrong::whole(refusal(why, item, cx))),
        };
        let mut command = item.kubectl("rollout undo");
        if to != 0 {
            command.push_str(&format!(" --to-revision={to}"));
        }
        Ok(vec![item.change(edit, command)])
    }

    fn after(&self, draft: &Draft, _cx: &LayerCx) -> Next {
        follow::after(draft)
    }
}

/// What kubectl says, and what to do.
fn refusal(why: NoUndo, item: &Item, cx: &LayerCx) -> String {
    let what = item.full_name();
    match why {
        NoUndo::Paused => cx.lang.f("dialog.rollout_undo.paused", &[("what", &what)]),
        NoUndo::NoHistory => cx.lang.f("dialog.rollout_undo.no_history", &[("what", &what)]),
        NoUndo::NotFound(number) => cx
            .lang
            .f("dialog.rollout_undo.not_found", &[("number", &number.to_string())]),
    }
}
