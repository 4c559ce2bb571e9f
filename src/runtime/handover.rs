//! Lending the terminal to another program: nobody else reads its keys or draws on it meanwhile.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use super::input::Keys;
use super::terminal::Terminal;
use crate::core::outcome::Outcome;
use crate::core::trouble::{Trouble, TroubleKind};

/// Shows a text in the person's pager. Fails where the terminal cannot be taken back.
pub fn page(text: &[u8], terminal: &mut Terminal, keys: &Keys, mouse: bool) -> io::Result<Outcome> {
    let name = pager(|name| std::env::var(name).ok());
    keys.pause();
    terminal.lend();
    let shown = show(&name, text);
    let taken = terminal.retake(mouse);
    keys.resume();
    taken?;
    Ok(match shown {
        Ok(()) => Outcome::Paged,
        Err(error) => {
            let trouble = Trouble::new(TroubleKind::Other, "trouble.pager").with("command", name);
            Outcome::Failed(trouble.saying(error.to_string()))
        }
    })
}

/// The command line of the pager.
fn pager(variable: impl Fn(&str) -> Option<String>) -> String {
    let own = variable("PAGER").filter(|pager| !pager.trim().is_empty());
    own.unwrap_or_else(|| if cfg!(windows) { "more" } else { "less" }.to_string())
}

/// Runs the pager until it ends.
fn show(pager: &str, text: &[u8]) -> io::Result<()> {
    let mut words = pager.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Colours are colours; nothing else that steers a terminal is in the text.
        command.env("LESS", "-R");
    }
    let mut child = command.spawn()?;
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // A pager that is left before the end takes no more: that is no fault.
            stdin.map(|mut stdin| stdin.write_all(text))
        });
        child.wait().map(|_| ())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_persons_own_pager_comes_first() {
        assert_eq!(
            pager(|name| (name == "PAGER").then(|| "most -s".to_string())),
            "most -s"
        );
        assert_eq!(
            pager(|_| Some(" ".to_string())),
            if cfg!(windows) { "more" } else { "less" }
        );
    }
}
