//! Volumes and claims: bound to each other, or provisioned by the class.

use std::sync::Arc;

use serde_json::{Value, json};

use super::context::{Context, dying, name, namespace, uid};
use super::quotas::quantity;
use super::recorder::About;
use super::scheduler::claims;

const CLAIMS: &str = "persistentvolumeclaims";
const VOLUMES: &str = "persistentvolumes";
/// What decides about claims and volumes.
const TABLES: [&str; 4] = [CLAIMS, VOLUMES, "pods", "storageclasses.storage.k8s.io"];
/// The node for which a claim shall be bound.
pub const NODE: &str = "volume.kubernetes.io/selected-node";
/// How often the binder looks at a claim again, in milliseconds.
const AGAIN: i64 = 15_000;
const VOLUME_PROTECTION: &str = "kubernetes.io/pv-protection";
const PROTECTION: &str = "kubernetes.io/pvc-protection";

/// One look at every claim and volume.
pub fn tick(context: &mut Context) {
    let claims = context.list(CLAIMS);
    if !context.news("volumes", &TABLES) && claims.iter().all(|claim| claim["status"]["phase"] == "Bound") {
        return;
    }
    // Volumes first: a claim finds only what is available.
    for volume in context.list(VOLUMES).iter() {
        follow(context, volume);
    }
    for claim in claims.iter() {
        match claim["status"]["phase"].as_str() {
            _ if dying(claim) => release(context, claim),
            Some("Bound" | "Lost") => {}
            _ => bind(context, claim),
        }
    }
    for volume in context.list(VOLUMES).iter() {
        follow(context, volume);
    }
}

/// A claim that is deleted goes when no pod uses it.
fn release(context: &mut Context, claim: &Value) {
    let used = context
        .list_in("pods", namespace(claim))
        .iter()
        .any(|pod| claims(pod).iter().any(|used| used == name(claim)));
    if !used {
        context.drop_finalizer(CLAIMS, claim, PROTECTION);
    }
}

