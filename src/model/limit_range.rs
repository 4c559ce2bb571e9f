//! LimitRanges: the server prints only their name and creation.

use super::decode::nullable;
use super::{Meta, Projection};

/// A LimitRange's row.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct LimitRange {
    #[serde(default, rename = "metadata", deserialize_with = "nullable")]
    meta: Meta,
}

impl Projection for LimitRange {
    const KIND: &'static str = "LimitRange";

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
        corpus::agrees("limitrange", |range: &LimitRange, _| {
            vec![range.meta().name.to_string(), range.meta().created_at_text()]
        });
    }
}
