//! The language of the rules: what stands around a trigger, word by word.
//!
//! A pattern is words with spaces between, in the order of the text:
//!
//! | word | what it stands for |
//! |---|---|
//! | `VERB` `MASDAR` `NOUN` `ADJECTIVE` `PARTICIPLE` `TITLE` `PARTICLE` | the trigger, once; `MASDAR\|NOUN` either |
//! | `TITLE!` | the trigger without a proclitic |
//! | `VERB*` | a trigger that the lexicon marks as certain |
//! | `VERB+T`, `MASDAR+S` | the trigger, whose own pronoun suffix is an argument |
//! | `VERB+_` | the trigger with a pronoun suffix that repeats an argument («الحزب الذي تقوده لوبان») |
//! | `S`, `T` | the phrase of the source, of the target, without a preposition and not joined by «و» |
//! | `S~`, `T~` | the same, with nouns that govern it before it («مواقع داعش») |
//! | `و:T` | a phrase that «و» joins to what stands before |
//! | `مع:T`, `على\|ضد:T` | a phrase behind one of these prepositions |
//! | `slot:T` | a phrase behind a preposition that the lexicon foresees for it |
//! | `likely:T` | the same, one of the first two that the lexicon names |
//! | `subject:S` `object:T` `idafa:T` `bearer:S` | a phrase without a preposition, where the lexicon foresees this slot |
//! | `S=per`, `T=org\|loc` | kinds of actor: `per`, `org`, `loc`, `norp`, `pronoun`; `named`: a name, no description; `body`, `person`: a name of an organisation or place, of a person |
//! | `-`, `--` | up to three, up to eight words that are no actor, no verb and open no clause |
//! | `هو`, `،?`, `يد\|يدي` | a word as it stands, optional with `?` |
//! | `!الخارجية` | any place but before this word |

use crate::mention::grammar::hash;
use crate::normalize::fold;
use crate::relation::trigger::{Part, Parts, Slot};

/// Words that `-` passes over at most, and `--`.
const GAPS: [u32; 2] = [3, 8];

/// The bit of [`Argument::kinds`] that wants an actor with a name: a person, an organisation, a place.
pub const NAMED: u64 = 1;

/// The bit that wants an organisation or a place with a name.
pub const BODY: u64 = 2;

/// The bit that wants a person with a name.
pub const PERSON: u64 = 1 << 8;

/// What an argument is in the relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Role {
    Source,
    Target,
}

/// What stands before an argument.
#[derive(Debug, Clone, PartialEq)]
pub enum Prefix {
    None,
    /// «و».
    And,
    /// Nothing, and the lexicon foresees this slot.
    Foreseen(Slot),
    /// A preposition that the lexicon foresees.
    Slot,
    /// One of the first two prepositions that the lexicon foresees.
    Likely,
    /// One of these prepositions, hashed.
    Words(Box<[u64]>),
}

/// A place for an argument.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    pub role: Role,
    pub prefix: Prefix,
    /// Nouns that govern the actor may stand before it.
    pub governed: bool,
    /// Coarse kinds of actor that may stand here, as bits; all where there are none.
    pub kinds: Option<u64>,
}

/// Words as they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// Hashes of the folded words, one of which stands here.
    pub hashes: Box<[u64]>,
    pub optional: bool,
}

/// What the trigger's own pronoun suffix must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suffix {
    /// There may be one or none.
    Any,
    /// There is one, an argument of this role, or none.
    Of(Option<Role>),
}

/// One step away from the trigger.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Argument(Argument),
    Word(Literal),
    /// None of these words stands here; nothing is passed.
    Not(Box<[u64]>),
    /// At most so many words that are no actors.
    Gap(u32),
}

/// One pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// What the trigger may be.
    pub parts: Parts,
    /// The trigger has no proclitic.
    pub bare: bool,
    /// The lexicon marks the trigger as certain.
    pub certain: bool,
    /// The trigger's own pronoun suffix.
    pub suffix: Suffix,
    /// The target is the verb's object.
    pub has_object: bool,
    /// The steps before the trigger, the nearest first.
    pub before: Box<[Step]>,
    /// The steps behind the trigger.
    pub behind: Box<[Step]>,
}

impl Pattern {
    /// Read a pattern.
    pub fn new(text: &str) -> Result<Pattern, String> {
        let mut trigger = None;
        let (mut before, mut behind) = (Vec::new(), Vec::new());
        let (mut bare, mut certain) = (false, false);
        for word in text.split_whitespace() {
            let trigger_word = word.strip_suffix('!');
            bare |= trigger_word.is_some();
            let word = trigger_word.unwrap_or(word);
            let trigger_word = word.strip_suffix('*');
            certain |= trigger_word.is_some();
            let word = trigger_word.unwrap_or(word);
            if let Some(parts) = trigger_of(word)? {
                if trigger.replace(parts).is_some() {
                    return Err(format!("«{text}» has two triggers"));
                }
            } else if trigger.is_none() {
                before.push(step(word)?);
            } else {
                behind.push(step(word)?);
            }
        }
        let (parts, suffix) = trigger.ok_or_else(|| format!("«{text}» has no trigger"))?;
        before.reverse();
        let object =
            |step: &Step| matches!(step, Step::Argument(a) if a.prefix == Prefix::Foreseen(Slot::Object));
        let has_object = behind.iter().any(object);
        Ok(Pattern { parts, bare, certain, suffix, has_object, before: before.into(), behind: behind.into() })
    }
}

