//! What of the lines is shown, and what is searched in them.

use regex::{Regex, RegexBuilder};

use super::sieve::bare;

/// Which lines are shown: those that have all of some patterns and none of others, with so many lines around each.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    text: String,
    include: Vec<Regex>,
    exclude: Vec<Regex>,
    /// How many lines before and after each are shown too.
    pub context: usize,
}

impl Filter {
    /// Reads a filter: words that a line must have, `-word` for those that it must not have, `a|b` for either of two,
    /// `"several words"`, `/regular expression/`. Capitals count where there are some.
    ///
    /// # Errors
    /// What is wrong with a regular expression.
    pub fn parse(text: &str, context: usize) -> Result<Self, String> {
        let mut filter = Self {
            text: text.trim().to_string(),
            context,
            ..Self::default()
        };
        for (negated, word) in words(text) {
            let expression = expression(&word)?;
            let list = if negated {
                &mut filter.exclude
            } else {
                &mut filter.include
            };
            list.push(expression);
        }
        Ok(filter)
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it takes every line.
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Whether it takes a line.
    pub fn takes(&self, line: &str, coloured: bool) -> bool {
        if self.is_empty() {
            return true;
        }
        let bare = coloured.then(|| bare(line));
        let line = bare.as_deref().unwrap_or(line);
        self.include.iter().all(|word| word.is_match(line)) && !self.exclude.iter().any(|word| word.is_match(line))
    }

    /// What of a line made the filter take it: for showing it.
    pub fn included(&self) -> &[Regex] {
        &self.include
    }
}

/// The words of a filter, each with whether it is negated.
fn words(text: &str) -> Vec<(bool, String)> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let negated = rest.len() > 1 && rest.starts_with(['-', '!']);
        let body = if negated {
            rest.get(1..).unwrap_or_default()
        } else {
            rest
        };
        let quote = body.chars().next().filter(|ch| matches!(ch, '"' | '/'));
        let closed = quote.and_then(|quote| {
            let inner = body.get(1..)?;
            let end = inner.find(quote)?;
            (end > 0).then_some((quote, inner.get(..end)?, inner.get(end + 1..)?))
        });
        let (word, after) = match closed {
            Some(('/', inner, after)) => (format!("/{inner}/"), after),
            Some((_, inner, after)) => (format!("\"{inner}"), after),
            None => {
                let end = body.find(char::is_whitespace).unwrap_or(body.len());
                let (word, after) = body.split_at(end);
                (word.to_string(), after)
            }
        };
        if !word.is_empty() {
            words.push((negated, word));
        }
        rest = after.trim_start();
    }
    words
}

fn expression(word: &str) -> Result<Regex, String> {
    let source = match (
        word.strip_prefix('/').and_then(|word| word.strip_suffix('/')),
        word.strip_prefix('"'),
    ) {
        (Some(inner), _) if !inner.is_empty() => inner.to_string(),
        (_, Some(inner)) => regex::escape(inner),
        _ => {
            let parts = word.split('|').filter(|part| !part.is_empty());
            parts.map(regex::escape).collect::<Vec<_>>().join("|")
        }
    };
    build(&source, word.chars().any(char::is_uppercase))
}

fn build(source: &str, sensitive: bool) -> Result<Regex, String> {
    let built = RegexBuilder::new(source)
        .case_insensitive(!sensitive)
        .size_limit(1 << 20)
        .build();
    built.map_err(|error| error.to_string().lines().last().unwrap_or_default().trim().to_string())
}

/// What is searched: `/expression/` between slashes, else the text as it stands. `None` for nothing, and for an
/// expression that is none.
pub fn search(text: &str) -> Option<Regex> {
    let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    let source = match inner.filter(|inner| !inner.is_empty()) {
        Some(inner) => inner.to_string(),
        None => regex::escape(text),
    };
    let sensitive = text.chars().any(char::is_uppercase);
    build(&source, sensitive).ok().filter(|_| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_take_lines() {
        for (filter, line, takes) in [
            ("", "anything", true),
            ("error", "An ERROR here", true),
            ("Error", "an error here", false),
            ("error timeout", "error", false),
            ("error timeout", "timeout after error", true),
            ("error|timeout", "a timeout", true),
            ("-health", "GET /healthz", false),
            ("get -health", "GET /cart", true),
            ("\"two words\"", "has two words", true),
            ("\"two words\"", "two other words", false),
            ("/5\\d\\d$/", "status 502", true),
            ("!/5\\d\\d$/", "status 502", false),
            ("/", "a/b", true),
            ("-", "a-b", true),
            ("a.c", "abc", false),
        ] {
            assert_eq!(
                Filter::parse(filter, 0).unwrap().takes(line, false),
                takes,
                "{filter} on {line}"
            );
        }
        assert!(Filter::parse("/(/", 0).is_err());
        assert!(Filter::parse("red", 0).unwrap().takes("r\u{1b}[31med", true));
    }
}
