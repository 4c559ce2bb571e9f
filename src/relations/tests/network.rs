//! What leads to pods over the network.

use super::*;

#[test]
fn services_ingresses_and_policies() {
    let rules = json!({"spec": {"ingressClassName": "nginx", "tls": [{"secretName": "cert"}],
        "rules": [{"host": "a.b", "http": {"paths": [{"path": "/x", "backend": {"service": {"name": "web"}}}]}}]}});
    let server = Server(vec![
        object("Pod web-0", labelled("web")),
        object("Pod other/web-0", labelled("web")),
        object("Service web", json!({"spec": {"selector": {"app": "web"}}})),
        object("Service headless", json!({"spec": {}})),
        object(
            "EndpointSlice web-x",
            json!({"metadata": {"labels": {"kubernetes.io/service-name": "web"}},
            "endpoints": [{"targetRef": {"kind": "Pod", "name": "web-0", "namespace": "shop"}}, {"addresses": ["10.0.0.1"]}]}),
        ),
        object("Ingress site", rules.clone()),
        object("IngressClass nginx", json!({})),
        object("NetworkPolicy deny", json!({"spec": {"podSelector": {}}})),
        object(
            "NetworkPolicy db",
            json!({"spec": {"podSelector": {"matchLabels": {"app": "db"}}}}),
        ),
        object("PodDisruptionBudget web", selecting("web")),
    ]);
    check(
        &server,
        &[
            (
                server.0[0].clone(),
                In,
                &[
                    "services: service/web (selector app=web)",
                    "ingresses: ingress/site (through service/web)",
                    "networkpolicies: networkpolicy/deny (all pods of the namespace)",
                    "budgets: poddisruptionbudget/web (selector app=web)",
                ],
            ),
            (
                server.0[2].clone(),
                Down,
                &["pods: pod/web-0", "endpointslices: endpointslice/web-x"],
            ),
            (server.0[2].clone(), In, &["ingresses: ingress/site (route a.b/x)"]),
            (server.0[3].clone(), Down, &[]),
            (server.0[4].clone(), Out, &["pods: pod/web-0"]),
            (server.0[4].clone(), In, &["services: service/web"]),
            (server.0[5].clone(), Down, &["services: service/web"]),
            (
                server.0[5].clone(),
                Out,
                &["ingressclass: ingressclass/nginx", "secrets: secret/cert?"],
            ),
            (server.0[6].clone(), In, &["ingresses: ingress/site"]),
            (object("Secret cert", json!({})), In, &["ingresses: ingress/site (tls)"]),
            (server.0[7].clone(), Down, &["pods: pod/web-0"]),
            (server.0[8].clone(), Down, &[]),
            (server.0[9].clone(), Down, &["pods: pod/web-0"]),
        ],
    );
}

#[test]
fn gateways_lead_to_services_over_routes() {
    let of = |kind: &str, place: &str, spec: Value| {
        let (namespace, name) = place.split_once('/').unwrap();
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec})
    };
    let class =
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass", "metadata": {"name": "envoy"}});
    let gateway = of(
        "Gateway",
        "infra/edge",
        json!({"gatewayClassName": "envoy",
        "listeners": [{"name": "https", "tls": {"certificateRefs": [{"name": "cert"}, {"kind": "Odd", "name": "x"}]}}]}),
    );
    let route = of(
        "HTTPRoute",
        "shop/site",
        json!({"hostnames": ["shop.test"],
        "parentRefs": [{"name": "edge", "namespace": "infra", "sectionName": "https"}, {"kind": "Service", "group": "", "name": "mesh"}],
        "rules": [{"matches": [{"path": {"value": "/a"}}], "backendRefs": [{"name": "web"}, {"group": "x.io", "kind": "Bucket", "name": "b"}],
            "filters": [{"requestMirror": {"backendRef": {"name": "copy", "namespace": "lab"}}}]}, null]}),
    );
    let calls = of(
        "GRPCRoute",
        "infra/calls",
        json!({"parentRefs": [{"name": "edge"}], "rules": [{"backendRefs": [{"name": "web", "namespace": "shop"}]}]}),
    );
    let grant = of(
        "ReferenceGrant",
        "shop/open",
        json!({"to": [{"group": "", "kind": "Service", "name": "web"}, {"group": "", "kind": "Secret"}]}),
    );
    let service = object("Service web", json!({}));
    let secret = object("Secret infra/cert", json!({}));
    let server = Server(vec![
        class.clone(),
        gateway.clone(),
        route.clone(),
        calls.clone(),
        service.clone(),
        secret.clone(),
    ]);
    check(
        &server,
        &[
            (
                gateway.clone(),
                Out,
                &["gatewayclass: gatewayclass/envoy", "secrets: secret/cert"],
            ),
            (
                gateway,
                Down,
                &[
                    "httproutes: httproute/site (listener https)",
                    "grpcroutes: grpcroute/calls",
                ],
            ),
            (class, In, &["gateways: gateway/edge"]),
            (route.clone(), Out, &["gateways: gateway/edge"]),
            (route, Down, &["services: service/web", "services: service/copy?"]),
            (
                service,
                In,
                &[
                    "httproutes: httproute/site (route shop.test/a)",
                    "grpcroutes: grpcroute/calls (route *)",
                ],
            ),
            (secret, In, &["gateways: gateway/edge (tls)"]),
            (grant, Out, &["granted: service/web"]),
        ],
    );
}
