//! ConfigMaps, Secrets, ServiceAccounts and classes: which pods and workloads use them, and how.

use serde_json::Value;

use super::kinds::{
    CLAIM, CONFIG_MAP, CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, PRIORITY_CLASS, RUNTIME_CLASS, SECRET,
    SERVICE_ACCOUNT, STATEFUL_SET,
};
use super::pod_spec::{Used, uses};
use super::read::{list, name, namespace, text};
use super::{By, Direction, Find, How, Look, Reference, Relation, Within, relation, scan};
use crate::core::resource::Resource;

/// What runs pods or makes them, and so uses others.
const USERS: &[&Resource] = &[&POD, &DEPLOYMENT, &STATEFUL_SET, &DAEMON_SET, &JOB, &CRON_JOB];

/// From pods and workloads to what they use, and back.
pub static RELATIONS: &[Relation] = &[
    relation(USERS, Direction::Out, "configmaps", Find::Names(configmaps)),
    relation(USERS, Direction::Out, "secrets", Find::Names(secrets)),
    relation(USERS, Direction::Out, "serviceaccount", Find::Names(accounts)),
    relation(USERS, Direction::Out, "priorityclass", Find::Names(priorities)),
    relation(USERS, Direction::Out, "runtimeclass", Find::Names(runtimes)),
    template_uses(&[&CONFIG_MAP], "pods", uses_configmap, &POD),
    template_uses(&[&CONFIG_MAP], "deployments", uses_configmap, &DEPLOYMENT),
    template_uses(&[&CONFIG_MAP], "statefulsets", uses_configmap, &STATEFUL_SET),
    template_uses(&[&CONFIG_MAP], "daemonsets", uses_configmap, &DAEMON_SET),
    template_uses(&[&CONFIG_MAP], "jobs", uses_configmap, &JOB),
    template_uses(&[&CONFIG_MAP], "cronjobs", uses_configmap, &CRON_JOB),
    template_uses(&[&SECRET], "pods", uses_secret, &POD),
    template_uses(&[&SECRET], "deployments", uses_secret, &DEPLOYMENT),
    template_uses(&[&SECRET], "statefulsets", uses_secret, &STATEFUL_SET),
    template_uses(&[&SECRET], "daemonsets", uses_secret, &DAEMON_SET),
    template_uses(&[&SECRET], "jobs", uses_secret, &JOB),
    template_uses(&[&SECRET], "cronjobs", uses_secret, &CRON_JOB),
    template_uses(&[&SECRET], "serviceaccounts", account_names, &SERVICE_ACCOUNT),
    relation(&[&SERVICE_ACCOUNT], Direction::In, "pods", ACCOUNT_PODS),
    template_uses(&[&SERVICE_ACCOUNT], "deployments", uses_account, &DEPLOYMENT),
    template_uses(&[&SERVICE_ACCOUNT], "statefulsets", uses_account, &STATEFUL_SET),
    template_uses(&[&SERVICE_ACCOUNT], "daemonsets", uses_account, &DAEMON_SET),
    template_uses(&[&SERVICE_ACCOUNT], "jobs", uses_account, &JOB),
    template_uses(&[&SERVICE_ACCOUNT], "cronjobs", uses_account, &CRON_JOB),
    template_uses(&[&PRIORITY_CLASS], "pods", uses_priority, &POD),
    template_uses(&[&PRIORITY_CLASS], "deployments", uses_priority, &DEPLOYMENT),
    template_uses(&[&PRIORITY_CLASS], "statefulsets", uses_priority, &STATEFUL_SET),
    template_uses(&[&PRIORITY_CLASS], "daemonsets", uses_priority, &DAEMON_SET),
    template_uses(&[&PRIORITY_CLASS], "jobs", uses_priority, &JOB),
    template_uses(&[&PRIORITY_CLASS], "cronjobs", uses_priority, &CRON_JOB),
    template_uses(&[&RUNTIME_CLASS], "pods", uses_runtime, &POD),
    template_uses(&[&RUNTIME_CLASS], "deployments", uses_runtime, &DEPLOYMENT),
    template_uses(&[&RUNTIME_CLASS], "statefulsets", uses_runtime, &STATEFUL_SET),
    template_uses(&[&RUNTIME_CLASS], "daemonsets", uses_runtime, &DAEMON_SET),
    template_uses(&[&RUNTIME_CLASS], "jobs", uses_runtime, &JOB),
    template_uses(&[&RUNTIME_CLASS], "cronjobs", uses_runtime, &CRON_JOB),
];

