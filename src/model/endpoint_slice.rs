//! EndpointSlices: what `printEndpointSlice` in Kubernetes' printers.go tells of them.

use super::decode::{List, wire};
use super::{Health, Istr, Meta, Projection};

/// An EndpointSlice's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "EndpointSliceWire")]
pub struct EndpointSlice {
    meta: Meta,
    /// The ADDRESSTYPE cell.
    pub address_type: Istr,
    /// The PORTS cell: the first three.
    pub ports: Box<str>,
    /// The ENDPOINTS cell: the first three addresses.
    pub endpoints: Box<str>,
    /// How many endpoints there are.
    pub count: usize,
    /// How many of them take connections.
    pub ready: usize,
}

impl EndpointSlice {
    /// The Service that it belongs to.
    pub fn service(&self) -> Option<&str> {
        self.meta.labels.get("kubernetes.io/service-name")
    }
}

impl Projection for EndpointSlice {
    const KIND: &'static str = "EndpointSlice";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        match (self.ready, self.count) {
            (0, _) => Health::Warn,
            (ready, count) if ready < count => Health::Busy,
            _ => Health::Good,
        }
    }
}

wire! {
    struct EndpointSliceWire {
        metadata: Meta,
        address_type: Istr,
        ports: List<PortWire>,
        endpoints: List<EndpointWire>,
    }

    struct PortWire {
        name: Option<Istr>,
        port: Option<i32>,
    }

    struct EndpointWire {
        addresses: List<Box<str>>,
        conditions: ConditionsWire,
    }

    struct ConditionsWire {
        ready: Option<bool>,
    }
}

impl From<EndpointSliceWire> for EndpointSlice {
    fn from(wire: EndpointSliceWire) -> Self {
        let endpoints = &wire.endpoints;
        let addresses: Vec<String> = endpoints
            .iter()
            .flat_map(|own| own.addresses.iter())
            .map(|own| own.to_string())
            .collect();
        // Unknown is to be taken for ready, says the API.
        let ready = endpoints
            .iter()
            .filter(|own| own.conditions.ready.unwrap_or(true))
            .count();
        Self {
            meta: wire.metadata,
            address_type: wire.address_type,
            ports: first_three(&wire.ports.iter().map(PortWire::text).collect::<Vec<_>>()).into(),
            endpoints: first_three(&addresses).into(),
            count: endpoints.len(),
            ready,
        }
    }
}

impl PortWire {
    /// The number, else the name, else any.
    fn text(&self) -> String {
        match (self.port, &self.name) {
            (Some(port), _) => port.to_string(),
            (None, Some(name)) => name.to_string(),
            (None, None) => "*".to_owned(),
        }
    }
}

/// The first three, and how many more there are: `listWithMoreString`.
fn first_three(list: &[String]) -> String {
    match list {
        [a, b, c, _, ..] => format!("{a},{b},{c} + {} more...", list.len() - 3),
        _ if list.iter().all(String::is_empty) && list.len() < 2 => "<unset>".to_owned(),
        _ => list.join(","),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("endpointslice", |slice: &EndpointSlice, now| {
            [
                &*slice.meta().name,
                &slice.address_type,
                &slice.ports,
                &slice.endpoints,
                &slice.meta().age_text(now),
            ]
            .map(str::to_owned)
            .into()
        });
    }

    #[test]
    fn ports_have_numbers_names_or_nothing() {
        let slice: EndpointSlice = decode(
            r#"{"ports":[{"port":80,"name":"web"},{"name":"dns"},{}],
                "endpoints":[{"addresses":["a","b"]},{"addresses":["c"],"conditions":{"ready":false}}]}"#,
        )
        .unwrap();
        assert_eq!((&*slice.ports, &*slice.endpoints), ("80,dns,*", "a,b,c"));
        assert_eq!((slice.ready, slice.count, slice.health()), (1, 2, Health::Busy));
    }
}
