//! An application on a stage: keys and rows in, effects and frames out, and a clock that stands.
#![allow(dead_code, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use konn::core::app::{App, Setup};
use konn::core::clock::Time;
use konn::core::effect::Effect;
use konn::core::event::{Event, Size, WatchId};
use konn::core::key::Key;
use konn::core::lang::{Lang, Tongue};
use konn::core::link::{Identity, LinkEvent};
use konn::core::policy::Policy;
use konn::core::store::Delta;
use konn::core::view::Shared;
use konn::core::watch::{Decoder, Source, WatchSpec};
use konn::core::whole::Whole;
use konn::ui::keymaps;
use konn::views::REGISTRY;
use serde_json::{Value, json};

/// When everything on the stage happens.
pub const NOW: &str = "2026-11-20T22:46:31Z";

/// How a stage is set up.
pub struct Set {
    pub size: (u16, u16),
    pub tongue: Tongue,
    pub keymap: &'static str,
    pub line: &'static str,
    pub read_only: bool,
}

impl Default for Set {
    fn default() -> Self {
        Self {
            size: (80, 24),
            tongue: Tongue::En,
            keymap: "default",
            line: "pods",
            read_only: false,
        }
    }
}

/// The texts, read once: they are many, and the stages too.
fn lang(tongue: Tongue) -> Lang {
    static TEXTS: LazyLock<[Lang; 2]> = LazyLock::new(|| [Tongue::En, Tongue::Ja].map(Lang::load));
    TEXTS.iter().find(|lang| lang.tongue() == tongue).unwrap().clone()
}

/// The application and what it wanted done so far.
pub struct Stage {
    pub app: App,
    pub effects: Vec<Effect>,
}

/// The time on the stage.
pub fn now() -> Time {
    NOW.parse().unwrap()
}

impl Stage {
    /// An application that has not heard from the cluster.
    pub fn unconnected(set: Set) -> Self {
        let app = App::new(Setup {
            registry: &REGISTRY,
            keymap: keymaps::load(set.keymap, None, &REGISTRY).unwrap(),
            lang: lang(set.tongue),
            size: Size {
                width: set.size.0,
                height: set.size.1,
            },
            now: now(),
            scope: None,
            line: set.line.to_string(),
            policy: Policy {
                read_only: set.read_only,
                ..Policy::default()
            },
            mouse: false,
            columns: Default::default(),
            log_memory: konn::core::log::MEMORY,
            forwards: Default::default(),
        });
        Self {
            app,
            effects: Vec::new(),
        }
    }

    /// An application that is connected to `minikube`, in the namespace `shop`.
    pub fn new(set: Set) -> Self {
        let mut stage = Self::unconnected(set);
        stage.event(Event::Link(LinkEvent::Opened(identity("minikube"))));
        stage.event(Event::Link(LinkEvent::Version("v1.36.2".to_string())));
        stage
    }

    /// A connected application with the pods of the corpus.
    pub fn with_pods(set: Set) -> Self {
        let mut stage = Self::new(set);
        stage.list("pods", rows("pods", pods()));
        stage
    }

    /// Something happens. Answers what the application wants done about it, but for asking for rights once the cursor
    /// rests.
    pub fn event(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = self.app.update(event);
        self.effects.extend(effects.iter().cloned());
        effects.retain(|effect| !matches!(effect, Effect::Wake(_, konn::core::app::changes::REST)));
        effects
    }

    /// Keys by their names, with spaces between them; `"text"` in quotes is typed.
    pub fn press(&mut self, keys: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for name in keys.split_whitespace() {
            let typed = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            let keys: Vec<Key> = match typed {
                Some(text) => text.chars().map(typed_key).collect(),
                None => vec![Key::parse(name).unwrap_or_else(|| panic!("no key {name}"))],
            };
            for key in keys {
                effects.extend(self.event(Event::Key(key)));
            }
        }
        effects
    }

    /// The last watch that was opened on a resource and is still open.
    pub fn watch(&self, plural: &str) -> WatchId {
        self.open_watches()
            .into_iter()
            .rev()
            .find(|(_, spec)| name(spec) == plural)
            .map(|(id, _)| id)
            .unwrap_or_else(|| panic!("nobody watches {plural}"))
    }

    /// The watches that are open, in the order in which they were asked for.
    pub fn open_watches(&self) -> Vec<(WatchId, WatchSpec)> {
        let mut open: Vec<(WatchId, WatchSpec)> = Vec::new();
        for effect in &self.effects {
            match effect {
                Effect::Watch(id, spec) => open.push((*id, spec.clone())),
                Effect::Unwatch(id) => open.retain(|(known, _)| known != id),
                _ => {}
            }
        }
        open
    }

