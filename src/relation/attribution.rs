//! Whose claim it is: direct and indirect speech, quotation marks, «بحسب», and how far each reaches.
//!
//! `data/speech.tsv` lists verbs of speech, phrases that name an outlet («بحسب», «نقلا عن»), phrases that point back
//! to the speaker («على حد تعبيره») and participles that go on with his words («مؤكدا أن»). What they report begins
//! at «أن», a colon or an opening quotation mark, or behind the subject where a noun is reported («أكد دعمه»), and ends
//! with the sentence, or with the quotation where this runs on ([`claims`]). Whether a relation in such a stretch is
//! given as the source's word, or is the article's own knowledge or the source's own act beside it, is a matter of
//! degree: a log-linear model decides (`data/attribution.model`, written by `examples/relation_status.rs`).

pub mod claims;

use crate::entity::{Entity, Label};
use crate::lexicon::conjugate::Conjugator;
use crate::lexicon::words::{WordId, WordIds};
use crate::lexicon::{Phrases, Words};
use crate::loglinear::{Features, Model};
use crate::mention::Mention;
use crate::segment::{Document, Kind, Sentence};
use crate::{Error, Result, normalize::fold};

use super::Span;
use super::family::FamilyId;
use super::trigger::{self, Trigger};
pub use claims::Claim;
use claims::{Collector, Cue, Effect};

/// Finds claims and, for a trigger, its source, place and date. Immutable; share one among threads.
#[derive(Debug)]
pub struct Attributions {
    phrases: Phrases<(Effect, u16)>,
    /// Words before a place where something happens: «في», «شمال».
    locates: Vec<WordId>,
    model: Option<Model>,
}

const FILE: &str = "speech.tsv";
const DATA: &str = include_str!("data/speech.tsv");
const MODEL: &[u8] = include_bytes!("data/attribution.model");

/// Number of buckets of the model: 2^14.
pub const MODEL_BITS: u32 = 14;
/// The two classes of the model.
pub const MODEL_CLASSES: usize = 2;

/// Claims around a trigger that are looked at.
const DEPTH: usize = 4;
/// How far a place or date stands from its trigger, in tokens.
const SETTING_REACH: usize = 25;

impl Attributions {
    /// The built-in verbs and phrases of speech; their words are interned into `words`.
    ///
    /// # Errors
    /// A line of the data file, or a model, that does not read.
    pub fn new(words: &mut Words) -> Result<Attributions> {
        let model = if MODEL.is_empty() { None } else { Some(Model::from_bytes(MODEL)?) };
        Attributions::with_model(words, model)
    }

    /// With a model of one's own, or none: then every claim in a source's words is the source's.
    ///
    /// # Errors
    /// A line of the data file that does not read.
    pub fn with_model(words: &mut Words, model: Option<Model>) -> Result<Attributions> {
        let conjugator = Conjugator::new()?;
        let (mut phrases, mut locates) = (Phrases::default(), Vec::new());
        for (index, line) in DATA.lines().enumerate().skip(1) {
            let wrong = |message: String| Error::data(FILE, index + 1, message);
            let [lemma, class, root, effect, forms] = line.split('\t').collect::<Vec<_>>()[..] else {
                return Err(wrong("5 columns are expected".into()));
            };
            if effect == "locates" {
                locates.push(words.intern(&fold(lemma)));
                continue;
            }
            let effect = Effect::ALL.iter().find(|(name, _)| *name == effect);
            let (_, effect) = effect.ok_or_else(|| wrong("no such effect".into()))?;
            let value = (*effect, index as u16);
            if class == "particle" {
                phrases.add(words, &fold(lemma), value);
                continue;
            }
            for (phrase, reading) in
                trigger::inflect::spellings(&conjugator, 0, lemma, class, root, forms).map_err(wrong)?
            {
                if reading.part.is_verb() {
                    phrases.add(words, &phrase, value);
                }
            }
        }
        Ok(Attributions { phrases, locates, model })
    }

    /// Write all claims of `document` into `out`, in the order of their cues.
    pub fn find(&self, document: &Document, ids: &WordIds, mentions: &[Mention], out: &mut Vec<Claim>) {
        let mut collector = Collector::new(document, mentions, out);
        let mut cues = Vec::new();
        for sentence in &document.sentences {
            self.search(document, ids, sentence, &mut cues);
            collector.sentence(sentence, &cues);
        }
    }

