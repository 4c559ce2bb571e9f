//! What the rings above the core share: konn on a mock cluster, driven key by key.

#![allow(dead_code, reason = "each test binary uses a part")]

use std::time::Duration;

use konn::core::app::{App, Setup};
use konn::core::event::{Event, Size, TaskId};
use konn::core::key::Key;
use konn::core::lang::{Lang, Tongue};
use konn::core::store::Table;
use konn::mock::clock::Clock;
use konn::mock::controllers::Controllers;
use konn::mock::{Mock, Running};
use konn::runtime::client::{ClientOptions, Environment, LoadedKubeconfig, PluginCache};
use konn::runtime::connection::Opener;
use konn::runtime::machine::{Ask, Machine, Message};
use konn::ui::keymaps;
use konn::views::REGISTRY;
use kube::config::Kubeconfig;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinHandle;

/// How long a condition is waited for. Long, because machines are slow; a test that passes never waits so long.
const PATIENCE: Duration = Duration::from_secs(300);

/// A cluster with the namespaces that every cluster has, and `shop`.
pub async fn cluster() -> Running {
    let running = Mock::builder().start("127.0.0.1:0").await.unwrap();
    plant(
        &running,
        serde_json::json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}, "status": {"phase": "Active"}}),
    );
    // The user dev sees pods in shop, and nothing else.
    plant(
        &running,
        serde_json::json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "pods", "namespace": "shop"},
        "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]}),
    );
    plant(
        &running,
        serde_json::json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "pods", "namespace": "shop"},
        "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "dev"}],
        "roleRef": {"kind": "Role", "apiGroup": "rbac.authorization.k8s.io", "name": "pods"}}),
    );
    running
}

/// A cluster of two nodes with controllers, whose time hurries while the task lives, so that nobody waits for it. The
/// controllers look between two steps of the clock: on a slow machine it does not run away from them.
pub async fn hurrying() -> (Running, JoinHandle<()>) {
    let clock = Clock::standing(jiff::Timestamp::now());
    let running = Mock::builder().clock(clock.clone()).nodes(2);
    let running = running.start("127.0.0.1:0").await.unwrap();
    let mut controllers = Controllers::new(running.api.clone());
    let hurry = tokio::spawn(async move {
        loop {
            controllers.tick();
            tokio::time::sleep(Duration::from_millis(10)).await;
            clock.advance(Duration::from_millis(400));
        }
    });
    (running, hurry)
}

/// Puts an object into the cluster.
pub fn plant(running: &Running, object: serde_json::Value) {
    running.api.plant(object).map(|_| ()).unwrap();
}

/// A pod that runs.
pub fn pod(namespace: &str, name: &str) -> serde_json::Value {
    serde_json::json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": name.trim_end_matches(|ch: char| ch.is_ascii_digit() || ch == '-')}},
        "spec": {"nodeName": "minikube", "containers": [{"name": "c", "image": "nginx:1.21"}]},
        "status": {"phase": "Running", "containerStatuses": [{"name": "c", "ready": true, "restartCount": 0, "state": {"running": {}}}]}
    })
}

/// Setup on the default keymap, at 120x40, in English.
pub fn setup(line: &str) -> Setup {
    Setup {
        registry: &REGISTRY,
        keymap: keymaps::load("default", None, &REGISTRY).unwrap_or_else(|error| panic!("{error}")),
        lang: Lang::load(Tongue::En),
        size: Size { width: 120, height: 40 },
        now: jiff::Timestamp::now(),
        scope: None,
        line: line.to_string(),
        policy: Default::default(),
        mouse: true,
        columns: Default::default(),
        log_memory: konn::core::log::MEMORY,
        forwards: Default::default(),
    }
}

/// What opens a context of the cluster.
pub fn opener(running: &Running, context: &str) -> Opener {
    let kubeconfig = Kubeconfig::from_yaml(&running.kubeconfig()).unwrap();
    Opener {
        options: ClientOptions {
            context: Some(context.to_string()),
            ..ClientOptions::default()
        },
        environment: Environment::of(std::path::Path::new("/nonexistent"), []),
        plugins: PluginCache::default(),
        audit: None,
        given: Some(LoadedKubeconfig {
            kubeconfig,
            files: Vec::new(),
            in_cluster: false,
        }),
    }
}

/// konn on a cluster.
pub struct Konn {
    pub machine: Machine,
    pub inbox: Receiver<Message>,
    pub asks: Vec<Ask>,
}

impl Konn {
    /// Opens a context of the cluster at a line such as `pods shop`.
    pub fn open(running: &Running, context: &str, line: &str) -> Self {
        Self::try_open(running, context, line).unwrap_or_else(|trouble| panic!("{trouble:?}"))
    }

    pub fn try_open(running: &Running, context: &str, line: &str) -> Result<Self, konn::core::trouble::Trouble> {
        let (machine, inbox, asks) = Machine::start(setup(line), opener(running, context))?;
        Ok(Self { machine, inbox, asks })
    }

