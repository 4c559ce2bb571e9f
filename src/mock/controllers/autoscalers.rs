//! Horizontal pod autoscalers: as many pods as the measured use of a resource asks for.

use serde_json::{Value, json};

use super::autoscaler_metrics::{Found, Measured, measure};
use super::context::{Context, dying, namespace, uid};
use super::recorder::About;
use super::scheduler::put_condition;

const TABLE: &str = "horizontalpodautoscalers.autoscaling";
/// How often an autoscaler looks, in milliseconds.
const EVERY: i64 = 15_000;
/// For how long the highest recommendation counts before fewer pods are wanted, in seconds, unless it says otherwise.
const CALM: i64 = 300;

/// What an autoscaler remembers.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    due: i64,
    /// Recommendations with their times, in seconds.
    recommended: Vec<(i64, i64)>,
}

/// One look at every autoscaler whose time has come.
pub fn tick(context: &mut Context) {
    for scaler in context.list(TABLE).iter().filter(|scaler| !dying(scaler)) {
        let now = context.millis();
        let memory = context.autoscalers.entry(uid(scaler).to_owned()).or_insert(Memory {
            due: now + EVERY,
            ..Memory::default()
        });
        if memory.due <= now {
            memory.due = now + EVERY;
            sync(context, scaler);
        }
    }
}

fn say(context: &mut Context, scaler: &Value, kind: &str, reason: &str, message: &str) {
    let about = About {
        api_version: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        object: scaler,
        field: "",
        component: "horizontal-pod-autoscaler",
        host: "",
    };
    let api = context.api.clone();
    context.recorder.record(&api, about, kind, reason, message);
}

/// A condition of the new status.
fn set(status: &mut Value, context: &Context, kind: &str, (holds, reason, message): (bool, &str, &str)) {
    let mut shell = json!({"status": status.take()});
    let state = if holds { "True" } else { "False" };
    put_condition(
        &mut shell,
        json!({"type": kind, "status": state, "lastTransitionTime": context.stamp(), "reason": reason, "message": message}),
    );
    *status = shell["status"].take();
}

/// The table of the workload that is scaled.
fn target(context: &Context, scaler: &Value) -> Option<String> {
    let reference = &scaler["spec"]["scaleTargetRef"];
    let text = |field: &str| reference[field].as_str().unwrap_or_default();
    Some(
        context
            .api
            .kinds
            .of_object(text("apiVersion"), text("kind"))?
            .table
            .clone(),
    )
}

