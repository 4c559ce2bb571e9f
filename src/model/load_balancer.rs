//! The addresses of a load balancer, of a Service or an Ingress.

use std::collections::BTreeSet;

use super::decode::{List, wire};

wire! {
    /// `status.loadBalancer`.
    struct LoadBalancerWire {
        ingress: List<IngressPointWire>,
    }

    struct IngressPointWire {
        ip: Box<str>,
        hostname: Box<str>,
    }
}

impl LoadBalancerWire {
    /// Each point's IP, else its host name; sorted, each once, joined by commas: `loadBalancerStatusStringer` in Kubernetes'
    /// printers.go, wide.
    pub(super) fn text(&self) -> String {
        let address = |point: &'_ IngressPointWire| {
            if point.ip.is_empty() {
                point.hostname.clone()
            } else {
                point.ip.clone()
            }
        };
        let addresses: BTreeSet<Box<str>> = self.ingress.iter().map(address).filter(|own| !own.is_empty()).collect();
        addresses.into_iter().collect::<Vec<_>>().join(",")
    }
}
