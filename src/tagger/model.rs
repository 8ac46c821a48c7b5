//! Weights of features and transitions, in one byte each, and how they are saved.

use super::viterbi::FORBIDDEN;
use crate::{Error, Result};

/// A trained model: for every known feature one weight per tag.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// Names of the labels; tag 0 is O, `1 + 2k` begins label `k`, `2 + 2k` continues it.
    pub labels: Vec<String>,
    /// What one unit of a stored weight is worth.
    pub scale: f32,
    /// Score of each tag at the beginning of a sentence.
    pub start: Vec<f32>,
    /// Score of each tag (column) behind each (row).
    pub transitions: Vec<f32>,
    /// Open addressing: key and row number plus one; 0 is a free slot.
    slots: Vec<(u32, u32)>,
    /// Keys in ascending order, as saved.
    keys: Vec<u32>,
    /// Weights, [`Model::width`] for each key.
    weights: Vec<i8>,
}

const MAGIC: &[u8; 8] = b"rwbTAGR1";
/// Weights that are added at once; rows are padded to a multiple of it.
pub const LANES: usize = 16;
/// Most labels that a model can have: tags are bits of 64.
pub const MOST_LABELS: usize = 31;

impl Model {
    /// A model of weights by key; rows of `weights` are as long as there are tags.
    pub fn new(
        labels: Vec<String>,
        start: Vec<f32>,
        transitions: Vec<f32>,
        keys: &[u32],
        weights: &[f32],
    ) -> Model {
        let tags = labels.len() * 2 + 1;
        let largest = weights.iter().fold(1e-6f32, |m, w| m.max(w.abs()));
        let scale = largest / 127.0;
        let mut model = Model { labels, scale, start, transitions, ..Model::default() };
        let width = model.width();
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_unstable_by_key(|&index| keys[index]);
        for index in order {
            let row = weights[index * tags..(index + 1) * tags].iter().map(|w| (w / scale).round() as i8);
            if row.clone().all(|weight| weight == 0) {
                continue;
            }
            model.keys.push(keys[index]);
            model.weights.extend(row);
            model.weights.resize(model.keys.len() * width, 0);
        }
        model.index();
        model
    }

    /// Number of tags.
    pub fn tags(&self) -> usize {
        self.labels.len() * 2 + 1
    }

    /// Weights of one row: the tags, padded to a multiple of [`LANES`].
    pub fn width(&self) -> usize {
        self.tags().next_multiple_of(LANES)
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// The features' keys, in ascending order.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// The weights of feature `index` of [`Model::keys`], as stored, one for each tag.
    pub fn weights_of(&self, index: usize) -> &[i8] {
        let start = index * self.width();
        &self.weights[start..start + self.tags()]
    }

    /// No features at all.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn index(&mut self) {
        let size = (self.keys.len() * 2).next_power_of_two().max(2);
        self.slots = vec![(0, 0); size];
        for (index, &key) in self.keys.iter().enumerate() {
            let mut at = key as usize & (size - 1);
            while self.slots[at].1 != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = (key, index as u32 + 1);
        }
    }

    /// Add the weights of a feature to `sums` ([`Model::width`] numbers), if the model knows it.
    #[inline]
    pub fn add(&self, key: u32, sums: &mut [i16]) {
        if let Some(row) = self.row(key) {
            self.add_row(row, sums);
        }
    }

    /// Number of the row of a feature's weights, if the model knows it.
    #[inline]
    pub fn row(&self, key: u32) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        loop {
            let (found, row) = self.slots[at];
            if row == 0 {
                return None;
            }
            if found == key {
                return Some(row - 1);
            }
            at = (at + 1) & mask;
        }
    }

    /// Add a row of weights to `sums` ([`Model::width`] numbers).
    #[inline]
    pub fn add_row(&self, row: u32, sums: &mut [i16]) {
        let (sums, _) = sums.as_chunks_mut::<LANES>();
        let (row, _) = self.weights[row as usize * sums.len() * LANES..].as_chunks::<LANES>();
        for (sums, row) in sums.iter_mut().zip(row) {
            *sums = std::array::from_fn(|lane| sums[lane] + row[lane] as i16);
        }
    }

    /// Tell the processor that [`Model::row`] will be asked for a key: its slot is most likely not in the cache.
    #[inline]
    pub fn expect(&self, key: u32) {
        prefetch(&self.slots, key as usize & (self.slots.len() - 1));
    }

    /// Tell the processor that [`Model::add_row`] will be asked for a row.
    #[inline]
    pub fn expect_row(&self, row: u32) {
        prefetch(&self.weights, row as usize * self.width());
    }

    /// The model as bytes; [`Model::from_bytes`] reads them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        push_number(&mut bytes, self.labels.len() as u32);
        for label in &self.labels {
            push_number(&mut bytes, label.len() as u32);
            bytes.extend(label.as_bytes());
        }
        bytes.extend(self.scale.to_le_bytes());
        for score in self.start.iter().chain(&self.transitions) {
            bytes.extend(score.to_le_bytes());
        }
        push_number(&mut bytes, self.keys.len() as u32);
        let mut last = 0;
        for &key in &self.keys {
            push_number(&mut bytes, key - last);
            last = key;
        }
        let tags = self.tags();
        for row in self.weights.chunks_exact(self.width()) {
            for eight in row[..tags].chunks(8) {
                bytes.push(eight.iter().enumerate().map(|(bit, w)| ((*w != 0) as u8) << bit).sum());
            }
            bytes.extend(row.iter().filter(|w| **w != 0).map(|w| *w as u8));
        }
        bytes
    }

    /// A model from the bytes of [`Model::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Model> {
        let mut reader = Reader { bytes };
        reader.model().ok_or_else(|| Error::Model("not a tagger model of this version".into()))
    }
}

