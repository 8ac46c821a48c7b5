//! Binding: which mentions are the source and the target of a trigger, and of which family.
//!
//! * [`sentence`]: trigger sites, actors, and how they stand to each other;
//! * [`features`]: what the models look at;
//! * [`measures`], [trees](crate::trees): a pair among the others of its sentence;
//! * [`rules`]: constructions in which the binding is certain;
//! * `models`: the trained models as one file, and the calibration.
//!
//! Four log-linear models in a row. The first two tell whether a site is a relation, and of which family; the
//! third gives each actor in sight the probabilities of being the source or the target; the fourth judges the pairs
//! of the likeliest sources and targets, with the first two models' probabilities and the rules as features. Decision
//! trees ([trees](crate::trees)) then judge each pair among the likelier ones of its sentence ([`measures`]): a pair that repeats
//! or contradicts a better one is worth less. Their probability, calibrated on held-out folds, is the record's
//! confidence. All are trained by `examples/train_relations`.

pub mod features;
pub mod measures;
mod models;
pub mod rules;
pub mod sentence;

use super::family::{Families, Family, FamilyId};
use super::trigger::{Trigger, Triggers};
use crate::Result;
use crate::entity::Entity;
use crate::loglinear::Features;
use crate::mention::grammar::{Fact, hash};
use crate::mention::{Form, Mention};
use crate::segment::Document;
use features::{End, Near, Only, Placed, Template};
use measures::{Measure, Row, Salience};
pub use models::{Calibration, Models};
use rules::phrase::Phrases;
use rules::{Match, RuleId, Rules};
use sentence::{Actor, Counts, Position, Site, View};

/// Families of the trained models: the built-in ones.
pub const TRAINED_FAMILIES: usize = 22;

/// Families at most, the user's with them, as in [`Families`].
const ALL_FAMILIES: usize = 61;

/// What the lexicon's word for a family weighs beside the model's, as a summand of the logit: families that are rare in
/// the training news live on it. An estimate: no other value was
/// tried.
const LEXICON_WEIGHT: f32 = 2.5;

/// How sure a trigger of the user's is to express the user's family.
const USER_TRIGGER: f32 = 0.8;

/// How far an argument may be from its trigger, in tokens.
const REACH: u32 = 40;

/// Families below this probability are not tried.
const LEAST_FAMILY: f32 = 0.03;

/// Pairs below this logit of the fourth model are not judged: one in a hundred is right there.
const LEAST_LOGIT: f32 = -4.5;

/// Sources and targets tried for each site and family.
const BEST: usize = 4;

/// A pair proposed for a site.
#[derive(Debug, Clone, Copy)]
pub struct Proposal {
    /// Number of the site in the document.
    pub site: u32,
    pub family: FamilyId,
    pub family_probability: f32,
    pub source: End,
    pub target: End,
    /// Sites of the sentence that express the same family more clearly.
    pub rivals: u64,
    /// Families that the site expresses more likely.
    pub family_rank: u8,
    /// How the pair stands towards the likeliest pair of its site and family.
    pub standing: Standing,
    /// Actors in sight of the site.
    pub actors: u32,
    /// Probability that the site is a relation at all.
    pub relation_probability: f32,
    /// The rule that foresees exactly this pair.
    pub rule: Option<RuleId>,
    /// The rule's trigger makes the family sure.
    pub certain: bool,
}

/// How a pair stands towards the likeliest pair of its site and family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum Standing {
    /// It is the likeliest.
    #[default]
    Top,
    /// Its other end is joined by «و» to that of the likeliest.
    JoinedTarget,
    JoinedSource,
    /// It shares one end.
    OtherTarget,
    OtherSource,
    /// Source and target the other way round.
    Crossed,
    /// One end is a part of the likeliest pair's.
    Part,
    Other,
}

/// A relation bound.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Number of the trigger in the document.
    pub trigger: u32,
    pub family: FamilyId,
    pub source: Actor,
    pub target: Actor,
    pub confidence: f32,
    pub rule: Option<RuleId>,
    /// Number of its row in [`Scratch::judged`], where rows are kept.
    pub judged: u32,
}

/// What one measure added to the judge's verdict on a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    pub measure: Measure,
    pub value: f32,
    /// Summand of the logit.
    pub share: f32,
}

/// Which of the two ways of binding to use; users get both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    #[default]
    Both,
    Rules,
    Model,
}

