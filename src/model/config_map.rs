//! ConfigMaps: what `printConfigMap` in Kubernetes' printers.go tells of them.

use super::count::Count;
use super::decode::wire;
use super::{Meta, Projection};

/// A ConfigMap's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "ConfigMapWire")]
pub struct ConfigMap {
    meta: Meta,
    /// The DATA cell: how many entries there are, text and binary.
    pub data: u32,
}

impl Projection for ConfigMap {
    const KIND: &'static str = "ConfigMap";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

wire! {
    struct ConfigMapWire {
        metadata: Meta,
        data: Count,
        binary_data: Count,
    }
}

impl From<ConfigMapWire> for ConfigMap {
    fn from(wire: ConfigMapWire) -> Self {
        Self {
            meta: wire.metadata,
            data: wire.data.0.saturating_add(wire.binary_data.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("configmap", |map: &ConfigMap, now| {
            vec![
                map.meta().name.to_string(),
                map.data.to_string(),
                map.meta().age_text(now),
            ]
        });
    }

    #[test]
    fn text_and_binary_entries_count() {
        let map: ConfigMap = decode(r#"{"data":{"a":"1","b":null},"binaryData":{"c":"AA=="}}"#).unwrap();
        assert_eq!(map.data, 3);
    }
}
