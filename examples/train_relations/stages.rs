//! The three stages of training: examples from gold relations, cross-validation, calibration.

use rawabit::loglinear::{Example, Features, Model, Training};
use rawabit::mention::Mention;
use rawabit::mention::grammar::Facts;
use rawabit::relation::Span;
use rawabit::relation::argument::features::{self, Near, Placed};
use rawabit::relation::argument::measures::Row;
use rawabit::relation::argument::sentence::{self, Actor, Counts, Site, View};
use rawabit::relation::argument::{Calibration, Method, Models, Proposal, Scratch, TRAINED_FAMILIES};
use rawabit::relation::family::FamilyId;
use rawabit::relation::trigger::Trigger;
use rawabit::trees::{Growth, Trees};

use super::House;
use super::gold::{self, Article, GoldRelation, Record, Scores, Side};
use super::rules::RuleCounts;

const FOLDS: usize = 5;

/// An article ready for the models.
struct Prepared<'a> {
    article: &'a Article,
    facts: Facts,
    mentions: Vec<Mention>,
    triggers: Vec<Trigger>,
    sites: Vec<Site>,
    counts: Counts,
}

impl Prepared<'_> {
    fn new<'a>(house: &House, article: &'a Article) -> Prepared<'a> {
        let mentions = house.mentions(article);
        let mut facts = Facts::default();
        facts.update(house.mentions.grammar(), &article.document, &article.ids, &article.entities);
        let mut triggers = Vec::new();
        house.relations.triggers.find(&article.document, &article.ids, &mut triggers);
        let mut sites = Vec::new();
        sentence::sites(&triggers, &mut sites);
        let mut counts = Counts::default();
        counts.update(&facts.tokens, &article.entities, &mentions, &sites, &triggers);
        Prepared { article, facts, mentions, triggers, sites, counts }
    }

    fn view<'a>(&'a self, house: &'a House) -> View<'a> {
        house.relations.binder.view(
            &self.article.document,
            &self.facts.tokens,
            &self.mentions,
            &self.triggers,
            &house.relations.triggers,
            &self.counts,
        )
    }

    fn range(&self, site: &Site) -> (u32, u32) {
        let number = self.article.document.sentence_of(site.first as usize);
        let sentence = self.article.document.sentences[number];
        (sentence.first, sentence.last)
    }

    /// Hand the proposals of each sentence to `take`: number, tokens and sites of the sentence, proposals.
    fn proposals(
        &self,
        house: &House,
        models: &Models,
        mut take: impl FnMut((usize, (u32, u32), std::ops::Range<usize>), &[Proposal], &mut Scratch),
    ) {
        let view = self.view(house);
        let mut scratch = Scratch::default();
        scratch.sites.clone_from(&self.sites);
        scratch.salience.update(&self.mentions);
        let mut proposals = Vec::new();
        let mut from = 0;
        for (number, sentence) in self.article.document.sentences.iter().enumerate() {
            let until = from + self.sites[from..].iter().take_while(|s| s.first < sentence.last).count();
            let range = (sentence.first, sentence.last);
            proposals.clear();
            let binder = &house.relations.binder;
            binder.propose(&view, range, from..until, Some(models), &mut scratch, &mut proposals);
            take((number, range, from..until), &proposals, &mut scratch);
            from = until;
        }
    }

    /// A proposal as a record.
    fn record(&self, proposal: &Proposal) -> Record {
        let document = &self.article.document;
        let site = &self.sites[proposal.site as usize];
        let sentence = document.sentences[document.sentence_of(site.first as usize)];
        Record {
            family: proposal.family.0,
            trigger: self.span(site),
            evidence: (sentence.start, sentence.end),
            source: actor_side(self, site, proposal.source.actor),
            target: actor_side(self, site, proposal.target.actor),
            confidence: 0.0,
            rule: String::new(),
            form: 0,
        }
    }

    /// Bytes of a site.
    fn span(&self, site: &Site) -> (u32, u32) {
        let trigger = &self.triggers[site.begin as usize];
        (trigger.start, trigger.end)
    }

    /// The site that a gold relation's trigger is: an overlapping one, best one that knows the family.
    fn site_of(&self, house: &House, relation: &GoldRelation) -> Option<usize> {
        let knows = |site: &Site| {
            (site.begin..site.end).any(|i| {
                let entry = house.relations.triggers.entry(self.triggers[i as usize].entry);
                entry.families.contains(FamilyId(relation.family))
            })
        };
        let over =
            (0..self.sites.len()).filter(|&i| gold::overlap(self.span(&self.sites[i]), relation.trigger));
        over.min_by_key(|&i| !knows(&self.sites[i]))
    }
}

