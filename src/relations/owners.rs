//! `metadata.ownerReferences`, both ways, for every kind.

use serde_json::Value;

use super::kinds::{
    self, CLAIM, CONFIG_MAP, CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICA_SET, SECRET, SERVICE, STATEFUL_SET,
};
use super::read::{list, namespace, some, text};
use super::{Direction, Find, From, How, Reference, Relation, Within, scan};

/// What owners and owned are to each other.
pub static RELATIONS: &[Relation] = &[
    Relation {
        from: From::Any,
        name: "owner",
        direction: Direction::Up,
        find: Find::Names(owners),
    },
    // What a custom resource owns is not known by its kind: these are what operators make.
    custom("deployments", scan(&DEPLOYMENT, Within::Same, owned)),
    custom("statefulsets", scan(&STATEFUL_SET, Within::Same, owned)),
    custom("daemonsets", scan(&DAEMON_SET, Within::Same, owned)),
    custom("cronjobs", scan(&CRON_JOB, Within::Same, owned)),
    custom("jobs", scan(&JOB, Within::Same, owned)),
    custom("replicasets", scan(&REPLICA_SET, Within::Same, owned)),
    custom("pods", scan(&POD, Within::Same, owned)),
    custom("services", scan(&SERVICE, Within::Same, owned)),
    custom("claims", scan(&CLAIM, Within::Same, owned)),
    custom("configmaps", scan(&CONFIG_MAP, Within::Same, owned)),
    custom("secrets", scan(&SECRET, Within::Same, owned)),
];

const fn custom(name: &'static str, find: Find) -> Relation {
    let (from, direction) = (From::Custom, Direction::Down);
    Relation {
        from,
        name,
        direction,
        find,
    }
}

/// The objects that an object names as its owners.
fn owners(object: &Value) -> Vec<Reference> {
    let own = namespace(object);
    let reference = |owner: &Value| {
        let resource = kinds::named(text(owner, "/apiVersion"), text(owner, "/kind"), !own.is_empty());
        Reference::to(&resource, own, text(owner, "/name"))
    };
    list(object, "/metadata/ownerReferences")
        .iter()
        .map(reference)
        .collect()
}

/// Whether the candidate names the object as its owner, by its uid.
pub fn owned(object: &Value, candidate: &Value) -> Vec<How> {
    let Some(uid) = some(text(object, "/metadata/uid")) else {
        return Vec::new();
    };
    let owners = list(candidate, "/metadata/ownerReferences");
    let is_owner = owners.iter().any(|owner| text(owner, "/uid") == uid);
    is_owner.then(How::plain).into_iter().collect()
}
