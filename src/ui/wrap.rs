//! Sentences in a width: broken between words, and within a word only where it is wider than the line or has no spaces
//! at all, as Japanese.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::core::store::text_width;

/// The lines of a text that are at most so wide.
pub fn words(text: &str, width: u16) -> Vec<String> {
    let width = width.max(2);
    let mut lines = vec![String::new()];
    for word in text.split_word_bounds() {
        let (room, wide) = match lines.last() {
            Some(line) => (width.saturating_sub(text_width(line)), text_width(word)),
            None => return lines,
        };
        match lines.last_mut() {
            Some(line) if wide <= room => line.push_str(word),
            _ if wide <= width => lines.push(word.to_string()),
            _ => graphemes(word, usize::from(width), &mut lines),
        }
    }
    let lines = lines.iter().map(|line| line.trim().to_string());
    lines.filter(|line| !line.is_empty()).collect()
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
        assert_eq!(words("Nobody listens there.", 10), ["Nobody", "listens", "there."]);
        assert_eq!(words("接続が拒否されました。", 8), ["接続が拒", "否されま", "した。"]);
        assert_eq!(
            words("https://10.0.0.1:6443/x is", 10),
            ["https://", "10.0.0.1:6", "443/x is"]
        );
        assert_eq!(words("", 10), Vec::<String>::new());
    }
}
