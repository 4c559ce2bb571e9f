//! The last line: the keys that do something here, the keys that were begun, or what the last thing did.

use ratatui::layout::Rect;

use super::paint::Paint;
use super::theme::Role;
use super::{begun, hints};
use crate::core::app::App;
use crate::core::notice::Notice;
use crate::core::text::Tone;
use crate::core::wrap;

/// How many lines a long notice takes at most.
const TALLEST: usize = 3;

/// Draws the last line.
pub fn draw(app: &App, paint: &mut Paint) {
    let (y, width) = (app.lines().footer, app.size.width);
    let row = Rect::new(0, y, width, 1);
    paint.blank(row);
    paint.style(row, paint.role(Role::Footer));
    let room = width.saturating_sub(2);
    if !app.pending.is_empty() {
        begun::draw(app, paint);
    } else if let Some((notice, _)) = &app.notice {
        say(app, notice, paint);
    } else {
        let (left, right) = hints::lines(app, room);
        paint.line(1, y, room, &left);
        paint.line_right(width.saturating_sub(1), y, room, &right);
    }
}

/// What the last thing did. A text of more than a line grows upwards over the table.
fn say(app: &App, notice: &Notice, paint: &mut Paint) {
    let mark = if notice.tone == Tone::Good {
        "✓"
    } else {
        notice.tone.mark()
    };
    let room = app.size.width.saturating_sub(4);
    let mut lines = wrap::words(&notice.text, room);
    if lines.len() > TALLEST {
        let rest = lines.split_off(TALLEST - 1).join(" ");
        lines.push(rest);
    }
    let height = u16::try_from(lines.len()).unwrap_or(1).max(1);
    let top = (app.lines().footer + 1).saturating_sub(height);
    paint.blank(Rect::new(0, top, app.size.width, height));
    paint.toned(1, top, 1, mark, notice.tone);
    for (y, line) in (top..).zip(&lines) {
        paint.toned(3, y, room, line, notice.tone);
    }
}
