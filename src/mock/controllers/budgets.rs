//! Disruption budgets: how many of their pods may be evicted now.

use serde_json::{Value, json};

use super::context::{Context, dying, namespace};
use super::pods;
use super::recorder::About;
use super::rollout::portion;
use crate::mock::select::LabelSelector;

const TABLE: &str = "poddisruptionbudgets.policy";

/// One look at every budget.
pub fn tick(context: &mut Context) {
    if !context.news("budgets", &[TABLE, "pods"]) {
        return;
    }
    for budget in context.list(TABLE).iter().filter(|budget| !dying(budget)) {
        sync(context, budget);
    }
}

fn sync(context: &mut Context, budget: &Value) {
    let selector = LabelSelector::of_object(&budget["spec"]["selector"]);
    let mut covered = context.list_in("pods", namespace(budget));
    covered.retain(|pod| !pods::finished(pod) && selector.matches_labels(&pod["metadata"]["labels"]));
    let expected = i64::try_from(covered.iter().filter(|pod| !dying(pod)).count()).unwrap_or_default();
    let healthy = i64::try_from(
        covered
            .iter()
            .filter(|pod| pods::active(pod) && pods::ready(pod))
            .count(),
    )
    .unwrap_or_default();
    let desired = match (&budget["spec"]["minAvailable"], &budget["spec"]["maxUnavailable"]) {
        (Value::Null, unavailable) => expected - portion(unavailable, expected, true, 0),
        (least, _) => portion(least, expected, true, 0),
    };
    if covered.is_empty() && budget["status"]["observedGeneration"].is_null() {
        let about = About {
            api_version: "policy/v1",
            kind: "PodDisruptionBudget",
            object: budget,
            field: "",
            component: "controllermanager",
            host: "",
        };
        let api = context.api.clone();
        context
            .recorder
            .record(&api, about, "Normal", "NoPods", "No matching pods found");
    }
    let allowed = (healthy - desired).max(0);
    let (state, reason) = if allowed > 0 {
        ("True", "SufficientPods")
    } else {
        ("False", "InsufficientPods")
    };
    let old = super::context::condition(budget, "DisruptionAllowed").filter(|old| old["status"] == state);
    let since = old.map_or_else(|| context.stamp().into(), |old| old["lastTransitionTime"].clone());
    let condition = json!({"type": "DisruptionAllowed", "status": state, "reason": reason, "message": "", "lastTransitionTime": since,
        "observedGeneration": budget["metadata"]["generation"]});
    let status = json!({"observedGeneration": budget["metadata"]["generation"], "disruptionsAllowed": allowed,
        "currentHealthy": healthy, "desiredHealthy": desired.max(0), "expectedPods": expected, "conditions": [condition]});
    context.set_status(TABLE, budget, &status);
}
