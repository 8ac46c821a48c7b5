//! The Python module `rawabit._native`.
//!
//! * [`texts`]: every kind of text column in;
//! * [`arrow`]: Arrow through capsules, both ways;
//! * [`run`]: long work off the GIL, with Ctrl-C and progress;
//! * [`table`]: records out;
//! * [`errors`]: the exceptions.

mod arrow;
mod errors;
mod run;
mod texts;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
