//! Every verb that changes something, against everything that a server, or the way to it, can do wrong: what was typed
//! stays, the server's own words are shown, a sentence says what to do, the history says how it ended, nothing is sent
//! twice, and of several rows each has its own result.

use std::path::Path;
use std::time::Duration;

use futures::{FutureExt as _, StreamExt as _};
use konn::core::app::App;
use konn::mock::Running;
use konn::mock::faults::{Fault, Harm, Hits};
use konn::runtime::client::{Environment, RequestTimeout};
use konn::runtime::machine::Machine;

use crate::drive;
use crate::support::{Konn, cluster, layer_text, opener, setup};
use crate::verbs::{self, Case};

/// How many cases are tried at the same time.
const AT_ONCE: usize = 6;

/// How long konn waits for a server that says nothing: long enough for one that is only slow.
const LIMIT: Duration = Duration::from_secs(12);

/// Verbs that end in another way: `errors_elsewhere.rs` tries them. Changes of the kubeconfig ask no server:
/// `contexts.rs` has what can go wrong with a file. `debug.rs` has what can go wrong with containers and pods that a shell
/// waits for.
const ELSEWHERE: &[&str] = &[
    "edit",
    "drain",
    "rename_context",
    "default_namespace",
    "delete_context",
    "debug",
    "node_shell",
];

/// What goes wrong.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// What happens to the request.
    pub harm: Harm,
    /// What is said of it: the server's words, or konn's.
    pub said: &'static str,
    /// The text that says what to do.
    pub todo: &'static str,
    /// Whether nobody knows what came of it.
    pub unknown: bool,
}

/// All that can go wrong.
pub fn wrongs() -> Vec<Wrong> {
    let refusal = |code, reason, said: &'static str, todo| Wrong {
        harm: Harm::Refuses(code, reason, said),
        said,
        todo,
        unknown: false,
    };
    let lost = |harm, said| Wrong {
        harm,
        said,
        todo: "dialog.unsure",
        unknown: true,
    };
    vec![
        refusal(
            403,
            "Forbidden",
            "things \"it\" is forbidden: not on a Friday",
            "trouble.forbidden.todo",
        ),
        refusal(404, "NotFound", "things \"it\" not found", "trouble.notfound.todo"),
        refusal(
            409,
            "Conflict",
            "Operation cannot be fulfilled on things \"it\": the object has been modified",
            "trouble.conflict.todo",
        ),
        refusal(
            422,
            "Invalid",
            "Thing \"it\" is invalid: spec.x: Required value",
            "trouble.invalid.todo",
        ),
        Wrong {
            harm: Harm::TooManyRequests(1),
            said: "Too many requests, please try again later.",
            todo: "trouble.toomany.todo",
            unknown: false,
        },
        Wrong {
            harm: Harm::InternalError,
            said: "Internal error occurred: etcdserver: leader changed",
            todo: "trouble.server.todo",
            unknown: false,
        },
        lost(Harm::Hang, "did not answer within 12 s"),
        lost(Harm::Cut(20), "broke"),
    ]
}

/// Lets something go wrong with every request that changes something, where its path has this part.
pub fn harm(running: &Running, harm: &Harm, part: &str) -> Vec<Hits> {
    let verbs = ["create", "update", "patch", "delete"];
    let faults = verbs.map(|verb| {
        // Reviews of rights are made by `create`, in no namespace.
        let part = if verb == "create" && part.is_empty() {
            "/namespaces"
        } else {
            part
        };
        Fault::new(verb, part, harm.clone())
    });
    faults.map(|fault| running.api.faults.counted(fault)).into()
}

pub fn count(hits: &[Hits]) -> usize {
    hits.iter().map(Hits::count).sum()
}

/// konn that waits for no answer longer than the limit.
pub fn hurried(running: &Running, line: &str) -> Konn {
    hurried_at(Path::new("/nonexistent"), running, line)
}

/// The same with a home.
pub fn hurried_at(home: &Path, running: &Running, line: &str) -> Konn {
    let mut opener = opener(running, "mock");
    opener.environment = Environment::of(home, []);
    opener.options.request_timeout = RequestTimeout::After(LIMIT);
    let (machine, inbox, asks) = Machine::start(setup(line), opener).unwrap();
    Konn { machine, inbox, asks }
}

/// A text on one line.
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is on the screen says what happened and what to do.
pub fn assert_told(name: &str, wrong: &Wrong, app: &App, text: &str) {
    let todo = app.lang.t(wrong.todo);
    for wanted in [wrong.said, &todo] {
        assert!(
            flat(text).contains(&flat(wanted)),
            "{name}, {:?}: {wanted}\n{text}",
            wrong.harm
        );
    }
}

/// How the last changes of the history ended: a word each.
pub fn endings(app: &App, last: usize) -> Vec<&'static str> {
    let endings = app.history.entries().map(|entry| entry.ending.word());
    let endings: Vec<&str> = endings.collect();
    endings[endings.len().saturating_sub(last)..].to_vec()
}

pub fn word(wrong: &Wrong) -> &'static str {
    if wrong.unknown { "unknown" } else { "failed" }
}

#[test]
fn no_verb_is_left_out() {
    assert_eq!(verbs::without_case(ELSEWHERE), Vec::<&str>::new());
    assert_eq!(verbs::unknown(ELSEWHERE), Vec::<String>::new());
}

