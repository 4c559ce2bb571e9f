//! Nobody gives rights away that he does not have: `pkg/registry/rbac` of Kubernetes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use super::rbac::{Attempt, allowed, covers, rules};

const GROUP: &str = "rbac.authorization.k8s.io";

/// Checks whether the caller may write a role or a binding, which gives somebody the rights in it.
///
/// # Errors
/// 403 with the rights that the caller lacks, 404 for a binding to a role that is not there.
pub fn check(call: &Call, old: Option<&Value>, object: &Value) -> Result<(), ApiError> {
    let kind = &call.kind;
    if kind.group != GROUP || call.user.groups.iter().any(|group| group == "system:masters") {
        return Ok(());
    }
    if old.is_some_and(|old| {
        ["rules", "aggregationRule", "roleRef", "subjects"]
            .iter()
            .all(|part| old[*part] == object[*part])
    }) {
        return Ok(());
    }
    let given = match kind.plural.as_str() {
        "roles" | "clusterroles" => {
            if may(call, "escalate", &kind.plural, &call.name) {
                return Ok(());
            }
            object["rules"].clone()
        }
        _ => {
            let reference = &object["roleRef"];
            let kind = reference["kind"].as_str().unwrap_or_default();
            if !matches!(kind, "Role" | "ClusterRole") {
                return Err(ApiError::new(
                    500,
                    "",
                    format!("unsupported role reference kind: {kind:?}"),
                ));
            }
            let (resource, name) = role_of(reference);
            if may(call, "bind", resource, name) {
                return Ok(());
            }
            rules_of(call, resource, name)?
        }
    };
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let refused = |why: &str| Err(ApiError::forbidden(GROUP, &kind.plural, name, why));
    let missing = missing(call, &given);
    if !missing.is_empty() {
        let groups: Vec<String> = call.user.groups.iter().map(|group| format!("{group:?}")).collect();
        return refused(&format!(
            "user {:?} (groups=[{}]) is attempting to grant RBAC permissions not currently held:\n{}",
            call.user.name,
            groups.join(" "),
            missing.into_iter().collect::<Vec<_>>().join("\n")
        ));
    }
    let gathers = |role: &Value| {
        role["aggregationRule"]["clusterRoleSelectors"]
            .as_array()
            .is_some_and(|list| !list.is_empty())
    };
    let all =
        json!([{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}, {"nonResourceURLs": ["*"], "verbs": ["*"]}]);
    if (gathers(object) || old.is_some_and(gathers)) && !self::missing(call, &all).is_empty() {
        return refused("must have cluster-admin privileges to use the aggregationRule");
    }
    Ok(())
}

/// The resource and the name of the role that a binding refers to.
fn role_of(reference: &Value) -> (&'static str, &str) {
    let resource = if reference["kind"] == "Role" {
        "roles"
    } else {
        "clusterroles"
    };
    (resource, reference["name"].as_str().unwrap_or_default())
}

fn may(call: &Call, verb: &str, resource: &str, name: &str) -> bool {
    let attempt = Attempt {
        verb: verb.to_owned(),
        group: GROUP.to_owned(),
        resource: resource.to_owned(),
        namespace: call.namespace().to_owned(),
        name: name.to_owned(),
        path: String::new(),
    };
    allowed(&call.api, &call.user, &attempt)
}

fn rules_of(call: &Call, resource: &str, name: &str) -> Result<Value, ApiError> {
    let namespace = if resource == "roles" { call.namespace() } else { "" };
    let role = call.api.store.get(&format!("{resource}.{GROUP}"), namespace, name);
    // The server names what was asked for, not what is missing.
    role.map(|role| role.decode()["rules"].take())
        .ok_or_else(|| ApiError::not_found(&call.kind, name))
}

fn texts<'a>(rule: &'a Value, name: &str) -> Vec<&'a str> {
    rule[name]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// A rule taken apart into the single attempts that it allows: `BreakdownRule`.
fn rights(rule: &Value) -> Vec<Attempt> {
    let mut found = Vec::new();
    let verbs = texts(rule, "verbs");
    let mut names = texts(rule, "resourceNames");
    if names.is_empty() {
        names.push("");
    }
    for group in texts(rule, "apiGroups") {
        for resource in texts(rule, "resources") {
            for (verb, name) in verbs.iter().flat_map(|verb| names.iter().map(move |name| (verb, name))) {
                found.push(Attempt {
                    verb: (*verb).to_owned(),
                    group: group.to_owned(),
                    resource: resource.to_owned(),
                    name: (*name).to_owned(),
                    ..Attempt::default()
                });
            }
        }
    }
    for path in texts(rule, "nonResourceURLs") {
        let of = |verb: &&str| Attempt {
            verb: (*verb).to_owned(),
            path: path.to_owned(),
            ..Attempt::default()
        };
        found.extend(verbs.iter().map(of));
    }
    found
}

/// The rights in rules that the caller does not have, as the server shows them, those on one resource together.
fn missing(call: &Call, given: &Value) -> BTreeSet<String> {
    let own = rules(&call.api, &call.user, call.namespace());
    let wanted = given.as_array().into_iter().flatten().flat_map(rights);
    let lacking: Vec<Attempt> = wanted
        .filter(|right| !own.iter().any(|rule| covers(rule, right)))
        .collect();
    shown(&lacking)
}

fn shown(lacking: &[Attempt]) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    let mut verbs: BTreeMap<(&str, &str, &str), Vec<String>> = BTreeMap::new();
    for right in lacking {
        let verb = format!("{:?}", right.verb);
        if right.path.is_empty() {
            let on = (&*right.group, &*right.resource, &*right.name);
            verbs.entry(on).or_default().push(verb);
        } else {
            told.insert(format!("{{NonResourceURLs:[{:?}], Verbs:[{verb}]}}", right.path));
        }
    }
    for ((group, resource, name), verbs) in verbs {
        let name = if name.is_empty() {
            String::new()
        } else {
            format!(", ResourceNames:[{name:?}]")
        };
        let verbs = verbs.join(" ");
        told.insert(format!(
            "{{APIGroups:[{group:?}], Resources:[{resource:?}]{name}, Verbs:[{verbs}]}}"
        ));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_told_by_resource() {
        let rule =
            json!({"apiGroups": ["apps"], "resources": ["deployments", "deployments/scale"], "verbs": ["get", "list"]});
        let lacking: Vec<Attempt> = rights(&rule);
        assert_eq!(
            shown(&lacking).into_iter().collect::<Vec<_>>(),
            [
                "{APIGroups:[\"apps\"], Resources:[\"deployments\"], Verbs:[\"get\" \"list\"]}",
                "{APIGroups:[\"apps\"], Resources:[\"deployments/scale\"], Verbs:[\"get\" \"list\"]}",
            ]
        );
        let path = rights(&json!({"nonResourceURLs": ["/metrics"], "verbs": ["get"]}));
        assert_eq!(
            shown(&path).into_iter().collect::<Vec<_>>(),
            ["{NonResourceURLs:[\"/metrics\"], Verbs:[\"get\"]}"]
        );
    }
}
