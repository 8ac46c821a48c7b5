//! What the rest of an article says of words that the tagger left out or called something else.
//!
//! The tagger sees two words to each side. An article sees more: «فان خال» is the coach whom its first line called
//! «لويس فان خال», and in a report of a match «النصر» is a club. Candidates are
//!
//! * words that stand in a name elsewhere in the article, all of it or its end («repeated»), and
//! * single words that the tables know as a club, another organisation or a place («listed»),
//!
//! and a log-linear model (`data/article.model`) judges each by the tagger's own margin at its place, by the names it
//! repeats and by what the article is about. Most words are no candidate: they cost one look into a small bit table.

use rustc_hash::FxHashMap;

use crate::loglinear::{Features, Model};
use crate::segment::Document;
use crate::tagger::features::{Digest, OUTSIDE};
use crate::tagger::hash::mix;
use crate::tagger::{self, Span, Tagger};

/// The judge's classes: no name, a name.
pub const CLASSES: usize = 2;
/// Labels that candidates may have: those of the tagger's first three, persons, organisations and places.
const LABELS: u8 = 3;
const ORGANISATION: u8 = 1;
const PLACE: u8 = 2;

/// Lists of the table of words (see `examples/model/words.rs`): clubs, organisations and places of one word, sport.
const CLUB: u32 = 1 << 14;
const KNOWN: u32 = 1 << 16;
const SITE: u32 = 1 << 18;
const SPORT: u32 = 1 << 21;
/// The lists of known entities, which the judge sees as one number.
const ENTITIES: u32 = 0b111_1111 << 14;

/// A candidate is taken from this probability on: half of the F1 that is reached, where taking one more neither helps
/// nor harms F1 (Lipton et al. 2014).
const BAR: f32 = 0.4;
/// Longest name that is looked for again, in words.
const LONGEST: usize = 6;
/// Words of a list that are not repeated are candidates only where the tagger is not surer than this that they are none.
const DOUBT: f32 = -14.0;

/// A span that may be a name after all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    pub span: Span,
    /// The name of another label that it would replace, by its place among the tagger's spans.
    pub over: Option<u32>,
    margin: f32,
    source: Source,
    /// Known under this key.
    key: u64,
}

/// The names that a candidate repeats.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Source {
    /// How many names of each label are the same words, and how many end in them.
    whole: [u16; LABELS as usize],
    ends: [u16; LABELS as usize],
    /// The largest margin of each label's names.
    margin: [f32; LABELS as usize],
}

/// Memory that is reused from article to article.
#[derive(Debug, Default, Clone)]
pub struct Memory {
    sources: FxHashMap<u64, Source>,
    /// How many candidates have a key, and the largest of their margins.
    alike: FxHashMap<u64, (u16, f32)>,
    /// A bit for the last bits of every first word of a source.
    first: Vec<u64>,
    candidates: Vec<Candidate>,
    features: Features,
    added: Vec<(Candidate, f32)>,
    /// How much the article speaks of sport.
    sport: u64,
}

