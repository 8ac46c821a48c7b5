//! What the words of a document are, as far as mentions and arguments need it: function words, actor nouns, pronoun
//! suffixes, and the shapes of other words.
//!
//! [`Grammar`] holds the word lists of `data/`; [`Facts`] are one document's words seen through them.

use std::hash::Hasher;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::{Gender, Number};
use crate::entity::Entity;
use crate::lexicon::Words;
use crate::lexicon::words::{WordId, WordIds};
use crate::memo::Memo;
use crate::normalize::fold;
use crate::segment::{Document, Kind};
use crate::tagger::words::WordTable;
use crate::{Error, Result};

/// What a word is to the finder of mentions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum WordClass {
    /// A content word.
    #[default]
    Content,
    Preposition,
    Complementizer,
    Conjunction,
    Relative,
    Demonstrative,
    Quantifier,
    Number,
    Negation,
    Particle,
    Auxiliary,
    Speech,
    Pronoun,
    /// Punctuation; a word of another script is content.
    Punct,
    /// A word that ends like a plural of persons and is none («الاثنين»), or never heads an actor.
    Never,
}

impl WordClass {
    fn from_name(name: &str) -> Option<WordClass> {
        Some(match name {
            "preposition" => WordClass::Preposition,
            "complementizer" => WordClass::Complementizer,
            "conjunction" => WordClass::Conjunction,
            "relative" => WordClass::Relative,
            "demonstrative" => WordClass::Demonstrative,
            "quantifier" => WordClass::Quantifier,
            "number" => WordClass::Number,
            "negation" => WordClass::Negation,
            "particle" => WordClass::Particle,
            "auxiliary" => WordClass::Auxiliary,
            "speech" => WordClass::Speech,
            "never" => WordClass::Never,
            _ => return None,
        })
    }

    /// A word that begins or may begin another clause.
    pub fn opens_clause(self) -> bool {
        matches!(self, WordClass::Complementizer | WordClass::Conjunction | WordClass::Relative)
    }
}

/// What an actor noun names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ActorClass {
    /// A person in office: «رئيس», «متحدث».
    Office,
    Person,
    /// A person under arms: «جندي», «مسلحون».
    Fighter,
    /// An armed organisation: «تنظيم», «قوات».
    Armed,
    /// A body of a state: «حكومة», «محكمة».
    Body,
    /// A party, movement, association, club.
    Organisation,
    Media,
    Company,
    State,
    Place,
    /// Only the word's ending speaks for a plural of persons: «المسافرين».
    Pattern,
}

impl ActorClass {
    fn from_name(name: &str) -> Option<ActorClass> {
        Some(match name {
            "office" => ActorClass::Office,
            "person" => ActorClass::Person,
            "fighter" => ActorClass::Fighter,
            "armed" => ActorClass::Armed,
            "body" => ActorClass::Body,
            "org" => ActorClass::Organisation,
            "media" => ActorClass::Media,
            "company" => ActorClass::Company,
            "state" => ActorClass::State,
            "place" => ActorClass::Place,
            _ => return None,
        })
    }

    /// One or several human beings.
    pub fn is_person(self) -> bool {
        matches!(self, ActorClass::Office | ActorClass::Person | ActorClass::Fighter | ActorClass::Pattern)
    }
}

/// One spelling of an actor noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NounForm {
    pub class: ActorClass,
    pub gender: Gender,
    pub number: Number,
    /// With the article.
    pub definite: bool,
    /// A plural or dual that has lost its ن and so governs what follows («مقاتلي»).
    pub construct: bool,
    /// Number of the line in `actors.tsv`: all spellings of one noun share it.
    pub noun: u16,
}

/// Person, gender and number of a pronoun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PronounForm {
    /// 1–3; 0 for words of place («هناك»).
    pub person: u8,
    pub gender: Gender,
    pub number: Number,
}

/// The word lists. Immutable; share one among threads.
#[derive(Debug)]
pub struct Grammar {
    classes: Vec<WordClass>,
    nouns: FxHashMap<WordId, NounForm>,
    /// Definite forms behind ل, which swallows their ا: «لحزب» of «للحزب».
    after_lam: FxHashMap<WordId, NounForm>,
    /// The nouns by the hash of their folded spelling, for names.
    by_spelling: FxHashMap<u64, u16>,
    /// Genders of the nouns by their line.
    genders: FxHashMap<u16, Gender>,
    pronouns: FxHashMap<WordId, PronounForm>,
    suffixes: Vec<(Box<str>, PronounForm)>,
    adjectives: FxHashSet<WordId>,
    table: Arc<WordTable>,
}

