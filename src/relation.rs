//! Relation mentions: who stands how to whom, how sure the text is, and by whose word.
//!
//! * `family`: the families and what they are worth;
//! * `trigger`: the words that express them;
//! * `argument`: which mentions are source and target;
//! * `factuality`: how sure the text presents the claim, and whether it denies it;
//! * `attribution`: whose claim it is;
//! * `score`: intensity, weight and confidence made one number.

pub mod attribution;
pub mod factuality;
pub mod family;
pub mod trigger;

use std::sync::Arc;

use crate::Result;
use crate::entity::Entity;
use crate::lexicon::words::WordIds;
use crate::lexicon::{UserLexicon, Words};
use crate::mention::Mention;
use crate::segment::Document;
use family::{Families, FamilyId};

/// How sure the text itself presents a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Factuality {
    Certain,
    Probable,
    Possible,
    Unknown,
}

impl Factuality {
    /// All values, in the order of their numbers.
    pub const ALL: [Factuality; 4] =
        [Factuality::Certain, Factuality::Probable, Factuality::Possible, Factuality::Unknown];

    /// The name that users see.
    pub fn name(self) -> &'static str {
        match self {
            Factuality::Certain => "certain",
            Factuality::Probable => "probable",
            Factuality::Possible => "possible",
            Factuality::Unknown => "unknown",
        }
    }
}

/// Bytes `start..end` of the original text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

/// One relation mention.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    pub family: FamilyId,
    pub trigger: Span,
    /// Index of the sentence that the trigger stands in.
    pub sentence: u32,
    /// Indices into the document's mentions.
    pub source: u32,
    pub target: u32,
    pub factuality: Factuality,
    pub negated: bool,
    /// Whom the text gives as the origin of the claim: the words, as they stand.
    pub attribution: Option<Span>,
    /// Indices into the document's entities, where the clause gives them.
    pub place: Option<u32>,
    pub date: Option<u32>,
    /// Calibrated probability that the record is right, 0–1.
    pub confidence: f32,
    /// What produced the record.
    pub rule: Arc<str>,
    /// Cue words that decided factuality and negation.
    pub cues: Vec<Span>,
}

/// Finds the relation mentions of a document. Immutable; share one among threads.
#[derive(Debug)]
pub struct Finder {
    pub families: Families,
}

impl Finder {
    /// The built-in finder with the user's triggers and families merged over it; its words are interned into `words`.
    pub fn new(_words: &mut Words, user: &UserLexicon) -> Result<Finder> {
        Ok(Finder { families: Families::new(user)? })
    }

    /// The relation mentions of `document` in the order of their triggers.
    pub fn find(
        &self,
        _document: &Document,
        _ids: &WordIds,
        _entities: &[Entity],
        _mentions: &[Mention],
    ) -> Vec<Relation> {
        Vec::new()
    }
}
