//! Debug pods: recorded before they are made, deleted once nothing is open in them any more, those of a konn that crashed
//! too. Leaving waits a while for their end.

use super::App;
use crate::core::change::Edit;
use crate::core::debug::DebugPod;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::layer::Leaving;
use crate::core::notice::Notice;
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::text::clean;
use crate::core::trouble::{Trouble, TroubleKind};

/// How long leaving waits for the end of debug pods, in milliseconds. What is left then goes at the next start.
const PATIENCE: u64 = 5_000;

/// The debug pods that were made, or found.
#[derive(Default)]
pub(super) struct DebugPods {
    pods: Vec<Tracked>,
    leaving: Option<(Leaving, TaskId)>,
}

struct Tracked {
    pod: DebugPod,
    step: Step,
    /// Whether another konn left it behind.
    left: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// It is being made.
    Making(TaskId),
    /// It stands, as far as is known.
    There,
    /// It is looked for.
    Looking(TaskId),
    /// It is being deleted.
    Deleting(TaskId),
    /// It could not be deleted: the next start tries again.
    Stuck,
}

impl Step {
    fn task(self) -> Option<TaskId> {
        match self {
            Self::Making(task) | Self::Looking(task) | Self::Deleting(task) => Some(task),
            Self::There | Self::Stuck => None,
        }
    }
}

impl App {
    /// A call goes out, or is given up: a debug pod is recorded before it is made.
    pub(super) fn note_debug_pod(&mut self, effect: &Effect) {
        match effect {
            Effect::Call(task, Request::Change(change)) if matches!(change.edit, Edit::Create(_)) => {
                let Some(pod) = DebugPod::made_by(change, &self.link.identity) else {
                    return;
                };
                self.effects.push(Effect::Remember(pod.clone()));
                let step = Step::Making(*task);
                self.debug_pods.pods.push(Tracked { pod, step, left: false });
            }
            Effect::Cancel(task) => {
                for tracked in &mut self.debug_pods.pods {
                    // It may have been made all the same.
                    if tracked.step == Step::Making(*task) {
                        tracked.step = Step::There;
                    }
                }
            }
            _ => {}
        }
    }

    /// Debug pods that an earlier konn left behind. In read-only mode they are only told.
    pub(super) fn debug_pods_left(&mut self, pods: Vec<DebugPod>) {
        if self.is_read_only() {
            let names: Vec<String> = pods.iter().map(DebugPod::full_name).collect();
            let text = self
                .lang
                .f("notice.debug_left", &[("names", &clean(&names.join(", ")))]);
            return self.say(Notice::warn(text));
        }
        let known = |pod: &DebugPod| {
            self.debug_pods
                .pods
                .iter()
                .any(|tracked| tracked.pod.full_name() == pod.full_name())
        };
        let new: Vec<DebugPod> = pods.into_iter().filter(|pod| !known(pod)).collect();
        let track = |pod| Tracked {
            pod,
            step: Step::There,
            left: true,
        };
        self.debug_pods.pods.extend(new.into_iter().map(track));
    }

    /// A call came to its end. Answers whether it was one that nobody else waits for.
    pub(super) fn debug_pod_done(&mut self, task: TaskId, outcome: &Outcome) -> bool {
        if let Some((to, _)) = self.debug_pods.leaving.take_if(|(_, wake)| *wake == task) {
            self.go_away(to);
            return true;
        }
        let Some(at) = self
            .debug_pods
            .pods
            .iter()
            .position(|tracked| tracked.step.task() == Some(task))
        else {
            return false;
        };
        let mut tracked = self.debug_pods.pods.swap_remove(at);
        let making = matches!(tracked.step, Step::Making(_));
        let stays = match (tracked.step, outcome) {
            (Step::Making(_), Outcome::Failed(why)) => is_uncertain(why),
            (Step::Making(_) | Step::Looking(_), Outcome::Object(object)) => match tracked.pod.found(object) {
                Some(uid) => {
                    tracked.pod.uid = Some(uid);
                    self.effects.push(Effect::Remember(tracked.pod.clone()));
                    true
                }
                None => false,
            },
            (Step::Looking(_) | Step::Deleting(_), Outcome::Failed(why)) if is_gone(why) => false,
            (Step::Looking(_) | Step::Deleting(_), Outcome::Failed(why)) => {
                self.tell_stuck(&tracked.pod, why);
                tracked.step = Step::Stuck;
                true
            }
            (Step::Deleting(_), _) => {
                self.tell_deleted(&tracked);
                false
            }
            _ => true,
        };
        if !stays {
            self.effects.push(Effect::Forget(tracked.pod));
        } else {
            if tracked.step != Step::Stuck {
                tracked.step = Step::There;
            }
            self.debug_pods.pods.push(tracked);
        }
        !making
    }

