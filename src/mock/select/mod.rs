//! Label and field selectors: the server's own grammar, and its words for what it cannot parse.

mod fields;
mod labels;
mod lexer;

pub use fields::FieldSelector;
pub use labels::{LabelSelector, Operator, Requirement};
