//! The sequence model that finds names: a linear-chain conditional random field over hashed features.
//!
//! * [`words`]: what open text and name lists say of single words;
//! * [`features`]: what the model sees of a token;
//! * [`model`]: its weights, saved and loaded;
//! * [`compiled`]: weights summed in advance;
//! * [`viterbi`]: best sequence and marginal probabilities;
//! * [`echo`]: what a document says of a word elsewhere, for a second pass;
//! * [`train`]: learning from examples;
//! * [`conll`]: training and test data in two columns, and span scores.

pub mod compiled;
pub mod conll;
pub mod echo;
pub mod features;
pub mod hash;
pub mod model;
pub mod train;
pub mod viterbi;
pub mod words;

use std::sync::Arc;

use crate::segment::{Document, Kind, Sentence};
use crate::{Error, Result};
use compiled::{Compiled, Seen};
use echo::Votes;
use features::{Atoms, CONJUNCTIONS, Digest, OFFSETS, OUTSIDE, REACH};
use model::Model;
use train::{Example, Settings, Start};
use viterbi::Lattice;
use words::WordTable;

/// A trained tagger. Immutable; share one among threads.
#[derive(Debug, Clone)]
pub struct Tagger {
    table: Arc<WordTable>,
    first: Model,
    /// What the second pass adds.
    second: Model,
    compiled: Compiled,
}

/// A run of tokens with one label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Tokens `first..last`.
    pub first: u32,
    pub last: u32,
    /// Index into [`Tagger::labels`].
    pub label: u8,
}

/// A document to learn from.
#[derive(Debug, Clone, Default)]
pub struct Lesson {
    pub document: Document,
    /// The tags that each token may have, one bit each: 0 is O, `1 + 2k` begins label `k`, `2 + 2k` continues it.
    pub allowed: Vec<u64>,
    pub weight: f32,
    /// 0 for the kind of text that the tagger is for; others help it.
    pub domain: u8,
}

/// Memory that tagging reuses from document to document.
#[derive(Debug, Default, Clone)]
pub struct Scratch {
    words: Vec<Atoms>,
    seen: Seen,
    digests: Vec<Digest>,
    quoted: Vec<u8>,
    /// Keys of each token's conjunctions, the rows of weights of those that are known, and where each token's end.
    keys: Vec<[u32; CONJUNCTIONS]>,
    rows: Vec<u32>,
    ends: Vec<usize>,
    sums: Vec<i16>,
    emissions: Vec<f32>,
    lattice: Lattice,
    path: Vec<u8>,
    votes: Votes,
    spans: Vec<Span>,
    margins: Vec<f32>,
}

impl Scratch {
    /// What the tagger saw of each token of the last document.
    pub fn digests(&self) -> &[Digest] {
        &self.digests
    }

    /// The margins of the last document's spans ([`Tagger::tag_with_margins`]).
    pub fn margins(&self) -> &[f32] {
        &self.margins
    }
}

/// Most tokens that are decoded in one go; longer sentences are cut, so that memory stays bounded.
const LONGEST: usize = 512;
/// Parts that training documents are cut into: the second pass learns from what a first pass finds in documents that
/// it has not been trained on.
const FOLDS: usize = 3;

impl Tagger {
    /// Train on documents. `progress` hears the share done, 0 to 1; training ends early when it says false.
    pub fn train(
        table: Arc<WordTable>,
        lessons: &[Lesson],
        labels: &[String],
        settings: Settings,
        progress: impl FnMut(f32) -> bool,
    ) -> Tagger {
        let tables = vec![table.clone(); lessons.len()];
        Tagger::train_with(table, lessons, &tables, labels, Start::Blank, settings, progress)
    }

    /// As [`Tagger::train`], beginning with what this tagger knows of labels with the same name.
    pub fn train_on(
        &self,
        lessons: &[Lesson],
        labels: &[String],
        settings: Settings,
        progress: impl FnMut(f32) -> bool,
    ) -> Tagger {
        let tables = vec![self.table.clone(); lessons.len()];
        let start = Start::Model(&self.first);
        Tagger::train_with(self.table.clone(), lessons, &tables, labels, start, settings, progress)
    }

