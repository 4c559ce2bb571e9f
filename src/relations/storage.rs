//! PersistentVolumeClaims, PersistentVolumes and StorageClasses.

use serde_json::Value;

use super::config::{template_uses, uses_claim};
use super::kinds::{CLAIM, CSI_DRIVER, NODE, POD, STATEFUL_SET, STORAGE_CLASS, VOLUME};
use super::read::{at, list, name, namespace, some, text};
use super::workloads::WORKLOADS;
use super::{Direction, Find, How, Reference, Relation, Within, relation, scan};

/// From claims to volumes and classes, and back.
pub static RELATIONS: &[Relation] = &[
    relation(&[&CLAIM], Direction::Out, "volume", Find::Names(volume)),
    relation(&[&CLAIM, &VOLUME], Direction::Out, "storageclass", Find::Names(class)),
    CLAIM_PODS,
    relation(
        &[&CLAIM],
        Direction::In,
        "statefulsets",
        scan(&STATEFUL_SET, Within::Same, makes),
    ),
    relation(
        &[&STATEFUL_SET],
        Direction::Out,
        "claims",
        scan(&CLAIM, Within::Same, made_by),
    ),
    relation(&[&VOLUME], Direction::Out, "claim", CLAIM_OF.find),
    relation(&[&VOLUME], Direction::In, "claim", CLAIM_OF.find),
    relation(&[&VOLUME], Direction::In, "pods", Find::Through(&CLAIM_OF, &CLAIM_PODS)),
    relation(
        &[&STORAGE_CLASS],
        Direction::In,
        "claims",
        scan(&CLAIM, Within::Everywhere, of_class),
    ),
    relation(
        &[&STORAGE_CLASS],
        Direction::In,
        "volumes",
        scan(&VOLUME, Within::Everywhere, of_class),
    ),
    relation(&[&STORAGE_CLASS], Direction::Out, "csidriver", Find::Names(driver)),
    template_uses(&[&CLAIM], "deployments", uses_claim, &super::kinds::DEPLOYMENT),
    template_uses(&[&CLAIM], "daemonsets", uses_claim, &super::kinds::DAEMON_SET),
    template_uses(&[&CLAIM], "jobs", uses_claim, &super::kinds::JOB),
    template_uses(&[&CLAIM], "cronjobs", uses_claim, &super::kinds::CRON_JOB),
    relation(&[&POD], Direction::Out, "claims", Find::Names(super::config::claims)),
    relation(WORKLOADS, Direction::Out, "claims", Find::Names(super::config::claims)),
    relation(&[&VOLUME], Direction::Out, "nodes", Find::Names(nodes)),
];

/// From a claim to the pods that mount it.
static CLAIM_PODS: Relation = relation(&[&CLAIM], Direction::In, "pods", scan(&POD, Within::Same, uses_claim));

/// From a volume to its claim.
static CLAIM_OF: Relation = relation(&[&VOLUME], Direction::Out, "claim", Find::Names(claim));

fn volume(claim: &Value) -> Vec<Reference> {
    vec![Reference::to(&VOLUME, "", text(claim, "/spec/volumeName"))]
}

/// The class by the field, or by the annotation that came before it.
fn class_name(object: &Value) -> &str {
    let old = text(object, "/metadata/annotations/volume.beta.kubernetes.io~1storage-class");
    some(old).unwrap_or_else(|| text(object, "/spec/storageClassName"))
}

fn class(object: &Value) -> Vec<Reference> {
    vec![Reference::to(&STORAGE_CLASS, "", class_name(object))]
}

fn of_class(class: &Value, candidate: &Value) -> Vec<How> {
    if class_name(candidate) == name(class) {
        vec![How::plain()]
    } else {
        Vec::new()
    }
}

fn claim(volume: &Value) -> Vec<Reference> {
    let claim = at(volume, "/spec/claimRef");
    vec![Reference::to(&CLAIM, text(claim, "/namespace"), text(claim, "/name"))]
}

/// In-tree provisioners (`kubernetes.io/…`) and those outside of CSI have no driver object.
fn driver(class: &Value) -> Vec<Reference> {
    let provisioner = text(class, "/provisioner");
    let in_tree = provisioner.starts_with("kubernetes.io/") || provisioner.contains('/');
    vec![Reference::to(&CSI_DRIVER, "", if in_tree { "" } else { provisioner })]
}

/// Claims of a StatefulSet are called after template, set and ordinal.
fn makes(claim: &Value, set: &Value) -> Vec<How> {
    let of_template = |template: &Value| {
        let own = text(template, "/metadata/name");
        let ordinal = name(claim)
            .strip_prefix(own)?
            .strip_prefix('-')?
            .strip_prefix(name(set))?
            .strip_prefix('-')?;
        let is_number = !ordinal.is_empty() && ordinal.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && !own.is_empty()).then(|| How::of("claim_template", &[("name", own)]))
    };
    let templates = list(set, "/spec/volumeClaimTemplates");
    templates.iter().filter_map(of_template).collect()
}

fn made_by(set: &Value, claim: &Value) -> Vec<How> {
    if namespace(set) == namespace(claim) {
        makes(claim, set)
    } else {
        Vec::new()
    }
}

/// The nodes that a local volume is bound to, by the host name that its affinity asks for.
fn nodes(volume: &Value) -> Vec<Reference> {
    let terms = list(volume, "/spec/nodeAffinity/required/nodeSelectorTerms");
    let asks = terms.iter().flat_map(|term| list(term, "/matchExpressions"));
    let hosts = asks.filter(|ask| text(ask, "/key") == "kubernetes.io/hostname" && text(ask, "/operator") == "In");
    let names = hosts.flat_map(|ask| list(ask, "/values")).filter_map(Value::as_str);
    names.map(|name| Reference::to(&NODE, "", name)).collect()
}
