//! Log-linear models over hashed binary features, for every room that learns.
//!
//! A [`Model`] gives each of its classes the sum of the weights of an example's features; [`Model::probabilities`]
//! is the softmax of these sums. Training is AdaGrad on the regularized log-likelihood, seeded and reproducible.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::{Error, Result};

/// The features of one example, as hashes. Reuse one for many examples with [`Features::clear`].
#[derive(Debug, Default, Clone)]
pub struct Features {
    hashes: Vec<u64>,
}

impl Features {
    /// Forget all features.
    pub fn clear(&mut self) {
        self.hashes.clear();
    }

    /// Add a feature: a template (any number that is unique to it) and its value.
    #[inline]
    pub fn add(&mut self, template: u32, value: &str) {
        let mut hasher = FxHasher::default();
        hasher.write_u32(template);
        hasher.write(value.as_bytes());
        self.hashes.push(hasher.finish());
    }

    /// Add a feature whose value is a number.
    #[inline]
    pub fn add_number(&mut self, template: u32, value: u64) {
        let mut hasher = FxHasher::default();
        hasher.write_u32(template ^ 0x8000_0000);
        hasher.write_u64(value);
        self.hashes.push(hasher.finish());
    }

    /// Add the conjunction of a text and a number.
    #[inline]
    pub fn add_pair(&mut self, template: u32, text: &str, number: u64) {
        let mut hasher = FxHasher::default();
        hasher.write_u32(template ^ 0x4000_0000);
        hasher.write(text.as_bytes());
        hasher.write_u64(number);
        self.hashes.push(hasher.finish());
    }

    /// Add features that were hashed before.
    pub fn extend(&mut self, hashes: &[u64]) {
        self.hashes.extend_from_slice(hashes);
    }

    /// The hashes, for storing an example.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }
}

/// One training example.
#[derive(Debug, Clone)]
pub struct Example {
    pub features: Vec<u64>,
    pub class: usize,
    pub weight: f32,
}

/// What training is to do.
#[derive(Debug, Clone, Copy)]
pub struct Training {
    pub epochs: usize,
    /// Step size of AdaGrad.
    pub rate: f32,
    /// L2 penalty per example.
    pub l2: f32,
    pub seed: u64,
}

impl Default for Training {
    fn default() -> Self {
        Training { epochs: 12, rate: 0.2, l2: 1e-6, seed: 7 }
    }
}

/// A log-linear model: `classes` weights for each of `2^bits` buckets, one byte each.
#[derive(Debug, Clone)]
pub struct Model {
    classes: usize,
    bits: u32,
    scale: f32,
    weights: Vec<i8>,
}

const MAGIC: &[u8; 8] = b"rwbLOGL1";

/// Classes at most.
const MOST_CLASSES: usize = 64;

impl Model {
    /// Train on `examples` with `classes` classes and `2^bits` buckets.
    pub fn train(examples: &[Example], classes: usize, bits: u32, training: Training) -> Model {
        Model::train_averaged(examples, classes, bits, training, training.epochs)
    }