    /// The claims that `trigger` stands in, the innermost first.
    pub fn around(&self, claims: &[Claim], trigger: &Trigger) -> Vec<Claim> {
        // The span of a source lies outside of what it says: a claim about its own words is none.
        let is_around = |c: &&Claim| {
            let inside = c.first <= trigger.head && trigger.head < c.last;
            inside && !(c.source.start < trigger.end && trigger.start < c.source.end)
        };
        let mut around: Vec<Claim> = claims.iter().filter(is_around).copied().collect();
        around.sort_by_key(|c| c.last - c.first);
        around.truncate(DEPTH);
        around
    }

    /// The source of what `trigger` says of `family`: that of the innermost claim which gives it as the source's word.
    ///
    /// `is_own` tells whether a source is also the relation's first actor («أكدت فرنسا دعمها»).
    pub fn source(
        &self,
        document: &Document,
        claims: &[Claim],
        trigger: &Trigger,
        family: FamilyId,
        is_own: impl Fn(Span) -> bool,
    ) -> Option<Span> {
        let around = self.around(claims, trigger);
        let Some(model) = &self.model else { return around.first().map(|c| c.source) };
        let (mut features, mut scores) = (Features::default(), [0f32; MODEL_CLASSES]);
        let is_sourced = |(depth, claim): &(usize, &Claim)| {
            self.describe(document, claim, *depth, trigger, family, is_own(claim.source), &mut features);
            model.scores(&features, &mut scores);
            scores[1] >= scores[0]
        };
        around.iter().enumerate().find(is_sourced).map(|(_, claim)| claim.source)
    }

    /// The features of an example: a claim around a trigger, with `depth` others inside it.
    #[allow(clippy::too_many_arguments)]
    pub fn describe(
        &self,
        document: &Document,
        claim: &Claim,
        depth: usize,
        trigger: &Trigger,
        family: FamilyId,
        own: bool,
        features: &mut Features,
    ) {
        features.clear();
        let (way, part) = (claim.way as u64, trigger.part as u64);
        let kind = way * 4 + claim.mark as u64;
        features.add_number(0, 0);
        features.add_number(1, kind);
        features.add_number(2, way * 8 + claim.whom as u64);
        features.add_number(3, claim.line as u64 * 4 + claim.mark as u64);
        features.add_number(4, kind * 16 + part);
        features.add_number(5, family.0 as u64);
        features.add_number(6, kind * 64 + family.0 as u64);
        features.add_number(7, own as u64);
        features.add_number(8, own as u64 + 2 * kind);
        let (from, to) = if claim.first <= trigger.first {
            (claim.first, trigger.first)
        } else {
            (trigger.first, claim.first)
        };
        let gap = to - from;
        let near = [0, 1, 3, 6, 10, 16, 25, 40].iter().take_while(|&&g| gap > g).count() as u64;
        features.add_number(9, kind * 16 + near);
        let stops = (from..to).filter(|&i| self.is_stop(document, i as usize)).count().min(3) as u64;
        features.add_number(10, kind * 4 + stops);
        let marks = (from..to).filter(|&i| is_quotation(document, i as usize)).count().min(3) as u64;
        features.add_number(11, kind * 4 + marks);
        let definite = trigger.definite as u64 + 2 * trigger.accusative as u64;
        features.add_number(12, part * 4 + definite);
        features.add_number(13, (part * 2 + trigger.carries_suffix as u64) * 64 + kind);
        let token = &document.tokens[trigger.first as usize];
        let proclitics = document.text.get(token.start as usize..trigger.start as usize).unwrap_or_default();
        features.add_pair(14, proclitics, part);
        features.add_pair(15, proclitics, kind);
        let sentence = document.sentence_of(trigger.first as usize);
        let first = document.sentences[sentence].first;
        features.add_number(16, (sentence.min(2) as u64) * 64 + kind);
        let place = (trigger.first - first).min(3) as u64;
        features.add_number(17, place * 64 + kind);
        if trigger.first > first {
            let before = document.stem(trigger.first as usize - 1);
            features.add(18, before);
            features.add_pair(19, before, claim.mark as u64);
        }
        features.add(20, document.stem(first as usize));
        features.add_pair(21, document.stem(first as usize), way);
        if trigger.first > claim.first {
            features.add_pair(22, document.stem(claim.first as usize), way);
        }
        features.add_number(24, depth as u64 * 64 + kind);
        features.add_number(23, trigger.person as u64 * 16 + part);
    }

