//! Ring 4: for every verb, the kubectl command that konn shows does what konn did: run with the real kubectl against a
//! second cluster with the same objects, it leaves the same state.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "verbs_kubectl/contexts.rs"]
mod contexts;
#[path = "verbs_kubectl/debug.rs"]
mod debug;
#[path = "verbs/drive.rs"]
mod drive;
#[path = "verbs_kubectl/edit.rs"]
mod edit;
#[path = "verbs_kubectl/kinds.rs"]
mod every_kind;
#[path = "verbs_kubectl/harness.rs"]
mod harness;
#[path = "verbs_kubectl/manifests.rs"]
mod manifests;
mod support;
mod verbs;

use futures::{FutureExt as _, StreamExt as _};
use harness::{Kubectl, installed, same_state, state};
use konn::core::history::Ending;
use konn::core::manifest::Act;
use support::{Konn, cluster};
use verbs::Case;

/// How many cases are tried at the same time: most of their time kubectl starts.
const AT_ONCE: usize = 4;

/// Verbs of the registry that are tried in files of their own.
const ELSEWHERE: &[&str] = &[
    "edit",
    "rename_context",
    "default_namespace",
    "delete_context",
    "debug",
    "node_shell",
];

#[test]
fn no_verb_is_left_out() {
    assert_eq!(verbs::without_case(ELSEWHERE), Vec::<&str>::new());
    assert_eq!(verbs::unknown(ELSEWHERE), Vec::<String>::new());
    // What is typed as a line stands in no registry. Whoever adds one is told here.
    for act in [Act::Apply, Act::Diff, Act::Delete] {
        match act {
            Act::Apply | Act::Delete => {} // manifests.rs
            Act::Diff => {}                // changes nothing
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verb_leaves_what_its_command_leaves() {
    if !installed().await {
        return;
    }
    let only = std::env::var("KONN_CASE").unwrap_or_default();
    let cases = verbs::all().into_iter().filter(|case| case.name.contains(&only));
    let tries = futures::stream::iter(cases).map(|case| async move {
        let tried = std::panic::AssertUnwindSafe(compared(&case)).catch_unwind().await;
        tried.is_err().then_some(case.name)
    });
    let failed: Vec<Option<&str>> = tries.buffer_unordered(AT_ONCE).collect().await;
    let failed: Vec<&str> = failed.into_iter().flatten().collect();
    assert!(failed.is_empty(), "these leave something else: {failed:?}");
}

/// Does it both ways, and compares what is left.
async fn compared(case: &Case) {
    let [ours, theirs] = [cluster().await, cluster().await];
    for running in [&ours, &theirs] {
        drive::plant(running, case);
    }
    let before = state(&ours);
    let mut konn = Konn::open(&ours, "mock", case.line);
    drive::open(&mut konn, case).await;
    let commands = drive::commands(&mut konn);
    assert!(
        commands.starts_with(case.command),
        "{}: {commands}\n{}",
        case.name,
        konn.screen()
    );
    konn.press("enter");
    drive::over(&mut konn, case.name).await;
    let endings: Vec<&Ending> = konn.app().history.entries().map(|entry| &entry.ending).collect();
    let done = endings.iter().all(|ending| **ending == Ending::Done);
    assert!(
        done && endings.len() >= case.rows.len(),
        "{}: {endings:?}\n{}",
        case.name,
        konn.screen()
    );
    let after = state(&ours);
    assert_ne!(after, before, "{} did something", case.name);
    let kubectl = Kubectl::of(&theirs);
    // kubectl waits for the end of what it deletes, which nobody brings about here.
    let wanted = (case.verb == "delete").then_some(&after);
    kubectl.run(&commands, wanted, &theirs).await;
    same_state(case.name, &commands, &after, &state(&theirs));
}