fn family_examples(house: &House, prepared: &Prepared, out: &mut Vec<Example>) {
    let view = prepared.view(house);
    let mut labels = vec![Vec::new(); prepared.sites.len()];
    for relation in &prepared.article.relations {
        if let Some(site) = prepared.site_of(house, relation) {
            labels[site].push(relation.family as usize + 1);
        }
    }
    let mut actors = Vec::new();
    let mut features = Features::default();
    for (site, mut classes) in prepared.sites.iter().zip(labels) {
        let range = prepared.range(site);
        house.relations.binder.actors(&view, site, range, &mut actors);
        let placed: Vec<Placed> =
            actors.iter().map(|&actor| Placed { actor, position: view.position(site, actor) }).collect();
        let near = Near::new(&view, site, &placed);
        features.clear();
        features::family(&view, site, range, &near, &mut features);
        classes.sort();
        classes.dedup();
        if classes.is_empty() {
            classes.push(0);
        }
        let weight = 1.0 / classes.len() as f32;
        for class in classes {
            out.push(Example { features: features.hashes().to_vec(), class, weight });
        }
    }
}

/// How an actor fits an annotated argument: 2 exactly, 1 loosely, 0 not.
fn fit(prepared: &Prepared, site: &Site, actor: Actor, argument: &gold::Argument) -> u8 {
    match actor {
        Actor::Mention(index) => {
            let mention = &prepared.mentions[index as usize];
            let side = Side::new(&prepared.article.document, mention);
            let same_name =
                argument.names.contains(&side.names[0]) || argument.names.contains(&side.names[1]);
            if side.span == (argument.start, argument.end) && same_name {
                2
            } else {
                gold::side_fits(argument, &side) as u8
            }
        }
        Actor::Implicit => {
            let head = &prepared.article.document.tokens[site.head as usize];
            let same = argument.start >= head.start && argument.end <= head.end;
            // A suffix on the verb is its object, a mention of its own.
            if same && head.suffix == 0 { 2 } else { same as u8 }
        }
    }
}

fn role_examples(house: &House, prepared: &Prepared, out: &mut Vec<Example>) {
    let view = prepared.view(house);
    let mut by_site = std::collections::BTreeMap::<(usize, u8), Vec<&GoldRelation>>::new();
    for relation in &prepared.article.relations {
        if let Some(site) = prepared.site_of(house, relation) {
            by_site.entry((site, relation.family)).or_default().push(relation);
        }
    }
    let mut actors = Vec::new();
    let mut features = Features::default();
    for ((site, family), relations) in by_site {
        let site = &prepared.sites[site];
        let range = prepared.range(site);
        house.relations.binder.actors(&view, site, range, &mut actors);
        let mut labels = vec![(0usize, 1.0f32); actors.len()];
        for relation in relations {
            for (class, argument) in [(1, &relation.source), (2, &relation.target)] {
                let fits: Vec<u8> = actors.iter().map(|&a| fit(prepared, site, a, argument)).collect();
                let best = fits.iter().copied().max().unwrap_or(0);
                for (label, fit) in labels.iter_mut().zip(&fits) {
                    if best > 0 && *fit == best {
                        if label.0 == 0 {
                            *label = (class, 1.0);
                        }
                    } else if *fit > 0 && label.0 == 0 {
                        label.1 = 0.0;
                    }
                }
            }
        }
        for (&actor, (class, weight)) in actors.iter().zip(labels) {
            if weight == 0.0 {
                continue;
            }
            let position = view.position(site, actor);
            features.clear();
            let family = FamilyId(family);
            let group = house.relations.binder.group(family);
            features::role(&view, site, (family, group), actor, &position, range, &mut features);
            out.push(Example { features: features.hashes().to_vec(), class, weight });
        }
    }
}

