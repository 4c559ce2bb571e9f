//! Verbs on workloads: what is asked for, what is sent, and what is refused.

use konn::core::change::{Change, Edit};
use konn::core::effect::Effect;
use konn::core::event::{Event, TaskId};
use konn::core::outcome::Outcome;
use konn::core::request::Request;
use konn::core::store::Delta;
use konn::ui::{ColorDepth, Theme, export, render};
use serde_json::{Value, json};

use super::stage::{Set, Stage, rows, whole};

/// An object of a workload kind with a template, changed by `more`.
fn workload(api_version: &str, kind: &str, more: Value) -> Value {
    let template = json!({"metadata": {"labels": {"app": "web"}}, "spec": {
        "initContainers": [{"name": "init", "image": "busybox:1"}],
        "containers": [
            {"name": "app", "image": "nginx:1.27", "resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "1", "memory": "64Mi"}}},
            {"name": "side", "image": "envoy:2"}]}});
    let mut object = json!({"apiVersion": api_version, "kind": kind,
        "metadata": {"name": "web", "namespace": "shop", "uid": "u1", "resourceVersion": "7", "generation": 1,
            "creationTimestamp": "2026-11-20T22:00:00Z", "annotations": {"deployment.kubernetes.io/revision": "2"}},
        "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": template},
        "status": {}});
    merge(&mut object, more);
    object
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more,
    }
}

fn deployment(more: Value) -> Value {
    workload("apps/v1", "Deployment", more)
}

