//! Kubeconfigs, settings, themes and keymaps that are not as they should be.

use crate::run::Home;

const GOOD: &str = "apiVersion: v1\nkind: Config\ncurrent-context: dev\ncontexts:\n- name: dev\n  context: {cluster: c, user: u}\n- name: staging\n  context: {cluster: gone, user: u}\n- name: live\n  context: {cluster: c, user: gone}\nclusters:\n- name: c\n  cluster: {server: 'http://127.0.0.1:1'}\nusers:\n- name: u\n  user: {}\n";

#[test]
fn no_kubeconfig() {
    let home = Home::empty();
    home.refuses(
        &["snapshot", "pods"],
        &["There is no kubeconfig", ".kube", "--kubeconfig"],
    );
    home.refuses(&["snapshot", "pods", "--kubeconfig", "nowhere.yaml"], &["nowhere.yaml"]);
}

#[test]
fn a_broken_kubeconfig_is_named_with_its_line() {
    for (text, line) in [
        ("apiVersion: v1\nclusters: [\n  a: }\n", "line "),
        ("apiVersion: v1\ncontexts:\n- name: a\n context: b\n", "line 4"),
        ("apiVersion: v1\ncontexts: 5\n", "line 2"),
        ("hello\n", "line 1"),
    ] {
        let home = Home::new(text);
        home.refuses(&["snapshot", "pods"], &["config", "is not a valid kubeconfig", line]);
    }
    let home = Home::empty();
    std::fs::create_dir_all(home.path().join(".kube")).unwrap();
    std::fs::write(home.path().join(".kube").join("config"), [0xff, 0xfe, 0x00]).unwrap();
    home.refuses(&["snapshot", "pods"], &["is not a valid kubeconfig"]);
    std::fs::remove_file(home.path().join(".kube").join("config")).unwrap();
    std::fs::create_dir(home.path().join(".kube").join("config")).unwrap();
    home.refuses(&["snapshot", "pods"], &["config", "cannot be read"]);
}

#[test]
fn names_that_the_kubeconfig_does_not_have() {
    let home = Home::new(GOOD);
    home.refuses(
        &["snapshot", "pods", "--context", "prod"],
        &["\"prod\"", "dev, staging, live", "--context"],
    );
    home.refuses(
        &["--context", "prod", "snapshot", "pods"],
        &["\"prod\"", "dev, staging, live"],
    );
    home.refuses(&["snapshot", "pods", "--cluster", "prod"], &["\"prod\"", "--cluster"]);
    home.refuses(&["snapshot", "pods", "--user", "prod"], &["\"prod\"", "--user"]);
    home.refuses(&["snapshot", "pods", "--context", "staging"], &["\"gone\""]);
    home.refuses(&["snapshot", "pods", "--context", "live"], &["\"gone\""]);
    home.refuses(&["snapshot", "pods", "--as-group", "admins"], &["--as"]);
    home.refuses(
        &["snapshot", "pods", "--context", "\u{1b}]0;pwned\u{7}"],
        &["dev, staging, live"],
    );
    home.refuses(&["--context", "prod", "--lang", "ja", "snapshot", "pods"], &[]);
}

#[test]
fn a_kubeconfig_without_contexts() {
    Home::new("apiVersion: v1\nkind: Config\n").refuses(&["snapshot", "pods"], &["There is no context"]);
    Home::new("").refuses(&["snapshot", "pods"], &["There is no context"]);
    let none = GOOD.replace("current-context: dev\n", "");
    Home::new(&none).refuses(&["snapshot", "pods"], &["dev, staging, live"]);
}

#[test]
fn settings_that_konn_does_not_know_are_named_with_file_and_line() {
    for (text, line) in [
        ("theme: dark\ncolour: red\n", ":2: "),
        ("theme: [\n", ":"),
        ("readOnly: perhaps\n", ":1: "),
    ] {
        let home = Home::new(GOOD);
        home.configure("config.yaml", text);
        home.refuses(&["snapshot", "pods"], &["config.yaml", line]);
        home.refuses(&["info"], &["config.yaml"]);
    }
    let home = Home::new(GOOD);
    home.configure("config.yaml", "lang: xx\n");
    home.refuses(&["snapshot", "pods"], &["\"xx\"", "en, ja"]);
}

#[test]
fn themes_and_keymaps() {
    let home = Home::new(GOOD);
    home.refuses(
        &["snapshot", "pods", "--demo", "--theme", "neon"],
        &["\"neon\"", "dark", "light", "--theme"],
    );
    home.refuses(
        &["snapshot", "pods", "--demo", "--keymap", "emacs"],
        &["\"emacs\"", "vim", "k9s", "--keymap"],
    );
    home.refuses(
        &["snapshot", "pods", "--demo", "--theme", "../config"],
        &["\"../config\""],
    );
    home.configure("themes/neon.yaml", "name: neon\ntones:\n  plain: pinkish\n");
    home.refuses(
        &["snapshot", "pods", "--demo", "--theme", "neon"],
        &["neon.yaml:2: ", "paper"],
    );
    home.configure(
        "keymaps/emacs.yaml",
        "name: emacs\nkeys:\n  table:\n    ctrl-x: explode\n",
    );
    home.refuses(
        &["snapshot", "pods", "--demo", "--keymap", "emacs"],
        &["emacs.yaml:4: ", "explode"],
    );
    home.configure("keymaps/bad.yaml", "name: bad\nkeys: [\n");
    home.refuses(&["snapshot", "pods", "--demo", "--keymap", "bad"], &["bad.yaml:"]);
    home.refuses(&["snapshot", "pods", "--demo", "--lang", "tlh"], &["\"tlh\"", "en, ja"]);
}
