//! A credential plugin prints what it likes, and nobody sees it.

use std::os::unix::fs::PermissionsExt;

use crate::home::{Cluster, Home};
use crate::terminal::contains;

/// A plugin that is noisy before and after it gives credentials, or fails.
fn home(cluster: &Cluster, ends: &str) -> Home {
    let home = Home::new("");
    let plugin = home.path().join("login");
    let credentials =
        r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"admin-token"}}"#;
    let script = format!(
        "#!/bin/sh\nprintf 'NOISE \\033]0;pwned\\007 one\\n' >&2\necho '{credentials}'\necho 'NOISE two' >&2\n{ends}\n"
    );
    std::fs::write(&plugin, script).unwrap();
    std::fs::set_permissions(&plugin, std::fs::Permissions::from_mode(0o755)).unwrap();
    let kubeconfig = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{{name: c, context: {{cluster: c, user: u, namespace: shop}}}}]\nclusters: [{{name: c, cluster: {{server: '{}/as/admin'}}}}]\nusers: [{{name: u, user: {{exec: {{apiVersion: client.authentication.k8s.io/v1, command: '{}', interactiveMode: IfAvailable}}}}}}]\n",
        cluster.running.url(),
        plugin.display()
    );
    std::fs::write(home.kubeconfig(), kubeconfig).unwrap();
    home
}

#[test]
fn its_noise_never_reaches_the_screen() {
    let cluster = Cluster::new();
    let home = home(&cluster, "exit 0");
    let mut konn = home.konn(&[]);
    konn.shows("web-2");
    konn.press("q");
    let left = konn.left();
    assert_eq!(left.code, 0);
    assert!(!contains(&left.raw, b"NOISE"), "{}", String::from_utf8_lossy(&left.raw));
}

#[test]
fn what_it_fails_with_is_told_clean() {
    let cluster = Cluster::new();
    let home = home(&cluster, "exit 3");
    let mut konn = home.konn(&[]);
    konn.shows("login");
    konn.shows("NOISE");
    konn.press("q");
    let left = konn.left();
    assert_eq!(left.code, 0);
    assert!(!contains(&left.raw, b"\x1b]"), "{}", String::from_utf8_lossy(&left.raw));
}