    /// A whole list comes on the watch of a resource.
    pub fn list(&mut self, plural: &str, rows: Vec<Shared>) {
        let mut deltas = vec![Delta::Listing(None)];
        deltas.extend(rows.into_iter().map(Delta::Apply));
        deltas.push(Delta::Listed(None));
        self.deltas(plural, deltas);
    }

    /// Changes come on the watch of a resource.
    pub fn deltas(&mut self, plural: &str, deltas: Vec<Delta>) {
        let id = self.watch(plural);
        self.event(Event::Watch(id, deltas));
    }

    /// Seconds pass.
    pub fn pass(&mut self, seconds: i64) {
        let now = self.app.clock.now + jiff::SignedDuration::from_secs(seconds);
        self.event(Event::Tick(now));
    }

    /// The name of the row under the cursor.
    pub fn selected(&self) -> String {
        self.app
            .selected()
            .map(|(_, row)| row.object.meta().name.to_string())
            .unwrap_or_default()
    }

    /// The names of the visible rows, in their order.
    pub fn names(&self) -> Vec<String> {
        let screen = self.app.screen().unwrap();
        (0..screen.count())
            .filter_map(|flat| screen.place_of(flat))
            .filter_map(|(section, place)| screen.row(&self.app.store, section, place))
            .map(|row| row.object.meta().name.to_string())
            .collect()
    }
}

fn typed_key(ch: char) -> Key {
    Key::plain(konn::core::key::Code::Char(ch))
}

fn name(spec: &WatchSpec) -> String {
    match &spec.source {
        // Metrics are called by their group too: objects of the same plural are watched beside them.
        Source::Cluster(resource) if resource.group == "metrics.k8s.io" => resource.full_name(),
        Source::Cluster(resource) => resource.plural.to_string(),
        Source::Contexts => "contexts".to_string(),
        Source::Resources => "api-resources".to_string(),
        Source::Joined => "joined".to_string(),
    }
}

/// A cluster of this name.
pub fn identity(context: &str) -> Identity {
    Identity {
        context: context.to_string(),
        cluster: context.to_string(),
        user: "admin".to_string(),
        namespace: Some("shop".to_string()),
        server: "https://192.168.49.2:8443".to_string(),
    }
}

/// The objects that a real API server stored.
pub fn corpus(kind: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/corpus/{kind}.json"));
    let corpus: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let rows = corpus["rows"].as_array().unwrap();
    rows.iter().map(|row| row["object"].clone()).collect()
}

/// The pods of the corpus, made older one by one, so that ages differ.
pub fn pods() -> Vec<Value> {
    let mut pods = corpus("pod");
    for (at, pod) in pods.iter_mut().enumerate() {
        let at = at as i64;
        let born = now() - jiff::SignedDuration::from_secs(9 + at * at * at * 23);
        pod["metadata"]["creationTimestamp"] = json!(born.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    }
    pods
}

/// Objects as rows of a view.
pub fn rows(view: &str, objects: Vec<Value>) -> Vec<Shared> {
    let view = REGISTRY.view(view).unwrap();
    objects
        .iter()
        .map(|object| view.decode(&object.to_string()).unwrap())
        .collect()
}

/// A small pod of this name: running, in `shop`.
pub fn pod(name: &str, labels: &[(&str, &str)]) -> Value {
    let labels: serde_json::Map<String, Value> = labels.iter().map(|(k, v)| (k.to_string(), json!(v))).collect();
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop", "uid": format!("uid-{name}"), "resourceVersion": "1",
            "creationTimestamp": "2026-11-20T22:00:00Z", "labels": labels},
        "spec": {"containers": [{"name": "app", "image": "registry.example.com/app:1"}], "nodeName": "node-0001"},
        "status": {"phase": "Running", "podIP": "10.1.2.3",
            "containerStatuses": [{"name": "app", "ready": true, "restartCount": 0, "image": "app:1", "imageID": "",
                "state": {"running": {"startedAt": "2026-11-20T22:00:01Z"}}}],
            "conditions": [{"type": "Ready", "status": "True"}]}
    })
}

/// An object whole, as describe and YAML want it.
pub fn whole(object: &Value) -> Shared {
    Whole::read(&object.to_string()).unwrap()
}

/// Whether a watch brings whole objects.
pub fn is_whole(spec: &WatchSpec) -> bool {
    matches!(spec.decoder, Decoder::Whole)
}
