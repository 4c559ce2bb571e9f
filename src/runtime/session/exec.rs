//! A program in a container: what is typed goes in, what it writes comes out, until it ends.

use bytes::{Bytes, BytesMut};

use super::channels::{Channels, Ended, Got};
use super::{Closed, Line};
use crate::core::event::Size;
use crate::core::resource::segment;
use crate::core::session::{Chunk, ExecSession, Feed, Program};
use crate::core::trouble::Trouble;

/// How much goes to the application at once, in bytes.
const BATCH: usize = 64 << 10;

/// What a runtime says of a program that the image lacks.
const LACKING: [&str; 3] = [
    "executable file not found",
    "no such file or directory",
    "cannot find the file",
];

/// Runs the program until it ends or nobody wants it any more.
pub(super) async fn run(spec: ExecSession, mut line: Line) {
    let paths = paths(&spec);
    for (at, path) in paths.iter().enumerate() {
        let ended = match Channels::open(&line.connected, path).await {
            Ok(channels) => carry(channels, &spec, &mut line).await,
            Err(trouble) => Ok(Ended::Failed(trouble)),
        };
        let chunk = match ended {
            // Nobody takes it any more: there is nobody to tell.
            Err(Closed) => return,
            Ok(Ended::Failed(trouble)) if at + 1 < paths.len() && is_lacking(&trouble) => continue,
            Ok(Ended::Failed(trouble)) => Chunk::Ended(Some(trouble)),
            // The kubelet tells that the stream ended well, and nothing of the process.
            Ok(Ended::Code(0)) if spec.program == Program::Main => Chunk::Ended(None),
            Ok(Ended::Code(code)) => Chunk::Exited(code),
        };
        let _ = line.send(chunk).await;
        return;
    }
}

/// Whether the image does not have the program.
fn is_lacking(trouble: &Trouble) -> bool {
    let said = trouble.said.as_deref().unwrap_or_default();
    LACKING.iter().any(|lacking| said.contains(lacking))
}

/// What to ask for, one path for each command that may be tried.
pub(super) fn paths(spec: &ExecSession) -> Vec<String> {
    let [namespace, pod, container] = [&spec.namespace, &spec.pod, &spec.container].map(|text| segment(text));
    let of = |verb: &str| {
        let mut path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/{verb}?container={container}&stdout=true");
        for (asked, name) in [(spec.stdin, "stdin"), (!spec.tty, "stderr"), (spec.tty, "tty")] {
            if asked {
                path.push_str(&format!("&{name}=true"));
            }
        }
        path
    };
    match &spec.program {
        Program::Main => vec![of("attach")],
        Program::Run(commands) => {
            let words = |command: &Vec<String>| -> String {
                command
                    .iter()
                    .map(|word| format!("&command={}", segment(word)))
                    .collect()
            };
            commands.iter().map(|command| of("exec") + &words(command)).collect()
        }
    }
}

/// Carries both ways until the program ends.
async fn carry(mut channels: Channels, spec: &ExecSession, line: &mut Line) -> Result<Ended, Closed> {
    for size in sizes(spec) {
        if channels.resize(size).await.is_err() {
            return rest(&mut channels, line).await;
        }
    }
    line.send(Chunk::Open).await?;
    loop {
        let done = tokio::select! {
            got = channels.next() => hand_over(&mut channels, got, line).await?,
            feed = line.fed.recv() => {
                let sent = match feed {
                    None => return Err(Closed),
                    Some(Feed::Data(bytes)) => channels.input(bytes).await,
                    Some(Feed::Resize(size)) => channels.resize(size).await,
                    Some(Feed::Last) => channels.end_input().await,
                    Some(Feed::Again) => Ok(()),
                };
                match sent {
                    Ok(()) => None,
                    // What it wrote before the end is still to be read.
                    Err(()) => Some(rest(&mut channels, line).await?),
                }
            }
        };
        if let Some(ended) = done {
            return Ok(ended);
        }
    }
}

/// The sizes that the terminal is told first. A program that runs already is told another one before, as kubectl does: it
/// draws anew when its size has changed.
fn sizes(spec: &ExecSession) -> Vec<Size> {
    let Size { width, height } = spec.size;
    let other = Size {
        width: width.saturating_add(1),
        height: height.saturating_add(1),
    };
    match (spec.tty, &spec.program) {
        (false, _) => Vec::new(),
        (true, Program::Run(_)) => vec![spec.size],
        (true, Program::Main) => vec![other, spec.size],
    }
}

/// Reads to the end.
async fn rest(channels: &mut Channels, line: &Line) -> Result<Ended, Closed> {
    loop {
        let got = channels.next().await;
        if let Some(ended) = hand_over(channels, got, line).await? {
            return Ok(ended);
        }
    }
}

/// Hands over what came, and what came behind it already. Answers the end, where that came.
async fn hand_over(channels: &mut Channels, first: Got, line: &Line) -> Result<Option<Ended>, Closed> {
    let mut next = Some(first);
    let mut out = BytesMut::new();
    let mut ended = None;
    while let Some(got) = next.take() {
        match got {
            Got::Out(bytes) | Got::Err(bytes) if out.is_empty() && bytes.len() >= BATCH => {
                line.send(Chunk::Out(bytes)).await?;
            }
            Got::Out(bytes) | Got::Err(bytes) => out.extend_from_slice(&bytes),
            Got::Ended(how) => {
                ended = Some(how);
                break;
            }
        }
        if out.len() < BATCH {
            next = channels.waiting();
        }
    }
    if !out.is_empty() {
        line.send(Chunk::Out(Bytes::from(out))).await?;
    }
    Ok(ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_ask_for_streams_and_commands() {
        let mut spec = ExecSession {
            namespace: "shop".into(),
            pod: "web-0".into(),
            container: "app".into(),
            program: Program::Run(vec![
                vec!["bash".into()],
                vec!["sh".into(), "-c".into(), "a b&c".into()],
            ]),
            stdin: true,
            tty: true,
            size: Size { width: 80, height: 24 },
        };
        let exec = "/api/v1/namespaces/shop/pods/web-0/exec?container=app&stdout=true&stdin=true&tty=true";
        assert_eq!(
            paths(&spec),
            [
                format!("{exec}&command=bash"),
                format!("{exec}&command=sh&command=-c&command=a%20b%26c")
            ]
        );
        (spec.program, spec.stdin, spec.tty) = (Program::Main, false, false);
        assert_eq!(
            paths(&spec),
            ["/api/v1/namespaces/shop/pods/web-0/attach?container=app&stdout=true&stderr=true"]
        );
    }
}
