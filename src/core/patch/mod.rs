//! What makes one state of an object into another: the patch that is sent.

mod keys;
mod merge;
mod strategic;

pub use merge::merge;
pub use strategic::strategic;

#[cfg(test)]
mod tests;
