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
            let bare = if token.prefix == 0 { full } else { words.get(&norm[token.prefix as usize..]) };
            let stem = if token.suffix == 0 { bare } else { words.get(document.stem(index)) };
            self.full.push(full);
            self.bare.push(bare);
            self.stem.push(stem);
        }
    }
}
