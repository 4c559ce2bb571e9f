//! A scene played: its commands at their times, and everything that showed meanwhile.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use konn::mock::controllers::Controllers;
use konn::mock::faults::{Fault, Harm, Hits};
use konn::mock::storage::ChangeKind;
use konn::mock::{Running, print};
use serde_json::{Map, Value, json};

/// The tables whose rows were recorded.
const TABLES: [&str; 13] = [
    "pods",
    "nodes",
    "deployments.apps",
    "replicasets.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "jobs.batch",
    "persistentvolumes",
    "persistentvolumeclaims",
    "resourcequotas",
    "horizontalpodautoscalers.autoscaling",
    "endpointslices.discovery.k8s.io",
    "events",
];
/// How long a command may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(300);
/// One step of the clock.
const STEP: Duration = Duration::from_millis(250);

/// What a scene showed: commands with their outputs, rows and events, in the form of the recordings.
pub struct Played {
    pub commands: Vec<Value>,
    pub shown: Vec<Value>,
}

struct Stage {
    running: Running,
    controllers: Controllers,
    seen: HashMap<&'static str, u64>,
    namespace: String,
    start: jiff::Timestamp,
    shown: Vec<Value>,
}

impl Stage {
    fn seconds(&self) -> f64 {
        (self.running.api.clock.now() - self.start)
            .total(jiff::Unit::Second)
            .unwrap()
    }

    /// Lets the controllers look, and notes what they and clients have changed.
    fn look(&mut self) {
        self.collect();
        self.controllers.tick();
        self.collect();
    }

