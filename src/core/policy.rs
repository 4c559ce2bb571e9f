//! What may be done where: read-only mode and protected contexts.

/// A rule for contexts whose names a pattern takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextRule {
    /// The pattern: `*` stands for any text, `?` for any character.
    pub pattern: String,
    /// Whether what destroys asks for the object's name there.
    pub protected: bool,
    /// Whether nothing may be changed there.
    pub read_only: bool,
}

/// What the flags and the configuration allow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Whether nothing may be changed anywhere.
    pub read_only: bool,
    /// The rules for contexts; each adds to the others.
    pub contexts: Vec<ContextRule>,
    /// Whether changes are written to an audit file.
    pub audit: bool,
}

impl Policy {
    fn rules<'a>(&'a self, context: &'a str) -> impl Iterator<Item = &'a ContextRule> {
        self.contexts
            .iter()
            .filter(move |rule| takes(rule.pattern.as_bytes(), context.as_bytes()))
    }

    /// Whether nothing may be changed in a context.
    pub fn is_read_only(&self, context: &str) -> bool {
        self.read_only || self.rules(context).any(|rule| rule.read_only)
    }

    /// Whether what destroys asks for the object's name in a context.
    pub fn is_protected(&self, context: &str) -> bool {
        self.rules(context).any(|rule| rule.protected)
    }
}

/// Whether a pattern takes a text: linear in both, whatever the pattern is.
pub(super) fn takes(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(wanted) if *wanted == b'?' || Some(wanted) == text.get(t) => (p, t) = (p + 1, t + 1),
            _ => match &mut star {
                Some((from, taken)) => {
                    *taken += 1;
                    (p, t) = (*from + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .is_none_or(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_what_they_say() {
        for (pattern, text, taken) in [
            ("*prod*", "eks-prod-1", true),
            ("*prod*", "prod", true),
            ("*prod*", "staging", false),
            ("prod", "prod", true),
            ("prod", "prod-1", false),
            ("prod-?", "prod-1", true),
            ("*a*b", "aXaYb", true),
            ("*a*b", "aXaY", false),
            ("*", "", true),
            ("", "x", false),
        ] {
            assert_eq!(takes(pattern.as_bytes(), text.as_bytes()), taken, "{pattern} {text}");
        }
    }

    #[test]
    fn rules_add_up() {
        let rule = |pattern: &str, protected, read_only| ContextRule {
            pattern: pattern.into(),
            protected,
            read_only,
        };
        let policy = Policy {
            contexts: vec![rule("*prod*", true, false), rule("eu-*", false, true)],
            ..Policy::default()
        };
        assert!(policy.is_protected("eu-prod") && policy.is_read_only("eu-prod"));
        assert!(policy.is_protected("us-prod") && !policy.is_read_only("us-prod"));
        assert!(!policy.is_protected("dev") && !policy.is_read_only("dev"));
        assert!(
            Policy {
                read_only: true,
                ..policy
            }
            .is_read_only("dev")
        );
    }
}
