//! How sure the text presents a claim, and whether it denies it, from cues in the trigger's clause.
//!
//! `data/status_cues.tsv` lists the cues with their effect. Negation is decided by rule: a particle before the verb
//! itself or before the verb that governs a nominal trigger, a noun of absence («عدم», «دون»), a verb of denial, or a
//! predicate («الاندماج مستحيل»); words that turn a negation round («لم يمنع التعاون») and clause boundaries end its
//! reach. Factuality is a log-linear model over the cues in reach and the trigger's form (`data/status.model`, written
//! by `examples/relation_status.rs`), because cues compete and their reach is a matter of degree.

use crate::lexicon::conjugate::Conjugator;
use crate::lexicon::words::{WordId, WordIds};
use crate::lexicon::{Phrases, UserLexicon, Words};
use crate::loglinear::{Features, Model};
use crate::normalize::fold;
use crate::segment::{Document, Kind};
use crate::{Error, Result};

use super::family::{Families, FamilyId};
use super::trigger::{self, Part, Trigger};
use super::{Factuality, Span};

/// The status of one claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    pub factuality: Factuality,
    pub negated: bool,
    /// The cue words that decided, in the order of the text.
    pub cues: Vec<Span>,
}

/// What a cue does to the claims in its reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
enum Effect {
    /// A particle that negates the verb behind it.
    Negation,
    /// A noun or verb of absence or failure: negates the noun behind it.
    Absence,
    /// A verb of denial: negates what it governs, a clause with أن too.
    Denial,
    /// A verb of failure: negates the noun behind «في».
    Failure,
    /// A verb of hindering: negates the noun behind «من»: «منعه من السيطرة».
    Hindrance,
    /// Under a negation, asserts: «لم يمنع».
    Lift,
    /// Looks like a negation and is none: «لا يزال».
    Assertion,
    /// Ends the reach of what stands before it.
    Boundary,
    Possible,
    PossibleAim,
    PossibleDemand,
    PossibleSuspect,
    PossibleCondition,
    PossibleUnlikely,
    Probable,
    Unknown,
    /// Asks whether the claim holds: «هل».
    Question,
    /// «قد»: makes the imperfect possible, the perfect sure.
    Past,
    /// Behind the trigger: «الاندماج مستحيل».
    AfterNegated,
    AfterPossible,
    AfterProbable,
}

