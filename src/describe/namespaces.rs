//! Namespaces.

use serde_json::Value;

use crate::core::reference::Reference;
use crate::core::text::Tone;
use crate::relations::kinds::RESOURCE_QUOTA;

use super::need::{Answer, Need};
use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, amounts, conditions, limitranges, meta, resourcequotas};

/// Describes a Namespace, as `describeNamespace` in kubectl.
pub struct Namespaces;

const QUOTAS: &str = "resourcequotas";
const RANGES: &str = "limitranges";

impl Describer for Namespaces {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "Namespace")]
    }

    fn needs(&self, namespace: &Value) -> Vec<Need> {
        let name = namespace.at("metadata.name").text();
        vec![
            Need::list(QUOTAS, ("", "v1", QUOTAS), name),
            Need::list(RANGES, ("", "v1", RANGES), name),
        ]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let namespace = input.object;
        meta::name(namespace, out);
        meta::labels_and_annotations(namespace, out);
        let phase = namespace.at("status.phase").show();
        let tone = if phase == "Terminating" { Tone::Busy } else { Tone::Good };
        out.field("Status", Words::toned(phase, tone));
        conditions::with_times(namespace.at("status.conditions"), None, out);
        quotas(input.related.get(QUOTAS), out);
        ranges(input.related.get(RANGES), out);
    }
}

fn quotas(quotas: &Answer, out: &mut Writer) {
    let Some(quotas) = arrived(quotas, "Resource Quotas", "No resource quota.", out) else {
        return;
    };
    let mut quotas: Vec<_> = quotas.iter().collect();
    quotas.sort_by_key(|quota| quota.at("metadata.name").text());
    out.section("Resource Quotas");
    for quota in quotas {
        let meta = quota.key("metadata");
        let reference = Reference::to(&RESOURCE_QUOTA, meta.key("namespace").text(), meta.key("name").text());
        out.field("Name", Words::from(meta.key("name").show()).naming(&reference));
        resourcequotas::scopes(quota, out);
        out.table(resourcequotas::usage(quota, |used, _| amounts::text(used)));
    }
}

fn ranges(ranges: &Answer, out: &mut Writer) {
    if let Some(ranges) = arrived(ranges, "Resource Limits", "No LimitRange resource.", out) {
        out.section("Resource Limits");
        out.table(limitranges::table(ranges));
    }
}

/// The objects, if there are any; otherwise says what there is instead.
fn arrived<'a>(answer: &'a Answer, label: &str, nothing: &str, out: &mut Writer) -> Option<&'a [Value]> {
    let instead = match answer {
        Answer::Items(items) if !items.is_empty() => return Some(items),
        Answer::Items(_) => {
            out.section("");
            out.lines(Words::toned(nothing, Tone::Muted));
            return None;
        }
        Answer::Loading => "…".into(),
        Answer::Refused(message) => Words::toned(message, Tone::Warn),
    };
    out.section("");
    out.field(label, instead);
    None
}
