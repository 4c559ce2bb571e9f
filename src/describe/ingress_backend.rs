//! What is behind a path of an Ingress: the Service's endpoints, or another resource.

use serde_json::Value;

use crate::core::lang::Lang;
use crate::core::reference::Reference;
use crate::core::text::Tone;
use crate::relations::kinds::SERVICE;

use super::need::{Answer, Need, Related};
use super::value::{Read, or};
use super::words::Words;
use super::{endpoints_text, services};

/// The Service of this name and its endpoint slices.
pub fn needs(namespace: &str, service: &str) -> [Need; 2] {
    let (own, slices) = tags(service);
    [
        Need::list(own, ("", "v1", "services"), namespace).named(service),
        services::slices(slices, namespace, service),
    ]
}

fn tags(service: &str) -> (String, String) {
    (format!("service/{service}"), format!("endpointslices/{service}"))
}

/// `web:80 (10.1.0.1:8080)`, as `describeBackendV1` in kubectl.
pub fn describe(backend: &Value, related: &Related, lang: &Lang) -> Words {
    let resource = backend.key("resource");
    if backend.key("service").is_set() {
        service(backend.key("service"), related, lang)
    } else if resource.is_set() {
        let group = or(resource.key("apiGroup").text(), "<none>");
        format!(
            "APIGroup: {group}, Kind: {}, Name: {}",
            resource.key("kind").show(),
            resource.key("name").show()
        )
        .into()
    } else {
        Words::default()
    }
}

fn service(backend: &Value, related: &Related, lang: &Lang) -> Words {
    let (name, port) = (backend.key("name").show(), backend.key("port"));
    let number = port.key("number").int();
    let text = format!(
        "{name}:{}",
        if number == 0 {
            port.key("name").show()
        } else {
            number.to_string()
        }
    );
    let (own, slices) = tags(&name);
    let failed = |why: String| Words::toned(format!("{text} (<error: {why}>)"), Tone::Error);
    match (related.get(&own), related.get(&slices)) {
        (Answer::Refused(why), _) | (_, Answer::Refused(why)) => failed(why.clone()),
        (Answer::Loading, _) | (_, Answer::Loading) => Words::from(text).then(" (…)", Tone::Muted),
        (Answer::Items(services), Answer::Items(slices)) => match services.first() {
            None => failed(format!("services \"{name}\" not found")),
            Some(service) => {
                let behind = endpoints_text::of_port(slices, port_name(service, port));
                let nothing = matches!(behind.as_str(), "" | "<none>");
                let tone = if nothing { Tone::Warn } else { Tone::Plain };
                let words = Words::toned(format!("{text} ({behind})"), tone);
                let namespace = service.at("metadata.namespace").text();
                let words = words.naming(&Reference::to(&SERVICE, namespace, &name));
                if nothing {
                    words.then(format!("  {}", lang.t("describe.no_endpoints")), Tone::Muted)
                } else {
                    words
                }
            }
        },
    }
}

/// The name of the Service's port that the backend means by number or name; empty for a port without a name.
fn port_name<'a>(service: &'a Value, port: &Value) -> &'a str {
    let (number, name) = (port.key("number").int(), port.key("name").text());
    let is_meant = |own: &&Value| {
        (number != 0 && own.key("port").int() == number) || (!name.is_empty() && own.key("name").text() == name)
    };
    service
        .at("spec.ports")
        .list()
        .iter()
        .rev()
        .find(is_meant)
        .map_or("", |own| own.key("name").text())
}
