//! Mentions: all words that stand for an actor, named or not, and whom they stand for.
//!
//! * [`grammar`]: what the words are: function words, actor nouns, pronoun suffixes;
//! * [`nominal`]: descriptions and how far they reach;
//! * `anaphors`: what a definite noun that stands alone can mean;
//! * `resolve`: the actors so far, and how each fits an anaphor;
//! * [`ranker`]: which of them it stands for;
//! * `search`: one document from its first word to its last.

mod anaphors;
pub mod grammar;
pub mod nominal;
pub mod ranker;
mod resolve;
mod search;

use std::sync::Arc;

use crate::Result;
use crate::entity::{Entity, Label};
use crate::lexicon::words::WordIds;
use crate::lexicon::{UserLexicon, Words};
use crate::segment::Document;
use anaphors::Anaphors;
use grammar::{ActorClass, Facts, Grammar};
use ranker::{Ranker, Row};
use search::Search;

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
    /// What its noun names, for descriptions and definite anaphors.
    pub class: Option<ActorClass>,
    pub number: Number,
    pub gender: Gender,
    /// 0–1: how sure the resolution is; 1 for names.
    pub confidence: f32,
}

/// Finds the mentions of a document. Immutable; share one among threads.
#[derive(Debug)]
pub struct Finder {
    grammar: Grammar,
    anaphors: Anaphors,
    ranker: Ranker,
}

/// One anaphor with all that it could stand for: what the ranker is trained on.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Bytes of the mention.
    pub start: u32,
    pub end: u32,
    pub form: Form,
    /// A description with a pronoun suffix («حزبه»), which is a mention of its own.
    pub owned: bool,
    /// Names of the options, the words of the mention itself last, with a row for each.
    pub options: Vec<Arc<str>>,
    pub rows: Vec<Row>,
}

impl Finder {
    /// The built-in finder; its words are interned into `words`.
    ///
    /// # Errors
    /// A line of a data file that does not read.
    pub fn new(words: &mut Words, _user: &UserLexicon) -> Result<Finder> {
        Finder::with_ranker(words, Ranker::built_in()?)
    }

    /// As [`Finder::new`], with another ranker of antecedents.
    ///
    /// # Errors
    /// A line of a data file that does not read.
    pub fn with_ranker(words: &mut Words, ranker: Ranker) -> Result<Finder> {
        let grammar = Grammar::new(words)?;
        Ok(Finder { anaphors: Anaphors::new(&grammar)?, grammar, ranker })
    }

    /// Every anaphor of the document with its options, for training the ranker.
    pub fn decisions(&self, document: &Document, ids: &WordIds, entities: &[Entity]) -> Vec<Decision> {
        let mut facts = Facts::default();
        facts.update(&self.grammar, document, ids, entities);
        let mut decisions = Vec::new();
        self.search(document, ids, entities, &facts, Some(&mut decisions));
        decisions
    }

    /// The word lists that mentions are found with.
    pub fn grammar(&self) -> &Grammar {
        &self.grammar
    }

    /// The mentions of `document` in the order of their start: every entity that can act, and what else stands for
    /// an actor.
    pub fn find(&self, document: &Document, ids: &WordIds, entities: &[Entity]) -> Vec<Mention> {
        let mut facts = Facts::default();
        facts.update(&self.grammar, document, ids, entities);
        self.find_with(document, ids, entities, &facts)
    }

    /// As [`Finder::find`], with the document's facts as this finder's grammar sees them.
    pub fn find_with(
        &self,
        document: &Document,
        ids: &WordIds,
        entities: &[Entity],
        facts: &Facts,
    ) -> Vec<Mention> {
        self.search(document, ids, entities, facts, None)
    }

    fn search(
        &self,
        document: &Document,
        ids: &WordIds,
        entities: &[Entity],
        facts: &Facts,
        decisions: Option<&mut Vec<Decision>>,
    ) -> Vec<Mention> {
        Search::new(self, document, ids, entities, &facts.tokens, decisions).mentions()
    }
}

