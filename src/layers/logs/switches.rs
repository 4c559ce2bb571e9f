//! What a person can switch in a view of logs, and what they type for it.

use crate::core::clock::Time;
use crate::core::log::template;
use crate::core::session::{Extent, log_flags};

/// How many lines of each log's end are shown at first.
const TAIL: u32 = 1000;

/// Which run of the containers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Run {
    /// The present one.
    #[default]
    Present,
    /// The one before.
    Previous,
    /// Both, with the end of the first between them.
    Both,
}

/// Which time stands before a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stamps {
    /// None.
    #[default]
    Off,
    /// When the line was written, by the server's clock, in UTC.
    Server,
    /// How long ago that was.
    Relative,
}

/// Which name stands before a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// What tells the containers apart; none where there is only one.
    #[default]
    Short,
    /// Pod and container.
    Whole,
    /// None.
    Off,
}

/// How lines of fields are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fold {
    /// As they were written.
    #[default]
    Raw,
    /// In one line, by the template.
    Folded,
    /// One field in each line.
    Unfolded,
}

/// What a person can switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switches {
    /// Which run of the containers.
    pub run: Run,
    /// From when on.
    pub since: Option<Time>,
    /// How many lines.
    pub extent: Extent,
    /// Times.
    pub stamps: Stamps,
    /// Names.
    pub names: Names,
    /// Fields.
    pub fold: Fold,
    /// The template for fields.
    pub template: String,
    /// Whether long lines are wrapped.
    pub wrap: bool,
    /// Whether it has the whole screen.
    pub whole: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            run: Run::default(),
            since: None,
            extent: Extent::Tail(TAIL),
            stamps: Stamps::default(),
            names: Names::default(),
            fold: Fold::default(),
            template: template::DEFAULT.to_string(),
            wrap: false,
            whole: false,
        }
    }
}

impl Switches {
    /// The flags of `kubectl logs` that say the same.
    pub fn flags(&self) -> Vec<String> {
        let follow = !matches!(self.extent, Extent::Head(_));
        log_flags(self.run == Run::Previous, follow, self.since, self.extent)
    }
}

/// What was typed for how much is wanted: `5m`, `14:30`, a time, `tail 100`, `head 100`, `all`. None for what says
/// neither a time nor a number of lines.
pub fn since(text: &str, now: Time) -> Option<(Option<Time>, Extent)> {
    let text = text.trim();
    let lines = |rest: &str| {
        rest.trim()
            .trim_start_matches('=')
            .parse::<u32>()
            .ok()
            .filter(|lines| *lines > 0)
    };
    if text == "all" {
        return Some((None, Extent::All));
    }
    if let Some(rest) = text.strip_prefix("tail") {
        return Some((None, Extent::Tail(lines(rest)?)));
    }
    if let Some(rest) = text.strip_prefix("head") {
        return Some((None, Extent::Head(lines(rest)?)));
    }
    if let Some(ago) = ago(text) {
        let then = now.checked_sub(jiff::SignedDuration::from_secs(ago)).ok()?;
        return Some((Some(then), Extent::All));
    }
    time(text, now).map(|time| (Some(time), Extent::All))
}

/// `90s`, `5m`, `2h`, `1d`, or several of these: in seconds.
fn ago(text: &str) -> Option<i64> {
    let mut seconds = 0i64;
    let mut digits = String::new();
    for ch in text.chars() {
        if ch.is_ascii_digit() {
            digits.push(ch);
            continue;
        }
        let unit = match ch {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return None,
        };
        let count: i64 = digits.parse().ok()?;
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
        digits.clear();
    }
    (digits.is_empty() && !text.is_empty()).then_some(seconds)
}

/// A time as RFC 3339, a day, or a time of this day; UTC, as the server's times are.
fn time(text: &str, now: Time) -> Option<Time> {
    let today = now.to_string();
    let today = today.get(..10).unwrap_or_default();
    [
        text.to_string(),
        format!("{text}Z"),
        format!("{text}:00Z"),
        format!("{text}T00:00:00Z"),
        format!("{today}T{text}Z"),
        format!("{today}T{text}:00Z"),
    ]
    .iter()
    .find_map(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_numbers_of_lines_are_understood() {
        let now: Time = "2026-11-21T02:03:04Z".parse().unwrap();
        let at = |text: &str| Some(text.parse::<Time>().unwrap());
        for (text, wanted) in [
            ("5m", Some((at("2026-11-21T01:58:04Z"), Extent::All))),
            ("1h30m", Some((at("2026-11-21T00:33:04Z"), Extent::All))),
            ("90s", Some((at("2026-11-21T02:01:34Z"), Extent::All))),
            ("01:30", Some((at("2026-11-21T01:30:00Z"), Extent::All))),
            ("01:30:05", Some((at("2026-11-21T01:30:05Z"), Extent::All))),
            (
                "2026-11-20T23:00:00+09:00",
                Some((at("2026-11-20T14:00:00Z"), Extent::All)),
            ),
            ("2026-11-20", Some((at("2026-11-20T00:00:00Z"), Extent::All))),
            ("tail 100", Some((None, Extent::Tail(100)))),
            ("head=5", Some((None, Extent::Head(5)))),
            ("all", Some((None, Extent::All))),
            ("", None),
            ("5", None),
            ("tail", None),
            ("soon", None),
            ("99999999999999999999h", None),
        ] {
            assert_eq!(since(text, now), wanted, "{text}");
        }
    }
}
