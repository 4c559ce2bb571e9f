//! What an autoscaler measures: how much of a resource the pods of a workload use, and how many pods that asks for.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, name, namespace};
use super::pods;
use super::quotas::quantity;
use super::scheduler_view::chosen;

const METRICS: &str = "pods.metrics.k8s.io";
/// Use may differ from its target by so much before anything is done.
const TOLERANCE: f64 = 0.1;

/// What came of measuring.
#[derive(Clone, Debug)]
pub enum Measured {
    /// A size.
    Found(Found),
    /// Nothing, and why.
    Missing(Missing),
}

/// A size that was measured to be right.
#[derive(Clone, Debug)]
pub struct Found {
    /// How many pods are wanted.
    pub wanted: i64,
    /// `status.currentMetrics`.
    pub metrics: Value,
    /// What the condition says.
    pub active: String,
    /// The name of the metric in events.
    pub reason: String,
}

/// Why nothing was measured.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The reason of the event.
    pub reason: &'static str,
    /// Its message.
    pub message: String,
    /// What was not to be had.
    pub what: String,
    /// How many metrics failed.
    pub count: usize,
}

/// Measures every metric of an autoscaler; the largest size counts.
pub fn measure(context: &mut Context, scaler: &Value, workload: &Value, current: i64) -> Measured {
    let mut best: Option<Found> = None;
    let mut all = Vec::new();
    let mut failed: Option<Missing> = None;
    for metric in scaler["spec"]["metrics"].as_array().into_iter().flatten() {
        match one(context, metric, workload, current) {
            Ok(found) => {
                all.push(found.metrics.clone());
                if best.as_ref().is_none_or(|best| found.wanted > best.wanted) {
                    best = Some(found);
                }
            }
            Err(why) => {
                let count = failed.as_ref().map_or(0, |failed| failed.count) + 1;
                failed = Some(Missing {
                    count,
                    ..failed.unwrap_or(why)
                });
            }
        }
    }
    match (best, failed) {
        // Fewer pods are not wanted while a metric is missing.
        (Some(best), None) => Measured::Found(Found {
            metrics: Value::Array(all),
            ..best
        }),
        (Some(best), Some(_)) if best.wanted >= current => Measured::Found(Found {
            metrics: Value::Array(all),
            ..best
        }),
        (_, Some(failed)) => Measured::Missing(failed),
        (None, None) => Measured::Missing(Missing {
            reason: "InvalidMetricSourceType",
            message: "no metrics given".to_owned(),
            what: "metrics".to_owned(),
            count: 0,
        }),
    }
}

fn one(context: &mut Context, metric: &Value, workload: &Value, current: i64) -> Result<Found, Missing> {
    let resource = metric["resource"]["name"].as_str().unwrap_or_default();
    let target = &metric["resource"]["target"];
    let by_share = target["type"] == "Utilization";
    let word = if by_share { "utilization" } else { "usage" };
    let missing = |why: &str| Missing {
        reason: "FailedGetResourceMetric",
        message: format!("failed to get {resource} {word}: {why}"),
        what: format!("{resource} resource metric value"),
        count: 1,
    };
    if resource.is_empty() {
        let kind = metric["type"].as_str().unwrap_or_default();
        return Err(missing(&format!("unknown metric source type {kind:?}")));
    }
    let pods = targeted(context, workload);
    let used = usage(context, &pods, resource)
        .map_err(|why| missing(&format!("unable to get metrics for resource {resource}: {why}")))?;
    let ready: Vec<_> = pods.iter().filter(|pod| pods::ready(pod)).collect();
    let measured: Vec<(&Arc<Value>, f64)> = ready
        .iter()
        .filter_map(|pod| Some((*pod, *used.get(name(pod))?)))
        .collect();
    if measured.is_empty() {
        return Err(missing(
            "did not receive metrics for targeted pods (pods might be unready)",
        ));
    }
    let total: f64 = measured.iter().map(|(_, used)| used).sum();
    let average = total / measured.len() as f64;
    if !by_share {
        let wanted = quantity(target["averageValue"].as_str().unwrap_or("0")).max(1e-9);
        let current_value = json!({"averageValue": written(average)});
        return Ok(found(
            resource,
            current,
            measured.len(),
            average / wanted,
            current_value,
            false,
        ));
    }
    let mut requested = 0.0;
    for (pod, _) in &measured {
        requested += asked(pod, resource).map_err(|why| missing(&why))?;
    }
    let share = (total * 100.0 / requested.max(1e-9)).floor();
    let wanted = target["averageUtilization"].as_f64().unwrap_or(80.0).max(1.0);
    let current_value = json!({"averageUtilization": share as i64, "averageValue": written(average)});
    Ok(found(
        resource,
        current,
        measured.len(),
        share / wanted,
        current_value,
        true,
    ))
}

