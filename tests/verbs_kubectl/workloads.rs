//! Verbs on workloads.

use serde_json::{Value, json};

use super::harness::{Verb, same};

const LABELS: &str = "web";

fn template(image: &str) -> Value {
    json!({"metadata": {"labels": {"app": LABELS}}, "spec": {"restartPolicy": "Always", "initContainers": [{"name": "init", "image": "busybox:1"}],
        "containers": [{"name": "app", "image": image, "resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "1"}}}, {"name": "side", "image": "envoy:2"}]}})
}

fn workload(kind: &str, more: Value) -> Value {
    let mut object = json!({"apiVersion": "apps/v1", "kind": kind,
        "metadata": {"name": "web", "namespace": "shop", "uid": format!("uid-{kind}"), "generation": 2, "annotations": {"deployment.kubernetes.io/revision": "2"}},
        "spec": {"selector": {"matchLabels": {"app": LABELS}}, "template": template("nginx:1.27")}, "status": {}});
    let fields: &[&str] = match kind {
        "DaemonSet" => &["updateStrategy"],
        _ => &["replicas"],
    };
    for field in fields {
        object["spec"][*field] = if *field == "replicas" {
            json!(2)
        } else {
            json!({"type": "RollingUpdate"})
        };
    }
    for (key, value) in more.as_object().unwrap() {
        object["spec"][key] = value.clone();
    }
    object
}

fn owner(kind: &str) -> Value {
    json!([{"apiVersion": "apps/v1", "kind": kind, "name": "web", "uid": format!("uid-{kind}"), "controller": true}])
}

fn set(revision: &str, image: &str) -> Value {
    let mut template = template(image);
    template["metadata"]["labels"]["pod-template-hash"] = revision.into();
    json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": format!("web-{revision}"), "namespace": "shop",
            "labels": {"app": LABELS}, "ownerReferences": owner("Deployment"),
            "annotations": {"deployment.kubernetes.io/revision": revision, "kubernetes.io/change-cause": format!("to {image}")}},
        "spec": {"replicas": 0, "selector": {"matchLabels": {"app": LABELS, "pod-template-hash": revision}}, "template": template}, "status": {}})
}

fn revision(kind: &str, number: i64, image: &str) -> Value {
    let mut template = template(image);
    template["$patch"] = "replace".into();
    json!({"apiVersion": "apps/v1", "kind": "ControllerRevision", "metadata": {"name": format!("web-{number}"), "namespace": "shop",
            "labels": {"app": LABELS}, "ownerReferences": owner(kind)},
        "revision": number, "data": {"spec": {"template": template}}})
}

fn job(kind: &str, spec: Value) -> Value {
    json!({"apiVersion": "batch/v1", "kind": kind, "metadata": {"name": "backup", "namespace": "shop", "uid": "uid-job"}, "spec": spec, "status": {}})
}

fn cron_job(suspend: bool) -> Value {
    let mut pod = template("nginx:1.27");
    pod["spec"]["restartPolicy"] = "Never".into();
    job(
        "CronJob",
        json!({"schedule": "* * * * *", "suspend": suspend, "concurrencyPolicy": "Allow",
        "jobTemplate": {"metadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}}, "spec": {"template": pod}}}),
    )
}

fn deployment(more: Value) -> Vec<Value> {
    vec![
        workload("Deployment", more),
        set("1", "nginx:1.25"),
        set("2", "nginx:1.27"),
    ]
}

fn definition() -> Value {
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "gizmos.toys.example.com"},
        "spec": {"group": "toys.example.com", "scope": "Namespaced", "names": {"plural": "gizmos", "singular": "gizmo", "kind": "Gizmo"},
            "versions": [{"name": "v1", "served": true, "storage": true,
                "subresources": {"scale": {"specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size"}},
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}})
}

const APPS: &[&str] = &["deployments.apps", "daemonsets.apps", "statefulsets.apps"];

async fn is_kubectls(objects: Vec<Value>, line: &'static str, keys: &'static str, fill: &'static str, command: &str) {
    let tables = match line {
        "cronjobs shop" | "jobs shop" => &["cronjobs.batch", "jobs.batch"][..],
        "gizmos shop" => &["gizmos.toys.example.com"],
        _ if keys == "x h" => &["horizontalpodautoscalers.autoscaling"],
        _ => APPS,
    };
    let verb = Verb {
        line,
        keys,
        fill,
        tables,
    };
    if let Some(shown) = same(&objects, &verb).await {
        assert!(shown.starts_with(command), "{shown}");
    }
}

macro_rules! same {
    ($($name:ident: $objects:expr, $line:literal, $keys:literal, $fill:literal, $command:literal;)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            is_kubectls($objects, $line, $keys, $fill, $command).await;
        }
    )*};
}

same! {
    scale: deployment(json!({})), "deployments shop", "S", "+", "kubectl scale deployment/web -n shop --replicas=3";
    scale_a_custom_kind: vec![definition(), json!({"apiVersion": "toys.example.com/v1", "kind": "Gizmo",
        "metadata": {"name": "g", "namespace": "shop"}, "spec": {"size": 4}})], "gizmos shop", "S", "+",
        "kubectl scale gizmos.toys.example.com/g -n shop --replicas=5";
    restart: deployment(json!({})), "deployments shop", "R", "", "kubectl rollout restart deployment/web";
    image: deployment(json!({})), "deployments shop", "x i", "\"2\" tab \"1\"", "kubectl set image deployment/web -n shop init=busybox:12 app=nginx:1.271";
    image_of_a_cron_job: vec![cron_job(false)], "cronjobs shop", "x i", "\"2\"", "kubectl set image cronjob/backup";
    resources: deployment(json!({})), "deployments shop", "x m", "tab tab tab tab backspace backspace backspace backspace \"200m\" tab tab \"8Mi\" tab \"64Mi\"",
        "kubectl set resources deployment/web -n shop -c=app --limits=memory=64Mi --requests=cpu=200m,memory=8Mi";
    resources_of_an_init_container: deployment(json!({})), "deployments shop", "x m", "\"5m\"", "kubectl set resources deployment/web -n shop -c=init --requests=cpu=5m";
    resources_taken_away: deployment(json!({})), "deployments shop", "x m", "tab tab tab tab ctrl-u tab ctrl-u", "kubectl patch deployment/web";
    resources_of_two: deployment(json!({})), "deployments shop", "x m", "\"5m\" tab tab tab tab tab \"2\"", "kubectl patch deployment/web";
    undo: deployment(json!({})), "deployments shop", "x r u", "", "kubectl rollout undo deployment/web -n shop";
    undo_to: deployment(json!({})), "deployments shop", "x r u", "right", "kubectl rollout undo deployment/web -n shop --to-revision=1";
    undo_a_daemon_set: vec![workload("DaemonSet", json!({})), revision("DaemonSet", 1, "nginx:1.25"), revision("DaemonSet", 2, "nginx:1.27")],
        "daemonsets shop", "x r u", "", "kubectl rollout undo daemonset/web -n shop";
    undo_a_stateful_set: vec![workload("StatefulSet", json!({"updateStrategy": {"type": "RollingUpdate"}, "serviceName": "web", "podManagementPolicy": "OrderedReady"})),
        revision("StatefulSet", 1, "nginx:1.25"), revision("StatefulSet", 2, "nginx:1.27")],
        "statefulsets shop", "x r u", "right", "kubectl rollout undo statefulset/web -n shop --to-revision=1";
    pause: deployment(json!({})), "deployments shop", "x r p", "", "kubectl rollout pause deployment/web";
    resume: deployment(json!({"paused": true})), "deployments shop", "x r r", "", "kubectl rollout resume deployment/web";
    suspend: vec![cron_job(false)], "cronjobs shop", "x j s", "", "kubectl patch cronjob/backup";
    unsuspend: vec![cron_job(true)], "cronjobs shop", "x j r", "", "kubectl patch cronjob/backup";
    trigger: vec![cron_job(false)], "cronjobs shop", "x j t", "ctrl-u \"by-hand\"", "kubectl create job by-hand --from=cronjob/backup -n shop";
    autoscale: deployment(json!({})), "deployments shop", "x h", "", "kubectl autoscale deployment/web -n shop --min=2 --max=4 --cpu-percent=80";
    autoscale_anew: vec![workload("Deployment", json!({})), json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "old", "namespace": "shop"}, "spec": {"minReplicas": 1, "maxReplicas": 3,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}})],
        "deployments shop", "x h", "+ tab \"0\"", "kubectl patch horizontalpodautoscaler/old";
}