    /// As [`Model::train`], with the mean of the weights at the ends of the last epochs, those from number `from` on
    /// (the last weights where that is past the end): steadier weights of rare features.
    pub fn train_averaged(
        examples: &[Example],
        classes: usize,
        bits: u32,
        training: Training,
        from: usize,
    ) -> Model {
        let size = classes << bits;
        let mut weights = vec![0f32; size];
        let mut squares = vec![1e-6f32; size];
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut state = training.seed | 1;
        let mut scores = vec![0f32; classes];
        let mut sums = vec![0f32; if from < training.epochs { size } else { 0 }];
        for epoch in 0..training.epochs {
            if epoch > from {
                add(&mut sums, &weights);
            }
            shuffle(&mut order, &mut state);
            for &index in &order {
                let example = &examples[index];
                scores.fill(0.0);
                for &hash in &example.features {
                    let at = bucket(hash, bits) * classes;
                    for (score, weight) in scores.iter_mut().zip(&weights[at..at + classes]) {
                        *score += weight;
                    }
                }
                softmax(&mut scores);
                scores[example.class] -= 1.0;
                for &hash in &example.features {
                    let at = bucket(hash, bits) * classes;
                    for class in 0..classes {
                        let weight = &mut weights[at + class];
                        let gradient = scores[class] * example.weight + training.l2 * *weight;
                        squares[at + class] += gradient * gradient;
                        *weight -= training.rate * gradient / squares[at + class].sqrt();
                    }
                }
            }
        }
        if from < training.epochs {
            add(&mut sums, &weights);
            let count = (training.epochs - from) as f32;
            weights = sums.iter().map(|sum| sum / count).collect();
        }
        let largest = weights.iter().fold(1e-6f32, |m, w| m.max(w.abs()));
        let scale = largest / 127.0;
        let weights = weights.iter().map(|w| (w / scale).round() as i8).collect();
        Model { classes, bits, scale, weights }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Write the sums of weights into `scores` (one for each class).
    #[inline]
    pub fn scores(&self, features: &Features, scores: &mut [f32]) {
        let mut sums = [0; MOST_CLASSES];
        let sums = &mut sums[..self.classes];
        self.add_sums(features, sums);
        self.scores_of_sums(sums, scores);
    }

    /// Add the sums of weights to `sums` (one for each class), as whole numbers: features that many examples share
    /// are summed once and [`Model::scores_of_sums`] gives exactly the scores of all together.
    #[inline]
    pub fn add_sums(&self, features: &Features, sums: &mut [i32]) {
        // Rows of a length known to the compiler are summed without a loop; these are the models of this crate.
        match self.classes {
            2 => self.add_sums_of::<2>(features, sums),
            3 => self.add_sums_of::<3>(features, sums),
            4 => self.add_sums_of::<4>(features, sums),
            22 => self.add_sums_of::<22>(features, sums),
            _ => self.add_sums_of_any(features, sums),
        }
    }

    /// Write the scores that belong to sums of weights.
    #[inline]
    pub fn scores_of_sums(&self, sums: &[i32], scores: &mut [f32]) {
        for (score, &sum) in scores.iter_mut().zip(sums) {
            *score = sum as f32 * self.scale;
        }
    }

    fn add_sums_of<const CLASSES: usize>(&self, features: &Features, totals: &mut [i32]) {
        let (rows, _) = self.weights.as_chunks::<CLASSES>();
        // So many bytes fit into 16 bits, of which a register holds twice as many as of 32.
        for some in features.hashes.chunks(256) {
            let mut sums = [0i16; CLASSES];
            for &hash in some {
                let row = &rows[bucket(hash, self.bits)];
                for (sum, &weight) in sums.iter_mut().zip(row) {
                    *sum += weight as i16;
                }
            }
            for (total, sum) in totals.iter_mut().zip(sums) {
                *total += sum as i32;
            }
        }
    }

    fn add_sums_of_any(&self, features: &Features, sums: &mut [i32]) {
        for &hash in &features.hashes {
            let at = bucket(hash, self.bits) * self.classes;
            for (sum, &weight) in sums.iter_mut().zip(&self.weights[at..at + self.classes]) {
                *sum += weight as i32;
            }
        }
    }

    /// Write the probabilities that belong to sums of weights into `out`.
    pub fn probabilities_of_sums(&self, sums: &[i32], out: &mut [f32]) {
        self.scores_of_sums(sums, out);
        softmax(out);
    }

    /// Write the classes' probabilities into `out`.
    pub fn probabilities(&self, features: &Features, out: &mut [f32]) {
        self.scores(features, out);
        softmax(out);
    }

    /// The model as bytes; [`Model::from_bytes`] reads them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend((self.classes as u32).to_le_bytes());
        bytes.extend(self.bits.to_le_bytes());
        bytes.extend(self.scale.to_le_bytes());
        bytes.extend(self.weights.iter().map(|&w| w as u8));
        bytes
    }