/// A proposal with its features and whether it is right: none where another site is the annotated trigger.
struct PairExample {
    features: Vec<u64>,
    right: Option<bool>,
}

fn actor_side(prepared: &Prepared, site: &Site, actor: Actor) -> Side {
    match actor {
        Actor::Mention(index) => Side::new(&prepared.article.document, &prepared.mentions[index as usize]),
        Actor::Implicit => {
            let token = &prepared.article.document.tokens[site.head as usize];
            Side { span: (token.start, token.end), names: Default::default(), text: String::new() }
        }
    }
}

fn pair_examples(house: &House, prepared: &Prepared, models: &Models, out: &mut Vec<PairExample>) {
    let view = prepared.view(house);
    let binder = &house.relations.binder;
    let own: Vec<Option<usize>> =
        prepared.article.relations.iter().map(|r| prepared.site_of(house, r)).collect();
    let mut features = Features::default();
    prepared.proposals(house, models, |_, proposals, _| {
        for proposal in proposals {
            let site = &prepared.sites[proposal.site as usize];
            let record = prepared.record(proposal);
            let mut right = Some(false);
            for (relation, own) in prepared.article.relations.iter().zip(&own) {
                if gold::fits(&record, relation, false) {
                    let here = own.is_none_or(|s| s == proposal.site as usize);
                    if here {
                        right = Some(true);
                    } else if right == Some(false) {
                        right = None;
                    }
                }
            }
            features.clear();
            binder.pair_features(&view, site, proposal, &mut features);
            out.push(PairExample { features: features.hashes().to_vec(), right });
        }
    });
}

/// The judge's examples: of the pairs that fit one annotated relation only the likeliest is right, since the others
/// repeat it.
#[derive(Default, Clone)]
struct JudgeExamples {
    rows: Vec<Row>,
    right: Vec<bool>,
}

fn judge_examples(house: &House, prepared: &Prepared, models: &Models, out: &mut JudgeExamples) {
    let view = prepared.view(house);
    let mut ranked: Vec<(f32, usize, Vec<usize>)> = Vec::new();
    let begin = out.rows.len();
    let relations = &prepared.article.relations;
    prepared.proposals(house, models, |place, proposals, scratch| {
        let (number, range, sites) = place;
        house.relations.binder.measure(&view, number, range, sites, models, proposals, scratch);
        for (&(logit, index), row) in scratch.ranked.iter().zip(&scratch.rows) {
            let record = prepared.record(&proposals[index]);
            let fits = (0..relations.len()).filter(|&i| gold::fits(&record, &relations[i], false)).collect();
            ranked.push((logit, out.rows.len(), fits));
            out.rows.push(*row);
        }
    });
    out.right.resize(out.rows.len(), false);
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut taken = vec![false; relations.len()];
    for (_, row, fits) in ranked {
        if let Some(&hit) = fits.iter().find(|&&i| !taken[i]) {
            taken[hit] = true;
            out.right[row] = true;
        }
    }
    debug_assert!(out.rows.len() >= begin);
}

// Small steps keep the weights of rare features small: chosen by cross-validation on the training news.
const RELATION_TRAINING: Training = Training { epochs: 10, rate: 0.008, l2: 2e-5, seed: 7 };
const FAMILY_TRAINING: Training = Training { epochs: 10, rate: 0.03, l2: 2e-5, seed: 7 };
const ROLE_TRAINING: Training = Training { epochs: 15, rate: 0.015, l2: 1e-5, seed: 7 };
const PAIR_TRAINING: Training = Training { epochs: 10, rate: 0.007, l2: 2e-5, seed: 7 };

