//! What the command line says about the connection, as kubectl's global flags mean it.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// The connection flags, named as kubectl names them. An absent one leaves the kubeconfig's value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientOptions {
    /// `--kubeconfig`: the only file to read; it must exist.
    pub kubeconfig: Option<PathBuf>,
    /// `--context`: the context instead of `current-context`.
    pub context: Option<String>,
    /// `--cluster`: the cluster instead of the context's.
    pub cluster: Option<String>,
    /// `--user`: the user instead of the context's.
    pub user: Option<String>,
    /// `-n`, `--namespace`: the namespace instead of the context's.
    pub namespace: Option<String>,
    /// `--as`: the user to impersonate.
    pub impersonate: Option<String>,
    /// `--as-group`, once for each: the groups to impersonate.
    pub impersonate_groups: Vec<String>,
    /// `--request-timeout`: how long one call that is not a stream may take.
    pub request_timeout: RequestTimeout,
    /// `--insecure-skip-tls-verify`: do not check the server's certificate.
    pub insecure_skip_tls_verify: bool,
}

/// How long one call that is not a stream may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestTimeout {
    /// Nothing was said: 30 s until the answer begins, and never 30 s without a byte of it.
    #[default]
    Patient,
    /// `0`: no limit.
    Off,
    /// The whole call, its body included.
    After(Duration),
}

/// A `--request-timeout` that is neither a number of seconds nor a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time limit: write seconds or a number with a unit, such as 30, 5s, 2m or 1h30m")]
pub struct BadTimeout(pub String);

impl FromStr for RequestTimeout {
    type Err = BadTimeout;

    /// As `ParseTimeout` in client-go's clientcmd: an integer is seconds, anything else a Go duration. A negative
    /// limit is refused.
    fn from_str(text: &str) -> Result<Self, BadTimeout> {
        let bad = || BadTimeout(text.to_owned());
        let span = match text.parse::<u64>() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => go_duration(text).ok_or_else(bad)?,
        };
        Ok(if span.is_zero() { Self::Off } else { Self::After(span) })
    }
}

/// A duration as Go's `time.ParseDuration` reads it: `1h30m`, `1.5s`, `300ms`. `None` for anything else, a negative
/// one and one that does not fit included.
fn go_duration(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest.is_empty() {
        return None;
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|ch: char| !ch.is_ascii_digit() && ch != '.')?;
        let (number, tail) = rest.split_at_checked(digits)?;
        let unit_len = tail
            .find(|ch: char| ch.is_ascii_digit() || ch == '.')
            .unwrap_or(tail.len());
        let (unit, next) = tail.split_at_checked(unit_len)?;
        seconds += number.parse::<f64>().ok()? * unit_seconds(unit)?;
        rest = next;
    }
    Duration::try_from_secs_f64(seconds).ok()
}

fn unit_seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "ns" => 1e-9,
        "us" | "µs" | "μs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_read_as_kubectl_reads_them() {
        for (text, want) in [
            ("0", RequestTimeout::Off),
            ("0s", RequestTimeout::Off),
            ("5", RequestTimeout::After(Duration::from_secs(5))),
            ("5s", RequestTimeout::After(Duration::from_secs(5))),
            ("1m", RequestTimeout::After(Duration::from_secs(60))),
            ("1h30m", RequestTimeout::After(Duration::from_secs(5400))),
            ("1.5s", RequestTimeout::After(Duration::from_millis(1500))),
            ("300ms", RequestTimeout::After(Duration::from_millis(300))),
        ] {
            assert_eq!(text.parse(), Ok(want), "{text}");
        }
        for text in [
            "",
            "-1",
            "-5s",
            "5x",
            "s",
            "5 s",
            "1m5",
            ".",
            "99999999999999999999h",
            "五",
        ] {
            assert_eq!(
                text.parse::<RequestTimeout>(),
                Err(BadTimeout(text.to_owned())),
                "{text}"
            );
        }
    }
}
