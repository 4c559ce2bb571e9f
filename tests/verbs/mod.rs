//! Every verb that changes something, on objects that it works on: the table that the rings above the core share.
#![allow(dead_code, reason = "each test binary uses a part")]

mod create;
pub mod kinds;
mod nodes;
mod objects;
mod workloads;

use std::collections::BTreeSet;

use konn::core::action::Danger;
use konn::core::keymap::Keymap;
use konn::views::REGISTRY;
use serde_json::Value;

/// A verb on some rows.
#[derive(Clone, Copy)]
pub struct Case {
    /// What is told apart by it.
    pub name: &'static str,
    /// The verb's name in the registry.
    pub verb: &'static str,
    /// The rows that it works on: all are marked where they are several.
    pub rows: &'static [&'static str],
    /// What stands behind a row: the object of this name, and what belongs to it.
    pub objects: fn(&str) -> Vec<Value>,
    /// Where it starts, such as `deployments shop`.
    pub line: &'static str,
    /// What is filled in: keys, and text in quotes.
    pub fill: &'static str,
    /// How the kubectl command begins.
    pub command: &'static str,
}

/// Cases, one a line: name, verb, rows, objects, line, what is filled in, how the command begins.
macro_rules! cases {
    ($($name:ident: $verb:literal, $rows:expr, $objects:expr, $line:literal, $fill:literal, $command:literal;)*) => {
        pub const CASES: &[$crate::verbs::Case] = &[$($crate::verbs::Case {
            name: stringify!($name), verb: $verb, rows: &$rows, objects: $objects, line: $line, fill: $fill, command: $command,
        }),*];
    };
}
pub(crate) use cases;

/// All of them.
pub fn all() -> Vec<Case> {
    [workloads::CASES, objects::CASES, create::CASES, nodes::CASES].concat()
}

/// Verbs that change no object through a request: what they open is a stream, and what goes through it is the
/// person's own.
const STREAMS: &[&str] = &["shell", "exec", "attach", "copy_files", "port_forward"];

/// The verbs that change something and have no case, where `elsewhere` are tried in another way.
pub fn without_case(elsewhere: &[&str]) -> Vec<&'static str> {
    let tried: BTreeSet<&str> = all().iter().map(|case| case.verb).collect();
    let changing = REGISTRY
        .actions
        .iter()
        .filter(|action| action.0.meta().danger != Danger::None);
    let ids = changing.map(|action| action.0.meta().id);
    ids.filter(|id| !tried.contains(id) && !elsewhere.contains(id) && !STREAMS.contains(id))
        .collect()
}

/// The names in the table that the registry does not have.
pub fn unknown(elsewhere: &[&str]) -> Vec<String> {
    let tried = all().into_iter().map(|case| case.verb);
    let named = tried.chain(elsewhere.iter().copied()).chain(STREAMS.iter().copied());
    named
        .filter(|id| REGISTRY.action(id).is_none())
        .map(str::to_string)
        .collect()
}

/// The keys of a verb.
pub fn keys_in(keymap: &Keymap, verb: &str) -> String {
    let shown = keymap.key_of("table", verb);
    let shown = shown.unwrap_or_else(|| panic!("{verb} has no key"));
    shown.replace("Del", "delete").replace('⏎', "enter")
}
