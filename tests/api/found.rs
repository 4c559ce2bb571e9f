//! Kinds that konn has never seen: found, listed with the server's columns, followed, described.

use konn::core::app::App;
use konn::core::layout;
use konn::core::view::Tier;
use konn::mock::faults::{Fault, Harm};
use serde_json::{Value, json};

use crate::support::{Konn, cluster, layer_text, names, plant};

/// The definition of a kind with printer columns, a wide one among them.
fn definition(plural: &str, kind: &str) -> Value {
    let columns = json!([
        {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
        {"name": "Colour", "type": "string", "jsonPath": ".spec.colour", "priority": 1},
        {"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}]);
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": format!("{plural}.toys.example.com")},
        "spec": {"group": "toys.example.com", "scope": "Namespaced",
            "names": {"plural": plural, "singular": kind.to_lowercase(), "kind": kind, "shortNames": ["gz"], "categories": ["all"]},
            "versions": [{"name": "v1", "served": true, "storage": true, "additionalPrinterColumns": columns,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}})
}

fn gizmo(name: &str, size: i64) -> Value {
    json!({"apiVersion": "toys.example.com/v1", "kind": "Gizmo", "metadata": {"name": name, "namespace": "shop"},
        "spec": {"size": size, "colour": "red"}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}})
}

fn titles(app: &App) -> Vec<(String, bool)> {
    let Some(section) = app.screen().and_then(|screen| screen.sections.first()) else {
        return Vec::new();
    };
    let columns = (0..section.view.width()).filter_map(|at| section.view.column(at));
    columns
        .map(|column| (column.title.to_string(), column.tier == Tier::Wide))
        .collect()
}

fn cells(app: &App, name: &str) -> Vec<String> {
    let Some(section) = app.screen().and_then(|screen| screen.sections.first()) else {
        return Vec::new();
    };
    let rows = section.table(&app.store).map(|table| table.rows()).unwrap_or_default();
    let row = rows.iter().find(|row| &*row.object.meta().name == name);
    let cell = |row: &konn::core::store::Row, at| section.view.cell(&*row.object, at, &app.clock).text.into_owned();
    row.map(|row| (0..section.view.width()).map(|at| cell(row, at)).collect())
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_custom_resource_is_listed_followed_described_and_shown_as_yaml() {
    let running = cluster().await;
    plant(&running, definition("gizmos", "Gizmo"));
    plant(&running, gizmo("g-1", 3));
    let mut konn = Konn::open(&running, "mock", "gz shop");
    konn.settled().await;
    assert_eq!(konn.names(), ["g-1"], "{}", konn.screen());
    let wanted = [
        ("NAME", false),
        ("SIZE", false),
        ("COLOUR", true),
        ("READY", false),
        ("AGE", false),
    ];
    assert_eq!(
        titles(konn.app()),
        wanted.map(|(title, wide)| (title.to_string(), wide))
    );
    assert_eq!(cells(konn.app(), "g-1")[..4], ["g-1", "3", "red", "True"]);
    let section = &konn.app().screen().unwrap().sections[0];
    let slots = layout::slots(
        section.table(&konn.app().store).unwrap(),
        &*section.view,
        false,
        false,
        120,
        0,
    );
    assert_eq!(slots.len(), 4, "the wide column is not shown");

    plant(&running, gizmo("g-2", 4));
    konn.until("g-2", |app| names(app) == ["g-1", "g-2"]).await;
    running.api.touch("gizmos.toys.example.com", "shop", "g-1", |gizmo| {
        gizmo["spec"]["size"] = 5.into()
    });
    konn.until("the new size", |app| {
        cells(app, "g-1").get(1).is_some_and(|size| size == "5")
    })
    .await;

    konn.press("y");
    konn.settled().await;
    assert!(layer_text(konn.app()).contains("kind: Gizmo"), "{}", konn.screen());
    konn.press("esc d");
    konn.settled().await;
    let text = layer_text(konn.app());
    assert!(text.contains("g-1") && text.contains("Colour"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_name_of_a_found_kind_opens_it_and_enter_on_its_definition_does() {
    let running = cluster().await;
    plant(&running, definition("gizmos", "Gizmo"));
    plant(&running, gizmo("g-1", 3));
    let mut konn = Konn::open(&running, "mock", "crds");
    konn.settled().await;
    konn.until("discovery", |app| app.catalog.is_discovered()).await;
    for word in [
        "gizmos",
        "gizmo",
        "GIZMO",
        "gz",
        "gizmos.toys.example.com",
        "gz.toys.example.com",
        "gizmos.v1.toys.example.com",
        "gizmos.toys",
    ] {
        let views = konn.app().catalog.views_named(word);
        let found: Vec<_> = views.iter().map(|view| view.resource().full_name()).collect();
        assert_eq!(found, ["gizmos.toys.example.com"], "{word}");
    }
    konn.press("enter");
    konn.settled().await;
    konn.until("the gizmos of all namespaces", |app| {
        app.screen()
            .is_some_and(|screen| screen.jump.view == "gizmos.toys.example.com")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_that_came_after_the_start_is_found_when_it_is_asked_for() {
    let running = cluster().await;
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.until("discovery", |app| app.catalog.is_discovered()).await;
    plant(&running, definition("gizmos", "Gizmo"));
    plant(&running, gizmo("g-1", 3));
    konn.press(":");
    konn.type_text("gizmos shop");
    konn.press("enter");
    konn.until("the gizmo", |app| names(app) == ["g-1"]).await;
    konn.press(":");
    konn.type_text("nosuchkind");
    konn.press("enter");
    konn.until("the refusal", |app| {
        app.notice
            .as_ref()
            .is_some_and(|(notice, _)| notice.text.contains("no view named"))
    })
    .await;
    assert_eq!(konn.names(), ["g-1"], "what was open stays open");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_known_view_opens_by_each_of_its_names_and_by_those_of_discovery() {
    let running = cluster().await;
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.until("discovery", |app| app.catalog.is_discovered()).await;
    let catalog = &konn.app().catalog;
    for view in konn::views::REGISTRY.views {
        let resource = view.resource();
        let mut words = vec![
            resource.plural.to_string(),
            resource.singular(),
            resource.kind.to_string(),
            resource.full_name(),
        ];
        words.extend(resource.short.iter().map(ToString::to_string));
        words.extend(view.aliases().iter().map(ToString::to_string));
        for word in words {
            let found = catalog.view(&word).unwrap_or_else(|| panic!("{word} opens nothing"));
            assert!(
                found.resource().is_same_kind(resource),
                "{word} opens {}",
                found.resource().full_name()
            );
        }
    }
    let mut opened = 0;
    for resource in catalog.preferred().filter(|resource| resource.allows("list")) {
        let found = catalog
            .view(&resource.full_name())
            .unwrap_or_else(|| panic!("{} opens nothing", resource.full_name()));
        assert!(
            found.resource().is_same_kind(resource),
            "{} opens {}",
            resource.full_name(),
            found.resource().full_name()
        );
        opened += 1;
    }
    assert!(opened > 40, "only {opened}");
}

#[tokio::test(flavor = "multi_thread")]
async fn api_resources_are_rows_and_enter_opens_one() {
    let running = cluster().await;
    plant(&running, definition("gizmos", "Gizmo"));
    plant(&running, gizmo("g-1", 3));
    let mut konn = Konn::open(&running, "mock", "api-resources shop");
    konn.settled().await;
    assert_eq!(
        titles(konn.app())[..5]
            .iter()
            .map(|(title, _)| title.as_str())
            .collect::<Vec<_>>(),
        ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]
    );
    assert_eq!(
        cells(konn.app(), "gizmos.toys.example.com")[..5],
        ["gizmos", "gz", "toys.example.com/v1", "true", "Gizmo"]
    );
    assert_eq!(cells(konn.app(), "pods")[..5], ["pods", "po", "v1", "true", "Pod"]);
    konn.press("/");
    konn.type_text("gizmos");
    konn.press("enter");
    konn.settled().await;
    konn.press("enter");
    konn.until("the gizmo", |app| names(app) == ["g-1"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_stacks_the_category_with_custom_kinds_behind() {
    let running = cluster().await;
    plant(&running, definition("gizmos", "Gizmo"));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.until("discovery", |app| app.catalog.is_discovered()).await;
    konn.press(":");
    konn.type_text("all shop");
    konn.press("enter");
    konn.settled().await;
    let sections = &konn.app().screen().unwrap().sections;
    let plurals: Vec<_> = sections
        .iter()
        .map(|section| section.view.resource().plural.to_string())
        .collect();
    assert_eq!(
        plurals,
        [
            "pods",
            "replicationcontrollers",
            "services",
            "daemonsets",
            "deployments",
            "replicasets",
            "statefulsets",
            "horizontalpodautoscalers",
            "cronjobs",
            "jobs",
            "gizmos"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_discovery_the_known_views_work_and_the_failure_is_told() {
    let running = cluster().await;
    running
        .api
        .faults
        .set(Fault::new("", "/apis", Harm::InternalError).times(8));
    let mut konn = Konn::open(&running, "mock", "namespaces");
    konn.until("the failure", |app| {
        app.notice
            .as_ref()
            .is_some_and(|(notice, _)| notice.text.contains("/apis"))
    })
    .await;
    konn.settled().await;
    assert!(konn.names().contains(&"shop".to_string()));
    assert!(konn.app().catalog.view("deployments").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_context_has_its_own_kinds() {
    let running = cluster().await;
    plant(&running, definition("gizmos", "Gizmo"));
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.until("discovery", |app| app.catalog.view("gizmos").is_some())
        .await;
    running.api.kinds.undefine("gizmos.toys.example.com");
    konn.press(":");
    konn.type_text("ctx mock-dev");
    konn.press("enter");
    konn.until("the other context", |app| {
        app.link.identity.context == "mock-dev" && app.catalog.is_discovered()
    })
    .await;
    assert!(konn.app().catalog.view("gizmos").is_none());
}
