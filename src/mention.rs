//! Mentions: all words that stand for an actor, named or not, and whom they stand for.
//!
//! * [`grammar`]: what the words are: function words, actor nouns, pronoun suffixes;
//! * [`nominal`]: descriptions and how far they reach;
//! * `anaphors`: what a definite noun that stands alone can mean;
//! * `resolve`: the actors so far, and how each fits an anaphor;
//! * [`ranker`]: which of them it stands for.

mod anaphors;
pub mod grammar;
pub mod nominal;
pub mod ranker;
mod resolve;

use std::sync::Arc;

use crate::Result;
use crate::entity::link::State;
use crate::entity::{Entity, Label};
use crate::lexicon::words::WordIds;
use crate::lexicon::{UserLexicon, Words};
use crate::normalize::fold;
use crate::segment::Document;
use anaphors::{Anaphors, Otherwise, Owner};
use grammar::{ActorClass, Ending, Fact, Facts, Grammar, NounForm, PronounForm, WordClass, hash};
use nominal::{Phrase, Phrases};
use ranker::{Ranker, Row};
use resolve::{Asked, Discourse, Known};

/// How a mention names its actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Form {
    /// By name: an entity.
    Named,
    /// By a description: «مسؤولون أمريكيون».
    Nominal,
    /// By a definite anaphor: «التنظيم», «التنظيمين».
    Anaphor,
    /// By a pronoun, independent («هو») or suffixed («رجاله»).
    Pronoun,
}

impl Form {
    /// The name that users see.
    pub fn name(self) -> &'static str {
        match self {
            Form::Named => "named",
            Form::Nominal => "nominal",
            Form::Anaphor => "anaphor",
            Form::Pronoun => "pronoun",
        }
    }
}

pub use crate::lexicon::grammar::{Gender, Number};

/// One mention. A dual anaphor («التنظيمين») that stands for two entities is two mentions with one span.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Bytes `start..end` of the original text; for a suffix pronoun the whole word that carries it.
    pub start: u32,
    pub end: u32,
    /// Tokens `first..last`.
    pub first: u32,
    pub last: u32,
    /// Token of the head noun.
    pub head: u32,
    pub form: Form,
    /// The entity of the document that it stands for (an anaphor's antecedent), as an index.
    pub entity: Option<u32>,
    /// Canonical name of that entity, or the mention's own words where it names none.
    pub resolved: Arc<str>,
    pub label: Option<Label>,
    /// What its noun names, for descriptions and definite anaphors.
    pub class: Option<ActorClass>,
    pub number: Number,
    pub gender: Gender,
    /// 0–1: how sure the resolution is; 1 for names.
    pub confidence: f32,
}

/// Finds the mentions of a document. Immutable; share one among threads.
#[derive(Debug)]
pub struct Finder {
    grammar: Grammar,
    anaphors: Anaphors,
    ranker: Ranker,
}

/// One anaphor with all that it could stand for: what the ranker is trained on.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Bytes of the mention.
    pub start: u32,
    pub end: u32,
    pub form: Form,
    /// A description with a pronoun suffix («حزبه»), which is a mention of its own.
    pub owned: bool,
    /// Names of the options, the words of the mention itself last, with a row for each.
    pub options: Vec<Arc<str>>,
    pub rows: Vec<Row>,
}

impl Finder {
    /// The built-in finder; its words are interned into `words`.
    ///
    /// # Errors
    /// A line of a data file that does not read.
    pub fn new(words: &mut Words, _user: &UserLexicon) -> Result<Finder> {
        Finder::with_ranker(words, Ranker::built_in()?)
    }

    /// As [`Finder::new`], with another ranker of antecedents.
    ///
    /// # Errors
    /// A line of a data file that does not read.
    pub fn with_ranker(words: &mut Words, ranker: Ranker) -> Result<Finder> {
        let grammar = Grammar::new(words)?;
        Ok(Finder { anaphors: Anaphors::new(&grammar)?, grammar, ranker })
    }

