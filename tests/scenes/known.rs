//! What is known to differ, and why. This list may only shrink.

/// What the kubelet's streams and protobuf bodies bring; once they are there, these are no longer different.
pub const STREAMS: &str = "needs exec and protobuf bodies";
const FOREIGN: &str = "the recorded cluster had a broken custom resource beside";
const COLLECTED: &str = "the recorded kubelet had thrown the container away already";
const FORGOTTEN: &str = "which of ten messages client-go forgets before it combines the next is chance";
const RACE: &str = "two controllers wrote at the same moment; the order was chance";

const KNOWN: &[(&str, &str, &str)] = &[
    ("crash", "14 kubectl logs two-webserver -c nginx --previous", COLLECTED),
    (
        "crash",
        "20 kubectl exec two-webserver -c apache -- sh -c exit 7",
        STREAMS,
    ),
    ("crash", "21 kubectl exec two-webserver -c apache -- nope", STREAMS),
    ("deploy", "6 kubectl get all", FOREIGN),
    ("drain", "daemonsets agent", RACE),
    (
        "jobs",
        "1 kubectl create job ok --image=busybox:1 -- sh -c echo done",
        STREAMS,
    ),
    ("jobs", "3 kubectl get jobs,cronjobs,pods", STREAMS),
    ("jobs", "4 kubectl create job by-hand --from=cronjob/every", STREAMS),
    ("jobs", "5 kubectl get jobs,cronjobs", STREAMS),
    ("jobs", "7 kubectl describe cronjob every", STREAMS),
    ("jobs", "events CronJob/every", STREAMS),
    ("jobs", "events Job/by-hand", STREAMS),
    ("jobs", "events Job/ok", STREAMS),
    ("jobs", "events Pod/by-hand-*", STREAMS),
    ("jobs", "events Pod/ok-*", STREAMS),
    ("jobs", "jobs by-hand", STREAMS),
    ("jobs", "jobs ok", STREAMS),
    ("jobs", "pods by-hand-*", STREAMS),
    ("jobs", "pods ok-*", STREAMS),
    ("rollout", "28 kubectl describe deployment nginx-deployment", FORGOTTEN),
    ("rollout", "deployments nginx-deployment", RACE),
    ("rollout", "events Deployment/nginx-deployment", FORGOTTEN),
    ("scheduling", "events Pod/spread-*", RACE),
    (
        "storage",
        "14 kubectl create configmap app-setting --from-literal=APP_NAME=MyApp --from-literal=APP_MSG=Hello",
        STREAMS,
    ),
    (
        "storage",
        "15 kubectl create secret generic db-credentials --from-literal=password=password",
        STREAMS,
    ),
    ("storage", "18 kubectl describe pod mypod", STREAMS),
    ("storage", "19 kubectl describe secret db-credentials", STREAMS),
    ("storage", "events Pod/mypod", STREAMS),
    ("storage", "pods mypod", STREAMS),
    (
        "storage",
        "17 kubectl exec mypod -- sh -c echo $APP_NAME $PASS; cat /etc/myapp-config/default.config; ls -l /etc/myapp-config/",
        STREAMS,
    ),
];

/// Why something may differ.
pub fn reason(scene: &str, what: &str) -> Option<&'static str> {
    KNOWN
        .iter()
        .find(|(known, entry, _)| *known == scene && *entry == what)
        .map(|(_, _, reason)| *reason)
}

/// What is listed for a scene.
pub fn listed(scene: &str) -> impl Iterator<Item = &'static str> {
    KNOWN
        .iter()
        .filter(move |(known, _, reason)| *known == scene && *reason != STREAMS)
        .map(|(_, what, _)| *what)
}
