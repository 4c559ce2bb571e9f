//! What lies on top of a table: texts, the palette, help, the filter's line.

mod answers;
mod chooser;
mod copy;
pub mod copy_files;
pub mod describe;
pub mod dialog;
mod drain;
mod edit;
mod explain;
mod filter;
mod forwards;
mod help;
mod history;
mod kubeconfig;
mod list;
pub mod logs;
mod manifest;
mod open;
mod overview;
mod owners;
pub mod palette;
mod preview;
pub mod rollout;
pub mod shell;
mod shells;
mod subject;
mod text;
mod tree;
mod used_by;
mod watched;
mod yaml;
mod yaml_path;
mod yaml_text;

use crate::core::registry::Makers;

pub use copy::{CopyMenu, Grid};
pub use drain::Drain;
pub use edit::EditLayer;
pub use kubeconfig::{ContextDialog, ContextVerb};
pub use list::{Entries, Entry, ListLayer};
pub use open::open;
pub use owners::Owners;
pub use subject::Subject;
pub use text::{Content, TextLayer};
pub use tree::Tree;
pub use used_by::UsedBy;
pub use yaml::Yaml;

/// The layers that the frame itself opens.
pub const MAKERS: Makers = Makers {
    palette: palette::open,
    help: help::open,
    filter: filter::open,
    forwards: forwards::open,
    leaving: forwards::leaving,
    history: history::open,
    preview: preview::open,
    overview: overview::open,
    tree: tree::open,
    manifest: manifest::open,
    logs: logs::open,
    exec: shell::open,
    shells: shells::open,
    describe: describe::open,
    explain: explain::open,
};
