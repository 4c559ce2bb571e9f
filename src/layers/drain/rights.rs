//! Whether the pods may be evicted: asked for each of their namespaces. Where the review itself is refused, the server
//! decides when the time comes.

use std::collections::BTreeSet;

use super::pods::Pod;
use crate::core::access::{Access, Need, Verdict, refusal};
use crate::core::clock::Time;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::ids::Ids;
use crate::core::lang::Lang;
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::text::clean;
use crate::relations::kinds;

/// The rights of a drain.
#[derive(Default)]
pub struct Rights(Access);

/// The right that an eviction needs.
fn need() -> Need {
    Need::on("create", &kinds::POD, "eviction")
}

impl Rights {
    /// Asks for the namespaces of these pods that were not asked for.
    pub fn ask(&mut self, pods: &[Pod], ids: &Ids) -> Vec<Effect> {
        let namespaces: BTreeSet<&str> = pods.iter().map(|pod| pod.namespace.as_str()).collect();
        let mut effects = Vec::new();
        for namespace in namespaces {
            // A drain is short: what was answered once holds.
            if self.0.is_due(&need(), Some(namespace), Time::default()) {
                let (task, namespace) = (ids.task(), Some(namespace.to_string()));
                self.0.asked(task, need(), namespace.clone());
                let need = need();
                effects.push(Effect::Call(task, Request::Review { need, namespace }));
            }
        }
        effects
    }

    /// Takes an answer in. Answers whether it was one.
    pub fn answered(&mut self, task: TaskId, outcome: &Outcome) -> bool {
        self.0.answered(task, outcome, Time::default())
    }

    /// The calls whose answers are still to come.
    pub fn tasks(&self) -> impl Iterator<Item = TaskId> {
        self.0.tasks()
    }

    /// The namespaces of these pods where none may be evicted, each with the reason.
    pub fn refusals<'a>(&self, pods: impl Iterator<Item = &'a Pod>, lang: &Lang) -> Vec<String> {
        let namespaces: BTreeSet<&str> = pods.map(|pod| pod.namespace.as_str()).collect();
        let refused = |namespace: &str| match self.0.verdict(&need(), Some(namespace)) {
            Verdict::Denied(why) => Some(format!("{}: {}", clean(namespace), refusal(&need(), &why, lang))),
            Verdict::Open => None,
        };
        namespaces.into_iter().filter_map(refused).collect()
    }
}
