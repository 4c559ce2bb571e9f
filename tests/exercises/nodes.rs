//! Nodes that fall silent and come back.

use serde_json::{Value, json};

use super::lab::{Lab, deployment, name, pod, text};

const KUBELET: &str = "konn.dev/kubelet";

async fn kubelet(lab: &Lab, node: &str, state: Value) {
    let change = json!({"metadata": {"annotations": {KUBELET: state}}});
    lab.patch(&format!("/api/v1/nodes/{node}"), change).await;
}

async fn node(lab: &Lab, node: &str) -> Value {
    lab.get(&format!("/api/v1/nodes/{node}")).await
}

fn condition(object: &Value, kind: &str) -> (String, String, String) {
    let conditions = object["status"]["conditions"].as_array().unwrap();
    let one = conditions.iter().find(|condition| condition["type"] == kind).unwrap();
    (text(&one["status"]), text(&one["reason"]), text(&one["message"]))
}

fn taints(node: &Value) -> Vec<String> {
    let taints = node["spec"]["taints"].as_array().into_iter().flatten();
    let mut taints: Vec<_> = taints
        .map(|taint| format!("{}:{}", text(&taint["key"]), text(&taint["effect"])))
        .collect();
    taints.sort();
    taints
}

#[tokio::test]
async fn a_node_that_falls_silent_loses_its_pods() {
    let mut lab = Lab::new().await;
    lab.apply(&deployment("web", 3, "nginx:1.21")).await;
    lab.apply(&pod("bound", "nodeName: minikube-m02")).await;
    lab.pass(5);
    kubelet(&lab, "minikube-m02", "stopped".into()).await;
    lab.pass(45);
    // For a while nobody knows.
    assert_eq!(condition(&node(&lab, "minikube-m02").await, "Ready").0, "True");
    lab.pass(10);
    let lost = node(&lab, "minikube-m02").await;
    let unknown = (
        "Unknown".to_owned(),
        "NodeStatusUnknown".to_owned(),
        "Kubelet stopped posting node status.".to_owned(),
    );
    assert_eq!(condition(&lost, "Ready"), unknown);
    let unreachable = [
        "node.kubernetes.io/unreachable:NoExecute",
        "node.kubernetes.io/unreachable:NoSchedule",
    ];
    assert_eq!(taints(&lost), unreachable);
    let told = lab.events("minikube-m02").await;
    let wanted = (
        "NodeNotReady".to_owned(),
        "Node minikube-m02 status is now: NodeNotReady".to_owned(),
    );
    assert!(told.contains(&wanted), "{told:?}");
    let bound = lab.pod("bound").await;
    assert_eq!(
        (
            text(&bound["status"]["phase"]).as_str(),
            condition(&bound, "Ready").0.as_str()
        ),
        ("Running", "False")
    );
    let told = lab.events("bound").await;
    assert!(
        told.contains(&("NodeNotReady".to_owned(), "Node is not ready".to_owned())),
        "{told:?}"
    );
    // Pods bear the taint for five minutes; then others take their place, and they themselves wait for their kubelet.
    lab.pass(280);
    assert_eq!(lab.pods().await.len(), 4);
    lab.pass(30);
    let pods = lab.pods().await;
    let there: Vec<&Value> = pods
        .iter()
        .filter(|pod| pod["spec"]["nodeName"] == "minikube-m02")
        .collect();
    assert!(
        !there.is_empty() && there.iter().all(|pod| pod["metadata"]["deletionTimestamp"].is_string()),
        "{there:?}"
    );
    assert_eq!(condition(there[0], "DisruptionTarget").1, "DeletionByTaintManager");
    assert_eq!(lab.ready("web").await, (3, 3));
    let told = lab.events("bound").await;
    let marked = (
        "TaintManagerEviction".to_owned(),
        "Marking for deletion Pod default/bound".to_owned(),
    );
    assert!(told.contains(&marked), "{told:?}");
    // Back again, it lets them go.
    kubelet(&lab, "minikube-m02", Value::Null).await;
    lab.pass(40);
    let back = node(&lab, "minikube-m02").await;
    assert_eq!(
        (condition(&back, "Ready").1.as_str(), taints(&back).len()),
        ("KubeletReady", 0)
    );
    assert!(lab.reasons("minikube-m02").await.contains(&"NodeReady".to_owned()));
    let left: Vec<String> = lab.pods().await.iter().map(name).collect();
    assert!(left.len() == 3 && !left.contains(&"bound".to_owned()), "{left:?}");
}

#[tokio::test]
async fn a_node_that_comes_back_in_time_keeps_its_pods() {
    let mut lab = Lab::new().await;
    lab.apply(&pod("bound", "nodeName: minikube-m02")).await;
    lab.pass(5);
    kubelet(&lab, "minikube-m02", "stopped".into()).await;
    lab.pass(120);
    assert_eq!(condition(&lab.pod("bound").await, "Ready").0, "False");
    kubelet(&lab, "minikube-m02", Value::Null).await;
    lab.pass(400);
    let bound = lab.pod("bound").await;
    assert_eq!(condition(&bound, "Ready").0, "True");
    assert!(bound["metadata"]["deletionTimestamp"].is_null());
    assert_eq!(bound["status"]["containerStatuses"][0]["restartCount"], 0);
}

#[tokio::test]
async fn where_all_nodes_are_lost_nobody_is_evicted() {
    let mut lab = Lab::new().await;
    lab.apply(&pod("bound", "nodeName: minikube-m02")).await;
    lab.pass(5);
    for node in ["minikube", "minikube-m02", "minikube-m03"] {
        kubelet(&lab, node, "stopped".into()).await;
    }
    lab.pass(500);
    assert_eq!(
        taints(&node(&lab, "minikube-m02").await),
        ["node.kubernetes.io/unreachable:NoSchedule"]
    );
    assert!(lab.pod("bound").await["metadata"]["deletionTimestamp"].is_null());
}
