//! Triggers: the words that express a relation, found by lexicon.
//!
//! `data/triggers.tsv` lists lemmas, one entry a line; verbs and nouns are inflected when the lexicon is built
//! ([`crate::lexicon::conjugate`]), and all forms are looked up by the ids of folded words. `data/trigger_blocks.tsv`
//! lists phrases in which a form is no trigger («التحالف العربي» is an actor). A trigger is a candidate only: whether
//! it has arguments, and which of its families it expresses, is decided by [`super::argument`].

pub use crate::lexicon::grammar::{Gender, Number, Person, Voice};
pub(super) mod inflect;

use rustc_hash::FxHashMap;

use crate::lexicon::conjugate::Conjugator;
use crate::lexicon::words::{WordId, WordIds};
use crate::lexicon::{Phrases, UserLexicon, UserTrigger, Words};
use crate::normalize::fold;
use crate::segment::{Document, Kind};
use crate::{Error, Result};

use super::family::{Families, FamilyId};

/// What a trigger is as a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Part {
    Perfect,
    Imperfect,
    Imperative,
    /// The verbal noun: «هجوم», «اندماج».
    Masdar,
    ActiveParticiple,
    PassiveParticiple,
    Adjective,
    Noun,
    /// The noun of an office, borne by a person: «رئيس», «عضو».
    Title,
    /// A preposition or particle: «ضد», «في».
    Particle,
}

impl Part {
    /// All parts, in the order of their numbers.
    pub const ALL: [Part; 10] = [
        Part::Perfect,
        Part::Imperfect,
        Part::Imperative,
        Part::Masdar,
        Part::ActiveParticiple,
        Part::PassiveParticiple,
        Part::Adjective,
        Part::Noun,
        Part::Title,
        Part::Particle,
    ];

    /// A finite verb: one with a subject of its own.
    pub fn is_verb(self) -> bool {
        matches!(self, Part::Perfect | Part::Imperfect | Part::Imperative)
    }
}

/// Several parts of speech, for spellings that are more than one («قتل»: he killed, killing).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Parts(pub u16);

impl Parts {
    /// Only this part.
    pub fn only(part: Part) -> Parts {
        Parts(1 << part as u16)
    }

    /// Whether the word can be this part.
    #[inline]
    pub fn contains(self, part: Part) -> bool {
        self.0 & (1 << part as u16) != 0
    }

    /// The first of them that is a noun.
    pub fn nominal(self) -> Option<Part> {
        Part::ALL.into_iter().find(|&part| !part.is_verb() && self.contains(part))
    }

    /// The first of them that is a finite verb.
    pub fn verb(self) -> Option<Part> {
        Part::ALL.into_iter().find(|&part| part.is_verb() && self.contains(part))
    }

    /// The parts of both.
    pub fn union(self, other: Parts) -> Parts {
        Parts(self.0 | other.0)
    }
}

/// Where an argument stands, seen from the trigger in its active voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The verb's subject; a masdar's agent («قصف روسيا لحلب»); what a participle describes.
    Subject,
    /// The verb's object; a masdar's patient («قصف حلب»).
    Object,
    /// What a noun governs («رئيس الحزب»).
    Idafa,
    /// The bearer of a title: its apposition, or the subject of which it is said.
    Bearer,
    /// Behind a preposition: a number for [`Triggers::preposition`].
    Preposition(u8),
}

/// Families as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FamilySet(pub u64);

impl FamilySet {
    /// Whether the family is one of them.
    #[inline]
    pub fn contains(self, family: FamilyId) -> bool {
        self.0 & (1 << family.0) != 0
    }

    /// All of them, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = FamilyId> {
        (0..64).filter(move |i| self.0 & (1 << i) != 0).map(FamilyId)
    }

    /// Number of families.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// No family at all.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// One line of the lexicon.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The dictionary form, as the data file spells it.
    pub lemma: Box<str>,
    /// What it may express.
    pub families: FamilySet,
    /// Where the source may stand, the likeliest first.
    pub source: Box<[Slot]>,
    /// Where the target may stand, the likeliest first.
    pub target: Box<[Slot]>,
    /// Source and target may stand together: a plural or coordinated subject, «بين X وY», «X وY».
    pub reciprocal: bool,
    /// The user's own entry.
    pub user: bool,
    /// The word itself says that the relation ends or fails: «غادر» for BASED_IN.
    pub negated: bool,
    /// The word alone makes the family sure, where both arguments stand in their places.
    pub certain: bool,
    /// A line of a verb, its participles and masdar with it; else of a noun, adjective or particle.
    pub verbal: bool,
}

