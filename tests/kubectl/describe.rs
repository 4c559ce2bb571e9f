//! describe, of every kind with a view: it must be able to, and say the object's name.

use super::driver::{practice, words};

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_can_be_described() {
    let Some(kubectl) = practice().await else { return };
    for args in [
        "deployment web --image=nginx --replicas=1",
        "configmap cm --from-literal=a=b",
        "secret generic s --from-literal=a=b",
        "quota q --hard=pods=50",
        "role r --verb=get --resource=pods",
        "rolebinding rb --role=r --user=dev",
        "clusterrole cr --verb=get --resource=nodes",
        "clusterrolebinding crb --clusterrole=cr --user=dev",
        "job j --image=busybox -- true",
        "cronjob cj --image=busybox --schedule=@daily -- date",
        "service clusterip svc --tcp=80",
        "ingress i --rule=a.com/b=svc:80",
        "pdb p --min-available=1 --selector=app=web",
        "priorityclass pc --value=5",
    ] {
        kubectl
            .ok(&std::iter::once("create").chain(args.split(' ')).collect::<Vec<_>>())
            .await;
    }
    // Its pods are there before the limits that would be set for them.
    kubectl
        .ok(&["rollout", "status", "deployment/web", "--timeout=300s"])
        .await;
    kubectl
        .ok(&["autoscale", "deployment", "web", "--max=3", "--cpu-percent=50"])
        .await;
    kubectl
        .apply(
            "
apiVersion: v1
kind: PersistentVolume
metadata: {name: pv}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /x}, storageClassName: sc}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: pvc}
spec: {storageClassName: sc, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: sc}, provisioner: example.com/none}
---
{apiVersion: v1, kind: LimitRange, metadata: {name: lr}, spec: {limits: [{type: Container, max: {cpu: '4'}}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: np}, spec: {podSelector: {}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: sts}
spec: {serviceName: svc, selector: {matchLabels: {app: sts}}, template: {metadata: {labels: {app: sts}}, spec: {containers: [{name: c, image: nginx}]}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ds}
spec: {selector: {matchLabels: {app: ds}}, template: {metadata: {labels: {app: ds}}, spec: {containers: [{name: c, image: nginx}]}}}
",
        )
        .await;
    for what in [
        "deployment/web",
        "configmap/cm",
        "secret/s",
        "resourcequota/q",
        "role/r",
        "rolebinding/rb",
        "clusterrole/cr",
        "clusterrolebinding/crb",
        "job/j",
        "cronjob/cj",
        "service/svc",
        "ingress/i",
        "pdb/p",
        "priorityclass/pc",
        "hpa/web",
        "pv/pv",
        "pvc/pvc",
        "storageclass/sc",
        "limitrange/lr",
        "networkpolicy/np",
        "statefulset/sts",
        "daemonset/ds",
        "namespace/default",
        "node/node-0000",
        "serviceaccount/default",
    ] {
        let described = kubectl.ok(&["describe", what]).await;
        let (_, name) = what.split_once('/').unwrap();
        let first = words(described.lines().next().unwrap());
        assert_eq!(first, ["Name:", name], "{what}: {described}");
    }
    let pod = kubectl.ok(&["describe", "pods", "-l", "app=web"]).await;
    for line in [
        "Status:           Running",
        "QoS Class:                   BestEffort",
        "    State:          Running",
        "Events:",
    ] {
        assert!(pod.lines().any(|found| found.starts_with(line)), "{line}: {pod}");
    }
}
