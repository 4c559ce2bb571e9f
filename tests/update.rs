//! Events in, effects and state out: no terminal, no cluster, no sleep.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "update/changes.rs"]
mod changes;
#[path = "update/debug.rs"]
mod debug;
#[path = "update/forward.rs"]
mod forward;
#[path = "update/held.rs"]
mod held;
#[path = "update/nodes.rs"]
mod nodes;
#[path = "update/objects.rs"]
mod objects;
#[path = "update/rules.rs"]
mod rules;
#[path = "update/safety.rs"]
mod safety;
#[path = "update/served.rs"]
mod served;
#[path = "update/sessions.rs"]
mod sessions;
#[path = "update/shells.rs"]
mod shells;
mod stage;
mod verbs;
#[path = "update/workloads.rs"]
mod workloads;

use konn::core::discovery::Discovery;
use konn::core::effect::Effect;
use konn::core::event::{Event, WatchId};
use konn::core::jump::Scope;
use konn::core::link::LinkEvent;
use konn::core::outcome::Outcome;
use konn::core::store::Delta;
use konn::core::trouble::{Trouble, TroubleKind};
use serde_json::json;
use stage::{Set, Stage, identity, pod, rows};

/// A stage with running pods of these names.
fn stage(names: &[&str]) -> Stage {
    let mut stage = Stage::new(Set::default());
    let pods = names
        .iter()
        .map(|name| pod(name, &[("app", name.split('-').next().unwrap())]));
    stage.list("pods", rows("pods", pods.collect()));
    stage
}

