//! Ingresses: what `printIngress` in Kubernetes' printers.go tells of them.

use super::decode::{List, wire};
use super::load_balancer::LoadBalancerWire;
use super::{Health, Istr, Meta, Projection};

/// An Ingress's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "IngressWire")]
pub struct Ingress {
    meta: Meta,
    class: Option<Istr>,
    /// The HOSTS cell: the first three, `*` without any.
    pub hosts: Box<str>,
    /// The ADDRESS cell: the load balancer's addresses, empty before it has any.
    pub address: Box<str>,
    /// Whether any host is served with TLS.
    pub tls: bool,
    /// The Services that it leads to, each once.
    pub services: Box<[Istr]>,
}

impl Ingress {
    /// The CLASS cell.
    pub fn class_text(&self) -> &str {
        self.class.as_deref().unwrap_or("<none>")
    }

    /// The PORTS cell.
    pub fn ports_text(&self) -> &'static str {
        if self.tls { "80, 443" } else { "80" }
    }
}

impl Projection for Ingress {
    const KIND: &'static str = "Ingress";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        if self.address.is_empty() {
            Health::Warn
        } else {
            Health::Good
        }
    }
}

wire! {
    struct IngressWire {
        metadata: Meta,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        ingress_class_name: Option<Istr>,
        default_backend: BackendWire,
        rules: List<RuleWire>,
        tls: List<TlsWire>,
    }

    struct RuleWire {
        host: Box<str>,
        http: HttpWire,
    }

    struct HttpWire {
        paths: List<PathWire>,
    }

    struct PathWire {
        backend: BackendWire,
    }

    struct BackendWire {
        service: ServiceWire,
    }

    struct ServiceWire {
        name: Istr,
    }

    struct TlsWire {}

    struct StatusWire {
        load_balancer: LoadBalancerWire,
    }
}

impl From<IngressWire> for Ingress {
    fn from(wire: IngressWire) -> Self {
        let services = services(&wire.spec).into();
        Self {
            meta: wire.metadata,
            class: wire.spec.ingress_class_name,
            hosts: hosts(&wire.spec.rules).into(),
            address: wire.status.load_balancer.text().into(),
            tls: !wire.spec.tls.is_empty(),
            services,
        }
    }
}

fn services(spec: &SpecWire) -> Vec<Istr> {
    let paths = spec.rules.iter().flat_map(|rule| rule.http.paths.iter());
    let backends = std::iter::once(&spec.default_backend).chain(paths.map(|path| &path.backend));
    let mut names: Vec<Istr> = Vec::new();
    for name in backends.map(|backend| &backend.service.name) {
        if !name.is_empty() && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// How many hosts are shown.
const SHOWN: usize = 3;

/// As `formatHosts`: what stands after the first three hosts counts, with a host or without.
fn hosts(rules: &[RuleWire]) -> String {
    let mut shown: Vec<&str> = Vec::new();
    let mut has_more = false;
    for rule in rules {
        if shown.len() == SHOWN {
            has_more = true;
        } else if !rule.host.is_empty() {
            shown.push(&rule.host);
        }
    }
    match (shown.join(","), has_more) {
        (hosts, true) => format!("{hosts} + {} more...", rules.len() - SHOWN),
        (hosts, false) if hosts.is_empty() => "*".to_owned(),
        (hosts, false) => hosts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("ingress", |ingress: &Ingress, now| {
            [
                &*ingress.meta().name,
                ingress.class_text(),
                &ingress.hosts,
                &ingress.address,
                ingress.ports_text(),
                &ingress.meta().age_text(now),
            ]
            .map(str::to_owned)
            .into()
        });
    }

    #[test]
    fn three_hosts_are_shown() {
        for (rules, text) in [
            (&[][..], "*"),
            (&["", ""], "*"),
            (&["a", "", "b"], "a,b"),
            (&["a", "b", "c"], "a,b,c"),
            (&["a", "", "b", "c", ""], "a,b,c + 2 more..."),
            (&["a", "b", "c", "d", "e"], "a,b,c + 2 more..."),
        ] {
            let rules: Vec<_> = rules.iter().map(|host| format!(r#"{{"host":"{host}"}}"#)).collect();
            let ingress: Ingress = decode(&format!(r#"{{"spec":{{"rules":[{}]}}}}"#, rules.join(","))).unwrap();
            assert_eq!(&*ingress.hosts, text);
            assert_eq!(
                (ingress.class_text(), ingress.ports_text(), &*ingress.address),
                ("<none>", "80", "")
            );
        }
    }
}