fn cron_job(more: Value) -> Value {
    let template = workload("v1", "X", json!({}))["spec"]["template"].clone();
    let mut object = json!({"apiVersion": "batch/v1", "kind": "CronJob",
        "metadata": {"name": "backup", "namespace": "shop", "uid": "u2", "creationTimestamp": "2026-11-20T22:00:00Z"},
        "spec": {"schedule": "* * * * *", "jobTemplate": {"metadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}}, "spec": {"template": template}}}});
    merge(&mut object, more);
    object
}

/// A ReplicaSet of the deployment.
fn set(revision: &str, image: &str) -> Value {
    let mut template = workload("v1", "X", json!({}))["spec"]["template"].clone();
    template["spec"]["containers"][0]["image"] = image.into();
    template["metadata"]["labels"]["pod-template-hash"] = revision.into();
    json!({"metadata": {"name": format!("web-{revision}"), "namespace": "shop", "uid": format!("rs{revision}"), "creationTimestamp": "2026-11-20T22:40:00Z",
            "annotations": {"deployment.kubernetes.io/revision": revision, "kubernetes.io/change-cause": format!("to {image}")},
            "ownerReferences": [{"kind": "Deployment", "name": "web", "uid": "u1", "controller": true}]},
        "spec": {"replicas": 1, "template": template}, "status": {"replicas": 1, "readyReplicas": 1}})
}

/// A table of a view with this object.
fn stage(view: &'static str, object: &Value) -> Stage {
    let mut stage = Stage::new(Set {
        size: (120, 40),
        line: view,
        ..Set::default()
    });
    stage.list(view, rows(view, vec![object.clone()]));
    stage
}

fn calls(effects: &[Effect]) -> Vec<(TaskId, Request)> {
    let call = |effect: &Effect| match effect {
        Effect::Call(task, request) => Some((*task, request.clone())),
        _ => None,
    };
    effects.iter().filter_map(call).collect()
}

fn changes(effects: &[Effect]) -> Vec<Change> {
    let change = |(_, request): (TaskId, Request)| match request {
        Request::Change(change) => Some(*change),
        _ => None,
    };
    calls(effects).into_iter().filter_map(change).collect()
}

/// Presses a verb's key and answers what its dialog reads: the object, and lists by their plural.
fn dialog(stage: &mut Stage, key: &str, object: &Value, lists: &[(&str, Vec<Value>)]) {
    let mut effects = stage.press(key);
    loop {
        let mut next = Vec::new();
        for (task, request) in calls(&effects) {
            let answer = match request {
                Request::Get { .. } => object.clone(),
                Request::Scale { .. } => {
                    json!({"kind": "Scale", "metadata": object["metadata"], "spec": {"replicas": 5}})
                }
                Request::List { resource, .. } => {
                    let items = lists.iter().find(|(plural, _)| *plural == resource.plural);
                    json!({"items": items.map(|(_, items)| items.clone()).unwrap_or_default()})
                }
                _ => continue,
            };
            next.extend(stage.event(Event::Done(task, Outcome::Object(Box::new(answer)))));
        }
        if next.is_empty() {
            return;
        }
        effects = next;
    }
}

fn screen(stage: &Stage) -> String {
    let theme = Theme::load("monochrome", None, ColorDepth::TrueColor).unwrap();
    export::text(&render(&stage.app, &theme))
}

/// What one verb sends, by its keys.
fn sent(
    view: &'static str,
    object: &Value,
    key: &str,
    lists: &[(&str, Vec<Value>)],
    fill: &str,
) -> (Vec<Change>, String) {
    let mut stage = stage(view, object);
    dialog(&mut stage, key, object, lists);
    stage.press(fill);
    let shown = screen(&stage);
    (changes(&stage.press("enter")), shown)
}

#[test]
fn each_verb_sends_one_change_and_shows_its_command() {
    let now = deployment(json!({}));
    let paused = deployment(json!({"spec": {"paused": true}}));
    let sets = || vec![("replicasets", vec![set("1", "nginx:1.25"), set("2", "nginx:1.27")])];
    let running = cron_job(json!({}));
    let suspended = cron_job(json!({"spec": {"suspend": true}}));
    let job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "one", "namespace": "shop", "uid": "u3"}, "spec": {}});
    let pause = |paused: Value| Edit::Strategic(json!({"spec": {"paused": paused}}));
    let suspend = |suspend: bool| Edit::Strategic(json!({"spec": {"suspend": suspend}}));
    let image = |field: &str, name: &str, image: &str| json!({field: [{"name": name, "image": image}]});
    let resources = |resources: Value| json!({"containers": [{"name": "app", "resources": resources}]});
    let template = |inner: Value| Edit::Strategic(json!({"spec": {"template": {"spec": inner}}}));
    let cases: Vec<(&str, &Value, &str, &str, &str, Edit)> = vec![
        (
            "deployments",
            &now,
            "x r p",
            "",
            "kubectl rollout pause deployment/web -n shop",
            pause(json!(true)),
        ),
        (
            "deployments",
            &paused,
            "x r r",
            "",
            "kubectl rollout resume deployment/web -n shop",
            pause(json!(null)),
        ),
        (
            "deployments",
            &now,
            "x i",
            "tab \"0\"",
            "kubectl set image deployment/web -n shop app=nginx:1.270",
            template(image("containers", "app", "nginx:1.270")),
        ),
        (
            "deployments",
            &now,
            "x i",
            "\"2\"",
            "kubectl set image deployment/web -n shop init=busybox:12",
            template(image("initContainers", "init", "busybox:12")),
        ),
        (
            "cronjobs",
            &running,
            "x i",
            "\"2\"",
            "kubectl set image cronjob/backup -n shop init=busybox:12",
            Edit::Strategic(
                json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": image("initContainers", "init", "busybox:12")}}}}}),
            ),
        ),
        (
            "deployments",
            &now,
            "x m",
            "tab tab tab tab backspace \"0m\" tab backspace",
            "kubectl patch deployment/web -n shop --type=strategic -p",
            template(resources(
                json!({"requests": {"cpu": "1000m"}, "limits": {"cpu": null}}),
            )),
        ),
        (
            "deployments",
            &now,
            "x m",
            "tab tab tab tab tab \"2\" tab \"8Mi\"",
            "kubectl set resources deployment/web -n shop -c=app --limits=cpu=12 --requests=memory=8Mi",
            template(resources(
                json!({"requests": {"memory": "8Mi"}, "limits": {"cpu": "12"}}),
            )),
        ),
        (
            "cronjobs",
            &running,
            "x j s",
            "",
            "kubectl patch cronjob/backup -n shop --type=strategic -p '{\"spec\":{\"suspend\":true}}'",
            suspend(true),
        ),
        (
            "cronjobs",
            &suspended,
            "x j r",
            "",
            "kubectl patch cronjob/backup -n shop --type=strategic -p '{\"spec\":{\"suspend\":false}}'",
            suspend(false),
        ),
        (
            "jobs",
            &job,
            "x j s",
            "",
            "kubectl patch job/one -n shop --type=strategic -p '{\"spec\":{\"suspend\":true}}'",
            suspend(true),
        ),
    ];
    for (view, object, key, fill, command, edit) in cases {
        let (sent, shown) = sent(view, object, key, &sets(), fill);
        assert_eq!(sent.len(), 1, "{key} {fill}\n{shown}");
        assert!(sent[0].kubectl.starts_with(command), "{key}: {}", sent[0].kubectl);
        assert_eq!((&sent[0].edit, sent[0].dry_run), (&edit, false), "{key}");
        let begin: String = command.chars().take(60).collect();
        assert!(shown.contains(&begin), "{key} shows {command}\n{shown}");
    }
}

#[test]
fn what_cannot_be_says_why_and_sends_nothing() {
    let now = deployment(json!({}));
    let paused = deployment(json!({"spec": {"paused": true}}));
    let done = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "one", "namespace": "shop", "uid": "u3"}, "spec": {},
        "status": {"conditions": [{"type": "Complete", "status": "True"}]}});
    let one = || vec![("replicasets", vec![set("2", "nginx:1.27")])];
    let two = || vec![("replicasets", vec![set("1", "nginx:1.25"), set("2", "nginx:1.27")])];
    let newer = || vec![("replicasets", vec![set("2", "nginx:1.27"), set("3", "nginx:1.28")])];
    for (view, object, key, lists, fill, why) in [
        (
            "deployments",
            &paused,
            "x r p",
            one(),
            "",
            "deployment/web is already paused",
        ),
        ("deployments", &now, "x r r", one(), "", "deployment/web is not paused"),
        ("deployments", &now, "x r u", one(), "", "no rollout history found"),
        (
            "deployments",
            &now,
            "x r u",
            newer(),
            "",
            "skipped rollback (current template already matches revision 0)",
        ),
        (
            "deployments",
            &paused,
            "x r u",
            two(),
            "",
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume",
        ),
        ("deployments", &now, "x i", one(), "tab ctrl-u", "Type an image"),
        ("deployments", &now, "x i", one(), "tab \"x y\"", "Type an image"),
        ("deployments", &now, "x m", one(), "\"x\"", "This is no quantity"),
        ("deployments", &now, "x m", one(), "\"-1\"", "This is no quantity"),
        (
            "deployments",
            &now,
            "x m",
            one(),
            "tab tab tab tab ctrl-u \"2\"",
            "must not be more than the limit",
        ),
        ("jobs", &done, "x j s", one(), "", "has finished"),
        (
            "deployments",
            &now,
            "x h",
            one(),
            "tab ctrl-u \"1\"",
            "must not be less",
        ),
        (
            "deployments",
            &now,
            "x h",
            one(),
            "tab tab ctrl-u \"x\"",
            "Type a percentage",
        ),
    ] {
        let fill = fill.replace("\"x y\"", "\"x\" space \"y\"");
        let (sent, shown) = sent(view, object, key, &lists, &fill);
        assert!(sent.is_empty(), "{key} {fill}: {sent:?}");
        assert!(shown.replace("\n", " ").contains(why), "{key} {fill}: {why}\n{shown}");
    }
}

