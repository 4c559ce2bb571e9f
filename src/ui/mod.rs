//! `&App` in, cells out.

pub mod keymaps;
mod theme;

pub use theme::{ColorDepth, Theme, ThemeError};

/// Draws.
pub fn draw(_app: &crate::core::app::App, _theme: &Theme, _frame: &mut ratatui::Frame) {}

/// The names of what konn brings along, for a message.
fn names(built_in: &[(&str, &str)]) -> String {
    let names: Vec<&str> = built_in.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}