const ACTORS: &str = include_str!("data/actors.tsv");
const ADJECTIVES: &str = include_str!("data/adjectives.tsv");
const FUNCTION_WORDS: &str = include_str!("data/function_words.tsv");
const PRONOUNS: &str = include_str!("data/pronouns.tsv");

impl Grammar {
    /// The built-in lists; their words are interned into `words`.
    pub fn new(words: &mut Words) -> Result<Grammar> {
        let mut grammar = Grammar {
            classes: Vec::new(),
            nouns: FxHashMap::default(),
            after_lam: FxHashMap::default(),
            by_spelling: FxHashMap::default(),
            genders: FxHashMap::default(),
            pronouns: FxHashMap::default(),
            suffixes: Vec::new(),
            adjectives: FxHashSet::default(),
            table: WordTable::shared()?,
        };
        for (number, line) in lines(ACTORS) {
            grammar.add_noun(words, number, line).map_err(|m| Error::data("actors.tsv", number, m))?;
        }
        for (number, line) in lines(FUNCTION_WORDS) {
            let class = line.split_once('\t').and_then(|(w, c)| Some((w, WordClass::from_name(c)?)));
            let (word, class) = class
                .ok_or_else(|| Error::data("function_words.tsv", number, "word and class are expected"))?;
            let id = words.intern(&fold(word));
            grammar.set_class(id, class);
        }
        for (_, adjective) in lines(ADJECTIVES) {
            grammar.add_adjective(words, &fold(adjective));
        }
        for (number, line) in lines(PRONOUNS) {
            grammar.add_pronoun(words, line).map_err(|m| Error::data("pronouns.tsv", number, m))?;
        }
        grammar.suffixes.sort_by_key(|(suffix, _)| std::cmp::Reverse(suffix.len()));
        Ok(grammar)
    }

    fn set_class(&mut self, id: WordId, class: WordClass) {
        let at = id.0 as usize;
        if self.classes.len() <= at {
            self.classes.resize(at + 1, WordClass::Content);
        }
        self.classes[at] = class;
    }