fn twenty() -> Stage {
    let names: Vec<String> = (0..20).map(|at| format!("web-{at}")).collect();
    stage(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Effects in a word or two each.
fn told(effects: &[Effect]) -> Vec<String> {
    let tell = |effect: &Effect| match effect {
        Effect::Watch(_, spec) => spec.kubectl().replace("kubectl get ", "watch ").replace(" --watch", ""),
        Effect::Unwatch(_) => "unwatch".to_string(),
        Effect::Connect(context) => format!("open {context}"),
        Effect::Copy(_, text) => format!("copy {text}"),
        Effect::Call(_, request) => request.kubectl(),
        Effect::Mouse(taken) => format!("mouse {taken}"),
        Effect::Redraw => "redraw".to_string(),
        Effect::Quit => "quit".to_string(),
        other => format!("{other:?}"),
    };
    effects.iter().map(tell).collect()
}

fn notice(stage: &Stage) -> String {
    stage
        .app
        .notice
        .as_ref()
        .map(|(notice, _)| notice.text.clone())
        .unwrap_or_default()
}

#[test]
fn keys_move_the_cursor() {
    for (keys, row) in [
        ("", "web-0"),
        ("j", "web-1"),
        ("down down up", "web-1"),
        ("k", "web-0"),
        ("G", "web-19"),
        ("G j", "web-19"),
        ("end home", "web-0"),
        ("G g g", "web-0"),
        ("g b j", "web-1"),
        ("g esc j", "web-1"),
        ("ctrl-d", "web-10"),
        ("ctrl-d ctrl-u", "web-0"),
        ("ctrl-f", "web-19"),
        ("pagedown pageup", "web-0"),
    ] {
        let mut stage = twenty();
        let effects = stage.press(keys);
        assert_eq!(stage.selected(), row, "{keys}");
        assert!(effects.is_empty(), "{keys}: {effects:?}");
    }
}

#[test]
fn the_cursor_stays_on_its_object() {
    let mut stage = twenty();
    stage.press("j j j");
    stage.deltas(
        "pods",
        rows("pods", vec![pod("api-0", &[]), pod("web-2a", &[])])
            .into_iter()
            .map(Delta::Apply)
            .collect(),
    );
    assert_eq!(stage.selected(), "web-3");
    stage.press("!");
    assert_eq!(stage.selected(), "web-3");
    let gone = rows("pods", vec![pod("web-3", &[])]).remove(0);
    stage.deltas("pods", vec![Delta::Delete(gone)]);
    assert_eq!(stage.selected(), "web-3", "shown for a moment more");
    stage.pass(3);
    assert_eq!(stage.selected(), "web-2a", "what stands in its place");
}

#[test]
fn a_frame_looks_at_some_of_many_marked_rows_and_a_verb_at_all() {
    let names: Vec<String> = (0..300).map(|at| format!("web-{at:03}")).collect();
    let mut stage = stage(&names.iter().map(String::as_str).collect::<Vec<_>>());
    stage.press("*");
    assert!(stage.app.glance().marked.len() < 100);
    assert_eq!(stage.app.action_cx().marked.len(), 300);
}

#[test]
fn a_slow_filter_looks_at_many_rows_in_slices() {
    let names: Vec<String> = (0..7_000).map(|at| format!("web-{at:04}")).collect();
    let mut stage = stage(&names.iter().map(String::as_str).collect::<Vec<_>>());
    stage.press("G");
    stage.press("/");
    let mut effects = stage.event(Event::Paste("re:web".to_string()));
    let first = stage.names().len();
    assert!(
        (1_000..3_500).contains(&first),
        "the first rows are seen at once: {first}"
    );
    assert!(stage.app.screen().unwrap().is_filtering());
    let mut turns = 0;
    while let [Effect::Wake(task, 0)] = effects[..] {
        effects = stage.event(Event::Done(task, Outcome::Rested));
        turns += 1;
    }
    assert_eq!((turns, stage.names().len()), (2, 7_000));
    assert!(!stage.app.screen().unwrap().is_filtering());
    assert_eq!(stage.selected(), "web-6999", "the cursor is on its row again");
    // Rows that did not change are not looked at again.
    stage.effects.retain(|effect| !matches!(effect, Effect::Wake(..)));
    stage.deltas(
        "pods",
        vec![Delta::Apply(rows("pods", vec![pod("web-x", &[])]).remove(0))],
    );
    assert_eq!(stage.names().len(), 7_001);
    assert!(!stage.effects.iter().any(|effect| matches!(effect, Effect::Wake(..))));
}

#[test]
fn filters_take_rows_as_they_are_typed() {
    let names = ["api-0", "api-1", "db-0", "web-0", "web-10"];
    for (keys, wanted) in [
        ("/ \"web\"", &["web-0", "web-10"][..]),
        ("/ \"w10\"", &["web-10"]),
        ("/ \"re:^.*-0\\b\"", &["api-0", "db-0", "web-0"]),
        ("/ \"-l\" space \"app=db\"", &["db-0"]),
        ("/ \"-lapp!=db,app!=web\"", &["api-0", "api-1"]),
        ("/ \"!web\"", &["api-0", "api-1", "db-0"]),
        ("/ \"!-lapp=api\"", &["db-0", "web-0", "web-10"]),
        ("/ \"zzz\"", &[]),
        ("/ \"web\" backspace backspace backspace", &names),
        ("/ \"api\" enter", &["api-0", "api-1"]),
        ("/ \"api\" esc", &names),
        ("/ \"api\" enter esc", &names),
        ("/ \"api\" enter / \"-1\" esc", &["api-0", "api-1"]),
    ] {
        let mut stage = stage(&names);
        let effects = stage.press(keys);
        assert_eq!(stage.names(), wanted, "{keys}");
        assert!(effects.is_empty(), "a filter asks nothing of the server: {effects:?}");
    }
}

#[test]
fn a_filter_that_is_wrong_keeps_the_last_that_was_right() {
    let mut stage = stage(&["api-0", "web-0"]);
    stage.press("/ \"re:web\"");
    assert_eq!(stage.names(), ["web-0"]);
    stage.press("\"(\"");
    assert_eq!(stage.names(), ["web-0"]);
    stage.press("enter");
    assert_eq!(stage.app.screen().unwrap().filter.text(), "re:web");
}

#[test]
fn new_rows_pass_the_filter_too() {
    let mut stage = stage(&["api-0", "web-0"]);
    stage.press("/ \"web\" enter");
    stage.deltas(
        "pods",
        rows("pods", vec![pod("api-1", &[]), pod("web-1", &[])])
            .into_iter()
            .map(Delta::Apply)
            .collect(),
    );
    assert_eq!(stage.names(), ["web-0", "web-1"]);
}

#[test]
fn rows_are_sorted_by_columns() {
    let mut stage = stage(&["web-10", "web-2", "api-0"]);
    assert_eq!(stage.names(), ["api-0", "web-2", "web-10"], "digits count as numbers");
    stage.press("!");
    assert_eq!(stage.names(), ["web-10", "web-2", "api-0"]);
    let mut old = pod("old", &[]);
    old["metadata"]["creationTimestamp"] = json!("2020-01-01T00:00:00Z");
    stage.deltas("pods", rows("pods", vec![old]).into_iter().map(Delta::Apply).collect());
    stage.press("<");
    let column = stage.app.screen().unwrap().sections[0].sort.unwrap().column;
    assert_eq!(
        stage.app.screen().unwrap().sections[0]
            .view
            .column(column)
            .unwrap()
            .title,
        "AGE"
    );
    assert_eq!(stage.names().last().unwrap(), "old");
    stage.press("!");
    assert_eq!(stage.names().first().unwrap(), "old");
}

#[test]
fn marks_go_with_their_objects() {
    let mut stage = stage(&["a", "b", "c"]);
    stage.press("space j space");
    assert_eq!(stage.app.action_cx().targets().len(), 2);
    assert_eq!(told(&stage.press("C")), ["copy a\nc"]);
    // What the filter hides is not worked on.
    stage.press("/ \"a\" enter");
    assert_eq!(told(&stage.press("C")), ["copy a"]);
    stage.press("esc");
    assert!(
        stage.app.screen().unwrap().marks.is_empty(),
        "Esc first takes the marks away"
    );
    assert_eq!(stage.names(), ["a"]);
    stage.press("esc *");
    assert_eq!(stage.app.action_cx().marked.len(), 3);
    stage.press("*");
    assert!(stage.app.action_cx().marked.is_empty());
}

#[test]
fn enter_goes_down_and_esc_returns_to_the_same_row() {
    let mut stage = Stage::new(Set {
        line: "deployments",
        ..Set::default()
    });
    let deployments = stage::corpus("deployment");
    stage.list("deployments", rows("deployments", deployments));
    stage.press("j j");
    let row = stage.selected();
    let effects = told(&stage.press("enter"));
    assert_eq!(effects.len(), 1, "{effects:?}");
    assert!(effects[0].starts_with("watch pods -n "), "{effects:?}");
    assert!(effects[0].contains(" -l "), "{effects:?}");
    assert_eq!(
        told(&stage.press("esc")),
        Vec::<String>::new(),
        "the watch before still runs"
    );
    assert_eq!(stage.selected(), row);
    stage.press("]");
    assert_eq!(stage.app.screen().unwrap().sections[0].view.resource().plural, "pods");
    stage.press("[ [");
    assert_eq!(notice(&stage), "There is no table before this one.");
}

#[test]
fn lines_open_views_namespaces_and_contexts() {
    for (line, effects) in [
        ("nodes", &["watch nodes"][..]),
        ("po", &["watch pods -n shop"]),
        ("deploy kube-system", &["watch deployments.apps -n kube-system"]),
        ("pods -A", &["watch pods -A"]),
        ("pods all", &["watch pods -A"]),
        ("pods -l app=web", &["watch pods -n shop -l app=web"]),
        ("ns kube-system", &["watch pods -n kube-system"]),
        ("ctx kind", &["open kind"]),
        ("q", &["quit"]),
    ] {
        let mut stage = stage(&["web-0"]);
        stage.press(":");
        let typed: Vec<String> = line.split(' ').map(|word| format!("\"{word}\"")).collect();
        let found = stage.press(&format!("{} enter", typed.join(" space ")));
        let found: Vec<String> = told(&found).into_iter().filter(|effect| effect != "unwatch").collect();
        assert_eq!(found, effects, "{line}");
        assert!(stage.app.layers.is_empty(), "{line} closes the palette");
    }
    let mut stage = stage(&["web-0"]);
    stage.press(": \"qqqqq\" enter");
    assert_eq!(notice(&stage), "Asking the cluster for \"qqqqq\" …");
    stage.event(Event::Link(LinkEvent::Discovered(Discovery::default())));
    assert_eq!(notice(&stage), "There is no view named \"qqqqq\".");
}

#[test]
fn the_palette_starts_verbs_and_commands() {
    let mut stage = stage(&["web-0", "web-1"]);
    stage.press("j");
    let effects = told(&stage.press(": \"copyname\" enter"));
    assert_eq!(effects.last().unwrap(), "copy web-1");
    stage.press(": \"mark\" space \"all\" enter");
    assert_eq!(stage.app.screen().unwrap().marks.len(), 2);
}

#[test]
fn the_palette_closes_what_it_opened() {
    let mut stage = stage(&["web-0"]);
    let before = stage.open_watches().len();
    stage.press(":");
    assert!(stage.open_watches().len() > before);
    stage.press("esc");
    assert_eq!(stage.open_watches().len(), before);
}

#[test]
fn all_namespaces_and_back() {
    let mut stage = stage(&["web-0"]);
    assert_eq!(told(&stage.press("a")), ["watch pods -A"]);
    assert_eq!(told(&stage.press("a")), ["watch pods -n shop"]);
    assert_eq!(stage.app.scope, Scope::one("shop"));
}

#[test]
fn late_events_find_nobody() {
    let mut stage = stage(&["web-0"]);
    let stray = rows("pods", vec![pod("stray", &[])]);
    let unknown = WatchId(999_999);
    stage.event(Event::Watch(
        unknown,
        vec![Delta::Apply(stray[0].clone()), Delta::Listed(None)],
    ));
    assert_eq!(stage.names(), ["web-0"]);
    stage.press("y");
    let id = stage.watch("pods");
    stage.press("esc");
    let effects = stage.event(Event::Watch(id, vec![Delta::Apply(stray[0].clone())]));
    assert!(effects.is_empty());
    assert_eq!(stage.names(), ["web-0"]);
}

#[test]
fn another_context_leaves_nothing_of_the_one_before() {
    let mut stage = stage(&["web-0", "web-1"]);
    stage.press("j space y");
    let old = stage.open_watches();
    assert_eq!(
        told(&stage.press("esc : \"ctx\" space \"kind\" enter")).last().unwrap(),
        "open kind"
    );
    // Until the other cluster answers, the table stays; verbs wait.
    assert_eq!(stage.names(), ["web-0", "web-1"]);
    assert_eq!(told(&stage.press("y")), Vec::<String>::new());
    assert_eq!(
        notice(&stage),
        "Another context is being opened: wait until it answers."
    );
    let effects = stage.event(Event::Link(LinkEvent::Opened(identity("kind"))));
    assert_eq!(told(&effects), ["watch pods -n shop"]);
    assert!(stage.names().is_empty() && stage.app.layers.is_empty());
    assert!(stage.app.screen().unwrap().marks.is_empty());
    assert_eq!(stage.app.screens.len(), 1, "the history is the new cluster's");
    for (id, _) in old {
        stage.event(Event::Watch(
            id,
            vec![Delta::Apply(rows("pods", vec![pod("old", &[])]).remove(0))],
        ));
    }
    assert!(stage.names().is_empty());
}

#[test]
fn a_context_that_cannot_be_opened_changes_nothing() {
    let mut stage = stage(&["web-0"]);
    stage.press(": \"ctx\" space \"kind\" enter");
    let trouble = Trouble::new(TroubleKind::Refused, "trouble.refused")
        .with("server", "https://kind")
        .with("cluster", "kind");
    let effects = stage.event(Event::Link(LinkEvent::Refused(trouble)));
    assert!(effects.is_empty());
    assert!(
        notice(&stage).starts_with("Nobody listens at https://kind"),
        "{}",
        notice(&stage)
    );
    assert_eq!(stage.names(), ["web-0"]);
    assert_eq!(stage.app.link.identity.context, "minikube");
}

#[test]
fn a_list_that_comes_again_swaps_rows_without_a_blank_moment() {
    let mut stage = stage(&["a", "b"]);
    stage.deltas("pods", vec![Delta::Listing(None)]);
    assert_eq!(stage.names(), ["a", "b"]);
    stage.deltas(
        "pods",
        rows("pods", vec![pod("b", &[]), pod("c", &[])])
            .into_iter()
            .map(Delta::Apply)
            .collect(),
    );
    assert_eq!(stage.names(), ["a", "b", "c"]);
    stage.deltas("pods", vec![Delta::Listed(None)]);
    stage.pass(3);
    assert_eq!(stage.names(), ["b", "c"]);
}

#[test]
fn one_can_always_leave() {
    for keys in ["", ":", "/", "?", "y", "y /", "g"] {
        let mut stage = stage(&["web-0"]);
        stage.press(keys);
        assert_eq!(
            told(&stage.press("ctrl-c")).last().map(String::as_str),
            Some("quit"),
            "after {keys}"
        );
    }
    let mut stage = stage(&["web-0"]);
    assert_eq!(
        told(&stage.press("y q")).last().unwrap(),
        "unwatch",
        "q leaves a text, not konn"
    );
    assert_eq!(told(&stage.press("q")), ["quit"]);
}

#[test]
fn notices_go_by_themselves_and_with_the_next_key() {
    let mut stage = stage(&["web-0"]);
    stage.press("]");
    assert!(!notice(&stage).is_empty());
    stage.press("j");
    assert!(notice(&stage).is_empty());
    stage.press("C");
    let Some(Effect::Copy(task, _)) = stage.effects.last().cloned() else {
        panic!("nothing was copied")
    };
    stage.event(Event::Done(task, Outcome::Copied));
    assert_eq!(notice(&stage), "Copied.");
    stage.pass(60);
    assert!(notice(&stage).is_empty());
}

#[test]
fn nothing_changes_nothing_is_drawn() {
    let mut stage = stage(&["web-0"]);
    stage.pass(1);
    stage.app.take_dirty();
    stage.pass(1);
    assert!(
        !stage.app.take_dirty(),
        "an age in minutes does not change within a second"
    );
    stage.pass(60);
    assert!(stage.app.take_dirty());
}

#[test]
fn what_leads_nowhere_says_why() {
    for (line, plural, object, keys, why) in [
        ("pods", "pods", pod("web-0", &[]), "o", "Nothing owns this object."),
        (
            "namespaces",
            "namespaces",
            json!({"metadata": {"name": "shop", "uid": "u"}}),
            "u",
            "Objects of this kind are not used by others: there is nothing to look for.",
        ),
        (
            "contexts",
            "contexts",
            json!({"metadata": {"name": "kind"}, "current": false, "cluster": "", "server": "", "user": "", "namespace": ""}),
            "t",
            "This row is not an object of the cluster.",
        ),
    ] {
        let mut stage = Stage::new(Set { line, ..Set::default() });
        stage.list(plural, rows(plural, vec![object]));
        assert!(stage.press(keys).is_empty(), "{keys} on {plural}");
        assert_eq!(notice(&stage), why, "{keys} on {plural}");
        assert!(stage.app.layers.is_empty());
    }
}

#[test]
fn several_owners_are_chosen_from() {
    let mut owned = pod("web-0", &[]);
    owned["metadata"]["ownerReferences"] = json!([
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "1"},
        {"apiVersion": "v1", "kind": "Node", "name": "n1", "uid": "2"},
    ]);
    let mut stage = Stage::new(Set::default());
    stage.list("pods", rows("pods", vec![owned]));
    assert!(stage.press("o").is_empty());
    assert_eq!(stage.app.layers.len(), 1);
    assert_eq!(told(&stage.press("j enter")), ["watch nodes"]);
    assert!(stage.app.layers.is_empty());
}

#[test]
fn the_cursor_goes_to_what_was_looked_for_until_it_is_moved() {
    let mut owned = pod("web-0", &[]);
    owned["metadata"]["ownerReferences"] = json!([{"apiVersion": "v1", "kind": "Node", "name": "n2", "uid": "2"}]);
    let nodes = || {
        let node = |name: &str| json!({"metadata": {"name": name, "uid": name}});
        rows("nodes", vec![node("n1"), node("n2"), node("n3")])
    };
    let mut stage = Stage::new(Set::default());
    stage.list("pods", rows("pods", vec![owned]));
    stage.press("o");
    // The first page does not have it yet.
    stage.deltas("nodes", vec![Delta::Apply(nodes().remove(0))]);
    assert_eq!(stage.selected(), "n1");
    stage.list("nodes", nodes());
    assert_eq!(stage.selected(), "n2");
    stage.press("k");
    stage.list("nodes", nodes());
    assert_eq!(stage.selected(), "n1");
}

#[test]
fn a_tree_closes_what_it_opened() {
    let mut stage = stage(&["web-0"]);
    let before = stage.open_watches().len();
    for key in ["t", "u"] {
        stage.press(key);
        let object = pod("web-0", &[("app", "web")]);
        let watch = stage.watch("pods");
        stage.event(Event::Watch(
            watch,
            vec![
                Delta::Listing(None),
                Delta::Apply(stage::whole(&object)),
                Delta::Listed(None),
            ],
        ));
        assert!(stage.open_watches().len() > before + 1, "{key} follows relations");
        stage.press("esc");
        assert_eq!(stage.open_watches().len(), before, "{key}");
    }
}

#[test]
fn the_cursor_stays_on_top_while_the_first_list_comes() {
    let mut stage = Stage::new(Set::default());
    let first = rows("pods", vec![pod("web-5", &[])]);
    let begun = std::iter::once(Delta::Listing(None)).chain(first.into_iter().map(Delta::Apply));
    stage.deltas("pods", begun.collect());
    assert_eq!(stage.selected(), "web-5");
    stage.list("pods", rows("pods", vec![pod("web-5", &[]), pod("api-0", &[])]));
    assert_eq!(
        stage.selected(),
        "api-0",
        "who came first does not take the cursor along"
    );
}
