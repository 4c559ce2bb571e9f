//! What the person may do: asked by SelfSubjectAccessReview in the background, and kept for a while.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::clock::Time;
use super::event::TaskId;
use super::lang::Lang;
use super::outcome::Outcome;
use super::resource::Resource;
use super::text::clean;

/// How long an answer holds, in seconds: rights change seldom, and the server has the last word anyway.
const HOLDS: i64 = 300;

/// A right: a verb of RBAC on a resource, or on a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Need {
    /// The verb, such as `patch`.
    pub verb: &'static str,
    /// The API group, empty for core.
    pub group: String,
    /// The resource's plural.
    pub plural: String,
    /// The part, such as `scale`; empty for the object itself.
    pub subresource: &'static str,
}

impl Need {
    /// A verb on a resource, or on a part of it.
    pub fn on(verb: &'static str, resource: &Resource, subresource: &'static str) -> Self {
        Self {
            verb,
            group: resource.group.to_string(),
            plural: resource.plural.to_string(),
            subresource,
        }
    }

    /// The review that asks for it, in a namespace or in none.
    pub fn review(&self, namespace: Option<&str>) -> Value {
        let mut wanted = json!({"verb": self.verb, "group": self.group, "resource": self.plural});
        if let Some(namespace) = namespace {
            wanted["namespace"] = namespace.into();
        }
        if !self.subresource.is_empty() {
            wanted["subresource"] = self.subresource.into();
        }
        json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": wanted}})
    }

    /// The kubectl command that asks the same.
    pub fn kubectl(&self, namespace: Option<&str>) -> String {
        let group = if self.group.is_empty() {
            String::new()
        } else {
            format!(".{}", self.group)
        };
        let mut command = format!("kubectl auth can-i {} {}{group}", self.verb, self.plural);
        if !self.subresource.is_empty() {
            command.push_str(&format!(" --subresource={}", self.subresource));
        }
        if let Some(namespace) = namespace {
            command.push_str(&format!(" -n {}", super::request::shell(namespace)));
        }
        command
    }
}

/// Why something may not be done, in words: the right that is refused, and the server's reason, which may be empty.
pub fn refusal(need: &Need, why: &str, lang: &Lang) -> String {
    let part = match need.subresource {
        "" => String::new(),
        part => format!("/{part}"),
    };
    let resource = format!("{}{part}", need.plural);
    let args = [("verb", need.verb), ("resource", resource.as_str()), ("why", why)];
    lang.f(
        if why.is_empty() {
            "reason.denied"
        } else {
            "reason.denied_why"
        },
        &args,
    )
}

/// What the server said of a right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be tried: allowed, not known yet, or the review itself was refused.
    Open,
    /// It is refused, with the reason that the server gave, which may be empty.
    Denied(String),
}

type Key = (Need, Option<String>);

/// The rights that were asked for.
#[derive(Default)]
pub struct Access {
    known: HashMap<Key, (Verdict, Time)>,
    asked: HashMap<TaskId, Key>,
}

impl Access {
    /// What is known of a right in a namespace.
    pub fn verdict(&self, need: &Need, namespace: Option<&str>) -> Verdict {
        let key = (need.clone(), namespace.map(str::to_string));
        self.known
            .get(&key)
            .map_or(Verdict::Open, |(verdict, _)| verdict.clone())
    }

    /// Whether the right is to be asked for: it never was, or long ago.
    pub fn is_due(&self, need: &Need, namespace: Option<&str>, now: Time) -> bool {
        let key = (need.clone(), namespace.map(str::to_string));
        let fresh = |(_, at): &(Verdict, Time)| now.as_second() - at.as_second() < HOLDS;
        !self.known.get(&key).is_some_and(fresh) && !self.asked.values().any(|asked| *asked == key)
    }

    /// Notes that a call asks for a right.
    pub fn asked(&mut self, task: TaskId, need: Need, namespace: Option<String>) {
        self.asked.insert(task, (need, namespace));
    }

    /// Takes an answer in. Answers whether it was one.
    pub fn answered(&mut self, task: TaskId, outcome: &Outcome, now: Time) -> bool {
        let Some(key) = self.asked.remove(&task) else {
            return false;
        };
        let status = match outcome {
            Outcome::Object(review) => review.get("status"),
            _ => None,
        };
        // Where the review itself is refused, the server decides when the time comes.
        let refused = status.is_some_and(|status| status.get("allowed") == Some(&Value::Bool(false)));
        let verdict = if refused {
            let reason = status.and_then(|status| status.get("reason")).and_then(Value::as_str);
            Verdict::Denied(clean(reason.unwrap_or_default()).into_owned())
        } else {
            Verdict::Open
        };
        self.known.insert(key, (verdict, now));
        true
    }

    /// Whether any right is refused.
    pub fn denies_any(&self) -> bool {
        let is_denied = |(verdict, _): &(Verdict, Time)| matches!(verdict, Verdict::Denied(_));
        self.known.values().any(is_denied)
    }

    /// The calls whose answers are still to come.
    pub fn tasks(&self) -> impl Iterator<Item = TaskId> {
        self.asked.keys().copied()
    }

    /// How many answers are still to come.
    pub fn waiting(&self) -> usize {
        self.asked.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::trouble::{Trouble, TroubleKind};

    const SCALE: Resource = Resource::known("apps", "v1", "Deployment", "deployments", &[], true);

    #[test]
    fn a_refused_right_is_known_with_its_reason_and_a_refused_review_is_not_a_refusal() {
        let need = Need::on("patch", &SCALE, "scale");
        let now = Time::from_second(1000).unwrap_or_default();
        let late = Time::from_second(1000 + HOLDS).unwrap_or_default();
        let refusal = Outcome::Object(Box::new(
            json!({"status": {"allowed": false, "reason": "no\u{1b}[2J rights"}}),
        ));
        let failure = Outcome::Failed(Trouble::new(TroubleKind::Forbidden, "trouble.forbidden"));
        for (outcome, wanted) in [
            (refusal, Verdict::Denied("no[2J rights".into())),
            (failure, Verdict::Open),
            (
                Outcome::Object(Box::new(json!({"status": {"allowed": true}}))),
                Verdict::Open,
            ),
        ] {
            let mut access = Access::default();
            assert!(access.is_due(&need, Some("shop"), now));
            access.asked(TaskId(7), need.clone(), Some("shop".into()));
            assert!(!access.is_due(&need, Some("shop"), now), "asked once");
            assert!(access.answered(TaskId(7), &outcome, now));
            assert_eq!(access.verdict(&need, Some("shop")), wanted);
            assert_eq!(access.verdict(&need, Some("web")), Verdict::Open);
            assert!(!access.is_due(&need, Some("shop"), now) && access.is_due(&need, Some("shop"), late));
            assert!(!access.answered(TaskId(8), &outcome, now));
        }
    }

    #[test]
    fn the_command_asks_the_same() {
        let need = Need::on("patch", &SCALE, "scale");
        assert_eq!(
            need.kubectl(Some("shop")),
            "kubectl auth can-i patch deployments.apps --subresource=scale -n shop"
        );
        assert_eq!(
            need.review(None)["spec"]["resourceAttributes"],
            json!({"verb": "patch", "group": "apps", "resource": "deployments", "subresource": "scale"})
        );
    }
}
