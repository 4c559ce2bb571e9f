//! Pod templates of workloads.

use serde_json::{Value, json};

use super::{list, metadata, pods, text};
use crate::mock::server::FieldError;

/// Faults of a pod template, as `ValidatePodTemplateSpec`.
#[must_use]
pub fn check(template: &Value, at: &str) -> Vec<FieldError> {
    let (labels, notes) = (&template["metadata"]["labels"], &template["metadata"]["annotations"]);
    let mut faults = metadata::labels(labels, &format!("{at}.labels"));
    faults.extend(metadata::annotations(notes, &format!("{at}.annotations")));
    faults.extend(pods::spec(&template["spec"], &format!("{at}.spec"), None));
    if list(&template["spec"]["ephemeralContainers"]).next().is_some() {
        let why = "ephemeral containers not allowed in pod template";
        faults.push(FieldError::forbidden(format!("{at}.spec.ephemeralContainers"), why));
    }
    faults
}

/// Faults of the template of a workload whose pods run until they are deleted; `owner` is the kind that messages name.
#[must_use]
pub fn stays(template: &Value, at: &str, owner: &str) -> Vec<FieldError> {
    let (policy, deadline) = (
        &template["spec"]["restartPolicy"],
        &template["spec"]["activeDeadlineSeconds"],
    );
    let mut faults = Vec::new();
    if text(policy) != "Always" {
        let field = format!("{at}.spec.restartPolicy");
        faults.push(FieldError::unsupported(field, &text(policy).into(), &["Always"]));
    }
    if !deadline.is_null() {
        let why = format!("activeDeadlineSeconds in {owner} is not Supported");
        faults.push(FieldError::forbidden(format!("{at}.spec.activeDeadlineSeconds"), &why));
    }
    faults
}

/// The template as a stateful set's pods have it: with the volumes of its claims, and named by the controller.
#[must_use]
pub fn with_claims(spec: &Value) -> Value {
    let mut template = spec["template"].clone();
    let claims: Vec<Value> = list(&spec["volumeClaimTemplates"])
        .map(|claim| {
            let name = text(&claim["metadata"]["name"]);
            json!({"name": name, "persistentVolumeClaim": {"claimName": name}})
        })
        .collect();
    let Some(pod) = template.get_mut("spec").and_then(Value::as_object_mut) else {
        return template;
    };
    pod.shift_remove("subdomain");
    pod.shift_remove("hostname");
    if !claims.is_empty() {
        let own = pod.shift_remove("volumes").unwrap_or_default();
        let taken = |volume: &&Value| !claims.iter().any(|claim| claim["name"] == volume["name"]);
        let own: Vec<Value> = list(&own).filter(taken).cloned().collect();
        pod.insert("volumes".to_owned(), claims.into_iter().chain(own).collect());
    }
    template
}

#[cfg(test)]
mod tests {
    use super::super::told;
    use super::*;

    #[test]
    fn templates_of_workloads_stay() {
        let template = json!({"spec": {"restartPolicy": "Never", "activeDeadlineSeconds": 5}});
        assert_eq!(
            told(stays(&template, "spec.template", "ReplicaSet")),
            [
                "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"",
                "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported"
            ]
        );
    }

    #[test]
    fn claims_become_volumes() {
        let spec = json!({"volumeClaimTemplates": [{"metadata": {"name": "data"}}],
            "template": {"spec": {"hostname": "x", "volumes": [{"name": "data", "emptyDir": {}}, {"name": "own", "emptyDir": {}}]}}});
        let template = with_claims(&spec);
        assert_eq!(
            template["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"],
            "data"
        );
        assert_eq!(template["spec"]["volumes"][1]["name"], "own");
        assert!(template["spec"].get("hostname").is_none());
    }
}
