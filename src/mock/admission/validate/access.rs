//! Roles and their bindings.

use serde_json::{Value, json};

use super::{list, metadata, rules, text};
use crate::mock::kinds::Kind;
use crate::mock::server::FieldError;

const GROUP: &str = "rbac.authorization.k8s.io";

/// Faults of a role's rules, as `ValidatePolicyRule`.
#[must_use]
pub fn role(kind: &Kind, object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (index, rule) in list(&object["rules"]).enumerate() {
        faults.extend(self::rule(rule, &format!("rules[{index}]"), kind.namespaced));
    }
    faults.extend(aggregation(&object["aggregationRule"]));
    faults
}

/// Faults of what a role is put together from.
fn aggregation(rule: &Value) -> Vec<FieldError> {
    let field = "aggregationRule.clusterRoleSelectors";
    if !rule.is_object() {
        return Vec::new();
    }
    let selectors = &rule["clusterRoleSelectors"];
    if list(selectors).next().is_none() {
        let why = "at least one clusterRoleSelector required if aggregationRule is non-nil";
        return vec![FieldError::required(field, why)];
    }
    let selectors = list(selectors).enumerate();
    selectors
        .flat_map(|(index, selector)| {
            let field = format!("{field}[{index}]");
            let mut faults = rules::selector(selector, &field);
            if !faults.is_empty() {
                faults.push(FieldError::invalid(field, &Value::Null, "invalid label selector."));
            }
            faults
        })
        .collect()
}

fn rule(rule: &Value, at: &str, namespaced: bool) -> Vec<FieldError> {
    let has = |name: &str| list(&rule[name]).next().is_some();
    let mut faults = Vec::new();
    if !has("verbs") {
        faults.push(FieldError::required(
            format!("{at}.verbs"),
            "verbs must contain at least one value",
        ));
    }
    if has("nonResourceURLs") {
        let (field, urls) = (format!("{at}.nonResourceURLs"), &rule["nonResourceURLs"]);
        if namespaced {
            let why = "namespaced rules cannot apply to non-resource URLs";
            faults.push(FieldError::invalid(field.clone(), urls, why));
        }
        if has("apiGroups") || has("resources") || has("resourceNames") {
            let why = "rules cannot apply to both regular resources and non-resource URLs";
            faults.push(FieldError::invalid(field, urls, why));
        }
        return faults;
    }
    if !has("apiGroups") {
        let why = "resource rules must supply at least one api group";
        faults.push(FieldError::required(format!("{at}.apiGroups"), why));
    }
    if !has("resources") {
        let why = "resource rules must supply at least one resource";
        faults.push(FieldError::required(format!("{at}.resources"), why));
    }
    faults
}

/// Faults of a binding: what it refers to, which stays, and to whom.
#[must_use]
pub fn binding(kind: &Kind, old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let (role, kinds) = (&object["roleRef"], ["Role", "ClusterRole"]);
    let kinds = if kind.namespaced { &kinds[..] } else { &kinds[1..] };
    let group = Value::from(text(&role["apiGroup"]));
    faults.extend(
        rules::one_of(&group, "roleRef.apiGroup", &["", GROUP])
            .map(|_| FieldError::unsupported("roleRef.apiGroup", &group, &[GROUP])),
    );
    faults.extend(rules::one_of(&text(&role["kind"]).into(), "roleRef.kind", kinds));
    let name = text(&role["name"]);
    if name.is_empty() {
        faults.push(FieldError::required("roleRef.name", ""));
    }
    faults.extend(rules::each("roleRef.name", &role["name"], metadata::path_segment(name)));
    for (index, subject) in list(&object["subjects"]).enumerate() {
        faults.extend(self::subject(subject, &format!("subjects[{index}]"), kind.namespaced));
    }
    if old.is_some_and(|old| old["roleRef"] != *role) {
        let shown = json!({"APIGroup": group, "Kind": text(&role["kind"]), "Name": text(&role["name"])});
        faults.push(FieldError::invalid("roleRef", &shown, "cannot change roleRef"));
    }
    faults
}

fn subject(subject: &Value, at: &str, namespaced: bool) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let name = text(&subject["name"]);
    if name.is_empty() {
        faults.push(FieldError::required(format!("{at}.name"), ""));
    }
    let group = Value::from(text(&subject["apiGroup"]));
    let groups = |allowed: &str| {
        let odd = !matches!(text(&group), "") && text(&group) != allowed;
        odd.then(|| FieldError::unsupported(format!("{at}.apiGroup"), &group, &[allowed]))
    };
    match text(&subject["kind"]) {
        "ServiceAccount" => {
            if !name.is_empty() {
                faults.extend(rules::each(
                    &format!("{at}.name"),
                    &subject["name"],
                    metadata::subdomain(name),
                ));
            }
            faults.extend(groups(""));
            if !namespaced && text(&subject["namespace"]).is_empty() {
                faults.push(FieldError::required(format!("{at}.namespace"), ""));
            }
        }
        "User" | "Group" => faults.extend(groups(GROUP)),
        other => faults.push(FieldError::unsupported(
            format!("{at}.kind"),
            &other.into(),
            &["ServiceAccount", "User", "Group"],
        )),
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::kinds::Registry;

    #[test]
    fn rules_name_verbs_groups_and_resources() {
        let kind = Registry::default().find(GROUP, "v1", "roles").unwrap();
        let fields = |rule: Value| -> Vec<String> {
            let faults = role(&kind, &json!({"rules": [rule]})).into_iter();
            faults.map(|fault| fault.field).collect()
        };
        assert!(fields(json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]})).is_empty());
        assert_eq!(
            fields(json!({})),
            ["rules[0].verbs", "rules[0].apiGroups", "rules[0].resources"]
        );
        assert_eq!(
            fields(json!({"nonResourceURLs": ["/x"], "verbs": ["get"]})),
            ["rules[0].nonResourceURLs"]
        );
    }

    #[test]
    fn bindings_keep_their_role() {
        let kind = Registry::default().find(GROUP, "v1", "rolebindings").unwrap();
        let of = |name: &str| json!({"roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": name}});
        assert!(binding(&kind, Some(&of("view")), &of("view")).is_empty());
        let faults = binding(&kind, Some(&of("view")), &of("edit"));
        assert!(
            faults[0].message.ends_with("\"Name\":\"edit\"}: cannot change roleRef"),
            "{faults:?}"
        );
        let nobody = binding(
            &kind,
            None,
            &json!({"roleRef": {}, "subjects": [{"kind": "Foo", "name": "x"}]}),
        );
        assert_eq!(nobody.len(), 3);
    }
}
