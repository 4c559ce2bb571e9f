//! What a rollout is made of, as watches: the workload, what keeps its revisions, and its pods.

use serde_json::Value;

use crate::core::action::Target;
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::layer::LayerCx;
use crate::core::resource::Resource;
use crate::core::store::{Row, Store, Sync, Table};
use crate::core::text::clean;
use crate::core::watch::WatchSpec;
use crate::layers::watched::value;
use crate::relations::{Query, kinds, read};

/// The objects that keep a workload's revisions: ReplicaSets for a Deployment, else ControllerRevisions. None where its
/// selector selects nothing that can be asked for.
pub fn history_query(workload: &Value, resource: &Resource) -> Option<Query> {
    let keeps = if resource.kind == "Deployment" {
        &kinds::REPLICA_SET
    } else {
        &kinds::CONTROLLER_REVISION
    };
    of_selector(workload, keeps)
}

fn of_selector(workload: &Value, resource: &Resource) -> Option<Query> {
    let selector = read::selector(workload, "/spec/selector");
    let namespace = read::some(read::namespace(workload));
    Some(Query {
        labels: Some(selector.selector()?.to_string()),
        ..Query::all(resource.clone(), namespace)
    })
}

/// The workload and what belongs to it.
pub struct Parts {
    /// The workload's resource.
    pub resource: Resource,
    namespace: Option<String>,
    name: String,
    object: Option<WatchId>,
    history: Option<(Query, WatchId)>,
    pods: Option<(Query, WatchId)>,
    with_pods: bool,
}

impl Parts {
    /// Of a row of the cluster.
    pub fn new(target: &Target, resource: &Resource, with_pods: bool) -> Self {
        let meta = target.row.meta();
        Self {
            resource: resource.clone(),
            namespace: meta.namespace.as_deref().map(str::to_string),
            name: meta.name.to_string(),
            object: None,
            history: None,
            pods: None,
            with_pods,
        }
    }

    /// `deployment/web`.
    pub fn title(&self) -> String {
        clean(&format!("{}/{}", self.resource.singular(), self.name)).into_owned()
    }

    /// Watches the workload.
    pub fn open(&mut self, cx: &LayerCx) -> Vec<Effect> {
        let id = cx.ids.watch();
        self.object = Some(id);
        let spec = WatchSpec::object(self.resource.clone(), self.namespace.as_deref(), &self.name);
        vec![Effect::Watch(id, spec)]
    }

    /// Watches what belongs to the workload, as its selector says now.
    pub fn follow(&mut self, object: &Value, cx: &LayerCx) -> Vec<Effect> {
        let history = history_query(object, &self.resource);
        let pods = of_selector(object, &kinds::POD).filter(|_| self.with_pods);
        let mut effects = Vec::new();
        for (place, wanted) in [(&mut self.history, history), (&mut self.pods, pods)] {
            if place.as_ref().map(|(query, _)| query) == wanted.as_ref() {
                continue;
            }
            effects.extend(place.take().map(|(_, id)| Effect::Unwatch(id)));
            if let Some(query) = wanted {
                let id = cx.ids.watch();
                effects.push(Effect::Watch(id, query.spec()));
                *place = Some((query, id));
            }
        }
        effects
    }

    /// Watches nothing any more.
    pub fn close(&mut self) -> Vec<Effect> {
        let ids = self.watches();
        (self.object, self.history, self.pods) = (None, None, None);
        ids.into_iter().map(Effect::Unwatch).collect()
    }

    /// The workload, once it has come.
    pub fn object<'a>(&self, store: &'a Store) -> Option<&'a Value> {
        let row = store.get(self.object?)?.rows().first().filter(|row| !row.is_gone())?;
        value(row)
    }

    /// Why there is no workload: it is gone, or the server refuses it. Nothing while it is on its way.
    pub fn lacking(&self, cx: &LayerCx) -> Option<String> {
        let table = cx.store.get(self.object?)?;
        match table.sync() {
            Sync::Stale { why, .. } if table.has_failed() => Some(cx.lang.trouble(why)),
            _ if table.is_complete() => Some(cx.lang.t("text.gone")),
            _ => None,
        }
    }

    /// What keeps its revisions, as far as it has come.
    pub fn history<'a>(&self, store: &'a Store) -> Vec<&'a Value> {
        values(self.history.as_ref(), store)
    }

    /// Why its revisions cannot be seen.
    pub fn refused(&self, cx: &LayerCx) -> Option<String> {
        let table = cx.store.get(self.history.as_ref()?.1)?;
        match table.sync() {
            Sync::Stale { why, .. } if table.has_failed() => Some(cx.lang.trouble(why)),
            _ => None,
        }
    }

    /// Its pods, as far as they have come.
    pub fn pods<'a>(&self, store: &'a Store) -> Vec<&'a Value> {
        values(self.pods.as_ref(), store)
    }

    /// The watches that are open.
    pub fn watches(&self) -> Vec<WatchId> {
        let others = [&self.history, &self.pods].into_iter().flatten().map(|(_, id)| *id);
        self.object.into_iter().chain(others).collect()
    }

    /// A number that changes whenever anything does.
    pub fn generation(&self, store: &Store) -> u64 {
        let tables = self.watches().into_iter().filter_map(|id| store.get(id));
        tables.map(Table::generation).fold(0, u64::wrapping_add)
    }

    /// Whether everything has come, or was refused.
    pub fn is_ready(&self, store: &Store) -> bool {
        let settled = |table: &Table| table.is_complete() || table.has_failed();
        self.watches().into_iter().all(|id| store.get(id).is_some_and(settled))
    }
}

fn values<'a>(watched: Option<&(Query, WatchId)>, store: &'a Store) -> Vec<&'a Value> {
    let table = watched.and_then(|(_, id)| store.get(*id));
    let rows = table.map(Table::rows).unwrap_or_default().iter();
    rows.filter(|row: &&Row| !row.is_gone()).filter_map(value).collect()
}
