//! `&App` in, cells out.

/// A theme.
pub struct Theme;

/// Draws.
pub fn draw(_app: &crate::core::app::App, _theme: &Theme, _frame: &mut ratatui::Frame) {}
