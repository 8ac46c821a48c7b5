//! The Python module `rawabit._native`.
//!
//! * [`normalize`]: text to text;
//! * [`texts`]: every kind of text column in;
//! * [`columns`]: every kind of table in;
//! * [`dates`]: the articles' dates;
//! * [`engine`]: the engines that calls share;
//! * [`functions`]: from texts to records;
//! * [`given`]: names from another tagger;
//! * [`lexicon`]: what a user adds to the built-in lists;
//! * [`pairs`]: from records to pair scores and associations;
//! * [`run`]: long work off the GIL, with Ctrl-C and progress;
//! * [`table`]: records out;
//! * [`tagger`]: training and using a tagger of one's own;
//! * [`arrow`]: Arrow through capsules, both ways;
//! * [`errors`]: the exceptions.

mod arrow;
mod columns;
mod dates;
mod engine;
mod errors;
mod functions;
mod given;
mod lexicon;
mod normalize;
mod pairs;
mod run;
mod table;
mod tagger;
mod texts;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    use super::*;

    #[pymodule_export]
    use super::normalize::{Aligned, AlignedTexts, Normalizer, normalize, romanize, transliterate};
    #[pymodule_export]
    use errors::{DataError, RawabitError, TextError};
    #[pymodule_export]
    use functions::{analyze_tables, entities, reasons, relations, sentences, tokens};
    #[pymodule_export]
    use lexicon::Lexicon;
    #[pymodule_export]
    use pairs::{PartialPairs, associations, score_pairs};
    #[pymodule_export]
    use table::{_unpickle_table, Table};
    #[pymodule_export]
    use tagger::Tagger;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
