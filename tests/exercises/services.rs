//! Services of every type.

use super::lab::{Lab, deployment, text};

const SERVICES: &str = "apiVersion: v1
kind: Service
metadata: {name: nodeport-web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}
---
apiVersion: v1
kind: Service
metadata: {name: dummy-loadbalancer}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {type: ExternalName, externalName: db1.example.com}
---
apiVersion: v1
kind: Service
metadata: {name: headless}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}";

#[tokio::test]
async fn node_port_load_balancer_external_name_and_headless() {
    let mut lab = Lab::new().await;
    lab.apply(&deployment("web", 3, "kicbase/echo-server:1.0")).await;
    lab.apply(SERVICES).await;
    lab.pass(5);
    let root = "/api/v1/namespaces/default/services";
    let service = lab.get(&format!("{root}/nodeport-web")).await;
    assert_eq!(service["spec"]["ports"][0]["nodePort"], 30080);
    let balancer = lab.get(&format!("{root}/dummy-loadbalancer")).await;
    assert_eq!(balancer["status"]["loadBalancer"]["ingress"][0]["ip"], "192.168.49.240");
    assert_eq!(lab.reasons("dummy-loadbalancer").await, ["IPAllocated"]);
    assert!(lab.get(&format!("{root}/db")).await["spec"]["clusterIP"].is_null());
    assert_eq!(lab.get(&format!("{root}/headless")).await["spec"]["clusterIP"], "None");
    let slices = lab
        .list("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices")
        .await;
    let mut of: Vec<_> = slices
        .iter()
        .map(|slice| {
            let ready = slice["endpoints"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|one| one["conditions"]["ready"] == true);
            (
                text(&slice["metadata"]["labels"]["kubernetes.io/service-name"]),
                ready.count(),
            )
        })
        .collect();
    of.sort();
    let expected = ["dummy-loadbalancer", "headless", "nodeport-web"].map(|name| (name.to_owned(), 3));
    assert_eq!(of, expected);
}
