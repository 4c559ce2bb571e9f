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
    /// The characters in this order, with others between them: what nearly every fuzzy filter is.
    Subsequence(Subsequence),
    /// A fuzzy pattern with more than that in it: several words, `^`, `$`, `'`.
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
        let test = if matches!(rest, "" | "re:") {
            Test::All
        } else if let Some(expression) = rest.strip_prefix("re:") {
            Test::Regex(Box::new(regex(expression)?))
        } else if let Some(selector) = rest.strip_prefix("-l") {
            Test::Labels(Box::new(
                Selector::parse(selector.trim()).map_err(|error| error.to_string())?,
            ))
        } else if let Some(needle) = Subsequence::parse(rest) {
            Test::Subsequence(needle)
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

    /// Whether looking at a row costs so much that a table's many rows are looked at in slices: the text of all its cells
    /// has to be made.
    pub fn is_slow(&self) -> bool {
        matches!(self.test, Test::Regex(_))
    }

    /// Whether whatever this takes, `earlier` took too: then its rows need not be looked for again among all.
    pub fn narrows(&self, earlier: &Self) -> bool {
        match (&self.test, &earlier.test) {
            (_, Test::All) => !earlier.inverse,
            (Test::Subsequence(now), Test::Subsequence(before)) => {
                !self.inverse && !earlier.inverse && now.narrows(before)
            }
            _ => false,
        }
    }
}

/// A plain fuzzy pattern. A filter needs a yes or a no, not how well a row matches, and the first is many times cheaper
/// on the way of every key.
#[derive(Clone, Debug)]
struct Subsequence {
    needle: Box<[u8]>,
    /// As nucleo has it: a pattern in small letters takes capitals as well.
    exact_case: bool,
}

impl Subsequence {
    /// The pattern, where it is nothing but ASCII characters that stand for themselves.
    fn parse(text: &str) -> Option<Self> {
        let plain = text.is_ascii() && !text.contains(['!', '^', '$', '\'', '\\', ' ']);
        plain.then(|| Self {
            needle: text.as_bytes().into(),
            exact_case: text.bytes().any(|byte| byte.is_ascii_uppercase()),
        })
    }

    fn narrows(&self, earlier: &Self) -> bool {
        self.exact_case == earlier.exact_case && self.needle.starts_with(&earlier.needle)
    }

    /// Whether it is in these texts, one after the other.
    fn is_in(&self, texts: &[&str]) -> bool {
        let mut needle = &*self.needle;
        for text in texts {
            for byte in text.bytes() {
                let Some((next, rest)) = needle.split_first() else {
                    return true;
                };
                let byte = if self.exact_case {
                    byte
                } else {
                    byte.to_ascii_lowercase()
                };
                if byte == *next {
                    needle = rest;
                }
            }
        }
        needle.is_empty()
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
            Test::All => return true,
            Test::Labels(selector) => selector.matches(&row.meta().labels),
            Test::Regex(regex) => {
                whole_row(row, self.view, self.clock, &mut self.text);
                regex.is_match(&self.text)
            }
            Test::Subsequence(needle) => {
                let name = &*row.meta().name;
                match row.meta().namespace.as_deref() {
                    Some(namespace) => needle.is_in(&[namespace, "/", name]),
                    None => needle.is_in(&[name]),
                }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What nucleo says of a name.
    fn nucleo(pattern: &str, name: &str) -> bool {
        let pattern = Pattern::parse(pattern, CaseMatching::Smart, Normalization::Smart);
        let mut chars = Vec::new();
        let haystack = Utf32Str::new(name, &mut chars);
        pattern.score(haystack, &mut Matcher::new(Config::DEFAULT)).is_some()
    }

    proptest! {
        #[test]
        fn a_subsequence_is_what_nucleo_takes(needle in "[a-cA-C0-2/.-]{1,4}", name in "[a-cA-C0-2/.-]{0,12}") {
            let ours = Subsequence::parse(&needle).is_some_and(|needle| needle.is_in(&[&name]));
            prop_assert_eq!(ours, nucleo(&needle, &name));
        }
    }

    #[test]
    fn a_longer_pattern_narrows_a_shorter_one_of_the_same_case() {
        let parse = |text: &str| Filter::parse(text).unwrap_or_default();
        for (now, before, narrows) in [
            ("web", "we", true),
            ("web", "", true),
            ("web", "eb", false),
            ("weB", "we", false),
            ("!web", "!we", false),
            ("re:web", "re:we", false),
            ("web a", "web", false),
        ] {
            assert_eq!(parse(now).narrows(&parse(before)), narrows, "{now} after {before}");
        }
    }
}
