//! Editing in the person's own editor, and applying what stands in files.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::json;

use crate::home::{Cluster, Home};
use crate::terminal::Terminal;

/// An editor: the first time it makes a mistake, then it mends it. Each time it shows that the terminal is its own.
const EDITOR: &str = r#"#!/bin/sh
stty -a < /dev/tty | grep -q -- '-icanon' && echo raw > "$HOME/raw"
ls -ln "$1" | cut -c1-10 >> "$HOME/modes"
echo "$1" > "$HOME/path"
printf 'THE EDITOR HAS THE TERMINAL\n' > /dev/tty
read key < /dev/tty
printf '%s\n' "$key" >> "$HOME/keys"
if [ -e "$HOME/once" ]; then
  cp "$1" "$HOME/second"
  sed -e 's/team: \[/team: b/' "$1" > "$1.new" && mv "$1.new" "$1"
else
  touch "$HOME/once"
  sed -e 's/team: a/team: [/' "$1" > "$1.new" && mv "$1.new" "$1"
fi
"#;

fn with_editor(home: &Home, script: &str) -> PathBuf {
    let path = home.path().join("editor");
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn a_mistake_is_opened_again_and_mended() {
    let cluster = Cluster::new();
    cluster.plant(
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "conf", "namespace": "shop"},
        "data": {"team": "a"}}),
    );
    let home = Home::of(&cluster);
    let editor = with_editor(&home, EDITOR);
    let mut command = home.command(&["-n", "shop", "-c", "configmaps"]);
    command.env("EDITOR", &editor);
    let mut konn = Terminal::run(command, (120, 40));
    konn.shows("conf");
    konn.shows("● live");
    konn.press("e");
    konn.shows("THE EDITOR HAS THE TERMINAL");
    konn.press("j\r");
    konn.until("the second time", |_| home.path().join("once").exists());
    konn.until("the editor again", |screen| {
        std::fs::read_to_string(home.path().join("modes")).is_ok_and(|modes| modes.lines().count() == 2)
            && screen.contents().contains("THE EDITOR HAS THE TERMINAL")
    });
    konn.press("k\r");
    konn.shows("Edited configmap/conf.");
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap();
    assert_eq!(read("keys"), "j\nk\n", "every key was the editor's");
    assert_eq!(read("modes"), "-rw-------\n-rw-------\n");
    assert!(!home.path().join("raw").exists(), "the terminal was as it was before");
    assert!(
        read("second").contains("# The edited file is not valid YAML"),
        "{}",
        read("second")
    );
    let draft = PathBuf::from(read("path").trim());
    assert!(
        !draft.exists() && !draft.parent().unwrap().exists(),
        "nothing is left behind"
    );
    let object = cluster.running.api.store.get("configmaps", "shop", "conf").unwrap();
    assert_eq!(object.decode()["data"]["team"], "b");
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}

#[test]
fn what_an_editor_left_in_a_bad_end_is_kept() {
    let cluster = Cluster::new();
    let home = Home::of(&cluster);
    let editor = with_editor(&home, "#!/bin/sh\necho '# typed' >> \"$1\"\nexit 3\n");
    let mut command = home.command(&["-n", "shop"]);
    command.env("KUBE_EDITOR", &editor);
    let mut konn = Terminal::run(command, (160, 40));
    konn.shows("web-2");
    konn.shows("● live");
    konn.press("e");
    konn.shows("What you typed is kept in");
    let kept = home.path().join("XDG_STATE_HOME/konn/kept/pod-web-0.yaml");
    assert!(std::fs::read_to_string(kept).unwrap().ends_with("# typed\n"));
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}

#[test]
fn what_comes_by_a_pipe_is_applied() {
    let cluster = Cluster::new();
    let home = Home::of(&cluster);
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: piped\n";
    std::fs::write(home.path().join("one.yaml"), manifest).unwrap();
    let line = format!("cat one.yaml | '{}' -n shop -c 'apply -'", env!("CARGO_BIN_EXE_konn"));
    let mut command = home.command(&["-c", &line]);
    command.get_argv_mut()[0] = "/bin/sh".into();
    let mut konn = crate::terminal::Terminal::run(command, (120, 40));
    konn.shows("● live");
    konn.shows("configmap/piped");
    konn.shows("Enter applies");
    konn.press("\r");
    konn.shows("Applied objects: 1.");
    assert!(cluster.running.api.store.get("configmaps", "shop", "piped").is_some());
    konn.press("\rq");
    assert_eq!(konn.left().code, 0);
}

