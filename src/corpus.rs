//! Many documents: parallel batches, pair scores, associations.

pub mod pipeline;

pub use pipeline::{Analyzed, Depth, Engine};
