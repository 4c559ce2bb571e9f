//! Leases: what `printLease` in Kubernetes' printers.go tells of them.

use super::decode::wire;
use super::{Istr, Meta, Projection};

/// A Lease's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "LeaseWire")]
pub struct Lease {
    meta: Meta,
    /// The HOLDER cell, empty while nobody holds it.
    pub holder: Istr,
}

impl Projection for Lease {
    const KIND: &'static str = "Lease";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

wire! {
    struct LeaseWire {
        metadata: Meta,
        spec: SpecWire,
    }

    struct SpecWire {
        holder_identity: Istr,
    }
}

impl From<LeaseWire> for Lease {
    fn from(wire: LeaseWire) -> Self {
        Self {
            meta: wire.metadata,
            holder: wire.spec.holder_identity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::corpus;

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("lease", |lease: &Lease, now| {
            vec![
                lease.meta().name.to_string(),
                lease.holder.to_string(),
                lease.meta().age_text(now),
            ]
        });
    }
}
