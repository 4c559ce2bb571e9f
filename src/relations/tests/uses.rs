//! What pods and workloads use, and who uses it.

use super::*;

#[test]
fn what_pods_and_workloads_use() {
    let template = json!({"spec": {"template": {"spec": using_all()}}});
    let jobs = json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": using_all()}}}}});
    let server = Server(vec![
        object("Pod web-0", json!({"spec": using_all()})),
        object("Pod other/web-0", json!({"spec": using_all()})),
        object("Deployment web", template),
        object("CronJob nightly", jobs),
        object("ServiceAccount robot", json!({"imagePullSecrets": [{"name": "pull"}]})),
        object("ConfigMap app", json!({})),
    ]);
    let everywhere = |way: &str| -> Vec<String> {
        [
            "pods: pod/web-0",
            "deployments: deployment/web",
            "cronjobs: cronjob/nightly",
        ]
        .map(|one| format!("{one} ({way})"))
        .to_vec()
    };
    let config = "volume config, volume mix, envFrom of container init, env APP_MSG of container web";
    let keys = "volume keys, volume mix, env PASS of container web, envFrom of container web";
    let mut pull = everywhere("imagePullSecrets");
    pull.push("serviceaccounts: serviceaccount/robot (imagePullSecrets)".to_string());
    let mut priority = everywhere("priorityClassName");
    // What lives in no namespace is used in all of them.
    priority.insert(1, priority[0].clone());
    for (from, wanted) in [
        ("ConfigMap app", everywhere(config)),
        ("Secret keys", everywhere(keys)),
        ("Secret pull", pull),
        ("ServiceAccount robot", everywhere("serviceAccountName")),
        ("PriorityClass high", priority),
        ("ConfigMap unused", Vec::new()),
        (
            "PersistentVolumeClaim web-0-scratch",
            vec!["pods: pod/web-0 (volume scratch)".to_string()],
        ),
    ] {
        assert_eq!(related(&object(from, json!({})), In, &server), wanted, "{from}");
    }
    check(
        &server,
        &[(
            server.0[0].clone(),
            Out,
            &[
                "claims: persistentvolumeclaim/data?",
                "claims: persistentvolumeclaim/web-0-scratch?",
                "configmaps: configmap/app",
                "secrets: secret/keys?",
                "secrets: secret/pull?",
                "serviceaccount: serviceaccount/robot",
                "priorityclass: priorityclass/high?",
                "runtimeclass: runtimeclass/gvisor?",
                "node: node/n1?",
            ],
        )],
    );
    let plain = object("Pod plain", json!({"spec": {"containers": [{"name": "c"}]}}));
    assert_eq!(
        related(&plain, Out, &server),
        ["serviceaccount: serviceaccount/default?"]
    );
}
