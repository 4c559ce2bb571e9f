//! Verbs on workloads.

use serde_json::json;

use super::kinds::{autoscaler, cron_job, deployment, gizmo, job, revised, stored_pod, workload};

/// Three rows.
const THREE: [&str; 3] = ["web-a", "web-b", "web-c"];

super::cases! {
    scale: "scale", ["web"], |name| deployment(name, &json!({})), "deployments shop", "+",
        "kubectl scale deployment/web -n shop --replicas=3";
    scale_to_none: "scale", ["web"], |name| deployment(name, &json!({})), "deployments shop", "ctrl-u \"0\"",
        "kubectl scale deployment/web -n shop --replicas=0";
    scale_many: "scale", THREE, |name| deployment(name, &json!({})), "deployments shop", "+",
        "kubectl scale deployment/web-a -n shop --replicas=3";
    scale_a_stateful_set: "scale", ["db"], |name| revised("StatefulSet", name), "statefulsets shop", "-",
        "kubectl scale statefulset/db -n shop --replicas=1";
    scale_a_replica_set: "scale", ["web"], |name| vec![workload("ReplicaSet", name, &json!({}))], "replicasets shop", "+",
        "kubectl scale replicaset/web -n shop --replicas=3";
    scale_a_custom_kind: "scale", ["g"], gizmo, "gizmos shop", "+",
        "kubectl scale gizmos.toys.example.com/g -n shop --replicas=5";
    restart: "restart", ["web"], |name| deployment(name, &json!({})), "deployments shop", "",
        "kubectl rollout restart deployment/web -n shop";
    restart_many: "restart", THREE, |name| deployment(name, &json!({})), "deployments shop", "",
        "kubectl rollout restart deployment/web-a -n shop";
    restart_a_daemon_set: "restart", ["agent"], |name| revised("DaemonSet", name), "daemonsets shop", "",
        "kubectl rollout restart daemonset/agent -n shop";
    restart_a_stateful_set: "restart", ["db"], |name| revised("StatefulSet", name), "statefulsets shop", "",
        "kubectl rollout restart statefulset/db -n shop";
    image: "set_image", ["web"], |name| deployment(name, &json!({})), "deployments shop", "\"2\" tab \"1\"",
        "kubectl set image deployment/web -n shop init=busybox:12 app=nginx:1.271";
    image_of_many: "set_image", THREE, |name| deployment(name, &json!({})), "deployments shop", "tab \"1\"",
        "kubectl set image deployment/web-a -n shop app=nginx:1.271";
    image_of_a_cron_job: "set_image", ["backup"], |name| vec![cron_job(name, false)], "cronjobs shop", "\"2\"",
        "kubectl set image cronjob/backup -n shop init=busybox:12";
    image_of_a_pod: "set_image", ["web"], |name| vec![stored_pod(name)], "pods shop", "\"9\"",
        "kubectl set image pod/web -n shop ";
    image_by_digest: "set_image", ["db"], |name| revised("StatefulSet", name), "statefulsets shop",
        "tab ctrl-u \"registry.example.com:5000/team/api@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"",
        "kubectl set image statefulset/db -n shop app=registry.example.com:5000/team/api@sha256:";
    resources: "set_resources", ["web"], |name| deployment(name, &json!({})), "deployments shop",
        "tab tab tab tab backspace backspace backspace backspace \"200m\" tab tab \"8Mi\" tab \"64Mi\"",
        "kubectl set resources deployment/web -n shop -c=app --limits=memory=64Mi --requests=cpu=200m,memory=8Mi";
    resources_of_an_init_container: "set_resources", ["web"], |name| deployment(name, &json!({})), "deployments shop", "\"5m\"",
        "kubectl set resources deployment/web -n shop -c=init --requests=cpu=5m";
    resources_taken_away: "set_resources", ["web"], |name| deployment(name, &json!({})), "deployments shop",
        "tab tab tab tab ctrl-u tab ctrl-u", "kubectl patch deployment/web";
    resources_of_two: "set_resources", ["web"], |name| deployment(name, &json!({})), "deployments shop",
        "\"5m\" tab tab tab tab tab \"2\"", "kubectl patch deployment/web";
    resources_of_a_cron_job: "set_resources", ["backup"], |name| vec![cron_job(name, false)], "cronjobs shop", "\"5m\"",
        "kubectl set resources cronjob/backup -n shop -c=init --requests=cpu=5m";
    resources_of_a_daemon_set: "set_resources", ["agent"], |name| revised("DaemonSet", name), "daemonsets shop", "tab \"5m\"",
        "kubectl set resources daemonset/agent -n shop -c=init --limits=cpu=5m";
    undo: "rollout_undo", ["web"], |name| deployment(name, &json!({})), "deployments shop", "",
        "kubectl rollout undo deployment/web -n shop";
    undo_to: "rollout_undo", ["web"], |name| deployment(name, &json!({})), "deployments shop", "right",
        "kubectl rollout undo deployment/web -n shop --to-revision=1";
    undo_a_daemon_set: "rollout_undo", ["agent"], |name| revised("DaemonSet", name), "daemonsets shop", "",
        "kubectl rollout undo daemonset/agent -n shop";
    undo_a_stateful_set: "rollout_undo", ["db"], |name| revised("StatefulSet", name), "statefulsets shop", "right",
        "kubectl rollout undo statefulset/db -n shop --to-revision=1";
    pause: "rollout_pause", ["web"], |name| deployment(name, &json!({})), "deployments shop", "",
        "kubectl rollout pause deployment/web -n shop";
    pause_many: "rollout_pause", THREE, |name| deployment(name, &json!({})), "deployments shop", "",
        "kubectl rollout pause deployment/web-a -n shop";
    resume: "rollout_resume", ["web"], |name| deployment(name, &json!({"paused": true})), "deployments shop", "",
        "kubectl rollout resume deployment/web -n shop";
    resume_many: "rollout_resume", THREE, |name| deployment(name, &json!({"paused": true})), "deployments shop", "",
        "kubectl rollout resume deployment/web-a -n shop";
    suspend: "suspend", ["backup"], |name| vec![cron_job(name, false)], "cronjobs shop", "", "kubectl patch cronjob/backup";
    suspend_many: "suspend", THREE, |name| vec![cron_job(name, false)], "cronjobs shop", "", "kubectl patch cronjob/web-a";
    suspend_a_job: "suspend", ["once"], |name| vec![job(name)], "jobs shop", "", "kubectl patch job/once -n shop";
    unsuspend: "unsuspend", ["backup"], |name| vec![cron_job(name, true)], "cronjobs shop", "", "kubectl patch cronjob/backup";
    unsuspend_many: "unsuspend", THREE, |name| vec![cron_job(name, true)], "cronjobs shop", "", "kubectl patch cronjob/web-a";
    trigger: "trigger", ["backup"], |name| vec![cron_job(name, false)], "cronjobs shop", "ctrl-u \"by-hand\"",
        "kubectl create job by-hand --from=cronjob/backup -n shop";
    unsuspend_a_job: "unsuspend", ["once"], |name| {
        let mut job = job(name);
        job["spec"]["suspend"] = true.into();
        vec![job]
    }, "jobs shop", "", "kubectl patch job/once -n shop";
    trigger_a_suspended_one: "trigger", ["backup"], |name| vec![cron_job(name, true)], "cronjobs shop", "ctrl-u \"by-hand\"",
        "kubectl create job by-hand --from=cronjob/backup -n shop";
    autoscale: "autoscale", ["web"], |name| deployment(name, &json!({})), "deployments shop", "",
        "kubectl autoscale deployment/web -n shop --min=2 --max=4 --cpu-percent=80";
    autoscale_by_default: "autoscale", ["db"], |name| revised("StatefulSet", name), "statefulsets shop", "tab + tab ctrl-u",
        "kubectl autoscale statefulset/db -n shop --min=2 --max=5";
    autoscale_anew: "autoscale", ["web"], |name| vec![workload("Deployment", name, &json!({})), autoscaler(name)],
        "deployments shop", "+ tab \"0\"", "kubectl patch horizontalpodautoscaler/old";
}
