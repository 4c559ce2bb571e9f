//! How serious a line is, as far as it says so: klog's letter, `level=` of logfmt, `"level"` or `"severity"` of JSON,
//! nginx's words and status codes, and plain words such as `ERROR`.

/// How serious a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It does not say.
    #[default]
    Unknown,
    /// Traces.
    Trace,
    /// For whoever debugs.
    Debug,
    /// As it should be.
    Info,
    /// Worth a look.
    Warn,
    /// Something failed.
    Error,
    /// The program ends.
    Fatal,
}

/// How much of a line is looked at for plain words, in bytes.
const HEAD: usize = 160;

/// The names of levels in lower case; a word is one of them or begins with no other.
const NAMES: &[(&str, Level)] = &[
    ("trace", Level::Trace),
    ("trc", Level::Trace),
    ("verbose", Level::Debug),
    ("debug", Level::Debug),
    ("dbg", Level::Debug),
    ("info", Level::Info),
    ("inf", Level::Info),
    ("information", Level::Info),
    ("notice", Level::Info),
    ("log", Level::Info),
    ("warn", Level::Warn),
    ("warning", Level::Warn),
    ("wrn", Level::Warn),
    ("error", Level::Error),
    ("err", Level::Error),
    ("eror", Level::Error),
    ("severe", Level::Error),
    ("crit", Level::Fatal),
    ("critical", Level::Fatal),
    ("alert", Level::Fatal),
    ("emerg", Level::Fatal),
    ("emergency", Level::Fatal),
    ("fatal", Level::Fatal),
    ("ftl", Level::Fatal),
    ("panic", Level::Fatal),
    ("dpanic", Level::Fatal),
];

/// The keys that JSON and logfmt lines say their level under.
pub const KEYS: &[&str] = &[
    "level",
    "severity",
    "lvl",
    "levelname",
    "loglevel",
    "log.level",
    "@level",
    "l",
];

/// The level of a name, in any case.
pub fn named(name: &str) -> Option<Level> {
    let found = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, level)| *level)
}

/// The level of a number, as pino and bunyan write it.
fn numbered(number: &str) -> Option<Level> {
    match number.parse::<u32>().ok()? {
        10 => Some(Level::Trace),
        20 => Some(Level::Debug),
        30 => Some(Level::Info),
        40 => Some(Level::Warn),
        50 => Some(Level::Error),
        60 => Some(Level::Fatal),
        _ => None,
    }
}

/// The level of a line.
pub fn of(line: &str) -> Level {
    let line = line.trim_start();
    if line.starts_with('{') {
        return json(line).unwrap_or_default();
    }
    klog(line.as_bytes())
        .or_else(|| words(line))
        .or_else(|| status(line))
        .unwrap_or_default()
}

/// `E1121 02:03:04.567890       1 file.go:12] text`.
fn klog(line: &[u8]) -> Option<Level> {
    let level = match line.first()? {
        b'I' => Level::Info,
        b'W' => Level::Warn,
        b'E' => Level::Error,
        b'F' => Level::Fatal,
        _ => return None,
    };
    let digits = line.get(1..5)?.iter().all(u8::is_ascii_digit);
    (digits && line.get(5) == Some(&b' ') && line.get(8) == Some(&b':')).then_some(level)
}

