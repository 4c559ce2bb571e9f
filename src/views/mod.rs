//! One file per view: its columns, declared once.
