//! Pair scores against a plain computation, and what must hold of them whatever goes in.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const ACTORS: [&str; 4] = ["داعش", "القاعدة", "طالبان", "بوكو حرام"];
/// Name, symmetric, intensity.
const FAMILIES: [(&str, bool, f64); 5] = [
    ("COOPERATE", true, 6.0),
    ("RIVAL", true, -4.0),
    ("ATTACK", false, -9.0),
    ("PLEDGE", false, 7.0),
    ("LEADS", false, 0.0),
];
const WEIGHTS: [f64; 4] = [1.0, 0.6, 0.3, 0.1];
const DATES: [&str; 3] = ["2015", "2016-04-27", "2017-04"];

#[derive(Clone, Debug)]
struct Case {
    doc: u32,
    family: usize,
    source: usize,
    target: usize,
    factuality: usize,
    negated: bool,
    confidence: f64,
    date: Option<usize>,
}

impl Case {
    fn claim(&self) -> Claim<'static> {
        let (family, symmetric, intensity) = FAMILIES[self.family];
        Claim {
            doc: self.doc,
            group: 0,
            family,
            source: ACTORS[self.source],
            target: ACTORS[self.target],
            symmetric,
            factuality: Factuality::ALL[self.factuality],
            negated: self.negated,
            intensity,
            confidence: self.confidence,
            score: if self.negated { 0.0 } else { intensity * WEIGHTS[self.factuality] * self.confidence },
            date: self.date.map(|date| DATES[date]),
        }
    }
}

fn cases() -> impl Strategy<Value = Vec<Case>> {
    let actors = (0..4usize, 0..4usize);
    let case = (0..4u32, 0..5usize, actors, 0..4usize, any::<bool>(), 0..=20u32, prop::option::of(0..3usize));
    let case = case.prop_map(|(doc, family, (source, target), factuality, negated, confidence, date)| Case {
        doc,
        family,
        source,
        target,
        factuality,
        negated,
        confidence: f64::from(confidence) / 20.0,
        date,
    });
    prop::collection::vec(case, 0..40)
}

fn statistics(cases: &[Case]) -> PairStatistics {
    let mut statistics = PairStatistics::default();
    for case in cases {
        statistics.add(&case.claim()).unwrap();
    }
    statistics
}

/// Row of a directed pair, found by name.
fn row(pairs: &Pairs, source: &str, target: &str) -> Option<usize> {
    (0..pairs.len()).find(|&i| &*pairs.source[i] == source && &*pairs.target[i] == target)
}

/// Counts and sums of the directed pair, by going through all claims once for every document and family.
fn oracle(cases: &[Case], source: &str, target: &str) -> Option<(u32, u32, f64, f64, f64, f64)> {
    let about: Vec<Claim> = cases
        .iter()
        .map(Case::claim)
        .filter(|c| {
            (c.source, c.target) == (source, target)
                || c.symmetric && (c.target, c.source) == (source, target)
        })
        .collect();
    if about.is_empty() {
        return None;
    }
    let mut best: BTreeMap<(u32, &str), Vec<&Claim>> = BTreeMap::new();
    for claim in &about {
        best.entry((claim.doc, claim.family)).or_default().push(claim);
    }
    let (mut weight, mut cooperation, mut conflict) = (0.0, 0.0, 0.0);
    for claims in best.values().filter(|claims| claims[0].intensity != 0.0) {
        let asserted = claims.iter().filter(|c| !c.negated);
        let strongest = asserted.max_by(|a, b| {
            (a.score.abs(), a.confidence).partial_cmp(&(b.score.abs(), b.confidence)).unwrap()
        });
        if let Some(claim) = strongest {
            weight += claim.confidence;
            cooperation += claim.score.max(0.0);
            conflict += (-claim.score).max(0.0);
        }
        weight += claims.iter().filter(|c| c.negated).map(|c| c.confidence).fold(0.0, f64::max);
    }
    let documents: std::collections::BTreeSet<u32> = about.iter().map(|c| c.doc).collect();
    let score = (cooperation - conflict) / (weight + Settings::built_in().unwrap().score.prior_strength);
    let others: Vec<Claim> = cases.iter().map(Case::claim).filter(|c| c.source != c.target).collect();
    let docs = |has: &dyn Fn(&Claim) -> bool| -> std::collections::BTreeSet<u32> {
        others.iter().filter(|c| has(c)).map(|c| c.doc).collect()
    };
    let left = docs(&|c| c.source == source || c.target == source);
    let right = docs(&|c| c.source == target || c.target == target);
    let joint = left.intersection(&right).count() as f64;
    let total = docs(&|_| true).len() as f64;
    let npmi = super::super::association::npmi(joint, left.len() as f64, right.len() as f64, total);
    Some((about.len() as u32, documents.len() as u32, cooperation, conflict, score, npmi))
}

