//! The lines of a dialog: which of them are seen, and where a person types.

use crate::core::command::Command;
use crate::core::event::Size;
use crate::core::layer::{Place, Sheet};
use crate::core::text::Line;

/// The lines of a dialog. Until a person scrolls, where they type stays in sight.
#[derive(Default)]
pub struct Window {
    lines: Vec<Line>,
    /// Column and line where a person types, among all lines.
    cursor: Option<(u16, u16)>,
    /// The first line that is seen, where a person scrolled.
    top: Option<usize>,
}

impl Window {
    /// A window on these lines.
    pub fn of(lines: Vec<Line>, cursor: Option<(u16, u16)>) -> Self {
        Self {
            lines,
            cursor,
            top: None,
        }
    }

    /// Has other lines from now on.
    pub fn set(&mut self, lines: Vec<Line>, cursor: Option<(u16, u16)>) {
        (self.lines, self.cursor) = (lines, cursor);
    }

    /// Where it lies: over the middle of the table, as high as its lines.
    pub fn place(&self, width: u16, least: u16) -> Place {
        let height = u16::try_from(self.lines.len()).unwrap_or(u16::MAX).max(least);
        Place::Over(Size { width, height })
    }

    /// Shows where a person types again.
    pub fn follow(&mut self) {
        self.top = None;
    }

    /// Shows the first line, wherever a person types.
    pub fn to_start(&mut self) {
        self.top = Some(0);
    }

    /// Shows the last line.
    pub fn to_end(&mut self) {
        self.top = Some(self.lines.len());
    }

    /// Goes up or down by so many lines, and not beyond the ends.
    pub fn scroll(&mut self, by: isize, height: u16) {
        self.top = Some(self.first(height).saturating_add_signed(by).min(self.last_top(height)));
    }

    /// Goes up or down by a page, where a command says so.
    pub fn page(&mut self, command: Command, height: u16) -> bool {
        let page = isize::try_from(height.max(2) - 1).unwrap_or(1);
        match command {
            Command::PageUp => self.scroll(-page, height),
            Command::PageDown => self.scroll(page, height),
            _ => return false,
        }
        true
    }

    /// The largest first line: the last page is full.
    fn last_top(&self, height: u16) -> usize {
        self.lines.len().saturating_sub(usize::from(height))
    }

    fn first(&self, height: u16) -> usize {
        let typed = self.cursor.map_or(0, |(_, y)| usize::from(y));
        let follows = || (typed + 1).saturating_sub(usize::from(height));
        self.top.unwrap_or_else(follows).min(self.last_top(height))
    }

    /// How many of the lines lie above the end of what is seen, and how many there are.
    pub fn seen(&self, height: u16) -> (usize, usize) {
        let all = self.lines.len();
        ((self.first(height) + usize::from(height)).min(all), all)
    }

    /// What is seen.
    pub fn sheet(&self, title: Line, height: u16) -> Sheet {
        let top = self.first(height);
        let cursor = self.cursor.and_then(|(x, y)| {
            let y = y.checked_sub(u16::try_from(top).ok()?)?;
            (y < height).then_some((x, y))
        });
        Sheet {
            title,
            lines: self.lines.iter().skip(top).take(usize::from(height)).cloned().collect(),
            cursor,
            ..Sheet::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(count: usize, typed: Option<u16>) -> Window {
        let lines = (0..count).map(|at| Line::plain(at.to_string())).collect();
        Window::of(lines, typed.map(|y| (3, y)))
    }

    fn first(window: &Window) -> (String, Option<(u16, u16)>) {
        let sheet = window.sheet(Line::default(), 4);
        (sheet.lines.first().map(Line::text).unwrap_or_default(), sheet.cursor)
    }

    #[test]
    fn where_a_person_types_is_in_sight_until_they_scroll() {
        let mut window = window(10, Some(6));
        assert_eq!(first(&window), ("3".into(), Some((3, 3))));
        window.page(Command::PageUp, 4);
        assert_eq!(first(&window), ("0".into(), None));
        window.follow();
        assert_eq!(first(&window), ("3".into(), Some((3, 3))));
    }

    #[test]
    fn no_page_leads_beyond_the_end() {
        let mut window = window(10, None);
        for (step, wanted) in [
            (Command::PageUp, "0"),
            (Command::PageDown, "3"),
            (Command::PageDown, "6"),
            (Command::PageDown, "6"),
            (Command::PageUp, "3"),
        ] {
            assert!(window.page(step, 4));
            assert_eq!(first(&window).0, wanted, "{step:?}");
        }
        window.to_end();
        assert_eq!((first(&window).0.as_str(), window.seen(4)), ("6", (10, 10)));
        window.scroll(-1, 4);
        assert_eq!(first(&window).0, "5");
        assert!(!window.page(Command::Enter, 4));
        assert_eq!(super::Window::default().sheet(Line::default(), 0).lines.len(), 0);
    }
}
