//! Proclitics and pronoun suffixes of a folded word.
//!
//! In front stand conjunctions (و ف), prepositions (ب ل ك), the future particle (س) and their chains («ول», «وس»);
//! the article stays with the word. Behind stand pronouns (ه ها هم هما هن, in listed words also نا ك كم ني).
//! Many words begin or end with these letters by nature («وزاره», «بعد», «مياه»), so the tables decide:
//! * `data/exceptions.tsv` and `data/function_words.tsv` give a word's own verdict;
//! * `data/stems.tsv` lists words without clitics: where one is left after a cut, the cut is right.
//!
//! What tables do not know is cut only where the article or a verb behind the future particle gives it away.
//! `tools/clitics.py` compiles the tables and holds the same rules in Python.

use std::hash::Hasher;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHasher};

use crate::normalize::fold;

/// Bytes of the proclitics in front and of the pronoun suffix behind `word` (folded).
///
/// `marbuta`: the unfolded word ends in ة, so its final ه is no pronoun.
pub fn analyze(word: &str, marbuta: bool) -> (usize, usize) {
    let bytes = word.as_bytes();
    if bytes.len() < 4 || !(begins_like_proclitic(bytes) || ends_like_suffix(bytes)) {
        return (0, 0);
    }
    let (prefix, suffix) = TABLE.verdict(word);
    (prefix, if marbuta && suffix == LETTER { 0 } else { suffix })
}

/// Bytes of a letter of the Arabic block, which all clitics belong to.
const LETTER: usize = 2;
/// Last bytes of و ف ب ل ك س; the first byte is 0xD8 for ب س, 0xD9 for the others.
const PROCLITICS: [&str; 6] = ["و", "ف", "ب", "ل", "ك", "س"];
/// Suffixes that are cut from words without a verdict of their own, longest first.
const SUFFIXES: [&str; 5] = ["هما", "ها", "هم", "هن", "ه"];

#[inline]
fn begins_like_proclitic(bytes: &[u8]) -> bool {
    // و ف ل ك are D9 88, D9 81, D9 84, D9 83; ب س are D8 A8, D8 B3.
    matches!((bytes[0], bytes[1]), (0xD9, 0x88 | 0x81 | 0x84 | 0x83) | (0xD8, 0xA8 | 0xB3))
}

