//! ServiceCIDRs and IPAddresses: where Services get their addresses from.

use super::value::{Read, joined};
use super::{Describer, Input, Writer, conditions, meta};

/// Describes a ServiceCIDR, as `ServiceCIDRDescriber` in kubectl.
pub struct ServiceCidrs;

/// Describes an IPAddress, as `IPAddressDescriber` in kubectl.
pub struct IpAddresses;

impl Describer for ServiceCidrs {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("networking.k8s.io", "ServiceCIDR")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        meta::all(input.object, out);
        out.field("CIDRs", joined(input.object.at("spec.cidrs"), ", "));
        let conditions = input.object.at("status.conditions");
        if !conditions.list().is_empty() {
            out.heading("Status");
        }
        conditions::with_times(conditions, None, out);
    }
}

impl Describer for IpAddresses {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("networking.k8s.io", "IPAddress")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        meta::all(input.object, out);
        let parent = input.object.at("spec.parentRef");
        if parent.is_set() {
            out.heading("Parent Reference");
            out.nested(|out| {
                for (label, field) in [
                    ("Group", "group"),
                    ("Resource", "resource"),
                    ("Namespace", "namespace"),
                    ("Name", "name"),
                ] {
                    out.field(label, parent.key(field).show());
                }
            });
        }
    }
}