    pub fn app(&self) -> &App {
        &self.machine.app
    }

    /// Presses keys, such as `j j d`.
    pub fn press(&mut self, keys: &str) {
        for name in keys.split_whitespace() {
            let key = Key::parse(name).unwrap_or_else(|| panic!("no key {name}"));
            let asks = self.machine.event(Event::Key(key));
            self.asks.extend(asks);
        }
    }

    /// Types text.
    pub fn type_text(&mut self, text: &str) {
        for ch in text.chars() {
            let key = Key::plain(konn::core::key::Code::Char(ch));
            self.machine.event(Event::Key(key));
        }
    }

    /// The whole text of the topmost layer, as a copy takes it.
    pub fn whole_text(&mut self) -> String {
        self.asks.clear();
        self.press("c");
        let copied = self.asks.iter().find_map(|ask| match ask {
            Ask::Copy(_, text) => Some(text.clone()),
            _ => None,
        });
        copied.unwrap_or_default()
    }

    /// Opens a line, as typed into the palette.
    pub fn line(&mut self, line: &str) {
        self.press(":");
        self.type_text(line);
        self.press("enter");
    }

    /// Takes one message in. On a machine that stood still the time is told before it too: what begins with it, such as a
    /// notice, must not be as old as the message before.
    pub async fn step(&mut self) {
        if let Some(message) = self.inbox.recv().await {
            if self.app().clock.now.as_second() != jiff::Timestamp::now().as_second() {
                self.tick();
            }
            let asks = self.machine.message(message);
            self.asks.extend(asks);
            self.tick();
        }
    }

    /// Tells the time.
    fn tick(&mut self) {
        let asks = self.machine.event(Event::Tick(jiff::Timestamp::now()));
        self.asks.extend(asks);
    }

    /// Takes messages in until the condition holds; else fails with what is on the screen.
    pub async fn until(&mut self, what: &str, condition: impl Fn(&App) -> bool) {
        self.until_some(what, |konn| condition(konn.app()).then_some(())).await;
    }

    /// Takes messages in until something is found; else fails with what is on the screen.
    pub async fn until_some<T>(&mut self, what: &str, mut find: impl FnMut(&mut Self) -> Option<T>) -> T {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some(found) = find(self) {
                return found;
            }
            assert!(
                tokio::time::Instant::now() < end,
                "waited for {what} in vain:\n{}",
                self.screen()
            );
            // A tick now and then, for what changes by time alone.
            let wait = tokio::time::Instant::now() + Duration::from_millis(100);
            if tokio::time::timeout_at(wait, self.step()).await.is_err() {
                self.tick();
            }
        }
    }

    /// The text that konn wants edited.
    pub async fn edited(&mut self) -> (TaskId, String) {
        let asked = |konn: &mut Self| {
            let at = konn.asks.iter().position(|ask| matches!(ask, Ask::Edit(..)))?;
            match konn.asks.remove(at) {
                Ask::Edit(task, document) => Some((task, document.text)),
                _ => None,
            }
        };
        self.until_some("an edit", asked).await
    }

    /// Until everything that is shown has its data, and what may be done is known.
    pub async fn settled(&mut self) {
        self.until("data", |app| app.is_settled() && app.are_rights_settled())
            .await;
    }

    /// The names of the visible rows, in order.
    pub fn names(&self) -> Vec<String> {
        names(self.app())
    }

    /// What a person sees, roughly: the rows, the layers' lines, the notice.
    pub fn screen(&self) -> String {
        let app = self.app();
        let mut out = format!("{:?}\n{}\n", app.link.state, self.names().join("\n"));
        for layer in &app.layers {
            for line in layer.sheet(&app.layer_cx(&**layer)).lines {
                out.push_str(&line.text());
                out.push('\n');
            }
        }
        if let Some((notice, _)) = &app.notice {
            out.push_str(&notice.text);
        }
        out
    }
}

/// The names of the visible rows that are not gone, in order.
pub fn names(app: &App) -> Vec<String> {
    let Some(screen) = app.screen() else { return Vec::new() };
    (0..screen.count())
        .filter_map(|flat| screen.place_of(flat))
        .filter_map(|(section, place)| screen.row(&app.store, section, place))
        .filter(|row| !row.is_gone())
        .map(|row| row.object.meta().name.to_string())
        .collect()
}

/// The table of the first section.
pub fn table(app: &App) -> Option<&Table> {
    app.screen()?.sections.first()?.table(&app.store)
}

/// The text of the topmost layer.
pub fn layer_text(app: &App) -> String {
    let Some(layer) = app.layers.last() else {
        return String::new();
    };
    let sheet = layer.sheet(&app.layer_cx(&**layer));
    let lines: Vec<String> = sheet.lines.iter().map(|line| line.text()).collect();
    format!("{}\n{}", sheet.title.text(), lines.join("\n"))
}