    /// The place and the date that the trigger's clause gives: indices into `entities`.
    ///
    /// A place stands behind «في», «ب» or «من» in the trigger's sentence, a date anywhere near it; the nearest counts.
    pub fn setting(
        &self,
        document: &Document,
        ids: &WordIds,
        entities: &[Entity],
        trigger: &Trigger,
    ) -> (Option<u32>, Option<u32>) {
        let sentence = &document.sentences[document.sentence_of(trigger.head as usize)];
        let begin = entities.partition_point(|e| e.first < sentence.first);
        let (mut place, mut date) = ((SETTING_REACH, None), (SETTING_REACH, None));
        for (index, entity) in entities.iter().enumerate().skip(begin) {
            if entity.first >= sentence.last {
                break;
            }
            let gap = if entity.first >= trigger.last {
                (entity.first - trigger.last) as usize
            } else {
                trigger.first.saturating_sub(entity.last) as usize + 1
            };
            let best = match entity.label {
                Label::Loc if self.is_location(document, ids, entity) => &mut place,
                Label::Date => &mut date,
                _ => continue,
            };
            if gap < best.0 && !self.crosses_clause(document, ids, entity, trigger) {
                *best = (gap, Some(index as u32));
            }
        }
        (place.1, date.1)
    }

    /// Whether another clause begins between the entity and the trigger: at punctuation, or with «أن».
    fn crosses_clause(&self, document: &Document, ids: &WordIds, entity: &Entity, trigger: &Trigger) -> bool {
        let (from, to) = if entity.first >= trigger.last {
            (trigger.last, entity.first)
        } else {
            (entity.last, trigger.first)
        };
        let reports = |i: u32| {
            let found = self.phrases.longest(ids.full[i as usize], &[]);
            found.is_some_and(|(_, cues)| cues.iter().any(|(effect, _)| *effect == Effect::That))
        };
        let ends = |i: u32| matches!(document.surface(i as usize), "؛" | ";" | ":" | "." | "؟" | "!");
        (from..to).any(|i| ends(i) || reports(i))
    }

    /// Whether a preposition of place stands before the entity.
    fn is_location(&self, document: &Document, ids: &WordIds, entity: &Entity) -> bool {
        let first = entity.first as usize;
        let token = &document.tokens[first];
        let proclitic = document.text.get(token.start as usize..entity.start as usize).unwrap_or_default();
        let known = |before: usize| {
            self.locates.contains(&ids.full[before]) || self.locates.contains(&ids.stem[before])
        };
        proclitic.ends_with('ب') || (first > 0 && known(first - 1))
    }

    /// The cues of a sentence, longest first at each token.
    fn search(&self, document: &Document, ids: &WordIds, sentence: &Sentence, out: &mut Vec<Cue>) {
        out.clear();
        let mut index = sentence.first as usize;
        let end = sentence.last as usize;
        while index < end {
            let rest = &ids.full[index + 1..end];
            let ways = [ids.full[index], ids.bare[index], ids.stem[index], ids.guess[index].word];
            let best =
                ways.iter().filter_map(|&word| self.phrases.longest(word, rest)).max_by_key(|(n, _)| *n);
            let Some((length, effects)) = best else {
                index += 1;
                continue;
            };
            let (effect, line) = effects[0];
            // «على طلب الحكومة», «برأت»: no verb stands behind a preposition.
            let led = out.last().is_some_and(|c| c.effect == Effect::About && c.last as usize == index);
            if matches!(effect, Effect::Says | Effect::Calls) && (led || has_preposition(document, index)) {
                index += 1;
                continue;
            }
            out.push(Cue { effect, line, first: index as u32, last: (index + length) as u32 });
            index += length;
        }
    }

    /// Punctuation that ends a clause.
    fn is_stop(&self, document: &Document, token: usize) -> bool {
        document.tokens[token].kind == Kind::Punct
            && matches!(document.surface(token), "،" | "," | "؛" | ";" | "." | "؟" | "!")
    }
}

/// Whether a preposition is joined to the token.
fn has_preposition(document: &Document, token: usize) -> bool {
    let prefix = document.tokens[token].prefix as usize;
    document.norm(token).get(..prefix).is_some_and(|proclitics| proclitics.ends_with(['ب', 'ك', 'ل']))
}

fn is_quotation(document: &Document, token: usize) -> bool {
    document.tokens[token].kind == Kind::Punct
        && matches!(document.surface(token), "«" | "»" | "“" | "”" | "\"" | "„")
}
