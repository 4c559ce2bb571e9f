//! Requests and limits, quotas, limit ranges, autoscaling.

use serde_json::Value;

use super::lab::{Lab, deployment, text};

fn limited(name: &str, resources: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\n\
         spec: {{containers: [{{name: c, image: \"nginx:1.21\", resources: {resources}}}]}}"
    )
}

#[tokio::test]
async fn quality_of_service() {
    let lab = Lab::new().await;
    for (name, resources, class) in [
        (
            "qos1",
            "{requests: {cpu: 100m, memory: 4Mi}, limits: {cpu: 100m, memory: 4Mi}}",
            "Guaranteed",
        ),
        ("qos2", "{requests: {cpu: 100m}}", "Burstable"),
        ("qos3", "{}", "BestEffort"),
    ] {
        lab.apply(&limited(name, resources)).await;
        assert_eq!(lab.pod(name).await["status"]["qosClass"], class);
    }
}

#[tokio::test]
async fn quota() {
    let mut lab = Lab::new().await;
    lab.apply("apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: team1-quota}\nspec: {hard: {requests.cpu: 800m, limits.memory: 400Mi, requests.storage: 1Gi, pods: \"4\"}}").await;
    lab.pass(1);
    let (status, answer) = lab.create(&limited("none", "{}")).await;
    let expected =
        "pods \"none\" is forbidden: failed quota: team1-quota: must specify limits.memory for: c; requests.cpu for: c";
    assert_eq!((status, text(&answer["message"]).as_str()), (403, expected));
    lab.apply(&limited("fits", "{requests: {cpu: 500m}, limits: {memory: 200Mi}}"))
        .await;
    lab.pass(1);
    let (status, answer) = lab
        .create(&limited(
            "too-large",
            "{requests: {cpu: 400m}, limits: {memory: 100Mi}}",
        ))
        .await;
    let expected = "pods \"too-large\" is forbidden: exceeded quota: team1-quota, requested: requests.cpu=400m, used: requests.cpu=500m, limited: requests.cpu=800m";
    assert_eq!((status, text(&answer["message"]).as_str()), (403, expected));
    let used = lab.get("/api/v1/namespaces/default/resourcequotas/team1-quota").await["status"]["used"].clone();
    assert_eq!(
        (text(&used["requests.cpu"]).as_str(), text(&used["pods"]).as_str()),
        ("500m", "1")
    );
}

#[tokio::test]
async fn limit_range() {
    let lab = Lab::new().await;
    lab.apply("apiVersion: v1\nkind: LimitRange\nmetadata: {name: cpu-resource-limit}\nspec: {limits: [{type: Container, default: {cpu: 700m}, defaultRequest: {cpu: 500m}, max: {cpu: \"1\"}, min: {cpu: 100m}}]}").await;
    lab.apply(&limited("defaults", "{}")).await;
    let given = lab.pod("defaults").await["spec"]["containers"][0]["resources"].clone();
    assert_eq!(
        (
            text(&given["limits"]["cpu"]).as_str(),
            text(&given["requests"]["cpu"]).as_str()
        ),
        ("700m", "500m")
    );
    let (status, answer) = lab.create(&limited("toobig", "{limits: {cpu: \"1.2\"}}")).await;
    let expected = "pods \"toobig\" is forbidden: maximum cpu usage per Container is 1, but limit is 1200m";
    assert_eq!((status, text(&answer["message"]).as_str()), (403, expected));
}

const SCALER: &str = "apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: demo-app-hpa}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: demo-app}
  minReplicas: 1
  maxReplicas: 5
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]";

async fn scaler(lab: &Lab) -> Value {
    lab.get("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/demo-app-hpa")
        .await["status"]
        .clone()
}

fn condition(status: &Value, kind: &str) -> String {
    let all = status["conditions"].as_array().into_iter().flatten();
    all.into_iter()
        .find(|known| known["type"] == kind)
        .map(|known| text(&known["reason"]))
        .unwrap_or_default()
}

#[tokio::test]
async fn autoscaler_unknown_then_nothing_then_scaled_down() {
    let mut lab = Lab::new().await;
    let app = deployment("demo-app", 2, "nginx:1.21").replace(
        "image: \"nginx:1.21\"",
        "image: \"nginx:1.21\", resources: {requests: {cpu: 50m}}",
    );
    lab.apply(&app).await;
    lab.apply(SCALER).await;
    assert!(scaler(&lab).await["currentMetrics"].is_null());
    lab.pass(20);
    let status = scaler(&lab).await;
    assert_eq!(condition(&status, "ScalingActive"), "FailedGetResourceMetric");
    assert_eq!(
        lab.reasons("demo-app-hpa").await,
        ["FailedGetResourceMetric", "FailedComputeMetricsReplicas"]
    );
    // The metrics server comes.
    let server = deployment("metrics-server", 1, "registry.k8s.io/metrics-server:v0.8.0");
    let mut server: Value = serde_yaml::from_str(&server).unwrap();
    server["metadata"]["namespace"] = "kube-system".into();
    let (status, answer) = lab
        .send(
            "POST",
            "/apis/apps/v1/namespaces/kube-system/deployments",
            "application/json",
            Some(&server),
        )
        .await;
    assert_eq!(status, 201, "{answer}");
    lab.pass(60);
    let status = scaler(&lab).await;
    assert_eq!(condition(&status, "ScalingActive"), "ValidMetricFound");
    assert!(
        status["currentMetrics"][0]["resource"]["current"]["averageUtilization"]
            .as_i64()
            .unwrap()
            <= 2,
        "{status}"
    );
    assert_eq!(condition(&status, "AbleToScale"), "ScaleDownStabilized");
    lab.pass(400);
    assert_eq!(lab.ready("demo-app").await, (1, 1));
    let said = lab.events("demo-app-hpa").await;
    assert!(
        said.contains(&(
            "SuccessfulRescale".to_owned(),
            "New size: 1; reason: All metrics below target".to_owned()
        )),
        "{said:?}"
    );
    assert_eq!(condition(&scaler(&lab).await, "ScalingLimited"), "TooFewReplicas");
}
