//! Events, the newest first.

use std::borrow::Cow;

use super::common::{column, count, key, referred, text, tone, wide};
use crate::core::order::Sort;
use crate::core::resource::Resource;
use crate::core::text::Tone;
use crate::core::view::{Cell, Column, SortKey, View, Width};
use crate::model::{Event, Projection, decode};

/// The view.
pub static VIEW: View<Event> = View {
    resource: Resource::known("", "v1", "Event", "events", &[Cow::Borrowed("ev")], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<Event>,
    sort: Some(Sort {
        column: 0,
        descending: false,
    }),
    enter: |row| {
        let about = row.involved();
        let namespace = Some(about.namespace.as_str()).filter(|namespace| !namespace.is_empty());
        (!about.name.is_empty()).then(|| referred(&about.api_version, &about.kind, namespace, &about.name))
    },
};

const COLUMNS: &[Column<Event>] = &[
    column(
        "LAST SEEN",
        Width::Age,
        |row, clock| Cell::toned(row.last_seen_text(clock.now), Tone::Muted),
        |row| SortKey::age(row.last_seen()),
    ),
    column(
        "TYPE",
        Width::Marked(9),
        |row, _| Cell::toned(row.r#type().to_owned(), tone(row.health())),
        |row| key(row.r#type()),
    ),
    column(
        "REASON",
        Width::Fit(30),
        |row, _| text(row.reason()),
        |row| key(row.reason()),
    ),
    column(
        "OBJECT",
        Width::Fit(80),
        |row, _| text(&row.object_text()),
        |row| key(row.object_text()),
    ),
    wide(
        "SUBOBJECT",
        Width::Fit(40),
        |row, _| text(row.subobject()),
        |row| key(row.subobject()),
    ),
    wide(
        "SOURCE",
        Width::Fit(50),
        |row, _| text(row.source()),
        |row| key(row.source()),
    ),
    column(
        "MESSAGE",
        Width::Rest,
        |row, _| text(row.message()),
        |row| key(row.message()),
    ),
    wide(
        "FIRST SEEN",
        Width::Age,
        |row, clock| Cell::toned(row.first_seen_text(clock.now), Tone::Muted),
        |row| SortKey::age(row.first_seen()),
    ),
    wide(
        "COUNT",
        Width::Fit(6),
        |row, _| Cell::number(row.count().into()),
        |row| count(row.count()),
    ),
    wide(
        "NAME",
        Width::Fit(80),
        |row, _| text(&row.meta().name),
        |row| key(&*row.meta().name),
    ),
];