impl Effect {
    const ALL: [(&'static str, Effect); 21] = [
        ("negation", Effect::Negation),
        ("negation-noun", Effect::Absence),
        ("denial", Effect::Denial),
        ("failure", Effect::Failure),
        ("hindrance", Effect::Hindrance),
        ("lift", Effect::Lift),
        ("assertion", Effect::Assertion),
        ("boundary", Effect::Boundary),
        ("possible", Effect::Possible),
        ("possible-aim", Effect::PossibleAim),
        ("possible-demand", Effect::PossibleDemand),
        ("possible-suspect", Effect::PossibleSuspect),
        ("possible-condition", Effect::PossibleCondition),
        ("possible-unlikely", Effect::PossibleUnlikely),
        ("probable", Effect::Probable),
        ("unknown", Effect::Unknown),
        ("question", Effect::Question),
        ("past", Effect::Past),
        ("after-negated", Effect::AfterNegated),
        ("after-possible", Effect::AfterPossible),
        ("after-probable", Effect::AfterProbable),
    ];

    fn is_hedge(self) -> bool {
        (Effect::Possible as u8..=Effect::Question as u8).contains(&(self as u8))
    }

    fn follows(self) -> bool {
        self as u8 >= Effect::AfterNegated as u8
    }
}

/// A cue in the text.
#[derive(Clone, Copy, Debug)]
struct Found {
    effect: Effect,
    /// Number of the line in the data file.
    cue: u16,
    first: u32,
    last: u32,
}

/// Reads the status of a trigger. Immutable; share one among threads.
#[derive(Debug)]
pub struct Cues {
    phrases: Phrases<(Effect, u16)>,
    that: Vec<WordId>,
    or: Vec<WordId>,
    copulas: Vec<WordId>,
    /// Prepositions behind a noun of absence whose object is not absent: «عدم رضاه عن الاستقالة».
    leads_away: Vec<WordId>,
    /// Prepositions before what is tried or decided: «فشل في», «يسعى إلى».
    leads_in: Vec<WordId>,
    /// The preposition before what is hindered.
    leads_from: Vec<WordId>,
    /// What a noun alone says of a family, for families whose noun asserts nothing: `data/bare_nouns.tsv`.
    bare_nouns: Vec<(FamilyId, Factuality)>,
    model: Option<Model>,
}

const FILE: &str = "status_cues.tsv";
const DATA: &str = include_str!("data/status_cues.tsv");
const MODEL: &[u8] = include_bytes!("data/status.model");
const BARE_FILE: &str = "bare_nouns.tsv";
const BARE_DATA: &str = include_str!("data/bare_nouns.tsv");

/// The families whose noun asserts nothing, with the factuality that it has instead of certain.
fn bare_nouns() -> Result<Vec<(FamilyId, Factuality)>> {
    let families = Families::new(&UserLexicon::default())?;
    let read = |(index, line): (usize, &str)| {
        let mut columns = line.split('\t');
        let family = columns.next().and_then(|name| families.id(name));
        let named = columns.next();
        let factuality = Factuality::ALL.into_iter().find(|f| Some(f.name()) == named);
        family
            .zip(factuality)
            .ok_or_else(|| Error::data(BARE_FILE, index + 1, "a family and a factuality are expected"))
    };
    BARE_DATA.lines().enumerate().skip(1).map(read).collect()
}

/// Tokens before the trigger that are searched for cues.
const BEFORE: usize = 28;
/// Tokens behind it.
const AFTER: usize = 8;
/// How far a noun of absence reaches, in tokens.
const ABSENCE_REACH: usize = 4;
/// How far a negated governing verb reaches.
const GOVERNOR_REACH: usize = 9;
/// How far a verb of denial reaches.
const DENIAL_REACH: usize = 8;
/// How far behind the trigger a denying predicate stands.
const PREDICATE_REACH: usize = 6;

/// How far a cue governs a word directly, in tokens, and a clause with «أن».
const DIRECT: usize = 1;
const DIRECT_CLAUSE: usize = 3;

/// Number of buckets of the model: 2^14.
pub const MODEL_BITS: u32 = 14;

impl Cues {
    /// The built-in cues; their words are interned into `words`.
    ///
    /// # Errors
    /// A line of the data file, or a model, that does not read.
    pub fn new(words: &mut Words) -> Result<Cues> {
        let model = if MODEL.is_empty() { None } else { Some(Model::from_bytes(MODEL)?) };
        Cues::with_model(words, model)
    }

    /// Cues with a model of one's own, or none: then every claim is certain.
    ///
    /// # Errors
    /// A line of the data file that does not read.
    pub fn with_model(words: &mut Words, model: Option<Model>) -> Result<Cues> {
        let conjugator = Conjugator::new()?;
        let mut phrases = Phrases::default();
        let (mut that, mut or, mut copulas) = (Vec::new(), Vec::new(), Vec::new());
        let (mut leads_away, mut leads_in, mut leads_from) = (Vec::new(), Vec::new(), Vec::new());
        for (index, line) in DATA.lines().enumerate().skip(1) {
            let wrong = |message: String| Error::data(FILE, index + 1, message);
            let [lemma, class, root, effect, forms] = line.split('\t').collect::<Vec<_>>()[..] else {
                return Err(wrong("5 columns are expected".into()));
            };
            let list = match effect {
                "that" => Some(&mut that),
                "or" => Some(&mut or),
                "copula" => Some(&mut copulas),
                "leads-away" => Some(&mut leads_away),
                "leads-in" => Some(&mut leads_in),
                "leads-from" => Some(&mut leads_from),
                _ => None,
            };
            if let Some(list) = list {
                list.push(words.intern(&fold(lemma)));
                continue;
            }
            let effect = Effect::ALL.iter().find(|(name, _)| *name == effect);
            let (_, effect) = effect.ok_or_else(|| wrong("no such effect".into()))?;
            let spellings =
                trigger::inflect::spellings(&conjugator, 0, lemma, class, root, forms).map_err(wrong)?;
            let mut last = String::new();
            for (phrase, _) in spellings {
                if phrase != last {
                    phrases.add(words, &phrase, (*effect, index as u16));
                    last = phrase;
                }
            }
        }
        Ok(Cues {
            phrases,
            that,
            or,
            copulas,
            leads_away,
            leads_in,
            leads_from,
            bare_nouns: bare_nouns()?,
            model,
        })
    }

