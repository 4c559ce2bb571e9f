//! Generated load: as many nodes, namespaces and pods as a test asks for, and changes at a steady rate.

use std::time::Duration;

use serde_json::{Value, json};

use crate::mock::bootstrap::namespace;
use crate::mock::clock::rfc3339;
use crate::mock::server::Api;

/// How much load to generate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Nodes besides those that are there.
    pub nodes: usize,
    /// Namespaces over which the pods are spread.
    pub namespaces: usize,
    /// Pods.
    pub pods: usize,
    /// The size of each pod's JSON in bytes, reached by `managedFields`; 0 leaves pods as they are.
    pub pod_bytes: usize,
}

/// How much changes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Churn {
    /// Changes of pods each second.
    pub rate: f64,
}

/// Plants the load.
pub fn plant_load(api: &Api, load: &Load) {
    (0..load.nodes).for_each(|index| drop(api.plant(node(index))));
    let spaces = load.namespaces.max(1);
    (0..if load.pods > 0 { spaces } else { load.namespaces })
        .for_each(|index| drop(api.plant(namespace(&space(index)))));
    (0..load.pods).for_each(|index| drop(api.plant(pod(api, index, spaces, load))));
}

fn space(index: usize) -> String {
    format!("load-{index:03}")
}

fn node(index: usize) -> Value {
    let room = json!({"cpu": "16", "memory": "64Gi", "pods": "250"});
    json!({"kind": "Node", "apiVersion": "v1",
        "metadata": {"name": format!("node-{index:04}"), "labels": {"kubernetes.io/hostname": format!("node-{index:04}"), "kubernetes.io/os": "linux"}},
        "spec": {}, "status": {"capacity": room, "allocatable": room,
            "addresses": [{"type": "InternalIP", "address": format!("10.1.{}.{}", index / 250, index % 250 + 1)}],
            "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "kubelet is posting ready status"}],
            "nodeInfo": {"kubeletVersion": "v1.36.2", "osImage": "Debian GNU/Linux 12 (bookworm)", "kernelVersion": "6.8.0-86-generic",
                "containerRuntimeVersion": "containerd://2.1.4", "architecture": "amd64", "operatingSystem": "linux"}}})
}

fn pod(api: &Api, index: usize, spaces: usize, load: &Load) -> Value {
    let app = format!("app-{:03}", index % 200);
    let (set, now) = (format!("{app}-6b69486c79"), rfc3339(api.clock.now()));
    let broken = index % 97 == 13;
    let state = if broken {
        json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}})
    } else {
        json!({"running": {"startedAt": now}})
    };
    let ready = if broken { "False" } else { "True" };
    let condition = |kind: &str, status: &str| json!({"type": kind, "status": status, "lastProbeTime": null, "lastTransitionTime": now});
    let address = format!("10.{}.{}.{}", 128 + index / 62_500, index / 250 % 250, index % 250 + 1);
    let mut pod = json!({
        "kind": "Pod", "apiVersion": "v1",
        "metadata": {"name": format!("{set}-{}", code(index)), "generateName": format!("{set}-"), "namespace": space(index % spaces), "generation": 1,
            "labels": {"app": app, "pod-template-hash": "6b69486c79", "tier": if index.is_multiple_of(2) { "front" } else { "back" }},
            "annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": "9100"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": set, "uid": format!("00000000-0000-4000-8000-{:012}", index % 200), "controller": true, "blockOwnerDeletion": true}]},
        "spec": {"nodeName": if load.nodes == 0 { "minikube".to_owned() } else { format!("node-{:04}", index % load.nodes) },
            "containers": [{"name": "app", "image": format!("registry.example.com/{app}:1.{}", index % 7), "ports": [{"containerPort": 8080, "protocol": "TCP"}],
                "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}, "imagePullPolicy": "IfNotPresent",
                "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}],
            "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst", "serviceAccountName": "default",
            "serviceAccount": "default", "securityContext": {}, "schedulerName": "default-scheduler", "priority": 0, "enableServiceLinks": true,
            "preemptionPolicy": "PreemptLowerPriority"},
        "status": {"phase": "Running", "qosClass": "Burstable", "podIP": address, "podIPs": [{"ip": address}], "hostIP": "10.1.0.1", "startTime": now,
            "conditions": [condition("Initialized", "True"), condition("Ready", ready), condition("ContainersReady", ready), condition("PodScheduled", "True")],
            "containerStatuses": [{"name": "app", "image": format!("registry.example.com/{app}:1.{}", index % 7), "imageID": "", "ready": !broken,
                "started": !broken, "restartCount": if broken { index % 40 } else { 0 }, "state": state, "lastState": {}}]},
    });
    let size = pod.to_string().len();
    if load.pod_bytes > size {
        pod["metadata"]["managedFields"] = managed(load.pod_bytes - size, &now);
    }
    pod
}

/// Five letters that differ for each number.
fn code(mut index: usize) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut letter = || {
        let letter = char::from(LETTERS[index % LETTERS.len()]);
        index /= LETTERS.len();
        letter
    };
    (0..5).map(|_| letter()).collect()
}

/// `managedFields` of about so many bytes.
fn managed(bytes: usize, now: &str) -> Value {
    let fields: serde_json::Map<String, Value> = (0..bytes / 40)
        .map(|index| (format!("f:k8s-field-number-{index:05}"), json!({".": {}})))
        .collect();
    json!([{"manager": "kubelet", "operation": "Update", "apiVersion": "v1", "time": now, "fieldsType": "FieldsV1",
        "fieldsV1": {"f:status": fields}, "subresource": "status"}])
}

/// Changes pods for ever: one's restart count now and again, an annotation else.
pub async fn churn(api: Api, load: Load, churn: Churn) {
    if churn.rate <= 0.0 || load.pods == 0 {
        return;
    }
    let spaces = load.namespaces.max(1);
    let each = Duration::from_millis(20);
    let mut owed = 0.0;
    loop {
        api.clock.sleep(each).await;
        owed += churn.rate * each.as_secs_f64();
        while owed >= 1.0 {
            owed -= 1.0;
            let index = api.ids.below(load.pods as u64) as usize;
            let name = format!("app-{:03}-6b69486c79-{}", index % 200, code(index));
            let stamp = api.ids.suffix(8);
            api.touch("pods", &space(index % spaces), &name, |pod| {
                pod["metadata"]["annotations"]["konn.dev/changed"] = stamp.clone().into();
                let count = pod["status"]["containerStatuses"][0]["restartCount"]
                    .as_i64()
                    .unwrap_or_default();
                pod["status"]["containerStatuses"][0]["restartCount"] = (count + 1).into();
            });
        }
    }
}
