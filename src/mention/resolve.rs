//! The actors of a document so far, and how each of them fits an anaphor.
//!
//! [`Discourse`] holds one [`Referent`] for each actor, in the order of their last mention; [`Discourse::options`] makes
//! those that an anaphor can mean rows of numbers for the ranker.

use std::sync::Arc;

use super::anaphors::{Meaning, Otherwise, Owner};
use super::grammar::{ActorClass, NounForm};
use super::ranker::{Column, Row};
use super::{Form, Gender, Mention, Number};
use crate::entity::Label;

/// What a mention shows of its actor besides its words.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Nouns that the mention calls the actor by: lines of `actors.tsv`, 0 for none.
    pub nouns: [u16; 3],
    /// The noun that its title governs: «الحكومة» of «رئيس الحكومة».
    pub inner: u16,
    pub kind: Option<Arc<str>>,
    /// The state that it belongs to.
    pub code: Option<Arc<str>>,
    pub sentence: u32,
    /// Stands right behind a verb or opens its sentence.
    pub subject: bool,
    /// Stands behind a preposition.
    pub oblique: bool,
}

/// An actor that later words may refer back to.
#[derive(Debug, Clone)]
pub(super) struct Referent {
    pub entity: Option<u32>,
    pub resolved: Arc<str>,
    pub label: Option<Label>,
    class: Option<ActorClass>,
    kind: Option<Arc<str>>,
    code: Option<Arc<str>>,
    nouns: [u16; 4],
    inner: u16,
    gender: Gender,
    number: Number,
    /// Token and sentence of the last mention, and token of the last that is no pronoun.
    token: u32,
    end: u32,
    sentence: u32,
    named: u32,
    /// Sentence of the first mention.
    introduced: u32,
    /// The how manieth actor of the document.
    order: u32,
    /// Number of mentions so far.
    count: u32,
    subject: bool,
    oblique: bool,
    by_pronoun: bool,
}

impl Referent {
    /// The actor was called by `noun` too.
    fn called(&mut self, noun: u16) {
        if noun != 0
            && !self.nouns.contains(&noun)
            && let Some(free) = self.nouns.iter_mut().find(|n| **n == 0)
        {
            *free = noun;
        }
    }

    fn is_person(&self) -> bool {
        self.label == Some(Label::Per)
            || self.label.is_none() && self.class.is_some_and(ActorClass::is_person)
    }

    fn kind_number(&self) -> f32 {
        match (self.label, self.class) {
            (Some(Label::Per), _) => 1.0,
            (Some(Label::Org), _) => 2.0,
            (Some(Label::Loc), _) => 3.0,
            (Some(_), _) => 4.0,
            (None, Some(class)) if class.is_person() => 5.0,
            (None, _) => 6.0,
        }
    }
}

/// How many actors back an anaphor may reach.
const WINDOW: usize = 24;

/// What an anaphor asks of its antecedent.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    pub form: Form,
    /// 0 a pronoun by itself, 1 on a noun, 2 on a preposition, 3 on a complementizer, 4 on a verb or other word,
    /// 5 a definite noun, 6 a description.
    pub place: u8,
    pub noun: Option<NounForm>,
    pub meaning: Option<&'a Meaning>,
    /// A description with a pronoun suffix: «بلاده».
    pub owned: bool,
    pub gender: Gender,
    pub number: Number,
    pub person: u8,
    pub owner: Owner,
    pub inner: u16,
    pub code: Option<Arc<str>>,
    pub token: u32,
    pub sentence: u32,
    /// First token of the sentence.
    pub begin: u32,
    pub behind_speech: bool,
    pub quoted: bool,
}

/// The actors of a document so far.
#[derive(Debug, Default)]
pub(super) struct Discourse {
    referents: Vec<Referent>,
    /// How many actors there were.
    orders: u32,
    /// The actor that spoke last, and the sentence in which it did.
    speaker: Option<(u32, u32)>,
    /// The last two actors that the text took together («داعش والقاعدة», «التنظيمين»), and their sentence.
    pair: Option<([Arc<str>; 2], u32)>,
    /// Whom the last pronoun of each gender and number stood for.
    pronouns: [[u32; 4]; 3],
}

/// How many sentences a pair taken together stays one.
const PAIR_SENTENCES: u32 = 4;

impl Discourse {
    pub fn get(&self, at: usize) -> &Referent {
        &self.referents[at]
    }

