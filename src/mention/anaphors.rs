//! Whom a definite noun that stands alone can mean: «الوزارة» a ministry, «الحركة» a party or an armed group.

use std::collections::HashMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::grammar::{Grammar, lines};
use crate::entity::Entity;
use crate::entity::link::{State, states};
use crate::normalize::fold;
use crate::{Error, Result};

/// What a definite noun means where nothing before it fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// The meanings of all nouns, and the states that some of them fall back to. Immutable; share one among threads.
#[derive(Debug)]
pub(super) struct Anaphors {
    meanings: FxHashMap<u16, Meaning>,
    states: HashMap<Arc<str>, State>,
}

const ANAPHORS: &str = include_str!("data/anaphors.tsv");

impl Anaphors {
    /// The built-in table; its nouns are those of `grammar`.
    pub fn new(grammar: &Grammar) -> Result<Anaphors> {
        let mut meanings = FxHashMap::default();
        for (number, line) in lines(ANAPHORS) {
            let (noun, meaning) =
                read(grammar, line).map_err(|message| Error::data("anaphors.tsv", number, message))?;
            meanings.insert(noun, meaning);
        }
        Ok(Anaphors { meanings, states: states()? })
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
