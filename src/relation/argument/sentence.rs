//! One sentence as the binding of arguments sees it: its trigger sites, its mentions, and how they stand to each
//! other.

use crate::entity::{Entity, Label};
use crate::mention::grammar::{ActorClass, Fact, WordClass, hash};
use crate::mention::{Form, Gender, Mention, Number};
use crate::relation::trigger::{Part, Slot, Trigger, Triggers, Voice};
use crate::segment::Document;

/// A trigger's place: one or several entries of the lexicon that share their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// The triggers `begin..end` of the document.
    pub begin: u32,
    pub end: u32,
    /// Tokens `first..last`; `head` is the inflected one.
    pub first: u32,
    pub last: u32,
    pub head: u32,
}

/// Group the triggers of a document by their words.
pub fn sites(triggers: &[Trigger], out: &mut Vec<Site>) {
    out.clear();
    for (index, trigger) in triggers.iter().enumerate() {
        match out.last_mut() {
            Some(site) if site.first == trigger.first && site.last == trigger.last => {
                site.end = index as u32 + 1
            }
            _ => out.push(Site {
                begin: index as u32,
                end: index as u32 + 1,
                first: trigger.first,
                last: trigger.last,
                head: trigger.head,
            }),
        }
    }
}

/// An argument in sight of a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A mention of the document, by its number.
    Mention(u32),
    /// The unspoken subject of the trigger, a verb.
    Implicit,
}

/// Where an argument stands, seen from the trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// What kind of place: see [`Place`].
    pub place: Place,
    /// Tokens between trigger and argument.
    pub distance: u32,
    /// Mentions between them.
    pub mentions: u32,
    /// Words that open clauses, and verbs, between them.
    pub clauses: u32,
    /// Punctuation between them.
    pub marks: u32,
    /// The preposition before the argument: hash of its word, or of the proclitic; 0 for none.
    pub preposition: u64,
    /// «و» joins the argument to an actor before it.
    pub coordinated: bool,
    /// Whether an entry of the site foresees a source (1) or a target (2) here; 3 for both, 0 for neither.
    pub foreseen: u64,
}

/// What an actor is in the world, whatever its mention's form: a name by what is known of it and by its head noun, a
/// description by its noun, a pronoun by its antecedent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Sort {
    Unknown,
    Person,
    State,
    Place,
    Armed,
    Body,
    Party,
    Media,
    Company,
    Club,
    International,
    People,
    /// A name of an organisation of which no more is known.
    Organisation,
    /// A name of a place of which no more is known.
    Somewhere,
    Event,
}

impl Sort {
    fn of(facts: &[Fact], entities: &[Entity], mention: &Mention) -> Sort {
        if let Some(class) = mention.class {
            return Sort::from_class(class);
        }
        let entity = mention.entity.and_then(|index| entities.get(index as usize));
        if let Some(sort) = entity.and_then(|e| e.kind.as_deref()).and_then(Sort::from_kind) {
            return sort;
        }
        let head = entity.and_then(|e| facts.get(e.first as usize)).and_then(|fact| fact.noun);
        match (mention.label, head) {
            (Some(Label::Org), Some(noun)) => Sort::from_class(noun.class),
            (Some(Label::Org), None) => Sort::Organisation,
            (Some(Label::Per), _) => Sort::Person,
            (Some(Label::Loc), _) => Sort::Somewhere,
            (Some(Label::Norp), _) => Sort::People,
            (Some(Label::Event | Label::Misc), _) => Sort::Event,
            _ => Sort::Unknown,
        }
    }

    fn from_class(class: ActorClass) -> Sort {
        match class {
            ActorClass::Office | ActorClass::Person | ActorClass::Pattern => Sort::Person,
            ActorClass::Fighter | ActorClass::Armed => Sort::Armed,
            ActorClass::Body => Sort::Body,
            ActorClass::Organisation => Sort::Party,
            ActorClass::Media => Sort::Media,
            ActorClass::Company => Sort::Company,
            ActorClass::State => Sort::State,
            ActorClass::Place => Sort::Place,
        }
    }