    fn add_pronoun(&mut self, words: &mut Words, line: &str) -> std::result::Result<(), String> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [form, person, gender, number] = columns[..] else {
            return Err("4 columns are expected".into());
        };
        let pronoun = PronounForm {
            person: person.parse().unwrap_or(0),
            gender: gender_of(gender),
            number: match number {
                "singular" => Number::Singular,
                "dual" => Number::Dual,
                "plural" => Number::Plural,
                _ => return Err(format!("no number «{number}»")),
            },
        };
        match form.strip_prefix('-') {
            Some(suffix) => self.suffixes.push((fold(suffix).into(), pronoun)),
            None => {
                let id = words.intern(&fold(form));
                self.set_class(id, WordClass::Pronoun);
                self.pronouns.insert(id, pronoun);
            }
        }
        Ok(())
    }

    fn add_noun(&mut self, words: &mut Words, noun: usize, line: &str) -> std::result::Result<(), String> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [lemma, gender, class, plurals] = columns[..] else {
            return Err("4 columns are expected".into());
        };
        let class = ActorClass::from_name(class).ok_or_else(|| format!("no class «{class}»"))?;
        let singular = NounForm {
            class,
            gender: gender_of(gender),
            number: Number::Singular,
            definite: false,
            construct: false,
            noun: noun as u16,
        };
        let lemma = fold(lemma);
        self.genders.insert(singular.noun, singular.gender);
        self.add_forms(words, &lemma, singular, &["", "ا"]);
        let stem = lemma.strip_suffix('ه').map(|s| format!("{s}ت")).unwrap_or_else(|| lemma.clone());
        // «المسلحين» is the plural far more often than the dual.
        let dual = NounForm { number: Number::Dual, ..singular };
        let sound = plurals.split_whitespace().any(|plural| plural == "+ون");
        self.add_forms(words, &stem, dual, if sound { &["ان"] } else { &["ان", "ين"] });
        for plural in plurals.split_whitespace() {
            let form = NounForm { number: Number::Plural, ..singular };
            match plural {
                "+ون" => {
                    self.add_forms(words, &lemma, form, &["ون", "ين"]);
                    self.add_forms(words, &lemma, NounForm { construct: true, ..form }, &["و", "ي"]);
                }
                "+ات" => self.add_forms(words, &stem, form, &["ات"]),
                broken => self.add_forms(words, &fold(broken), form, &["", "ا"]),
            }
        }
        Ok(())
    }

    /// The regular forms of an adjective.
    fn add_adjective(&mut self, words: &mut Words, adjective: &str) {
        for ending in ["", "ا", "ه", "ين", "ون", "ات"] {
            for article in ["", "ال", "ل"] {
                self.adjectives.insert(words.intern(&format!("{article}{adjective}{ending}")));
            }
        }
    }

    /// `stem` with each ending, bare and with the article. An accusative ا makes sense only without the article.
    fn add_forms(&mut self, words: &mut Words, stem: &str, form: NounForm, endings: &[&str]) {
        for ending in endings {
            let bare = format!("{stem}{ending}");
            if *ending == "ا" && (stem.ends_with('ه') || stem.ends_with('ا')) {
                continue;
            }
            self.nouns.entry(words.intern(&bare)).or_insert(form);
            self.by_spelling.entry(hash(&bare)).or_insert(form.noun);
            if *ending != "ا" && !form.construct {
                let definite = NounForm { definite: true, ..form };
                self.nouns.entry(words.intern(&format!("ال{bare}"))).or_insert(definite);
                self.by_spelling.entry(hash(&format!("ال{bare}"))).or_insert(form.noun);
                self.after_lam.entry(words.intern(&format!("ل{bare}"))).or_insert(definite);
            }
        }
    }

    /// The actor noun of that spelling.
    #[inline]
    pub fn noun(&self, id: WordId) -> Option<NounForm> {
        if id == WordId::UNKNOWN { None } else { self.nouns.get(&id).copied() }
    }

    /// The definite noun that is spelled so behind ل: «لحزب» of «للحزب».
    #[inline]
    fn noun_after_lam(&self, id: WordId) -> Option<NounForm> {
        if id == WordId::UNKNOWN { None } else { self.after_lam.get(&id).copied() }
    }

    /// The line in `actors.tsv` of a folded spelling, with or without the article.
    pub fn noun_of(&self, folded: &str) -> Option<u16> {
        self.by_spelling.get(&hash(folded)).copied()
    }

    /// Gender of the noun at a line of `actors.tsv`.
    pub fn gender_of_noun(&self, noun: u16) -> Option<Gender> {
        self.genders.get(&noun).copied()
    }

    /// The independent pronoun of that spelling.
    #[inline]
    pub fn pronoun(&self, id: WordId) -> Option<PronounForm> {
        self.pronouns.get(&id).copied()
    }

    /// The pronoun suffix of that folded spelling.
    pub fn suffix(&self, suffix: &str) -> Option<PronounForm> {
        self.suffixes.iter().find(|(known, _)| **known == *suffix).map(|(_, form)| *form)
    }

    #[inline]
    fn class(&self, id: WordId) -> WordClass {
        self.classes.get(id.0 as usize).copied().unwrap_or_default()
    }
}

fn gender_of(name: &str) -> Gender {
    match name {
        "m" => Gender::Masculine,
        "f" => Gender::Feminine,
        _ => Gender::Unknown,
    }
}

/// The lines of a data file with their numbers, without comments, the header and empty lines.
pub(super) fn lines(data: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = data.lines().enumerate().map(|(i, line)| (i + 1, line));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).skip(1)
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fact {
    pub class: WordClass,
    pub noun: Option<NounForm>,
    pub suffix: Option<PronounForm>,
    /// Hash of the folded form without proclitics.
    pub word: u64,
    /// Hash of the consonants that inflected forms of one word mostly share.
    pub skeleton: u64,
    /// Begins with the article.
    pub definite: bool,
    /// Has the shape of an imperfect verb («يدعم», «ستدعم»).
    pub imperfect: bool,
    /// A listed adjective.
    pub adjective: bool,
    /// A conjunction is attached in front.
    pub conjoined: bool,
    /// A preposition is attached in front: ب, ل or ك.
    pub preposition: Option<char>,
    pub ending: Ending,
    /// Twice the binary logarithm of the word's frequency in open text.
    pub frequency: u8,
    /// Clusters of words with like contexts in open text, from fine to coarse; 0 for none.
    pub clusters: [u16; 3],
    /// The entity that the token stands in, plus 1; 0 for none.
    pub entity: u32,
}

