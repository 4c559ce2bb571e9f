//! Deployments, StatefulSets and DaemonSets.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::lab::{Lab, deployment, name, text};

const WEB: &str = "/apis/apps/v1/namespaces/default/deployments/nginx-deployment";

#[tokio::test]
async fn self_healing() {
    let mut lab = Lab::new().await;
    lab.apply(&deployment("mydeployment", 4, "httpd:2.4")).await;
    lab.pass(5);
    assert_eq!(lab.ready("mydeployment").await, (4, 4));
    let before: BTreeSet<String> = lab.pods().await.iter().map(name).collect();
    let lost = before.first().unwrap();
    lab.delete(&format!("/api/v1/namespaces/default/pods/{lost}")).await;
    lab.pass(6);
    let after: BTreeSet<String> = lab.pods().await.iter().map(name).collect();
    assert_eq!((after.len(), after.contains(lost)), (4, false));
    assert_eq!(after.difference(&before).count(), 1);
}

#[tokio::test]
async fn scaling() {
    let mut lab = Lab::new().await;
    lab.apply(&deployment("mydeployment", 4, "httpd:2.4")).await;
    lab.pass(5);
    let scale = "/apis/apps/v1/namespaces/default/deployments/mydeployment/scale";
    for (size, seconds) in [(6, 5), (3, 10)] {
        lab.patch(scale, json!({"spec": {"replicas": size}})).await;
        lab.pass(seconds);
        assert_eq!(lab.ready("mydeployment").await, (size, size));
        assert_eq!(lab.pods().await.len() as i64, size);
    }
    let said: Vec<String> = lab
        .events("mydeployment")
        .await
        .into_iter()
        .map(|(_, message)| message)
        .collect();
    let set = said[0].split(' ').nth(4).unwrap().to_owned();
    assert_eq!(
        said,
        [
            format!("Scaled up replica set {set} from 0 to 4"),
            format!("Scaled up replica set {set} from 4 to 6"),
            format!("Scaled down replica set {set} from 6 to 3"),
        ]
    );
}

/// The replica sets of the exercise: revision, image and size.
async fn sets(lab: &Lab) -> Vec<(i64, String, i64)> {
    let sets = lab.list("/apis/apps/v1/namespaces/default/replicasets").await;
    let of = |set: &Value| {
        let revision = text(&set["metadata"]["annotations"]["deployment.kubernetes.io/revision"])
            .parse()
            .unwrap();
        let image = text(&set["spec"]["template"]["spec"]["containers"][0]["image"]);
        (
            revision,
            image,
            set["status"]["readyReplicas"].as_i64().unwrap_or_default(),
        )
    };
    let mut sets: Vec<_> = sets.iter().map(of).collect();
    sets.sort();
    sets
}

async fn set_image(lab: &mut Lab, image: &str) {
    let containers = json!([{"name": "c", "image": image}]);
    lab.patch(WEB, json!({"spec": {"template": {"spec": {"containers": containers}}}}))
        .await;
    let mut most = 0;
    for _ in 0..40 {
        lab.pass(0);
        most = most.max(
            lab.pods()
                .await
                .iter()
                .filter(|pod| pod["metadata"]["deletionTimestamp"].is_null())
                .count(),
        );
    }
    assert_eq!(most, 4, "one pod more than wanted during a rolling update");
}

/// What `kubectl rollout undo` does: the template of a revision becomes the deployment's.
async fn undo(lab: &mut Lab, revision: Option<i64>) {
    let known = sets(lab).await;
    let wanted = revision.unwrap_or_else(|| known[known.len() - 2].0);
    let image = known
        .iter()
        .find(|(revision, ..)| *revision == wanted)
        .unwrap()
        .1
        .clone();
    set_image(lab, &image).await;
}

#[tokio::test]
async fn rolling_update_and_roll_back() {
    let mut lab = Lab::new().await;
    lab.apply(&deployment("nginx-deployment", 3, "nginx:1.19")).await;
    lab.pass(5);
    for image in ["nginx:1.21", "nginx:1.22"] {
        set_image(&mut lab, image).await;
    }
    let set = |revision: i64, tag: &str, ready: i64| (revision, format!("nginx:{tag}"), ready);
    assert_eq!(
        sets(&lab).await,
        [set(1, "1.19", 0), set(2, "1.21", 0), set(3, "1.22", 3)]
    );
    undo(&mut lab, None).await;
    assert_eq!(
        sets(&lab).await,
        [set(1, "1.19", 0), set(3, "1.22", 0), set(4, "1.21", 3)]
    );
    undo(&mut lab, None).await;
    assert_eq!(
        sets(&lab).await,
        [set(1, "1.19", 0), set(4, "1.21", 0), set(5, "1.22", 3)]
    );
    undo(&mut lab, Some(1)).await;
    assert_eq!(
        sets(&lab).await,
        [set(4, "1.21", 0), set(5, "1.22", 0), set(6, "1.19", 3)]
    );
    assert_eq!(lab.get(WEB).await["spec"]["revisionHistoryLimit"], 10);
}

