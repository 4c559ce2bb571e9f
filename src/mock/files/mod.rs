//! The files of containers: what their images hold, what their volumes hold, and what was written since they started.

mod disks;
mod env;
mod images;
mod mounts;
mod tree;
mod volumes;

pub use disks::{Disks, open};
pub use env::{note_start, running_environment};
pub use images::{Image, image};
pub use mounts::{Files, absolute};
pub use tree::{Entry, Node, Trouble};