/// The server selects pods by their account itself.
const ACCOUNT_PODS: Find = Find::Select {
    of: &POD,
    within: Within::Same,
    by: By::Fields(|account| Some(format!("spec.serviceAccountName={}", name(account)))),
    look: uses_account,
};

/// From what is used to one kind of its users.
pub const fn template_uses(
    from: &'static [&'static Resource],
    relation_name: &'static str,
    look: Look,
    of: &'static Resource,
) -> Relation {
    relation(from, Direction::In, relation_name, scan(of, Within::Same, look))
}

/// How the user uses the object of this kind.
fn used_by(object: &Value, user: &Value, used: Used) -> Vec<How> {
    let here = uses(user).into_iter();
    here.filter(|one| one.used == used && one.name == name(object))
        .map(|one| one.how)
        .collect()
}

fn uses_configmap(object: &Value, user: &Value) -> Vec<How> {
    used_by(object, user, Used::ConfigMap)
}

fn uses_secret(object: &Value, user: &Value) -> Vec<How> {
    used_by(object, user, Used::Secret)
}

/// How a pod or workload uses a claim.
pub fn uses_claim(object: &Value, user: &Value) -> Vec<How> {
    used_by(object, user, Used::Claim)
}

fn uses_account(object: &Value, user: &Value) -> Vec<How> {
    used_by(object, user, Used::ServiceAccount)
}

fn uses_priority(object: &Value, user: &Value) -> Vec<How> {
    used_by(object, user, Used::PriorityClass)
}

fn uses_runtime(object: &Value, user: &Value) -> Vec<How> {
    used_by(object, user, Used::RuntimeClass)
}

/// ServiceAccounts name the secrets that images are pulled with, and those of their tokens.
fn account_names(secret: &Value, account: &Value) -> Vec<How> {
    let ways = [
        ("/imagePullSecrets", "image_pull_secret"),
        ("/secrets", "account_secret"),
    ];
    let named = |(pointer, _): &(&str, &str)| {
        list(account, pointer)
            .iter()
            .any(|one| text(one, "/name") == name(secret))
    };
    let how = |(_, id): (&str, &'static str)| How::of(id, &[]);
    ways.into_iter().filter(named).map(how).collect()
}

/// What is used of a kind, without what admission puts into every pod.
fn references(user: &Value, used: Used, resource: &Resource) -> Vec<Reference> {
    let here = uses(user).into_iter();
    here.filter(|one| one.used == used && !one.injected)
        .map(|one| Reference::to(resource, namespace(user), &one.name))
        .collect()
}

fn configmaps(user: &Value) -> Vec<Reference> {
    references(user, Used::ConfigMap, &CONFIG_MAP)
}

fn secrets(user: &Value) -> Vec<Reference> {
    references(user, Used::Secret, &SECRET)
}

/// The claims that a pod or workload mounts.
pub fn claims(user: &Value) -> Vec<Reference> {
    references(user, Used::Claim, &CLAIM)
}

fn accounts(user: &Value) -> Vec<Reference> {
    references(user, Used::ServiceAccount, &SERVICE_ACCOUNT)
}

fn priorities(user: &Value) -> Vec<Reference> {
    references(user, Used::PriorityClass, &PRIORITY_CLASS)
}

fn runtimes(user: &Value) -> Vec<Reference> {
    references(user, Used::RuntimeClass, &RUNTIME_CLASS)
}
