//! Which pods of a node go, which stay and which forbid the drain: the filters of kubectl's pkg/drain/filters.go.

use serde_json::Value;

use crate::model::{LabelSelector, Labels};

/// What is switched on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    /// `--ignore-daemonsets`.
    pub daemonsets: bool,
    /// `--delete-emptydir-data`.
    pub emptydir: bool,
    /// `--force`.
    pub force: bool,
}

/// What becomes of a pod. The texts are kubectl's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes; with a warning, if there is one.
    Goes(Option<String>),
    /// It stays, and nothing waits for it; why, if there is something to say.
    Stays(Option<String>),
    /// It forbids the drain: why.
    Forbids(String),
}

/// What is known of the DaemonSet that controls a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// It is there, or nobody has looked.
    There,
    /// It is not there: the server's words.
    Missing(String),
    /// It could not be read: the server's words.
    Unknown(String),
}

/// A PodDisruptionBudget.
#[derive(Clone, Debug)]
pub struct Budget {
    namespace: String,
    /// Its name.
    pub name: String,
    selector: LabelSelector,
    /// How many more pods may be disrupted now.
    pub allowed: i64,
    /// How many pods are healthy.
    pub healthy: i64,
    /// How many have to be.
    pub desired: i64,
}

impl Budget {
    /// Reads a budget.
    pub fn read(object: &Value) -> Self {
        let number = |field: &str| {
            let pointer = format!("/status/{field}");
            object.pointer(&pointer).and_then(Value::as_i64).unwrap_or_default()
        };
        let selector = object.pointer("/spec/selector").cloned().unwrap_or_default();
        Self {
            namespace: text(object, "/metadata/namespace"),
            name: text(object, "/metadata/name"),
            selector: serde_json::from_value(selector).unwrap_or_default(),
            allowed: number("disruptionsAllowed"),
            healthy: number("currentHealthy"),
            desired: number("desiredHealthy"),
        }
    }

    /// Whether it guards a pod. What does not run, or ends already, may always be evicted (`canIgnorePDB` of the API
    /// server).
    pub fn guards(&self, pod: &Pod) -> bool {
        pod.runs && self.namespace == pod.namespace && self.selector.matches(&pod.labels)
    }
}

/// A pod of a node.
#[derive(Clone, Debug)]
pub struct Pod {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its uid.
    pub uid: String,
    /// Kind and name of what controls it.
    pub controller: Option<(String, String)>,
    labels: Labels,
    finished: bool,
    mirror: bool,
    local: bool,
    runs: bool,
}

impl Pod {
    /// Reads a pod.
    pub fn read(object: &Value) -> Self {
        let owners = object.pointer("/metadata/ownerReferences").and_then(Value::as_array);
        let mut owners = owners.into_iter().flatten();
        let controller = owners.find(|owner| owner.get("controller") == Some(&Value::Bool(true)));
        let volumes = object.pointer("/spec/volumes").and_then(Value::as_array);
        let labels = object.pointer("/metadata/labels").cloned().unwrap_or_default();
        let phase = text(object, "/status/phase");
        let is_set = |value: &Value| !value.is_null();
        Self {
            namespace: text(object, "/metadata/namespace"),
            name: text(object, "/metadata/name"),
            uid: text(object, "/metadata/uid"),
            controller: controller.map(|owner| (text(owner, "/kind"), text(owner, "/name"))),
            labels: serde_json::from_value(labels).unwrap_or_default(),
            finished: matches!(phase.as_str(), "Succeeded" | "Failed"),
            mirror: object
                .pointer("/metadata/annotations")
                .and_then(|all| all.get("kubernetes.io/config.mirror"))
                .is_some(),
            local: volumes
                .into_iter()
                .flatten()
                .any(|volume| volume.get("emptyDir").is_some_and(is_set)),
            runs: phase == "Running" && !object.pointer("/metadata/deletionTimestamp").is_some_and(is_set),
        }
    }

