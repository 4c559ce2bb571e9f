//! Services.

use std::borrow::Cow;

use super::common::{age, column, key, labelled_pods, name, text, tone, wide};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{Projection, Service, decode};

/// The view.
pub static VIEW: View<Service> = View {
    resource: Resource::known("", "v1", "Service", "services", &[Cow::Borrowed("svc")], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Service>,
    sort: None,
    enter: |row| labelled_pods("service", row.meta(), row.selector()),
};

const COLUMNS: &[Column<Service>] = &[
    name(),
    column(
        "TYPE",
        Width::Fit(12),
        |row, _| text(row.r#type()),
        |row| key(row.r#type()),
    ),
    column(
        "CLUSTER-IP",
        Width::Fit(39),
        |row, _| text(row.cluster_ip_text()),
        |row| key(row.cluster_ip_text()),
    ),
    column(
        "EXTERNAL-IP",
        Width::Fit(60),
        |row, _| external_ip(row),
        |row| key(row.external_ip_text()),
    ),
    column(
        "PORT(S)",
        Width::Fit(60),
        |row, _| text(&row.ports_text()),
        |row| key(row.ports_text()),
    ),
    age(),
    wide(
        "SELECTOR",
        Width::Fit(80),
        |row, _| text(&row.selector().format()),
        |row| key(row.selector().format()),
    ),
];

/// A load balancer that waits for an address is worth a look.
fn external_ip(service: &Service) -> Cell {
    match service.external_ip_text() {
        pending if pending == "<pending>" => Cell::toned(pending, tone(service.health())),
        address => text(&address),
    }
}
