//! What nodes, pods and containers use: what metrics.k8s.io told last, and the way there as far as this session saw it.

mod feed;

use std::borrow::Cow;

use super::jump::Scope;
use super::resource::Resource;
use super::trouble::Trouble;

pub use feed::{Feed, KEPT, Series};

/// Metrics can be listed, and not watched.
const VERBS: &[Cow<'static, str>] = &[Cow::Borrowed("get"), Cow::Borrowed("list")];

const fn measured(kind: &'static str, plural: &'static str, namespaced: bool) -> Resource {
    Resource {
        group: Cow::Borrowed("metrics.k8s.io"),
        version: Cow::Borrowed("v1beta1"),
        kind: Cow::Borrowed(kind),
        plural: Cow::Borrowed(plural),
        short: Cow::Borrowed(&[]),
        namespaced,
        singular: Cow::Borrowed(""),
        verbs: Cow::Borrowed(VERBS),
        categories: Cow::Borrowed(&[]),
        scalable: false,
    }
}

/// What nodes use.
pub static NODES: Resource = measured("NodeMetrics", "nodes", false);

/// What pods use.
pub static PODS: Resource = measured("PodMetrics", "pods", true);

/// What something shows of the metrics, and so has asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// What nodes use.
    pub nodes: bool,
    /// What the pods of these namespaces use.
    pub pods: Option<Scope>,
}

impl Wants {
    /// What both want.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let pods = match (self.pods, other.pods) {
            (Some(Scope::Namespaces(mut names)), Some(Scope::Namespaces(more))) => {
                names.extend(more);
                names.sort();
                names.dedup();
                Some(Scope::Namespaces(names))
            }
            (Some(_), Some(_)) => Some(Scope::All),
            (one, other) => one.or(other),
        };
        Self {
            nodes: self.nodes || other.nodes,
            pods,
        }
    }
}

/// What nodes and pods use.
#[derive(Clone, Default)]
pub struct Metrics {
    /// Nodes.
    pub nodes: Feed,
    /// Pods and their containers.
    pub pods: Feed,
}

impl Metrics {
    /// Why numbers that are asked for do not come.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.pods.trouble().or_else(|| self.nodes.trouble())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_wants_are_asked_for_at_once() {
        let pods = |scope| Wants {
            pods: Some(scope),
            ..Wants::default()
        };
        let both = pods(Scope::one("b")).and(pods(Scope::one("a")));
        assert_eq!(both.pods, Some(Scope::Namespaces(vec!["a".into(), "b".into()])));
        assert_eq!(both.and(pods(Scope::All)).pods, Some(Scope::All));
        assert_eq!(Wants::default().and(pods(Scope::All)).pods, Some(Scope::All));
    }
}
