//! Cells as a file: text, text with escape sequences, or a picture.

mod ansi;
mod svg;

use ratatui::buffer::{Buffer, Cell};

pub use crate::ui::render;
pub use ansi::ansi;
pub use svg::svg;

/// The cells as text: no spaces at the ends of lines, a line break after each.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for row in rows(buffer) {
        let line: String = row.iter().map(|(_, cell)| cell.symbol()).collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The rows of cells, each cell with its column. The cell behind a wide character has nothing to show and is left out.
fn rows(buffer: &Buffer) -> Vec<Vec<(u16, &Cell)>> {
    let area = buffer.area;
    let row = |y| {
        let mut cells = Vec::new();
        let mut next = area.left();
        for x in area.left()..area.right() {
            let Some(cell) = buffer.cell((x, y)).filter(|_| x >= next) else {
                continue;
            };
            next = x + crate::core::store::text_width(cell.symbol()).max(1);
            cells.push((x, cell));
        }
        cells
    };
    (area.top()..area.bottom()).map(row).collect()
}
