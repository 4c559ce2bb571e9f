//! A list to choose from by fuzzy matching, best first.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The candidates that the pattern takes, best first; all in their own order for an empty pattern.
pub fn best<'a, T>(pattern: &str, candidates: &'a [T], text: impl Fn(&T) -> &str) -> Vec<&'a T> {
    if pattern.is_empty() {
        return candidates.iter().collect();
    }
    let compiled = Pattern::parse(pattern, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut chars = Vec::new();
    let mut scored: Vec<(u32, usize, &T)> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let text = text(candidate);
        let Some(score) = compiled.score(Utf32Str::new(text, &mut chars), &mut matcher) else {
            continue;
        };
        // What begins with the pattern, and is little longer, is meant more often than what has it somewhere.
        let bonus = if text == pattern {
            1000
        } else {
            u32::from(text.starts_with(pattern)) * 200
        };
        scored.push((score + bonus, at, candidate));
    }
    scored.sort_by_key(|(score, at, _)| (std::cmp::Reverse(*score), *at));
    scored.into_iter().map(|(_, _, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_whole_comes_first() {
        let words = ["podtemplates", "pods", "poddisruptionbudgets", "nodes"];
        assert_eq!(best("pod", &words, |word| word).first(), Some(&&"podtemplates"));
        assert_eq!(best("pods", &words, |word| word).first(), Some(&&"pods"));
        assert_eq!(best("nds", &words, |word| word).first(), Some(&&"nodes"));
        assert_eq!(best("", &words, |word| word).len(), 4);
    }
}