    /// By the kind of a known entity ([`Entity::kind`]).
    fn from_kind(kind: &str) -> Option<Sort> {
        Some(match kind {
            "person" => Sort::Person,
            "country" => Sort::State,
            "city" | "region" | "site" | "sea" | "continent" => Sort::Place,
            "armed_group" => Sort::Armed,
            "military" | "government" | "ministry" | "parliament" | "court" => Sort::Body,
            "party" | "union" => Sort::Party,
            "media" | "agency" => Sort::Media,
            "company" => Sort::Company,
            "club" | "team" | "sport" => Sort::Club,
            "international" | "ngo" | "organisation" => Sort::International,
            "nationality" => Sort::People,
            _ => return None,
        })
    }
}

/// Kinds of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Place {
    /// The trigger's own suffix.
    Suffix,
    /// The trigger's unspoken subject.
    Implicit,
    /// The argument's phrase holds the trigger.
    Around,
    /// The next word, without a preposition.
    Next,
    /// Behind, the first without a preposition.
    FirstAfter,
    /// Behind, a later one without a preposition.
    LaterAfter,
    /// Behind a preposition, the first of this preposition.
    AfterPreposition,
    /// Behind a preposition, later.
    LaterPreposition,
    /// The word before.
    Previous,
    /// Before, the nearest one without a preposition.
    LastBefore,
    /// Before, an earlier one.
    EarlierBefore,
    /// Before, behind a preposition.
    BeforePreposition,
}

/// A document seen by the binder.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub document: &'a Document,
    pub facts: &'a [Fact],
    pub mentions: &'a [Mention],
    pub triggers: &'a [Trigger],
    pub lexicon: &'a Triggers,
    /// Hashes of the lemmas of the lexicon's entries.
    pub lemma_hashes: &'a [u64],
    /// The lexicon's prepositions, by number, as [`Position::preposition`] has them.
    pub preposition_keys: &'a [u64],
    /// What each family shares with others.
    pub groups: &'a [u64],
    pub counts: &'a Counts,
}

/// Running counts over a document's tokens, so that what stands between two tokens is one subtraction.
#[derive(Debug, Default, Clone)]
pub struct Counts {
    clauses: Vec<u32>,
    marks: Vec<u32>,
    mentions: Vec<u32>,
    free_mentions: Vec<u32>,
    /// Triggers that are verbs.
    verbs: Vec<u32>,
    /// Triggers of other parts of speech.
    nouns: Vec<u32>,
    /// For each token the part of speech of the trigger whose head it is, plus 1; 0 for none.
    parts: Vec<u8>,
    /// What each mention is: see [`Sort`].
    sorts: Vec<Sort>,
}

impl Counts {
    /// Count over a document; the old content is thrown away, its memory reused.
    pub fn update(
        &mut self,
        facts: &[Fact],
        entities: &[Entity],
        mentions: &[Mention],
        sites: &[Site],
        triggers: &[Trigger],
    ) {
        self.sorts.clear();
        self.sorts.extend(mentions.iter().map(|mention| Sort::of(facts, entities, mention)));
        let size = facts.len() + 1;
        for counts in self.all() {
            counts.clear();
            counts.resize(size, 0);
        }
        self.parts.clear();
        self.parts.resize(size, 0);
        for (index, fact) in facts.iter().enumerate() {
            self.clauses[index + 1] += (fact.class.opens_clause() || fact.imperfect) as u32;
            self.marks[index + 1] += (fact.class == WordClass::Punct) as u32;
        }
        for site in sites {
            let trigger = &triggers[site.begin as usize];
            let known = std::mem::replace(&mut self.parts[site.head as usize], 1 + trigger.part as u8);
            if known == 0 {
                let counts = if trigger.part.is_verb() { &mut self.verbs } else { &mut self.nouns };
                counts[site.head as usize + 1] += 1;
            }
            if trigger.part == Part::Perfect && !facts[site.head as usize].imperfect {
                self.clauses[site.head as usize + 1] += 1;
            }
        }
        let mut last = u32::MAX;
        for mention in mentions {
            if mention.head != last && mention.form != Form::Pronoun {
                self.mentions[mention.head as usize + 1] += 1;
                let before = mention.first.checked_sub(1).map(|i| facts[i as usize].class);
                let free = before != Some(WordClass::Preposition)
                    && facts[mention.first as usize].preposition.is_none();
                self.free_mentions[mention.head as usize + 1] += free as u32;
            }
            last = mention.head;
        }
        for counts in self.all() {
            for index in 1..size {
                counts[index] += counts[index - 1];
            }
        }
    }
}

