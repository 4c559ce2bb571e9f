//! `&App` in, cells out: drawing changes nothing, and the same application always draws the same cells.

mod begun;
mod empty;
pub mod export;
mod footer;
mod header;
mod hints;
pub mod keymaps;
mod layer;
mod paint;
mod plural;
mod preview;
mod table;
mod theme;
mod title;
mod too_small;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::core::app::App;
use crate::core::layer::{Layer, Place};
use paint::Paint;

pub use theme::{ColorDepth, Paper, Role, Theme, ThemeError};

/// Draws the application on a frame, and puts the cursor where a person types.
pub fn draw(app: &App, theme: &Theme, frame: &mut Frame) {
    let mut paint = Paint::new(frame.buffer_mut(), theme);
    if let Some(cursor) = everything(app, &mut paint) {
        frame.set_cursor_position(cursor);
    }
}

/// Draws the application into cells of its own: what a picture is made of.
pub fn render(app: &App, theme: &Theme) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, app.size.width, app.size.height));
    everything(app, &mut Paint::new(&mut buffer, theme));
    buffer
}

/// Draws everything, lowest first. Answers where a person types.
fn everything(app: &App, paint: &mut Paint) -> Option<Position> {
    paint.clear();
    if app.is_too_small() {
        too_small::draw(app, paint);
        return None;
    }
    header::draw(app, paint);
    let covers = |layer: &dyn Layer| matches!(layer.place(), Place::Full | Place::Whole);
    let full = app.layers.iter().rposition(|layer| covers(&**layer));
    let mut cursor = None;
    if full.is_none() {
        title::draw(app, paint);
        table::draw(app, paint);
        preview::draw(app, paint);
    }
    for layer in app.layers.iter().skip(full.unwrap_or(0)) {
        cursor = draw_layer(app, &**layer, paint);
    }
    if app.layers.last().is_none_or(|layer| layer.place() != Place::Whole) || app.notice.is_some() {
        footer::draw(app, paint);
    }
    cursor
}

fn draw_layer(app: &App, layer: &dyn Layer, paint: &mut Paint) -> Option<Position> {
    let sheet = layer.sheet(&app.layer_cx(layer));
    match layer.place() {
        Place::Full => layer::full(app, &sheet, paint),
        Place::Whole => layer::whole(app, &sheet, paint),
        Place::Over(_) => layer::over(app, app.space(layer.place()), &sheet, paint),
        Place::Title => title::typed(app, &sheet, paint),
    }
}

/// The names of what konn brings along, for a message.
fn names(built_in: &[(&str, &str)]) -> String {
    let names: Vec<&str> = built_in.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}
