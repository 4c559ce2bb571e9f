//! Verbs on nodes, claims, quotas and contexts: what is asked, what is sent, and what is refused.

use konn::core::change::Edit;
use konn::core::effect::Effect;
use konn::core::event::Event;
use konn::core::kubeconfig::KubeconfigEdit;
use konn::core::outcome::Outcome;
use konn::core::request::Request;
use serde_json::{Value, json};

use super::changes::{calls, changes, notice, screen};
use super::stage::{Set, Stage, rows};

fn node(name: &str, taints: Value, unschedulable: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Node",
        "metadata": {"name": name, "uid": format!("uid-{name}"), "resourceVersion": "7"},
        "spec": {"taints": taints, "unschedulable": unschedulable}, "status": {}})
}

fn pod(name: &str, owner: Option<&str>, tolerations: Value) -> Value {
    let owners = owner.map(|name| json!([{"kind": "ReplicaSet", "name": name, "controller": true}]));
    json!({"metadata": {"namespace": "shop", "name": name, "uid": format!("uid-{name}"), "ownerReferences": owners,
            "labels": {"app": "web"}},
        "spec": {"nodeName": "n1", "tolerations": tolerations}, "status": {"phase": "Running"}})
}

/// A stage on a view with these objects.
fn stage(view: &'static str, objects: Vec<Value>) -> Stage {
    let mut stage = Stage::new(Set {
        size: (140, 45),
        line: view,
        ..Set::default()
    });
    stage.list(view, rows(view, objects));
    stage
}

/// Answers what is read by kind: single objects by name, lists by plural.
fn answer(stage: &mut Stage, mut effects: Vec<Effect>, objects: &[Value], lists: &[(&str, Value)]) {
    while !effects.is_empty() {
        let mut next = Vec::new();
        for (task, request) in calls(&effects) {
            let found = match &request {
                Request::Get { name, .. } => objects
                    .iter()
                    .find(|object| object["metadata"]["name"] == **name)
                    .cloned(),
                Request::List { resource, .. } => {
                    let list = lists.iter().find(|(plural, _)| *plural == resource.plural);
                    Some(json!({"items": list.map(|(_, items)| items.clone()).unwrap_or(json!([]))}))
                }
                _ => continue,
            };
            if let Some(found) = found {
                next.extend(stage.event(Event::Done(task, Outcome::Object(Box::new(found)))));
            }
        }
        effects = next;
    }
}

