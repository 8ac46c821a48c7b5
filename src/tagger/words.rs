//! What is known of single words from open text and name lists: how frequent they are, in which cluster of similar
//! words they fall, on which lists they stand, and where their proclitics end.
//!
//! The table is compiled by `examples/model.rs` into `data/words.tsv`.

use std::sync::{Arc, OnceLock};

use crate::tagger::hash;
use crate::{Error, Result};

/// The built-in table.
const BUILT_IN: &str = include_str!("data/words.tsv");

/// What the table says of one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Twice the binary logarithm of the word's frequency in open text, 0 for words that only stand on a list.
    pub frequency: u8,
    /// Name lists that the word stands on, one bit each.
    pub lists: u32,
    /// How often open text has the word in a person's, organisation's, place's, people's name, as a first tagger saw
    /// it: 0 never, 1 up to 10 %, 2 up to 35 %, 3 up to 70 %, 4 more.
    pub shares: [u8; 4],
    /// How often a person's, organisation's, place's name begins behind the word, and how often one ends in front of
    /// it: 0 never, 1 up to 3 %, 2 up to 10 %, 3 up to 30 %, 4 more.
    pub beside: [u8; 6],
    /// How often the word is all of a name, of the times that it is in one; digits as in `shares`.
    pub alone: u8,
    /// Clusters of words with like contexts, from fine to coarse; 0 for none.
    pub clusters: [u16; 3],
}

/// What [`Row`] says of a word's shares, of the words beside it, and of how often it stands alone.
pub type Shares = ([u8; 4], [u8; 6], u8);

/// The table: rows by the hash of the folded word.
#[derive(Debug, Default, Clone)]
pub struct WordTable {
    /// Open addressing; 0 is a free slot, else the row's number plus one.
    slots: Vec<u32>,
    hashes: Vec<u64>,
    rows: Vec<Row>,
    /// All words, one after the other, and where each ends.
    words: String,
    ends: Vec<u32>,
    /// Hash of the table's text: models are only of use with the table that they were trained with.
    fingerprint: u64,
}

impl WordTable {
    /// The table that the package comes with, read once.
    pub fn shared() -> Result<Arc<WordTable>> {
        static SHARED: OnceLock<Arc<WordTable>> = OnceLock::new();
        if let Some(table) = SHARED.get() {
            return Ok(table.clone());
        }
        // Not read inside of the lock: a process that forks meanwhile must not leave it closed to its child.
        let table = Arc::new(WordTable::parse(BUILT_IN, "words.tsv")?);
        Ok(SHARED.get_or_init(|| table).clone())
    }

    /// Read a table: word, frequency, letters of lists, shares, fine, middle and coarse cluster, tab-separated.
    pub fn parse(text: &str, file: &str) -> Result<WordTable> {
        let mut table = WordTable { fingerprint: hash::bytes(text.as_bytes()), ..WordTable::default() };
        let lines = text.lines().count();
        table.slots = vec![0; (lines * 2).next_power_of_two().max(4)];
        for (number, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (word, row) = parse_line(line).ok_or_else(|| {
                Error::data(file, number + 1, "expected word, frequency, lists, shares, clusters")
            })?;
            table.insert(word, row);
        }
        Ok(table)
    }

    fn insert(&mut self, word: &str, row: Row) {
        let hash = hash::bytes(word.as_bytes());
        self.words.push_str(word);
        self.ends.push(self.words.len() as u32);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.rows.push(row);
        self.hashes.push(hash);
        self.slots[at] = self.rows.len() as u32;
    }

    /// Number of the row of the word with that hash.
    #[inline]
    pub fn find(&self, hash: u64) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            match self.slots[at] {
                0 => return None,
                slot if self.hashes[slot as usize - 1] == hash => return Some(slot as usize - 1),
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// The same table with other shares, given by hash of the folded word.
    pub fn with_shares(&self, shares: impl Fn(u64) -> Shares) -> WordTable {
        let mut table = self.clone();
        for (row, &hash) in table.rows.iter_mut().zip(&table.hashes) {
            (row.shares, row.beside, row.alone) = shares(hash);
        }
        table
    }

    /// The row of a folded word; an empty one for words that the table lacks.
    #[inline]
    pub fn row(&self, word: &str) -> Row {
        self.find(hash::bytes(word.as_bytes())).map(|index| self.rows[index]).unwrap_or_default()
    }

    /// What models remember of the table that they were trained with.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// Every word with its number and row.
    pub fn entries(&self) -> impl Iterator<Item = (usize, &str, Row)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let words = starts.zip(&self.ends).map(|(start, &end)| &self.words[start as usize..end as usize]);
        words.zip(&self.rows).enumerate().map(|(index, (word, row))| (index, word, *row))
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// No words at all.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A folded word without its proclitics, as [`WordTable::split`] reads it.
    pub fn bare(&self, word: &str) -> String {
        let split = self.split(word);
        let article = if split.article { "ا" } else { "" };
        format!("{article}{}", &word[split.bytes as usize..])
    }

    /// Where the proclitics of a folded word end, judged by how frequent the word is with and without them.
    ///
    /// This reading is statistical and needs no dictionary, so that it also serves names that no dictionary has.
    pub fn split(&self, word: &str) -> Split {
        let mut best = Split::default();
        let mut chain = [Split::default(); 3];
        let found = candidates(word, &mut chain);
        if found == 0 {
            return best;
        }
        let mut best_score = self.row(word).frequency as i32 + FOUR_TIMES;
        for &split in &chain[..found] {
            let rest = &word[split.bytes as usize..];
            let score = if split.article {
                // «لل» is nearly always ل and the article.
                let mut whole = String::with_capacity(word.len() + 2);
                whole.push('ا');
                whole.push_str(rest);
                self.row(&whole).frequency as i32 + ARTICLE
            } else if rest.starts_with("ال") && rest.len() >= 10 {
                self.row(rest).frequency as i32 + ARTICLE
            } else if rest.len() >= 6 {
                self.row(rest).frequency as i32
            } else {
                0
            };
            if score > best_score {
                best = split;
                best_score = score + FOUR_TIMES;
            }
        }
        best
    }
}

/// Frequencies are twice the binary logarithm: 4 is four times as frequent.
const FOUR_TIMES: i32 = 4;
/// How much a whole article behind the proclitics speaks for the cut.
const ARTICLE: i32 = 10;

/// A cut of a folded word behind its proclitics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Bytes of the proclitics.
    pub bytes: u8,
    /// The rest lacks the alef of its article («لل» + «قاعدة» for «ل» + «القاعدة»).
    pub article: bool,
}

