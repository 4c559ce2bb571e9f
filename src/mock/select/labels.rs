//! Label selectors: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`, `a<1`, joined by commas.
//!
//! Grammar and words of errors as `Parser` in apimachinery's labels package.

use serde_json::Value;

use super::lexer::{Token, tokens};
use crate::mock::admission::validate::metadata::{key as key_faults, value as value_faults};
use crate::mock::server::go::print::quote;
use crate::mock::storage::Object;

/// How a requirement compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The value is one of the values.
    In,
    /// The label is missing or its value is none of the values.
    NotIn,
    /// The label is there.
    Exists,
    /// The label is missing.
    DoesNotExist,
    /// The value is an integer above the value.
    GreaterThan,
    /// The value is an integer below the value.
    LessThan,
}

/// One condition on one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The label's key.
    pub key: String,
    /// How to compare.
    pub operator: Operator,
    /// What to compare with.
    pub values: Vec<String>,
}

/// Conditions that must all hold; none select everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    /// The conditions.
    pub requirements: Vec<Requirement>,
}

impl LabelSelector {
    /// Reads a selector's text form.
    ///
    /// # Errors
    /// The API server's sentence for what it could not parse.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser {
            tokens: tokens(text),
            at: 0,
        };
        Ok(Self {
            requirements: parser.selector()?,
        })
    }

    /// Reads the selector of an object (`matchLabels` and `matchExpressions`, or a plain map of labels).
    #[must_use]
    pub fn of_object(selector: &Value) -> Self {
        let structured = selector.get("matchLabels").is_some() || selector.get("matchExpressions").is_some();
        let labels = if structured { &selector["matchLabels"] } else { selector };
        let equal = |(key, value): (&String, &Value)| {
            let values = vec![value.as_str()?.to_owned()];
            Some(Requirement {
                key: key.clone(),
                operator: Operator::In,
                values,
            })
        };
        let mut requirements: Vec<_> = labels.as_object().into_iter().flatten().filter_map(equal).collect();
        requirements.extend(
            selector["matchExpressions"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(expression),
        );
        Self { requirements }
    }

    /// Whether there is no condition at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether a stored object has such labels.
    #[must_use]
    pub fn matches(&self, object: &Object) -> bool {
        self.requirements
            .iter()
            .all(|requirement| requirement.holds(object.label(&requirement.key)))
    }

    /// Whether a map of labels has such labels.
    #[must_use]
    pub fn matches_labels(&self, labels: &Value) -> bool {
        self.requirements
            .iter()
            .all(|requirement| requirement.holds(labels[&requirement.key].as_str()))
    }
}

impl std::fmt::Display for LabelSelector {
    /// The text form, requirements in the order of their keys, as `Selector.String` writes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut sorted: Vec<&Requirement> = self.requirements.iter().collect();
        sorted.sort_by(|one, other| one.key.cmp(&other.key));
        let texts: Vec<String> = sorted.into_iter().map(Requirement::text).collect();
        f.write_str(&texts.join(","))
    }
}

fn expression(expression: &Value) -> Option<Requirement> {
    let operator = match expression["operator"].as_str()? {
        "In" => Operator::In,
        "NotIn" => Operator::NotIn,
        "Exists" => Operator::Exists,
        "DoesNotExist" => Operator::DoesNotExist,
        "Gt" => Operator::GreaterThan,
        "Lt" => Operator::LessThan,
        _ => return None,
    };
    let values = expression["values"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned);
    Some(Requirement {
        key: expression["key"].as_str()?.to_owned(),
        operator,
        values: values.collect(),
    })
}

impl Requirement {
    fn text(&self) -> String {
        let key = &self.key;
        let mut values = self.values.clone();
        values.sort();
        let values = values.join(",");
        match self.operator {
            Operator::In if self.values.len() == 1 => format!("{key}={values}"),
            Operator::In => format!("{key} in ({values})"),
            Operator::NotIn => format!("{key} notin ({values})"),
            Operator::Exists => key.clone(),
            Operator::DoesNotExist => format!("!{key}"),
            Operator::GreaterThan => format!("{key}>{values}"),
            Operator::LessThan => format!("{key}<{values}"),
        }
    }

