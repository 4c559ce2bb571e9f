//! Namespaces: what `printNamespace` in Kubernetes' printers.go tells of them.

use super::decode::wire;
use super::{Health, Istr, Meta, Projection};

/// A Namespace's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "NamespaceWire")]
pub struct Namespace {
    meta: Meta,
    status: Istr,
}

impl Namespace {
    /// The STATUS cell: the phase.
    pub fn status(&self) -> &str {
        &self.status
    }
}

impl Projection for Namespace {
    const KIND: &'static str = "Namespace";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        if self.status == "Active" {
            Health::Good
        } else {
            Health::Busy
        }
    }
}

wire! {
    struct NamespaceWire {
        metadata: Meta,
        status: StatusWire,
    }

    struct StatusWire {
        phase: Istr,
    }
}

impl From<NamespaceWire> for Namespace {
    fn from(wire: NamespaceWire) -> Self {
        let phase = wire.status.phase;
        Self {
            meta: wire.metadata,
            // The API's default.
            status: if phase.is_empty() { Istr::new("Active") } else { phase },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("namespace", |namespace: &Namespace, now| {
            vec![
                namespace.meta().name.to_string(),
                namespace.status().to_owned(),
                namespace.meta().age_text(now),
            ]
        });
    }

    #[test]
    fn a_namespace_is_active_unless_it_says_otherwise() {
        let read = |json| decode::<Namespace>(json).unwrap();
        assert_eq!(read("{}").status(), "Active");
        let going = read(r#"{"status":{"phase":"Terminating"}}"#);
        assert_eq!((going.status(), going.health()), ("Terminating", Health::Busy));
    }
}
