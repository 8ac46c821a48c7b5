//! How two actors stand to each other: many relation mentions made one score per pair.
//!
//! **Who is a pair.** By default rows are directed: `source → target`. A claim of a symmetric family (COOPERATE, RIVAL, …)
//! holds both ways and counts in both rows, so a filter on either column finds it. With [`Direction::Undirected`] there is
//! one row for two actors, in which every claim counts once.
//!
//! **What counts once.** A document speaks once per pair and family, with its strongest assertion (the mention whose score
//! is farthest from 0) and, if it also denies the claim, with one denial, which says 0. Claims of families with intensity
//! 0 (who leads whom, who is based where) are counted as mentions and leave the score alone.
//!
//! **Score.** Every such statement i has the value x = intensity × factuality weight and the weight w = its confidence, so
//! w·x is the mention's own score. With k documents' worth of prior at m:
//! score = (k·m + Σ w·x) / (k + Σ w). `cooperation` and `conflict` are the positive and the negative part of Σ w·x.
//!
//! **Interval.** `low … high` holds what the next document of full confidence will say of the pair with 90 % probability:
//! the posterior predictive Student t of the normal-inverse-gamma model with these sufficient statistics (Gelman et al.,
//! *Bayesian Data Analysis*, 3rd ed., 3.3), cut at ±10. It narrows as agreeing documents come in, and stays as wide as the
//! disagreement where a pair has both cooperation and conflict.
//!
//! [`PairStatistics`] of two parts of a corpus merge to exactly those of the whole, wherever it is cut.

use std::sync::Arc;

use ndarray::{Array1, Array2, ArrayView1, Axis, Zip};
use rustc_hash::{FxHashMap, FxHashSet};

use super::association::measures;
use super::names::Names;
pub use super::settings::Score as Prior;
use super::settings::Settings;
use crate::relation::Factuality;
use crate::{Error, Result};

/// What one relation mention says about its pair.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    pub doc: u32,
    /// The caller's number for the values of the extra grouping columns; 0 where there are none.
    pub group: u32,
    pub family: &'a str,
    pub source: &'a str,
    pub target: &'a str,
    pub symmetric: bool,
    pub factuality: Factuality,
    pub negated: bool,
    /// −10 to +10: of the family.
    pub intensity: f64,
    /// 0–1.
    pub confidence: f64,
    /// Intensity × factuality weight × confidence; 0 when negated.
    pub score: f64,
    /// ISO 8601, as precise as it is known.
    pub date: Option<&'a str>,
}

/// Whether A → B and B → A are two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Directed,
    Undirected,
}

/// Pairs as columns of one length: by group, those with most documents first, then by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pairs {
    pub group: Vec<u32>,
    pub source: Vec<Arc<str>>,
    pub target: Vec<Arc<str>>,
    pub n_mentions: Vec<u32>,
    pub n_docs: Vec<u32>,
    /// Mentions asserted as fact.
    pub n_certain: Vec<u32>,
    /// Mentions that are neither certain nor negated.
    pub n_hedged: Vec<u32>,
    pub n_negated: Vec<u32>,
    /// Sum of the positive scores, each document and family once.
    pub cooperation: Vec<f64>,
    /// Sum of the negative scores, without their sign.
    pub conflict: Vec<f64>,
    pub score: Vec<f64>,
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    /// Over the group's documents that have relations: how much more often both actors take part in some relation of one
    /// document than their numbers of documents suggest.
    pub npmi: Vec<f64>,
    pub g2: Vec<f64>,
    /// Names of the families joined by commas, the one in most documents first.
    pub families: Vec<String>,
    /// Earliest and latest date of a mention.
    pub first: Vec<Option<Arc<str>>>,
    pub last: Vec<Option<Arc<str>>>,
}

