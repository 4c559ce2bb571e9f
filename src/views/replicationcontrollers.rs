//! ReplicationControllers.

use std::borrow::Cow;

use super::common::labelled_pods;
use super::replicated::{Replicas, Replicated, columns};
use super::template::Templated;
use crate::core::resource::Resource;
use crate::core::view::{Column, View};
use crate::model::{Containers, Projection, ReplicationController, decode};

/// The view.
pub static VIEW: View<ReplicationController> = View {
    resource: Resource::known(
        "",
        "v1",
        "ReplicationController",
        "replicationcontrollers",
        &[Cow::Borrowed("rc")],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<ReplicationController>,
    sort: None,
    enter: |row| labelled_pods("replicationcontroller", row.meta(), &row.selector),
};

const COLUMNS: &[Column<ReplicationController>] = &columns();

impl Templated for ReplicationController {
    fn containers(&self) -> &Containers {
        &self.containers
    }

    fn selector_text(&self) -> String {
        self.selector.format()
    }
}

impl Replicated for ReplicationController {
    fn replicas(&self) -> Replicas {
        Replicas {
            desired: self.desired,
            current: self.current,
            ready: self.ready,
        }
    }
}