    /// A mention was made: its actor is the most recent one.
    pub fn mention(&mut self, mention: &Mention, known: Known) {
        let same =
            |r: &Referent| Arc::ptr_eq(&r.resolved, &mention.resolved) || r.resolved == mention.resolved;
        let mut referent = match self.referents.iter().rposition(same) {
            Some(at) => self.referents.remove(at),
            None => self.newcomer(mention, known.sentence),
        };
        if mention.form == Form::Named {
            referent.entity = mention.entity;
        }
        if referent.gender == Gender::Unknown {
            referent.gender = mention.gender;
        }
        referent.kind = referent.kind.or(known.kind);
        referent.code = referent.code.or(known.code);
        known.nouns.into_iter().for_each(|noun| referent.called(noun));
        if known.inner != 0 {
            referent.inner = known.inner;
        }
        referent.token = mention.first;
        referent.end = mention.last;
        referent.by_pronoun = mention.form == Form::Pronoun;
        if !referent.by_pronoun {
            referent.named = mention.first;
        }
        referent.sentence = known.sentence;
        (referent.subject, referent.oblique) = (known.subject, known.oblique);
        referent.count += 1;
        if self.referents.len() >= WINDOW {
            self.referents.remove(0);
        }
        self.referents.push(referent);
    }

    fn newcomer(&mut self, mention: &Mention, sentence: u32) -> Referent {
        self.orders += 1;
        Referent {
            entity: mention.entity,
            resolved: mention.resolved.clone(),
            label: mention.label,
            class: mention.class,
            kind: None,
            code: None,
            nouns: [0; 4],
            inner: 0,
            gender: mention.gender,
            number: mention.number,
            token: 0,
            end: 0,
            sentence: 0,
            named: 0,
            introduced: sentence,
            order: self.orders,
            count: 0,
            subject: false,
            oblique: false,
            by_pronoun: false,
        }
    }

    /// The actor mentioned last has spoken.
    pub fn spoke(&mut self, sentence: u32) {
        self.speaker = self.referents.last().map(|r| (r.order, sentence));
    }

    /// The actor mentioned last, a person, has a title behind its name.
    pub fn titled(&mut self, noun: u16, inner: u16) {
        if let Some(referent) = self.referents.last_mut().filter(|r| r.label == Some(Label::Per)) {
            referent.called(noun);
            if inner != 0 {
                referent.inner = inner;
            }
        }
    }

    /// The text took two actors together.
    pub fn pair(&mut self, first: &Arc<str>, second: &Arc<str>, sentence: u32) {
        if first != second {
            self.pair = Some(([first.clone(), second.clone()], sentence));
        }
    }

    /// A pronoun of that gender and number stood for the actor mentioned last.
    pub fn stood(&mut self, gender: Gender, number: Number) {
        if let Some(last) = self.referents.last() {
            self.pronouns[gender as usize][number as usize] = last.order;
        }
    }

    /// The actors that the anaphor can mean, by place in the list, each with its row; `usize::MAX` for the option that
    /// none of them is meant, which comes last. Nothing where no actor can be meant.
    pub fn options(&self, asked: &Asked, places: &mut Vec<usize>, rows: &mut Vec<Row>) {
        places.clear();
        rows.clear();
        let most = self.referents.iter().map(|r| r.count).max().unwrap_or(0);
        let (mut agreeing, mut best) = (0f32, 0f32);
        for (rank, (at, referent)) in self.referents.iter().enumerate().rev().enumerate() {
            let Some(fit) = fit(asked, referent) else { continue };
            let mut row = self.row(asked, referent);
            row[Column::Fit as usize] = fit;
            row[Column::Recency as usize] = rank as f32;
            row[Column::CountRank as usize] = (most - referent.count).min(8) as f32;
            row[Column::AgreeingBefore as usize] = agreeing;
            let agrees = row[Column::Gender as usize] >= 0.0 && row[Column::Number as usize] >= 0.0;
            agreeing += agrees as u8 as f32;
            best = best.max(fit);
            places.push(at);
            rows.push(row);
        }
        // A name that has the noun in it leaves no doubt about names that have another.
        if asked.place == 5
            && places
                .iter()
                .zip(rows.iter())
                .any(|(&at, row)| row[Column::Fit as usize] == 4.0 && self.referents[at].label.is_some())
        {
            let kept: Vec<bool> = rows.iter().map(|row| row[Column::Fit as usize] != 3.0).collect();
            let mut keep = kept.iter();
            places.retain(|_| *keep.next().unwrap_or(&true));
            let mut keep = kept.iter();
            rows.retain(|_| *keep.next().unwrap_or(&true));
        }
        if rows.is_empty() {
            return;
        }
        let mut none = about(asked);
        none[Column::Nobody as usize] = 1.0;
        places.push(usize::MAX);
        rows.push(none);
        for row in rows {
            row[Column::Agreeing as usize] = agreeing;
            row[Column::BestFit as usize] = best;
        }
    }