    /// `namespace/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// The name of the DaemonSet that controls it, where its being there matters.
    pub fn daemonset(&self) -> Option<&str> {
        let (kind, name) = self.controller.as_ref()?;
        (kind == "DaemonSet" && !self.finished).then_some(name.as_str())
    }

    /// What becomes of it: the filters one after the other, the first that keeps it decides, and of several warnings the
    /// last one stays. kubectl's first filter, for pods that are being deleted, takes nothing without
    /// `--skip-wait-for-delete-timeout`, which is not offered.
    pub fn verdict(&self, keeper: &Keeper, switches: Switches) -> Verdict {
        let mut warning = None;
        if self.daemonset().is_some() {
            match keeper {
                Keeper::Missing(why) if switches.force => warning = Some(why.clone()),
                Keeper::Missing(why) | Keeper::Unknown(why) => return Verdict::Forbids(why.clone()),
                Keeper::There if switches.daemonsets => {
                    return Verdict::Stays(Some("ignoring DaemonSet-managed Pods".into()));
                }
                Keeper::There => {
                    return Verdict::Forbids("DaemonSet-managed Pods (use --ignore-daemonsets to ignore)".into());
                }
            }
        }
        if self.mirror {
            return Verdict::Stays(None);
        }
        if self.local && !self.finished {
            if !switches.emptydir {
                let why = "Pods with local storage (use --delete-emptydir-data to override)";
                return Verdict::Forbids(why.into());
            }
            warning = Some("deleting Pods with local storage".into());
        }
        if self.controller.is_none() && !self.finished {
            if !switches.force {
                let why = "cannot delete Pods that declare no controller (use --force to override)";
                return Verdict::Forbids(why.into());
            }
            warning = Some("deleting Pods that declare no controller".into());
        }
        Verdict::Goes(warning)
    }
}

/// What forbids the drain, each reason with its pods, as `errors` of kubectl's `PodDeleteList` words it.
pub fn errors<'a>(verdicts: impl Iterator<Item = (&'a Pod, Verdict)>) -> Vec<String> {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for (pod, verdict) in verdicts {
        let Verdict::Forbids(why) = verdict else { continue };
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, pods)) => pods.push(pod.full_name()),
            None => reasons.push((why, vec![pod.full_name()])),
        }
    }
    reasons.sort();
    let error = |(why, pods): (String, Vec<String>)| {
        let begun = why.to_lowercase().starts_with("cannot delete");
        format!(
            "{}{why}: {}",
            if begun { "" } else { "cannot delete " },
            pods.join(", ")
        )
    };
    reasons.into_iter().map(error).collect()
}

