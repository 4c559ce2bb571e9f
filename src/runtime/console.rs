//! The loop of a person at a terminal: take in all that has come, draw the last state, wait.

mod edit;
mod lend;

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::browser;
use super::clipboard::Clipboard;
use super::connection::Opener;
use super::editor::Editor;
use super::handover;
use super::input::{self, Keys};
use super::leave::Leave;
use super::machine::{Ask, Machine, Message};
use super::terminal::Terminal;
use crate::core::app::Setup;
use crate::core::effect::Document;
use crate::core::event::{Event, TaskId};
use crate::core::outcome::Outcome;
use crate::core::trouble::{Trouble, TroubleKind};
use crate::ui::Theme;

/// The shortest time between two frames.
const FRAME: Duration = Duration::from_millis(16);

/// How long messages are taken in before a frame is drawn in between.
const BUDGET: Duration = Duration::from_millis(12);

/// Runs konn at the terminal until the person leaves. Fails with what keeps it from starting.
pub async fn run(mut setup: Setup, opener: Opener, theme: Theme, editor: Option<String>) -> Result<(), Trouble> {
    let failed = |error: io::Error| Trouble::new(TroubleKind::Other, "trouble.terminal").saying(error.to_string());
    setup.size = Terminal::size().map_err(failed)?;
    // Before the terminal is taken: no signal may end konn while it is.
    let leave = Leave::listen().map_err(failed)?;
    let mouse = setup.mouse;
    let editor = Editor::of(editor.as_deref(), &opener.environment);
    let (mut machine, mut inbox, asks) = Machine::start(setup, opener)?;
    let mut console = Console {
        terminal: Terminal::take(mouse).map_err(failed)?,
        clipboard: Clipboard::new(Clipboard::is_remote()),
        theme,
        keys: input::read(machine.sender()),
        leave,
        editor,
        edits: VecDeque::new(),
        lent: None,
    };
    console.asked(asks, &mut machine).map_err(failed)?;
    let asks = machine.clean_up();
    console.asked(asks, &mut machine).map_err(failed)?;
    console.turn(&mut machine, &mut inbox).await.map_err(failed)
}

struct Console {
    terminal: Terminal,
    clipboard: Clipboard,
    theme: Theme,
    keys: Keys,
    leave: Leave,
    editor: Option<Editor>,
    edits: VecDeque<(TaskId, Document)>,
    lent: Option<lend::Lent>,
}

impl Console {
    async fn turn(&mut self, machine: &mut Machine, inbox: &mut mpsc::Receiver<Message>) -> io::Result<()> {
        let mut seconds = interval(Duration::from_secs(1));
        seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut drawn = Instant::now() - FRAME;
        let mut dirty = true;
        loop {
            if let Some((task, document)) = self.edits.pop_front() {
                if self.edit(task, &document, machine, inbox).await? {
                    return Ok(());
                }
                dirty = true;
            }
            dirty |= machine.app.take_dirty();
            dirty |= self.lend(machine)?;
            tokio::select! {
                biased;
                () = self.leave.asked() => return Ok(()),
                () = sleep_until(drawn + FRAME), if dirty && self.lent.is_none() => {
                    self.fit(machine)?;
                    self.terminal.draw(&machine.app, &self.theme)?;
                    (drawn, dirty) = (Instant::now(), false);
                }
                message = inbox.recv() => {
                    let Some(message) = message else { return Ok(()) };
                    if self.take_in(message, machine, inbox)? {
                        return Ok(());
                    }
                }
                _ = seconds.tick() => {
                    self.fit(machine)?;
                    let asks = machine.event(Event::Tick(jiff::Timestamp::now()));
                    self.asked(asks, machine)?;
                }
            }
        }
    }

    /// Asks for the size where it may have changed unheard: of several changes at once, not every one is told.
    fn fit(&mut self, machine: &mut Machine) -> io::Result<()> {
        let size = Terminal::size()?;
        if size != machine.app.size {
            self.terminal.clear();
            let asks = machine.event(Event::Resize(size));
            self.asked(asks, machine)?;
        }
        Ok(())
    }

    /// Takes a message in and all that wait behind it. Answers whether to leave.
    fn take_in(
        &mut self,
        message: Message,
        machine: &mut Machine,
        inbox: &mut mpsc::Receiver<Message>,
    ) -> io::Result<bool> {
        let begun = Instant::now();
        let mut next = Some(message);
        while let Some(message) = next {
            if let Message::Event(Event::Resize(_)) = &message {
                // Smaller and as large again in one go: the size is as before, but the terminal has dropped what did
                // not fit in between.
                self.terminal.clear();
            }
            self.pass(&message)?;
            let asks = machine.message(message);
            self.lend(machine)?;
            if self.asked(asks, machine)? {
                return Ok(true);
            }
            next = if begun.elapsed() < BUDGET {
                inbox.try_recv().ok()
            } else {
                None
            };
        }
        Ok(false)
    }

    /// Does what only a terminal can do. Answers whether to leave.
    fn asked(&mut self, asks: Vec<Ask>, machine: &mut Machine) -> io::Result<bool> {
        for ask in asks {
            match ask {
                Ask::Quit => return Ok(true),
                Ask::Mouse(taken) => self.terminal.mouse(taken)?,
                Ask::Redraw => self.terminal.clear(),
                Ask::Edit(task, document) => self.edits.push_back((task, document)),
                Ask::Page(task, text) => {
                    let outcome = handover::page(&text, &mut self.terminal, &self.keys, machine.app.mouse)?;
                    self.leave.forget_interrupts();
                    machine.event(Event::Done(task, outcome));
                }
                Ask::Browse(task, url) => {
                    let outcome = match browser::show(&url) {
                        Some(outcome) => outcome,
                        None => match self.clipboard.copy(url, &mut self.terminal) {
                            Outcome::Copied => Outcome::Browsed { shown: false },
                            failed => failed,
                        },
                    };
                    machine.event(Event::Done(task, outcome));
                }
                Ask::Copy(task, text) => {
                    let outcome = self.clipboard.copy(text, &mut self.terminal);
                    machine.event(Event::Done(task, outcome));
                }
            }
        }
        Ok(false)
    }
}
