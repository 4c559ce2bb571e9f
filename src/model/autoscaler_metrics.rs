//! The TARGETS cell, as `formatHPAMetrics` in Kubernetes' printers.go.

use crate::model::decode::wire;
use crate::model::{Istr, Quantity};

wire! {
    /// A metric, wanted or measured: its type names the field that is set.
    struct MetricWire {
        r#type: Istr,
        external: Option<SourceWire>,
        pods: Option<SourceWire>,
        object: Option<SourceWire>,
        resource: Option<SourceWire>,
        container_resource: Option<SourceWire>,
    }

    struct SourceWire {
        name: Istr,
        target: AmountWire,
        current: AmountWire,
    }

    struct AmountWire {
        value: Option<Quantity>,
        average_value: Option<Quantity>,
        average_utilization: Option<i32>,
    }
}

/// How many metrics are shown.
const SHOWN: usize = 2;

/// `cpu: 91%/80%, memory: 1Gi/200Mi + 1 more...`; the measurements stand in the order of what is wanted.
pub(super) fn format(wanted: &[MetricWire], measured: &[MetricWire]) -> String {
    if wanted.is_empty() {
        return "<none>".to_owned();
    }
    let metrics = wanted
        .iter()
        .enumerate()
        .map(|(i, metric)| metric.text(measured.get(i)));
    let shown = metrics.take(SHOWN).collect::<Vec<_>>().join(", ");
    match wanted.len().checked_sub(SHOWN) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} + {more} more..."),
    }
}

impl MetricWire {
    fn text(&self, measured: Option<&Self>) -> String {
        let source =
            |pick: fn(&Self) -> &Option<SourceWire>| (pick(self).as_ref(), measured.and_then(|own| pick(own).as_ref()));
        match self.r#type.as_str() {
            "External" => amounts(source(|metric| &metric.external)),
            "Object" => amounts(source(|metric| &metric.object)),
            "Pods" => averages(source(|metric| &metric.pods)),
            "Resource" => utilization(source(|metric| &metric.resource)),
            "ContainerResource" => utilization(source(|metric| &metric.container_resource)),
            _ => "<unknown type>".to_owned(),
        }
    }
}

/// What is wanted and what is measured.
type Pair<'m> = (Option<&'m SourceWire>, Option<&'m SourceWire>);

/// An average if one is wanted, else the value itself.
fn amounts((wanted, measured): Pair<'_>) -> String {
    let target = wanted.and_then(|own| own.target.average_value.as_ref());
    let Some(target) = target else {
        let current = measured.map(|own| printed(own.current.value.as_ref()));
        return format!(
            "{}/{}",
            or_unknown(current),
            printed(wanted.and_then(|own| own.target.value.as_ref()))
        );
    };
    let current = measured
        .and_then(|own| own.current.average_value.as_ref())
        .map(ToString::to_string);
    format!("{}/{target} (avg)", or_unknown(current))
}

fn averages((wanted, measured): Pair<'_>) -> String {
    let current = measured.map(|own| printed(own.current.average_value.as_ref()));
    let target = printed(wanted.and_then(|own| own.target.average_value.as_ref()));
    format!("{}/{target}", or_unknown(current))
}

/// A resource's average if one is wanted, else the percentage of what is requested.
fn utilization((wanted, measured): Pair<'_>) -> String {
    let name = wanted.map_or("", |own| own.name.as_str());
    if wanted.is_some_and(|own| own.target.average_value.is_some()) {
        return format!("{name}: {}", averages((wanted, measured)));
    }
    let percent = |percent: i32| format!("{percent}%");
    let current = measured.and_then(|own| own.current.average_utilization).map(percent);
    let target = wanted.and_then(|own| own.target.average_utilization).map(percent);
    format!(
        "{name}: {}/{}",
        or_unknown(current),
        target.as_deref().unwrap_or("<auto>")
    )
}

fn or_unknown(current: Option<String>) -> String {
    current.unwrap_or_else(|| "<unknown>".to_owned())
}

/// A quantity; Go prints a missing one as `<nil>`.
fn printed(quantity: Option<&Quantity>) -> String {
    quantity.map_or_else(|| "<nil>".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(wanted: &str, measured: &str) -> String {
        let read = |json: &str| serde_json::from_str::<Vec<MetricWire>>(&format!("[{json}]")).unwrap();
        format(&read(wanted), &read(measured))
    }

    #[test]
    fn every_type_of_metric_has_its_text() {
        let cpu = r#"{"type":"Resource","resource":{"name":"cpu","target":{"averageUtilization":80}}}"#;
        for (wanted, measured, expected) in [
            ("", "", "<none>"),
            (cpu, "", "cpu: <unknown>/80%"),
            (cpu, "{}", "cpu: <unknown>/80%"),
            (
                cpu,
                r#"{"resource":{"current":{"averageValue":"1"}}}"#,
                "cpu: <unknown>/80%",
            ),
            (
                cpu,
                r#"{"resource":{"current":{"averageUtilization":0}}}"#,
                "cpu: 0%/80%",
            ),
            (
                r#"{"type":"Resource","resource":{"name":"cpu","target":{}}}"#,
                "",
                "cpu: <unknown>/<auto>",
            ),
            (
                r#"{"type":"ContainerResource","containerResource":{"name":"memory","target":{"averageValue":"1Gi"}}}"#,
                r#"{"containerResource":{"current":{"averageValue":"512Mi"}}}"#,
                "memory: 512Mi/1Gi",
            ),
            (
                r#"{"type":"Pods","pods":{"target":{"averageValue":"5"}}}"#,
                "",
                "<unknown>/5",
            ),
            (
                r#"{"type":"Pods","pods":{"target":{"averageValue":"5"}}}"#,
                r#"{"pods":{"current":{"averageValue":"2500m"}}}"#,
                "2500m/5",
            ),
            (
                r#"{"type":"External","external":{"target":{"value":"9"}}}"#,
                r#"{"external":{"current":{"value":"3"}}}"#,
                "3/9",
            ),
            (
                r#"{"type":"External","external":{"target":{"averageValue":"9"}}}"#,
                "",
                "<unknown>/9 (avg)",
            ),
            (
                r#"{"type":"Object","object":{"target":{"averageValue":"9"}}}"#,
                r#"{"object":{"current":{"averageValue":"4","value":"8"}}}"#,
                "4/9 (avg)",
            ),
            (
                r#"{"type":"Object","object":{"target":{"value":"9"}}}"#,
                r#"{"object":{"current":{}}}"#,
                "<nil>/9",
            ),
            (r#"{"type":"Moon"}"#, "", "<unknown type>"),
            (&format!("{cpu},{cpu}"), "", "cpu: <unknown>/80%, cpu: <unknown>/80%"),
            (
                &format!("{cpu},{cpu},{cpu},{cpu}"),
                "",
                "cpu: <unknown>/80%, cpu: <unknown>/80% + 2 more...",
            ),
        ] {
            assert_eq!(text(wanted, measured), expected, "{wanted} {measured}");
        }
    }
}
