//! Layers: in place of the table, or in a frame over its middle.

use ratatui::layout::{Position, Rect};

use super::empty;
use super::paint::{Paint, line_width};
use super::theme::Role;
use crate::core::app::App;
use crate::core::event::Size;
use crate::core::layer::Sheet;
use crate::core::layout;
use crate::core::text::Tone;

/// In place of the table: the title where the view's stands, the lines below it.
pub fn full(app: &App, sheet: &Sheet, paint: &mut Paint) -> Option<Position> {
    let (lines, width) = (app.lines(), app.size.width);
    let below = Rect::new(0, lines.title, width, lines.height.saturating_add(1));
    paint.blank(below);
    let info = paint.line_right(width.saturating_sub(1), lines.title, width / 2, &sheet.info);
    paint.line(1, lines.title, info.saturating_sub(3), &sheet.title);
    let area = Rect::new(1, lines.body, width.saturating_sub(2), lines.height);
    if sheet.lines.is_empty() {
        empty::loading(app, area, paint);
    }
    body(sheet, area, paint)
}

/// On the whole screen: its lines and nothing else.
pub fn whole(app: &App, sheet: &Sheet, paint: &mut Paint) -> Option<Position> {
    let area = Rect::new(0, 0, app.size.width, app.size.height);
    paint.blank(area);
    body(sheet, area, paint)
}

/// In a frame over the middle of the table.
pub fn over(app: &App, space: Size, sheet: &Sheet, paint: &mut Paint) -> Option<Position> {
    let lines = app.lines();
    let behind = Rect::new(0, lines.title, app.size.width, lines.height + 1);
    paint.style(behind, paint.role(Role::Behind));
    let (x, y, size) = layout::over(app.size, space);
    let outer = Rect::new(x, y, size.width, size.height);
    paint.blank(outer);
    frame(outer, paint);
    let info = line_width(&sheet.info);
    let inner = size.width.saturating_sub(4);
    if info > 0 && info < inner {
        let end = outer.right().saturating_sub(3);
        paint.toned(
            end.saturating_sub(info + 1),
            y,
            info + 2,
            &" ".repeat(usize::from(info) + 2),
            Tone::Plain,
        );
        paint.line_right(end, y, info, &sheet.info);
    }
    let title = line_width(&sheet.title).min(inner.saturating_sub(info + 6));
    paint.toned(x + 2, y, title + 2, &" ".repeat(usize::from(title) + 2), Tone::Plain);
    paint.line(x + 3, y, title, &sheet.title);
    body(sheet, Rect::new(x + 2, y + 1, space.width, space.height), paint)
}

fn frame(area: Rect, paint: &mut Paint) {
    let style = paint.role(Role::Border);
    let rule = "─".repeat(usize::from(area.width.saturating_sub(2)));
    let last = area.bottom().saturating_sub(1);
    for (y, [left, right]) in [(area.y, ["╭", "╮"]), (last, ["╰", "╯"])] {
        paint.text(area.x, y, area.width, &format!("{left}{rule}{right}"), style);
    }
    for y in area.y + 1..last {
        paint.text(area.x, y, 1, "│", style);
        paint.text(area.right().saturating_sub(1), y, 1, "│", style);
    }
}

fn body(sheet: &Sheet, area: Rect, paint: &mut Paint) -> Option<Position> {
    for (at, (y, line)) in (area.y..area.bottom()).zip(&sheet.lines).enumerate() {
        paint.line(area.x, y, area.width, line);
        if sheet.chosen == Some(at) {
            let row = Rect::new(area.x.saturating_sub(1), y, area.width + 2, 1);
            paint.under(row, paint.role(Role::Cursor));
            paint.toned(row.x, y, 1, "▌", Tone::Accent);
        }
    }
    let (x, y) = sheet.cursor?;
    let x = x.min(area.width.saturating_sub(1));
    (y < area.height).then(|| Position::new(area.x + x, area.y + y))
}