#[tokio::test]
async fn a_rollout_that_cannot_go_on_fails_after_its_deadline() {
    let mut lab = Lab::new().await;
    lab.apply(&deployment("nginx-deployment", 3, "nginx:1.21")).await;
    lab.pass(5);
    let change = json!({"spec": {"progressDeadlineSeconds": 60, "template": {"spec": {"containers": [{"name": "c", "image": "nginx:9.99"}]}}}});
    lab.patch(WEB, change).await;
    lab.pass(90);
    let status = lab.get(WEB).await["status"].clone();
    let progressing = status["conditions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|known| known["type"] == "Progressing")
        .unwrap()
        .clone();
    assert_eq!(
        (text(&progressing["reason"]).as_str(), status["readyReplicas"].as_i64()),
        ("ProgressDeadlineExceeded", Some(3))
    );
}

const STATEFUL: &str = "apiVersion: v1
kind: Service
metadata: {name: svc-web}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: svc-web
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: nginx, image: \"nginx:1.19\", volumeMounts: [{name: userdata, mountPath: /data}]}]}
  volumeClaimTemplates:
  - metadata: {name: userdata}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";

#[tokio::test]
async fn stateful_set_in_order_and_back() {
    let mut lab = Lab::new().await;
    lab.apply(STATEFUL).await;
    lab.pass(15);
    let said: Vec<String> = lab
        .events("web")
        .await
        .into_iter()
        .map(|(_, message)| message)
        .collect();
    let made = (0..4).map(|number| format!("Create Pod web-{number} in StatefulSet web successful"));
    assert_eq!(
        said.iter()
            .filter(|message| message.starts_with("Create Pod"))
            .cloned()
            .collect::<Vec<_>>(),
        made.collect::<Vec<_>>()
    );
    let set = "/apis/apps/v1/namespaces/default/statefulsets/web";
    let containers =
        json!([{"name": "nginx", "image": "nginx:1.21", "volumeMounts": [{"name": "userdata", "mountPath": "/data"}]}]);
    lab.patch(set, json!({"spec": {"template": {"spec": {"containers": containers}}}}))
        .await;
    lab.pass(60);
    let said: Vec<String> = lab
        .events("web")
        .await
        .into_iter()
        .map(|(_, message)| message)
        .collect();
    let gone = (0..4)
        .rev()
        .map(|number| format!("Delete Pod web-{number} in StatefulSet web successful"));
    assert_eq!(
        said.iter()
            .filter(|message| message.starts_with("Delete Pod"))
            .cloned()
            .collect::<Vec<_>>(),
        gone.collect::<Vec<_>>()
    );
    lab.delete(set).await;
    lab.pass(60);
    assert!(lab.pods().await.is_empty());
    let claims = lab.list("/api/v1/namespaces/default/persistentvolumeclaims").await;
    assert_eq!(
        claims.iter().map(name).collect::<Vec<_>>(),
        ["userdata-web-0", "userdata-web-1", "userdata-web-2", "userdata-web-3"]
    );
}

#[tokio::test]
async fn daemon_set_on_a_new_node() {
    let mut lab = Lab::new().await;
    lab.apply(
        "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: daemon}
spec:
  selector: {matchLabels: {app: daemon}}
  template: {metadata: {labels: {app: daemon}}, spec: {containers: [{name: c, image: \"nginx:1.21\"}]}}",
    )
    .await;
    lab.pass(5);
    assert_eq!(lab.pods().await.len(), 3);
    lab.node(4, &json!({}));
    lab.pass(5);
    let nodes: BTreeSet<String> = lab
        .pods()
        .await
        .iter()
        .map(|pod| text(&pod["spec"]["nodeName"]))
        .collect();
    assert_eq!(
        nodes.into_iter().collect::<Vec<_>>(),
        ["minikube", "minikube-m02", "minikube-m03", "minikube-m04"]
    );
}
