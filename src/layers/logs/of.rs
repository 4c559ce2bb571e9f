//! Whose logs are shown, and the watches that find the pods.

use serde_json::Value;

use super::super::watched;
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::jump::Scope;
use crate::core::layer::LayerCx;
use crate::core::request::shell;
use crate::core::resource::Resource;
use crate::core::store::{Store, Sync, Table};
use crate::core::text::clean;
use crate::core::watch::WatchSpec;
use crate::describe::Read;
use crate::model::{LabelSelector, Labels, Selector};
use crate::relations::Reference;
use crate::relations::kinds::{CRON_JOB, JOB, POD, SERVICE};

/// Whose logs are shown.
#[derive(Clone, Debug)]
pub enum Of {
    /// One pod's: of these containers, of all where none are named.
    Pod {
        /// The pod.
        pod: Reference,
        /// The containers.
        containers: Vec<String>,
    },
    /// Those of all pods of a workload, or behind a service.
    Object(Reference),
    /// Those of all pods that a selector takes.
    Labels(Scope, String),
}

impl Of {
    /// Whether a kind has logs: it is a pod, makes pods, or leads to them.
    pub fn has_logs(resource: &Resource) -> bool {
        matches!(
            (resource.group.as_ref(), resource.kind.as_ref()),
            ("", "Pod" | "Service" | "ReplicationController")
                | ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
                | ("batch", "Job" | "CronJob")
        )
    }

    /// As a person names it: `pod/web-0`, `deployment/web`, `-l app=web`.
    pub fn name(&self) -> String {
        let name = match self {
            Self::Pod { pod, containers } => match containers.as_slice() {
                [] => format!("pod/{}", pod.name),
                names => format!("pod/{} {}", pod.name, names.join(" ")),
            },
            Self::Object(object) => format!("{}/{}", object.resource.singular(), object.name),
            Self::Labels(_, labels) => format!("-l {labels}"),
        };
        clean(&name).into_owned()
    }

    /// The namespace, where it is one.
    pub fn namespace(&self) -> Option<&str> {
        match self {
            Self::Pod { pod: object, .. } | Self::Object(object) => object.namespace.as_deref(),
            Self::Labels(scope, _) => scope.single(),
        }
    }

    /// The beginning of the kubectl command that does the same.
    pub fn kubectl(&self) -> Vec<String> {
        let mut command = vec!["kubectl logs".to_string()];
        match self {
            Self::Pod { pod, containers } => {
                command.push(shell(&pod.name));
                match containers.as_slice() {
                    [one] => command.push(format!("-c {}", shell(one))),
                    _ => command.push("--all-containers".to_string()),
                }
            }
            Self::Object(object) => {
                command.push(format!("{}/{}", object.resource.singular(), shell(&object.name)));
                command.push("--all-pods --all-containers".to_string());
            }
            Self::Labels(_, labels) => command.push(format!("-l {} --all-containers", shell(labels))),
        }
        command.extend(self.namespace().map(|namespace| format!("-n {}", shell(namespace))));
        command
    }
}

/// Finds the pods of one of those whose logs are shown, for as long as these are.
pub struct Finder {
    /// Whose.
    pub of: Of,
    object: Option<WatchId>,
    jobs: Option<WatchId>,
    pods: Option<WatchId>,
    labels: Option<String>,
}

impl Finder {
    /// A finder that has not begun.
    pub fn new(of: Of) -> Self {
        Self {
            of,
            object: None,
            jobs: None,
            pods: None,
            labels: None,
        }
    }

    /// What to ask for first.
    pub fn open(&mut self, cx: &LayerCx) -> Vec<Effect> {
        match self.of.clone() {
            Of::Pod { pod, .. } => {
                let spec = WatchSpec::object(POD.clone(), pod.namespace.as_deref(), &pod.name);
                vec![watch(&mut self.pods, spec, cx)]
            }
            Of::Labels(scope, labels) => {
                let mut spec = WatchSpec::all(POD.clone(), scope, crate::core::watch::Decoder::Whole);
                spec.labels = Some(labels);
                vec![watch(&mut self.pods, spec, cx)]
            }
            Of::Object(object) => {
                let (resource, namespace) = (object.resource.clone(), object.namespace.as_deref());
                let spec = WatchSpec::object(resource, namespace, &object.name);
                vec![watch(&mut self.object, spec, cx)]
            }
        }
    }

