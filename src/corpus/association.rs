//! Which entities keep company: co-occurrence in documents and sentences, with NPMI and G².
//!
//! A pair is unordered and stands once, the name that sorts first as `entity_a`. Counts are of distinct documents and
//! distinct sentences. Memory and time grow with the pairs that occur, not with all that could.

use std::sync::Arc;

use ndarray::{Array1, ArrayView1, Zip};
use rustc_hash::FxHashMap;

use super::names::Names;
use super::settings::Settings;
use crate::Result;

/// One mention of an entity.
#[derive(Clone, Copy, Debug)]
pub struct Occurrence<'a> {
    pub doc: u32,
    /// Number of the sentence within its document.
    pub sentence: u32,
    pub entity: &'a str,
}

/// Entity pairs as columns of one length, the pair with most documents first, then by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Associations {
    pub entity_a: Vec<Arc<str>>,
    pub entity_b: Vec<Arc<str>>,
    pub n_docs: Vec<u32>,
    pub n_sentences: Vec<u32>,
    /// −1 (never together) to +1 (only together), over documents.
    pub npmi: Vec<f64>,
    /// Log-likelihood ratio over documents, 0 when independent.
    pub g2: Vec<f64>,
}

/// The associations among the entities of `occurrences`, which may come in any order.
///
/// # Errors
/// Only if the built-in settings do not read.
pub fn associations<'a>(occurrences: impl IntoIterator<Item = Occurrence<'a>>) -> Result<Associations> {
    let settings = Settings::built_in()?;
    let mut names = Names::default();
    let mut places: Vec<(u32, u32, u32)> =
        occurrences.into_iter().map(|o| (o.doc, o.sentence, names.intern(o.entity))).collect();
    places.sort_unstable();
    places.dedup();
    let counts = count(&places, names.len(), settings.max_entities);
    Ok(tabulate(&counts, &names))
}

#[derive(Default)]
struct Counts {
    n_docs: u32,
    /// Documents by entity.
    entity_docs: Vec<u32>,
    /// Documents and sentences by pair, the smaller id in the upper half of the key.
    pairs: FxHashMap<u64, (u32, u32)>,
}

/// `places` are (document, sentence, entity), sorted, without repetition.
fn count(places: &[(u32, u32, u32)], n_entities: usize, max_entities: usize) -> Counts {
    let mut counts = Counts { entity_docs: vec![0; n_entities], ..Counts::default() };
    let mut entities = Vec::new();
    for document in places.chunk_by(|a, b| a.0 == b.0) {
        counts.n_docs += 1;
        distinct(document, &mut entities);
        for &entity in &entities {
            counts.entity_docs[entity as usize] += 1;
        }
        each_pair(&entities, max_entities, |key| counts.pairs.entry(key).or_default().0 += 1);
        for sentence in document.chunk_by(|a, b| a.1 == b.1) {
            distinct(sentence, &mut entities);
            each_pair(&entities, max_entities, |key| counts.pairs.entry(key).or_default().1 += 1);
        }
    }
    counts
}

fn distinct(places: &[(u32, u32, u32)], entities: &mut Vec<u32>) {
    entities.clear();
    entities.extend(places.iter().map(|place| place.2));
    entities.sort_unstable();
    entities.dedup();
}

fn each_pair(entities: &[u32], max_entities: usize, mut see: impl FnMut(u64)) {
    let entities = &entities[..entities.len().min(max_entities)];
    for (index, &a) in entities.iter().enumerate() {
        for &b in &entities[index + 1..] {
            see(u64::from(a) << 32 | u64::from(b));
        }
    }
}

fn tabulate(counts: &Counts, names: &Names) -> Associations {
    let mut rows: Vec<(u32, u32, u32, u32)> = counts
        .pairs
        .iter()
        // A pair of sentences beyond the cap of its document has no document of its own.
        .filter(|(_, (docs, _))| *docs > 0)
        .map(|(key, &(docs, sentences))| ((key >> 32) as u32, *key as u32, docs, sentences))
        .map(
            |(a, b, docs, sentences)| {
                if names.get(a) <= names.get(b) { (a, b, docs, sentences) } else { (b, a, docs, sentences) }
            },
        )
        .collect();
    let rank = names.ranks();
    rows.sort_unstable_by_key(|&(a, b, docs, sentences)| {
        (std::cmp::Reverse((docs, sentences)), rank[a as usize], rank[b as usize])
    });

    let joint: Array1<f64> = rows.iter().map(|row| f64::from(row.2)).collect();
    let left: Array1<f64> = rows.iter().map(|row| f64::from(counts.entity_docs[row.0 as usize])).collect();
    let right: Array1<f64> = rows.iter().map(|row| f64::from(counts.entity_docs[row.1 as usize])).collect();
    let total = Array1::from_elem(rows.len(), f64::from(counts.n_docs));
    let (npmi, g2) = measures(joint.view(), left.view(), right.view(), total.view());
    Associations {
        entity_a: rows.iter().map(|row| names.get(row.0).clone()).collect(),
        entity_b: rows.iter().map(|row| names.get(row.1).clone()).collect(),
        n_docs: rows.iter().map(|row| row.2).collect(),
        n_sentences: rows.iter().map(|row| row.3).collect(),
        npmi: npmi.to_vec(),
        g2: g2.to_vec(),
    }
}

