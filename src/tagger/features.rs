//! What the tagger sees of a token: atoms of the word itself, and of the words around it.
//!
//! Atoms depend on the word alone, so that their weights can be summed once per word ([`super::model`]); only the
//! conjunctions of neighbours and what the document says elsewhere are looked up token by token.

use super::hash::{bytes, key, mix};
use super::words::WordTable;
use crate::segment::Kind;

/// Words before and behind a token that it sees.
pub const REACH: usize = 2;
/// Offsets that a word is seen at: −2 to +2.
pub const OFFSETS: usize = 2 * REACH + 1;

/// The atoms of one word: the first `far` are seen from two words away, the first `near` from one word away, all
/// from the word itself.
#[derive(Debug, Default, Clone)]
pub struct Atoms {
    pub keys: Vec<u64>,
    pub far: usize,
    pub near: usize,
    /// Which atoms name the word itself, one bit each: training sometimes hides them.
    pub identity: u64,
    buffer: String,
}

/// What conjunctions are made of.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    /// Hash of the word without its proclitics.
    pub bare: u64,
    pub lists: u32,
    /// The word's shares in names, as one number.
    pub shares: u16,
    /// What the word says of the next and of the one before.
    pub behind: u16,
    pub before: u16,
    pub alone: u8,
    /// Hash of the proclitics.
    pub proclitic: u64,
    pub clusters: [u16; 3],
    pub kind: u8,
    /// It begins with the article.
    pub definite: bool,
}

/// Shares as one number.
fn number(shares: &[u8]) -> u16 {
    shares.iter().fold(0, |code, &share| code * 5 + share as u16)
}

/// Most pieces of a word that are looked at.
const PIECES: usize = 24;

/// What is looked at of a token: the digits of a number hardly matter, their number does; links are all alike.
#[inline]
pub fn masked(word: &str, kind: Kind) -> &str {
    match kind {
        Kind::Number => &"0000"[..word.len().min(4)],
        Kind::Link => "@",
        _ => word,
    }
}

/// Stands for the words outside the sentence.
pub static OUTSIDE: Digest = Digest {
    bare: 1,
    lists: 0,
    shares: 0,
    behind: 0,
    before: 0,
    alone: 0,
    proclitic: 0,
    clusters: [0; 3],
    kind: 7,
    definite: false,
};

// Templates; a saved model knows them by these numbers.
const FULL: u64 = 1;
const BARE: u64 = 2;
const CLUSTER: u64 = 3;
const LIST: u64 = 6;
const SHAPE: u64 = 7;
const STEM: u64 = 8;
const PROCLITIC: u64 = 9;
const PREFIX: u64 = 10;
const SUFFIX: u64 = 20;
const LISTS_FREQUENCY: u64 = 30;
const PIECE: u64 = 31;
const LENGTH: u64 = 35;
const FREQUENCY: u64 = 36;
const SHARE: u64 = 50;
const SHARES: u64 = 54;
const BESIDE: u64 = 80;
const BEHIND: u64 = 86;
const BEFORE: u64 = 87;
const PROCLITIC_SHARES: u64 = 88;
const PROCLITIC_LISTS: u64 = 89;
const ALONE: u64 = 90;
const PROCLITIC_ALONE: u64 = 91;
const PAIR: u64 = 60;

impl Atoms {
    /// The atoms of a folded word and its digest.
    pub fn of(&mut self, table: &WordTable, word: &str, kind: Kind) -> Digest {
        let word = masked(word, kind);
        self.keys.clear();
        self.identity = 0;
        let split = if kind == Kind::Word { table.split(word) } else { Default::default() };
        let mut bare = std::mem::take(&mut self.buffer);
        bare.clear();
        if split.article {
            bare.push('ا');
        }
        bare.push_str(&word[split.bytes as usize..]);
        let row = table.row(&bare);
        let stem = bare.strip_prefix("ال").filter(|stem| stem.len() >= 4).unwrap_or(&bare);
        let definite = stem.len() < bare.len();
        let digest = Digest {
            bare: bytes(bare.as_bytes()),
            lists: row.lists,
            shares: number(&row.shares),
            behind: number(&row.beside[..3]),
            before: number(&row.beside[3..]),
            alone: row.alone,
            proclitic: bytes(&word.as_bytes()[..split.bytes as usize]),
            clusters: row.clusters,
            kind: kind as u8,
            definite,
        };

        // Seen from two words away.
        self.name(BARE, digest.bare);
        for (level, &cluster) in row.clusters.iter().enumerate() {
            self.add(CLUSTER + level as u64, cluster as u64);
        }
        self.lists(row.lists);
        for (label, &share) in row.shares.iter().enumerate() {
            self.add(SHARE + label as u64, share as u64);
        }
        self.add(SHARES, digest.shares as u64);
        for (side, &share) in row.beside.iter().enumerate() {
            self.add(BESIDE + side as u64, share as u64);
        }
        self.add(BEHIND, digest.behind as u64);
        self.add(BEFORE, digest.before as u64);
        let alone = mix(digest.shares as u64, row.alone as u64);
        self.add(ALONE, alone);
        self.add(SHAPE, kind as u64 * 2 + definite as u64);
        self.far = self.keys.len();

        // From one word away.
        self.name(FULL, bytes(word.as_bytes()));
        self.name(STEM, bytes(stem.as_bytes()));
        self.add(PROCLITIC, digest.proclitic);
        self.add(PROCLITIC_SHARES, mix(digest.proclitic, digest.shares as u64));
        self.add(PROCLITIC_LISTS, mix(digest.proclitic, row.lists as u64));
        self.add(PROCLITIC_ALONE, mix(digest.proclitic, alone));
        let letters = stem.chars().count();
        for length in [2, 3] {
            self.end(SUFFIX, stem, length, letters);
            self.start(PREFIX, stem, length, letters);
        }
        self.add(LISTS_FREQUENCY, ((row.lists as u64) << 8) | (row.frequency as u64 / 4));
        self.near = self.keys.len();

        // From the word itself.
        for length in [1, 4] {
            self.end(SUFFIX, stem, length, letters);
            self.start(PREFIX, stem, length, letters);
        }
        self.start(PREFIX + 5, word, 2, word.chars().count());
        self.start(PREFIX + 5, word, 3, word.chars().count());
        self.add(LENGTH, letters.min(12) as u64 * 2 + definite as u64);
        self.add(FREQUENCY, row.frequency as u64 / 2);
        if kind == Kind::Word {
            self.pieces(stem);
        }
        self.buffer = bare;
        digest
    }

