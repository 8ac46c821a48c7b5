//! Boosted decision trees over rows of numbers, for every room that learns from numbers.
//!
//! The score of a row is the sum of one leaf of each tree, a logit. Training is gradient boosting on the logistic loss
//! over binned columns, without randomness: the same rows give the same trees.

use crate::{Error, Result};

/// An enum of the numbers that trees look at, each with a name for people, in the order of a row.
macro_rules! columns {
    ($(#[$about:meta])* $columns:ident { $($name:ident $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum $columns { $(#[doc = $text] $name,)* }

        impl $columns {
            /// All of them, in the order of their numbers.
            pub const ALL: &[$columns] = &[$($columns::$name,)*];

            /// A name for people.
            pub fn name(self) -> &'static str {
                match self { $($columns::$name => $text,)* }
            }
        }
    };
}
pub(crate) use columns;

/// One inner node, or a leaf where `column` is [`LEAF`].
#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    column: u8,
    /// Rows whose value is at most this go to `left`, the others to `left + 1`.
    limit: f32,
    left: u16,
    /// What the rows of this node score: of use to leaves, and for explaining.
    value: f32,
}

const LEAF: u8 = u8::MAX;

/// Boosted trees.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trees {
    base: f32,
    /// Where each tree's nodes begin.
    roots: Vec<u32>,
    nodes: Vec<Node>,
    walk: Walk,
}

/// The trees laid out for walking: all go down the same number of steps, a leaf leads to itself. No step then depends on
/// a branch, and the steps of [`ABREAST`] trees overlap.
#[derive(Debug, Clone, Default, PartialEq)]
struct Walk {
    /// Roots, filled up with a leaf of 0 to a multiple of [`ABREAST`].
    roots: Vec<u32>,
    steps: Vec<Step>,
    /// What each node scores.
    values: Vec<f32>,
    /// The most that the trees from the n-th [`ABREAST`] on can add.
    most: Vec<f32>,
    depth: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    limit: f32,
    /// The column in the highest eight bits, the left child in the others.
    next: u32,
}

/// Trees that are walked at a time.
const ABREAST: usize = 8;

const CHILD: u32 = (1 << 24) - 1;

impl Walk {
    fn new(roots: &[u32], nodes: &[Node]) -> Walk {
        let mut walk = Walk { roots: roots.to_vec(), ..Walk::default() };
        let ends = roots.iter().skip(1).copied().chain([nodes.len() as u32]);
        for (&root, end) in roots.iter().zip(ends) {
            let mut depths = vec![0; (end - root) as usize];
            for (at, node) in nodes[root as usize..end as usize].iter().enumerate() {
                let (limit, column, left) = match node.column {
                    LEAF => (f32::INFINITY, 0, at),
                    column => (node.limit, column, node.left as usize),
                };
                if left > at {
                    depths[left] = depths[at] + 1;
                    depths[left + 1] = depths[at] + 1;
                }
                walk.depth = walk.depth.max(depths[at]);
                walk.steps.push(Step { limit, next: (column as u32) << 24 | (root + left as u32) });
                walk.values.push(node.value);
            }
        }
        let nothing = walk.steps.len() as u32;
        walk.steps.push(Step { limit: f32::INFINITY, next: nothing });
        walk.values.push(0.0);
        walk.roots.resize(walk.roots.len().next_multiple_of(ABREAST), nothing);
        walk.most = walk.left_to_add(roots, nodes);
        walk
    }

    fn left_to_add(&self, roots: &[u32], nodes: &[Node]) -> Vec<f32> {
        let ends = roots.iter().skip(1).copied().chain([nodes.len() as u32]);
        let leaves = roots.iter().zip(ends).map(|(&root, end)| {
            let leaves = nodes[root as usize..end as usize].iter().filter(|node| node.column == LEAF);
            leaves.map(|leaf| leaf.value).fold(f32::NEG_INFINITY, f32::max)
        });
        let best: Vec<f32> = leaves.collect();
        let mut most: Vec<f32> = best.chunks(ABREAST).map(|chunk| chunk.iter().sum()).collect();
        for at in (1..most.len()).rev() {
            most[at - 1] += most[at];
        }
        most
    }
}

/// What training is to do.
#[derive(Debug, Clone, Copy)]
pub struct Growth {
    pub trees: usize,
    pub depth: usize,
    pub rate: f32,
    /// Least rows of a leaf.
    pub least: u32,
    /// L2 penalty of a leaf's value.
    pub l2: f32,
}

const BINS: usize = 32;

impl Trees {
    fn new(base: f32, roots: Vec<u32>, nodes: Vec<Node>) -> Trees {
        let walk = Walk::new(&roots, &nodes);
        Trees { base, roots, nodes, walk }
    }

