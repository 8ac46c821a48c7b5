//! A sentence's phrases as the rules see them: an actor with its titles, quotation marks, adjectives and preposition.

use super::super::sentence::{Actor, View};
use crate::entity::Label;
use crate::mention::grammar::{ActorClass, WordClass};
use crate::mention::{Form, Mention, Number};

/// How many words a title may have before its bearer's name.
const TITLE: u32 = 9;

/// How many nouns may govern an actor («مواقع تنظيم داعش»).
const GOVERNORS: u32 = 2;

/// How many adjectives may follow an actor.
const ADJECTIVES: u32 = 2;

/// One phrase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phrase {
    /// Tokens `start..end`, with a preposition or «و» that stands apart, a title, quotation marks, adjectives.
    pub start: u32,
    pub end: u32,
    /// The first word, behind a preposition or «و» that stands apart.
    pub first: u32,
    /// End of the actor's own words.
    pub tight_end: u32,
    pub actor: Actor,
    /// As in [`super::super::sentence::Position`].
    pub preposition: u64,
    /// «و» stands before it.
    pub conjoined: bool,
    /// Nouns that govern the actor stand before it.
    pub governed: bool,
}

/// The phrases of one sentence, in the order of their start.
#[derive(Debug, Default, Clone)]
pub struct Phrases {
    phrases: Vec<Phrase>,
    /// Numbers of phrases, in the order of their end.
    by_end: Vec<(u32, u32)>,
    /// For each token of the sentence whether an actor's words begin there.
    actors: Vec<bool>,
    /// Tokens of the sentence.
    pub range: (u32, u32),
}

impl Phrases {
    /// Cut the sentence of tokens `range`; the old content is thrown away, its memory reused.
    pub fn update(&mut self, view: &View, range: (u32, u32)) {
        self.phrases.clear();
        self.by_end.clear();
        self.range = range;
        self.actors.clear();
        self.actors.resize((range.1 - range.0) as usize, false);
        let begin = view.mentions.partition_point(|m| m.first < range.0);
        for (number, mention) in view.mentions.iter().enumerate().skip(begin) {
            if mention.first >= range.1 {
                break;
            }
            self.actors[(mention.first - range.0) as usize] |= mention.form != Form::Pronoun;
            self.add(view, number as u32);
        }
        // Of phrases that begin together a name comes first, then the longer one; a pronoun last.
        let rank = |p: &Phrase| {
            let form = view.mention(p.actor).map_or(Form::Pronoun, |m| m.form);
            (p.start, form as u8, std::cmp::Reverse(p.end))
        };
        self.phrases.sort_by_key(rank);
        for (number, phrase) in self.phrases.iter().enumerate() {
            self.by_end.push((phrase.end, number as u32));
            if phrase.tight_end != phrase.end {
                self.by_end.push((phrase.tight_end, number as u32));
            }
        }
        self.by_end.sort_unstable();
    }

    /// The phrases that begin at token `at`.
    pub fn starting_at(&self, at: u32) -> impl Iterator<Item = &Phrase> {
        let begin = self.phrases.partition_point(|p| p.start < at);
        self.phrases[begin..].iter().take_while(move |p| p.start == at)
    }

    /// The phrases that begin at token `at` behind a preposition of the words `since..at`.
    pub fn governed_by(&self, since: u32, at: u32) -> impl Iterator<Item = &Phrase> {
        let begin = self.phrases.partition_point(|p| p.start < since);
        let inside = self.phrases[begin..].iter().take_while(move |p| p.start < at);
        inside.filter(move |p| p.first == at)
    }

    /// The phrases that end before token `at`.
    pub fn ending_at(&self, at: u32) -> impl Iterator<Item = &Phrase> {
        let begin = self.by_end.partition_point(|(end, _)| *end < at);
        let here = self.by_end[begin..].iter().take_while(move |(end, _)| *end == at);
        here.map(|(_, number)| &self.phrases[*number as usize])
    }

    /// A word that a pattern may pass over: no actor begins there, and it is neither a verb nor opens a clause.
    pub fn passable(&self, view: &View, at: u32) -> bool {
        let fact = &view.facts[at as usize];
        let verb = matches!(fact.class, WordClass::Speech | WordClass::Auxiliary) || view.is_clause(at);
        !verb && fact.noun.is_none() && !self.actors[(at - self.range.0) as usize]
    }

