//! What lies on top of a table: texts, the palette, help, the filter's line.

mod chooser;
pub mod describe;
mod filter;
mod help;
mod mask;
mod overview;
mod palette;
mod preview;
mod text;
mod watched;
mod yaml;
mod yaml_text;

use crate::core::registry::Makers;

pub use text::{Content, TextLayer};
pub use yaml::Yaml;

/// The layers that the frame itself opens.
pub const MAKERS: Makers = Makers {
    palette: palette::open,
    help: help::open,
    filter: filter::open,
    preview: preview::open,
    overview: overview::open,
};
