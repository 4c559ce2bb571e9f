//! NetworkPolicies.

use std::borrow::Cow;

use super::common::{age, column, key, name, selected_pods, text};
use crate::core::resource::Resource;
use crate::core::view::{Column, View, Width};
use crate::model::{NetworkPolicy, Projection, decode};

/// The view.
pub static VIEW: View<NetworkPolicy> = View {
    resource: Resource::known(
        "networking.k8s.io",
        "v1",
        "NetworkPolicy",
        "networkpolicies",
        &[Cow::Borrowed("netpol")],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<NetworkPolicy>,
    sort: None,
    enter: |row| selected_pods("networkpolicy", row.meta(), &row.pod_selector),
};

const COLUMNS: &[Column<NetworkPolicy>] = &[
    name(),
    column(
        "POD-SELECTOR",
        Width::Fit(80),
        |row, _| text(&row.pod_selector.format()),
        |row| key(row.pod_selector.format()),
    ),
    age(),
];
