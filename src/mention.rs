//! Mentions: all words that stand for an actor, named or not, and whom they stand for.

use std::sync::Arc;

use crate::Result;
use crate::entity::{Entity, Label};
use crate::lexicon::words::WordIds;
use crate::lexicon::{UserLexicon, Words};
use crate::segment::Document;

/// How a mention names its actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Form {
    /// By name: an entity.
    Named,
    /// By a description: «مسؤولون أمريكيون».
    Nominal,
    /// By a definite anaphor: «التنظيم», «التنظيمين».
    Anaphor,
    /// By a pronoun, independent («هو») or suffixed («رجاله»).
    Pronoun,
}

impl Form {
    /// The name that users see.
    pub fn name(self) -> &'static str {
        match self {
            Form::Named => "named",
            Form::Nominal => "nominal",
            Form::Anaphor => "anaphor",
            Form::Pronoun => "pronoun",
        }
    }
}

pub use crate::lexicon::grammar::{Gender, Number};

/// One mention. A dual anaphor («التنظيمين») that stands for two entities is two mentions with one span.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Bytes `start..end` of the original text; for a suffix pronoun the whole word that carries it.
    pub start: u32,
    pub end: u32,
    /// Tokens `first..last`.
    pub first: u32,
    pub last: u32,
    /// Token of the head noun.
    pub head: u32,
    pub form: Form,
    /// The entity of the document that it stands for (an anaphor's antecedent), as an index.
    pub entity: Option<u32>,
    /// Canonical name of that entity, or the mention's own words where it names none.
    pub resolved: Arc<str>,
    pub label: Option<Label>,
    pub number: Number,
    pub gender: Gender,
    /// 0–1: how sure the resolution is; 1 for names.
    pub confidence: f32,
}

/// Finds the mentions of a document. Immutable; share one among threads.
#[derive(Debug)]
pub struct Finder {}

impl Finder {
    /// The built-in finder; its words are interned into `words`.
    pub fn new(_words: &mut Words, _user: &UserLexicon) -> Result<Finder> {
        Ok(Finder {})
    }

    /// The mentions of `document` in the order of their start: every entity that can act, and what else stands for
    /// an actor.
    pub fn find(&self, _document: &Document, _ids: &WordIds, entities: &[Entity]) -> Vec<Mention> {
        let named = entities.iter().enumerate().filter(|(_, e)| !e.label.is_value());
        named
            .map(|(index, e)| Mention {
                start: e.start,
                end: e.end,
                first: e.first,
                last: e.last,
                head: e.first,
                form: Form::Named,
                entity: Some(index as u32),
                resolved: e.canonical.clone(),
                label: Some(e.label),
                number: Number::Unknown,
                gender: Gender::Unknown,
                confidence: 1.0,
            })
            .collect()
    }
}
