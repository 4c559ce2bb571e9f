//! Arguments to runtime.
fn main() {}