/// Tries cases side by side; fails with the names of those that failed.
async fn all(cases: Vec<Case>, trial: impl AsyncFn(&Case)) {
    let only = std::env::var("KONN_CASE").unwrap_or_default();
    let trial = &trial;
    let cases = cases
        .into_iter()
        .filter(|case| case.name.contains(&only) && !ELSEWHERE.contains(&case.verb));
    let tries = futures::stream::iter(cases).map(|case| async move {
        let tried = std::panic::AssertUnwindSafe(trial(&case)).catch_unwind().await;
        tried.is_err().then_some(case.name)
    });
    let failed: Vec<Option<&str>> = tries.buffer_unordered(AT_ONCE).collect().await;
    let failed: Vec<&str> = failed.into_iter().flatten().collect();
    assert!(failed.is_empty(), "{failed:?}");
}

/// One case of each verb, on one row.
fn single() -> Vec<Case> {
    let mut seen = std::collections::BTreeSet::new();
    let all = verbs::all().into_iter().filter(|case| case.rows.len() == 1);
    all.filter(|case| seen.insert(case.verb)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_refused_keeps_what_was_typed_and_can_be_tried_again() {
    all(single(), refused).await;
}

async fn refused(case: &Case) {
    let running = cluster().await;
    drive::plant(&running, case);
    let before = running.api.store.version();
    let mut konn = Konn::open(&running, "mock", case.line);
    let refusals: Vec<Wrong> = wrongs().into_iter().filter(|wrong| !wrong.unknown).collect();
    for (at, wrong) in refusals.iter().enumerate() {
        drive::open(&mut konn, case).await;
        let typed = drive::commands(&mut konn);
        assert!(typed.starts_with(case.command), "{}: {typed}", case.name);
        let hits = harm(&running, &wrong.harm, "");
        konn.press("enter enter");
        drive::over(&mut konn, case.name).await;
        assert_told(case.name, wrong, konn.app(), &layer_text(konn.app()));
        assert_eq!(drive::commands(&mut konn), typed, "{}, {:?}", case.name, wrong.harm);
        assert_eq!(endings(konn.app(), 1), ["failed"], "{}, {:?}", case.name, wrong.harm);
        assert_eq!(count(&hits), 1, "{}, {:?}", case.name, wrong.harm);
        assert_eq!(konn.app().history.entries().count(), at + 1, "{}", case.name);
        running.api.faults.clear();
        if at + 1 < refusals.len() {
            konn.press("esc");
            assert!(konn.app().layers.is_empty(), "{}", case.name);
        }
    }
    assert_eq!(running.api.store.version(), before, "{}: nothing was done", case.name);
    konn.press("enter");
    drive::over(&mut konn, case.name).await;
    assert_eq!(endings(konn.app(), 1), ["done"], "{}\n{}", case.name, konn.screen());
    assert!(konn.app().layers.is_empty(), "{}", case.name);
    assert_ne!(running.api.store.version(), before, "{} did something", case.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_answered_may_have_been_done() {
    all(single(), unanswered).await;
}

async fn unanswered(case: &Case) {
    for wrong in wrongs().into_iter().filter(|wrong| wrong.unknown) {
        let running = cluster().await;
        drive::plant(&running, case);
        let before = running.api.store.version();
        let mut konn = hurried(&running, case.line);
        drive::open(&mut konn, case).await;
        let typed = drive::commands(&mut konn);
        let hits = harm(&running, &wrong.harm, "");
        konn.press("enter enter");
        drive::over(&mut konn, case.name).await;
        assert_told(case.name, &wrong, konn.app(), &layer_text(konn.app()));
        assert_eq!(endings(konn.app(), 1), ["unknown"], "{}, {:?}", case.name, wrong.harm);
        assert_eq!(count(&hits), 1, "{}, {:?}", case.name, wrong.harm);
        let was_done = wrong.harm != Harm::Hang;
        assert_eq!(running.api.store.version() != before, was_done, "{}", case.name);
        if !was_done {
            assert_eq!(drive::commands(&mut konn), typed, "{}", case.name);
            running.api.faults.clear();
            konn.press("enter");
            drive::over(&mut konn, case.name).await;
            assert_eq!(endings(konn.app(), 2), ["unknown", "done"], "{}", case.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_rows_each_has_its_own_result() {
    let several = verbs::all().into_iter().filter(|case| case.rows.len() > 1);
    all(several.collect(), one_of_several).await;
}

async fn one_of_several(case: &Case) {
    for wrong in wrongs() {
        let running = cluster().await;
        drive::plant(&running, case);
        let mut konn = hurried(&running, case.line);
        drive::open(&mut konn, case).await;
        let part = format!("/{}", case.rows[1]);
        let everything = harm(&running, &Harm::Counted, "");
        let hits = harm(&running, &wrong.harm, &part);
        konn.press("enter enter");
        drive::over(&mut konn, case.name).await;
        let text = layer_text(konn.app());
        assert_told(case.name, &wrong, konn.app(), &text);
        for (at, row) in case.rows.iter().enumerate() {
            let mark = if at == 1 { '✗' } else { '✓' };
            let told = text
                .lines()
                .any(|line| line.starts_with(mark) && line.contains(&format!("/{row}")));
            assert!(told, "{}, {:?}: {mark} {row}\n{text}", case.name, wrong.harm);
        }
        let failed = word(&wrong);
        let mut wanted = vec!["done"; case.rows.len()];
        wanted[1] = failed;
        assert_eq!(endings(konn.app(), 9), wanted, "{}", case.name);
        assert_eq!(
            (count(&everything), count(&hits)),
            (case.rows.len(), 1),
            "{}, {:?}",
            case.name,
            wrong.harm
        );
        running.api.faults.clear();
        if !matches!(wrong.harm, Harm::Cut(_)) {
            let again = harm(&running, &Harm::Counted, "");
            konn.press("enter");
            drive::over(&mut konn, case.name).await;
            wanted.push("done");
            assert_eq!(endings(konn.app(), 9), wanted, "{}\n{}", case.name, konn.screen());
            assert_eq!(count(&again), 1, "{}: what was done is not done again", case.name);
        }
    }
}
