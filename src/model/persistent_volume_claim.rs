//! PersistentVolumeClaims: what `printPersistentVolumeClaim` in Kubernetes' printers.go tells of them.

use super::decode::{List, wire};
use super::meta::Annotated;
use super::volume::{self, ClassAnnotation};
use super::{Health, Istr, Meta, Projection, Quantity, ResourceList};

/// A PersistentVolumeClaim's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "ClaimWire")]
pub struct PersistentVolumeClaim {
    meta: Meta,
    status: Istr,
    volume: Box<str>,
    /// What it got; `None` before it has a volume.
    capacity: Option<Quantity>,
    requested: Quantity,
    access_modes: Istr,
    class: Istr,
    attributes_class: Istr,
    mode: Istr,
}

impl PersistentVolumeClaim {
    /// The STATUS cell: the phase, or `Terminating`.
    pub fn status(&self) -> &str {
        &self.status
    }

    /// The VOLUME cell: the PersistentVolume's name, empty before there is one.
    pub fn volume(&self) -> &str {
        &self.volume
    }

    /// How much it got, once it has a volume.
    pub fn capacity(&self) -> Option<&Quantity> {
        self.capacity.as_ref()
    }

    /// The CAPACITY cell.
    pub fn capacity_text(&self) -> String {
        self.capacity.as_ref().map_or_else(String::new, ToString::to_string)
    }

    /// How much it asks for.
    pub fn requested(&self) -> &Quantity {
        &self.requested
    }

    /// The ACCESS MODES cell, empty before there is a volume.
    pub fn access_modes(&self) -> &str {
        &self.access_modes
    }

    /// The STORAGECLASS cell.
    pub fn class(&self) -> &str {
        &self.class
    }

    /// The VOLUMEATTRIBUTESCLASS cell.
    pub fn attributes_class(&self) -> &str {
        &self.attributes_class
    }

    /// The VOLUMEMODE cell.
    pub fn mode(&self) -> &str {
        &self.mode
    }
}

impl Projection for PersistentVolumeClaim {
    const KIND: &'static str = "PersistentVolumeClaim";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        match self.status.as_str() {
            "Bound" => Health::Good,
            "Lost" => Health::Bad,
            _ => Health::Busy,
        }
    }
}

wire! {
    struct ClaimWire {
        metadata: Annotated<ClassAnnotation>,
        spec: SpecWire,
        status: StatusWire,
    }

    struct SpecWire {
        resources: ResourcesWire,
        storage_class_name: Istr,
        volume_attributes_class_name: Option<Istr>,
        volume_mode: Istr,
        volume_name: Box<str>,
    }

    struct ResourcesWire {
        requests: ResourceList,
    }

    struct StatusWire {
        phase: Istr,
        access_modes: List<Istr>,
        capacity: ResourceList,
    }
}

impl From<ClaimWire> for PersistentVolumeClaim {
    fn from(wire: ClaimWire) -> Self {
        let Annotated { meta, annotations } = wire.metadata;
        let (spec, status) = (wire.spec, wire.status);
        let storage = |list: &ResourceList| list.get("storage").cloned().unwrap_or_default();
        let has_volume = !spec.volume_name.is_empty();
        Self {
            capacity: has_volume.then(|| storage(&status.capacity)),
            requested: storage(&spec.resources.requests),
            access_modes: volume::access_modes(if has_volume { &status.access_modes } else { &[] }),
            status: volume::phase(status.phase, meta.deleting.is_some()),
            volume: spec.volume_name,
            class: annotations.class.unwrap_or(spec.storage_class_name),
            attributes_class: volume::attributes_class(spec.volume_attributes_class_name),
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
        corpus::agrees("persistentvolumeclaim", |claim: &PersistentVolumeClaim, now| {
            [
                &claim.meta().name,
                claim.status(),
                claim.volume(),
                &claim.capacity_text(),
                claim.access_modes(),
                claim.class(),
                claim.attributes_class(),
                &claim.meta().age_text(now),
                claim.mode(),
            ]
            .map(str::to_owned)
            .into()
        });
    }

    #[test]
    fn capacity_and_modes_need_a_volume() {
        let status = r#""status":{"phase":"Lost","accessModes":["ReadWriteOnce"],"capacity":{"storage":"2Gi"}}"#;
        let without: PersistentVolumeClaim = decode(&format!("{{{status}}}")).unwrap();
        assert_eq!((without.capacity_text().as_str(), without.access_modes()), ("", ""));
        let with: PersistentVolumeClaim = decode(&format!(r#"{{"spec":{{"volumeName":"v"}},{status}}}"#)).unwrap();
        assert_eq!(
            (with.capacity_text().as_str(), with.access_modes(), with.health()),
            ("2Gi", "RWO", Health::Bad)
        );
        let unknown: PersistentVolumeClaim = decode(r#"{"spec":{"volumeName":"v"}}"#).unwrap();
        assert_eq!(unknown.capacity_text(), "0");
    }
}