/// The parts of speech and the suffix's role of a word that stands for the trigger.
fn trigger_of(word: &str) -> Result<Option<(Parts, Suffix)>, String> {
    let (word, suffix) = match word.split_once('+') {
        Some((word, "_")) => (word, Suffix::Of(None)),
        Some((word, suffix)) => (word, Suffix::Of(Some(role(suffix)?))),
        None => (word, Suffix::Any),
    };
    let mut parts = Parts::default();
    for name in word.split('|') {
        let named: &[Part] = match name {
            "VERB" => &[Part::Perfect, Part::Imperfect],
            "MASDAR" => &[Part::Masdar],
            "NOUN" => &[Part::Noun],
            "ADJECTIVE" => &[Part::Adjective],
            "PARTICIPLE" => &[Part::ActiveParticiple, Part::PassiveParticiple],
            "TITLE" => &[Part::Title],
            "PARTICLE" => &[Part::Particle],
            _ => {
                return if suffix != Suffix::Any {
                    Err(format!("«{word}» is no trigger"))
                } else {
                    Ok(None)
                };
            }
        };
        parts = named.iter().fold(parts, |parts, &part| parts.union(Parts::only(part)));
    }
    Ok(Some((parts, suffix)))
}

fn role(name: &str) -> Result<Role, String> {
    match name {
        "S" => Ok(Role::Source),
        "T" => Ok(Role::Target),
        _ => Err(format!("«{name}» is neither S nor T")),
    }
}

fn step(word: &str) -> Result<Step, String> {
    match word {
        "-" => return Ok(Step::Gap(GAPS[0])),
        "--" => return Ok(Step::Gap(GAPS[1])),
        _ => {}
    }
    if let Some(words) = word.strip_prefix('!') {
        return Ok(Step::Not(words.split('|').map(|w| hash(&fold(w))).collect()));
    }
    let (prefix, rest) = word.split_once(':').unwrap_or(("", word));
    let (name, kinds) = match rest.split_once('=') {
        Some((name, kinds)) => (name, Some(kinds_of(kinds)?)),
        None => (rest, None),
    };
    let (name, governed) = name.strip_suffix('~').map_or((name, false), |name| (name, true));
    if matches!(name, "S" | "T") {
        let argument = Argument { role: role(name)?, prefix: prefix_of(prefix), governed, kinds };
        return Ok(Step::Argument(argument));
    }
    if word.is_ascii() {
        return Err(format!("«{word}» is not of the language of patterns"));
    }
    let (words, optional) = word.strip_suffix('?').map_or((word, false), |words| (words, true));
    Ok(Step::Word(Literal { hashes: words.split('|').map(|w| hash(&fold(w))).collect(), optional }))
}

fn prefix_of(prefix: &str) -> Prefix {
    match prefix {
        "" => Prefix::None,
        "و" => Prefix::And,
        "slot" => Prefix::Slot,
        "likely" => Prefix::Likely,
        "subject" => Prefix::Foreseen(Slot::Subject),
        "object" => Prefix::Foreseen(Slot::Object),
        "idafa" => Prefix::Foreseen(Slot::Idafa),
        "bearer" => Prefix::Foreseen(Slot::Bearer),
        words => Prefix::Words(words.split('|').map(preposition).collect()),
    }
}

/// A preposition as positions name it: an attached one by its letter, another by the hash of its word.
pub fn preposition(word: &str) -> u64 {
    let folded = fold(word);
    match folded.as_str() {
        "ب" => 'ب' as u64,
        "ل" => 'ل' as u64,
        "ك" => 'ك' as u64,
        word => hash(word),
    }
}

fn kinds_of(names: &str) -> Result<u64, String> {
    let mut kinds = 0;
    for name in names.split('|') {
        kinds |= match name {
            "named" => NAMED,
            "body" => BODY,
            "person" => PERSON,
            "pronoun" => 1 << 2,
            "per" => 1 << 3,
            "org" => 1 << 4,
            "loc" => 1 << 5,
            "norp" => 1 << 6,
            _ => return Err(format!("no kind of actor «{name}»")),
        };
    }
    Ok(kinds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_cut_at_its_trigger() {
        let pattern = Pattern::new("S ،? VERB - slot:T=org|loc").unwrap();
        assert!(pattern.parts.contains(Part::Perfect) && !pattern.parts.contains(Part::Masdar));
        assert_eq!(pattern.before.len(), 2);
        assert!(matches!(&pattern.before[0], Step::Word(literal) if literal.optional));
        assert!(matches!(&pattern.before[1], Step::Argument(a) if a.role == Role::Source));
        assert_eq!(pattern.behind[0], Step::Gap(3));
        let Step::Argument(target) = &pattern.behind[1] else { panic!("{:?}", pattern.behind) };
        assert_eq!((&target.prefix, target.kinds), (&Prefix::Slot, Some(1 << 4 | 1 << 5)));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for (text, message) in [
            ("S T", "«S T» has no trigger"),
            ("VERB MASDAR", "«VERB MASDAR» has two triggers"),
            ("VERB+X S", "«X» is neither S nor T"),
            ("VERB S=dog", "no kind of actor «dog»"),
            ("VERB foo", "«foo» is not of the language of patterns"),
        ] {
            assert_eq!(Pattern::new(text).unwrap_err(), message);
        }
    }
}
