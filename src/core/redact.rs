//! Text from elsewhere on its way to a message or a log: without control characters, bounded, without secrets.

use std::sync::LazyLock;

use regex::Regex;

use crate::core::text::clean;

/// The most characters of a plugin's, a proxy's or the system's text that a message carries.
const LONGEST: usize = 600;

/// The most characters of the server's text that a message carries.
const LONGEST_ANSWER: usize = 4000;

/// `text` in one line without control characters, escape sequences or secrets, and at most 600 characters.
pub fn tidy(text: &str) -> String {
    let plain = without_escapes(text);
    one_line(&hide_secrets(plain.trim()), LONGEST)
}

/// What the server said: in one line without control characters and escape sequences, at most 4000 characters, and
/// otherwise as it is.
pub fn answer(text: &str) -> String {
    one_line(without_escapes(text).trim(), LONGEST_ANSWER)
}

fn one_line(text: &str, longest: usize) -> String {
    let line = clean(text);
    match line.char_indices().nth(longest) {
        Some((cut, _)) => format!("{}…", line.get(..cut).unwrap_or_default()),
        None => line.into_owned(),
    }
}

/// `text` without ANSI escape sequences (CSI, OSC and two-character ones), so that `\e[31mno` reads `no` and not
/// `[31mno`.
fn without_escapes(text: &str) -> String {
    static ESCAPES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new("(?:\u{1b}\\[|\u{9b})[0-?]*[ -/]*[@-~]|(?:\u{1b}\\]|\u{9d})[^\u{7}\u{1b}\u{9c}]*(?:\u{7}|\u{1b}\\\\|\u{9c})?|\u{1b}[ -/]*[0-~]").ok()
    });
    match ESCAPES.as_ref() {
        Some(escapes) => escapes.replace_all(text, "").into_owned(),
        None => text.to_owned(),
    }
}

/// `text` with everything that looks like a token, a password or a private key replaced by `…`.
pub fn hide_secrets(text: &str) -> String {
    static SECRETS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [
            r"(?s)()-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
            r"()\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*",
            r"()\bk8s-aws-v1\.[A-Za-z0-9_-]+",
            r"(?i)(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{6,}",
            r#"(?i)([a-z0-9_-]*(?:token|password|passwd|secret|api[_-]?key|key-?data)["']?\s*[:=]\s*["']?)[^\s"',;&}]+"#,
            r"(?i)(://)[^/\s@]+@",
        ]
        .iter()
        .filter_map(|pattern| Regex::new(pattern).ok())
        .collect()
    });
    let mut out = text.to_owned();
    for secret in SECRETS.iter() {
        let kept = if secret.as_str().contains("://") {
            "${1}…@"
        } else {
            "${1}…"
        };
        out = secret.replace_all(&out, kept).into_owned();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_the_rest_stays() {
        for (text, want) in [
            ("exit status 1", "exit status 1"),
            ("Authorization: Bearer abcdef123456", "Authorization: Bearer …"),
            ("got eyJhbGciOiJSUzI1NiJ9.eyJzdWIi.c2ln now", "got … now"),
            ("k8s-aws-v1.aHR0cHM6Ly9z expired", "… expired"),
            ("--oidc-client-secret=hunter2 --x=1", "--oidc-client-secret=… --x=1"),
            (r#"{"token": "hunter2", "a": 1}"#, r#"{"token": "…", "a": 1}"#),
            ("password: hunter2", "password: …"),
            ("http://me:hunter2@proxy:3128/", "http://…@proxy:3128/"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- x",
                "… x",
            ),
            ("the token has expired", "the token has expired"),
        ] {
            assert_eq!(hide_secrets(text), want);
        }
    }

    #[test]
    fn tidy_leaves_one_bounded_harmless_line() {
        assert_eq!(tidy("\u{1b}[31mno\u{1b}[0m\u{1b}]0;title\u{7} way\r\n"), "no way");
        assert_eq!(tidy("a\nb"), "a⏎b");
        assert_eq!(answer("\u{1b}[31mno secret: db\u{1b}[0m\n"), "no secret: db");
        let long = "日".repeat(LONGEST + 1);
        let short = tidy(&long);
        assert_eq!(short.chars().count(), LONGEST + 1);
        assert!(short.ends_with('…'));
    }
}