/// Find the candidates of an article that has just been tagged: `tagged` still holds what the tagger saw.
pub fn candidates<'m>(
    tagger: &Tagger,
    document: &Document,
    tagged: &tagger::Scratch,
    spans: &[Span],
    memory: &'m mut Memory,
) -> &'m [Candidate] {
    let digests = tagged.digests();
    let sport = sport(digests);
    memory.sport = sport;
    sources(digests, spans, tagged.margins(), memory);
    let Memory { sources, alike, first, candidates, .. } = memory;
    candidates.clear();
    alike.clear();
    let mut next = 0;
    for sentence in &document.sentences {
        let mut at = sentence.first;
        while at < sentence.last {
            while spans.get(next).is_some_and(|span| span.last <= at) {
                next += 1;
            }
            let name = spans.get(next).filter(|span| span.first <= at);
            // Words inside of a name stay; a whole one may get another label.
            let end = match name {
                Some(span) if span.first < at || span.label >= LABELS => {
                    at = span.last.max(at + 1);
                    continue;
                }
                Some(span) => span.last,
                None => spans.get(next).map_or(sentence.last, |span| span.first.min(sentence.last)),
            };
            let digest = &digests[at as usize];
            let listed = digest.lists & (if sport > 0 { CLUB } else { 0 } | KNOWN | SITE);
            let known = bit(first, digest.bare);
            let mut step = if name.is_some() { end - at } else { 1 };
            if listed != 0 || known {
                let over = name.map(|_| next as u32);
                let found = propose(tagger, tagged, (at, end), name, listed, known, sources);
                if let Some((span, source, key)) = found {
                    let margin = tagger.margin_at(tagged, &span);
                    if source != Source::default() || margin > DOUBT {
                        let (count, best) = alike.entry(key).or_insert((0, f32::NEG_INFINITY));
                        *count = count.saturating_add(1);
                        *best = best.max(margin);
                        candidates.push(Candidate { span, over, margin, source, key });
                        step = span.last - at;
                    }
                }
            }
            at += step;
        }
    }
    candidates
}

/// The span that may begin at token `range.0`, none of whose words stands behind `range.1`: the longest that repeats a
/// name, else one of a list; the names that it repeats; its key.
fn propose(
    tagger: &Tagger,
    tagged: &tagger::Scratch,
    range: (u32, u32),
    name: Option<&Span>,
    listed: u32,
    known: bool,
    sources: &FxHashMap<u64, Source>,
) -> Option<(Span, Source, u64)> {
    let digests = tagged.digests();
    let (at, end) = range;
    let length = (end - at) as usize;
    let lengths = if name.is_some() { length..length + 1 } else { 1..length.min(LONGEST) + 1 };
    let label_of = |source: &Source| {
        (0..LABELS).max_by_key(|&label| {
            let index = label as usize;
            (source.whole[index] * 2 + source.ends[index], (source.margin[index] * 16.0) as i32)
        })
    };
    for length in lengths.rev().filter(|_| known) {
        let key = key_of(&digests[at as usize..at as usize + length]);
        let Some(source) = sources.get(&key) else { continue };
        let label = label_of(source)?;
        let span = Span { first: at, last: at + length as u32, label };
        if name.is_none_or(|name| name.label != label) {
            return Some((span, *source, key));
        }
    }
    if listed == 0 || length > 1 && name.is_some() {
        return None;
    }
    let span = |label| Span { first: at, last: at + 1, label };
    let label = if listed & CLUB != 0 {
        ORGANISATION
    } else if listed & KNOWN != 0 && listed & SITE != 0 {
        let margin = |label| tagger.margin_at(tagged, &span(label));
        if margin(ORGANISATION) > margin(PLACE) { ORGANISATION } else { PLACE }
    } else if listed & KNOWN != 0 {
        ORGANISATION
    } else {
        PLACE
    };
    let key = digests[at as usize].bare;
    name.is_none_or(|name| name.label != label).then(|| (span(label), Source::default(), key))
}

/// What the names of the article are known by: all their words, and the last ones of persons and organisations.
fn sources(digests: &[Digest], spans: &[Span], margins: &[f32], memory: &mut Memory) {
    let Memory { sources, first, .. } = memory;
    sources.clear();
    first.clear();
    first.resize(BITS / 64, 0);
    for (span, &margin) in spans.iter().zip(margins) {
        let words = &digests[span.first as usize..span.last as usize];
        if span.label >= LABELS || words.len() > LONGEST {
            continue;
        }
        for start in 0..if span.label == PLACE { 1 } else { words.len() } {
            let part = &words[start..];
            let source = sources.entry(key_of(part)).or_default();
            let label = span.label as usize;
            let count = if start == 0 { &mut source.whole } else { &mut source.ends };
            count[label] = count[label].saturating_add(1);
            source.margin[label] = source.margin[label].max(margin);
            let at = part[0].bare as usize % BITS;
            first[at / 64] |= 1 << (at % 64);
        }
    }
}

