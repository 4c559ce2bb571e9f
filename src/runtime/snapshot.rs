//! One frame without a terminal, through the same application and the same drawing.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::connection::Opener;
use super::machine::{Ask, Machine, Message};
use crate::core::app::{App, Setup};
use crate::core::clock::Time;
use crate::core::event::Event;
use crate::core::key::Key;
use crate::core::link::LinkEvent;
use crate::core::outcome::Outcome;
use crate::core::store::Sync;
use crate::core::text::Tone;
use crate::core::trouble::{Trouble, TroubleKind};

/// How long data is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why there is no frame.
#[derive(Debug)]
pub enum Refusal {
    /// What keeps the data from coming.
    Trouble(Trouble),
    /// What the application says of the line that it was to open.
    Said(String),
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// Runs konn until its first table is there, presses the keys, and answers the application as it is then. `at` stops
/// the clock. Fails with what keeps the data from coming.
pub async fn take(setup: Setup, opener: Opener, keys: Vec<Key>, at: Option<Time>) -> Result<App, Refusal> {
    let (machine, inbox, _) = Machine::start(setup, opener)?;
    let mut shot = Shot { machine, inbox, at };
    shot.settle().await?;
    if let Some((notice, _)) = shot
        .machine
        .app
        .notice
        .as_ref()
        .filter(|(notice, _)| notice.tone == Tone::Error)
    {
        return Err(Refusal::Said(notice.text.clone()));
    }
    for key in keys {
        let asks = shot.machine.event(Event::Key(key));
        shot.asked(asks);
        shot.settle().await?;
    }
    Ok(shot.machine.app)
}

struct Shot {
    machine: Machine,
    inbox: mpsc::Receiver<Message>,
    at: Option<Time>,
}

impl Shot {
    /// Takes messages in until everything that is shown has its data.
    async fn settle(&mut self) -> Result<(), Trouble> {
        let end = Instant::now() + PATIENCE;
        loop {
            self.tick();
            if let Some(trouble) = self.trouble() {
                return Err(trouble);
            }
            let app = &self.machine.app;
            if app.is_settled() && app.link.version.is_some() && !app.is_discovering() {
                return Ok(());
            }
            match timeout_at(end, self.inbox.recv()).await {
                Ok(Some(message)) => {
                    if let Message::Event(Event::Link(LinkEvent::Lost(trouble))) = &message {
                        return Err(trouble.clone());
                    }
                    let asks = self.machine.message(message);
                    self.asked(asks);
                }
                Ok(None) | Err(_) => return Err(Trouble::new(TroubleKind::Timeout, "trouble.snapshot")),
            }
        }
    }

    fn tick(&mut self) {
        let now = self.at.unwrap_or_else(jiff::Timestamp::now);
        let asks = self.machine.event(Event::Tick(now));
        self.asked(asks);
    }

    /// What keeps the first rows from coming.
    fn trouble(&self) -> Option<Trouble> {
        let app = &self.machine.app;
        let tables = app
            .screen()?
            .sections
            .iter()
            .filter_map(|section| section.table(&app.store));
        tables
            .filter(|table| table.has_failed())
            .find_map(|table| match table.sync() {
                Sync::Stale { why, .. } => Some(why.clone()),
                _ => None,
            })
    }

    /// There is no terminal: a copy goes nowhere, and says so as it would.
    fn asked(&mut self, asks: Vec<Ask>) {
        for ask in asks {
            match ask {
                Ask::Copy(task, _) => self.machine.event(Event::Done(task, Outcome::Copied)),
                Ask::Page(task, _) => self.machine.event(Event::Done(task, Outcome::Paged)),
                Ask::Mouse(_) | Ask::Redraw | Ask::Quit => Vec::new(),
            };
        }
    }
}