/// The value of a level's key, wherever it stands: whole JSON is not read for it.
fn json(line: &str) -> Option<Level> {
    let mut rest = line;
    while let Some((_, after)) = rest.split_once('"') {
        let (word, behind) = after.split_once('"')?;
        rest = behind;
        let Some(value) = behind.trim_start().strip_prefix(':') else {
            continue;
        };
        if !KEYS.iter().any(|key| key.eq_ignore_ascii_case(word)) {
            continue;
        }
        let value = value.trim_start();
        let end = |at: char| !at.is_ascii_alphanumeric();
        let found = match value.strip_prefix('"') {
            Some(text) => text.split(end).next().and_then(named),
            None => value.split(end).next().and_then(numbered),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The first word that names a level: in capitals, after `level=`, in brackets, or before a colon.
fn words(line: &str) -> Option<Level> {
    let bytes = line.as_bytes();
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let mut at = 0;
    while let Some(&byte) = head.get(at) {
        if !byte.is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let start = at;
        while head
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        {
            at += 1;
        }
        let Some(word) = line.get(start..at).filter(|word| (3..=11).contains(&word.len())) else {
            continue;
        };
        let before = start.checked_sub(1).and_then(|before| head.get(before)).copied();
        if before.is_some_and(|byte| matches!(byte, b'-' | b'.' | b'/')) {
            continue;
        }
        let Some(level) = named(word) else { continue };
        let (before, after) = (before.unwrap_or(b' '), head.get(at).copied().unwrap_or(b' '));
        let stands_out = word.bytes().all(|byte| byte.is_ascii_uppercase());
        let bracketed = matches!(
            (before, after),
            (b'[', b']') | (b'<', b'>') | (b'(', b')') | (b'|', b'|')
        );
        let begins = start == 0 && after == b':';
        if stands_out && !matches!(after, b'=' | b'-' | b'/' | b'.') || bracketed || begins || keyed(line, start) {
            return Some(level);
        }
    }
    None
}

/// Whether `level=` or its like, with or without a quote, stands before a place.
fn keyed(line: &str, at: usize) -> bool {
    let before = line.get(..at).unwrap_or_default();
    let before = before.strip_suffix('"').unwrap_or(before);
    let Some(before) = before.strip_suffix('=') else {
        return false;
    };
    let key = before.rsplit([' ', '\t', ',']).next().unwrap_or_default();
    KEYS.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// The status in an access log, as nginx and its like write it: `"GET / HTTP/1.1" 502 157`.
fn status(line: &str) -> Option<Level> {
    let (_, behind) = line.split_once(" HTTP/")?;
    let (_, behind) = behind.split_once("\" ")?;
    match behind.as_bytes().first()? {
        b'5' => Some(Level::Error),
        b'4' => Some(Level::Warn),
        b'1'..=b'3' => Some(Level::Info),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_how_serious_they_are() {
        for (line, level) in [
            ("I1121 02:03:04.567890       1 main.go:12] started", Level::Info),
            ("E1121 02:03:04.567890       1 main.go:12] no", Level::Error),
            ("Else 12:34", Level::Unknown),
            (r#"{"level":"warn","msg":"slow"}"#, Level::Warn),
            (r#"{"msg":"level","severity":"ERROR"}"#, Level::Error),
            (r#"{"time":1,"level":50,"msg":"x"}"#, Level::Error),
            (r#"{"level":30}"#, Level::Info),
            (r#"{"msg":"ERROR in text"}"#, Level::Unknown),
            (r#"{"broken"#, Level::Unknown),
            ("time=2026-11-21 level=error msg=\"no route\"", Level::Error),
            ("lvl=dbug level=debug", Level::Debug),
            ("level=\"warning\" x=1", Level::Warn),
            ("2026-11-21 02:03:04 ERROR [main] c.e.App - no", Level::Error),
            ("2026-11-21 02:03:04,123 - app - WARNING - slow", Level::Warn),
            ("[2026-11-21 02:03:04] production.CRITICAL: down", Level::Unknown),
            ("2026/11/21 02:03:04 [error] 12#12: *1 open() failed", Level::Error),
            ("2026/11/21 02:03:04 [notice] 1#1: start", Level::Info),
            ("10.0.0.1 - - [21/Nov/2026] \"GET /x HTTP/1.1\" 502 157", Level::Error),
            ("10.0.0.1 - - [21/Nov/2026] \"GET /x HTTP/1.1\" 200 157", Level::Info),
            ("panic: runtime error", Level::Fatal),
            ("error: no such file", Level::Error),
            ("there was an error here", Level::Unknown),
            ("no errors, info.txt written", Level::Unknown),
            ("postgres ERROR:  relation does not exist", Level::Error),
            ("", Level::Unknown),
            ("日本語 ERROR です", Level::Error),
        ] {
            assert_eq!(of(line), level, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(line in ".{0,200}") {
            let _ = of(&line);
        }
    }
}
