//! The stretches of text that the article gives as somebody's words: the cues of speech, read sentence by sentence.

use crate::entity::Label;
use crate::mention::{Form, Mention};
use crate::segment::{Document, Kind, Sentence};

use super::super::Span;

/// A stretch of text that the article may give as the words of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Tokens `first..last`.
    pub first: u32,
    pub last: u32,
    /// Whose words: the source as it stands in the text.
    pub source: Span,
    pub way: Way,
    pub mark: Mark,
    pub whom: Whom,
    /// Number of the cue's line in the data file.
    pub line: u16,
}

/// How the text gives the words to their source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Way {
    /// «قال إن …»
    Said,
    /// «دعا إلى …»: an act of speech, whose content is a noun.
    Called,
    /// «… مؤكدا أن …»
    Continued,
    /// «… بحسب الوكالة»: what stands before the phrase.
    OutletBehind,
    /// «بحسب الوكالة …» in the middle of a sentence: what stands behind the source.
    OutletBefore,
    /// The same at the beginning of a sentence.
    OutletFirst,
    /// «… على حد تعبيره»
    Himself,
    /// A sentence behind one whose speaker goes on, so many sentences before.
    Carried1,
    Carried2,
    Carried3,
}

/// What marks the beginning of the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Mark {
    /// Nothing: a noun is reported.
    None,
    That,
    Colon,
    Quotation,
}

/// How the source was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Whom {
    Person,
    Named,
    Nominal,
    /// Words that are no mention.
    Words,
    /// The speaker of the words before.
    Speaker,
    /// A mention before the verb.
    Before,
}

/// What a cue of speech does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// A verb whose subject speaks.
    Says,
    /// A verb that is itself an act of speech: what it governs is its subject's word.
    Calls,
    /// A preposition or phrase before the source.
    Outlet,
    /// A phrase that points back to the speaker.
    Himself,
    /// A participle that goes on with the speaker's words.
    Participle,
    /// Begins what is said.
    That,
    /// A preposition before what is said, or before what the speaker stands in.
    About,
    /// A word of time between a verb and its subject: «أعلن أمس الوزير».
    When,
    /// The article itself goes on: «يذكر أن».
    Editorial,
    /// Looks like speech and reports nothing: «لا ينفي».
    Silence,
}

