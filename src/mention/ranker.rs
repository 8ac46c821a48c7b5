//! Which of the possible antecedents an anaphor stands for: boosted trees over how each fits and where it was last named.
//!
//! Each possible antecedent, and the option that the anaphor stands for nobody named, is one [`Row`] of numbers
//! ([`Column`]); the likeliest is taken. Trained on the arguments of annotated relations by `examples/train_mentions`.

use crate::trees::{Trees, columns};
use crate::{Error, Result};

columns! {
    /// A number that the trees look at.
    Column {
        Nobody "is the option that nobody is meant",
        Place "form: what carries the pronoun, anaphor, description",
        Person "person of the pronoun",
        AskedGender "gender asked for",
        AskedNumber "number asked for",
        Owner "owner that the carrying word wants",
        BehindSpeech "stands behind a verb of speech",
        Quoted "stands in quotation marks",
        Kind "kind of candidate",
        Gender "agreement in gender",
        Number "agreement in number",
        Fit "fit of the noun",
        State "agreement in state",
        SameNoun "governs the same noun",
        Recency "recency rank",
        Sentences "sentences since the last mention",
        Tokens "log of tokens since the last mention",
        NamedTokens "log of tokens since it was last named",
        Count "number of mentions",
        CountRank "rank by number of mentions",
        Subject "last mention stands as a subject",
        Oblique "last mention stands behind a preposition",
        Spoke "spoke last",
        FirstSentence "was named in the first sentence",
        FirstNamed "was the first to be named",
        AgreeingBefore "rank by recency among those that agree",
        Adjacent "stands right before the anaphor",
        ByPronoun "last mention is a pronoun",
        ReferentNumber "number of the candidate",
        ReferentGender "gender of the candidate",
        PlaceInSentence "place of the anaphor in its sentence",
        Agreeing "candidates that agree",
        Otherwise "what the noun otherwise means",
        NounClass "class of the noun",
        BestFit "best fit among all candidates",
        SubjectHere "subject of the anaphor's sentence",
        Owned "owned: the description carries a pronoun",
        Suits "the carrying word suits the candidate",
        Pair "one of the two taken together last",
        SamePronoun "the last pronoun of this form stood for it",
    }
}

/// One option as numbers.
pub type Row = [f32; Column::ALL.len()];

/// The trained trees, with the sharpness that makes their scores honest probabilities.
#[derive(Debug, Clone, Default)]
pub struct Ranker {
    pub trees: Trees,
    /// Factor of the scores before they are made probabilities, fitted on held-out articles.
    pub sharpness: f32,
}

const BUILT_IN: &[u8] = include_bytes!("data/antecedents.model");

impl Ranker {
    /// The ranker that the package comes with.
    ///
    /// # Errors
    /// A model file of another version.
    pub fn built_in() -> Result<Ranker> {
        Ranker::from_bytes(BUILT_IN)
    }

    /// The ranker as bytes; [`Ranker::from_bytes`] reads them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.sharpness.to_le_bytes().to_vec();
        bytes.extend(self.trees.to_bytes());
        bytes
    }

    /// A ranker from the bytes of [`Ranker::to_bytes`].
    ///
    /// # Errors
    /// Bytes that are no such ranker.
    pub fn from_bytes(bytes: &[u8]) -> Result<Ranker> {
        let Some((sharpness, trees)) = bytes.split_first_chunk::<4>() else {
            return Err(Error::Model("not a ranker of antecedents".into()));
        };
        let trees = Trees::from_bytes(trees, Column::ALL.len())?;
        Ok(Ranker { trees, sharpness: f32::from_le_bytes(*sharpness) })
    }

    /// The probability of each option, which sum to 1.
    pub fn probabilities(&self, rows: &[Row], out: &mut Vec<f32>) {
        out.clear();
        out.extend(rows.iter().map(|row| self.trees.score(row)));
        let largest = out.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        out.iter_mut().for_each(|score| *score = ((*score - largest) * self.sharpness).exp());
        let sum: f32 = out.iter().sum();
        out.iter_mut().for_each(|score| *score /= sum);
    }

    /// The option to take: the likeliest, and for a pronoun nobody (the last option) only where that is likelier than all
    /// actors together.
    pub fn choice(chances: &[f32], pronoun: bool) -> usize {
        let likeliest =
            |end: usize| (0..end).fold(0, |best, at| if chances[at] > chances[best] { at } else { best });
        match chances.split_last() {
            Some((&nobody, [_, ..])) if pronoun && nobody <= 0.5 => likeliest(chances.len() - 1),
            _ => likeliest(chances.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_ranker_reads_and_its_probabilities_sum_to_one() {
        let ranker = Ranker::built_in().unwrap();
        let mut out = Vec::new();
        ranker.probabilities(
            &[[0.0; Column::ALL.len()], [1.0; Column::ALL.len()], [2.0; Column::ALL.len()]],
            &mut out,
        );
        assert!((out.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{out:?}");
        let again = Ranker::from_bytes(&ranker.to_bytes()).unwrap();
        assert_eq!(again.trees, ranker.trees);
    }

    #[test]
    fn foreign_bytes_are_refused() {
        assert!(Ranker::from_bytes(b"").is_err());
        assert!(Ranker::from_bytes(b"no trees").is_err());
    }
}