    /// Every anaphor of the document with its options, for training the ranker.
    pub fn decisions(&self, document: &Document, ids: &WordIds, entities: &[Entity]) -> Vec<Decision> {
        let mut facts = Facts::default();
        facts.update(&self.grammar, document, ids, entities);
        let mut decisions = Vec::new();
        self.search(document, ids, entities, &facts, Some(&mut decisions));
        decisions
    }

    /// The word lists that mentions are found with.
    pub fn grammar(&self) -> &Grammar {
        &self.grammar
    }

    /// The mentions of `document` in the order of their start: every entity that can act, and what else stands for
    /// an actor.
    pub fn find(&self, document: &Document, ids: &WordIds, entities: &[Entity]) -> Vec<Mention> {
        let mut facts = Facts::default();
        facts.update(&self.grammar, document, ids, entities);
        self.find_with(document, ids, entities, &facts)
    }

    /// As [`Finder::find`], with the document's facts as this finder's grammar sees them.
    pub fn find_with(
        &self,
        document: &Document,
        ids: &WordIds,
        entities: &[Entity],
        facts: &Facts,
    ) -> Vec<Mention> {
        self.search(document, ids, entities, facts, None)
    }

    fn search(
        &self,
        document: &Document,
        ids: &WordIds,
        entities: &[Entity],
        facts: &Facts,
        decisions: Option<&mut Vec<Decision>>,
    ) -> Vec<Mention> {
        let mut search = Search {
            finder: self,
            document,
            ids,
            entities,
            facts: &facts.tokens,
            discourse: Discourse::default(),
            state: self.anaphors.state_of(entities),
            found: Vec::with_capacity(entities.len() * 2),
            speech: None,
            quoted: false,
            places: Vec::new(),
            rows: Vec::new(),
            chances: Vec::new(),
            decisions,
        };
        for sentence in 0..document.sentences.len() {
            search.sentence(sentence);
        }
        search.found.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end)));
        search.found
    }
}

/// How many words before a name its title may stand.
const TITLE_REACH: usize = 6;

/// What stands before a person's name.
#[derive(Debug, Default)]
struct Title {
    noun: Option<NounForm>,
    /// The noun that it governs.
    inner: u16,
    /// The state that it names.
    code: Option<Arc<str>>,
}

/// One document being searched.
struct Search<'a> {
    finder: &'a Finder,
    document: &'a Document,
    ids: &'a WordIds,
    entities: &'a [Entity],
    facts: &'a [Fact],
    discourse: Discourse,
    /// The state that the document is about.
    state: Option<&'a State>,
    found: Vec<Mention>,
    /// A verb of speech whose speaker has not come yet.
    speech: Option<usize>,
    /// A quotation mark stands open.
    quoted: bool,
    /// Options of one anaphor, reused from one to the next: places in the discourse, rows and probabilities.
    places: Vec<usize>,
    rows: Vec<Row>,
    chances: Vec<f32>,
    decisions: Option<&'a mut Vec<Decision>>,
}

/// How many words behind a verb of speech its speaker may begin.
const SPEAKER_REACH: usize = 8;