fn text(object: &Value, pointer: &str) -> String {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pod(owner: Option<&str>, local: bool, phase: &str) -> Pod {
        let owners = owner.map(|kind| json!([{"kind": kind, "name": "o", "controller": true}]));
        let volumes = if local {
            json!([{"name": "x", "emptyDir": {}}, {"name": "y"}])
        } else {
            json!(null)
        };
        Pod::read(
            &json!({"metadata": {"namespace": "shop", "name": "p", "uid": "u", "ownerReferences": owners},
            "spec": {"volumes": volumes}, "status": {"phase": phase}}),
        )
    }

    fn all(daemonsets: bool, emptydir: bool, force: bool) -> Switches {
        Switches {
            daemonsets,
            emptydir,
            force,
        }
    }

    #[test]
    fn filters_follow_kubectl() {
        let goes = |warning: &str| Verdict::Goes((!warning.is_empty()).then(|| warning.to_string()));
        let forbids = |why: &str| Verdict::Forbids(why.to_string());
        let (daemonsets, local, bare) = (
            "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)",
            "Pods with local storage (use --delete-emptydir-data to override)",
            "cannot delete Pods that declare no controller (use --force to override)",
        );
        let missing = Keeper::Missing("daemonsets.apps \"o\" not found".into());
        let there = Keeper::There;
        for (name, pod, keeper, switches, wanted) in [
            (
                "of a set",
                pod(Some("ReplicaSet"), false, "Running"),
                &there,
                all(false, false, false),
                goes(""),
            ),
            (
                "daemon",
                pod(Some("DaemonSet"), false, "Running"),
                &there,
                all(false, false, true),
                forbids(daemonsets),
            ),
            (
                "daemon ignored",
                pod(Some("DaemonSet"), true, "Running"),
                &there,
                all(true, false, false),
                Verdict::Stays(Some("ignoring DaemonSet-managed Pods".into())),
            ),
            (
                "finished daemon",
                pod(Some("DaemonSet"), true, "Failed"),
                &there,
                all(false, false, false),
                goes(""),
            ),
            (
                "orphan",
                pod(Some("DaemonSet"), false, "Running"),
                &missing,
                all(true, true, false),
                forbids("daemonsets.apps \"o\" not found"),
            ),
            (
                "orphan forced",
                pod(Some("DaemonSet"), false, "Running"),
                &missing,
                all(false, false, true),
                goes("daemonsets.apps \"o\" not found"),
            ),
            (
                "local",
                pod(Some("ReplicaSet"), true, "Running"),
                &there,
                all(true, false, true),
                forbids(local),
            ),
            (
                "local told",
                pod(Some("ReplicaSet"), true, "Running"),
                &there,
                all(false, true, false),
                goes("deleting Pods with local storage"),
            ),
            (
                "bare",
                pod(None, false, "Pending"),
                &there,
                all(true, true, false),
                forbids(bare),
            ),
            (
                "bare and local",
                pod(None, true, "Running"),
                &there,
                all(false, true, true),
                goes("deleting Pods that declare no controller"),
            ),
            (
                "local before bare",
                pod(None, true, "Running"),
                &there,
                all(false, false, false),
                forbids(local),
            ),
            (
                "finished",
                pod(None, true, "Succeeded"),
                &there,
                all(false, false, false),
                goes(""),
            ),
        ] {
            assert_eq!(pod.verdict(keeper, switches), wanted, "{name}");
        }
        let mirror = Pod::read(
            &json!({"metadata": {"annotations": {"kubernetes.io/config.mirror": "x"},
            "ownerReferences": [{"kind": "Node", "name": "n", "controller": true}]}}),
        );
        assert_eq!(mirror.verdict(&there, Switches::default()), Verdict::Stays(None));
    }

    #[test]
    fn errors_are_worded_as_kubectl_words_them() {
        let pods = [
            pod(Some("DaemonSet"), false, "Running"),
            pod(None, false, "Running"),
            pod(None, true, "Running"),
            pod(None, false, "Running"),
        ];
        let verdicts = pods
            .iter()
            .map(|pod| (pod, pod.verdict(&Keeper::There, Switches::default())));
        assert_eq!(
            errors(verdicts),
            [
                "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): shop/p",
                "cannot delete Pods with local storage (use --delete-emptydir-data to override): shop/p",
                "cannot delete Pods that declare no controller (use --force to override): shop/p, shop/p",
            ]
        );
    }

    #[test]
    fn a_budget_guards_what_runs_and_is_selected() {
        let budget = |selector: Value| {
            Budget::read(&json!({"metadata": {"namespace": "shop", "name": "b"}, "spec": {"selector": selector}}))
        };
        let web = |phase: &str| {
            Pod::read(&json!({"metadata": {"namespace": "shop", "labels": {"app": "web"}}, "status": {"phase": phase}}))
        };
        for (selector, phase, guarded) in [
            (json!({"matchLabels": {"app": "web"}}), "Running", true),
            (json!({"matchLabels": {"app": "db"}}), "Running", false),
            (json!({}), "Running", true),
            (json!(null), "Running", false),
            (json!({}), "Pending", false),
        ] {
            assert_eq!(
                budget(selector.clone()).guards(&web(phase)),
                guarded,
                "{selector} {phase}"
            );
        }
        assert!(!Budget::read(&json!("nonsense")).guards(&web("Running")));
    }
}
