//! Whose claim it is: direct and indirect speech, quotation marks, «بحسب», and how far each reaches.
//!
//! `data/speech.tsv` lists verbs of speech, phrases that name an outlet («بحسب», «نقلا عن»), phrases that point back
//! to the speaker («على حد تعبيره») and participles that go on with his words («مؤكدا أن»). What they report begins
//! at «أن», a colon or an opening quotation mark, or behind the subject where a noun is reported («أكد دعمه»), and ends
//! with the sentence, or with the quotation where this runs on. Titles before the reported words are the article's own.

use crate::Result;
use crate::entity::{Entity, Label};
use crate::lexicon::conjugate::Conjugator;
use crate::lexicon::words::WordIds;
use crate::lexicon::{Phrases, Words};
use crate::mention::{Form, Mention};
use crate::segment::{Document, Kind, Sentence};
use crate::{Error, normalize::fold};

use super::Span;
use super::trigger::{self, Part, Trigger};

/// A stretch of text that the article gives as the words of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Tokens `first..last`.
    pub first: u32,
    pub last: u32,
    /// Whose words: the source as it stands in the text.
    pub source: Span,
}

/// What a cue of speech does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// A verb whose subject speaks.
    Says,
    /// A preposition or phrase before the source.
    Outlet,
    /// A phrase that points back to the speaker.
    Himself,
    /// A participle that goes on with the speaker's words.
    Participle,
    /// Begins what is said.
    That,
    /// A preposition before what is said.
    About,
}

#[derive(Clone, Copy, Debug)]
struct Cue {
    effect: Effect,
    first: u32,
    last: u32,
}

/// Finds claims and, for a trigger, its source, place and date. Immutable; share one among threads.
#[derive(Debug)]
pub struct Attributions {
    phrases: Phrases<Effect>,
}

const FILE: &str = "speech.tsv";
const DATA: &str = include_str!("data/speech.tsv");

/// Tokens between a verb of speech and what is said.
const CONTENT_REACH: u32 = 40;
/// Tokens between a verb of speech and its subject's end where no mark begins what is said.
const SUBJECT_REACH: u32 = 12;
/// Tokens between a subject and the verb of speech behind it.
const SUBJECT_BEFORE: u32 = 10;
/// Tokens between «بحسب» and the source's first word.
const OUTLET_REACH: u32 = 5;
/// Tokens of a source that no mention covers.
const SOURCE_WORDS: u32 = 3;
/// Tokens that a quotation may run on behind its sentence.
const QUOTATION: u32 = 400;
/// How far a place or date stands from its trigger, in tokens.
const SETTING_REACH: usize = 25;

impl Attributions {
    /// The built-in verbs and phrases of speech; their words are interned into `words`.
    ///
    /// # Errors
    /// A line of the data file that does not read.
    pub fn new(words: &mut Words) -> Result<Attributions> {
        let conjugator = Conjugator::new()?;
        let mut phrases = Phrases::default();
        for (index, line) in DATA.lines().enumerate().skip(1) {
            let wrong = |message: String| Error::data(FILE, index + 1, message);
            let [lemma, class, root, effect, forms] = line.split('\t').collect::<Vec<_>>()[..] else {
                return Err(wrong("5 columns are expected".into()));
            };
            let effect = match effect {
                "says" => Effect::Says,
                "outlet" => Effect::Outlet,
                "himself" => Effect::Himself,
                "participle" => Effect::Participle,
                "that" => Effect::That,
                "about" => Effect::About,
                _ => return Err(wrong("no such effect".into())),
            };
            if class == "particle" {
                phrases.add(words, &fold(lemma), effect);
                continue;
            }
            for (phrase, reading) in
                trigger::inflect::spellings(&conjugator, 0, lemma, class, root, forms).map_err(wrong)?
            {
                if reading.part.is_verb() {
                    phrases.add(words, &phrase, effect);
                }
            }
        }
        Ok(Attributions { phrases })
    }

