//! JSONPath in kubectl's dialect, for columns: what `-o custom-columns` takes, with or without braces and the first dot. As
//! `client-go/util/jsonpath` and `printers/get/customcolumn.go` in kubectl. Templates of several braces, `range` and `end`
//! are for output of several lines, and so not for columns.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

mod compare;
mod find;
mod parse;
mod print;

/// A path that was understood.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct JsonPath {
    text: Box<str>,
    nodes: Box<[Node]>,
}

/// A text that is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{path}\" is no JSONPath of kubectl's: {why}")]
pub struct JsonPathError {
    path: String,
    why: String,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    /// A member of an object.
    Field(Box<str>),
    /// All members or items.
    Wildcard,
    /// The value and all that is in it.
    Recursive,
    /// Some items of a list.
    Slice(Slice),
    /// What each of these finds.
    Union(Box<[Box<[Node]>]>),
    /// The items of a list that pass.
    Filter(Box<Filter>),
    /// A value that stands in the path itself.
    Literal(Value),
}

/// Which items of a list; ends below 0 count from behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slice {
    from: i64,
    to: To,
    step: Option<i64>,
}

/// Where the items end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    /// Behind the first.
    One,
    /// Before this one.
    Before(i64),
    /// Behind the last.
    End,
}

/// What an item must fulfil.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Filter {
    left: Box<[Node]>,
    /// Compared how and with what; that there is something, where nothing is said.
    right: Option<(Operator, Box<[Node]>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl JsonPath {
    /// What the path finds in the object, value by value; nothing where it cannot be followed.
    pub fn find<'a>(&'a self, object: &'a Value) -> Vec<&'a Value> {
        find::find(&self.nodes, object).unwrap_or_default()
    }

    /// What the path finds in the object, joined by commas; `<none>` where it finds nothing, or cannot be followed.
    pub fn text(&self, object: &Value) -> String {
        match self.find(object) {
            found if found.is_empty() => "<none>".to_string(),
            found => print::print(&found),
        }
    }
}

impl JsonPath {
    /// The first value that the path finds in the object, if any.
    pub fn first<'a>(&'a self, object: &'a Value) -> Option<&'a Value> {
        find::find(&self.nodes, object)?.into_iter().next()
    }
}

impl FromStr for JsonPath {
    type Err = JsonPathError;

    fn from_str(text: &str) -> Result<Self, JsonPathError> {
        let wrong = |why: String| JsonPathError {
            path: text.to_string(),
            why,
        };
        let nodes = parse::parse(text).map_err(wrong)?;
        Ok(Self {
            text: text.into(),
            nodes,
        })
    }
}

impl TryFrom<String> for JsonPath {
    type Error = JsonPathError;

    fn try_from(text: String) -> Result<Self, JsonPathError> {
        text.parse()
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
