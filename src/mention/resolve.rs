//! Whom an anaphor or a pronoun stands for: the most salient earlier actor that agrees with it.

use std::sync::Arc;

use super::grammar::{ActorClass, PronounForm};
use super::{Form, Gender, Mention, Number};
use crate::entity::{Entity, Label};

/// An actor that later words may refer back to.
#[derive(Debug, Clone)]
pub(super) struct Referent {
    pub entity: Option<u32>,
    pub resolved: Arc<str>,
    pub label: Option<Label>,
    pub class: Option<ActorClass>,
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

/// How many referents back an anaphor may reach.
const WINDOW: usize = 24;

/// What an anaphor asks of its antecedent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub class: Option<ActorClass>,
    pub gender: Gender,
    pub number: Number,
    pub sentence: u32,
}

impl Wanted {
    pub fn pronoun(form: PronounForm, sentence: u32) -> Wanted {
        Wanted { class: None, gender: form.gender, number: form.number, sentence }
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
    pub fn mention(&mut self, mention: &Mention, class: Option<ActorClass>, sentence: u32, subject: bool) {
        let known = self.referents.iter().rposition(|r| *r.resolved == *mention.resolved);
        let mut referent = match known {
            Some(at) => self.referents.remove(at),
            None => Referent {
                entity: mention.entity,
                resolved: mention.resolved.clone(),
                label: mention.label,
                class,
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
        let fits = |r: &Referent| wanted.class.is_none_or(|class| class_fit(class, r).is_some());
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
    match wanted.class {
        Some(class) => {
            score += class_fit(class, referent)?;
            let one_person = referent.number == Number::Singular && referent.label == Some(Label::Per);
            if wanted.number == Number::Plural && one_person {
                return None;
            }
        }
        None => {
            if referent.label == Some(Label::Norp) {
                return None;
            }
        }
    }
    if wanted.class.is_none() && wanted.number == Number::Plural && referent.number == Number::Singular {
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
    if wanted.class.is_none() && wanted.gender != Gender::Unknown && referent.gender != Gender::Unknown {
        let feminine_plural =
            referent.number == Number::Plural && !referent.class.is_some_and(ActorClass::is_person);
        if wanted.gender != referent.gender && !(feminine_plural && wanted.gender == Gender::Feminine) {
            score -= 0.4;
        }
    }
    if wanted.class.is_none() && wanted.number == Number::Singular && referent.label == Some(Label::Loc) {
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

/// How well a definite noun of `class` describes the referent.
fn class_fit(class: ActorClass, referent: &Referent) -> Option<f32> {
    use ActorClass::*;
    let fit = match (class, referent.label) {
        (Office | Person | Fighter | Pattern, Some(Label::Per)) => 0.1,
        (Armed | Body | Organisation | Media | Company, Some(Label::Org)) => 0.1,
        (State | Place, Some(Label::Loc)) => 0.15,
        (State, Some(Label::Org)) => return None,
        _ => match referent.class {
            Some(known) if known == class => 0.1,
            _ => return None,
        },
    };
    Some(fit)
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