    fn holds(&self, value: Option<&str>) -> bool {
        let among = |value: &str| self.values.iter().any(|wanted| wanted == value);
        let number = |text: &str| text.parse::<i64>().ok();
        let bound = self.values.first().and_then(|text| number(text));
        match self.operator {
            Operator::In => value.is_some_and(among),
            Operator::NotIn => !value.is_some_and(among),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan => value
                .and_then(number)
                .zip(bound)
                .is_some_and(|(value, bound)| value > bound),
            Operator::LessThan => value
                .and_then(number)
                .zip(bound)
                .is_some_and(|(value, bound)| value < bound),
        }
    }
}

/// Keys and values are those of labels, and what is compared as a number is one: `labels.NewRequirement`.
fn sound(requirement: Requirement) -> Result<Requirement, String> {
    let joined = |faults: Vec<String>| (!faults.is_empty()).then(|| faults.join("; "));
    if let Some(why) = joined(key_faults(&requirement.key)) {
        return Err(format!("<nil>: Invalid value: {}: {why}", quote(&requirement.key)));
    }
    let number = matches!(requirement.operator, Operator::GreaterThan | Operator::LessThan);
    let mut faults = Vec::new();
    for (index, value) in requirement.values.iter().enumerate() {
        if number && value.parse::<i64>().is_err() {
            let why = "for 'Gt', 'Lt' operators, the value must be an integer";
            faults.push(format!("values[{index}]: Invalid value: {}: {why}", quote(value)));
        }
    }
    let mut sorted: Vec<&String> = requirement.values.iter().collect();
    sorted.sort();
    for (index, value) in sorted.into_iter().enumerate() {
        if let Some(why) = joined(value_faults(value)) {
            let key = &requirement.key;
            faults.push(format!(
                "values[{index}][{key}]: Invalid value: {}: {why}",
                quote(value)
            ));
        }
    }
    match faults.as_slice() {
        [] => Ok(requirement),
        [one] => Err(one.clone()),
        many => Err(format!("[{}]", many.join(", "))),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Token {
        self.tokens.get(self.at).cloned().unwrap_or(Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn selector(&mut self) -> Result<Vec<Requirement>, String> {
        let mut requirements = Vec::new();
        loop {
            match self.peek() {
                Token::End => return Ok(requirements),
                Token::Word(_) | Token::Sign("!") => {}
                other => {
                    return Err(format!(
                        "found '{}', expected: !, identifier, or 'end of string'",
                        other.text()
                    ));
                }
            }
            let requirement = self.requirement().and_then(sound);
            requirements.push(requirement.map_err(|error| format!("unable to parse requirement: {error}"))?);
            match self.next() {
                Token::End => return Ok(requirements),
                Token::Comma if matches!(self.peek(), Token::Word(_) | Token::Sign("!")) => {}
                Token::Comma => {
                    return Err(format!(
                        "found '{}', expected: identifier after ','",
                        self.peek().text()
                    ));
                }
                other => return Err(format!("found '{}', expected: ',' or 'end of string'", other.text())),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let negated = self.peek() == Token::Sign("!");
        if negated {
            self.at += 1;
        }
        let key = match self.next() {
            Token::Word(word) => word,
            other => return Err(format!("found '{}', expected: identifier", other.text())),
        };
        if negated {
            return Ok(Requirement {
                key,
                operator: Operator::DoesNotExist,
                values: Vec::new(),
            });
        }
        if matches!(self.peek(), Token::End | Token::Comma) {
            return Ok(Requirement {
                key,
                operator: Operator::Exists,
                values: Vec::new(),
            });
        }
        let operator = self.operator()?;
        let listed = matches!(operator, ("in" | "notin", _));
        let values = if listed { self.values()? } else { vec![self.value()?] };
        Ok(Requirement {
            key,
            operator: operator.1,
            values,
        })
    }

    fn operator(&mut self) -> Result<(&'static str, Operator), String> {
        let token = self.next();
        match token.text() {
            "in" => Ok(("in", Operator::In)),
            "notin" => Ok(("notin", Operator::NotIn)),
            "=" | "==" => Ok(("=", Operator::In)),
            "!=" => Ok(("!=", Operator::NotIn)),
            ">" => Ok((">", Operator::GreaterThan)),
            "<" => Ok(("<", Operator::LessThan)),
            other => Err(format!("found '{other}', expected: in, notin, =, ==, !=, gt, lt")),
        }
    }

    fn values(&mut self) -> Result<Vec<String>, String> {
        let open = self.next();
        if open != Token::Open {
            return Err(format!("found '{}' expected: '('", open.text()));
        }
        if self.peek() == Token::Close {
            self.at += 1;
            return Ok(vec![String::new()]);
        }
        let mut values = Vec::new();
        loop {
            match self.next() {
                Token::Word(word) => {
                    values.push(word);
                    match self.peek() {
                        Token::Comma => {}
                        Token::Close => break,
                        other => return Err(format!("found '{}', expected: ',' or ')'", other.text())),
                    }
                }
                // An empty place between commas, at the beginning or at the end is the empty value.
                Token::Comma => {
                    if values.is_empty() || matches!(self.peek(), Token::Close | Token::Comma) {
                        values.push(String::new());
                    }
                    match self.peek() {
                        Token::Close => break,
                        Token::Comma => self.at += 1,
                        _ => {}
                    }
                }
                other => return Err(format!("found '{}', expected: ',', ')' or identifier", other.text())),
            }
        }
        self.at += 1;
        Ok(values)
    }

    fn value(&mut self) -> Result<String, String> {
        if matches!(self.peek(), Token::End | Token::Comma) {
            return Ok(String::new());
        }
        match self.next() {
            Token::Word(word) => Ok(word),
            other => Err(format!("found '{}', expected: identifier", other.text())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn selectors_match_as_the_grammar_says() {
        let labels = json!({"app": "web", "tier": "front", "n": "5", "empty": ""});
        for (text, expected) in [
            ("", true),
            ("app", true),
            ("!app", false),
            ("!nope", true),
            ("app=web", true),
            ("app==web,tier!=back", true),
            ("app!=web", false),
            ("nope!=x", true),
            ("app in (web, db), tier notin (back)", true),
            ("app in (db)", false),
            ("n>4,n<6", true),
            ("n>5", false),
            ("empty=", true),
            ("empty in (,x)", true),
            ("in in (a)", false),
        ] {
            assert_eq!(
                LabelSelector::parse(text).unwrap().matches_labels(&labels),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn errors_are_the_servers_words() {
        for (text, error) in [
            (
                "a b",
                "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
            ),
            ("a=b c", "found 'c', expected: ',' or 'end of string'"),
            ("a,", "found '', expected: identifier after ','"),
            (",a", "found ',', expected: !, identifier, or 'end of string'"),
            ("a in b", "unable to parse requirement: found 'b' expected: '('"),
        ] {
            assert_eq!(LabelSelector::parse(text).err().as_deref(), Some(error), "{text}");
        }
    }

    #[test]
    fn object_selectors_have_labels_and_expressions() {
        let selector =
            json!({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "tier", "operator": "Exists"}]});
        let selector = LabelSelector::of_object(&selector);
        assert!(selector.matches_labels(&json!({"app": "web", "tier": "x"})));
        assert!(!selector.matches_labels(&json!({"app": "web"})));
        assert!(LabelSelector::of_object(&json!({"app": "web"})).matches_labels(&json!({"app": "web"})));
    }
}
