//! PriorityClasses: what `printPriorityClass` in Kubernetes' printers.go tells of them.

use super::decode::wire;
use super::{Istr, Meta, Projection};

/// A PriorityClass's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "PriorityClassWire")]
pub struct PriorityClass {
    meta: Meta,
    /// The VALUE cell: the higher, the more important.
    pub value: i32,
    /// The GLOBAL-DEFAULT cell: whether pods that name no class get this one.
    pub global_default: bool,
    /// The PREEMPTIONPOLICY cell.
    pub preemption_policy: Istr,
}

impl Projection for PriorityClass {
    const KIND: &'static str = "PriorityClass";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

wire! {
    struct PriorityClassWire {
        metadata: Meta,
        value: i32,
        global_default: bool,
        preemption_policy: Option<Istr>,
    }
}

impl From<PriorityClassWire> for PriorityClass {
    fn from(wire: PriorityClassWire) -> Self {
        Self {
            meta: wire.metadata,
            value: wire.value,
            global_default: wire.global_default,
            // The API's default.
            preemption_policy: wire
                .preemption_policy
                .unwrap_or_else(|| Istr::new("PreemptLowerPriority")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::corpus;

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("priorityclass", |class: &PriorityClass, now| {
            vec![
                class.meta().name.to_string(),
                class.value.to_string(),
                class.global_default.to_string(),
                class.meta().age_text(now),
                class.preemption_policy.to_string(),
            ]
        });
    }
}
