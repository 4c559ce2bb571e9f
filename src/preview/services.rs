//! Services: where they lead, and whether anybody answers there.

use serde_json::Value;

use super::{Kind, Page, Seen};
use crate::core::text::Tone;
use crate::describe::{Answer, Need, Read};

const SLICES: &str = "slices";

/// Services.
pub(super) const KIND: Kind = Kind {
    kinds: &[("", "Service")],
    needs,
    say,
};

fn needs(service: &Value) -> Vec<Need> {
    let meta = service.key("metadata");
    let slices = Need::list(
        SLICES,
        ("discovery.k8s.io", "v1", "endpointslices"),
        meta.key("namespace").text(),
    );
    vec![slices.with_labels(format!("kubernetes.io/service-name={}", meta.key("name").text()))]
}

fn say(seen: &Seen, page: &mut Page) {
    let spec = seen.object.key("spec");
    let name = spec.key("externalName").text();
    if spec.key("type").text() == "ExternalName" {
        return page.say(Tone::Plain, seen.lang.f("preview.external", &[("name", name)]));
    }
    match seen.related.get(SLICES) {
        Answer::Items(slices) => endpoints(seen, slices, page),
        Answer::Loading => page.note(Tone::Busy, seen.lang.t("preview.endpoints")),
        Answer::Refused(why) => page.note(Tone::Warn, why),
    }
    if spec.key("type").text() == "LoadBalancer" && seen.object.at("status.loadBalancer.ingress").list().is_empty() {
        page.note(Tone::Busy, seen.lang.t("preview.no_balancer"));
    }
    let selector: Vec<String> = spec
        .key("selector")
        .members()
        .iter()
        .map(|(key, value)| format!("{key}={}", value.show()))
        .collect();
    if selector.is_empty() {
        page.say(Tone::Muted, seen.lang.t("preview.no_selector"));
    } else {
        page.field(&seen.lang.t("preview.selects"), selector.join(","));
    }
    let ports: Vec<String> = spec.key("ports").list().iter().map(port).collect();
    page.field(&seen.lang.t("preview.ports"), ports.join(", "));
}

/// How many addresses are ready. One without `ready` counts as ready, as the API says.
fn endpoints(seen: &Seen, slices: &[Value], page: &mut Page) {
    let all: Vec<&Value> = slices.iter().flat_map(|slice| slice.key("endpoints").list()).collect();
    let is_ready = |endpoint: &&&Value| endpoint.at("conditions.ready").as_bool().unwrap_or(true);
    let ready = all.iter().filter(is_ready).count();
    let args = [("ready", ready.to_string()), ("all", all.len().to_string())];
    let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
    match (ready, all.len()) {
        (0, 0) => page.note(Tone::Error, seen.lang.t("preview.no_endpoints")),
        (0, _) => page.note(Tone::Error, seen.lang.f("preview.endpoints_ready", &args)),
        (ready, all) if ready < all => page.note(Tone::Warn, seen.lang.f("preview.endpoints_ready", &args)),
        _ => page.note(Tone::Good, seen.lang.f("preview.endpoints_ready", &args)),
    }
}

/// `http 80→8080/TCP`.
fn port(port: &Value) -> String {
    let target = match port.key("targetPort").show() {
        target if target.is_empty() || target == port.key("port").show() => String::new(),
        target => format!("→{target}"),
    };
    let name = match port.key("name").text() {
        "" => String::new(),
        name => format!("{name} "),
    };
    format!(
        "{name}{}{target}/{}",
        port.key("port").int(),
        port.key("protocol").show()
    )
}
