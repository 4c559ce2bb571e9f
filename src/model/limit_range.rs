//! LimitRanges: the server has no printer for them beyond name and creation.

use super::decode::wire;
use super::{Meta, Projection};

/// A LimitRange's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "LimitRangeWire")]
pub struct LimitRange {
    meta: Meta,
}

impl LimitRange {
    /// The CREATED AT cell.
    pub fn created_at_text(&self) -> String {
        self.meta.created_at_text()
    }
}

impl Projection for LimitRange {
    const KIND: &'static str = "LimitRange";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

wire! {
    struct LimitRangeWire {
        metadata: Meta,
    }
}

impl From<LimitRangeWire> for LimitRange {
    fn from(wire: LimitRangeWire) -> Self {
        Self { meta: wire.metadata }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::corpus;

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("limitrange", |range: &LimitRange, _| {
            vec![range.meta().name.to_string(), range.created_at_text()]
        });
    }
}