/// One candidate in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Tokens `first..last`.
    pub first: u32,
    pub last: u32,
    /// The inflected token: the verb of a phrase, else `first`.
    pub head: u32,
    /// Bytes `start..end` of the original text, proclitics left out, a pronoun suffix inside.
    pub start: u32,
    pub end: u32,
    /// Number of the entry, for [`Triggers::entry`].
    pub entry: u32,
    /// The likeliest part of speech.
    pub part: Part,
    /// All parts of speech that the spelling can be.
    pub parts: Parts,
    pub voice: Voice,
    pub person: Person,
    pub gender: Gender,
    pub number: Number,
    /// A noun or participle with the article.
    pub definite: bool,
    /// The head carries a pronoun suffix («قصفها», «استقالتهم»).
    pub carries_suffix: bool,
    /// The word ends in the alef of the indefinite accusative («داعيا»).
    pub accusative: bool,
    /// The word itself says that the relation ends ([`Entry::negated`]).
    pub negated: bool,
}

/// What one spelling of an entry tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::relation) struct Reading {
    pub entry: u32,
    pub part: Part,
    pub voice: Voice,
    pub person: Person,
    pub gender: Gender,
    pub number: Number,
    pub definite: bool,
    /// Stands only before a pronoun suffix («استقالت‑», «هاجمو‑»).
    pub bound: bool,
}

/// One way to look at a token: with or without its clitics.
#[derive(Clone, Copy)]
struct Way {
    word: WordId,
    /// Bytes of proclitics that are left out.
    prefix: u8,
    /// A pronoun suffix is left out.
    suffixed: bool,
}

impl Way {
    fn allows(&self, reading: &Reading) -> bool {
        self.suffixed || !reading.bound
    }
}

/// The trigger lexicon. Immutable; share one among threads.
#[derive(Debug)]
pub struct Triggers {
    entries: Vec<Entry>,
    prepositions: Vec<Box<str>>,
    phrases: Phrases<Reading>,
    blocks: Phrases<()>,
    contexts: FxHashMap<WordId, Context>,
}

/// What a word lets stand behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    Verb,
    Noun,
}

const FILE: &str = "triggers.tsv";
const DATA: &str = include_str!("data/triggers.tsv");
const CONTEXTS: &str = include_str!("data/trigger_contexts.tsv");
const BLOCKS: &str = include_str!("data/trigger_blocks.tsv");

impl Triggers {
    /// The built-in lexicon with the user's triggers added; all forms are interned into `words`.
    ///
    /// # Errors
    /// A line of a data file that does not read, or a user's trigger of an unknown family.
    pub fn new(words: &mut Words, families: &Families, user: &UserLexicon) -> Result<Triggers> {
        let conjugator = Conjugator::new()?;
        let mut triggers = Triggers {
            entries: Vec::new(),
            prepositions: Vec::new(),
            phrases: Phrases::default(),
            blocks: Phrases::default(),
            contexts: FxHashMap::default(),
        };
        for (number, line) in lines(DATA) {
            triggers
                .add_line(&conjugator, words, families, line)
                .map_err(|message| Error::data(FILE, number, message))?;
        }
        for trigger in &user.triggers {
            triggers.add_user(&conjugator, words, families, trigger)?;
        }
        for (_, line) in lines(BLOCKS) {
            let phrase = line.split('\t').next().unwrap_or_default();
            triggers.blocks.add(words, &fold(phrase), ());
        }
        for (number, line) in lines(CONTEXTS) {
            let (word, context) = match line.split_once('\t') {
                Some((word, "verb")) => (word, Context::Verb),
                Some((word, "noun")) => (word, Context::Noun),
                _ => {
                    return Err(Error::data(
                        "trigger_contexts.tsv",
                        number,
                        "a word and verb or noun are expected",
                    ));
                }
            };
            triggers.contexts.insert(words.intern(&fold(word)), context);
        }
        Ok(triggers)
    }