/// One document's statements of one family about one pair. All parts are counts or extremes, so they merge exactly.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
struct Statement {
    certain: u32,
    hedged: u32,
    negated: u32,
    /// The strongest assertion: score and confidence.
    assertion: Option<(f64, f64)>,
    /// Highest confidence of a denial.
    denial: Option<f64>,
    /// False for families of intensity 0.
    scored: bool,
    first: Option<u32>,
    last: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    group: u32,
    source: u32,
    target: u32,
    doc: u32,
    family: u32,
    symmetric: bool,
}

/// What pair scores are computed from. Add claims in any order; memory grows with the distinct
/// (pair, document, family), not with the text.
#[derive(Clone, Debug, Default)]
pub struct PairStatistics {
    actors: Names,
    families: Names,
    dates: Names,
    statements: FxHashMap<Key, Statement>,
}

impl PairStatistics {
    /// Count one claim. One of an actor about itself says nothing about a pair and is left out.
    ///
    /// # Errors
    /// [`Error::Value`] when confidence is outside of 0–1 or score or intensity outside of −10…+10.
    pub fn add(&mut self, claim: &Claim) -> Result<()> {
        check("confidence", claim.confidence, 0.0, 1.0)?;
        check("score", claim.score, -10.0, 10.0)?;
        check("intensity", claim.intensity, -10.0, 10.0)?;
        if claim.source == claim.target {
            return Ok(());
        }
        let swap = claim.symmetric && claim.target < claim.source;
        let (source, target) = if swap { (claim.target, claim.source) } else { (claim.source, claim.target) };
        let key = Key {
            group: claim.group,
            source: self.actors.intern(source),
            target: self.actors.intern(target),
            doc: claim.doc,
            family: self.families.intern(claim.family),
            symmetric: claim.symmetric,
        };
        let date = claim.date.map(|date| self.dates.intern(date));
        let statement = Statement::of(claim, date);
        self.put(key, statement);
        Ok(())
    }

    /// Add what another part of the corpus has; documents and groups must be numbered alike in both.
    pub fn merge(&mut self, other: &PairStatistics) {
        let actors: Vec<u32> = other.actors.iter().map(|name| self.actors.intern(name)).collect();
        let families: Vec<u32> = other.families.iter().map(|name| self.families.intern(name)).collect();
        let dates: Vec<u32> = other.dates.iter().map(|date| self.dates.intern(date)).collect();
        for (key, statement) in &other.statements {
            let key = Key {
                source: actors[key.source as usize],
                target: actors[key.target as usize],
                family: families[key.family as usize],
                ..*key
            };
            let date = |id: Option<u32>| id.map(|id| dates[id as usize]);
            let (first, last) = (date(statement.first), date(statement.last));
            self.put(key, Statement { first, last, ..*statement });
        }
    }

    fn put(&mut self, key: Key, statement: Statement) {
        let dates = &self.dates;
        let known = self.statements.entry(key).or_default();
        known.absorb(&statement, |date| dates.get(date).clone());
    }

    /// The pairs with the built-in prior.
    ///
    /// # Errors
    /// Only if the built-in settings do not read.
    pub fn pairs(&self, direction: Direction) -> Result<Pairs> {
        Ok(self.pairs_with(direction, &Settings::built_in()?.score))
    }

    /// The pairs with a prior of one's own.
    pub fn pairs_with(&self, direction: Direction, prior: &Prior) -> Pairs {
        let rows = self.rows(direction);
        let mut pairs = Pairs::default();
        let spans: Vec<&[Row]> =
            rows.chunk_by(|a, b| (a.group, a.source, a.target) == (b.group, b.source, b.target)).collect();
        let mut sums = Array2::zeros((spans.len(), SUMS));
        let mut company = Array2::zeros((spans.len(), 4));
        let documents = self.documents();
        for (index, span) in spans.iter().enumerate() {
            let row = &span[0];
            self.describe(span, &mut pairs);
            accumulate(span, &mut sums.row_mut(index));
            company.row_mut(index).assign(&documents.company(row));
        }
        score(&sums, prior, &mut pairs);
        let column = |index| company.column(index);
        let (npmi, g2) = measures(column(0), column(1), column(2), column(3));
        (pairs.npmi, pairs.g2) = (npmi.to_vec(), g2.to_vec());
        pairs.by_documents()
    }

