//! Deployments: a replica set for each template, the newest grown and the older shrunk step by step.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, condition, dying, mark, name, namespace, owner_reference};
use super::pods::Workload;
use super::rollout::{HASH_LABEL, slack, template_hash, without_hash};

const TABLE: &str = "deployments.apps";
const SETS: &str = "replicasets.apps";
const REVISION: &str = "deployment.kubernetes.io/revision";

/// One look at every Deployment.
pub fn tick(context: &mut Context) {
    for deployment in context.list(TABLE).iter().filter(|deployment| !dying(deployment)) {
        let mark = mark(deployment, &context.controlled(SETS, deployment));
        if !context.rests("deployments", deployment, mark) {
            sync(context, deployment);
            let deadline = deadline(deployment);
            context.rest("deployments", deployment, mark, deadline);
        }
    }
}

fn sync(context: &mut Context, deployment: &Arc<Value>) {
    let paused = deployment["spec"]["paused"] == true;
    if !paused {
        ensure_newest(context, deployment);
    }
    let sets = context.controlled(SETS, deployment);
    let (newest, older): (Vec<_>, Vec<_>) = sets.into_iter().partition(|set| is_newest(set, deployment));
    if let Some(newest) = newest.first().filter(|_| !paused) {
        scale(context, deployment, newest, &older);
        clean_up(context, deployment, &older);
    }
    let sets = context.controlled(SETS, deployment);
    // What was noted meanwhile counts too.
    let fresh = context.find(TABLE, namespace(deployment), name(deployment));
    status(context, fresh.as_deref().unwrap_or(deployment), &sets);
}

/// When a rollout that makes no progress has failed, in milliseconds.
fn deadline(deployment: &Value) -> Option<i64> {
    let progressing =
        condition(deployment, "Progressing").filter(|known| known["reason"] != "NewReplicaSetAvailable")?;
    let since = progressing["lastUpdateTime"]
        .as_str()
        .map(super::kubelet_status::seconds)?;
    let patience = deployment["spec"]["progressDeadlineSeconds"].as_i64().unwrap_or(600);
    (progressing["status"] == "True").then_some((since + patience + 1) * 1000)
}

/// Whether a replica set makes pods of the deployment's present template: its name tells.
fn is_newest(set: &Value, deployment: &Value) -> bool {
    let hash = &set["metadata"]["labels"][HASH_LABEL];
    if hash.is_string() && *hash == template_hash(&deployment["spec"]["template"]) {
        return true;
    }
    without_hash(&set["spec"]["template"]) == without_hash(&deployment["spec"]["template"])
}

