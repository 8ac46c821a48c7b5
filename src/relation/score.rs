//! One number for a relation: intensity × factuality weight × confidence, 0 where the text denies it.

use serde::Deserialize;

use super::family::Family;
use super::{Factuality, Relation};
use crate::{Error, Result};

/// The weights of factuality, from `data/score.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    certain: f32,
    probable: f32,
    possible: f32,
    unknown: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    factuality: Weights,
}

/// Scores relations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scoring {
    weights: Weights,
}

const DATA: &str = include_str!("data/score.toml");

impl Scoring {
    /// The built-in weights.
    ///
    /// # Errors
    /// A data file that does not read.
    pub fn new() -> Result<Scoring> {
        let file: File = toml::from_str(DATA).map_err(|e| Error::data("score.toml", 1, e.to_string()))?;
        Ok(Scoring { weights: file.factuality })
    }

    /// What a claim of that factuality counts, 0–1.
    pub fn weight(&self, factuality: Factuality) -> f32 {
        match factuality {
            Factuality::Certain => self.weights.certain,
            Factuality::Probable => self.weights.probable,
            Factuality::Possible => self.weights.possible,
            Factuality::Unknown => self.weights.unknown,
        }
    }

    /// The score of a relation of `family`, −10…+10. A negated relation scores 0: its sign never flips.
    pub fn score(&self, family: &Family, relation: &Relation) -> f32 {
        if relation.negated {
            return 0.0;
        }
        family.intensity * self.weight(relation.factuality) * relation.confidence
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::UserLexicon;
    use crate::relation::Span;
    use crate::relation::family::Families;

    #[test]
    fn a_surer_claim_scores_more_and_a_denied_one_nothing() {
        let scoring = Scoring::new().unwrap();
        let families = Families::new(&UserLexicon::default()).unwrap();
        let attack = families.id("ATTACK").unwrap();
        let relation = |factuality, negated| Relation {
            family: attack,
            trigger: Span { start: 0, end: 1 },
            sentence: 0,
            source: 0,
            target: 1,
            factuality,
            negated,
            attribution: None,
            place: None,
            date: None,
            confidence: 0.5,
            rule: "model".into(),
            cues: Vec::new(),
        };
        let score = |f, n| scoring.score(families.get(attack), &relation(f, n));
        assert_eq!(score(Factuality::Certain, false), -4.5);
        assert!(score(Factuality::Certain, false) < score(Factuality::Probable, false));
        assert!(score(Factuality::Probable, false) < score(Factuality::Possible, false));
        assert!(score(Factuality::Possible, false) < score(Factuality::Unknown, false));
        assert_eq!(score(Factuality::Certain, true), 0.0);
    }
}
