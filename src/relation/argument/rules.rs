//! Constructions in which the binding is certain, as patterns of data.
//!
//! `data/rules.tsv` beside the room has one pattern a line: which families it binds, what stands around the trigger,
//! and how often it was right on the training news. [`pattern`] reads a line, [`phrase`] cuts a sentence into the
//! phrases that can fill its places, and [`Rules::find`] walks each pattern from its trigger outwards. A rule is a
//! feature of the model that judges pairs; one that is certain enough also decides alone.

pub mod pattern;
pub mod phrase;

use std::sync::Arc;

use super::TRAINED_FAMILIES;
use super::sentence::{Actor, Site, View};
use crate::entity::Label;
use crate::mention::{Form, Mention};
use crate::relation::family::Families;
use crate::relation::trigger::{Entry, FamilySet, Part, Person, Slot, Trigger};
use crate::{Error, Result};
use pattern::{Argument, BODY, NAMED, PERSON, Pattern, Prefix, Role, Step, Suffix};
use phrase::{Phrase, Phrases};

/// Number of a rule in [`Rules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RuleId(pub u8);

/// One line of the data file.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The name that users see.
    pub name: Arc<str>,
    /// The families that it binds, of those that the trigger's entry has.
    pub families: FamilySet,
    pattern: Pattern,
    /// Share of its records that were right on the training news; an estimate where these have few.
    pub confidence: f32,
    /// A sentence that it binds.
    pub example: Box<str>,
}

/// A pair that a rule foresees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    pub rule: RuleId,
    pub families: FamilySet,
    pub source: Actor,
    pub target: Actor,
    /// The trigger alone makes the family sure, whatever else its word may be.
    pub certain: bool,
}

/// The rules. Immutable; share one among threads.
#[derive(Debug, Clone)]
pub struct Rules {
    rules: Vec<Rule>,
    /// For each part of speech the rules whose trigger it may be.
    by_part: [Vec<u8>; Part::ALL.len()],
}

const FILE: &str = "rules.tsv";
const DATA: &str = include_str!("../data/rules.tsv");

impl Rules {
    /// The built-in rules for `families`.
    ///
    /// # Errors
    /// A line of the data file that does not read.
    pub fn new(families: &Families) -> Result<Rules> {
        Rules::parse(DATA, families)
    }

    fn parse(data: &str, families: &Families) -> Result<Rules> {
        let mut rules = Rules { rules: Vec::new(), by_part: Default::default() };
        let numbered = data.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
        for (index, line) in numbered.skip(1) {
            let rule = rule(line, families).map_err(|message| Error::data(FILE, index + 1, message))?;
            let number = u8::try_from(rules.rules.len())
                .map_err(|_| Error::data(FILE, index + 1, "more than 256 rules"))?;
            for part in Part::ALL.into_iter().filter(|&part| rule.pattern.parts.contains(part)) {
                rules.by_part[part as usize].push(number);
            }
            rules.rules.push(rule);
        }
        Ok(rules)
    }

    /// The rule of that number.
    pub fn get(&self, id: RuleId) -> &Rule {
        &self.rules[id.0 as usize]
    }

    /// All rules, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (RuleId, &Rule)> {
        self.rules.iter().enumerate().map(|(i, rule)| (RuleId(i as u8), rule))
    }

    /// Write what the rules foresee for `site` into `out`: for each trigger the first rule that fits it.
    pub fn find(&self, view: &View, site: &Site, phrases: &Phrases, out: &mut Vec<Match>) {
        out.clear();
        for trigger in view.triggers_of(site) {
            let entry = view.lexicon.entry(trigger.entry);
            for &number in &self.by_part[trigger.part as usize] {
                let rule = &self.rules[number as usize];
                let families = FamilySet(rule.families.0 & entry.families.0);
                if families.is_empty() {
                    continue;
                }
                let walk = Walk { view, site, trigger, entry, phrases };
                if let Some((source, target)) = walk.fits(&rule.pattern) {
                    let certain = rule.pattern.certain && entry.families.len() == 1;
                    out.push(Match { rule: RuleId(number), families, source, target, certain });
                    break;
                }
            }
        }
    }
}

