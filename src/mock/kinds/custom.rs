//! A kind that a CustomResourceDefinition brings: what its definition says beyond names.

use serde_json::Value;

use super::hash::storage_version_hash;
use super::{Kind, Sub};

/// What a definition's version says of its objects.
#[derive(Clone, Debug)]
pub struct CustomKind {
    /// The definition's name, `widgets.example.com`.
    pub definition: String,
    /// Its `openAPIV3Schema`, or null.
    pub schema: Value,
    /// Its printer columns, without the leading name.
    pub columns: Vec<PrinterColumn>,
    /// Where its scale subresource reads and writes, if it has one.
    pub scale: Option<ScalePaths>,
    /// Whether `status` is a subresource, written apart from the rest.
    pub has_status: bool,
    /// The kind of its lists.
    pub list_kind: String,
}

/// One of `additionalPrinterColumns`.
#[derive(Clone, Debug, Default)]
pub struct PrinterColumn {
    /// Heading.
    pub name: String,
    /// OpenAPI type: string, integer, number, boolean or date.
    pub kind: String,
    /// OpenAPI format, often empty.
    pub format: String,
    /// What the heading means; empty means that the server writes its standard sentence.
    pub description: String,
    /// 0 is always shown, more only on wide output.
    pub priority: i64,
    /// Where the cell is in the object.
    pub json_path: String,
}

/// The paths of a custom `scale` subresource, such as `.spec.replicas`.
#[derive(Clone, Debug, Default)]
pub struct ScalePaths {
    /// Wanted replicas.
    pub spec: String,
    /// Present replicas.
    pub status: String,
    /// Label selector in text form, if any.
    pub selector: Option<String>,
}

const VERBS: [&str; 8] = [
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "create",
    "update",
    "watch",
];

/// The kinds that a CustomResourceDefinition serves, one for each served version; none if it is malformed.
#[must_use]
pub fn kinds_of(definition: &Value) -> Vec<Kind> {
    let versions = definition.pointer("/spec/versions").and_then(Value::as_array);
    let stored = versions
        .into_iter()
        .flatten()
        .find(|v| v["storage"] == true)
        .and_then(|v| v["name"].as_str());
    versions
        .into_iter()
        .flatten()
        .filter(|version| version["served"] != false)
        .filter_map(|version| kind_of(definition, version, stored.unwrap_or_default()))
        .collect()
}

fn kind_of(definition: &Value, version: &Value, stored: &str) -> Option<Kind> {
    let spec = definition.get("spec")?;
    let names = spec.get("names")?;
    let kind = names["kind"].as_str()?.to_owned();
    let plural = names["plural"].as_str()?.to_owned();
    let group = spec["group"].as_str()?.to_owned();
    let singular = names["singular"]
        .as_str()
        .map_or_else(|| kind.to_lowercase(), str::to_owned);
    let custom = custom_of(definition, version, &kind);
    Some(Kind {
        table: format!("{plural}.{group}"),
        storage_hash: storage_version_hash(&group, stored, &kind),
        namespaced: spec["scope"] != "Cluster",
        verbs: VERBS.iter().map(|verb| (*verb).to_owned()).collect(),
        short: texts(&names["shortNames"]),
        categories: texts(&names["categories"]),
        subresources: subresources(&custom, &kind),
        version: version["name"].as_str()?.to_owned(),
        custom: Some(custom.into()),
        group,
        kind,
        plural,
        singular,
    })
}

fn custom_of(definition: &Value, version: &Value, kind: &str) -> CustomKind {
    let subresources = &version["subresources"];
    CustomKind {
        definition: definition["metadata"]["name"].as_str().unwrap_or_default().to_owned(),
        schema: version["schema"]["openAPIV3Schema"].clone(),
        columns: columns(&version["additionalPrinterColumns"]),
        scale: subresources
            .get("scale")
            .filter(|scale| scale.is_object())
            .map(scale_paths),
        has_status: subresources.get("status").is_some_and(Value::is_object),
        list_kind: definition["spec"]["names"]["listKind"]
            .as_str()
            .map_or(format!("{kind}List"), str::to_owned),
    }
}

fn scale_paths(scale: &Value) -> ScalePaths {
    let text = |name: &str| scale[name].as_str().map(str::to_owned);
    ScalePaths {
        spec: text("specReplicasPath").unwrap_or_default(),
        status: text("statusReplicasPath").unwrap_or_default(),
        selector: text("labelSelectorPath"),
    }
}

fn subresources(custom: &CustomKind, kind: &str) -> Vec<Sub> {
    let verbs: Vec<String> = ["get", "patch", "update"].map(str::to_owned).to_vec();
    let sub = |name: &str, group: &str, version: &str, kind: &str| Sub {
        name: name.to_owned(),
        group: group.to_owned(),
        version: version.to_owned(),
        kind: kind.to_owned(),
        verbs: verbs.clone(),
    };
    let status = custom.has_status.then(|| sub("status", "", "", kind));
    let scale = custom
        .scale
        .is_some()
        .then(|| sub("scale", "autoscaling", "v1", "Scale"));
    status.into_iter().chain(scale).collect()
}

/// The printer columns; a definition without any shows the age, as the API server does.
fn columns(columns: &Value) -> Vec<PrinterColumn> {
    let text = |column: &Value, name: &str| column[name].as_str().unwrap_or_default().to_owned();
    let read: Vec<PrinterColumn> = columns
        .as_array()
        .into_iter()
        .flatten()
        .map(|column| PrinterColumn {
            name: text(column, "name"),
            kind: text(column, "type"),
            format: text(column, "format"),
            description: text(column, "description"),
            priority: column["priority"].as_i64().unwrap_or_default(),
            json_path: text(column, "jsonPath"),
        })
        .collect();
    if !read.is_empty() {
        return read;
    }
    let json_path = ".metadata.creationTimestamp".to_owned();
    vec![PrinterColumn {
        name: "Age".to_owned(),
        kind: "date".to_owned(),
        json_path,
        ..PrinterColumn::default()
    }]
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
