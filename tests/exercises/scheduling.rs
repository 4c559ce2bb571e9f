//! Where pods go: labels, affinities, taints, spreads.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::lab::{Lab, deployment, pod, text};

async fn label(lab: &Lab, node: &str, labels: Value) {
    lab.patch(
        &format!("/api/v1/nodes/{node}"),
        json!({"metadata": {"labels": labels}}),
    )
    .await;
}

const HOPELESS: &str =
    "no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";

#[tokio::test]
async fn labels_and_node_selector() {
    let mut lab = Lab::new().await;
    label(&lab, "minikube-m02", json!({"vendor": "dell"})).await;
    lab.apply(&pod("pod1", "nodeSelector: {vendor: dell}")).await;
    lab.apply(&pod("pod2", "nodeSelector: {vendor: fujitsu}")).await;
    lab.pass(3);
    assert_eq!(lab.node_of("pod1").await, "minikube-m02");
    assert_eq!(lab.pod("pod2").await["status"]["phase"], "Pending");
    let expected = format!("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. {HOPELESS}");
    assert_eq!(lab.events("pod2").await, [("FailedScheduling".to_owned(), expected)]);
    label(&lab, "minikube-m03", json!({"vendor": "fujitsu"})).await;
    lab.pass(3);
    assert_eq!(lab.pod("pod2").await["status"]["phase"], "Running");
}

#[tokio::test]
async fn node_affinity() {
    let mut lab = Lab::new().await;
    label(
        &lab,
        "minikube-m02",
        json!({"vendor": "dell", "cpu": "amd", "memory": "4000", "disktype": "ssd", "region": "tokyo"}),
    )
    .await;
    label(
        &lab,
        "minikube-m03",
        json!({"vendor": "hp", "memory": "1000", "disktype": "ssd"}),
    )
    .await;
    let required = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
        {matchExpressions: [{key: vendor, operator: In, values: [dell]}, {key: cpu, operator: Exists}, {key: memory, operator: Gt, values: ['2000']}]},
        {matchExpressions: [{key: method, operator: In, values: [diy]}]}]}}}";
    lab.apply(&pod("strict", &required.replace('\n', ""))).await;
    lab.apply(&pod("nowhere", "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: memory, operator: Gt, values: ['9000']}]}]}}}")).await;
    lab.pass(3);
    assert_eq!(
        (
            lab.node_of("strict").await.as_str(),
            lab.node_of("nowhere").await.as_str()
        ),
        ("minikube-m02", "")
    );
    let prefers = "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 80, preference: {matchExpressions: [{key: disktype, operator: In, values: [ssd]}]}}, {weight: 50, preference: {matchExpressions: [{key: region, operator: In, values: [tokyo]}]}}]}}, containers";
    lab.apply(&deployment("ten", 10, "nginx:1.21").replace("containers", prefers))
        .await;
    lab.pass(5);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for pod in lab
        .pods()
        .await
        .iter()
        .filter(|pod| pod["metadata"]["labels"]["app"] == "ten")
    {
        *counts.entry(text(&pod["spec"]["nodeName"])).or_default() += 1;
    }
    let of = |node: &str| counts.get(node).copied().unwrap_or_default();
    assert!(
        of("minikube-m02") > of("minikube"),
        "more pods where the weights add up: {counts:?}"
    );
    assert_eq!(counts.values().sum::<usize>(), 10);
}

#[tokio::test]
async fn pod_affinity_and_anti_affinity() {
    let mut lab = Lab::new().await;
    for (node, color) in [("minikube", "red"), ("minikube-m02", "blue"), ("minikube-m03", "blue")] {
        label(&lab, node, json!({"color": color})).await;
    }
    lab.apply(&pod("backend", "nodeSelector: {kubernetes.io/hostname: minikube-m02}"))
        .await;
    lab.pass(2);
    let near = "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {app: backend}}, topologyKey: kubernetes.io/hostname}]}}";
    lab.apply(&pod("frontend", near)).await;
    lab.pass(2);
    let away = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {matchLabels: {app: frontend}}, topologyKey: color}]}}";
    lab.apply(&pod("rival", away)).await;
    lab.pass(2);
    assert_eq!(
        (
            lab.node_of("frontend").await.as_str(),
            lab.node_of("rival").await.as_str()
        ),
        ("minikube-m02", "minikube")
    );
}

