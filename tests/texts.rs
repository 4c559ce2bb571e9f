//! Every text that konn asks for is there. (That both languages have the same texts is tested where they are loaded.)
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use konn::core::command::COMMANDS;
use konn::core::keymap::PLACES;
use konn::core::lang::{Lang, Tongue};
use konn::views::REGISTRY;
use regex::Regex;

/// The text of every source file, tests in it left out.
fn sources() -> Vec<String> {
    fn walk(folder: &Path, out: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                out.push(text.split("#[cfg(test)]").next().unwrap_or_default().to_string());
            }
        }
    }
    let mut out = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    out
}

/// What the expression's first group finds in the sources.
fn found(expression: &str) -> Vec<String> {
    let expression = Regex::new(expression).unwrap();
    let sources = sources();
    let hits = sources.iter().flat_map(|text| expression.captures_iter(text));
    hits.map(|hit| hit[1].to_string()).collect()
}

#[test]
fn every_text_that_is_asked_for_is_there() {
    let mut keys = found(r#"(?s)lang(?:\(\))?\s*\.\s*(?:t|f|get)\(\s*"([a-z_0-9.]+)""#);
    assert!(keys.len() > 30, "the sources were read");
    keys.extend(COMMANDS.iter().map(|(name, _)| format!("command.{name}")));
    keys.extend(PLACES.iter().map(|place| format!("place.{place}")));
    keys.extend(
        REGISTRY
            .actions
            .iter()
            .map(|action| format!("action.{}", action.0.meta().id)),
    );
    keys.extend(
        found(r#"Reason\("([a-z_]+)"\)"#)
            .iter()
            .map(|id| format!("reason.{id}")),
    );
    keys.extend(
        found(r#"Barrier::Reason\("([a-z_]+)"\)"#)
            .iter()
            .map(|id| format!("reason.{id}")),
    );
    // Every plan of a dialog has a title and says when it is done; what destroys has a word for the button.
    let plan =
        Regex::new(r#"impl Plan for \w+(?:<'_>)? \{\s*fn id\(&self\) -> &'static str \{\s*"([a-z_]+)""#).unwrap();
    let destroys = Regex::new(r"fn danger\(&self\) -> Danger \{\s*Danger::Destroy").unwrap();
    for source in sources() {
        let sure = destroys.is_match(&source);
        for id in plan.captures_iter(&source).map(|hit| hit[1].to_string()) {
            keys.extend(["title", "done"].map(|part| format!("dialog.{part}.{id}")));
            keys.extend(sure.then(|| format!("dialog.sure.{id}")));
        }
    }
    keys.extend(found(r#"nonsense\("([a-z_]+)""#).iter().map(|id| format!("line.{id}")));
    keys.extend(found(
        r#""((?:notice|header|title|empty|hint|text|filter|help|palette)\.[a-z_.]+)""#,
    ));
    keys.extend(konn::relations::all().map(|relation| format!("relation.{}", relation.name)));
    keys.extend(found(r#"How::of\(\s*"([a-z_]+)""#).iter().map(|id| format!("how.{id}")));
    keys.extend(["init", "sidecar", "regular", "ephemeral"].map(|id| format!("container.{id}")));
    for id in found(r#""((?:trouble|kubeconfig|plugin)\.[a-z0-9_.]+)""#) {
        keys.extend(["what", "todo"].map(|part| format!("{id}.{part}")));
    }
    for tongue in [Tongue::En, Tongue::Ja] {
        let lang = Lang::load(tongue);
        let mut lacking: Vec<&String> = keys.iter().filter(|key| lang.get(key).is_none()).collect();
        lacking.sort();
        lacking.dedup();
        assert!(lacking.is_empty(), "{tongue:?} lacks {lacking:#?}");
    }
}

#[test]
fn every_text_is_clean_and_has_a_form_of_its_own() {
    for tongue in [Tongue::En, Tongue::Ja] {
        let lang = Lang::load(tongue);
        for (key, text) in lang.texts() {
            assert_eq!(text.trim(), text.trim_end_matches('\n'), "{key} has spaces around it");
            assert!(!text.is_empty(), "{key} is empty");
            if key.ends_with(".what") || key.ends_with(".todo") {
                assert!(!text.contains('\n'), "{key} is one sentence");
            }
        }
    }
}
