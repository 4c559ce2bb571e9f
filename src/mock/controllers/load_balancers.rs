//! Addresses of services of type LoadBalancer, out of a pool, as MetalLB gives them.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::context::{Context, dying};
use super::recorder::About;

const TABLE: &str = "services";
/// The pool: `192.168.49.240` to `192.168.49.250`.
const POOL: std::ops::RangeInclusive<u8> = 240..=250;

/// One look at every service.
pub fn tick(context: &mut Context) {
    if !context.balances || !context.news("load balancers", &[TABLE]) {
        return;
    }
    let services = context.list(TABLE);
    let address = |service: &Value| {
        service["status"]["loadBalancer"]["ingress"][0]["ip"]
            .as_str()
            .map(str::to_owned)
    };
    let mut taken: HashSet<String> = services.iter().filter_map(|service| address(service)).collect();
    for service in services.iter().filter(|service| !dying(service)) {
        let wants = service["spec"]["type"] == "LoadBalancer" && service["spec"]["loadBalancerClass"].is_null();
        let given = service["status"]["loadBalancer"]["ingress"]
            .as_array()
            .is_some_and(|list| !list.is_empty());
        match (wants, given) {
            (true, false) => assign(context, service, &mut taken),
            (false, true) if service["spec"]["type"] != "LoadBalancer" => {
                context.set_status(TABLE, service, &json!({"loadBalancer": {}}));
            }
            _ => {}
        }
    }
}

fn assign(context: &mut Context, service: &Value, taken: &mut HashSet<String>) {
    let asked = service["spec"]["loadBalancerIP"].as_str().map(str::to_owned);
    let free = POOL
        .map(|last| format!("192.168.49.{last}"))
        .find(|address| !taken.contains(address));
    let about = About {
        api_version: "v1",
        kind: "Service",
        object: service,
        field: "",
        component: "metallb-controller",
        host: "",
    };
    let api = context.api.clone();
    let Some(address) = asked.filter(|asked| !taken.contains(asked)).or(free) else {
        let namespace = super::context::namespace(service);
        let message = format!(
            "Failed to allocate IP for \"{namespace}/{}\": no available IPs",
            super::context::name(service)
        );
        context
            .recorder
            .record(&api, about, "Warning", "AllocationFailed", &message);
        return;
    };
    taken.insert(address.clone());
    context.recorder.record(
        &api,
        about,
        "Normal",
        "IPAllocated",
        &format!("Assigned IP [\"{address}\"]"),
    );
    context.set_status(
        TABLE,
        service,
        &json!({"loadBalancer": {"ingress": [{"ip": address, "ipMode": "VIP"}]}}),
    );
}
