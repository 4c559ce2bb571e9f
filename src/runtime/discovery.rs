//! What a server serves: in two answers where it aggregates, else version by version, at the same time.
//!
//! As `ServerGroupsAndResources` in client-go's discovery: one group that cannot be asked costs no other.

use std::borrow::Cow;

use futures::stream::{self, StreamExt};
use serde_json::Value;

use super::answer;
use super::client::Connected;
use crate::core::discovery::{CORE, Discovery, GROUPS};
use crate::core::resource::Resource;
use crate::core::trouble::{Trouble, TroubleKind};

/// What is accepted: everything in one answer, in its present or its first form, else a list of versions.
const ACCEPT: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
    application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/// How many versions are asked for at a time.
const AT_ONCE: usize = 8;

/// Asks the server what it serves. What could not be asked stands in the answer.
pub async fn discover(connected: &Connected) -> Discovery {
    let (core, groups) = tokio::join!(root(connected, CORE), root(connected, GROUPS));
    let mut found = core;
    found.resources.extend(groups.resources);
    found.failed.extend(groups.failed);
    found
}

async fn root(connected: &Connected, path: &str) -> Discovery {
    let answer = match get(connected, path, ACCEPT).await {
        // A server, or a proxy before it, that knows none of the aggregated forms.
        Err(trouble) if !trouble.kind.is_connection() && trouble.kind != TroubleKind::Forbidden => {
            get(connected, path, "application/json").await
        }
        answer => answer,
    };
    match answer {
        Err(trouble) => Discovery {
            resources: Vec::new(),
            failed: vec![(path.to_string(), trouble)],
        },
        Ok(list) if text(&list, "kind") == "APIGroupDiscoveryList" => aggregated(connected, &list),
        Ok(list) => by_version(connected, versions(&list)).await,
    }
}

async fn get(connected: &Connected, path: &str, accept: &str) -> Result<Value, Trouble> {
    let body = answer::open(connected, answer::get_as(path, accept)?).await?;
    let bytes = answer::read(connected, body).await?;
    serde_json::from_slice(&bytes).map_err(|error| connected.trouble(&kube::Error::SerdeError(error)))
}

/// The versions that `/api` or `/apis` names, those that their groups prefer first.
fn versions(list: &Value) -> Vec<(String, String)> {
    let core = items(list, "versions")
        .filter_map(Value::as_str)
        .map(|version| (String::new(), version.to_string()));
    let groups = items(list, "groups").flat_map(|group| {
        let name = text(group, "name").to_string();
        let preferred = group
            .pointer("/preferredVersion/version")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let mut versions: Vec<&str> = items(group, "versions")
            .map(|version| text(version, "version"))
            .collect();
        versions.sort_by_key(|version| *version != preferred);
        let versions: Vec<(String, String)> = versions
            .into_iter()
            .map(|version| (name.clone(), version.to_string()))
            .collect();
        versions
    });
    core.chain(groups).filter(|(_, version)| !version.is_empty()).collect()
}

async fn by_version(connected: &Connected, versions: Vec<(String, String)>) -> Discovery {
    let asked = versions.into_iter().map(|(group, version)| async move {
        let path = if group.is_empty() {
            format!("{CORE}/{version}")
        } else {
            format!("{GROUPS}/{group}/{version}")
        };
        let answer = get(connected, &path, "application/json").await;
        (group, version, answer)
    });
    let answers: Vec<_> = stream::iter(asked).buffered(AT_ONCE).collect().await;
    let mut found = Discovery::default();
    for (group, version, answer) in answers {
        match answer {
            Ok(list) => found
                .resources
                .extend(items(&list, "resources").filter_map(|one| plain(&group, &version, one, &list))),
            Err(trouble) => found.failed.push((group_version(&group, &version), trouble)),
        }
    }
    found
}

fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() {
        version.to_string()
    } else {
        format!("{group}/{version}")
    }
}

/// An `APIResource` of a list; none for a subresource, or without what a path needs.
fn plain(group: &str, version: &str, resource: &Value, list: &Value) -> Option<Resource> {
    let plural = text(resource, "name");
    let kind = text(resource, "kind");
    if plural.is_empty() || plural.contains('/') || kind.is_empty() {
        return None;
    }
    let own = |name: &str, list: &str| {
        Some(text(resource, name))
            .filter(|own| !own.is_empty())
            .unwrap_or(list)
            .to_string()
    };
    Some(Resource {
        group: own("group", group).into(),
        version: own("version", version).into(),
        kind: kind.to_string().into(),
        plural: plural.to_string().into(),
        short: texts(resource, "shortNames"),
        namespaced: resource.get("namespaced").and_then(Value::as_bool).unwrap_or_default(),
        singular: text(resource, "singularName").to_string().into(),
        verbs: texts(resource, "verbs"),
        categories: texts(resource, "categories"),
        scalable: items(list, "resources").any(|other| text(other, "name").strip_prefix(plural) == Some("/scale")),
    })
}

