//! Whom an anaphor or a pronoun stands for: the most salient earlier actor that agrees with it.

use std::sync::Arc;

use super::anaphors::{Meaning, Otherwise};
use super::grammar::{ActorClass, NounForm, PronounForm};
use super::{Form, Gender, Mention, Number};
use crate::entity::{Entity, Label};

/// An actor that later words may refer back to.
#[derive(Debug, Clone)]
pub(super) struct Referent {
    pub entity: Option<u32>,
    pub resolved: Arc<str>,
    pub label: Option<Label>,
    pub class: Option<ActorClass>,
    pub kind: Option<Arc<str>>,
    /// Nouns that its name begins with, that describe it, or that are its title: lines of `actors.tsv`, 0 for none.
    pub nouns: [u16; 4],
    pub gender: Gender,
    pub number: Number,
    /// Token and sentence of the last mention.
    pub token: u32,
    pub sentence: u32,
    /// Number of mentions so far.
    pub count: u32,
    /// The last mention stands right behind a verb or opens its sentence.
    pub subject: bool,
}

impl Referent {
    /// The actor was called by `noun` too.
    pub fn called(&mut self, noun: u16) {
        if noun != 0
            && !self.nouns.contains(&noun)
            && let Some(free) = self.nouns.iter_mut().find(|n| **n == 0)
        {
            *free = noun;
        }
    }
}

/// How many referents back an anaphor may reach.
const WINDOW: usize = 24;

/// What an anaphor asks of its antecedent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The definite noun and what it can mean; none for a pronoun.
    pub noun: Option<NounForm>,
    pub meaning: Option<&'a Meaning>,
    pub gender: Gender,
    pub number: Number,
    pub sentence: u32,
}

impl Wanted<'_> {
    pub fn pronoun(form: PronounForm, sentence: u32) -> Wanted<'static> {
        Wanted { noun: None, meaning: None, gender: form.gender, number: form.number, sentence }
    }
}

/// The actors of a document so far.
#[derive(Debug, Default)]
pub(super) struct Discourse {
    referents: Vec<Referent>,
    /// The last two actors that the text took together («داعش والقاعدة», «التنظيمين»), and their sentence.
    pair: Option<([Arc<str>; 2], u32)>,
}

/// How many sentences a pair taken together stays one.
const PAIR_SENTENCES: u32 = 4;

impl Discourse {
    /// A mention was made: its actor is the most recent one.
    ///
    /// `nouns` are those that the mention calls it by.
    pub fn mention(
        &mut self,
        mention: &Mention,
        nouns: [u16; 3],
        kind: Option<&Arc<str>>,
        sentence: u32,
        subject: bool,
    ) {
        let known = self.referents.iter().rposition(|r| *r.resolved == *mention.resolved);
        let mut referent = match known {
            Some(at) => self.referents.remove(at),
            None => Referent {
                entity: mention.entity,
                resolved: mention.resolved.clone(),
                label: mention.label,
                class: mention.class,
                kind: None,
                nouns: [0; 4],
                gender: mention.gender,
                number: mention.number,
                token: 0,
                sentence: 0,
                count: 0,
                subject: false,
            },
        };
        if mention.form == Form::Named {
            referent.entity = mention.entity;
        }
        referent.kind = referent.kind.or_else(|| kind.cloned());
        for noun in nouns {
            referent.called(noun);
        }
        referent.token = mention.first;
        referent.sentence = sentence;
        referent.subject = subject;
        referent.count += 1;
        if self.referents.len() >= WINDOW {
            self.referents.remove(0);
        }
        self.referents.push(referent);
    }

    /// The text took two actors together.
    pub fn pair(&mut self, first: &Arc<str>, second: &Arc<str>, sentence: u32) {
        if first != second {
            self.pair = Some(([first.clone(), second.clone()], sentence));
        }
    }

    /// The pair taken together last, if both suit.
    fn last_pair(&self, wanted: Wanted) -> Option<[Option<(&Referent, f32)>; 2]> {
        let (names, sentence) = self.pair.as_ref()?;
        if wanted.sentence > sentence + PAIR_SENTENCES {
            return None;
        }
        let find = |name: &Arc<str>| self.referents.iter().rev().find(|r| *r.resolved == **name);
        let (first, second) = (find(&names[0])?, find(&names[1])?);
        let fits = |r: &Referent| wanted.noun.is_none_or(|noun| pair_fit(noun, r));
        (fits(first) && fits(second)).then_some([Some((first, 0.8)), Some((second, 0.8))])
    }

    /// The best `count` different antecedents, best first, each with its plausibility 0–1.
    pub fn antecedents(&self, wanted: Wanted, count: usize) -> [Option<(&Referent, f32)>; 2] {
        if count > 1
            && let Some(pair) = self.last_pair(wanted)
        {
            return pair;
        }
        let mut best: [Option<(&Referent, f32)>; 2] = [None, None];
        for (distance, referent) in self.referents.iter().rev().enumerate() {
            let Some(mut score) = plausibility(referent, wanted, distance) else { continue };
            if count > 1 {
                // Two organisations that a text takes together are what it is about.
                score += 0.05 * referent.count.min(8) as f32;
            }
            if best[0].is_none_or(|(_, s)| score > s) {
                best[1] = best[0];
                best[0] = Some((referent, score));
            } else if count > 1 && best[1].is_none_or(|(_, s)| score > s) {
                best[1] = Some((referent, score));
            }
        }
        if count < 2 {
            best[1] = None;
        }
        best
    }
}