#[test]
fn verbs_are_offered_on_their_kinds_only() {
    let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "namespace": "shop"}});
    for key in [
        "S", "x i", "x m", "x h", "x r s", "x r h", "x r u", "x r p", "x r r", "x j t", "x j s", "x j r",
    ] {
        let mut stage = stage("configmaps", &config);
        assert!(calls(&stage.press(key)).is_empty(), "{key}");
        assert!(
            stage.app.layers.is_empty() && stage.app.notice.is_some(),
            "{key} says why"
        );
    }
}

#[test]
fn undo_takes_template_and_cause_of_the_revision_that_is_chosen() {
    let now = deployment(json!({}));
    let lists = || {
        vec![(
            "replicasets",
            vec![set("1", "nginx:1.20"), set("3", "nginx:1.25"), set("4", "nginx:1.27")],
        )]
    };
    for (fill, flag, revision, image) in [
        ("", "", "3", "nginx:1.25"),
        ("right right", " --to-revision=1", "1", "nginx:1.20"),
    ] {
        let (sent, shown) = sent("deployments", &now, "x r u", &lists(), fill);
        assert_eq!(
            sent[0].kubectl,
            format!("kubectl rollout undo deployment/web -n shop{flag}"),
            "{shown}"
        );
        let Edit::Json(patch) = &sent[0].edit else {
            panic!("{:?}", sent[0].edit)
        };
        assert_eq!(patch[0]["path"], "/spec/template");
        assert_eq!(patch[0]["value"]["spec"]["containers"][0]["image"], image);
        assert_eq!(patch[0]["value"]["metadata"]["labels"], json!({"app": "web"}));
        assert_eq!(
            patch[1]["value"],
            json!({"deployment.kubernetes.io/revision": "2", "kubernetes.io/change-cause": format!("to {image}")})
        );
        assert!(
            shown.contains(&format!("Revision {revision}: ")) && shown.contains(image),
            "{shown}"
        );
    }
}

