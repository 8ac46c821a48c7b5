//! The package's exceptions, and the way from the core's errors to them.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::Error;

pyo3::create_exception!(
    rawabit,
    RawabitError,
    PyValueError,
    "A value that cannot be used; base of the package's own errors and a ValueError."
);
pyo3::create_exception!(
    rawabit,
    TextError,
    RawabitError,
    "A text that is not valid Unicode (a lone surrogate); the message names the row."
);
pyo3::create_exception!(
    rawabit,
    DataError,
    RawabitError,
    "A lexicon, model or CoNLL file that does not read; the message names file and line."
);

impl From<Error> for PyErr {
    fn from(error: Error) -> PyErr {
        match error {
            Error::Value(message) => RawabitError::new_err(message),
            Error::Data { .. } | Error::Model(_) => DataError::new_err(error.to_string()),
        }
    }
}

/// An error of the Arrow layer as a [`RawabitError`].
pub fn arrow(error: arrow_schema::ArrowError) -> PyErr {
    RawabitError::new_err(error.to_string())
}
