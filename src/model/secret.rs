//! Secrets: what `printSecret` in Kubernetes' printers.go tells of them. Their contents are not kept.

use super::count::Count;
use super::decode::wire;
use super::{Istr, Meta, Projection};

/// A Secret's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "SecretWire")]
pub struct Secret {
    meta: Meta,
    /// The TYPE cell.
    pub r#type: Istr,
    /// The DATA cell: how many entries there are.
    pub data: u32,
}

impl Projection for Secret {
    const KIND: &'static str = "Secret";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

wire! {
    struct SecretWire {
        metadata: Meta,
        r#type: Istr,
        data: Count,
    }
}

impl From<SecretWire> for Secret {
    fn from(wire: SecretWire) -> Self {
        Self {
            meta: wire.metadata,
            // The API's default.
            r#type: if wire.r#type.is_empty() {
                Istr::new("Opaque")
            } else {
                wire.r#type
            },
            data: wire.data.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::corpus;

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("secret", |secret: &Secret, now| {
            vec![
                secret.meta().name.to_string(),
                secret.r#type.to_string(),
                secret.data.to_string(),
                secret.meta().age_text(now),
            ]
        });
    }
}
