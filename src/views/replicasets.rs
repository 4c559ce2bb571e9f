//! ReplicaSets.

use std::borrow::Cow;

use super::common::selected_pods;
use super::replicated::{Replicas, Replicated, columns};
use super::template::Templated;
use crate::core::resource::Resource;
use crate::core::view::{Column, View};
use crate::model::{Containers, Projection, ReplicaSet, decode};

/// The view.
pub static VIEW: View<ReplicaSet> = View {
    resource: Resource::known("apps", "v1", "ReplicaSet", "replicasets", &[Cow::Borrowed("rs")], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<ReplicaSet>,
    sort: None,
    enter: |row| selected_pods("replicaset", row.meta(), &row.selector),
};

const COLUMNS: &[Column<ReplicaSet>] = &columns();

impl Templated for ReplicaSet {
    fn containers(&self) -> &Containers {
        &self.containers
    }

    fn selector_text(&self) -> String {
        self.selector.format()
    }
}

impl Replicated for ReplicaSet {
    fn replicas(&self) -> Replicas {
        Replicas {
            desired: self.desired,
            current: self.current,
            ready: self.ready,
        }
    }
}
