//! Which fields a field selector may name for each kind. Others are an error, as on a real server.
//!
//! From the `...FieldLabelConversionFunc` of Kubernetes' conversion code and `ToSelectableFields` of its registries.

use serde_json::Value;

/// A field that can be selected on: its name, and what stands for it where it is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name in the selector, a path into the object but for a few synonyms.
    pub name: &'static str,
    /// The value of an object that lacks the field.
    pub missing: &'static str,
}

const fn field(name: &'static str) -> Field {
    Field { name, missing: "" }
}

const PODS: &[Field] = &[
    field("spec.nodeName"),
    field("spec.restartPolicy"),
    field("spec.schedulerName"),
    field("spec.serviceAccountName"),
    Field {
        name: "spec.hostNetwork",
        missing: "false",
    },
    field("status.phase"),
    field("status.podIP"),
    field("status.podIPs"),
    field("status.nominatedNodeName"),
];
const EVENTS: &[Field] = &[
    field("involvedObject.kind"),
    field("involvedObject.namespace"),
    field("involvedObject.name"),
    field("involvedObject.uid"),
    field("involvedObject.apiVersion"),
    field("involvedObject.resourceVersion"),
    field("involvedObject.fieldPath"),
    field("reason"),
    field("reportingComponent"),
    field("source"),
    field("type"),
];
const NODES: &[Field] = &[Field {
    name: "spec.unschedulable",
    missing: "false",
}];
const NAMESPACES: &[Field] = &[field("status.phase"), field("name")];
const SECRETS: &[Field] = &[field("type")];
const SERVICES: &[Field] = &[field("spec.clusterIP"), field("spec.type")];
const REPLICAS: &[Field] = &[Field {
    name: "status.replicas",
    missing: "0",
}];
const JOBS: &[Field] = &[Field {
    name: "status.successful",
    missing: "0",
}];
const SIGNING: &[Field] = &[field("spec.signerName")];

/// The selectable fields of a table beyond `metadata.name` and `metadata.namespace`, which every kind has.
#[must_use]
pub fn selectable(table: &str) -> &'static [Field] {
    match table {
        "pods" => PODS,
        "events" => EVENTS,
        "nodes" => NODES,
        "namespaces" => NAMESPACES,
        "secrets" => SECRETS,
        "services" => SERVICES,
        "replicationcontrollers" => REPLICAS,
        "jobs.batch" => JOBS,
        "certificatesigningrequests.certificates.k8s.io" => SIGNING,
        _ => &[],
    }
}

impl Field {
    /// The field's value in an object, as a selector compares it.
    #[must_use]
    pub fn of(&self, object: &Value) -> String {
        let path = match self.name {
            "name" => "metadata.name",
            "source" => "source.component",
            "status.podIPs" => "status.podIP",
            "status.successful" => "status.succeeded",
            other => other,
        };
        let found = path.split('.').try_fold(object, |at, part| at.get(part));
        match found {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Bool(flag)) => flag.to_string(),
            Some(Value::Number(number)) => number.to_string(),
            _ if self.name == "reportingComponent" || self.name == "source" => other_component(object, self.name),
            _ => self.missing.to_owned(),
        }
    }
}

/// An event's component stands in `source` or in `reportingComponent`; each selector falls back on the other.
fn other_component(event: &Value, name: &str) -> String {
    let path = if name == "source" {
        "/reportingComponent"
    } else {
        "/source/component"
    };
    event
        .pointer(path)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
