//! Running a plugin: no input, captured output, a time limit.

use std::ffi::OsString;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

use super::{ExecCredential, ExecPlugin, PluginError, protocol};
use crate::core::redact;

/// The most bytes kept of what a plugin prints; the rest is read and dropped, so that it does not block.
const LONGEST: usize = 1 << 20;

/// How long the pipes are read after the plugin itself ended.
const LEFTOVER: Duration = Duration::from_secs(2);

impl ExecPlugin {
    /// Runs the plugin once. It is killed when `limit` is over, and when the future is dropped.
    ///
    /// # Errors
    /// It cannot be started, does not finish, fails, or prints no credentials.
    pub async fn run(&self, limit: Duration) -> Result<ExecCredential, PluginError> {
        let mut child = self.command().spawn().map_err(|error| self.not_started(&error))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (mut out, mut said) = (Vec::new(), Vec::new());
        let ended = tokio::time::timeout(limit, async {
            let pipes = async { tokio::join!(keep(stdout, &mut out), keep(stderr, &mut said)) };
            let mut pipes = std::pin::pin!(pipes);
            tokio::select! {
                _ = &mut pipes => child.wait().await,
                status = child.wait() => {
                    // What it left running in the background may hold the pipes open.
                    let _ = tokio::time::timeout(LEFTOVER, &mut pipes).await;
                    status
                }
            }
        })
        .await;
        match ended {
            Ok(Ok(status)) if status.success() => {
                protocol::parse(&out, &self.api_version).map_err(|why| PluginError::BadOutput {
                    command: self.shown(),
                    why,
                })
            }
            Ok(Ok(status)) => Err(self.failed(status, &said)),
            Ok(Err(error)) => Err(self.not_started(&error)),
            Err(_) => {
                // It may have ended by itself meanwhile; either way it is gone.
                let _ = child.start_kill();
                Err(PluginError::TimedOut {
                    command: self.shown(),
                    seconds: limit.as_secs(),
                    said: redact::tidy(&String::from_utf8_lossy(&said)),
                })
            }
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(program(&self.command));
        command
            .args(self.config.args.iter().flatten())
            .envs(self.vars())
            .env(
                "KUBERNETES_EXEC_INFO",
                protocol::input(&self.api_version, self.cluster.as_ref()),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // A group of its own: a plugin that opens the terminal by itself cannot take the keys meant for konn.
        #[cfg(unix)]
        command.process_group(0);
        #[cfg(windows)]
        {
            const CREATE_NO_WINDOW: u32 = 0x0800_0000;
            command.creation_flags(CREATE_NO_WINDOW);
        }
        command
    }

    fn not_started(&self, error: &std::io::Error) -> PluginError {
        let command = redact::tidy(&self.command);
        match error.kind() {
            std::io::ErrorKind::NotFound => PluginError::NotFound {
                command,
                hint: redact::tidy(self.config.install_hint.as_deref().unwrap_or_default()),
            },
            _ => PluginError::NotStarted {
                command,
                why: error.to_string(),
            },
        }
    }

    fn failed(&self, status: ExitStatus, said: &[u8]) -> PluginError {
        PluginError::Failed {
            command: self.shown(),
            status: status.to_string(),
            said: redact::tidy(&String::from_utf8_lossy(said)),
        }
    }
}

/// Reads `pipe` to its end and keeps the first mebibyte.
async fn keep(pipe: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut pipe) = pipe else { return };
    let mut chunk = [0; 4096];
    while let Ok(count @ 1..) = pipe.read(&mut chunk).await {
        let room = LONGEST.saturating_sub(kept.len());
        kept.extend_from_slice(chunk.get(..count.min(room)).unwrap_or_default());
    }
}

/// The program to start. On Windows a bare name is looked up with every extension of `PATHEXT`, as Go's `LookPath`
/// does: the system itself finds only `.exe`, but `aws` and `az` may be `.cmd` files.
fn program(command: &str) -> OsString {
    #[cfg(windows)]
    if let Some(found) = windows_program(command) {
        return found;
    }
    command.into()
}

#[cfg(windows)]
fn windows_program(command: &str) -> Option<OsString> {
    use std::path::{Path, PathBuf};
    let path = Path::new(command);
    if path.extension().is_some() {
        return None;
    }
    let extensions = std::env::var("PATHEXT").unwrap_or_else(|_| ".COM;.EXE;.BAT;.CMD".to_owned());
    let folders: Vec<PathBuf> = if path.components().count() > 1 {
        vec![PathBuf::new()]
    } else {
        std::env::split_paths(&std::env::var_os("PATH")?).collect()
    };
    folders.iter().find_map(|folder| {
        extensions
            .split(';')
            .filter(|one| !one.is_empty())
            .find_map(|extension| {
                let file = folder.join(format!("{command}{extension}"));
                file.is_file().then(|| file.into_os_string())
            })
    })
}