/// Bits of the table of first words.
const BITS: usize = 4096;

fn bit(table: &[u64], hash: u64) -> bool {
    let at = hash as usize % BITS;
    table[at / 64] >> (at % 64) & 1 != 0
}

fn key_of(words: &[Digest]) -> u64 {
    words[1..].iter().fold(words[0].bare, |key, word| mix(key, word.bare))
}

/// How much an article speaks of sport: 0 not, 3 of little else.
fn sport(digests: &[Digest]) -> u64 {
    let words = digests.iter().filter(|digest| digest.lists & SPORT != 0).count();
    match words * 200 / digests.len().max(1) {
        _ if words < 3 => 0,
        0 => 1,
        1..=4 => 2,
        _ => 3,
    }
}

/// A margin in steps of `step`.
fn steps(margin: f32, step: f32) -> u64 {
    ((margin / step).floor().clamp(-12.0, 12.0) + 12.0) as u64
}

/// The digit of `label` in a number of shares (see [`Digest`]) of `labels` labels.
fn digit(number: u16, label: u8, labels: u32) -> u64 {
    (number as u32 / 5u32.pow(labels - 1 - label as u32) % 5) as u64
}

/// What the article says of a candidate.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// How many candidates are the same words, and the largest of their margins.
    alike: (u16, f32),
    /// How much it speaks of sport.
    sport: u64,
}

/// What the judge sees of a candidate.
pub fn features(
    digests: &[Digest],
    spans: &[Span],
    margins: &[f32],
    candidate: &Candidate,
    about: About,
    out: &mut Features,
) {
    out.clear();
    let Candidate { span, source, margin, over, .. } = candidate;
    let label = span.label as usize;
    let words = &digests[span.first as usize..span.last as usize];
    let word = &words[0];
    let around = |at: Option<usize>| at.and_then(|at| digests.get(at)).unwrap_or(&OUTSIDE);
    let (before, behind) = (around((span.first as usize).checked_sub(1)), around(Some(span.last as usize)));
    let About { alike, sport } = about;
    let single = words.len() == 1;
    let repeats = match (source.whole[label], source.ends[label]) {
        (0, 0) => 0,
        (0, _) => 1,
        _ => 2,
    };
    let replaced = over.map_or(7, |at| spans[at as usize].label as u64);
    let kind = ((span.label as u64) * 3 + repeats) * 8 + replaced;
    let lists = if single { word.lists & ENTITIES } else { 0 } as u64;
    let few = |n: u16| n.min(4) as u64;
    let mut number = 0;
    let mut add = |parts: &[u64]| {
        number += 1;
        out.add_number(number, parts.iter().fold(0, |hash, &part| mix(hash, part)));
    };
    add(&[kind]);
    add(&[kind, steps(*margin, 2.0)]);
    add(&[span.label as u64, steps(*margin, 2.0), single as u64]);
    add(&[kind, steps(*margin, 4.0), sport]);
    add(&[kind, steps(source.margin[label], 4.0)]);
    add(&[kind, few(source.whole[label]), few(source.ends[label])]);
    add(&[kind, few(alike.0), few(source.whole[label])]);
    add(&[kind, steps(alike.1, 2.0)]);
    add(&[kind, steps(alike.1, 4.0), steps(*margin, 4.0)]);
    add(&[kind, over.map_or(99, |at| steps(margins[at as usize], 3.0))]);
    add(&[span.label as u64, digit(word.shares, span.label, 4), single as u64, repeats]);
    add(&[span.label as u64, word.shares as u64, single as u64]);
    add(&[span.label as u64, word.alone as u64, single as u64, repeats]);
    add(&[span.label as u64, word.proclitic]);
    add(&[span.label as u64, word.definite as u64, single as u64, repeats]);
    add(&[span.label as u64, digit(before.behind, span.label, 3)]);
    add(&[span.label as u64, digit(behind.before, span.label, 3)]);
    add(&[span.label as u64, before.clusters[2] as u64]);
    add(&[span.label as u64, behind.clusters[2] as u64]);
    add(&[span.label as u64, word.clusters[2] as u64]);
    add(&[span.label as u64, lists]);
    add(&[span.label as u64, lists & CLUB as u64, sport]);
    add(&[span.label as u64, (word.lists & !ENTITIES) as u64, single as u64]);
    add(&[kind, words.len().min(4) as u64]);
    let touches = |at: u32| {
        let next = spans.partition_point(|other| other.last <= at);
        spans.get(next).is_some_and(|other| other.first <= at)
    };
    let beside = touches(span.first.wrapping_sub(1)) as u64 * 2 + touches(span.last) as u64;
    add(&[kind, beside]);
}