fn bind(context: &mut Context, claim: &Arc<Value>) {
    let volumes = context.list(VOLUMES);
    if let Some(volume) = volumes
        .iter()
        .filter(|volume| fits(claim, volume))
        .min_by(|a, b| size(a).total_cmp(&size(b)))
    {
        return join(context, claim, volume);
    }
    let class = claim["spec"]["storageClassName"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let classes = context.list("storageclasses.storage.k8s.io");
    let found = classes.iter().find(|known| name(known) == class);
    let (kind, reason, message) = match found {
        None if class.is_empty() => (
            "Normal",
            "FailedBinding",
            "no persistent volumes available for this claim and no storage class is set".to_owned(),
        ),
        None => (
            "Warning",
            "ProvisioningFailed",
            format!("storageclass.storage.k8s.io \"{class}\" not found"),
        ),
        Some(found)
            if found["volumeBindingMode"] == "WaitForFirstConsumer"
                && claim["metadata"]["annotations"][NODE].is_null() =>
        {
            (
                "Normal",
                "WaitForFirstConsumer",
                "waiting for first consumer to be created before binding".to_owned(),
            )
        }
        Some(found) if provisions(found) => {
            ask_provisioner(context, claim, found["provisioner"].as_str().unwrap_or_default());
            return provision(context, claim, found);
        }
        Some(found) => {
            let by = found["provisioner"].as_str().unwrap_or_default().to_owned();
            ask_provisioner(context, claim, &by);
            let message = format!(
                "Waiting for a volume to be created either by the external provisioner '{by}' or manually by the \
                system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
            );
            ("Normal", "ExternalProvisioning", message)
        }
    };
    say(context, claim, (kind, reason, &message));
}

/// Says why a claim is not bound, every fifteen seconds while nothing changes.
fn say(context: &mut Context, claim: &Value, (kind, reason, message): (&str, &str, &str)) {
    let mark = super::context::mark(claim, &[]);
    if context.rests("claims", claim, mark) {
        return;
    }
    let again = context.millis() + AGAIN;
    context.rest("claims", claim, mark, Some(again));
    let about = About {
        api_version: "v1",
        kind: "PersistentVolumeClaim",
        object: claim,
        field: "",
        component: "persistentvolume-controller",
        host: "",
    };
    let api = context.api.clone();
    context.recorder.record(&api, about, kind, reason, message);
}

/// Asks for volumes for the claims of a pod that wait for it. Returns whether none is missing.
pub fn reserve(context: &mut Context, pod: &Value, node: &str) -> bool {
    let mut ready = true;
    for claim in claims(pod) {
        let Some(claim) = context.find(CLAIMS, namespace(pod), &claim) else {
            continue;
        };
        if claim["status"]["phase"] == "Bound" {
            continue;
        }
        ready = false;
        if claim["metadata"]["annotations"][NODE].is_null() {
            context.touch(CLAIMS, &claim, |claim| {
                claim["metadata"]["annotations"][NODE] = node.into()
            });
        }
    }
    ready
}

/// Notes on the claim who shall make its volume.
fn ask_provisioner(context: &Context, claim: &Value, by: &str) {
    context.touch(CLAIMS, claim, |claim| {
        for key in [
            "volume.beta.kubernetes.io/storage-provisioner",
            "volume.kubernetes.io/storage-provisioner",
        ] {
            claim["metadata"]["annotations"][key] = by.into();
        }
    });
}

/// The provisioners that run in this cluster.
fn provisions(class: &Value) -> bool {
    matches!(
        class["provisioner"].as_str(),
        Some("k8s.io/minikube-hostpath" | "rancher.io/local-path")
    )
}

fn size(volume: &Value) -> f64 {
    quantity(volume["spec"]["capacity"]["storage"].as_str().unwrap_or("0"))
}

fn fits(claim: &Value, volume: &Value) -> bool {
    let (wants, has) = (&claim["spec"], &volume["spec"]);
    let class = |spec: &Value| spec["storageClassName"].as_str().unwrap_or_default().to_owned();
    let reserved = has["claimRef"].is_object()
        && (has["claimRef"]["name"] != claim["metadata"]["name"]
            || has["claimRef"]["namespace"] != claim["metadata"]["namespace"]);
    let modes = wants["accessModes"].as_array().into_iter().flatten();
    let named = wants["volumeName"]
        .as_str()
        .is_none_or(|wanted| wanted.is_empty() || wanted == name(volume));
    named
        && !reserved
        && !dying(volume)
        && class(wants) == class(has)
        && size(volume) >= quantity(wants["resources"]["requests"]["storage"].as_str().unwrap_or("0"))
        && modes
            .into_iter()
            .all(|mode| has["accessModes"].as_array().is_some_and(|has| has.contains(mode)))
        && has["volumeMode"].as_str().unwrap_or("Filesystem") == wants["volumeMode"].as_str().unwrap_or("Filesystem")
}

fn reference(claim: &Value) -> Value {
    json!({"kind": "PersistentVolumeClaim", "apiVersion": "v1", "namespace": namespace(claim), "name": name(claim), "uid": uid(claim),
        "resourceVersion": claim["metadata"]["resourceVersion"]})
}

/// Binds the two to each other, in the steps in which the binder writes them.
fn join(context: &Context, claim: &Value, volume: &Value) {
    let now = context.stamp();
    if volume["spec"]["claimRef"]["uid"].is_null() {
        context.touch(VOLUMES, volume, |volume| {
            volume["spec"]["claimRef"] = reference(claim);
            volume["metadata"]["annotations"]["pv.kubernetes.io/bound-by-controller"] = "yes".into();
        });
    }
    context.touch(VOLUMES, volume, |volume| {
        volume["status"] = json!({"phase": "Bound", "lastPhaseTransitionTime": now});
    });
    context.touch(CLAIMS, claim, |claim| {
        claim["spec"]["volumeName"] = name(volume).into();
        claim["metadata"]["annotations"]["pv.kubernetes.io/bind-completed"] = "yes".into();
        claim["metadata"]["annotations"]["pv.kubernetes.io/bound-by-controller"] = "yes".into();
    });
    context.touch(CLAIMS, claim, |claim| {
        claim["status"] = json!({"phase": "Bound", "accessModes": volume["spec"]["accessModes"], "capacity": volume["spec"]["capacity"]});
    });
}

fn provision(context: &mut Context, claim: &Value, class: &Value) {
    let volume_name = format!("pvc-{}", uid(claim));
    let path = format!("/tmp/hostpath-provisioner/{}/{}", namespace(claim), name(claim));
    let by = class["provisioner"].as_str().unwrap_or_default();
    let volume = json!({"kind": "PersistentVolume", "apiVersion": "v1",
        "metadata": {"name": volume_name, "annotations": {"pv.kubernetes.io/provisioned-by": by},
            "finalizers": [VOLUME_PROTECTION]},
        "spec": {"capacity": {"storage": claim["spec"]["resources"]["requests"]["storage"]}, "hostPath": {"path": path, "type": ""},
            "accessModes": claim["spec"]["accessModes"], "claimRef": reference(claim),
            "persistentVolumeReclaimPolicy": class["reclaimPolicy"].as_str().unwrap_or("Delete"), "storageClassName": name(class),
            "volumeMode": claim["spec"]["volumeMode"].as_str().unwrap_or("Filesystem")},
        "status": {"phase": "Available"}});
    if let Ok(made) = context.api.plant(volume) {
        let about = About {
            api_version: "v1",
            kind: "PersistentVolumeClaim",
            object: claim,
            field: "",
            component: by,
            host: "",
        };
        let api = context.api.clone();
        context.recorder.record(
            &api,
            about,
            "Normal",
            "ProvisioningSucceeded",
            &format!("Successfully provisioned volume {volume_name}"),
        );
        join(context, claim, &made.decode());
    }
}

/// A volume whose claim is gone is released, or deleted if its policy says so; one that nobody claims is available.
fn follow(context: &mut Context, volume: &Value) {
    let (spec, phase) = (&volume["spec"], volume["status"]["phase"].as_str().unwrap_or_default());
    let protected = volume["metadata"]["finalizers"]
        .as_array()
        .is_some_and(|list| !list.is_empty());
    if !protected && !dying(volume) {
        context.touch(VOLUMES, volume, |volume| {
            volume["metadata"]["finalizers"] = json!([VOLUME_PROTECTION])
        });
    }
    if dying(volume) {
        if phase != "Bound" {
            context.drop_finalizer(VOLUMES, volume, VOLUME_PROTECTION);
        }
        return;
    }
    let claim = &spec["claimRef"];
    let now = context.stamp();
    let set = |context: &Context, phase: &str| {
        context.touch(VOLUMES, volume, |volume| {
            volume["status"] = json!({"phase": phase, "lastPhaseTransitionTime": now})
        });
    };
    if !claim.is_object() {
        if phase != "Available" {
            set(context, "Available");
        }
        return;
    }
    let text = |field: &str| claim[field].as_str().unwrap_or_default();
    let found = context.api.store.get(CLAIMS, text("namespace"), text("name"));
    let gone = found.is_none_or(|found| !text("uid").is_empty() && *found.uid != *text("uid"));
    if gone && phase == "Bound" {
        set(context, "Released");
        if spec["persistentVolumeReclaimPolicy"] == "Delete" {
            context.delete(VOLUMES, volume);
        }
    }
}
