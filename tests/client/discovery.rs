//! What servers of several ages say that they serve, refusals included.

use konn::core::discovery::{CORE, Discovery, GROUPS};
use konn::core::trouble::TroubleKind;
use konn::runtime::discovery::discover;
use serde_json::{Value, json};

use crate::support::{Home, Site, answer, failure};

async fn found(site: &Site) -> Discovery {
    let home = Home::new(&format!("{{server: 'http://{}'}}", site.address), "{token: t}");
    discover(&home.connect().unwrap()).await
}

fn json_answer(value: &Value) -> axum::response::Response {
    answer(200, "application/json", &value.to_string())
}

fn plurals(discovery: &Discovery) -> Vec<String> {
    discovery
        .resources
        .iter()
        .map(|one| format!("{} {}", one.api_version(), one.plural))
        .collect()
}

/// A server before 1.26: it knows no aggregated form and answers each version for itself.
fn old(path: &str) -> axum::response::Response {
    let widgets = |version: &str| {
        json!({"kind": "APIResourceList", "groupVersion": format!("example.com/{version}"), "resources": [
        {"name": "widgets", "singularName": "widget", "namespaced": true, "kind": "Widget", "verbs": ["get", "list", "watch"], "shortNames": ["wd"]},
        {"name": "widgets/status", "singularName": "", "namespaced": true, "kind": "Widget", "verbs": ["get"]}]})
    };
    match path {
        "/api" => json_answer(&json!({"kind": "APIVersions", "versions": ["v1"]})),
        "/apis" => json_answer(&json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": [
            {"name": "broken.io", "versions": [{"groupVersion": "broken.io/v1", "version": "v1"}], "preferredVersion": {"version": "v1"}},
            {"name": "example.com", "versions": [{"version": "v1beta1"}, {"version": "v1"}], "preferredVersion": {"version": "v1"}}]})),
        "/api/v1" => json_answer(&json!({"kind": "APIResourceList", "groupVersion": "v1", "resources": [
            {"name": "pods", "singularName": "", "namespaced": true, "kind": "Pod", "verbs": ["list"], "categories": ["all"]}, null, {"name": 7}]})),
        "/apis/example.com/v1" => json_answer(&widgets("v1")),
        "/apis/example.com/v1beta1" => json_answer(&widgets("v1beta1")),
        _ => failure(
            503,
            "ServiceUnavailable",
            "the server is currently unable to handle the request",
        ),
    }
}

#[tokio::test]
async fn an_old_server_is_asked_version_by_version_and_a_broken_group_costs_no_other() {
    let site = Site::plain(|path, _| old(path)).await;
    let told = found(&site).await;
    assert_eq!(
        plurals(&told),
        ["v1 pods", "example.com/v1 widgets", "example.com/v1beta1 widgets"]
    );
    let failed: Vec<_> = told
        .failed
        .iter()
        .map(|(what, why)| (what.as_str(), why.kind))
        .collect();
    assert_eq!(failed, [("broken.io/v1", TroubleKind::Server)]);
    assert_eq!(
        (told.resources[0].singular(), told.resources[0].categories.len()),
        ("pod".to_string(), 1)
    );
}

#[tokio::test]
async fn a_server_that_refuses_the_aggregated_form_is_asked_plainly() {
    let site = Site::plain(|path, headers| {
        let accept = headers.get("accept").unwrap().to_str().unwrap();
        if accept.contains("APIGroupDiscoveryList") {
            failure(406, "NotAcceptable", "no")
        } else {
            old(path)
        }
    })
    .await;
    assert_eq!(found(&site).await.resources.len(), 3);
}

#[tokio::test]
async fn an_aggregating_server_is_asked_twice_and_tells_which_group_is_stale() {
    let site = Site::plain(|path, _| {
        let items = match path {
            "/api" => json!([{"metadata": {}, "versions": [{"version": "v1", "freshness": "Current", "resources": [
                {"resource": "pods", "responseKind": {"group": "", "version": "", "kind": "Pod"}, "scope": "Namespaced", "singularResource": "pod", "verbs": ["list"],
                 "subresources": [{"subresource": "log", "responseKind": null, "verbs": ["get"]}]}]}]}]),
            _ => json!([
                {"metadata": {"name": "metrics.k8s.io"}, "versions": [{"version": "v1beta1", "freshness": "Stale"}]},
                {"metadata": {"name": "example.com"}, "versions": [{"version": "v1", "freshness": "Current", "resources": [
                    {"resource": "widgets", "responseKind": {"kind": "Widget"}, "scope": "Cluster", "verbs": null}]}]}]),
        };
        json_answer(&json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2beta1", "metadata": {}, "items": items}))
    })
    .await;
    let told = found(&site).await;
    assert_eq!(plurals(&told), ["v1 pods", "example.com/v1 widgets"]);
    assert_eq!(
        told.failed.iter().map(|(what, _)| what.as_str()).collect::<Vec<_>>(),
        ["metrics.k8s.io/v1beta1"]
    );
    assert_eq!(site.count(), 2);
}

#[tokio::test]
async fn a_refusal_of_everything_is_told_as_such() {
    let site = Site::plain(|_, _| failure(403, "Forbidden", "forbidden: User \"u\" cannot get path")).await;
    let told = found(&site).await;
    assert!(told.is_failure());
    let failed: Vec<_> = told
        .failed
        .iter()
        .map(|(what, why)| (what.as_str(), why.kind))
        .collect();
    assert_eq!(
        failed,
        [(CORE, TroubleKind::Forbidden), (GROUPS, TroubleKind::Forbidden)]
    );
}