    /// Write all claims of `document` into `out`, outer ones before those inside them.
    pub fn find(&self, document: &Document, ids: &WordIds, mentions: &[Mention], out: &mut Vec<Claim>) {
        out.clear();
        let mut speaker = None;
        let mut cues = Vec::new();
        for sentence in &document.sentences {
            self.search(ids, sentence, &mut cues);
            for (index, cue) in cues.iter().enumerate() {
                let reader = Reader { document, mentions, sentence, cues: &cues };
                match cue.effect {
                    Effect::Says => {
                        let content = reader.content(index);
                        let source = reader.subject(cue, content).or(speaker);
                        let Some(source) = source else { continue };
                        speaker = Some(source);
                        let first = content.unwrap_or_else(|| reader.behind_subject(cue, source));
                        let last = reader.content_end(first);
                        push(out, first, last, source);
                    }
                    Effect::Participle => {
                        if let (Some(first), Some(source)) = (reader.content(index), speaker) {
                            push(out, first, sentence.last, source);
                        }
                    }
                    Effect::Outlet => {
                        if let Some((source, end)) = reader.outlet(cue) {
                            speaker = Some(source);
                            push(out, sentence.first, cue.first, source);
                            push(out, end, sentence.last, source);
                        }
                    }
                    Effect::Himself => {
                        if let Some(source) = speaker {
                            push(out, sentence.first, cue.first, source);
                        }
                    }
                    Effect::That | Effect::About => {}
                }
            }
        }
    }

    /// The source of the innermost claim that `trigger` stands in.
    pub fn source(&self, claims: &[Claim], trigger: &Trigger) -> Option<Span> {
        // Offices are the article's own knowledge, also inside what somebody says.
        if trigger.part == Part::Title {
            return None;
        }
        // A participle in the accusative is the speaker's own act beside his words: «… داعيا الأطراف إلى الحوار».
        let own = trigger.part == Part::ActiveParticiple && !trigger.definite && trigger.accusative;
        if own {
            return None;
        }
        // The span of a source lies outside of what it says: a claim about its own words is none.
        let around = claims.iter().filter(|c| {
            let inside = c.first <= trigger.head && trigger.head < c.last;
            inside && !(c.source.start < trigger.end && trigger.start < c.source.end)
        });
        around.min_by_key(|c| c.last - c.first).map(|c| c.source)
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
        let _ = ids;
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
                Label::Loc if is_location(document, entity) => &mut place,
                Label::Date => &mut date,
                _ => continue,
            };
            if gap < best.0 && !crosses_clause(document, entity, trigger) {
                *best = (gap, Some(index as u32));
            }
        }
        (place.1, date.1)
    }

    /// The cues of a sentence, longest first at each token.
    fn search(&self, ids: &WordIds, sentence: &Sentence, out: &mut Vec<Cue>) {
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
            out.push(Cue { effect: effects[0], first: index as u32, last: (index + length) as u32 });
            index += length;
        }
    }
}

fn push(out: &mut Vec<Claim>, first: u32, last: u32, source: Span) {
    if first < last {
        out.push(Claim { first, last, source });
    }
}

/// Whether a preposition of place stands before the entity.
fn is_location(document: &Document, entity: &Entity) -> bool {
    let first = entity.first as usize;
    let token = &document.tokens[first];
    let proclitic = document.text.get(token.start as usize..entity.start as usize).unwrap_or_default();
    proclitic.ends_with('ب')
        || (first > 0
            && matches!(document.stem(first - 1), "في" | "داخل" | "شمال" | "جنوب" | "شرق" | "غرب" | "مدينه"))
}

/// Whether punctuation that ends a clause stands between the entity and the trigger.
fn crosses_clause(document: &Document, entity: &Entity, trigger: &Trigger) -> bool {
    let (from, to) = if entity.first >= trigger.last {
        (trigger.last, entity.first)
    } else {
        (entity.last, trigger.first)
    };
    (from..to).any(|i| matches!(document.surface(i as usize), "؛" | ";" | ":" | "." | "؟" | "!"))
}

/// Reads one sentence.
struct Reader<'a> {
    document: &'a Document,
    mentions: &'a [Mention],
    sentence: &'a Sentence,
    cues: &'a [Cue],
}