    /// A recorded command with this cluster's names in place of those that had a random end: pods by the order of their
    /// coming.
    fn translated(&self, command: &str, recording: &Value, at: f64) -> String {
        let before = recording["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|step| step["t"].as_f64().unwrap_or_default() <= at);
        let (theirs, ours) = (names(before), names(self.shown.iter()));
        let word = |word: &str| {
            let Some(place) = theirs.iter().position(|name| name == word) else {
                return word.to_owned();
            };
            let maker = |name: &str| name.split('-').next().unwrap_or_default().to_owned();
            let like = |names: &[String]| {
                names
                    .iter()
                    .filter(|name| maker(name) == maker(word))
                    .cloned()
                    .collect::<Vec<_>>()
            };
            let nth = theirs[..place].iter().filter(|name| maker(name) == maker(word)).count();
            like(&ours).get(nth).cloned().unwrap_or_else(|| word.to_owned())
        };
        command.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }

    fn advance_to(&mut self, until: f64) {
        while self.seconds() < until {
            let left = Duration::from_secs_f64((until - self.seconds()).clamp(0.001, STEP.as_secs_f64()));
            self.running.api.clock.advance(left);
            self.look();
        }
    }

    fn collect(&mut self) {
        let api = self.running.api.clone();
        for table in TABLES {
            let after = self.seen.get(table).copied().unwrap_or_default();
            let Ok(changes) = api.store.changes(table, after, usize::MAX) else {
                continue;
            };
            for change in changes {
                self.seen.insert(table, change.object.version);
                let object = change.object.decode();
                let place = object["metadata"]["namespace"].as_str().unwrap_or_default();
                if place.is_empty() || place == self.namespace {
                    self.note(table, change.kind, &object);
                }
            }
        }
    }

    fn note(&mut self, table: &str, change: ChangeKind, object: &Value) {
        let api = &self.running.api;
        let kind = api.kinds.of_table(table).unwrap();
        if table == "events" {
            if change != ChangeKind::Deleted {
                let about = &object["involvedObject"];
                let name = format!(
                    "{}/{}",
                    about["kind"].as_str().unwrap(),
                    about["name"].as_str().unwrap()
                );
                self.shown.push(
                    json!({"kind": "events", "object": name, "type": object["type"], "reason": object["reason"],
                    "message": object["message"], "fieldPath": about["fieldPath"]}),
                );
            }
            return;
        }
        let columns = print::columns(&kind);
        let cells = print::cells(&kind, object, api.clock.now());
        let pairs = columns.as_array().unwrap().iter().zip(cells.as_array().unwrap());
        let row: Map<String, Value> = pairs
            .map(|(column, cell)| (column["name"].as_str().unwrap().to_owned(), cell.clone()))
            .collect();
        let change = if change == ChangeKind::Deleted { "DELETED" } else { "" };
        self.shown
            .push(json!({"kind": kind.plural, "change": change, "row": row}));
    }
}

/// Commands that end only when the cluster has done something.
fn waits(command: &str) -> bool {
    let now = [
        "--wait=false",
        "delete deployment",
        "delete quota",
        "delete sc",
        "delete limits",
    ];
    [
        "kubectl delete",
        "kubectl rollout status",
        "kubectl drain",
        "kubectl wait",
    ]
    .iter()
    .any(|verb| command.starts_with(verb))
        && !now.iter().any(|word| command.contains(word))
}

/// Plays a scene.
pub async fn play(kubectl: &Path, recording: &Value) -> Played {
    let running = super::cluster::start().await;
    let namespace = recording["namespace"].as_str().unwrap().to_owned();
    let controllers = Controllers::new(running.api.clone()).without_load_balancers();
    let start = running.api.clock.now();
    let space = json!({"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": namespace,
        "labels": {"kubernetes.io/metadata.name": namespace}}, "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}});
    running.api.plant(space).unwrap();
    let mut stage = Stage {
        running,
        controllers,
        seen: HashMap::new(),
        namespace,
        start,
        shown: Vec::new(),
    };
    stage.look();
    let home = tempfile::tempdir().unwrap();
    let config = stage.running.kubeconfig().replace(
        "user: admin, namespace: default",
        &format!("user: admin, namespace: {}", stage.namespace),
    );
    std::fs::write(home.path().join("config"), config).unwrap();
    let mut commands = Vec::new();
    let mut before = 0.0;
    for step in recording["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| step["kind"] == "command")
    {
        let (command, at) = (step["command"].as_str().unwrap(), step["t"].as_f64().unwrap());
        // A recorded time is that of the end.
        stage.advance_to(if waits(command) { before } else { at });
        before = at;
        let translated = stage.translated(command, recording, at);
        let output = run(&mut stage, (kubectl, home.path()), &translated, step).await;
        commands.push(json!({"command": command, "exit": output.status.code(),
            "stdout": String::from_utf8_lossy(&output.stdout), "stderr": String::from_utf8_lossy(&output.stderr)}));
    }
    let last = recording["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|step| step["t"].as_f64())
        .fold(0.0, f64::max);
    // What the last command has begun shows a moment later, if the clock has come so far already.
    let late = stage.seconds() > last;
    stage.advance_to(if late { stage.seconds() + 1.0 } else { last + 0.3 });
    Played {
        commands,
        shown: stage.shown,
    }
}

/// Runs a command of the recording to its end.
async fn run(stage: &mut Stage, (kubectl, home): (&Path, &Path), command: &str, step: &Value) -> Output {
    let end = step["t"].as_f64().filter(|_| waits(command));
    loop {
        let asked = Asked::by(command, &stage.running);
        let child = spawn(kubectl, home, (&stage.namespace, command), step["stdin"].as_str());
        let output = finish(stage, child, end, asked).await;
        stage.running.api.faults.clear();
        // Before 1.34 kubectl drops what comes before it has made its streams (kubernetes/kubernetes#131203), and says so.
        if !String::from_utf8_lossy(&output.stderr).contains("Unknown stream id") {
            return output;
        }
    }
}

/// The pods that have come, in order.
fn names<'a>(shown: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in shown.filter(|entry| entry["kind"] == "pods") {
        let name = entry["row"]["Name"].as_str().unwrap().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Words of a recorded command: the recordings do not say where they were quoted.
fn words(command: &str) -> Vec<String> {
    let mut words: Vec<String> = command.split(' ').skip(1).map(str::to_owned).collect();
    let glue = |words: &mut Vec<String>, at: usize| {
        let rest = words.drain(at.min(words.len())..).collect::<Vec<_>>().join(" ");
        words.push(rest);
    };
    if let Some(at) = words
        .iter()
        .position(|word| word == "-c")
        .filter(|at| *at > 0 && words[at - 1] == "sh")
    {
        glue(&mut words, at + 1);
    } else if words.first().is_some_and(|verb| verb == "annotate") {
        glue(&mut words, 2);
    }
    // A timeout is real time, and twelve seconds are enough for every attempt that was recorded.
    let shortened = |word: &String| {
        let seconds = word
            .strip_prefix("--timeout=")
            .and_then(|time| time.trim_end_matches('s').parse::<u32>().ok());
        seconds.map_or_else(|| word.clone(), |seconds| format!("--timeout={}s", seconds.min(12)))
    };
    words.iter().map(shortened).collect()
}

fn spawn(kubectl: &Path, home: &Path, (namespace, command): (&str, &str), stdin: Option<&str>) -> Child {
    let mut child = Command::new(kubectl)
        .args(["-n", namespace])
        .args(words(command))
        .env_clear()
        .env("HOME", home)
        .env("KUBECONFIG", home.join("config"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    if let Some(text) = stdin {
        pipe.write_all(text.as_bytes()).unwrap();
    }
    child
}

/// What a command has asked the server for: before the clock moves, it must have begun to wait.
struct Asked {
    /// The request with which it begins to wait, and when that was seen.
    waits: (Vec<Hits>, Option<Instant>),
    /// Any request, and when the first was seen.
    any: (Vec<Hits>, Option<Instant>),
}

impl Asked {
    /// Counts from now on.
    fn by(command: &str, running: &Running) -> Self {
        let counted = |verbs: &[&str]| -> (Vec<Hits>, Option<Instant>) {
            let count = |verb: &&str| running.api.faults.counted(Fault::new(verb, "", Harm::Counted));
            (verbs.iter().map(count).collect(), None)
        };
        let waits = match command.split(' ').nth(1) {
            Some("drain") => counted(&["create"]),
            Some("delete") => counted(&["delete", "deletecollection"]),
            _ => counted(&["watch"]),
        };
        Self {
            waits,
            any: counted(&[""]),
        }
    }

    /// Whether it waits by now: a moment after the request that says so, or long after one that leads to none.
    fn is_waiting(&mut self) -> bool {
        let since = |(hits, seen): &mut (Vec<Hits>, Option<Instant>), moment: Duration| {
            if seen.is_none() && hits.iter().any(|hits| hits.count() > 0) {
                *seen = Some(Instant::now());
            }
            seen.is_some_and(|seen| seen.elapsed() > moment)
        };
        since(&mut self.waits, Duration::from_millis(50)) || since(&mut self.any, Duration::from_secs(5))
    }
}

/// Lets the cluster live until the command has ended. The clock moves only for commands that wait for something: quickly to
/// the recorded end of the command, then no faster than it would.
async fn finish(stage: &mut Stage, child: Child, waits: Option<f64>, mut asked: Asked) -> Output {
    let task = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap());
    let began = Instant::now();
    while !task.is_finished() {
        assert!(began.elapsed() < PATIENCE, "a command does not end");
        stage.look();
        let is_waiting = asked.is_waiting();
        if let Some(end) = waits.filter(|_| is_waiting) {
            let quick = stage.seconds() < end + 0.5;
            stage
                .running
                .api
                .clock
                .advance(if quick { STEP } else { Duration::from_millis(10) });
        }
        // The client needs time to read what has changed.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let output = task.await.unwrap();
    stage.look();
    output
}