    #[inline]
    fn name(&mut self, template: u64, value: u64) {
        self.identity |= 1 << self.keys.len();
        self.add(template, value);
    }

    #[inline]
    fn add(&mut self, template: u64, value: u64) {
        self.keys.push(mix(template, value));
    }

    fn lists(&mut self, lists: u32) {
        let mut rest = lists;
        while rest != 0 {
            self.add(LIST, rest.trailing_zeros() as u64);
            rest &= rest - 1;
        }
        if lists == 0 {
            self.add(LIST, 99);
        }
    }

    /// The first `length` letters.
    fn start(&mut self, template: u64, word: &str, length: usize, letters: usize) {
        if letters > length {
            let end = word.char_indices().nth(length).map_or(word.len(), |(at, _)| at);
            if length > 3 {
                self.identity |= 1 << self.keys.len();
            }
            self.add(template + length as u64, bytes(&word.as_bytes()[..end]));
        }
    }

    /// The last `length` letters.
    fn end(&mut self, template: u64, word: &str, length: usize, letters: usize) {
        if letters > length {
            let start = word.char_indices().nth(letters - length).map_or(0, |(at, _)| at);
            if length > 3 {
                self.identity |= 1 << self.keys.len();
            }
            self.add(template + length as u64, bytes(&word.as_bytes()[start..]));
        }
    }

    /// Three letters in a row, anywhere: what foreign names are recognized by.
    fn pieces(&mut self, stem: &str) {
        let ends = stem.char_indices().map(|(at, _)| at).skip(3).chain(std::iter::once(stem.len()));
        for ((start, _), end) in stem.char_indices().zip(ends).take(PIECES) {
            self.add(PIECE, bytes(&stem.as_bytes()[start..end]));
        }
    }
}

/// The key of an atom seen at an offset (0 is two words before the token, 2 the token itself).
#[inline]
pub fn at_offset(atom: u64, offset: usize) -> u32 {
    key(mix(atom, 0x5EED + offset as u64))
}

/// The atoms of a word at `distance` words from the token.
#[inline]
pub fn visible(atoms: &Atoms, offset: usize) -> &[u64] {
    match offset.abs_diff(REACH) {
        0 => &atoms.keys,
        1 => &atoms.keys[..atoms.near],
        _ => &atoms.keys[..atoms.far],
    }
}

/// Number of conjunctions of [`conjunctions`].
pub const CONJUNCTIONS: usize = 17;

/// Conjunctions of neighbours: keys for the token in the middle of `window`, and whether it stands in quotation
/// marks or brackets.
#[inline]
pub fn conjunctions(window: &[&Digest; OFFSETS], quoted: u8) -> [u32; CONJUNCTIONS] {
    let [far_left, left, here, right, _] = window;
    let pair = |template: u64, a: u64, b: u64| key(mix(mix(PAIR + template, a), b));
    let lists = |a: &Digest, b: &Digest| ((a.lists as u64) << 32) | b.lists as u64;
    let cluster = |d: &Digest, level: usize| d.clusters[level] as u64 + ((d.kind as u64) << 20);
    [
        pair(0, left.bare, here.bare),
        pair(1, here.bare, right.bare),
        pair(2, cluster(left, 1), cluster(here, 1)),
        pair(3, cluster(here, 1), cluster(right, 1)),
        pair(4, cluster(left, 2), cluster(right, 2)),
        pair(5, lists(left, here), 0),
        pair(6, lists(here, right), 0),
        pair(7, left.bare, here.lists as u64),
        pair(8, mix(cluster(far_left, 2), cluster(left, 2)), cluster(here, 2)),
        pair(9, quoted as u64, 0),
        pair(10, left.shares as u64, here.shares as u64),
        pair(11, here.shares as u64, right.shares as u64),
        pair(12, left.behind as u64, here.shares as u64),
        pair(13, here.shares as u64, right.before as u64),
        pair(14, left.behind as u64, right.before as u64),
        pair(15, mix(left.shares as u64, left.alone as u64), here.proclitic),
        pair(16, left.lists as u64, here.proclitic),
    ]
}
