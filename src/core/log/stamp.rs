//! The server's timestamp before a line: RFC 3339 with nanoseconds, then a space, as the kubelet writes it
//! (`timeFormatOut` in Kubernetes' `pkg/kubelet/kuberuntime/logs`).

use crate::core::clock::Time;

/// Nanoseconds since 1970: what a line keeps of its time.
pub type Nanos = i64;

const SECOND: i64 = 1_000_000_000;

/// The time at the beginning of a line, and the line without it. A line without one is answered whole.
pub fn split(line: &[u8]) -> (Option<Nanos>, &[u8]) {
    let end = memchr::memchr(b' ', line.get(..40).unwrap_or(line));
    // A line that is empty but for its time may have lost the space.
    let end = end.unwrap_or(if line.len() < 40 { line.len() } else { 0 });
    let (stamp, rest) = line.split_at(end);
    match parse(stamp) {
        Some(time) => (Some(time), rest.get(1..).unwrap_or_default()),
        None => (None, line),
    }
}

/// A timestamp; none for what is no such thing.
pub fn parse(text: &[u8]) -> Option<Nanos> {
    utc(text).or_else(|| {
        let looks = text.len() >= 20 && text.first().is_some_and(u8::is_ascii_digit);
        let text = std::str::from_utf8(text).ok().filter(|_| looks)?;
        let time: Time = text.parse().ok()?;
        i64::try_from(time.as_nanosecond()).ok()
    })
}

/// The usual form, `2026-11-21T02:03:04.567890123Z`, read without detours: a log has a million of them.
fn utc(text: &[u8]) -> Option<Nanos> {
    let digits = |from: usize, to: usize| -> Option<i64> {
        text.get(from..to)?.iter().try_fold(0i64, |sum, byte| {
            byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'))
        })
    };
    let (head, fraction) = (text.get(..19)?, text.get(19..)?.strip_suffix(b"Z")?);
    let fixed = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if !fixed.iter().all(|(at, byte)| head.get(*at) == Some(byte)) {
        return None;
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
    if !(1970..=2200).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let nanos = match fraction {
        [] => 0,
        [b'.', rest @ ..] if (1..=9).contains(&rest.len()) => {
            let scale = u32::try_from(9 - rest.len()).ok()?;
            digits(20, 20 + rest.len())? * 10i64.pow(scale)
        }
        _ => return None,
    };
    Some((days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second) * SECOND + nanos)
}

/// Days since 1970 of a date of the Gregorian calendar, counted in eras of 400 years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The time of so many nanoseconds.
pub fn time(nanos: Nanos) -> Time {
    Time::from_nanosecond(i128::from(nanos)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_have_a_time_and_a_text() {
        let at = |text: &str| parse(text.as_bytes()).unwrap();
        for (line, time, text) in [
            ("2026-11-21T02:03:04.5Z hello", Some("2026-11-21T02:03:04.5Z"), "hello"),
            ("2026-11-21T02:03:04.5Z ", Some("2026-11-21T02:03:04.5Z"), ""),
            ("2026-11-21T02:03:04Z", Some("2026-11-21T02:03:04Z"), ""),
            (
                "2026-11-21T11:03:04.000000001+09:00 a b",
                Some("2026-11-21T02:03:04.000000001Z"),
                "a b",
            ),
            (
                "unable to retrieve container logs",
                None,
                "unable to retrieve container logs",
            ),
            ("", None, ""),
            ("2026 was a good year", None, "2026 was a good year"),
        ] {
            assert_eq!(split(line.as_bytes()), (time.map(at), text.as_bytes()), "{line}");
        }
    }

    proptest! {
        #[test]
        fn it_is_what_jiff_reads(nanos in 0i64..7_000_000_000_000_000_000) {
            let text = time(nanos).to_string();
            prop_assert_eq!(utc(text.as_bytes()), Some(nanos));
        }

        #[test]
        fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = split(&bytes);
        }
    }
}
