//! Port-forwards: the dialog, the list, and the question before they end.

use konn::core::effect::Effect;
use konn::core::event::Event;
use konn::core::forward::{ForwardNews, ForwardSession, Traffic};
use konn::core::outcome::Outcome;
use konn::core::request::Request;
use konn::core::session::{Chunk, Session, SessionId};
use konn::core::trouble::{Trouble, TroubleKind};
use konn::ui::{ColorDepth, Theme, export, render};
use serde_json::{Value, json};

use super::stage::{Set, Stage, pod, rows};

fn service(name: &str, spec: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "shop", "uid": name}, "spec": spec})
}

fn stage(object: &Value) -> Stage {
    let line = if object["kind"] == "Service" {
        "services"
    } else {
        "pods"
    };
    let mut stage = Stage::new(Set {
        size: (120, 40),
        line,
        ..Set::default()
    });
    stage.list(line, rows(line, vec![object.clone()]));
    stage
}

/// Opens the dialog, whose questions are answered with the object and these free ports.
fn dialog(stage: &mut Stage, object: &Value, free: &[u16]) {
    let mut effects = stage.press("f");
    while let Some(effect) = effects.pop() {
        match effect {
            Effect::Call(task, Request::Get { .. }) => {
                effects.extend(stage.event(Event::Done(task, Outcome::Object(Box::new(object.clone())))));
            }
            Effect::FreePorts(task, _) => {
                effects.extend(stage.event(Event::Done(task, Outcome::Ports(free.to_vec()))));
            }
            _ => {}
        }
    }
}

fn screen(stage: &Stage) -> String {
    let theme = Theme::load("monochrome", None, ColorDepth::TrueColor).unwrap();
    export::text(&render(&stage.app, &theme))
}

fn opened(effects: &[Effect]) -> Vec<(SessionId, ForwardSession)> {
    let open = |effect: &Effect| match effect {
        Effect::Open(id, Session::Forward(forward)) => Some((*id, (**forward).clone())),
        _ => None,
    };
    effects.iter().filter_map(open).collect()
}

fn web() -> Value {
    service(
        "web",
        json!({"clusterIP": "10.0.0.1", "ports": [{"name": "http", "port": 80, "targetPort": 8080},
        {"name": "https", "port": 443}, {"name": "dns", "port": 53, "protocol": "UDP"}]}),
    )
}

/// A stage with two forwards: the session of the first.
fn forwarding() -> (Stage, SessionId) {
    let mut stage = stage(&web());
    dialog(&mut stage, &web(), &[8080, 8443]);
    let opened = opened(&stage.press("enter"));
    (stage, opened[0].0)
}

fn news(stage: &mut Stage, id: SessionId, news: ForwardNews) {
    stage.event(Event::Stream(id, Chunk::Forward(news)));
}

#[test]
fn the_dialog_proposes_free_ports_and_shows_the_command() {
    let mut stage = stage(&web());
    dialog(&mut stage, &web(), &[8080, 8443]);
    let shown = screen(&stage);
    for wanted in [
        "Forward ports of service/web",
        "offers 80 http, 443 https",
        "Taken here, or not to be had: 80, 443",
        "$ kubectl port-forward service/web 8080:80 8443:443 -n shop",
    ] {
        assert!(shown.contains(wanted), "{wanted}\n{shown}");
    }
    stage.press("down ctrl-u \"0.0.0.0\"");
    let shown = screen(&stage);
    assert!(
        shown.contains("--address=0.0.0.0") && shown.contains("everybody who reaches this machine"),
        "{shown}"
    );
    for (typed, why) in [
        ("\"x:80\"", "is no pair of ports"),
        ("\":81\"", "There is no port 81"),
        ("\":dns\"", "is not TCP"),
    ] {
        stage.press(&format!("up ctrl-u {typed}"));
        assert!(opened(&stage.press("enter")).is_empty());
        assert!(screen(&stage).contains(why), "{why}\n{}", screen(&stage));
        stage.press("down");
    }
    stage.press("up ctrl-u \"9000:http\"");
    let opened = opened(&stage.press("enter"));
    let [(_, forward)] = &opened[..] else {
        panic!("{opened:?}")
    };
    assert_eq!(
        (forward.local, forward.remote.as_str(), forward.address.as_str()),
        (9000, "http", "0.0.0.0")
    );
    assert!(
        stage.app.layers.is_empty() && screen(&stage).contains("⇄ 1"),
        "the header counts"
    );
}

