//! The records as Arrow columns.
