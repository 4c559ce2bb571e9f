//! IngressClasses.

use super::value::Read;
use super::{Describer, Input, Writer, meta};

/// Describes an IngressClass, as `describeIngressClassV1` in kubectl.
pub struct IngressClasses;

impl Describer for IngressClasses {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("networking.k8s.io", "IngressClass")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let class = input.object;
        meta::all(class, out);
        out.field("Controller", class.at("spec.controller").show());
        let parameters = class.at("spec.parameters");
        if parameters.is_set() {
            out.heading("Parameters");
            out.nested(|out| {
                for (label, field) in [
                    ("APIGroup", "apiGroup"),
                    ("Kind", "kind"),
                    ("Name", "name"),
                    ("Namespace", "namespace"),
                ] {
                    if parameters.key(field).is_set() {
                        out.field(label, parameters.key(field).show());
                    }
                }
            });
        }
    }
}