    /// Train on documents that are each seen through a table of their own: with shares that a tagger saw which had
    /// not been trained on the document, as it is with documents to come.
    pub fn train_with(
        table: Arc<WordTable>,
        lessons: &[Lesson],
        tables: &[Arc<WordTable>],
        labels: &[String],
        start: Start,
        settings: Settings,
        mut progress: impl FnMut(f32) -> bool,
    ) -> Tagger {
        let mut scratch = Scratch::default();
        let mut examples = Vec::new();
        let mut documents = Vec::new();
        for (lesson, table) in lessons.iter().zip(tables) {
            let from = examples.len();
            lesson_examples(table, lesson, &mut scratch, &mut examples);
            documents.push(from..examples.len());
        }
        let folds = if settings.second { FOLDS } else { 0 };
        let all = ((folds + 1 + folds.min(1)) * settings.epochs * settings.runs.max(1)) as f32;
        let mut done = 0;
        let mut tell = |_: usize| {
            done += 1;
            progress(done as f32 / all)
        };
        let every: Vec<&Example> = examples.iter().collect();
        let first = train::train(&every, labels, settings, start, &mut tell);
        let mut second = Vec::new();
        for fold in 0..folds {
            let others = |index: &usize| index % FOLDS != fold || lessons[*index].domain != 0;
            let known: Vec<&Example> = (0..lessons.len())
                .filter(others)
                .flat_map(|index| &examples[documents[index].clone()])
                .collect();
            let model = train::train(&known, labels, settings, start, &mut tell);
            let mut tagger = Tagger {
                table: table.clone(),
                first: model,
                second: Model::default(),
                compiled: Compiled::default(),
            };
            for index in (0..lessons.len()).filter(|index| !others(index)) {
                tagger.table = tables[index].clone();
                tagger.second_examples(&lessons[index], &mut scratch, &mut second);
            }
        }
        // Without folds there is nothing to learn from, and the second model stays empty.
        let every: Vec<&Example> = second.iter().collect();
        let second = match folds {
            0 => train::train(&every, labels, settings, Start::Chain(&first), &mut |_| false),
            _ => train::train(&every, labels, settings, Start::Chain(&first), &mut tell),
        };
        Tagger::compiled(table, first, second)
    }

    fn compiled(table: Arc<WordTable>, first: Model, second: Model) -> Tagger {
        let compiled = Compiled::new(&table, &first);
        Tagger { table, first, second, compiled }
    }

    /// The names of the labels.
    pub fn labels(&self) -> &[String] {
        &self.first.labels
    }

    /// Number of features that the tagger knows.
    pub fn features(&self) -> usize {
        self.first.len() + self.second.len()
    }

