//! Every relation on small objects, through a server that is a list of objects.

use serde_json::{Value, json};

use super::read::name;
use super::*;
use server::{Server, merge, object, related};

mod server;

fn owned_by(what: &str) -> Value {
    let owner = object(what, json!({}));
    json!({"metadata": {"ownerReferences": [{"apiVersion": owner["apiVersion"], "kind": owner["kind"],
        "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"], "controller": true}]}})
}

fn both(mut one: Value, other: Value) -> Value {
    merge(&mut one, &other);
    one
}

fn labelled(app: &str) -> Value {
    json!({"metadata": {"labels": {"app": app}}})
}

fn selecting(app: &str) -> Value {
    json!({"spec": {"selector": {"matchLabels": {"app": app}}}})
}

/// A pod's spec that uses one of everything.
fn using_all() -> Value {
    json!({
        "serviceAccountName": "robot", "priorityClassName": "high", "runtimeClassName": "gvisor", "nodeName": "n1",
        "imagePullSecrets": [{"name": "pull"}],
        "volumes": [
            {"name": "config", "configMap": {"name": "app"}},
            {"name": "keys", "secret": {"secretName": "keys"}},
            {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
            {"name": "mix", "projected": {"sources": [{"configMap": {"name": "app"}}, {"secret": {"name": "keys"}}]}},
            {"name": "scratch", "ephemeral": {"volumeClaimTemplate": {}}},
            {"name": "kube-api-access-x", "projected": {"sources": [{"configMap": {"name": "kube-root-ca.crt"}}]}},
        ],
        "initContainers": [{"name": "init", "envFrom": [{"configMapRef": {"name": "app"}}]}],
        "containers": [{"name": "web",
            "env": [{"name": "APP_MSG", "valueFrom": {"configMapKeyRef": {"name": "app", "key": "msg"}}},
                    {"name": "PASS", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "pass"}}}],
            "envFrom": [{"secretRef": {"name": "keys"}}]}],
    })
}

fn check(server: &Server, cases: &[(Value, Direction, &[&str])]) {
    for (from, direction, wanted) in cases {
        let found = related(from, *direction, server);
        assert_eq!(found, *wanted, "{direction:?} from {} {}", from["kind"], name(from));
    }
}

use Direction::{Down, In, Out, Up};

#[test]
fn owners_and_owned() {
    let both_labels = |what: &str| both(labelled("web"), owned_by(what));
    let server = Server(vec![
        object("Deployment web", json!({})),
        object("ReplicaSet web-1", both_labels("Deployment web")),
        object("ReplicaSet stray", labelled("web")),
        object("Pod web-1-a", both_labels("ReplicaSet web-1")),
        object("Pod stray", labelled("web")),
        object("Job j-1", owned_by("CronJob j")),
        object("Pod j-1-a", both_labels("Job j-1")),
        object("ConfigMap generated", owned_by("Backup b")),
    ]);
    check(
        &server,
        &[
            (
                object("Deployment web", selecting("web")),
                Down,
                &["replicasets: replicaset/web-1"],
            ),
            (
                object("ReplicaSet web-1", selecting("web")),
                Down,
                &["pods: pod/web-1-a"],
            ),
            (
                object(
                    "ReplicaSet web-1",
                    both(selecting("web"), json!({"spec": {"replicas": 0}})),
                ),
                Down,
                &[],
            ),
            (object("CronJob j", json!({})), Down, &["jobs: job/j-1"]),
            (object("Job j-1", selecting("web")), Down, &["pods: pod/j-1-a"]),
            (
                object("Backup b", json!({})),
                Down,
                &["configmaps: configmap/generated"],
            ),
            (server.0[3].clone(), Up, &["owner: replicaset/web-1"]),
            (object("Pod x", owned_by("Backup gone")), Up, &["owner: backup/gone?"]),
            (
                object("Pod x", json!({"metadata": {"ownerReferences": "none"}})),
                Up,
                &[],
            ),
        ],
    );
}

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
fn what_pods_and_workloads_use() {
    let template = json!({"spec": {"template": {"spec": using_all()}}});
    let jobs = json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": using_all()}}}}});
    let server = Server(vec![
        object("Pod web-0", json!({"spec": using_all()})),
        object("Pod other/web-0", json!({"spec": using_all()})),
        object("Deployment web", template),
        object("CronJob nightly", jobs),
        object("ServiceAccount robot", json!({"imagePullSecrets": [{"name": "pull"}]})),
        object("ConfigMap app", json!({})),
    ]);
    let everywhere = |way: &str| -> Vec<String> {
        [
            "pods: pod/web-0",
            "deployments: deployment/web",
            "cronjobs: cronjob/nightly",
        ]
        .map(|one| format!("{one} ({way})"))
        .to_vec()
    };
    let config = "volume config, volume mix, envFrom of container init, env APP_MSG of container web";
    let keys = "volume keys, volume mix, env PASS of container web, envFrom of container web";
    let mut pull = everywhere("imagePullSecrets");
    pull.push("serviceaccounts: serviceaccount/robot (imagePullSecrets)".to_string());
    let mut priority = everywhere("priorityClassName");
    // What lives in no namespace is used in all of them.
    priority.insert(1, priority[0].clone());
    for (from, wanted) in [
        ("ConfigMap app", everywhere(config)),
        ("Secret keys", everywhere(keys)),
        ("Secret pull", pull),
        ("ServiceAccount robot", everywhere("serviceAccountName")),
        ("PriorityClass high", priority),
        ("ConfigMap unused", Vec::new()),
        (
            "PersistentVolumeClaim web-0-scratch",
            vec!["pods: pod/web-0 (volume scratch)".to_string()],
        ),
    ] {
        assert_eq!(related(&object(from, json!({})), In, &server), wanted, "{from}");
    }
    check(
        &server,
        &[(
            server.0[0].clone(),
            Out,
            &[
                "claims: persistentvolumeclaim/data?",
                "claims: persistentvolumeclaim/web-0-scratch?",
                "configmaps: configmap/app",
                "secrets: secret/keys?",
                "secrets: secret/pull?",
                "serviceaccount: serviceaccount/robot",
                "priorityclass: priorityclass/high?",
                "runtimeclass: runtimeclass/gvisor?",
                "node: node/n1?",
            ],
        )],
    );
    let plain = object("Pod plain", json!({"spec": {"containers": [{"name": "c"}]}}));
    assert_eq!(
        related(&plain, Out, &server),
        ["serviceaccount: serviceaccount/default?"]
    );
}