/// One line: name, families, pattern, confidence, example.
fn rule(line: &str, families: &Families) -> std::result::Result<Rule, String> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [name, names, pattern, confidence, example] = columns[..] else {
        return Err(format!("5 columns are expected, not {}", columns.len()));
    };
    let mut set = FamilySet::default();
    for name in names.split_whitespace() {
        let symmetric = match name {
            "all" => None,
            "symmetric" => Some(true),
            "directed" => Some(false),
            "own" => {
                let own = families.iter().filter(|(id, _)| id.0 as usize >= TRAINED_FAMILIES);
                own.for_each(|(id, _)| set.0 |= 1 << id.0);
                continue;
            }
            name => {
                let id = families.id(name).ok_or_else(|| format!("no family «{name}»"))?;
                set.0 |= 1 << id.0;
                continue;
            }
        };
        for (id, family) in families.iter() {
            if symmetric.is_none_or(|wanted| wanted == family.symmetric) {
                set.0 |= 1 << id.0;
            }
        }
    }
    Ok(Rule {
        name: name.into(),
        families: set,
        pattern: Pattern::new(pattern)?,
        confidence: confidence.parse().map_err(|_| format!("«{confidence}» is no number"))?,
        example: example.into(),
    })
}

/// A pattern being matched around one trigger.
struct Walk<'a> {
    view: &'a View<'a>,
    site: &'a Site,
    trigger: &'a Trigger,
    entry: &'a Entry,
    phrases: &'a Phrases,
}

/// Source and target found so far.
type Ends = [Option<Actor>; 2];