/// NPMI and G² elementwise: `joint` documents of `total` have both, `left` and `right` have the one and the other.
pub(super) fn measures(
    joint: ArrayView1<f64>,
    left: ArrayView1<f64>,
    right: ArrayView1<f64>,
    total: ArrayView1<f64>,
) -> (Array1<f64>, Array1<f64>) {
    let npmi =
        Zip::from(joint).and(left).and(right).and(total).map_collect(|j, l, r, n| npmi(*j, *l, *r, *n));
    let g2 = Zip::from(joint).and(left).and(right).and(total).map_collect(|j, l, r, n| g2(*j, *l, *r, *n));
    (npmi, g2)
}

/// Normalized pointwise mutual information, −1 to +1 (Bouma 2009). Two that are in every document together have 1, the
/// limit.
pub fn npmi(joint: f64, left: f64, right: f64, total: f64) -> f64 {
    if joint <= 0.0 {
        -1.0
    } else if joint >= total {
        1.0
    } else {
        ((joint * total) / (left * right)).ln() / -(joint / total).ln()
    }
}

/// Log-likelihood ratio of the 2 × 2 table (Dunning 1993), at least 0.
pub fn g2(joint: f64, left: f64, right: f64, total: f64) -> f64 {
    let cells = [
        (joint, left * right),
        (left - joint, left * (total - right)),
        (right - joint, (total - left) * right),
        (total - left - right + joint, (total - left) * (total - right)),
    ];
    let sum: f64 = cells
        .into_iter()
        .filter(|&(observed, _)| observed > 0.0)
        .map(|(observed, expected)| observed * (observed * total / expected).ln())
        .sum();
    // Independence gives 0 up to rounding, on either side of it.
    (2.0 * sum).max(0.0)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 6] = ["داعش", "القاعدة", "طالبان", "سوريا", "العراق", "النيجر"];

    /// Counts by comparing every pair of names in every document.
    fn oracle(places: &[(u32, u32, usize)]) -> BTreeMap<(String, String), (u32, u32, f64, f64)> {
        let docs: BTreeSet<u32> = places.iter().map(|p| p.0).collect();
        let has = |doc: u32, e: usize| places.iter().any(|p| p.0 == doc && p.2 == e);
        let mut result = BTreeMap::new();
        for (a, first) in NAMES.iter().enumerate() {
            for (b, second) in NAMES.iter().enumerate().filter(|(_, second)| first < *second) {
                let joint = docs.iter().filter(|&&d| has(d, a) && has(d, b)).count() as f64;
                let sentences: BTreeSet<(u32, u32)> = places
                    .iter()
                    .filter(|p| p.2 == a)
                    .flat_map(|p| places.iter().filter(|q| q.2 == b && q.0 == p.0 && q.1 == p.1))
                    .map(|q| (q.0, q.1))
                    .collect();
                let left = docs.iter().filter(|&&d| has(d, a)).count() as f64;
                let right = docs.iter().filter(|&&d| has(d, b)).count() as f64;
                if joint > 0.0 {
                    let n = docs.len() as f64;
                    let measured = (npmi(joint, left, right, n), g2(joint, left, right, n));
                    let value = (joint as u32, sentences.len() as u32, measured.0, measured.1);
                    result.insert((first.to_string(), second.to_string()), value);
                }
            }
        }
        result
    }

    proptest! {
        #[test]
        fn counting_agrees_with_comparing_all(places in prop::collection::vec((0..5u32, 0..4u32, 0..6usize), 0..60)) {
            let rows = places.iter().map(|p| Occurrence { doc: p.0, sentence: p.1, entity: NAMES[p.2] });
            let found = associations(rows).unwrap();
            let mut table = BTreeMap::new();
            for i in 0..found.entity_a.len() {
                let key = (found.entity_a[i].to_string(), found.entity_b[i].to_string());
                table.insert(key, (found.n_docs[i], found.n_sentences[i], found.npmi[i], found.g2[i]));
            }
            prop_assert_eq!(table.len(), found.entity_a.len());
            prop_assert_eq!(table, oracle(&places));
        }

        #[test]
        fn measures_stay_in_their_range(n in 1..200u32, left in 1..200u32, right in 1..200u32, joint in 0..200u32) {
            let (left, right) = (left.min(n), right.min(n));
            let joint = joint.clamp((left + right).saturating_sub(n), left.min(right));
            let [n, left, right, joint] = [n, left, right, joint].map(f64::from);
            let value = npmi(joint, left, right, n);
            prop_assert!((-1.0..=1.0 + 1e-9).contains(&value), "npmi {}", value);
            prop_assert!(g2(joint, left, right, n) >= 0.0);
        }
    }

    #[test]
    fn known_values() {
        // Together in 10 of 100 documents, each in 20: ln(0.1 / 0.04) / -ln 0.1.
        assert!((npmi(10.0, 20.0, 20.0, 100.0) - 0.397_940).abs() < 1e-6);
        // Independent: 4 of 100, each in 20.
        assert!(npmi(4.0, 20.0, 20.0, 100.0).abs() < 1e-12);
        assert!(g2(4.0, 20.0, 20.0, 100.0) < 1e-9);
        // Scaling every cell scales G² with it.
        assert!((g2(20.0, 40.0, 40.0, 200.0) / g2(10.0, 20.0, 20.0, 100.0) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_document_with_very_many_entities_is_cut_and_not_squared() {
        let names: Vec<String> = (0..5000).map(|i| format!("اسم{i}")).collect();
        let rows = names.iter().map(|name| Occurrence { doc: 0, sentence: 0, entity: name });
        let cap = Settings::built_in().unwrap().max_entities;
        assert_eq!(associations(rows).unwrap().entity_a.len(), cap * (cap - 1) / 2);
    }
}
