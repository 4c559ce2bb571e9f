//! Searching in a text: hits are lines, and what matched is shown in them.

use regex::{Regex, RegexBuilder};

use crate::core::text::{Line, Span, Tone};

/// What was typed, as an expression: as it stands, without case unless it has capitals. `None` for nothing.
pub fn expression(text: &str) -> Option<Regex> {
    if text.is_empty() {
        return None;
    }
    let sensitive = text.chars().any(char::is_uppercase);
    RegexBuilder::new(&regex::escape(text))
        .case_insensitive(!sensitive)
        .build()
        .ok()
}

/// The lines in which it is found.
pub fn lines(lines: &[Line], search: &Regex) -> Vec<usize> {
    lines
        .iter()
        .enumerate()
        .filter(|(_, line)| search.is_match(&line.text()))
        .map(|(at, _)| at)
        .collect()
}

/// The line with what matched toned.
pub fn highlight(line: &Line, search: &Regex, now: bool) -> Line {
    let text = line.text();
    let hits: Vec<(usize, usize)> = search.find_iter(&text).map(|hit| (hit.start(), hit.end())).collect();
    if hits.is_empty() {
        return line.clone();
    }
    let tone = if now { Tone::MatchNow } else { Tone::Match };
    let mut spans = Vec::new();
    let mut at = 0;
    for span in &line.spans {
        let (start, end) = (at, at + span.text.len());
        at = end;
        let mut from = start;
        for (hit_start, hit_end) in hits
            .iter()
            .filter(|(hit_start, hit_end)| *hit_end > start && *hit_start < end)
        {
            let (hit_start, hit_end) = ((*hit_start).max(start), (*hit_end).min(end));
            push(&mut spans, &text, from, hit_start, span);
            push(&mut spans, &text, hit_start, hit_end, &Span::new("", tone));
            from = hit_end;
        }
        push(&mut spans, &text, from, end, span);
    }
    Line::of(spans).at(line.depth.into())
}

fn push(spans: &mut Vec<Span>, text: &str, from: usize, to: usize, like: &Span) {
    if let Some(part) = text.get(from..to).filter(|part| !part.is_empty()) {
        spans.push(like.with(part.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_across_spans_keeps_the_text() {
        let line = Line::of([Span::new("name: ", Tone::Label), Span::new("web-0", Tone::Text)]);
        let shown = highlight(
            &line,
            &expression(": WEB").unwrap_or_else(|| Regex::new("x").unwrap()),
            true,
        );
        assert_eq!(shown, line, "capitals are looked for as such");
        let shown = highlight(&line, &expression(": web").unwrap(), true);
        assert_eq!(shown.text(), "name: web-0");
        let toned: Vec<&str> = shown
            .spans
            .iter()
            .filter(|s| s.tone == Tone::MatchNow)
            .map(|s| s.text.as_ref())
            .collect();
        assert_eq!(toned, [": ", "web"]);
    }
}