    /// The status of the claim of `family` that `trigger` makes.
    pub fn status(&self, document: &Document, ids: &WordIds, trigger: &Trigger, family: FamilyId) -> Status {
        let mut scope = self.scope(document, ids, trigger);
        let negation = self.negation(document, ids, trigger, &scope);
        let factuality = self.factuality(document, ids, trigger, family, &scope, negation.is_some());
        scope.retain(|found| {
            negation.is_some_and(|n| n.first == found.first)
                // «قد يهاجم»
                || (factuality == Factuality::Possible
                    && found.effect == Effect::Past
                    && found.last == trigger.first)
                || (factuality != Factuality::Certain && (found.effect.is_hedge() || found.effect.follows()))
        });
        let span = |found: &Found| Span {
            start: document.tokens[found.first as usize].start,
            end: document.tokens[found.last as usize - 1].end,
        };
        Status {
            factuality,
            negated: negation.is_some() != trigger.negated,
            cues: scope.iter().map(span).collect(),
        }
    }

    /// The features of an example, for training.
    pub fn features(
        &self,
        document: &Document,
        ids: &WordIds,
        trigger: &Trigger,
        family: FamilyId,
        features: &mut Features,
    ) {
        let scope = self.scope(document, ids, trigger);
        let negated = self.negation(document, ids, trigger, &scope).is_some();
        self.describe(document, ids, trigger, family, &scope, negated, features);
    }

    /// All cues of the trigger's sentence that are near it, in the order of the text.
    fn scope(&self, document: &Document, ids: &WordIds, trigger: &Trigger) -> Vec<Found> {
        let (head, last) = (trigger.first as usize, trigger.last as usize);
        let sentence = &document.sentences[document.sentence_of(head)];
        let begin = (sentence.first as usize).max(head.saturating_sub(BEFORE));
        let end = (sentence.last as usize).min(last + AFTER);
        let mut found = Vec::new();
        self.search(ids, begin, head, &mut found);
        self.search(ids, last, end, &mut found);
        found
    }

    /// Longest matches in tokens `begin..end`.
    fn search(&self, ids: &WordIds, begin: usize, end: usize, out: &mut Vec<Found>) {
        let mut index = begin;
        while index < end {
            let rest = &ids.full[index + 1..end.max(index + 1)];
            let ways = [ids.full[index], ids.bare[index], ids.stem[index], ids.guess[index].word];
            let best =
                ways.iter().filter_map(|&word| self.phrases.longest(word, rest)).max_by_key(|(n, _)| *n);
            let Some((length, cues)) = best else {
                index += 1;
                continue;
            };
            for &(effect, cue) in cues {
                out.push(Found { effect, cue, first: index as u32, last: (index + length) as u32 });
            }
            index += length;
        }
    }

    /// The cue that negates the trigger, if one does.
    fn negation(
        &self,
        document: &Document,
        ids: &WordIds,
        trigger: &Trigger,
        scope: &[Found],
    ) -> Option<Found> {
        let head = trigger.first as usize;
        let proclitics = self.proclitics(document, trigger);
        let conjoined = proclitics.starts_with(['و', 'ف']);
        // A noun that names an event, not a person or a quality.
        let is_event = matches!(trigger.part, Part::Masdar | Part::Noun);
        for found in scope.iter().rev().filter(|f| f.last <= trigger.first) {
            let between = found.last as usize..head;
            let gap = between.clone().filter(|&i| document.tokens[i].kind != Kind::Punct).count();
            if between.clone().any(|i| is_conjunction(document, i)) {
                continue;
            }
            let reached = match found.effect {
                Effect::Negation if gap == 0 && trigger.part.is_verb() => !conjoined,
                Effect::Negation => self.governs(document, ids, trigger, found, gap, scope),
                Effect::Absence => {
                    let away =
                        (found.last..trigger.first).any(|i| self.leads_away.contains(&ids.full[i as usize]));
                    is_event && !conjoined && !away && gap <= ABSENCE_REACH
                }
                Effect::Denial => {
                    let governed = is_event || (trigger.part.is_verb() && gap > 0);
                    governed && !conjoined && gap <= DENIAL_REACH && !self.is_denied(found, scope)
                }
                Effect::Failure => {
                    is_event && gap <= DENIAL_REACH && self.leads_in.contains(&ids.full[head - 1])
                }
                Effect::Hindrance => {
                    let lifted = self.is_denied(found, scope);
                    is_event
                        && !lifted
                        && gap <= DENIAL_REACH
                        && self.leads_from.contains(&ids.full[head - 1])
                }
                // «لم يتم الاتفاق»: the predicate stands in front.
                Effect::AfterNegated => is_event && !conjoined && gap <= ABSENCE_REACH,
                _ => false,
            };
            let clauses = (found.effect == Effect::Denial) as usize;
            if reached && self.is_open(document, ids, found.last as usize, head, clauses, scope) {
                return Some(*found);
            }
        }
        if !is_event {
            return None;
        }
        let behind = scope.iter().filter(|f| f.first >= trigger.last && f.effect == Effect::AfterNegated);
        let mut near = behind.filter(|f| {
            let gap = (f.first - trigger.last) as usize;
            gap <= PREDICATE_REACH
                && self.is_open(document, ids, trigger.last as usize, f.first as usize, 0, scope)
        });
        near.next().copied()
    }

