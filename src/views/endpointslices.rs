//! EndpointSlices.

use super::common::{age, column, count, key, name, one, text, tone};
use crate::core::resource::Resource;
use crate::core::view::{Cell, Column, View, Width};
use crate::model::{EndpointSlice, Health, Projection, decode};

/// The view.
pub static VIEW: View<EndpointSlice> = View {
    resource: Resource::known("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", &[], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<EndpointSlice>,
    sort: None,
    enter: |row| {
        row.service()
            .map(|service| one("services", row.meta().namespace.as_deref(), service))
    },
};

const COLUMNS: &[Column<EndpointSlice>] = &[
    name(),
    column(
        "ADDRESSTYPE",
        Width::Fit(11),
        |row, _| text(&row.address_type),
        |row| key(&*row.address_type),
    ),
    column(
        "PORTS",
        Width::Fit(30),
        |row, _| text(&row.ports),
        |row| key(&*row.ports),
    ),
    column(
        "ENDPOINTS",
        Width::Marked(60),
        |row, _| endpoints(row),
        |row| count(i32::try_from(row.count).unwrap_or(i32::MAX)),
    ),
    age(),
];

/// Endpoints that take no connections are worth a look.
fn endpoints(slice: &EndpointSlice) -> Cell {
    match slice.health() {
        Health::Good => text(&slice.endpoints),
        health => Cell::toned(slice.endpoints.to_string(), tone(health)),
    }
}
