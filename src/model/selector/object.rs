//! The `LabelSelector` object of the API.

use super::{Operator, Requirement, Selector, check_label_key, check_label_value};
use crate::model::decode::{List, wire};
use crate::model::{Istr, Labels};

/// A `metav1.LabelSelector` as it stands in a workload's `spec.selector`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(from = "Option<SelectorWire>")]
pub enum LabelSelector {
    /// There is none: nothing matches.
    #[default]
    Absent,
    /// An empty one matches everything.
    Valid(Selector),
    /// An unknown operator, or values where none belong: nothing matches.
    Invalid,
}

impl LabelSelector {
    /// Whether an object with these labels is selected.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.selector().is_some_and(|selector| selector.matches(labels))
    }

    /// The selector, if there is a valid one.
    pub fn selector(&self) -> Option<&Selector> {
        match self {
            Self::Valid(selector) => Some(selector),
            Self::Absent | Self::Invalid => None,
        }
    }

    /// The SELECTOR cell, as `metav1.FormatLabelSelector`: `<none>` for an empty one, `<error>` for an invalid one.
    pub fn format(&self) -> String {
        match self {
            Self::Invalid => "<error>".to_owned(),
            Self::Valid(selector) if !selector.is_empty() => selector.to_string(),
            Self::Valid(_) | Self::Absent => "<none>".to_owned(),
        }
    }

    /// The SELECTOR cell of a Deployment, which differs: empty for an empty one, `<invalid>` for an invalid one.
    pub fn deployment_text(&self) -> String {
        match self {
            Self::Invalid => "<invalid>".to_owned(),
            Self::Valid(selector) => selector.to_string(),
            Self::Absent => String::new(),
        }
    }
}

wire! {
    struct SelectorWire {
        match_labels: Labels,
        match_expressions: List<ExpressionWire>,
    }

    struct ExpressionWire {
        key: Istr,
        operator: Istr,
        values: List<Istr>,
    }
}

impl From<Option<SelectorWire>> for LabelSelector {
    fn from(wire: Option<SelectorWire>) -> Self {
        let Some(wire) = wire else { return Self::Absent };
        let labels = Selector::of(&wire.match_labels).requirements.into_iter().map(Some);
        let expressions = wire.match_expressions.into_iter().map(Requirement::from_wire);
        labels
            .chain(expressions)
            .map(|requirement| requirement.filter(Requirement::is_valid))
            .collect::<Option<Selector>>()
            .map_or(Self::Invalid, Self::Valid)
    }
}

impl Requirement {
    fn from_wire(wire: ExpressionWire) -> Option<Self> {
        let operator = match wire.operator.as_str() {
            "In" => Operator::In,
            "NotIn" => Operator::NotIn,
            "Exists" => Operator::Exists,
            "DoesNotExist" => Operator::DoesNotExist,
            _ => return None,
        };
        let takes_values = matches!(operator, Operator::In | Operator::NotIn);
        (takes_values != wire.values.is_empty()).then(|| Self {
            key: wire.key,
            operator,
            values: wire.values.into_iter().collect(),
        })
    }

    fn is_valid(&self) -> bool {
        check_label_key(&self.key).is_ok() && self.values.iter().all(|value| check_label_value(value).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_print_as_kubectl_prints_them() {
        for (json, text, deployment) in [
            ("null", "<none>", ""),
            ("{}", "<none>", ""),
            (r#"{"matchLabels":{"b":"2","a":"1"}}"#, "a=1,b=2", "a=1,b=2"),
            (
                r#"{"matchLabels":{"m":"n"},"matchExpressions":[{"key":"x","operator":"Exists"},
                    {"key":"app","operator":"In","values":["c","b"]},{"key":"z","operator":"NotIn","values":["v"]},
                    {"key":"d","operator":"DoesNotExist"}]}"#,
                "app in (b,c),!d,m=n,x,z notin (v)",
                "app in (b,c),!d,m=n,x,z notin (v)",
            ),
            (
                r#"{"matchExpressions":[{"key":"x","operator":"Like"}]}"#,
                "<error>",
                "<invalid>",
            ),
            (
                r#"{"matchExpressions":[{"key":"x","operator":"In"}]}"#,
                "<error>",
                "<invalid>",
            ),
            (
                r#"{"matchExpressions":[{"key":"x","operator":"Exists","values":["a"]}]}"#,
                "<error>",
                "<invalid>",
            ),
            (r#"{"matchLabels":{"not a key":"v"}}"#, "<error>", "<invalid>"),
        ] {
            let selector: LabelSelector = serde_json::from_str(json).unwrap();
            assert_eq!(selector.format(), text, "{json}");
            assert_eq!(selector.deployment_text(), deployment, "{json}");
        }
    }

    #[test]
    fn absent_matches_nothing_and_empty_everything() {
        let labels = Labels::default();
        assert!(!LabelSelector::Absent.matches(&labels));
        assert!(!LabelSelector::Invalid.matches(&labels));
        assert!(LabelSelector::Valid(Selector::default()).matches(&labels));
    }
}