/// The epoch from which on weights are averaged.
fn from(training: Training) -> usize {
    training.epochs / 3
}

/// The models of the first two stages: relation, family, role.
fn train_first(family: &[Example], role: &[Example]) -> (Model, Model, Model) {
    let is_relation = |e: &Example| Example { class: (e.class > 0) as usize, ..e.clone() };
    let relation: Vec<Example> = family.iter().map(is_relation).collect();
    let which = |e: &Example| (e.class > 0).then(|| Example { class: e.class - 1, ..e.clone() });
    let family: Vec<Example> = family.iter().filter_map(which).collect();
    (
        Model::train_averaged(&relation, 2, 17, RELATION_TRAINING, from(RELATION_TRAINING)),
        Model::train_averaged(&family, TRAINED_FAMILIES, 15, FAMILY_TRAINING, from(FAMILY_TRAINING)),
        Model::train_averaged(role, 3, 17, ROLE_TRAINING, from(ROLE_TRAINING)),
    )
}

// Chosen by cross-validation on the training news.
const JUDGE_GROWTH: Growth = Growth { trees: 150, depth: 4, rate: 0.06, least: 50, l2: 5.0 };

fn train_judge<'a>(parts: impl Iterator<Item = &'a JudgeExamples>) -> Trees {
    let mut all = JudgeExamples::default();
    for part in parts {
        all.rows.extend_from_slice(&part.rows);
        all.right.extend_from_slice(&part.right);
    }
    Trees::train(&all.rows, &all.right, JUDGE_GROWTH)
}

fn train_pair(examples: &[&PairExample]) -> Model {
    let examples: Vec<Example> = examples
        .iter()
        .filter_map(|e| {
            e.right.map(|right| Example { features: e.features.clone(), class: right as usize, weight: 1.0 })
        })
        .collect();
    Model::train_averaged(&examples, 2, 16, PAIR_TRAINING, from(PAIR_TRAINING))
}

