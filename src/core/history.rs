//! What this session changed: when, where, what, by which command, and what came of it.

mod session;

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::change::Change;
use super::clock::Time;
use super::event::TaskId;
use super::kubeconfig::KubeconfigEdit;
use super::outcome::Outcome;
use super::reference::Reference;
use super::session::SessionId;

/// How many changes are kept: the oldest go first.
const MOST: usize = 1000;

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The answer has not come yet.
    Pending,
    /// It was done.
    Done,
    /// It was refused or failed: in one sentence.
    Failed(String),
    /// No answer came, or nobody waited for it: it may have been done.
    Unknown,
    /// A session: it is open.
    Open,
    /// A session: the person ended it.
    Closed,
}

impl Ending {
    /// In a word, as the audit file has it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Unknown => "unknown",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// A change of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was sent.
    pub at: Time,
    /// The context.
    pub context: String,
    /// The RBAC verb.
    pub verb: &'static str,
    /// `deployment/web`, with `/scale` behind it for a part.
    pub object: String,
    /// The namespace.
    pub namespace: Option<String>,
    /// The kubectl command that does the same, without secrets.
    pub kubectl: String,
    /// What came of it.
    pub ending: Ending,
    /// The object, where it is one of the cluster.
    pub of: Option<Reference>,
    /// Whether it began a rollout that can be undone.
    pub rolls_out: bool,
    /// The code that a program in a container ended with.
    pub exit: Option<i32>,
    /// How many bytes went through a session, as far as it counts them.
    pub bytes: Option<u64>,
    by: By,
}

/// By what an entry is known while it is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Call(TaskId),
    Session(SessionId),
}

impl Entry {
    /// As a line of the audit file, without the line's end.
    pub fn line(&self) -> String {
        let mut line = json!({"time": self.at.to_string(), "context": self.context, "verb": self.verb, "object": self.object,
            "namespace": self.namespace, "kubectl": self.kubectl, "outcome": self.ending.word()});
        if let Ending::Failed(why) = &self.ending {
            line["why"] = Value::from(why.as_str());
        }
        if let Some(exit) = self.exit {
            line["exit"] = exit.into();
        }
        if let Some(bytes) = self.bytes {
            line["bytes"] = bytes.into();
        }
        line.to_string()
    }
}

/// The changes of the session, the oldest first.
#[derive(Default)]
pub struct History {
    entries: VecDeque<Entry>,
    generation: u64,
}

impl History {
    /// The changes, the oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Grows with every change of the history.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// A change is sent. What is only tried is not kept.
    pub fn begin(&mut self, task: TaskId, change: &Change, context: &str, now: Time) {
        if change.dry_run {
            return;
        }
        let part = if change.subresource.is_empty() {
            String::new()
        } else {
            format!("/{}", change.subresource)
        };
        self.push(Entry {
            at: now,
            context: context.to_string(),
            verb: change.need().verb,
            object: change.object() + &part,
            namespace: change.namespace.clone(),
            kubectl: change.recorded().to_string(),
            ending: Ending::Pending,
            of: Some(Reference {
                resource: change.resource.clone(),
                namespace: change.namespace.clone(),
                name: change.name.clone(),
            }),
            rolls_out: change.rolls_out(),
            exit: None,
            bytes: None,
            by: By::Call(task),
        });
    }

    /// A change of the kubeconfig begins.
    pub fn begin_kubeconfig(&mut self, task: TaskId, edit: &KubeconfigEdit, context: &str, now: Time) {
        self.push(Entry {
            at: now,
            context: context.to_string(),
            verb: edit.verb(),
            object: format!("context/{}", edit.context()),
            namespace: None,
            kubectl: edit.kubectl(),
            ending: Ending::Pending,
            of: None,
            rolls_out: false,
            exit: None,
            bytes: None,
            by: By::Call(task),
        });
    }

    fn push(&mut self, entry: Entry) {
        if self.entries.len() == MOST {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        self.generation += 1;
    }

    /// A call came to its end. Answers the entry, where it was a change.
    pub fn end(&mut self, task: TaskId, outcome: &Outcome, why: impl Fn() -> String) -> Option<&Entry> {
        let ending = match outcome {
            Outcome::Failed(trouble) if trouble.unsure => Ending::Unknown,
            Outcome::Failed(_) => Ending::Failed(why()),
            _ => Ending::Done,
        };
        self.settle(By::Call(task), ending)
    }

    /// Nobody waits for a call any more.
    pub fn abandon(&mut self, task: TaskId) -> Option<&Entry> {
        self.settle(By::Call(task), Ending::Unknown)
    }

    /// The calls whose answers have not come.
    pub fn pending(&self) -> Vec<TaskId> {
        let waiting = self.entries.iter().filter(|entry| entry.ending == Ending::Pending);
        let call = |entry: &Entry| match entry.by {
            By::Call(task) => Some(task),
            By::Session(_) => None,
        };
        waiting.filter_map(call).collect()
    }

    fn settle(&mut self, by: By, ending: Ending) -> Option<&Entry> {
        let entry = self.live(by)?;
        entry.ending = ending;
        self.generation += 1;
        self.entries.iter().rev().find(|entry| entry.by == by)
    }

    /// What is under way by this name.
    fn live(&mut self, by: By) -> Option<&mut Entry> {
        let mut latest = self.entries.iter_mut().rev();
        latest.find(|entry| entry.by == by && matches!(entry.ending, Ending::Pending | Ending::Open))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::change::Edit;
    use crate::core::resource::Resource;

    const PODS: Resource = Resource::known("", "v1", "Pod", "pods", &[], true);

    fn change() -> Change {
        let mut change = Change::of(
            &PODS,
            Some("shop"),
            "web-0",
            Edit::Merge(json!({})),
            "kubectl x --secret=s",
        );
        change.kept = Some("kubectl x --secret=…".into());
        change
    }

    #[test]
    fn a_change_is_kept_with_its_end_and_without_secrets() {
        let mut history = History::default();
        let now = Time::from_second(0).unwrap_or_default();
        history.begin(TaskId(1), &change(), "prod", now);
        history.begin(TaskId(2), &change().dry(), "prod", now);
        history.begin(TaskId(3), &change(), "prod", now);
        let line = history.end(TaskId(1), &Outcome::Rested, String::new).map(Entry::line);
        assert_eq!(
            line.as_deref(),
            Some(
                r#"{"time":"1970-01-01T00:00:00Z","context":"prod","verb":"patch","object":"pod/web-0","namespace":"shop","kubectl":"kubectl x --secret=…","outcome":"done"}"#
            )
        );
        assert!(history.end(TaskId(2), &Outcome::Rested, String::new).is_none());
        assert_eq!(history.pending(), [TaskId(3)]);
        assert_eq!(
            history.abandon(TaskId(3)).map(|entry| entry.ending.word()),
            Some("unknown")
        );
        assert!(history.abandon(TaskId(3)).is_none());
    }

    #[test]
    fn the_oldest_go_first() {
        let mut history = History::default();
        for task in 0..=MOST as u64 {
            history.begin(TaskId(task), &change(), "c", Time::default());
        }
        assert_eq!(history.entries().count(), MOST);
        assert_eq!(
            history.entries().next().map(|entry| entry.by),
            Some(By::Call(TaskId(1)))
        );
    }
}
