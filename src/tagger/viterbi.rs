//! The best sequence of tags, and the sums over all sequences.

/// Score of a tag that may not follow another.
pub const FORBIDDEN: f32 = -1e4;

/// Numbers that are worked on at once: rows of scores are padded to a multiple of it.
const LANES: usize = 16;

/// Memory that decoding reuses.
#[derive(Debug, Default, Clone)]
pub struct Lattice {
    /// For each token and tag, the score of the best path that ends there; rows are padded.
    best: Vec<f32>,
    /// The transitions, rows padded.
    padded: Vec<f32>,
}

impl Lattice {
    /// The best path through `emissions` (tokens × `tags`, row by row) into `path`; its score.
    ///
    /// `transitions[a * tags + b]` is the score of `b` behind `a`; `start[b]` of `b` at the beginning.
    pub fn decode(
        &mut self,
        emissions: &[f32],
        tags: usize,
        start: &[f32],
        transitions: &[f32],
        path: &mut Vec<u8>,
    ) -> f32 {
        path.clear();
        let tokens = emissions.len() / tags;
        if tokens == 0 {
            return 0.0;
        }
        let width = tags.next_multiple_of(LANES);
        self.padded.clear();
        self.padded.resize(tags * width, 0.0);
        for (padded, row) in self.padded.chunks_exact_mut(width).zip(transitions.chunks_exact(tags)) {
            padded[..tags].copy_from_slice(row);
        }
        self.best.clear();
        self.best.resize(tokens * width, f32::NEG_INFINITY);
        for (best, (start, emission)) in self.best.iter_mut().zip(start.iter().zip(emissions)) {
            *best = start + emission;
        }
        for token in 1..tokens {
            let (before, here) = self.best.split_at_mut(token * width);
            let before = &before[(token - 1) * width..][..tags];
            let here = &mut here[..width];
            for (chunk, here) in here.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                *here = best_behind(before, &self.padded[chunk * LANES..], width);
            }
            for (score, emission) in here.iter_mut().zip(&emissions[token * tags..][..tags]) {
                *score += emission;
            }
        }
        let last = &self.best[(tokens - 1) * width..][..tags];
        let (mut tag, mut score) = (0, f32::NEG_INFINITY);
        for (candidate, &value) in last.iter().enumerate() {
            if value > score {
                (tag, score) = (candidate, value);
            }
        }
        path.resize(tokens, 0);
        for token in (0..tokens).rev() {
            path[token] = tag as u8;
            if token > 0 {
                // Which tag the best path came from is asked of one tag for each token: cheaper than noting all.
                let before = &self.best[(token - 1) * width..][..tags];
                tag = came_from(before, &self.padded[tag..], width);
            }
        }
        score
    }
}

/// For each of some tags, the score of the best path through one of the tags `before` to it; `transitions` begins at
/// the first tag's column, its rows `width` apart.
#[inline]
fn best_behind(before: &[f32], transitions: &[f32], width: usize) -> [f32; LANES] {
    let mut next = [f32::NEG_INFINITY; LANES];
    for (from, &best) in before.iter().enumerate() {
        let Some(row) = transitions[from * width..].first_chunk::<LANES>() else { break };
        for (next, step) in next.iter_mut().zip(row) {
            let score = best + step;
            *next = if score > *next { score } else { *next };
        }
    }
    next
}

/// The first of the tags `before` whose path to a tag is best.
#[inline]
fn came_from(before: &[f32], transitions: &[f32], width: usize) -> usize {
    let (mut tag, mut most) = (0, f32::NEG_INFINITY);
    for (from, &best) in before.iter().enumerate() {
        let score = best + transitions[from * width];
        if score > most {
            (tag, most) = (from, score);
        }
    }
    tag
}

/// Memory that forward–backward reuses, and its result.
#[derive(Debug, Default, Clone)]
pub struct Marginals {
    forward: Vec<f32>,
    backward: Vec<f32>,
    scale: Vec<f32>,
    emissions: Vec<f32>,
    /// Probability of each tag at each token, row by row.
    pub unary: Vec<f32>,
}

/// Transition scores as factors: `exp` of them.
#[derive(Debug, Default, Clone)]
pub struct Factors {
    pub start: Vec<f32>,
    pub transitions: Vec<f32>,
}

impl Factors {
    /// Factors of the given scores.
    pub fn new(start: &[f32], transitions: &[f32]) -> Factors {
        let exp =
            |scores: &[f32]| scores.iter().map(|s| if *s <= FORBIDDEN { 0.0 } else { s.exp() }).collect();
        Factors { start: exp(start), transitions: exp(transitions) }
    }
}

/// Mass of a token's tags below which a path counts as impossible; its inverse must not overflow when multiplied.
const LEAST_MASS: f32 = 1e-18;