    /// One row for each statement and each pair that it counts for, in an order that does not depend on how the
    /// statistics came about.
    fn rows(&self, direction: Direction) -> Vec<Row> {
        let (actors, families) = (self.actors.ranks(), self.families.ranks());
        let mut rows = Vec::with_capacity(self.statements.len());
        for (key, &statement) in &self.statements {
            let row = Row { group: key.group, source: key.source, target: key.target, key: *key, statement };
            let reversed = Row { source: key.target, target: key.source, ..row };
            match direction {
                Direction::Directed => {
                    rows.push(row);
                    rows.extend(key.symmetric.then_some(reversed));
                }
                Direction::Undirected => {
                    let sorted = actors[key.source as usize] < actors[key.target as usize];
                    rows.push(if sorted { row } else { reversed });
                }
            }
        }
        rows.sort_unstable_by_key(|row| {
            let pair = (row.group, actors[row.source as usize], actors[row.target as usize]);
            (
                pair,
                row.key.doc,
                families[row.key.family as usize],
                actors[row.key.source as usize],
                row.key.symmetric,
            )
        });
        rows
    }

    fn documents(&self) -> Documents {
        let mut documents = Documents::default();
        for key in self.statements.keys() {
            for actor in [key.source, key.target] {
                documents.of_actor.entry((key.group, actor)).or_default().insert(key.doc);
            }
            documents.of_group.entry(key.group).or_default().insert(key.doc);
        }
        documents
    }

    /// All columns that are not computed from sums.
    fn describe(&self, rows: &[Row], pairs: &mut Pairs) {
        let row = &rows[0];
        pairs.group.push(row.group);
        pairs.source.push(self.actors.get(row.source).clone());
        pairs.target.push(self.actors.get(row.target).clone());
        let count = |part: fn(&Statement) -> u32| rows.iter().map(|row| part(&row.statement)).sum::<u32>();
        pairs.n_certain.push(count(|s| s.certain));
        pairs.n_hedged.push(count(|s| s.hedged));
        pairs.n_negated.push(count(|s| s.negated));
        pairs.n_mentions.push(count(|s| s.certain + s.hedged + s.negated));
        pairs.n_docs.push(rows.chunk_by(|a, b| a.key.doc == b.key.doc).count() as u32);
        pairs.families.push(self.family_names(rows));
        let dates = |part: fn(&Statement) -> Option<u32>| {
            rows.iter().filter_map(move |row| part(&row.statement)).map(|date| self.dates.get(date).clone())
        };
        pairs.first.push(dates(|s| s.first).min());
        pairs.last.push(dates(|s| s.last).max());
    }

    fn family_names(&self, rows: &[Row]) -> String {
        let mut documents: FxHashMap<u32, FxHashSet<u32>> = FxHashMap::default();
        for row in rows {
            documents.entry(row.key.family).or_default().insert(row.key.doc);
        }
        let mut families: Vec<(usize, &str)> =
            documents.iter().map(|(&family, docs)| (docs.len(), &**self.families.get(family))).collect();
        families.sort_unstable_by_key(|&(docs, name)| (std::cmp::Reverse(docs), name));
        families.into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(",")
    }
}

fn check(what: &str, value: f64, low: f64, high: f64) -> Result<()> {
    // Rounding to f32 may carry a product of exact bounds a little beyond them.
    if (low - 1e-6..=high + 1e-6).contains(&value) {
        Ok(())
    } else {
        Err(Error::Value(format!("{what} {value} is outside of {low} to {high}")))
    }
}

