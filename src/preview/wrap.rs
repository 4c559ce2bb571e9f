//! Toned lines in a width: broken at spaces and between wide characters, continued below their text.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::core::text::{Line, Span};

/// The lines, none wider than `width` cells.
pub fn lines(lines: &[Line], width: u16) -> Vec<Line> {
    let width = usize::from(width.max(4));
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        if line.text().width() <= width {
            out.push(line.clone());
        } else {
            wrap(line, width, &mut out);
        }
    }
    out
}

fn wrap(line: &Line, width: usize, out: &mut Vec<Line>) {
    // What follows a mark or leading spaces is continued below itself.
    let indent = match line.text() {
        text if text.starts_with(['✗', '!', '…']) => 2,
        text => (text.width() - text.trim_start().width()).min(width / 2),
    };
    let mut now = Line::default();
    let mut taken = 0;
    for span in &line.spans {
        for word in words(&span.text) {
            let mut word = word;
            let fits = |taken: usize, word: &str| taken + word.trim_end().width() <= width;
            if !fits(taken, &word) && taken > indent {
                out.push(trimmed(std::mem::take(&mut now)));
                now.spans.push(Span::plain(" ".repeat(indent)));
                taken = indent;
            }
            while !fits(taken, &word) {
                let (head, tail) = cut(&word, width - taken);
                now.spans.push(Span::new(head, span.tone));
                out.push(std::mem::take(&mut now));
                now.spans.push(Span::plain(" ".repeat(indent)));
                (word, taken) = (tail, indent);
            }
            taken += word.width();
            match now.spans.last_mut().filter(|last| last.tone == span.tone) {
                Some(last) => last.text.to_mut().push_str(&word),
                None => now.spans.push(Span::new(word, span.tone)),
            }
        }
    }
    out.push(trimmed(now));
}

/// Without the spaces at its end: they would not fit where the line fills the width.
fn trimmed(mut line: Line) -> Line {
    while let Some(last) = line.spans.last_mut() {
        let kept = last.text.trim_end().len();
        if kept > 0 {
            last.text.to_mut().truncate(kept);
            break;
        }
        line.spans.pop();
    }
    line
}

/// The parts between which a line may end, each with the spaces behind it.
fn words(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut last = "";
    for grapheme in text.graphemes(true) {
        let wide = last.width() > 1 || (grapheme.width() > 1 && !"、。）」".contains(grapheme));
        let ends = grapheme != " " && (last == " " || (wide && !"、。）」".contains(grapheme)));
        match parts.last_mut() {
            Some(part) if !ends => part.push_str(grapheme),
            _ => parts.push(grapheme.to_string()),
        }
        last = grapheme;
    }
    parts
}

/// As much of a word as fits, at least one character, and the rest.
fn cut(word: &str, width: usize) -> (String, String) {
    let (mut head, mut taken) = (String::new(), 0);
    for grapheme in word.graphemes(true) {
        taken += grapheme.width();
        if taken > width && !head.is_empty() {
            break;
        }
        head.push_str(grapheme);
    }
    let tail = word.get(head.len()..).unwrap_or_default().to_string();
    (head, tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::Tone;

    fn told(text: &str, width: u16) -> Vec<String> {
        let line = Line::of([Span::new(text.to_string(), Tone::Error)]);
        lines(&[line], width).iter().map(Line::text).collect()
    }

    #[test]
    fn lines_are_broken_at_words_and_continued_below_their_text() {
        assert_eq!(told("short", 10), ["short"]);
        assert_eq!(told("✗ one two three", 9), ["✗ one two", "  three"]);
        assert_eq!(told("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(told("準備ができていません。", 10), ["準備ができ", "ていませ", "ん。"]);
    }

    #[test]
    fn nothing_is_wider_than_it_may_be() {
        for width in 4..30 {
            for line in told(
                "! ポッド web-0 の app コンテナが exit-code-very-long-word-here で終了",
                width,
            ) {
                assert!(line.width() <= usize::from(width), "{line} in {width}");
            }
        }
    }
}
