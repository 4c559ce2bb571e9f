//! Label selectors: what they match, how they print, how they are typed.

use std::fmt;

use super::{Istr, Labels};

mod object;
mod parse;
mod syntax;

pub use object::LabelSelector;
pub use parse::SelectorError;
pub use syntax::{KeyFault, check_label_key, check_label_value, is_dns_label, key_fault};

/// A condition on labels: every requirement must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// Sorted by key.
    requirements: Box<[Requirement]>,
}

/// A condition on one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The label's key.
    pub key: Istr,
    /// The condition.
    pub operator: Operator,
    /// What the label's value is compared with, sorted.
    pub values: Box<[Istr]>,
}

/// How a label is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `a=b`.
    Equals,
    /// `a!=b`; also holds without the label.
    NotEquals,
    /// `a in (b,c)`.
    In,
    /// `a notin (b,c)`; also holds without the label.
    NotIn,
    /// `a`.
    Exists,
    /// `!a`.
    DoesNotExist,
    /// `a>5`, of whole numbers.
    GreaterThan,
    /// `a<5`, of whole numbers.
    LessThan,
}

impl Selector {
    /// Reads the grammar of `kubectl -l`: `a=b,c!=d,e in (f,g),!h,i`.
    ///
    /// # Errors
    /// [`SelectorError`] says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        parse::parse(text)
    }

    /// The selector for exactly these labels, such as a Service's.
    pub fn of(labels: &Labels) -> Self {
        labels
            .iter()
            .map(|(key, value)| Requirement {
                key: key.clone(),
                operator: Operator::Equals,
                values: [value.clone()].into(),
            })
            .collect()
    }

    /// Whether every requirement holds. Without any, every object matches.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.requirements
            .iter()
            .all(|requirement| requirement.holds(labels.get(&requirement.key)))
    }

    /// Whether there is no requirement: everything matches.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// The requirements, sorted by key.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }
}

impl FromIterator<Requirement> for Selector {
    fn from_iter<I: IntoIterator<Item = Requirement>>(requirements: I) -> Self {
        let mut requirements: Vec<_> = requirements.into_iter().collect();
        for requirement in &mut requirements {
            requirement.values.sort();
        }
        requirements.sort_by(|a, b| a.key.cmp(&b.key));
        Self {
            requirements: requirements.into(),
        }
    }
}

impl Requirement {
    fn holds(&self, value: Option<&str>) -> bool {
        let among = |value: &str| self.values.iter().any(|own| own == value);
        match self.operator {
            Operator::Equals | Operator::In => value.is_some_and(among),
            Operator::NotEquals | Operator::NotIn => !value.is_some_and(among),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan => self.number(value).is_some_and(|(value, bound)| value > bound),
            Operator::LessThan => self.number(value).is_some_and(|(value, bound)| value < bound),
        }
    }

    /// The label's value and the bound as numbers, if both are.
    fn number(&self, value: Option<&str>) -> Option<(i64, i64)> {
        Some((value?.parse().ok()?, self.values.first()?.parse().ok()?))
    }
}

impl fmt::Display for Selector {
    /// As `labels.Selector.String()` in Kubernetes' apimachinery.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, requirement) in self.requirements.iter().enumerate() {
            write!(f, "{}{requirement}", if i == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, values) = (&self.key, self.values.join(","));
        match self.operator {
            Operator::Equals => write!(f, "{key}={values}"),
            Operator::NotEquals => write!(f, "{key}!={values}"),
            Operator::In => write!(f, "{key} in ({values})"),
            Operator::NotIn => write!(f, "{key} notin ({values})"),
            Operator::Exists => write!(f, "{key}"),
            Operator::DoesNotExist => write!(f, "!{key}"),
            Operator::GreaterThan => write!(f, "{key}>{values}"),
            Operator::LessThan => write!(f, "{key}<{values}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(text: &str) -> Labels {
        text.split(',')
            .filter_map(|pair| pair.split_once('='))
            .map(|(k, v)| (k.into(), v.into()))
            .collect()
    }

    #[test]
    fn selectors_match_labels() {
        let web = labels("app=web,tier=front,weight=7");
        for (text, matches) in [
            ("", true),
            ("app=web", true),
            ("app==db", false),
            ("app!=db,other!=x", true),
            ("app!=web", false),
            ("app in (db,web)", true),
            ("app notin (db)", true),
            ("app notin (web)", false),
            ("other in (a)", false),
            ("other notin (a)", true),
            ("app", true),
            ("!app", false),
            ("!other", true),
            ("weight>6,weight<8", true),
            ("weight>7", false),
            ("app>1", false),
            ("app=web,tier=back", false),
        ] {
            assert_eq!(Selector::parse(text).unwrap().matches(&web), matches, "{text}");
        }
        assert!(Selector::of(&labels("tier=front")).matches(&web));
        assert!(!Selector::of(&labels("tier=front,a=b")).matches(&web));
    }

    fn requirement() -> impl Strategy<Value = String> {
        let key = "([a-z]{1,5}\\.io/)?[a-zA-Z][-a-zA-Z0-9_.]{0,5}[a-z]";
        let value = "[a-z0-9]([-a-z0-9]{0,5}[a-z0-9])?";
        let set = prop::collection::vec(value, 1..4).prop_map(|values| values.join(" , "));
        prop_oneof![
            key.prop_map(|key| key),
            key.prop_map(|key| format!("! {key}")),
            (key, "=|==|!= | = ", value).prop_map(|(key, operator, value)| format!("{key}{operator}{value}")),
            (key, " in | notin ", set).prop_map(|(key, operator, set)| format!("{key}{operator}({set})")),
            (key, "<|>", 0..99_i64).prop_map(|(key, operator, bound)| format!("{key}{operator}{bound}")),
        ]
    }

    proptest! {
        #[test]
        fn what_prints_reads_back(requirements in prop::collection::vec(requirement(), 0..5)) {
            let selector = Selector::parse(&requirements.join(",")).unwrap();
            prop_assert_eq!(Selector::parse(&selector.to_string()).unwrap(), selector);
        }

        #[test]
        fn any_text_is_read_or_refused_with_a_reason(text in "[a-c=!,()<> in]{0,20}|\\PC{0,20}") {
            if let Err(error) = Selector::parse(&text) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
