//! Many documents: parallel batches, pair scores, associations.
//!
//! * [`pipeline`]: one document through all rooms, and many on many threads;
//! * [`parallel`]: batches of work on many threads, results in order;
//! * [`pairs`]: how two actors stand to each other, from all relation mentions;
//! * [`given`]: names from another tagger in the place of our own;
//! * [`association`]: which entities occur together.

pub mod association;
pub mod given;
mod names;
pub mod pairs;
pub mod parallel;
pub mod pipeline;
mod settings;

pub use pipeline::{Analyzed, Depth, Engine};