/// Add to `spans` (with their `scores`) the candidates that `judge` takes for names.
pub fn judge(
    judge: &Model,
    tagger: &Tagger,
    document: &Document,
    tagged: &tagger::Scratch,
    spans: &mut Vec<Span>,
    scores: &mut Vec<f32>,
    memory: &mut Memory,
) {
    candidates(tagger, document, tagged, spans, memory);
    let mut seen = std::mem::take(&mut memory.features);
    let mut added = std::mem::take(&mut memory.added);
    added.clear();
    for (candidate, about) in found(memory) {
        features(tagged.digests(), spans, tagged.margins(), candidate, about, &mut seen);
        let mut sides = [0.0; CLASSES];
        judge.probabilities(&seen, &mut sides);
        if sides[1] > BAR {
            added.push((*candidate, sides[1]));
        }
    }
    for (candidate, score) in &added {
        match candidate.over {
            Some(at) => (spans[at as usize].label, scores[at as usize]) = (candidate.span.label, *score),
            None => {
                spans.push(candidate.span);
                scores.push(*score);
            }
        }
    }
    if !added.is_empty() {
        let mut both: Vec<(Span, f32)> = spans.iter().copied().zip(scores.iter().copied()).collect();
        both.sort_by_key(|(span, _)| span.first);
        (*spans, *scores) = both.into_iter().unzip();
    }
    (memory.features, memory.added) = (seen, added);
}