    /// Looks whether the object takes other pods now. Answers what more to ask for.
    pub fn refresh(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let Of::Object(object) = &self.of else {
            return Vec::new();
        };
        let Some(value) = first(self.object, cx.store) else {
            return Vec::new();
        };
        let labels = labels(object, value);
        if labels == self.labels || labels.is_none() {
            return Vec::new();
        }
        let scope = object.namespace.as_ref().map_or(Scope::All, Scope::one);
        let mut effects: Vec<Effect> = self.pods.take().into_iter().map(Effect::Unwatch).collect();
        if object.resource.is_same_kind(&CRON_JOB) && self.jobs.is_none() {
            let spec = WatchSpec::all(JOB.clone(), scope.clone(), crate::core::watch::Decoder::Whole);
            effects.push(watch(&mut self.jobs, spec, cx));
        }
        let mut spec = WatchSpec::all(POD.clone(), scope, crate::core::watch::Decoder::Whole);
        spec.labels = labels.clone();
        self.labels = labels;
        effects.push(watch(&mut self.pods, spec, cx));
        effects
    }

    /// The pods that are there.
    pub fn pods<'a>(&self, store: &'a Store) -> Vec<&'a Value> {
        let all = values(self.pods, store);
        let Some(jobs) = self.jobs else { return all };
        let owner = first(self.object, store).map(|object| object.at("metadata.uid").text());
        let jobs = values(Some(jobs), store);
        let own: Vec<&str> = jobs
            .into_iter()
            .filter(|job| owner.is_some_and(|owner| is_owned(job, owner)))
            .map(|job| job.at("metadata.uid").text())
            .collect();
        all.into_iter()
            .filter(|pod| own.iter().any(|job| is_owned(pod, job)))
            .collect()
    }

    /// The containers that are wanted; all where none are named.
    pub fn containers(&self) -> &[String] {
        match &self.of {
            Of::Pod { containers, .. } => containers,
            _ => &[],
        }
    }

    /// Whether the pods that are not there are gone rather than not come yet.
    pub fn is_sure(&self, store: &Store) -> bool {
        let sure = |watch: Option<WatchId>| watch.and_then(|id| store.get(id)).is_none_or(Table::is_complete);
        self.pods.is_some() && sure(self.pods) && sure(self.jobs)
    }

    /// Whether all that it wants to know has come, or will not.
    pub fn is_ready(&self, store: &Store) -> bool {
        let settled = |id: WatchId| {
            let table = store.get(id);
            table.is_some_and(|table| table.is_complete() || table.has_failed())
        };
        let waits = self.pods.is_none() && self.object.is_some_and(|id| first(Some(id), store).is_some());
        !waits && self.watches().into_iter().all(settled)
    }

    /// Why its pods are not known.
    pub fn trouble(&self, cx: &LayerCx) -> Option<String> {
        self.watches()
            .into_iter()
            .find_map(|id| match cx.store.get(id)?.sync() {
                Sync::Stale { why, .. } => Some(cx.lang.trouble(why)),
                _ => None,
            })
    }

    /// Its watches.
    pub fn watches(&self) -> Vec<WatchId> {
        [self.object, self.jobs, self.pods].into_iter().flatten().collect()
    }
}

fn watch(place: &mut Option<WatchId>, spec: WatchSpec, cx: &LayerCx) -> Effect {
    let id = cx.ids.watch();
    *place = Some(id);
    Effect::Watch(id, spec)
}

fn values(watch: Option<WatchId>, store: &Store) -> Vec<&Value> {
    let table = watch.and_then(|watch| store.get(watch));
    let rows = table.map(Table::rows).unwrap_or_default();
    rows.iter()
        .filter(|row| !row.is_gone())
        .filter_map(watched::value)
        .collect()
}

fn first(watch: Option<WatchId>, store: &Store) -> Option<&Value> {
    values(watch, store).into_iter().next()
}

fn is_owned(object: &Value, uid: &str) -> bool {
    let owners = object.at("metadata.ownerReferences").list();
    !uid.is_empty() && owners.iter().any(|owner| owner.key("uid").text() == uid)
}

/// The selector of the object's pods, as kubectl finds it (`SelectorsForObject` in its polymorphichelpers). None where it
/// takes no pods; never one that takes all.
fn labels(object: &Reference, value: &Value) -> Option<String> {
    let selector = value.at("spec.selector");
    let by_labels = object.resource.is_same_kind(&SERVICE) || object.resource.kind == "ReplicationController";
    let text = if object.resource.is_same_kind(&CRON_JOB) {
        // The jobs' controller gives this label to every pod of a job.
        "job-name".to_string()
    } else if by_labels {
        let labels: Labels = serde_json::from_value(selector.clone()).unwrap_or_default();
        Selector::of(&labels).to_string()
    } else {
        let selector: LabelSelector = serde_json::from_value(selector.clone()).unwrap_or_default();
        selector.selector().map(ToString::to_string).unwrap_or_default()
    };
    Some(text).filter(|text| !text.is_empty())
}