#[tokio::test]
async fn taint_and_toleration() {
    let mut lab = Lab::new().await;
    let pinned = "nodeSelector: {kubernetes.io/hostname: minikube-m03}";
    lab.apply(&deployment("myapp", 3, "nginx:1.21")).await;
    lab.apply(&pod(
        "bears",
        &format!("{pinned}, tolerations: [{{key: env, operator: Equal, value: prod, effect: NoExecute}}]"),
    ))
    .await;
    lab.apply(&pod(
        "bears-a-while",
        &format!("{pinned}, tolerations: [{{key: env, operator: Exists, effect: NoExecute, tolerationSeconds: 20}}]"),
    ))
    .await;
    lab.pass(5);
    let taint = |taints: Value| json!({"spec": {"taints": taints}});
    lab.patch(
        "/api/v1/nodes/minikube-m03",
        taint(json!([{"key": "env", "value": "prod", "effect": "NoExecute"}])),
    )
    .await;
    lab.pass(10);
    let pods = lab.pods().await;
    let app: Vec<_> = pods
        .iter()
        .filter(|pod| pod["metadata"]["labels"]["app"] == "myapp")
        .collect();
    assert!(app.len() == 3 && app.iter().all(|pod| pod["spec"]["nodeName"] != "minikube-m03"));
    assert!(pods.iter().any(|pod| pod["metadata"]["name"] == "bears-a-while"));
    lab.pass(30);
    let left = lab.pods().await;
    assert!(!left.iter().any(|pod| pod["metadata"]["name"] == "bears-a-while"));
    assert_eq!(lab.pod("bears").await["status"]["phase"], "Running");
    assert!(
        lab.reasons("bears-a-while")
            .await
            .contains(&"TaintManagerEviction".to_owned())
    );
    lab.apply(&pod("late", pinned)).await;
    lab.pass(2);
    let expected = format!(
        "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector. {HOPELESS}"
    );
    assert_eq!(lab.events("late").await, [("FailedScheduling".to_owned(), expected)]);
    lab.patch("/api/v1/nodes/minikube-m03", taint(Value::Null)).await;
    lab.pass(3);
    assert_eq!(lab.pod("late").await["status"]["phase"], "Running");
}

#[tokio::test]
async fn spread() {
    let mut lab = Lab::new().await;
    let constraint = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: spread}}}], containers";
    lab.apply(&deployment("spread", 10, "nginx:1.21").replace("containers", constraint))
        .await;
    lab.pass(5);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for pod in lab.pods().await {
        *counts.entry(text(&pod["spec"]["nodeName"])).or_default() += 1;
    }
    let (least, most) = (counts.values().min().unwrap(), counts.values().max().unwrap());
    assert!(counts.len() == 3 && most - least <= 1, "{counts:?}");
}

/// A pod of a priority class that takes so many cores.
fn rank(name: &str, class: &str, cpu: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{priorityClassName: {class}, terminationGracePeriodSeconds: 20, \
         containers: [{{name: c, image: \"busybox:1\", command: [sleep, infinity], resources: {{requests: {{cpu: \"{cpu}\"}}}}}}]}}"
    )
}

#[tokio::test]
async fn the_higher_class_makes_lower_ones_leave() {
    let mut lab = Lab::new().await;
    for (class, value, policy) in [
        ("low", 1, "PreemptLowerPriority"),
        ("high", 1000, "PreemptLowerPriority"),
        ("meek", 1000, "Never"),
    ] {
        lab.apply(&format!("apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {{name: {class}}}\nvalue: {value}\npreemptionPolicy: {policy}")).await;
    }
    for (index, node) in ["minikube", "minikube-m02", "minikube-m03"].into_iter().enumerate() {
        let big = rank(&format!("low-{index}"), "low", "3").replace(
            "spec: {",
            &format!("spec: {{nodeSelector: {{kubernetes.io/hostname: {node}}}, "),
        );
        lab.apply(&big).await;
        lab.pass(2);
    }
    let (code, refused) = lab.create(&rank("lost", "nope", "1")).await;
    assert_eq!(
        (code, text(&refused["message"]).as_str()),
        (
            403,
            "pods \"lost\" is forbidden: no PriorityClass with name nope was found"
        )
    );
    lab.apply(&rank("meek", "meek", "2")).await;
    lab.pass(2);
    let refused = "0/3 nodes are available: 3 Insufficient cpu.";
    let never =
        format!("{refused} no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.");
    assert_eq!(lab.events("meek").await, [("FailedScheduling".to_owned(), never)]);
    lab.delete("/api/v1/namespaces/default/pods/meek").await;
    lab.pass(2);
    lab.apply(&rank("high", "high", "2")).await;
    lab.pass(2);
    // The youngest leaves, and its place is promised.
    let high = lab.pod("high").await;
    assert_eq!(high["status"]["nominatedNodeName"], "minikube-m03");
    assert_eq!(
        lab.events("high").await,
        [("FailedScheduling".to_owned(), refused.to_owned())]
    );
    let victim = lab.pod("low-2").await;
    assert!(victim["metadata"]["deletionTimestamp"].is_string());
    let told = victim["status"]["conditions"].as_array().unwrap().iter();
    let reasons: Vec<_> = told
        .filter(|one| one["type"] == "DisruptionTarget")
        .map(|one| text(&one["reason"]))
        .collect();
    assert_eq!(reasons, ["PreemptionByScheduler"]);
    let message = format!(
        "Preempted by pod {} on node minikube-m03",
        text(&high["metadata"]["uid"])
    );
    assert!(lab.events("low-2").await.contains(&("Preempted".to_owned(), message)));
    // Nobody of the same or a lower rank takes the place meanwhile.
    lab.apply(&rank("late", "low", "3")).await;
    lab.pass(40);
    let high = lab.pod("high").await;
    assert_eq!(
        (
            text(&high["spec"]["nodeName"]).as_str(),
            &high["status"]["nominatedNodeName"]
        ),
        ("minikube-m03", &Value::Null)
    );
    assert_eq!(lab.node_of("late").await, "");
    assert_eq!(
        (lab.node_of("low-0").await.as_str(), lab.node_of("low-1").await.as_str()),
        ("minikube", "minikube-m02")
    );
}
