//! Training: AdaGrad on the likelihood of a conditional random field, seeded and reproducible.
//!
//! Examples may leave tags open (a corpus that does not mark events does not say that a word is none): the
//! likelihood is then that of all sequences that the masks allow. Domains have their own copies of all features
//! (Daumé III 2007, "Frustratingly easy domain adaptation"); the trained model is the one of domain 0.

use rustc_hash::{FxHashMap, FxHashSet};

use super::features::OFFSETS;
use super::hash::{key, mix};
use super::model::{Model, well_formed};
use super::viterbi::{FORBIDDEN, Factors, Marginals};

/// One sentence to learn from.
#[derive(Debug, Clone, Default)]
pub struct Example {
    /// Feature keys of all tokens, one after the other.
    pub keys: Vec<u32>,
    /// Which keys name a word: 1 and the offset that it is seen at; 0 for all others.
    pub groups: Vec<u8>,
    /// Where each token's keys end.
    pub ends: Vec<u32>,
    /// Scores that are given and not learned (tokens × tags); empty for none.
    pub base: Vec<f32>,
    /// The tags that each token may have, one bit each.
    pub allowed: Vec<u64>,
    pub weight: f32,
    pub domain: u8,
}

/// What training is to do.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub epochs: usize,
    /// Runs over all epochs, each with another seed, whose weights are averaged: one run's luck is worth a point.
    pub runs: usize,
    /// Step size of AdaGrad.
    pub rate: f32,
    /// L2 penalty per update.
    pub l2: f32,
    /// Features seen fewer times are left out.
    pub least: u32,
    /// How often a word is hidden: only its shape, lists and clusters are seen, as with unknown words.
    pub hide: f32,
    /// How often any single feature is.
    pub drop: f32,
    /// What a missed name costs in training, in the model's own terms: recall-oriented learning (Mohit et al. 2012)
    /// for texts whose names the training data does not have.
    pub recall: f32,
    /// How slowly weights that learning began with are left: their first sum of squared gradients.
    pub trust: f32,
    /// Train a second pass.
    pub second: bool,
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            epochs: 10,
            runs: 3,
            rate: 0.1,
            l2: 1e-5,
            least: 2,
            hide: 0.1,
            drop: 0.1,
            recall: 0.5,
            trust: 1.0,
            second: false,
            seed: 7,
        }
    }
}

/// Gradients below this are not worth an update.
const NEGLIGIBLE: f32 = 2e-3;