fn written(value: f64) -> String {
    if value < 1000.0 {
        format!("{}m", (value * 1000.0).ceil() as i64)
    } else {
        format!("{}", value as i64)
    }
}

fn found(resource: &str, current: i64, measured: usize, ratio: f64, value: Value, by_share: bool) -> Found {
    let near = (ratio - 1.0).abs() <= TOLERANCE;
    let wanted = if near {
        current
    } else {
        (ratio * measured as f64).ceil() as i64
    };
    let reason = if by_share {
        format!("{resource} resource utilization (percentage of request)")
    } else {
        format!("{resource} resource")
    };
    Found {
        wanted,
        metrics: json!({"type": "Resource", "resource": {"name": resource, "current": value}}),
        active: format!("the HPA was able to successfully calculate a replica count from {reason}"),
        reason,
    }
}

fn targeted(context: &mut Context, workload: &Value) -> Vec<Arc<Value>> {
    let mut pods = context.list_in("pods", namespace(workload));
    pods.retain(|pod| pods::active(pod) && chosen(&workload["spec"]["selector"], pod));
    pods
}

/// How much each pod uses.
fn usage(
    context: &mut Context,
    pods: &[Arc<Value>],
    resource: &str,
) -> Result<std::collections::HashMap<String, f64>, String> {
    if context.api.kinds.of_table(METRICS).is_none() {
        let why = "the server could not find the requested resource (get pods.metrics.k8s.io)";
        return Err(format!("unable to fetch metrics from resource metrics API: {why}"));
    }
    let mut used = std::collections::HashMap::new();
    for pod in pods {
        let Some(metrics) = context.find(METRICS, namespace(pod), name(pod)) else {
            continue;
        };
        let containers = metrics["containers"].as_array().into_iter().flatten();
        let sum = containers
            .map(|container| quantity(container["usage"][resource].as_str().unwrap_or("0")))
            .sum();
        used.insert(name(pod).to_owned(), sum);
    }
    if used.is_empty() {
        return Err("no metrics returned from resource metrics API".to_owned());
    }
    Ok(used)
}

/// What a pod's containers ask for; all of them must.
fn asked(pod: &Value, resource: &str) -> Result<f64, String> {
    let mut sum = 0.0;
    for container in pod["spec"]["containers"].as_array().into_iter().flatten() {
        let Some(request) = container["resources"]["requests"][resource].as_str() else {
            let container = container["name"].as_str().unwrap_or_default();
            return Err(format!(
                "missing request for {resource} in container {container} of Pod {}",
                name(pod)
            ));
        };
        sum += quantity(request);
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_from_ratios() {
        for (current, ratio, wanted) in [(2, 0.0, 0), (2, 0.95, 2), (2, 1.5, 3), (4, 0.5, 2), (1, 4.2, 5)] {
            let size = found("cpu", current, current as usize, ratio, json!({}), true).wanted;
            assert_eq!(size, wanted, "{current} at {ratio}");
        }
    }
}
