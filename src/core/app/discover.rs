//! What the cluster serves: asking for it, and what waits for the answer.

use super::App;
use crate::core::discovery::{Discovery, Served};
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::jump::Jump;
use crate::core::notice::Notice;
use crate::core::store::Delta;
use crate::core::trouble::Trouble;
use crate::core::watch::Source;

/// How long the palette relies on what the server said that it serves, in seconds.
const OLD_SECONDS: i64 = 60;

/// A name that konn does not know, until the server has been asked.
pub(super) enum Sought {
    /// A line that was typed, and the word in it.
    Line(String, String),
    /// A jump.
    Jump(Jump),
}

impl Sought {
    fn word(&self) -> &str {
        match self {
            Self::Line(_, word) => word,
            Self::Jump(jump) => &jump.view,
        }
    }
}

impl App {
    /// Asks the server what it serves; while it is being asked, once more afterwards.
    pub(super) fn discover(&mut self) {
        if self.discovering {
            self.discover_again = true;
            return;
        }
        self.discovering = true;
        self.effects.push(Effect::Discover);
    }

    /// The server answers: it is asked what it serves where that could not be asked before.
    pub(super) fn discover_if_missing(&mut self) {
        if !self.discovering && !self.catalog.is_discovered() {
            self.discover();
        }
    }

    /// Asks anew where the last answer is old: somebody wants to see all that there is.
    pub(super) fn discover_if_old(&mut self) {
        let now = self.clock.now.as_second();
        if self.discovered_at.is_some_and(|at| now - at.as_second() >= OLD_SECONDS) {
            self.discover();
        }
    }

    /// A name is unknown: the server is asked before konn says so, for it may be new.
    pub(super) fn look_for(&mut self, sought: Sought) {
        let text = self.lang.f("notice.looking", &[("word", sought.word())]);
        self.sought = Some(sought);
        if !self.discovering {
            self.discover();
        }
        self.say(Notice::good(text));
    }

    /// The server told what it serves.
    pub(super) fn discovered(&mut self, discovery: Discovery) {
        self.discovering = false;
        self.discovered_at = Some(self.clock.now);
        let nobody_answers = discovery.is_failure() && discovery.failed.iter().all(|(_, why)| why.kind.is_connection());
        let failed = self.catalog.discover(discovery);
        self.tell(&failed);
        self.fill_resources();
        // What nobody could be asked for is asked for again once somebody answers.
        if let Some(sought) = self.sought.take_if(|_| !nobody_answers) {
            self.found(sought);
        }
        if std::mem::take(&mut self.discover_again) {
            self.discover();
        }
        self.refresh();
    }

    /// Says what could not be asked. That nobody answers at all is the connection's to say.
    fn tell(&mut self, failed: &[(String, Trouble)]) {
        let failed: Vec<_> = failed.iter().filter(|(_, why)| !why.kind.is_connection()).collect();
        let Some((_, why)) = failed.first() else { return };
        let names: Vec<&str> = failed.iter().map(|(name, _)| name.as_str()).collect();
        let why = self.lang.what(why);
        let text = self
            .lang
            .f("notice.undiscovered", &[("groups", &names.join(", ")), ("why", &why)]);
        self.say(Notice::warn(text));
    }

    fn found(&mut self, sought: Sought) {
        let word = sought.word();
        if self.catalog.views_named(word).is_empty() {
            if let Sought::Jump(Jump {
                described: Some(reference),
                ..
            }) = &sought
            {
                let described = (self.registry.makers.describe)(reference, &self.catalog);
                self.notice = None;
                return self.push(described);
            }
            let id = if self.catalog.is_unlistable(word) {
                "unlistable"
            } else {
                "unknown_view"
            };
            let text = self.lang.f(&format!("line.{id}"), &[("word", word)]);
            if self.screens.is_empty() {
                self.line("pods");
            }
            return self.say(Notice::error(text));
        }
        self.notice = None;
        match sought {
            Sought::Line(line, _) => self.line(&line),
            Sought::Jump(jump) => self.go(jump),
        }
    }

    /// Puts what is served into the tables that show it: no watch brings these rows.
    pub(super) fn fill_resources(&mut self) {
        let sections = self.screens.iter().flat_map(|screen| &screen.sections);
        let own = sections.filter(|section| section.spec.source == Source::Resources);
        let watches: Vec<WatchId> = own.filter_map(|section| section.watch).collect();
        let deltas = if self.catalog.is_discovered() {
            let rows = self
                .catalog
                .preferred()
                .map(|resource| Delta::Apply(Served::row(resource)));
            std::iter::once(Delta::Listing(None))
                .chain(rows)
                .chain([Delta::Listed(None)])
                .collect()
        } else {
            let failed = self.catalog.failed().first();
            failed
                .map(|(_, why)| Delta::Stale(None, why.clone()))
                .into_iter()
                .collect::<Vec<_>>()
        };
        for id in watches.into_iter().filter(|_| !deltas.is_empty()) {
            self.watched(id, deltas.clone());
        }
    }
}