#[test]
fn a_job_is_started_as_kubectl_starts_it() {
    let (sent, shown) = sent(
        "cronjobs",
        &cron_job(json!({"spec": {"suspend": true}})),
        "x j t",
        &[],
        "",
    );
    let name = "backup-manual-1120-224631";
    assert_eq!(
        sent[0].kubectl,
        format!("kubectl create job {name} --from=cronjob/backup -n shop")
    );
    assert_eq!((&*sent[0].resource.plural, sent[0].name.as_str()), ("jobs", name));
    let Edit::Create(job) = &sent[0].edit else {
        panic!("{:?}", sent[0].edit)
    };
    assert_eq!(
        job["metadata"],
        json!({"name": name, "namespace": "shop", "labels": {"a": "b"},
            "annotations": {"cronjob.kubernetes.io/instantiate": "manual", "c": "d"},
            "ownerReferences": [{"apiVersion": "batch/v1", "kind": "CronJob", "name": "backup", "uid": "u2", "controller": true}]})
    );
    assert!(job["spec"]["template"]["spec"]["containers"].is_array());
    assert!(shown.contains("is suspended"), "{shown}");
}

#[test]
fn autoscale_makes_an_autoscaler_or_changes_the_one_that_is_there() {
    let now = deployment(json!({}));
    let (made, shown) = sent("deployments", &now, "x h", &[], "");
    assert_eq!(
        made[0].kubectl,
        "kubectl autoscale deployment/web -n shop --min=2 --max=4 --cpu-percent=80"
    );
    assert!(shown.contains("Not every container requests CPU"), "{shown}");
    let Edit::Create(object) = &made[0].edit else {
        panic!("{:?}", made[0].edit)
    };
    assert_eq!(
        object["spec"],
        json!({"minReplicas": 2, "maxReplicas": 4, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]})
    );
    let existing = json!({"metadata": {"name": "old", "namespace": "shop"}, "spec": {"minReplicas": 1, "maxReplicas": 5,
        "scaleTargetRef": {"kind": "Deployment", "name": "web"}, "metrics": [{"type": "Pods", "pods": {"metric": {"name": "rps"}}}]}});
    let lists = [("horizontalpodautoscalers", vec![existing])];
    let (changed, shown) = sent("deployments", &now, "x h", &lists, "tab + tab \"50\"");
    assert!(shown.contains("The autoscaler old scales it already"), "{shown}");
    assert_eq!(
        (changed[0].name.as_str(), &*changed[0].resource.kind),
        ("old", "HorizontalPodAutoscaler")
    );
    let Edit::Merge(patch) = &changed[0].edit else {
        panic!("{:?}", changed[0].edit)
    };
    assert_eq!(patch["spec"]["maxReplicas"], 6);
    assert_eq!(
        patch["spec"]["metrics"].as_array().unwrap().len(),
        2,
        "the other metric stays"
    );
    assert!(patch["spec"].get("minReplicas").is_none());
}

