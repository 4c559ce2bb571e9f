//! `&App` in, cells out.

pub mod keymaps;
pub mod theme;

/// The names of what konn brings along, for a message.
fn names(built_in: &[(&str, &str)]) -> String {
    let names: Vec<&str> = built_in.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}
