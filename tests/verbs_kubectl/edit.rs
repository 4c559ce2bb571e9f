//! konn's edit and `kubectl edit`, with the same change of the same text.

use konn::core::event::Event;
use konn::core::outcome::Outcome;
use serde_json::{Value, json};

use super::harness::{Kubectl, installed, same_state, state};
use super::support::{Konn, cluster, plant};
use super::verbs::kinds;

/// What is edited: where, which text becomes which.
struct Edited {
    objects: Vec<Value>,
    line: &'static str,
    from: &'static str,
    to: &'static str,
    command: &'static str,
}

fn edits() -> Vec<Edited> {
    vec![
        Edited {
            objects: vec![kinds::config_map("conf")],
            line: "configmaps shop",
            from: "  a: \"1\"",
            to: "  a: \"2\"\\n  b: new",
            command: "kubectl edit configmaps/conf -n shop",
        },
        Edited {
            objects: vec![kinds::config_map("conf")],
            line: "configmaps shop",
            from: "    tier: old",
            to: "    team: blue",
            command: "kubectl edit configmaps/conf -n shop",
        },
        Edited {
            objects: kinds::deployment("web", &json!({})),
            line: "deployments shop",
            from: "image: nginx:1.27",
            to: "image: nginx:1.28",
            command: "kubectl edit deployments.apps/web -n shop",
        },
        Edited {
            objects: vec![kinds::node("n1", &json!({}))],
            line: "nodes",
            from: "  - effect: NoSchedule",
            to: "  - effect: PreferNoSchedule",
            command: "kubectl edit nodes/n1",
        },
        Edited {
            objects: kinds::gizmo("g"),
            line: "gizmos shop",
            from: "  size: 4",
            to: "  size: 5\\n  colour: red",
            command: "kubectl edit gizmos.toys.example.com/g -n shop",
        },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_leaves_what_kubectl_edit_leaves() {
    if !installed().await {
        return;
    }
    for edited in edits() {
        let [ours, theirs] = [cluster().await, cluster().await];
        for running in [&ours, &theirs] {
            edited.objects.iter().for_each(|object| plant(running, object.clone()));
        }
        let before = state(&ours);
        let mut konn = Konn::open(&ours, "mock", edited.line);
        konn.settled().await;
        konn.press("e");
        let (task, text) = konn.edited().await;
        assert!(text.contains(edited.from), "{text}");
        let changed = text.replace(edited.from, &edited.to.replace("\\n", "\n"));
        konn.machine.event(Event::Done(task, Outcome::Edited(changed)));
        konn.until("the end", |app| app.layers.is_empty()).await;
        let commands: Vec<String> = konn
            .app()
            .history
            .entries()
            .map(|entry| entry.kubectl.clone())
            .collect();
        assert_eq!(commands, [edited.command], "{}", konn.screen());
        let kubectl = Kubectl::of(&theirs);
        write_editor(&kubectl, &edited);
        kubectl.run(&commands[0], None, &theirs).await;
        let after = state(&ours);
        assert_ne!(after, before, "{}", edited.command);
        same_state("edit", &commands[0], &after, &state(&theirs));
    }
}

/// An editor that makes the change.
fn write_editor(kubectl: &Kubectl, edited: &Edited) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = kubectl.home().join("editor");
    let script = format!(
        "#!/bin/sh\nsed -e 's|{}|{}|' \"$1\" > \"$1.new\" && mv \"$1.new\" \"$1\"\n",
        edited.from, edited.to
    );
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