    /// The model as bytes; [`Tagger::from_bytes`] reads them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let first = self.first.to_bytes();
        let mut bytes = self.table.fingerprint().to_le_bytes().to_vec();
        bytes.extend((first.len() as u32).to_le_bytes());
        bytes.extend(first);
        bytes.extend(self.second.to_bytes());
        bytes
    }

    /// A tagger from the bytes of [`Tagger::to_bytes`] and the table of words that it was trained with.
    pub fn from_bytes(table: Arc<WordTable>, bytes: &[u8]) -> Result<Tagger> {
        let wrong = || Error::Model("not a tagger model of this version".into());
        let (fingerprint, rest) = bytes.split_at_checked(8).ok_or_else(wrong)?;
        let (length, rest) = rest.split_at_checked(4).ok_or_else(wrong)?;
        let length = u32::from_le_bytes(length.try_into().unwrap()) as usize;
        let (first, second) = rest.split_at_checked(length).ok_or_else(wrong)?;
        let (first, second) = (Model::from_bytes(first)?, Model::from_bytes(second)?);
        if fingerprint != table.fingerprint().to_le_bytes() {
            return Err(Error::Model("trained with another version's table of words: train it again".into()));
        }
        if first.labels != second.labels { Err(wrong()) } else { Ok(Tagger::compiled(table, first, second)) }
    }

    /// The spans of a document, in order, and by how much each is better than no name or than a name of another label
    /// at its place, in the model's own (logarithmic) terms.
    pub fn tag_with_margins<'s>(
        &self,
        document: &Document,
        scratch: &'s mut Scratch,
        spans: &mut Vec<Span>,
    ) -> &'s [f32] {
        self.tag(document, scratch, spans);
        self.measure(spans, scratch);
        &scratch.margins
    }

    /// The margin of any span of the document that `scratch` was last used for.
    pub fn margin_at(&self, scratch: &Scratch, span: &Span) -> f32 {
        self.margin(&scratch.emissions, span)
    }

    fn measure(&self, spans: &[Span], scratch: &mut Scratch) {
        let Scratch { emissions, margins, .. } = scratch;
        margins.clear();
        margins.extend(spans.iter().map(|span| self.margin(emissions, span)));
    }

    /// Score of a span's tags less that of the best other tags for the same tokens, with O around them.
    fn margin(&self, emissions: &[f32], span: &Span) -> f32 {
        let tags = self.first.tags();
        let tokens = emissions[span.first as usize * tags..span.last as usize * tags].chunks_exact(tags);
        let step = |a: usize, b: usize| self.first.transitions[a * tags + b];
        let score = |begin: usize, inside: usize| {
            let mut sum = 0.0;
            let mut last = 0;
            for (index, token) in tokens.clone().enumerate() {
                let tag = if index == 0 { begin } else { inside };
                sum += step(last, tag) + token[tag];
                last = tag;
            }
            sum + step(last, 0)
        };
        let own = 1 + 2 * span.label as usize;
        let others = (1..tags).step_by(2).filter(|&begin| begin != own).map(|begin| score(begin, begin + 1));
        score(own, own + 1) - others.fold(score(0, 0), f32::max)
    }

    /// The spans of a document, in order.
    pub fn tag(&self, document: &Document, scratch: &mut Scratch, spans: &mut Vec<Span>) {
        self.tag_once(document, scratch, spans);
        if spans.is_empty() || self.second.is_empty() {
            return;
        }
        self.measure(spans, scratch);
        let Scratch { digests, sums, emissions, lattice, path, votes, spans: before, margins, .. } = scratch;
        let tags = self.first.tags();
        votes.count(digests, spans, margins, tags);
        std::mem::swap(before, spans);
        spans.clear();
        let mut next = 0;
        for (first, last) in pieces(&document.sentences) {
            let known = before[next..].partition_point(|span| (span.first as usize) < last);
            if !votes.any(first, last) {
                spans.extend(&before[next..next + known]);
            } else {
                let scores = &mut emissions[first * tags..last * tags];
                for token in first..last {
                    sums.fill(0);
                    votes.keys(digests, token, first, last, |key| self.second.add(key, sums));
                    let scores = &mut scores[(token - first) * tags..];
                    for (score, &sum) in scores.iter_mut().zip(&sums[..tags]) {
                        *score += sum as f32 * self.second.scale;
                    }
                }
                lattice.decode(scores, tags, &self.second.start, &self.second.transitions, path);
                append_spans(path, first, spans);
            }
            next += known;
        }
    }

    /// The spans of the first pass; digests and emissions of all tokens stay in `scratch`.
    fn tag_once(&self, document: &Document, scratch: &mut Scratch, spans: &mut Vec<Span>) {
        spans.clear();
        let Scratch { seen, digests, quoted, keys, rows, ends, sums, emissions, lattice, path, .. } = scratch;
        let (tags, width) = (self.first.tags(), self.first.width());
        sums.clear();
        sums.resize(width, 0);
        emissions.clear();
        digests.clear();
        for (first, last) in pieces(&document.sentences) {
            self.compiled.begin(seen);
            for token in first..last {
                let kind = document.tokens[token].kind;
                digests.push(self.compiled.look(&self.table, &self.first, document.norm(token), kind, seen));
            }
            quotations(document, first, last, quoted);
            // The weights lie scattered: all are asked for before the first is needed.
            keys.clear();
            for (token, &quoted) in quoted.iter().enumerate() {
                let window = window_of(&digests[first..], token, last - first);
                keys.push(features::conjunctions(&window, quoted));
            }
            keys.as_flattened().iter().for_each(|&key| self.first.expect(key));
            rows.clear();
            ends.clear();
            for keys in &*keys {
                rows.extend(keys.iter().filter_map(|&key| self.first.row(key)));
                ends.push(rows.len());
            }
            rows.iter().for_each(|&row| self.first.expect_row(row));
            let mut begin = 0;
            for (token, &end) in ends.iter().enumerate() {
                sums.fill(0);
                self.compiled.add(seen, token, sums);
                rows[begin..end].iter().for_each(|&row| self.first.add_row(row, sums));
                begin = end;
                emissions.extend(sums[..tags].iter().map(|&sum| sum as f32 * self.first.scale));
            }
            let scores = &emissions[first * tags..];
            lattice.decode(scores, tags, &self.first.start, &self.first.transitions, path);
            append_spans(path, first, spans);
        }
    }

    /// As [`Tagger::tag_once`], weight by weight: what the fast way is checked against, and what training uses.
    fn tag_slowly(&self, document: &Document, scratch: &mut Scratch, spans: &mut Vec<Span>) {
        spans.clear();
        let Scratch { words, digests, quoted, sums, emissions, lattice, path, .. } = scratch;
        let (tags, width) = (self.first.tags(), self.first.width());
        sums.clear();
        sums.resize(width, 0);
        emissions.clear();
        digests.clear();
        for (first, last) in pieces(&document.sentences) {
            look_at(&self.table, document, first, last, words, digests, quoted);
            for token in 0..last - first {
                sums.fill(0);
                keys_of(words, &digests[first..], quoted, token, last - first, |key, _| {
                    self.first.add(key, sums)
                });
                emissions.extend(sums[..tags].iter().map(|&sum| sum as f32 * self.first.scale));
            }
            let scores = &emissions[first * tags..];
            lattice.decode(scores, tags, &self.first.start, &self.first.transitions, path);
            append_spans(path, first, spans);
        }
    }

    /// Examples for the second pass: what the first makes of a document, and what its votes say.
    fn second_examples(&self, lesson: &Lesson, scratch: &mut Scratch, out: &mut Vec<Example>) {
        let mut spans = Vec::new();
        self.tag_slowly(&lesson.document, scratch, &mut spans);
        self.measure(&spans, scratch);
        let Scratch { digests, emissions, votes, margins, .. } = scratch;
        let tags = self.first.tags();
        votes.count(digests, &spans, margins, tags);
        for (first, last) in pieces(&lesson.document.sentences) {
            if !votes.any(first, last) {
                continue;
            }
            let mut example = Example { weight: lesson.weight, ..Example::default() };
            for token in first..last {
                votes.keys(digests, token, first, last, |key| example.keys.push(key));
                example.ends.push(example.keys.len() as u32);
            }
            example.groups.resize(example.keys.len(), 0);
            example.base.extend(&emissions[first * tags..last * tags]);
            example.allowed = allowed(lesson, first, last);
            out.push(example);
        }
    }
}

