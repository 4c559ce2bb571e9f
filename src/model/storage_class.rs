//! StorageClasses: what `printStorageClass` in Kubernetes' printers.go tells of them.

use super::decode::wire;
use super::meta::Annotated;
use super::{Istr, Meta, Projection};

/// A StorageClass's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "StorageClassWire")]
pub struct StorageClass {
    meta: Meta,
    provisioner: Istr,
    reclaim_policy: Istr,
    binding_mode: Istr,
    allow_expansion: bool,
    is_default: bool,
}

impl StorageClass {
    /// The NAME cell: the default class says so.
    pub fn name_text(&self) -> String {
        format!("{}{}", self.meta.name, if self.is_default { " (default)" } else { "" })
    }

    /// Whether claims that name no class get this one.
    pub fn is_default(&self) -> bool {
        self.is_default
    }

    /// The PROVISIONER cell.
    pub fn provisioner(&self) -> &str {
        &self.provisioner
    }

    /// The RECLAIMPOLICY cell.
    pub fn reclaim_policy(&self) -> &str {
        &self.reclaim_policy
    }

    /// The VOLUMEBINDINGMODE cell.
    pub fn binding_mode(&self) -> &str {
        &self.binding_mode
    }

    /// The ALLOWVOLUMEEXPANSION cell.
    pub fn allow_expansion(&self) -> bool {
        self.allow_expansion
    }
}

impl Projection for StorageClass {
    const KIND: &'static str = "StorageClass";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

wire! {
    struct StorageClassWire {
        metadata: Annotated<DefaultAnnotations>,
        provisioner: Istr,
        reclaim_policy: Option<Istr>,
        volume_binding_mode: Option<Istr>,
        allow_volume_expansion: bool,
    }

    struct DefaultAnnotations {
        #[serde(rename = "storageclass.kubernetes.io/is-default-class")]
        is_default: Istr,
        #[serde(rename = "storageclass.beta.kubernetes.io/is-default-class")]
        is_default_beta: Istr,
    }
}

impl From<StorageClassWire> for StorageClass {
    fn from(wire: StorageClassWire) -> Self {
        let Annotated { meta, annotations } = wire.metadata;
        Self {
            meta,
            provisioner: wire.provisioner,
            reclaim_policy: wire.reclaim_policy.unwrap_or_else(|| Istr::new("Delete")),
            binding_mode: wire.volume_binding_mode.unwrap_or_else(|| Istr::new("Immediate")),
            allow_expansion: wire.allow_volume_expansion,
            is_default: annotations.is_default == "true" || annotations.is_default_beta == "true",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("storageclass", |class: &StorageClass, now| {
            vec![
                class.name_text(),
                class.provisioner().to_owned(),
                class.reclaim_policy().to_owned(),
                class.binding_mode().to_owned(),
                class.allow_expansion().to_string(),
                class.meta().age_text(now),
            ]
        });
    }

    #[test]
    fn either_annotation_makes_the_default() {
        for (annotation, name) in [
            (
                r#""storageclass.beta.kubernetes.io/is-default-class":"true""#,
                "a (default)",
            ),
            (r#""storageclass.kubernetes.io/is-default-class":"false""#, "a"),
            (r#""storageclass.kubernetes.io/is-default-class":"True""#, "a"),
        ] {
            let json = format!(r#"{{"metadata":{{"name":"a","annotations":{{{annotation}}}}}}}"#);
            let class: StorageClass = decode(&json).unwrap();
            assert_eq!(class.name_text(), name);
            assert_eq!((class.reclaim_policy(), class.binding_mode()), ("Delete", "Immediate"));
        }
    }
}