impl Reader<'_> {
    /// Where what a cue reports begins: behind «أن», a colon or an opening quotation mark before the next verb of speech.
    fn content(&self, index: usize) -> Option<u32> {
        let cue = &self.cues[index];
        let next =
            self.cues[index + 1..].iter().find(|c| matches!(c.effect, Effect::Says | Effect::Participle));
        let limit = next.map_or(self.sentence.last, |c| c.first).min(cue.last + CONTENT_REACH);
        let that = self.cues[index + 1..].iter().find(|c| c.effect == Effect::That).map(|c| c.last);
        let mark = (cue.last..limit).find(|&i| self.opens(i)).map(|i| i + 1);
        let first = that.into_iter().chain(mark).min()?;
        (first <= limit).then_some(first)
    }

    /// A colon or an opening quotation mark.
    fn opens(&self, token: u32) -> bool {
        let is_punct = self.document.tokens[token as usize].kind == Kind::Punct;
        is_punct && matches!(self.document.surface(token as usize), ":" | "«" | "“" | "\"" | "”" | "„")
    }

    /// The subject of a verb of speech: a person named behind it, or the first mention; else one before it, or its words.
    fn subject(&self, cue: &Cue, content: Option<u32>) -> Option<Span> {
        let limit = content
            .unwrap_or(self.sentence.last)
            .min(cue.last + SUBJECT_REACH + content.map_or(0, |_| CONTENT_REACH));
        let stop =
            (cue.last..limit).find(|&i| matches!(self.document.surface(i as usize), "،" | "." | "؛" | ":"));
        let behind = || self.mentions_between(cue.last, limit);
        let person = |m: &&Mention| m.form == Form::Named && m.label == Some(Label::Per);
        let near = stop.unwrap_or(limit);
        let named = behind().find(|m| person(m) && m.first <= near.max(cue.last + 1));
        let found = named.or_else(|| behind().find(|m| m.first <= cue.last + OUTLET_REACH));
        if let Some(mention) = found {
            return Some(Span { start: mention.start, end: mention.end });
        }
        let words = content.is_some_and(|first| first > cue.last + 1);
        if words {
            return Some(self.words(cue.last, near));
        }
        let before = self
            .mentions_between(self.sentence.first.max(cue.first.saturating_sub(SUBJECT_BEFORE)), cue.first);
        let proclitic = self.document.tokens[cue.first as usize].prefix > 0;
        if proclitic { None } else { before.last().map(|m| Span { start: m.start, end: m.end }) }
    }

    /// The first token behind the subject where nothing marks what is said.
    fn behind_subject(&self, cue: &Cue, source: Span) -> u32 {
        (cue.last..self.sentence.last)
            .find(|&i| self.document.tokens[i as usize].start >= source.end)
            .unwrap_or(cue.last)
    }

    /// End of what begins at token `first`: the sentence's end, or the closing mark of a quotation that runs on.
    fn content_end(&self, first: u32) -> u32 {
        let opened = first > 0 && matches!(self.document.surface(first as usize - 1), "«" | "“");
        if !opened {
            return self.sentence.last;
        }
        let limit = (self.document.tokens.len() as u32).min(self.sentence.last + QUOTATION);
        let close =
            (first..limit).find(|&i| matches!(self.document.surface(i as usize), "»" | "”" | "«" | "“"));
        close
            .filter(|&i| matches!(self.document.surface(i as usize), "»" | "”"))
            .unwrap_or(0)
            .max(self.sentence.last)
    }

    /// The source behind «بحسب» and the token behind it.
    fn outlet(&self, cue: &Cue) -> Option<(Span, u32)> {
        if cue.last >= self.sentence.last {
            return None;
        }
        let mut near = self.mentions_between(cue.last, self.sentence.last);
        if let Some(mention) = near.find(|m| m.first <= cue.last + OUTLET_REACH) {
            return Some((Span { start: mention.start, end: mention.end }, mention.last));
        }
        let span = self.words(cue.last, self.sentence.last);
        (span.start < span.end).then_some((span, (cue.last + SOURCE_WORDS).min(self.sentence.last)))
    }

    /// The words from token `first`, to a mark of punctuation at most.
    fn words(&self, first: u32, limit: u32) -> Span {
        let limit = limit.min(first + SOURCE_WORDS);
        let word = |&i: &u32| self.document.tokens[i as usize].kind != Kind::Punct;
        let last = (first..limit).take_while(word).last().unwrap_or(first);
        let (first, last) = (&self.document.tokens[first as usize], &self.document.tokens[last as usize]);
        Span { start: first.start, end: last.end }
    }

    /// The mentions whose words lie in tokens `first..last`.
    fn mentions_between(&self, first: u32, last: u32) -> impl Iterator<Item = &Mention> {
        let begin = self.mentions.partition_point(|m| m.first < first);
        let within = self.mentions[begin..].iter().take_while(move |m| m.first < last);
        within.filter(move |m| m.last <= last && m.form != Form::Pronoun)
    }
}