impl Effect {
    /// The name in the data file, by which the effects are told apart there.
    pub(super) const ALL: [(&'static str, Effect); 10] = [
        ("says", Effect::Says),
        ("calls", Effect::Calls),
        ("outlet", Effect::Outlet),
        ("himself", Effect::Himself),
        ("participle", Effect::Participle),
        ("that", Effect::That),
        ("about", Effect::About),
        ("when", Effect::When),
        ("editorial", Effect::Editorial),
        ("silence", Effect::Silence),
    ];

    fn speaks(self) -> bool {
        matches!(self, Effect::Says | Effect::Calls | Effect::Participle)
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Cue {
    pub effect: Effect,
    pub line: u16,
    pub first: u32,
    pub last: u32,
}

/// Tokens between a verb of speech and what is said.
const CONTENT_REACH: u32 = 40;
/// Tokens between a verb of speech and its subject's end where no mark begins what is said.
const SUBJECT_REACH: u32 = 12;
/// Tokens that are searched for a subject before the verb.
const SUBJECT_BEFORE: u32 = 10;
/// Tokens between a subject and the verb of speech behind it: «الوزير كان قد أعلن».
const BETWEEN: u32 = 2;
/// Tokens between «بحسب» and the source's first word.
const OUTLET_REACH: u32 = 5;
/// Tokens of a source that no mention covers.
const SOURCE_WORDS: u32 = 3;
/// Tokens that a quotation may run on behind its sentence.
const QUOTATION: u32 = 400;

/// Who spoke last, and how many sentences ago.
#[derive(Clone, Copy)]
struct Speaker {
    source: Span,
    line: u16,
    age: u32,
}

/// Collects the claims of a document, sentence by sentence.
pub(super) struct Collector<'a> {
    document: &'a Document,
    mentions: &'a [Mention],
    speaker: Option<Speaker>,
    out: &'a mut Vec<Claim>,
}

impl<'a> Collector<'a> {
    pub fn new(document: &'a Document, mentions: &'a [Mention], out: &'a mut Vec<Claim>) -> Collector<'a> {
        out.clear();
        Collector { document, mentions, speaker: None, out }
    }

    /// Add the claims of the next sentence, whose cues are `cues`.
    pub fn sentence(&mut self, sentence: &Sentence, cues: &[Cue]) {
        let reader = Reader { document: self.document, mentions: self.mentions, sentence, cues };
        let editorial = cues.iter().any(|c| c.effect == Effect::Editorial && c.first <= sentence.first + 1);
        if editorial {
            self.speaker = None;
        }
        if let Some(speaker) = &mut self.speaker {
            speaker.age += 1;
            let way = [Way::Carried1, Way::Carried2, Way::Carried3].get(speaker.age as usize - 1);
            let (source, line) = (speaker.source, speaker.line);
            if let Some(&way) = way {
                let (first, last, mark, whom) = (sentence.first, sentence.last, Mark::None, Whom::Speaker);
                self.push(Claim { first, last, source, way, mark, whom, line });
            }
        }
        for (index, cue) in cues.iter().enumerate() {
            match cue.effect {
                Effect::Says | Effect::Calls => self.speech(&reader, index),
                Effect::Participle => self.continued(&reader, index),
                Effect::Outlet => self.outlet(&reader, cue),
                Effect::Himself => {
                    if let Some(Speaker { source, .. }) = self.speaker {
                        let (first, last) = (sentence.first, cue.first);
                        let (way, mark, whom) = (Way::Himself, Mark::None, Whom::Speaker);
                        self.push(Claim { first, last, source, way, mark, whom, line: cue.line });
                    }
                }
                Effect::That | Effect::About | Effect::When | Effect::Editorial | Effect::Silence => {}
            }
        }
    }

    /// «قال X إن …», «دعا X إلى …»
    fn speech(&mut self, reader: &Reader, index: usize) {
        let cue = &reader.cues[index];
        let content = reader.content(index);
        let spoken = content.map(|(first, _)| first);
        let before = self.speaker.map(|s| (s.source, Whom::Speaker));
        let Some((source, whom)) = reader.subject(cue, spoken).or(before) else { return };
        // Who is only named beside an act («وصفه بالخائن») does not take the word.
        if content.is_some() || matches!(whom, Whom::Person | Whom::Named) {
            self.speaker = Some(Speaker { source, line: cue.line, age: 0 });
        }
        let (first, mark) = content.unwrap_or_else(|| (reader.behind_subject(cue, source), Mark::None));
        let way = if cue.effect == Effect::Says { Way::Said } else { Way::Called };
        let last = reader.content_end(first);
        self.push(Claim { first, last, source, way, mark, whom, line: cue.line });
    }

    /// «… مؤكدا أن …»: the words of the subject of the sentence, or of who spoke before.
    fn continued(&mut self, reader: &Reader, index: usize) {
        let cue = &reader.cues[index];
        let (first, mark) = reader.content(index).unwrap_or((cue.last, Mark::None));
        let here = self.speaker.filter(|s| s.age == 0).map(|s| (s.source, Whom::Speaker));
        let subject = || reader.first_mention(cue.first).map(|m| (span(m), Whom::Before));
        let before = || self.speaker.map(|s| (s.source, Whom::Speaker));
        let Some((source, whom)) = here.or_else(subject).or_else(before) else { return };
        self.speaker = Some(Speaker { source, line: cue.line, age: 0 });
        let last = reader.content_end(first);
        self.push(Claim { first, last, source, way: Way::Continued, mark, whom, line: cue.line });
    }

    /// «… بحسب X …»
    fn outlet(&mut self, reader: &Reader, cue: &Cue) {
        let before = self.speaker.map(|s| (s.source, Whom::Speaker, cue.last));
        let Some((source, whom, end)) = reader.outlet(cue).or(before) else { return };
        self.speaker = Some(Speaker { source, line: cue.line, age: 0 });
        let (mark, line) = (Mark::None, cue.line);
        let (first, last) = (reader.sentence.first, cue.first);
        self.push(Claim { first, last, source, way: Way::OutletBehind, mark, whom, line });
        let opens = cue.first <= reader.sentence.first + 1;
        let way = if opens { Way::OutletFirst } else { Way::OutletBefore };
        let (first, last) = (end, reader.sentence.last);
        self.push(Claim { first, last, source, way, mark, whom, line });
    }

    fn push(&mut self, claim: Claim) {
        if claim.first < claim.last {
            self.out.push(claim);
        }
    }
}

fn span(mention: &Mention) -> Span {
    Span { start: mention.start, end: mention.end }
}

/// How sure a mention is a speaker.
fn whom(mention: &Mention) -> Whom {
    match (mention.form, mention.label) {
        (Form::Named, Some(Label::Per)) => Whom::Person,
        (Form::Named, _) => Whom::Named,
        _ => Whom::Nominal,
    }
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
    fn content(&self, index: usize) -> Option<(u32, Mark)> {
        let cue = &self.cues[index];
        let rest = &self.cues[index + 1..];
        let next = rest.iter().find(|c| c.effect.speaks());
        let limit = next.map_or(self.sentence.last, |c| c.first).min(cue.last + CONTENT_REACH);
        let that = rest.iter().find(|c| c.effect == Effect::That).map(|c| (c.last, Mark::That));
        let mark = (cue.last..limit).find_map(|i| Some((i + 1, self.opens(i)?)));
        // «قال: "…"»: direct speech, which ends with its mark.
        let mark = mark.map(|(first, mark)| match mark {
            Mark::Colon if first < limit && self.opens(first) == Some(Mark::Quotation) => (first + 1, mark),
            _ => (first, mark),
        });
        let first = that.into_iter().chain(mark).min_by_key(|(first, _)| *first)?;
        (first.0 <= limit).then_some(first)
    }

    /// A colon or an opening quotation mark.
    fn opens(&self, token: u32) -> Option<Mark> {
        if self.document.tokens[token as usize].kind != Kind::Punct {
            return None;
        }
        match self.document.surface(token as usize) {
            ":" => Some(Mark::Colon),
            "«" | "“" | "\"" | "”" | "„" => Some(Mark::Quotation),
            _ => None,
        }
    }

    /// The subject of a verb of speech: a person named behind it, or the first mention; else one before it, or its words.
    fn subject(&self, cue: &Cue, content: Option<u32>) -> Option<(Span, Whom)> {
        let limit = content
            .unwrap_or(self.sentence.last)
            .min(cue.last + SUBJECT_REACH + content.map_or(0, |_| CONTENT_REACH));
        let stop = self.stop(cue.last, limit);
        let begin = self.behind_time(cue.last, limit);
        // «قال في مقابلة مع الصحيفة إن», «أكد للصحيفة أن»: what stands behind the verb is not its subject.
        let mut first = self.mentions_between(begin, limit);
        let first = first.find(|m| m.first <= begin + OUTLET_REACH && m.first <= stop);
        let subject = first.filter(|_| !self.is_led(begin)).filter(|m| !self.has_proclitic(m));
        let Some(subject) = subject else { return self.other_subject(cue, begin, stop, content) };
        let person = |m: &&Mention| m.form == Form::Named && m.label == Some(Label::Per);
        // The bearer of an office is named behind it, also behind a comma: «قال الأمين العام لحزبه، رياض الشعيبي، إن».
        let until = if content.is_some() { self.stop(stop + 1, limit) } else { stop };
        let mut named = self.mentions_between(begin, until).filter(person);
        let named = named.find(|m| m.first <= stop || m.first <= stop + 2);
        let subject = named.unwrap_or(subject);
        Some((span(subject), whom(subject)))
    }

    /// A subject that no mention behind the verb is: one before it, or the words that follow.
    fn other_subject(&self, cue: &Cue, begin: u32, stop: u32, content: Option<u32>) -> Option<(Span, Whom)> {
        let proclitic = self.document.tokens[cue.first as usize].prefix > 0;
        let from = self.sentence.first.max(cue.first.saturating_sub(SUBJECT_BEFORE));
        let before = self.mentions_between(from, cue.first).last();
        if let Some(mention) = before.filter(|m| !proclitic && m.last + BETWEEN >= cue.first) {
            return Some((span(mention), Whom::Before));
        }
        let words = content.is_some_and(|first| first > begin + 1) && stop > begin && !self.is_led(begin);
        words.then(|| (self.words(begin, stop), Whom::Words))
    }

    /// Whether a preposition stands at `token`.
    fn is_led(&self, token: u32) -> bool {
        self.cues.iter().any(|c| c.effect == Effect::About && c.first == token)
    }

    /// Whether the mention's first word carries a proclitic that is no part of it.
    fn has_proclitic(&self, mention: &Mention) -> bool {
        mention.start > self.document.tokens[mention.first as usize].start
    }

    /// The first token from `first` that is no word of time.
    fn behind_time(&self, first: u32, limit: u32) -> u32 {
        let is_time = |i: u32| self.cues.iter().any(|c| c.effect == Effect::When && c.first == i);
        (first..limit).find(|&i| !is_time(i)).unwrap_or(first)
    }

    /// The first mark of punctuation from token `first` that ends a phrase, or `limit`.
    fn stop(&self, first: u32, limit: u32) -> u32 {
        let ends = |&i: &u32| matches!(self.document.surface(i as usize), "،" | "," | "." | "؛" | ":");
        (first..limit).find(ends).unwrap_or(limit.max(first))
    }

    /// The first mention of the sentence before `limit`.
    fn first_mention(&self, limit: u32) -> Option<&Mention> {
        self.mentions_between(self.sentence.first, limit).next()
    }

    /// The first token behind the subject where nothing marks what is said.
    fn behind_subject(&self, cue: &Cue, source: Span) -> u32 {
        (cue.last..self.sentence.last)
            .find(|&i| self.document.tokens[i as usize].start >= source.end)
            .unwrap_or(cue.last)
    }

    /// End of what begins at token `first`: the sentence's end, or the closing mark of a quotation that runs on.
    fn content_end(&self, first: u32) -> u32 {
        let mark = if first > 0 { self.document.surface(first as usize - 1) } else { "" };
        let limit = (self.document.tokens.len() as u32).min(self.sentence.last + QUOTATION);
        let surface = |i: u32| self.document.surface(i as usize);
        let close = match mark {
            "«" | "“" => (first..limit)
                .find(|&i| matches!(surface(i), "»" | "”" | "«" | "“"))
                .filter(|&i| matches!(surface(i), "»" | "”")),
            // A mark that opens and closes: only its second occurrence tells, and a line break ends it.
            "\"" => (first..limit)
                .take_while(|&i| !self.document.tokens[i as usize].after_break)
                .find(|&i| surface(i) == "\""),
            _ => None,
        };
        close.unwrap_or(0).max(self.sentence.last)
    }

    /// The source behind «بحسب» and the token behind it.
    fn outlet(&self, cue: &Cue) -> Option<(Span, Whom, u32)> {
        let limit = self.sentence.last;
        let stop = (cue.last..limit)
            .find(|&i| self.document.tokens[i as usize].kind == Kind::Punct && self.opens(i).is_none())
            .unwrap_or(limit);
        let mut near = self.mentions_between(cue.last, stop);
        if let Some(mention) = near.find(|m| m.first <= cue.last + OUTLET_REACH) {
            return Some((span(mention), whom(mention), mention.last));
        }
        if cue.last >= stop {
            return None;
        }
        Some((self.words(cue.last, stop), Whom::Words, (cue.last + SOURCE_WORDS).min(stop)))
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