/// The likeliest antecedent of an unspoken subject at token `token`: the nearest earlier actor that agrees, names
/// before descriptions.
pub fn antecedent(mentions: &[Mention], token: u32, gender: Gender, number: Number) -> Option<&Mention> {
    let behind = mentions.partition_point(|m| m.first < token);
    let agrees = |m: &&Mention| {
        m.form != Form::Pronoun
            && m.label != Some(Label::Norp)
            && (m.gender == gender || m.gender == Gender::Unknown || gender == Gender::Unknown)
            && (m.number == number || m.number == Number::Unknown || number == Number::Unknown)
    };
    let near = &mentions[behind.saturating_sub(10)..behind];
    near.iter().rev().find(|m| agrees(m) && m.form == Form::Named).or_else(|| near.iter().rev().find(agrees))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mentions of a text whose names are marked [so:LABEL], as «words», form and what they stand for.
    fn mentions(marked: &str) -> Vec<(String, Form, String)> {
        let (text, spans) = unmark(marked);
        let mut words = Words::default();
        let finder = Finder::new(&mut words, &UserLexicon::default()).unwrap();
        let document = Document::new(&text);
        let mut ids = WordIds::default();
        ids.update(&words, &document);
        let entity = |(start, end, label): &(u32, u32, Label)| Entity {
            start: *start,
            end: *end,
            first: document.tokens.partition_point(|t| t.end <= *start) as u32,
            last: document.tokens.partition_point(|t| t.start < *end) as u32,
            label: *label,
            norm: crate::normalize::fold(&text[*start as usize..*end as usize]),
            canonical: text[*start as usize..*end as usize].into(),
            kind: None,
            code: None,
            english: None,
            value: None,
            score: 1.0,
        };
        let entities: Vec<Entity> = spans.iter().map(entity).collect();
        let found = finder.find(&document, &ids, &entities);
        found
            .iter()
            .map(|m| (text[m.start as usize..m.end as usize].to_string(), m.form, m.resolved.to_string()))
            .collect()
    }

    fn unmark(marked: &str) -> (String, Vec<(u32, u32, Label)>) {
        let (mut text, mut spans) = (String::new(), Vec::new());
        for (index, part) in marked.split(['[', ']']).enumerate() {
            match part.rsplit_once(':') {
                Some((name, label)) if index % 2 == 1 => {
                    let start = text.len() as u32;
                    text.push_str(name);
                    spans.push((start, text.len() as u32, Label::from_name(label).unwrap()));
                }
                _ => text.push_str(part),
            }
        }
        (text, spans)
    }

    #[test]
    fn descriptions_reach_as_far_as_they_describe() {
        for (text, want) in [
            ("قال مسؤولون [أمريكيون:NORP] إن", "مسؤولون أمريكيون"),
            ("دخلت القوات [العراقية:NORP] المدينة", "القوات العراقية"),
            ("نقل عشرة مقاتلين إلى", "عشرة مقاتلين"),
            ("هاجم عدد من مقاتلي [داعش:ORG] القرية", "عدد من مقاتلي داعش"),
            ("نشرت قوات الأمن بيانا", "قوات الأمن"),
            ("وقتل أي مدنيين", "أي مدنيين"),
            ("حكومة [يوسف الشاهد:PER] قررت", "حكومة يوسف الشاهد"),
            ("قال علماء إسلاميين في", "علماء إسلاميين"),
        ] {
            let found = mentions(text);
            assert!(found.iter().any(|(words, ..)| words == want), "{text}: {found:?}");
        }
    }

    #[test]
    fn anaphors_find_whom_they_mean() {
        for (text, words, resolved) in [
            ("أعلن [تنظيم القاعدة:ORG] ذلك. وقال التنظيم إنه", "التنظيم", "تنظيم القاعدة"),
            ("زار [باراك أوباما:PER] [مصر:LOC]. وقال الرئيس", "الرئيس", "باراك أوباما"),
            ("نصب [أبو وليد:PER] ورجاله كمينا", "رجاله", "أبو وليد"),
        ] {
            let found = mentions(text);
            assert!(found.iter().any(|(w, _, r)| w == words && r == resolved), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_dual_is_two_mentions_of_one_span() {
        let found = mentions("[داعش:ORG] و[القاعدة:ORG] عدوان. ويتعاون التنظيمان");
        let dual: Vec<_> =
            found.iter().filter(|(w, ..)| w == "التنظيمان").map(|(.., r)| r.as_str()).collect();
        assert_eq!(dual.len(), 2, "{found:?}");
        assert!(dual.contains(&"داعش") && dual.contains(&"القاعدة"), "{found:?}");
    }

    #[test]
    fn nothing_in_nothing() {
        assert!(mentions("").is_empty());
        assert!(mentions("،").is_empty());
    }
}
