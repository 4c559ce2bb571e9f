//! RuntimeClasses: what `printRuntimeClass` in Kubernetes' printers.go tells of them.

use super::decode::nullable;
use super::{Istr, Meta, Projection};

/// A RuntimeClass's row.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct RuntimeClass {
    #[serde(default, rename = "metadata", deserialize_with = "nullable")]
    meta: Meta,
    /// The HANDLER cell: what the container runtime calls it.
    #[serde(default, deserialize_with = "nullable")]
    pub handler: Istr,
}

impl Projection for RuntimeClass {
    const KIND: &'static str = "RuntimeClass";

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
        corpus::agrees("runtimeclass", |class: &RuntimeClass, now| {
            vec![
                class.meta().name.to_string(),
                class.handler.to_string(),
                class.meta().age_text(now),
            ]
        });
    }
}
