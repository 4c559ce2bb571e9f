//! The contexts of the kubeconfig: no objects of a cluster, but chosen like them.

use super::common::tone;
use crate::core::jump::Jump;
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, Object, SortKey, Tier, View, Width};
use crate::model::{Health, Meta, decode};

/// A context of the kubeconfig.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Context {
    /// Only the name is set, and the uid is the name.
    pub metadata: Meta,
    /// Whether it is the one that is open.
    pub current: bool,
    /// The cluster's name.
    pub cluster: String,
    /// The server's address.
    pub server: String,
    /// The user's name.
    pub user: String,
    /// The namespace it sets; empty where it sets none.
    pub namespace: String,
}

impl crate::model::Projection for Context {
    const KIND: &'static str = "Context";

    fn meta(&self) -> &Meta {
        &self.metadata
    }

    fn health(&self) -> Health {
        if self.current { Health::Good } else { Health::Neutral }
    }
}

/// The view. It has no version: no API serves it.
pub static VIEW: View<Context> = View {
    resource: Resource::known(
        "",
        "",
        "Context",
        "contexts",
        &[std::borrow::Cow::Borrowed("ctx")],
        false,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Context>,
    sort: None,
    enter: |context| {
        Some(Jump {
            context: Some(context.metadata.name.to_string()),
            ..Jump::to("pods")
        })
    },
};

const fn text(
    title: &'static str,
    cell: fn(&Context, &crate::core::clock::Clock) -> Cell,
    sort: fn(&Context) -> SortKey<'_>,
) -> Column<Context> {
    Column {
        title,
        width: Width::Fit(60),
        tier: Tier::Always,
        cell,
        sort,
    }
}

const COLUMNS: &[Column<Context>] = &[
    super::common::name(),
    Column {
        title: "CURRENT",
        width: Width::Fit(7),
        tier: Tier::Always,
        cell: |context, _| Cell::toned(if context.current { "*" } else { "" }, tone(context.health())),
        sort: |context| SortKey::count(i64::from(!context.current)),
    },
    text(
        "CLUSTER",
        |context, _| Cell::plain(context.cluster.clone()),
        |context| SortKey::text(context.cluster.as_str()),
    ),
    text(
        "USER",
        |context, _| Cell::plain(context.user.clone()),
        |context| SortKey::text(context.user.as_str()),
    ),
    text(
        "NAMESPACE",
        |context, _| Cell::plain(context.namespace.clone()),
        |context| SortKey::text(context.namespace.as_str()),
    ),
    Column {
        title: "SERVER",
        width: Width::Fit(80),
        tier: Tier::Wide,
        cell: |context, _| Cell::plain(context.server.clone()),
        sort: |context| SortKey::text(context.server.as_str()),
    },
];
