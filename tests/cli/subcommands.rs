//! The other subcommands.

use std::io::Read;
use std::process::Stdio;

use crate::run::Home;

#[test]
fn version_info_man_and_completions() {
    let home = Home::new("");
    assert_eq!(
        home.prints(&["version"]),
        format!("konn {}\n", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(
        home.prints(&["--version"]),
        format!("konn {}\n", env!("CARGO_PKG_VERSION"))
    );
    let info = home.prints(&["info"]);
    let kubeconfig = home.path().join(".kube").join("config").display().to_string();
    for word in [
        "version",
        &kubeconfig,
        "config.yaml (not there)",
        "dark (konn's own)",
        "default (konn's own)",
    ] {
        assert!(info.contains(word), "{word} is missing in {info}");
    }
    let own = home.configure("themes/mine.yaml", "name: mine\n").display().to_string();
    assert!(
        home.prints(&["--theme", "mine", "info"])
            .contains(&format!("mine ({own})"))
    );
    assert!(home.prints(&["man"]).starts_with(".ie") || home.prints(&["man"]).contains(".TH konn"));
    for (shell, word) in [
        ("bash", "_konn()"),
        ("zsh", "#compdef konn"),
        ("fish", "complete -c konn"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let completions = home.prints(&["completions", shell]);
        assert!(
            completions.contains(word) && completions.contains("snapshot"),
            "{shell}"
        );
    }
    assert!(home.prints(&["--help"]).contains("--kubeconfig"));
}

#[test]
fn the_console_needs_a_terminal() {
    let home = Home::empty();
    home.refuses(&["--demo"], &["konn needs a terminal", "konn snapshot"]);
    home.refuses(&["--demo", "--lang", "ja"], &["konn snapshot"]);
}

#[test]
fn a_reader_that_has_had_enough_is_no_failure() {
    let home = Home::empty();
    for args in [&["completions", "bash"][..], &["man"], &["info"], &["version"]] {
        let mut command = home.command(args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(child.wait().unwrap().success(), "{args:?}: {said}");
        assert_eq!(said, "", "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_mock_serves_until_it_is_asked_to_leave() {
    use std::io::{BufRead, BufReader};

    use crate::run::text;

    let home = Home::empty();
    for signal in ["TERM", "INT", "HUP"] {
        let mut command = home.command(&[
            "mock",
            "--nodes",
            "1",
            "--listen",
            "127.0.0.1:0",
            "--kubeconfig",
            "mock.yaml",
        ]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line.trim_end();
        assert!(url.starts_with("http://127.0.0.1:"), "{line:?}");
        let kubeconfig = std::fs::read_to_string(home.path().join("mock.yaml")).unwrap();
        assert!(kubeconfig.contains(url), "{kubeconfig}");
        let frame = home.prints(&["--kubeconfig", "mock.yaml", "snapshot", "namespaces"]);
        assert!(frame.contains("kube-system"), "{frame}");
        let sent = std::process::Command::new("kill")
            .args(["-s", signal, &child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), text(&output.stderr).as_str()),
            (Some(0), ""),
            "SIG{signal}"
        );
    }
}

#[test]
fn a_mock_that_cannot_serve() {
    let home = Home::empty();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    home.refuses(&["mock", "--nodes", "1", "--listen", &address], &[&address, "port 0"]);
    home.refuses(
        &["mock", "--nodes", "1", "--kubeconfig", "no/such/folder/config"],
        &["no/such/folder/config"],
    );
}