#[test]
fn cordon_sends_nothing_where_it_is_so_already() {
    let nodes = vec![
        node("n1", json!(null), json!(true)),
        node("n2", json!(null), json!(null)),
    ];
    for (keys, wanted) in [
        (
            "x c",
            vec![("n2", "kubectl cordon n2", json!({"spec": {"unschedulable": true}}))],
        ),
        (
            "x C",
            vec![("n1", "kubectl uncordon n1", json!({"spec": {"unschedulable": null}}))],
        ),
    ] {
        let mut stage = stage("nodes", nodes.clone());
        let effects = stage.press(&format!("space space {keys}"));
        answer(&mut stage, effects, &nodes, &[]);
        let sent = changes(&stage.press("enter"));
        let sent: Vec<_> = sent
            .iter()
            .map(|change| match &change.edit {
                Edit::Strategic(patch) => (change.name.as_str(), change.kubectl.as_str(), patch.clone()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(sent, wanted);
    }
}

#[test]
fn a_taint_is_checked_shows_whom_it_evicts_and_is_sent_with_the_version() {
    let nodes = [node(
        "n1",
        json!([{"key": "env", "value": "prod", "effect": "NoExecute"}]),
        json!(null),
    )];
    let pods = json!([
        pod(
            "web-1",
            Some("web-abc"),
            json!([{"key": "gpu", "operator": "Exists", "tolerationSeconds": 60}])
        ),
        pod("bare", None, json!(null)),
        pod("bears", Some("web-abc"), json!([{"operator": "Exists"}])),
    ]);
    let mut stage = stage("nodes", nodes.to_vec());
    let effects = stage.press("x t");
    answer(&mut stage, effects, &nodes, &[("pods", pods)]);
    assert!(screen(&stage).contains("env=prod:NoExecute"), "{}", screen(&stage));
    // The key is completed from what is there; the effect is the third of three.
    stage.press("\"_\"");
    assert!(screen(&stage).contains("no key of a taint"), "{}", screen(&stage));
    assert!(changes(&stage.press("enter")).is_empty());
    stage.press("backspace \"en\" right tab \"dev\" tab right");
    let shown = screen(&stage);
    assert!(
        shown.contains("has a taint with this key and effect already: env=prod:NoExecute"),
        "{shown}"
    );
    assert!(changes(&stage.press("enter")).is_empty());
    stage.press("space");
    let shown = screen(&stage);
    assert!(
        shown.contains("$ kubectl taint nodes n1 env=dev:NoExecute --overwrite"),
        "{shown}"
    );
    let sent = changes(&stage.press("enter"));
    assert_eq!(
        sent[0].edit,
        Edit::Merge(json!({"metadata": {"resourceVersion": "7"},
            "spec": {"taints": [{"effect": "NoExecute", "key": "env", "value": "dev"}]}}))
    );
}

#[test]
fn no_execute_names_the_pods_that_go_and_when() {
    let nodes = [node("n1", json!(null), json!(null))];
    let pods = json!([
        pod(
            "web-1",
            Some("web-abc"),
            json!([{"key": "gpu", "operator": "Exists", "tolerationSeconds": 60}])
        ),
        pod("bare", None, json!(null)),
        pod("bears", Some("web-abc"), json!([{"operator": "Exists"}])),
    ]);
    let mut stage = stage("nodes", nodes.to_vec());
    let effects = stage.press("x t");
    answer(&mut stage, effects, &nodes, &[("pods", pods)]);
    stage.press("\"gpu\" tab tab");
    assert!(
        !screen(&stage).contains("have to go: "),
        "only NoExecute drives pods away"
    );
    stage.press("right");
    let shown = screen(&stage);
    for wanted in [
        "have to go: 2",
        "shop/web-1  replicaset/web-abc  after 60 s",
        "shop/bare  nobody makes another",
    ] {
        assert!(shown.contains(wanted), "{wanted}\n{shown}");
    }
    assert!(!shown.contains("shop/bears"), "{shown}");
}

#[test]
fn untaint_offers_what_is_there_and_an_absent_one_is_an_error() {
    let one = node(
        "n1",
        json!([{"key": "env", "effect": "NoExecute"}, {"key": "env", "effect": "NoSchedule"}]),
        json!(null),
    );
    let mut single = stage("nodes", vec![one.clone()]);
    let effects = single.press("x T");
    answer(&mut single, effects, std::slice::from_ref(&one), &[]);
    let sent = changes(&single.press("right enter"));
    assert_eq!(
        sent[0].kubectl, "kubectl taint nodes n1 env-",
        "both effects of the key"
    );
    assert_eq!(
        sent[0].edit,
        Edit::Merge(json!({"metadata": {"resourceVersion": "7"}, "spec": {"taints": null}}))
    );
    let nodes = [one, node("n2", json!([]), json!(null))];
    let mut both = stage("nodes", nodes.to_vec());
    let effects = both.press("space space x T");
    answer(&mut both, effects, &nodes, &[]);
    assert!(changes(&both.press("enter")).is_empty());
    assert!(
        screen(&both).contains("node/n2 has no taint env:NoExecute"),
        "{}",
        screen(&both)
    );
}

#[test]
fn a_claim_only_grows_and_only_where_its_class_allows() {
    let claim = |phase: &str, class: &str| {
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim",
            "metadata": {"name": "data", "namespace": "shop", "uid": "u", "resourceVersion": "7"},
            "spec": {"storageClassName": class, "resources": {"requests": {"storage": "1Gi"}}},
            "status": {"phase": phase, "capacity": {"storage": "1Gi"},
                "conditions": [{"type": "FileSystemResizePending", "status": "True", "message": "waiting for a pod"}]}})
    };
    let class = |name: &str, allow: Value| json!({"metadata": {"name": name}, "allowVolumeExpansion": allow});
    for (phase, of, size, wanted) in [
        ("Bound", "grows", "2Gi", Ok(())),
        ("Bound", "unread", "1.5Gi", Ok(())),
        ("Bound", "grows", "512Mi", Err("can only grow")),
        ("Bound", "grows", "2GB", Err("This is no size")),
        ("Bound", "fixed", "2Gi", Err("does not let its claims grow")),
        ("Bound", "", "2Gi", Err("has no storage class")),
        ("Pending", "grows", "2Gi", Err("only a bound claim")),
    ] {
        let objects = [
            claim(phase, of),
            class("grows", json!(true)),
            class("fixed", json!(null)),
        ];
        let mut stage = stage("persistentvolumeclaims", vec![objects[0].clone()]);
        let effects = stage.press("x z");
        answer(&mut stage, effects.clone(), &objects, &[]);
        // A class that may not be read: the server decides.
        if of == "unread" {
            let asked = calls(&stage.effects);
            let (task, _) = asked
                .iter()
                .rfind(|(_, request)| request.kubectl().contains("storageclasses"))
                .unwrap();
            let trouble =
                konn::core::trouble::Trouble::new(konn::core::trouble::TroubleKind::Forbidden, "trouble.forbidden");
            stage.event(Event::Done(*task, Outcome::Failed(trouble)));
        }
        assert!(screen(&stage).contains("FileSystemResizePending"), "{}", screen(&stage));
        let sent = changes(&stage.press(&format!("ctrl-u \"{size}\" enter")));
        match wanted {
            Ok(()) => {
                assert_eq!(
                    sent[0].edit,
                    Edit::Merge(json!({"spec": {"resources": {"requests": {"storage": size}}}})),
                    "{size}"
                );
            }
            Err(why) => assert!(
                sent.is_empty() && screen(&stage).contains(why),
                "{why}\n{}",
                screen(&stage)
            ),
        }
    }
}

#[test]
fn a_quotas_figures_stand_beside_what_is_used() {
    let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": {"name": "team", "namespace": "shop", "uid": "u", "resourceVersion": "7"},
        "spec": {"hard": {"pods": "4", "requests.cpu": "800m"}},
        "status": {"hard": {"pods": "4"}, "used": {"pods": "3", "requests.cpu": "400m"}}});
    let mut stage = stage("resourcequotas", vec![quota.clone()]);
    let effects = stage.press("x q");
    answer(&mut stage, effects, std::slice::from_ref(&quota), &[]);
    assert!(screen(&stage).contains("used 400m"), "{}", screen(&stage));
    stage.press("ctrl-u \"1.5\"");
    assert!(screen(&stage).contains("must be an integer"), "{}", screen(&stage));
    assert!(changes(&stage.press("enter")).is_empty());
    stage.press("ctrl-u \"2\" tab ctrl-u \"0.8\"");
    assert!(
        screen(&stage).contains("pods would be below what is used (3)"),
        "{}",
        screen(&stage)
    );
    // One is taken away, and another one added.
    stage.press("ctrl-u tab \"nonsense\" tab \"3\"");
    assert!(
        screen(&stage).contains("The server counts no such resource"),
        "{}",
        screen(&stage)
    );
    stage.press("backtab ctrl-u \"limits.mem\" right");
    let sent = changes(&stage.press("enter"));
    assert_eq!(
        sent[0].edit,
        Edit::Merge(json!({"spec": {"hard": {"pods": "2", "requests.cpu": null, "limits.memory": "3"}}}))
    );
    let (task, _) = calls(&stage.effects)[calls(&stage.effects).len() - 1].clone();
    stage.event(Event::Done(task, Outcome::Object(Box::new(json!({})))));
    let effects = stage.press("x q");
    answer(&mut stage, effects, std::slice::from_ref(&quota), &[]);
    let sent = changes(&stage.press("ctrl-u \"2\" tab ctrl-u \"0.8\" enter"));
    assert_eq!(
        sent[0].edit,
        Edit::Merge(json!({"spec": {"hard": {"pods": "2"}}})),
        "800m is 0.8"
    );
    assert_eq!(
        sent[0].kubectl,
        r#"kubectl patch resourcequota/team -n shop --type=merge -p '{"spec":{"hard":{"pods":"2"}}}'"#
    );
}

