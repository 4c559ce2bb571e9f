//! The filter of a table: fuzzy, a regular expression, a label selector, or the inverse of either.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use regex::{Regex, RegexBuilder};

use super::clock::Clock;
use super::view::{AnyView, Object};
use crate::model::Selector;

/// The largest program that an expression may compile to, in bytes.
const REGEX_LIMIT: usize = 1 << 20;

/// A filter that was understood.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    text: String,
    test: Test,
    inverse: bool,
}

#[derive(Clone, Debug, Default)]
enum Test {
    #[default]
    All,
    Fuzzy(Box<Pattern>),
    Regex(Box<Regex>),
    Labels(Box<Selector>),
}

impl Filter {
    /// Understands a filter. `!` before it inverts; `re:` begins a regular expression over the whole row; `-l`
    /// a label selector; anything else is fuzzy over namespace and name. Fails with what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim();
        let (inverse, rest) = trimmed
            .strip_prefix('!')
            .map_or((false, trimmed), |rest| (true, rest.trim_start()));
        let test = if rest.is_empty() {
            Test::All
        } else if let Some(expression) = rest.strip_prefix("re:") {
            Test::Regex(Box::new(regex(expression)?))
        } else if let Some(selector) = rest.strip_prefix("-l") {
            Test::Labels(Box::new(
                Selector::parse(selector.trim()).map_err(|error| error.to_string())?,
            ))
        } else {
            Test::Fuzzy(Box::new(Pattern::parse(
                rest,
                CaseMatching::Smart,
                Normalization::Smart,
            )))
        };
        Ok(Self {
            text: trimmed.to_string(),
            test,
            inverse,
        })
    }

    /// As it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it takes every row.
    pub fn is_all(&self) -> bool {
        matches!(self.test, Test::All)
    }

    /// Whether whatever this takes, `earlier` took too: then its rows need not be looked for again among all.
    pub fn narrows(&self, earlier: &Self) -> bool {
        match (&self.test, &earlier.test) {
            (_, Test::All) => !earlier.inverse,
            (Test::Fuzzy(_), Test::Fuzzy(_)) => {
                let plain =
                    |text: &str| !text.contains(['!', '^', '$', '\'', '\\', ' ']) && text.to_lowercase() == text;
                !self.inverse
                    && !earlier.inverse
                    && plain(&self.text)
                    && plain(&earlier.text)
                    && self.text.starts_with(&earlier.text)
            }
            _ => false,
        }
    }
}

fn regex(expression: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(expression)
        .case_insensitive(true)
        .size_limit(REGEX_LIMIT)
        .build();
    built.map_err(|error| match &error {
        regex::Error::Syntax(text) => text
            .lines()
            .last()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_string(),
        _ => error.to_string(),
    })
}

/// A filter at work: holds the buffers that it needs.
pub struct Sieve<'a> {
    filter: &'a Filter,
    view: &'a dyn AnyView,
    clock: &'a Clock,
    matcher: Option<Matcher>,
    text: String,
    chars: Vec<char>,
}

impl<'a> Sieve<'a> {
    /// A sieve of `filter` for the rows of `view`.
    pub fn new(filter: &'a Filter, view: &'a dyn AnyView, clock: &'a Clock) -> Self {
        let matcher = matches!(filter.test, Test::Fuzzy(_)).then(|| Matcher::new(Config::DEFAULT));
        Self {
            filter,
            view,
            clock,
            matcher,
            text: String::new(),
            chars: Vec::new(),
        }
    }

    /// Whether the filter takes the row.
    pub fn takes(&mut self, row: &dyn Object) -> bool {
        let hit = match &self.filter.test {
            Test::All => return !self.filter.inverse || self.filter.text.is_empty() || self.filter.text == "!",
            Test::Labels(selector) => selector.matches(&row.meta().labels),
            Test::Regex(regex) => {
                whole_row(row, self.view, self.clock, &mut self.text);
                regex.is_match(&self.text)
            }
            Test::Fuzzy(pattern) => {
                self.text.clear();
                if let Some(namespace) = row.meta().namespace.as_deref() {
                    self.text.push_str(namespace);
                    self.text.push('/');
                }
                self.text.push_str(&row.meta().name);
                let haystack = Utf32Str::new(&self.text, &mut self.chars);
                self.matcher
                    .as_mut()
                    .is_some_and(|matcher| pattern.score(haystack, matcher).is_some())
            }
        };
        hit != self.filter.inverse
    }
}

/// The row as `kubectl get -A -o wide` prints it: cells with two spaces between them.
fn whole_row(row: &dyn Object, view: &dyn AnyView, clock: &Clock, out: &mut String) {
    out.clear();
    if let Some(namespace) = row.meta().namespace.as_deref() {
        out.push_str(namespace);
        out.push_str("  ");
    }
    for column in 0..view.width() {
        if column > 0 {
            out.push_str("  ");
        }
        out.push_str(&view.cell(row, column, clock).text);
    }
}
