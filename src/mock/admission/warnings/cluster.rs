//! Warnings of services, volumes, quotas, nodes and what leads traffic.

use serde_json::Value;

use crate::mock::admission::quantity::Quantity;
use crate::mock::admission::services::is_headless;
use crate::mock::admission::validate::addresses;
use crate::mock::kinds::Kind;
use crate::mock::values::{list, text};

/// The warnings for an object that was created, or changed if `updated`.
#[must_use]
pub fn warnings(kind: &Kind, object: &Value, updated: bool) -> Vec<String> {
    match kind.table.as_str() {
        "services" => service(object),
        "persistentvolumes" => volume(object),
        "persistentvolumeclaims" => claim(object),
        "ingresses.networking.k8s.io" if !updated => ingress(object),
        "resourcequotas" if !updated => quota(object),
        "endpointslices.discovery.k8s.io" => slice(object, updated),
        "endpoints" => endpoints(object),
        "nodes" => node(object),
        _ => Vec::new(),
    }
}

fn service(object: &Value) -> Vec<String> {
    let spec = &object["spec"];
    let mut told = Vec::new();
    if !object["metadata"]["annotations"]["service.kubernetes.io/topology-aware-hints"].is_null() {
        told.push(
            "annotation service.kubernetes.io/topology-aware-hints is deprecated, please use \
            service.kubernetes.io/topology-mode instead"
                .to_owned(),
        );
    }
    let (outside, headless) = (list(&spec["externalIPs"]).next().is_some(), is_headless(spec));
    let plain = spec["type"] == "ClusterIP" && headless;
    for (wrong, why) in [
        (!text(&spec["loadBalancerIP"]).is_empty(), "spec.loadBalancerIP"),
        (outside, "spec.externalIPs"),
        (text(&spec["sessionAffinity"]) != "None", "spec.SessionAffinity"),
    ] {
        if plain && wrong {
            told.push(format!("{why} is ignored for headless services"));
        }
    }
    for (index, address) in list(&spec["externalIPs"]).enumerate() {
        told.extend(addresses::warning(&format!("spec.externalIPs[{index}]"), text(address)));
    }
    let named = spec["type"] == "ExternalName";
    if outside && !plain && !named {
        told.push("spec.externalIPs is deprecated and may no longer be implemented in some clusters".to_owned());
    }
    if outside && named {
        told.push("spec.externalIPs is ignored when spec.type is \"ExternalName\"".to_owned());
    }
    if !named && !text(&spec["externalName"]).is_empty() {
        told.push("spec.externalName is ignored when spec.type is not \"ExternalName\"".to_owned());
    }
    if spec["trafficDistribution"] == "PreferClose" {
        told.push("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"".to_owned());
    }
    told
}

/// Annotations that were fields in the making.
fn old_annotation(object: &Value, name: &str, why: &str) -> Option<String> {
    let there = !object["metadata"]["annotations"][name].is_null();
    there.then(|| format!("metadata.annotations[{name}]: {why}"))
}

const OLD_CLASS: (&str, &str) = (
    "volume.beta.kubernetes.io/storage-class",
    "deprecated since v1.8; use \"storageClassName\" attribute instead",
);

fn volume(object: &Value) -> Vec<String> {
    let spec = &object["spec"];
    let mut told: Vec<String> = old_annotation(object, OLD_CLASS.0, OLD_CLASS.1).into_iter().collect();
    let why = "deprecated since v1.31; use \"mountOptions\" attribute instead";
    told.extend(old_annotation(object, "volume.beta.kubernetes.io/mount-options", why));
    if spec["persistentVolumeReclaimPolicy"] == "Recycle" {
        told.push(
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach \
            is to use dynamic provisioning."
                .to_owned(),
        );
    }
    for (source, since) in [
        ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
        ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
        ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
        ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
        ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
        ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ] {
        if spec[source].is_object() {
            let shown = if source == "storageos" { "storageOS" } else { source };
            told.push(format!("spec.{shown}: {since}"));
        }
    }
    told
}

fn claim(object: &Value) -> Vec<String> {
    let mut told: Vec<String> = old_annotation(object, OLD_CLASS.0, OLD_CLASS.1).into_iter().collect();
    for list in ["requests", "limits"] {
        let size = text(&object["spec"]["resources"][list]["storage"]);
        if Quantity::read(size).is_some_and(|size| size.value().fract() != 0.0) {
            let field = format!("spec.resources.{list}[storage]");
            told.push(format!(
                "{field}: fractional byte value {size:?} is invalid, must be an integer"
            ));
        }
    }
    told
}

fn ingress(object: &Value) -> Vec<String> {
    let name = "kubernetes.io/ingress.class";
    let old = !object["metadata"]["annotations"][name].is_null() && object["spec"]["ingressClassName"].is_null();
    let why = format!("annotation {name:?} is deprecated, please use 'spec.ingressClassName' instead");
    old.then_some(why).into_iter().collect()
}

/// Requests above the limits.
fn quota(object: &Value) -> Vec<String> {
    let hard = &object["spec"]["hard"];
    let read = |name: &str| Quantity::from_value(&hard[name]);
    let mut told = Vec::new();
    for resource in ["cpu", "memory", "storage", "ephemeral-storage"] {
        let (full, limit) = (format!("requests.{resource}"), format!("limits.{resource}"));
        let bare = hard[&full].is_null() && matches!(resource, "cpu" | "memory");
        let request = if bare { resource } else { &full };
        if let (Some(asked), Some(most)) = (read(request), read(&limit))
            && asked > most
        {
            told.push(format!(
                "ResourceQuota {request} ({asked}) should be less than {limit} ({most})"
            ));
        }
    }
    told
}

fn slice(object: &Value, updated: bool) -> Vec<String> {
    let kind = &object["addressType"];
    let mut told = Vec::new();
    if !updated && *kind == "FQDN" {
        told.push("spec.addressType: FQDN endpoints are deprecated".to_owned());
    }
    if *kind == "FQDN" {
        return told;
    }
    for (index, endpoint) in list(&object["endpoints"]).enumerate() {
        for (place, address) in list(&endpoint["addresses"]).enumerate() {
            let field = format!("endpoints[{index}].addresses[{place}]");
            told.extend(addresses::warning(&field, text(address)));
        }
    }
    told
}

fn endpoints(object: &Value) -> Vec<String> {
    let mut told = Vec::new();
    for (index, subset) in list(&object["subsets"]).enumerate() {
        for name in ["addresses", "notReadyAddresses"] {
            for (place, address) in list(&subset[name]).enumerate() {
                let field = format!("subsets[{index}].{name}[{place}].ip");
                told.extend(addresses::warning(&field, text(&address["ip"])));
            }
        }
    }
    told
}

fn node(object: &Value) -> Vec<String> {
    let spec = &object["spec"];
    let mut told = Vec::new();
    if spec["configSource"].is_object() {
        told.push("spec.configSource: the feature is removed".to_owned());
    }
    if !text(&spec["externalID"]).is_empty() {
        told.push("spec.externalID: this field is deprecated, and is unused by Kubernetes".to_owned());
    }
    told
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::kinds::Registry;

    #[test]
    fn what_is_accepted_may_be_unwise() {
        for (group, plural, object, said) in [
            (
                "",
                "services",
                json!({"spec": {"type": "ClusterIP", "sessionAffinity": "None", "trafficDistribution": "PreferClose"}}),
                "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"",
            ),
            (
                "",
                "persistentvolumes",
                json!({"spec": {"persistentVolumeReclaimPolicy": "Recycle"}}),
                "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended \
                approach is to use dynamic provisioning.",
            ),
            (
                "networking.k8s.io",
                "ingresses",
                json!({"metadata": {"annotations": {"kubernetes.io/ingress.class": "nginx"}}}),
                "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead",
            ),
            (
                "",
                "resourcequotas",
                json!({"spec": {"hard": {"requests.cpu": "2", "limits.cpu": "1"}}}),
                "ResourceQuota requests.cpu (2) should be less than limits.cpu (1)",
            ),
        ] {
            let kind = Registry::default().find(group, "v1", plural).unwrap();
            assert_eq!(warnings(&kind, &object, false), [said]);
        }
    }
}
