//! CustomResourceDefinitions: the server prints only their name and creation.

use super::decode::nullable;
use super::{Meta, Projection};

/// A CustomResourceDefinition's row.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct CustomResourceDefinition {
    #[serde(default, rename = "metadata", deserialize_with = "nullable")]
    meta: Meta,
}

impl Projection for CustomResourceDefinition {
    const KIND: &'static str = "CustomResourceDefinition";

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
        corpus::agrees(
            "customresourcedefinition",
            |definition: &CustomResourceDefinition, _| {
                vec![definition.meta().name.to_string(), definition.meta().created_at_text()]
            },
        );
    }
}
