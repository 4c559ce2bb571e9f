//! ReplicaSets: as many pods as wanted, no more and no fewer.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, dying, mark};
use super::pods::{self, Workload};

const TABLE: &str = "replicasets.apps";
/// How many pods one look creates or deletes at most.
const BURST: usize = 50;

/// One look at every ReplicaSet.
pub fn tick(context: &mut Context) {
    for set in context.list(TABLE).iter().filter(|set| !dying(set)) {
        let owned = context.controlled("pods", set);
        let mark = mark(set, &owned);
        if !context.rests("replica sets", set, mark) {
            let again = sync(context, set, owned);
            context.rest("replica sets", set, mark, again);
        }
    }
}

/// Returns when to look again, in milliseconds, if nothing changes before.
fn sync(context: &mut Context, set: &Arc<Value>, owned: Vec<Arc<Value>>) -> Option<i64> {
    let workload = Workload {
        api_version: "apps/v1",
        kind: "ReplicaSet",
        component: "replicaset-controller",
        object: set,
    };
    // What the status says is what was there before this look, as the real controller tells it.
    status(context, set, &owned);
    let mut active: Vec<_> = owned.iter().filter(|pod| pods::active(pod)).cloned().collect();
    let wanted = usize::try_from(set["spec"]["replicas"].as_i64().unwrap_or(1)).unwrap_or_default();
    if active.len() < wanted {
        let missing = (wanted - active.len()).min(BURST);
        let (again, why) = pods::create_slowly(context, workload, missing);
        if let Some(why) = why {
            failed(context, set, &why);
        }
        if again.is_some() {
            return again;
        }
    } else if active.len() > wanted {
        active.sort_by_key(|pod| pods::worth(pod));
        for pod in active.iter().take((active.len() - wanted).min(BURST)) {
            pods::delete(context, workload, pod);
        }
    }
    let patience = set["spec"]["minReadySeconds"].as_i64().unwrap_or_default();
    let waits = patience > 0
        && active
            .iter()
            .any(|pod| pods::ready(pod) && !pods::available(pod, patience, context.now()));
    waits.then(|| context.millis() + 1000)
}

/// Notes why pods cannot be made.
fn failed(context: &Context, set: &Value, why: &str) {
    let condition = json!({"type": "ReplicaFailure", "status": "True", "lastTransitionTime": context.stamp(),
        "reason": "FailedCreate", "message": why});
    let told = super::context::condition(set, "ReplicaFailure").is_some();
    if !told {
        context.touch(TABLE, set, |set| {
            super::scheduler::put_condition(set, condition.clone())
        });
    }
}

fn status(context: &Context, set: &Value, owned: &[Arc<Value>]) {
    let active: Vec<_> = owned.iter().filter(|pod| pods::active(pod)).collect();
    let patience = set["spec"]["minReadySeconds"].as_i64().unwrap_or_default();
    let ready = active.iter().filter(|pod| pods::ready(pod)).count();
    let available = active
        .iter()
        .filter(|pod| pods::available(pod, patience, context.now()))
        .count();
    let terminating = owned.iter().filter(|pod| dying(pod) && !pods::finished(pod)).count();
    let some = |count: usize| if count == 0 { Value::Null } else { count.into() };
    let status = json!({
        "replicas": active.len(), "fullyLabeledReplicas": some(active.len()), "readyReplicas": some(ready),
        "availableReplicas": some(available), "terminatingReplicas": terminating,
        "observedGeneration": set["metadata"]["generation"],
    });
    let mut status = status;
    if active.len() as i64 == set["spec"]["replicas"].as_i64().unwrap_or(1) && !set["status"]["conditions"].is_null() {
        status["conditions"] = Value::Null;
    }
    context.set_status(TABLE, set, &status);
}
