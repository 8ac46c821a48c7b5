//! Small words that join the parts of a number or a date: «و», «إلى», «من», «بين», «غاية».
//!
//! `data/joints.tsv` lists them with the parts that each can play. They are looked up by the folded word as it stands,
//! with its proclitics, and only where a number or a date has been read already or is about to be.

use rustc_hash::FxHashMap;

use super::Reader;
use crate::normalize::fold;
use crate::{Error, Result};

/// What a small word does beside a number or a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Joint {
    And,
    To,
    Or,
    Until,
    From,
    Between,
    /// «ما» before «بين».
    What,
    /// «غاية» behind «إلى».
    Extent,
    /// A point of time follows: «في», «منذ».
    Instant,
    /// A month follows: «قبل», «حتى».
    Bound,
    /// Only a length of time follows: «خلال», «لمدة».
    Length,
    /// Ends a bare plural: «سنوات من …».
    Function,
    /// Bounds follow: «الممتدة من …».
    Stretching,
    Today,
    /// The article apart from its number: «الـ14».
    Article,
    /// Minutes of play, in short.
    Minutes,
    /// Between hours and minutes.
    Hours,
    Gregorian,
    Hijri,
}

/// Names of the parts in the data file.
const NAMES: [(&str, Joint); 19] = [
    ("and", Joint::And),
    ("to", Joint::To),
    ("or", Joint::Or),
    ("until", Joint::Until),
    ("from", Joint::From),
    ("between", Joint::Between),
    ("what", Joint::What),
    ("extent", Joint::Extent),
    ("instant", Joint::Instant),
    ("bound", Joint::Bound),
    ("length", Joint::Length),
    ("function", Joint::Function),
    ("stretching", Joint::Stretching),
    ("today", Joint::Today),
    ("article", Joint::Article),
    ("minutes", Joint::Minutes),
    ("hours", Joint::Hours),
    ("gregorian", Joint::Gregorian),
    ("hijri", Joint::Hijri),
];

const FILE: &str = "joints.tsv";
const DATA: &str = include_str!("../data/joints.tsv");

/// The small words, each with the set of its parts.
#[derive(Debug)]
pub(super) struct Joints(FxHashMap<String, u32>);

impl Joints {
    /// # Errors
    /// A line of the data file that does not read.
    pub fn new() -> Result<Joints> {
        let mut joints = FxHashMap::default();
        for (index, line) in DATA.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let wrong = || Error::data(FILE, index + 1, "a word and the parts that it plays are expected");
            let (word, parts) = line.split_once('\t').ok_or_else(wrong)?;
            for part in parts.split(' ') {
                let (_, joint) = NAMES.iter().find(|(name, _)| *name == part).ok_or_else(wrong)?;
                *joints.entry(fold(word)).or_insert(0) |= 1 << *joint as u32;
            }
        }
        Ok(Joints(joints))
    }
}

impl Reader<'_> {
    /// Whether the word at `at`, as it stands, plays one of the parts.
    pub(super) fn joins(&self, at: usize, parts: &[Joint]) -> bool {
        let known = self.grammar.joints.0.get(self.norm(at)).copied().unwrap_or(0);
        parts.iter().any(|&part| known & (1 << part as u32) != 0)
    }

    /// «و» attached to the token.
    pub(super) fn has_and(&self, at: usize) -> bool {
        self.prefix(at) == "و"
    }

    /// Whether the word, without its proclitics, has the article.
    pub(super) fn is_definite(&self, at: usize) -> bool {
        self.norm_bare(at).starts_with("ال")
    }

    /// Whether one of these marks stands at `at`.
    pub(super) fn marks(&self, at: usize, marks: &[&str]) -> bool {
        marks.contains(&self.norm(at))
    }
}
