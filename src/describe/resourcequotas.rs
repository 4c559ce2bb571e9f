//! ResourceQuotas.

use serde_json::Value;

use crate::core::bar;
use crate::core::text::Tone;

use super::value::{Read, join};
use super::words::Words;
use super::writer::Table;
use super::{Describer, Input, Writer, amounts, meta};

/// Describes a ResourceQuota, as `describeQuota` in kubectl.
pub struct ResourceQuotas;

impl Describer for ResourceQuotas {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "ResourceQuota")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        meta::name(input.object, out);
        scopes(input.object, out);
        out.section(&out.lang().t("describe.resources"));
        out.table(usage(input.object, in_units_of));
    }
}

/// The scopes of a quota and what they mean, where it has any.
pub fn scopes(quota: &Value, out: &mut Writer) {
    let mut scopes: Vec<_> = quota.at("spec.scopes").list().iter().map(Read::text).collect();
    scopes.sort_unstable();
    if !scopes.is_empty() {
        out.field("Scopes", join(&scopes, ", "));
        let explained = scopes.iter().filter_map(|scope| meaning(scope));
        out.nested(|out| explained.for_each(|text| out.lines(Words::toned(format!("* {text}"), Tone::Muted))));
    }
}

fn meaning(scope: &str) -> Option<&'static str> {
    Some(match scope {
        "Terminating" => {
            "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system."
        }
        "NotTerminating" => {
            "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate."
        }
        "BestEffort" => {
            "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service."
        }
        "NotBestEffort" => {
            "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service."
        }
        _ => return None,
    })
}

/// How wide the bars are, in cells.
const WIDTH: usize = 20;

/// What is used of what is allowed, by resource, as `text` tells it. What is used up is marked.
pub fn usage(quota: &Value, text: fn(used: &Value, hard: &str) -> String) -> Table {
    let mut table = Table::new(["Resource", "Used", "Hard", ""]);
    for (resource, hard) in quota.at("status.hard").members() {
        let used = quota.at("status.used").key(resource);
        let [now, most] = [used, hard].map(|value| amounts::quantity(value).unwrap_or_default());
        let full = now >= most;
        // Nothing is left of nothing.
        let share = if full {
            1.0
        } else {
            bar::share(now.as_f64(), most.as_f64())
        };
        let tone = if full { Tone::Warn } else { Tone::Plain };
        let hard = amounts::text(hard);
        table.row([
            resource.into(),
            Words::toned(text(used, &hard), tone),
            hard.into(),
            Words::bar(share, WIDTH).then(format!(" {:.0}%", share * 100.0), Tone::Muted),
        ]);
    }
    table
}

/// A quantity with the kind of suffixes that `other` has: where one counts in 1024s and the other does not, whole units.
fn in_units_of(used: &Value, other: &str) -> String {
    let text = amounts::text(used);
    let binary = |text: &str| text.ends_with('i');
    match amounts::quantity(used) {
        Some(quantity) if binary(&text) != binary(other) => quantity.value().to_string(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn used_is_told_as_hard_is() {
        for (used, hard, expected) in [
            ("200Mi", "400Mi", "200Mi"),
            ("1G", "2Gi", "1000000000"),
            ("1Mi", "1G", "1048576"),
            ("500m", "1", "500m"),
        ] {
            assert_eq!(in_units_of(&json!(used), hard), expected);
        }
    }

    #[test]
    fn what_is_used_up_is_marked() {
        let quota = json!({"spec": {"scopes": ["NotTerminating", "BestEffort", "Mine"]},
            "status": {"hard": {"pods": "4", "limits.cpu": "2"}, "used": {"pods": "4"}}});
        let mut out = Writer::default();
        scopes(&quota, &mut out);
        out.table(usage(&quota, in_units_of));
        let text = out.finish().text();
        assert!(
            text.starts_with(
                "  Scopes:  BestEffort, Mine, NotTerminating\n    * Matches all pods that do not have resource"
            ),
            "{text}"
        );
        assert!(
            text.ends_with("  Resource    Used  Hard\n  limits.cpu  0     2     ░░░░░░░░░░░░░░░░░░░░ 0%\n! pods        4     4     ████████████████████ 100%\n"),
            "{text}"
        );
    }
}