impl Search<'_> {
    fn sentence(&mut self, number: usize) {
        let sentence = self.document.sentences[number];
        let (first, last) = (sentence.first as usize, sentence.last as usize);
        // Tokens before `inside` are part of a phrase already found.
        let mut inside = first;
        for index in first..last {
            let fact = self.facts[index];
            self.listen(index, &fact);
            if fact.entity != 0 {
                let entity = &self.entities[fact.entity as usize - 1];
                if entity.first as usize == index && !entity.label.is_value() {
                    self.named(fact.entity - 1, number);
                }
                if entity.label != Label::Number {
                    continue;
                }
            }
            if let Some(form) = self
                .finder
                .grammar
                .pronoun(self.ids.full[index])
                .or_else(|| self.finder.grammar.pronoun(self.ids.bare[index]))
            {
                self.pronoun(index, form, number);
            } else {
                let phrases = Phrases {
                    document: self.document,
                    facts: self.facts,
                    entities: self.entities,
                    first,
                    last,
                };
                if let Some(phrase) = phrases.at(index)
                    && (index >= inside || fact.suffix.is_some())
                {
                    if let Some(behind) = self.apposition(phrase) {
                        if behind {
                            self.discourse.titled(phrase.noun.noun, self.described(phrase).0);
                        }
                        // A title is no actor beside its bearer, but what it governs is one.
                        inside = inside.max(index + 1);
                    } else {
                        self.phrase(phrase, number);
                        inside = inside.max(phrase.last);
                    }
                }
                if let Some(form) = fact.suffix {
                    self.pronoun(index, form, number);
                }
            }
        }
    }

    fn named(&mut self, index: u32, sentence: usize) {
        let entity = &self.entities[index as usize];
        let folded = fold(&entity.norm);
        let title = self.title(entity, sentence);
        let noun = self.finder.grammar.noun_of(folded.split(' ').next().unwrap_or_default()).unwrap_or(0);
        let mut gender = self.finder.anaphors.gender(entity.label, &folded);
        if gender == Gender::Unknown {
            gender = self.gender_around(entity, noun, &title);
        }
        let number = match entity.label {
            Label::Per | Label::Org | Label::Loc => Number::Singular,
            _ => Number::Unknown,
        };
        let mention = Mention {
            start: entity.start,
            end: entity.end,
            first: entity.first,
            last: entity.last,
            head: entity.first,
            form: Form::Named,
            entity: Some(index),
            resolved: entity.canonical.clone(),
            label: Some(entity.label),
            class: None,
            number,
            gender,
            confidence: 1.0,
        };
        let head = match *entity.canonical == *entity.norm {
            true => noun,
            false => self.head_noun(&entity.canonical),
        };
        let known = Known {
            nouns: [noun, head, title.noun.map_or(0, |n| n.noun)],
            inner: title.inner,
            kind: entity.kind.clone(),
            code: entity.code.clone().or(title.code),
            ..self.known(entity.first as usize, sentence)
        };
        self.discourse.mention(&mention, known);
        self.speaker(&mention, sentence);
        if let Some(before) = self.found.last()
            && before.label == mention.label
            && before.form == Form::Named
            && mention.first - before.last <= 2
            && self.conjoined(mention.first as usize)
        {
            self.discourse.pair(&before.resolved, &mention.resolved, sentence as u32);
        }
        self.found.push(mention);
    }

    /// The actor noun that a name begins with, 0 for none: «حركة» of «حركة النهضة».
    fn head_noun(&self, name: &str) -> u16 {
        let first = name.split_whitespace().next().unwrap_or_default();
        self.finder.grammar.noun_of(&fold(first)).unwrap_or(0)
    }

    /// What stands as a title before a person's name in its sentence: «الرئيس الأمريكي دونالد ترامب».
    fn title(&self, entity: &Entity, sentence: usize) -> Title {
        let mut title = Title::default();
        if entity.label != Label::Per {
            return title;
        }
        let begin = self.document.sentences[sentence].first as usize;
        let first = entity.first as usize;
        for at in (begin.max(first.saturating_sub(TITLE_REACH))..first).rev() {
            let fact = &self.facts[at];
            if let Some(inside) = fact.entity.checked_sub(1) {
                title.code = self.entities[inside as usize].code.clone().or(title.code);
                continue;
            }
            match fact.noun {
                Some(noun) if noun.class.is_person() && noun.number == Number::Singular => {
                    title.noun = Some(noun);
                    return title;
                }
                Some(noun) => title.inner = noun.noun,
                None if fact.class != WordClass::Content => break,
                None => {}
            }
        }
        Title::default()
    }

    /// What a description says besides its head: the noun that it governs and the state that it names.
    fn described(&self, phrase: Phrase) -> (u16, Option<Arc<str>>) {
        let (mut inner, mut code) = (0, None);
        for fact in &self.facts[phrase.head + 1..phrase.last.max(phrase.head + 1)] {
            match (fact.entity.checked_sub(1), fact.noun) {
                (Some(entity), _) => code = code.or_else(|| self.entities[entity as usize].code.clone()),
                (None, Some(noun)) if inner == 0 => inner = noun.noun,
                _ => {}
            }
        }
        (inner, code)
    }

    /// Gender of a name as its title, its first noun or the verb before it shows.
    fn gender_around(&self, entity: &Entity, noun: u16, title: &Title) -> Gender {
        if let Some(noun) = title.noun {
            return noun.gender;
        }
        if let Some(gender) = self.finder.grammar.gender_of_noun(noun).filter(|_| noun != 0) {
            return gender;
        }
        let Some(before) = (entity.first as usize).checked_sub(1).map(|at| (at, &self.facts[at])) else {
            return Gender::Unknown;
        };
        let (at, fact) = before;
        if !self.finder.anaphors.speaks(fact.word) {
            return Gender::Unknown;
        }
        let stem = self.document.stem(at);
        if fact.ending == Ending::Ta || stem.starts_with('ت') && fact.imperfect {
            Gender::Feminine
        } else {
            Gender::Masculine
        }
    }

    /// What the place of a mention shows of its actor.
    fn known(&self, first: usize, sentence: usize) -> Known {
        // «في شمال شرق نيجيريا»: nouns between a preposition and what they govern.
        let begin = self.document.sentences[sentence].first as usize;
        let governed = (begin.max(first.saturating_sub(3))..first).rev().find_map(|at| {
            let fact = &self.facts[at];
            match fact.class {
                WordClass::Preposition => Some(true),
                _ if fact.preposition.is_some() => Some(true),
                WordClass::Content if fact.entity == 0 && !fact.imperfect && !fact.definite => None,
                _ => Some(false),
            }
        });
        Known {
            sentence: sentence as u32,
            subject: self.is_subject(first, sentence),
            oblique: self.facts[first].preposition.is_some() || governed == Some(true),
            ..Known::default()
        }
    }

    /// Keep in mind who is about to speak, and whether quotation marks stand open.
    fn listen(&mut self, index: usize, fact: &Fact) {
        if self.document.tokens[index].after_break {
            self.quoted = false;
        }
        match fact.class {
            WordClass::Punct => match self.document.norm(index) {
                "\"" => self.quoted = !self.quoted,
                "«" | "“" => self.quoted = true,
                "»" | "”" => self.quoted = false,
                _ => {}
            },
            // «وأضاف أن»: the speaker is the last one, whoever comes next.
            WordClass::Complementizer => self.speech = None,
            WordClass::Content | WordClass::Speech if self.finder.anaphors.speaks(fact.word) => {
                self.speech = Some(index);
            }
            _ => {}
        }
    }

    /// A mention that comes next behind a verb of speech is its speaker.
    fn speaker(&mut self, mention: &Mention, sentence: usize) {
        let first = mention.first as usize;
        let Some(verb) = self.speech else { return };
        let free = self.facts[first].preposition.is_none()
            && (first == 0 || self.facts[first - 1].class != WordClass::Preposition);
        if free && first > verb && first - verb <= SPEAKER_REACH && mention.label != Some(Label::Norp) {
            self.discourse.spoke(sentence as u32);
            // A title comes before its bearer.
            if mention.form == Form::Named {
                self.speech = None;
            }
        }
    }

    /// «و» stands before token `index`, attached or apart, quotation marks between them or not.
    fn conjoined(&self, index: usize) -> bool {
        let before = |back: usize| index.checked_sub(back).map(|i| self.document.norm(i)).unwrap_or_default();
        self.facts[index].conjoined
            || before(1) == "و"
            || before(2) == "و" && self.facts[index - 1].class == WordClass::Punct
    }

    /// Right behind a verb, or first in its sentence: where Arabic puts its subjects.
    fn is_subject(&self, index: usize, sentence: usize) -> bool {
        let first = self.document.sentences[sentence].first as usize;
        let fact = &self.facts[index];
        if fact.preposition.is_some() {
            return false;
        }
        index == first
            || self.facts[index - 1].class == WordClass::Speech
            || self.facts[index - 1].imperfect
            || index - first <= 2
    }

    fn phrase(&mut self, phrase: Phrase, sentence: usize) {
        let fact = &self.facts[phrase.head];
        let anaphor = self.is_alone(phrase) && phrase.noun.definite && fact.suffix.is_none();
        let (start, end) = self.bytes(phrase.first, phrase.last);
        let text = &self.document.text[start as usize..end as usize];
        let mut mention = Mention {
            start,
            end,
            first: phrase.first as u32,
            last: phrase.last as u32,
            head: phrase.head as u32,
            form: if anaphor { Form::Anaphor } else { Form::Nominal },
            entity: None,
            resolved: text.into(),
            label: None,
            class: Some(phrase.noun.class),
            number: phrase.noun.number,
            gender: phrase.noun.gender,
            confidence: 0.5,
        };
        let owned = fact.suffix.is_some() && phrase.last == phrase.head + 1;
        let definite = phrase.noun.definite || owned || phrase.last > phrase.head + 1;
        let (inner, code) = self.described(phrase);
        if anaphor && let Some(at) = self.short_form(text, phrase.noun) {
            let entity = &self.entities[at as usize];
            mention.entity = Some(at);
            mention.resolved = entity.canonical.clone();
            mention.label = Some(entity.label);
            mention.confidence = 0.8;
            let known = Known { kind: entity.kind.clone(), ..self.known(phrase.first, sentence) };
            self.discourse.mention(&mention, known);
            self.speaker(&mention, sentence);
            self.found.push(mention);
            return;
        }
        if anaphor || definite && phrase.noun.number == Number::Singular && phrase.noun.noun != 0 {
            let asked = Asked {
                noun: Some(phrase.noun),
                meaning: self.finder.anaphors.meaning(phrase.noun.noun),
                owned,
                gender: phrase.noun.gender,
                number: phrase.noun.number,
                inner,
                code,
                ..self.asked(mention.form, if anaphor { 5 } else { 6 }, phrase.head, sentence)
            };
            self.resolve(mention, asked, sentence);
            return;
        }
        mention.confidence = 0.8;
        let known =
            Known { nouns: [phrase.noun.noun, 0, 0], inner, code, ..self.known(phrase.first, sentence) };
        self.discourse.mention(&mention, known);
        self.speaker(&mention, sentence);
        self.found.push(mention);
    }

    /// The organisation of the document whose short form the words are, where their noun names no kind of actor: «القاعدة»
    /// beside «تنظيم القاعدة».
    fn short_form(&self, words: &str, noun: NounForm) -> Option<u32> {
        if self.finder.anaphors.meaning(noun.noun).is_some() || noun.number != Number::Singular {
            return None;
        }
        let is_short = |e: &Entity| {
            let rest = e.canonical.split_once(' ').map(|(_, rest)| rest);
            e.label == Label::Org && (rest == Some(words) || e.norm == words)
        };
        self.entities.iter().position(is_short).map(|at| at as u32)
    }

    /// What an anaphor at token `index` asks for, before its own words are looked at.
    fn asked(&self, form: Form, place: u8, index: usize, sentence: usize) -> Asked<'static> {
        let before =
            index.checked_sub(1).filter(|_| index > self.document.sentences[sentence].first as usize);
        Asked {
            form,
            place,
            noun: None,
            meaning: None,
            owned: false,
            gender: Gender::Unknown,
            number: Number::Unknown,
            person: 3,
            owner: Owner::Anyone,
            inner: 0,
            code: None,
            token: index as u32,
            sentence: sentence as u32,
            begin: self.document.sentences[sentence].first,
            behind_speech: before.is_some_and(|at| self.finder.anaphors.speaks(self.facts[at].word)),
            quoted: self.quoted,
        }
    }

    /// Nothing but «كلا», or «هذا» before a noun that can mean a name, stands with the noun.
    fn is_alone(&self, phrase: Phrase) -> bool {
        let meant =
            self.finder.anaphors.meaning(phrase.noun.noun).is_some() && phrase.noun.number != Number::Plural;
        let pointing = |at: usize| meant && self.facts[at].class == WordClass::Demonstrative;
        let both =
            |at: usize| self.facts[at].class == WordClass::Quantifier && phrase.noun.number == Number::Dual;
        phrase.last == phrase.head + 1 && (phrase.first..phrase.head).all(|at| pointing(at) || both(at))
    }

    /// What a definite noun without an antecedent stands for: the article's state or its body, or its own words.
    fn unresolved(&self, mention: &Mention, asked: &Asked) -> Option<Arc<str>> {
        let (noun, state) = (asked.noun?, self.state?);
        match asked.meaning?.otherwise {
            Otherwise::Country => Some(state.name.clone()),
            Otherwise::Body if noun.number != Number::Dual => {
                let ending = match (noun.gender, noun.number) {
                    (Gender::Feminine, _) | (_, Number::Plural) => "ة",
                    _ => "",
                };
                let adjective = state.adjective.split(' ').map(|word| format!(" ال{word}{ending}"));
                Some(format!("{}{}", mention.resolved, adjective.collect::<String>()).into())
            }
            _ => None,
        }
    }

    /// Whether the phrase stands beside a person's name as its title, before it («الرئيس الأمريكي دونالد ترامب»: false) or
    /// behind it («حيدر العبادي، رئيس وزراء العراق»: true).
    fn apposition(&self, phrase: Phrase) -> Option<bool> {
        if phrase.noun.class != ActorClass::Office || phrase.noun.number != Number::Singular {
            return None;
        }
        let person_at = |index: usize| {
            let entity = self.facts.get(index).and_then(|f| f.entity.checked_sub(1));
            entity.map(|e| &self.entities[e as usize]).filter(|e| e.label == Label::Per)
        };
        let mark = |index: usize| matches!(self.document.norm(index), "،" | ",");
        if phrase.last < self.facts.len() {
            let at = phrase.last + mark(phrase.last) as usize;
            if person_at(at).is_some_and(|e| e.first as usize == at) && !self.facts[at].conjoined {
                return self.facts[at].preposition.is_none().then_some(false);
            }
        }
        let before = phrase.first.checked_sub(1)?;
        let at = if mark(before) { before.saturating_sub(1) } else { before };
        let fact = &self.facts[phrase.first];
        let behind = person_at(at).is_some_and(|e| e.last as usize == at + 1);
        (behind && !phrase.bare && fact.preposition.is_none() && !fact.conjoined).then_some(true)
    }

    fn pronoun(&mut self, index: usize, form: PronounForm, sentence: usize) {
        let (start, end) = self.bytes(index, index + 1);
        let mention = Mention {
            start,
            end,
            first: index as u32,
            last: index as u32 + 1,
            head: index as u32,
            form: Form::Pronoun,
            entity: None,
            resolved: self.document.text[start as usize..end as usize].into(),
            label: None,
            class: None,
            number: form.number,
            gender: form.gender,
            confidence: 0.3,
        };
        let fact = &self.facts[index];
        let place = match fact.class {
            WordClass::Pronoun => 0,
            WordClass::Preposition => 2,
            WordClass::Complementizer => 3,
            _ if fact.imperfect => 4,
            _ => 1,
        };
        let owner = match place {
            0 => Owner::Anyone,
            _ => self.finder.anaphors.owner(hash(self.document.stem(index))),
        };
        let asked = Asked {
            gender: form.gender,
            number: form.number,
            person: form.person,
            owner,
            ..self.asked(Form::Pronoun, place, index, sentence)
        };
        self.resolve(mention, asked, sentence);
    }

    /// Push an anaphor with its antecedent: two, with one span, where it is a dual that finds both.
    fn resolve(&mut self, mention: Mention, asked: Asked, sentence: usize) {
        let chosen = match asked.number {
            Number::Dual => self.two_antecedents(&mention, &asked),
            _ => [self.antecedent(&mention, &asked), None],
        };
        let known = self.known(mention.first as usize, sentence);
        let begin = self.found.len();
        for (at, confidence) in chosen.into_iter().flatten() {
            let referent = self.discourse.get(at);
            self.found.push(Mention {
                entity: referent.entity,
                resolved: referent.resolved.clone(),
                label: referent.label,
                confidence,
                ..mention.clone()
            });
        }
        if let [.., first, second] = &self.found[begin..] {
            self.discourse.pair(&first.resolved, &second.resolved, sentence as u32);
        }
        let noun = asked.noun.map_or(0, |noun| noun.noun);
        if let [only] = &self.found[begin..] {
            let known = Known { nouns: [noun, 0, 0], ..known.clone() };
            let only = only.clone();
            self.discourse.mention(&only, known);
            if only.form == Form::Pronoun {
                self.discourse.stood(asked.gender, asked.number);
            }
            self.speaker(&only, sentence);
        }
        if self.found.len() > begin {
            return;
        }
        let mut mention = mention;
        if mention.form == Form::Nominal {
            mention.confidence = 0.8;
        } else if let Some(resolved) = self.unresolved(&mention, &asked) {
            mention.resolved = resolved;
        }
        if mention.form != Form::Pronoun {
            let known = Known { nouns: [noun, 0, 0], inner: asked.inner, code: asked.code.clone(), ..known };
            self.discourse.mention(&mention, known);
            self.speaker(&mention, sentence);
        }
        self.found.push(mention);
    }

    /// Make the options of an anaphor rows with their probabilities; false where there are none.
    fn weigh(&mut self, mention: &Mention, asked: &Asked) -> bool {
        self.discourse.options(asked, &mut self.places, &mut self.rows);
        if self.rows.is_empty() {
            return false;
        }
        if let Some(decisions) = &mut self.decisions {
            let name = |&at: &usize| match at {
                usize::MAX => mention.resolved.clone(),
                at => self.discourse.get(at).resolved.clone(),
            };
            decisions.push(Decision {
                start: mention.start,
                end: mention.end,
                form: mention.form,
                owned: asked.owned,
                options: self.places.iter().map(name).collect(),
                rows: self.rows.clone(),
            });
        }
        self.finder.ranker.probabilities(&self.rows, &mut self.chances);
        true
    }

    /// The place in the discourse of whom the anaphor stands for, and how sure that is.
    fn antecedent(&mut self, mention: &Mention, asked: &Asked) -> Option<(usize, f32)> {
        if !self.weigh(mention, asked) {
            return None;
        }
        let best = Ranker::choice(&self.chances, asked.form == Form::Pronoun);
        (self.places[best] != usize::MAX).then_some((self.places[best], self.chances[best]))
    }

    /// The two whom a dual stands for.
    fn two_antecedents(&mut self, mention: &Mention, asked: &Asked) -> [Option<(usize, f32)>; 2] {
        let mut best: [Option<(usize, f32)>; 2] = [None, None];
        if !self.weigh(mention, asked) {
            return best;
        }
        for (&place, &chance) in self.places.iter().zip(&self.chances) {
            if place == usize::MAX {
                continue;
            }
            if best[0].is_none_or(|(_, c)| chance > c) {
                best = [Some((place, chance)), best[0]];
            } else if best[1].is_none_or(|(_, c)| chance > c) {
                best[1] = Some((place, chance));
            }
        }
        best
    }

    /// Bytes of tokens `first..last`, without the proclitics of the first.
    fn bytes(&self, first: usize, last: usize) -> (u32, u32) {
        let token = &self.document.tokens[first];
        // «له», «عليه»: the preposition is all there is, and stays.
        let only_clitics =
            token.prefix as u32 + token.suffix as u32 >= token.fold_end.saturating_sub(token.fold_start);
        let start = match token.prefix {
            0 => token.start as usize,
            _ if only_clitics => token.start as usize,
            bytes => self.document.cut_at(first, bytes as usize),
        };
        (start as u32, self.document.tokens[last - 1].end)
    }
}

