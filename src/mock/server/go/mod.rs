//! How Go reads and words data: JSON with its errors, YAML's errors, paths of fields, quoted texts, printed maps.

pub mod json;
pub mod path;
pub mod print;
pub mod yaml;
