//! The numbers of `data/pairs.toml`.

use serde::Deserialize;

use crate::{Error, Result};

const FILE: &str = "pairs.toml";
const DATA: &str = include_str!("data/pairs.toml");

/// How a pair's mentions become its score; see the comments of the file for the sources.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Score of a pair of which nothing is known.
    pub prior_mean: f64,
    /// How many documents of full confidence it weighs.
    pub prior_strength: f64,
    /// Variance of what documents say about one pair.
    pub within_variance: f64,
    /// How many documents that variance weighs; more than 1.
    pub variance_strength: f64,
    /// Share of the predictive distribution inside the interval.
    pub level: f64,
}

/// All of the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Settings {
    pub score: Score,
    pub max_entities: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    score: Score,
    association: Association,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Association {
    max_entities: usize,
}

impl Settings {
    /// What the crate ships.
    pub fn built_in() -> Result<Settings> {
        let file: File = toml::from_str(DATA).map_err(|error| Error::data(FILE, 1, error.to_string()))?;
        Ok(Settings { score: file.score, max_entities: file.association.max_entities })
    }
}