    /// Whether a particle negates the verb that governs the trigger, and this is not turned round.
    fn governs(
        &self,
        document: &Document,
        ids: &WordIds,
        trigger: &Trigger,
        found: &Found,
        gap: usize,
        scope: &[Found],
    ) -> bool {
        let before = trigger.first as usize - 1;
        let conjoined = self.proclitics(document, trigger).starts_with(['و', 'ف']);
        if gap == 0 {
            // «لا علاقة», «لسنا أعداء»: the particle of general denial, or of a verbless clause; «لا بالحوار»: one
            // of two that are set against each other.
            let led = self.proclitics(document, trigger).ends_with(['ب', 'ل']);
            return (!trigger.definite || led) && !conjoined;
        }
        let verb = found.last;
        let lifted = scope.iter().any(|f| f.effect == Effect::Lift && f.first == verb);
        if lifted || gap > GOVERNOR_REACH {
            return false;
        }
        // «لا يعقل ذهابه إلى المقر للقاء الحزب»: what it is for is not denied.
        if gap > ABSENCE_REACH
            && trigger.part == Part::Masdar
            && self.proclitics(document, trigger).ends_with('ل')
        {
            return false;
        }
        let particle = document.stem(found.last as usize - 1);
        let verbal = !particle.ends_with("لا") || document.norm(verb as usize).starts_with(['ي', 'ت', 'ن']);
        match trigger.part {
            // A verb has a negation of its own; only «أو» joins it to one before.
            part if part.is_verb() => verbal && self.or.contains(&ids.full[before]),
            Part::Masdar | Part::Noun => verbal && !conjoined,
            // «لم يكن شريكا»
            _ => verbal && gap == 1 && self.copulas.contains(&ids.full[verb as usize]),
        }
    }