impl Statement {
    fn of(claim: &Claim, date: Option<u32>) -> Statement {
        let certain = !claim.negated && claim.factuality == Factuality::Certain;
        Statement {
            certain: certain.into(),
            hedged: (!claim.negated && !certain).into(),
            negated: claim.negated.into(),
            assertion: (!claim.negated).then_some((claim.score, claim.confidence)),
            denial: claim.negated.then_some(claim.confidence),
            scored: claim.intensity != 0.0,
            first: date,
            last: date,
        }
    }

    /// Commutative, associative, and exact.
    fn absorb(&mut self, other: &Statement, date: impl Fn(u32) -> Arc<str>) {
        self.certain += other.certain;
        self.hedged += other.hedged;
        self.negated += other.negated;
        self.scored |= other.scored;
        let stronger = |a: &(f64, f64), b: &(f64, f64)| {
            let by_size = a.0.abs().total_cmp(&b.0.abs());
            by_size.then(a.0.total_cmp(&b.0)).then(a.1.total_cmp(&b.1))
        };
        self.assertion = self.assertion.into_iter().chain(other.assertion).max_by(stronger);
        self.denial = self.denial.into_iter().chain(other.denial).max_by(f64::total_cmp);
        let date = |id: &u32| date(*id);
        self.first = self.first.into_iter().chain(other.first).min_by_key(date);
        self.last = self.last.into_iter().chain(other.last).max_by_key(date);
    }
}

/// A statement in the row of one pair; `source` and `target` are the row's.
#[derive(Clone, Copy, Debug)]
struct Row {
    group: u32,
    source: u32,
    target: u32,
    key: Key,
    statement: Statement,
}

/// Distinct documents by group and actor, and by group.
#[derive(Default)]
struct Documents {
    of_actor: FxHashMap<(u32, u32), FxHashSet<u32>>,
    of_group: FxHashMap<u32, FxHashSet<u32>>,
}

impl Documents {
    /// How many have both actors of a row, how many the one, the other, and how many there are.
    fn company(&self, row: &Row) -> Array1<f64> {
        let of = |actor| &self.of_actor[&(row.group, actor)];
        let (left, right) = (of(row.source), of(row.target));
        let (few, many) = if left.len() < right.len() { (left, right) } else { (right, left) };
        let joint = few.iter().filter(|doc| many.contains(doc)).count();
        [joint, left.len(), right.len(), self.of_group[&row.group].len()]
            .map(|n| n as f64)
            .into_iter()
            .collect()
    }
}

// Columns of the matrix of sums: Σ w, Σ w·x, Σ w·x², its positive and its negative part.
const WEIGHT: usize = 0;
const SUM: usize = 1;
const SQUARES: usize = 2;
const COOPERATION: usize = 3;
const CONFLICT: usize = 4;
const SUMS: usize = 5;

fn accumulate(rows: &[Row], sums: &mut ndarray::ArrayViewMut1<f64>) {
    for statement in rows.iter().map(|row| &row.statement).filter(|statement| statement.scored) {
        sums[WEIGHT] += statement.denial.unwrap_or(0.0);
        let Some((score, confidence)) = statement.assertion else { continue };
        sums[WEIGHT] += confidence;
        sums[SUM] += score;
        if confidence > 0.0 {
            sums[SQUARES] += score * score / confidence;
        }
        sums[if score > 0.0 { COOPERATION } else { CONFLICT }] += score.abs();
    }
}