#[test]
fn a_folder_with_a_bad_document_is_applied() {
    let cluster = Cluster::new();
    let home = Home::of(&cluster);
    let folder = home.path().join("manifests");
    std::fs::create_dir(&folder).unwrap();
    let map = |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  a: \"1\"\n");
    std::fs::write(
        folder.join("1.yaml"),
        format!("{}---\nkind: [\n---\n{}", map("one"), map("two")),
    )
    .unwrap();
    std::fs::write(folder.join("2.yaml"), map("three")).unwrap();
    let mut konn = home.konn(&["-n", "shop", "-c", "configmaps"]);
    konn.shows("● live");
    konn.press(":");
    konn.press("apply manifests\r");
    konn.shows("1.yaml, document 2, line");
    konn.shows("Enter applies");
    konn.press("\r");
    konn.shows("Applied objects: 3. Not done: 1.");
    for name in ["one", "two", "three"] {
        assert!(
            cluster.running.api.store.get("configmaps", "shop", name).is_some(),
            "{name}"
        );
    }
    konn.press("\r");
    konn.shows("three");
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}

/// An editor that the server disagrees with at first: a label that cannot be, then one that can.
const STUBBORN: &str = r#"#!/bin/sh
if [ -e "$HOME/once" ]; then
  cp "$1" "$HOME/second"
  sed -e 's/team: a b/team: b/' "$1" > "$1.new" && mv "$1.new" "$1"
else
  touch "$HOME/once"
  sed -e 's/team: a$/team: a b/' "$1" > "$1.new" && mv "$1.new" "$1"
fi
"#;

#[test]
fn what_the_server_refuses_is_opened_again_with_its_words_and_mended() {
    let cluster = Cluster::new();
    cluster.plant(
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "conf", "namespace": "shop",
        "labels": {"team": "a"}}}),
    );
    let home = Home::of(&cluster);
    let editor = with_editor(&home, STUBBORN);
    let mut command = home.command(&["-n", "shop", "-c", "configmaps"]);
    command.env("EDITOR", &editor);
    let mut konn = Terminal::run(command, (120, 40));
    konn.shows("conf");
    konn.shows("● live");
    konn.press("e");
    konn.shows("Edited configmap/conf.");
    let second = std::fs::read_to_string(home.path().join("second")).unwrap();
    for wanted in [
        "# configmap/conf was not valid:",
        "metadata.labels: Invalid value: \"a b\"",
        "    team: a b\n",
    ] {
        assert!(second.contains(wanted), "{wanted}\n{second}");
    }
    let object = cluster.running.api.store.get("configmaps", "shop", "conf").unwrap();
    assert_eq!(object.decode()["metadata"]["labels"]["team"], "b");
    // What was refused and what was done both stand in the history.
    konn.press("H");
    konn.shows("✗");
    konn.shows("✓");
    konn.press("q");
    konn.shows("NAME");
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}

#[test]
fn a_document_that_the_server_refuses_costs_no_other() {
    let cluster = Cluster::new();
    let home = Home::of(&cluster);
    let folder = home.path().join("manifests");
    std::fs::create_dir(&folder).unwrap();
    let map = |name: &str, team: &str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  labels:\n    team: {team}\n")
    };
    std::fs::write(
        folder.join("1.yaml"),
        format!(
            "{}---\n{}---\n{}",
            map("one", "a"),
            map("two", "a b"),
            map("three", "a")
        ),
    )
    .unwrap();
    let mut konn = home.konn(&["-n", "shop", "-c", "configmaps"]);
    konn.shows("● live");
    konn.press(":");
    konn.press("apply manifests\r");
    konn.shows("Invalid value");
    konn.shows("Enter applies");
    konn.press("\r");
    konn.shows("Applied objects: 2. Not done: 1.");
    konn.shows("✓ configmap/one");
    konn.shows("✗ configmap/two");
    konn.shows("✓ configmap/three");
    for (name, there) in [("one", true), ("two", false), ("three", true)] {
        let found = cluster.running.api.store.get("configmaps", "shop", name);
        assert_eq!(found.is_some(), there, "{name}");
    }
    konn.press("\r");
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}