/// Brings an object, and lists, on the watches of whole objects that a layer opened.
fn bring(stage: &mut Stage, plural: &str, objects: Vec<Value>) {
    let mut deltas = vec![Delta::Listing(None)];
    deltas.extend(objects.iter().map(|object| Delta::Apply(whole(object))));
    deltas.push(Delta::Listed(None));
    stage.deltas(plural, deltas);
}

#[test]
fn the_history_lists_revisions_shows_templates_and_differences() {
    let now = deployment(json!({}));
    let mut stage = stage("deployments", &now);
    stage.press("x r h");
    bring(&mut stage, "deployments", vec![now]);
    bring(
        &mut stage,
        "replicasets",
        vec![set("1", "nginx:1.25"), set("2", "nginx:1.27")],
    );
    let shown = screen(&stage);
    for wanted in [
        "REVISION",
        "CHANGE-CAUSE",
        "to nginx:1.25",
        "busybox:1, nginx:1.25, envoy:2",
        "● current",
        "6m31s",
    ] {
        assert!(shown.contains(wanted), "{wanted}\n{shown}");
    }
    stage.press("j enter");
    let shown = screen(&stage);
    assert!(
        shown.contains("with revision #1") && shown.contains("kubernetes.io/change-cause: to nginx:1.25"),
        "{shown}"
    );
    stage.press("esc m k enter");
    let shown = screen(&stage);
    assert!(shown.contains("from revision 1 to 2"), "{shown}");
    assert!(
        shown.contains("-   - image: nginx:1.25") && shown.contains("+   - image: nginx:1.27"),
        "{shown}"
    );
}

#[test]
fn the_status_is_kubectls_and_ends_by_itself() {
    let status = |status: Value| deployment(json!({"metadata": {"generation": 2}, "status": status}));
    let at = |updated: i64, ready: i64| {
        status(json!({"observedGeneration": 2, "replicas": 2, "updatedReplicas": updated, "availableReplicas": ready}))
    };
    let mut stage = stage("deployments", &at(1, 1));
    stage.press("x r s");
    bring(&mut stage, "deployments", vec![at(1, 1)]);
    bring(
        &mut stage,
        "replicasets",
        vec![set("1", "nginx:1.25"), set("2", "nginx:1.27")],
    );
    let stuck = json!({"metadata": {"name": "web-2-x", "namespace": "shop", "uid": "p1"}, "status": {"containerStatuses": [
        {"state": {"waiting": {"reason": "ErrImagePull", "message": "no such image"}}}]}});
    bring(&mut stage, "pods", vec![stuck]);
    let shown = screen(&stage);
    for wanted in [
        "1 out of 2 new replicas have been updated...",
        "new  web-2",
        "old  web-1",
        "pod/web-2-x: ErrImagePull - no such image",
        "undo the rollout",
    ] {
        assert!(shown.contains(wanted), "{wanted}\n{shown}");
    }
    let mut late = at(1, 1);
    late["status"]["conditions"] =
        json!([{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]);
    stage.deltas("deployments", vec![Delta::Apply(whole(&late))]);
    let shown = screen(&stage);
    assert!(
        shown.contains("✗ deployment \"web\" exceeded its progress deadline")
            && shown.contains("No progress for 600 seconds"),
        "{shown}"
    );
    let open = stage.open_watches().len();
    let mut done = at(2, 2);
    done["metadata"]["resourceVersion"] = "9".into();
    stage.deltas("deployments", vec![Delta::Apply(whole(&done))]);
    let shown = screen(&stage);
    assert!(
        shown.contains("✓ deployment \"web\" successfully rolled out") && shown.contains("✓ over"),
        "{shown}"
    );
    assert_eq!(
        stage.open_watches().len(),
        open - 3,
        "nothing of it is watched any more"
    );
}

#[test]
fn a_rollout_is_shown_after_a_change_where_it_was_asked_for() {
    let now = deployment(json!({}));
    for (fill, layers) in [("", 0), ("space", 1)] {
        let mut stage = stage("deployments", &now);
        dialog(&mut stage, "R", &now, &[]);
        stage.press(fill);
        let effects = stage.press("enter");
        let (task, _) = calls(&effects)[0].clone();
        stage.event(Event::Done(task, Outcome::Object(Box::new(json!({})))));
        assert_eq!(stage.app.layers.len(), layers, "{fill}");
    }
}
