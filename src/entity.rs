//! Entities: names, dates and numbers, each with what it stands for.
//!
//! * `names`: spans from the tagger, with proclitics cut;
//! * `article`: names that the rest of the article speaks for;
//! * `values`: dates, times, numbers, percents, money by rule, with their values;
//! * `listed`: the user's entities, and names that the user blocks;
//! * `context`: names that their company makes or unmakes;
//! * `link`: canonical names, kinds and codes.

pub mod article;
pub mod context;
pub mod link;
pub mod listed;
pub mod names;
pub mod values;

use std::sync::Arc;

use crate::Result;
use crate::lexicon::words::WordIds;
use crate::lexicon::{UserLexicon, Words};
use crate::segment::Document;
use crate::tagger::Tagger;

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Label {
    Per,
    Org,
    Loc,
    Norp,
    Event,
    Misc,
    Date,
    Time,
    Number,
    Percent,
    Money,
}

impl Label {
    /// All labels, in the order of their numbers.
    pub const ALL: [Label; 11] = [
        Label::Per,
        Label::Org,
        Label::Loc,
        Label::Norp,
        Label::Event,
        Label::Misc,
        Label::Date,
        Label::Time,
        Label::Number,
        Label::Percent,
        Label::Money,
    ];

    /// The name that users see («PER»).
    pub fn name(self) -> &'static str {
        match self {
            Label::Per => "PER",
            Label::Org => "ORG",
            Label::Loc => "LOC",
            Label::Norp => "NORP",
            Label::Event => "EVENT",
            Label::Misc => "MISC",
            Label::Date => "DATE",
            Label::Time => "TIME",
            Label::Number => "NUMBER",
            Label::Percent => "PERCENT",
            Label::Money => "MONEY",
        }
    }

    /// The label of that name.
    pub fn from_name(name: &str) -> Option<Label> {
        Label::ALL.into_iter().find(|label| label.name() == name)
    }

    /// A date, a time, a number or an amount: found by rule, not by the tagger.
    pub fn is_value(self) -> bool {
        matches!(self, Label::Date | Label::Time | Label::Number | Label::Percent | Label::Money)
    }
}

/// One entity of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Bytes `start..end` of the original text.
    pub start: u32,
    pub end: u32,
    /// Tokens `first..last` that the span stands in; the first may have proclitics that the span leaves out.
    pub first: u32,
    pub last: u32,
    pub label: Label,
    /// The span in readable normalized spelling.
    pub norm: String,
    /// Canonical name: one for all aliases. Never empty.
    pub canonical: Arc<str>,
    /// country, city, armed_group, party, company, media, …
    pub kind: Option<Arc<str>>,
    /// ISO country code, actor code, or the user's id.
    pub code: Option<Arc<str>>,
    /// The entity's name in English, where the tables know it.
    pub english: Option<Arc<str>>,
    /// ISO 8601 for dates and times, a plain decimal for numbers.
    pub value: Option<String>,
    /// 0–1: how sure the finder is.
    pub score: f32,
}

/// A calendar day, for dates relative to an article's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

/// Finds the entities of a document. Immutable; share one among threads.
#[derive(Debug)]
pub struct Finder {
    context: context::Context,
    links: link::Links,
    listed: listed::Listed,
    names: names::Names,
    values: values::Values,
}

impl Finder {
    /// The built-in finder with the user's entities merged over it; its words are interned into `words`.
    pub fn new(words: &mut Words, user: &UserLexicon) -> Result<Finder> {
        Ok(Finder {
            context: context::Context::built_in(),
            links: link::Links::new(user)?,
            listed: listed::Listed::new(words, user)?,
            names: names::Names::new(words, user)?,
            values: values::Values::new(words)?,
        })
    }

    /// As [`Finder::new`], with names by a user's tagger, whose labels must be those of [`Label`].
    pub fn with_tagger(words: &mut Words, user: &UserLexicon, tagger: Arc<Tagger>) -> Result<Finder> {
        Ok(Finder { names: names::Names::of_tagger(tagger)?, ..Finder::new(words, user)? })
    }

    /// The entities of `document` in the order of their start, without overlaps. `date` is the article's.
    pub fn find(&self, document: &Document, ids: &WordIds, date: Option<Day>) -> Vec<Entity> {
        self.find_with(document, ids, date, &mut names::Scratch::default())
    }

    /// As [`Finder::find`], reusing memory from document to document.
    pub fn find_with(
        &self,
        document: &Document,
        ids: &WordIds,
        date: Option<Day>,
        scratch: &mut names::Scratch,
    ) -> Vec<Entity> {
        let mut names = self.names.find(document, scratch);
        names.retain(|name| self.context.supports(document, name));
        context::part(document, &mut names, &self.links, self.names.table());
        let joined = context::joined(document, &names, &self.links);
        if !joined.is_empty() {
            names = merge(names, joined);
        }
        let listed = self.listed.find(document, ids);
        if !listed.is_empty() {
            names = merge(listed, names);
        }
        self.links.resolve(&mut names);
        let values = self.values.find(document, ids, date);
        drop_inside(&mut names, &values);
        let mut all = merge(names, values);
        all.retain(|entity| !self.listed.blocks(entity));
        all
    }
}

/// Drop the names that are a part of a longer value: «27 دينارا ليبيا» names no country.
fn drop_inside(names: &mut Vec<Entity>, values: &[Entity]) {
    let mut next = 0;
    names.retain(|name| {
        while values.get(next).is_some_and(|value| value.end < name.end) {
            next += 1;
        }
        let inside =
            |value: &Entity| value.start <= name.start && value.end - value.start > name.end - name.start;
        !values.get(next).is_some_and(inside)
    });
}

/// Both lists in the order of their start; where two overlap, that of `first` stays.
///
/// Both must be in order and without overlaps of their own.
fn merge(first: Vec<Entity>, second: Vec<Entity>) -> Vec<Entity> {
    let mut all = Vec::with_capacity(first.len() + second.len());
    let mut rest = second.into_iter().peekable();
    for entity in first {
        while let Some(other) = rest.next_if(|other| other.start < entity.end) {
            if other.end <= entity.start {
                all.push(other);
            }
        }
        all.push(entity);
    }
    all.extend(rest);
    all
}
