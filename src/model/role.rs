//! Roles: the server prints only their name and creation.

use super::decode::nullable;
use super::{Meta, Projection};

/// A Role's row.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Role {
    #[serde(default, rename = "metadata", deserialize_with = "nullable")]
    meta: Meta,
}

impl Projection for Role {
    const KIND: &'static str = "Role";

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
        corpus::agrees("role", |role: &Role, _| {
            vec![role.meta().name.to_string(), role.meta().created_at_text()]
        });
    }
}
