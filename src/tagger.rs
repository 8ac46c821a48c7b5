//! The sequence model that finds names: a linear-chain conditional random field over hashed features.
//!
//! * [`words`]: what open text and name lists say of single words;
//! * [`features`]: what the model sees of a token;
//! * [`model`]: its weights, saved and loaded;
//! * [`viterbi`]: best sequence and marginal probabilities;
//! * [`train`]: learning from examples;
//! * [`conll`]: training and test data in two columns, and span scores.

pub mod conll;
pub mod features;
pub mod hash;
pub mod model;
pub mod train;
pub mod viterbi;
pub mod words;

use std::sync::Arc;

use crate::segment::Document;
use features::{Atoms, CONJUNCTIONS, Digest, OFFSETS, OUTSIDE, REACH};
use model::Model;
use train::{Example, Settings};
use viterbi::Lattice;
use words::WordTable;

/// A trained tagger. Immutable; share one among threads.
#[derive(Debug, Clone)]
pub struct Tagger {
    table: Arc<WordTable>,
    model: Model,
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

/// Memory that tagging reuses from document to document.
#[derive(Debug, Default, Clone)]
pub struct Scratch {
    digests: Vec<Digest>,
    words: Vec<Atoms>,
    quoted: Vec<u8>,
    sums: Vec<i16>,
    emissions: Vec<f32>,
    lattice: Lattice,
    path: Vec<u8>,
}

/// Most tokens that are decoded in one go; longer sentences are cut, so that memory stays bounded.
const LONGEST: usize = 512;

impl Tagger {
    /// A tagger of a model and the table that it was trained with.
    pub fn new(table: Arc<WordTable>, model: Model) -> Tagger {
        Tagger { table, model }
    }

    /// Train on documents whose tokens carry masks of allowed tags (see [`conll`]).
    pub fn train(
        table: Arc<WordTable>,
        examples: &[Example],
        labels: &[String],
        settings: Settings,
        progress: impl FnMut(usize) -> bool,
    ) -> Tagger {
        let model = train::train(examples, labels, settings, progress);
        Tagger { table, model }
    }

    /// The names of the labels.
    pub fn labels(&self) -> &[String] {
        &self.model.labels
    }

    /// The model's weights.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The spans of a document, in order.
    pub fn tag(&self, document: &Document, scratch: &mut Scratch, spans: &mut Vec<Span>) {
        spans.clear();
        for sentence in &document.sentences {
            let mut first = sentence.first as usize;
            while first < sentence.last as usize {
                let last = (first + LONGEST).min(sentence.last as usize);
                self.tag_tokens(document, first, last, scratch);
                append_spans(&scratch.path, first, spans);
                first = last;
            }
        }
    }

    fn tag_tokens(&self, document: &Document, first: usize, last: usize, scratch: &mut Scratch) {
        let Scratch { words, digests, quoted, sums, emissions, lattice, path, .. } = scratch;
        look_at(&self.table, document, first, last, words, digests, quoted);
        let (tags, width) = (self.model.tags(), self.model.width());
        sums.clear();
        sums.resize(width, 0);
        emissions.clear();
        for token in 0..last - first {
            sums.fill(0);
            keys_of(words, digests, quoted, token, last - first, |key| self.model.add(key, sums));
            emissions.extend(sums[..tags].iter().map(|&sum| sum as f32 * self.model.scale));
        }
        lattice.decode(emissions, tags, &self.model.start, &self.model.transitions, path);
    }
}

/// The features of tokens `first..last` of a document, for training.
pub fn example(
    table: &WordTable,
    document: &Document,
    first: usize,
    last: usize,
    scratch: &mut Scratch,
) -> Example {
    let Scratch { words, digests, quoted, .. } = scratch;
    look_at(table, document, first, last, words, digests, quoted);
    let mut example = Example { weight: 1.0, ..Example::default() };
    for token in 0..last - first {
        keys_of(words, digests, quoted, token, last - first, |key| example.keys.push(key));
        example.ends.push(example.keys.len() as u32);
    }
    example
}

/// Atoms, digests and quotation state of tokens `first..last`.
fn look_at(
    table: &WordTable,
    document: &Document,
    first: usize,
    last: usize,
    words: &mut Vec<Atoms>,
    digests: &mut Vec<Digest>,
    quoted: &mut Vec<u8>,
) {
    digests.clear();
    quoted.clear();
    if words.len() < last - first {
        words.resize(last - first, Atoms::default());
    }
    let mut open = 0u8;
    for (token, atoms) in (first..last).zip(words) {
        digests.push(atoms.of(table, document.norm(token), document.tokens[token].kind));
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

/// Hand the keys of the features of token `token` (of `tokens`) to `hear`.
fn keys_of(
    words: &[Atoms],
    digests: &[Digest],
    quoted: &[u8],
    token: usize,
    tokens: usize,
    mut hear: impl FnMut(u32),
) {
    let mut window = [OUTSIDE; OFFSETS];
    for (offset, seen) in window.iter_mut().enumerate() {
        // `token + offset - REACH`, where that is inside the sentence.
        match (token + offset).checked_sub(REACH).filter(|&at| at < tokens) {
            Some(at) => {
                *seen = digests[at];
                for &atom in features::visible(&words[at], offset) {
                    hear(features::at_offset(atom, offset));
                }
            }
            None => hear(features::at_offset(OUTSIDE.bare, offset)),
        }
    }
    let conjunctions: [u32; CONJUNCTIONS] = features::conjunctions(&window, quoted[token]);
    conjunctions.into_iter().for_each(hear);
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
