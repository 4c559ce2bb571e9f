//! A screen on which nothing could be read.

use super::paint::Paint;
use crate::core::app::App;
use crate::core::layout::SMALLEST;
use crate::core::text::Tone;
use crate::core::wrap;

/// One sentence: how large the screen must be.
pub fn draw(app: &App, paint: &mut Paint) {
    let (width, height) = (SMALLEST.width.to_string(), SMALLEST.height.to_string());
    let text = app.lang.f("ui.too_small", &[("width", &width), ("height", &height)]);
    for (y, line) in (0..app.size.height).zip(wrap::words(&text, app.size.width)) {
        paint.toned(0, y, app.size.width, &line, Tone::Plain);
    }
}
