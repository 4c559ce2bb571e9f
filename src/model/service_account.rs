//! ServiceAccounts: what `printServiceAccount` in Kubernetes' printers.go tells of them: since 1.35 no more than name and age.

use super::decode::nullable;
use super::{Meta, Projection};

/// A ServiceAccount's row.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct ServiceAccount {
    #[serde(default, rename = "metadata", deserialize_with = "nullable")]
    meta: Meta,
}

impl Projection for ServiceAccount {
    const KIND: &'static str = "ServiceAccount";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::corpus;

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("serviceaccount", |account: &ServiceAccount, now| {
            vec![account.meta().name.to_string(), account.meta().age_text(now)]
        });
    }
}