    /// The entry of that number.
    #[inline]
    pub fn entry(&self, number: u32) -> &Entry {
        &self.entries[number as usize]
    }

    /// All entries, in the order of their numbers.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The folded preposition of that number ([`Slot::Preposition`]); «ب» and «ل» are proclitics.
    pub fn preposition(&self, number: u8) -> &str {
        &self.prepositions[number as usize]
    }

    /// The prepositions in the order of their numbers.
    pub fn prepositions(&self) -> impl Iterator<Item = &str> {
        self.prepositions.iter().map(|p| &**p)
    }

    /// Write the triggers of `document` into `out`, in the order of their first token.
    ///
    /// A trigger inside a longer one is left out. One span may be several triggers, one for each set of families.
    pub fn find(&self, document: &Document, ids: &WordIds, out: &mut Vec<Trigger>) {
        out.clear();
        let mut covered = 0;
        let mut blocked = 0;
        for index in 0..ids.full.len() {
            if document.tokens[index].kind != Kind::Word {
                continue;
            }
            blocked = blocked.max(self.block_end(ids, index));
            if index < blocked {
                continue;
            }
            if let Some(end) = self.find_at(document, ids, index, covered, out) {
                covered = covered.max(end);
            }
        }
    }

    /// End of the blocking phrase that begins at token `index`; 0 for none.
    fn block_end(&self, ids: &WordIds, index: usize) -> usize {
        let rest = &ids.full[index + 1..];
        let full = self.blocks.longest(ids.full[index], rest);
        let found = full.or_else(|| self.blocks.longest(ids.bare[index], rest));
        found.map_or(0, |(length, _)| index + length)
    }

    /// Triggers that begin at token `index` and end behind token `covered`; returns their end.
    fn find_at(
        &self,
        document: &Document,
        ids: &WordIds,
        index: usize,
        covered: usize,
        out: &mut Vec<Trigger>,
    ) -> Option<usize> {
        let token = &document.tokens[index];
        let suffixed = token.suffix > 0 || ids.stem[index] != ids.bare[index];
        let guess = ids.guess[index];
        let ways = [
            Way { word: ids.full[index], prefix: 0, suffixed: false },
            Way { word: ids.bare[index], prefix: token.prefix, suffixed: false },
            Way { word: ids.stem[index], prefix: token.prefix, suffixed },
            Way { word: guess.word, prefix: guess.prefix, suffixed: guess.suffixed },
        ];
        let mut found: Option<(usize, &[Reading], Way)> = None;
        for way in ways {
            if way.word == WordId::UNKNOWN {
                continue;
            }
            for rest in [&ids.full, &ids.stem] {
                let Some((length, readings)) = self.phrases.longest(way.word, &rest[index + 1..]) else {
                    continue;
                };
                let usable = readings.iter().any(|reading| way.allows(reading));
                if usable && found.is_none_or(|(best, ..)| length > best) {
                    found = Some((length, readings, way));
                }
            }
        }
        let (length, readings, way) = found?;
        if index + length <= covered {
            return None;
        }
        let begin = out.len();
        self.emit(document, index, length, readings, way, out);
        for trigger in &mut out[begin..] {
            self.decide_part(document, ids, trigger);
            self.decide_entry(readings, way, trigger);
        }
        Some(index + length)
    }

    /// A spelling that is both a verb and a noun («قصف») is what the word before it and its proclitics let it be.
    fn decide_part(&self, document: &Document, ids: &WordIds, trigger: &mut Trigger) {
        let Some(nominal) = trigger.parts.nominal() else { return };
        let Some(verb) = trigger.parts.verb() else { return };
        let index = trigger.first as usize;
        let start = document.tokens[index].start as usize;
        let proclitics = document.text.get(start..trigger.start as usize).unwrap_or_default();
        let sentence = &document.sentences[document.sentence_of(index)];
        let before = (index > sentence.first as usize).then(|| index - 1);
        let before = before.filter(|&i| document.tokens[i].kind == Kind::Word);
        let context = before.and_then(|i| {
            let ways = [ids.full[i], ids.bare[i]];
            ways.iter().find_map(|word| self.contexts.get(word).copied())
        });
        let is_verb = if proclitics.ends_with(['ب', 'ل', 'ك']) {
            false
        } else if let Some(context) = context {
            context == Context::Verb
        } else if trigger.accusative || trigger.person == Person::First {
            // «حظرا» is a ban in the accusative far more often than two who banned.
            false
        } else {
            match before {
                None => true,
                Some(_) if !proclitics.is_empty() => true,
                Some(before) => document.stem(before).starts_with("ال"),
            }
        };
        trigger.part = if is_verb { verb } else { nominal };
    }

