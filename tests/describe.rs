//! konn's descriptions against what `kubectl describe` said of the same objects: every label and value of kubectl's must be
//! in konn's text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use konn::core::clock::Clock;
use konn::describe::{Answer, Input, Need, Related, describe, needs};
use serde_json::Value;

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

/// What the server had to answer to a need: the recorded cluster had neither controllers nor kubelets, so there were no
/// leases, endpoint slices of Services, backends, events or pods that belong to others.
fn answer(_: &Need) -> Answer {
    Answer::Items(Vec::new())
}

fn said(recorded: &Recorded, object: &Value) -> String {
    let mut related = Related::new();
    for need in needs(recorded.group, recorded.kind, object) {
        related.set(&need.tag, answer(&need));
    }
    let input = Input {
        object,
        related: &related,
        clock: &recorded.clock,
    };
    describe(recorded.group, recorded.kind, &input).text()
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
        let konn = said(&recorded, object);
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
