//! Whose claim it is: direct and indirect speech, quotation marks, «بحسب», and how far each reaches.

use crate::Result;
use crate::entity::Entity;
use crate::lexicon::Words;
use crate::lexicon::words::WordIds;
use crate::mention::Mention;
use crate::segment::Document;

use super::Span;
use super::trigger::Trigger;

/// A stretch of text that the article gives as the words of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Tokens `first..last`.
    pub first: u32,
    pub last: u32,
    /// Whose words: the source as it stands in the text.
    pub source: Span,
}

/// Finds claims and, for a trigger, its source, place and date. Immutable; share one among threads.
#[derive(Debug)]
pub struct Attributions {}

impl Attributions {
    /// The built-in verbs and phrases of speech; their words are interned into `words`.
    pub fn new(_words: &mut Words) -> Result<Attributions> {
        Ok(Attributions {})
    }

    /// Write all claims of `document` into `out`, outer ones before those inside them.
    pub fn find(&self, _document: &Document, _ids: &WordIds, _mentions: &[Mention], out: &mut Vec<Claim>) {
        out.clear();
    }

    /// The source of the innermost claim that `trigger` stands in.
    pub fn source(&self, claims: &[Claim], trigger: &Trigger) -> Option<Span> {
        let around = claims.iter().filter(|c| c.first <= trigger.head && trigger.head < c.last);
        around.min_by_key(|c| c.last - c.first).map(|c| c.source)
    }

    /// The place and the date that the trigger's clause gives: indices into `entities`.
    pub fn setting(
        &self,
        _document: &Document,
        _ids: &WordIds,
        _entities: &[Entity],
        _trigger: &Trigger,
    ) -> (Option<u32>, Option<u32>) {
        (None, None)
    }
}