#[test]
fn claims_volumes_and_classes() {
    let server = Server(vec![
        object(
            "PersistentVolumeClaim data-db-0",
            json!({"spec": {"volumeName": "pv1", "storageClassName": "fast"}}),
        ),
        object(
            "PersistentVolume pv1",
            json!({"spec": {"storageClassName": "fast",
            "claimRef": {"namespace": "shop", "name": "data-db-0"}}}),
        ),
        object("StorageClass fast", json!({"provisioner": "csi.example.com"})),
        object(
            "Pod db-0",
            json!({"spec": {"volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data-db-0"}}]}}),
        ),
        object(
            "StatefulSet db",
            json!({"spec": {"volumeClaimTemplates": [{"metadata": {"name": "data"}}]}}),
        ),
        object("CSIDriver csi.example.com", json!({})),
    ]);
    check(
        &server,
        &[
            (
                server.0[0].clone(),
                Out,
                &["volume: persistentvolume/pv1", "storageclass: storageclass/fast"],
            ),
            (
                server.0[0].clone(),
                In,
                &[
                    "pods: pod/db-0 (volume d)",
                    "statefulsets: statefulset/db (volumeClaimTemplate data)",
                ],
            ),
            (
                server.0[1].clone(),
                Out,
                &[
                    "storageclass: storageclass/fast",
                    "claim: persistentvolumeclaim/data-db-0",
                ],
            ),
            (
                server.0[1].clone(),
                In,
                &[
                    "claim: persistentvolumeclaim/data-db-0",
                    "pods: pod/db-0 (through persistentvolumeclaim/data-db-0)",
                ],
            ),
            (
                server.0[2].clone(),
                In,
                &[
                    "claims: persistentvolumeclaim/data-db-0",
                    "volumes: persistentvolume/pv1",
                ],
            ),
            (server.0[2].clone(), Out, &["csidriver: csidriver/csi.example.com"]),
            (object("PersistentVolumeClaim data-db-x", json!({})), In, &[]),
            (object("PersistentVolumeClaim pending", json!({"spec": {}})), Out, &[]),
        ],
    );
}

