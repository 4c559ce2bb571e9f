//! Forwards: they live beside tables and layers, say what happens to them, and are asked about before they end.

use super::App;
use crate::core::effect::Effect;
use crate::core::forward::{Forward, ForwardNews, State};
use crate::core::layer::{Acts, Leaving};
use crate::core::notice::Notice;
use crate::core::session::{Chunk, Session, SessionId};
use crate::core::text::clean;

impl App {
    /// A forward is opened or closed: the list knows.
    pub(super) fn note_forward(&mut self, effect: &Effect) {
        match effect {
            Effect::Open(id, Session::Forward(forward)) => {
                self.forwards.begin(*id, (**forward).clone(), self.clock.now);
            }
            Effect::Close(id) => self.forwards.end(*id),
            _ => {}
        }
    }

    /// A session brought something. Answers whether it was a forward's.
    pub(super) fn forwarded(&mut self, session: SessionId, chunk: &Chunk) -> bool {
        let Some(before) = self.forwards.take(session, chunk) else {
            return false;
        };
        self.dirty = true;
        let notice = self
            .forwards
            .find(session)
            .and_then(|now| self.told(&before, now, chunk));
        if let Some(notice) = notice {
            self.say(notice);
        }
        true
    }

    fn told(&self, before: &Forward, now: &Forward, chunk: &Chunk) -> Option<Notice> {
        let pod = now.pod.as_ref().map_or("", |(pod, _)| pod.as_str());
        let (local, target) = (now.local(), now.spec.target());
        let wanted = now.spec.local.to_string();
        let texts = [
            ("local", &*local),
            ("target", &*target),
            ("pod", pod),
            ("wanted", &*wanted),
        ];
        let args = texts.map(|(name, text)| (name, clean(text).into_owned()));
        let args = args.each_ref().map(|(name, text)| (*name, text.as_str()));
        let other = now.spec.local != 0 && now.bound.is_some_and(|bound| bound != now.spec.local);
        match chunk {
            Chunk::Forward(ForwardNews::Pod(..)) if before.state == State::Starting && other => {
                Some(Notice::warn(self.lang.f("notice.forward_other", &args)))
            }
            Chunk::Forward(ForwardNews::Pod(..)) if before.state == State::Starting => {
                Some(Notice::good(self.lang.f("notice.forward_live", &args)))
            }
            Chunk::Forward(ForwardNews::Pod(..)) => Some(Notice::good(self.lang.f("notice.forward_moved", &args))),
            Chunk::Forward(ForwardNews::Lost(_)) if before.state == State::Live => {
                Some(Notice::warn(self.lang.f("notice.forward_lost", &args)))
            }
            Chunk::Forward(ForwardNews::Refused(why)) => Some(Notice::error(self.trouble(why))),
            Chunk::Ended(Some(why)) => Some(Notice::error(self.trouble(why))),
            _ => None,
        }
    }

    /// Leaves, or asks first where forwards or shells would end with it.
    pub(super) fn leave(&mut self, to: Leaving) {
        if self.keeps_text() {
            return;
        }
        let shells = self.running();
        if shells > 0 || self.forwards.open().next().is_some() {
            let question = (self.registry.makers.leaving)(to, shells);
            return self.push(question);
        }
        self.depart(to);
    }

    /// Starts a forward that the configuration keeps, by its name; shows all where none is named.
    pub(super) fn forwards_line(&mut self, name: &str) {
        if name.is_empty() {
            let list = (self.registry.makers.forwards)();
            return self.push(list);
        }
        if let Some(reason) = self.held_back(Acts::Somewhere) {
            let text = self.lang.t(&format!("reason.{reason}"));
            return self.say(Notice::warn(text));
        }
        let context = self.link.identity.context.clone();
        let kept = self
            .kept
            .iter()
            .find(|kept| kept.name == name && kept.is_of(&context))
            .cloned();
        let Some(kept) = kept else {
            let text = self.lang.f("notice.forward_unknown", &[("name", name)]);
            return self.say(Notice::warn(text));
        };
        let own = self.link.identity.namespace.as_deref().unwrap_or("default");
        match kept.sessions(own, self.registry) {
            Ok(sessions) => {
                let effects = sessions
                    .into_iter()
                    .map(|session| Effect::Open(self.ids.session(), Session::Forward(Box::new(session))))
                    .collect();
                self.carry_out(effects);
            }
            Err(wrong) => {
                let text = self
                    .lang
                    .f("notice.forward_wrong", &[("name", name), ("what", wrong.word())]);
                self.say(Notice::error(text));
            }
        }
    }
}