/// The candidates that were found last, each with what the article says of it.
pub fn found(memory: &Memory) -> impl Iterator<Item = (&Candidate, About)> {
    let about = |candidate: &Candidate| About { alike: memory.alike[&candidate.key], sport: memory.sport };
    memory.candidates.iter().map(move |candidate| (candidate, about(candidate)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::names;
    use crate::loglinear::{Example, Training};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static TAGGER: LazyLock<Tagger> = LazyLock::new(|| names::built_in().unwrap());

    /// A judge that takes all the candidates that it is trained on, and most others.
    fn yes(seen: &[u64]) -> Model {
        let example = |feature: &u64| Example { features: vec![*feature], class: 1, weight: 1.0 };
        let examples: Vec<Example> = seen.iter().map(example).collect();
        Model::train(&examples, CLASSES, 12, Training::default())
    }

    /// The span of `words` where they stand for the `nth` time in a text of words parted by spaces.
    fn span(document: &Document, words: &str, nth: usize, label: u8) -> Span {
        let (start, _) = document.text.match_indices(words).nth(nth).unwrap();
        let end = start + words.len();
        let inside = |at: &usize| {
            let token = &document.tokens[*at];
            start <= token.start as usize && token.end as usize <= end
        };
        let tokens: Vec<usize> = (0..document.tokens.len()).filter(inside).collect();
        Span { first: tokens[0] as u32, last: tokens[tokens.len() - 1] as u32 + 1, label }
    }

    fn candidates_of(document: &Document, spans: &[Span]) -> Vec<Span> {
        let (mut scratch, mut memory) = (tagger::Scratch::default(), Memory::default());
        TAGGER.tag_with_margins(document, &mut scratch, &mut Vec::new());
        candidates(&TAGGER, document, &scratch, spans, &mut memory).iter().map(|c| c.span).collect()
    }

    #[test]
    fn the_end_of_a_name_is_a_candidate_elsewhere() {
        let document = Document::new("التقى لويس فان خال اللاعبين في لندن . وأضاف فان خال أنه سيبقى .");
        let full = span(&document, "لويس فان خال", 0, 0);
        let found = candidates_of(&document, &[full]);
        assert!(found.contains(&span(&document, "فان خال", 1, 0)), "{found:?}");
        assert!(found.iter().all(|span| span.first >= full.last), "{found:?}");
    }

    #[test]
    fn clubs_are_candidates_in_reports_of_matches_only() {
        let of_sport =
            "فاز فريق النصر على ضيفه في المباراة وسجل اللاعب هدف المباراة في مرمى الفريق ضمن الدوري .";
        for (text, want) in [(of_sport, true), ("تحقق النصر في المعركة الأخيرة قرب الحدود .", false)]
        {
            let document = Document::new(text);
            let club = span(&document, "النصر", 0, ORGANISATION);
            assert_eq!(candidates_of(&document, &[]).contains(&club), want, "{text}");
        }
    }

    #[test]
    fn a_whole_name_may_get_the_label_of_the_others() {
        let document = Document::new("فاز برشلونة . خسر برشلونة . عاد برشلونة .");
        let spans: Vec<Span> =
            [1, 1, 2].iter().zip(0..).map(|(&label, n)| span(&document, "برشلونة", n, label)).collect();
        let found = candidates_of(&document, &spans);
        assert!(found.contains(&Span { label: ORGANISATION, ..spans[2] }), "{found:?}");
    }

    proptest! {
        #[test]
        fn judged_spans_stay_in_order_and_apart(
            words in prop::collection::vec(
                "(محمد|علي|الظواهري|أيمن|تونس|النصر|طالبان|المباراة|الدوري|هدف|قال|في|و|\\.|\n|«|»)", 0..60),
            kept in prop::collection::vec(any::<bool>(), 60),
        ) {
            let document = Document::new(&words.join(" "));
            let (mut scratch, mut memory, mut all) = (tagger::Scratch::default(), Memory::default(), Vec::new());
            TAGGER.tag_with_margins(&document, &mut scratch, &mut all);
            let mut spans: Vec<Span> = all.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(span, _)| *span).collect();
            let known = spans.clone();
            let bares = |span: &Span| -> Vec<u64> {
                scratch.digests()[span.first as usize..span.last as usize].iter().map(|word| word.bare).collect()
            };
            let mut seen = Vec::new();
            for candidate in candidates(&TAGGER, &document, &scratch, &spans, &mut memory) {
                // By hand: it overlaps no name but the one that it replaces, and repeats a name or is one listed word.
                let over = candidate.over.map(|at| known[at as usize]);
                for name in &known {
                    let apart = name.last <= candidate.span.first || candidate.span.last <= name.first;
                    prop_assert!(apart || over == Some(*name));
                }
                let repeats = known.iter().any(|name| bares(name).ends_with(&bares(&candidate.span)));
                let listed = candidate.span.last - candidate.span.first == 1
                    && scratch.digests()[candidate.span.first as usize].lists & (CLUB | KNOWN | SITE) != 0;
                prop_assert!(repeats || listed);
            }
            for (candidate, about) in found(&memory) {
                let mut out = Features::default();
                features(scratch.digests(), &spans, scratch.margins(), candidate, about, &mut out);
                seen.extend_from_slice(out.hashes());
            }
            let expected = known.len() + memory.candidates.iter().filter(|c| c.over.is_none()).count();
            let mut scores = vec![0.9; spans.len()];
            judge(&yes(&seen), &TAGGER, &document, &scratch, &mut spans, &mut scores, &mut memory);
            prop_assert_eq!(spans.len(), expected);
            prop_assert_eq!(scores.len(), expected);
            prop_assert!(spans.windows(2).all(|pair| pair[0].last <= pair[1].first));
        }
    }
}