/// Tokens `first..last` of each sentence, in pieces of at most [`LONGEST`].
fn pieces(sentences: &[Sentence]) -> impl Iterator<Item = (usize, usize)> {
    sentences.iter().flat_map(|sentence| {
        let last = sentence.last as usize;
        (sentence.first as usize..last)
            .step_by(LONGEST)
            .map(move |first| (first, (first + LONGEST).min(last)))
    })
}

/// The allowed tags of tokens `first..last`; a name that runs over from before begins anew.
fn allowed(lesson: &Lesson, first: usize, last: usize) -> Vec<u64> {
    const BEGINS: u64 = 0xAAAA_AAAA_AAAA_AAAA;
    let mut masks = lesson.allowed[first..last].to_vec();
    if let Some(mask) = masks.first_mut() {
        *mask |= (*mask & !BEGINS & !1) >> 1;
    }
    masks
}

/// The examples of a lesson, one for each piece of its sentences.
fn lesson_examples(table: &WordTable, lesson: &Lesson, scratch: &mut Scratch, out: &mut Vec<Example>) {
    let Scratch { words, digests, quoted, .. } = scratch;
    digests.clear();
    for (first, last) in pieces(&lesson.document.sentences) {
        look_at(table, &lesson.document, first, last, words, digests, quoted);
        let mut example = Example { weight: lesson.weight, domain: lesson.domain, ..Example::default() };
        for token in 0..last - first {
            keys_of(words, &digests[first..], quoted, token, last - first, |key, group| {
                example.keys.push(key);
                example.groups.push(group);
            });
            example.ends.push(example.keys.len() as u32);
        }
        example.allowed = allowed(lesson, first, last);
        out.push(example);
    }
}

