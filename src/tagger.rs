//! The sequence model that finds names.
