//! `konn snapshot`.

use konn::mock::Mock;

use crate::run::{Home, text};

#[tokio::test(flavor = "multi_thread")]
async fn text_ansi_and_svg_are_the_same_twice() {
    let running = Mock::builder().start("127.0.0.1:0").await.unwrap();
    let home = Home::new(&running.kubeconfig());
    let at = ["--at", "2099-01-01T00:00:00Z", "--size", "100x20"];
    for (format, begins, has) in [
        ("text", " mock", "NAME"),
        ("ansi", " \u{1b}[", "NAME"),
        ("svg", "<svg", "</svg>"),
    ] {
        for view in ["namespaces", "pods kube-system"] {
            let args = [&["snapshot", view, "--format", format][..], &at[..]].concat();
            let (one, two) = (home.prints(&args), home.prints(&args));
            assert!(one.starts_with(begins) && one.contains(has), "{one}");
            // The mock's own objects are as old as the process: long after it, they are as old in years.
            assert_eq!(one, two, "{format} of {view}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_frame_is_as_large_as_asked_and_shows_the_view() {
    let running = Mock::builder().start("127.0.0.1:0").await.unwrap();
    let home = Home::new(&running.kubeconfig());
    let frame = home.prints(&["snapshot", "namespaces", "--size", "80x24"]);
    assert_eq!(frame.lines().count(), 24, "{frame}");
    assert!(frame.contains("kube-system") && frame.contains("Active"), "{frame}");
    assert!(!frame.contains('\u{1b}'), "{frame}");
    let keys = home.prints(&[
        "snapshot",
        "namespaces",
        "--size",
        "80x24",
        "--keys",
        "/ k u b e - p enter y",
    ]);
    assert!(keys.contains("name: kube-public"), "{keys}");
    let small = home.prints(&["snapshot", "pods", "--size", "20x5"]);
    assert_eq!(
        small.split_whitespace().collect::<Vec<_>>().join(" "),
        "konn needs a screen of at least 40×8."
    );
    let japanese = home.prints(&["snapshot", "namespaces", "--lang", "ja"]);
    assert!(japanese.contains("接続済み"), "{japanese}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_means_nothing_is_refused() {
    let running = Mock::builder().start("127.0.0.1:0").await.unwrap();
    let home = Home::new(&running.kubeconfig());
    home.refuses(&["snapshot", "nosuchview"], &["\"nosuchview\"", "pods"]);
    home.refuses(&["snapshot", "pods default what"], &["\"what\""]);
    home.refuses(&["snapshot", "pods", "--keys", "j explode"], &["explode"]);
    let nothing = home.konn(&["snapshot", ""]);
    assert_eq!(nothing.status.code(), Some(1));
    assert_eq!(text(&nothing.stderr), "konn: Type the name of a view, such as pods.\n");
    for wrong in [
        &["snapshot"][..],
        &["snapshot", "pods", "--size", "0x0"],
        &["snapshot", "pods", "--format", "pdf"],
        &["snapshot", "pods", "--at", "noon"],
        &["explode"],
        &["--explode"],
    ] {
        let output = home.konn(wrong);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {said}");
        assert!(
            output.stdout.is_empty() && said.starts_with("error: ") && !said.contains("panicked"),
            "{said}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_stand_before_and_after_the_subcommand() {
    let running = Mock::builder().start("127.0.0.1:0").await.unwrap();
    let home = Home::new(&running.kubeconfig());
    let expected = home.prints(&[
        "snapshot",
        "namespaces",
        "--theme",
        "light",
        "-n",
        "default",
        "--at",
        "2026-11-20T12:00:00Z",
    ]);
    for args in [
        &[
            "--theme",
            "light",
            "-n",
            "default",
            "snapshot",
            "namespaces",
            "--at",
            "2026-11-20T12:00:00Z",
        ][..],
        &[
            "-n",
            "default",
            "snapshot",
            "--theme=light",
            "--at",
            "2026-11-20T12:00:00Z",
            "namespaces",
        ],
        &[
            "snapshot",
            "-c",
            "nodes",
            "namespaces",
            "-ndefault",
            "--theme",
            "light",
            "--at",
            "2026-11-20T12:00:00Z",
        ],
        &[
            "-c",
            "nodes",
            "snapshot",
            "namespaces",
            "-ndefault",
            "--theme",
            "light",
            "--at",
            "2026-11-20T12:00:00Z",
        ],
    ] {
        assert_eq!(home.prints(args), expected, "{args:?}");
    }
}