/// An `APIGroupDiscoveryList`. A version that is stale could not be asked by the server itself.
fn aggregated(connected: &Connected, list: &Value) -> Discovery {
    let mut found = Discovery::default();
    for group in items(list, "items") {
        let name = group
            .pointer("/metadata/name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        for version in items(group, "versions") {
            let number = text(version, "version");
            if text(version, "freshness") == "Stale" {
                let trouble =
                    Trouble::new(TroubleKind::Server, "trouble.stale_group").with("server", &connected.server);
                found.failed.push((group_version(name, number), trouble));
            }
            let resources = items(version, "resources").filter_map(|one| aggregated_resource(name, number, one));
            found.resources.extend(resources);
        }
    }
    found
}

/// An `APIResourceDiscovery`. One without a kind has subresources only.
fn aggregated_resource(group: &str, version: &str, resource: &Value) -> Option<Resource> {
    let plural = text(resource, "resource");
    let kind = text(resource.get("responseKind")?, "kind");
    if plural.is_empty() || kind.is_empty() || version.is_empty() {
        return None;
    }
    Some(Resource {
        group: group.to_string().into(),
        version: version.to_string().into(),
        kind: kind.to_string().into(),
        plural: plural.to_string().into(),
        short: texts(resource, "shortNames"),
        namespaced: text(resource, "scope") == "Namespaced",
        singular: text(resource, "singularResource").to_string().into(),
        verbs: texts(resource, "verbs"),
        categories: texts(resource, "categories"),
        scalable: items(resource, "subresources").any(|one| text(one, "subresource") == "scale"),
    })
}

fn items<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn texts(value: &Value, name: &str) -> Cow<'static, [Cow<'static, str>]> {
    items(value, name)
        .filter_map(Value::as_str)
        .map(|text| Cow::Owned(text.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_preferred_version_of_a_group_comes_first() {
        let list = json!({"kind": "APIGroupList", "groups": [
            {"name": "a.io", "versions": [{"version": "v1"}, {"version": "v2beta1"}, {"version": "v2"}], "preferredVersion": {"version": "v2"}},
            {"name": "b.io", "versions": null},
            {"name": "c.io", "versions": [{"version": "v1"}]}]});
        let told: Vec<String> = versions(&list)
            .iter()
            .map(|(group, version)| group_version(group, version))
            .collect();
        assert_eq!(told, ["a.io/v2", "a.io/v1", "a.io/v2beta1", "c.io/v1"]);
        assert_eq!(
            versions(&json!({"kind": "APIVersions", "versions": ["v1"]})),
            [(String::new(), "v1".to_string())]
        );
    }

    #[test]
    fn resources_read_the_same_from_both_forms() {
        let widget = json!({"name": "widgets", "singularName": "widget", "namespaced": true, "kind": "Widget",
            "verbs": ["get", "list"], "shortNames": ["wd"], "categories": ["all"]});
        let list =
            json!({"resources": [widget, {"name": "widgets/scale", "kind": "Scale"}, {"name": "widgetsets/status"}]});
        let plain = plain("a.io", "v1", &widget, &list);
        let aggregated = aggregated_resource(
            "a.io",
            "v1",
            &json!({"resource": "widgets", "singularResource": "widget", "scope": "Namespaced",
            "responseKind": {"group": "a.io", "version": "v1", "kind": "Widget"}, "verbs": ["get", "list"], "shortNames": ["wd"], "categories": ["all"],
            "subresources": [{"subresource": "scale", "responseKind": {"kind": "Scale"}}, null]}),
        );
        assert!(plain.as_ref().is_some_and(|widget| widget.scalable));
        assert_eq!(plain, aggregated);
    }

    #[test]
    fn subresources_and_what_is_malformed_are_left_out() {
        for one in [
            json!({"name": "pods/log", "kind": "Pod"}),
            json!({"name": 7, "kind": "Pod"}),
            json!({"name": "pods"}),
            json!(null),
            json!([]),
        ] {
            assert_eq!(plain("", "v1", &one, &json!({})), None, "{one}");
        }
        for one in [
            json!({"resource": "pods"}),
            json!({"resource": "pods", "responseKind": null}),
            json!(7),
        ] {
            assert_eq!(aggregated_resource("", "v1", &one), None, "{one}");
        }
    }
}
