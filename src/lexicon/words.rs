//! Interned folded words.

use rustc_hash::FxHashMap;

use crate::memo::Memo;
use crate::segment::{Document, Kind};

/// A word of the lexicon; [`WordId::UNKNOWN`] for all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordId(pub u32);

impl WordId {
    /// A word that no list has.
    pub const UNKNOWN: WordId = WordId(0);
}

/// Folded words and their ids, numbered from 1.
#[derive(Debug, Default, Clone)]
pub struct Words {
    ids: FxHashMap<Box<str>, WordId>,
}

/// Pronoun suffixes, longest first.
const PRONOUNS: [&str; 10] = ["هما", "ها", "هم", "هن", "كم", "نا", "ني", "ه", "ي", "ك"];
/// Letters that may be proclitics.
const PROCLITICS: [char; 6] = ['و', 'ف', 'ب', 'ل', 'ك', 'س'];
/// Bytes of an Arabic letter.
const LETTER: usize = 2;
/// Bytes of three letters.
const SHORTEST_STEM: usize = 6;

impl Words {
    /// The id of a folded word, a new one if it has none yet.
    pub fn intern(&mut self, word: &str) -> WordId {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let id = WordId(self.ids.len() as u32 + 1);
        self.ids.insert(word.into(), id);
        id
    }

    /// The id of a folded word.
    #[inline]
    pub fn get(&self, word: &str) -> WordId {
        self.ids.get(word).copied().unwrap_or_default()
    }

    /// The id of a folded word less its first `prefix` bytes, which are proclitics.
    ///
    /// Behind ل the article loses its alef: «للقاعده» is ل and «القاعده». Where no list has a word with the article,
    /// the second ل is the word's own: «للبنان».
    #[inline]
    pub fn get_bare(&self, word: &str, prefix: usize) -> WordId {
        let bare = &word[prefix..];
        if bare.starts_with('ل') && word[..prefix].ends_with('ل') {
            let mut buffer = [0u8; 64];
            let alef = "ا".len();
            if let Some(whole) = buffer.get_mut(..alef + bare.len()) {
                whole[..alef].copy_from_slice("ا".as_bytes());
                whole[alef..].copy_from_slice(bare.as_bytes());
                let id = std::str::from_utf8(whole).map_or(WordId::UNKNOWN, |whole| self.get(whole));
                if id != WordId::UNKNOWN {
                    return id;
                }
            }
        }
        self.get(bare)
    }

    /// The id of what stands before a pronoun suffix in a word that no list has: the analysis of clitics knows common
    /// words only, and a listed word in front of a pronoun is proof enough («استقالتكم»).
    #[inline]
    fn get_before_pronoun(&self, word: &str, surface: &str) -> WordId {
        if !word.ends_with(['ه', 'ا', 'م', 'ن', 'ي', 'ك']) || surface.ends_with('ة') {
            return WordId::UNKNOWN;
        }
        let stems = PRONOUNS.iter().filter_map(|pronoun| word.strip_suffix(pronoun));
        let ids = stems.filter(|stem| stem.len() >= SHORTEST_STEM).map(|stem| self.get(stem));
        ids.into_iter().find(|&id| id != WordId::UNKNOWN).unwrap_or_default()
    }

    /// The word behind one or two proclitics, with a pronoun suffix or without.
    fn guess(&self, word: &str, surface: &str) -> Guess {
        let mut prefix = 0;
        for _ in 0..2 {
            let rest = &word[prefix..];
            if !rest.starts_with(PROCLITICS) || rest.len() < LETTER + SHORTEST_STEM {
                break;
            }
            prefix += LETTER;
            let bare = self.get_bare(word, prefix);
            let suffixed = bare == WordId::UNKNOWN;
            let word = if suffixed { self.get_before_pronoun(&word[prefix..], surface) } else { bare };
            if word != WordId::UNKNOWN {
                return Guess { word, prefix: prefix as u8, suffixed };
            }
        }
        Guess::default()
    }

    /// Number of words; the largest id.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// No words at all.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// A word behind proclitics that the analysis of clitics has not seen.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Guess {
    pub word: WordId,
    /// Bytes of the proclitics.
    pub prefix: u8,
    /// A pronoun suffix is left out.
    pub suffixed: bool,
}

/// The ids of one document's tokens, three ways: as it stands, without proclitics, without both kinds of clitic.
#[derive(Debug, Default, Clone)]
pub struct WordIds {
    pub full: Vec<WordId>,
    pub bare: Vec<WordId>,
    pub stem: Vec<WordId>,
    /// For words that are in no list any of the three ways: what may stand in them.
    pub guess: Vec<Guess>,
}

impl WordIds {
    /// Look up every token of `document`; the old content is thrown away, its memory reused.
    pub fn update(&mut self, words: &Words, document: &Document) {
        self.clear();
        for index in 0..document.tokens.len() {
            self.push(words.of(document, index));
        }
    }

    /// As [`WordIds::update`], with what earlier documents have shown of their words: `known` must be of the same
    /// `words`.
    pub fn update_with(&mut self, words: &Words, document: &Document, known: &mut Memo<TokenIds>) {
        self.clear();
        for index in 0..document.tokens.len() {
            self.push(*known.get(document.key(index), || words.of(document, index)));
        }
    }

    fn clear(&mut self) {
        self.full.clear();
        self.bare.clear();
        self.stem.clear();
        self.guess.clear();
    }

    fn push(&mut self, ids: TokenIds) {
        self.full.push(ids.full);
        self.bare.push(ids.bare);
        self.stem.push(ids.stem);
        self.guess.push(ids.guess);
    }
}

/// The ids of one token: see [`WordIds`].
#[derive(Debug, Default, Clone, Copy)]
pub struct TokenIds {
    full: WordId,
    bare: WordId,
    stem: WordId,
    guess: Guess,
}

impl Words {
    /// The ids of token `index`.
    fn of(&self, document: &Document, index: usize) -> TokenIds {
        let token = &document.tokens[index];
        let norm = document.norm(index);
        let full = self.get(norm);
        let bare = if token.prefix == 0 { full } else { self.get_bare(norm, token.prefix as usize) };
        let stem = if token.suffix != 0 {
            self.get(document.stem(index))
        } else if bare == WordId::UNKNOWN && token.kind == Kind::Word {
            self.get_before_pronoun(&norm[token.prefix as usize..], document.surface(index))
        } else {
            bare
        };
        let unknown = full == WordId::UNKNOWN && stem == WordId::UNKNOWN && bare == WordId::UNKNOWN;
        let guess = if unknown && token.prefix == 0 && token.kind == Kind::Word {
            self.guess(norm, document.surface(index))
        } else if token.prefix > 0 && bare == WordId::UNKNOWN && token.kind == Kind::Word {
            // «ولاءها» is no «لاءها» behind «و».
            let word = self.get_before_pronoun(norm, document.surface(index));
            Guess { word, prefix: 0, suffixed: word != WordId::UNKNOWN }
        } else {
            Guess::default()
        };
        TokenIds { full, bare, stem, guess }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_behind_a_preposition_is_found() {
        let mut words = Words::default();
        let (base, lebanon) = (words.intern("القاعده"), words.intern("لبنان"));
        let mut ids = WordIds::default();
        ids.update(&words, &Document::new("للقاعدة وللقاعدة والقاعدة للبنان للغيب"));
        assert_eq!(ids.bare, [base, base, base, lebanon, WordId::UNKNOWN]);
        assert_eq!(ids.full, [WordId::UNKNOWN; 5]);
    }
}
