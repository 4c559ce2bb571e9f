//! Address families of services, of which this cluster has one: `initIPFamilyFields` of Kubernetes'
//! `pkg/registry/core/service/storage/alloc.go`.

use serde_json::{Value, json};

use super::{has, needs_address, texts};
use crate::mock::admission::validate::cluster_addresses;
use crate::mock::server::FieldError;

/// The only family that the cluster has addresses of.
const FAMILY: &str = "IPv4";
const POLICY: &str = "spec.ipFamilyPolicy";

/// Works out a service's families and their policy.
///
/// # Errors
/// What does not go together, or what this cluster has not.
pub fn settle(old: Option<&Value>, spec: &mut Value) -> Result<(), Vec<FieldError>> {
    if !needs_address(spec) || old.is_some_and(|old| prefers_as_before(old, spec)) {
        return Ok(());
    }
    let bare = spec["clusterIP"] == "None" && spec["selector"].as_object().is_none_or(serde_json::Map::is_empty);
    if !has(spec, "ipFamilyPolicy") {
        spec["ipFamilyPolicy"] = match old.filter(|old| has(old, "ipFamilyPolicy")) {
            Some(old) => old["ipFamilyPolicy"].clone(),
            None if bare => "RequireDualStack".into(),
            None => "SingleStack".into(),
        };
    }
    let faults = cluster_addresses::faults(spec, old);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut faults = old.map(|old| release(old, spec)).unwrap_or_default();
    faults.extend(single(spec));
    faults.extend(infer(spec));
    if !faults.is_empty() {
        return Err(faults);
    }
    if bare {
        // Whoever writes endpoints of such a service may write those of any family.
        let mut families = match texts(&spec["ipFamilies"]).as_slice() {
            [] => vec![FAMILY.to_owned()],
            given => given.iter().map(|family| (*family).to_owned()).collect(),
        };
        if families.len() < 2 && spec["ipFamilyPolicy"] != "SingleStack" {
            let other = if families.first().is_some_and(|first| first == "IPv4") {
                "IPv6"
            } else {
                "IPv4"
            };
            families.push(other.to_owned());
        }
        spec["ipFamilies"] = families.into();
        return Ok(());
    }
    let faults = missing(spec);
    if !faults.is_empty() {
        return Err(faults);
    }
    if !has(spec, "ipFamilies") {
        spec["ipFamilies"] = json!([FAMILY]);
    }
    Ok(())
}

/// Whether a service that takes two families where it gets them is as it was: `isMatchingPreferDualStackClusterIPFields`.
pub fn prefers_as_before(old: &Value, spec: &Value) -> bool {
    let prefers = |spec: &Value| spec["ipFamilyPolicy"] == "PreferDualStack";
    let same = |name: &str| old[name] == spec[name];
    prefers(spec) && prefers(old) && ["type", "clusterIP", "clusterIPs", "ipFamilies"].into_iter().all(same)
}

/// What an update gives up: only a service that asks for one family gets rid of the second.
fn release(old: &Value, spec: &mut Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (name, what) in [("clusterIPs", "cluster IP"), ("ipFamilies", "IP family")] {
        let (before, now) = (texts(&old[name]).len(), texts(&spec[name]).len());
        if spec["ipFamilyPolicy"] == "SingleStack" {
            if old[name] == spec[name] && now > 1 {
                spec[name] = json!([spec[name][0]]);
            }
        } else if now != 0 && now < before {
            let why = format!("must be 'SingleStack' to release the secondary {what}");
            faults.push(FieldError::invalid(POLICY, &spec["ipFamilyPolicy"], why));
        }
    }
    faults
}

/// Two of something in a service of one family.
fn single(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (name, what) in [("clusterIPs", "cluster IPs"), ("ipFamilies", "IP families")] {
        if spec["ipFamilyPolicy"] == "SingleStack" && texts(&spec[name]).len() == 2 {
            let why = format!("must be 'RequireDualStack' or 'PreferDualStack' when multiple {what} are specified");
            faults.push(FieldError::invalid(POLICY, &spec["ipFamilyPolicy"], why));
        }
    }
    faults
}

/// Families follow from the addresses.
fn infer(spec: &mut Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut families: Vec<String> = texts(&spec["ipFamilies"]).into_iter().map(str::to_owned).collect();
    for (index, address) in texts(&spec["clusterIPs"]).into_iter().enumerate() {
        if address == "None" {
            break;
        }
        if index < families.len() {
            continue;
        }
        if address.contains(':') {
            let field = format!("spec.clusterIPs[{index}]");
            let why = "IPv6 is not configured on this cluster";
            faults.push(FieldError::invalid(field, &spec["clusterIPs"], why));
        } else {
            families.push(FAMILY.to_owned());
        }
    }
    if !families.is_empty() {
        spec["ipFamilies"] = families.into();
    }
    faults
}

/// Families that this cluster has not.
fn missing(spec: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if spec["ipFamilyPolicy"] == "RequireDualStack" {
        let why = "this cluster is not configured for dual-stack services";
        faults.push(FieldError::invalid(POLICY, &spec["ipFamilyPolicy"], why));
    }
    for (index, family) in texts(&spec["ipFamilies"]).into_iter().enumerate() {
        if family != FAMILY {
            let field = format!("spec.ipFamilies[{index}]");
            faults.push(FieldError::invalid(
                field,
                &family.into(),
                "not configured on this cluster",
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_family_is_what_there_is() {
        let of = |mut spec: Value| match settle(None, &mut spec) {
            Ok(()) => format!("{} {}", spec["ipFamilyPolicy"], spec["ipFamilies"]),
            Err(faults) => faults[0].to_string(),
        };
        for (spec, said) in [
            (json!({"type": "ClusterIP"}), "\"SingleStack\" [\"IPv4\"]"),
            (
                json!({"type": "ClusterIP", "clusterIP": "None", "clusterIPs": ["None"]}),
                "\"RequireDualStack\" [\"IPv4\",\"IPv6\"]",
            ),
            (
                json!({"type": "ClusterIP", "ipFamilyPolicy": "PreferDualStack"}),
                "\"PreferDualStack\" [\"IPv4\"]",
            ),
            (
                json!({"type": "ClusterIP", "ipFamilyPolicy": "RequireDualStack"}),
                "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured for dual-stack services",
            ),
            (
                json!({"type": "ClusterIP", "ipFamilies": ["IPv6"]}),
                "spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster",
            ),
            (json!({"type": "ExternalName"}), "null null"),
        ] {
            assert_eq!(of(spec), said);
        }
    }
}
