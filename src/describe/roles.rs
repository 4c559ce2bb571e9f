//! Roles and ClusterRoles.

use serde_json::Value;

use super::value::Read;
use super::words::Words;
use super::writer::Table;
use super::{Describer, Input, Writer, meta};

/// Describes a Role or ClusterRole, as `RoleDescriber` in kubectl.
pub struct Roles;

impl Describer for Roles {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("rbac.authorization.k8s.io", "Role"),
            ("rbac.authorization.k8s.io", "ClusterRole"),
        ]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let role = input.object;
        meta::all(role, out);
        out.section("PolicyRule");
        let mut table = Table::new(["Resources", "Non-Resource URLs", "Resource Names", "Verbs"]);
        for rule in compact(role.key("rules").list()) {
            let resources = Words::toned(&rule.resource, crate::core::text::Tone::Accent);
            table.row([
                resources,
                list(&rule.urls).into(),
                list(&rule.names).into(),
                list(&rule.verbs).into(),
            ]);
        }
        out.table(table);
    }
}

/// What may be done with one resource, by name or all of them, or with one URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rule {
    resource: String,
    urls: Vec<String>,
    names: Vec<String>,
    verbs: Vec<String>,
}

fn list(values: &[String]) -> String {
    format!("[{}]", values.join(" "))
}

/// The rules broken down to one resource each and put together again by resource and name, sorted, as `BreakdownRule` and
/// `CompactRules` in kubectl. URLs are not put together.
fn compact(rules: &[Value]) -> Vec<Rule> {
    let mut compact: Vec<Rule> = Vec::new();
    for (resource, name, verb) in rules.iter().flat_map(broken_down) {
        let names: Vec<_> = name.into_iter().collect();
        match compact
            .iter_mut()
            .find(|known| known.resource == resource && known.names == names)
        {
            Some(known) if known.verbs.contains(&verb) => {}
            Some(known) => known.verbs.push(verb),
            None => compact.push(Rule {
                resource,
                names,
                verbs: vec![verb],
                urls: Vec::new(),
            }),
        }
    }
    for rule in rules {
        for url in texts(rule.key("nonResourceURLs")) {
            let alone = |verb| Rule {
                urls: vec![url.clone()],
                verbs: vec![verb],
                ..Rule::default()
            };
            compact.extend(texts(rule.key("verbs")).into_iter().map(alone));
        }
    }
    compact.sort();
    compact
}

/// Resource with its group, name if the rule says one, and verb.
fn broken_down(rule: &Value) -> Vec<(String, Option<String>, String)> {
    let names = texts(rule.key("resourceNames"));
    let names: Vec<_> = if names.is_empty() {
        vec![None]
    } else {
        names.into_iter().map(Some).collect()
    };
    let mut broken = Vec::new();
    for group in texts(rule.key("apiGroups")) {
        for resource in texts(rule.key("resources")) {
            for verb in texts(rule.key("verbs")) {
                let one = |name: &Option<String>| (with_group(&resource, &group), name.clone(), verb.clone());
                broken.extend(names.iter().map(one));
            }
        }
    }
    broken
}

fn texts(list: &Value) -> Vec<String> {
    list.list().iter().map(Read::show).collect()
}

/// `deployments.apps/scale`, as `CombineResourceGroup` in kubectl.
fn with_group(resource: &str, group: &str) -> String {
    let (name, sub) = resource
        .split_once('/')
        .map_or((resource, None), |(name, sub)| (name, Some(sub)));
    let group = if group.is_empty() {
        String::new()
    } else {
        format!(".{group}")
    };
    match sub {
        Some(sub) => format!("{name}{group}/{sub}"),
        None => format!("{name}{group}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rules_are_put_together_by_resource() {
        let rules = json!([
            {"apiGroups": ["", "apps"], "resources": ["pods", "deployments/scale"], "verbs": ["get", "list"]},
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["watch", "get"]},
            {"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["a", "b"], "verbs": ["get"]},
            {"nonResourceURLs": ["/healthz"], "verbs": ["get", "post"]},
        ]);
        let shown: Vec<_> = compact(rules.as_array().unwrap())
            .into_iter()
            .map(|rule| {
                format!(
                    "{} {} {} {}",
                    rule.resource,
                    list(&rule.urls),
                    list(&rule.names),
                    list(&rule.verbs)
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                " [/healthz] [] [get]",
                " [/healthz] [] [post]",
                "deployments.apps/scale [] [] [get list]",
                "deployments/scale [] [] [get list]",
                "pods [] [] [get list watch]",
                "pods.apps [] [] [get list]",
                "secrets [] [a] [get]",
                "secrets [] [b] [get]",
            ]
        );
    }
}
