//! Helm's releases, read from their secrets: the newest revision of each, and all revisions of one. Nothing here changes a
//! release.

use std::borrow::Cow;

mod join;

use self::join::{Newest, Revisions};
use super::common::{key, tone};
use crate::core::columns::Besides;
use crate::core::join::{Feed, Joined, Joining};
use crate::core::jump::Jump;
use crate::core::order::Sort;
use crate::core::resource::Resource;
use crate::core::text::Tone;
use crate::core::view::{Cell, Column, Object, SortKey, View, ViewRef, Width};
use crate::model::{Health, HelmRelease, Projection, decode};

/// The releases, as `helm list` has them.
pub static VIEW: Joined<HelmRelease> = Joined {
    resource: Resource::known(
        "",
        "",
        "Helm",
        "helm",
        &[Cow::Borrowed("releases"), Cow::Borrowed("release")],
        true,
    ),
    columns: RELEASES,
    sort: Some(Sort {
        column: 0,
        descending: false,
    }),
    joining: Joining {
        feeds: FEEDS,
        joiner: || Box::<Newest>::default(),
        object: |_| None,
        resource: Some(&SECRET),
        besides: Besides::Labels,
    },
    enter: |row| Some(history(row)),
};

/// The revisions of releases, as `helm history` has them.
pub static HISTORY: Joined<HelmRelease> = Joined {
    resource: Resource::known("", "", "HelmHistory", "helmhistory", &[], true),
    columns: HISTORY_COLUMNS,
    sort: Some(Sort {
        column: 1,
        descending: true,
    }),
    joining: Joining {
        feeds: FEEDS,
        joiner: || Box::<Revisions>::default(),
        object: |_| None,
        resource: Some(&SECRET),
        besides: Besides::Labels,
    },
    enter: |_| None,
};

/// The secrets of releases, as a kind that is described as a release, and that offers nothing but to be read.
static SECRET: Resource = Resource {
    group: Cow::Borrowed(""),
    version: Cow::Borrowed("v1"),
    kind: Cow::Borrowed("HelmRelease"),
    plural: Cow::Borrowed("secrets"),
    short: Cow::Borrowed(&[]),
    namespaced: true,
    singular: Cow::Borrowed("release"),
    verbs: Cow::Borrowed(&[Cow::Borrowed("get"), Cow::Borrowed("list"), Cow::Borrowed("watch")]),
    categories: Cow::Borrowed(&[]),
    scalable: false,
};

static SECRETS: View<HelmRelease> = View {
    resource: Resource::known("", "v1", "HelmRelease", "secrets", &[], true),
    aliases: &[],
    columns: RELEASES,
    decode: decode::<HelmRelease>,
    sort: None,
    enter: |_| None,
};

/// Only secrets of releases are asked for.
static FEEDS: &[Feed] = &[Feed {
    view: ViewRef::Known(&SECRETS),
    labels: Some("owner=helm"),
    fields: Some("type=helm.sh/release.v1"),
    is_selected: true,
}];

fn history(row: &HelmRelease) -> Jump {
    Jump::to("helmhistory")
        .in_namespace(Projection::meta(row).namespace.as_deref())
        .labelled(format!("name={}", row.name()))
        .of(format!("release/{}", row.name()))
}

const NAME: Column<HelmRelease> = super::common::column(
    "NAME",
    Width::Fit(63),
    |row, _| Cell::plain(row.name().to_owned()),
    |row| SortKey::text(row.name()),
);

const REVISION: Column<HelmRelease> = super::common::column(
    "REVISION",
    Width::Fit(8),
    |row, _| Cell::number(row.revision().into()),
    |row| SortKey::count(row.revision().into()),
);

const UPDATED: Column<HelmRelease> = super::common::column(
    "UPDATED",
    Width::Fit(23),
    |row, _| Cell::toned(row.updated_text(), Tone::Muted),
    |row| SortKey::age(row.updated()),
);

const STATUS: Column<HelmRelease> = super::common::column(
    "STATUS",
    Width::Marked(16),
    |row, _| Cell::toned(row.status().to_owned(), tone(Object::health(row))),
    |row| key(row.status()),
);

const CHART: Column<HelmRelease> = super::common::column(
    "CHART",
    Width::Fit(40),
    |row, _| {
        let tone = if row.is_readable() {
            Tone::Plain
        } else {
            tone(Health::Bad)
        };
        Cell::toned(row.chart().into_owned(), tone)
    },
    |row| key(row.chart()),
);

const APP_VERSION: Column<HelmRelease> = super::common::column(
    "APP VERSION",
    Width::Fit(30),
    |row, _| Cell::plain(row.app_version().to_owned()),
    |row| key(row.app_version()),
);

const DESCRIPTION: Column<HelmRelease> = super::common::column(
    "DESCRIPTION",
    Width::Rest,
    |row, _| Cell::plain(row.description().to_owned()),
    |row| key(row.description()),
);

const RELEASES: &[Column<HelmRelease>] = &[NAME, REVISION, UPDATED, STATUS, CHART, APP_VERSION];
const HISTORY_COLUMNS: &[Column<HelmRelease>] = &[NAME, REVISION, UPDATED, STATUS, CHART, APP_VERSION, DESCRIPTION];
