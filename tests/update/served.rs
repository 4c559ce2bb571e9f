//! Names, and what discovery says of them.

use std::borrow::Cow;

use konn::core::catalog::Catalog;
use konn::core::discovery::Discovery;
use konn::core::effect::Effect;
use konn::core::event::Event;
use konn::core::link::LinkEvent;
use konn::core::resource::Resource;
use konn::core::trouble::{Trouble, TroubleKind};

use super::stage;

/// A resource as discovery tells it.
fn served(api_version: &str, kind: &str, plural: &str, short: &str) -> Resource {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let short: Vec<Cow<'static, str>> = short.split_whitespace().map(|name| name.to_string().into()).collect();
    Resource {
        group: group.to_string().into(),
        version: version.to_string().into(),
        kind: kind.to_string().into(),
        plural: plural.to_string().into(),
        short: short.into(),
        namespaced: true,
        verbs: vec![if kind == "Binding" {
            "create".into()
        } else {
            "list".into()
        }]
        .into(),
        ..Resource::default()
    }
}

#[test]
fn names_are_resolved_as_kubectl_resolves_them() {
    let mut catalog = Catalog::new(&konn::views::REGISTRY);
    catalog.discover(Discovery {
        resources: vec![
            served("v1", "Pod", "pods", "po"),
            served("v1", "Service", "services", "svc"),
            served("v1", "Binding", "bindings", ""),
            served(
                "autoscaling/v1",
                "HorizontalPodAutoscaler",
                "horizontalpodautoscalers",
                "hpa",
            ),
            served("policy/v1beta1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb"),
            served("serving.knative.dev/v1", "Service", "services", "ksvc svc"),
            served("toys.example.com/v1", "Po", "po", ""),
            served("toys.example.com/v1", "Gizmo", "gizmos", "gz"),
            served("toys.example.com/v1alpha1", "Gizmo", "gizmos", "gz"),
            served("zoo.example.com/v1", "Gizmo", "gizmos", "gz"),
        ],
        failed: Vec::new(),
    });
    for (word, wanted) in [
        ("pods", "v1 pods"),
        // A plural comes before a short name, whatever the order of the groups.
        ("po", "toys.example.com/v1 po"),
        ("svc", "v1 services"),
        ("services.serving.knative.dev", "serving.knative.dev/v1 services"),
        ("services.serving", "serving.knative.dev/v1 services"),
        ("gz", "toys.example.com/v1 gizmos"),
        ("gizmo.zoo.example.com", "zoo.example.com/v1 gizmos"),
        ("gizmos.v1alpha1.toys.example.com", "toys.example.com/v1alpha1 gizmos"),
        // Known views of versions that are not served give way to the server's own columns.
        ("hpa", "autoscaling/v1 horizontalpodautoscalers"),
        ("pdb", "policy/v1beta1 poddisruptionbudgets"),
        ("ctx", " contexts"),
        // Not served here, but known: the server says so itself.
        ("deploy", "apps/v1 deployments"),
    ] {
        let view = catalog.view(word).unwrap_or_else(|| panic!("{word} names nothing"));
        let resource = view.resource();
        assert_eq!(
            format!("{} {}", resource.api_version(), resource.plural),
            wanted,
            "{word}"
        );
    }
    assert!(catalog.view("bindings").is_none() && catalog.is_unlistable("bindings"));
    assert!(!catalog.is_unlistable("nothing"));
    let plurals: Vec<_> = catalog
        .views()
        .filter(|view| view.resource().kind == "PodDisruptionBudget")
        .collect();
    assert_eq!(plurals.len(), 1, "a view that is replaced is not offered");
}

#[test]
fn what_nobody_could_be_asked_for_waits_until_somebody_answers() {
    let mut stage = stage(&["web-0"]);
    let trouble = Trouble::new(TroubleKind::Timeout, "trouble.timeout");
    stage.press(": \"gizmos\" enter");
    let failed = vec![("/api".to_string(), trouble.clone()), ("/apis".to_string(), trouble)];
    stage.event(Event::Link(LinkEvent::Discovered(Discovery {
        resources: Vec::new(),
        failed,
    })));
    let effects = stage.event(Event::Link(LinkEvent::Version("v1.36.2".to_string())));
    assert!(matches!(effects.as_slice(), [Effect::Discover]), "{effects:?}");
    let resources = vec![served("toys.example.com/v1", "Gizmo", "gizmos", "gz")];
    stage.event(Event::Link(LinkEvent::Discovered(Discovery {
        resources,
        failed: Vec::new(),
    })));
    assert_eq!(stage.app.screen().unwrap().sections[0].view.resource().plural, "gizmos");
}
