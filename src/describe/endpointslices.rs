//! EndpointSlices and the Endpoints that came before them.

use serde_json::Value;

use crate::core::text::Tone;
use crate::relations::kinds::NODE;

use super::value::{Read, join, joined, or};
use super::words::Words;
use super::writer::Table;
use super::{Describer, Input, Writer, meta};

/// Describes an EndpointSlice, as `describeEndpointSliceV1` in kubectl.
pub struct EndpointSlices;

/// Describes Endpoints, as `describeEndpoints` in kubectl.
pub struct Endpoints;

impl Describer for EndpointSlices {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("discovery.k8s.io", "EndpointSlice")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let slice = input.object;
        meta::all(slice, out);
        out.field("AddressType", slice.key("addressType").show());
        let (ports, endpoints) = (slice.key("ports").list(), slice.key("endpoints").list());
        if ports.is_empty() {
            out.field("Ports", "<unset>");
        } else {
            out.heading("Ports");
            out.nested(|out| out.table(port_table(ports)));
        }
        if endpoints.is_empty() {
            return out.field("Endpoints", Words::none());
        }
        out.section("Endpoints");
        endpoints.iter().for_each(|one| endpoint(one, out));
    }
}

fn port_table(ports: &[Value]) -> Table {
    let mut table = Table::new(["Name", "Port", "Protocol"]);
    for port in ports {
        let number = match port.key("port") {
            Value::Null => "<unset>".to_owned(),
            number => number.show(),
        };
        let name = or(port.key("name").text(), "<unset>");
        table.row([
            name.into(),
            number.into(),
            or(port.key("protocol").text(), "TCP").into(),
        ]);
    }
    table
}

fn endpoint(endpoint: &Value, out: &mut Writer) {
    let or_unset = |field: &str| match endpoint.at(field) {
        Value::Null => Words::from("<unset>"),
        value => value.show().into(),
    };
    out.element(|out| {
        out.field("Addresses", Words::or_none(joined(endpoint.key("addresses"), ", ")));
        out.heading("Conditions");
        out.nested(|out| {
            let ready = endpoint.at("conditions.ready").as_bool();
            let tone = if ready == Some(false) { Tone::Warn } else { Tone::Plain };
            let text = ready.map_or_else(|| "<unset>".to_owned(), |ready| ready.to_string());
            out.field(
                "Ready",
                if tone == Tone::Warn {
                    Words::toned(text, tone)
                } else {
                    text.into()
                },
            );
            if endpoint.at("conditions.terminating").truth() {
                out.field("Terminating", Words::toned("true", Tone::Busy));
            }
        });
        out.field("Hostname", or_unset("hostname"));
        let target = endpoint.key("targetRef");
        if target.is_set() {
            out.field(
                "TargetRef",
                out.naming_kind(
                    format!("{}/{}", target.key("kind").show(), target.key("name").show()),
                    or(target.key("apiVersion").text(), "v1"),
                    target.key("kind").text(),
                    target.key("name").text(),
                ),
            );
        }
        let node = endpoint.key("nodeName").text();
        out.field("NodeName", out.naming(or_unset("nodeName"), &NODE, node));
        out.field("Zone", or_unset("zone"));
    });
}

impl Describer for Endpoints {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "Endpoints")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        meta::all(input.object, out);
        out.section("Subsets");
        for subset in input.object.key("subsets").list() {
            for (label, field) in [("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")] {
                let addresses = subset.key(field).list().iter().map(|address| address.key("ip").show());
                out.field(label, Words::or_none(join(addresses, ",")));
            }
            if !subset.key("ports").list().is_empty() {
                out.heading("Ports");
                out.nested(|out| out.table(port_table(subset.key("ports").list())));
            }
        }
    }
}