    fn row(&self, asked: &Asked, referent: &Referent) -> Row {
        let mut row = about(asked);
        row[Column::Kind as usize] = referent.kind_number();
        row[Column::Gender as usize] = gender_agreement(asked, referent);
        row[Column::Number as usize] = number_agreement(asked, referent);
        row[Column::State as usize] = match (&asked.code, &referent.code) {
            (Some(a), Some(b)) => alike(a == b),
            _ => 0.0,
        };
        row[Column::SameNoun as usize] = match (asked.inner, referent.inner) {
            (0, _) | (_, 0) => 0.0,
            (a, b) => alike(a == b),
        };
        row[Column::Sentences as usize] = asked.sentence.saturating_sub(referent.sentence).min(12) as f32;
        row[Column::Tokens as usize] = log(asked.token.saturating_sub(referent.token));
        row[Column::NamedTokens as usize] = log(asked.token.saturating_sub(referent.named));
        row[Column::Count as usize] = referent.count.min(12) as f32;
        row[Column::Subject as usize] = referent.subject as u8 as f32;
        row[Column::Oblique as usize] = referent.oblique as u8 as f32;
        row[Column::Spoke as usize] = match self.speaker {
            Some((order, sentence)) if order == referent.order => {
                1.0 + (sentence == asked.sentence) as u8 as f32
            }
            _ => 0.0,
        };
        row[Column::FirstSentence as usize] = (referent.introduced == 0) as u8 as f32;
        row[Column::FirstNamed as usize] = (referent.order == 1) as u8 as f32;
        row[Column::Adjacent as usize] =
            (referent.end + 1 >= asked.token && referent.end <= asked.token) as u8 as f32;
        row[Column::ByPronoun as usize] = referent.by_pronoun as u8 as f32;
        row[Column::ReferentNumber as usize] = referent.number as u8 as f32;
        row[Column::ReferentGender as usize] = referent.gender as u8 as f32;
        row[Column::Suits as usize] = suits(asked.owner, referent);
        row[Column::Pair as usize] = self.pair.as_ref().map_or(0.0, |(names, sentence)| {
            let near = asked.sentence <= sentence + PAIR_SENTENCES;
            (near && names.contains(&referent.resolved)) as u8 as f32
        });
        let alike = self.pronouns[asked.gender as usize][asked.number as usize];
        row[Column::SamePronoun as usize] =
            (asked.form == Form::Pronoun && alike == referent.order) as u8 as f32;
        row[Column::SubjectHere as usize] =
            (referent.subject && referent.sentence == asked.sentence) as u8 as f32;
        row
    }
}

const EMPTY: Row = [0.0; Column::ALL.len()];

/// What is true of the anaphor, whoever is meant.
fn about(asked: &Asked) -> Row {
    let mut row = EMPTY;
    row[Column::Place as usize] = asked.place as f32;
    row[Column::Person as usize] = asked.person as f32;
    row[Column::AskedGender as usize] = asked.gender as u8 as f32;
    row[Column::AskedNumber as usize] = asked.number as u8 as f32;
    row[Column::Owner as usize] = asked.owner as u8 as f32;
    row[Column::BehindSpeech as usize] = asked.behind_speech as u8 as f32;
    row[Column::Quoted as usize] = asked.quoted as u8 as f32;
    row[Column::PlaceInSentence as usize] = (asked.token - asked.begin.min(asked.token)).min(30) as f32;
    row[Column::Otherwise as usize] = asked.meaning.map_or(0.0, |m| 1.0 + m.otherwise as u8 as f32);
    row[Column::NounClass as usize] = asked.noun.map_or(-1.0, |n| n.class as u8 as f32);
    row[Column::Owned as usize] = asked.owned as u8 as f32;
    row
}

/// 1 where two things agree, −1 where they do not.
fn alike(agree: bool) -> f32 {
    if agree { 1.0 } else { -1.0 }
}

fn log(tokens: u32) -> f32 {
    (2.0 * (tokens as f32 + 1.0).log2()).round()
}

/// 1 where the genders agree, −1 where they clash, 0 where one of them is not known.
fn gender_agreement(asked: &Asked, referent: &Referent) -> f32 {
    if asked.gender == Gender::Unknown || asked.noun.is_some() {
        return 0.0;
    }
    // Plurals of things are feminine singular.
    if referent.number == Number::Plural && !referent.is_person() {
        return if asked.gender == Gender::Feminine { 1.0 } else { -1.0 };
    }
    match referent.gender {
        Gender::Unknown => 0.0,
        gender if gender == asked.gender => 1.0,
        _ => -1.0,
    }
}

