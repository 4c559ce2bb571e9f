//! Cron schedules: when a schedule is due.

use std::collections::BTreeSet;

/// A parsed schedule; each field is the set of values at which it is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    minutes: BTreeSet<u32>,
    hours: BTreeSet<u32>,
    days: BTreeSet<u32>,
    months: BTreeSet<u32>,
    weekdays: BTreeSet<u32>,
    any_day: bool,
    any_weekday: bool,
}

impl Schedule {
    /// Reads the five fields, or a word such as `@hourly`; none for what cannot be read.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = match text.trim() {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            other => other,
        };
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
            return None;
        };
        let mut weekdays_set = field(weekdays, 0, 7)?;
        if weekdays_set.remove(&7) {
            weekdays_set.insert(0);
        }
        Some(Self {
            minutes: field(minutes, 0, 59)?,
            hours: field(hours, 0, 23)?,
            days: field(days, 1, 31)?,
            months: field(months, 1, 12)?,
            weekdays: weekdays_set,
            any_day: days.starts_with(['*', '?']),
            any_weekday: weekdays.starts_with(['*', '?']),
        })
    }

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

fn field(text: &str, low: u32, high: u32) -> Option<BTreeSet<u32>> {
    let mut values = BTreeSet::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range {
            "*" | "?" => (low, high),
            range => match range.split_once('-') {
                Some((from, to)) => (from.parse().ok()?, to.parse().ok()?),
                None if part.contains('/') => (range.parse().ok()?, high),
                None => (range.parse().ok()?, range.parse().ok()?),
            },
        };
        if from < low || to > high || from > to {
            return None;
        }
        values.extend((from..=to).step_by(step));
    }
    Some(values)
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
            ("0 9-17 * * 1-5", "2026-11-21T12:00:00", false),
            ("@daily", "2026-11-20T00:00:00", true),
            ("0 0 13 * 5", "2026-11-20T00:00:00", true),
        ] {
            assert_eq!(
                Schedule::parse(schedule).unwrap().due(at(time)),
                due,
                "{schedule} at {time}"
            );
        }
        for wrong in ["x", "* * * *", "60 * * * *", "*/0 * * * *", "5-1 * * * *"] {
            assert_eq!(Schedule::parse(wrong), None, "{wrong}");
        }
    }
}
