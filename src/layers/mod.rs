//! What lies on top of a table.
