//! What is known to differ, and why. This list may only shrink.

/// What differs at one time and not at another.
const CHANCE: &str = "whether the budget is looked at before its pods are there is chance";
const ORDER: &str = "kubectl tells these warnings in the order of a map, which is chance";
const FOREIGN: &str = "the recorded cluster had a broken custom resource beside";
const COLLECTED: &str = "the recorded kubelet had thrown the container away already";
const FORGOTTEN: &str = "which of ten messages client-go forgets before it combines the next is chance";
const RACE: &str = "two controllers wrote at the same moment; the order was chance";

const QUOTES: &str = "the recording keeps the command without its quotes: what is played is another command";
const HOUR: &str = "a listing of files tells the time of day";

const KNOWN: &[(&str, &str, &str)] = &[
    ("drain", "events PodDisruptionBudget/web", CHANCE),
    (
        "drain",
        "5 kubectl drain minikube-m02 --ignore-daemonsets --force --delete-emptydir-data --timeout=12s",
        ORDER,
    ),
    ("crash", "14 kubectl logs two-webserver -c nginx --previous", COLLECTED),
    (
        "crash",
        "20 kubectl exec two-webserver -c apache -- sh -c exit 7",
        QUOTES,
    ),
    (
        "storage",
        "17 kubectl exec mypod -- sh -c echo $APP_NAME $PASS; cat /etc/myapp-config/default.config; ls -l /etc/myapp-config/",
        HOUR,
    ),
    ("deploy", "6 kubectl get all", FOREIGN),
    ("drain", "daemonsets agent", RACE),
    ("rollout", "28 kubectl describe deployment nginx-deployment", FORGOTTEN),
    ("rollout", "deployments nginx-deployment", RACE),
    ("rollout", "events Deployment/nginx-deployment", FORGOTTEN),
    ("scheduling", "events Pod/spread-*", RACE),
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
        .filter(move |(known, _, reason)| *known == scene && ![CHANCE, ORDER].contains(reason))
        .map(|(_, what, _)| *what)
}