impl Walk<'_> {
    /// Source and target where the pattern fits.
    fn fits(&self, pattern: &Pattern) -> Option<(Actor, Actor)> {
        let fact = &self.view.facts[self.site.first as usize];
        if pattern.certain && !self.entry.certain {
            return None;
        }
        // News is told in the third person: «نقل» is no «we dismiss».
        if self.trigger.part.is_verb() && self.trigger.person == Person::First {
            return None;
        }
        // «قصفها»: a verb has its object in its suffix.
        if pattern.has_object && self.trigger.part.is_verb() && self.trigger.carries_suffix {
            return None;
        }
        if pattern.bare && (fact.conjoined || fact.preposition.is_some()) {
            return None;
        }
        let mut ends = [None; 2];
        match pattern.suffix {
            Suffix::Any => {}
            Suffix::Of(None) if !self.trigger.carries_suffix => return None,
            Suffix::Of(None) => {}
            Suffix::Of(Some(role)) => ends[role as usize] = Some(self.own_suffix()?),
        }
        let ends = self
            .behind(&pattern.behind, self.site.last, ends)
            .and_then(|ends| self.before(&pattern.before, self.site.first, ends))?;
        Some((ends[0]?, ends[1]?))
    }

    /// The pronoun that the trigger itself carries.
    fn own_suffix(&self) -> Option<Actor> {
        if !self.trigger.carries_suffix {
            return None;
        }
        let mentions = self.view.mentions;
        let begin = mentions.partition_point(|m| m.first < self.site.head);
        let own = |m: &Mention| m.first == self.site.head && m.last == m.first + 1 && m.form == Form::Pronoun;
        let here = mentions[begin..].iter().take_while(|m| m.first == self.site.head).position(own)?;
        Some(Actor::Mention((begin + here) as u32))
    }

    /// Match `steps` from token `at` to the right.
    fn behind(&self, steps: &[Step], at: u32, ends: Ends) -> Option<Ends> {
        let Some((step, rest)) = steps.split_first() else { return Some(ends) };
        match step {
            Step::Gap(most) => (0..=*most)
                .take_while(|&length| self.passable(at, at + length))
                .find_map(|length| self.behind(rest, at + length, ends)),
            Step::Word(words) => {
                let here = self.is_word(at, &words.hashes);
                here.then(|| self.behind(rest, at + 1, ends))
                    .flatten()
                    .or_else(|| words.optional.then(|| self.behind(rest, at, ends)).flatten())
            }
            Step::Not(words) => {
                let free = !self.is_word(at, words);
                free.then(|| self.behind(rest, at, ends)).flatten()
            }
            Step::Argument(argument) => {
                // «بدعم من روسيا»: the preposition is the trigger's own.
                let own = if at == self.site.last { self.site.first } else { at };
                let phrases = self.phrases.starting_at(at).chain(self.phrases.governed_by(own, at));
                phrases.filter(|phrase| self.fills(argument, phrase)).find_map(|phrase| {
                    let ends = with(ends, argument.role, phrase.actor)?;
                    let found = self.behind(rest, phrase.end, ends);
                    let tight = found.is_none() && phrase.tight_end != phrase.end;
                    if tight { self.behind(rest, phrase.tight_end, ends) } else { found }
                })
            }
        }
    }

    /// Match `steps`, the nearest first, from token `at` to the left.
    fn before(&self, steps: &[Step], at: u32, ends: Ends) -> Option<Ends> {
        let Some((step, rest)) = steps.split_first() else { return Some(ends) };
        match step {
            Step::Gap(most) => (0..=(*most).min(at))
                .take_while(|&length| self.passable(at - length, at))
                .find_map(|length| self.before(rest, at - length, ends)),
            Step::Word(words) => {
                let here = at > 0 && self.is_word(at - 1, &words.hashes);
                here.then(|| self.before(rest, at - 1, ends))
                    .flatten()
                    .or_else(|| words.optional.then(|| self.before(rest, at, ends)).flatten())
            }
            Step::Not(words) => {
                let free = at == 0 || !self.is_word(at - 1, words);
                free.then(|| self.before(rest, at, ends)).flatten()
            }
            Step::Argument(argument) => {
                // «ميليشيات موالية لإيران»: an adjective is part of the phrase that it describes.
                let described = if at == self.site.first { self.site.last } else { at };
                let around = self.phrases.ending_at(described).filter(|phrase| phrase.start < at);
                let phrases = self.phrases.ending_at(at).chain(around);
                phrases.filter(|phrase| self.fills(argument, phrase)).find_map(|phrase| {
                    let ends = with(ends, argument.role, phrase.actor)?;
                    self.before(rest, phrase.start, ends)
                })
            }
        }
    }

    /// The prepositions among `slots`, the likeliest first.
    fn prepositions(&self, slots: &[Slot]) -> impl Iterator<Item = u64> {
        slots.iter().filter_map(|slot| match slot {
            Slot::Preposition(number) => Some(self.view.preposition_of(*number)),
            _ => None,
        })
    }

    /// A masdar governs its agent or its patient alike.
    fn foreseen(&self, slots: &[Slot], slot: Slot) -> bool {
        let governs = slot == Slot::Idafa && self.trigger.part == Part::Masdar;
        slots.contains(&slot)
            || governs && slots.iter().any(|slot| matches!(slot, Slot::Subject | Slot::Object))
    }

    fn is_word(&self, at: u32, words: &[u64]) -> bool {
        let inside = self.phrases.range.0 <= at && at < self.phrases.range.1;
        inside && words.contains(&self.view.facts[at as usize].word)
    }

    /// Tokens `from..to` are words that a phrase may pass over: no verb, no clause, no actor.
    fn passable(&self, from: u32, to: u32) -> bool {
        let inside = self.phrases.range.0 <= from && to <= self.phrases.range.1;
        inside && (from..to).all(|at| self.phrases.passable(self.view, at))
    }

    /// Whether a phrase can stand in a place of the pattern.
    fn fills(&self, argument: &Argument, phrase: &Phrase) -> bool {
        let slots = match argument.role {
            Role::Source => &self.entry.source,
            Role::Target => &self.entry.target,
        };
        let own = self.site.first <= phrase.start && phrase.start < self.site.last;
        let free = phrase.preposition == 0 || own;
        let fits = match &argument.prefix {
            Prefix::None => free && !phrase.conjoined,
            Prefix::And => free && phrase.conjoined,
            Prefix::Foreseen(slot) => free && !phrase.conjoined && self.foreseen(slots, *slot),
            Prefix::Slot => self.prepositions(slots).any(|foreseen| foreseen == phrase.preposition),
            Prefix::Likely => self.prepositions(slots).take(2).any(|foreseen| foreseen == phrase.preposition),
            Prefix::Words(words) => words.contains(&phrase.preposition),
        };
        fits && (argument.governed || !phrase.governed)
            && argument.kinds.is_none_or(|kinds| self.is_of(kinds, phrase.actor))
    }

    /// Whether an actor is of one of these kinds.
    fn is_of(&self, kinds: u64, actor: Actor) -> bool {
        if kinds >> self.view.coarse_kind(actor) & 1 == 1 {
            return true;
        }
        let named = self.view.mention(actor).filter(|m| m.form == Form::Named);
        match named.and_then(|m| m.label) {
            Some(Label::Org | Label::Loc) => kinds & (NAMED | BODY) != 0,
            Some(Label::Per) => kinds & (NAMED | PERSON) != 0,
            _ => false,
        }
    }
}

/// `ends` with one more; nothing where the actor has the other role already.
fn with(mut ends: Ends, role: Role, actor: Actor) -> Option<Ends> {
    if ends.contains(&Some(actor)) {
        return None;
    }
    ends[role as usize] = Some(actor);
    Some(ends)
}