#[test]
fn roles_bindings_and_accounts() {
    let bound = |kind: &str, role: &str, subject: Value| json!({"roleRef": {"kind": kind, "name": role}, "subjects": [subject]});
    let robot = json!({"kind": "ServiceAccount", "name": "robot", "namespace": "shop"});
    let server = Server(vec![
        object("Role reader", json!({})),
        object("ClusterRole admin", json!({})),
        object("ServiceAccount robot", json!({})),
        object(
            "RoleBinding shop",
            bound("Role", "reader", json!({"kind": "ServiceAccount", "name": "robot"})),
        ),
        object("RoleBinding other/far", bound("ClusterRole", "admin", robot.clone())),
        object(
            "RoleBinding other/reader",
            bound("Role", "reader", json!({"kind": "User", "name": "robot"})),
        ),
        object(
            "ClusterRoleBinding all",
            bound(
                "ClusterRole",
                "admin",
                json!({"kind": "Group", "name": "system:serviceaccounts:shop"}),
            ),
        ),
    ]);
    check(
        &server,
        &[
            (
                server.0[2].clone(),
                In,
                &[
                    "rolebindings: rolebinding/shop (Role/reader)",
                    "rolebindings: rolebinding/far (ClusterRole/admin)",
                    "clusterrolebindings: clusterrolebinding/all (ClusterRole/admin, by group system:serviceaccounts:shop)",
                ],
            ),
            (server.0[0].clone(), In, &["rolebindings: rolebinding/shop"]),
            (
                server.0[1].clone(),
                In,
                &[
                    "rolebindings: rolebinding/far",
                    "clusterrolebindings: clusterrolebinding/all",
                ],
            ),
            (
                server.0[3].clone(),
                Out,
                &["role: role/reader", "subjects: serviceaccount/robot"],
            ),
            (
                server.0[4].clone(),
                Out,
                &["role: clusterrole/admin", "subjects: serviceaccount/robot"],
            ),
        ],
    );
}

#[test]
fn targets_nodes_events_and_definitions() {
    let target = json!({"spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}});
    let server = Server(vec![
        object("Deployment web", json!({})),
        object("HorizontalPodAutoscaler web", target),
        object("Node n1", json!({})),
        object("Lease kube-node-lease/n1", json!({})),
        object("Pod web-0", json!({"spec": {"nodeName": "n1"}})),
        object("Pod web-1", json!({"spec": {"nodeName": "n2"}})),
        object(
            "Event e",
            json!({"involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "web-0"}}),
        ),
        object(
            "Event default/n",
            json!({"involvedObject": {"kind": "Node", "name": "n1"}}),
        ),
        object("ResourceQuota q", json!({})),
        object("LimitRange l", json!({})),
        object("Backup b", json!({})),
    ]);
    let definition = json!({"spec": {"group": "example.com", "scope": "Namespaced",
        "names": {"kind": "Backup", "plural": "backups"}, "versions": [{"name": "v1", "served": true, "storage": true}]}});
    check(
        &server,
        &[
            (server.0[0].clone(), In, &["autoscalers: horizontalpodautoscaler/web"]),
            (server.0[1].clone(), Down, &["target: deployment/web"]),
            (server.0[2].clone(), Down, &["pods: pod/web-0"]),
            (server.0[2].clone(), Out, &["lease: lease/n1"]),
            (server.0[3].clone(), Out, &["node: node/n1"]),
            (server.0[6].clone(), Out, &["object: pod/web-0"]),
            (server.0[7].clone(), Out, &["object: node/n1"]),
            (
                object("Namespace shop", json!({})),
                Down,
                &[
                    "quotas: resourcequota/q",
                    "limits: limitrange/l",
                    "pods: pod/web-0",
                    "pods: pod/web-1",
                ],
            ),
            (
                object("CustomResourceDefinition backups", definition),
                Down,
                &["resources: backup/b"],
            ),
            (object("CustomResourceDefinition broken", json!({"spec": 7})), Down, &[]),
        ],
    );
}

#[test]
fn nonsense_is_related_to_nothing_and_breaks_nothing() {
    let kinds: Vec<&Resource> = kinds::KINDS.to_vec();
    let nonsense = [
        json!(null),
        json!(7),
        json!([]),
        json!({"spec": [], "metadata": "x"}),
        json!({"metadata": {"name": 7}}),
    ];
    for relation in all() {
        for object in &nonsense {
            let server = Server(
                kinds
                    .iter()
                    .map(|kind| json!({"apiVersion": kind.api_version(), "kind": kind.kind, "spec": {"selector": 7, "rules": {}}}))
                    .collect(),
            );
            let _ = find(relation, object, &server);
        }
    }
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
