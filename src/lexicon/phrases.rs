//! Phrases as a trie over word ids.

use rustc_hash::FxHashMap;

use super::{WordId, Words};

/// Phrases with payloads of type `T`. Phrases may share their words; one phrase may have many payloads.
#[derive(Debug, Clone)]
pub struct Phrases<T> {
    roots: Vec<u32>,
    edges: FxHashMap<(u32, WordId), u32>,
    /// Payloads by node; node 0 is the root.
    payloads: Vec<Vec<T>>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Phrases { roots: Vec::new(), edges: FxHashMap::default(), payloads: vec![Vec::new()] }
    }
}

impl<T> Phrases<T> {
    /// Add a phrase of folded words separated by white space; empty phrases are ignored.
    pub fn add(&mut self, words: &mut Words, phrase: &str, payload: T) {
        let mut node = 0;
        for word in phrase.split_whitespace() {
            let id = words.intern(word);
            node = self.child_or_new(node, id);
        }
        if node != 0 {
            self.payloads[node as usize].push(payload);
        }
    }

    fn child_or_new(&mut self, node: u32, word: WordId) -> u32 {
        let next = self.payloads.len() as u32;
        let child = if node == 0 {
            if self.roots.len() <= word.0 as usize {
                self.roots.resize(word.0 as usize + 1, 0);
            }
            let slot = &mut self.roots[word.0 as usize];
            if *slot == 0 {
                *slot = next;
            }
            *slot
        } else {
            *self.edges.entry((node, word)).or_insert(next)
        };
        if child == next {
            self.payloads.push(Vec::new());
        }
        child
    }

    #[inline]
    fn child(&self, node: u32, word: WordId) -> u32 {
        if word == WordId::UNKNOWN {
            0
        } else if node == 0 {
            self.roots.get(word.0 as usize).copied().unwrap_or(0)
        } else {
            self.edges.get(&(node, word)).copied().unwrap_or(0)
        }
    }

    /// Every phrase that begins with `first` and goes on with `rest`: number of words and payloads, shortest first.
    ///
    /// `first` is apart so that a token's form without proclitics can begin a phrase whose other words are whole.
    #[inline]
    pub fn matches<'a>(
        &'a self,
        first: WordId,
        rest: &'a [WordId],
    ) -> impl Iterator<Item = (usize, &'a [T])> + 'a {
        let mut node = self.child(0, first);
        let mut length = 1;
        std::iter::from_fn(move || {
            while node != 0 {
                let found = (length, self.payloads[node as usize].as_slice());
                node = rest.get(length - 1).map_or(0, |&word| self.child(node, word));
                length += 1;
                if !found.1.is_empty() {
                    return Some(found);
                }
            }
            None
        })
    }

    /// The longest phrase that begins with `first` and goes on with `rest`.
    #[inline]
    pub fn longest(&self, first: WordId, rest: &[WordId]) -> Option<(usize, &[T])> {
        let mut node = self.child(0, first);
        let mut best = None;
        let mut length = 1;
        while node != 0 {
            let payloads = self.payloads[node as usize].as_slice();
            if !payloads.is_empty() {
                best = Some((length, payloads));
            }
            node = rest.get(length - 1).map_or(0, |&word| self.child(node, word));
            length += 1;
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_from_short_to_long() {
        let mut words = Words::default();
        let mut phrases = Phrases::default();
        for (phrase, payload) in
            [("وزاره", 1), ("وزاره الدفاع", 2), ("وزاره الدفاع", 3), ("حزب الله", 4), ("", 5)]
        {
            phrases.add(&mut words, phrase, payload);
        }
        let ids: Vec<WordId> = "وزاره الدفاع حزب".split(' ').map(|w| words.get(w)).collect();
        let found: Vec<_> = phrases.matches(ids[0], &ids[1..]).map(|(n, p)| (n, p.to_vec())).collect();
        assert_eq!(found, [(1, vec![1]), (2, vec![2, 3])]);
        assert_eq!(phrases.longest(ids[0], &ids[1..]), Some((2, &[2, 3][..])));
        assert_eq!(phrases.longest(ids[1], &ids[2..]), None);
        assert_eq!(phrases.longest(WordId::UNKNOWN, &ids), None);
    }
}
