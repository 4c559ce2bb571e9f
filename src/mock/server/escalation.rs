//! Nobody gives rights away that he does not have: `pkg/registry/rbac` of Kubernetes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use super::rbac::{Attempt, allowed, rules};

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

/// One right: group, resource, verb and name of an object, or a path and a verb.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Right {
    group: String,
    resource: String,
    name: Option<String>,
    path: Option<String>,
    verb: String,
}

fn texts<'a>(rule: &'a Value, name: &str) -> Vec<&'a str> {
    rule[name]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// A rule taken apart into rights: `BreakdownRule`.
fn rights(rule: &Value) -> Vec<Right> {
    let mut found = Vec::new();
    let verbs = texts(rule, "verbs");
    let names = texts(rule, "resourceNames");
    let names: Vec<Option<&str>> = if names.is_empty() {
        vec![None]
    } else {
        names.into_iter().map(Some).collect()
    };
    for group in texts(rule, "apiGroups") {
        for resource in texts(rule, "resources") {
            for (verb, name) in verbs.iter().flat_map(|verb| names.iter().map(move |name| (verb, name))) {
                found.push(Right {
                    group: group.to_owned(),
                    resource: resource.to_owned(),
                    name: name.map(str::to_owned),
                    path: None,
                    verb: (*verb).to_owned(),
                });
            }
        }
    }
    for path in texts(rule, "nonResourceURLs") {
        let of = |verb: &&str| Right {
            group: String::new(),
            resource: String::new(),
            name: None,
            path: Some(path.to_owned()),
            verb: (*verb).to_owned(),
        };
        found.extend(verbs.iter().map(of));
    }
    found
}

/// Whether a rule gives a right: `ruleCovers`.
fn covers(rule: &Value, right: &Right) -> bool {
    let any = |name: &str, wanted: &str| texts(rule, name).iter().any(|value| *value == "*" || *value == wanted);
    if !any("verbs", &right.verb) {
        return false;
    }
    if let Some(path) = &right.path {
        return texts(rule, "nonResourceURLs").iter().any(|owned| {
            let begins = owned
                .strip_suffix('*')
                .is_some_and(|stem| path.starts_with(stem.trim_end_matches('*')));
            owned == path || begins
        });
    }
    let below = right.resource.split_once('/').map(|(_, sub)| format!("*/{sub}"));
    let names = texts(rule, "resourceNames");
    let named = names.is_empty() || right.name.as_deref().is_some_and(|name| names.contains(&name));
    any("apiGroups", &right.group)
        && (any("resources", &right.resource)
            || below.is_some_and(|below| texts(rule, "resources").contains(&below.as_str())))
        && named
}

/// The rights in rules that the caller does not have, as the server shows them, those on one resource together.
fn missing(call: &Call, given: &Value) -> BTreeSet<String> {
    let own = rules(&call.api, &call.user, call.namespace());
    let wanted = given.as_array().into_iter().flatten().flat_map(rights);
    let lacking: Vec<Right> = wanted
        .filter(|right| !own.iter().any(|rule| covers(rule, right)))
        .collect();
    shown(&lacking)
}

fn shown(lacking: &[Right]) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    for right in lacking {
        let Some(path) = &right.path else {
            let same = |other: &&Right| {
                Right {
                    verb: right.verb.clone(),
                    ..(*other).clone()
                } == *right
            };
            let verbs: Vec<String> = lacking
                .iter()
                .filter(same)
                .map(|right| format!("{:?}", right.verb))
                .collect();
            let name = right
                .name
                .as_ref()
                .map(|name| format!(", ResourceNames:[{name:?}]"))
                .unwrap_or_default();
            let (group, resource) = (&right.group, &right.resource);
            told.insert(format!(
                "{{APIGroups:[{group:?}], Resources:[{resource:?}]{name}, Verbs:[{}]}}",
                verbs.join(" ")
            ));
            continue;
        };
        told.insert(format!("{{NonResourceURLs:[{path:?}], Verbs:[{:?}]}}", right.verb));
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
        let lacking: Vec<Right> = rights(&rule);
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

    #[test]
    fn stars_and_parts_cover() {
        let right = |resource: &str| {
            rights(&json!({"apiGroups": ["apps"], "resources": [resource], "verbs": ["get"]})).remove(0)
        };
        let rule = |resource: &str, name: &str| {
            let names: Vec<&str> = if name.is_empty() { Vec::new() } else { vec![name] };
            json!({"apiGroups": ["*"], "resources": [resource], "verbs": ["get"], "resourceNames": names})
        };
        assert!(covers(&rule("*", ""), &right("deployments/scale")));
        assert!(covers(&rule("*/scale", ""), &right("deployments/scale")));
        assert!(!covers(&rule("deployments", ""), &right("deployments/scale")));
        assert!(!covers(&rule("deployments", "a"), &right("deployments")));
        let paths = rights(&json!({"nonResourceURLs": ["/apis/x"], "verbs": ["get"]})).remove(0);
        assert!(covers(&json!({"nonResourceURLs": ["/apis/*"], "verbs": ["*"]}), &paths));
    }
}
