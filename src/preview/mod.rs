//! What matters of an object, in a few lines: its state in words, what is not as it should be, what it waits for, its
//! last words and last events. One file per kind; everything here is pure.
//!
//! [`needs`] and [`log`] say what is wanted besides the object, as data; [`preview`] makes the lines, as often as something
//! arrives.

use serde_json::Value;

use crate::core::clock::Clock;
use crate::core::lang::Lang;
use crate::core::request::shell;
use crate::core::resource::Resource;
use crate::core::text::{Line, Tone};
use crate::describe::{Need, Read, Related, event_needs};

mod claims;
mod conditions;
mod containers;
mod events;
mod generic;
mod logs;
mod nodes;
mod page;
mod pods;
mod services;
mod workloads;
pub mod wrap;

pub use logs::{LOG_LINES, Log, LogNeed};
pub use page::Page;

/// Everything that the lines are made of.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// The object, whole, as the API gave it.
    pub object: &'a Value,
    /// What became of the needs.
    pub related: &'a Related,
    /// What became of the container's last words.
    pub log: &'a Log,
    /// What the time is.
    pub clock: &'a Clock,
    /// The texts.
    pub lang: &'a Lang,
}

/// A kind that has more to say than its conditions and events.
struct Kind {
    kinds: &'static [(&'static str, &'static str)],
    needs: fn(&Value) -> Vec<Need>,
    say: fn(&Seen, &mut Page),
}

/// Every kind with words of its own.
static KINDS: &[Kind] = &[pods::KIND, workloads::KIND, nodes::KIND, claims::KIND, services::KIND];

fn kind(group: &str, kind: &str) -> &'static Kind {
    let own = KINDS.iter().find(|own| own.kinds.contains(&(group, kind)));
    own.unwrap_or(&generic::KIND)
}

/// What is wanted besides the object: its events, and what its kind wants.
pub fn needs(group: &str, of: &str, object: &Value) -> Vec<Need> {
    let mut needs = (kind(group, of).needs)(object);
    needs.extend(event_needs(group, of, object));
    needs
}

/// The log that is wanted: of a pod's container that fails.
pub fn log(group: &str, of: &str, object: &Value) -> Option<LogNeed> {
    ((group, of) == ("", "Pod")).then(|| logs::need(object)).flatten()
}

/// What matters of the object, from what has arrived so far.
pub fn preview(resource: &Resource, seen: &Seen) -> Vec<Line> {
    let mut page = Page::default();
    (kind(&resource.group, &resource.kind).say)(seen, &mut page);
    leaving(seen, &mut page);
    logs::say(seen, &mut page);
    conditions::say(seen, &mut page);
    page.section("");
    if page.is_empty() {
        page.say(Tone::Muted, seen.lang.t("preview.well"));
    }
    events::say(seen, (&*resource.group, &*resource.kind) == ("", "Node"), &mut page);
    page.section("");
    page.say(Tone::Muted, format!("$ {}", command(resource, seen.object)));
    page.lines
}

/// An object that is being deleted, and what it still waits for.
fn leaving(seen: &Seen, page: &mut Page) {
    let meta = seen.object.key("metadata");
    if !meta.key("deletionTimestamp").is_set() {
        return;
    }
    let finalizers: Vec<String> = meta.key("finalizers").list().iter().map(Read::show).collect();
    let text = if finalizers.is_empty() {
        seen.lang.t("preview.deleting")
    } else {
        seen.lang
            .f("preview.finalizers", &[("finalizers", &finalizers.join(", "))])
    };
    page.section("");
    page.note(Tone::Busy, text);
}

/// The kubectl command that shows more.
fn command(resource: &Resource, object: &Value) -> String {
    let meta = object.key("metadata");
    let mut command = format!(
        "kubectl describe {} {}",
        resource.full_name(),
        shell(meta.key("name").text())
    );
    if resource.namespaced {
        command.push_str(&format!(" -n {}", shell(meta.key("namespace").text())));
    }
    command
}

#[cfg(test)]
mod tests;
