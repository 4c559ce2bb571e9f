//! `konn mock`: a mock cluster that serves until it is stopped.

use std::path::PathBuf;
use std::time::Duration;

use super::demo::Load;
use super::faults::{Fault, Harm};
use super::running::{Mock, MockError, Running};

/// What `konn mock` shall serve.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where to listen, `127.0.0.1:PORT`; port 0 takes any free one.
    pub listen: String,
    /// Where to write the kubeconfig, if anywhere.
    pub kubeconfig: Option<PathBuf>,
    /// Whether the demo cluster is there and lives.
    pub demo: bool,
    /// Generated load besides.
    pub load: Load,
    /// Changes of the load's pods each second.
    pub churn: f64,
    /// What goes wrong on purpose.
    pub faults: Vec<Fault>,
}

/// Starts a cluster as asked and writes its kubeconfig.
///
/// # Errors
/// [`MockError`]: the address cannot be listened on, or the kubeconfig cannot be written.
pub async fn start(options: &Options) -> Result<Running, MockError> {
    let builder = Mock::builder()
        .demo(options.demo)
        .load(options.load)
        .churn(options.churn);
    let running = builder.start(&options.listen).await?;
    options
        .faults
        .iter()
        .for_each(|fault| running.api.faults.set(fault.clone()));
    if let Some(path) = &options.kubeconfig {
        let failed = |source| MockError::Kubeconfig {
            path: path.display().to_string(),
            source,
        };
        tokio::fs::write(path, running.kubeconfig()).await.map_err(failed)?;
    }
    Ok(running)
}

/// Reads a fault of the command line: `HARM[=VALUE][,verb=VERB][,path=PART][,times=N][,skip=N]`.
///
/// Harms: `latency=500ms`, `429=1`, `500`, `503`, `401`, `410`, `gone` (410 in a watch), `cut=BYTES`, `hang`, `slow=BYTES`, `malformed`.
///
/// # Errors
/// A sentence that says which part cannot be read.
pub fn parse_fault(spec: &str) -> Result<Fault, String> {
    let mut parts = spec.split(',').map(str::trim);
    let first = parts.next().unwrap_or_default();
    let (name, value) = first.split_once('=').unwrap_or((first, ""));
    let number = |what: &str, text: &str| {
        text.parse::<usize>()
            .map_err(|_| format!("{what} of the fault {spec:?} is not a number: {text:?}"))
    };
    let harm = match name {
        "latency" => Harm::Latency(
            duration(value).ok_or_else(|| format!("the fault {spec:?} needs a time such as latency=500ms"))?,
        ),
        "429" => Harm::TooManyRequests(value.parse().unwrap_or(1)),
        "500" => Harm::InternalError,
        "503" => Harm::Unavailable,
        "401" => Harm::Unauthorized,
        "404" => Harm::NotFound,
        "410" => Harm::Gone,
        "gone" => Harm::GoneInWatch,
        "cut" => Harm::Cut(number("the count of bytes", value)?),
        "slow" => Harm::Slow(number("the count of bytes", value)?),
        "hang" => Harm::Hang,
        "malformed" => Harm::Malformed,
        other => {
            return Err(format!(
                "there is no fault {other:?}; try latency, 429, 500, 503, 401, 410, gone, cut, slow, hang or malformed"
            ));
        }
    };
    let mut fault = Fault::new("", "", harm);
    for part in parts {
        match part.split_once('=') {
            Some(("verb", verb)) => verb.clone_into(&mut fault.verb),
            Some(("path", path)) => path.clone_into(&mut fault.path),
            Some(("times", times)) => fault.count = Some(number("times", times)?),
            Some(("skip", skip)) => fault.skip = number("skip", skip)?,
            _ => {
                return Err(format!(
                    "the fault {spec:?} has an unknown part {part:?}; try verb=, path=, times= or skip="
                ));
            }
        }
    }
    Ok(fault)
}

fn duration(text: &str) -> Option<Duration> {
    if let Some(millis) = text.strip_suffix("ms") {
        return millis.parse().ok().map(Duration::from_millis);
    }
    text.trim_end_matches('s').parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_from_the_command_line() {
        let fault = parse_fault("cut=2000,verb=list,path=/pods,times=2,skip=1").unwrap();
        assert_eq!(
            (fault.harm, fault.verb.as_str(), fault.count, fault.skip),
            (Harm::Cut(2000), "list", Some(2), 1)
        );
        assert_eq!(
            parse_fault("latency=250ms").unwrap().harm,
            Harm::Latency(Duration::from_millis(250))
        );
        for wrong in ["", "latency", "cut=x", "500,verbs=list", "explode"] {
            assert!(parse_fault(wrong).is_err(), "{wrong}");
        }
    }
}
