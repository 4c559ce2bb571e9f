//! What is known to differ, and why. This list may only shrink.

/// What the kubelet's streams and protobuf bodies bring; once they are there, these are no longer different.
pub const STREAMS: &str = "needs exec and protobuf bodies";
const FOREIGN: &str = "the recorded cluster had a broken custom resource beside";
const COLLECTED: &str = "the recorded kubelet had thrown the container away already";
const RACE: &str = "two controllers wrote at the same moment; the order was chance";

const KNOWN: &[(&str, &str, &str)] = &[
    ("crash", "14 kubectl logs two-webserver -c nginx --previous", COLLECTED),
    ("crash", "20 kubectl exec two-webserver -c apache -- sh -c exit 7", STREAMS),
    ("crash", "21 kubectl exec two-webserver -c apache -- nope", STREAMS),
    ("deploy", "6 kubectl get all", FOREIGN),
    ("drain", "daemonsets agent", RACE),
    ("rollout", "deployments nginx-deployment", RACE),
    ("scheduling", "events Pod/spread-*", RACE),
    ("storage", "17 kubectl exec mypod -- sh -c echo $APP_NAME $PASS; cat /etc/myapp-config/default.config; ls -l /etc/myapp-config/", STREAMS),
];

/// Why something may differ.
pub fn reason(scene: &str, what: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, entry, _)| *known == scene && *entry == what).map(|(_, _, reason)| *reason)
}

/// What is listed for a scene.
pub fn listed(scene: &str) -> impl Iterator<Item = &'static str> {
    KNOWN.iter().filter(move |(known, _, reason)| *known == scene && *reason != STREAMS).map(|(_, what, _)| *what)
}