/// Every cut that the letters allow, shortest first; their number.
pub fn candidates(word: &str, out: &mut [Split; 3]) -> usize {
    let mut found = 0;
    let mut bytes = 0;
    let letters = word.as_bytes();
    let letter = |at: usize| word.get(at..at + 2).unwrap_or("");
    if letters.len() > 4 && matches!(letter(0), "و" | "ف") {
        bytes = 2;
        out[found] = Split { bytes: 2, article: false };
        found += 1;
    }
    if letters.len() > bytes + 4 && matches!(letter(bytes), "ب" | "ل" | "ك") {
        let article = letter(bytes) == "ل" && letter(bytes + 2) == "ل" && letters.len() > bytes + 8;
        out[found] = Split { bytes: bytes as u8 + 2, article };
        found += 1;
    }
    found
}

fn parse_line(line: &str) -> Option<(&str, Row)> {
    let mut fields = line.split('\t');
    let word = fields.next()?;
    let frequency = fields.next()?.parse().ok()?;
    let mut lists = 0;
    for letter in fields.next()?.bytes() {
        lists |= 1u32 << letter.checked_sub(b'a').filter(|&bit| bit < 26)?;
    }
    let (mut shares, mut beside, mut alone) = ([0; 4], [0; 6], 0);
    let digits = fields.next()?.as_bytes();
    if !digits.is_empty() {
        let (own, around) = digits.split_at_checked(4)?;
        let digit = |&digit: &u8| Some(digit.wrapping_sub(b'0')).filter(|&digit| digit <= 4);
        for (share, byte) in shares.iter_mut().zip(own) {
            *share = digit(byte)?;
        }
        let around: [u8; 7] = around.try_into().ok()?;
        for (share, byte) in beside.iter_mut().chain([&mut alone]).zip(&around) {
            *share = digit(byte)?;
        }
    }
    let mut clusters = [0; 3];
    for cluster in &mut clusters {
        *cluster = fields.next()?.parse().ok()?;
    }
    Some((word, Row { frequency, lists, shares, beside, alone, clusters }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# a comment\nالقاعده\t14\tb\t\t7\t3\t1\nواشنطن\t16\tab\t01400120034\t2\t2\t1\nتونس\t20\t\t\t2\t2\t1\nوالد\t9\t\t\t5\t1\t1\n";

    #[test]
    fn rows_are_found_by_word() {
        let table = WordTable::parse(TABLE, "t").unwrap();
        assert_eq!(table.len(), 4);
        assert_eq!(
            table.row("واشنطن"),
            Row {
                frequency: 16,
                lists: 3,
                shares: [0, 1, 4, 0],
                beside: [0, 1, 2, 0, 0, 3],
                alone: 4,
                clusters: [2, 2, 1]
            }
        );
        assert_eq!(table.row("باريس"), Row::default());
    }

    #[test]
    fn proclitics_are_cut_by_frequency() {
        let table = WordTable::parse(TABLE, "t").unwrap();
        for (word, bytes, article) in [
            ("واشنطن", 0, false),
            ("وواشنطن", 2, false),
            ("والقاعده", 2, false),
            ("للقاعده", 2, true),
            ("وللقاعده", 4, true),
            ("بتونس", 2, false),
            ("وبتونس", 4, false),
            ("والد", 0, false),
            ("", 0, false),
            ("و", 0, false),
        ] {
            assert_eq!(table.split(word), Split { bytes, article }, "{word}");
        }
    }

    #[test]
    fn errors_name_file_and_line() {
        let error = WordTable::parse("تونس\t20\t\t\t2\t2\t1\nسوسه\tx\n", "w.tsv").unwrap_err();
        assert!(error.to_string().starts_with("w.tsv:2:"), "{error}");
        assert!(WordTable::parse("تونس\t20\tA\t\t2\t2\t1\n", "w.tsv").is_err());
    }
}
