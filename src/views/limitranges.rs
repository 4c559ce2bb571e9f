//! LimitRanges.

use std::borrow::Cow;

use super::common::{created_at, name};
use crate::core::resource::Resource;
use crate::core::view::{Column, View};
use crate::model::{LimitRange, decode};

/// The view.
pub static VIEW: View<LimitRange> = View {
    resource: Resource::known("", "v1", "LimitRange", "limitranges", &[Cow::Borrowed("limits")], true),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<LimitRange>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<LimitRange>] = &[name(), created_at()];
