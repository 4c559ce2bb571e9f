//! Cron schedules: when a schedule is due. The notation, and what is said of a wrong one, is that of `robfig/cron`'s parser.

use std::collections::BTreeSet;

/// A parsed schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Five fields, or a word that stands for them.
    Fields(Fields),
    /// `@every`: so many seconds after the last time.
    Every(i64),
}

/// Each field is the set of values at which the schedule is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    minutes: BTreeSet<u32>,
    hours: BTreeSet<u32>,
    days: BTreeSet<u32>,
    months: BTreeSet<u32>,
    weekdays: BTreeSet<u32>,
    any_day: bool,
    any_weekday: bool,
}

/// What values a field may have.
struct Bounds {
    low: u32,
    high: u32,
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fn bounds(low: u32, high: u32, names: &'static [&'static str]) -> Bounds {
    Bounds { low, high, names }
}

impl Schedule {
    /// Reads the five fields, or a word such as `@hourly` or `@every 5m`.
    ///
    /// # Errors
    /// The parser's sentence for what cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(duration) = text.strip_prefix("@every ") {
            let seconds =
                duration_seconds(duration).map_err(|why| format!("failed to parse duration {text}: time: {why}"))?;
            return Ok(Self::Every(seconds.max(1)));
        }
        let fields = match text {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            other if other.starts_with('@') => return Err(format!("unrecognized descriptor: {other}")),
            other => other,
        };
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
            let found = fields.len();
            return Err(format!(
                "expected exactly 5 fields, found {found}: [{}]",
                fields.join(" ")
            ));
        };
        Ok(Self::Fields(Fields {
            minutes: field(minutes, &bounds(0, 59, &[]))?,
            hours: field(hours, &bounds(0, 23, &[]))?,
            days: field(days, &bounds(1, 31, &[]))?,
            months: field(months, &bounds(1, 12, &MONTHS))?,
            weekdays: field(weekdays, &bounds(0, 6, &WEEKDAYS))?,
            any_day: is_any(days),
            any_weekday: is_any(weekdays),
        }))
    }
}

impl Fields {
    /// Whether it is due in the minute of a civil time.
    #[must_use]
    pub fn due(&self, at: jiff::civil::DateTime) -> bool {
        let has = |set: &BTreeSet<u32>, value: i8| u32::try_from(value).is_ok_and(|value| set.contains(&value));
        let day = has(&self.days, at.day());
        let weekday = has(&self.weekdays, at.weekday().to_sunday_zero_offset());
        // Two restricted fields mean either of them, as in crontab(5).
        let date = if self.any_day || self.any_weekday {
            day && weekday
        } else {
            day || weekday
        };
        has(&self.minutes, at.minute()) && has(&self.hours, at.hour()) && has(&self.months, at.month()) && date
    }
}

/// Whether a field restricts nothing: it has a star that leaves nothing out. One with a step does, as `getRange` has it.
fn is_any(text: &str) -> bool {
    text.split(',').any(|part| {
        let (span, step) = part.split_once('/').unwrap_or((part, "1"));
        span.starts_with(['*', '?']) && step.parse() == Ok(1_u32)
    })
}

fn field(text: &str, bounds: &Bounds) -> Result<BTreeSet<u32>, String> {
    let mut values = BTreeSet::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        values.extend(range(part, bounds)?);
    }
    Ok(values)
}

/// `number | number "-" number [ "/" number ]`, as `getRange`.
fn range(part: &str, bounds: &Bounds) -> Result<impl Iterator<Item = u32> + use<>, String> {
    let mut halves = part.split('/');
    let (span, step, more) = (halves.next().unwrap_or_default(), halves.next(), halves.next());
    let mut ends = span.split('-');
    let (from, to, third) = (ends.next().unwrap_or_default(), ends.next(), ends.next());
    let (low, mut high) = if matches!(from, "*" | "?") {
        (bounds.low, bounds.high)
    } else {
        let low = number_or_name(from, bounds)?;
        match (to, third) {
            (_, Some(_)) => return Err(format!("too many hyphens: {part}")),
            (Some(to), None) => (low, number_or_name(to, bounds)?),
            (None, None) => (low, low),
        }
    };
    let step = match (step, more) {
        (_, Some(_)) => return Err(format!("too many slashes: {part}")),
        (Some(step), None) => {
            if to.is_none() {
                high = bounds.high;
            }
            number(step)?
        }
        (None, None) => 1,
    };
    if low < bounds.low {
        return Err(format!(
            "beginning of range ({low}) below minimum ({}): {part}",
            bounds.low
        ));
    }
    if high > bounds.high {
        return Err(format!("end of range ({high}) above maximum ({}): {part}", bounds.high));
    }
    if low > high {
        return Err(format!(
            "beginning of range ({low}) beyond end of range ({high}): {part}"
        ));
    }
    if step == 0 {
        return Err(format!("step of range should be a positive number: {part}"));
    }
    Ok((low..=high).step_by(step as usize))
}

