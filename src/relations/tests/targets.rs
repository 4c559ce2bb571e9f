//! What is scaled, what runs where, and what events are about.

use super::*;

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