#[test]
fn what_cannot_be_forwarded_says_why() {
    let headless = service("db", json!({"clusterIP": "None", "ports": [{"port": 5432}]}));
    let external = service("ext", json!({"type": "ExternalName", "externalName": "example.com"}));
    for (object, why) in [(headless, "headless service"), (external, "out of the cluster")] {
        let mut stage = stage(&object);
        let effects = stage.press("f");
        assert!(
            effects.is_empty() && screen(&stage).contains(why),
            "{effects:?}\n{}",
            screen(&stage)
        );
    }
    let mut stage = Stage::with_pods(Set {
        read_only: true,
        ..Set::default()
    });
    stage.press("f");
    assert!(stage.app.layers.is_empty() && screen(&stage).contains("read-only mode"));
}

#[test]
fn the_list_shows_how_forwards_fare_wherever_one_is() {
    let (mut stage, id) = forwarding();
    news(&mut stage, id, ForwardNews::Listening(8080));
    news(&mut stage, id, ForwardNews::Pod("web-0".into(), 8080));
    assert!(screen(&stage).contains("127.0.0.1:8080 leads to service/web:80 by the pod web-0"));
    stage.press(": \"nodes\" enter F");
    let traffic = Traffic {
        received: 104_857_600,
        sent: 2048,
        open: 3,
        total: 50,
    };
    news(&mut stage, id, ForwardNews::Traffic(traffic));
    let shown = screen(&stage);
    for wanted in ["service/web:80", "web-0:8080", "100 MiB", "2.0 KiB", "3/50", "starting"] {
        assert!(shown.contains(wanted), "{wanted}\n{shown}");
    }
    news(&mut stage, id, ForwardNews::Lost(None));
    assert!(screen(&stage).contains("looking for a pod"));
    let trouble = Trouble::new(TroubleKind::NotFound, "trouble.forward_no_pod").with("name", "service/web");
    stage.event(Event::Stream(id, Chunk::Ended(Some(trouble))));
    let shown = screen(&stage);
    assert!(
        shown.contains("✗ service/web has no pod that runs") && shown.contains("⇄ 1"),
        "{shown}"
    );
    let again = opened(&stage.press("r"));
    assert_eq!(again.len(), 1, "started anew");
    assert_eq!(stage.app.forwards.all().len(), 2);
    let effects = stage.press("x");
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Close(_))),
        "{effects:?}"
    );
    assert_eq!(stage.app.forwards.all().len(), 1);
}

#[test]
fn leaving_asks_once() {
    let (mut stage, _) = forwarding();
    let quits = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Quit));
    assert!(!quits(&stage.press("q")));
    assert!(
        screen(&stage).contains("· 127.0.0.1:8443 → service/web:443"),
        "{}",
        screen(&stage)
    );
    assert!(!quits(&stage.press("enter")), "to stay is the first answer");
    assert!(!quits(&stage.press("q")) && quits(&stage.press("down enter")));
    assert!(!quits(&stage.press("esc ctrl-c")) && !quits(&stage.press("ctrl-c")));
    stage.press("esc");
    let mut none = super::stage(&["web-0"]);
    assert!(quits(&none.press("q")), "nothing is open: nothing is asked");
}

#[test]
fn one_object_at_a_time() {
    let mut stage = Stage::new(Set::default());
    stage.list("pods", rows("pods", ["a", "b"].map(|name| pod(name, &[])).to_vec()));
    let effects = stage.press("space space f");
    assert!(
        effects.is_empty() && screen(&stage).contains("one object at a time"),
        "{}",
        screen(&stage)
    );
}