fn sync(context: &mut Context, scaler: &Value) {
    let mut status = scaler["status"].clone();
    if !status.is_object() {
        status = json!({});
    }
    let wanted = scaler["spec"]["scaleTargetRef"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let table = target(context, scaler);
    let found = table
        .as_ref()
        .and_then(|table| context.find(table, namespace(scaler), &wanted));
    let (Some(table), Some(workload)) = (table, found) else {
        let kind = scaler["spec"]["scaleTargetRef"]["kind"]
            .as_str()
            .unwrap_or_default()
            .to_lowercase();
        let why = format!("{kind}s.apps \"{wanted}\" not found");
        say(context, scaler, "Warning", "FailedGetScale", &why);
        let message = format!("the HPA controller was unable to get the target's current scale: {why}");
        set(&mut status, context, "AbleToScale", (false, "FailedGetScale", &message));
        return context.set_status(TABLE, scaler, &status);
    };
    let current = workload["spec"]["replicas"].as_i64().unwrap_or(1);
    status["currentReplicas"] = workload["status"]["replicas"].as_i64().unwrap_or_default().into();
    status["observedGeneration"] = scaler["metadata"]["generation"].clone();
    let able = "the HPA controller was able to get the target's current scale";
    set(&mut status, context, "AbleToScale", (true, "SucceededGetScale", able));
    if current == 0 {
        let message = "scaling is disabled since the replica count of the target is zero";
        set(
            &mut status,
            context,
            "ScalingActive",
            (false, "ScalingDisabled", message),
        );
        status["desiredReplicas"] = 0.into();
        return context.set_status(TABLE, scaler, &status);
    }
    let measured = measure(context, scaler, &workload, current);
    let Some(Found {
        wanted, active, reason, ..
    }) = told(context, scaler, &mut status, measured)
    else {
        return context.set_status(TABLE, scaler, &status);
    };
    set(
        &mut status,
        context,
        "ScalingActive",
        (true, "ValidMetricFound", &active),
    );
    let size = limited(context, scaler, &mut status, (current, wanted));
    if size != current {
        resize(context, scaler, &mut status, (&table, &workload, size), &reason);
    }
    status["desiredReplicas"] = size.into();
    context.set_status(TABLE, scaler, &status);
}

/// Notes what was measured, or says why nothing was.
fn told(context: &mut Context, scaler: &Value, status: &mut Value, measured: Measured) -> Option<Found> {
    let why = match measured {
        Measured::Found(found) => {
            status["currentMetrics"] = found.metrics.clone();
            return Some(found);
        }
        Measured::Missing(why) => why,
    };
    say(context, scaler, "Warning", why.reason, &why.message);
    let first = format!("failed to get {}: {}", why.what, why.message);
    let all = format!(
        "invalid metrics ({0} invalid out of {0}), first error is: {first}",
        why.count
    );
    say(context, scaler, "Warning", "FailedComputeMetricsReplicas", &all);
    let message = format!("the HPA was unable to compute the replica count: {}", why.message);
    set(status, context, "ScalingActive", (false, why.reason, &message));
    if status["desiredReplicas"].is_null() {
        status["desiredReplicas"] = 0.into();
    }
    None
}

/// The size that may be taken now: not fewer than was wanted a short while ago, within the bounds, not too fast.
fn limited(context: &mut Context, scaler: &Value, status: &mut Value, (current, wanted): (i64, i64)) -> i64 {
    let now = context.now().as_second();
    let least = scaler["spec"]["minReplicas"].as_i64().unwrap_or(1);
    let most = scaler["spec"]["maxReplicas"].as_i64().unwrap_or(least).max(least);
    let calm = scaler["spec"]["behavior"]["scaleDown"]["stabilizationWindowSeconds"]
        .as_i64()
        .unwrap_or(CALM);
    let memory = context.autoscalers.entry(uid(scaler).to_owned()).or_default();
    // What was there before the first look counts as wanted.
    if memory.recommended.is_empty() {
        memory.recommended.push((now, current));
    }
    memory.recommended.push((now, wanted));
    memory.recommended.retain(|(at, _)| now - at <= calm);
    let highest = memory.recommended.iter().map(|(_, size)| *size).max().unwrap_or(wanted);
    let stable = if wanted < current {
        highest.min(current).max(wanted)
    } else {
        wanted
    };
    if stable > wanted {
        let message = "recent recommendations were higher than current one, applying the highest recent recommendation";
        set(status, context, "AbleToScale", (true, "ScaleDownStabilized", message));
    } else {
        let message = "recommended size matches current size";
        set(status, context, "AbleToScale", (true, "ReadyForNewScale", message));
    }
    // Four pods more, or twice as many, every fifteen seconds.
    let fastest = (current * 2).max(current + 4);
    let size = stable.clamp(least, most).min(fastest);
    let limit = match () {
        () if stable > most => (
            true,
            "TooManyReplicas",
            "the desired replica count is more than the maximum replica count",
        ),
        () if stable < least => (
            true,
            "TooFewReplicas",
            "the desired replica count is less than the minimum replica count",
        ),
        () if stable > fastest => (
            true,
            "ScaleUpLimit",
            "the desired replica count is increasing faster than the maximum scale rate",
        ),
        () => (
            false,
            "DesiredWithinRange",
            "the desired count is within the acceptable range",
        ),
    };
    set(status, context, "ScalingLimited", limit);
    size
}

fn resize(
    context: &mut Context,
    scaler: &Value,
    status: &mut Value,
    (table, workload, size): (&str, &Value, i64),
    reason: &str,
) {
    let from = workload["spec"]["replicas"].as_i64().unwrap_or(1);
    context.touch(table, workload, |workload| {
        workload["spec"]["replicas"] = size.into();
        let generation = workload["metadata"]["generation"].as_i64().unwrap_or_default();
        workload["metadata"]["generation"] = (generation + 1).into();
    });
    let why = if size < from {
        "All metrics below target".to_owned()
    } else {
        format!("{reason} above target")
    };
    say(
        context,
        scaler,
        "Normal",
        "SuccessfulRescale",
        &format!("New size: {size}; reason: {why}"),
    );
    let message = format!("the HPA controller was able to update the target scale to {size}");
    set(status, context, "AbleToScale", (true, "SucceededRescale", &message));
    status["lastScaleTime"] = context.stamp().into();
}