proptest! {
    #[test]
    fn pairs_agree_with_the_plain_computation(cases in cases()) {
        let pairs = statistics(&cases).pairs(Direction::Directed).unwrap();
        let mut expected = 0;
        for source in ACTORS {
            for target in ACTORS.into_iter().filter(|target| *target != source) {
                let Some((mentions, docs, cooperation, conflict, score, npmi)) = oracle(&cases, source, target) else {
                    prop_assert_eq!(row(&pairs, source, target), None);
                    continue;
                };
                expected += 1;
                let i = row(&pairs, source, target).unwrap();
                prop_assert_eq!((pairs.n_mentions[i], pairs.n_docs[i]), (mentions, docs));
                prop_assert_eq!(pairs.n_certain[i] + pairs.n_hedged[i] + pairs.n_negated[i], mentions);
                prop_assert!((pairs.cooperation[i] - cooperation).abs() < 1e-9);
                prop_assert!((pairs.conflict[i] - conflict).abs() < 1e-9);
                prop_assert!((pairs.score[i] - score).abs() < 1e-9);
                prop_assert!((pairs.npmi[i] - npmi).abs() < 1e-9);
                prop_assert!(pairs.g2[i].is_finite() && pairs.g2[i] >= 0.0);
            }
        }
        prop_assert_eq!(pairs.len(), expected);
    }

    #[test]
    fn two_parts_make_the_whole_exactly(cases in cases(), cut in 0..40usize) {
        let (left, right) = cases.split_at(cut.min(cases.len()));
        let mut merged = statistics(right);
        merged.merge(&statistics(left));
        for direction in [Direction::Directed, Direction::Undirected] {
            prop_assert_eq!(merged.pairs(direction).unwrap(), statistics(&cases).pairs(direction).unwrap());
        }
    }

    #[test]
    fn saying_the_same_twice_in_a_document_adds_only_mentions(cases in cases()) {
        let once = statistics(&cases).pairs(Direction::Directed).unwrap();
        let twice = statistics(&[cases.clone(), cases].concat()).pairs(Direction::Directed).unwrap();
        prop_assert_eq!(&twice.score, &once.score);
        prop_assert_eq!((&twice.low, &twice.high), (&once.low, &once.high));
        prop_assert_eq!(twice.n_mentions, once.n_mentions.iter().map(|n| 2 * n).collect::<Vec<_>>());
    }

    #[test]
    fn the_interval_holds_the_score_and_stays_on_the_scale(cases in cases()) {
        let pairs = statistics(&cases).pairs(Direction::Directed).unwrap();
        for i in 0..pairs.len() {
            prop_assert!(-10.0 <= pairs.low[i] && pairs.low[i] <= pairs.score[i]);
            prop_assert!(pairs.score[i] <= pairs.high[i] && pairs.high[i] <= 10.0);
        }
    }

    #[test]
    fn undirected_rows_hold_every_claim_once(cases in cases()) {
        let pairs = statistics(&cases).pairs(Direction::Undirected).unwrap();
        let counted = cases.iter().filter(|case| case.source != case.target).count();
        prop_assert_eq!(pairs.n_mentions.iter().sum::<u32>() as usize, counted);
        for i in 0..pairs.len() {
            prop_assert!(pairs.source[i] < pairs.target[i]);
        }
    }
}

/// A certain claim of full confidence.
fn claim(doc: u32, family: usize, source: &'static str, target: &'static str) -> Claim<'static> {
    let case = Case {
        doc,
        family,
        source: 0,
        target: 1,
        factuality: 0,
        negated: false,
        confidence: 1.0,
        date: None,
    };
    Claim { source, target, ..case.claim() }
}

fn scored(claims: &[Claim]) -> Pairs {
    let mut statistics = PairStatistics::default();
    for claim in claims {
        statistics.add(claim).unwrap();
    }
    statistics.pairs(Direction::Directed).unwrap()
}