    /// The phrases of one mention: its own words, with its title, with the nouns that govern it.
    fn add(&mut self, view: &View, number: u32) {
        let mention = &view.mentions[number as usize];
        let first = mention.first;
        let fact = &view.facts[first as usize];
        if mention.form == Form::Pronoun && (fact.suffix.is_none() || fact.class != WordClass::Preposition) {
            // «هو» only repeats, and the pronoun on a noun is part of that noun's phrase.
            return;
        }
        if is_part(view, number as usize, self.range) {
            return;
        }
        let end = self.end(view, mention.last);
        self.push(view, number, first, (mention.last, end), false);
        if mention.form != Form::Named {
            return;
        }
        if mention.label == Some(Label::Per)
            && let Some(title) = self.title(view, first)
        {
            self.push(view, number, title, (mention.last, end), false);
        }
        let mut at = first;
        for _ in 0..GOVERNORS {
            let Some(governor) = self.governor(view, at) else { break };
            at = governor;
            // «حركة "حسم"», «مدينة سرت»: a noun that names the kind is part of the name.
            let kind = view.facts[at as usize].noun.is_some() && at + 2 >= first;
            self.push(view, number, at, (mention.last, end), !kind);
        }
    }

    /// Push the phrase whose words begin at `first`, with what stands before them.
    fn push(&mut self, view: &View, number: u32, first: u32, (tight_end, end): (u32, u32), governed: bool) {
        let preposition = view.preposition(first);
        let mut start = first;
        if start > self.range.0 && is_quote(view, start - 1) {
            start -= 1;
        }
        let apart =
            |at: u32| at > self.range.0 && view.facts[at as usize - 1].class == WordClass::Preposition;
        let opening = start;
        let mut conjoined = view.facts[first as usize].conjoined;
        if preposition != 0 && view.facts[first as usize].preposition.is_none() && apart(start) {
            start -= 1;
            conjoined |= view.facts[start as usize].conjoined;
        }
        if start > self.range.0 && view.document.norm(start as usize - 1) == "و" {
            start -= 1;
            conjoined = true;
        }
        let actor = Actor::Mention(number);
        self.phrases.push(Phrase {
            start,
            end,
            first: opening,
            tight_end,
            actor,
            preposition,
            conjoined,
            governed,
        });
    }

    /// Where adjectives and a closing quotation mark behind the actor end.
    fn end(&self, view: &View, last: u32) -> u32 {
        let mut at = last;
        if at < self.range.1 && is_quote(view, at) {
            at += 1;
        }
        for _ in 0..ADJECTIVES {
            if at >= self.range.1 || !is_adjective(view, at) {
                break;
            }
            at += 1;
        }
        at
    }

    /// Where the title of the person named at `first` begins: «وزير الخارجية الأمريكي جون كيري».
    fn title(&self, view: &View, first: u32) -> Option<u32> {
        let mut at = first;
        let least = self.range.0.max(first.saturating_sub(TITLE));
        let mut found = None;
        while at > least {
            let fact = &view.facts[at as usize - 1];
            let opens = fact.class.opens_clause() || matches!(fact.class, WordClass::Speech);
            if opens
                || is_person_end(view, at)
                || fact.class == WordClass::Punct && view.document.norm(at as usize - 1) != "،"
            {
                break;
            }
            at -= 1;
            let office =
                fact.noun.is_some_and(|n| n.class == ActorClass::Office && n.number == Number::Singular);
            if office && fact.entity == 0 {
                found = Some(at);
            }
            if fact.conjoined || fact.preposition.is_some() && found == Some(at) {
                break;
            }
        }
        found
    }

    /// The noun before token `at` that governs it.
    fn governor(&self, view: &View, at: u32) -> Option<u32> {
        let here = &view.facts[at as usize];
        let at = if at > self.range.0 && is_quote(view, at - 1) { at - 1 } else { at };
        if at == self.range.0 || here.conjoined || here.preposition.is_some() {
            return None;
        }
        let fact = &view.facts[at as usize - 1];
        let governs = fact.class == WordClass::Content
            && fact.entity == 0
            && fact.suffix.is_none()
            && !fact.definite
            && !fact.noun.is_some_and(|noun| noun.class.is_person())
            && !view.is_clause(at - 1);
        governs.then_some(at - 1)
    }
}