#[inline]
fn ends_like_suffix(bytes: &[u8]) -> bool {
    // ه م ن ك ي are D9 87, D9 85, D9 86, D9 83, D9 8A; ا (in «ها», «نا», «هما») is D8 A7 behind D9.
    let n = bytes.len();
    match (bytes[n - 2], bytes[n - 1]) {
        (0xD9, 0x87 | 0x85 | 0x86 | 0x83 | 0x8A) => true,
        (0xD8, 0xA7) => bytes[n - 4] == 0xD9,
        _ => false,
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::built_in);

/// Verdicts by the hash of the word: letters of proclitics × 16 + letters of suffix; stems are cut nowhere.
///
/// 64-bit hashes stand for the words: of 14,000 entries, a foreign word hits one once in 10^15.
struct Table {
    verdicts: FxHashMap<u64, u8>,
}

/// Marks a verdict that is a word's own and no stem.
const OWN: u8 = 0x80;

#[inline]
fn hash(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish()
}

impl Table {
    fn built_in() -> Table {
        let mut verdicts = FxHashMap::default();
        for word in entries(include_str!("data/stems.tsv")) {
            verdicts.insert(hash(&fold(word)), 0);
        }
        for line in entries(include_str!("data/exceptions.tsv")) {
            let mut columns = line.split('\t');
            let (word, prefix, suffix) = (columns.next(), columns.next(), columns.next());
            let number = |column: Option<&str>| column.and_then(|c| c.parse::<u8>().ok()).unwrap_or(0);
            verdicts.insert(hash(&fold(word.unwrap_or(""))), OWN | (number(prefix) << 4) | number(suffix));
        }
        for line in entries(include_str!("data/function_words.tsv")) {
            let mut columns = line.split('\t');
            let word = columns.next().unwrap_or("");
            let mut letters = || columns.next().map_or(0, |c| fold(c).chars().count() as u8);
            verdicts.insert(hash(&fold(word)), OWN | (letters() << 4) | letters());
        }
        Table { verdicts }
    }

    #[inline]
    fn get(&self, word: &str) -> Option<u8> {
        self.verdicts.get(&hash(word)).copied()
    }

    fn verdict(&self, word: &str) -> (usize, usize) {
        if let Some(verdict) = self.get(word) {
            return bytes_of(verdict);
        }
        for prefix in prefixes(word) {
            let bare = &word[prefix..];
            if prefix > 0 {
                match self.get(bare) {
                    Some(verdict) if bytes_of(verdict).0 == 0 => return (prefix, bytes_of(verdict).1),
                    _ => {}
                }
                if gives_itself_away(&word[prefix - LETTER..prefix], bare) {
                    return (prefix, 0);
                }
            }
            let suffix = self.suffix(bare);
            if suffix > 0 {
                return (prefix, suffix);
            }
        }
        (0, 0)
    }

    /// Bytes of the pronoun behind `bare` where a stem is left before it; a ت before it may be the ة of a stem.
    fn suffix(&self, bare: &str) -> usize {
        let Some(suffix) = SUFFIXES.iter().find(|s| bare.ends_with(**s)) else { return 0 };
        let stem = &bare[..bare.len() - suffix.len()];
        if stem.len() <= 2 * LETTER {
            return 0;
        }
        let feminine = || {
            let stem = stem.strip_suffix('ت')?;
            let mut buffer = [0u8; 64];
            let whole = buffer.get_mut(..stem.len() + LETTER)?;
            whole[..stem.len()].copy_from_slice(stem.as_bytes());
            whole[stem.len()..].copy_from_slice("ه".as_bytes());
            self.get(std::str::from_utf8(whole).ok()?)
        };
        if self.get(stem) == Some(0) || feminine() == Some(0) { suffix.len() } else { 0 }
    }
}

fn bytes_of(verdict: u8) -> (usize, usize) {
    (((verdict & !OWN) >> 4) as usize * LETTER, (verdict & 0xF) as usize * LETTER)
}

/// Bytes of the proclitics that `word` may begin with: none, one, or a conjunction with another.
fn prefixes(word: &str) -> impl Iterator<Item = usize> {
    let is = |at: usize, of: &[&str]| word.get(at..at + LETTER).is_some_and(|c| of.contains(&c));
    let one = word.len() > 2 * LETTER && is(0, &PROCLITICS);
    let two = word.len() > 3 * LETTER && is(0, &PROCLITICS[..2]) && is(LETTER, &PROCLITICS[2..]);
    [Some(0), one.then_some(LETTER), two.then_some(2 * LETTER)].into_iter().flatten()
}

/// The article, or a verb behind the future particle, tells that `last` is a proclitic.
fn gives_itself_away(last: &str, bare: &str) -> bool {
    let letters = bare.len() / LETTER;
    match last {
        "ل" => bare.starts_with('ل') && letters > 2,
        "س" => bare.starts_with(['ي', 'ت', 'ن']) && letters > 3,
        _ => bare.starts_with("ال") && letters > 3,
    }
}

/// The lines of a data file less comments and empty ones.
fn entries(data: &str) -> impl Iterator<Item = &str> {
    data.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(word: &str) -> String {
        let folded = fold(word);
        let (prefix, suffix) = analyze(&folded, word.ends_with('ة'));
        let (bare, end) = (&folded[prefix..folded.len() - suffix], &folded[folded.len() - suffix..]);
        [&folded[..prefix], bare, end].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("+")
    }

    #[test]
    fn proclitics() {
        for (word, want) in [
            ("والقاعدة", "و+القاعده"),
            ("لداعش", "ل+داعش"),
            ("للقاعدة", "ل+لقاعده"),
            ("وبالتالي", "وب+التالي"),
            ("وسيكون", "وس+يكون"),
            ("ولتونس", "ول+تونس"),
            ("بالولايات", "ب+الولايات"),
            ("فالحكومة", "ف+الحكومه"),
            ("وقال", "و+قال"),
        ] {
            assert_eq!(cut(word), want);
        }
    }

    #[test]
    fn words_that_only_look_like_it() {
        for word in [
            "وزارة",
            "والد",
            "بعد",
            "فريق",
            "كان",
            "لقاء",
            "بيان",
            "سوريا",
            "باريس",
            "فرنسا",
            "لبنان",
            "كوريا",
            "مياه",
            "هذه",
            "سنة",
            "ليبيا",
            "لندن",
            "واشنطن",
            "فيصل",
            "سليمان",
            "كتلة",
            "بنغازي",
        ] {
            assert_eq!(cut(word), fold(word));
        }
    }

    #[test]
    fn pronouns() {
        for (word, want) in [
            ("رجاله", "رجال+ه"),
            ("بينهما", "بين+هما"),
            ("زعيمها", "زعيم+ها"),
            ("ولزوجته", "ول+زوجت+ه"),
            ("جهودهم", "جهود+هم"),
            ("رئيسة", "رئيسه"),
        ] {
            assert_eq!(cut(word), want);
        }
    }

    /// Occurrences of words in UD Arabic PUD whose proclitics and suffix are both right. The tables learned from a
    /// part of the same words; `tools/clitics.py --check` gives the accuracy on unseen words (97 %).
    #[test]
    fn agrees_with_a_treebank() {
        let Ok(treebank) = std::fs::read_to_string("../shared/segmentation/pud.seg.txt") else {
            eprintln!("skipped: ../shared/segmentation/pud.seg.txt is absent");
            return;
        };
        let (mut right, mut all) = (0, 0);
        for line in treebank.lines() {
            let Some((word, parts)) = line.split_once('\t') else { continue };
            if !word.chars().all(|c| crate::text::class(c) == crate::text::Class::Arabic) {
                continue;
            }
            let parts: Vec<String> = parts.split('+').map(fold).collect();
            let stem = (0..parts.len()).max_by_key(|&i| parts[i].len()).unwrap();
            let (prefix, suffix): (usize, usize) = (
                parts[..stem].iter().map(String::len).sum(),
                parts[stem + 1..].iter().map(String::len).sum(),
            );
            all += 1;
            right += usize::from(analyze(&fold(word), word.ends_with('ة')) == (prefix, suffix));
        }
        let share = right as f64 / all as f64;
        println!("{right} of {all} words, {:.2} %", 100.0 * share);
        assert!(share > 0.97, "{share}");
    }

    proptest! {
        #[test]
        fn cuts_stand_between_letters(word in "[وفبلكساهمنيتx😀]{0,12}") {
            let (prefix, suffix) = analyze(&word, false);
            prop_assert!(word.is_char_boundary(prefix) && word.is_char_boundary(word.len() - suffix));
            // Equal for a preposition with its pronoun: «له» is ل and ه.
            prop_assert!(prefix + suffix <= word.len());
        }
    }
}
