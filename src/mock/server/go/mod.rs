//! How Go reads and words data: JSON with its errors, YAML's errors, quoted texts, printed maps.

pub mod json;
pub mod print;
pub mod yaml;
