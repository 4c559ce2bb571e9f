//! Points in time as kubectl writes them, and how long ago they were. Always in UTC: a description is a function of its
//! input, and a time zone would be one more.

use serde_json::Value;

use crate::core::clock::{Clock, Time};
use crate::core::lang::Lang;
use crate::core::text::Tone;
use crate::model::age;

use super::value::Read;
use super::words::Words;

/// How Go prints its zero time in RFC 1123: what kubectl shows where a timestamp is missing.
const ZERO: &str = "Mon, 01 Jan 0001 00:00:00 +0000";

/// The point in time that a timestamp says; none if it says none.
pub fn parse(timestamp: &Value) -> Option<Time> {
    timestamp.text().parse().ok()
}

/// A timestamp as `Fri, 20 Nov 2026 22:46:24 +0000`.
pub fn rfc1123(timestamp: &Value) -> String {
    parse(timestamp).map_or_else(
        || ZERO.to_owned(),
        |time| time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string(),
    )
}

/// A timestamp as `2026-11-20 22:46:25 +0000 UTC`, as Go prints one without a format.
pub fn go(timestamp: &Value) -> String {
    match parse(timestamp) {
        Some(time) => time.strftime("%Y-%m-%d %H:%M:%S +0000 UTC").to_string(),
        None => "0001-01-01 00:00:00 +0000 UTC".to_owned(),
    }
}

/// The time since a timestamp, `<unknown>` without one.
pub fn since(timestamp: &Value, clock: &Clock) -> String {
    age::since(parse(timestamp), clock.now)
}

/// A timestamp and, muted beside it, how long ago that was.
pub fn with_age(timestamp: &Value, clock: &Clock, lang: &Lang) -> Words {
    let words = Words::from(rfc1123(timestamp));
    match parse(timestamp) {
        Some(time) if time <= clock.now => {
            let ago = lang.f("describe.ago", &[("age", &since(timestamp, clock))]);
            words.then(format!("  {ago}"), Tone::Muted)
        }
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::lang::Tongue;
    use serde_json::json;

    #[test]
    fn times_read_as_kubectl_writes_them() {
        assert_eq!(
            rfc1123(&json!("2026-11-20T22:46:24Z")),
            "Fri, 20 Nov 2026 22:46:24 +0000"
        );
        assert_eq!(
            rfc1123(&json!("2026-11-20T22:46:24.123456Z")),
            "Fri, 20 Nov 2026 22:46:24 +0000"
        );
        assert_eq!(
            rfc1123(&json!("2026-11-01T02:00:00+09:00")),
            "Sat, 31 Oct 2026 17:00:00 +0000"
        );
        assert_eq!(rfc1123(&json!(null)), ZERO);
        assert_eq!(go(&json!("2026-11-20T22:46:25Z")), "2026-11-20 22:46:25 +0000 UTC");
    }

    #[test]
    fn ages_stand_beside_what_has_passed() {
        let clock = Clock::at("2026-11-20T22:50:00Z".parse().unwrap());
        let lang = Lang::load(Tongue::En);
        let past = with_age(&json!("2026-11-20T22:46:24Z"), &clock, &lang);
        assert_eq!(past.flat().last().unwrap().text, "  3m36s ago");
        assert_eq!(with_age(&json!("2026-11-20T23:00:00Z"), &clock, &lang).flat().len(), 1);
        assert_eq!(since(&json!(7), &clock), "<unknown>");
    }
}
