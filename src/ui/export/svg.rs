//! A picture of the cells: one file that needs nothing else, the same bytes for the same cells.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::core::store::text_width;
use crate::ui::theme::{Paper, Theme, rgb};

/// The width of a cell in units of the picture.
const WIDTH: f32 = 8.4;

/// The height of a cell in units of the picture.
const HEIGHT: f32 = 18.0;

/// The size of the letters.
const FONT: f32 = 14.0;

/// How far below the top of a cell letters stand.
const BASELINE: f32 = 13.5;

/// The space around the cells.
const MARGIN: f32 = 12.0;

const FONTS: &str = "ui-monospace, 'JetBrains Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', \
                     'Noto Sans Mono CJK JP', 'Noto Sans CJK JP', 'MS Gothic', monospace";

type Rgb = (u8, u8, u8);

/// How a run of cells looks.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    fg: Rgb,
    bg: Rgb,
    modifier: Modifier,
}

/// The cells as SVG, on the theme's paper.
pub fn svg(buffer: &Buffer, theme: &Theme) -> String {
    let (columns, rows) = (f32::from(buffer.area.width), f32::from(buffer.area.height));
    let (width, height) = (columns * WIDTH + 2.0 * MARGIN, rows * HEIGHT + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" width=\"{width:.0}\" height=\"{height:.0}\" \
         font-family=\"{FONTS}\" font-size=\"{FONT}\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n",
        hex(theme.paper.bg)
    );
    let mut texts = String::new();
    for (y, row) in super::rows(buffer).iter().enumerate() {
        let top = MARGIN + y as f32 * HEIGHT;
        for run in runs(row, theme.paper) {
            background(&run, top, theme.paper, &mut out);
            text(&run, top, &mut texts);
        }
    }
    out.push_str(&texts);
    out.push_str("</svg>\n");
    out
}

/// Cells beside each other that look the same; a wide character stands alone, so that each is where its cell is.
struct Run {
    x: u16,
    width: u16,
    text: String,
    look: Look,
}

fn runs(row: &[(u16, &Cell)], paper: Paper) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (x, cell) in row {
        let look = look(cell, paper);
        let width = text_width(cell.symbol()).max(1);
        let narrow = cell.symbol().is_ascii();
        match runs.last_mut() {
            Some(run) if run.look == look && narrow && run.text.is_ascii() => {
                run.width += width;
                run.text.push_str(cell.symbol());
            }
            _ => runs.push(Run {
                x: *x,
                width,
                text: cell.symbol().to_string(),
                look,
            }),
        }
    }
    runs
}

fn look(cell: &Cell, paper: Paper) -> Look {
    let colour = |colour: Color, default: Rgb| rgb(colour).unwrap_or(default);
    let (mut fg, mut bg) = (colour(cell.fg, paper.fg), colour(cell.bg, paper.bg));
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut fg, &mut bg);
    }
    if cell.modifier.contains(Modifier::DIM) {
        fg = between(fg, bg);
    }
    Look {
        fg,
        bg,
        modifier: cell.modifier,
    }
}

/// Three fifths of the one and two fifths of the other.
fn between(a: Rgb, b: Rgb) -> Rgb {
    let mix = |a: u8, b: u8| u8::try_from((u16::from(a) * 3 + u16::from(b) * 2) / 5).unwrap_or(a);
    (mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

fn background(run: &Run, top: f32, paper: Paper, out: &mut String) {
    if run.look.bg == paper.bg {
        return;
    }
    let (x, width) = (MARGIN + f32::from(run.x) * WIDTH, f32::from(run.width) * WIDTH);
    let fill = hex(run.look.bg);
    let _ = writeln!(
        out,
        "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{HEIGHT}\" fill=\"{fill}\" shape-rendering=\"crispEdges\"/>"
    );
}

fn text(run: &Run, top: f32, out: &mut String) {
    let trimmed = run.text.trim_end();
    if trimmed.is_empty() {
        return;
    }
    let lead = trimmed.len() - trimmed.trim_start().len();
    let trimmed = trimmed.trim_start();
    let x = MARGIN + (f32::from(run.x) + lead as f32) * WIDTH;
    let wide = f32::from(text_width(trimmed)) * WIDTH;
    let mut style = String::new();
    if text_width(trimmed) > 1 && !trimmed.is_ascii() {
        // Wide letters are as high as wide: larger ones fill their two cells.
        style.push_str(" font-size=\"16\"");
    }
    for (modifier, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ] {
        if run.look.modifier.contains(modifier) {
            style.push_str(attribute);
        }
    }
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{wide:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{style} xml:space=\"preserve\">{}</text>",
        top + BASELINE,
        hex(run.look.fg),
        escaped(trimmed)
    );
}

fn hex((red, green, blue): Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
