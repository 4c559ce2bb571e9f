//! Services.

use serde_json::Value;

use crate::core::text::Tone;

use super::need::{Answer, Need};
use super::value::{Read, join, joined, or};
use super::words::Words;
use super::{Describer, Input, Writer, endpoints_text, meta};

/// Describes a Service, as `describeService` in kubectl.
pub struct Services;

const SLICES: &str = "endpointslices";

/// The endpoint slices of the Service of this name.
pub fn slices(tag: String, namespace: &str, service: &str) -> Need {
    Need::list(tag, ("discovery.k8s.io", "v1", "endpointslices"), namespace)
        .with_labels(format!("kubernetes.io/service-name={service}"))
}

impl Describer for Services {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "Service")]
    }

    fn needs(&self, service: &Value) -> Vec<Need> {
        // The endpoints are told beside each port; without one they are not told at all.
        if service.at("spec.ports").list().is_empty() {
            return Vec::new();
        }
        vec![slices(
            SLICES.to_owned(),
            service.at("metadata.namespace").text(),
            service.at("metadata.name").text(),
        )]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let (service, spec) = (input.object, input.object.key("spec"));
        meta::all(service, out);
        out.field("Selector", meta::format_labels(spec.key("selector")));
        out.field("Type", spec.key("type").show());
        if spec.key("ipFamilyPolicy").is_set() {
            out.field("IP Family Policy", spec.key("ipFamilyPolicy").show());
        }
        out.field("IP Families", Words::or_none(joined(spec.key("ipFamilies"), ",")));
        out.field("IP", spec.key("clusterIP").show());
        out.field("IPs", Words::or_none(joined(spec.key("clusterIPs"), ",")));
        outside(service, out);
        for port in spec.key("ports").list() {
            ports(port, input, out);
        }
        traffic(spec, out);
    }
}

fn outside(service: &Value, out: &mut Writer) {
    let spec = service.key("spec");
    if !spec.key("externalIPs").list().is_empty() {
        out.field("External IPs", joined(spec.key("externalIPs"), ","));
    }
    optional("Desired LoadBalancer IP", spec.key("loadBalancerIP"), out);
    optional("External Name", spec.key("externalName"), out);
    let ingress = service.at("status.loadBalancer.ingress").list();
    if !ingress.is_empty() {
        out.field("LoadBalancer Ingress", join(ingress.iter().map(balancer), ", "));
    } else if spec.key("type").text() == "LoadBalancer" {
        out.field("LoadBalancer Ingress", Words::toned("<pending>", Tone::Busy));
    }
}

fn balancer(ingress: &Value) -> String {
    match (ingress.key("ip").text(), ingress.key("ipMode").text()) {
        ("", _) => ingress.key("hostname").show(),
        (ip, "") => ip.to_owned(),
        (ip, mode) => format!("{ip} ({mode})"),
    }
}

fn optional(label: &str, value: &Value, out: &mut Writer) {
    if !value.text().is_empty() {
        out.field(label, value.text());
    }
}

fn ports(port: &Value, input: &Input, out: &mut Writer) {
    let name = or(port.key("name").text(), "<unset>");
    let protocol = or(port.key("protocol").text(), "TCP");
    out.field("Port", format!("{name}  {}/{protocol}", port.key("port").int()));
    let target = match port.key("targetPort") {
        Value::Null => "0".to_owned(),
        target => target.show(),
    };
    out.field("TargetPort", format!("{target}/{protocol}"));
    optional("AppProtocol", port.key("appProtocol"), out);
    if port.key("nodePort").int() != 0 {
        out.field("NodePort", format!("{name}  {}/{protocol}", port.key("nodePort").int()));
    }
    let selects = !input.object.at("spec.selector").members().is_empty();
    out.field(
        "Endpoints",
        endpoints(input.related.get(SLICES), port.key("name").text(), selects),
    );
}

/// A selector that reaches no pod is what most often is wrong with a Service.
fn endpoints(slices: &Answer, port: &str, selects: bool) -> Words {
    match slices {
        Answer::Loading => "…".into(),
        Answer::Refused(message) => Words::toned(message, Tone::Warn),
        Answer::Items(slices) => match endpoints_text::of_port(slices, port) {
            nothing if matches!(nothing.as_str(), "" | "<none>") => {
                Words::toned("<none>", if selects { Tone::Warn } else { Tone::Muted })
            }
            text => text.into(),
        },
    }
}

fn traffic(spec: &Value, out: &mut Writer) {
    out.field("Session Affinity", spec.key("sessionAffinity").show());
    optional("External Traffic Policy", spec.key("externalTrafficPolicy"), out);
    optional("Internal Traffic Policy", spec.key("internalTrafficPolicy"), out);
    if spec.key("healthCheckNodePort").int() != 0 {
        out.field("HealthCheck NodePort", spec.key("healthCheckNodePort").int());
    }
    if !spec.key("loadBalancerSourceRanges").list().is_empty() {
        out.field(
            "LoadBalancer Source Ranges",
            joined(spec.key("loadBalancerSourceRanges"), ","),
        );
    }
    optional("Traffic Distribution", spec.key("trafficDistribution"), out);
}
