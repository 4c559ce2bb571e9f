//! konn's descriptions against what `kubectl describe` said of the same objects: every label and value of kubectl's must be
//! in konn's text.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic in a test is the report")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use konn::core::clock::Clock;
use konn::core::lang::{Lang, Tongue};
use konn::describe::{Answer, Input, Need, Related, describe, needs};
use konn::model::{Labels, Selector};
use serde_json::{Value, json};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/corpus")
}

/// Kinds of the corpus with their API group and kind, by the name of their file.
const KINDS: &[(&str, &str, &str)] = &[
    ("clusterrole", "rbac.authorization.k8s.io", "ClusterRole"),
    ("clusterrolebinding", "rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("configmap", "", "ConfigMap"),
    ("controllerrevision", "apps", "ControllerRevision"),
    ("cronjob", "batch", "CronJob"),
    ("csidriver", "storage.k8s.io", "CSIDriver"),
    (
        "customresourcedefinition",
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
    ),
    ("daemonset", "apps", "DaemonSet"),
    ("deployment", "apps", "Deployment"),
    ("endpointslice", "discovery.k8s.io", "EndpointSlice"),
    ("event", "", "Event"),
    ("horizontalpodautoscaler", "autoscaling", "HorizontalPodAutoscaler"),
    ("ingress", "networking.k8s.io", "Ingress"),
    ("ingressclass", "networking.k8s.io", "IngressClass"),
    ("job", "batch", "Job"),
    ("lease", "coordination.k8s.io", "Lease"),
    ("limitrange", "", "LimitRange"),
    ("namespace", "", "Namespace"),
    ("networkpolicy", "networking.k8s.io", "NetworkPolicy"),
    ("node", "", "Node"),
    ("persistentvolume", "", "PersistentVolume"),
    ("persistentvolumeclaim", "", "PersistentVolumeClaim"),
    ("pod", "", "Pod"),
    ("poddisruptionbudget", "policy", "PodDisruptionBudget"),
    ("priorityclass", "scheduling.k8s.io", "PriorityClass"),
    ("replicaset", "apps", "ReplicaSet"),
    ("replicationcontroller", "", "ReplicationController"),
    ("resourcequota", "", "ResourceQuota"),
    ("role", "rbac.authorization.k8s.io", "Role"),
    ("rolebinding", "rbac.authorization.k8s.io", "RoleBinding"),
    ("runtimeclass", "node.k8s.io", "RuntimeClass"),
    ("secret", "", "Secret"),
    ("service", "", "Service"),
    ("serviceaccount", "", "ServiceAccount"),
    ("statefulset", "apps", "StatefulSet"),
    ("storageclass", "storage.k8s.io", "StorageClass"),
    ("widget", "corpus.example.com", "Widget"),
];

/// The objects of one kind, by name, and when they were recorded.
struct Recorded {
    group: &'static str,
    kind: &'static str,
    clock: Clock,
    objects: BTreeMap<String, Value>,
}

fn recorded(file: &str) -> Recorded {
    let (_, group, kind) = KINDS
        .iter()
        .find(|(name, _, _)| *name == file)
        .unwrap_or_else(|| panic!("{file} is no kind"));
    let text = fs::read_to_string(corpus().join(format!("{file}.json"))).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let clock = Clock::at(file["at"].as_str().unwrap().parse().unwrap());
    let objects = file["rows"].as_array().unwrap().iter().map(|row| {
        let object = row["object"].clone();
        (object["metadata"]["name"].as_str().unwrap().to_owned(), object)
    });
    Recorded {
        group,
        kind,
        clock,
        objects: objects.collect(),
    }
}

/// What the recorded cluster had to answer to every need: it had neither controllers nor kubelets, so there were no leases,
/// endpoint slices of Services, backends, events or pods that belong to others.
fn nothing() -> Answer {
    Answer::Items(Vec::new())
}

fn english() -> &'static Lang {
    static ENGLISH: LazyLock<Lang> = LazyLock::new(|| Lang::load(Tongue::En));
    &ENGLISH
}

fn said(recorded: &Recorded, object: &Value, answer: &Answer) -> String {
    let mut related = Related::new();
    for need in needs(recorded.group, recorded.kind, object) {
        related.set(&need.tag, answer.clone());
    }
    let input = Input {
        object,
        related: &related,
        clock: &recorded.clock,
    };
    describe(recorded.group, recorded.kind, &input, english()).text()
}

