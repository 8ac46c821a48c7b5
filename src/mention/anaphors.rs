//! Whom a definite noun that stands alone can mean: «الوزارة» a ministry, «الحركة» a party or an armed group.

use std::collections::HashMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Gender;
use super::grammar::{Grammar, hash, lines};
use crate::entity::link::{State, states};
use crate::entity::{Entity, Label};
use crate::normalize::fold;
use crate::{Error, Result};

/// What a definite noun means where nothing before it fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Otherwise {
    /// Itself only.
    #[default]
    Itself,
    /// A name without a head noun and of no known kind will do.
    Open,
    /// The body of the article's state: «الحكومة» → «الحكومة التونسية».
    Body,
    /// The article's state.
    Country,
}

/// What one noun can mean besides an actor named with it.
#[derive(Debug, Default)]
pub(super) struct Meaning {
    pub kinds: Vec<Box<str>>,
    /// Other nouns that the actor's name may begin with: lines of `actors.tsv`.
    pub nouns: Vec<u16>,
    pub otherwise: Otherwise,
}

/// Whose pronoun a word carries, as far as the word tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Owner {
    #[default]
    Anyone,
    Person,
    State,
    Group,
    /// Whoever spoke last.
    Speaker,
    /// The actor that the sentence is about.
    Subject,
}

/// The meanings of all nouns, the states that some of them fall back to, and what single words tell of the actors around
/// them. Immutable; share one among threads.
#[derive(Debug)]
pub(super) struct Anaphors {
    meanings: FxHashMap<u16, Meaning>,
    states: HashMap<Arc<str>, State>,
    /// By the hash of the folded word without its suffix.
    carriers: FxHashMap<u64, Owner>,
    /// Verbs of speech, by the hash of the folded word.
    speech: FxHashSet<u64>,
    /// Genders of given names and of whole names, by the hash of the folded words.
    given: FxHashMap<u64, Gender>,
    whole: FxHashMap<u64, Gender>,
}

const ANAPHORS: &str = include_str!("data/anaphors.tsv");
const CARRIERS: &str = include_str!("data/carriers.tsv");
const SPEECH: &str = include_str!("data/speech.tsv");
const GENDERS: &str = include_str!("data/genders.tsv");

impl Anaphors {
    /// The built-in table; its nouns are those of `grammar`.
    pub fn new(grammar: &Grammar) -> Result<Anaphors> {
        let mut meanings = FxHashMap::default();
        for (number, line) in lines(ANAPHORS) {
            let (noun, meaning) =
                read(grammar, line).map_err(|message| Error::data("anaphors.tsv", number, message))?;
            meanings.insert(noun, meaning);
        }
        let mut anaphors = Anaphors {
            meanings,
            states: states()?,
            carriers: FxHashMap::default(),
            speech: lines(SPEECH).map(|(_, word)| hash(&fold(word))).collect(),
            given: FxHashMap::default(),
            whole: FxHashMap::default(),
        };
        for (number, line) in lines(CARRIERS) {
            let (word, owner) = carrier(line).map_err(|m| Error::data("carriers.tsv", number, m))?;
            anaphors.carriers.insert(word, owner);
        }
        for (number, line) in lines(GENDERS) {
            anaphors.add_gender(line).map_err(|m| Error::data("genders.tsv", number, m))?;
        }
        Ok(anaphors)
    }

    fn add_gender(&mut self, line: &str) -> std::result::Result<(), String> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [name, gender, what] = columns[..] else { return Err("3 columns are expected".into()) };
        let gender = match gender {
            "m" => Gender::Masculine,
            "f" => Gender::Feminine,
            other => return Err(format!("no gender «{other}»")),
        };
        let table = match what {
            "given" => &mut self.given,
            "whole" => &mut self.whole,
            other => return Err(format!("«{other}» is not given or whole")),
        };
        // Names that are one when folded and of two genders show none.
        let known = table.entry(hash(&fold(name))).or_insert(gender);
        if *known != gender {
            *known = Gender::Unknown;
        }
        Ok(())
    }

    /// Whose pronoun the word carries, by the hash of the word without its suffix.
    pub fn owner(&self, word: u64) -> Owner {
        self.carriers.get(&word).copied().unwrap_or_default()
    }

    /// Whether the word is a verb of speech.
    pub fn speaks(&self, word: u64) -> bool {
        self.speech.contains(&word)
    }

    /// Gender of a name whose folded spelling is `folded`, as far as tables and its ending show.
    pub fn gender(&self, label: Label, folded: &str) -> Gender {
        if let Some(&gender) = self.whole.get(&hash(folded)) {
            return gender;
        }
        let first = folded.split(' ').next().unwrap_or_default();
        let feminine = first.ends_with('ه');
        match label {
            Label::Loc => Gender::Feminine,
            Label::Per => match self.given.get(&hash(first)) {
                Some(&gender) => gender,
                None if feminine => Gender::Feminine,
                None => Gender::Unknown,
            },
            Label::Org if feminine => Gender::Feminine,
            _ => Gender::Unknown,
        }
    }

    pub fn meaning(&self, noun: u16) -> Option<&Meaning> {
        self.meanings.get(&noun)
    }

    /// The state that `entities` name most often, by places, nationalities and whoever belongs to one state.
    pub fn state_of(&self, entities: &[Entity]) -> Option<&State> {
        let mut counts: Vec<(&Arc<str>, usize)> = Vec::new();
        for code in entities.iter().filter_map(|e| e.code.as_ref()).filter(|code| code.len() == 2) {
            match counts.iter_mut().find(|(other, _)| *other == code) {
                Some((_, n)) => *n += 1,
                None => counts.push((code, 1)),
            }
        }
        let most = counts.iter().map(|(_, n)| *n).max()?;
        let (code, _) = counts.into_iter().find(|(_, n)| *n == most)?;
        self.states.get(code)
    }
}

fn carrier(line: &str) -> std::result::Result<(u64, Owner), String> {
    let (word, owner) = line.split_once('\t').ok_or("2 columns are expected")?;
    let owner = match owner {
        "person" => Owner::Person,
        "state" => Owner::State,
        "group" => Owner::Group,
        "speaker" => Owner::Speaker,
        "subject" => Owner::Subject,
        other => return Err(format!("no owner «{other}»")),
    };
    Ok((hash(&fold(word)), owner))
}

fn read(grammar: &Grammar, line: &str) -> std::result::Result<(u16, Meaning), String> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [noun, kinds, nouns, ..] = columns[..] else { return Err("3 or 4 columns are expected".into()) };
    let id = |noun: &str| grammar.noun_of(&fold(noun)).ok_or_else(|| format!("«{noun}» is no actor noun"));
    let otherwise = match columns.get(3).copied().unwrap_or("") {
        "" => Otherwise::Itself,
        "open" => Otherwise::Open,
        "state" => Otherwise::Body,
        "country" => Otherwise::Country,
        other => return Err(format!("«{other}» is not open, state or country")),
    };
    let kinds = kinds.split_whitespace().map(Box::from).collect();
    let nouns = nouns.split_whitespace().map(id).collect::<std::result::Result<_, _>>()?;
    Ok((id(noun)?, Meaning { kinds, nouns, otherwise }))
}