impl Marginals {
    /// Probabilities of the tags of one sentence, given `allowed` bits for each token where there are any;
    /// returns the logarithm of the sum over all (allowed) sequences.
    ///
    /// `pairs`, when given, gains `weight` times the expected number of each pair of neighbouring tags.
    pub fn compute(
        &mut self,
        emissions: &[f32],
        tags: usize,
        factors: &Factors,
        allowed: Option<&[u64]>,
        pairs: Option<(&mut [f32], f32)>,
    ) -> f64 {
        let tokens = emissions.len() / tags;
        for buffer in [&mut self.forward, &mut self.backward, &mut self.emissions, &mut self.unary] {
            buffer.clear();
            buffer.resize(tokens * tags, 0.0);
        }
        self.scale.clear();
        self.scale.resize(tokens, 0.0);
        let mut log_sum = 0f64;
        for token in 0..tokens {
            let row = &emissions[token * tags..(token + 1) * tags];
            let open = |tag: usize| allowed.is_none_or(|allowed| allowed[token] >> tag & 1 != 0);
            // The largest of the open ones: a closed tag far above them would leave them no digit.
            let opened = row.iter().enumerate().filter(|&(tag, _)| open(tag));
            let largest = opened.fold(f32::MIN, |m, (_, &s)| m.max(s));
            log_sum += largest as f64;
            for (tag, (out, score)) in self.emissions[token * tags..].iter_mut().zip(row).enumerate() {
                *out = if open(tag) { (score - largest).exp() } else { 0.0 };
            }
        }
        for token in 0..tokens {
            let (before, here) = self.forward.split_at_mut(token * tags);
            let here = &mut here[..tags];
            if token == 0 {
                here.copy_from_slice(&factors.start);
            } else {
                for (a, &mass) in before[(token - 1) * tags..].iter().enumerate() {
                    if mass > 0.0 {
                        for (out, factor) in
                            here.iter_mut().zip(&factors.transitions[a * tags..(a + 1) * tags])
                        {
                            *out += mass * factor;
                        }
                    }
                }
            }
            let mut sum = 0.0;
            for (out, emission) in here.iter_mut().zip(&self.emissions[token * tags..]) {
                *out *= emission;
                sum += *out;
            }
            let sum = sum.max(LEAST_MASS);
            self.scale[token] = 1.0 / sum;
            log_sum += (sum as f64).ln();
            here.iter_mut().for_each(|out| *out /= sum);
        }
        if tokens > 0 {
            self.backward[(tokens - 1) * tags..].fill(1.0);
        }
        let mut behind = vec![0.0; tags];
        for token in (0..tokens.saturating_sub(1)).rev() {
            let (here, after) = self.backward.split_at_mut((token + 1) * tags);
            for ((out, b), e) in behind.iter_mut().zip(&*after).zip(&self.emissions[(token + 1) * tags..]) {
                *out = b * e * self.scale[token + 1];
            }
            for (a, out) in here[token * tags..].iter_mut().enumerate() {
                let row = &factors.transitions[a * tags..(a + 1) * tags];
                *out = row.iter().zip(&behind).map(|(f, b)| f * b).sum();
            }
        }
        for ((out, f), b) in self.unary.iter_mut().zip(&self.forward).zip(&self.backward) {
            *out = f * b;
        }
        if let Some((pairs, weight)) = pairs {
            for token in 1..tokens {
                let scale = self.scale[token] * weight;
                let here = token * tags..(token + 1) * tags;
                let masses = self.backward[here.clone()].iter().zip(&self.emissions[here]);
                for (out, (backward, emission)) in behind.iter_mut().zip(masses) {
                    *out = backward * emission * scale;
                }
                for a in 0..tags {
                    let mass = self.forward[(token - 1) * tags + a];
                    if mass > 0.0 {
                        let row = a * tags..(a + 1) * tags;
                        for ((out, f), b) in
                            pairs[row.clone()].iter_mut().zip(&factors.transitions[row]).zip(&behind)
                        {
                            *out += mass * f * b;
                        }
                    }
                }
            }
        }
        log_sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TAGS: usize = 3;

    /// Every sequence of `tokens` tags with its score: what the fast ways are checked against.
    fn all(emissions: &[f32], start: &[f32], transitions: &[f32]) -> Vec<(Vec<u8>, f32)> {
        let tokens = emissions.len() / TAGS;
        let mut paths = vec![(Vec::new(), 0.0)];
        for token in 0..tokens {
            let mut longer = Vec::new();
            for (path, score) in &paths {
                for tag in 0..TAGS {
                    let step = match path.last() {
                        None => start[tag],
                        Some(&last) => transitions[last as usize * TAGS + tag],
                    };
                    let mut path: Vec<u8> = path.clone();
                    path.push(tag as u8);
                    longer.push((path, score + step + emissions[token * TAGS + tag]));
                }
            }
            paths = longer;
        }
        paths
    }

    /// The textbook's way, one number at a time; of equally good paths the one whose last tags are lowest.
    fn decode_slowly(emissions: &[f32], tags: usize, start: &[f32], transitions: &[f32]) -> Vec<u8> {
        let tokens = emissions.len() / tags;
        let mut best: Vec<f32> = start.iter().zip(emissions).map(|(s, e)| s + e).collect();
        let mut from = vec![0; tokens * tags];
        for token in 1..tokens {
            let mut next = vec![f32::NEG_INFINITY; tags];
            for a in 0..tags {
                for b in 0..tags {
                    let score = best[a] + transitions[a * tags + b];
                    if score > next[b] {
                        next[b] = score;
                        from[token * tags + b] = a;
                    }
                }
            }
            best = (0..tags).map(|tag| next[tag] + emissions[token * tags + tag]).collect();
        }
        let first_best =
            |tag: &usize, other: &usize| best[*tag].total_cmp(&best[*other]).then(other.cmp(tag));
        let mut tag = (0..tags).max_by(first_best).unwrap();
        let mut path = vec![0; tokens];
        for token in (0..tokens).rev() {
            path[token] = tag as u8;
            tag = from[token * tags + tag];
        }
        path
    }

    proptest! {
        #[test]
        fn rows_of_any_width_decode_as_one_number_at_a_time(
            tags in prop_oneof![Just(1usize), Just(13), Just(16), Just(17), Just(35)],
            numbers in proptest::collection::vec(-2i8..3, 35 * 46),
        ) {
            // Small whole numbers: many paths are equally good.
            let scores: Vec<f32> = numbers.iter().map(|&n| n as f32).collect();
            let (transitions, rest) = scores.split_at(tags * tags);
            let (start, emissions) = rest.split_at(tags);
            let emissions = &emissions[..(emissions.len() / tags).min(10) * tags];
            let mut path = Vec::new();
            Lattice::default().decode(emissions, tags, start, transitions, &mut path);
            prop_assert_eq!(path, decode_slowly(emissions, tags, start, transitions));
        }

        #[test]
        fn decoding_finds_the_best_of_all_sequences(
            emissions in proptest::collection::vec(-3f32..3.0, TAGS..=5 * TAGS),
            start in proptest::collection::vec(-2f32..2.0, TAGS),
            transitions in proptest::collection::vec(-2f32..2.0, TAGS * TAGS),
        ) {
            let emissions = &emissions[..emissions.len() / TAGS * TAGS];
            let mut path = Vec::new();
            let score = Lattice::default().decode(emissions, TAGS, &start, &transitions, &mut path);
            let best = all(emissions, &start, &transitions).into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
            prop_assert!((score - best.1).abs() < 1e-3);
            prop_assert_eq!(path, best.0);
        }

        #[test]
        fn marginals_agree_with_enumeration(
            emissions in proptest::collection::vec(-3f32..3.0, TAGS..=4 * TAGS),
            start in proptest::collection::vec(-2f32..2.0, TAGS),
            transitions in proptest::collection::vec(-2f32..2.0, TAGS * TAGS),
            masks in proptest::collection::vec(1u64..8, 4),
        ) {
            let emissions = &emissions[..emissions.len() / TAGS * TAGS];
            let tokens = emissions.len() / TAGS;
            let factors = Factors::new(&start, &transitions);
            for allowed in [None, Some(&masks[..tokens])] {
                let mut pairs = vec![0.0; TAGS * TAGS];
                let mut marginals = Marginals::default();
                let log_sum = marginals.compute(emissions, TAGS, &factors, allowed, Some((&mut pairs, 1.0)));
                let mut paths = all(emissions, &start, &transitions);
                paths.retain(|(path, _)| {
                    allowed.is_none_or(|m| path.iter().zip(m).all(|(tag, mask)| mask >> tag & 1 != 0))
                });
                let sum: f64 = paths.iter().map(|(_, score)| (*score as f64).exp()).sum();
                prop_assert!((log_sum - sum.ln()).abs() < 1e-3);
                let mut unary = vec![0f64; tokens * TAGS];
                let mut both = [0f64; TAGS * TAGS];
                for (path, score) in &paths {
                    let p = (*score as f64).exp() / sum;
                    for (token, &tag) in path.iter().enumerate() {
                        unary[token * TAGS + tag as usize] += p;
                    }
                    for pair in path.windows(2) {
                        both[pair[0] as usize * TAGS + pair[1] as usize] += p;
                    }
                }
                for (got, want) in marginals.unary.iter().zip(&unary) {
                    prop_assert!((*got as f64 - want).abs() < 1e-3);
                }
                for (got, want) in pairs.iter().zip(&both) {
                    prop_assert!((*got as f64 - want).abs() < 1e-3);
                }
            }
        }
    }

    #[test]
    fn nothing_in_nothing_out() {
        let mut path = vec![1];
        Lattice::default().decode(&[], TAGS, &[0.0; 3], &[0.0; 9], &mut path);
        assert!(path.is_empty());
        assert_eq!(Marginals::default().compute(&[], TAGS, &Factors::default(), None, None), 0.0);
    }
}
