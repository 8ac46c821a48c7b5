//! The model's weights summed in advance: for each frequent word, what it adds to the scores of the tokens around it.
//!
//! Most features depend on one word and on how far away it stands. Their sums are built once, when a tagger is
//! loaded; the hot loop then adds five rows for a token instead of a hundred single weights.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::features::{self, Atoms, Digest, OFFSETS, OUTSIDE};
use super::hash;
use super::model::{LANES, Model};
use super::words::WordTable;
use crate::memo;
use crate::segment::Kind;

/// Words need this frequency (twice its binary logarithm, as in the table) to have their sums built in advance.
const FREQUENT: u8 = 7;
/// So many words are remembered from sentence to sentence, some 15 MB: all forms that a million tokens of news have.
const MOST_KNOWN: usize = 1 << 16;

/// Features whose weights are asked for at once.
const AT_ONCE: usize = 64;

/// Sums for frequent words. Rows of `OFFSETS × width` numbers: the word seen at −2, −1, 0, 1, 2.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    /// For each row of the table, the number of its block plus one; 0 for words without.
    blocks: Vec<u32>,
    digests: Vec<Digest>,
    sums: Vec<i16>,
    /// The block of the words outside of the sentence.
    outside: Vec<i16>,
    width: usize,
    /// Tells this one from others.
    identity: Arc<()>,
}

/// What single tokens have, frequent or not; reused from document to document.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// For each token of the sentence the number of its word.
    blocks: Vec<u32>,
    /// The numbers of words by key, in this document and earlier ones, with their digests and blocks: side by side,
    /// so that those of a text stay in the processor's cache.
    known: FxHashMap<u64, u32>,
    digests: Vec<Digest>,
    sums: Vec<i16>,
    /// The compiled model that they are of.
    of: Option<Arc<()>>,
    atoms: Atoms,
}

impl Compiled {
    /// Sum `model`'s weights for the frequent words of `table`.
    pub fn new(table: &WordTable, model: &Model) -> Compiled {
        let width = model.width();
        let mut compiled = Compiled {
            blocks: vec![0; table.len()],
            width,
            outside: vec![0; OFFSETS * width],
            ..Compiled::default()
        };
        for (offset, sums) in compiled.outside.chunks_exact_mut(width).enumerate() {
            model.add(features::at_offset(OUTSIDE.bare, offset), sums);
        }
        let mut atoms = Atoms::default();
        for (index, word, row) in table.entries() {
            if row.frequency < FREQUENT {
                continue;
            }
            let digest = atoms.of(table, word, kind_of(word));
            let at = compiled.sums.len();
            compiled.sums.resize(at + OFFSETS * width, 0);
            fill_block(model, &atoms, &mut compiled.sums[at..]);
            compiled.digests.push(digest);
            compiled.blocks[index] = compiled.digests.len() as u32;
        }
        compiled
    }

    /// Look at one more token: its digest, and its block into `seen`.
    #[inline]
    pub fn look(&self, table: &WordTable, model: &Model, word: &str, kind: Kind, seen: &mut Seen) -> Digest {
        let word = features::masked(word, kind);
        let number = match seen.known.entry(memo::key(word.as_bytes(), kind as u64)) {
            Entry::Occupied(known) => *known.get() as usize,
            Entry::Vacant(new) => {
                let number = seen.digests.len();
                new.insert(number as u32);
                self.learn(table, model, word, kind, seen);
                number
            }
        };
        seen.blocks.push(number as u32);
        seen.digests[number]
    }

    /// Append a word's digest and block to `seen`: from here if it is frequent.
    fn learn(&self, table: &WordTable, model: &Model, word: &str, kind: Kind, seen: &mut Seen) {
        let length = OFFSETS * self.width;
        let block = table.find(hash::bytes(word.as_bytes())).map_or(0, |row| self.blocks[row] as usize);
        if block != 0 && self.digests[block - 1].kind == kind as u8 {
            seen.digests.push(self.digests[block - 1]);
            seen.sums.extend_from_slice(&self.sums[(block - 1) * length..block * length]);
        } else {
            let at = seen.sums.len();
            seen.digests.push(seen.atoms.of(table, word, kind));
            seen.sums.resize(at + length, 0);
            fill_block(model, &seen.atoms, &mut seen.sums[at..]);
        }
    }

    /// Begin a sentence: forget the tokens of the one before, and the words too where there are many or where they
    /// are another model's.
    pub fn begin(&self, seen: &mut Seen) {
        let same = seen.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, &self.identity));
        if !same || seen.digests.len() > MOST_KNOWN {
            seen.known.clear();
            seen.digests.clear();
            seen.sums.clear();
            seen.of = Some(self.identity.clone());
        }
        seen.blocks.clear();
    }

    /// Add what the words around token `token` (and itself) say to `sums`; the sentence's tokens are those in `seen`.
    #[inline]
    pub fn add(&self, seen: &Seen, token: usize, sums: &mut [i16]) {
        for offset in 0..OFFSETS {
            let row = match (token + offset).checked_sub(features::REACH).and_then(|at| seen.blocks.get(at)) {
                None => &self.outside[offset * self.width..],
                Some(&block) => &seen.sums[(block as usize * OFFSETS + offset) * self.width..],
            };
            let (sums, _) = sums.as_chunks_mut::<LANES>();
            let (row, _) = row.as_chunks::<LANES>();
            for (sums, row) in sums.iter_mut().zip(row) {
                *sums = std::array::from_fn(|lane| sums[lane] + row[lane]);
            }
        }
    }
}

/// Add the sums of one word, seen at each offset.
fn fill_block(model: &Model, atoms: &Atoms, sums: &mut [i16]) {
    for (offset, sums) in sums.chunks_exact_mut(model.width()).enumerate() {
        for some in features::visible(atoms, offset).chunks(AT_ONCE) {
            // The weights lie scattered: all are asked for before the first is needed.
            let mut rows = [None; AT_ONCE];
            some.iter().for_each(|&atom| model.expect(features::at_offset(atom, offset)));
            for (row, &atom) in rows.iter_mut().zip(some) {
                *row = model.row(features::at_offset(atom, offset));
                row.iter().for_each(|&row| model.expect_row(row));
            }
            rows.iter().flatten().for_each(|&row| model.add_row(row, sums));
        }
    }
}

/// The kind that the tokenizer gives a word of the table.
fn kind_of(word: &str) -> Kind {
    let mut tokens = Vec::new();
    crate::segment::tokens::cut(word, &mut tokens);
    tokens.first().map_or(Kind::Punct, |token| token.kind)
}
