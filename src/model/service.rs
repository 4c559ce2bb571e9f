//! Services: what `printService` in Kubernetes' printers.go tells of them.

use super::decode::{List, wire};
use super::load_balancer::LoadBalancerWire;
use super::scalar::Scalar;
use super::{Health, Istr, Labels, Meta, Projection};

/// A Service's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "ServiceWire")]
pub struct Service {
    meta: Meta,
    r#type: Istr,
    cluster_ip: Option<Box<str>>,
    external_name: Box<str>,
    external_ips: Box<[Box<str>]>,
    /// The load balancer's addresses, joined.
    load_balancer: Box<str>,
    ports: Box<[ServicePort]>,
    selector: Labels,
}

/// A port of a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePort {
    /// Its name; empty if it is the only one.
    pub name: Istr,
    /// The port that the Service listens on.
    pub port: i32,
    /// The port on every node; 0 without one.
    pub node_port: i32,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Istr,
    /// The number or name of the pods' port.
    pub target: Istr,
}

impl Service {
    /// The TYPE cell.
    pub fn r#type(&self) -> &str {
        &self.r#type
    }

    /// The CLUSTER-IP cell.
    pub fn cluster_ip_text(&self) -> &str {
        self.cluster_ip.as_deref().unwrap_or("<none>")
    }

    /// The EXTERNAL-IP cell, as `getServiceExternalIP`: whole, as the server prints it.
    pub fn external_ip_text(&self) -> String {
        match self.r#type.as_str() {
            "ClusterIP" | "NodePort" if self.external_ips.is_empty() => "<none>".to_owned(),
            "ClusterIP" | "NodePort" => self.external_ips.join(","),
            "LoadBalancer" if self.is_pending() => "<pending>".to_owned(),
            "LoadBalancer" => {
                let own = Some(&self.load_balancer).filter(|own| !own.is_empty());
                own.into_iter()
                    .chain(&self.external_ips)
                    .map(AsRef::as_ref)
                    .collect::<Vec<&str>>()
                    .join(",")
            }
            "ExternalName" => self.external_name.to_string(),
            _ => "<unknown>".to_owned(),
        }
    }

    /// The PORT(S) cell: `80/TCP,443:30443/TCP`.
    pub fn ports_text(&self) -> String {
        if self.ports.is_empty() {
            return "<none>".to_owned();
        }
        let port = |port: &ServicePort| match port.node_port {
            ..=0 => format!("{}/{}", port.port, port.protocol),
            node => format!("{}:{node}/{}", port.port, port.protocol),
        };
        self.ports.iter().map(port).collect::<Vec<_>>().join(",")
    }

    /// The ports.
    pub fn ports(&self) -> &[ServicePort] {
        &self.ports
    }

    /// Which pods stand behind the Service; none if it is empty.
    pub fn selector(&self) -> &Labels {
        &self.selector
    }

    /// A load balancer without any address.
    fn is_pending(&self) -> bool {
        self.load_balancer.is_empty() && self.external_ips.is_empty()
    }
}

impl Projection for Service {
    const KIND: &'static str = "Service";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        match self.r#type.as_str() {
            _ if self.meta.deleting.is_some() => Health::Busy,
            "LoadBalancer" if self.is_pending() => Health::Warn,
            _ => Health::Neutral,
        }
    }
}

wire! {
    struct ServiceWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        r#type: Istr,
        #[serde(rename = "clusterIP")]
        cluster_ip: Box<str>,
        #[serde(rename = "clusterIPs")]
        cluster_ips: List<Box<str>>,
        #[serde(rename = "externalIPs")]
        external_ips: List<Box<str>>,
        external_name: Box<str>,
        ports: List<PortWire>,
        selector: Labels,
    }

    struct PortWire {
        name: Istr,
        port: i32,
        node_port: i32,
        protocol: Istr,
        target_port: Scalar,
    }

    struct StatusWire {
        load_balancer: LoadBalancerWire,
    }
}

impl From<ServiceWire> for Service {
    fn from(wire: ServiceWire) -> Self {
        let spec = wire.spec;
        let first_ip = spec.cluster_ips.into_iter().next();
        Self {
            meta: wire.metadata,
            r#type: if spec.r#type.is_empty() {
                Istr::new("ClusterIP")
            } else {
                spec.r#type
            },
            // Servers without dual stack know only the one.
            cluster_ip: first_ip.or(Some(spec.cluster_ip).filter(|ip| !ip.is_empty())),
            external_name: spec.external_name,
            external_ips: spec.external_ips.into_iter().collect(),
            load_balancer: wire.status.load_balancer.text().into(),
            ports: spec.ports.into_iter().map(ServicePort::from).collect(),
            selector: spec.selector,
        }
    }
}

impl From<PortWire> for ServicePort {
    fn from(wire: PortWire) -> Self {
        Self {
            name: wire.name,
            port: wire.port,
            node_port: wire.node_port,
            protocol: if wire.protocol.is_empty() {
                Istr::new("TCP")
            } else {
                wire.protocol
            },
            target: wire.target_port.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("service", |service: &Service, now| {
            vec![
                service.meta().name.to_string(),
                service.r#type().to_owned(),
                service.cluster_ip_text().to_owned(),
                service.external_ip_text(),
                service.ports_text(),
                service.meta().age_text(now),
                service.selector().format(),
            ]
        });
    }

    #[test]
    fn external_addresses_depend_on_the_type() {
        let balancer = r#""loadBalancer":{"ingress":[{"hostname":"b.example.com"},{"ip":"10.0.0.9","hostname":"x"},{"ip":"10.0.0.9"},{}]}"#;
        for (spec, status, text) in [
            ("", "", "<none>"),
            (r#""externalIPs":["1.1.1.1","2.2.2.2"]"#, "", "1.1.1.1,2.2.2.2"),
            (r#""type":"NodePort""#, "", "<none>"),
            (r#""type":"NodePort","externalIPs":["1.1.1.1"]"#, "", "1.1.1.1"),
            (r#""type":"LoadBalancer""#, "", "<pending>"),
            (r#""type":"LoadBalancer""#, balancer, "10.0.0.9,b.example.com"),
            (
                r#""type":"LoadBalancer","externalIPs":["1.1.1.1"]"#,
                balancer,
                "10.0.0.9,b.example.com,1.1.1.1",
            ),
            (r#""type":"LoadBalancer","externalIPs":["1.1.1.1"]"#, "", "1.1.1.1"),
            (
                r#""type":"ExternalName","externalName":"db.example.com""#,
                "",
                "db.example.com",
            ),
            (r#""type":"Teleport""#, "", "<unknown>"),
        ] {
            let service: Service = decode(&format!(r#"{{"spec":{{{spec}}},"status":{{{status}}}}}"#)).unwrap();
            assert_eq!(service.external_ip_text(), text, "{spec} {status}");
            assert_eq!(service.health() == Health::Warn, text == "<pending>");
        }
    }

    #[test]
    fn ports_show_number_node_port_and_protocol() {
        let service: Service = decode(
            r#"{"spec":{"ports":[{"port":80,"targetPort":8080},{"port":53,"nodePort":30053,"protocol":"UDP","targetPort":"dns"}]}}"#,
        )
        .unwrap();
        assert_eq!(service.ports_text(), "80/TCP,53:30053/UDP");
        let targets: Vec<_> = service.ports().iter().map(|port| port.target.as_str()).collect();
        assert_eq!(targets, ["8080", "dns"]);
    }
}
