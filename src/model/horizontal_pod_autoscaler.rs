//! HorizontalPodAutoscalers: what `printHorizontalPodAutoscaler` in Kubernetes' printers.go tells of them.

use super::autoscaler_metrics::{self, MetricWire};
use super::condition::ConditionWire;
use super::decode::{List, wire};
use super::{Health, Istr, Meta, Projection};

/// A HorizontalPodAutoscaler's row, of autoscaling/v2.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "AutoscalerWire")]
pub struct HorizontalPodAutoscaler {
    meta: Meta,
    /// The kind that is scaled.
    pub target_kind: Istr,
    /// Its API group and version.
    pub target_version: Istr,
    /// The name of what is scaled.
    pub target_name: Istr,
    /// The TARGETS cell: `cpu: 10%/80%`.
    pub targets: Box<str>,
    /// The MINPODS cell.
    pub min: i32,
    /// The MAXPODS cell.
    pub max: i32,
    /// The REPLICAS cell: how many there are.
    pub replicas: i32,
    /// Whether it cannot do its work.
    hindered: bool,
}

impl HorizontalPodAutoscaler {
    /// The REFERENCE cell: `Deployment/web`.
    pub fn reference_text(&self) -> String {
        format!("{}/{}", self.target_kind, self.target_name)
    }
}

impl Projection for HorizontalPodAutoscaler {
    const KIND: &'static str = "HorizontalPodAutoscaler";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        if self.hindered { Health::Warn } else { Health::Good }
    }
}

wire! {
    struct AutoscalerWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        scale_target_ref: TargetRefWire,
        min_replicas: Option<i32>,
        max_replicas: i32,
        metrics: List<MetricWire>,
    }

    struct TargetRefWire {
        api_version: Istr,
        kind: Istr,
        name: Istr,
    }

    struct StatusWire {
        current_replicas: i32,
        current_metrics: List<MetricWire>,
        conditions: List<ConditionWire>,
    }
}

impl From<AutoscalerWire> for HorizontalPodAutoscaler {
    fn from(wire: AutoscalerWire) -> Self {
        let (spec, status) = (wire.spec, wire.status);
        let is_hindrance = |own: &ConditionWire| {
            own.status == "False" && (own.r#type == "AbleToScale" || own.r#type == "ScalingActive")
        };
        Self {
            meta: wire.metadata,
            targets: autoscaler_metrics::format(&spec.metrics, &status.current_metrics).into(),
            // The API's default.
            min: spec.min_replicas.unwrap_or(1),
            max: spec.max_replicas,
            replicas: status.current_replicas,
            hindered: status.conditions.iter().any(is_hindrance),
            target_kind: spec.scale_target_ref.kind,
            target_version: spec.scale_target_ref.api_version,
            target_name: spec.scale_target_ref.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("horizontalpodautoscaler", |scaler: &HorizontalPodAutoscaler, now| {
            vec![
                scaler.meta().name.to_string(),
                scaler.reference_text(),
                scaler.targets.to_string(),
                scaler.min.to_string(),
                scaler.max.to_string(),
                scaler.replicas.to_string(),
                scaler.meta().age_text(now),
            ]
        });
    }

    #[test]
    fn an_autoscaler_without_metrics_is_worth_a_look() {
        let read = |conditions| decode::<HorizontalPodAutoscaler>(conditions).unwrap().health();
        assert_eq!(read("{}"), Health::Good);
        let inactive = r#"{"status":{"conditions":[{"type":"ScalingActive","status":"False"}]}}"#;
        assert_eq!(read(inactive), Health::Warn);
    }
}
