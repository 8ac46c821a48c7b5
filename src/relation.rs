//! Relation mentions: who stands how to whom, how sure the text is, and by whose word.
//!
//! * `family`: the families and what they are worth;
//! * `trigger`: the words that express them;
//! * `argument`: which mentions are source and target;
//! * `factuality`: how sure the text presents the claim, and whether it denies it;
//! * `attribution`: whose claim it is;
//! * `score`: intensity, weight and confidence made one number.

pub mod argument;
pub mod attribution;
pub mod factuality;
pub mod family;
pub mod score;
pub mod trigger;

use std::sync::Arc;

use crate::Result;
use crate::entity::Entity;
use crate::lexicon::words::WordIds;
use crate::lexicon::{UserLexicon, Words};
use crate::mention::grammar::{Facts, Grammar};
use crate::mention::{self, Form, Mention};
use crate::segment::Document;
use argument::sentence::Actor;
use argument::{Binder, Binding, Models, Reason, Scratch};
use attribution::{Attributions, Claim};
use factuality::Cues;
use family::{Families, FamilyId};
use score::Scoring;
use trigger::{Trigger, Triggers};

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
    pub triggers: Triggers,
    pub cues: Cues,
    pub attributions: Attributions,
    pub scoring: Scoring,
    grammar: Grammar,
    pub binder: Binder,
    /// What a record of the model alone says of its origin.
    model_name: Arc<str>,
}

/// Memory that finding reuses from document to document.
#[derive(Debug, Default)]
pub struct Memory {
    triggers: Vec<Trigger>,
    bindings: Vec<Binding>,
    claims: Vec<Claim>,
    binding: Scratch,
}

impl Memory {
    /// From now on keep, or no longer keep, what the judge sees of each relation: see [`Finder::reasons`].
    pub fn keep_reasons(&mut self, keep: bool) {
        self.binding.judged = keep.then(Vec::new);
    }
}

/// The trained models of argument binding; `examples/train_relations.rs` writes them.
const MODEL: &[u8] = include_bytes!("relation/data/arguments.model");

impl Finder {
    /// The built-in finder with the user's triggers and families merged over it; its words are interned into `words`.
    ///
    /// # Errors
    /// A data file that does not read, or a user's trigger of an unknown family.
    pub fn new(words: &mut Words, user: &UserLexicon) -> Result<Finder> {
        let models = if MODEL.is_empty() { None } else { Some(Models::from_bytes(MODEL)?) };
        Finder::with_models(words, user, models)
    }

    /// A finder with models of one's own, or none: then only rules bind.
    ///
    /// # Errors
    /// As [`Finder::new`].
    pub fn with_models(words: &mut Words, user: &UserLexicon, models: Option<Models>) -> Result<Finder> {
        let families = Families::new(user)?;
        let triggers = Triggers::new(words, &families, user)?;
        let binder = Binder::new(&triggers, &families, models)?;
        Ok(Finder {
            cues: Cues::new(words)?,
            attributions: Attributions::new(words)?,
            scoring: Scoring::new()?,
            grammar: Grammar::new(words)?,
            model_name: "model".into(),
            families,
            triggers,
            binder,
        })
    }

    /// The relation mentions of `document` in the order of their triggers.
    ///
    /// A verb's unspoken subject that is an argument is added to `mentions`, which keep the order of their start.
    pub fn find(
        &self,
        document: &Document,
        ids: &WordIds,
        entities: &[Entity],
        mentions: &mut Vec<Mention>,
    ) -> Vec<Relation> {
        let mut facts = Facts::default();
        facts.update(&self.grammar, document, ids, entities);
        self.find_with(document, ids, entities, &facts, mentions, &mut Memory::default())
    }

