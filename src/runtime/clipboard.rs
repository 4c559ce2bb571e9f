//! The clipboard: the system's where there is one, the terminal's (OSC 52) over SSH and where there is none.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;

use super::terminal::Terminal;
use crate::core::outcome::Outcome;
use crate::core::trouble::{Trouble, TroubleKind};

/// The most that terminals take by OSC 52, in bytes before encoding.
const MOST: usize = 74_994;

/// How long the system may take to accept a text; a display that hangs must not hang konn.
const PATIENCE: Duration = Duration::from_secs(2);

/// The system's clipboard, on a thread of its own: some systems serve what was copied only as long as its owner lives.
struct System {
    texts: Sender<(String, Sender<bool>)>,
}

/// Puts text on the clipboard.
pub struct Clipboard {
    system: Option<System>,
}

impl Clipboard {
    /// Nothing is opened before the first copy. `remote` says that the person sits elsewhere, over SSH.
    pub fn new(remote: bool) -> Self {
        let system = (!remote).then(|| {
            let (texts, inbox) = channel();
            std::thread::spawn(move || serve(inbox));
            System { texts }
        });
        Self { system }
    }

    /// Whether this process was started over SSH.
    pub fn is_remote() -> bool {
        ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"]
            .iter()
            .any(|name| std::env::var_os(name).is_some())
    }

    /// Copies, by the system or else by the terminal.
    pub fn copy(&self, text: String, terminal: &mut Terminal) -> Outcome {
        if self.by_system(&text) {
            return Outcome::Copied;
        }
        if text.len() > MOST {
            return Outcome::Failed(Trouble::new(TroubleKind::Other, "trouble.clipboard_large"));
        }
        match terminal.send(CopyToClipboard::to_clipboard_from(text)) {
            Ok(()) => Outcome::Copied,
            Err(error) => {
                Outcome::Failed(Trouble::new(TroubleKind::Other, "trouble.clipboard").saying(error.to_string()))
            }
        }
    }

    fn by_system(&self, text: &str) -> bool {
        let Some(system) = &self.system else { return false };
        let (answer, answered) = channel();
        system.texts.send((text.to_string(), answer)).is_ok() && answered.recv_timeout(PATIENCE).unwrap_or(false)
    }
}

fn serve(inbox: Receiver<(String, Sender<bool>)>) {
    let mut clipboard = None;
    for (text, answer) in inbox {
        if clipboard.is_none() {
            clipboard = arboard::Clipboard::new().ok();
        }
        let copied = clipboard
            .as_mut()
            .is_some_and(|clipboard| clipboard.set_text(text).is_ok());
        let _ = answer.send(copied);
    }
}