/// How well a referent suits; none where it cannot be meant.
fn plausibility(referent: &Referent, wanted: Wanted, distance: usize) -> Option<f32> {
    let mut score = 0.5;
    match wanted.noun {
        Some(noun) => {
            score += noun_fit(noun, wanted.meaning, referent)?;
            let differs = referent.number != wanted.number && referent.number != Number::Unknown;
            if differs && wanted.number == Number::Plural {
                return None;
            }
        }
        None => {
            if referent.label == Some(Label::Norp) {
                return None;
            }
        }
    }
    if wanted.noun.is_none() && wanted.number == Number::Plural && referent.number == Number::Singular {
        if referent.label == Some(Label::Per) || referent.class.is_some_and(ActorClass::is_person) {
            return None;
        }
        score -= 0.2;
    }
    if wanted.number == Number::Singular
        && referent.number == Number::Plural
        && wanted.gender != Gender::Feminine
    {
        score -= 0.3;
    }
    if wanted.noun.is_none() && wanted.gender != Gender::Unknown && referent.gender != Gender::Unknown {
        let feminine_plural =
            referent.number == Number::Plural && !referent.class.is_some_and(ActorClass::is_person);
        if wanted.gender != referent.gender && !(feminine_plural && wanted.gender == Gender::Feminine) {
            score -= 0.4;
        }
    }
    if wanted.noun.is_none() && wanted.number == Number::Singular && referent.label == Some(Label::Loc) {
        score += if wanted.gender == Gender::Feminine { 0.0 } else { -0.25 };
    }
    let sentences = wanted.sentence.saturating_sub(referent.sentence);
    score -= 0.08 * sentences.min(5) as f32;
    score -= 0.03 * distance.min(10) as f32;
    if referent.subject {
        score += 0.12;
    }
    score += 0.03 * (referent.count.min(4) as f32);
    (score > 0.2).then_some(score.clamp(0.0, 1.0))
}

/// Whether one of two actors can be meant by a dual: «الطرفين» any two, «البلدين» two states.
fn pair_fit(noun: NounForm, referent: &Referent) -> bool {
    use ActorClass::*;
    match (noun.class, referent.label) {
        (Office | Person | Fighter | Pattern, label) => label == Some(Label::Per),
        (State | Place, label) => label == Some(Label::Loc),
        (Body, Some(Label::Org | Label::Per | Label::Loc)) => true,
        (_, Some(Label::Org)) => true,
        _ => referent.nouns.contains(&noun.noun),
    }
}

/// How well a definite noun describes the referent: one named with that noun best, then one of a kind that it means.
fn noun_fit(noun: NounForm, meaning: Option<&Meaning>, referent: &Referent) -> Option<f32> {
    if noun.number == Number::Dual {
        return (referent.entity.is_some() && pair_fit(noun, referent)).then_some(0.3);
    }
    if noun.noun != 0 && referent.nouns.contains(&noun.noun) {
        return Some(0.4);
    }
    let person = referent.label == Some(Label::Per);
    if noun.class.is_person() {
        let anyone = matches!(noun.class, ActorClass::Person | ActorClass::Fighter)
            || meaning.is_some_and(|m| m.kinds.iter().any(|kind| **kind == *"person"));
        return (person && anyone && noun.number == Number::Singular).then_some(0.1);
    }
    let meaning = meaning?;
    let kind = referent.kind.as_deref();
    if referent.nouns.iter().any(|other| meaning.nouns.contains(other)) {
        return Some(0.3);
    }
    let own_head = referent.nouns.iter().any(|&other| other != 0);
    let organisation = referent.label == Some(Label::Org);
    if let Some(kind) = kind
        && (!organisation || !own_head)
    {
        return meaning.kinds.iter().any(|k| **k == *kind).then_some(0.3);
    }
    (organisation && !own_head && meaning.otherwise == Otherwise::Open).then_some(0.1)
}

/// Gender and number of a name, as far as its label and ending show.
pub(super) fn agreement(entity: &Entity) -> (Gender, Number) {
    let feminine =
        entity.norm.split_whitespace().next().is_some_and(|w| w.ends_with('ه') || w.ends_with('ة'));
    match entity.label {
        Label::Loc => (Gender::Feminine, Number::Singular),
        Label::Per if feminine => (Gender::Unknown, Number::Singular),
        Label::Per => (Gender::Unknown, Number::Singular),
        Label::Org if feminine => (Gender::Feminine, Number::Singular),
        Label::Org => (Gender::Unknown, Number::Singular),
        _ => (Gender::Unknown, Number::Unknown),
    }
}