/// Atoms and quotation state of tokens `first..last`; their digests are appended.
fn look_at(
    table: &WordTable,
    document: &Document,
    first: usize,
    last: usize,
    words: &mut Vec<Atoms>,
    digests: &mut Vec<Digest>,
    quoted: &mut Vec<u8>,
) {
    if words.len() < last - first {
        words.resize(last - first, Atoms::default());
    }
    for (token, atoms) in (first..last).zip(words) {
        digests.push(atoms.of(table, document.norm(token), document.tokens[token].kind));
    }
    quotations(document, first, last, quoted);
}

/// How deep each of the tokens `first..last` stands in quotation marks or brackets: 0 outside, else how many tokens
/// behind the opening one.
fn quotations(document: &Document, first: usize, last: usize, quoted: &mut Vec<u8>) {
    quoted.clear();
    let mut open = 0u8;
    for token in first..last {
        if document.tokens[token].kind != Kind::Punct {
            quoted.push(open);
            open = if open > 0 { (open + 1).min(9) } else { 0 };
            continue;
        }
        let surface = document.surface(token);
        let opens = matches!(surface, "«" | "“" | "(" | "[") || (surface == "\"" && open == 0);
        let closes = matches!(surface, "»" | "”" | ")" | "]" | "\"") && !opens;
        if closes {
            open = 0;
        }
        quoted.push(open);
        open = if opens {
            1
        } else if open > 0 {
            (open + 1).min(9)
        } else {
            0
        };
    }
}

/// The token at an offset (0 is [`REACH`] before) from `token`, where that is inside the sentence.
fn around(token: usize, offset: usize, tokens: usize) -> Option<usize> {
    (token + offset).checked_sub(REACH).filter(|&at| at < tokens)
}

/// The digests around `token`.
fn window_of(digests: &[Digest], token: usize, tokens: usize) -> [&Digest; OFFSETS] {
    std::array::from_fn(|offset| around(token, offset, tokens).map_or(&OUTSIDE, |at| &digests[at]))
}

/// Hand the keys of the features of token `token` (of `tokens`) to `hear`.
fn keys_of(
    words: &[Atoms],
    digests: &[Digest],
    quoted: &[u8],
    token: usize,
    tokens: usize,
    mut hear: impl FnMut(u32, u8),
) {
    for offset in 0..OFFSETS {
        match around(token, offset, tokens) {
            Some(at) => {
                for (index, &atom) in features::visible(&words[at], offset).iter().enumerate() {
                    let identity = words[at].identity >> index & 1 != 0;
                    hear(features::at_offset(atom, offset), if identity { 1 + offset as u8 } else { 0 });
                }
            }
            None => hear(features::at_offset(OUTSIDE.bare, offset), 0),
        }
    }
    let window = window_of(digests, token, tokens);
    for (index, key) in features::conjunctions(&window, quoted[token]).into_iter().enumerate() {
        hear(key, if index < 2 { 1 + REACH as u8 } else { 0 });
    }
}

/// The spans of a path of tags whose first token is `first`.
fn append_spans(path: &[u8], first: usize, spans: &mut Vec<Span>) {
    let mut open: Option<Span> = None;
    for (token, &tag) in path.iter().enumerate() {
        let at = (first + token) as u32;
        if let Some(span) = &mut open {
            if tag != 0 && tag % 2 == 0 && (tag - 2) / 2 == span.label {
                span.last = at + 1;
                continue;
            }
            spans.push(*span);
            open = None;
        }
        if tag != 0 {
            open = Some(Span { first: at, last: at + 1, label: (tag - 1) / 2 });
        }
    }
    spans.extend(open);
}

