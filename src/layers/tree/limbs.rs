//! How a tree is drawn: every limb a line, with guides to the limb it grows from.

use crate::core::text::{Line, Span, Tone};
use crate::layers::list::Entry;
use crate::relations::Reference;

/// A line of the tree, and what grows from it.
#[derive(Default)]
pub struct Limb {
    /// What it says.
    pub spans: Vec<Span>,
    /// What Enter opens.
    pub opens: Option<Reference>,
    /// What tells it apart from the others that grow from the same limb.
    pub key: String,
    /// What grows from it, top to bottom.
    pub limbs: Vec<Limb>,
}

impl Limb {
    /// A limb that only says something.
    pub fn note(text: String, tone: Tone) -> Self {
        Self {
            key: text.clone(),
            spans: vec![Span::new(text, tone)],
            ..Self::default()
        }
    }
}

/// The lines of a tree, at most so many.
pub fn lines(root: Limb, most: usize) -> Vec<Entry> {
    let mut out = Vec::new();
    push(root, "", "", &mut out, most);
    out
}

/// `guide` stands before the limb itself, `below` before what grows from it.
fn push(limb: Limb, guide: &str, below: &str, out: &mut Vec<Entry>, most: usize) {
    if out.len() >= most {
        return;
    }
    let before = Span::new(guide.to_string(), Tone::Muted);
    out.push(Entry {
        line: Line::of(
            [before]
                .into_iter()
                .filter(|span| !span.text.is_empty())
                .chain(limb.spans),
        ),
        opens: limb.opens,
        key: format!("{below}{}", limb.key),
    });
    let last = limb.limbs.len().saturating_sub(1);
    for (at, child) in limb.limbs.into_iter().enumerate() {
        let (guide, rest) = if at == last {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        push(child, &format!("{below}{guide}"), &format!("{below}{rest}"), out, most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guides_lead_to_what_a_limb_grows_from() {
        let limb = |text: &str, limbs| Limb {
            limbs,
            ..Limb::note(text.to_string(), Tone::Plain)
        };
        let tree = || {
            limb(
                "a",
                vec![limb("b", vec![limb("c", vec![])]), limb("d", vec![limb("e", vec![])])],
            )
        };
        let text = |most| -> Vec<String> { lines(tree(), most).iter().map(|entry| entry.line.text()).collect() };
        assert_eq!(text(9), ["a", "├─ b", "│  └─ c", "└─ d", "   └─ e"]);
        assert_eq!(text(2), ["a", "├─ b"]);
    }
}
