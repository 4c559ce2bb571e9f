//! The containers of a workload's template, for verbs that change them.

use serde_json::{Value, json};

use crate::layers::dialog::Item;

/// The fields of a pod's spec that hold containers which can be changed.
pub const FIELDS: [&str; 2] = ["initContainers", "containers"];

/// Where the pod's spec stands in an object of this kind.
fn spec(kind: &str) -> &'static str {
    match kind {
        "Pod" => "/spec",
        "CronJob" => "/spec/jobTemplate/spec/template/spec",
        _ => "/spec/template/spec",
    }
}

/// The containers of an object, each with the field it stands in, init containers first. Those without a name are left
/// out.
pub fn containers(item: &Item) -> Vec<(&'static str, &str, &Value)> {
    let spec = spec(&item.resource.kind);
    let of = |field: &'static str| {
        let list = item.at(&format!("{spec}/{field}")).and_then(Value::as_array);
        let named = move |container| Some((field, named(container)?, container));
        list.into_iter().flatten().filter_map(named)
    };
    FIELDS.into_iter().flat_map(of).collect()
}

fn named(container: &Value) -> Option<&str> {
    container.get("name")?.as_str().filter(|name| !name.is_empty())
}

/// A strategic merge patch with these changes of containers, each with the field it stands in.
pub fn patch(kind: &str, changes: Vec<(&'static str, Value)>) -> Value {
    let mut inner = json!({});
    for field in FIELDS {
        let of_field: Vec<Value> = changes
            .iter()
            .filter(|(of, _)| *of == field)
            .map(|(_, change)| change.clone())
            .collect();
        if !of_field.is_empty() {
            inner[field] = of_field.into();
        }
    }
    let steps = spec(kind).split('/').filter(|step| !step.is_empty()).rev();
    steps.fold(inner, |inner, step| json!({step: inner}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_leads_to_the_template_of_the_kind() {
        let change = || {
            vec![
                ("containers", json!({"name": "a"})),
                ("initContainers", json!({"name": "i"})),
            ]
        };
        let inner = json!({"initContainers": [{"name": "i"}], "containers": [{"name": "a"}]});
        for (kind, wanted) in [
            ("Pod", json!({"spec": inner})),
            ("Deployment", json!({"spec": {"template": {"spec": inner}}})),
            (
                "CronJob",
                json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": inner}}}}}),
            ),
        ] {
            assert_eq!(patch(kind, change()), wanted, "{kind}");
        }
    }
}