/// What learning begins with.
#[derive(Debug, Clone, Copy)]
pub enum Start<'m> {
    /// Nothing.
    Blank,
    /// Another model's start and transition scores.
    Chain(&'m Model),
    /// Another model's scores and weights, for the labels of the same name; what else it calls a name is none here.
    Model(&'m Model),
}

/// Train on `examples`, beginning with `from`. `progress` hears the number of the epoch done; training ends early when it says false.
pub fn train(
    examples: &[&Example],
    labels: &[String],
    settings: Settings,
    from: Start,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Model {
    let (mut keys, mut weights, mut chain) = (Vec::new(), Vec::new(), Vec::new());
    let mut runs = 0;
    let mut go_on = true;
    while go_on && runs < settings.runs.max(1) {
        let settings = Settings { seed: settings.seed.wrapping_add(runs as u64 * 0x9E37_79B9), ..settings };
        let begun: &[u32] = if let Start::Model(model) = from { model.keys() } else { &[] };
        let mut trainer = Trainer::new(examples, labels.len(), settings, begun);
        match from {
            Start::Blank => {}
            Start::Chain(model) => {
                trainer.chain = model.start.iter().chain(&model.transitions).copied().collect();
            }
            Start::Model(model) => trainer.begin(model, labels),
        }
        for epoch in 0..settings.epochs {
            trainer.epoch(examples);
            if epoch >= settings.epochs / 2 {
                trainer.gather();
            }
            go_on = progress(runs * settings.epochs + epoch + 1);
            if !go_on {
                break;
            }
        }
        let run = trainer.finish();
        keys = run.keys;
        add(&mut weights, &run.weights);
        add(&mut chain, &run.chain);
        runs += 1;
    }
    for value in weights.iter_mut().chain(&mut chain) {
        *value /= runs as f32;
    }
    let tags = labels.len() * 2 + 1;
    let transitions = chain.split_off(tags);
    Model::new(labels.to_vec(), chain, transitions, &keys, &weights)
}

/// What one run has learned.
struct Run {
    keys: Vec<u32>,
    weights: Vec<f32>,
    /// Start scores, then transitions.
    chain: Vec<f32>,
}

fn add(sums: &mut Vec<f32>, values: &[f32]) {
    sums.resize(values.len(), 0.0);
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

struct Trainer {
    settings: Settings,
    tags: usize,
    /// Row of each key.
    rows: FxHashMap<u32, u32>,
    keys: Vec<u32>,
    /// The keys that are a domain's copies.
    copies: FxHashSet<u32>,
    /// Row numbers of all examples' features, the own and the domain's copy in turn.
    features: Vec<(u32, u32)>,
    /// Where the features of each example begin.
    begins: Vec<usize>,
    weights: Vec<f32>,
    squares: Vec<f32>,
    /// Start scores, then transitions.
    chain: Vec<f32>,
    chain_squares: Vec<f32>,
    /// Sums of weights and chain over the last epochs, and their number: the average is steadier than the last.
    gathered: Vec<f32>,
    gathered_chain: Vec<f32>,
    gatherings: usize,
    order: Vec<usize>,
    state: u64,
    emissions: Vec<f32>,
    active: Vec<(u32, u32)>,
    active_ends: Vec<usize>,
    free: Marginals,
    bound: Marginals,
}

const NONE: u32 = u32::MAX;

fn copy_of(feature: u32, domain: u8) -> u32 {
    key(mix(feature as u64, 0xD0 + domain as u64))
}

impl Trainer {
    /// `begun` are keys that have a weight however rare they are.
    fn new(examples: &[&Example], labels: usize, settings: Settings, begun: &[u32]) -> Trainer {
        let tags = labels * 2 + 1;
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        let mut copies: FxHashSet<u32> = FxHashSet::default();
        let domains = examples.iter().any(|e| e.domain != 0);
        for example in examples {
            for &feature in &example.keys {
                *counts.entry(feature).or_default() += 1;
                if domains {
                    let copy = copy_of(feature, example.domain);
                    *counts.entry(copy).or_default() += 1;
                    copies.insert(copy);
                }
            }
        }
        let mut keys: Vec<u32> =
            counts.iter().filter(|(_, n)| **n >= settings.least).map(|(k, _)| *k).collect();
        keys.extend(begun);
        keys.sort_unstable();
        keys.dedup();
        let rows: FxHashMap<u32, u32> =
            keys.iter().enumerate().map(|(row, key)| (*key, row as u32)).collect();
        let (mut features, mut begins) = (Vec::new(), Vec::new());
        for example in examples {
            begins.push(features.len());
            let row = |key: u32| rows.get(&key).copied().unwrap_or(NONE);
            features.extend(example.keys.iter().map(|&feature| {
                (row(feature), if domains { row(copy_of(feature, example.domain)) } else { NONE })
            }));
        }
        let (start, transitions) = well_formed(labels);
        let chain: Vec<f32> = start.into_iter().chain(transitions).collect();
        let keys_len = keys.len();
        Trainer {
            settings,
            tags,
            rows,
            copies,
            features,
            begins,
            weights: vec![0.0; keys.len() * tags],
            squares: vec![1e-2; keys.len() * tags],
            keys,
            chain_squares: vec![1e-2; chain.len()],
            gathered: vec![0.0; keys_len * tags],
            gathered_chain: vec![0.0; chain.len()],
            gatherings: 0,
            chain,
            order: (0..examples.len()).collect(),
            state: settings.seed | 1,
            emissions: Vec::new(),
            active: Vec::new(),
            active_ends: Vec::new(),
            free: Marginals::default(),
            bound: Marginals::default(),
        }
    }

    /// Take over the weights and scores of `model`.
    fn begin(&mut self, model: &Model, labels: &[String]) {
        let tags = self.tags;
        // For each tag of ours that of the model; its labels that we lack are O here.
        let theirs: Vec<Option<usize>> = (0..tags)
            .map(|tag| match tag.checked_sub(1) {
                None => Some(0),
                Some(at) => {
                    let label = model.labels.iter().position(|label| *label == labels[at / 2]);
                    label.map(|label| 1 + 2 * label + at % 2)
                }
            })
            .collect();
        let foreign: Vec<usize> = (1..model.tags()).filter(|tag| !theirs.contains(&Some(*tag))).collect();
        for (index, key) in model.keys().iter().enumerate() {
            let given = model.weights_of(index);
            let row = self.rows[key] as usize * tags;
            for (weight, tag) in self.weights[row..row + tags].iter_mut().zip(&theirs) {
                *weight = match tag {
                    Some(0) => foreign.iter().map(|&tag| given[tag]).fold(given[0], i8::max),
                    Some(tag) => given[*tag],
                    None => 0,
                } as f32
                    * model.scale;
            }
            self.squares[row..row + tags].fill(self.settings.trust);
        }
        for (a, from) in theirs.iter().enumerate() {
            let Some(from) = from else { continue };
            self.chain[a] = model.start[*from];
            for (b, to) in theirs.iter().enumerate() {
                if let Some(to) = to {
                    self.chain[tags + a * tags + b] = model.transitions[from * model.tags() + to];
                }
            }
        }
    }

    fn epoch(&mut self, examples: &[&Example]) {
        for index in (1..self.order.len()).rev() {
            self.state ^= self.state << 13;
            self.state ^= self.state >> 7;
            self.state ^= self.state << 17;
            self.order.swap(index, (self.state % (index as u64 + 1)) as usize);
        }
        let mut pairs = vec![0.0; self.tags * self.tags];
        for at in 0..self.order.len() {
            let index = self.order[at];
            self.step(examples[index], self.begins[index], &mut pairs);
        }
    }

    /// The features that this pass sees: some words are hidden, some features dropped.
    fn choose(&mut self, example: &Example, begin: usize) {
        let Settings { hide, drop, .. } = self.settings;
        self.active.clear();
        self.active_ends.clear();
        let mut from = 0;
        for &end in &example.ends {
            let mut hidden = 0u8;
            for group in 1..=OFFSETS {
                hidden |= u8::from(hide > 0.0 && self.random() < hide) << group;
            }
            for at in from..end as usize {
                let hide = hidden >> example.groups[at] & 1 != 0;
                let dropped = drop > 0.0 && self.random() < drop;
                if !hide && !dropped {
                    self.active.push(self.features[begin + at]);
                }
            }
            self.active_ends.push(self.active.len());
            from = end as usize;
        }
    }

    /// A number from 0 to 1 (xorshift64).
    fn random(&mut self) -> f32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 40) as f32 / (1u32 << 24) as f32
    }

    /// One step along the gradient of one sentence.
    fn step(&mut self, example: &Example, begin: usize, pairs: &mut [f32]) {
        let tags = self.tags;
        let tokens = example.ends.len();
        self.choose(example, begin);
        self.emissions.clear();
        self.emissions.extend(&example.base);
        self.emissions.resize(tokens * tags, 0.0);
        let mut from = 0;
        for (token, &end) in self.active_ends.iter().enumerate() {
            let sums = &mut self.emissions[token * tags..(token + 1) * tags];
            for &(own, copy) in &self.active[from..end] {
                for row in [own, copy] {
                    if row != NONE {
                        let row = row as usize * tags;
                        for (sum, weight) in sums.iter_mut().zip(&self.weights[row..row + tags]) {
                            *sum += weight;
                        }
                    }
                }
            }
            from = end;
        }
        // Where no tag is O, its score counts in the sum over all sequences only.
        for (scores, mask) in self.emissions.chunks_exact_mut(tags).zip(&example.allowed) {
            scores[0] += if mask & 1 == 0 { self.settings.recall } else { 0.0 };
        }
        let factors = Factors::new(&self.chain[..tags], &self.chain[tags..]);
        pairs.fill(0.0);
        self.free.compute(&self.emissions, tags, &factors, None, Some((&mut *pairs, 1.0)));
        self.bound.compute(
            &self.emissions,
            tags,
            &factors,
            Some(&example.allowed),
            Some((&mut *pairs, -1.0)),
        );
        let Settings { rate, l2, .. } = self.settings;
        let mut from = 0;
        for (token, &end) in self.active_ends.iter().enumerate() {
            let at = token * tags..(token + 1) * tags;
            let gradient = &mut self.free.unary[at.clone()];
            let mut largest = 0f32;
            for (g, bound) in gradient.iter_mut().zip(&self.bound.unary[at]) {
                *g = (*g - bound) * example.weight;
                largest = largest.max(g.abs());
            }
            if largest > NEGLIGIBLE {
                for &(own, copy) in &self.active[from..end] {
                    for row in [own, copy] {
                        if row != NONE {
                            let row = row as usize * tags;
                            let weights = &mut self.weights[row..row + tags];
                            let squares = &mut self.squares[row..row + tags];
                            for ((w, s), g) in weights.iter_mut().zip(squares).zip(&*gradient) {
                                let g = g + l2 * *w;
                                *s += g * g;
                                *w -= rate * g / s.sqrt();
                            }
                        }
                    }
                }
            }
            from = end;
        }
        let first = (0..tags).map(|tag| if tokens > 0 { self.free.unary[tag] } else { 0.0 });
        let chain_gradient = first.chain(pairs.iter().map(|g| g * example.weight));
        for ((w, s), g) in self.chain.iter_mut().zip(&mut self.chain_squares).zip(chain_gradient) {
            if *w > FORBIDDEN {
                *s += g * g;
                *w -= rate * g / s.sqrt();
            }
        }
    }

    fn gather(&mut self) {
        self.gatherings += 1;
        self.gathered.iter_mut().zip(&self.weights).for_each(|(sum, weight)| *sum += weight);
        self.gathered_chain.iter_mut().zip(&self.chain).for_each(|(sum, score)| *sum += score);
    }

    /// The weights of domain 0: its copies added to the common weights.
    fn finish(mut self) -> Run {
        if self.gatherings > 0 {
            let share = 1.0 / self.gatherings as f32;
            self.weights = self.gathered.iter().map(|sum| sum * share).collect();
            self.chain = self.gathered_chain.iter().map(|sum| sum * share).collect();
        }
        let tags = self.tags;
        let mut keys = Vec::new();
        let mut weights = Vec::new();
        for (row, &feature) in self.keys.iter().enumerate() {
            if self.copies.contains(&feature) {
                continue;
            }
            keys.push(feature);
            let copy = self.rows.get(&copy_of(feature, 0)).map(|&copy| copy as usize);
            for tag in 0..tags {
                let own = self.weights[row * tags + tag];
                weights.push(own + copy.map_or(0.0, |copy| self.weights[copy * tags + tag]));
            }
        }
        Run { keys, weights, chain: self.chain }
    }
}
