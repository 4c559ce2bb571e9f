//! CSINodes.

use crate::core::text::Tone;

use super::value::{Read, joined};
use super::{Describer, Input, Writer, meta, time};

/// Describes a CSINode, as `describeCSINode` in kubectl.
pub struct CsiNodes;

impl Describer for CsiNodes {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("storage.k8s.io", "CSINode")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let node = input.object;
        meta::all(node, out);
        out.field(
            "CreationTimestamp",
            time::with_age(node.at("metadata.creationTimestamp"), input.clock, out.lang()),
        );
        out.section("Spec");
        if !node.at("spec.drivers").is_set() {
            return;
        }
        out.heading("Drivers");
        out.nested(|out| {
            for driver in node.at("spec.drivers").list() {
                out.item(&driver.key("name").show(), Tone::Accent);
                out.nested(|out| {
                    out.field("Node ID", driver.key("nodeID").show());
                    if driver.at("allocatable.count").is_set() {
                        out.heading("Allocatables");
                        out.nested(|out| out.field("Count", driver.at("allocatable.count").int()));
                    }
                    if driver.key("topologyKeys").is_set() {
                        out.field(
                            "Topology Keys",
                            format!("[{}]", joined(driver.key("topologyKeys"), " ")),
                        );
                    }
                });
            }
        });
    }
}
