//! Verbs on objects of any kind.

use serde_json::{Value, json};

use super::kinds::{config_map, deployment, gizmo, node, pod, service, volume};

/// Three rows.
const THREE: [&str; 3] = ["conf-a", "conf-b", "conf-c"];

/// A ConfigMap in a namespace of its own.
fn apart(name: &str) -> Vec<Value> {
    let mut map = config_map(name);
    map["metadata"]["namespace"] = if name.ends_with('a') { "default" } else { "shop" }.into();
    vec![map]
}

/// A cluster role with a name as Kubernetes' own have.
fn role(name: &str) -> Vec<Value> {
    vec![
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": []}),
    ]
}

super::cases! {
    label: "label", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"team\" tab \"blue\"",
        "kubectl label configmap/conf -n shop team=blue";
    label_many: "label", THREE, |name| vec![config_map(name)], "configmaps shop", "\"example.com/team\" tab \"v1.2_3\"",
        "kubectl label configmap/conf-a -n shop example.com/team=v1.2_3";
    label_without_value: "label", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"marked\"",
        "kubectl label configmap/conf -n shop marked=";
    label_over: "label", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"tier\" tab \"new\" tab tab space",
        "kubectl label configmap/conf -n shop tier=new --overwrite";
    label_gone: "label", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"tier\" tab tab right",
        "kubectl label configmap/conf -n shop tier-";
    label_gone_of_many: "label", THREE, |name| vec![config_map(name)], "configmaps shop", "\"tier\" tab tab right",
        "kubectl label configmap/conf-a -n shop tier-";
    label_a_node: "label", ["n1"], |name| vec![node(name, &json!({}))], "nodes", "\"disk\" tab \"ssd\"", "kubectl label node/n1 disk=ssd";
    label_a_custom_kind: "label", ["g"], gizmo, "gizmos shop", "\"team\" tab \"blue\"",
        "kubectl label gizmos.toys.example.com/g -n shop team=blue";
    annotate: "annotate", ["conf"], |name| vec![config_map(name)], "configmaps shop",
        "\"Example.com/why\" tab \"it's\" space \"so:$HOME\"", "kubectl annotate configmap/conf -n shop 'Example.com/why=it'\\''s so:$HOME'";
    annotate_many: "annotate", THREE, |name| vec![config_map(name)], "configmaps shop", "\"why\" tab \"x\"",
        "kubectl annotate configmap/conf-a -n shop why=x";
    annotate_over: "annotate", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"note\" tab \"new\" tab tab space",
        "kubectl annotate configmap/conf -n shop note=new --overwrite";
    annotation_gone: "annotate", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"note\" tab tab right",
        "kubectl annotate configmap/conf -n shop note-";
    annotate_a_volume: "annotate", ["pv1"], |name| vec![volume(name)], "persistentvolumes", "\"why\" tab \"x\"",
        "kubectl annotate persistentvolume/pv1 why=x";
    expose: "expose", ["web"], |name| deployment(name, &json!({})), "deployments shop", "",
        "kubectl expose deployment/web -n shop --name=web --port=80,443";
    expose_to_a_port: "expose", ["web"], |name| deployment(name, &json!({})), "deployments shop",
        "\"-2\" tab ctrl-u \"8080\" tab \"80\" tab right", "kubectl expose deployment/web -n shop --name=web-2 --port=8080 --target-port=80 --type=NodePort";
    expose_a_pod: "expose", ["web"], |name| vec![pod(name, "n1", None, &json!([]))], "pods shop", "",
        "kubectl expose pod/web -n shop --name=web --port=80";
    expose_a_service: "expose", ["web"], |name| vec![service(name)], "services shop", "\"-2\" tab tab \"http\"",
        "kubectl expose service/web -n shop --name=web-2 --port=80 --target-port=http";
    delete: "delete", ["conf"], |name| vec![config_map(name)], "configmaps shop", "right", "kubectl delete configmap/conf -n shop";
    delete_many: "delete", THREE, |name| vec![config_map(name)], "configmaps shop", "right", "kubectl delete configmap/conf-a -n shop";
    delete_a_volume: "delete", ["pv1"], |name| vec![volume(name)], "persistentvolumes", "right", "kubectl delete persistentvolume/pv1";
    delete_a_custom_kind: "delete", ["g"], gizmo, "gizmos shop", "right", "kubectl delete gizmos.toys.example.com/g -n shop";
    delete_foreground: "delete", ["web"], |name| deployment(name, &json!({})), "deployments shop", "right tab right backtab",
        "kubectl delete deployment/web -n shop --cascade=foreground";
    delete_orphaning: "delete", ["web"], |name| deployment(name, &json!({})), "deployments shop", "right tab right right backtab",
        "kubectl delete deployment/web -n shop --cascade=orphan";
    delete_with_time: "delete", ["web"], |name| vec![pod(name, "n1", None, &json!([]))], "pods shop", "right tab tab \"7\" tab tab",
        "kubectl delete pod/web -n shop --grace-period=7";
    delete_now: "delete", ["web"], |name| vec![pod(name, "n1", None, &json!([]))], "pods shop", "right tab tab \"0\" tab tab",
        "kubectl delete pod/web -n shop --now";
    delete_by_force: "delete", ["web"], |name| vec![pod(name, "n1", None, &json!([]))], "pods shop", "right tab tab tab space tab",
        "kubectl delete pod/web -n shop --grace-period=0 --force";
    label_across_namespaces: "label", ["conf-a", "conf-b"], apart, "configmaps all", "\"team\" tab \"blue\"",
        "kubectl label configmap/conf-a -n default team=blue";
    label_a_role: "label", ["a:b:c"], role, "clusterroles", "\"team\" tab \"blue\"", "kubectl label clusterrole/a:b:c team=blue";
    delete_across_namespaces: "delete", ["conf-a", "conf-b"], apart, "configmaps all", "right",
        "kubectl delete configmap/conf-a -n default";
    annotate_with_nothing: "annotate", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"why\"",
        "kubectl annotate configmap/conf -n shop why=";
}
