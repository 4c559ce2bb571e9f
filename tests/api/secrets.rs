//! A secret's values are hidden wherever objects are shown, until `x` reveals one.

use std::io::Write;
use std::sync::{Arc, Mutex};

use konn::ui::{ColorDepth, Theme, export};
use serde_json::json;

use crate::support::{Konn, cluster, plant};

const PASSWORD: &str = "hunter2-swordfish";
const USER: &str = "root-of-all";

fn encoded(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// The whole screen as cells.
fn frame(konn: &Konn) -> String {
    let theme = Theme::load("dark", None, ColorDepth::TrueColor).unwrap();
    export::text(&export::render(konn.app(), &theme))
}

fn shows(text: &str, value: &str) -> bool {
    text.contains(value) || text.contains(&encoded(value))
}

/// Expects that no value is on the screen, nor in what a copy takes.
fn hidden(konn: &mut Konn, place: &str) {
    let (seen, copied) = (frame(konn), konn.whole_text());
    for value in [PASSWORD, USER] {
        assert!(!shows(&seen, value), "{place}:\n{seen}");
        assert!(!shows(&copied, value), "{place}, copied:\n{copied}");
    }
}

fn secret() -> serde_json::Value {
    let applied = json!({"kind": "Secret", "data": {"password": encoded(PASSWORD)}}).to_string();
    json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
        "metadata": {"name": "db", "namespace": "shop", "annotations": {"kubectl.kubernetes.io/last-applied-configuration": applied}},
        "data": {"password": encoded(PASSWORD), "user": encoded(USER)}})
}

#[tokio::test(flavor = "multi_thread")]
async fn no_place_shows_a_value_before_it_is_asked_for() {
    let running = cluster().await;
    plant(&running, secret());
    let mut konn = Konn::open(&running, "mock", "secrets shop");
    konn.settled().await;
    hidden(&mut konn, "the table");
    konn.press("w");
    hidden(&mut konn, "the wide table");
    konn.press("tab");
    konn.settled().await;
    hidden(&mut konn, "the preview");
    for (key, place) in [("d", "describe"), ("y", "YAML"), ("t", "the tree"), ("u", "used by")] {
        konn.press(key);
        konn.settled().await;
        assert!(frame(&konn).contains("db"), "{place}: {}", frame(&konn));
        hidden(&mut konn, place);
        konn.press("esc");
    }
    konn.press("y");
    konn.settled().await;
    konn.press("m");
    konn.settled().await;
    hidden(&mut konn, "YAML with managed fields");
    konn.press("esc");
    konn.line("secrets.v1. shop");
    konn.settled().await;
    hidden(&mut konn, "the generic view");
}

#[tokio::test(flavor = "multi_thread")]
async fn x_reveals_one_value_and_hides_it_again() {
    let running = cluster().await;
    plant(&running, secret());
    for (key, password, user) in [
        ("d", PASSWORD.to_string(), USER.to_string()),
        ("y", encoded(PASSWORD), encoded(USER)),
    ] {
        let mut konn = Konn::open(&running, "mock", "secrets shop");
        konn.settled().await;
        konn.press(key);
        konn.settled().await;
        konn.press("x");
        let text = konn.whole_text();
        assert!(text.contains(&password), "{key}: {text}");
        assert!(!shows(&text, USER), "only one: {text}");
        for search in ["/", "u", "s", "e", "r", ":", "enter", "x"] {
            konn.press(search);
        }
        let text = konn.whole_text();
        assert!(text.contains(&user), "{key}: {text}");
        konn.press("x");
        assert!(!shows(&konn.whole_text(), USER), "{key}: hidden again");
        konn.press("esc esc");
        konn.press(key);
        konn.settled().await;
        hidden(&mut konn, "opened anew");
    }
}

/// What would be written to the log at its loudest.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_value_is_logged_even_when_it_is_revealed() {
    let written = Written::default();
    let writer = written.clone();
    // As the log file's own filter: the libraries below konn never log more than warnings.
    let filter = tracing_subscriber::EnvFilter::new("trace,kube_client=warn,kube=warn,hyper=warn,hyper_util=warn");
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(log);
    tracing::info!("the log is on");
    let running = cluster().await;
    plant(&running, secret());
    let mut konn = Konn::open(&running, "mock", "secrets shop");
    konn.settled().await;
    for key in ["d", "y"] {
        konn.press(key);
        konn.settled().await;
        konn.press("x");
        assert!(shows(&konn.whole_text(), PASSWORD), "{}", konn.screen());
        konn.press("esc");
    }
    let log = String::from_utf8_lossy(&written.0.lock().unwrap()).into_owned();
    assert!(log.contains("the log is on"), "{log}");
    assert!(!shows(&log, PASSWORD) && !shows(&log, USER), "{log}");
}