    /// The logit of a row.
    pub fn score(&self, row: &[f32]) -> f32 {
        self.score_above(row, f32::NEG_INFINITY)
    }

    /// The logit of a row; where it cannot reach `least`, negative infinity, as soon as that is known.
    pub fn score_above(&self, row: &[f32], least: f32) -> f32 {
        /// What rounding may take from a sum.
        const ROUNDING: f32 = 1e-3;
        let Walk { roots, steps, values, most, depth } = &self.walk;
        let mut sum = self.base;
        let (abreast, _) = roots.as_chunks::<ABREAST>();
        for (roots, most) in abreast.iter().zip(most) {
            if sum + most + ROUNDING < least {
                return f32::NEG_INFINITY;
            }
            let mut at = *roots;
            for _ in 0..*depth {
                for at in &mut at {
                    let step = steps[*at as usize];
                    *at = (step.next & CHILD) + (row[(step.next >> 24) as usize] > step.limit) as u32;
                }
            }
            // One after the other, so that the sum does not depend on how many are walked at a time.
            for at in at {
                sum += values[at as usize];
            }
        }
        sum
    }

    /// What each column adds to the logit of a row: each step down a tree counts for the column that it asks for.
    pub fn shares(&self, row: &[f32]) -> Vec<f32> {
        let mut shares = vec![0.0; row.len()];
        for &root in &self.roots {
            let nodes = &self.nodes[root as usize..];
            let mut at = 0;
            while nodes[at].column != LEAF {
                let node = nodes[at];
                at = node.left as usize + (row[node.column as usize] > node.limit) as usize;
                shares[node.column as usize] += nodes[at].value - node.value;
            }
        }
        shares
    }

    /// The trees as bytes; [`Trees::from_bytes`] reads them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.base.to_le_bytes().to_vec();
        bytes.extend((self.roots.len() as u32).to_le_bytes());
        bytes.extend((self.nodes.len() as u32).to_le_bytes());
        self.roots.iter().for_each(|root| bytes.extend(root.to_le_bytes()));
        for node in &self.nodes {
            bytes.push(node.column);
            bytes.extend(node.limit.to_le_bytes());
            bytes.extend(node.left.to_le_bytes());
            bytes.extend(node.value.to_le_bytes());
        }
        bytes
    }

    /// Trees over rows of `columns` numbers from the bytes of [`Trees::to_bytes`].
    ///
    /// # Errors
    /// Bytes that are no such trees.
    pub fn from_bytes(bytes: &[u8], columns: usize) -> Result<Trees> {
        let wrong = || Error::Model("not decision trees of this version".into());
        let word = |at: usize| -> Result<[u8; 4]> {
            bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).ok_or_else(wrong)
        };
        let (roots, nodes) = (u32::from_le_bytes(word(4)?) as usize, u32::from_le_bytes(word(8)?) as usize);
        let begin = 12 + 4 * roots;
        if bytes.len() != begin + 11 * nodes {
            return Err(wrong());
        }
        let roots =
            (0..roots).map(|i| Ok(u32::from_le_bytes(word(12 + 4 * i)?))).collect::<Result<Vec<_>>>()?;
        let nodes = (0..nodes).map(|i| {
            let at = begin + 11 * i;
            Ok(Node {
                column: bytes[at],
                limit: f32::from_le_bytes(word(at + 1)?),
                left: u16::from_le_bytes([bytes[at + 5], bytes[at + 6]]),
                value: f32::from_le_bytes(word(at + 7)?),
            })
        });
        let nodes = nodes.collect::<Result<Vec<_>>>()?;
        if !is_sound(&roots, &nodes, columns) {
            return Err(wrong());
        }
        Ok(Trees::new(f32::from_le_bytes(word(0)?), roots, nodes))
    }

    /// Grow trees on `rows` and whether each is right.
    pub fn train<const N: usize>(rows: &[[f32; N]], right: &[bool], growth: Growth) -> Trees {
        if rows.is_empty() {
            return Trees::default();
        }
        let limits: Vec<Vec<f32>> = (0..N).map(|column| limits(rows, column)).collect();
        let mut bins = vec![0u8; rows.len() * N];
        for (row, bins) in rows.iter().zip(bins.chunks_mut(N)) {
            for ((value, bin), limits) in row.iter().zip(bins).zip(&limits) {
                *bin = limits.partition_point(|limit| limit < value) as u8;
            }
        }
        let share = right.iter().filter(|r| **r).count() as f32 / rows.len() as f32;
        let share = share.clamp(1e-4, 1.0 - 1e-4);
        let base = (share / (1.0 - share)).ln();
        let (mut roots, mut nodes) = (Vec::new(), Vec::new());
        let mut scores = vec![base; rows.len()];
        let mut slopes = vec![(0f32, 0f32); rows.len()];
        for _ in 0..growth.trees {
            for ((slope, score), right) in slopes.iter_mut().zip(&scores).zip(right) {
                let p = 1.0 / (1.0 + (-score).exp());
                *slope = (*right as u8 as f32 - p, p * (1.0 - p));
            }
            let mut grower =
                Grower { width: N, bins: &bins, limits: &limits, slopes: &slopes, growth, nodes: Vec::new() };
            grower.grow((0..rows.len() as u32).collect(), &mut scores);
            roots.push(nodes.len() as u32);
            nodes.append(&mut grower.nodes);
        }
        Trees::new(base, roots, nodes)
    }
}

