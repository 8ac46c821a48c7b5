//! Interned folded words.

use rustc_hash::FxHashMap;

use crate::segment::Document;

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

    /// Number of words; the largest id.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// No words at all.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// The ids of one document's tokens, three ways: as it stands, without proclitics, without both kinds of clitic.
#[derive(Debug, Default, Clone)]
pub struct WordIds {
    pub full: Vec<WordId>,
    pub bare: Vec<WordId>,
    pub stem: Vec<WordId>,
}

impl WordIds {
    /// Look up every token of `document`; the old content is thrown away, its memory reused.
    pub fn update(&mut self, words: &Words, document: &Document) {
        self.full.clear();
        self.bare.clear();
        self.stem.clear();
        for (index, token) in document.tokens.iter().enumerate() {
            let norm = document.norm(index);
            let full = words.get(norm);
            let bare = if token.prefix == 0 { full } else { words.get_bare(norm, token.prefix as usize) };
            let stem = if token.suffix == 0 { bare } else { words.get(document.stem(index)) };
            self.full.push(full);
            self.bare.push(bare);
            self.stem.push(stem);
        }
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
