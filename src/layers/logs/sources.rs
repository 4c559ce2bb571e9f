//! The containers whose logs are in the view: new ones join, restarted ones go on, gone ones end with a mark.

use serde_json::Value;

use super::of::Finder;
use super::source::{Ended, Known, Source, State, containers, is_over};
use super::switches::{Run, Switches};
use crate::core::effect::Effect;
use crate::core::layer::LayerCx;
use crate::core::log::{Journal, Level};
use crate::core::session::{Extent, Feed, LogSession, Session, SessionId};
use crate::core::text::clean;
use crate::describe::Read;

/// The containers whose logs are in the view.
#[derive(Default)]
pub struct Sources {
    /// In the order in which they came; lines name them by their places.
    pub all: Vec<Source>,
    pods: Vec<String>,
}

impl Sources {
    /// The place of a session.
    pub fn of(&self, session: SessionId) -> Option<usize> {
        self.all.iter().position(|source| source.session == session)
    }

    /// The sessions that are open.
    pub fn sessions(&self) -> Vec<SessionId> {
        let open = self.all.iter().filter(|source| source.state != State::Ended);
        open.map(|source| source.session).collect()
    }

    /// Brings the sources in line with the pods. Answers what to do for it; marks go into the journal.
    pub fn sync(
        &mut self,
        finders: &[Finder],
        switches: &Switches,
        journal: &mut Journal,
        cx: &LayerCx,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut alive: Vec<&str> = Vec::new();
        for finder in finders {
            for pod in finder.pods(cx.store) {
                alive.push(pod.at("metadata.uid").text());
                self.pod(pod, finder.containers(), switches, journal, cx, &mut effects);
            }
        }
        if finders.iter().all(|finder| finder.is_sure(cx.store)) {
            for source in self
                .all
                .iter_mut()
                .filter(|source| !alive.contains(&source.uid.as_str()))
            {
                source.gone = true;
                last(source, &mut effects);
            }
        }
        effects
    }

    fn pod(
        &mut self,
        pod: &Value,
        wanted: &[String],
        switches: &Switches,
        journal: &mut Journal,
        cx: &LayerCx,
        effects: &mut Vec<Effect>,
    ) {
        let uid = pod.at("metadata.uid").text();
        let place = match self.pods.iter().position(|known| known == uid) {
            Some(place) => place,
            None => {
                self.pods.push(uid.to_string());
                self.pods.len() - 1
            }
        };
        let known = containers(pod);
        for known in known
            .iter()
            .filter(|known| wanted.is_empty() || wanted.contains(&known.name))
        {
            for previous in [true, false] {
                if known.has_log && switches.run.wants(previous) && (!previous || known.restarts > 0) {
                    self.container(pod, known, previous, place, switches, cx, effects);
                }
            }
            self.tell_ends(uid, known, journal, cx);
        }
        if is_over(pod) {
            let own = self.all.iter_mut().filter(|source| source.uid == uid);
            own.for_each(|source| last(source, effects));
        }
    }

    #[allow(clippy::too_many_arguments, reason = "what a source is made of")]
    fn container(
        &mut self,
        pod: &Value,
        known: &Known,
        previous: bool,
        place: usize,
        switches: &Switches,
        cx: &LayerCx,
        effects: &mut Vec<Effect>,
    ) {
        let uid = pod.at("metadata.uid").text();
        if let Some(source) = self.all.iter_mut().find(|source| source.is(uid, &known.name, previous)) {
            if !known.running.is_empty() && source.started != known.running {
                source.started.clone_from(&known.running);
                effects.push(Effect::Send(source.session, Feed::Again));
            }
            return;
        }
        let session = cx.ids.session();
        let meta = pod.key("metadata");
        let source = Source {
            uid: uid.to_string(),
            namespace: meta.key("namespace").text().to_string(),
            pod: meta.key("name").text().to_string(),
            container: known.name.clone(),
            previous,
            session,
            state: State::Asked,
            started: known.running.clone(),
            last: false,
            gone: false,
            told: Vec::new(),
            place,
        };
        let spec = LogSession {
            namespace: source.namespace.clone(),
            pod: source.pod.clone(),
            container: source.container.clone(),
            previous,
            follow: !previous && !matches!(switches.extent, Extent::Head(_)),
            since: switches.since,
            extent: switches.extent,
        };
        effects.push(Effect::Open(session, Session::Log(spec)));
        self.all.push(source);
    }

    /// Puts a mark where a run ended, once.
    fn tell_ends(&mut self, uid: &str, known: &Known, journal: &mut Journal, cx: &LayerCx) {
        let own = |source: &&mut Source| source.uid == uid && source.container == known.name;
        let Some(source) = self.all.iter_mut().find(own) else {
            return;
        };
        for (at, ended) in known.ended.iter().enumerate() {
            let run = format!("{} {}", ended.started, ended.finished);
            if source.told.contains(&run) {
                continue;
            }
            source.told.push(run);
            let next = match at.checked_sub(1).and_then(|next| known.ended.get(next)) {
                Some(next) => &next.started,
                None => &known.running,
            };
            let text = told(&source.name(), ended, known.restarts, cx);
            let level = if ended.code == 0 { Level::Info } else { Level::Error };
            journal.mark(ended.time(next), level, &text);
        }
    }

    /// A session came to its end: a mark where the pod is gone.
    pub fn ended(&mut self, at: usize, now: i64, journal: &mut Journal, cx: &LayerCx) {
        let Some(source) = self.all.get_mut(at) else { return };
        source.state = State::Ended;
        if source.gone && !source.previous {
            let name = clean(&source.name()).into_owned();
            journal.mark(now, Level::Unknown, &cx.lang.f("logs.gone", &[("name", &name)]));
        }
    }
}

fn told(name: &str, ended: &Ended, restarts: i64, cx: &LayerCx) -> String {
    let (name, code, count) = (clean(name), ended.code.to_string(), restarts.to_string());
    let reason = if ended.reason.is_empty() { "-" } else { &ended.reason };
    let reason = clean(reason);
    let args = [
        ("name", &*name),
        ("code", &*code),
        ("reason", &*reason),
        ("count", &*count),
    ];
    if ended.restarted {
        cx.lang.f("logs.restarted", &args)
    } else {
        cx.lang.f("logs.exited", args.get(..3).unwrap_or_default())
    }
}

/// Nothing more begins at a container: its session is told once.
fn last(source: &mut Source, effects: &mut Vec<Effect>) {
    if !std::mem::replace(&mut source.last, true) && source.state != State::Ended {
        effects.push(Effect::Send(source.session, Feed::Last));
    }
}

impl Run {
    fn wants(self, previous: bool) -> bool {
        match self {
            Self::Present => !previous,
            Self::Previous => previous,
            Self::Both => true,
        }
    }
}
