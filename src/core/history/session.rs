//! Sessions in the history: who was in which container, what was copied, which ports were opened.

use super::{By, Ending, Entry, History};
use crate::core::clock::Time;
use crate::core::forward::ForwardNews;
use crate::core::reference::Reference;
use crate::core::resource::Resource;
use crate::core::session::{Chunk, Program, Session, SessionId};
use crate::core::trouble::Trouble;

const PODS: Resource = Resource::known("", "v1", "Pod", "pods", &[], true);

/// The object of a session, and which part of it is created, as RBAC names it: `pods/exec`. Nothing for what only
/// reads.
fn subject(session: &Session) -> Option<(Reference, &'static str)> {
    let pod = |namespace: &str, name: &str| Reference::to(&PODS, namespace, name);
    match session {
        Session::Log(_) => None,
        Session::Exec(exec) => {
            let part = match exec.program {
                Program::Run(_) => "exec",
                Program::Main => "attach",
            };
            Some((pod(&exec.namespace, &exec.pod), part))
        }
        // Files are copied by tar in the container.
        Session::Copy(copy) => Some((pod(&copy.namespace, &copy.pod), "exec")),
        Session::Forward(forward) => Some((forward.to.clone(), "portforward")),
    }
}

impl History {
    /// A session is opened. Answers its entry, where it does more than read.
    pub fn open(&mut self, id: SessionId, session: &Session, context: &str, now: Time) -> Option<&Entry> {
        let (of, part) = subject(session)?;
        self.push(Entry {
            at: now,
            context: context.to_string(),
            verb: "create",
            object: format!("{}/{}/{part}", of.resource.singular(), of.name),
            namespace: of.namespace.clone(),
            kubectl: session.kubectl(),
            ending: Ending::Open,
            of: Some(of),
            rolls_out: false,
            exit: None,
            bytes: None,
            by: By::Session(id),
        });
        self.entries.back()
    }

    /// A session brought something. Answers its entry, where it ended by that.
    pub fn chunk(&mut self, id: SessionId, chunk: &Chunk, why: impl Fn(&Trouble) -> String) -> Option<&Entry> {
        let by = By::Session(id);
        let ending = match chunk {
            Chunk::Copied(copied) => {
                self.count(by, copied.bytes);
                return None;
            }
            Chunk::Forward(ForwardNews::Traffic(traffic)) => {
                self.count(by, traffic.received + traffic.sent);
                return None;
            }
            Chunk::Exited(code) => {
                self.live(by)?.exit = Some(*code);
                Ending::Done
            }
            Chunk::Ended(None) => Ending::Done,
            Chunk::Ended(Some(trouble)) => Ending::Failed(why(trouble)),
            Chunk::Open | Chunk::Log(_) | Chunk::Forward(_) | Chunk::Out(_) | Chunk::Paused | Chunk::Broken(_) => {
                return None;
            }
        };
        self.settle(by, ending)
    }

    fn count(&mut self, by: By, bytes: u64) {
        if let Some(entry) = self.live(by) {
            entry.bytes = Some(bytes);
            self.generation += 1;
        }
    }

    /// The person ends a session. Answers its entry, where it was open.
    pub fn close(&mut self, id: SessionId) -> Option<&Entry> {
        self.settle(By::Session(id), Ending::Closed)
    }

    /// The sessions that are open.
    pub fn open_sessions(&self) -> Vec<SessionId> {
        let open = self.entries.iter().filter(|entry| entry.ending == Ending::Open);
        let session = |entry: &Entry| match entry.by {
            By::Session(id) => Some(id),
            By::Call(_) => None,
        };
        open.filter_map(session).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::event::Size;
    use crate::core::session::{Copied, CopySession, ExecSession, LogSession};
    use crate::core::trouble::TroubleKind;

    fn exec() -> Session {
        Session::Exec(ExecSession {
            namespace: "shop".into(),
            pod: "web-0".into(),
            container: "app".into(),
            program: Program::Run(vec![vec!["sh".into()]]),
            stdin: true,
            tty: true,
            size: Size { width: 80, height: 24 },
        })
    }

    fn copy() -> Session {
        Session::Copy(CopySession {
            namespace: "shop".into(),
            pod: "web-0".into(),
            container: "app".into(),
            up: true,
            local: "a".into(),
            remote: "/tmp".into(),
        })
    }

    fn line(entry: Option<&Entry>) -> serde_json::Value {
        entry.map_or_else(Default::default, |entry| {
            serde_json::from_str(&entry.line()).unwrap_or_default()
        })
    }

    #[test]
    fn a_session_is_told_of_when_it_opens_and_when_it_ends() {
        let why = |trouble: &Trouble| trouble.said.clone().unwrap_or_default();
        let broken = || Trouble::new(TroubleKind::Network, "trouble.other").answered("cut");
        let (bytes, files) = (77, 1);
        let copied = Chunk::Copied(Copied {
            bytes,
            files,
            skipped: 0,
        });
        for (session, chunks, outcome, exit, bytes) in [
            (exec(), vec![Chunk::Exited(130)], "done", Some(130), None),
            (exec(), vec![Chunk::Ended(Some(broken()))], "failed", None, None),
            (copy(), vec![copied, Chunk::Exited(0)], "done", Some(0), Some(77)),
        ] {
            let mut history = History::default();
            let opened = line(history.open(SessionId(1), &session, "prod", Time::default()));
            assert_eq!(
                (
                    &opened["verb"],
                    &opened["object"],
                    &opened["outcome"],
                    &opened["kubectl"]
                ),
                (
                    &"create".into(),
                    &"pod/web-0/exec".into(),
                    &"open".into(),
                    &session.kubectl().into()
                )
            );
            let mut ended = serde_json::Value::Null;
            for chunk in chunks {
                ended = line(history.chunk(SessionId(1), &chunk, why));
            }
            assert_eq!(ended["outcome"], outcome);
            assert_eq!(ended["exit"].as_i64(), exit);
            assert_eq!(ended["bytes"].as_u64(), bytes);
            assert!(history.close(SessionId(1)).is_none(), "it ended already");
        }
    }

    #[test]
    fn what_the_person_ends_is_closed_and_reading_is_not_told_of() {
        let mut history = History::default();
        history.open(SessionId(1), &exec(), "prod", Time::default());
        assert_eq!(history.open_sessions(), [SessionId(1)]);
        assert_eq!(line(history.close(SessionId(1)))["outcome"], "closed");
        assert!(history.open_sessions().is_empty() && history.pending().is_empty());
        let log = Session::Log(LogSession {
            namespace: "shop".into(),
            pod: "web-0".into(),
            container: "app".into(),
            previous: false,
            follow: true,
            since: None,
            extent: Default::default(),
        });
        assert!(history.open(SessionId(2), &log, "prod", Time::default()).is_none());
    }
}