    /// As [`Finder::find`], with the document's facts as the built-in grammar sees them, reusing memory from document
    /// to document.
    pub fn find_with(
        &self,
        document: &Document,
        ids: &WordIds,
        entities: &[Entity],
        facts: &Facts,
        mentions: &mut Vec<Mention>,
        memory: &mut Memory,
    ) -> Vec<Relation> {
        let Memory { triggers, bindings, claims, binding } = memory;
        self.triggers.find(document, ids, triggers);
        bindings.clear();
        if let Some(judged) = &mut binding.judged {
            judged.clear();
        }
        if triggers.is_empty() {
            return Vec::new();
        }
        self.binder.bind(
            document,
            &facts.tokens,
            entities,
            mentions,
            triggers,
            &self.triggers,
            binding,
            bindings,
        );
        if bindings.is_empty() {
            return Vec::new();
        }
        bindings.sort_by_key(|b| b.trigger);
        self.attributions.find(document, ids, mentions, claims);
        let mut relations = Vec::with_capacity(bindings.len());
        let named = mentions.len();
        for binding in &*bindings {
            let trigger = &triggers[binding.trigger as usize];
            let status = self.cues.status(document, ids, trigger, binding.family);
            let (place, date) = self.attributions.setting(document, ids, entities, trigger);
            let mut number = |actor| match actor {
                Actor::Mention(index) => index,
                Actor::Implicit => implicit_subject(document, trigger, mentions, named),
            };
            let (source, target) = (number(binding.source), number(binding.target));
            let is_own = |span| stands_for(&mentions[source as usize], span, mentions);
            let origin = self.attributions.source(document, claims, trigger, binding.family, is_own);
            relations.push(Relation {
                family: binding.family,
                trigger: Span { start: trigger.start, end: trigger.end },
                sentence: document.sentence_of(trigger.first as usize) as u32,
                source,
                target,
                factuality: status.factuality,
                negated: status.negated,
                attribution: origin,
                place,
                date,
                confidence: binding.confidence,
                rule: binding.rule.map_or(&self.model_name, |r| &self.binder.rules.get(r).name).clone(),
                cues: status.cues,
            });
        }
        put_in_order(mentions, named, &mut relations);
        relations
    }

    /// Why each relation of the last document is there, in their order, if `memory` was to keep it: what each measure
    /// added to the judge's logit, the weightiest first.
    pub fn reasons(&self, memory: &Memory) -> Vec<Vec<Reason>> {
        let judged = memory.binding.judged.as_deref().unwrap_or_default();
        let row = |binding: &Binding| judged.get(binding.judged as usize);
        memory.bindings.iter().map(|b| row(b).map_or_else(Vec::new, |row| self.binder.reasons(row))).collect()
    }
}

/// Whether `actor` is whom the words at `span` name.
pub fn stands_for(actor: &Mention, span: Span, mentions: &[Mention]) -> bool {
    let overlaps = |m: &Mention| m.start < span.end && span.start < m.end;
    let begin = mentions.partition_point(|m| m.end <= span.start);
    let mut named = mentions[begin..].iter().take_while(|m| m.start < span.end);
    overlaps(actor) || named.any(|m| overlaps(m) && m.resolved == actor.resolved)
}

/// The number of the mention that is the unspoken subject of the verb `trigger`; it is added where it is new.
fn implicit_subject(
    document: &Document,
    trigger: &Trigger,
    mentions: &mut Vec<Mention>,
    named: usize,
) -> u32 {
    let known = mentions[named..].iter().position(|m| m.first == trigger.head);
    if let Some(at) = known {
        return (named + at) as u32;
    }
    let antecedent = mention::antecedent(&mentions[..named], trigger.first, trigger.gender, trigger.number);
    let text = &document.text[trigger.start as usize..trigger.end as usize];
    mentions.push(Mention {
        start: trigger.start,
        end: trigger.end,
        first: trigger.first,
        last: trigger.last,
        head: trigger.head,
        form: Form::Pronoun,
        entity: antecedent.and_then(|m| m.entity),
        resolved: antecedent.map_or_else(|| text.into(), |m| m.resolved.clone()),
        label: antecedent.and_then(|m| m.label),
        class: None,
        number: trigger.number,
        gender: trigger.gender,
        confidence: 0.4,
    });
    mentions.len() as u32 - 1
}

/// Sort the mentions behind the first `named` in among the others, and tell the relations their new numbers.
fn put_in_order(mentions: &mut Vec<Mention>, named: usize, relations: &mut [Relation]) {
    if mentions.len() == named {
        return;
    }
    let mut order: Vec<u32> = (0..mentions.len() as u32).collect();
    order.sort_by_key(|&i| (mentions[i as usize].start, i));
    let mut place = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old as usize] = new as u32;
    }
    *mentions = order.iter().map(|&old| mentions[old as usize].clone()).collect();
    for relation in relations {
        relation.source = place[relation.source as usize];
        relation.target = place[relation.target as usize];
    }
}
