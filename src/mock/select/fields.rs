//! Field selectors: `metadata.name=x,status.phase!=Running`, over the fields that the kind lets select on.

use crate::mock::kinds::{Field, Kind, selectable};
use crate::mock::storage::Object;

/// Conditions on fields that must all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSelector {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    place: Place,
    equal: bool,
    value: String,
}

/// Where a stored object keeps the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Name,
    Namespace,
    Field(usize),
}

impl FieldSelector {
    /// Reads a selector for a kind.
    ///
    /// # Errors
    /// The API server's sentence for a term it cannot read or a field it does not select on.
    pub fn parse(text: &str, kind: &Kind) -> Result<Self, String> {
        let fields = selectable(&kind.table);
        let terms = split(text).into_iter().filter(|term| !term.is_empty());
        Ok(Self {
            terms: terms
                .map(|term| read(text, &term, kind, fields))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Whether there is no condition at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a stored object has such fields.
    #[must_use]
    pub fn matches(&self, object: &Object) -> bool {
        self.terms.iter().all(|term| {
            let value = match term.place {
                Place::Name => object.name(),
                Place::Namespace => object.namespace(),
                Place::Field(index) => object.fields.get(index).map_or("", |value| value),
            };
            (value == term.value) == term.equal
        })
    }
}

fn read(selector: &str, term: &str, kind: &Kind, fields: &[Field]) -> Result<Term, String> {
    // The sign that comes first splits; of two at the same place the longer one.
    let first = term.char_indices().find_map(|(at, _)| {
        let rest = term.get(at..)?;
        let sign = ["!=", "==", "="].into_iter().find(|sign| rest.starts_with(sign))?;
        Some((sign, (term.get(..at)?, rest.get(sign.len()..)?)))
    });
    let Some((sign, (name, value))) = first else {
        return Err(format!("invalid selector: '{selector}'; can't understand '{term}'"));
    };
    let place = match name {
        "metadata.name" => Place::Name,
        "metadata.namespace" => Place::Namespace,
        _ => match fields.iter().position(|field| field.name == name) {
            Some(index) => Place::Field(index),
            None => return Err(unsupported(name, kind, fields)),
        },
    };
    Ok(Term {
        place,
        equal: sign != "!=",
        value: unescape(value).map_err(|why| format!("invalid field selector: {why}"))?,
    })
}

/// Kinds with fields of their own and kinds without say it differently.
fn unsupported(name: &str, kind: &Kind, fields: &[Field]) -> String {
    match kind.kind.as_str() {
        _ if kind.custom.is_some() => format!("field label not supported: {name}"),
        "Job" => format!("field label {name:?} not supported for {}", kind.kind),
        _ if fields.is_empty() => {
            format!("{name:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
        }
        _ => format!("field label not supported: {name}"),
    }
}

/// The terms between commas that no backslash protects.
fn split(text: &str) -> Vec<String> {
    let mut terms = vec![String::new()];
    let mut escaped = false;
    for c in text.chars() {
        if c == ',' && !escaped {
            terms.push(String::new());
        } else if let Some(term) = terms.last_mut() {
            term.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    terms
}

/// The value that a selector writes: signs of the grammar stand behind backslashes, as `UnescapeValue`.
fn unescape(value: &str) -> Result<String, String> {
    let mut plain = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(letter @ ('\\' | ',' | '=')) => plain.push(letter),
                Some(letter) => return Err(format!("invalid escape sequence: \\{letter}")),
                None => return Err("invalid escape sequence: \\".to_owned()),
            },
            ',' | '=' => return Err(format!("unescaped character in value: {}", u32::from(letter))),
            letter => plain.push(letter),
        }
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::kinds::Registry;

    #[test]
    fn fields_select_and_unknown_ones_are_refused() {
        let pods = Registry::default().find("", "v1", "pods").unwrap();
        let maps = Registry::default().find("", "v1", "configmaps").unwrap();
        let pod = json!({"metadata": {"name": "x", "namespace": "a"}, "status": {"phase": "Running"}});
        let pod = Object::encode(pod, 1, selectable("pods"));
        for (text, expected) in [
            ("", true),
            ("metadata.name=x", true),
            ("metadata.name!=x", false),
            ("status.phase==Running,metadata.namespace=a", true),
            ("status.phase!=Running", false),
            ("spec.nodeName=", true),
        ] {
            assert_eq!(
                FieldSelector::parse(text, &pods).unwrap().matches(&pod),
                expected,
                "{text}"
            );
        }
        let error = |text: &str, kind: &Kind| FieldSelector::parse(text, kind).err().unwrap();
        assert_eq!(
            error("spec.containers=x", &pods),
            "field label not supported: spec.containers"
        );
        assert_eq!(
            error("data=x", &maps),
            "\"data\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        );
        assert_eq!(error("x", &maps), "invalid selector: 'x'; can't understand 'x'");
    }
}