/// Scores and intervals of all pairs at once.
fn score(sums: &Array2<f64>, prior: &Prior, pairs: &mut Pairs) {
    let column = |index| -> ArrayView1<f64> { sums.index_axis(Axis(1), index) };
    let (weight, sum, squares) = (column(WEIGHT), column(SUM), column(SQUARES));
    // The names of Gelman et al., 3.3.
    let (mu, kappa, alpha) = (prior.prior_mean, prior.prior_strength, prior.variance_strength);
    let beta = prior.within_variance * (alpha - 1.0);
    let kappa_n = &weight + kappa;
    let mu_n = (&sum + kappa * mu) / &kappa_n;
    let alpha_n = &weight * 0.5 + alpha;
    let spread = (&squares + kappa * mu * mu - &kappa_n * &mu_n * &mu_n) * 0.5;
    // Not below the prior's: rounding may leave a spread of 0 slightly negative.
    let beta_n = spread.mapv(|spread| beta + spread.max(0.0));
    let scale = Zip::from(&beta_n)
        .and(&alpha_n)
        .and(&kappa_n)
        .map_collect(|beta, alpha, kappa| (beta * (kappa + 1.0) / (alpha * kappa)).sqrt());
    let z = normal_quantile(0.5 + prior.level / 2.0);
    let half = alpha_n.mapv(|alpha| student_quantile(z, 2.0 * alpha)) * scale;
    pairs.cooperation = column(COOPERATION).to_vec();
    pairs.conflict = column(CONFLICT).to_vec();
    pairs.low = (&mu_n - &half).mapv(|low| low.max(-10.0)).to_vec();
    pairs.high = (&mu_n + &half).mapv(|high| high.min(10.0)).to_vec();
    pairs.score = mu_n.to_vec();
}

/// The quantile of Student's t with `freedom` degrees of freedom whose normal counterpart is `z`: the expansion of
/// Abramowitz and Stegun, 26.7.5; off by less than 0.003 at 90 % from 4 degrees on.
fn student_quantile(z: f64, freedom: f64) -> f64 {
    let g1 = (z.powi(3) + z) / 4.0;
    let g2 = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let g3 = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    let g4 = (79.0 * z.powi(9) + 776.0 * z.powi(7) + 1482.0 * z.powi(5) - 1920.0 * z.powi(3) - 945.0 * z)
        / 92160.0;
    z + g1 / freedom + g2 / freedom.powi(2) + g3 / freedom.powi(3) + g4 / freedom.powi(4)
}

/// The standard normal quantile for 0.5 ≤ `p` < 1: Abramowitz and Stegun, 26.2.23, off by less than 0.00045.
fn normal_quantile(p: f64) -> f64 {
    let t = (-2.0 * (1.0 - p).ln()).sqrt();
    t - (2.515_517 + t * (0.802_853 + t * 0.010_328))
        / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)))
}

impl Pairs {
    /// Number of pairs.
    pub fn len(&self) -> usize {
        self.source.len()
    }

    /// No pairs at all.
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// The same rows, those with most documents and greatest masses first within their group; equal ones stay in the
    /// order of names.
    fn by_documents(self) -> Pairs {
        let mass = |i: usize| self.cooperation[i] + self.conflict[i];
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&i, &j| {
            let groups = self.group[i].cmp(&self.group[j]);
            groups.then(self.n_docs[j].cmp(&self.n_docs[i])).then(mass(j).total_cmp(&mass(i)))
        });
        Pairs {
            group: pick(&self.group, &order),
            source: pick(&self.source, &order),
            target: pick(&self.target, &order),
            n_mentions: pick(&self.n_mentions, &order),
            n_docs: pick(&self.n_docs, &order),
            n_certain: pick(&self.n_certain, &order),
            n_hedged: pick(&self.n_hedged, &order),
            n_negated: pick(&self.n_negated, &order),
            cooperation: pick(&self.cooperation, &order),
            conflict: pick(&self.conflict, &order),
            score: pick(&self.score, &order),
            low: pick(&self.low, &order),
            high: pick(&self.high, &order),
            npmi: pick(&self.npmi, &order),
            g2: pick(&self.g2, &order),
            families: pick(&self.families, &order),
            first: pick(&self.first, &order),
            last: pick(&self.last, &order),
        }
    }
}

fn pick<T: Clone>(column: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&i| column[i].clone()).collect()
}

#[cfg(test)]
mod tests;
