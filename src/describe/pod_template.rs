//! The pod template of a workload.

use serde_json::Value;

use crate::core::resource::Resource;
use crate::relations::kinds::{PRIORITY_CLASS, SERVICE_ACCOUNT};

use super::value::Read;
use super::{Writer, containers, meta, scheduling, volumes};

/// The section of the pod template.
pub fn describe(template: &Value, out: &mut Writer) {
    out.section("Pod Template");
    let spec = template.key("spec");
    out.field("Labels", meta::labels(template.at("metadata.labels")));
    if !template.at("metadata.annotations").members().is_empty() {
        out.field("Annotations", meta::annotations(template.at("metadata.annotations")));
    }
    optional("Service Account", spec.key("serviceAccountName"), &SERVICE_ACCOUNT, out);
    if !spec.key("initContainers").list().is_empty() {
        out.heading("Init Containers");
        out.block(|out| containers::describe(spec.key("initContainers"), None, out));
    }
    containers(spec.key("containers"), out);
    volumes(spec.key("volumes"), out);
    scheduling::spreading(spec, out);
    optional(
        "Priority Class Name",
        spec.key("priorityClassName"),
        &PRIORITY_CLASS,
        out,
    );
    scheduling::describe(spec, out);
    scheduling::group(spec, out);
}

fn optional(label: &str, value: &Value, kind: &Resource, out: &mut Writer) {
    let name = value.text();
    if !name.is_empty() {
        out.field(label, out.naming(name, kind, name));
    }
}

fn containers(containers: &Value, out: &mut Writer) {
    if containers.list().is_empty() {
        return out.field("Containers", "<none>");
    }
    out.heading("Containers");
    out.block(|out| containers::describe(containers, None, out));
}

fn volumes(volumes: &Value, out: &mut Writer) {
    if volumes.list().is_empty() {
        return out.field("Volumes", "<none>");
    }
    out.heading("Volumes");
    out.block(|out| volumes::describe(volumes, out));
}