/// How a word ends, as far as gender and number show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Ending {
    None,
    /// ة
    Feminine,
    /// ات
    FemininePlural,
    /// ون, ين
    MasculinePlural,
    /// ان
    Dual,
    /// ا
    Accusative,
    /// ي (relative adjective, construct plural)
    Ya,
    /// ت: third person feminine of the perfect
    Ta,
    /// وا
    Wa,
}

/// One document's tokens seen through a [`Grammar`].
#[derive(Debug, Default, Clone)]
pub struct Facts {
    pub tokens: Vec<Fact>,
}

impl Facts {
    /// Look at every token of `document`; the old content is thrown away, its memory reused.
    pub fn update(&mut self, grammar: &Grammar, document: &Document, ids: &WordIds, entities: &[Entity]) {
        self.tokens.clear();
        self.tokens.reserve(document.tokens.len());
        for index in 0..document.tokens.len() {
            self.tokens.push(fact(grammar, document, ids, index));
        }
        self.mark(entities);
    }

    /// As [`Facts::update`], with what earlier documents have shown of their words: `known` must be of the same
    /// `grammar` and of the same words' ids.
    pub fn update_with(
        &mut self,
        grammar: &Grammar,
        document: &Document,
        ids: &WordIds,
        entities: &[Entity],
        known: &mut Memo<Fact>,
    ) {
        self.tokens.clear();
        self.tokens.reserve(document.tokens.len());
        for index in 0..document.tokens.len() {
            self.tokens.push(*known.get(document.key(index), || fact(grammar, document, ids, index)));
        }
        self.mark(entities);
    }

    /// Tell the tokens which entity they stand in.
    fn mark(&mut self, entities: &[Entity]) {
        for (number, entity) in entities.iter().enumerate() {
            let end = (entity.last as usize).min(self.tokens.len());
            for fact in &mut self.tokens[(entity.first as usize).min(end)..end] {
                fact.entity = number as u32 + 1;
            }
        }
    }
}

fn fact(grammar: &Grammar, document: &Document, ids: &WordIds, index: usize) -> Fact {
    let token = &document.tokens[index];
    let norm = document.norm(index);
    let prefix = &norm[..token.prefix as usize];
    let bare = &norm[token.prefix as usize..];
    let after_lam = prefix.ends_with('ل');
    let mut class = grammar.class(ids.full[index]);
    if class == WordClass::Content {
        class = grammar.class(ids.bare[index]);
    }
    let mut suffix = None;
    match token.kind {
        Kind::Punct => class = WordClass::Punct,
        Kind::Number => class = WordClass::Number,
        Kind::Word if token.suffix > 0 => {
            suffix = grammar.suffix(&norm[norm.len() - token.suffix as usize..])
        }
        _ => {}
    }
    if class == WordClass::Content && suffix.is_some() {
        let stem = grammar.class(ids.stem[index]);
        if matches!(stem, WordClass::Preposition | WordClass::Complementizer | WordClass::Quantifier) {
            class = stem;
        }
    }
    let mut noun = None;
    if class == WordClass::Content && token.kind == Kind::Word {
        noun = grammar.noun(ids.full[index]);
        if noun.is_none() && token.prefix > 0 {
            noun = grammar.noun(ids.bare[index]);
            if noun.is_none() && after_lam {
                noun = grammar.noun_after_lam(ids.bare[index]);
            }
        }
        if noun.is_none() && suffix.is_some() {
            noun = grammar.noun(ids.stem[index]);
        }
    }
    let definite =
        bare.starts_with("ال") && bare.len() > 6 || after_lam && bare.starts_with('ل') && bare.len() > 6;
    let stem = document.stem(index);
    let row = grammar.table.row(norm);
    Fact {
        class,
        noun,
        suffix,
        // «بين» is no «ين» with «ب» before it.
        word: hash(if grammar.class(ids.full[index]) == WordClass::Content { bare } else { norm }),
        skeleton: skeleton(stem),
        definite,
        imperfect: token.kind == Kind::Word && is_imperfect(stem),
        adjective: grammar.adjectives.contains(&ids.full[index])
            || token.prefix > 0 && grammar.adjectives.contains(&ids.bare[index]),
        conjoined: prefix.starts_with('و') || prefix.starts_with('ف'),
        preposition: prefix.chars().rev().find(|c| matches!(c, 'ب' | 'ل' | 'ك')),
        ending: ending(stem),
        frequency: row.frequency,
        clusters: row.clusters,
        entity: 0,
    }
}