/// Train on the articles of `paths`, with annotated names or, where `crossed` is given, with names of finders that have
/// not seen the article, whose taggers may be kept in a folder: training on better names than users get hurts.
pub fn train(
    paths: &[String],
    tests: &[String],
    output: Option<&str>,
    crossed: Option<Option<&str>>,
    errors: usize,
) {
    let mut house = House::new(None);
    house.relations.binder.rules_decide = false;
    let mut articles = Vec::new();
    match crossed {
        Some(kept) => articles = house.crossed(paths, FOLDS, kept),
        None => paths.iter().for_each(|path| articles.extend(house.read(path, false))),
    }
    let prepared: Vec<Prepared> = articles.iter().map(|a| Prepared::new(&house, a)).collect();
    let mut family = vec![Vec::new(); FOLDS];
    let mut role = vec![Vec::new(); FOLDS];
    for (index, article) in prepared.iter().enumerate() {
        family_examples(&house, article, &mut family[index % FOLDS]);
        role_examples(&house, article, &mut role[index % FOLDS]);
    }
    let without = |folds: &[Vec<Example>], fold: usize| -> Vec<Example> {
        let others = folds.iter().enumerate().filter(|(i, _)| *i != fold);
        others.flat_map(|(_, examples)| examples.iter().cloned()).collect()
    };
    println!(
        "{} articles, {} sites, {} actors",
        articles.len(),
        family.iter().map(Vec::len).sum::<usize>(),
        role.iter().map(Vec::len).sum::<usize>()
    );
    let empty = Model::train(&[], 2, 1, PAIR_TRAINING);
    let mut fold_models = Vec::new();
    let mut pairs: Vec<Vec<PairExample>> = Vec::new();
    for fold in 0..FOLDS {
        let (relation, family, role) = train_first(&without(&family, fold), &without(&role, fold));
        let models = Models {
            relation,
            family,
            role,
            pair: empty.clone(),
            judge: Trees::default(),
            calibration: Calibration::default(),
            threshold: 0.0,
        };
        let mut examples = Vec::new();
        for article in prepared.iter().skip(fold).step_by(FOLDS) {
            pair_examples(&house, article, &models, &mut examples);
        }
        pairs.push(examples);
        fold_models.push(models);
    }
    let all: usize = pairs.iter().map(Vec::len).sum();
    let right: usize = pairs.iter().flatten().filter(|e| e.right == Some(true)).count();
    println!("{all} pairs, {right} right");
    let mut judged: Vec<JudgeExamples> = Vec::new();
    for (fold, models) in fold_models.iter_mut().enumerate() {
        let others: Vec<&PairExample> =
            pairs.iter().enumerate().filter(|(i, _)| *i != fold).flat_map(|(_, e)| e).collect();
        models.pair = train_pair(&others);
        let mut examples = JudgeExamples::default();
        for article in prepared.iter().skip(fold).step_by(FOLDS) {
            judge_examples(&house, article, models, &mut examples);
        }
        judged.push(examples);
    }
    println!("{} pairs judged", judged.iter().map(|j| j.rows.len()).sum::<usize>());
    // Records of every article by models that have not seen it, from a low threshold.
    let mut held_out: Vec<(usize, Vec<Record>)> = Vec::new();
    let mut rule_counts = RuleCounts::default();
    for (fold, models) in fold_models.into_iter().enumerate() {
        let judge = train_judge(judged.iter().enumerate().filter(|(i, _)| *i != fold).map(|(_, j)| j));
        house.relations.binder.models = Some(Models { judge, threshold: 0.05, ..models });
        for index in (fold..articles.len()).step_by(FOLDS) {
            held_out.push((index, house.records(&articles[index])));
        }
        house.relations.binder.method = Method::Rules;
        let names = |family| house.relations.families.get(FamilyId(family)).name.clone();
        for index in (fold..articles.len()).step_by(FOLDS) {
            rule_counts.add(&articles[index], &house.records(&articles[index]), names);
        }
        house.relations.binder.method = Method::Both;
    }
    rule_counts.print(&house.relations.binder.rules);
    print_table(&calibrated_on_others(&held_out, &articles), &articles);
    let (calibration, threshold) = calibrate(&mut held_out, &articles);
    let mut scores = Scores::default();
    for (index, records) in &mut held_out {
        records.retain(|r| r.confidence >= threshold);
        scores.add(records, &articles[*index].relations);
    }
    scores.print("cross-validation");
    print_families(&house, &scores);
    for (index, records) in held_out.iter().take(errors) {
        print_errors(&house, &articles[*index], records, 1);
    }
    let everything = |folds: Vec<Vec<Example>>| folds.into_iter().flatten().collect::<Vec<_>>();
    let (relation, family, role) = train_first(&everything(family), &everything(role));
    let pair = train_pair(&pairs.iter().flatten().collect::<Vec<_>>());
    let judge = train_judge(judged.iter());
    let models = Models { relation, family, role, pair, judge, calibration, threshold };
    if let Some(path) = output {
        std::fs::write(path, models.to_bytes()).unwrap();
    }
    for (method, title) in [(Method::Rules, "rules alone"), (Method::Model, "models alone")] {
        let mut house = House::new(Some(models.clone()));
        house.relations.binder.method = method;
        let mut scores = Scores::default();
        for article in tests.iter().flat_map(|path| house.read(path, crossed.is_some())) {
            scores.add(&house.records(&article), &article.relations);
        }
        scores.print(title);
    }
    let house = House::new(Some(models));
    let mut all = Scores::default();
    let mut forms = [(); 2].map(|()| Scores::default());
    let mut sure = (0, 0);
    for path in tests {
        let mut scores = Scores::default();
        for article in house.read(path, crossed.is_some()) {
            let records = house.records(&article);
            scores.add(&records, &article.relations);
            all.add(&records, &article.relations);
            let hits = gold::matching(&records, &article.relations, false);
            sure.0 += records.iter().filter(|r| r.confidence >= 0.8).count();
            sure.1 += hits.iter().flatten().filter(|&&k| records[k].confidence >= 0.8).count();
            for (form, scores) in forms.iter_mut().enumerate() {
                let of_form: Vec<Record> =
                    records.iter().filter(|r| r.form as usize <= form).cloned().collect();
                scores.add(&of_form, &article.relations);
            }
        }
        scores.print(path.rsplit('/').next().unwrap_or(path));
    }
    forms[0].print("tests, named actors only");
    forms[1].print("tests, and described ones");
    all.print("tests");
    println!("tests: {} of {} records of confidence 0.8 and more are right", sure.1, sure.0);
}

