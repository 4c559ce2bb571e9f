//! PersistentVolumes: what `printPersistentVolume` in Kubernetes' printers.go tells of them.

use super::decode::{List, wire};
use super::meta::Annotated;
use super::volume::{self, ClassAnnotation};
use super::{Health, Istr, Meta, Projection, Quantity, ResourceList};

/// A PersistentVolume's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "PersistentVolumeWire")]
pub struct PersistentVolume {
    meta: Meta,
    capacity: Quantity,
    access_modes: Istr,
    reclaim_policy: Istr,
    status: Istr,
    claim: Option<VolumeClaim>,
    class: Istr,
    attributes_class: Istr,
    reason: Istr,
    mode: Istr,
}

/// The claim that a volume is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeClaim {
    /// Its namespace.
    pub namespace: Istr,
    /// Its name.
    pub name: Box<str>,
}

impl PersistentVolume {
    /// How much it holds: the CAPACITY cell is its text.
    pub fn capacity(&self) -> &Quantity {
        &self.capacity
    }

    /// The ACCESS MODES cell: `RWO,ROX`.
    pub fn access_modes(&self) -> &str {
        &self.access_modes
    }

    /// The RECLAIM POLICY cell.
    pub fn reclaim_policy(&self) -> &str {
        &self.reclaim_policy
    }

    /// The STATUS cell: the phase, or `Terminating`.
    pub fn status(&self) -> &str {
        &self.status
    }

    /// The claim that it is bound to.
    pub fn claim(&self) -> Option<&VolumeClaim> {
        self.claim.as_ref()
    }

    /// The CLAIM cell: `namespace/name`.
    pub fn claim_text(&self) -> String {
        self.claim
            .as_ref()
            .map_or_else(String::new, |claim| format!("{}/{}", claim.namespace, claim.name))
    }

    /// The STORAGECLASS cell.
    pub fn class(&self) -> &str {
        &self.class
    }

    /// The VOLUMEATTRIBUTESCLASS cell.
    pub fn attributes_class(&self) -> &str {
        &self.attributes_class
    }

    /// The REASON cell.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The VOLUMEMODE cell.
    pub fn mode(&self) -> &str {
        &self.mode
    }
}

impl Projection for PersistentVolume {
    const KIND: &'static str = "PersistentVolume";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        match self.status.as_str() {
            "Available" | "Bound" => Health::Good,
            "Released" => Health::Warn,
            "Failed" => Health::Bad,
            _ => Health::Busy,
        }
    }
}

wire! {
    struct PersistentVolumeWire {
        metadata: Annotated<ClassAnnotation>,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        capacity: ResourceList,
        access_modes: List<Istr>,
        persistent_volume_reclaim_policy: Istr,
        claim_ref: Option<ClaimWire>,
        storage_class_name: Istr,
        volume_attributes_class_name: Option<Istr>,
        volume_mode: Istr,
    }

    struct ClaimWire {
        namespace: Istr,
        name: Box<str>,
    }

    struct StatusWire {
        phase: Istr,
        reason: Istr,
    }
}

impl From<PersistentVolumeWire> for PersistentVolume {
    fn from(wire: PersistentVolumeWire) -> Self {
        let Annotated { meta, annotations } = wire.metadata;
        let spec = wire.spec;
        let policy = spec.persistent_volume_reclaim_policy;
        Self {
            capacity: spec.capacity.get("storage").cloned().unwrap_or_default(),
            access_modes: volume::access_modes(&spec.access_modes),
            reclaim_policy: if policy.is_empty() { Istr::new("Retain") } else { policy },
            status: volume::phase(wire.status.phase, meta.deleting.is_some()),
            claim: spec
                .claim_ref
                .map(|ClaimWire { namespace, name }| VolumeClaim { namespace, name }),
            class: annotations.class.unwrap_or(spec.storage_class_name),
            attributes_class: volume::attributes_class(spec.volume_attributes_class_name),
            reason: wire.status.reason,
            mode: volume::mode(spec.volume_mode),
            meta,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("persistentvolume", |pv: &PersistentVolume, now| {
            [
                &pv.meta().name,
                pv.capacity().to_string().as_str(),
                pv.access_modes(),
                pv.reclaim_policy(),
                pv.status(),
                &pv.claim_text(),
                pv.class(),
                pv.attributes_class(),
                pv.reason(),
                &pv.meta().age_text(now),
                pv.mode(),
            ]
            .map(str::to_owned)
            .into()
        });
    }

    #[test]
    fn the_old_annotation_names_the_class() {
        let read: PersistentVolume = decode(
            r#"{"metadata":{"name":"v","annotations":{"volume.beta.kubernetes.io/storage-class":"gold","x":"y"}},
                "spec":{"storageClassName":"silver","volumeAttributesClassName":"fast"},"status":{"phase":"Failed"}}"#,
        )
        .unwrap();
        assert_eq!(
            (read.class(), read.attributes_class(), read.health()),
            ("gold", "fast", Health::Bad)
        );
        assert_eq!(read.capacity().to_string(), "0");
    }
}
