//! Port-forwards: the dialog, the list, the question before they end.

use konn::core::effect::Effect;
use konn::core::event::Event;
use konn::core::forward::{ForwardNews, Kept, Traffic};
use konn::core::lang::Tongue;
use konn::core::outcome::Outcome;
use konn::core::request::Request;
use konn::core::session::{Chunk, Session, SessionId};
use konn::core::trouble::{Trouble, TroubleKind};
use serde_json::{Value, json};

use crate::seen;
use crate::stage::{Set, Stage, rows};

fn web() -> Value {
    json!({"apiVersion": "v1", "kind": "Service",
        "metadata": {"name": "web", "namespace": "shop", "uid": "web", "creationTimestamp": "2026-11-20T22:00:00Z"},
        "spec": {"type": "ClusterIP", "clusterIP": "10.0.0.1", "ports": [{"name": "http", "port": 80, "targetPort": 8080},
            {"name": "https", "port": 443}, {"name": "metrics", "port": 9102}]}})
}

fn dialog(size: (u16, u16), tongue: Tongue) -> Stage {
    let mut stage = Stage::new(Set {
        size,
        tongue,
        line: "services",
        ..Set::default()
    });
    stage.list("services", rows("services", vec![web()]));
    let mut effects = stage.press("f");
    while let Some(effect) = effects.pop() {
        match effect {
            Effect::Call(task, Request::Get { .. }) => {
                effects.extend(stage.event(Event::Done(task, Outcome::Object(Box::new(web())))));
            }
            Effect::FreePorts(task, _) => {
                effects.extend(stage.event(Event::Done(task, Outcome::Ports(vec![8080, 8443, 9102]))));
            }
            _ => {}
        }
    }
    stage
}

fn list(size: (u16, u16), tongue: Tongue) -> Stage {
    let mut stage = dialog(size, tongue);
    let opened = stage.press("enter");
    let ids: Vec<SessionId> = opened
        .iter()
        .filter_map(|effect| match effect {
            Effect::Open(id, Session::Forward(_)) => Some(*id),
            _ => None,
        })
        .collect();
    let mut news = |at: usize, news: ForwardNews| {
        stage.event(Event::Stream(ids[at], Chunk::Forward(news)));
    };
    for (at, port, there) in [(0, 8080, 8080), (1, 8443, 443)] {
        news(at, ForwardNews::Listening(port));
        news(at, ForwardNews::Pod("web-6d4cf56db6-abcde".into(), there));
    }
    let traffic = Traffic {
        received: 104_857_600,
        sent: 34_567,
        open: 3,
        total: 50,
    };
    news(0, ForwardNews::Traffic(traffic));
    let nobody = Trouble::new(TroubleKind::Refused, "trouble.forward_nobody");
    let nobody = nobody.with("pod", "web-6d4cf56db6-abcde").with("port", "443");
    news(1, ForwardNews::Refused(nobody));
    let gone = Trouble::new(TroubleKind::NotFound, "trouble.forward_no_pod").with("name", "service/web");
    stage.event(Event::Stream(ids[2], Chunk::Ended(Some(gone))));
    stage.app.kept = vec![Kept {
        name: "database".into(),
        context: None,
        namespace: Some("shop".into()),
        target: "sts/db".into(),
        ports: vec!["5432".into()],
        address: None,
    }];
    stage.pass(65);
    stage
}

#[test]
fn the_dialog_of_port_forward() {
    seen("forward_dialog_80x24", &dialog((80, 24), Tongue::En));
    seen("forward_dialog_120x40", &dialog((120, 40), Tongue::En));
    seen("forward_dialog_ja", &dialog((80, 24), Tongue::Ja));
}

#[test]
fn the_list_of_forwards() {
    for (name, size, tongue) in [
        ("forwards_80x24", (80, 24), Tongue::En),
        ("forwards_120x40", (120, 40), Tongue::En),
        ("forwards_ja", (120, 40), Tongue::Ja),
    ] {
        let mut stage = list(size, tongue);
        stage.press("F j");
        seen(name, &stage);
    }
}

#[test]
fn the_question_before_forwards_end() {
    let mut stage = list((80, 24), Tongue::En);
    stage.press("q down");
    seen("forwards_leaving", &stage);
}
