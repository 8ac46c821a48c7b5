//! The model's weights summed in advance: for each frequent word, what it adds to the scores of the tokens around it.
//!
//! Most features depend on one word and on how far away it stands. Their sums are built once, when a tagger is
//! loaded; the hot loop then adds five rows for a token instead of a hundred single weights.

use super::features::{self, Atoms, Digest, OFFSETS, OUTSIDE};
use super::hash;
use super::model::{LANES, Model};
use super::words::WordTable;
use crate::segment::Kind;

/// Words need this frequency (twice its binary logarithm, as in the table) to have their sums built in advance.
const FREQUENT: u8 = 7;

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
}

/// What single tokens have, frequent or not; reused from document to document.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// For each token the number of its block: of [`Compiled`] first, then of `sums`.
    blocks: Vec<u32>,
    sums: Vec<i16>,
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
            add_block(model, &atoms, &mut compiled.sums);
            compiled.digests.push(digest);
            compiled.blocks[index] = compiled.digests.len() as u32;
        }
        compiled
    }

    /// Look at one more token: its digest, and its block into `seen`.
    #[inline]
    pub fn look(&self, table: &WordTable, model: &Model, word: &str, kind: Kind, seen: &mut Seen) -> Digest {
        let word = features::masked(word, kind);
        if let Some(row) = table.find(hash::bytes(word.as_bytes())) {
            let block = self.blocks[row];
            if block != 0 && self.digests[block as usize - 1].kind == kind as u8 {
                seen.blocks.push(block - 1);
                return self.digests[block as usize - 1];
            }
        }
        let digest = seen.atoms.of(table, word, kind);
        let block = self.digests.len() + seen.sums.len() / (OFFSETS * self.width);
        seen.blocks.push(block as u32);
        add_block(model, &seen.atoms, &mut seen.sums);
        digest
    }

    /// Add what the words around token `token` (and itself) say to `sums`; the sentence's tokens are those in `seen`.
    #[inline]
    pub fn add(&self, seen: &Seen, token: usize, sums: &mut [i16]) {
        for offset in 0..OFFSETS {
            let row = match (token + offset).checked_sub(features::REACH).and_then(|at| seen.blocks.get(at)) {
                None => &self.outside[offset * self.width..],
                Some(&block) => {
                    let at = (block as usize * OFFSETS + offset) * self.width;
                    if at < self.sums.len() { &self.sums[at..] } else { &seen.sums[at - self.sums.len()..] }
                }
            };
            let (sums, _) = sums.as_chunks_mut::<LANES>();
            let (row, _) = row.as_chunks::<LANES>();
            for (sums, row) in sums.iter_mut().zip(row) {
                for (sum, add) in sums.iter_mut().zip(row) {
                    *sum += add;
                }
            }
        }
    }
}

impl Seen {
    /// Forget all tokens.
    pub fn clear(&mut self) {
        self.blocks.clear();
        self.sums.clear();
    }
}

/// Append the sums of one word, seen at each offset.
fn add_block(model: &Model, atoms: &Atoms, sums: &mut Vec<i16>) {
    let width = model.width();
    for offset in 0..OFFSETS {
        let at = sums.len();
        sums.resize(at + width, 0);
        for &atom in features::visible(atoms, offset) {
            model.add(features::at_offset(atom, offset), &mut sums[at..]);
        }
    }
}

/// The kind that the tokenizer gives a word of the table.
fn kind_of(word: &str) -> Kind {
    let mut tokens = Vec::new();
    crate::segment::tokens::cut(word, &mut tokens);
    tokens.first().map_or(Kind::Punct, |token| token.kind)
}
