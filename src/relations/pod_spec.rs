//! What a pod, or a template of pods, uses by name, and where it says so.

use serde_json::Value;

use super::how::How;
use super::read::{at, list, name, some, text};
use crate::model::Labels;

/// What kind of object is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Used {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
    /// A PersistentVolumeClaim.
    Claim,
    /// A ServiceAccount.
    ServiceAccount,
    /// A PriorityClass.
    PriorityClass,
    /// A RuntimeClass.
    RuntimeClass,
}

/// One use of an object.
pub struct Use<'a> {
    /// What kind is used.
    pub used: Used,
    /// Its name.
    pub name: std::borrow::Cow<'a, str>,
    /// Where it is said.
    pub how: How,
    /// Whether every pod has it, put in by the ServiceAccount admission plugin.
    pub injected: bool,
}

/// Where the volumes' secrets stand, besides those of `secret` itself.
const VOLUME_SECRETS: &[&str] = &[
    "/azureFile/secretName",
    "/cephfs/secretRef/name",
    "/cinder/secretRef/name",
    "/csi/nodePublishSecretRef/name",
    "/flexVolume/secretRef/name",
    "/iscsi/secretRef/name",
    "/rbd/secretRef/name",
    "/scaleIO/secretRef/name",
    "/secret/secretName",
    "/storageos/secretRef/name",
];

/// The spec of the pod, or of the pods that a workload makes.
pub fn spec(object: &Value) -> &Value {
    let template = template(object);
    if template.is_null() {
        at(object, "/spec")
    } else {
        at(template, "/spec")
    }
}

/// The template of the pods that a workload makes; null for a pod.
fn template(object: &Value) -> &Value {
    let of_jobs = at(object, "/spec/jobTemplate/spec/template");
    if of_jobs.is_null() {
        at(object, "/spec/template")
    } else {
        of_jobs
    }
}

/// The labels of the pod, or of the pods that a workload makes.
pub fn pod_labels(object: &Value) -> Labels {
    let template = template(object);
    super::read::labels(if template.is_null() { object } else { template }, "/metadata/labels")
}

/// Everything that the pod or workload uses by name.
pub fn uses(object: &Value) -> Vec<Use<'_>> {
    let spec = spec(object);
    let mut out = Vec::new();
    let pod = template(object).is_null().then(|| name(object));
    for volume in list(spec, "/volumes") {
        of_volume(volume, pod, &mut out);
    }
    for containers in ["/initContainers", "/containers", "/ephemeralContainers"] {
        for container in list(spec, containers) {
            of_container(container, &mut out);
        }
    }
    for secret in list(spec, "/imagePullSecrets") {
        push(
            &mut out,
            Used::Secret,
            text(secret, "/name"),
            How::of("image_pull_secret", &[]),
        );
    }
    let account = some(text(spec, "/serviceAccountName")).unwrap_or_else(|| text(spec, "/serviceAccount"));
    if spec.is_object() {
        // A pod that names none gets the account of its namespace that is called so.
        push(
            &mut out,
            Used::ServiceAccount,
            some(account).unwrap_or("default"),
            How::of("service_account", &[]),
        );
    }
    push(
        &mut out,
        Used::PriorityClass,
        text(spec, "/priorityClassName"),
        How::of("priority_class", &[]),
    );
    push(
        &mut out,
        Used::RuntimeClass,
        text(spec, "/runtimeClassName"),
        How::of("runtime_class", &[]),
    );
    out
}

fn push<'a>(out: &mut Vec<Use<'a>>, used: Used, name: &'a str, how: How) {
    if !name.is_empty() {
        let (name, injected) = (name.into(), false);
        out.push(Use {
            used,
            name,
            how,
            injected,
        });
    }
}

fn of_volume<'a>(volume: &'a Value, pod: Option<&str>, out: &mut Vec<Use<'a>>) {
    let before = out.len();
    let own = text(volume, "/name");
    let how = || How::of("volume", &[("name", own)]);
    push(out, Used::ConfigMap, text(volume, "/configMap/name"), how());
    for secret in VOLUME_SECRETS {
        push(out, Used::Secret, text(volume, secret), how());
    }
    push(
        out,
        Used::Claim,
        text(volume, "/persistentVolumeClaim/claimName"),
        how(),
    );
    for source in list(volume, "/projected/sources") {
        push(out, Used::ConfigMap, text(source, "/configMap/name"), how());
        push(out, Used::Secret, text(source, "/secret/name"), how());
    }
    if let (Some(pod), true) = (pod, at(volume, "/ephemeral").is_object()) {
        // The claim of an ephemeral volume is called after pod and volume.
        let (used, name, injected) = (Used::Claim, format!("{pod}-{own}").into(), false);
        out.push(Use {
            used,
            name,
            how: how(),
            injected,
        });
    }
    if own.starts_with("kube-api-access-") {
        out.iter_mut().skip(before).for_each(|one| one.injected = true);
    }
}

fn of_container<'a>(container: &'a Value, out: &mut Vec<Use<'a>>) {
    let own = text(container, "/name");
    for env in list(container, "/env") {
        let how = || How::of("env", &[("name", text(env, "/name")), ("container", own)]);
        push(
            out,
            Used::ConfigMap,
            text(env, "/valueFrom/configMapKeyRef/name"),
            how(),
        );
        push(out, Used::Secret, text(env, "/valueFrom/secretKeyRef/name"), how());
    }
    for from in list(container, "/envFrom") {
        let how = || How::of("env_from", &[("container", own)]);
        push(out, Used::ConfigMap, text(from, "/configMapRef/name"), how());
        push(out, Used::Secret, text(from, "/secretRef/name"), how());
    }
}