/// A mention that only describes another: a nationality behind a noun, a noun of kind before a name, a person's
/// office behind the name, a second name in quotation marks.
fn is_part(view: &View, number: usize, range: (u32, u32)) -> bool {
    let mention = &view.mentions[number];
    let fact = &view.facts[mention.first as usize];
    let free = !fact.conjoined && fact.preposition.is_none();
    let before = mention.first.checked_sub(1).filter(|&at| at >= range.0 && free);
    let behind_noun = before.is_some_and(|at| {
        let fact = &view.facts[at as usize];
        fact.entity != 0 || fact.class == WordClass::Content && !view.is_clause(at)
    });
    if mention.label == Some(Label::Norp) && mention.number != Number::Plural {
        return behind_noun;
    }
    let named_at = |first: u32| {
        let begin = view.mentions.partition_point(|m| m.first < first);
        view.mentions[begin..].iter().take_while(|m| m.first == first).find(|m| m.form == Form::Named)
    };
    if mention.form == Form::Named {
        // «الهيئة العليا "الهايكا"»
        let quoted = before
            .is_some_and(|at| is_quote(view, at) && at > range.0 && view.facts[at as usize - 1].entity != 0);
        return quoted && view.facts[mention.first as usize - 2].entity != fact.entity;
    }
    if mention.last == mention.first + 1 && !fact.definite && mention.number == Number::Singular {
        let at = mention.last + (mention.last < range.1 && is_quote(view, mention.last)) as u32;
        let apart = at < range.1
            && (view.facts[at as usize].conjoined || view.facts[at as usize].preposition.is_some());
        if at < range.1 && !apart && named_at(at).is_some_and(|m| m.label != Some(Label::Norp)) {
            return true;
        }
    }
    let person = mention.class.is_some_and(ActorClass::is_person) && mention.number == Number::Singular;
    let behind_name = before.is_some_and(|at| {
        let at = if is_quote(view, at) && at > range.0 { at - 1 } else { at };
        view.facts[at as usize].entity != 0
    });
    // «الهجوم الإرهابي»: behind a noun with the article it describes.
    let behind_definite = before.is_some_and(|at| {
        let before = &view.facts[at as usize];
        before.definite && before.class == WordClass::Content && before.entity == 0 && !view.is_clause(at)
    });
    person && fact.definite && behind_definite
        || person && behind_name && (fact.definite || ends_with_person(view, number))
        || stands_before_its_name(view, mention, range, named_at)
}

/// The name right before mention `number` is a person's.
fn ends_with_person(view: &View, number: usize) -> bool {
    let first = view.mentions[number].first;
    let near = view.mentions[..number].iter().rev().take(6);
    near.filter(|m| m.last == first).any(|m| m.label == Some(Label::Per) && m.form == Form::Named)
}

/// «العاصمة الفرنسية باريس», «مخرج الفيلم نبيل عيوش»: a description that the name of the same kind follows.
fn stands_before_its_name<'a>(
    view: &'a View,
    mention: &Mention,
    range: (u32, u32),
    named_at: impl Fn(u32) -> Option<&'a Mention>,
) -> bool {
    if mention.number != Number::Singular || mention.form == Form::Pronoun {
        return false;
    }
    let at = mention.last + (mention.last < range.1 && is_quote(view, mention.last)) as u32;
    if at >= range.1 || view.facts[at as usize].conjoined || view.facts[at as usize].preposition.is_some() {
        return false;
    }
    let Some(class) = mention.class else { return false };
    match named_at(at).and_then(|m| m.label) {
        Some(Label::Per) => class.is_person(),
        Some(Label::Loc) => matches!(class, ActorClass::State | ActorClass::Place),
        Some(Label::Org) => at > mention.last && !class.is_person(),
        _ => false,
    }
}

/// The name of a person ends before token `at`.
fn is_person_end(view: &View, at: u32) -> bool {
    let begin = view.mentions.partition_point(|m| m.first + TITLE < at);
    let near = view.mentions[begin..].iter().take_while(|m| m.first < at);
    near.filter(|m| m.last == at).any(|m| m.form == Form::Named && m.label == Some(Label::Per))
}

fn is_quote(view: &View, at: u32) -> bool {
    matches!(view.document.norm(at as usize), "\"" | "«" | "»" | "“" | "”" | "'" | "(" | ")")
}

/// An adjective with the article, or a nationality.
fn is_adjective(view: &View, at: u32) -> bool {
    let fact = &view.facts[at as usize];
    let apart = fact.conjoined || fact.preposition.is_some();
    let begin = view.mentions.partition_point(|m| m.first < at);
    let nationality = view.mentions[begin..]
        .iter()
        .take_while(|m| m.first == at)
        .any(|m| m.label == Some(Label::Norp) && m.number != Number::Plural && m.last == at + 1);
    !apart
        && fact.class == WordClass::Content
        && fact.noun.is_none()
        && (fact.definite && fact.entity == 0 || nationality)
}