fn contexts() -> Stage {
    let context = |name: &str| json!({"metadata": {"name": name, "uid": name}, "current": name == "minikube"});
    stage("contexts", vec![context("minikube"), context("other")])
}

fn kubeconfig(effects: &[Effect]) -> Vec<KubeconfigEdit> {
    let edit = |effect: &Effect| match effect {
        Effect::Kubeconfig(_, edit) => Some(edit.clone()),
        _ => None,
    };
    effects.iter().filter_map(edit).collect()
}

#[test]
fn contexts_are_renamed_deleted_and_given_a_namespace() {
    for (keys, finish, command) in [
        ("j x k m", "\"-2\" enter", "kubectl config rename-context other other-2"),
        (
            "j x k n",
            "\"shop\" enter",
            "kubectl config set-context other --namespace=shop",
        ),
        ("j x k X", "right enter", "kubectl config delete-context other"),
    ] {
        let mut stage = contexts();
        assert!(kubeconfig(&stage.press(keys)).is_empty());
        let effects = stage.press(finish);
        let edits = kubeconfig(&effects);
        assert_eq!(edits.len(), 1, "{keys}\n{}", screen(&stage));
        assert_eq!(edits[0].kubectl(), command);
        let Some(Effect::Kubeconfig(task, _)) = effects.iter().find(|effect| matches!(effect, Effect::Kubeconfig(..)))
        else {
            panic!("{effects:?}")
        };
        let done = json!({"path": "/home/me/.kube/config", "lostCurrent": keys == "j x k X"});
        stage.event(Event::Done(*task, Outcome::Object(Box::new(done))));
        assert!(stage.app.layers.is_empty() && notice(&stage).contains("/home/me/.kube/config"));
        stage.press("H");
        assert!(screen(&stage).contains(command), "{}", screen(&stage));
    }
}

