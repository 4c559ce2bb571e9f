//! The pane that shows what matters of the row under the cursor, with a rule between it and the table.

use super::paint::Paint;
use super::theme::Role;
use crate::core::app::App;

/// Draws the pane, where it is open.
pub fn draw(app: &App, paint: &mut Paint) {
    let split = app.split();
    let (Some(area), Some(sheet)) = (split.pane, app.preview_sheet()) else {
        return;
    };
    let rule = paint.role(Role::Border);
    let space = split.pane_space();
    let (x, y) = if split.beside {
        for y in area.y..area.y + area.height {
            paint.text(area.x, y, 1, "│", rule);
        }
        (area.x + 2, area.y)
    } else {
        paint.text(area.x, area.y, area.width, &"─".repeat(usize::from(area.width)), rule);
        (area.x + 1, area.y + 1)
    };
    for (y, line) in (y..y + space.height).zip(&sheet.lines) {
        paint.line(x, y, space.width, line);
    }
}
