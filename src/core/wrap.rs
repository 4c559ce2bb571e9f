//! Sentences in a width: broken at spaces, and between any two wide characters, as Japanese is; a word that is wider
//! than the line is broken where it must be.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What may not begin a line.
const CLOSING: &str = "、。，．・：；？！）」』】〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ";

/// What may not end a line.
const OPENING: &str = "（「『【〈《";

/// The lines of a text that are at most so wide.
pub fn words(text: &str, width: u16) -> Vec<String> {
    let width = usize::from(width.max(2));
    let mut lines: Vec<String> = Vec::new();
    for word in unbroken(text) {
        match lines.last_mut() {
            Some(line) if line.width() + word.trim_end().width() <= width => line.push_str(&word),
            _ if word.trim_end().width() <= width => lines.push(word),
            _ => graphemes(&word, width, &mut lines),
        }
    }
    let lines = lines.iter().map(|line| line.trim().to_string());
    lines.filter(|line| !line.is_empty()).collect()
}

/// The parts between which a line may end, each with the spaces behind it.
fn unbroken(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut last = "";
    for grapheme in text.graphemes(true) {
        let wide = last.width() > 1 || grapheme.width() > 1;
        let held = CLOSING.contains(grapheme) || (!last.is_empty() && OPENING.contains(last));
        let ends = (last == " " && grapheme != " ") || (wide && !held && grapheme != " ");
        match parts.last_mut() {
            Some(part) if !ends => part.push_str(grapheme),
            _ => parts.push(grapheme.to_string()),
        }
        last = grapheme;
    }
    parts
}

fn graphemes(word: &str, width: usize, lines: &mut Vec<String>) {
    for grapheme in word.graphemes(true) {
        match lines.last_mut() {
            Some(line) if line.width() + grapheme.width() <= width => line.push_str(grapheme),
            _ => lines.push(grapheme.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_broken_between_words() {
        for (text, width, wanted) in [
            ("Nobody listens there.", 10, vec!["Nobody", "listens", "there."]),
            ("at least 40×8.", 13, vec!["at least", "40×8."]),
            ("接続が拒否されました。", 8, vec!["接続が拒", "否されま", "した。"]),
            ("接続しました。", 12, vec!["接続しまし", "た。"]),
            ("「Pod」は", 7, vec!["「Pod」", "は"]),
            (
                "https://10.0.0.1:6443/x is",
                10,
                vec!["https://10", ".0.0.1:644", "3/x is"],
            ),
            ("", 10, vec![]),
        ] {
            assert_eq!(words(text, width), wanted, "{text}");
        }
    }
}
