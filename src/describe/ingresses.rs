//! Ingresses.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::core::lang::Lang;
use crate::relations::kinds::{INGRESS_CLASS, SECRET};

use super::need::Need;
use super::value::{Read, join, joined, or};
use super::words::Words;
use super::writer::Table;
use super::{Describer, Input, Writer, ingress_backend, meta};

/// Describes an Ingress, as `describeIngressV1` in kubectl.
pub struct Ingresses;

impl Describer for Ingresses {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("networking.k8s.io", "Ingress")]
    }

    fn needs(&self, ingress: &Value) -> Vec<Need> {
        let spec = ingress.key("spec");
        let rules = spec
            .key("rules")
            .list()
            .iter()
            .flat_map(|rule| rule.at("http.paths").list());
        let backends = rules
            .map(|path| path.key("backend"))
            .chain([spec.key("defaultBackend")]);
        let services: BTreeSet<_> = backends.map(|backend| backend.at("service.name").text()).collect();
        let namespace = ingress.at("metadata.namespace").text();
        let named = services.into_iter().filter(|service| !service.is_empty());
        named
            .flat_map(|service| ingress_backend::needs(namespace, service))
            .collect()
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let (ingress, spec) = (input.object, input.object.key("spec"));
        meta::name(ingress, out);
        meta::labels_and_annotations(ingress, out);
        out.field("Address", addresses(ingress));
        let class = spec.key("ingressClassName").text();
        out.field("Ingress Class", out.naming(or(class, "<none>"), &INGRESS_CLASS, class));
        let default = match spec.key("defaultBackend") {
            Value::Null => Words::from("<default>"),
            backend => ingress_backend::describe(backend, input.related, out.lang()),
        };
        out.field("Default backend", default.clone());
        tls(spec.key("tls").list(), out);
        out.section("Rules");
        out.table(rules(spec.key("rules").list(), default, input, out.lang()));
    }
}

/// Where the Ingress is reached, sorted and once each.
fn addresses(ingress: &Value) -> String {
    let address = |one: &Value| or(one.key("ip").text(), one.key("hostname").text()).to_owned();
    let addresses: BTreeSet<_> = ingress
        .at("status.loadBalancer.ingress")
        .list()
        .iter()
        .map(address)
        .collect();
    join(addresses.iter().filter(|address| !address.is_empty()), ",")
}

fn tls(tls: &[Value], out: &mut Writer) {
    if tls.is_empty() {
        return;
    }
    out.heading("TLS");
    out.nested(|out| {
        for one in tls {
            let hosts = joined(one.key("hosts"), ",");
            let secret = one.key("secretName").text();
            let text = match secret {
                "" => format!("SNI routes {hosts}"),
                secret => format!("{secret} terminates {hosts}"),
            };
            out.lines(out.naming(text, &SECRET, secret));
        }
    });
}

fn rules(rules: &[Value], default: Words, input: &Input, lang: &Lang) -> Table {
    let mut table = Table::new(["Host", "Path", "Backends"]);
    for rule in rules.iter().filter(|rule| rule.key("http").is_set()) {
        let mut host = Words::from(or(rule.key("host").text(), "*"));
        for path in rule.at("http.paths").list() {
            let backend = ingress_backend::describe(path.key("backend"), input.related, lang);
            table.row([std::mem::take(&mut host), path.key("path").show().into(), backend]);
        }
        if !host.is_empty() {
            table.row([host, Words::default(), Words::default()]);
        }
    }
    if table.rows.is_empty() {
        table.row(["*".into(), "*".into(), default]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, Related};
    use super::*;
    use crate::core::clock::Clock;
    use serde_json::json;

    fn backend(service: &str) -> Value {
        json!({"service": {"name": service, "port": {"number": 80}}})
    }

    #[test]
    fn rules_lead_to_what_is_behind_the_service() {
        let paths = json!([{"path": "/a", "backend": backend("web")}, {"path": "/b", "backend": backend("gone")}, {"path": "/c", "backend": {"resource": {"kind": "Bucket", "name": "x", "apiGroup": "s3"}}}]);
        let ingress = json!({"metadata": {"namespace": "shop"}, "spec": {"rules": [{"host": "a.b", "http": {"paths": paths}}, {"host": "none"}]},
            "status": {"loadBalancer": {"ingress": [{"hostname": "z"}, {"ip": "1.2.3.4"}, {"ip": "1.2.3.4"}]}}});
        let tags: Vec<_> = Ingresses
            .needs(&ingress)
            .into_iter()
            .map(|need| need.tag.into_owned())
            .collect();
        assert_eq!(
            tags,
            [
                "service/gone",
                "endpointslices/gone",
                "service/web",
                "endpointslices/web"
            ]
        );
        let mut related = Related::new();
        related.set(
            "service/web",
            Answer::Items(vec![json!({"spec": {"ports": [{"name": "http", "port": 80}]}})]),
        );
        let slice = json!({"ports": [{"name": "http", "port": 8080}], "endpoints": [{"addresses": ["10.0.0.1"]}]});
        related.set("endpointslices/web", Answer::Items(vec![slice]));
        related.set("service/gone", Answer::Items(vec![]));
        related.set("endpointslices/gone", Answer::Items(vec![]));
        let clock = Clock::at("2026-11-20T22:50:00Z".parse().unwrap());
        let mut out = Writer::default();
        Ingresses.describe(
            &Input {
                object: &ingress,
                related: &related,
                clock: &clock,
            },
            &mut out,
        );
        let text = out.finish().text();
        let expected = "Rules
  Host  Path  Backends
  a.b   /a    web:80 (10.0.0.1:8080)
✗       /b    gone:80 (<error: services \"gone\" not found>)
        /c    APIGroup: s3, Kind: Bucket, Name: x
";
        assert!(text.ends_with(expected), "{text}");
        assert!(text.contains("Address:          1.2.3.4,z\n"), "{text}");
    }
}