/// The tag of `token` inside `span`.
fn tag_of(span: &Span, token: u32) -> u8 {
    1 + 2 * span.label + u8::from(token > span.first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str =
        "قال B-PER\nعلي I-PER\nفي O\nتونس B-LOC\n. O\n\nزار O\nعلي B-PER\nمدينة O\nسوسة B-LOC\n\n";

    fn lessons() -> (Vec<Lesson>, Vec<String>) {
        let corpus = conll::read(&TEXT.repeat(40), "t").unwrap();
        let lesson = |tagged: conll::Tagged| Lesson {
            allowed: tagged.tags.iter().map(|tag| 1 << tag).collect(),
            document: tagged.document,
            weight: 1.0,
            domain: 0,
        };
        (corpus.documents.into_iter().map(lesson).collect(), corpus.labels)
    }

    fn small(second: bool) -> Tagger {
        let (lessons, labels) = lessons();
        let settings = Settings { epochs: 4, second, ..Settings::default() };
        let table = Arc::new(
            WordTable::parse("علي\t20\ta\t40000000000\t1\t1\t1\nتونس\t20\t\t\t2\t2\t1\n", "t").unwrap(),
        );
        Tagger::train(table, &lessons, &labels, settings, |_| true)
    }

    /// A tagger of other weights.
    fn other() -> Tagger {
        let (mut lessons, labels) = lessons();
        lessons.truncate(1);
        let settings = Settings { epochs: 1, second: false, ..Settings::default() };
        let table = Arc::new(WordTable::parse("سوسة\t20\t\t\t2\t2\t1\n", "t").unwrap());
        Tagger::train(table, &lessons, &labels, settings, |_| true)
    }

    #[test]
    fn training_is_reproducible_and_learns() {
        for second in [false, true] {
            let tagger = small(second);
            assert_eq!(tagger.to_bytes(), small(second).to_bytes());
            let mut spans = Vec::new();
            tagger.tag(&Document::new("زار علي مدينة سوسة"), &mut Scratch::default(), &mut spans);
            let place = tagger.labels().iter().position(|l| l == "LOC").unwrap() as u8;
            assert!(spans.contains(&Span { first: 3, last: 4, label: place }), "{spans:?}");
        }
    }

    #[test]
    fn saving_and_loading_keeps_the_tags() {
        let tagger = small(true);
        let again = Tagger::from_bytes(tagger.table.clone(), &tagger.to_bytes()).unwrap();
        assert_eq!(again.to_bytes(), tagger.to_bytes());
        assert!(Tagger::from_bytes(tagger.table.clone(), &tagger.to_bytes()[1..]).is_err());
        assert!(Tagger::from_bytes(tagger.table.clone(), b"").is_err());
    }

    proptest! {
        #[test]
        fn the_fast_way_agrees_with_the_slow(
            texts in prop::collection::vec(
                "(علي|تونس|في|زار|ال|x1|[0-9]{1,6}|«|»|\\.|\n| |ة|وتونس|[ا-ي]{1,5}){0,60}",
                1..4,
            ),
        ) {
            // One memory for several documents and two taggers, as threads reuse it.
            let (mut fast, mut slow) = (Scratch::default(), Scratch::default());
            for tagger in [small(false), other()] {
                for text in &texts {
                    let document = Document::new(text);
                    let (mut a, mut b) = (Vec::new(), Vec::new());
                    tagger.tag_once(&document, &mut fast, &mut a);
                    tagger.tag_slowly(&document, &mut slow, &mut b);
                    prop_assert_eq!(a, b);
                    prop_assert_eq!(&fast.emissions, &slow.emissions);
                }
            }
        }
    }

    #[test]
    fn one_endless_word_is_no_trouble() {
        let tagger = small(true);
        let document = Document::new(&"ا".repeat(100_000));
        tagger.tag(&document, &mut Scratch::default(), &mut Vec::new());
    }
}