/// Memory that is reused from document to document.
#[derive(Debug, Default)]
pub struct Scratch {
    pub sites: Vec<Site>,
    pub counts: Counts,
    actors: Vec<Actor>,
    /// The actors in sight of each site of a sentence with their places, one site behind the other, and where each
    /// site's end.
    placed: Vec<Placed>,
    placed_ends: Vec<usize>,
    /// For each actor in sight of a site, the third model's sums over what is the same for all families.
    role_sums: Vec<[i32; 3]>,
    ends: Vec<(End, f32, f32)>,
    features: Features,
    proposals: Vec<Proposal>,
    pub ranked: Vec<(f32, usize)>,
    pub rows: Vec<Row>,
    /// What the judge saw of each binding, kept on demand: for explaining.
    pub judged: Option<Vec<Row>>,
    pub salience: Salience,
    measures: measures::Scratch,
    families: Vec<([f32; ALL_FAMILIES], f32)>,
    phrases: Phrases,
    matches: Vec<Match>,
}

/// Binds arguments. Immutable; share one among threads.
#[derive(Debug)]
pub struct Binder {
    pub models: Option<Models>,
    pub rules: Rules,
    pub method: Method,
    /// A rule's own confidence counts where the model is less sure; off while the model is calibrated.
    pub rules_decide: bool,
    lemma_hashes: Vec<u64>,
    preposition_keys: Vec<u64>,
    symmetric: Vec<bool>,
    groups: Vec<u64>,
    /// Hashes of the names of the rules.
    rule_hashes: Vec<u64>,
}

impl Binder {
    /// A binder for the triggers of `lexicon`.
    ///
    /// # Errors
    /// A line of the file of rules that does not read.
    pub fn new(lexicon: &Triggers, families: &Families, models: Option<Models>) -> Result<Binder> {
        let rules = Rules::new(families)?;
        Ok(Binder {
            models,
            rule_hashes: rules.iter().map(|(_, rule)| hash(&rule.name)).collect(),
            rules,
            method: Method::default(),
            rules_decide: true,
            lemma_hashes: lexicon.entries().iter().map(|entry| hash(&entry.lemma)).collect(),
            preposition_keys: lexicon.prepositions().map(sentence::preposition_key).collect(),
            symmetric: families.iter().map(|(_, family)| family.symmetric).collect(),
            groups: families.iter().map(|(_, family)| group(family)).collect(),
        })
    }

    /// What families have in common: see [`group`].
    pub fn group(&self, family: FamilyId) -> u64 {
        self.groups[family.0 as usize]
    }

