//! The grammar of `kubectl -l`.

use super::{Operator, Requirement, Selector, check_label_key, check_label_value};
use crate::model::Istr;

/// Why a text is no selector. The position counts characters from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// A key is missing or badly formed.
    #[error("\"{key}\" at position {at} is no label key: {rule}")]
    Key {
        /// What stands there.
        key: String,
        /// Where.
        at: usize,
        /// What a key looks like.
        rule: &'static str,
    },
    /// A value is badly formed.
    #[error("\"{value}\" at position {at} is no label value: {rule}")]
    Value {
        /// What stands there.
        value: String,
        /// Where.
        at: usize,
        /// What a value looks like.
        rule: &'static str,
    },
    /// Something else should stand here.
    #[error("found {found} at position {at}; expected {expected}")]
    Unexpected {
        /// What stands there.
        found: String,
        /// Where.
        at: usize,
        /// What should.
        expected: &'static str,
    },
}

/// What follows a requirement's key.
const AFTER_KEY: &str = "a comma, =, ==, !=, <, >, in or notin";

pub(super) fn parse(text: &str) -> Result<Selector, SelectorError> {
    let mut tokens = Tokens::of(text);
    let mut requirements = Vec::new();
    if tokens.peek().is_end() {
        return Ok(Selector::default());
    }
    loop {
        requirements.push(tokens.requirement()?);
        let next = tokens.next();
        match next.kind {
            Kind::End => return Ok(requirements.into_iter().collect()),
            Kind::Sign(",") => {}
            _ => return Err(next.unexpected(AFTER_KEY)),
        }
    }
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    /// The position of its first character, from 1.
    at: usize,
}

#[derive(Clone, Debug)]
enum Kind {
    Word(String),
    Sign(&'static str),
    End,
}

impl Token {
    fn is_end(&self) -> bool {
        matches!(self.kind, Kind::End)
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.kind, Kind::Sign(own) if own == sign)
    }

    fn unexpected(&self, expected: &'static str) -> SelectorError {
        let found = match &self.kind {
            Kind::Word(word) => format!("\"{word}\""),
            Kind::Sign(sign) => format!("\"{sign}\""),
            Kind::End => "the end".to_owned(),
        };
        SelectorError::Unexpected {
            found,
            at: self.at,
            expected,
        }
    }
}

/// The tokens of a selector; after the last, the end for ever.
struct Tokens {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    end: Token,
}

impl Tokens {
    fn of(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(rest) = chars.get(at..).filter(|rest| !rest.is_empty()) {
            let (kind, length) = first_token(rest);
            tokens.extend(kind.map(|kind| Token { kind, at: at + 1 }));
            at += length;
        }
        Self {
            tokens: tokens.into_iter().peekable(),
            end: Token {
                kind: Kind::End,
                at: at + 1,
            },
        }
    }

    fn next(&mut self) -> Token {
        self.tokens.next().unwrap_or_else(|| self.end.clone())
    }

    fn peek(&mut self) -> &Token {
        self.tokens.peek().unwrap_or(&self.end)
    }

    fn requirement(&mut self) -> Result<Requirement, SelectorError> {
        if self.peek().is_sign("!") {
            self.next();
            return Ok(Requirement {
                key: self.key()?,
                operator: Operator::DoesNotExist,
                values: Box::default(),
            });
        }
        let key = self.key()?;
        if self.peek().is_end() || self.peek().is_sign(",") {
            return Ok(Requirement {
                key,
                operator: Operator::Exists,
                values: Box::default(),
            });
        }
        let operator = self.operator()?;
        let values = match operator {
            Operator::In | Operator::NotIn => self.set()?,
            Operator::GreaterThan | Operator::LessThan => [self.bound()?].into(),
            _ => [self.value()?].into(),
        };
        Ok(Requirement { key, operator, values })
    }

    fn key(&mut self) -> Result<Istr, SelectorError> {
        let token = self.next();
        let Kind::Word(key) = token.kind else {
            return Err(token.unexpected("a label key"));
        };
        match check_label_key(&key) {
            Ok(()) => Ok(Istr::new(&key)),
            Err(rule) => Err(SelectorError::Key {
                key,
                at: token.at,
                rule,
            }),
        }
    }