    /// Of entries with the same families («دعم», verb and noun) the one that is the part of speech decided on: where
    /// arguments stand depends on it.
    fn decide_entry(&self, readings: &[Reading], way: Way, trigger: &mut Trigger) {
        let families = self.entry(trigger.entry).families;
        let fits = |reading: &&Reading| {
            let entry = self.entry(reading.entry);
            way.allows(reading) && reading.part == trigger.part && entry.families == families
        };
        let of_its_own = |reading: &&Reading| self.entry(reading.entry).verbal == trigger.part.is_verb();
        let found = readings.iter().filter(fits).find(of_its_own);
        if let Some(reading) = found {
            trigger.entry = reading.entry;
        }
    }

    /// One trigger for each set of families among `readings`.
    fn emit(
        &self,
        document: &Document,
        index: usize,
        length: usize,
        readings: &[Reading],
        way: Way,
        out: &mut Vec<Trigger>,
    ) {
        let begin = out.len();
        for reading in readings.iter().filter(|reading| way.allows(reading)) {
            let families = self.entry(reading.entry).families;
            let same =
                |t: &&mut Trigger| t.entry == reading.entry || self.entry(t.entry).families == families;
            if let Some(known) = out[begin..].iter_mut().find(same) {
                merge(known, reading);
                continue;
            }
            let start = match way.prefix {
                0 => document.tokens[index].start as usize,
                bytes => document.cut_at(index, bytes as usize),
            };
            out.push(Trigger {
                first: index as u32,
                last: (index + length) as u32,
                head: index as u32,
                start: start as u32,
                end: document.tokens[index + length - 1].end,
                entry: reading.entry,
                part: reading.part,
                parts: Parts::only(reading.part),
                voice: reading.voice,
                person: reading.person,
                gender: reading.gender,
                number: reading.number,
                definite: reading.definite,
                carries_suffix: way.suffixed,
                accusative: document.norm(index).ends_with('ا') && !way.suffixed,
                negated: self.entry(reading.entry).negated,
            });
        }
    }

    /// Add a trigger of the user's; its other argument is the object or stands behind any preposition.
    fn add_user(
        &mut self,
        conjugator: &Conjugator,
        words: &mut Words,
        families: &Families,
        trigger: &UserTrigger,
    ) -> Result<()> {
        let unknown =
            || Error::Value(format!("trigger «{}»: no family «{}»", trigger.phrase, trigger.family));
        let family = families.id(&trigger.family).ok_or_else(unknown)?;
        let symmetric = families.get(family).symmetric;
        let subject: Box<[Slot]> = Box::new([Slot::Subject, Slot::Bearer]);
        let other: Box<[Slot]> = std::iter::once(Slot::Object)
            .chain((0..self.prepositions.len()).map(|p| Slot::Preposition(p as u8)))
            .collect();
        let (source, target) = match trigger.subject.as_deref() {
            None | Some("source") => (subject, other),
            Some("target") => (other, subject),
            Some(role) => {
                let message =
                    format!("trigger «{}»: subject is source or target, not «{role}»", trigger.phrase);
                return Err(Error::Value(message));
            }
        };
        let number = self.entries.len() as u32;
        let families = FamilySet(1 << family.0);
        let lemma = trigger.phrase.as_str().into();
        self.entries.push(Entry {
            lemma,
            families,
            source,
            target,
            reciprocal: symmetric,
            user: true,
            negated: false,
            // A user who names a trigger has decided its family; the models have never seen it.
            certain: true,
            verbal: false,
        });
        self.add_spellings(words, inflect::user_spellings(conjugator, number, &trigger.phrase));
        Ok(())
    }

