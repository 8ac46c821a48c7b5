//! What was found out about a word, kept for the next time it comes: most words of a text have come before.
//!
//! A [`Memo`] never holds more than a fixed number of words; where two fall on one place, the newer stays. Words are
//! known by 64-bit hashes ([`key`]): of the some ten thousand words that one holds, a foreign word meets the hash of
//! one once in 10^15.

/// Places of a memo.
const PLACES: usize = 1 << 15;

/// Values by key, up to a fixed number of them. An empty one takes no memory.
#[derive(Debug, Clone)]
pub struct Memo<T> {
    /// Key, and number of the value plus one; 0 for a free place.
    places: Vec<[u64; 2]>,
    values: Vec<T>,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Memo { places: Vec::new(), values: Vec::new() }
    }
}

impl<T> Memo<T> {
    /// The value of `key`, made by `make` if it is not there.
    #[inline]
    pub fn get(&mut self, key: u64, make: impl FnOnce() -> T) -> &T {
        if self.places.is_empty() {
            self.places = vec![[0; 2]; PLACES];
        }
        let place = &mut self.places[key as usize % PLACES];
        if place[0] != key || place[1] == 0 {
            place[0] = key;
            match place[1] {
                0 => {
                    self.values.push(make());
                    place[1] = self.values.len() as u64;
                }
                number => self.values[number as usize - 1] = make(),
            }
        }
        &self.values[place[1] as usize - 1]
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// No values at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Forget all values.
    pub fn clear(&mut self) {
        self.places.fill([0; 2]);
        self.values.clear();
    }
}

/// The key of a word and of what else its value depends on; the same on every machine.
#[inline]
pub fn key(word: &[u8], with: u64) -> u64 {
    let length = word.len();
    // Mixed before the word comes in: else a bit of the one could undo a bit of the other.
    let mut hash = mix(with ^ (length as u64) << 56);
    let mut rest = word;
    while let Some((eight, behind)) = rest.split_first_chunk::<8>() {
        hash = mix(hash ^ u64::from_le_bytes(*eight));
        rest = behind;
    }
    let last = if length >= 8 {
        // The last eight bytes, some of them seen already: one step whatever is left.
        word.last_chunk::<8>().map_or(0, |eight| u64::from_le_bytes(*eight))
    } else if let (Some(first), Some(last)) = (word.first_chunk::<4>(), word.last_chunk::<4>()) {
        u32::from_le_bytes(*first) as u64 | (u32::from_le_bytes(*last) as u64) << 32
    } else {
        rest.iter().fold(0, |last, &byte| last << 8 | byte as u64)
    };
    mix(hash ^ last)
}

/// Both halves of the product with a constant, one upon the other.
#[inline]
fn mix(number: u64) -> u64 {
    let product = (number ^ 0xA076_1D64_78BD_642F) as u128 * 0xE703_7ED1_A0B4_28DB_u128;
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    #[test]
    fn keys_of_different_words_differ() {
        let letters = ["", "ا", "ي", "و", "xy"];
        let mut seen = HashMap::new();
        for index in 0..5usize.pow(6) {
            let word: String = (0..6u32).map(|place| letters[index / 5usize.pow(place) % 5]).collect();
            for with in [0, 1, 2, 2 << 8, 2 << 16] {
                let known = seen.entry(key(word.as_bytes(), with)).or_insert((word.clone(), with));
                assert_eq!(*known, (word.clone(), with));
            }
        }
    }

    proptest! {
        #[test]
        fn a_memo_gives_what_would_be_made(words in prop::collection::vec("[ابو]{0,12}", 0..300)) {
            let mut memo = Memo::default();
            for word in &words {
                prop_assert_eq!(memo.get(key(word.as_bytes(), 0), || word.clone()), word);
            }
        }

        #[test]
        fn places_are_shared_and_never_mixed_up(keys in prop::collection::vec((0u64..3, 0u64..40), 0..400)) {
            let mut memo = Memo::default();
            for (high, low) in keys {
                let key = high * PLACES as u64 + low;
                prop_assert_eq!(*memo.get(key, || key), key);
                prop_assert!(memo.len() <= 40);
            }
        }
    }
}
