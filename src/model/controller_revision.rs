//! ControllerRevisions: what `printControllerRevision` in Kubernetes' printers.go tells of them.

use super::decode::nullable;
use super::{Meta, Owner, Projection};

/// A ControllerRevision's row.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct ControllerRevision {
    #[serde(default, rename = "metadata", deserialize_with = "nullable")]
    meta: Meta,
    /// The REVISION cell.
    #[serde(default, deserialize_with = "nullable")]
    pub revision: i64,
}

impl ControllerRevision {
    /// The CONTROLLER cell: `statefulset.apps/web`.
    pub fn controller_text(&self) -> String {
        self.meta
            .controller()
            .map_or_else(|| "<none>".to_owned(), resource_name)
    }
}

/// As `formatResourceName`: the kind with its group, in lower case, and the name.
fn resource_name(owner: &Owner) -> String {
    let kind = owner.kind.to_lowercase();
    match owner.api_version.rsplit_once('/') {
        Some((group, _)) => format!("{kind}.{}/{}", group.to_lowercase(), owner.name),
        None if kind.is_empty() => owner.name.to_string(),
        None => format!("{kind}/{}", owner.name),
    }
}

impl Projection for ControllerRevision {
    const KIND: &'static str = "ControllerRevision";

    fn meta(&self) -> &Meta {
        &self.meta
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("controllerrevision", |revision: &ControllerRevision, now| {
            vec![
                revision.meta().name.to_string(),
                revision.controller_text(),
                revision.revision.to_string(),
                revision.meta().age_text(now),
            ]
        });
    }

    #[test]
    fn the_controller_is_named_with_its_group() {
        for (owner, text) in [
            (
                r#"{"apiVersion":"v1","kind":"Node","name":"n","controller":true}"#,
                "node/n",
            ),
            (
                r#"{"apiVersion":"apps/v1","kind":"DaemonSet","name":"d","controller":true}"#,
                "daemonset.apps/d",
            ),
            (r#"{"apiVersion":"apps/v1","kind":"DaemonSet","name":"d"}"#, "<none>"),
        ] {
            let json = format!(r#"{{"metadata":{{"ownerReferences":[{owner}]}}}}"#);
            assert_eq!(decode::<ControllerRevision>(&json).unwrap().controller_text(), text);
        }
    }
}