    fn operator(&mut self) -> Result<Operator, SelectorError> {
        let token = self.next();
        match &token.kind {
            Kind::Sign("=" | "==") => Ok(Operator::Equals),
            Kind::Sign("!=") => Ok(Operator::NotEquals),
            Kind::Sign(">") => Ok(Operator::GreaterThan),
            Kind::Sign("<") => Ok(Operator::LessThan),
            Kind::Word(word) if word == "in" => Ok(Operator::In),
            Kind::Word(word) if word == "notin" => Ok(Operator::NotIn),
            _ => Err(token.unexpected(AFTER_KEY)),
        }
    }

    /// One value. At a comma, a bracket or the end it is the empty one.
    fn value(&mut self) -> Result<Istr, SelectorError> {
        let token = self.peek().clone();
        match token.kind {
            Kind::End | Kind::Sign("," | ")") => Ok(Istr::default()),
            Kind::Sign(_) => Err(token.unexpected("a label value")),
            Kind::Word(value) => {
                self.next();
                match check_label_value(&value) {
                    Ok(()) => Ok(Istr::new(&value)),
                    Err(rule) => Err(SelectorError::Value {
                        value,
                        at: token.at,
                        rule,
                    }),
                }
            }
        }
    }

    fn bound(&mut self) -> Result<Istr, SelectorError> {
        let token = self.next();
        match &token.kind {
            Kind::Word(word) if word.parse::<i64>().is_ok() => Ok(Istr::new(word)),
            _ => Err(token.unexpected("a whole number")),
        }
    }

    fn set(&mut self) -> Result<Box<[Istr]>, SelectorError> {
        let open = self.next();
        if !open.is_sign("(") {
            return Err(open.unexpected("( and a list of values"));
        }
        let mut values = vec![self.value()?];
        loop {
            let token = self.next();
            match token.kind {
                Kind::Sign(",") => values.push(self.value()?),
                Kind::Sign(")") => break,
                _ => return Err(token.unexpected("a comma or )")),
            }
        }
        values.sort();
        values.dedup();
        Ok(values.into())
    }
}

/// The token at the start of `rest`, and how many characters it takes. Blanks are no token.
fn first_token(rest: &[char]) -> (Option<Kind>, usize) {
    const SIGNS: [&str; 9] = ["==", "!=", "=", "!", ",", "(", ")", "<", ">"];
    if rest.first().is_some_and(|c| c.is_whitespace()) {
        return (None, 1);
    }
    for sign in SIGNS {
        let length = sign.len();
        if sign.chars().eq(rest.iter().copied().take(length)) {
            return (Some(Kind::Sign(sign)), length);
        }
    }
    let word: String = rest
        .iter()
        .take_while(|c| !c.is_whitespace() && !"=!,()<>".contains(**c))
        .collect();
    let length = word.chars().count();
    (Some(Kind::Word(word)), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_read() {
        for (text, printed) in [
            ("", ""),
            ("  ", ""),
            ("a=b,c!=d,e in (f,g),!h,i", "a=b,c!=d,e in (f,g),!h,i"),
            ("z=1 , a == 2", "a=2,z=1"),
            ("a=", "a="),
            ("a in (c,b,b)", "a in (b,c)"),
            ("a in (,b)", "a in (,b)"),
            ("a notin(b)", "a notin (b)"),
            ("in in (in,notin)", "in in (in,notin)"),
            ("a>1,b<-2", "a>1,b<-2"),
            ("app.kubernetes.io/name=x", "app.kubernetes.io/name=x"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), printed, "{text:?}");
        }
    }

    #[test]
    fn errors_say_what_and_where() {
        for (text, message) in [
            (",", "found \",\" at position 1; expected a label key"),
            ("a,", "found the end at position 3; expected a label key"),
            (
                "a b",
                "found \"b\" at position 3; expected a comma, =, ==, !=, <, >, in or notin",
            ),
            (
                "a=b c",
                "found \"c\" at position 5; expected a comma, =, ==, !=, <, >, in or notin",
            ),
            ("a in b", "found \"b\" at position 6; expected ( and a list of values"),
            ("a in (b", "found the end at position 8; expected a comma or )"),
            ("a>x", "found \"x\" at position 3; expected a whole number"),
            ("a==!b", "found \"!\" at position 4; expected a label value"),
            (
                "a=-",
                "\"-\" at position 3 is no label value: a value is made of letters, digits, '-', '_' and '.', and starts and \
                 ends with a letter or digit",
            ),
            (
                "A/b=c",
                "\"A/b\" at position 1 is no label key: the part before the / must be a lower-case DNS name such as \
                 example.com",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message, "{text:?}");
        }
    }
}