    /// The document as the models see it.
    pub fn view<'a>(
        &'a self,
        document: &'a Document,
        facts: &'a [Fact],
        mentions: &'a [Mention],
        triggers: &'a [Trigger],
        lexicon: &'a Triggers,
        counts: &'a Counts,
    ) -> View<'a> {
        View {
            document,
            facts,
            mentions,
            triggers,
            lexicon,
            lemma_hashes: &self.lemma_hashes,
            preposition_keys: &self.preposition_keys,
            groups: &self.groups,
            counts,
        }
    }

    /// Write the relations of a document into `out`.
    #[allow(clippy::too_many_arguments)]
    pub fn bind(
        &self,
        document: &Document,
        facts: &[Fact],
        entities: &[Entity],
        mentions: &[Mention],
        triggers: &[Trigger],
        lexicon: &Triggers,
        scratch: &mut Scratch,
        out: &mut Vec<Binding>,
    ) {
        out.clear();
        sentence::sites(triggers, &mut scratch.sites);
        scratch.counts.update(facts, entities, mentions, &scratch.sites, triggers);
        let counts = std::mem::take(&mut scratch.counts);
        let view = self.view(document, facts, mentions, triggers, lexicon, &counts);
        scratch.salience.update(mentions);
        let mut from = 0;
        for (number, sentence) in document.sentences.iter().enumerate() {
            let until =
                from + scratch.sites[from..].iter().take_while(|site| site.first < sentence.last).count();
            if until > from {
                let range = (sentence.first, sentence.last);
                self.bind_sentence(&view, number, range, from..until, scratch, out);
            }
            from = until;
        }
        scratch.counts = counts;
    }

    fn bind_sentence(
        &self,
        view: &View,
        number: usize,
        range: (u32, u32),
        sites: std::ops::Range<usize>,
        scratch: &mut Scratch,
        out: &mut Vec<Binding>,
    ) {
        scratch.proposals.clear();
        let mut proposals = std::mem::take(&mut scratch.proposals);
        self.propose(view, range, sites.clone(), self.models.as_ref(), scratch, &mut proposals);
        match (&self.models, self.method) {
            (None, _) | (_, Method::Rules) => {
                scratch.ranked.clear();
                scratch.ranked.extend(proposals.iter().enumerate().map(|(i, p)| (self.by_rule(p), i)));
            }
            (Some(models), _) => {
                self.measure(view, number, range, sites, models, &proposals, scratch);
                // What cannot reach the threshold by the judge is not followed to its last tree.
                let least = models.least_logit();
                for ((raw, index), row) in scratch.ranked.iter_mut().zip(&scratch.rows) {
                    *raw = 1.0 / (1.0 + (-models.judge.score_above(row, least)).exp());
                    if self.method == Method::Both && self.rules_decide {
                        *raw = raw.max(models.calibration.invert(self.by_rule(&proposals[*index])));
                    }
                }
            }
        }
        // Rows stand in the order of `ranked`, which is about to change.
        let places: Option<Vec<usize>> =
            scratch.judged.as_ref().map(|_| scratch.ranked.iter().map(|ranked| ranked.1).collect());
        // A word that makes its family sure is not read as another: «ولاء» as support.
        let certain = |index: usize| self.rules_decide && proposals[index].certain;
        scratch
            .ranked
            .sort_by(|a, b| certain(b.1).cmp(&certain(a.1)).then(b.0.total_cmp(&a.0)).then(a.1.cmp(&b.1)));
        let least = self.models.as_ref().map_or(0.5, |m| m.threshold);
        let begin = out.len();
        for &(raw, index) in &scratch.ranked {
            let confidence = match (&self.models, self.method) {
                (None, _) | (_, Method::Rules) => raw,
                (Some(models), _) => models.calibration.apply(raw),
            };
            if confidence < least {
                continue;
            }
            let proposal = &proposals[index];
            let site = &scratch.sites[proposal.site as usize];
            let binding = Binding {
                trigger: self.trigger_of(view, site, proposal.family),
                family: proposal.family,
                source: proposal.source.actor,
                target: proposal.target.actor,
                confidence,
                rule: proposal.rule,
                judged: scratch.judged.as_ref().map_or(0, |judged| judged.len() as u32),
            };
            if !out[begin..].iter().any(|known| self.repeats(view, known, &binding)) {
                out.push(binding);
                if let (Some(judged), Some(places)) = (&mut scratch.judged, &places) {
                    let at = places.iter().position(|&place| place == index);
                    judged.push(
                        at.and_then(|at| scratch.rows.get(at).copied()).unwrap_or([0.0; Measure::ALL.len()]),
                    );
                }
            }
        }
        scratch.proposals = proposals;
    }

    /// What each measure of a row added to the judge's logit, the weightiest first; nothing without a model.
    pub fn reasons(&self, row: &Row) -> Vec<Reason> {
        let Some(models) = self.models.as_ref().filter(|_| self.method != Method::Rules) else {
            return Vec::new();
        };
        let shares = models.judge.shares(row);
        let mut reasons: Vec<Reason> = Measure::ALL
            .iter()
            .zip(row.iter().zip(shares))
            .filter(|(_, (_, share))| *share != 0.0)
            .map(|(&measure, (&value, share))| Reason { measure, value, share })
            .collect();
        reasons.sort_by(|a, b| b.share.abs().total_cmp(&a.share.abs()));
        reasons
    }

    /// Confidence of one proposal by its rule alone, where the site expresses no family more likely.
    fn by_rule(&self, proposal: &Proposal) -> f32 {
        let first = proposal.family_rank == 0 || proposal.certain;
        proposal.rule.filter(|_| first).map_or(0.0, |rule| self.rules.get(rule).confidence)
    }

    /// Rank the proposals of a sentence by the fourth model, drop those without hope, and measure the others.
    #[allow(clippy::too_many_arguments)]
    pub fn measure(
        &self,
        view: &View,
        number: usize,
        range: (u32, u32),
        sites: std::ops::Range<usize>,
        models: &Models,
        proposals: &[Proposal],
        scratch: &mut Scratch,
    ) {
        scratch.ranked.clear();
        // The pairs of one site and family stand side by side: what they share is summed once.
        let (mut shared, mut shared_sums) = ((0, FamilyId(0)), [0; 2]);
        for (index, proposal) in proposals.iter().enumerate() {
            let family = (proposal.site, proposal.family);
            if index == 0 || family != shared {
                shared = family;
                shared_sums = [0; 2];
                self.add_pair_sums(
                    view,
                    proposal,
                    models,
                    Template::is_of_any_pair,
                    scratch,
                    &mut shared_sums,
                );
            }
            let mut sums = shared_sums;
            let own = |template: Template| !template.is_of_any_pair();
            self.add_pair_sums(view, proposal, models, own, scratch, &mut sums);
            let mut scores = [0.0; 2];
            models.pair.scores_of_sums(&sums, &mut scores);
            let logit = scores[1] - scores[0];
            if logit > LEAST_LOGIT || proposal.rule.is_some() {
                scratch.ranked.push((logit, index));
            }
        }
        scratch.ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let Scratch { sites: all, ranked, rows, salience, measures, .. } = scratch;
        let sentence =
            measures::Sentence { sites: &all[sites.clone()], first_site: sites.start, range, number };
        measures::rows(view, sentence, proposals, ranked, salience, measures, rows);
    }

    /// Add the fourth model's sums over the features of a proposal whose templates `keep` names.
    #[inline(always)]
    fn add_pair_sums(
        &self,
        view: &View,
        proposal: &Proposal,
        models: &Models,
        keep: impl Fn(Template) -> bool,
        scratch: &mut Scratch,
        sums: &mut [i32; 2],
    ) {
        scratch.features.clear();
        let site = &scratch.sites[proposal.site as usize];
        self.pair_features(view, site, proposal, &mut Only { sink: &mut scratch.features, keep });
        models.pair.add_sums(&scratch.features, sums);
    }

    /// The fourth model's features for a proposal.
    pub fn pair_features(
        &self,
        view: &View,
        site: &Site,
        proposal: &Proposal,
        sink: &mut impl features::Sink,
    ) {
        let rule = if self.method == Method::Model { None } else { proposal.rule };
        let rule = rule.map(|rule| self.rule_hashes[rule.0 as usize]);
        features::pair(view, site, proposal, self.group(proposal.family), rule, sink);
    }

    /// The trigger of `site` whose entry has the family; the first where none has.
    fn trigger_of(&self, view: &View, site: &Site, family: FamilyId) -> u32 {
        let fits = |i: &u32| {
            let entry = view.lexicon.entry(view.triggers[*i as usize].entry);
            entry.families.contains(family)
        };
        (site.begin..site.end).find(fits).unwrap_or(site.begin)
    }

    /// The same claim again: the same words or the same actors at the same trigger, or the same actors at another.
    fn repeats(&self, view: &View, known: &Binding, new: &Binding) -> bool {
        let one_trigger =
            view.triggers[known.trigger as usize].first == view.triggers[new.trigger as usize].first;
        if known.family != new.family {
            return one_trigger && known.source == new.source && known.target == new.target;
        }
        let same = |a: Actor, b: Actor| {
            a == b
                || match (view.mention(a), view.mention(b)) {
                    (Some(a), Some(b)) => {
                        a.resolved == b.resolved
                            || one_trigger && a.first < b.last && b.first < a.last && a.first != b.first
                    }
                    _ => false,
                }
        };
        let straight = same(known.source, new.source) && same(known.target, new.target);
        // What a rule binds in one direction is not bound the other way round by the model alone.
        let settled = known.rule.is_some() && new.rule.is_none();
        let crossed = (self.symmetric[new.family.0 as usize] || settled)
            && same(known.source, new.target)
            && same(known.target, new.source);
        straight || crossed
    }

    /// Write all pairs worth judging of one sentence into `out`.
    pub fn propose(
        &self,
        view: &View,
        range: (u32, u32),
        sites: std::ops::Range<usize>,
        models: Option<&Models>,
        scratch: &mut Scratch,
        out: &mut Vec<Proposal>,
    ) {
        scratch.families.clear();
        scratch.placed.clear();
        scratch.placed_ends.clear();
        for number in sites.clone() {
            let site = scratch.sites[number];
            self.actors(view, &site, range, &mut scratch.actors);
            let begin = scratch.placed.len();
            let placed = |&actor: &Actor| Placed { actor, position: view.position(&site, actor) };
            scratch.placed.extend(scratch.actors.iter().map(placed));
            scratch.placed_ends.push(scratch.placed.len());
            let near = Near::new(view, &site, &scratch.placed[begin..]);
            let families = match models {
                Some(models) => {
                    scratch.features.clear();
                    features::family(view, &site, range, &near, &mut scratch.features);
                    family_probabilities(view, &site, models, &scratch.features)
                }
                None => (lexicon_families(view, &site), 0.5),
            };
            scratch.families.push(families);
        }
        scratch.phrases.update(view, range);
        for (index, number) in sites.clone().enumerate() {
            let site = scratch.sites[number];
            let begin = index.checked_sub(1).map_or(0, |before| scratch.placed_ends[before]);
            let placed = begin..scratch.placed_ends[index];
            scratch.role_sums.clear();
            self.rules.find(view, &site, &scratch.phrases, &mut scratch.matches);
            for family in 0..self.symmetric.len() {
                let (ref families, relation) = scratch.families[index];
                let probability = families[family];
                let by_rule = scratch.matches.iter().any(|m| m.families.contains(FamilyId(family as u8)));
                if probability < LEAST_FAMILY && !by_rule {
                    continue;
                }
                let better = |f: &([f32; ALL_FAMILIES], f32)| f.0[family] > probability && f.0[family] > 0.2;
                let rivals = scratch.families.iter().filter(|f| better(f)).count() as u64;
                let rank = families.iter().filter(|p| **p > probability).count() as u8;
                let family = FamilyId(family as u8);
                let begin = out.len();
                let actors = placed.len() as u32;
                let placed = placed.clone();
                self.propose_family(
                    view,
                    range,
                    number,
                    placed,
                    family,
                    probability,
                    rivals,
                    models,
                    scratch,
                    out,
                );
                rate(view, rank, actors, &mut out[begin..]);
                out[begin..].iter_mut().for_each(|p| p.relation_probability = relation);
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn propose_family(
        &self,
        view: &View,
        range: (u32, u32),
        number: usize,
        placed: std::ops::Range<usize>,
        family: FamilyId,
        probability: f32,
        rivals: u64,
        models: Option<&Models>,
        scratch: &mut Scratch,
        out: &mut Vec<Proposal>,
    ) {
        let site = scratch.sites[number];
        scratch.ends.clear();
        let known = (family, self.groups[family.0 as usize]);
        if let Some(models) = models
            && scratch.role_sums.is_empty()
        {
            for Placed { actor, position } in &scratch.placed[placed.clone()] {
                let mut sums = [0; 3];
                scratch.features.clear();
                let keep = Template::is_of_any_family;
                let mut sink = Only { sink: &mut scratch.features, keep };
                features::role(view, &site, known, *actor, position, range, &mut sink);
                models.role.add_sums(&scratch.features, &mut sums);
                scratch.role_sums.push(sums);
            }
        }
        for (index, &Placed { actor, position }) in scratch.placed[placed].iter().enumerate() {
            let mut roles = [0.0; 3];
            match models {
                Some(models) => {
                    let mut sums = scratch.role_sums[index];
                    scratch.features.clear();
                    let keep = |template: Template| !template.is_of_any_family();
                    let mut sink = Only { sink: &mut scratch.features, keep };
                    features::role(view, &site, known, actor, &position, range, &mut sink);
                    models.role.add_sums(&scratch.features, &mut sums);
                    models.role.probabilities_of_sums(&sums, &mut roles);
                }
                None => roles = foreseen_roles(&position),
            }
            let end = End { actor, position, probability: 0.0, other: 0.0, rank: 0 };
            scratch.ends.push((end, roles[1], roles[2]));
        }
        let sources = best_ends(&scratch.ends, |(_, source, target)| (*source, *target));
        let targets = best_ends(&scratch.ends, |(_, source, target)| (*target, *source));
        let begin = out.len();
        for source in sources.iter().flatten() {
            for target in targets.iter().flatten() {
                if self.may_pair(view, source.actor, target.actor) {
                    out.push(Proposal {
                        site: number as u32,
                        family,
                        family_probability: probability,
                        source: *source,
                        target: *target,
                        rivals,
                        family_rank: 0,
                        standing: Standing::Top,
                        actors: 0,
                        relation_probability: 0.0,
                        rule: None,
                        certain: false,
                    });
                }
            }
        }
        self.propose_by_rule(view, begin, number, family, probability, rivals, scratch, out);
    }

    /// Mark the proposals since `begin` that a rule foresees, and propose the pairs of rules that are missing.
    #[allow(clippy::too_many_arguments)]
    fn propose_by_rule(
        &self,
        view: &View,
        begin: usize,
        number: usize,
        family: FamilyId,
        probability: f32,
        rivals: u64,
        scratch: &Scratch,
        out: &mut Vec<Proposal>,
    ) {
        let symmetric = self.symmetric[family.0 as usize];
        for found in scratch.matches.iter().filter(|found| found.families.contains(family)) {
            let mut known = false;
            for proposal in &mut out[begin..] {
                let ends = (proposal.source.actor, proposal.target.actor);
                if ends == (found.source, found.target) || symmetric && ends == (found.target, found.source) {
                    known = true;
                    proposal.rule = proposal.rule.or(Some(found.rule));
                    proposal.certain |= found.certain;
                }
            }
            let ranked = |actor, probability: fn(&(End, f32, f32)) -> (f32, f32)| {
                let end = scratch.ends.iter().find(|(end, ..)| end.actor == actor)?;
                let rank = scratch.ends.iter().filter(|o| probability(o).0 > probability(end).0).count();
                let (this, other) = probability(end);
                Some(End { probability: this, other, rank: rank as u32, ..end.0 })
            };
            let source = ranked(found.source, |(_, source, target)| (*source, *target));
            let target = ranked(found.target, |(_, source, target)| (*target, *source));
            let (Some(source), Some(target)) = (source, target) else { continue };
            if !known && self.may_pair(view, found.source, found.target) {
                out.push(Proposal {
                    site: number as u32,
                    family,
                    family_probability: probability,
                    source,
                    target,
                    rivals,
                    family_rank: 0,
                    standing: Standing::Top,
                    actors: 0,
                    relation_probability: 0.0,
                    rule: Some(found.rule),
                    certain: found.certain,
                });
            }
        }
    }

    /// Two different actors; two mentions of one dual are two actors in one span.
    fn may_pair(&self, view: &View, source: Actor, target: Actor) -> bool {
        if source == target {
            return false;
        }
        match (view.mention(source), view.mention(target)) {
            (Some(s), Some(t)) => {
                let named = s.form == Form::Named && t.form == Form::Named;
                let one_span = s.first == t.first && s.last == t.last;
                !(s.resolved == t.resolved && (named || one_span))
            }
            _ => true,
        }
    }

    /// The actors that `site` may bind: the mentions of its sentence within reach, and a verb's unspoken subject.
    pub fn actors(&self, view: &View, site: &Site, range: (u32, u32), out: &mut Vec<Actor>) {
        out.clear();
        let from = range.0.max(site.first.saturating_sub(REACH));
        let until = range.1.min(site.last + REACH);
        let begin = view.mentions.partition_point(|m| m.first < from);
        for (index, mention) in view.mentions.iter().enumerate().skip(begin) {
            if mention.first >= until {
                break;
            }
            out.push(Actor::Mention(index as u32));
        }
        if view.triggers_of(site).iter().any(|t| t.part.is_verb()) {
            out.push(Actor::Implicit);
        }
    }
}

/// Tell the proposals of one site and family how they stand towards the likeliest of them.
fn rate(view: &View, rank: u8, actors: u32, proposals: &mut [Proposal]) {
    let product = |p: &Proposal| p.source.probability * p.target.probability;
    let top = (0..proposals.len()).max_by(|&a, &b| product(&proposals[a]).total_cmp(&product(&proposals[b])));
    let Some(top) = top else { return };
    let best = proposals[top];
    for (index, proposal) in proposals.iter_mut().enumerate() {
        proposal.family_rank = rank;
        proposal.actors = actors;
        proposal.standing = if index == top { Standing::Top } else { standing(view, &best, proposal) };
    }
}

fn standing(view: &View, best: &Proposal, proposal: &Proposal) -> Standing {
    let (s, t) = (proposal.source.actor, proposal.target.actor);
    let (best_s, best_t) = (best.source.actor, best.target.actor);
    let overlap = |a: Actor, b: Actor| match (view.mention(a), view.mention(b)) {
        (Some(a), Some(b)) => a.first < b.last && b.first < a.last,
        _ => false,
    };
    if s == best_t && t == best_s {
        Standing::Crossed
    } else if s == best_s {
        if overlap(t, best_t) {
            Standing::Part
        } else if view.joined(t, best_t) {
            Standing::JoinedTarget
        } else {
            Standing::OtherTarget
        }
    } else if t == best_t {
        if overlap(s, best_s) {
            Standing::Part
        } else if view.joined(s, best_s) {
            Standing::JoinedSource
        } else {
            Standing::OtherSource
        }
    } else {
        Standing::Other
    }
}

/// What a family shares with others, so that rare families learn from frequent ones: whether it is symmetric, a state,
/// hostile or friendly.
fn group(family: &Family) -> u64 {
    let sign = if family.intensity > 0.0 { 1 } else { 2 * (family.intensity < 0.0) as u64 };
    family.symmetric as u64 | (family.is_static as u64) << 1 | sign << 2
}

/// The likeliest ends by `probability`, with their ranks.
fn best_ends(
    ends: &[(End, f32, f32)],
    probability: impl Fn(&(End, f32, f32)) -> (f32, f32),
) -> [Option<End>; BEST] {
    let mut best: [Option<End>; BEST] = [None; BEST];
    for end in ends {
        let (this, other) = probability(end);
        let mut new = End { probability: this, other, ..end.0 };
        if new.probability < 0.02 {
            continue;
        }
        for slot in &mut best {
            match slot {
                Some(old) if old.probability >= new.probability => {}
                Some(old) => std::mem::swap(old, &mut new),
                None => {
                    *slot = Some(new);
                    break;
                }
            }
        }
    }
    for (rank, end) in best.iter_mut().flatten().enumerate() {
        end.rank = rank as u32;
    }
    best
}

/// The probability of each family for a site with the first two models' features.
fn family_probabilities(
    view: &View,
    site: &Site,
    models: &Models,
    features: &Features,
) -> ([f32; ALL_FAMILIES], f32) {
    let mut relation = [0.0; 2];
    models.relation.probabilities(features, &mut relation);
    let mut out = [0.0; ALL_FAMILIES];
    let mut known = 0;
    for trigger in view.triggers_of(site) {
        let entry = view.lexicon.entry(trigger.entry);
        known |= entry.families.0;
        for family in entry.families.iter().filter(|f| entry.user || f.0 as usize >= TRAINED_FAMILIES) {
            out[family.0 as usize] = USER_TRIGGER;
        }
    }
    // A user who names a trigger has decided its families: the trained ones do not compete.
    if view.triggers_of(site).iter().any(|trigger| view.lexicon.entry(trigger.entry).user) {
        return (out, USER_TRIGGER);
    }
    // No family is likelier than a relation at all; what is below the least is never asked for.
    if relation[1] < LEAST_FAMILY {
        return (out, relation[1]);
    }
    let mut scores = [0.0; TRAINED_FAMILIES];
    models.family.scores(features, &mut scores);
    let mut sum = 0.0;
    for (family, score) in scores.iter_mut().enumerate() {
        *score = (*score + if known >> family & 1 == 1 { LEXICON_WEIGHT } else { 0.0 }).exp();
        sum += *score;
    }
    for (slot, score) in out.iter_mut().zip(scores) {
        *slot = slot.max(relation[1] * score / sum);
    }
    (out, relation[1])
}

/// Without a model: the lexicon's families, alike.
fn lexicon_families(view: &View, site: &Site) -> [f32; ALL_FAMILIES] {
    let mut out = [0.0; ALL_FAMILIES];
    for trigger in view.triggers_of(site) {
        let families = view.lexicon.entry(trigger.entry).families;
        for family in families.iter() {
            out[family.0 as usize] = 0.9 / families.len() as f32;
        }
    }
    out
}

/// Without a model: the lexicon's slots.
fn foreseen_roles(position: &Position) -> [f32; 3] {
    let near = 1.0 / (1.0 + 0.2 * position.distance as f32 + 0.3 * position.clauses as f32);
    match position.foreseen {
        0 => [1.0, 0.0, 0.0],
        1 => [1.0 - near, near, 0.0],
        2 => [1.0 - near, 0.0, near],
        _ => [1.0 - near, near * 0.5, near * 0.5],
    }
}
