//! CSIDrivers: what `printCSIDriver` in Kubernetes' printers.go tells of them.

use super::decode::{List, wire};
use super::{Istr, Meta, Projection};

/// A CSIDriver's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "CsiDriverWire")]
pub struct CsiDriver {
    meta: Meta,
    /// The ATTACHREQUIRED cell: whether volumes must be attached to nodes.
    pub attach_required: bool,
    /// The PODINFOONMOUNT cell: whether the driver is told of the pod.
    pub pod_info_on_mount: bool,
    /// The STORAGECAPACITY cell: whether the scheduler looks at capacity.
    pub storage_capacity: bool,
    /// The TOKENREQUESTS cell: the audiences.
    pub token_requests: Box<str>,
    /// The REQUIRESREPUBLISH cell: whether volumes are mounted anew from time to time.
    pub requires_republish: bool,
    /// The MODES cell: `Persistent,Ephemeral`.
    pub modes: Istr,
}

impl Projection for CsiDriver {
    const KIND: &'static str = "CSIDriver";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

wire! {
    struct CsiDriverWire {
        metadata: Meta,
        spec: SpecWire,
    }

    struct SpecWire {
        attach_required: Option<bool>,
        pod_info_on_mount: bool,
        storage_capacity: bool,
        token_requests: Option<List<TokenRequestWire>>,
        requires_republish: bool,
        volume_lifecycle_modes: List<Istr>,
    }

    struct TokenRequestWire {
        audience: Istr,
    }
}

impl From<CsiDriverWire> for CsiDriver {
    fn from(wire: CsiDriverWire) -> Self {
        let spec = wire.spec;
        let audiences = |list: List<TokenRequestWire>| {
            let audiences: Vec<_> = list.iter().map(|request| request.audience.as_str()).collect();
            audiences.join(",").into()
        };
        let modes = spec.volume_lifecycle_modes.join(",");
        Self {
            meta: wire.metadata,
            attach_required: spec.attach_required.unwrap_or(true),
            pod_info_on_mount: spec.pod_info_on_mount,
            storage_capacity: spec.storage_capacity,
            token_requests: spec.token_requests.map_or_else(|| "<unset>".into(), audiences),
            requires_republish: spec.requires_republish,
            modes: Istr::new(if modes.is_empty() { "<none>" } else { &modes }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("csidriver", |driver: &CsiDriver, now| {
            vec![
                driver.meta().name.to_string(),
                driver.attach_required.to_string(),
                driver.pod_info_on_mount.to_string(),
                driver.storage_capacity.to_string(),
                driver.token_requests.to_string(),
                driver.requires_republish.to_string(),
                driver.modes.to_string(),
                driver.meta().age_text(now),
            ]
        });
    }

    #[test]
    fn audiences_and_modes_are_joined() {
        let driver: CsiDriver = decode(
            r#"{"spec":{"tokenRequests":[{"audience":"a"},{"audience":""}],"volumeLifecycleModes":["Persistent","Ephemeral"]}}"#,
        )
        .unwrap();
        assert_eq!(
            (&*driver.token_requests, driver.modes.as_str()),
            ("a,", "Persistent,Ephemeral")
        );
        assert!(driver.attach_required);
        let bare: CsiDriver = decode("{}").unwrap();
        assert_eq!((&*bare.token_requests, bare.modes.as_str()), ("<unset>", "<none>"));
    }
}