/// Every step leads further on inside its tree, and asks for a column that is there.
fn is_sound(roots: &[u32], nodes: &[Node], columns: usize) -> bool {
    let ends = roots.iter().skip(1).copied().chain([nodes.len() as u32]);
    let walkable = nodes.len() < CHILD as usize && columns > 0 && roots.first().is_none_or(|&root| root == 0);
    walkable
        && roots.iter().zip(ends).all(|(&root, end)| {
            root < end
                && end as usize <= nodes.len()
                && nodes[root as usize..end as usize].iter().enumerate().all(|(at, node)| {
                    node.column == LEAF
                        || (node.column as usize) < columns
                            && node.left as usize > at
                            && (node.left as u32 + 1) < end - root
                })
        })
}

/// At most [`BINS`] − 1 limits that cut a column into parts of like size.
fn limits<const N: usize>(rows: &[[f32; N]], column: usize) -> Vec<f32> {
    let mut values: Vec<f32> = rows.iter().map(|row| row[column]).collect();
    values.sort_by(f32::total_cmp);
    let mut limits: Vec<f32> = (1..BINS).map(|i| values[(values.len() - 1) * i / BINS]).collect();
    limits.dedup();
    // A limit at the largest value cuts nothing off.
    if limits.last() == values.last() {
        limits.pop();
    }
    limits
}

struct Grower<'a> {
    width: usize,
    bins: &'a [u8],
    limits: &'a [Vec<f32>],
    slopes: &'a [(f32, f32)],
    growth: Growth,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    gradient: f64,
    curvature: f64,
    count: u32,
}

struct Split {
    gain: f64,
    column: usize,
    bin: usize,
}

impl Grower<'_> {
    /// Grow one tree over all rows, level by level, and add its leaves to the rows' scores.
    fn grow(&mut self, rows: Vec<u32>, scores: &mut [f32]) {
        self.nodes.push(self.node(&rows));
        let mut level = vec![(0usize, rows)];
        for depth in 0..=self.growth.depth {
            let mut next = Vec::new();
            for (at, rows) in level {
                let split = if depth < self.growth.depth { self.best(&rows) } else { None };
                let Some(split) = split else {
                    let value = self.nodes[at].value;
                    rows.iter().for_each(|&row| scores[row as usize] += value);
                    continue;
                };
                let goes_left =
                    |row: &u32| self.bins[*row as usize * self.width + split.column] as usize <= split.bin;
                let (left, right): (Vec<u32>, Vec<u32>) = rows.iter().partition(|row| goes_left(row));
                let begin = self.nodes.len();
                let node = &mut self.nodes[at];
                node.column = split.column as u8;
                node.limit = self.limits[split.column][split.bin];
                node.left = begin as u16;
                let (a, b) = (self.node(&left), self.node(&right));
                self.nodes.extend([a, b]);
                next.extend([(begin, left), (begin + 1, right)]);
            }
            level = next;
        }
    }

    fn node(&self, rows: &[u32]) -> Node {
        let (gradient, curvature) = rows.iter().fold((0f64, 0f64), |(g, h), &row| {
            let slope = self.slopes[row as usize];
            (g + slope.0 as f64, h + slope.1 as f64)
        });
        let value = self.growth.rate as f64 * gradient / (curvature + self.growth.l2 as f64);
        Node { column: LEAF, limit: 0.0, left: 0, value: value as f32 }
    }

    fn best(&self, rows: &[u32]) -> Option<Split> {
        let mut sums = vec![Sum::default(); self.width * BINS];
        for &row in rows {
            let (gradient, curvature) = self.slopes[row as usize];
            let bins = &self.bins[row as usize * self.width..][..self.width];
            for (sums, &bin) in sums.chunks_mut(BINS).zip(bins) {
                let sum = &mut sums[bin as usize];
                sum.gradient += gradient as f64;
                sum.curvature += curvature as f64;
                sum.count += 1;
            }
        }
        let l2 = self.growth.l2 as f64;
        let worth = |sum: Sum| sum.gradient * sum.gradient / (sum.curvature + l2);
        let mut best: Option<Split> = None;
        for (column, sums) in sums.chunks(BINS).enumerate() {
            let all = sums.iter().fold(Sum::default(), |a, b| add(a, *b));
            let mut left = Sum::default();
            for (bin, sum) in sums.iter().take(self.limits[column].len()).enumerate() {
                left = add(left, *sum);
                let right = Sum {
                    gradient: all.gradient - left.gradient,
                    curvature: all.curvature - left.curvature,
                    count: all.count - left.count,
                };
                if left.count < self.growth.least || right.count < self.growth.least {
                    continue;
                }
                let gain = worth(left) + worth(right) - worth(all);
                if gain > 1e-3 && best.as_ref().is_none_or(|b| gain > b.gain) {
                    best = Some(Split { gain, column, bin });
                }
            }
        }
        best
    }
}

