//! Verbs on nodes, claims and quotas.

use serde_json::{Value, json};

use super::kinds::{claim, node, pod, quota, workload};

/// Three nodes.
const THREE: [&str; 3] = ["n1", "n2", "n3"];

/// Three claims.
const CLAIMS: [&str; 3] = ["data-a", "data-b", "data-c"];

/// A node with a pod that nobody made.
fn occupied(name: &str) -> Vec<Value> {
    vec![
        node(name, &json!({})),
        pod(&format!("bare-{name}"), name, None, &json!([])),
    ]
}

/// A node with a pod of a DaemonSet, one that keeps something, one that nobody made, and one that has finished.
fn full(name: &str) -> Vec<Value> {
    let mut finished = pod("finished", name, None, &json!([]));
    finished["status"]["phase"] = "Succeeded".into();
    vec![
        node(name, &json!({})),
        workload("DaemonSet", "agent", &json!({})),
        pod("agent-x", name, Some(("DaemonSet", "agent")), &json!([])),
        pod(
            "scratch",
            name,
            Some(("ReplicaSet", "web-1")),
            &json!([{"name": "tmp", "emptyDir": {}}]),
        ),
        pod("bare", name, None, &json!([])),
        pod("elsewhere", "another", None, &json!([])),
        finished,
    ]
}

super::cases! {
    cordon: "cordon", ["n1"], |name| vec![node(name, &json!({}))], "nodes", "", "kubectl cordon n1";
    cordon_many: "cordon", THREE, |name| vec![node(name, &json!({}))], "nodes", "", "kubectl cordon n1";
    uncordon: "uncordon", ["n1"], |name| vec![node(name, &json!({"unschedulable": true}))], "nodes", "", "kubectl uncordon n1";
    uncordon_many: "uncordon", THREE, |name| vec![node(name, &json!({"unschedulable": true}))], "nodes", "", "kubectl uncordon n1";
    taint: "taint", ["n1"], |name| vec![node(name, &json!({}))], "nodes", "\"gpu\" tab \"yes\"", "kubectl taint nodes n1 gpu=yes:NoSchedule";
    taint_without_value: "taint", ["n1"], |name| vec![node(name, &json!({}))], "nodes", "\"gpu\" tab tab right",
        "kubectl taint nodes n1 gpu:NoExecute";
    taint_mildly: "taint", ["n1"], |name| vec![node(name, &json!({}))], "nodes", "\"env\" tab \"x\" tab left",
        "kubectl taint nodes n1 env=x:PreferNoSchedule";
    taint_over: "taint", ["n1"], |name| vec![node(name, &json!({}))], "nodes", "\"env\" tab \"dev\" tab right tab space",
        "kubectl taint nodes n1 env=dev:NoExecute --overwrite";
    taint_many: "taint", THREE, |name| vec![node(name, &json!({}))], "nodes", "\"gpu\" tab \"yes\"", "kubectl taint nodes n1 gpu=yes:NoSchedule";
    untaint: "untaint", ["n1"], |name| vec![node(name, &json!({}))], "nodes", "", "kubectl taint nodes n1 env:NoExecute-";
    untaint_a_key: "untaint", ["n1"], |name| vec![node(name, &json!({}))], "nodes", "right", "kubectl taint nodes n1 env-";
    untaint_many: "untaint", THREE, |name| vec![node(name, &json!({}))], "nodes", "", "kubectl taint nodes n1 env:NoExecute-";
    drain: "drain", ["n1"], occupied, "nodes", "tab tab tab space tab \"0\" tab tab right", "kubectl drain n1 --force --grace-period=0";
    drain_all_kinds: "drain", ["n1"], full, "nodes", "tab space tab space tab space tab \"0\" tab \"60\" tab right",
        "kubectl drain n1 --ignore-daemonsets --delete-emptydir-data --force --grace-period=0 --timeout=60s";
    drain_a_cordoned_node: "drain", ["n1"], |name| {
        let mut mirror = pod("mirror", name, None, &json!([]));
        mirror["metadata"]["annotations"] = json!({"kubernetes.io/config.mirror": "x"});
        let web = pod("web", name, Some(("ReplicaSet", "web-1")), &json!([]));
        vec![node(name, &json!({"unschedulable": true})), web, mirror]
    }, "nodes", "tab tab tab tab \"0\" tab tab right", "kubectl drain n1 --grace-period=0";
    drain_many: "drain", THREE, occupied, "nodes", "tab tab tab space tab \"0\" tab tab right", "kubectl drain n1 n2 n3 --force --grace-period=0";
    expand: "expand", ["data"], claim, "persistentvolumeclaims shop", "ctrl-u \"2Gi\"", "kubectl patch persistentvolumeclaim/data -n shop";
    expand_many: "expand", CLAIMS, claim, "persistentvolumeclaims shop", "ctrl-u \"1.5Gi\"", "kubectl patch persistentvolumeclaim/data-a -n shop";
    quota: "quota", ["team"], |name| vec![quota(name)], "resourcequotas shop", "ctrl-u \"6\" tab ctrl-u \"2500m\"",
        "kubectl patch resourcequota/team -n shop";
}
