//! The terminal in the hands of the person's editor: left cleanly, and taken again.

use std::io;

use tokio::sync::mpsc;

use super::Console;
use crate::core::effect::Document;
use crate::core::event::{Event, TaskId};
use crate::core::outcome::Outcome;
use crate::core::trouble::{Trouble, TroubleKind};
use crate::runtime::editor::{Draft, Editor};
use crate::runtime::machine::{Ask, Machine, Message};

/// How an editor ended.
enum Ended {
    /// By itself.
    Well(io::Result<std::process::ExitStatus>),
    /// konn was asked to leave.
    Leaving,
}

impl Console {
    /// Has a text edited. Answers whether to leave.
    pub(super) async fn edit(
        &mut self,
        task: TaskId,
        document: &Document,
        machine: &mut Machine,
        inbox: &mut mpsc::Receiver<Message>,
    ) -> io::Result<bool> {
        let unedited = Outcome::Unedited(document.text.clone());
        let Some(editor) = self.editor.clone() else {
            return self.told(task, unedited, machine);
        };
        let Ok(draft) = Draft::new(document) else {
            return self.told(task, unedited, machine);
        };
        let mut later = self.pause(machine, inbox).await;
        self.terminal.lend();
        let ended = match editor.start(draft.path()) {
            Ok(mut child) => loop {
                tokio::select! {
                    biased;
                    () = self.leave.asked_apart() => break Some(Ended::Leaving),
                    status = child.wait() => break Some(Ended::Well(status)),
                    Some(message) = inbox.recv() => later.extend(machine.message(message)),
                }
            },
            Err(_) => None,
        };
        let outcome = match &ended {
            None => unedited,
            Some(ended) => outcome(&editor, ended, &draft, document, machine),
        };
        let _ = draft.delete();
        if matches!(ended, Some(Ended::Leaving)) {
            return Ok(true);
        }
        let taken = self.terminal.retake(machine.app.mouse);
        self.keys.resume();
        taken?;
        Ok(self.asked(later, machine)? | self.told(task, outcome, machine)?)
    }

    fn told(&mut self, task: TaskId, outcome: Outcome, machine: &mut Machine) -> io::Result<bool> {
        let asks = machine.event(Event::Done(task, outcome));
        self.asked(asks, machine)
    }

    /// Waits until the thread that reads keys has stopped: the next key is the editor's. What comes meanwhile is taken in.
    async fn pause(&self, machine: &mut Machine, inbox: &mut mpsc::Receiver<Message>) -> Vec<Ask> {
        let mut later = Vec::new();
        let keys = self.keys.clone();
        let mut paused = tokio::task::spawn_blocking(move || keys.pause());
        loop {
            tokio::select! {
                biased;
                _ = &mut paused => return later,
                Some(message) = inbox.recv() => later.extend(machine.message(message)),
            }
        }
    }
}

/// What came of it. A text that the editor did not end well with is kept in a file.
fn outcome(editor: &Editor, ended: &Ended, draft: &Draft, document: &Document, machine: &Machine) -> Outcome {
    let text = match draft.read() {
        Ok(text) => text,
        Err(error) => {
            let trouble = Trouble::new(TroubleKind::Other, "trouble.editor").with("editor", editor.name());
            return Outcome::Failed(trouble.saying(error.to_string()));
        }
    };
    let status = match ended {
        Ended::Well(Ok(status)) if status.success() => return Outcome::Edited(text),
        Ended::Well(Ok(status)) => status.to_string(),
        Ended::Well(Err(error)) => error.to_string(),
        Ended::Leaving => String::new(),
    };
    let trouble = |id| {
        let trouble = Trouble::new(TroubleKind::Other, id).with("editor", editor.name());
        trouble.with("status", &status)
    };
    if text == document.text {
        return Outcome::Failed(trouble("trouble.editor"));
    }
    let kept = Document {
        name: document.name.clone(),
        text,
    };
    match machine.keep(&kept) {
        Outcome::Saved(path) => Outcome::Failed(trouble("trouble.editor_kept").with("path", path)),
        other => other,
    }
}
