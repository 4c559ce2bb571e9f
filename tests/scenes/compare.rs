//! A played scene against its recording.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use super::plain::{Plain, row};
use super::play::Played;

/// One thing that differs.
pub struct Difference {
    pub what: String,
    expected: Vec<String>,
    given: Vec<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "== {}", self.what)?;
        self.expected
            .iter()
            .filter(|line| !self.given.contains(line))
            .try_for_each(|line| writeln!(f, "  - {line}"))?;
        self.given
            .iter()
            .filter(|line| !self.expected.contains(line))
            .try_for_each(|line| writeln!(f, "  + {line}"))
    }
}

/// What differs.
pub fn differences(recording: &Value, played: &Played) -> Vec<Difference> {
    let recorded = recording["timeline"].as_array().unwrap();
    let plain = Plain::new(&makers(recorded.iter().chain(&played.shown)));
    let mut differences = Vec::new();
    let commands = recorded.iter().filter(|step| step["kind"] == "command");
    for (index, (wanted, given)) in commands.zip(&played.commands).enumerate() {
        let (expected, given) = (printed(&plain, wanted), printed(&plain, given));
        if expected != given {
            let what = format!("{} {}", index + 1, wanted["command"].as_str().unwrap());
            differences.push(Difference { what, expected, given });
        }
    }
    let columns = columns(recorded);
    let (expected, given) = (
        histories(&plain, &columns, recorded.iter()),
        histories(&plain, &columns, played.shown.iter()),
    );
    let all: BTreeSet<&String> = expected.keys().chain(given.keys()).collect();
    for what in all {
        let of = |histories: &BTreeMap<String, BTreeSet<Vec<String>>>| histories.get(what).cloned().unwrap_or_default();
        let (expected, given) = (of(&expected), of(&given));
        if !alike(&expected, &given) {
            let lines = |histories: &BTreeSet<Vec<String>>| histories.iter().map(|states| states.join(" > ")).collect();
            differences.push(Difference {
                what: what.clone(),
                expected: lines(&expected),
                given: lines(&given),
            });
        }
    }
    differences
}

/// The columns that were recorded, by kind.
fn columns(recorded: &[Value]) -> BTreeMap<String, BTreeSet<String>> {
    let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in recorded {
        let names = entry["row"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone());
        columns
            .entry(entry["kind"].as_str().unwrap().to_owned())
            .or_default()
            .extend(names);
    }
    columns
}

/// The objects that give others names with random ends.
fn makers<'a>(shown: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    let mut makers = BTreeSet::new();
    for entry in shown {
        let name = entry["row"]["Name"].as_str().unwrap_or_default();
        match entry["kind"].as_str().unwrap_or_default() {
            "deployments" | "daemonsets" => drop(makers.insert(name.to_owned())),
            "jobs" => {
                makers.insert(name.to_owned());
                let numbered = name
                    .rsplit_once('-')
                    .filter(|(_, number)| number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_digit()));
                makers.extend(numbered.map(|(cron, _)| cron.to_owned()));
            }
            "endpointslices" => drop(
                name.rsplit_once('-')
                    .map(|(service, _)| makers.insert(service.to_owned())),
            ),
            _ => {}
        }
    }
    makers
}

fn printed(plain: &Plain, command: &Value) -> Vec<String> {
    let text = |name: &str| command[name].as_str().unwrap_or_default();
    // Lists are in the order of names, and events in that of times: both differ by nature.
    let ordered = ["rollout", "logs", "exec"]
        .iter()
        .any(|verb| text("command").starts_with(&format!("kubectl {verb}")));
    let list = !ordered;
    let mut lines = vec![format!("exit {}", command["exit"])];
    lines.extend(plain.output(text("stdout"), list));
    lines.extend(plain.output(text("stderr"), list));
    lines
}

/// What each object showed, one state after the other; objects whose names differ by a random end only stand together.
fn histories<'a>(
    plain: &Plain,
    columns: &BTreeMap<String, BTreeSet<String>>,
    shown: impl Iterator<Item = &'a Value>,
) -> BTreeMap<String, BTreeSet<Vec<String>>> {
    let mut single: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for entry in shown {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (kind, name, state) = match entry["kind"].as_str() {
            Some("command" | "namespaces") | None => continue,
            Some("events") => {
                let (field, message) = (text(&entry["fieldPath"]), plain.line(&text(&entry["message"])));
                let state = format!("{} {} {field} {message}", text(&entry["type"]), text(&entry["reason"]));
                ("events".to_owned(), text(&entry["object"]), state)
            }
            Some(kind) => {
                let Some(columns) = columns.get(kind) else { continue };
                let gone = if entry["change"] == "DELETED" { "DELETED " } else { "" };
                let state = format!("{gone}{}", row(plain, &entry["row"], columns));
                (kind.to_owned(), text(&entry["row"]["Name"]), state)
            }
        };
        let states = single.entry((kind.clone(), name)).or_default();
        // Rows are told once; of events it matters in which order they came first.
        if states.last() != Some(&state) && (kind != "events" || !states.contains(&state)) {
            states.push(state);
        }
    }
    let mut histories: BTreeMap<String, BTreeSet<Vec<String>>> = BTreeMap::new();
    for ((kind, name), states) in single {
        histories
            .entry(format!("{kind} {}", plain.line(&name)))
            .or_default()
            .insert(states);
    }
    histories
}

/// Whether two sets of histories are alike: each has its like, of which one may have come a little further.
fn alike(expected: &BTreeSet<Vec<String>>, given: &BTreeSet<Vec<String>>) -> bool {
    let like = |one: &Vec<String>, other: &Vec<String>| {
        let (short, long) = if one.len() < other.len() {
            (one, other)
        } else {
            (other, one)
        };
        long.len() - short.len() <= 3 && long.starts_with(short) && (short.len() > 8 || long.len() == short.len())
    };
    expected.iter().all(|one| given.iter().any(|other| like(one, other)))
        && given.iter().all(|one| expected.iter().any(|other| like(one, other)))
}