fn number_or_name(text: &str, bounds: &Bounds) -> Result<u32, String> {
    let lower = text.to_lowercase();
    let named = bounds.names.iter().position(|name| *name == lower);
    match named.and_then(|index| u32::try_from(index).ok()) {
        Some(index) => Ok(bounds.low + index),
        None => number(text),
    }
}

fn number(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let why = if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        "invalid syntax"
    } else {
        "value out of range"
    };
    let number: i64 = text
        .parse()
        .map_err(|_| format!("failed to parse int from {text}: strconv.Atoi: parsing {text:?}: {why}"))?;
    if number < 0 {
        return Err(format!("negative number ({number}) not allowed: {text}"));
    }
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}

/// A duration such as `1h30m` in whole seconds, as Go's `time.ParseDuration`.
fn duration_seconds(text: &str) -> Result<i64, String> {
    let invalid = || format!("invalid duration {text:?}");
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned == "0" {
        return Ok(0);
    }
    let (mut rest, mut seconds) = (unsigned, 0.0);
    if rest.is_empty() {
        return Err(invalid());
    }
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let (digits, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let value: f64 = digits.parse().map_err(|_| invalid())?;
        let end = after
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end).unwrap_or((after, ""));
        seconds += value
            * match unit {
                "ns" => 1e-9,
                "us" | "µs" | "μs" => 1e-6,
                "ms" => 1e-3,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                "" => return Err(format!("missing unit in duration {text:?}")),
                unit => return Err(format!("unknown unit {unit:?} in duration {text:?}")),
            };
        rest = after;
    }
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    // Whole seconds are all that a schedule counts; no duration that Go reads is too long for them.
    #[allow(clippy::cast_possible_truncation)]
    Ok((sign * seconds) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_due_when_they_say() {
        let at = |text: &str| text.parse::<jiff::civil::DateTime>().unwrap();
        for (schedule, time, due) in [
            ("*/5 * * * *", "2026-11-20T10:10:30", true),
            ("*/5 * * * *", "2026-11-20T10:11:00", false),
            ("0 9-17 * * 1-5", "2026-11-20T12:00:00", true),
            ("0 9-17 * * mon-FRI", "2026-11-20T12:00:00", true),
            ("0 9-17 * * 1-5", "2026-11-21T12:00:00", false),
            ("0 0 20 nov *", "2026-11-20T00:00:00", true),
            ("@daily", "2026-11-20T00:00:00", true),
            ("0 0 13 * 5", "2026-11-20T00:00:00", true),
            ("0 0 */2 * 5", "2026-11-20T00:00:00", true),
            ("0 0 */1 * 5", "2026-11-21T00:00:00", false),
            ("0 0 1,* * 5", "2026-11-21T00:00:00", false),
        ] {
            let Ok(Schedule::Fields(fields)) = Schedule::parse(schedule) else {
                panic!("{schedule}");
            };
            assert_eq!(fields.due(at(time)), due, "{schedule} at {time}");
        }
        assert_eq!(Schedule::parse("@every 1h30m"), Ok(Schedule::Every(5400)));
    }

    #[test]
    fn wrong_schedules_are_told_as_the_server_tells_them() {
        for (wrong, why) in [
            ("x", "expected exactly 5 fields, found 1: [x]"),
            ("60 * * * *", "end of range (60) above maximum (59): 60"),
            ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
            ("* * * * 7", "end of range (7) above maximum (6): 7"),
            ("*/0 * * * *", "step of range should be a positive number: */0"),
            ("*/-1 * * * *", "negative number (-1) not allowed: -1"),
            ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
            ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
            ("1/2/3 * * * *", "too many slashes: 1/2/3"),
            (
                "1,2,x * * * *",
                "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax",
            ),
            ("@never", "unrecognized descriptor: @never"),
            (
                "@every x",
                "failed to parse duration @every x: time: invalid duration \"x\"",
            ),
            (
                "@every 5",
                "failed to parse duration @every 5: time: missing unit in duration \"5\"",
            ),
            (
                "@every 5d",
                "failed to parse duration @every 5d: time: unknown unit \"d\" in duration \"5d\"",
            ),
        ] {
            assert_eq!(Schedule::parse(wrong), Err(why.to_owned()), "{wrong}");
        }
    }
}
