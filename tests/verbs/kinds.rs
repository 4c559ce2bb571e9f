//! The objects that verbs are tried on.

use serde_json::{Value, json};

fn template(app: &str, image: &str) -> Value {
    json!({"metadata": {"labels": {"app": app}}, "spec": {"restartPolicy": "Always", "initContainers": [{"name": "init", "image": "busybox:1"}],
        "containers": [{"name": "app", "image": image, "ports": [{"containerPort": 80}, {"containerPort": 443}],
            "resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "1"}}}, {"name": "side", "image": "envoy:2"}]}})
}

/// A workload of a kind of `apps/v1` at its second revision.
pub fn workload(kind: &str, name: &str, more: &Value) -> Value {
    let mut object = json!({"apiVersion": "apps/v1", "kind": kind,
        "metadata": {"name": name, "namespace": "shop", "uid": format!("uid-{kind}-{name}"), "generation": 2, "labels": {"team": "a"},
            "annotations": {"deployment.kubernetes.io/revision": "2"}},
        "spec": {"selector": {"matchLabels": {"app": name}}, "template": template(name, "nginx:1.27")}, "status": {}});
    let (field, value) = match kind {
        "DaemonSet" => ("updateStrategy", json!({"type": "RollingUpdate"})),
        _ => ("replicas", json!(2)),
    };
    object["spec"][field] = value;
    if kind == "StatefulSet" {
        object["spec"]["updateStrategy"] = json!({"type": "RollingUpdate"});
        object["spec"]["serviceName"] = name.into();
        object["spec"]["podManagementPolicy"] = "OrderedReady".into();
    }
    for (key, value) in more.as_object().into_iter().flatten() {
        object["spec"][key] = value.clone();
    }
    object
}

fn owner(kind: &str, name: &str) -> Value {
    json!([{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": format!("uid-{kind}-{name}"), "controller": true}])
}

fn set(name: &str, revision: &str, image: &str) -> Value {
    let mut template = template(name, image);
    template["metadata"]["labels"]["pod-template-hash"] = revision.into();
    json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": format!("{name}-{revision}"), "namespace": "shop",
            "labels": {"app": name}, "ownerReferences": owner("Deployment", name),
            "annotations": {"deployment.kubernetes.io/revision": revision, "kubernetes.io/change-cause": format!("to {image}")}},
        "spec": {"replicas": 0, "selector": {"matchLabels": {"app": name, "pod-template-hash": revision}}, "template": template}, "status": {}})
}

/// A deployment with the ReplicaSets of its two revisions.
pub fn deployment(name: &str, more: &Value) -> Vec<Value> {
    vec![
        workload("Deployment", name, more),
        set(name, "1", "nginx:1.25"),
        set(name, "2", "nginx:1.27"),
    ]
}

fn revision(kind: &str, name: &str, number: i64, image: &str) -> Value {
    let mut template = template(name, image);
    template["$patch"] = "replace".into();
    json!({"apiVersion": "apps/v1", "kind": "ControllerRevision", "metadata": {"name": format!("{name}-{number}"), "namespace": "shop",
            "labels": {"app": name}, "ownerReferences": owner(kind, name)},
        "revision": number, "data": {"spec": {"template": template}}})
}

/// A DaemonSet or StatefulSet with its two revisions.
pub fn revised(kind: &str, name: &str) -> Vec<Value> {
    vec![
        workload(kind, name, &json!({})),
        revision(kind, name, 1, "nginx:1.25"),
        revision(kind, name, 2, "nginx:1.27"),
    ]
}

fn batch(kind: &str, name: &str, spec: Value) -> Value {
    json!({"apiVersion": "batch/v1", "kind": kind, "metadata": {"name": name, "namespace": "shop", "uid": format!("uid-{kind}-{name}")},
        "spec": spec, "status": {}})
}

/// A cronjob.
pub fn cron_job(name: &str, suspend: bool) -> Value {
    let mut pod = template(name, "nginx:1.27");
    pod["spec"]["restartPolicy"] = "Never".into();
    batch(
        "CronJob",
        name,
        json!({"schedule": "* * * * *", "suspend": suspend, "concurrencyPolicy": "Allow",
        "jobTemplate": {"metadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}}, "spec": {"template": pod}}}),
    )
}

/// A job that has not finished.
pub fn job(name: &str) -> Value {
    let mut pod = template(name, "nginx:1.27");
    pod["spec"]["restartPolicy"] = "Never".into();
    batch(
        "Job",
        name,
        json!({"parallelism": 1, "completions": 1, "backoffLimit": 6, "suspend": false, "template": pod,
            "manualSelector": true, "selector": {"matchLabels": pod["metadata"]["labels"]}}),
    )
}

/// The definition of a kind of somebody's own, which can be scaled.
pub fn definition() -> Value {
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "gizmos.toys.example.com"},
        "spec": {"group": "toys.example.com", "scope": "Namespaced", "names": {"plural": "gizmos", "singular": "gizmo", "kind": "Gizmo"},
            "versions": [{"name": "v1", "served": true, "storage": true,
                "subresources": {"scale": {"specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size"}},
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}})
}

/// An object of that kind, with its definition.
pub fn gizmo(name: &str) -> Vec<Value> {
    vec![
        definition(),
        json!({"apiVersion": "toys.example.com/v1", "kind": "Gizmo", "metadata": {"name": name, "namespace": "shop"}, "spec": {"size": 4}}),
    ]
}

/// A ConfigMap with a label and an annotation.
pub fn config_map(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop",
        "labels": {"tier": "old"}, "annotations": {"note": "old"}}, "data": {"a": "1"}})
}

/// A pod on a node, with whom it belongs to.
pub fn pod(name: &str, node: &str, owner: Option<(&str, &str)>, volume: &Value) -> Value {
    let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop", "labels": {"app": name}},
        "spec": {"nodeName": node, "containers": [{"name": "c", "image": "nginx:1.27", "ports": [{"containerPort": 80}]}],
            "volumes": volume}, "status": {"phase": "Running"}});
    if let Some((kind, name)) = owner {
        pod["metadata"]["ownerReferences"] = json!([{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": format!("uid-{kind}-{name}"), "controller": true}]);
    }
    pod
}

/// A pod as a real API server stored it.
pub fn stored_pod(name: &str) -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/corpus/pod.json");
    let corpus: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let rows = corpus["rows"].as_array().unwrap().iter().map(|row| &row["object"]);
    let runs = |pod: &&Value| {
        let containers = pod["spec"]["containers"].as_array().map(Vec::len);
        pod["status"]["phase"] == "Running" && containers == Some(1) && pod["spec"]["initContainers"].is_null()
    };
    let mut pod = rows.into_iter().find(runs).unwrap().clone();
    pod["metadata"] = json!({"name": name, "namespace": "shop"});
    pod
}

/// A node with two taints of one key and one of another.
pub fn node(name: &str, more: &Value) -> Value {
    let mut node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": {"zone": "a"}},
        "spec": {"taints": [{"key": "env", "value": "prod", "effect": "NoExecute"}, {"key": "env", "effect": "NoSchedule"},
            {"key": "old", "effect": "NoSchedule"}]}, "status": {}});
    for (key, value) in more.as_object().into_iter().flatten() {
        node["spec"][key] = value.clone();
    }
    node
}

/// A bound claim of a class that lets it grow.
pub fn claim(name: &str) -> Vec<Value> {
    vec![
        json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "grows"},
            "provisioner": "x", "allowVolumeExpansion": true}),
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name, "namespace": "shop"},
            "spec": {"storageClassName": "grows", "accessModes": ["ReadWriteOnce"], "volumeName": format!("pv-{name}"), "volumeMode": "Filesystem",
                "resources": {"requests": {"storage": "1Gi"}}},
            "status": {"phase": "Bound", "capacity": {"storage": "1Gi"}}}),
    ]
}

/// A quota with two figures.
pub fn quota(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name, "namespace": "shop"},
        "spec": {"hard": {"pods": "4", "requests.cpu": "2"}}, "status": {"used": {"pods": "1"}}})
}

/// A service.
pub fn service(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "shop", "labels": {"app": name}},
        "spec": {"clusterIP": "10.96.0.50", "clusterIPs": ["10.96.0.50"], "type": "ClusterIP", "selector": {"app": name},
            "ports": [{"port": 80, "protocol": "TCP", "targetPort": 8080}]}})
}

/// A volume that belongs to no namespace.
pub fn volume(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name},
        "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/x"},
            "persistentVolumeReclaimPolicy": "Retain", "volumeMode": "Filesystem"}, "status": {"phase": "Available"}})
}

/// An autoscaler of a deployment.
pub fn autoscaler(name: &str) -> Value {
    json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "old", "namespace": "shop"},
        "spec": {"minReplicas": 1, "maxReplicas": 3, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}}})
}