#[test]
fn a_symmetric_claim_is_found_from_both_sides() {
    let pairs = scored(&[
        claim(0, 0, "داعش", "القاعدة"),
        claim(1, 0, "القاعدة", "داعش"),
        claim(1, 3, "بوكو حرام", "داعش"),
    ]);
    let one = row(&pairs, "داعش", "القاعدة").unwrap();
    let other = row(&pairs, "القاعدة", "داعش").unwrap();
    assert_eq!((pairs.n_docs[one], pairs.n_docs[other]), (2, 2));
    assert_eq!(pairs.score[one], pairs.score[other]);
    assert!(row(&pairs, "بوكو حرام", "داعش").is_some());
    assert!(row(&pairs, "داعش", "بوكو حرام").is_none());
}

#[test]
fn agreeing_documents_narrow_the_interval_and_disagreeing_ones_do_not() {
    let attacks =
        |n: u32| -> Vec<Claim> { (0..n).map(|doc| claim(doc, 2, "داعش", "طالبان")).collect() };
    let width = |pairs: &Pairs| pairs.high[0] - pairs.low[0];
    let (few, many) = (scored(&attacks(2)), scored(&attacks(40)));
    assert!(width(&many) < width(&few) / 2.0);
    assert!(many.high[0] < 0.0 && many.score[0] < few.score[0]);

    let torn: Vec<Claim> = (0..40).map(|doc| claim(doc, (doc % 2) as usize, "داعش", "القاعدة")).collect();
    let torn = scored(&torn);
    assert!(torn.cooperation[0] > 0.0 && torn.conflict[0] > 0.0);
    // Half of the documents say +6, half −4; the interval holds both.
    assert!(torn.low[0] < -4.0 && torn.high[0] > 6.0, "{:?}", (torn.low[0], torn.high[0]));
}

#[test]
fn a_denial_pulls_to_zero_and_never_across() {
    let mut denial = claim(1, 2, "داعش", "طالبان");
    (denial.negated, denial.score) = (true, 0.0);
    let asserted = scored(&[claim(0, 2, "داعش", "طالبان")]);
    let contested = scored(&[claim(0, 2, "داعش", "طالبان"), denial]);
    assert!(asserted.score[0] < contested.score[0] && contested.score[0] < 0.0);
    let denied = scored(&[denial]);
    assert_eq!((denied.score[0], denied.n_negated[0]), (0.0, 1));
}

#[test]
fn families_and_dates_are_summed_up() {
    let mut pledge = claim(0, 3, "بوكو حرام", "داعش");
    pledge.date = Some("2015");
    let mut support = claim(1, 0, "داعش", "بوكو حرام");
    support.date = Some("2017-04");
    let pairs =
        scored(&[pledge, support, claim(2, 0, "داعش", "بوكو حرام"), claim(2, 4, "بوكو حرام", "داعش")]);
    let i = row(&pairs, "بوكو حرام", "داعش").unwrap();
    assert_eq!(pairs.families[i], "COOPERATE,LEADS,PLEDGE");
    assert_eq!(pairs.first[i].as_deref(), Some("2015"));
    assert_eq!(pairs.last[i].as_deref(), Some("2017-04"));
}

#[test]
fn values_off_the_scale_are_refused() {
    let mut statistics = PairStatistics::default();
    let wrong = Claim { confidence: 1.5, ..claim(0, 0, "داعش", "طالبان") };
    assert_eq!(statistics.add(&wrong).unwrap_err().to_string(), "confidence 1.5 is outside of 0 to 1");
    let wrong = Claim { score: f64::NAN, ..claim(0, 0, "داعش", "طالبان") };
    assert_eq!(statistics.add(&wrong).unwrap_err().to_string(), "score NaN is outside of -10 to 10");
}

#[test]
fn quantiles_agree_with_the_tables() {
    // 95th percentiles: any table of Student's t.
    let z = normal_quantile(0.95);
    assert!((z - 1.6449).abs() < 5e-4);
    for (freedom, quantile) in [(4.0, 2.1318), (5.0, 2.0150), (10.0, 1.8125), (30.0, 1.6973), (1e6, 1.6449)] {
        let found = student_quantile(z, freedom);
        assert!((found - quantile).abs() < 3e-3, "{freedom}: {found}");
    }
}