/// The likeliest antecedent of an unspoken subject at token `token`: the nearest earlier actor that agrees, names
/// before descriptions.
pub fn antecedent(mentions: &[Mention], token: u32, gender: Gender, number: Number) -> Option<&Mention> {
    let behind = mentions.partition_point(|m| m.first < token);
    let agrees = |m: &&Mention| {
        m.form != Form::Pronoun
            && m.label != Some(Label::Norp)
            && (m.gender == gender || m.gender == Gender::Unknown || gender == Gender::Unknown)
            && (m.number == number || m.number == Number::Unknown || number == Number::Unknown)
    };
    let near = &mentions[behind.saturating_sub(10)..behind];
    near.iter().rev().find(|m| agrees(m) && m.form == Form::Named).or_else(|| near.iter().rev().find(agrees))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mentions of a text whose names are marked [so:LABEL], as «words», form and what they stand for.
    fn mentions(marked: &str) -> Vec<(String, Form, String)> {
        let (text, spans) = unmark(marked);
        let mut words = Words::default();
        let finder = Finder::new(&mut words, &UserLexicon::default()).unwrap();
        let document = Document::new(&text);
        let mut ids = WordIds::default();
        ids.update(&words, &document);
        let entity = |(start, end, label): &(u32, u32, Label)| Entity {
            start: *start,
            end: *end,
            first: document.tokens.partition_point(|t| t.end <= *start) as u32,
            last: document.tokens.partition_point(|t| t.start < *end) as u32,
            label: *label,
            norm: crate::normalize::fold(&text[*start as usize..*end as usize]),
            canonical: text[*start as usize..*end as usize].into(),
            kind: None,
            code: None,
            english: None,
            value: None,
            score: 1.0,
        };
        let entities: Vec<Entity> = spans.iter().map(entity).collect();
        let found = finder.find(&document, &ids, &entities);
        found
            .iter()
            .map(|m| (text[m.start as usize..m.end as usize].to_string(), m.form, m.resolved.to_string()))
            .collect()
    }

    fn unmark(marked: &str) -> (String, Vec<(u32, u32, Label)>) {
        let (mut text, mut spans) = (String::new(), Vec::new());
        for (index, part) in marked.split(['[', ']']).enumerate() {
            match part.rsplit_once(':') {
                Some((name, label)) if index % 2 == 1 => {
                    let start = text.len() as u32;
                    text.push_str(name);
                    spans.push((start, text.len() as u32, Label::from_name(label).unwrap()));
                }
                _ => text.push_str(part),
            }
        }
        (text, spans)
    }

    #[test]
    fn descriptions_reach_as_far_as_they_describe() {
        for (text, want) in [
            ("قال مسؤولون [أمريكيون:NORP] إن", "مسؤولون أمريكيون"),
            ("دخلت القوات [العراقية:NORP] المدينة", "القوات العراقية"),
            ("نقل عشرة مقاتلين إلى", "عشرة مقاتلين"),
            ("هاجم عدد من مقاتلي [داعش:ORG] القرية", "عدد من مقاتلي داعش"),
            ("نشرت قوات الأمن بيانا", "قوات الأمن"),
            ("وقتل أي مدنيين", "أي مدنيين"),
            ("حكومة [يوسف الشاهد:PER] قررت", "حكومة يوسف الشاهد"),
            ("قال علماء إسلاميين في", "علماء إسلاميين"),
        ] {
            let found = mentions(text);
            assert!(found.iter().any(|(words, ..)| words == want), "{text}: {found:?}");
        }
    }

    #[test]
    fn anaphors_find_whom_they_mean() {
        for (text, words, resolved) in [
            ("أعلن [تنظيم القاعدة:ORG] ذلك. وقال التنظيم إنه", "التنظيم", "تنظيم القاعدة"),
            ("زار [باراك أوباما:PER] [مصر:LOC]. وقال الرئيس", "الرئيس", "باراك أوباما"),
            ("نصب [أبو وليد:PER] ورجاله كمينا", "رجاله", "أبو وليد"),
        ] {
            let found = mentions(text);
            assert!(found.iter().any(|(w, _, r)| w == words && r == resolved), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_dual_is_two_mentions_of_one_span() {
        let found = mentions("[داعش:ORG] و[القاعدة:ORG] عدوان. ويتعاون التنظيمان");
        let dual: Vec<_> =
            found.iter().filter(|(w, ..)| w == "التنظيمان").map(|(.., r)| r.as_str()).collect();
        assert_eq!(dual.len(), 2, "{found:?}");
        assert!(dual.contains(&"داعش") && dual.contains(&"القاعدة"), "{found:?}");
    }

    #[test]
    fn nothing_in_nothing() {
        assert!(mentions("").is_empty());
        assert!(mentions("،").is_empty());
    }
}
