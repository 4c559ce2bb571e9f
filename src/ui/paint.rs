//! Putting text into cells: cleaned, cut by display width, never outside of the screen.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::theme::{Role, Theme};
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone, clean};

/// Cells to put text into, and the styles for it.
pub struct Paint<'a> {
    buffer: &'a mut Buffer,
    theme: &'a Theme,
}

impl<'a> Paint<'a> {
    /// Puts text into these cells.
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme) -> Self {
        Self { buffer, theme }
    }

    /// The style of a tone.
    pub fn tone(&self, tone: Tone) -> Style {
        self.theme.tone(tone)
    }

    /// The style of a part of the screen.
    pub fn role(&self, role: Role) -> Style {
        self.theme.role(role)
    }

    /// Empties all cells.
    pub fn clear(&mut self) {
        let area = self.buffer.area;
        self.blank(area);
    }

    /// Empties some cells.
    pub fn blank(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for position in area.positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.reset();
            }
        }
        self.buffer.set_style(area, self.theme.role(Role::Screen));
    }

    /// Lays a style over some cells, whatever stands in them.
    pub fn style(&mut self, area: Rect, style: Style) {
        self.buffer.set_style(area, style);
    }

    /// Lays a style below what stands in some cells: what has a background of its own, such as the link that Enter follows,
    /// keeps its style.
    pub fn under(&mut self, area: Rect, style: Style) {
        let paper = self.theme.role(Role::Screen).bg.unwrap_or_default();
        for position in area.intersection(self.buffer.area).positions() {
            let cell = self.buffer.cell_mut(position);
            if let Some(cell) = cell.filter(|cell| cell.bg == paper) {
                cell.set_style(style);
            }
        }
    }

    /// Puts a text at a place, cut to a width. Answers how many cells it took.
    pub fn text(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        let area = self.buffer.area;
        let width = width.min(area.right().saturating_sub(x));
        if y >= area.bottom() || width == 0 {
            return 0;
        }
        let text = fit(text, width);
        let (end, _) = self.buffer.set_stringn(x, y, &text, usize::from(width), style);
        end.saturating_sub(x)
    }

    /// Puts a text in a tone.
    pub fn toned(&mut self, x: u16, y: u16, width: u16, text: &str, tone: Tone) -> u16 {
        self.text(x, y, width, text, self.theme.tone(tone))
    }

    /// Puts a line of spans, cut to a width. Answers how many cells it took.
    pub fn line(&mut self, x: u16, y: u16, width: u16, line: &Line) -> u16 {
        let cut = line_width(line) > width;
        let mut taken = 0;
        for span in &line.spans {
            let left = width.saturating_sub(taken);
            let whole = !cut || text_width(&span.text) < left;
            let x = x.saturating_add(taken);
            let style = self.theme.inked(span.tone, span.ink);
            if !whole {
                // More follows, even where this span would fit to the cell.
                taken += self.text(x, y, left, &format!("{}…", span.text), style);
                break;
            }
            taken += self.text(x, y, left, &span.text, style);
        }
        taken
    }

    /// Puts a line so that it ends at a column, cut to a width. Answers where it begins.
    pub fn line_right(&mut self, end: u16, y: u16, width: u16, line: &Line) -> u16 {
        let wide = line_width(line).min(width);
        let x = end.saturating_sub(wide);
        self.line(x, y, wide, line);
        x
    }
}

/// The width of a line in cells.
pub fn line_width(line: &Line) -> u16 {
    let widths = line.spans.iter().map(|span| text_width(&clean(&span.text)));
    widths.fold(0, u16::saturating_add)
}

/// The text, clean; where it is wider than `width` cells it ends in `…`.
pub fn fit(text: &str, width: u16) -> Cow<'_, str> {
    let text = clean(text);
    if text_width(&text) <= width {
        return text;
    }
    let room = usize::from(width.saturating_sub(1));
    let mut taken = 0;
    let mut cut = String::new();
    for grapheme in text.graphemes(true) {
        taken += grapheme.width();
        if taken > room {
            break;
        }
        cut.push_str(grapheme);
    }
    if width > 0 {
        cut.push('…');
    }
    Cow::Owned(cut)
}

/// A line of several texts with their tones.
pub fn spans<const N: usize>(spans: [(&str, Tone); N]) -> Line {
    Line::of(spans.map(|(text, tone)| Span::new(text.to_string(), tone)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_what_they_take_on_the_screen() {
        for (text, width, wanted) in [
            ("web-0", 5, "web-0"),
            ("web-10", 5, "web-…"),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("🚀🚀", 3, "🚀…"),
            ("a\u{1b}[31mb", 9, "a[31mb"),
            ("web", 1, "…"),
            ("web", 0, ""),
        ] {
            assert_eq!(fit(text, width), wanted, "{text} in {width}");
        }
    }

    #[test]
    fn the_link_under_the_cursor_keeps_its_background() {
        for name in ["dark", "light", "colour-blind-safe", "high-contrast"] {
            let theme = Theme::load(name, None, super::super::ColorDepth::TrueColor).unwrap();
            let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
            let mut paint = Paint::new(&mut buffer, &theme);
            paint.clear();
            paint.line(0, 0, 4, &spans([("ab", Tone::Plain), ("cd", Tone::LinkNow)]));
            paint.under(Rect::new(0, 0, 4, 1), theme.role(Role::Cursor));
            let of = |x: u16| (Some(buffer[(x, 0)].fg), Some(buffer[(x, 0)].bg));
            assert_eq!(of(0).1, theme.role(Role::Cursor).bg, "{name}");
            let link = theme.tone(Tone::LinkNow);
            assert_eq!(of(2), (link.fg, link.bg), "{name}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_ends_once() {
        let theme = Theme::load("dark", None, super::super::ColorDepth::TrueColor).unwrap();
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        let line = spans([("abcd", Tone::Plain), ("efgh", Tone::Good), ("ij", Tone::Warn)]);
        Paint::new(&mut buffer, &theme).line(0, 0, 8, &line);
        let drawn: String = buffer.content.iter().map(|cell| cell.symbol()).collect();
        assert_eq!(drawn, "abcdefg…");
    }
}
