//! Start a job of a cronjob by hand: as `kubectl create job --from=cronjob/NAME`.

use serde_json::{Map, Value, json};

use super::{dialog, of_kinds, one, warning};
use crate::core::access::Need;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::request::shell;
use crate::core::text::Line;
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};
use crate::relations::kinds;

/// Start a job by hand.
pub struct Trigger;

/// The longest name of a job: it becomes a label of its pods.
const LONGEST: usize = 63;

impl Action for Trigger {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "trigger",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        one(cx)?;
        of_kinds(cx, &[("batch", "CronJob")], Reason("not_triggerable"))
    }

    fn needs(&self, _target: &Target) -> Vec<Need> {
        vec![Need::on("create", &kinds::JOB, "")]
    }

    fn start(&self, cx: &Cx) -> Next {
        dialog(cx, TriggerPlan)
    }
}

struct TriggerPlan;

impl Plan for TriggerPlan {
    fn id(&self) -> &'static str {
        "trigger"
    }

    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let name = items.first().map(Item::name).unwrap_or_default();
        let suffix = cx.clock.now.strftime("-manual-%m%d-%H%M%S").to_string();
        let name: String = name.chars().take(LONGEST - suffix.len()).collect();
        let name = format!("{}{suffix}", name.trim_end_matches(['-', '.']));
        vec![Control::text("name", cx.lang.t("dialog.trigger.name"), &name)]
    }

    fn notes(&self, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
        let is_suspended = |item: &&Item| item.at("/spec/suspend").and_then(Value::as_bool) == Some(true);
        let note = |item: &Item| warning(&cx.lang.f("dialog.trigger.suspended", &[("what", &item.full_name())]));
        draft.items.iter().filter(is_suspended).map(note).collect()
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let name = draft.form.text("name");
        if !is_name(name) {
            return Err(Wrong::at("name", cx.lang.t("dialog.trigger.bad_name")));
        }
        let command = format!(
            "kubectl create job {} --from={}{}",
            shell(name),
            item.kubectl_name(),
            item.kubectl_namespace()
        );
        let edit = Edit::Create(job(item, name));
        Ok(vec![Change::of(&kinds::JOB, item.namespace(), name, edit, command)])
    }
}

/// The job that `createJobWithCronJob` in kubectl's `create_job.go` makes.
fn job(item: &Item, name: &str) -> Value {
    let template = |field: &str| item.at(&format!("/spec/jobTemplate{field}"));
    let mut annotations = Map::new();
    annotations.insert("cronjob.kubernetes.io/instantiate".to_string(), "manual".into());
    let own = template("/metadata/annotations").and_then(Value::as_object);
    annotations.extend(
        own.into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.clone())),
    );
    let mut metadata = json!({"name": name, "annotations": annotations, "ownerReferences": [{
        "apiVersion": "batch/v1", "kind": "CronJob", "name": item.name(), "uid": item.at("/metadata/uid"), "controller": true
    }]});
    if let Some(labels) = template("/metadata/labels") {
        metadata["labels"] = labels.clone();
    }
    if let Some(namespace) = item.namespace() {
        metadata["namespace"] = namespace.into();
    }
    json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template("/spec")})
}

/// Whether it is a DNS subdomain (RFC 1123) that fits into a label.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        let ends = |ch: char| ch.is_ascii_lowercase() || ch.is_ascii_digit();
        part.starts_with(ends) && part.ends_with(ends) && part.chars().all(|ch| ends(ch) || ch == '-')
    };
    name.len() <= LONGEST && name.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_the_server_takes() {
        for (name, good) in [
            ("backup-manual-1", true),
            ("a.b", true),
            ("0", true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("a..b", false),
            ("A", false),
            ("a b", false),
            ("a_b", false),
        ] {
            assert_eq!(is_name(name), good, "{name}");
        }
        assert!(is_name(&"a".repeat(63)) && !is_name(&"a".repeat(64)));
    }
}
