//! Addresses of services, out of the cluster's range: the IP allocator of Kubernetes' `pkg/registry/core/service`.

use std::collections::HashSet;
use std::net::IpAddr;

use serde_json::{Value, json};

use super::families::prefers_as_before;
use super::{all, is_headless, needs_address, texts};
use crate::mock::admission::validate::addresses::{is_part, read, read_range};
use crate::mock::server::{Api, FieldError};

/// Where the addresses of services come from: `--service-cluster-ip-range`.
const RANGE: &str = "10.96.0.0/12";

/// Gives a service the address that it asks for, or one that is free.
///
/// # Errors
/// An address that is taken, or that lies elsewhere.
pub fn allocate(api: &Api, old: Option<&Value>, spec: &mut Value) -> Result<(), Vec<FieldError>> {
    // A service keeps its address while it needs one; what changes it is found when the service is checked.
    let keeps = old.is_some_and(|old| needs_address(old) || prefers_as_before(old, spec));
    if keeps || !needs_address(spec) || is_headless(spec) {
        return Ok(());
    }
    let taken: HashSet<String> = all(api)
        .iter()
        .filter_map(|service| service["spec"]["clusterIP"].as_str())
        .map(str::to_owned)
        .collect();
    match texts(&spec["clusterIPs"]).first() {
        Some(asked) if !asked.is_empty() => check(asked, &taken, &spec["clusterIPs"])?,
        _ => {
            let address = free(api, &taken);
            spec["clusterIP"] = address.clone().into();
            spec["clusterIPs"] = json!([address]);
        }
    }
    Ok(())
}

fn check(asked: &str, taken: &HashSet<String>, shown: &Value) -> Result<(), Vec<FieldError>> {
    let refused = |why: &str| {
        let why = format!("failed to allocate IP {asked}: {why}");
        Err(vec![FieldError::invalid("spec.clusterIPs", shown, why)])
    };
    let inside = |address: IpAddr| read_range(RANGE).is_some_and(|range| is_part((address, 32), range));
    if !read(asked).is_some_and(inside) {
        return refused(&format!(
            "the provided IP ({asked}) is not in the valid range. The range of valid IPs is {RANGE}"
        ));
    }
    if taken.contains(asked) {
        return refused("provided IP is already allocated");
    }
    Ok(())
}

fn free(api: &Api, taken: &HashSet<String>) -> String {
    loop {
        let (second, third, last) = (96 + api.ids.below(16), api.ids.below(256), 1 + api.ids.below(254));
        let address = format!("10.{second}.{third}.{last}");
        if !taken.contains(&address) {
            return address;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_the_range_and_free() {
        let taken = HashSet::from(["10.96.0.1".to_owned()]);
        let of = |asked: &str| match check(asked, &taken, &json!([asked])) {
            Ok(()) => String::new(),
            Err(faults) => faults[0].message.clone(),
        };
        assert_eq!(of("10.96.9.9"), "");
        assert_eq!(
            of("10.96.0.1"),
            "Invalid value: [\"10.96.0.1\"]: failed to allocate IP 10.96.0.1: provided IP is already allocated"
        );
        assert_eq!(
            of("1.2.3.4"),
            "Invalid value: [\"1.2.3.4\"]: failed to allocate IP 1.2.3.4: the provided IP (1.2.3.4) is not in the valid range. \
            The range of valid IPs is 10.96.0.0/12"
        );
    }
}
