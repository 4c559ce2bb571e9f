//! The Gateway API, as a cluster serves it that has its definitions.

use serde_json::{Value, json};

use crate::support::{Konn, cluster, layer_text, plant};

const GROUP: &str = "gateway.networking.k8s.io";

fn definition(kind: &str, plural: &str, short: &[&str], version: &str, scope: &str, columns: Value) -> Value {
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": format!("{plural}.{GROUP}")},
        "spec": {"group": GROUP, "scope": scope,
            "names": {"plural": plural, "singular": kind.to_lowercase(), "kind": kind, "shortNames": short, "categories": ["gateway-api"]},
            "versions": [{"name": version, "served": true, "storage": true, "additionalPrinterColumns": columns,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}})
}

fn column(name: &str, path: &str) -> Value {
    json!({"name": name, "type": "string", "jsonPath": path})
}

async fn served() -> konn::mock::Running {
    let running = cluster().await;
    let hosts = json!([column("Hostnames", ".spec.hostnames")]);
    let class = json!([column("Controller", ".spec.controllerName")]);
    let gateway = json!([column("Class", ".spec.gatewayClassName")]);
    for definition in [
        definition("GatewayClass", "gatewayclasses", &["gc"], "v1", "Cluster", class),
        definition("Gateway", "gateways", &["gtw"], "v1", "Namespaced", gateway),
        definition("HTTPRoute", "httproutes", &[], "v1", "Namespaced", hosts.clone()),
        definition("GRPCRoute", "grpcroutes", &[], "v1", "Namespaced", hosts),
        definition(
            "ReferenceGrant",
            "referencegrants",
            &["refgrant"],
            "v1beta1",
            "Namespaced",
            json!([]),
        ),
    ] {
        plant(&running, definition);
    }
    let of = |kind: &str, version: &str, name: &str, spec: Value| {
        let mut object =
            json!({"apiVersion": format!("{GROUP}/{version}"), "kind": kind, "metadata": {"name": name}, "spec": spec});
        if kind != "GatewayClass" {
            object["metadata"]["namespace"] = json!("shop");
        }
        object
    };
    plant(
        &running,
        of(
            "GatewayClass",
            "v1",
            "envoy",
            json!({"controllerName": "example.com/envoy"}),
        ),
    );
    plant(
        &running,
        of(
            "Gateway",
            "v1",
            "edge",
            json!({"gatewayClassName": "envoy", "listeners": [{"name": "http", "port": 80}]}),
        ),
    );
    plant(
        &running,
        of(
            "HTTPRoute",
            "v1",
            "site",
            json!({"hostnames": ["shop.test"], "parentRefs": [{"name": "edge"}], "rules": [{"backendRefs": [{"name": "web", "port": 80}]}]}),
        ),
    );
    plant(
        &running,
        of(
            "GRPCRoute",
            "v1",
            "calls",
            json!({"parentRefs": [{"name": "edge"}], "rules": [{"backendRefs": [{"name": "web", "port": 80}]}]}),
        ),
    );
    plant(
        &running,
        of(
            "ReferenceGrant",
            "v1beta1",
            "open",
            json!({"to": [{"group": "", "kind": "Service", "name": "web"}]}),
        ),
    );
    plant(
        &running,
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"ports": [{"port": 80}]}}),
    );
    running
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_opens_by_its_names_with_the_servers_columns() {
    let running = served().await;
    let mut konn = Konn::open(&running, "mock", "pods shop");
    konn.settled().await;
    konn.until("discovery", |app| !app.is_discovering()).await;
    for (word, name, column) in [
        ("gc", "envoy", "CONTROLLER"),
        ("gatewayclasses", "envoy", "CONTROLLER"),
        ("gtw", "edge", "CLASS"),
        ("gateway", "edge", "CLASS"),
        ("httproutes", "site", "HOSTNAMES"),
        ("grpcroute", "calls", "HOSTNAMES"),
        ("refgrant", "open", "NAME"),
    ] {
        konn.press(":");
        konn.type_text(word);
        konn.press("enter");
        konn.settled().await;
        assert_eq!(konn.names(), [name], "{word}: {}", konn.screen());
        let view = &konn.app().screen().unwrap().sections[0].view;
        let titles: Vec<_> = (0..view.width())
            .filter_map(|at| view.column(at))
            .map(|column| column.title.to_string())
            .collect();
        assert!(titles.iter().any(|title| title == column), "{word}: {titles:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn routes_lead_to_services_and_gateways_and_back() {
    let running = served().await;
    let mut konn = Konn::open(&running, "mock", "httproutes shop");
    konn.settled().await;
    konn.press("t");
    konn.until("the tree", |app| {
        let text = layer_text(app);
        text.contains("→ gateway/edge") && text.contains("─ service/web")
    })
    .await;
    konn.press("esc :");
    konn.type_text("services shop");
    konn.press("enter");
    konn.settled().await;
    konn.press("u");
    konn.until("the routes", |app| {
        let text = layer_text(app);
        text.contains("shop/site") && text.contains("route shop.test") && text.contains("shop/calls")
    })
    .await;
    konn.press("esc :");
    konn.until("discovery", |app| !app.is_discovering()).await;
    konn.type_text("gc");
    konn.press("enter");
    konn.settled().await;
    konn.press("u");
    konn.until("the gateway", |app| layer_text(app).contains("shop/edge"))
        .await;
}
