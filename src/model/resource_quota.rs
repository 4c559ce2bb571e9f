//! ResourceQuotas: what `printResourceQuota` in Kubernetes' printers.go tells of them.

use super::decode::wire;
use super::{Health, Meta, Projection, ResourceList};

/// A ResourceQuota's row.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "ResourceQuotaWire")]
pub struct ResourceQuota {
    meta: Meta,
    hard: ResourceList,
    used: ResourceList,
}

impl ResourceQuota {
    /// The REQUEST cell: `resource: used/hard` of everything but limits.
    pub fn request_text(&self) -> String {
        self.text(|resource| !is_limit(resource))
    }

    /// The LIMIT cell: the same of what begins with `limits.`.
    pub fn limit_text(&self) -> String {
        self.text(is_limit)
    }

    /// What may be used, as the quota controller has taken note of it.
    pub fn hard(&self) -> &ResourceList {
        &self.hard
    }

    /// What is used.
    pub fn used(&self) -> &ResourceList {
        &self.used
    }

    fn text(&self, belongs: fn(&str) -> bool) -> String {
        let resources = self.hard.iter().filter(|(resource, _)| belongs(resource));
        let entries = resources.map(|(resource, hard)| format!("{resource}: {}/{hard}", self.used.text(resource)));
        entries.collect::<Vec<_>>().join(", ")
    }
}

fn is_limit(resource: &str) -> bool {
    resource.starts_with("limits.")
}

impl Projection for ResourceQuota {
    const KIND: &'static str = "ResourceQuota";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Worth a look once something is used up: the next object that needs it is refused.
    fn health(&self) -> Health {
        let is_used_up = |resource: &str| self.used.get(resource) >= self.hard.get(resource);
        if self.hard.iter().any(|(resource, _)| is_used_up(resource)) {
            Health::Warn
        } else {
            Health::Good
        }
    }
}

wire! {
    struct ResourceQuotaWire {
        metadata: Meta,
        status: StatusWire,
    }

    struct StatusWire {
        hard: ResourceList,
        used: ResourceList,
    }
}

impl From<ResourceQuotaWire> for ResourceQuota {
    fn from(wire: ResourceQuotaWire) -> Self {
        Self {
            meta: wire.metadata,
            hard: wire.status.hard,
            used: wire.status.used,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{corpus, decode};

    #[test]
    fn cells_are_those_of_the_server() {
        corpus::agrees("resourcequota", |quota: &ResourceQuota, now| {
            vec![
                quota.meta().name.to_string(),
                quota.request_text(),
                quota.limit_text(),
                quota.meta().age_text(now),
            ]
        });
    }

    #[test]
    fn limits_stand_apart() {
        let quota: ResourceQuota = decode(
            r#"{"status":{"hard":{"limits":"1","limits.cpu":"2","cpu":"4","count/pods":"3"},"used":{"cpu":"1500m","count/pods":"3"}}}"#,
        )
        .unwrap();
        assert_eq!(quota.request_text(), "count/pods: 3/3, cpu: 1500m/4, limits: 0/1");
        assert_eq!(quota.limit_text(), "limits.cpu: 0/2");
        assert_eq!(quota.health(), Health::Warn);
    }
}
