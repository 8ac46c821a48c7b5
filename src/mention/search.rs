//! One document searched from its first word to its last: names, descriptions and pronouns become mentions, and each that
//! refers back is resolved among the actors so far.

use std::sync::Arc;

use super::anaphors::{Otherwise, Owner};
use super::grammar::{ActorClass, Ending, Fact, NounForm, PronounForm, WordClass, hash};
use super::nominal::{Phrase, Phrases};
use super::ranker::{Ranker, Row};
use super::resolve::{Asked, Discourse, Known};
use super::{Decision, Finder, Form, Gender, Mention, Number};
use crate::entity::link::State;
use crate::entity::{Entity, Label};
use crate::lexicon::words::WordIds;
use crate::normalize::fold;
use crate::segment::Document;

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
pub(super) struct Search<'a> {
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

impl<'a> Search<'a> {
    pub fn new(
        finder: &'a Finder,
        document: &'a Document,
        ids: &'a WordIds,
        entities: &'a [Entity],
        facts: &'a [Fact],
        decisions: Option<&'a mut Vec<Decision>>,
    ) -> Search<'a> {
        Search {
            finder,
            document,
            ids,
            entities,
            facts,
            discourse: Discourse::default(),
            state: finder.anaphors.state_of(entities),
            found: Vec::with_capacity(entities.len() * 2),
            speech: None,
            quoted: false,
            places: Vec::new(),
            rows: Vec::new(),
            chances: Vec::new(),
            decisions,
        }
    }

    /// The mentions of the document, in the order of their start.
    pub fn mentions(mut self) -> Vec<Mention> {
        for sentence in 0..self.document.sentences.len() {
            self.sentence(sentence);
        }
        self.found.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end)));
        self.found
    }
}

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
