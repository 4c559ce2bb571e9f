//! Ports of nodes that lead to services: the port allocator of Kubernetes' `pkg/registry/core/service`.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::{all, needs_health_check, needs_node_ports, node_ports};
use crate::mock::admission::Attempt;
use crate::mock::server::{Api, ApiError, FieldError};

const RANGE: &str = "provided port is not in the valid range. The range of valid ports is 30000-32767";
const TAKEN: &str = "provided port is already allocated";

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

/// The ports that services have.
fn taken(api: &Api) -> HashSet<i64> {
    let of = |service: &Value| {
        let mut ports = node_ports(&service["spec"]);
        ports.insert(number(&service["spec"]["healthCheckNodePort"]));
        ports
    };
    all(api).iter().flat_map(of).collect()
}

/// Takes a port; a dry run does not look where it lies.
fn take(taken: &mut HashSet<i64>, port: i64, dry_run: bool) -> Result<(), &'static str> {
    if !dry_run && !(30_000..=32_767).contains(&port) {
        return Err(RANGE);
    }
    if taken.insert(port) { Ok(()) } else { Err(TAKEN) }
}

fn free(api: &Api, taken: &mut HashSet<i64>) -> i64 {
    let tries = (0..100_000).map(|_| 30_000 + i64::try_from(api.ids.below(2768)).unwrap_or_default());
    let found = tries.into_iter().find(|port| !taken.contains(port)).unwrap_or_default();
    taken.insert(found);
    found
}

/// Gives the ports of a service ports of nodes: those that it asks for, or free ones.
///
/// # Errors
/// A port that is taken, or that lies elsewhere.
pub fn allocate(attempt: &Attempt<'_>, old: Option<&Value>, spec: &mut Value) -> Result<(), Vec<FieldError>> {
    if !matches!(spec["type"].as_str(), Some("NodePort" | "LoadBalancer")) {
        return Ok(());
    }
    let (wants, had) = (needs_node_ports(spec), old.map(node_ports).unwrap_or_default());
    let asked: HashMap<i64, i64> = spec["ports"]
        .as_array()
        .into_iter()
        .flatten()
        .rev()
        .filter(|port| number(&port["nodePort"]) != 0)
        .map(|port| (number(&port["port"]), number(&port["nodePort"])))
        .collect();
    let mut taken = taken(attempt.api);
    // A port in two protocols has the same port of the nodes.
    let mut given: HashMap<i64, i64> = HashMap::new();
    for (index, port) in spec["ports"].as_array_mut().into_iter().flatten().enumerate() {
        let (own, service) = (number(&port["nodePort"]), number(&port["port"]));
        if own == 0 && !wants || own != 0 && had.contains(&own) {
            continue;
        }
        let twin = given.get(&service).copied().filter(|_| old.is_none());
        let wanted = if own == 0 {
            twin.or(asked.get(&service).copied().filter(|_| old.is_none()))
        } else {
            Some(own)
        };
        let chosen = match wanted {
            Some(wanted) if twin == Some(wanted) => wanted,
            Some(wanted) => {
                let refused = |why| FieldError::invalid(format!("spec.ports[{index}].nodePort"), &wanted.into(), why);
                take(&mut taken, wanted, attempt.dry_run).map_err(|why| vec![refused(why)])?;
                wanted
            }
            None => free(attempt.api, &mut taken),
        };
        given.entry(service).or_insert(chosen);
        port["nodePort"] = chosen.into();
    }
    Ok(())
}

/// Gives a service a port at which load balancers ask nodes for their health.
///
/// # Errors
/// 500 for a port that is taken, or that lies elsewhere.
pub fn allocate_health_check(attempt: &Attempt<'_>, old: Option<&Value>, spec: &mut Value) -> Result<(), ApiError> {
    if !needs_health_check(spec) || old.is_some_and(needs_health_check) {
        return Ok(());
    }
    let mut taken = taken(attempt.api);
    taken.extend(node_ports(spec));
    let asked = number(&spec["healthCheckNodePort"]);
    if asked == 0 {
        spec["healthCheckNodePort"] = free(attempt.api, &mut taken).into();
        return Ok(());
    }
    take(&mut taken, asked, attempt.dry_run).map_err(|why| {
        let why = format!("failed to allocate requested HealthCheck NodePort {asked}: {why}");
        let mut error = ApiError::new(500, "InternalError", format!("Internal error occurred: {why}"));
        error.details = Some(Box::new(json!({"causes": [{"message": why}]})));
        error
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_nodes_lie_in_a_range() {
        let mut taken = HashSet::from([30_001]);
        assert_eq!(take(&mut taken, 80, false), Err(RANGE));
        assert_eq!(take(&mut taken, 30_001, false), Err(TAKEN));
        assert_eq!(take(&mut taken, 30_002, false), Ok(()));
        assert_eq!(take(&mut taken, 30_002, false), Err(TAKEN));
    }

    #[test]
    fn a_dry_run_takes_any_port_that_is_free() {
        let mut taken = HashSet::from([80]);
        assert_eq!(take(&mut taken, 81, true), Ok(()));
        assert_eq!(take(&mut taken, 80, true), Err(TAKEN));
    }
}