fn add(a: Sum, b: Sum) -> Sum {
    Sum { gradient: a.gradient + b.gradient, curvature: a.curvature + b.curvature, count: a.count + b.count }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROWTH: Growth = Growth { trees: 30, depth: 3, rate: 0.3, least: 2, l2: 1.0 };

    /// Rows that are right where exactly one of two columns is large.
    fn either() -> (Vec<[f32; 3]>, Vec<bool>) {
        let rows: Vec<[f32; 3]> =
            (0..200).map(|i| [(i % 10) as f32, (i / 10 % 10) as f32 + 0.1 * (i % 2) as f32, 1.0]).collect();
        let right = rows.iter().map(|r| (r[0] > 4.5) != (r[1] > 4.5)).collect();
        (rows, right)
    }

    #[test]
    fn learns_a_conjunction_and_survives_saving() {
        let (rows, right) = either();
        let trees = Trees::train(&rows, &right, GROWTH);
        let trees = Trees::from_bytes(&trees.to_bytes(), 3).unwrap();
        for (row, right) in rows.iter().zip(right) {
            assert_eq!(trees.score(row) > 0.0, right, "{row:?}");
        }
    }

    #[test]
    fn walking_abreast_agrees_with_walking_each_tree() {
        let (rows, right) = either();
        for count in [1, 7, 8, 30] {
            let trees = Trees::train(&rows, &right, Growth { trees: count, depth: 4, ..GROWTH });
            let odd = [[f32::NAN, f32::INFINITY, -1.0], [f32::NEG_INFINITY, 4.5, f32::NAN]];
            for row in rows.iter().chain(&odd) {
                let mut sum = trees.base;
                for &root in &trees.roots {
                    let nodes = &trees.nodes[root as usize..];
                    let mut at = 0;
                    while nodes[at].column != LEAF {
                        at = nodes[at].left as usize
                            + (row[nodes[at].column as usize] > nodes[at].limit) as usize;
                    }
                    sum += nodes[at].value;
                }
                assert_eq!(trees.score(row).to_bits(), sum.to_bits(), "{count} trees, {row:?}");
                for least in [-8.0, -2.0, sum, 0.5, 4.0] {
                    let above = trees.score_above(row, least);
                    assert!(
                        above == sum || above == f32::NEG_INFINITY && sum < least,
                        "{above} {sum} {least}"
                    );
                }
                assert_eq!(trees.score_above(row, f32::INFINITY), f32::NEG_INFINITY);
            }
        }
        assert_eq!(Trees::default().score(&[]), 0.0);
    }

    #[test]
    fn shares_sum_to_the_score() {
        let (rows, right) = either();
        let trees = Trees::train(&rows, &right, GROWTH);
        let roots: f32 = trees.roots.iter().map(|&root| trees.nodes[root as usize].value).sum();
        for row in &rows {
            let sum: f32 = trees.shares(row).iter().sum();
            assert!((trees.base + roots + sum - trees.score(row)).abs() < 1e-3);
            assert_eq!(trees.shares(row)[2], 0.0);
        }
    }

    #[test]
    fn foreign_bytes_are_refused() {
        let (rows, right) = either();
        let bytes = Trees::train(&rows, &right, GROWTH).to_bytes();
        assert!(Trees::from_bytes(&bytes[..bytes.len() - 1], 3).is_err());
        assert!(Trees::from_bytes(&bytes, 1).is_err());
        assert!(Trees::from_bytes(b"", 3).is_err());
    }
}
