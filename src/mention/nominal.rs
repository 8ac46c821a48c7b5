//! Phrases that name an actor by a description, and how far they reach: «عشرة مقاتلين», «القوات العراقية»,
//! «عدد من مقاتلي التنظيمات الإرهابية», «المتحدث باسم الخارجية».

use super::grammar::{ActorClass, Ending, Fact, NounForm, WordClass};
use super::{Gender, Number};
use crate::entity::{Entity, Label};
use crate::segment::{Document, Kind};

/// A phrase found: tokens `first..last` around its head noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    pub first: usize,
    pub last: usize,
    pub head: usize,
    pub noun: NounForm,
    /// Nothing describes the head: «التنظيم», not «التنظيم الإرهابي».
    pub bare: bool,
}

/// How many words a phrase may have on either side of its head.
const REACH: usize = 8;

/// A sentence's tokens, for finding phrases in it.
pub struct Phrases<'a> {
    pub document: &'a Document,
    pub facts: &'a [Fact],
    pub entities: &'a [Entity],
    /// Tokens of the sentence.
    pub first: usize,
    pub last: usize,
}

impl Phrases<'_> {
    /// The phrase whose head is token `head`, if that is an actor noun outside of names.
    pub fn at(&self, head: usize) -> Option<Phrase> {
        let noun = self.noun(head)?;
        // «مقرات الأحزاب»: what is done to the place is done to its owner.
        let owner = self.facts.get(head + 1).filter(|_| head + 1 < self.last && self.joined(head + 1));
        let owned =
            owner.and_then(|fact| fact.noun).is_some_and(|n| n.definite && n.class != ActorClass::Place);
        if noun.class == ActorClass::Place && owned && !noun.definite {
            return None;
        }
        let (first, quantified) = self.begin(head);
        let last =
            if quantified && self.facts[head].suffix.is_some() { head + 1 } else { self.end(head, noun) };
        let bare = !quantified && last == head + 1;
        Some(Phrase { first, last, head, noun, bare })
    }

    /// The actor noun at `index`: a listed one, or a word that ends like a plural of persons.
    pub fn noun(&self, index: usize) -> Option<NounForm> {
        let fact = &self.facts[index];
        if fact.entity != 0 || fact.class != WordClass::Content {
            return None;
        }
        fact.noun.or_else(|| self.pattern(index))
    }

    /// «المسافرين», «متهمين»: participles in the sound masculine plural stand for persons.
    fn pattern(&self, index: usize) -> Option<NounForm> {
        let fact = &self.facts[index];
        if fact.ending != Ending::MasculinePlural || fact.imperfect || fact.suffix.is_some() {
            return None;
        }
        let stem = self.document.stem(index);
        let stem = if fact.definite { stem.get(4..).unwrap_or(stem) } else { stem };
        // «14 آخرين»
        let counted = index > self.first
            && self.joined(index)
            && matches!(self.facts[index - 1].class, WordClass::Number | WordClass::Quantifier);
        if stem.len() < 10 || !(fact.definite || counted || stem.starts_with('م')) {
            return None;
        }
        // An adjective behind a noun is part of that noun's phrase.
        if index > self.first && self.facts[index - 1].noun.is_some_and(|n| n.number == Number::Plural) {
            return None;
        }
        Some(NounForm {
            class: ActorClass::Pattern,
            gender: Gender::Masculine,
            number: Number::Plural,
            definite: fact.definite,
            construct: false,
            noun: 0,
        })
    }

    /// Where the phrase begins: numbers, quantifiers and demonstratives before the head belong to it.
    fn begin(&self, head: usize) -> (usize, bool) {
        let mut first = head;
        while first > self.first && head - first < 4 && self.joined(first) {
            let before = &self.facts[first - 1];
            match before.class {
                WordClass::Quantifier | WordClass::Demonstrative => first -= 1,
                WordClass::Number if !self.is_date(first - 1) => first -= 1,
                WordClass::Preposition
                    if self.document.norm(first - 1) == "من"
                        && first - 1 > self.first
                        && self.facts[first - 2].class == WordClass::Quantifier =>
                {
                    first -= 2
                }
                _ => break,
            }
        }
        (first, first < head)
    }

    fn is_date(&self, index: usize) -> bool {
        let entity = self.facts[index].entity;
        entity != 0 && self.entities[entity as usize - 1].label != Label::Number
    }

    /// Token `index` has no proclitic that would cut it from the word before.
    fn joined(&self, index: usize) -> bool {
        !self.facts[index].conjoined && self.facts[index].preposition.is_none()
    }

    /// Where the phrase ends: adjectives, what the head governs, «من …» and «باسم …» belong to it.
    fn end(&self, head: usize, noun: NounForm) -> usize {
        let limit = self.last.min(head + REACH);
        let mut at = head + 1;
        let mut definite = noun.definite || self.facts[head].suffix.is_some();
        // «مسلحون»: a sound plural that has kept its ن governs nothing.
        let governs_nothing = noun.number == Number::Plural
            && !noun.construct
            && self.facts[head].ending == Ending::MasculinePlural;
        // The noun whose adjectives may follow.
        let mut owner = noun;
        while at < limit && self.joined(at) {
            let fact = &self.facts[at];
            if fact.class == WordClass::Preposition {
                match self.complement(head, at, owner) {
                    Some(end) => return end.min(limit),
                    None => break,
                }
            }
            let negation = fact.class == WordClass::Negation;
            if fact.class != WordClass::Content && fact.entity == 0 && !negation
                || self.document.tokens[at].kind == Kind::Punct
            {
                break;
            }
            if fact.entity != 0 {
                let entity = &self.entities[fact.entity as usize - 1];
                let adjective = entity.label == Label::Norp;
                if entity.first as usize != at || (entity.label.is_value() && entity.label != Label::Number) {
                    break;
                }
                // A name governed by the head ends the phrase; an adjective of nationality needs the same article.
                if !adjective && governs_nothing && at == head + 1 {
                    break;
                }
                if !adjective {
                    // «عائلة الفقيد لطفي نقض»
                    let bearer = owner != noun && entity.label == Label::Per && owner.class.is_person();
                    return if definite && !bearer { at } else { entity.last as usize };
                }
                if definite && !fact.definite {
                    break;
                }
                definite |= fact.definite;
                at = entity.last as usize;
                continue;
            }
            if fact.definite {
                if definite {
                    // «رئيس الحكومة المكلف»: of the head, or of what it governs.
                    let describes = self.is_adjective(at, owner) || self.is_adjective(at, noun);
                    if !describes || self.governs(at) {
                        break;
                    }
                } else if governs_nothing && at == head + 1 {
                    break;
                } else {
                    // «قوات الأمن»: the head governs a definite noun, which closes its definiteness.
                    definite = true;
                    owner = fact.noun.unwrap_or(owner);
                }
                at += 1;
                continue;
            }
            if fact.class == WordClass::Negation && self.is_negated_adjective(at) {
                at += 2;
                continue;
            }
            if definite || fact.imperfect || fact.suffix.is_some() && fact.noun.is_none() {
                break;
            }
            if let Some(next) = fact.noun {
                // «أعضاء مجلس …», «مقاتلي تنظيم …»
                if noun.number == Number::Dual && !noun.construct {
                    break;
                }
                owner = next;
                definite = fact.suffix.is_some();
                at += 1;
                continue;
            }
            if !self.is_adjective(at, owner) || self.governs(at) {
                break;
            }
            at += 1;
        }
        self.past_joined_adjective(at, head, owner)
    }

    /// A participle with what it governs is a clause, not an adjective: «القوات المتحالفة مع حفتر».
    fn governs(&self, at: usize) -> bool {
        let fact = &self.facts[at];
        let relative = matches!(fact.ending, Ending::Ya) || self.document.stem(at).ends_with("يه");
        let Some(next) = self.facts.get(at + 1).filter(|_| at + 1 < self.last) else { return false };
        let attached = next.preposition.is_some() && !next.conjoined;
        let apart = next.class == WordClass::Preposition && self.document.norm(at + 1) != "في";
        !relative && !fact.adjective && (attached || apart)
    }

    /// «غير شرعي», «غير الشرعيين».
    fn is_negated_adjective(&self, at: usize) -> bool {
        let next = at + 1;
        self.document.norm(at) == "غير"
            && next < self.last
            && self.joined(next)
            && self.facts[next].entity == 0
            && self.facts[next].noun.is_none()
            && matches!(
                self.facts[next].ending,
                Ending::Ya | Ending::Feminine | Ending::MasculinePlural | Ending::Accusative
            )
    }

    /// Past «والإرهابية» behind «المجموعات الإجرامية».
    fn past_joined_adjective(&self, at: usize, head: usize, owner: NounForm) -> usize {
        let Some(fact) = self.facts.get(at).filter(|_| at > head + 1 && at < self.last) else { return at };
        let before = &self.facts[at - 1];
        let alike = fact.definite && before.definite && fact.ending == before.ending;
        let relative = |at: usize| self.document.stem(at).ends_with("يه");
        let joined = fact.conjoined && fact.preposition.is_none() && fact.entity == 0 && before.entity == 0;
        let adjective = fact.noun.is_none() && before.noun.is_none() && relative(at) && relative(at - 1);
        if joined && alike && adjective && self.is_adjective(at, owner) && !self.governs(at) {
            at + 1
        } else {
            at
        }
    }

    /// End of «من + noun» behind a collective and of «باسم + noun» behind an office, from the preposition at `at`.
    fn complement(&self, head: usize, at: usize, owner: NounForm) -> Option<usize> {
        let word = self.document.norm(at);
        let collective = matches!(owner.class, ActorClass::Armed | ActorClass::Fighter | ActorClass::Person)
            && !owner.definite
            && word == "من";
        let speaker = owner.class == ActorClass::Office && word == "باسم" && at == head + 1;
        if !(collective || speaker) || at + 1 >= self.last || !self.joined(at + 1) {
            return None;
        }
        let fact = &self.facts[at + 1];
        if fact.entity != 0 {
            let entity = &self.entities[fact.entity as usize - 1];
            let fits = speaker || matches!(entity.label, Label::Org | Label::Norp);
            return (fits && !entity.label.is_value()).then_some(entity.last as usize);
        }
        match fact.noun {
            Some(noun) => Some(self.plain_end(at + 1, noun)),
            None if speaker && fact.definite => Some(at + 2),
            None => None,
        }
    }

    /// End of a governed noun with its adjectives and one name, without prepositions.
    fn plain_end(&self, head: usize, noun: NounForm) -> usize {
        let mut at = head + 1;
        let mut definite = noun.definite;
        while at < self.last.min(head + 4) && self.joined(at) {
            let fact = &self.facts[at];
            if fact.entity != 0 {
                let entity = &self.entities[fact.entity as usize - 1];
                if entity.label.is_value() || definite && entity.label != Label::Norp {
                    break;
                }
                at = entity.last as usize;
                definite = true;
                continue;
            }
            let fits = fact.class == WordClass::Content
                && !fact.imperfect
                && (fact.definite || !definite && fact.noun.is_some())
                && (!definite || self.is_adjective(at, noun));
            if !fits {
                break;
            }
            definite |= fact.definite;
            at += 1;
        }
        at
    }

    /// Whether the word at `index` can be an adjective of `noun`: it agrees and is no actor noun itself.
    fn is_adjective(&self, index: usize, noun: NounForm) -> bool {
        let fact = &self.facts[index];
        if fact.noun.is_some_and(|n| !matches!(n.class, ActorClass::Fighter | ActorClass::Office))
            || fact.suffix.is_some()
        {
            return false;
        }
        let things = noun.number == Number::Plural && !noun.class.is_person();
        if fact.adjective && matches!(fact.ending, Ending::None | Ending::Ya | Ending::Accusative) {
            // «رجل آخر», and numerals: «الدول الثلاث».
            return noun.number == Number::Plural || noun.gender == Gender::Masculine;
        }
        match fact.ending {
            Ending::Feminine => things || noun.gender == Gender::Feminine || noun.number == Number::Plural,
            Ending::FemininePlural => noun.number == Number::Plural && noun.gender == Gender::Feminine,
            Ending::MasculinePlural => {
                noun.number == Number::Plural && noun.gender == Gender::Masculine
                    || noun.number == Number::Dual
            }
            Ending::Dual => noun.number == Number::Dual,
            Ending::Accusative | Ending::Ya => {
                noun.number == Number::Singular && noun.gender == Gender::Masculine && !things
            }
            Ending::None => {
                fact.definite && noun.number == Number::Singular && noun.gender == Gender::Masculine
            }
            Ending::Ta | Ending::Wa => false,
        }
    }
}
