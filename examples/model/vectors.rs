//! Word vectors by skip-gram with negative sampling (Mikolov et al. 2013), and clusters of them by k-means.
//!
//! One thread, seeded: the same text gives the same clusters.

/// Dimensions of the vectors.
pub const DIMENSIONS: usize = 48;
const WINDOW: usize = 3;
const NEGATIVES: usize = 5;
const RATE: f32 = 0.05;
const SUBSAMPLE: f64 = 3e-4;

/// Vectors of words `0..counts.len()`, trained on sentences of word numbers.
pub fn train(sentences: &[Vec<u32>], counts: &[u32], epochs: usize) -> Vec<[f32; DIMENSIONS]> {
    let mut random = Random(0x1234_5678_9ABC_DEF1);
    let words = counts.len();
    let total: f64 = counts.iter().map(|&n| n as f64).sum();
    let keep: Vec<f32> = counts
        .iter()
        .map(|&n| {
            let share = n as f64 / total;
            ((SUBSAMPLE / share).sqrt() + SUBSAMPLE / share).min(1.0) as f32
        })
        .collect();
    let negatives = negative_table(counts);
    let mut inner: Vec<[f32; DIMENSIONS]> =
        (0..words).map(|_| std::array::from_fn(|_| (random.unit() - 0.5) / DIMENSIONS as f32)).collect();
    // Contexts to the left and to the right have vectors of their own: order tells word classes apart.
    let mut outer = vec![[0f32; DIMENSIONS]; words * 2];
    let all: usize = sentences.iter().map(|s| s.len()).sum::<usize>() * epochs;
    let (mut done, mut kept) = (0usize, Vec::new());
    for _ in 0..epochs {
        for sentence in sentences {
            let rate = RATE * (1.0 - done as f32 / all as f32).max(1e-3);
            done += sentence.len();
            kept.clear();
            kept.extend(sentence.iter().copied().filter(|&w| random.unit() < keep[w as usize]));
            for at in 0..kept.len() {
                let reach = 1 + (random.next() as usize) % WINDOW;
                let center = kept[at] as usize;
                let (from, to) = (at.saturating_sub(reach), (at + reach).min(kept.len() - 1));
                for other in (from..=to).filter(|&other| other != at) {
                    let side = usize::from(other > at);
                    let mut change = [0f32; DIMENSIONS];
                    for negative in 0..=NEGATIVES {
                        let (target, label) = if negative == 0 {
                            (kept[other] as usize, 1.0)
                        } else {
                            (negatives[random.next() as usize % negatives.len()] as usize, 0.0)
                        };
                        if negative > 0 && target == kept[other] as usize {
                            continue;
                        }
                        step(&inner[center], &mut outer[target * 2 + side], label, rate, &mut change);
                    }
                    inner[center].iter_mut().zip(&change).for_each(|(v, c)| *v += c);
                }
            }
        }
    }
    inner
}

fn step(
    inner: &[f32; DIMENSIONS],
    outer: &mut [f32; DIMENSIONS],
    label: f32,
    rate: f32,
    change: &mut [f32; DIMENSIONS],
) {
    let product = dot(inner, outer);
    let gradient = (label - 1.0 / (1.0 + (-product).exp())) * rate;
    for ((o, i), c) in outer.iter_mut().zip(inner).zip(change) {
        *c += gradient * *o;
        *o += gradient * i;
    }
}

fn dot(a: &[f32; DIMENSIONS], b: &[f32; DIMENSIONS]) -> f32 {
    // Eight sums at a time, so that the compiler can use vector registers.
    let mut sums = [0f32; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}

/// Words in proportion to their frequency to the power of ¾.
fn negative_table(counts: &[u32]) -> Vec<u32> {
    let total: f64 = counts.iter().map(|&n| (n as f64).powf(0.75)).sum();
    let mut table = Vec::new();
    for (word, &n) in counts.iter().enumerate() {
        let slots = ((n as f64).powf(0.75) / total * 1e6).ceil() as usize;
        table.extend(std::iter::repeat_n(word as u32, slots));
    }
    table
}

/// Cluster of each vector (of `k`), and the clusters' centres; vectors are compared by direction. `weights` says how
/// much a vector pulls at its centre.
pub fn cluster(
    vectors: &[[f32; DIMENSIONS]],
    weights: &[f32],
    k: usize,
    rounds: usize,
) -> (Vec<u16>, Vec<[f32; DIMENSIONS]>) {
    let units: Vec<[f32; DIMENSIONS]> = vectors.iter().map(unit).collect();
    let mut random = Random(0xFEED_BEEF_1357_9BDF);
    // The heaviest vectors' neighbourhood is dense: begin with centres spread over all.
    let mut centres: Vec<[f32; DIMENSIONS]> =
        (0..k).map(|_| units[random.next() as usize % units.len()]).collect();
    let mut members = vec![0u16; units.len()];
    for _ in 0..rounds {
        for (member, vector) in members.iter_mut().zip(&units) {
            let mut best = f32::NEG_INFINITY;
            for (index, centre) in centres.iter().enumerate() {
                let closeness = dot(vector, centre);
                if closeness > best {
                    best = closeness;
                    *member = index as u16;
                }
            }
        }
        let mut sums = vec![[0f32; DIMENSIONS]; k];
        for ((vector, &member), weight) in units.iter().zip(&members).zip(weights) {
            sums[member as usize].iter_mut().zip(vector).for_each(|(s, v)| *s += v * weight);
        }
        for (centre, sum) in centres.iter_mut().zip(&sums) {
            *centre =
                if dot(sum, sum) > 0.0 { unit(sum) } else { units[random.next() as usize % units.len()] };
        }
    }
    (members, centres)
}

fn unit(vector: &[f32; DIMENSIONS]) -> [f32; DIMENSIONS] {
    let length = dot(vector, vector).sqrt().max(1e-9);
    vector.map(|v| v / length)
}

/// xorshift64*
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32) as u32
    }

    fn unit(&mut self) -> f32 {
        self.next() as f32 / u32::MAX as f32
    }
}