/// Confidence and whether the record is right, for all records of the articles that `use_article` wants.
fn points(
    held_out: &[(usize, Vec<Record>)],
    articles: &[Article],
    use_article: impl Fn(usize) -> bool,
) -> Vec<(f32, bool)> {
    let mut points: Vec<(f32, bool)> = Vec::new();
    for (index, records) in held_out.iter().filter(|(index, _)| use_article(*index)) {
        let hits: std::collections::HashSet<usize> =
            gold::matching(records, &articles[*index].relations, false).into_iter().flatten().collect();
        points.extend(records.iter().enumerate().map(|(k, r)| (r.confidence, hits.contains(&k))));
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}

/// The records of each fold with confidence by a calibration that was fitted on the other folds.
fn calibrated_on_others(
    held_out: &[(usize, Vec<Record>)],
    articles: &[Article],
) -> Vec<(usize, Vec<Record>)> {
    let mut out = held_out.to_vec();
    for fold in 0..FOLDS {
        let calibration = isotonic(&points(held_out, articles, |index| index % FOLDS != fold));
        for (_, records) in out.iter_mut().filter(|(index, _)| index % FOLDS == fold) {
            records.iter_mut().for_each(|r| r.confidence = calibration.apply(r.confidence));
        }
    }
    out
}

/// How much cross-validated F1 is given up for recall.
const TOLERANCE: f64 = 0.0005;

/// Fit the calibration on held-out records, apply it to them, and find the threshold of the best mention F1.
fn calibrate(held_out: &mut [(usize, Vec<Record>)], articles: &[Article]) -> (Calibration, f32) {
    let points = points(held_out, articles, |_| true);
    let total: usize = held_out.iter().map(|(index, _)| articles[*index].relations.len()).sum();
    let calibration = isotonic(&points);
    for (_, records) in held_out.iter_mut() {
        for record in records {
            record.confidence = calibration.apply(record.confidence);
        }
    }
    // F1 hardly changes around its peak: of equally good thresholds the one with the highest recall.
    let mut curve = Vec::new();
    let mut hits = 0usize;
    for (count, &(raw, right)) in points.iter().rev().enumerate() {
        hits += right as usize;
        curve.push((2.0 * hits as f64 / (count + 1 + total) as f64, raw));
    }
    let best = curve.iter().map(|(f, _)| *f).fold(0.0, f64::max);
    let lowest = curve.iter().rev().find(|(f, _)| *f >= best - TOLERANCE);
    let threshold = lowest.map_or(0.5, |(_, raw)| calibration.apply(*raw));
    println!("threshold {threshold:.3}");
    (calibration, threshold)
}

/// Right records of a bin at least, before bins are pooled.
const BIN: usize = 80;

/// Isotonic regression over bins of ascending probability that hold as many right records each: pool adjacent
/// violators.
fn isotonic(points: &[(f32, bool)]) -> Calibration {
    // Blocks of (sum of probabilities, right, count).
    let mut blocks: Vec<(f64, f64, f64)> = Vec::new();
    let mut open = (0f64, 0f64, 0f64);
    for (index, (raw, right)) in points.iter().enumerate() {
        open = (open.0 + *raw as f64, open.1 + *right as u8 as f64, open.2 + 1.0);
        if (open.1 as usize) < BIN && index + 1 < points.len() {
            continue;
        }
        blocks.push(std::mem::take(&mut open));
        while blocks.len() > 1 {
            let (a, b) = (blocks[blocks.len() - 2], blocks[blocks.len() - 1]);
            if a.1 / a.2 <= b.1 / b.2 {
                break;
            }
            blocks.truncate(blocks.len() - 2);
            blocks.push((a.0 + b.0, a.1 + b.1, a.2 + b.2));
        }
    }
    let knots = blocks.iter().map(|(sum, right, n)| ((sum / n) as f32, (right / n) as f32)).collect();
    Calibration { knots }
}

/// The reliability table of held-out records, and the expected calibration error.
fn print_table(held_out: &[(usize, Vec<Record>)], articles: &[Article]) {
    let mut bins = [(0usize, 0usize, 0f64); 10];
    for (index, records) in held_out {
        let gold = &articles[*index].relations;
        let hits: std::collections::HashSet<usize> =
            gold::matching(records, gold, false).into_iter().flatten().collect();
        for (k, record) in records.iter().enumerate() {
            let bin = &mut bins[((record.confidence * 10.0) as usize).min(9)];
            bin.0 += 1;
            bin.1 += hits.contains(&k) as usize;
            bin.2 += record.confidence as f64;
        }
    }
    let total: usize = bins.iter().map(|b| b.0).sum();
    let mut error = 0.0;
    println!("| confidence | records | mean confidence | right |");
    println!("|---|---|---|---|");
    for (index, (count, right, sum)) in bins.iter().enumerate().filter(|(_, b)| b.0 > 0) {
        let (mean, share) = (sum / *count as f64, *right as f64 / *count as f64);
        error += (mean - share).abs() * *count as f64 / total.max(1) as f64;
        println!(
            "| {:.1}–{:.1} | {count} | {mean:.3} | {share:.3} |",
            index as f64 / 10.0,
            (index + 1) as f64 / 10.0
        );
    }
    println!("expected calibration error {error:.4}");
}

pub fn line(house: &House, article: &Article, record: &Record) -> String {
    let name = |f: u8| house.relations.families.get(FamilyId(f)).name.clone();
    let span = Span { start: record.trigger.0, end: record.trigger.1 };
    let trigger = &article.document.text[span.start as usize..span.end as usize];
    format!(
        "{} {{{}}} —{}→ {} {{{}}} [{trigger}] {:.2} {}",
        record.source.text,
        record.source.names[0],
        name(record.family),
        record.target.text,
        record.target.names[0],
        record.confidence,
        record.rule
    )
}

pub fn print_errors(house: &House, article: &Article, records: &[Record], limit: usize) {
    if limit == 0 {
        return;
    }
    let matching = gold::matching(records, &article.relations, false);
    let hits: std::collections::HashSet<usize> = matching.iter().flatten().copied().collect();
    println!("== {}", article.id);
    for (relation, hit) in article.relations.iter().zip(&matching) {
        let family = &house.relations.families.get(FamilyId(relation.family)).name;
        let sign = if hit.is_some() { "ok    " } else { "missed" };
        println!(
            "{sign} {} {{{}}} —{family}→ {} {{{}}} [{}]",
            relation.source.text,
            relation.source.names[0],
            relation.target.text,
            relation.target.names[0],
            relation.trigger_text
        );
    }
    for (k, record) in records.iter().enumerate().filter(|(k, _)| !hits.contains(k)) {
        let _ = k;
        println!("spurious {}", line(house, article, record));
    }
}

pub fn print_families(house: &House, scores: &Scores) {
    for (id, family) in house.relations.families.iter() {
        let counts = scores.by_family.get(id.0 as usize).copied().unwrap_or_default();
        println!(
            "{:16} gold {:4} found {:4} P {:5.1} R {:5.1} F {:5.1}",
            family.name,
            counts.0[0] + counts.0[2],
            counts.0[0] + counts.0[1],
            100.0 * counts.precision(),
            100.0 * counts.recall(),
            100.0 * counts.f1()
        );
    }
}
