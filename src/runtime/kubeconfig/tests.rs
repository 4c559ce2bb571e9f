//! Against the real `kubectl config`, on copies of the same files.

use std::path::Path;
use std::process::Command;

use super::*;

const RED: &str = "# mine\napiVersion: v1\nkind: Config\npreferences: {}\ncurrent-context: red # the one\nx-unknown: {a: 1, z: [1, 2]}\ncontexts:\n# first\n- name: red\n  context: {cluster: red, user: me, namespace: shop}\n  x-odd: 3\n- context:\n    cluster: blue\n    user: me\n  name: blue\nclusters:\n- name: red\n  cluster: {server: 'https://red:6443', certificate-authority: ca.crt, insecure-skip-tls-verify: no}\nusers:\n- name: me\n  user: {token: hunter2, username: \"on\"}\n";
const BLUE: &str = "apiVersion: v1\nkind: Config\ncontexts: [{name: green, context: {cluster: green, user: me}}, {name: blue, context: {cluster: green, user: me}}]\n";

fn edits() -> Vec<(KubeconfigEdit, Vec<&'static str>)> {
    let rename = |from: &str, to: &str| KubeconfigEdit::Rename {
        from: from.into(),
        to: to.into(),
    };
    let delete = |context: &str| KubeconfigEdit::Delete {
        context: context.into(),
    };
    let space = |context: &str, namespace: &str| KubeconfigEdit::Namespace {
        context: context.into(),
        namespace: namespace.into(),
    };
    vec![
        (rename("red", "rot"), vec!["rename-context", "red", "rot"]),
        (rename("blue", "on"), vec!["rename-context", "blue", "on"]),
        (rename("green", "a: b #"), vec!["rename-context", "green", "a: b #"]),
        (delete("red"), vec!["delete-context", "red"]),
        (delete("blue"), vec!["delete-context", "blue"]),
        (space("red", "y"), vec!["set-context", "red", "--namespace=y"]),
        (space("blue", "web"), vec!["set-context", "blue", "--namespace=web"]),
        (space("green", "123"), vec!["set-context", "green", "--namespace=123"]),
    ]
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (a, b) = (folder.join("a"), folder.join("b"));
    std::fs::write(&a, RED).unwrap();
    std::fs::write(&b, BLUE).unwrap();
    vec![a, folder.join("gone"), b]
}

/// What kubectl knows of a kubeconfig: the contexts and the current one.
fn known(path: &Path) -> Value {
    let value = text::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut contexts: Vec<Value> = value["contexts"].as_array().cloned().unwrap_or_default();
    contexts.iter_mut().for_each(|entry| {
        entry.as_object_mut().unwrap().retain(|key, _| !key.starts_with("x-"));
        entry.sort_all_objects();
    });
    contexts.sort_by_key(|entry| entry["name"].to_string());
    json!({"contexts": contexts, "current": edit::current(&value)})
}

#[test]
fn files_say_what_kubectl_makes_of_them() {
    let kubectl = std::path::PathBuf::from("kubectl");
    if Command::new(&kubectl).arg("version").arg("--client").output().is_err() {
        assert!(
            std::env::var_os("KONN_REQUIRE_KUBECTL").is_none(),
            "there is no kubectl"
        );
        eprintln!("skipped: there is no kubectl");
        return;
    }
    for (change, args) in edits() {
        let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (own, other) = (files(ours.path()), files(theirs.path()));
        assert!(matches!(apply(&own, &change), Outcome::Object(_)), "{change:?}");
        let list = std::env::join_paths(&other).unwrap();
        let done = Command::new(&kubectl)
            .arg("config")
            .args(&args)
            .env("KUBECONFIG", list)
            .output()
            .unwrap();
        assert!(done.status.success(), "{args:?}: {done:?}");
        for at in [0, 2] {
            assert_eq!(known(&own[at]), known(&other[at]), "{change:?} {at}");
        }
    }
}

#[test]
fn everything_else_stays_as_it_was() {
    for (change, _) in edits() {
        let folder = tempfile::tempdir().unwrap();
        let paths = files(folder.path());
        apply(&paths, &change);
        let now = std::fs::read_to_string(&paths[0]).unwrap();
        let (before, after) = (text::parse(RED).unwrap(), text::parse(&now).unwrap());
        for field in ["x-unknown", "clusters", "users", "preferences", "kind"] {
            assert_eq!(before[field], after[field], "{change:?} {field}");
        }
        assert!(
            now.starts_with("# mine\n") && now.contains("insecure-skip-tls-verify: no}"),
            "{change:?}\n{now}"
        );
        let left: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|one| one.unwrap().file_name())
            .collect();
        assert_eq!(left.len(), 2, "no lock and no other file is left: {left:?}");
    }
}

#[test]
fn what_cannot_be_cut_out_is_written_anew() {
    let text = "contexts: [{name: &a red, context: null, x: {y: [1, [2]], z: 'yes'}}]\nkeep: \"a\\nb\"\nalso: {}\n";
    let change = KubeconfigEdit::Namespace {
        context: "red".into(),
        namespace: "n".into(),
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    std::fs::write(&path, text).unwrap();
    assert!(matches!(
        apply(std::slice::from_ref(&path), &change),
        Outcome::Object(_)
    ));
    let now = text::parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(
        now,
        json!({"contexts": [{"name": "red", "context": {"namespace": "n"}, "x": {"y": [1, [2]], "z": "yes"}}],
            "keep": "a\nb", "also": {}})
    );
}

#[test]
fn what_is_not_there_or_already_is_fails_and_changes_nothing() {
    let rename = |from: &str, to: &str| KubeconfigEdit::Rename {
        from: from.into(),
        to: to.into(),
    };
    for (change, id) in [
        (rename("nope", "x"), "kubeconfig.unknown"),
        (rename("green", "blue"), "kubeconfig.taken"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let paths = files(folder.path());
        let Outcome::Failed(trouble) = apply(&paths, &change) else {
            panic!("{change:?}")
        };
        assert_eq!(trouble.id, id);
        assert_eq!(std::fs::read_to_string(&paths[0]).unwrap(), RED);
        assert_eq!(std::fs::read_to_string(&paths[2]).unwrap(), BLUE);
    }
}

#[test]
fn the_current_one_that_is_deleted_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let paths = files(folder.path());
    let change = KubeconfigEdit::Delete { context: "red".into() };
    let Outcome::Object(done) = apply(&paths, &change) else {
        panic!()
    };
    assert_eq!(done["lostCurrent"], true);
}

#[cfg(unix)]
#[test]
fn links_modes_and_locks_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let paths = files(folder.path());
    let link = folder.path().join("link");
    symlink(&paths[0], &link).unwrap();
    std::fs::set_permissions(&paths[0], std::fs::Permissions::from_mode(0o640)).unwrap();
    let change = KubeconfigEdit::Delete { context: "red".into() };
    assert!(matches!(
        apply(std::slice::from_ref(&link), &change),
        Outcome::Object(_)
    ));
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        std::fs::metadata(&paths[0]).unwrap().permissions().mode() & 0o777,
        0o640
    );
    // Another program keeps the lock.
    std::fs::write(folder.path().join("b.lock"), "").unwrap();
    let change = KubeconfigEdit::Delete { context: "blue".into() };
    let Outcome::Failed(trouble) = apply(&paths[2..], &change) else {
        panic!()
    };
    assert!(trouble.said.unwrap().contains("b.lock"));
    assert_eq!(std::fs::read_to_string(&paths[2]).unwrap(), BLUE);
}