fn is_imperfect(stem: &str) -> bool {
    let letters = stem.strip_prefix('س').filter(|rest| rest.starts_with(['ي', 'ت', 'ن'])).unwrap_or(stem);
    letters.starts_with('ي') && letters.len() >= 8 && !letters.ends_with('ه')
        || letters.len() < stem.len() && letters.len() >= 8
}

fn ending(stem: &str) -> Ending {
    let enough = stem.len() >= 8;
    if stem.ends_with('ه') {
        Ending::Feminine
    } else if stem.ends_with("ات") && enough {
        Ending::FemininePlural
    } else if (stem.ends_with("ون") || stem.ends_with("ين")) && enough {
        Ending::MasculinePlural
    } else if stem.ends_with("ان") && enough {
        Ending::Dual
    } else if stem.ends_with("وا") {
        Ending::Wa
    } else if stem.ends_with('ا') {
        Ending::Accusative
    } else if stem.ends_with('ي') {
        Ending::Ya
    } else if stem.ends_with('ت') {
        Ending::Ta
    } else {
        Ending::None
    }
}

/// Hash of a text, the same on every machine.
#[inline]
pub fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// Hash of the strong consonants of a stem without article, person prefix and plural ending.
fn skeleton(stem: &str) -> u64 {
    let mut word = stem;
    word = word.strip_prefix("ال").filter(|w| w.len() >= 4).unwrap_or(word);
    if word.len() >= 8 {
        word = word.strip_prefix('س').filter(|w| w.starts_with('ي') || w.starts_with('ت')).unwrap_or(word);
        word = word.strip_prefix('ي').unwrap_or(word);
        for ending in ["ات", "ون", "ين", "ان", "وا", "تم", "يه", "ه", "ت"] {
            if let Some(rest) = word.strip_suffix(ending).filter(|w| w.len() >= 6) {
                word = rest;
                break;
            }
        }
    }
    let mut hasher = FxHasher::default();
    for ch in word.chars() {
        if !matches!(ch, 'ا' | 'و' | 'ي' | 'ء' | 'ئ' | 'ؤ') {
            hasher.write_u32(ch as u32);
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_read_and_inflect() {
        let mut words = Words::default();
        let grammar = Grammar::new(&mut words).unwrap();
        for (spelling, class, number, definite) in [
            ("التنظيمين", ActorClass::Armed, Number::Dual, true),
            ("مقاتلي", ActorClass::Fighter, Number::Plural, false),
            ("القوات", ActorClass::Armed, Number::Plural, true),
            ("صحيفة", ActorClass::Media, Number::Singular, false),
            ("جنودا", ActorClass::Fighter, Number::Plural, false),
        ] {
            let form = grammar.noun(words.get(&fold(spelling))).unwrap_or_else(|| panic!("{spelling}"));
            assert_eq!((form.class, form.number, form.definite), (class, number, definite), "{spelling}");
        }
        assert_eq!(grammar.suffix("ها").unwrap().gender, Gender::Feminine);
        assert_eq!(grammar.pronoun(words.get("هم")).unwrap().number, Number::Plural);
    }

    #[test]
    fn forms_of_one_word_share_their_skeleton() {
        for (a, b) in [("هجوم", "هجمات"), ("يدعم", "دعم"), ("اتهام", "يتهم"), ("تعاون", "التعاون")]
        {
            assert_eq!(skeleton(&fold(a)), skeleton(&fold(b)), "{a} {b}");
        }
    }
}