/// Have an element of a slice fetched into the cache; nothing else happens, whatever the index.
#[inline]
fn prefetch<T>(slice: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let pointer = slice.as_ptr().wrapping_add(index);
        // SAFETY: a prefetch reads nothing and never faults; every x86-64 processor has it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(pointer.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (slice, index);
}

/// Seven bits to a byte, the lowest first; the eighth says that more follow.
fn push_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

struct Reader<'b> {
    bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    fn model(&mut self) -> Option<Model> {
        if self.take(8)? != MAGIC {
            return None;
        }
        let mut model = Model::default();
        let labels = self.number()? as usize;
        if labels > MOST_LABELS {
            return None;
        }
        for _ in 0..labels {
            let length = self.number()? as usize;
            model.labels.push(String::from_utf8(self.take(length)?.to_vec()).ok()?);
        }
        let tags = model.tags();
        model.scale = self.float()?;
        model.start = (0..tags).map(|_| self.float()).collect::<Option<_>>()?;
        model.transitions = (0..tags * tags).map(|_| self.float()).collect::<Option<_>>()?;
        let count = self.number()? as usize;
        if count > self.bytes.len() {
            return None;
        }
        let mut key = 0u32;
        for _ in 0..count {
            key = key.checked_add(self.number()?)?;
            model.keys.push(key);
        }
        let width = model.width();
        model.weights = vec![0; count * width];
        for row in 0..count {
            let masks = self.take(tags.div_ceil(8))?;
            for tag in (0..tags).filter(|tag| masks[tag / 8] >> (tag % 8) & 1 != 0) {
                model.weights[row * width + tag] = self.take(1)?[0] as i8;
            }
        }
        model.index();
        self.bytes.is_empty().then_some(model)
    }

    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0u32;
        for shift in (0..35).step_by(7) {
            let byte = self.take(1)?[0];
            number |= ((byte & 0x7F) as u32).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn float(&mut self) -> Option<f32> {
        self.take(4).map(|four| f32::from_le_bytes(four.try_into().unwrap()))
    }
}

/// Start and transition scores that allow exactly the well-formed sequences: I-X only behind B-X and I-X.
pub fn well_formed(labels: usize) -> (Vec<f32>, Vec<f32>) {
    let tags = labels * 2 + 1;
    let inside = |tag: usize| tag != 0 && tag.is_multiple_of(2);
    let start = (0..tags).map(|tag| if inside(tag) { FORBIDDEN } else { 0.0 }).collect();
    let transitions = (0..tags * tags)
        .map(|at| {
            let (a, b) = (at / tags, at % tags);
            if inside(b) && a != b && a + 1 != b { FORBIDDEN } else { 0.0 }
        })
        .collect();
    (start, transitions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Model {
        let (start, transitions) = well_formed(1);
        Model::new(
            vec!["PER".into()],
            start,
            transitions,
            &[900, 7, 4_000_000_000, 12],
            &[1.27, 0.0, -0.5, 0.0, 0.0, 0.0, -1.27, 0.01, 0.0, 0.3, 0.0, 0.0],
        )
    }

    #[test]
    fn saving_and_loading_keeps_everything() {
        let model = model();
        assert_eq!(model.len(), 3);
        let again = Model::from_bytes(&model.to_bytes()).unwrap();
        assert_eq!(model, again);
        let mut sums = vec![1; again.width()];
        again.add(900, &mut sums);
        again.add(901, &mut sums);
        assert_eq!(sums[..3], [128, 1, -49]);
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let bytes = model().to_bytes();
        for end in 0..bytes.len() {
            assert!(Model::from_bytes(&bytes[..end]).is_err(), "{end}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(Model::from_bytes(&longer).is_err());
        assert!(Model::from_bytes(b"rwbTAGR9").is_err());
    }

    #[test]
    fn inside_tags_follow_their_own_beginning() {
        let (start, transitions) = well_formed(2);
        assert_eq!(start.iter().map(|s| *s == 0.0).collect::<Vec<_>>(), [true, true, false, true, false]);
        let open = |a: usize, b: usize| transitions[a * 5 + b] == 0.0;
        assert!(open(1, 2) && open(2, 2) && open(3, 4) && open(2, 3) && open(2, 1));
        assert!(!open(0, 2) && !open(1, 4) && !open(4, 2));
    }
}
