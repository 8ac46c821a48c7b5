//! The one error type of the crate: every message names the place.

use std::fmt;

/// What can go wrong outside of a programming mistake.
#[derive(Debug)]
pub enum Error {
    /// A data or model file that does not read: which, where in it, and what is wrong.
    Data { file: String, line: usize, message: String },
    /// A value that a user gave and that cannot be used.
    Value(String),
    /// A model file of another format or version.
    Model(String),
}

/// `std::result::Result` with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error at a line (1-based) of a data file.
    pub fn data(file: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Error::Data { file: file.into(), line, message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Data { file, line, message } => write!(f, "{file}:{line}: {message}"),
            Error::Value(message) => f.write_str(message),
            Error::Model(message) => write!(f, "model: {message}"),
        }
    }
}

impl std::error::Error for Error {}
