//! ServiceAccounts.

use std::borrow::Cow;

use super::common::{age, name};
use crate::core::resource::Resource;
use crate::core::view::{Column, View};
use crate::model::{ServiceAccount, decode};

/// The view.
pub static VIEW: View<ServiceAccount> = View {
    resource: Resource::known(
        "",
        "v1",
        "ServiceAccount",
        "serviceaccounts",
        &[Cow::Borrowed("sa")],
        true,
    ),
    aliases: &[],
    columns: COLUMNS,
    decode: decode::<ServiceAccount>,
    sort: None,
    enter: |_| None,
};

const COLUMNS: &[Column<ServiceAccount>] = &[name(), age()];
