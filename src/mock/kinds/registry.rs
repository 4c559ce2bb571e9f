//! The kinds that are served now: looked up by path, listed for discovery, changed by definitions.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use serde_json::Value;

use super::hash::storage_version_hash;
use super::table::BUILT_IN;
use super::{Kind, Row, Sub, SubRow, custom};

/// The kinds that the server serves. Clones share the same set.
#[derive(Clone, Debug)]
pub struct Registry {
    kinds: Arc<RwLock<Vec<Arc<Kind>>>>,
    changes: Arc<AtomicU64>,
}

impl Default for Registry {
    fn default() -> Self {
        let kinds = BUILT_IN.iter().map(|row| Arc::new(kind_of(row))).collect();
        Self {
            kinds: Arc::new(RwLock::new(kinds)),
            changes: Arc::default(),
        }
    }
}

impl Registry {
    /// Every kind, in discovery's order.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Kind>> {
        self.kinds.read().map(|kinds| kinds.clone()).unwrap_or_default()
    }

    /// The kind at `/apis/group/version/plural`.
    #[must_use]
    pub fn find(&self, group: &str, version: &str, plural: &str) -> Option<Arc<Kind>> {
        self.pick(|kind| kind.group == group && kind.version == version && kind.plural == plural)
    }

    /// The kind that an object names by `apiVersion` and `kind`.
    #[must_use]
    pub fn of_object(&self, api_version: &str, kind: &str) -> Option<Arc<Kind>> {
        self.pick(|known| known.kind == kind && known.api_version() == api_version)
    }

    /// The first kind whose objects are kept in a table.
    #[must_use]
    pub fn of_table(&self, table: &str) -> Option<Arc<Kind>> {
        self.pick(|kind| kind.table == table)
    }

    /// The first kind that a CustomResourceDefinition of this name defines.
    #[must_use]
    pub fn of_definition(&self, name: &str) -> Option<Arc<Kind>> {
        self.pick(|kind| is_defined_by(kind, name))
    }

    fn pick(&self, wanted: impl Fn(&Kind) -> bool) -> Option<Arc<Kind>> {
        self.kinds.read().ok()?.iter().find(|kind| wanted(kind)).cloned()
    }

    /// Serves the metrics API, or serves it no more.
    pub fn serve_metrics(&self, serve: bool) {
        let served = self.find(METRICS, "v1beta1", "nodes").is_some();
        if served == serve {
            return;
        }
        self.change(|kinds| {
            kinds.retain(|kind| kind.group != METRICS);
            if serve {
                let both = [
                    measured("NodeMetrics", "nodes", false),
                    measured("PodMetrics", "pods", true),
                ];
                kinds.extend(both.map(Arc::new));
            }
        });
    }

    /// How often the kinds have changed.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// Changes the kinds at once, so that nobody sees them half changed.
    fn change(&self, change: impl FnOnce(&mut Vec<Arc<Kind>>)) {
        if let Ok(mut kinds) = self.kinds.write() {
            change(&mut kinds);
            self.changes.fetch_add(1, Ordering::Release);
        }
    }

    /// Serves what a CustomResourceDefinition defines, in place of what an older form of it did.
    pub fn define(&self, definition: &Value) {
        let name = definition["metadata"]["name"].as_str().unwrap_or_default();
        let defined = custom::kinds_of(definition);
        self.change(|kinds| {
            kinds.retain(|kind| !is_defined_by(kind, name));
            kinds.extend(defined.into_iter().map(Arc::new));
        });
    }

    /// Serves a CustomResourceDefinition's kinds no more.
    pub fn undefine(&self, name: &str) {
        self.change(|kinds| kinds.retain(|kind| !is_defined_by(kind, name)));
    }
}

fn is_defined_by(kind: &Kind, definition: &str) -> bool {
    kind.custom
        .as_ref()
        .is_some_and(|custom| custom.definition == definition)
}

const METRICS: &str = "metrics.k8s.io";

fn measured(kind: &str, plural: &str, namespaced: bool) -> Kind {
    Kind {
        group: METRICS.to_owned(),
        version: "v1beta1".to_owned(),
        kind: kind.to_owned(),
        plural: plural.to_owned(),
        singular: String::new(),
        namespaced,
        verbs: texts(&["get", "list"]),
        short: Vec::new(),
        categories: Vec::new(),
        subresources: Vec::new(),
        table: format!("{plural}.{METRICS}"),
        storage_hash: String::new(),
        custom: None,
    }
}

fn kind_of(row: &Row) -> Kind {
    let (group, version) = match (row.group, row.plural) {
        // Events of both groups are the same objects, stored in the core group's form.
        ("events.k8s.io", "events") => ("", "v1"),
        ("autoscaling", _) => ("autoscaling", "v2"),
        _ => (row.group, row.version),
    };
    let stored = row.verbs.contains(&"watch");
    Kind {
        group: row.group.to_owned(),
        version: row.version.to_owned(),
        kind: row.kind.to_owned(),
        plural: row.plural.to_owned(),
        singular: row.singular.to_owned(),
        namespaced: row.namespaced,
        verbs: texts(row.verbs),
        short: texts(row.short),
        categories: texts(row.categories),
        subresources: row.subresources.iter().map(sub_of).collect(),
        table: if group.is_empty() {
            row.plural.to_owned()
        } else {
            format!("{}.{group}", row.plural)
        },
        storage_hash: if stored {
            storage_version_hash(group, version, row.kind)
        } else {
            String::new()
        },
        custom: None,
    }
}

fn sub_of(row: &SubRow) -> Sub {
    Sub {
        name: row.name.to_owned(),
        group: row.group.to_owned(),
        version: row.version.to_owned(),
        kind: row.kind.to_owned(),
        verbs: texts(row.verbs),
    }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}