fn collapse(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text with every run of blanks as one, without the marks, and with `Title` lines as `Title:`.
fn lines(text: &str) -> Vec<String> {
    let unmarked = text
        .lines()
        .map(|line| line.strip_prefix(['✗', '!', '…']).unwrap_or(line));
    unmarked.map(collapse).filter(|line| !line.is_empty()).collect()
}

/// What kubectl draws rather than says: rules of dashes and equals signs.
fn is_rule(line: &str) -> bool {
    line.chars().all(|ch| matches!(ch, '-' | '=' | ' '))
}

/// Ages run on between the recording of the objects and of the texts.
fn without_age(line: &str) -> String {
    match line.split_once("(lasts ") {
        Some((before, _)) => before.to_owned(),
        None => line.to_owned(),
    }
}

/// The lines of kubectl's that are not in konn's text, or not as often. A line is there if a line of konn's holds it whole;
/// a heading also if a section of konn's has that title.
fn unsaid(kubectl: &str, konn: &str) -> Vec<String> {
    let konn = lines(konn);
    let times_held = |wanted: &str| {
        let holds = |line: &&String| line.contains(wanted) || format!("{line}:") == wanted;
        konn.iter().filter(holds).count()
    };
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines(kubectl).into_iter().filter(|line| !is_rule(line)) {
        *wanted.entry(without_age(&line)).or_default() += 1;
    }
    wanted
        .into_iter()
        .filter(|(line, times)| times_held(line) < *times)
        .map(|(line, _)| line)
        .collect()
}

#[test]
fn konn_says_everything_that_kubectl_says() {
    let mut missing = Vec::new();
    let mut compared = 0;
    for entry in fs::read_dir(corpus().join("describe")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (file, name) = stem.split_once('-').unwrap();
        let recorded = recorded(file);
        let object = recorded
            .objects
            .get(name)
            .unwrap_or_else(|| panic!("{name} is not in {file}.json"));
        let konn = said(&recorded, object, &nothing());
        let unsaid = unsaid(&fs::read_to_string(&path).unwrap(), &konn);
        if !unsaid.is_empty() {
            missing.push(format!("{stem}:\n  {}\nkonn says:\n{konn}", unsaid.join("\n  ")));
        }
        compared += 1;
    }
    assert!(compared >= 79, "only {compared} descriptions were compared");
    assert!(
        missing.is_empty(),
        "{} descriptions lack something:\n{}",
        missing.len(),
        missing.join("\n")
    );
}

/// Objects of the course's exercises with what belonged to them, and what kubectl said of them then.
#[test]
fn konn_says_as_much_of_objects_with_pods_events_and_leases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/describe/scenes");
    let mut missing = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let scene: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let text = |key: &str| scene[key].as_str().unwrap();
        let (group, kind, object) = (text("group"), text("kind"), &scene["object"]);
        let mut related = Related::new();
        for need in needs(group, kind, object) {
            let items = scene["related"].get(&*need.tag).and_then(Value::as_array);
            related.set(&need.tag, Answer::Items(items.cloned().unwrap_or_default()));
        }
        let clock = Clock::at(text("at").parse().unwrap());
        let input = Input {
            object,
            related: &related,
            clock: &clock,
        };
        let konn = describe(group, kind, &input, english()).text();
        let unsaid = unsaid(&fs::read_to_string(path.with_extension("txt")).unwrap(), &konn);
        if !unsaid.is_empty() {
            missing.push(format!(
                "{}:\n  {}\nkonn says:\n{konn}",
                path.display(),
                unsaid.join("\n  ")
            ));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// What a server that holds these objects answers to a need. The fixtures' labels need no selector but equality.
fn selected(objects: &[Value], need: &Need) -> Vec<Value> {
    let group_version = match need.group {
        "" => need.version.to_owned(),
        group => format!("{group}/{}", need.version),
    };
    let at = |object: &Value, path: &str| {
        let value = path.split('.').fold(object, |value, key| &value[key]);
        value.as_str().unwrap_or_default().to_owned()
    };
    let holds = |object: &Value, term: &str| match term.split_once("!=") {
        Some((path, value)) => at(object, path) != value,
        None => term
            .split_once('=')
            .is_some_and(|(path, value)| at(object, path) == value),
    };
    let labels = Selector::parse(&need.labels).unwrap();
    let is_meant = |object: &&Value| {
        let meta = &object["metadata"];
        let own: Labels = serde_json::from_value(meta["labels"].clone()).unwrap_or_default();
        (need.namespace.is_empty() || meta["namespace"] == *need.namespace)
            && need.name.as_ref().is_none_or(|name| meta["name"] == **name)
            && labels.matches(&own)
            && need.fields.split_terminator(',').all(|term| holds(object, term))
    };
    let kind = objects
        .iter()
        .filter(|row| row["gv"] == *group_version && row["plural"] == *need.plural);
    kind.map(|row| &row["object"]).filter(is_meant).cloned().collect()
}

/// Objects that take every branch of kubectl's describers, and what kubectl said of them on a server that held nothing else.
#[test]
fn konn_says_as_much_of_objects_with_everything_in_them() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/describe/kubectl.json");
    let recorded: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let clock = Clock::at(recorded["at"].as_str().unwrap().parse().unwrap());
    let objects = recorded["objects"].as_array().unwrap();
    let mut missing = Vec::new();
    for row in objects.iter().filter(|row| row["said"].is_string()) {
        let (object, group) = (
            &row["object"],
            row["gv"]
                .as_str()
                .unwrap()
                .split_once('/')
                .map_or("", |(group, _)| group),
        );
        let kind = object["kind"].as_str().unwrap();
        let mut related = Related::new();
        for need in needs(group, kind, object) {
            related.set(&need.tag, Answer::Items(selected(objects, &need)));
        }
        let input = Input {
            object,
            related: &related,
            clock: &clock,
        };
        let konn = describe(group, kind, &input, english()).text();
        let unsaid = unsaid(row["said"].as_str().unwrap(), &konn);
        if !unsaid.is_empty() {
            missing.push(format!(
                "{kind} {}:\n  {}",
                object["metadata"]["name"],
                unsaid.join("\n  ")
            ));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn what_has_not_arrived_and_what_was_refused_is_told() {
    for (file, _, _) in KINDS {
        let recorded = recorded(file);
        for (name, object) in &recorded.objects {
            let loading = said(&recorded, object, &Answer::Loading);
            assert!(loading.contains("Events:  …"), "{file} {name}:\n{loading}");
            let refused = said(&recorded, object, &Answer::Refused("pods is forbidden".into()));
            let needs = needs(recorded.group, recorded.kind, object);
            let told = refused.matches("pods is forbidden").count();
            assert!(
                told >= 1 && (needs.len() == 1 || told >= 2),
                "{file} {name}:\n{refused}"
            );
        }
    }
}

/// Every place in `value`, as a JSON pointer.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    out.push(at.to_owned());
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| places(value, &format!("{at}/{}", escape(key)), out)),
        Value::Array(list) => (0..)
            .zip(list)
            .for_each(|(index, value): (usize, _)| places(value, &format!("{at}/{index}"), out)),
        _ => {}
    }
}

#[test]
fn no_malformed_object_stops_a_description_or_reaches_the_terminal() {
    let odd = [
        json!(null),
        json!(-7),
        json!("\u{1b}]0;x\u{7}\u{202e}ä\r\nb"),
        json!([null, 3, {"name": 4}]),
        json!({"\u{9b}k": "v", "name": []}),
    ];
    let mut odd = odd.iter().cycle();
    for (file, _, _) in KINDS {
        let recorded = recorded(file);
        for object in recorded.objects.values().take(8) {
            let mut pointers = Vec::new();
            places(object, "", &mut pointers);
            for (pointer, value) in pointers.iter().zip(&mut odd) {
                let mut broken = object.clone();
                *broken.pointer_mut(pointer).unwrap() = value.clone();
                let text = said(&recorded, &broken, &Answer::Items(vec![broken.clone(), value.clone()]));
                let harmless = |ch: char| ch == '\n' || !(ch.is_control() || ch == '\u{202e}');
                assert!(text.chars().all(harmless), "{file}{pointer} = {value}:\n{text:?}");
            }
        }
    }
}

#[test]
fn what_konn_adds_is_in_the_persons_language_and_what_kubectl_says_is_kubectls() {
    let clock = Clock::at("2026-11-20T22:50:00Z".parse().unwrap());
    let said = |group: &str, kind: &str, object: &Value, tongue: Tongue| {
        let mut related = Related::new();
        for need in needs(group, kind, object) {
            related.set(&need.tag, Answer::Items(Vec::new()));
        }
        let input = Input {
            object,
            related: &related,
            clock: &clock,
        };
        describe(group, kind, &input, &Lang::load(tongue)).text()
    };
    let deployment = json!({"metadata": {"name": "web", "namespace": "shop", "creationTimestamp": "2026-11-20T22:46:24Z"},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}}});
    let pod = json!({"metadata": {"name": "web-0", "namespace": "shop"}, "spec": {"containers": [{"name": "c"}]},
        "status": {"phase": "Failed", "containerStatuses": [{"name": "c", "state": {"terminated": {"exitCode": 137}}}]}});
    for (group, kind, object, english, japanese, kept) in [
        (
            "apps",
            "Deployment",
            &deployment,
            "Matching Pods",
            "該当する Pod",
            "StrategyType",
        ),
        (
            "apps",
            "Deployment",
            &deployment,
            "3m36s ago",
            "3m36s 前",
            "CreationTimestamp",
        ),
        ("", "Pod", &pod, "ended by SIGKILL", "SIGKILL で終了", "Exit Code"),
        ("", "Pod", &pod, "Scheduling", "スケジューリング", "QoS Class"),
    ] {
        let (en, ja) = (
            said(group, kind, object, Tongue::En),
            said(group, kind, object, Tongue::Ja),
        );
        assert!(en.contains(english) && en.contains(kept), "{english} in\n{en}");
        assert!(ja.contains(japanese) && ja.contains(kept), "{japanese} in\n{ja}");
        assert!(!ja.contains(english), "{english} in\n{ja}");
    }
}
