//! PodDisruptionBudgets: what `printPodDisruptionBudget` in Kubernetes' printers.go tells of them.

use super::decode::wire;
use super::scalar::Scalar;
use super::{Health, Istr, LabelSelector, Meta, Projection};

/// A PodDisruptionBudget's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "PodDisruptionBudgetWire")]
pub struct PodDisruptionBudget {
    meta: Meta,
    /// How many pods must stay available, a number or a percentage.
    pub min_available: Option<Istr>,
    /// How many pods may be unavailable, a number or a percentage.
    pub max_unavailable: Option<Istr>,
    /// The ALLOWED DISRUPTIONS cell: how many pods may be evicted now.
    pub allowed: i32,
    /// How many pods it counts.
    pub expected: i32,
    /// Which pods it protects.
    pub selector: LabelSelector,
}

impl PodDisruptionBudget {
    /// The MIN AVAILABLE cell.
    pub fn min_available_text(&self) -> &str {
        self.min_available.as_deref().unwrap_or("N/A")
    }

    /// The MAX UNAVAILABLE cell.
    pub fn max_unavailable_text(&self) -> &str {
        self.max_unavailable.as_deref().unwrap_or("N/A")
    }
}

impl Projection for PodDisruptionBudget {
    const KIND: &'static str = "PodDisruptionBudget";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Worth a look where it blocks every eviction: a drain would wait for ever.
    fn health(&self) -> Health {
        if self.allowed <= 0 && self.expected > 0 {
            Health::Warn
        } else {
            Health::Good
        }
    }
}

wire! {
    struct PodDisruptionBudgetWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        min_available: Option<Scalar>,
        max_unavailable: Option<Scalar>,
        selector: LabelSelector,
    }

    struct StatusWire {
        disruptions_allowed: i32,
        expected_pods: i32,
    }
}

impl From<PodDisruptionBudgetWire> for PodDisruptionBudget {
    fn from(wire: PodDisruptionBudgetWire) -> Self {
        Self {
            meta: wire.metadata,
            min_available: wire.spec.min_available.map(|own| own.0),
            max_unavailable: wire.spec.max_unavailable.map(|own| own.0),
            allowed: wire.status.disruptions_allowed,
            expected: wire.status.expected_pods,
            selector: wire.spec.selector,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("poddisruptionbudget", |budget: &PodDisruptionBudget, now| {
            vec![
                budget.meta().name.to_string(),
                budget.min_available_text().to_owned(),
                budget.max_unavailable_text().to_owned(),
                budget.allowed.to_string(),
                budget.meta().age_text(now),
            ]
        });
    }

    #[test]
    fn amounts_are_numbers_or_percentages() {
        let budget: PodDisruptionBudget =
            decode(r#"{"spec":{"maxUnavailable":"25%"},"status":{"expectedPods":2}}"#).unwrap();
        assert_eq!(
            (budget.min_available_text(), budget.max_unavailable_text()),
            ("N/A", "25%")
        );
        assert_eq!(budget.health(), Health::Warn);
    }
}