    /// Read one line of the data file; the error is a message without the place.
    fn add_line(
        &mut self,
        conjugator: &Conjugator,
        words: &mut Words,
        families: &Families,
        line: &str,
    ) -> std::result::Result<(), String> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [lemma, class, root, names, source, target, forms] = columns[..] else {
            return Err(format!("7 columns are expected, not {}", columns.len()));
        };
        let mut set = FamilySet::default();
        for name in names.split_whitespace() {
            let id = families.id(name).ok_or_else(|| format!("no family «{name}»"))?;
            set.0 |= 1 << id.0;
        }
        if set.is_empty() {
            return Err("no family".into());
        }
        let reciprocal = source.split_whitespace().any(|s| s == "both");
        let marked = |mark: &str| forms.split_whitespace().any(|form| form == mark);
        let (negated, certain) = (marked("negated"), marked("certain"));
        let (source, target) = (self.slots(source), self.slots(target));
        let number = self.entries.len() as u32;
        self.entries.push(Entry {
            lemma: lemma.into(),
            families: set,
            source,
            target,
            reciprocal,
            user: false,
            negated,
            certain,
            verbal: !root.is_empty(),
        });
        let spellings = inflect::spellings(conjugator, number, lemma, class, root, forms)?;
        self.add_spellings(words, spellings);
        Ok(())
    }

    /// The slots of a column; «both» only marks reciprocity.
    fn slots(&mut self, column: &str) -> Box<[Slot]> {
        let words = column.split_whitespace().filter(|&w| w != "both" && w != "-");
        words
            .map(|word| match word {
                "subject" => Slot::Subject,
                "object" => Slot::Object,
                "idafa" => Slot::Idafa,
                "bearer" => Slot::Bearer,
                preposition => Slot::Preposition(self.preposition_number(&fold(preposition))),
            })
            .collect()
    }

    fn preposition_number(&mut self, folded: &str) -> u8 {
        let folded = folded.replace('_', " ");
        let known = self.prepositions.iter().position(|p| **p == *folded);
        known.unwrap_or_else(|| {
            self.prepositions.push(folded.into());
            self.prepositions.len() - 1
        }) as u8
    }

    fn add_spellings(&mut self, words: &mut Words, spellings: Vec<inflect::Spelling>) {
        for (phrase, reading) in spellings {
            self.phrases.add(words, &phrase, reading);
        }
    }
}

/// A second reading of the same entry: what both share stays.
fn merge(known: &mut Trigger, reading: &Reading) {
    known.parts = known.parts.union(Parts::only(reading.part));
    if known.voice != reading.voice {
        known.voice = Voice::Unknown;
    }
    if known.person != reading.person {
        known.person = Person::Unknown;
    }
    if known.gender != reading.gender {
        known.gender = Gender::Unknown;
    }
    if known.number != reading.number {
        known.number = Number::Unknown;
    }
}

/// The lines of a data file with their numbers, without its header, comments and empty lines.
fn lines(data: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = data.lines().enumerate().skip(1);
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).map(|(i, line)| (i + 1, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Vec<(String, Vec<String>)> {
        let mut words = Words::default();
        let user = UserLexicon::default();
        let families = Families::new(&user).unwrap();
        let triggers = Triggers::new(&mut words, &families, &user).unwrap();
        let document = Document::new(text);
        let mut ids = WordIds::default();
        ids.update(&words, &document);
        let mut found = Vec::new();
        triggers.find(&document, &ids, &mut found);
        let name = |f| families.get(f).name.clone();
        found
            .iter()
            .map(|t| {
                let span = text[t.start as usize..t.end as usize].to_string();
                (span, triggers.entry(t.entry).families.iter().map(name).collect())
            })
            .collect()
    }

    #[test]
    fn longest_trigger_wins_and_blocks_block() {
        for (text, want) in [
            ("نائب رئيس الحزب", vec![("نائب رئيس", "LEADS")]),
            ("زيارة التحالف العربي", vec![("زيارة", "NEGOTIATE")]),
            ("", vec![]),
        ] {
            let want: Vec<_> = want.into_iter().map(|(s, f)| (s.to_string(), vec![f.to_string()])).collect();
            assert_eq!(find(text), want, "{text}");
        }
    }
}
