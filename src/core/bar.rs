//! How full something is, drawn with text.

use crate::core::text::{Span, Tone};

/// From here on it is worth a look.
const NEAR: f64 = 0.8;

/// The parts of a cell, from an eighth to seven.
const EIGHTHS: [&str; 7] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// The tone of a number that is a share: plain, unless it is worth a look.
pub fn number_tone(share: f64) -> Tone {
    match tone(share) {
        Tone::Good => Tone::Plain,
        tone => tone,
    }
}

/// What a share means: near its end it is worth a look, at its end it is an error.
pub fn tone(share: f64) -> Tone {
    match share {
        share if share >= 1.0 => Tone::Error,
        share if share >= NEAR => Tone::Warn,
        _ => Tone::Good,
    }
}

/// The share of a whole; nothing of nothing is nothing.
pub fn share(used: f64, whole: f64) -> f64 {
    if whole > 0.0 { used / whole } else { 0.0 }
}

/// A bar of so many cells in one text.
pub fn text(share: f64, width: usize) -> String {
    spans(share, width).iter().map(|span| span.text.as_ref()).collect()
}

/// A bar of so many cells.
pub fn spans(share: f64, width: usize) -> [Span; 2] {
    let eighths = (share.clamp(0.0, 1.0) * width as f64 * 8.0).round() as usize;
    let mut full = "█".repeat(eighths / 8);
    let part = EIGHTHS.get((eighths % 8).wrapping_sub(1)).copied().unwrap_or_default();
    full.push_str(part);
    let taken = eighths.div_ceil(8);
    let rest = "░".repeat(width.saturating_sub(taken));
    [Span::new(full, tone(share)), Span::new(rest, Tone::Muted)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_full_as_the_share() {
        for (share, bar) in [
            (0.0, "░░░░"),
            (0.25, "█░░░"),
            (0.5, "██░░"),
            (0.59, "██▍░"),
            (1.0, "████"),
            (7.0, "████"),
            (-1.0, "░░░░"),
        ] {
            let drawn: String = spans(share, 4).iter().map(|span| span.text.as_ref()).collect();
            assert_eq!(drawn, bar, "{share}");
        }
    }

    #[test]
    fn what_is_nearly_full_is_pointed_out() {
        assert_eq!(
            (tone(0.79), tone(0.8), tone(1.0)),
            (Tone::Good, Tone::Warn, Tone::Error)
        );
        assert_eq!(share(1.0, 0.0), 0.0);
    }
}