    /// The proclitics in front of the trigger, as they stand.
    fn proclitics<'d>(&self, document: &'d Document, trigger: &Trigger) -> &'d str {
        let start = document.tokens[trigger.first as usize].start as usize;
        document.text.get(start..trigger.start as usize).unwrap_or_default()
    }

    /// «لم ينف»: the denial itself is denied.
    fn is_denied(&self, found: &Found, scope: &[Found]) -> bool {
        scope.iter().any(|f| f.effect == Effect::Negation && f.last == found.first)
    }

    /// Whether nothing between two tokens ends the reach of a cue that may cross so many clauses with «أن».
    fn is_open(
        &self,
        document: &Document,
        ids: &WordIds,
        from: usize,
        to: usize,
        clauses: usize,
        scope: &[Found],
    ) -> bool {
        let ends =
            |f: &Found| f.effect == Effect::Boundary && f.first as usize >= from && f.last as usize <= to;
        let crossed = (from..to).filter(|&i| self.that.contains(&ids.full[i])).count();
        crossed <= clauses && !scope.iter().any(ends) && !(from..to).any(|i| self.is_stop(document, i))
    }

    /// Punctuation that ends a clause.
    fn is_stop(&self, document: &Document, token: usize) -> bool {
        let is_punct = document.tokens[token].kind == Kind::Punct;
        is_punct
            && matches!(
                document.surface(token),
                "،" | "," | "؛" | ";" | ":" | "." | "؟" | "!" | "…" | "(" | ")"
            )
    }

    fn factuality(
        &self,
        document: &Document,
        ids: &WordIds,
        trigger: &Trigger,
        family: FamilyId,
        scope: &[Found],
        negated: bool,
    ) -> Factuality {
        if let Some(certain) = self.by_rule(document, ids, trigger, scope) {
            return certain;
        }
        let Some(model) = &self.model else { return Factuality::Certain };
        let mut features = Features::default();
        self.describe(document, ids, trigger, family, scope, negated, &mut features);
        let mut scores = [0f32; Factuality::ALL.len()];
        model.scores(&features, &mut scores);
        let best = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0);
        let bare = !negated && matches!(trigger.part, Part::Masdar | Part::Noun);
        let said = self.bare_nouns.iter().find(|(named, _)| *named == family);
        match (Factuality::ALL[best], said) {
            (Factuality::Certain, Some(&(_, factuality))) if bare => factuality,
            (factuality, _) => factuality,
        }
    }

    /// What the grammar alone decides: the future, «قد» with an imperfect, a question, and a cue that governs the
    /// trigger directly.
    fn by_rule(
        &self,
        document: &Document,
        ids: &WordIds,
        trigger: &Trigger,
        scope: &[Found],
    ) -> Option<Factuality> {
        if trigger.part == Part::Title {
            return None;
        }
        let head = trigger.first as usize;
        let governor = scope.iter().rev().find(|f| f.last <= trigger.first && f.effect != Effect::Boundary);
        let adjacent = governor.filter(|f| f.last == trigger.first);
        if trigger.part == Part::Imperfect {
            if self.proclitics(document, trigger).ends_with('س') {
                return Some(Factuality::Probable);
            }
            if adjacent.is_some_and(|f| f.effect == Effect::Past) {
                return Some(Factuality::Possible);
            }
        }
        let conjoined = self.proclitics(document, trigger).starts_with(['و', 'ف']);
        let near = governor.filter(|f| {
            let gap = head - f.last as usize;
            let that = (f.last..trigger.first).any(|i| self.that.contains(&ids.full[i as usize]));
            let proclitic = self.proclitics(document, trigger).ends_with(['ل', 'ب']);
            let led = head > 0 && (proclitic || self.leads_in.contains(&ids.full[head - 1]));
            let reach = if that || led { DIRECT_CLAUSE } else { DIRECT };
            !conjoined && gap <= reach && self.is_open(document, ids, f.last as usize, head, 1, scope)
        });
        let first = document.sentences[document.sentence_of(head)].first as usize;
        let promised = matches!(self.governing_future(document, trigger, first), 1..=2);
        if promised && matches!(trigger.part, Part::Masdar | Part::Noun) && !conjoined {
            return Some(Factuality::Probable);
        }
        let denied =
            near.is_some_and(|f| scope.iter().any(|n| n.effect == Effect::Negation && n.last == f.first));
        match near.map(|f| f.effect) {
            Some(Effect::Possible | Effect::PossibleAim | Effect::PossibleUnlikely) if !denied => {
                Some(Factuality::Possible)
            }
            Some(Effect::Probable) if !denied => Some(Factuality::Probable),
            _ => self.by_predicate(document, ids, trigger, scope),
        }
    }

    /// What a question particle before the trigger, or a predicate behind it, decides.
    fn by_predicate(
        &self,
        document: &Document,
        ids: &WordIds,
        trigger: &Trigger,
        scope: &[Found],
    ) -> Option<Factuality> {
        let open = |from: u32, to: u32| self.is_open(document, ids, from as usize, to as usize, 0, scope);
        let asks = |f: &&Found| {
            f.effect == Effect::Question && f.last <= trigger.first && open(f.last, trigger.first)
        };
        if scope.iter().any(|f| asks(&f)) {
            return Some(Factuality::Unknown);
        }
        if !matches!(trigger.part, Part::Masdar | Part::Noun) {
            return None;
        }
        let behind = |f: &&Found| {
            let gap = f.first.saturating_sub(trigger.last) as usize;
            f.effect.follows()
                && f.first >= trigger.last
                && gap <= ABSENCE_REACH
                && open(trigger.last, f.first)
        };
        match scope.iter().find(behind)?.effect {
            Effect::AfterPossible => Some(Factuality::Possible),
            Effect::AfterProbable => Some(Factuality::Probable),
            _ => None,
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn describe(
        &self,
        document: &Document,
        ids: &WordIds,
        trigger: &Trigger,
        family: FamilyId,
        scope: &[Found],
        negated: bool,
        features: &mut Features,
    ) {
        features.clear();
        let head = trigger.first as usize;
        let sentence_index = document.sentence_of(head);
        let sentence = &document.sentences[sentence_index];
        let part = trigger.part as u64;
        features.add_number(0, 0);
        features.add_number(1, part);
        features.add_number(2, family.0 as u64);
        features.add_number(3, part * 64 + family.0 as u64);
        features.add_number(4, negated as u64);
        let token = &document.tokens[head];
        let prefix = (trigger.start - token.start) as usize;
        let proclitics =
            document.text.get(token.start as usize..token.start as usize + prefix).unwrap_or_default();
        features.add_pair(5, proclitics, part);
        features.add(6, proclitics);
        for back in 1..=2usize {
            let previous = (head >= back && head - back >= sentence.first as usize).then(|| head - back);
            let word = previous.map_or("", |i| document.stem(i));
            features.add(6 + back as u32, word);
        }
        let next = trigger.last as usize;
        features.add(9, if next < sentence.last as usize { document.stem(next) } else { "" });
        let question =
            (sentence.first..sentence.last).any(|i| matches!(document.surface(i as usize), "؟" | "?"));
        features.add_number(13, question as u64);
        features.add_number(14, (sentence_index == 0) as u64);
        let ends = document.surface(sentence.last as usize - 1);
        let headline =
            !matches!(ends, "." | "!" | "؟" | "»" | "”" | "\"") && sentence.last - sentence.first < 14;
        features.add_number(15, headline as u64 * 16 + part);
        features.add_number(16, ((head - sentence.first as usize).min(3)) as u64);
        let that =
            (sentence.first as usize..head).rev().take(BEFORE).any(|i| self.that.contains(&ids.full[i]));
        features.add_number(17, that as u64);
        for found in scope {
            self.describe_cue(document, ids, trigger, found, scope, features);
        }
        let hedged = scope.iter().any(|f| f.effect.is_hedge());
        features.add_number(18, hedged as u64 * 16 + part);
    }

    /// How far before the trigger a verb of the future stands in its clause, in tokens; 0 where none does.
    fn governing_future(&self, document: &Document, trigger: &Trigger, first: usize) -> u64 {
        let head = trigger.first as usize;
        let clause = (first.max(head.saturating_sub(GOVERNOR_REACH))..head).rev();
        let mut clause = clause.take_while(|&i| !self.is_stop(document, i));
        let future = clause.find(|&i| is_future(document, i));
        future.map_or(0, |i| (head - i).min(5) as u64)
    }

    fn describe_cue(
        &self,
        document: &Document,
        ids: &WordIds,
        trigger: &Trigger,
        found: &Found,
        scope: &[Found],
        features: &mut Features,
    ) {
        if matches!(found.effect, Effect::Boundary | Effect::Lift) {
            return;
        }
        let behind = found.first >= trigger.last;
        let (from, to) = if behind { (trigger.last, found.first) } else { (found.last, trigger.first) };
        let gap = to.saturating_sub(from) as usize;
        let near = match gap {
            0..=3 => gap as u64,
            4..=6 => 4,
            7..=11 => 5,
            _ => 6,
        };
        let stops = (from..to).filter(|&i| self.is_stop(document, i as usize)).count();
        let bounds =
            scope.iter().filter(|f| f.effect == Effect::Boundary && f.first >= from && f.last <= to).count();
        let closed = (stops + bounds).min(2) as u64;
        let that = (from..to).any(|i| self.that.contains(&ids.full[i as usize])) as u64;
        let place = behind as u64 + 2 * closed;
        let effect = found.effect as u64;
        features.add_number(32, effect * 64 + place * 8 + near);
        features.add_number(33, effect * 8 + place);
        features.add_number(34, (effect * 8 + place) * 16 + trigger.part as u64);
        features.add_number(35, (effect * 8 + place) * 2 + that);
        features.add_number(36, found.cue as u64 * 8 + place);
        features.add_number(37, (found.cue as u64 * 8 + place) * 8 + near.min(4));
        if found.effect == Effect::Past && gap == 0 {
            features.add_number(38, trigger.part as u64);
        }
    }
}

/// Whether the token is «و» or begins with it: what stands behind has a negation of its own.
fn is_conjunction(document: &Document, token: usize) -> bool {
    let prefix = document.tokens[token].prefix as usize;
    document.norm(token) == "و" || document.norm(token).get(..prefix).is_some_and(|p| p.starts_with('و'))
}

/// Whether the particle of the future is joined to the token: «سيبحث».
fn is_future(document: &Document, token: usize) -> bool {
    let prefix = document.tokens[token].prefix as usize;
    document.norm(token).get(..prefix).is_some_and(|proclitics| proclitics.ends_with('س'))
}