fn revision(object: &Value) -> i64 {
    object["metadata"]["annotations"][REVISION]
        .as_str()
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

/// Makes the replica set of the present template, or takes an old one up again under a new revision.
fn ensure_newest(context: &mut Context, deployment: &Value) {
    let sets = context.controlled(SETS, deployment);
    let highest = sets.iter().map(|set| revision(set)).max().unwrap_or_default();
    let found = sets.iter().find(|set| is_newest(set, deployment));
    if let Some(set) = found {
        keep_words(context, set, deployment);
    }
    let number = match found {
        Some(set) if revision(set) == highest => {
            adopt_annotations(context, deployment, set);
            highest
        }
        Some(set) => {
            context.touch(SETS, set, |set| {
                set["metadata"]["annotations"][REVISION] = (highest + 1).to_string().into()
            });
            adopt_annotations(context, deployment, set);
            progress(
                context,
                deployment,
                "FoundNewReplicaSet",
                &format!("Found new replica set \"{}\"", name(set)),
            );
            highest + 1
        }
        None => {
            let size = first_size(deployment, &sets);
            let set = new_set(deployment, highest + 1, size);
            let set_name = name(&set).to_owned();
            if context.make(SETS, set) && size > 0 {
                say(
                    context,
                    deployment,
                    &format!("Scaled up replica set {set_name} from 0 to {size}"),
                );
            }
            let message = format!("Created new replica set \"{set_name}\"");
            progress(context, deployment, "NewReplicaSetCreated", &message);
            highest + 1
        }
    };
    if revision(deployment) != number {
        context.touch(TABLE, deployment, |deployment| {
            deployment["metadata"]["annotations"][REVISION] = number.to_string().into();
        });
    }
}

/// Hands what a deployment's annotations say now on to its newest replica set, as `SetNewReplicaSetAnnotations` does.
fn keep_words(context: &Context, set: &Value, deployment: &Value) {
    let words = inherited(deployment);
    let words = || words.as_object().into_iter().flatten();
    if words().any(|(name, value)| set["metadata"]["annotations"][name.as_str()] != *value) {
        context.touch(SETS, set, |set| {
            for (name, value) in words() {
                set["metadata"]["annotations"][name.as_str()] = value.clone();
            }
        });
    }
}

/// The deployment's annotations that its newest replica set bears too: its own words, not the controller's or kubectl's.
fn inherited(deployment: &Value) -> Value {
    let annotations = deployment["metadata"]["annotations"].as_object().into_iter().flatten();
    let own = annotations.filter(|(name, _)| {
        !name.starts_with("deployment.kubernetes.io/") && *name != "kubectl.kubernetes.io/last-applied-configuration"
    });
    let own: serde_json::Map<String, Value> = own.map(|(name, value)| (name.clone(), value.clone())).collect();
    Value::Object(own)
}

/// How many pods a new replica set begins with: all, or as many as the surge leaves beside the older ones.
fn first_size(deployment: &Value, older: &[Arc<Value>]) -> i64 {
    let wanted = deployment["spec"]["replicas"].as_i64().unwrap_or(1);
    let old: i64 = older.iter().map(|set| replicas(set)).sum();
    if deployment["spec"]["strategy"]["type"] == "Recreate" {
        return if old == 0 { wanted } else { 0 };
    }
    (wanted + slack(deployment).0 - old).clamp(0, wanted)
}

/// The newest replica set bears the deployment's words, such as the cause of the change.
fn adopt_annotations(context: &Context, deployment: &Value, set: &Value) {
    let inherited = inherited(deployment);
    context.touch(SETS, set, |set| {
        for (key, value) in inherited.as_object().into_iter().flatten() {
            set["metadata"]["annotations"][key] = value.clone();
        }
    });
}

/// Notes how the rollout goes.
fn progress(context: &Context, deployment: &Value, reason: &str, message: &str) {
    let now = context.stamp();
    let condition = json!({"type": "Progressing", "status": "True", "lastUpdateTime": now, "lastTransitionTime": now,
        "reason": reason, "message": message});
    context.touch(TABLE, deployment, |deployment| {
        super::scheduler::put_condition(deployment, condition.clone())
    });
}

fn say(context: &mut Context, deployment: &Value, message: &str) {
    let workload = Workload {
        api_version: "apps/v1",
        kind: "Deployment",
        component: "deployment-controller",
        object: deployment,
    };
    let api = context.api.clone();
    context
        .recorder
        .record(&api, workload.about(), "Normal", "ScalingReplicaSet", message);
}

fn new_set(deployment: &Value, revision: i64, size: i64) -> Value {
    let hash = template_hash(&deployment["spec"]["template"]);
    let mut template = deployment["spec"]["template"].clone();
    template["metadata"]["labels"][HASH_LABEL] = hash.clone().into();
    let mut selector = deployment["spec"]["selector"].clone();
    selector["matchLabels"][HASH_LABEL] = hash.clone().into();
    let wanted = deployment["spec"]["replicas"].as_i64().unwrap_or(1);
    let (surge, _) = slack(deployment);
    let mut annotations = inherited(deployment);
    annotations["deployment.kubernetes.io/desired-replicas"] = wanted.to_string().into();
    annotations["deployment.kubernetes.io/max-replicas"] = (wanted + surge).to_string().into();
    annotations[REVISION] = revision.to_string().into();
    json!({
        "kind": "ReplicaSet", "apiVersion": "apps/v1",
        "metadata": {"name": format!("{}-{hash}", name(deployment)), "namespace": namespace(deployment), "generation": 1,
            "labels": template["metadata"]["labels"], "annotations": annotations,
            "ownerReferences": [owner_reference("apps/v1", "Deployment", deployment)]},
        "spec": {"replicas": size, "selector": selector, "template": template},
        "status": {"replicas": 0},
    })
}

fn replicas(set: &Value) -> i64 {
    set["spec"]["replicas"].as_i64().unwrap_or_default()
}

fn present(set: &Value, count: &str) -> i64 {
    set["status"][count].as_i64().unwrap_or_default()
}

/// One step: the newest up as far as the surge lets it, then the older down as far as availability lets them.
fn scale(context: &mut Context, deployment: &Value, newest: &Value, older: &[Arc<Value>]) {
    let wanted = deployment["spec"]["replicas"].as_i64().unwrap_or(1);
    let old: i64 = older.iter().map(|set| replicas(set)).sum();
    if deployment["spec"]["strategy"]["type"] == "Recreate" {
        older
            .iter()
            .filter(|set| replicas(set) > 0)
            .for_each(|set| resize(context, deployment, set, 0));
        let left: i64 = older.iter().map(|set| present(set, "replicas")).sum();
        if left == 0 && replicas(newest) != wanted {
            resize(context, deployment, newest, wanted);
        }
        return;
    }
    let (surge, missing) = slack(deployment);
    let room = wanted + surge - old - replicas(newest);
    if replicas(newest) > wanted || room > 0 && replicas(newest) < wanted {
        let size = wanted.min(replicas(newest) + room.max(0));
        resize(context, deployment, newest, size);
        return;
    }
    // Pods that never became available go first: they are no loss.
    let available =
        present(newest, "availableReplicas") + older.iter().map(|set| present(set, "availableReplicas")).sum::<i64>();
    let mut spare = available - (wanted - missing);
    for set in older.iter().filter(|set| replicas(set) > 0) {
        let broken = (replicas(set) - present(set, "availableReplicas")).max(0);
        let down = (broken + spare.max(0)).min(replicas(set));
        if down > 0 {
            spare -= (down - broken).max(0);
            resize(context, deployment, set, replicas(set) - down);
        }
    }
}

fn resize(context: &mut Context, deployment: &Value, set: &Value, size: i64) {
    let from = replicas(set);
    if from == size {
        return;
    }
    context.touch(SETS, set, |set| {
        set["spec"]["replicas"] = size.into();
        let generation = set["metadata"]["generation"].as_i64().unwrap_or_default();
        set["metadata"]["generation"] = (generation + 1).into();
    });
    let direction = if size > from { "up" } else { "down" };
    let message = format!("Scaled {direction} replica set {} from {from} to {size}", name(set));
    say(context, deployment, &message);
}

/// Old replica sets beyond `revisionHistoryLimit` go.
fn clean_up(context: &Context, deployment: &Value, older: &[Arc<Value>]) {
    let limit = usize::try_from(deployment["spec"]["revisionHistoryLimit"].as_i64().unwrap_or(10)).unwrap_or_default();
    let mut empty: Vec<_> = older
        .iter()
        .filter(|set| replicas(set) == 0 && present(set, "replicas") == 0)
        .collect();
    empty.sort_by_key(|set| revision(set));
    for set in empty.iter().take(empty.len().saturating_sub(limit)) {
        context.delete(SETS, set);
    }
}

fn status(context: &Context, deployment: &Value, sets: &[Arc<Value>]) {
    let sum = |count: &str| sets.iter().map(|set| present(set, count)).sum::<i64>();
    let newest = sets.iter().find(|set| is_newest(set, deployment));
    let (total, ready, available) = (sum("replicas"), sum("readyReplicas"), sum("availableReplicas"));
    let updated = newest.map_or(0, |set| present(set, "replicas"));
    let wanted = deployment["spec"]["replicas"].as_i64().unwrap_or(1);
    let some = |count: i64| if count > 0 { count.into() } else { Value::Null };
    let counts = Counts {
        wanted,
        total,
        updated,
        available,
    };
    let status = json!({
        "observedGeneration": deployment["metadata"]["generation"],
        "replicas": some(total), "updatedReplicas": some(updated), "readyReplicas": some(ready),
        "availableReplicas": some(available), "unavailableReplicas": some(wanted.max(total) - available),
        "terminatingReplicas": sum("terminatingReplicas"),
        "conditions": conditions(context, deployment, newest.map(|set| &**set), &counts),
    });
    context.set_status(TABLE, deployment, &status);
}

struct Counts {
    wanted: i64,
    total: i64,
    updated: i64,
    available: i64,
}

/// How the rollout goes: status, reason and message.
fn progressing(
    context: &Context,
    deployment: &Value,
    set: &str,
    counts: &Counts,
) -> (&'static str, &'static str, String) {
    let done = counts.updated == counts.wanted && counts.total == counts.wanted && counts.available == counts.wanted;
    let old = condition(deployment, "Progressing");
    if done {
        let message = format!("ReplicaSet \"{set}\" has successfully progressed.");
        return ("True", "NewReplicaSetAvailable", message);
    }
    if old.is_some_and(|old| late(context, deployment, old, counts)) {
        let message = format!("ReplicaSet \"{set}\" has timed out progressing.");
        return ("False", "ProgressDeadlineExceeded", message);
    }
    // Scaling what was rolled out is no rollout.
    let scaled = |old: &&Value| old["reason"] == "NewReplicaSetAvailable" && counts.total == counts.updated;
    match old.filter(|old| old["status"] == "True" && (scaled(old) || !moves(deployment, counts))) {
        Some(old) => {
            let message = old["message"].as_str().unwrap_or_default().to_owned();
            ("True", known_reason(&old["reason"]), message)
        }
        None => (
            "True",
            "ReplicaSetUpdated",
            format!("ReplicaSet \"{set}\" is progressing."),
        ),
    }
}

/// Whether it is available and how the rollout goes.
fn conditions(context: &Context, deployment: &Value, newest: Option<&Value>, counts: &Counts) -> Value {
    let (_, missing) = slack(deployment);
    let enough = counts.available >= counts.wanted - missing;
    let available = if enough {
        (
            "True",
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.".to_owned(),
        )
    } else {
        (
            "False",
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.".to_owned(),
        )
    };
    let old = condition(deployment, "Progressing");
    let progressing = progressing(context, deployment, newest.map_or("", name), counts);
    let moved = old.is_none_or(|old| moves(deployment, counts) || old["reason"] != progressing.1);
    let failure = newest.and_then(|set| condition(set, "ReplicaFailure")).cloned();
    let mut all = deployment["status"]["conditions"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let available = renew(
        context,
        condition(deployment, "Available"),
        "Available",
        &available,
        false,
    );
    place(&mut all, available, false);
    place(&mut all, renew(context, old, "Progressing", &progressing, moved), moved);
    all.retain(|known| known["type"] != "ReplicaFailure");
    all.extend(failure.map(|mut failure| {
        failure["lastUpdateTime"] = failure["lastTransitionTime"].clone();
        failure
    }));
    Value::Array(all)
}

/// Puts a condition in its place; one that says something new comes last.
fn place(all: &mut Vec<Value>, new: Value, moved: bool) {
    let known = all.iter().position(|known| known["type"] == new["type"]);
    let same = known
        .and_then(|at| all.get(at))
        .is_some_and(|old| old["status"] == new["status"] && old["reason"] == new["reason"]);
    match known.and_then(|at| all.get_mut(at)) {
        Some(old) if same && !moved => *old = new,
        _ => {
            all.retain(|known| known["type"] != new["type"]);
            all.push(new);
        }
    }
}

/// Whether the counts differ from those that the status tells.
fn moves(deployment: &Value, counts: &Counts) -> bool {
    let told = |count: &str| deployment["status"][count].as_i64().unwrap_or_default();
    told("updatedReplicas") != counts.updated || told("availableReplicas") != counts.available
}

/// The reasons of a rollout that goes on.
fn known_reason(reason: &Value) -> &'static str {
    let known = [
        "NewReplicaSetAvailable",
        "NewReplicaSetCreated",
        "FoundNewReplicaSet",
        "ReplicaSetUpdated",
    ];
    known
        .into_iter()
        .find(|known| reason == known)
        .unwrap_or("ReplicaSetUpdated")
}

/// Whether nothing has moved for longer than the deadline; what once failed fails until something moves.
fn late(context: &Context, deployment: &Value, old: &Value, counts: &Counts) -> bool {
    let still = deployment["status"]["updatedReplicas"].as_i64().unwrap_or_default() == counts.updated
        && deployment["status"]["availableReplicas"].as_i64().unwrap_or_default() == counts.available
        && deployment["status"]["observedGeneration"] == deployment["metadata"]["generation"];
    let deadline = deployment["spec"]["progressDeadlineSeconds"].as_i64().unwrap_or(600);
    let since = old["lastUpdateTime"]
        .as_str()
        .and_then(|text| text.parse::<jiff::Timestamp>().ok());
    let waited = since.map_or(0, |since| {
        (context.now() - since).total(jiff::Unit::Second).unwrap_or_default() as i64
    });
    still
        && old["reason"] != "NewReplicaSetAvailable"
        && (old["reason"] == "ProgressDeadlineExceeded" || waited > deadline)
}

fn renew(context: &Context, old: Option<&Value>, kind: &str, new: &(&str, &str, String), moved: bool) -> Value {
    let (status, reason, message) = new;
    let now = Value::from(context.stamp());
    let same = old.filter(|old| old["status"] == *status);
    let transition = same.map_or_else(|| now.clone(), |old| old["lastTransitionTime"].clone());
    let unchanged = old.filter(|old| !moved && old["reason"] == *reason && old["status"] == *status);
    let update = unchanged.map_or(now, |old| old["lastUpdateTime"].clone());
    json!({"type": kind, "status": status, "lastUpdateTime": update, "lastTransitionTime": transition, "reason": reason,
        "message": message})
}