impl Counts {
    fn all(&mut self) -> [&mut Vec<u32>; 6] {
        let Counts { clauses, marks, mentions, free_mentions, verbs, nouns, .. } = self;
        [clauses, marks, mentions, free_mentions, verbs, nouns]
    }

    /// Verbs and other triggers between two tokens.
    pub fn triggers_between(&self, first: u32, last: u32) -> (u32, u32) {
        (between(&self.verbs, first, last), between(&self.nouns, first, last))
    }

    /// Mentions and clauses between two tokens.
    pub fn between(&self, first: u32, last: u32) -> (u32, u32) {
        (between(&self.mentions, first, last), between(&self.clauses, first, last))
    }
}

/// A preposition as [`Position::preposition`] has it: proclitics by their letter, words by their hash.
pub fn preposition_key(folded: &str) -> u64 {
    match folded {
        "ل" => 'ل' as u64,
        "ب" => 'ب' as u64,
        "ك" => 'ك' as u64,
        word => hash(word),
    }
}

#[inline]
fn between(counts: &[u32], first: u32, last: u32) -> u32 {
    if first >= last { 0 } else { counts[last as usize] - counts[first as usize] }
}

impl View<'_> {
    /// Token `at` is a verb or opens a clause.
    pub fn is_clause(&self, at: u32) -> bool {
        between(&self.counts.clauses, at, at + 1) > 0
    }

    /// A preposition of the lexicon as [`Position`] has it: an attached one by its letter.
    pub fn preposition_of(&self, number: u8) -> u64 {
        self.preposition_keys[number as usize]
    }

    /// The triggers of a site.
    pub fn triggers_of(&self, site: &Site) -> &[Trigger] {
        &self.triggers[site.begin as usize..site.end as usize]
    }

    /// The mention behind an actor.
    pub fn mention(&self, actor: Actor) -> Option<&Mention> {
        match actor {
            Actor::Mention(index) => Some(&self.mentions[index as usize]),
            Actor::Implicit => None,
        }
    }

    /// What a token is, in one small number: its class, or for content words whether it is a name, a noun of actors, a
    /// trigger (and of which part of speech), and whether it is definite.
    pub fn class_of(&self, token: Option<usize>) -> u64 {
        let Some((token, fact)) = token.and_then(|i| self.facts.get(i).map(|fact| (i, fact))) else {
            return 0;
        };
        let definite = fact.definite as u64;
        if fact.entity != 0 {
            return 1;
        }
        if fact.class != WordClass::Content {
            return 2 + fact.class as u64;
        }
        match (self.counts.parts.get(token).copied().unwrap_or(0), fact.noun) {
            (0, None) if fact.imperfect => 20,
            (0, None) => 22 + definite,
            (part, None) => 30 + 2 * part as u64 + definite,
            (0, Some(noun)) => 60 + 2 * noun.class as u64 + definite,
            (part, Some(_)) => 90 + 2 * part as u64 + definite,
        }
    }

    /// Where `actor` stands, seen from `site`.
    pub fn position(&self, site: &Site, actor: Actor) -> Position {
        let position = self.place_of(site, actor);
        Position { foreseen: self.foreseen(site, &position), ..position }
    }

    /// As [`View::position`], without what the lexicon foresees.
    fn place_of(&self, site: &Site, actor: Actor) -> Position {
        let Some(mention) = self.mention(actor) else {
            return Position {
                place: Place::Implicit,
                distance: 0,
                mentions: 0,
                clauses: 0,
                marks: 0,
                preposition: 0,
                coordinated: false,
                foreseen: 0,
            };
        };
        let (first, last) = (mention.first, mention.last);
        let inside = first >= site.first && last <= site.last;
        let around = !inside && first < site.last && site.first < last;
        let (from, to) = if first >= site.last { (site.last, first) } else { (last, site.first) };
        let preposition = self.preposition(first);
        let coordinated = self.coordinated(mention);
        let place = if inside {
            Place::Suffix
        } else if around {
            Place::Around
        } else if first >= site.last {
            let earlier = between(&self.counts.free_mentions, site.last, first);
            match (preposition, first - site.last) {
                (0, 0) => Place::Next,
                (0, _) if earlier == 0 => Place::FirstAfter,
                (0, _) => Place::LaterAfter,
                _ if between(&self.counts.mentions, site.last, first) == 0 => Place::AfterPreposition,
                _ => Place::LaterPreposition,
            }
        } else {
            match (preposition, site.first - last) {
                (_, 0) => Place::Previous,
                (0, _) if between(&self.counts.free_mentions, last, site.first) == 0 => Place::LastBefore,
                (0, _) => Place::EarlierBefore,
                _ => Place::BeforePreposition,
            }
        };
        Position {
            place,
            distance: to.saturating_sub(from),
            mentions: between(&self.counts.mentions, from, to),
            clauses: between(&self.counts.clauses, from, to),
            marks: between(&self.counts.marks, from, to),
            preposition,
            coordinated,
            foreseen: 0,
        }
    }

    /// The preposition that governs the phrase at token `first`: hash of its word or of its letter.
    pub fn preposition(&self, first: u32) -> u64 {
        let fact = &self.facts[first as usize];
        if let Some(letter) = fact.preposition {
            return letter as u64;
        }
        if fact.class == WordClass::Preposition && fact.suffix.is_some() {
            return hash(self.document.stem(first as usize));
        }
        let Some(before) = first.checked_sub(1) else { return 0 };
        let fact = &self.facts[before as usize];
        // «ب"الحزب"»: a quotation mark may stand between.
        let (at, fact) = if fact.class == WordClass::Punct && before > 0 {
            (before - 1, &self.facts[before as usize - 1])
        } else {
            (before, fact)
        };
        match fact.class {
            WordClass::Preposition if fact.suffix.is_none() => match self.document.norm(at as usize) {
                "ل" => 'ل' as u64,
                "ب" => 'ب' as u64,
                _ => fact.word,
            },
            _ => 0,
        }
    }

    /// «و» joins the mention to what stands before it.
    fn coordinated(&self, mention: &Mention) -> bool {
        let first = mention.first as usize;
        if self.facts[first].conjoined {
            return true;
        }
        first > 0 && matches!(self.document.norm(first - 1), "و" | "،" | "او")
    }

    /// Two actors of one enumeration: only names, «و» and commas stand between them, and «و» or a comma before the
    /// second.
    pub fn joined(&self, a: Actor, b: Actor) -> bool {
        let (Some(a), Some(b)) = (self.mention(a), self.mention(b)) else { return false };
        let (left, right) = if a.first <= b.first { (a, b) } else { (b, a) };
        if right.first < left.last || right.first - left.last > 12 || !self.coordinated(right) {
            return false;
        }
        (left.last..right.first).all(|i| {
            let fact = &self.facts[i as usize];
            fact.entity != 0
                || fact.class == WordClass::Punct
                || fact.noun.is_some()
                || self.document.norm(i as usize) == "و"
        })
    }

    /// Token of the argument's head.
    pub fn head(&self, site: &Site, actor: Actor) -> u32 {
        self.mention(actor).map_or(site.head, |m| m.head)
    }

    /// What kind of actor: its label, or the class of its noun, with its form, in one small number.
    pub fn kind(&self, actor: Actor) -> u64 {
        let Some(mention) = self.mention(actor) else { return 1 };
        match (mention.form, mention.class) {
            (Form::Named, _) => 2 + mention.label.map_or(0, |l| 1 + l as u64),
            (form, Some(class)) => 20 + 20 * (form as u64) + class as u64,
            (_, None) => 100 + mention.number as u64,
        }
    }

    /// A coarser kind: person, organisation, place, nationality, or a pronoun.
    pub fn coarse_kind(&self, actor: Actor) -> u64 {
        use crate::mention::grammar::ActorClass::*;
        let Some(mention) = self.mention(actor) else { return 1 };
        match (mention.form, mention.label, mention.class) {
            (Form::Pronoun, ..) => 2,
            (_, _, Some(Office | Person | Fighter | Pattern)) => 3,
            (_, _, Some(Armed | Body | Organisation | Media | Company)) => 4,
            (_, _, Some(State | Place)) => 5,
            (_, Some(Label::Per), _) => 3,
            (_, Some(Label::Org), _) => 4,
            (_, Some(Label::Loc), _) => 5,
            (_, Some(Label::Norp), _) => 6,
            _ => 7,
        }
    }

    /// What an actor is in the world.
    pub fn sort(&self, actor: Actor) -> Sort {
        match actor {
            Actor::Mention(index) => self.counts.sorts[index as usize],
            Actor::Implicit => Sort::Unknown,
        }
    }

    /// What the trigger's word is, with its voice, in one small number.
    pub fn shape(&self, site: &Site) -> u64 {
        let trigger = &self.triggers[site.begin as usize];
        trigger.part as u64 * 4
            + match trigger.voice {
                Voice::Unknown => 0,
                Voice::Active => 1,
                Voice::Passive => 2,
            }
    }

    /// Whether verb and actor agree: 1 yes, 2 no, 0 not to tell.
    pub fn agreement(&self, site: &Site, actor: Actor) -> u64 {
        let trigger = &self.triggers[site.begin as usize];
        let Some(mention) = self.mention(actor) else { return 0 };
        let of = |gender| match gender {
            Gender::Unknown => 0,
            Gender::Masculine => 1,
            Gender::Feminine => 2,
        };
        let (a, b) = (of(trigger.gender), of(mention.gender));
        if a == 0 || b == 0 {
            return 0;
        }
        let things = mention.number == Number::Plural && !mention.class.is_some_and(|c| c.is_person());
        if a == b && !things || things && a == 2 { 1 } else { 2 }
    }

    /// What [`Position::foreseen`] says.
    fn foreseen(&self, site: &Site, position: &Position) -> u64 {
        let mut found = 0;
        for trigger in self.triggers_of(site) {
            let entry = self.lexicon.entry(trigger.entry);
            for (bit, slots) in [(1, &entry.source), (2, &entry.target)] {
                if slots.iter().any(|&slot| self.stands_in(slot, trigger, position)) {
                    found |= bit;
                }
            }
        }
        found
    }

    fn stands_in(&self, slot: Slot, trigger: &Trigger, position: &Position) -> bool {
        use Place::*;
        match slot {
            Slot::Preposition(number) => {
                position.preposition == self.preposition_of(number)
                    && matches!(position.place, AfterPreposition | LaterPreposition | BeforePreposition)
            }
            Slot::Subject if trigger.part.is_verb() => {
                matches!(position.place, Next | FirstAfter | Implicit | LastBefore | Previous)
            }
            Slot::Subject => matches!(position.place, Next | Suffix | LastBefore | Previous),
            Slot::Object => matches!(position.place, Suffix | Next | FirstAfter | LaterAfter),
            Slot::Idafa => matches!(position.place, Next | Suffix),
            Slot::Bearer => {
                matches!(position.place, FirstAfter | LaterAfter | LastBefore | Previous | Around)
            }
        }
    }
}