    /// A model from the bytes of [`Model::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Model> {
        let wrong = || Error::Model("not a log-linear model of this version".into());
        if bytes.len() < 20 || &bytes[..8] != MAGIC {
            return Err(wrong());
        }
        let word = |at: usize| <[u8; 4]>::try_from(&bytes[at..at + 4]).unwrap();
        let (classes, bits) = (u32::from_le_bytes(word(8)) as usize, u32::from_le_bytes(word(12)));
        if classes == 0 || classes > MOST_CLASSES || bits > 28 || bytes.len() - 20 != classes << bits {
            return Err(wrong());
        }
        let weights = bytes[20..].iter().map(|&b| b as i8).collect();
        Ok(Model { classes, bits, scale: f32::from_le_bytes(word(16)), weights })
    }
}

fn add(sums: &mut [f32], weights: &[f32]) {
    sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
}

#[inline]
fn bucket(hash: u64, bits: u32) -> usize {
    // Multiplicative hashing: the high bits are the well mixed ones.
    (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize
}

fn softmax(scores: &mut [f32]) {
    let largest = scores.iter().fold(f32::NEG_INFINITY, |m, &s| m.max(s));
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - largest).exp();
        sum += *score;
    }
    for score in scores.iter_mut() {
        *score /= sum;
    }
}

/// Fisher–Yates with xorshift64.
fn shuffle(order: &mut [usize], state: &mut u64) {
    for index in (1..order.len()).rev() {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        order.swap(index, (*state % (index as u64 + 1)) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn features(names: &[&str]) -> Features {
        let mut features = Features::default();
        for name in names {
            features.add(0, name);
        }
        features
    }

    #[test]
    fn learns_a_separable_problem_and_survives_saving() {
        let data: [(&[&str], usize); 4] =
            [(&["a", "x"], 0), (&["b", "x"], 1), (&["a", "y"], 0), (&["b", "y"], 1)];
        let examples: Vec<Example> = data
            .iter()
            .map(|(names, class)| Example {
                features: features(names).hashes().to_vec(),
                class: *class,
                weight: 1.0,
            })
            .collect();
        let model = Model::train(&examples, 2, 8, Training::default());
        let model = Model::from_bytes(&model.to_bytes()).unwrap();
        for (names, class) in data {
            let mut out = [0.0; 2];
            model.probabilities(&features(names), &mut out);
            assert!(out[class] > 0.8, "{names:?} {out:?}");
        }
    }

    proptest! {
        #[test]
        fn rows_of_known_length_sum_as_any_others(
            hashes in prop::collection::vec(any::<u64>(), 0..600),
            weights in prop::collection::vec(prop_oneof![Just(-128i8), Just(127i8), any::<i8>()], 22 << 3),
        ) {
            let features = Features { hashes };
            for classes in [2, 3, 4, 5, 22] {
                let weights = weights[..classes << 3].to_vec();
                let model = Model { classes, bits: 3, scale: 0.25, weights };
                let (mut fast, mut slow, mut scores) = ([0; 22], [0; 22], [0.0; 22]);
                model.add_sums(&features, &mut fast[..classes]);
                model.add_sums_of_any(&features, &mut slow[..classes]);
                prop_assert_eq!(fast, slow);
                model.scores(&features, &mut scores[..classes]);
                prop_assert_eq!(scores, slow.map(|sum| sum as f32 * 0.25));
                // The sums of two parts are those of the whole.
                let (mut parts, cut) = ([0; 22], features.hashes.len() / 3);
                for part in [&features.hashes[..cut], &features.hashes[cut..]] {
                    model.add_sums(&Features { hashes: part.to_vec() }, &mut parts[..classes]);
                }
                prop_assert_eq!(parts, slow);
            }
        }
    }

    #[test]
    fn foreign_bytes_are_refused() {
        assert!(Model::from_bytes(b"").is_err());
        assert!(Model::from_bytes(b"rwbLOGL1aaaaaaaaaaaaaaaa").is_err());
    }
}
