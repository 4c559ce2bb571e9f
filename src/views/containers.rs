//! Containers: of one pod where Enter led there, else of all pods.

use std::borrow::Cow;
use std::sync::Arc;

use super::common::{column, flag, key, text, tone, wide};
use crate::core::derived::{Derivation, Derived};
use crate::core::order::Sort;
use crate::core::resource::Resource;
use crate::core::text::Tone;
use crate::core::view::{Cell, Column, Object, Shared, SortKey, Width};
use crate::model::{Container, Health, Meta, Projection, age};

impl Object for Container {
    fn meta(&self) -> &Meta {
        self.meta()
    }

    fn health(&self) -> Health {
        self.health()
    }
}

/// The view. It opens in the order in which the containers start.
pub static VIEW: Derived<Container> = Derived {
    resource: Resource::known("", "", "Container", "containers", &[Cow::Borrowed("co")], true),
    columns: COLUMNS,
    sort: Some(Sort {
        column: 2,
        descending: false,
    }),
    derivation: Derivation {
        of: "pods",
        rows: |raw| {
            let rows = Container::of_pod(raw)?;
            Ok(rows.into_iter().map(|row| Arc::new(row) as Shared).collect())
        },
        owner: |row| {
            let row = (row as &dyn std::any::Any).downcast_ref::<Container>()?;
            Some(row.pod().clone() as Shared)
        },
    },
};

const COLUMNS: &[Column<Container>] = &[
    column(
        "NAME",
        Width::Fit(63),
        |row, _| Cell::plain(row.name().to_owned()),
        |row| SortKey::text(row.name()),
    ),
    wide(
        "POD",
        Width::Fit(63),
        |row, _| text(&Projection::meta(&**row.pod()).name),
        |row| key(Projection::meta(&**row.pod()).name.clone()),
    ),
    column(
        "TYPE",
        Width::Fit(9),
        |row, _| Cell::toned(row.role().text(), Tone::Muted),
        |row| SortKey::text(format!("{}/{}", Projection::meta(&**row.pod()).name, row.place())),
    ),
    column(
        "READY",
        Width::Fit(5),
        |row, _| flag(row.is_ready()),
        |row| SortKey::count(row.is_ready().into()),
    ),
    column(
        "STATE",
        Width::Marked(48),
        |row, _| Cell::toned(row.state().text(), tone(row.health())),
        |row| key(row.state().text()),
    ),
    column(
        "RESTARTS",
        Width::Fit(20),
        |row, clock| Cell::plain(row.restarts_text(clock.now)),
        |row| SortKey::count(row.restarts().into()),
    ),
    column(
        "AGE",
        Width::Age,
        |row, clock| match row.state().since() {
            Some(since) => Cell::toned(age::since(Some(since), clock.now), Tone::Muted),
            None => Cell::toned("", Tone::Muted),
        },
        |row| SortKey::age(row.state().since()),
    ),
    column(
        "IMAGE",
        Width::Fit(60),
        |row, _| text(row.image()),
        |row| key(row.image()),
    ),
    column(
        "PROBES",
        Width::Fit(32),
        |row, _| Cell::or_none(row.probes_text()),
        |row| key(row.probes_text()),
    ),
    column(
        "PORTS",
        Width::Fit(40),
        |row, _| Cell::or_none(row.ports_text()),
        |row| key(row.ports_text()),
    ),
    column(
        "REQUESTS",
        Width::Fit(40),
        |row, _| Cell::or_none(&row.requests_text()),
        |row| key(row.requests_text()),
    ),
    column(
        "LIMITS",
        Width::Fit(40),
        |row, _| Cell::or_none(&row.limits_text()),
        |row| key(row.limits_text()),
    ),
];