    fn tell_deleted(&mut self, tracked: &Tracked) {
        let id = if tracked.left {
            "notice.debug_deleted_left"
        } else {
            "notice.debug_deleted"
        };
        let (name, node) = (tracked.pod.full_name(), &tracked.pod.node);
        let text = self.lang.f(id, &[("name", &clean(&name)), ("node", &clean(node))]);
        self.say(Notice::good(text));
    }

    fn tell_stuck(&mut self, pod: &DebugPod, why: &Trouble) {
        let args = [("name", &*pod.full_name()), ("why", &*self.lang.what(why))];
        let args = args.map(|(name, text)| (name, clean(text).into_owned()));
        let args = args.each_ref().map(|(name, text)| (*name, text.as_str()));
        let text = self.lang.f("notice.debug_stuck", &args);
        self.say(Notice::error(text));
    }

    /// Deletes what nothing is open in any more, and leaves once that is done where somebody wants to.
    pub(super) fn sweep_debug_pods(&mut self) {
        if self.debug_pods.pods.is_empty() && self.debug_pods.leaving.is_none() {
            return;
        }
        let leaving = self.debug_pods.leaving.is_some();
        let mut effects = Vec::new();
        for at in 0..self.debug_pods.pods.len() {
            let Some(tracked) = self.debug_pods.pods.get(at) else {
                break;
            };
            if tracked.step != Step::There || (!leaving && self.holds(&tracked.pod)) {
                continue;
            }
            let (task, pod) = (self.ids.task(), &tracked.pod);
            let (step, request) = match pod.uid {
                Some(_) => (Step::Deleting(task), Request::Change(Box::new(pod.delete()))),
                None => (Step::Looking(task), pod.get()),
            };
            effects.push(Effect::Call(task, request));
            if let Some(tracked) = self.debug_pods.pods.get_mut(at) {
                tracked.step = step;
            }
        }
        self.carry_out(effects);
        let busy = self.debug_pods.pods.iter().any(|tracked| tracked.step != Step::Stuck);
        if !busy && let Some((to, wake)) = self.debug_pods.leaving.take() {
            self.effects.push(Effect::Cancel(wake));
            self.go_away(to);
        }
    }

    fn holds(&self, pod: &DebugPod) -> bool {
        let mut layers = self.layers.iter().chain(&self.aside);
        layers.any(|layer| layer.holds() == Some((&*pod.namespace, &*pod.name)))
    }

    /// Leaves, once debug pods are gone, or at once where that was asked for before.
    pub(super) fn depart(&mut self, to: Leaving) {
        let standing = self.debug_pods.pods.iter().find(|tracked| tracked.step != Step::Stuck);
        let Some(tracked) = standing.filter(|_| self.debug_pods.leaving.is_none()) else {
            self.debug_pods.leaving = None;
            return self.go_away(to);
        };
        let text = self
            .lang
            .f("notice.debug_leaving", &[("name", &clean(&tracked.pod.full_name()))]);
        let wake = self.ids.task();
        self.effects.push(Effect::Wake(wake, PATIENCE));
        self.debug_pods.leaving = Some((to, wake));
        self.say(Notice::warn(text));
    }

    fn go_away(&mut self, to: Leaving) {
        match to {
            Leaving::Konn => {
                self.forget_changes();
                self.effects.push(Effect::Quit);
            }
            Leaving::Context(name) => self.open_context(name),
        }
    }
}

/// Whether a request that failed may have been carried out all the same.
fn is_uncertain(why: &Trouble) -> bool {
    use TroubleKind::*;
    matches!(why.kind, Network | Timeout | Server | Proxy | Other)
}

/// Whether the pod is no more there: gone, or another of its name (409 of the uid).
fn is_gone(why: &Trouble) -> bool {
    matches!(why.kind, TroubleKind::NotFound | TroubleKind::Conflict)
}