#[test]
fn what_must_not_happen_to_a_context_does_not() {
    let mut open = contexts();
    open.press("x k X");
    assert!(notice(&open).contains("This context is open"), "{}", notice(&open));
    let mut sure = contexts();
    assert!(
        kubeconfig(&sure.press("j x X enter")).is_empty(),
        "enter alone deletes nothing"
    );
    assert!(sure.app.layers.is_empty());
    for keys in ["x k m", "x k n", "j x k X"] {
        let mut read_only = contexts();
        read_only.app.policy.read_only = true;
        read_only.press(keys);
        assert!(
            read_only.app.layers.is_empty() && notice(&read_only).contains("read-only"),
            "{keys}"
        );
    }
    let mut bad = contexts();
    assert!(kubeconfig(&bad.press("x k n ctrl-u \"No_\" enter")).is_empty());
    assert!(kubeconfig(&bad.press("ctrl-u enter")).is_empty());
    let mut renamed = contexts();
    assert!(
        kubeconfig(&renamed.press("x k m enter")).is_empty(),
        "it has that name already"
    );
    // A context that is renamed while it is open is opened by its new name.
    let effects = renamed.press("\"2\" enter");
    let Some(Effect::Kubeconfig(task, _)) = effects.first() else {
        panic!("{effects:?}")
    };
    let effects = renamed.event(Event::Done(*task, Outcome::Object(Box::new(json!({"path": "p"})))));
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Connect(name) if name == "minikube2")),
        "{effects:?}"
    );
}

