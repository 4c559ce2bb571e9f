//! Nothing that changes a cluster starts where it must not: over the whole registry of verbs, from every view.

use std::collections::BTreeSet;
use std::path::Path;

use konn::core::action::Danger;
use konn::core::effect::Effect;
use konn::core::event::{Event, TaskId};
use konn::core::outcome::Outcome;
use konn::core::policy::{ContextRule, Policy};
use konn::core::store::Delta;
use konn::core::trouble::{Trouble, TroubleKind};
use konn::views::REGISTRY;
use serde_json::Value;

use super::stage::{Set, Stage, corpus};

/// The kinds of the corpus that have a view: its plural, and the objects.
fn kinds() -> Vec<(String, Vec<Value>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/corpus");
    let mut kinds: Vec<(String, Vec<Value>)> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let kind = path.file_stem()?.to_str()?.to_string();
            (path.extension()? == "json").then_some(())?;
            let view = REGISTRY.view(&kind)?;
            Some((view.resource().plural.to_string(), corpus(&kind)))
        })
        .collect();
    kinds.sort_by(|a, b| a.0.cmp(&b.0));
    kinds
}

/// A table of the kind with its first objects.
fn stage(plural: &str, objects: &[Value], policy: Policy) -> Stage {
    let mut stage = Stage::new(Set {
        size: (120, 40),
        line: "nodes",
        ..Set::default()
    });
    stage.app.policy = policy;
    stage.press(":");
    stage.event(Event::Paste(format!("{plural} all")));
    stage.press("enter");
    let view = REGISTRY.view(plural).unwrap();
    let rows = objects
        .iter()
        .take(3)
        .map(|object| view.decode(&object.to_string()).unwrap());
    stage.list(plural, rows.collect());
    stage
}

/// What would reach the cluster and change it, or open a stream into it.
fn harmful(effects: &[Effect]) -> Vec<String> {
    let tell = |effect: &Effect| match effect {
        Effect::Call(_, request) if request.mutates() => Some(request.kubectl()),
        _ => None,
    };
    effects.iter().filter_map(tell).collect()
}

/// Presses the keys of a verb, and then whatever a person might press on.
fn try_all(stage: &mut Stage, keys: &str) -> Vec<Effect> {
    let mut effects = stage.press(keys);
    for key in [
        "enter", "down", "right", "enter", "y", "space", "enter", "esc", "esc", "esc",
    ] {
        // Whatever is read is answered, so that nothing stops for want of an answer.
        let tasks: Vec<TaskId> = effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Call(task, request) if !request.mutates() => Some(*task),
                _ => None,
            })
            .collect();
        for task in tasks {
            let answer = Outcome::Object(Box::new(serde_json::json!({"metadata": {"name": "x"}, "spec": {}})));
            effects.extend(stage.event(Event::Done(task, answer)));
        }
        if stage.app.layers.is_empty() {
            break;
        }
        effects.extend(stage.press(key));
    }
    effects
}

/// Every verb with the keys that begin it.
fn verbs(stage: &Stage) -> Vec<(&'static str, Danger, String)> {
    let verb = |action: &konn::core::action::ActionRef| {
        let meta = action.0.meta();
        let shown = stage.app.keymap.key_of("table", meta.id);
        let shown = shown.unwrap_or_else(|| panic!("{} has no key", meta.id));
        let keys = shown.replace("Del", "delete").replace('⏎', "enter");
        (meta.id, meta.danger, keys)
    };
    REGISTRY.actions.iter().map(verb).collect()
}

#[test]
fn in_read_only_mode_no_verb_changes_anything_from_any_view() {
    let everywhere = Policy {
        read_only: true,
        ..Policy::default()
    };
    let here = ContextRule {
        pattern: "mini*".into(),
        protected: false,
        read_only: true,
    };
    let by_context = Policy {
        contexts: vec![here],
        ..Policy::default()
    };
    let mut tried = 0;
    for (policy, most) in [(everywhere, usize::MAX), (by_context, 2)] {
        for (plural, objects) in kinds().into_iter().take(most) {
            let mut stage = stage(&plural, &objects, policy.clone());
            for (id, danger, keys) in verbs(&stage) {
                let effects = try_all(&mut stage, &keys);
                assert_eq!(harmful(&effects), Vec::<String>::new(), "{id} on {plural}");
                if danger != Danger::None {
                    assert!(stage.app.layers.is_empty(), "{id} on {plural} begins nothing");
                    tried += 1;
                }
                while !stage.app.layers.is_empty() {
                    stage.press("esc");
                }
            }
        }
    }
    assert!(tried > 100, "only {tried} were tried");
}

#[test]
fn over_stale_rows_no_verb_changes_anything() {
    for (plural, objects) in kinds() {
        let mut stage = stage(&plural, &objects, Policy::default());
        let lost = Trouble::new(TroubleKind::Network, "trouble.lost");
        stage.deltas(&plural, vec![Delta::Stale(None, lost)]);
        for (id, danger, keys) in verbs(&stage) {
            if danger == Danger::None {
                continue;
            }
            let effects = stage.press(&keys);
            assert!(
                harmful(&effects).is_empty() && stage.app.layers.is_empty(),
                "{id} on {plural}"
            );
        }
    }
}

#[test]
fn no_verb_changes_anything_before_it_has_asked() {
    for (plural, objects) in kinds() {
        let mut stage = stage(&plural, &objects, Policy::default());
        for (id, danger, keys) in verbs(&stage) {
            let effects = stage.press(&keys);
            assert_eq!(harmful(&effects), Vec::<String>::new(), "{id} ({danger:?}) on {plural}");
            while !stage.app.layers.is_empty() {
                stage.press("esc");
            }
        }
    }
}

#[test]
fn keys_of_verbs_that_destroy_are_not_next_to_others() {
    for keymap in ["default", "vim", "k9s"] {
        let stage = Stage::new(Set {
            keymap,
            ..Set::default()
        });
        let others: BTreeSet<String> = stage
            .app
            .keymap
            .bindings("table")
            .filter(|(_, binding)| !matches!(binding, konn::core::keymap::Binding::Action(action) if action.0.meta().danger == Danger::Destroy))
            .map(|(keys, _)| keys)
            .collect();
        for action in REGISTRY
            .actions
            .iter()
            .filter(|action| action.0.meta().danger == Danger::Destroy)
        {
            let id = action.0.meta().id;
            let bound: Vec<String> = stage
                .app
                .keymap
                .bindings("table")
                .filter(|(_, binding)| binding.name() == id)
                .map(|(keys, _)| keys)
                .collect();
            assert!(!bound.is_empty(), "{id} in {keymap}");
            for keys in bound {
                // One slip: the shift key forgotten or held.
                let slip: String = keys
                    .chars()
                    .map(|ch| {
                        if ch.is_lowercase() {
                            ch.to_ascii_uppercase()
                        } else {
                            ch.to_ascii_lowercase()
                        }
                    })
                    .collect();
                assert!(keys.chars().count() > 1, "{id} on the single letter {keys} in {keymap}");
                assert!(
                    !others.contains(&slip),
                    "{id} on {keys} is one slip from {slip} in {keymap}"
                );
            }
        }
    }
}
