//! `&App` in, cells out.