fn number_agreement(asked: &Asked, referent: &Referent) -> f32 {
    match (asked.number, referent.number) {
        (Number::Unknown, _) | (_, Number::Unknown) => 0.0,
        (a, b) if a == b => 1.0,
        (Number::Singular, Number::Plural) if asked.gender == Gender::Feminine && !referent.is_person() => {
            1.0
        }
        // «هم» of an organisation.
        (Number::Plural, Number::Singular) if !referent.is_person() => 0.0,
        _ => -1.0,
    }
}

/// Whether the word that carries the pronoun wants such an owner: 1, −1, or 0 where it tells nothing.
fn suits(owner: Owner, referent: &Referent) -> f32 {
    let suits = match owner {
        Owner::Person => referent.is_person(),
        Owner::State => referent.label == Some(Label::Loc),
        Owner::Group => {
            referent.label == Some(Label::Org) || referent.label.is_none() && !referent.is_person()
        }
        Owner::Anyone | Owner::Speaker | Owner::Subject => return 0.0,
    };
    alike(suits)
}

/// Whether one of two actors can be meant by a dual: «الطرفين» any two, «البلدين» two states.
fn pair_fit(noun: NounForm, referent: &Referent) -> bool {
    use ActorClass::*;
    match (noun.class, referent.label) {
        (Office | Person | Fighter | Pattern, label) => label == Some(Label::Per),
        (State | Place, label) => label == Some(Label::Loc),
        (Body, Some(Label::Org | Label::Per | Label::Loc)) => true,
        (_, Some(Label::Org)) => true,
        _ => referent.nouns.contains(&noun.noun),
    }
}

/// How well the words of an anaphor describe the referent, 0 for pronouns; none where it cannot be meant.
fn fit(asked: &Asked, referent: &Referent) -> Option<f32> {
    let Some(noun) = asked.noun else {
        let alone = asked.number == Number::Plural && asked.person == 3;
        let many = alone && referent.is_person() && referent.number == Number::Singular;
        // «ولائها», «مقاتليها»: places have none.
        let place = asked.owner == Owner::Group && referent.label == Some(Label::Loc);
        return (referent.label != Some(Label::Norp) && !many && !place).then_some(0.0);
    };
    if asked.number == Number::Plural && referent.number == Number::Singular {
        return None;
    }
    // «رئيس الحكومة» is not «رئيس الحزب», «الرئيس المصري» not «الرئيس الأمريكي».
    let other_body = asked.inner != 0 && referent.inner != 0 && asked.inner != referent.inner;
    let other_state = matches!((&asked.code, &referent.code), (Some(a), Some(b)) if a != b);
    if asked.form == Form::Nominal && (other_body || other_state && noun.class.is_person()) {
        return None;
    }
    // «فريق» is a rank and a team: a person is meant by nouns for persons only.
    if referent.label == Some(Label::Per) && !noun.class.is_person() && noun.number != Number::Dual {
        return None;
    }
    let fit = noun_fit(noun, asked.meaning, referent)?;
    if asked.form == Form::Nominal && !asked.owned && fit < 3.0 {
        return None;
    }
    Some(fit)
}

/// How well a definite noun describes the referent: one named with that noun best (4), then one named with a noun that it
/// can mean (3), one of a kind that it can mean (2), one of which nothing is known (1).
fn noun_fit(noun: NounForm, meaning: Option<&Meaning>, referent: &Referent) -> Option<f32> {
    if noun.number == Number::Dual {
        return (referent.entity.is_some() && pair_fit(noun, referent)).then_some(2.0);
    }
    if noun.noun != 0 && referent.nouns.contains(&noun.noun) {
        return Some(4.0);
    }
    if noun.class.is_person() {
        let anyone = matches!(noun.class, ActorClass::Person | ActorClass::Fighter);
        let office = meaning.is_some_and(|m| m.kinds.iter().any(|kind| **kind == *"person"));
        let person = referent.is_person() && noun.number != Number::Plural;
        return (person && (anyone || office)).then_some(if referent.label.is_some() { 2.0 } else { 1.0 });
    }
    let meaning = meaning?;
    if referent.nouns.iter().any(|other| meaning.nouns.contains(other)) {
        return Some(3.0);
    }
    let own_head = referent.nouns.iter().any(|&other| other != 0);
    let organisation = referent.label == Some(Label::Org);
    if let Some(kind) = referent.kind.as_deref()
        && (!organisation || !own_head)
    {
        return meaning.kinds.iter().any(|k| **k == *kind).then_some(2.0);
    }
    (organisation && !own_head && meaning.otherwise == Otherwise::Open).then_some(1.0)
}