#[test]
fn a_drain_asks_whether_pods_may_be_evicted_where_they_are() {
    let nodes = [node("n1", json!(null), json!(null))];
    let pods = json!([pod("web-1", Some("web-abc"), json!(null))]);
    let mut stage = stage("nodes", nodes.to_vec());
    // What the plan asks for once it knows the pods.
    let mut asked = stage.press("x D");
    for (task, request) in calls(&asked.clone()) {
        let answer = match request {
            Request::Get { .. } => nodes[0].clone(),
            Request::List { resource, .. } if resource.plural == "pods" => json!({"items": pods}),
            _ => json!({"items": []}),
        };
        asked.extend(stage.event(Event::Done(task, Outcome::Object(Box::new(answer)))));
    }
    let command = "kubectl auth can-i create pods --subresource=eviction -n shop";
    let (task, _) = calls(&asked)
        .into_iter()
        .find(|(_, request)| request.kubectl() == command)
        .unwrap();
    let refusal = json!({"status": {"allowed": false, "reason": "RBAC: no such luck"}});
    stage.event(Event::Done(task, Outcome::Object(Box::new(refusal))));
    let shown = screen(&stage);
    assert!(
        shown.contains("shop: You may not create pods/eviction here: RBAC: no such luck"),
        "{shown}"
    );
    assert!(changes(&stage.press("right enter")).is_empty());
    assert!(
        screen(&stage).contains("You may not evict all of these pods: nothing was done"),
        "{}",
        screen(&stage)
    );
}

#[test]
fn a_drain_shows_its_plan_and_does_nothing_that_pods_forbid() {
    let nodes = [node("n1", json!(null), json!(null))];
    let local = json!({"metadata": {"namespace": "shop", "name": "scratch", "uid": "s"},
        "spec": {"volumes": [{"emptyDir": {}}]}, "status": {"phase": "Running"}});
    let pods = json!([pod("web-1", Some("web-abc"), json!(null)), local]);
    let budget = json!({"metadata": {"namespace": "shop", "name": "web"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}},
        "status": {"disruptionsAllowed": 0, "currentHealthy": 4, "desiredHealthy": 4}});
    let mut stage = stage("nodes", nodes.to_vec());
    let effects = stage.press("x D");
    answer(
        &mut stage,
        effects,
        &nodes,
        &[("pods", pods), ("poddisruptionbudgets", json!([budget]))],
    );
    let shown = screen(&stage);
    for wanted in [
        "Drain node/n1",
        "cannot delete Pods with local storage (use --delete-emptydir-data to override): shop/scratch",
        "n1: 1 go, 0 stay, 1 forbid it",
        "→ shop/web-1  replicaset/web-abc",
        "the PodDisruptionBudget web lets none go now: 4 are healthy, 4 have to be",
        "$ kubectl drain n1",
        "‹Cancel›",
    ] {
        assert!(shown.contains(wanted), "{wanted}\n{shown}");
    }
    assert!(changes(&stage.press("right enter")).is_empty(), "nothing is sent");
    assert!(
        screen(&stage).contains("Pods forbid it: nothing was done"),
        "{}",
        screen(&stage)
    );
    // emptyDir and force: two and one below the first switch.
    stage.press("tab tab space tab space");
    let shown = screen(&stage);
    assert!(
        shown.contains("$ kubectl drain n1 --delete-emptydir-data --force") && !shown.contains("cannot delete"),
        "{shown}"
    );
    assert!(changes(&stage.press("enter")).is_empty(), "Enter at a switch asks only");
    let effects = stage.press("enter");
    let sent = changes(&effects);
    assert_eq!((sent.len(), sent[0].name.as_str()), (1, "n1"), "the cordon first");
    let effects = stage.event(Event::Done(calls(&effects)[0].0, Outcome::Object(Box::new(json!({})))));
    let (list, Request::List { fields, .. }) = calls(&effects)[0].clone() else {
        panic!("{effects:?}")
    };
    assert_eq!(fields.as_deref(), Some("spec.nodeName=n1"));
    // Meanwhile a pod has come that forbids it.
    let more = json!({"items": [{"metadata": {"namespace": "shop", "name": "agent",
        "ownerReferences": [{"kind": "DaemonSet", "name": "a", "controller": true}]}, "status": {"phase": "Running"}}]});
    let effects = stage.event(Event::Done(list, Outcome::Object(Box::new(more))));
    assert!(changes(&effects).is_empty());
    let shown = screen(&stage);
    assert!(
        shown.contains("cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): shop/agent")
            && shown.contains("kubectl uncordon n1"),
        "{shown}"
    );
}
